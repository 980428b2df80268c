"""What people write to a public figure's number: in their language, with their name, and not always nicely."""

NAMES = {
    "en": ("James", "Mary", "Aisha", "Tyler", "Grace", "Liam", "Olivia", "Mohammed", "Priya", "Siân", "O'Neil"),
    "ar": ("أحمد", "فاطمة", "محمد", "مريم", "يوسف", "نور", "عمر", "سارة", "مصطفى", "هبة"),
    "fr": ("Camille", "Zoé", "Jérôme", "Inès", "Théo", "Chloé", "François"),
    "es": ("José", "María", "Lucía", "Íñigo", "Camila", "Martín", "Sofía"),
    "de": ("Jürgen", "Anneliese", "Käthe", "Lukas", "Mia"),
    "pt": ("João", "Conceição", "Beatriz", "Thiago"),
    "hi": ("आरव", "प्रिया", "रोहन"),
    "ja": ("さくら", "健太", "美咲"),
}
PLAIN = {
    "en": (
        "Hi!",
        "Hello, this is {name}. How can I join?",
        "I saw you on TV tonight, count on {name}",
        "just heard you at the rally!! where do i sign up",
        "What is the plan for our school?",
        "My name is {name} and I have waited years for this",
        "Can my mother vote by mail?",
        "we love you",
        "Good luck tonight. {name} from the bakery",
        "is this really you?",
    ),
    "ar": (
        "مرحبا",
        "السلام عليكم، معك {name}. كيف أنضم؟",
        "شاهدتك الليلة على التلفاز",
        "أنا {name} وأريد المساعدة في الحملة",
        "متى الحفلة القادمة؟",
        "نحبك ❤️",
        "صباح الخير من القاهرة، {name}",
    ),
    "fr": ("Bonjour, c'est {name}. Comment vous rejoindre ?", "Bravo pour hier soir !", "On vous aime, {name}"),
    "es": ("Hola, soy {name}. ¿Cómo me uno?", "¡Qué concierto anoche!", "Te queremos, saludos de {name}"),
    "de": ("Guten Abend, hier ist {name}. Wie kann ich mitmachen?", "Großartig gestern!", "Schöne Grüße von {name}"),
    "pt": ("Olá, aqui é {name}. Como participo?", "Que show ontem à noite!", "Um abraço de {name}"),
    "hi": ("नमस्ते, मैं {name} हूँ", "मैं कैसे जुड़ सकता हूँ?"),
    "ja": ("こんばんは、{name}です", "昨日のライブ最高でした！"),
}
STOPS = {
    "en": ("STOP", "stop", "Stop.", "STOPALL", "unsubscribe", "Stop texting me", "wrong number", "CANCEL"),
    "ar": ("توقف", "إلغاء", "أوقفوا الرسائل", "STOP"),
    "fr": ("ARRET", "Stop", "arrêtez"),
    "es": ("ALTO", "STOP", "no más mensajes"),
}
ASKS = {
    "en": ("HELP", "help", "INFO", "LINK", "link please", "send me the link", "START"),
    "ar": ("مساعدة", "رابط", "الرابط", "LINK"),
    "fr": ("aide", "lien", "LINK"),
    "es": ("ayuda", "enlace", "LINK"),
}
EMOJI = ("❤️❤️❤️", "👍🏽", "🎉🎉🎉 let's go", "👨‍👩‍👧‍👦 from all of us", "🇪🇬🇬🇧🇺🇸", "🙏", "😂😂😂😂😂")
ODD = (
    "",
    "   ",
    "?",
    "1",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE contacts;--",
    "100% & more; a=b&c=d #hash +plus",
    "two\nlines\r\nand\ta tab",
    "\u202eright to left override\u202c",
    "zero\u200bwidth\u200djoiner\ufeff",
    "Z̸̡͝a̷̢͘l̶̛̝g̵̘̀o̸̧͠",
    "{{7*7}} ${7*7} %s %d {name}",
    "ﷺ ﷽",
    "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "𝕳𝖊𝖑𝖑𝖔",
    "+1 (773) 555-0100",
    "https://example.org/?a=1&b=2",
    "\\\"'`",
)
