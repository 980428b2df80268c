"""What the carrier tells of a call later: that it is over, that a voice message was made."""

from datetime import datetime

from ivr import clock
from ivr.carrier.inbound import CallEnded, VoiceMessageMade, media_refusal
from ivr.house import House
from ivr.keeping import keep
from ivr.store import Connection, calls, erasing, lines
from ivr.store.calls import Call, VoiceMessage

MADE = {"completed": "waiting", "absent": "absent", "failed": "failed"}


def end_call(house: House, ended: CallEnded, at: datetime) -> None:
    """Keep that a call is over. Raises `NothingKept`."""
    keep(house.store, ended, at, lambda db: keep_end(db, house, ended, at), instead=lambda: None)


def keep_end(db: Connection, house: House, ended: CallEnded, at: datetime) -> None:
    """End the call's row; a call whose beginning never reached us gets its row now."""
    line = lines.in_transaction(db).get(ended.dialled)
    if line is not None and not erasing.is_erased(db, ended.sid):
        place = ended.place
        call = Call(
            line_id=line.id,
            sid=ended.sid,
            number=ended.number,
            at=clock.written(at),
            status=ended.status,
            reply="none",
            city=place.city,
            state=place.state,
            country=place.country,
        )
        calls.receive(db, [call])
    calls.end(db, ended.sid, ended.status, ended.seconds, clock.written(at))


def announce_voice_message(house: House, made: VoiceMessageMade, at: datetime) -> None:
    """Keep that the carrier has recorded a caller; the recording is fetched later. Raises `NothingKept`."""
    keep(house.store, made, at, lambda db: keep_announcement(db, house, made, at), instead=lambda: None)


def keep_announcement(db: Connection, house: House, made: VoiceMessageMade, at: datetime) -> None:
    """Keep the voice message, once."""
    refusal = media_refusal(made.url, house.settings.api_url) if made.status == "completed" and made.url else None
    status = "refused" if refusal else MADE.get(made.status)
    if erasing.is_erased(db, made.call_sid) or status is None:  # in-progress, or a word that is new to us
        return
    message = VoiceMessage(made.sid, made.call_sid, clock.written(at), made.seconds, made.url, status, refusal)
    calls.add_voice_message(db, message)
