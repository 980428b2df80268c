"""What we write to people: every text of ours, in every language we speak. A line may replace any of them.

`{name}` is the line's name; `{link}` the person's own sign-up link, `{me}` the one to what we hold of them. What
callers hear stands beside the recordings, in `audio/greetings`.
"""

from ivr.errors import WrongLine
from ivr.store.lines import Line
from ivr.translating import LANGUAGES, N_, said

WORDS = {
    "reply": N_(
        "You've reached {name}. Tap this link to sign up, so that I can answer you directly: {link}\n"
        "I can't get to every message, but I'll be in touch with what's on my mind, and I want to hear what's on "
        "yours. Text STOP to stop, HELP for help."
    ),
    "link": N_("{name}: here is your own link again. It is yours alone, so please don't pass it on: {link}"),
    "me": N_("{name}: here is what I keep of you, to see, change or delete. The link is yours alone: {me}"),
    "nudge": N_(
        "{name}: you texted me, thank you. To hear from me and to be answered, sign up here: {link}\n"
        "I will not remind you again. Text STOP to stop, HELP for help."
    ),
    "stop": N_("{name}: you won't get any more texts from this number. Text START if you change your mind."),
    "start": N_("{name}: good to have you back. Text LINK for your link, STOP to stop."),
    "help": N_(
        "{name}: texts to this number reach my team. Text LINK for your sign-up link, STOP to stop. "
        "Msg frequency varies. Msg & data rates may apply."
    ),
    "joined": N_(
        "{name}: you are in, thank you! I will text you now and then, a few times a month, and read what you answer. "
        "Msg & data rates may apply. Text STOP to stop, HELP for help, LINK for your details."
    ),
}
NAMES = tuple(WORDS)
CONSENT = N_(
    "I agree that {name} may text me at this number, now and then, a few times a month, also by automatic means. "
    "It is no condition of anything. Msg & data rates may apply. I can stop at any time: text STOP."
)
"""What somebody agrees to who signs up (47 CFR 64.1200(f)(9): in writing, clear, no condition of a purchase)."""
NEEDED = {"reply": "{link}", "link": "{link}", "nudge": "{link}", "me": "{me}"}
"""What a text cannot do without: the person's own link goes there."""
LONGEST = 1600  # docs messaging/api/message-resource: Body
NO_GAPS = "A line's name cannot have {link} or {me} in it: there a person's own link is filled in."
LINK_MISSING = "These words need {gap}, where the person's own link goes."
TOO_LONG = "These words are too long: a text has at most 1600 characters."


def written(line: Line, language: str, name: str) -> str:
    """The text `name` of this line in `language` (else English), with the line's name in it; the links stay."""
    return with_name(line, language, line.wordings.get(f"{name}.{language}") or ours(language, name))


def ours(language: str, name: str) -> str:
    """The words `name` as we ship them, in `language` (else English), with all their gaps."""
    return said(language, WORDS[name])


def with_name(line: Line, language: str, text: str) -> str:
    """`text` with the line's name where it stands; the links stay."""
    return text.replace("{name}", name_of(line, language))


def name_of(line: Line, language: str) -> str:
    """The line's name as it is written in `language`."""
    return line.wordings.get(f"name.{language}") or line.name


def gap_in(name: str) -> bool:
    """Whether a name would be taken for somebody's own link in every text that it stands in."""
    return any(gap in name for gap in NEEDED.values())


def check(language: str, name: str, text: str) -> None:
    """Raise `WrongLine` unless `text` may replace the words called `name`."""
    key, needed = f"{name}.{language}", NEEDED.get(name, "")
    if language not in LANGUAGES or name not in (*NAMES, "name"):
        known = ", ".join(f"{name}.{language}" for language in LANGUAGES for name in (*NAMES, "name"))
        raise WrongLine(f"There are no words {key}; there are {known}.")
    fault = None
    if name == "name" and gap_in(text):
        fault = NO_GAPS
    elif needed not in text:
        fault = LINK_MISSING.format(gap=needed)
    elif len(text) > LONGEST:
        fault = TOO_LONG
    if fault:
        raise WrongLine(f"{key}: {fault}", {key: fault})
