"""What we write to people: every text of ours, in every language we speak. A line may replace any of them.

`{name}` is the line's name, `{link}` the person's own link. What callers hear stands beside the recordings, in
`audio/greetings`.
"""

from ivr.errors import WrongLine
from ivr.store.lines import Line

LANGUAGES = ("en", "ar")

WORDS = {
    ("en", "reply"): (
        "You've reached {name}. Tap this link to sign up, so that I can answer you directly: {link}\n"
        "I can't get to every message, but I'll be in touch with what's on my mind, and I want to hear what's on "
        "yours. Text STOP to stop, HELP for help."
    ),
    ("en", "link"): "{name}: here is your own link again. It is yours alone, so please don't pass it on: {link}",
    ("en", "stop"): "{name}: you won't get any more texts from this number. Text START if you change your mind.",
    ("en", "start"): "{name}: good to have you back. Text LINK for your link, STOP to stop.",
    ("en", "help"): (
        "{name}: texts to this number reach my team. Text LINK for your sign-up link, STOP to stop. "
        "Msg frequency varies. Msg & data rates may apply."
    ),
    ("en", "joined"): (
        "{name}: you are in, thank you! I will text you now and then, a few times a month, and read what you answer. "
        "Msg & data rates may apply. Text STOP to stop, HELP for help, LINK for your details."
    ),
    ("ar", "joined"): (
        "{name}: أهلاً بك معنا! سأراسلك من حين إلى آخر، بضع مرات في الشهر، وأقرأ ما ترد به. "
        "قد تُحتسب رسوم الرسائل والبيانات. أرسل STOP للإيقاف أو HELP للمساعدة، وكلمة رابط لبياناتك."
    ),
    ("ar", "reply"): (
        "هنا {name}. افتح هذا الرابط وسجّل اسمك لأتمكّن من الرد عليك مباشرة: {link}\n"
        "لا أستطيع الرد على كل رسالة، لكنني سأكتب إليك بما يشغلني، وأريد أن أسمع ما يشغلك. "
        "أرسل STOP للإيقاف أو HELP للمساعدة."
    ),
    ("ar", "link"): "{name}: هذا رابطك من جديد. هو لك وحدك فلا ترسله إلى غيرك: {link}",
    ("ar", "stop"): "{name}: لن تصلك رسائل أخرى من هذا الرقم. أرسل START إن غيّرت رأيك.",
    ("ar", "start"): "{name}: أهلاً بعودتك. أرسل كلمة رابط لتحصل على رابطك، أو STOP للإيقاف.",
    ("ar", "help"): (
        "{name}: رسائلك إلى هذا الرقم تصل إلى فريقي. أرسل كلمة رابط لتحصل على رابط التسجيل، أو STOP للإيقاف. "
        "عدد الرسائل متغيّر وقد تُحتسب رسوم."
    ),
}
NAMES = tuple(dict.fromkeys(name for _, name in WORDS))
CONSENT = {
    "en": (
        "I agree that {name} may text me at this number, now and then, a few times a month, also by automatic means. "
        "It is no condition of anything. Msg & data rates may apply. I can stop at any time: text STOP."
    ),
    "ar": (
        "أوافق على أن يراسلني {name} على هذا الرقم من حين إلى آخر، بضع مرات في الشهر، وبوسائل آلية أيضاً. "
        "ليست الموافقة شرطاً لأي شيء. قد تُحتسب رسوم الرسائل والبيانات. أستطيع الإيقاف في أي وقت: أرسل STOP."
    ),
}
"""What somebody agrees to who signs up (47 CFR 64.1200(f)(9): in writing, clear, no condition of a purchase)."""
WITH_LINK = frozenset({"reply", "link"})
LONGEST = 1600  # docs messaging/api/message-resource: Body


def written(line: Line, language: str, name: str) -> str:
    """The text `name` of this line in `language` (else English), with the line's name in it; `{link}` stays."""
    text = line.wordings.get(f"{name}.{language}") or WORDS.get((language, name)) or WORDS["en", name]
    return text.replace("{name}", name_of(line, language))


def name_of(line: Line, language: str) -> str:
    """The line's name as it is written in `language`."""
    return line.wordings.get(f"name.{language}") or line.name


def check(language: str, name: str, text: str) -> None:
    """Raise `WrongLine` unless `text` may replace the words called `name`."""
    if language not in LANGUAGES or name not in (*NAMES, "name"):
        known = ", ".join(f"{name}.{language}" for language in LANGUAGES for name in (*NAMES, "name"))
        raise WrongLine(f"There are no words {name}.{language}; there are {known}.")
    if name in WITH_LINK and "{link}" not in text:
        raise WrongLine(f"The words {name}.{language} need {{link}}, where the person's own link goes.")
    if len(text) > LONGEST:
        raise WrongLine(f"The words {name}.{language} have {len(text)} of at most {LONGEST} characters.")
