"""An installation with texts and voice messages of some age, and the runs that keep to its periods."""

from datetime import datetime, timedelta

from inside import rows
from running import ACCOUNT, NUMBER, PHONE

from ivr import clock, retention, searching, voice_messages
from ivr.house import House
from ivr.store import Connection, audit, calls, lines, messages
from ivr.store import retention as table
from ivr.store.audit import Wanted
from ivr.store.calls import Call, VoiceMessage
from ivr.store.files import keep_file
from ivr.store.messages import Media, Received

PICTURE = Media(f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1", "image/jpeg", None)


def text(line_id: int, place: int, at: datetime, body: str = "hello") -> Received:
    """A text as it is kept."""
    moment, sid = clock.written(at), f"SM{place:032x}"
    return Received(line_id, sid, PHONE, moment, body, "none", city="CAIRO", state="C", country="EG", media=[PICTURE])


def keep_texts(house: House, now: datetime, *days: float, line_id: int = 1) -> None:
    """Keep texts that are so many days old, in this order."""
    first = rows(house.store, "SELECT count(*) FROM messages")[0][0]
    kept = [
        text(line_id, first + place, now - timedelta(days=old), f"carrots{place}") for place, old in enumerate(days)
    ]
    house.store.write(lambda db: messages.receive(db, kept))


def keep_voice(house: House, now: datetime, *days: float, status: str = "kept", line_id: int = 1) -> list[str]:
    """Keep voice messages that are so many days old, with their files; returns their SIDs."""
    sids = [f"RE{len(rows(house.store, 'SELECT 1 FROM voice_messages')) + place:032x}" for place in range(len(days))]
    for sid, old in zip(sids, days, strict=True):
        at, call = clock.written(now - timedelta(days=old)), sid.replace("RE", "CA")
        message = VoiceMessage(sid, call, at, 4, "https://api.twilio.com/x", status)

        def work(db: Connection, message: VoiceMessage = message, at: str = at, call: str = call) -> None:
            calls.receive(db, [Call(line_id, call, PHONE, at, "completed", "greeting")])
            calls.add_voice_message(db, message)
            db.execute("UPDATE voice_messages SET bytes = 4 WHERE status = 'kept'")

        house.store.write(work)
        if status == "kept":
            keep_file(voice_messages.path_of(house, sid), b"RIFF")
    return sids


def voice_state(house: House) -> list[tuple[str, int | None]]:
    """Status and size of each voice message."""
    return [tuple(row) for row in rows(house.store, "SELECT status, bytes FROM voice_messages ORDER BY id")]  # type: ignore[misc]


def let_run(house: House, now: datetime) -> int:
    """Let a whole run happen, with what the search index does of it; returns how much was forgotten."""
    count = 0
    while house.store.read(lambda db: any(table.due(db, line.id, clock.written(now)) for line in lines.everyone(db))):
        count += retention.keep_to_periods(house, now)
        searching.feed(house, now)
    return count


def audited(house: House) -> list[dict[str, object]]:
    """What the audit says of runs, newest first."""
    entries, _ = house.store.read(lambda db: audit.newest(db, Wanted(operator="retention"), None))
    assert all(entry.subject == NUMBER and entry.action == "forgotten after its time" for entry in entries)
    return [entry.details for entry in entries]
