"""Two lines full of everything, the second one's marked so that any trace of it is found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from running import NUMBER

from ivr import cards, clock, lines, opting_out, saved_segments, searching, segments, tallying
from ivr.house import House
from ivr.meeting import Visitor, meet
from ivr.store import Connection, audit, calls, members, messages
from ivr.store import greetings as greeting_table
from ivr.store import lines as line_table
from ivr.store.audit import COMMAND_LINE
from ivr.store.calls import Call
from ivr.store.consents import Consent
from ivr.store.greetings import Greeting, Place
from ivr.store.lines import Line
from ivr.store.members import Details
from ivr.store.messages import Media, Received
from ivr.store.opt_outs import OptOut

SECOND = "+442071838750"
MARK = "qzx"
"""What stands in every word of the second line, and nowhere else."""
PHOTO = b"\xff\xd8\xff\xe0"
"""How a picture begins."""
CODES = {NUMBER: 30003, SECOND: 30034}
"""Why a text of each line has failed."""
MARKS = (MARK, "7183875", "7183 875", "7400123", "7400 123", "30034")
"""That, how its numbers are written, in all forms, and its code."""


@dataclass(frozen=True)
class Full:
    """A line with something of every kind: what names it in an address, by the name of the parameter."""

    line: Line
    named: dict[str, tuple[str, ...]]


def fill(house: House, number: str, mark: str, prefix: str, now: datetime) -> Full:
    """Make a line full of everything; its people have numbers that begin with `prefix`."""
    at, code, line = clock.written(now), CODES[number], _line(house, number, mark, now)
    callers = [f"{prefix}{place:02}" for place in range(6)]
    sids = {kind: f"{kind}{line.id:032x}" for kind in ("CA", "SM", "RE", "MM")}
    cards.set_photo(house.store, number, PHOTO + mark.encode(), now)

    def work(db: Connection) -> tuple[int, int]:
        visitors = [Visitor(line, caller, now - timedelta(hours=30)) for caller in callers]
        people = meet(db, visitors, house.settings.secret_key)
        calls.receive(db, [Call(line.id, sids["CA"], callers[0], at, "completed", "greeting", city=f"{mark}ville")])
        answer = messages.draft(db, line, callers[1], at, f"{mark} answer", "reply")
        media = [Media(f"https://api.twilio.com/{mark}", "image/jpeg", None)]
        texts = [
            Received(line.id, sids["SM"], callers[1], at, f"{mark} hello", "sign-up link", answer=answer),
            Received(line.id, sids["MM"], callers[2], at, f"{mark} look", "none", city=f"{mark}ville", media=media),
        ]
        messages.receive(db, texts)
        calls.note_stray(db, "text", f"SM{line.id + 8:032x}", number, callers[0], at)  # before it was a line
        failed = messages.compose(db, line, callers[2], at, f"{mark} failed", "link", due_at=at)
        db.execute(
            "UPDATE messages SET status = 'failed', error_code = ?, why = ? WHERE id = ?", (code, mark, failed.id)
        )
        voice_messages_of(db, sids, at)
        for person, name in zip(people[3:5], ("One", "Two"), strict=True):
            told = Details(f"{mark} {name}", "female", "1990-12-10", f"{mark}ville", f"{mark}@example.org")
            members.join(db, person, told, Consent(f"{mark} may text me.", "v1", "en"), at)
        opting_out.opt_out(db, line, people[5], OptOut(callers[5], at, "out", "text", f"{mark} stop"))
        levels = dict.fromkeys(("level_before", "level", "peak"), -19.0)
        report = {"original_type": "audio/wav", "faults": [], "noise_reduced": False, "shape": [0.1, 0.2], **levels}
        report |= {"original_seconds": 2.0, "kept": [0.0, 2.0]}
        digest = f"{line.id:032x}"
        kept = Greeting(*(line.id, "en", "greeting", digest, digest, mark, 1, 2.0, report, mark, mark, "console", at))
        greeting = greeting_table.add(db, kept)
        greeting_table.set_live(db, Place(line.id, "en"), greeting.id, at)
        audit.append(db, COMMAND_LINE, f"did {mark}", number, {mark: mark}, at)
        message_id = db.execute("SELECT id FROM messages WHERE sid = ?", (sids["MM"],)).fetchone()[0]
        return greeting.id, message_id

    greeting_id, message_id = house.store.write(work)
    digest = f"{line.id:032x}"
    for file in (house.recordings / f"{sids['RE']}.wav", house.own.heard(digest), house.own.original(digest)):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"RIFF" + mark.encode())
    saved_segments.save(house.store, line, mark, segments.read(f"city={mark}ville"), COMMAND_LINE, now)
    searching.feed(house, now)
    tallying.count(house, now)
    named = {
        "line_id": (str(line.id),),
        "number": tuple(callers),
        "sid": tuple(sids.values()),
        "greeting_id": (str(greeting_id),),
        "message_id": (str(message_id),),
        "position": ("0",),
        "digest": (line_of(house, number).photo,),
    }
    return Full(line_of(house, number), named)


def line_of(house: House, number: str) -> Line:
    """The line of a number, as it is now."""
    return lines.show(house.store, number)


def voice_messages_of(db: Connection, sids: dict[str, str], at: str) -> None:
    """A voice message that was left in the call, and is kept."""
    db.execute(
        "INSERT INTO voice_messages (sid, call_sid, at, seconds, url, status) VALUES (?, ?, ?, 2, 'x', 'kept')",
        (sids["RE"], sids["CA"], at),
    )


def _line(house: House, number: str, mark: str, now: datetime) -> Line:
    if number != NUMBER:
        lines.add(house.store, number, f"{mark} Figure", now)
    lines.change(house.store, number, words={"help.en": f"{mark} help", "name.ar": f"{mark} آدا"})
    found = house.store.read(lambda db: line_table.find(db, number))
    assert found is not None
    return found
