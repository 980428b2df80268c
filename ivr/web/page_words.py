"""What the pages say, in every language that we speak."""

WORDS = {
    "en": {
        "link title": "The line of {name}",
        "link lead": "This is your own link to {name}.",
        "link words": "Sign-up opens on this page. The link is yours alone; it lives for thirty days.",
        "write": "Until then, text what is on your mind to",
        "ended title": "This link has ended",
        "ended words": "A personal link lives for thirty days. Text LINK to the number, and a new one comes at once.",
        "join title": "Call, or text",
        "join words": "Text the number from your phone: an answer comes at once, with a link of your own to sign up.",
        "none": "No line has been set up here yet.",
        "fault title": "That did not work",
        "home": "Whose lines these are",
        "stop": "Text STOP to stop, HELP for help. Msg & data rates may apply.",
    },
    "ar": {
        "link title": "خط {name}",
        "link lead": "هذا رابطك الخاص إلى {name}.",
        "link words": "سيُفتح التسجيل في هذه الصفحة. الرابط لك وحدك، ويبقى صالحاً ثلاثين يوماً.",
        "write": "وحتى ذلك الحين أرسل ما يشغلك إلى الرقم",
        "ended title": "انتهت صلاحية هذا الرابط",
        "ended words": "يبقى الرابط الشخصي صالحاً ثلاثين يوماً. أرسل كلمة «رابط» إلى الرقم فيصلك رابط جديد فوراً.",
        "join title": "اتصل أو أرسل رسالة",
        "join words": "أرسل رسالة نصية إلى الرقم من هاتفك، فيصلك الجواب فوراً ومعه رابط خاص بك للتسجيل.",
        "none": "لم يُضف أي خط هنا بعد.",
        "fault title": "تعذّر ذلك",
        "home": "أصحاب هذه الخطوط",
        "stop": "أرسل STOP للإيقاف أو HELP للمساعدة. قد تُحتسب رسوم الرسائل والبيانات.",
    },
}


def words(language: str) -> dict[str, str]:
    """The pages' words in `language`, else in English."""
    return WORDS.get(language, WORDS["en"])
