"""Messages in the tables: what came in with its media, what went out and what of it is recent."""

from ivr.store import Connection, Store, messages
from ivr.store.lines import Line
from ivr.store.messages import Media, Outgoing, Received

PHONE = "+12025550143"


def at(minute: int) -> str:
    """A stored time."""
    return f"2026-11-03T20:{minute:02d}:00.000Z"


def test_an_inbound_text_is_kept_with_its_media_and_its_answer(store: Store, line: Line) -> None:
    media = [Media("https://x/1", "image/png", None), Media("https://y/2", "image/gif", "media_host_not_allowed")]

    def work(db: Connection) -> Outgoing:
        drafted = messages.draft(db, line, PHONE, at(1), "hi {link}", "reply")
        text = Received(line.id, "SM1", PHONE, at(1), "look", "sign-up link", media=media, answer=drafted)
        messages.receive(db, [text])
        return drafted

    answer = store.write(work)
    assert store.read(lambda db: messages.is_received(db, "SM1"))
    assert not store.read(lambda db: messages.is_received(db, "SM2"))
    assert store.read(lambda db: messages.answer_to(db, "SM1")) == answer
    assert store.read(lambda db: messages.answer_to(db, "SM2")) is None
    kept = store.read(lambda db: db.execute("SELECT position, url, refused FROM media ORDER BY position").fetchall())
    assert kept == [(0, "https://x/1", None), (1, "https://y/2", "media_host_not_allowed")]


def test_a_text_of_ours_goes_as_an_answer_or_waits_in_the_outbox(store: Store, line: Line) -> None:
    answer = store.write(lambda db: messages.compose(db, line, PHONE, at(1), "hi", "reply"))
    waiting = store.write(lambda db: messages.compose(db, line, PHONE, at(1), "hi", "link", at(2)))
    assert (answer.way, answer.status, answer.claimed_at) == ("answer", "sending", at(1))
    assert (waiting.way, waiting.status, waiting.claimed_at) == ("outbox", "queued", None)
    for text in (answer, waiting):
        assert store.read(lambda db, text=text: messages.find(db, text.id)) == text


def test_what_is_recent_is_ours_of_this_person_and_was_not_skipped(store: Store, line: Line) -> None:
    for minute, number in ((1, PHONE), (2, PHONE), (3, "+12025550144"), (4, PHONE), (5, PHONE)):
        store.write(lambda db, n=number, m=minute: messages.compose(db, line, n, at(m), f"text {m}", "link", at(m)))
    store.write(lambda db: db.execute("UPDATE messages SET status = 'skipped' WHERE body = 'text 4'"))
    store.write(lambda db: messages.receive(db, [Received(line.id, "SM1", PHONE, at(5), "theirs", "none")]))
    recent = store.read(lambda db: messages.recent(db, line, PHONE, at(1)))
    assert [text.body for text in recent] == ["text 5", "text 2"]


def test_an_inbound_text_is_not_found_as_one_of_ours(store: Store, line: Line) -> None:
    store.write(lambda db: messages.receive(db, [Received(line.id, "SM1", PHONE, at(5), "theirs", "none")]))
    assert store.read(lambda db: messages.find(db, 1)) is None
    assert store.read(lambda db: messages.find_sent(db, "SM1")) is None
