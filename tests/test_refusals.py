"""Counting refused webhooks: in memory, written seldom, and not forgotten while the database cannot be written."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from databases import prepared
from running import Product, until
from writers import a_stranger_writes

from ivr import refusals as rule
from ivr.refusals import Refusals
from ivr.store import Store, refusals
from ivr.store.refusals import Refusal

LONG_AGO = "2020-01-01T00:00:00.000Z"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of its own, with a short patience."""
    prepared(tmp_path / "third-ring.db")
    return Store(tmp_path / "third-ring.db", tmp_path / "spool", patience=0.2)


def kept(store: Store) -> list[Refusal]:
    """What is in the database."""
    return store.read(lambda db: refusals.since(db, LONG_AGO))


def test_a_flood_is_one_row_with_the_last_address(store: Store, now: datetime) -> None:
    counting = Refusals(store)
    for second in range(500):
        counting.count(
            "bad signature", "/webhooks/sms", f"192.0.2.{second % 250}", now + timedelta(seconds=second / 1e4)
        )
    assert kept(store) == [], "nothing is written before its time"
    counting.write()
    (found,) = kept(store)
    assert (found.reason, found.path, found.count, found.last_address) == (
        "bad signature",
        "/webhooks/sms",
        500,
        "192.0.2.249",
    )


def test_it_is_written_by_itself(store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "WRITTEN_EVERY_SECONDS", 0.01)
    counting = Refusals(store)
    for expected in (1, 2):
        counting.count("bad signature", "/webhooks/sms", "192.0.2.1", now)
        until(lambda expected=expected: [one for one in kept(store) if one.count == expected])


def test_many_threads_count_without_losing_one(store: Store, now: datetime) -> None:
    counting = Refusals(store)

    def work() -> None:
        for _ in range(200):
            counting.count("bad signature", "/webhooks/sms", "192.0.2.1", now)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counting.write()
    assert [one.count for one in kept(store)] == [1600]


def test_while_the_database_is_locked_counts_wait(store: Store, now: datetime) -> None:
    counting = Refusals(store)
    counting.count("bad signature", "/webhooks/sms", "192.0.2.1", now)
    with a_stranger_writes(store.path):
        counting.write()
        assert kept(store) == []
        counting.count("bad signature", "/webhooks/sms", "192.0.2.2", now)
    until(lambda: counting.write() or kept(store))
    assert [one.count for one in kept(store)] == [2]


def test_what_is_counted_is_bounded(store: Store, now: datetime) -> None:
    counting = Refusals(store)
    for number in range(rule.MOST_KINDS + 50):
        counting.count("bad signature", f"/{number}", "192.0.2.1", now)
    counting.write()
    assert len(kept(store)) == rule.MOST_KINDS


def test_refused_webhooks_are_counted_and_accepted_ones_are_not(
    product: Product, text_form: Callable[..., dict[str, str]]
) -> None:
    def counts() -> dict[tuple[str, str], int]:
        found = product.store.read(lambda db: refusals.since(db, LONG_AGO))
        return {(one.reason, one.path): one.count for one in found}

    before = counts()
    assert product.webhook("/webhooks/sms", text_form()).status == 200
    assert product.webhook("/webhooks/sms", text_form(), signature="forged").status == 403
    assert product.webhook("/webhooks/voice", text_form(), signature="").status == 403
    other = text_form(AccountSid="AC" + "0" * 32)
    assert product.webhook("/webhooks/sms/status", other).status == 403
    huge = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "x"}
    assert product.request("POST", "/webhooks/sms", b"a=" + b"b" * 70_000, huge).status == 413
    expected = {
        ("bad signature", "/webhooks/sms"),
        ("missing X-Twilio-Signature", "/webhooks/voice"),
        ("wrong account", "/webhooks/sms/status"),
        ("malformed", "/webhooks/sms"),
    }
    until(lambda: {key for key, count in counts().items() if count == before.get(key, 0) + 1} == expected)
