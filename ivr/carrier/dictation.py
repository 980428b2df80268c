"""What the webhooks say of a call in which an operator records a greeting, in our words.

Sources: docs voice/twiml/gather, voice/twiml/record.
"""

from dataclasses import dataclass

from ivr.carrier.forms import Form, short, sid_of, whole_number


@dataclass(frozen=True)
class Dictation:
    """A step of a call in which an operator records a greeting.

    `digits` were pressed, `recording` (a SID, or empty) was made; the caller may have hung up. `turn` counts how often
    they were asked, `look` how often we have looked for the recording: our own addresses carry these.
    """

    sid: str
    number: str
    dialled: str
    digits: str
    recording: str
    hung_up: bool
    turn: int
    look: int


def dictation(form: Form, query: Form) -> Dictation:
    """Read /webhooks/voice/greeting/…: the action of `<Gather>` or `<Record>`, or a `<Redirect>` of ours."""
    made = form if form.get("RecordingSid") else query
    return Dictation(
        sid=sid_of(form, "CallSid", "CA"),
        number=short(form, "From") or "",
        dialled=short(form, "To") or "",
        digits=short(form, "Digits") or "",
        recording=sid_of(made, "RecordingSid", "RE") if "RecordingSid" in made else "",
        hung_up=form.get("Digits") == "hangup",
        turn=whole_number(query, "turn") or 1,
        look=whole_number(query, "look") or 0,
    )
