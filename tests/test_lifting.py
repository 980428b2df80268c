"""An operator opts somebody out or lifts an opt-out: with a reason, in the ledger, and over nobody else's change."""

from datetime import datetime, timedelta

import pytest
from inside import opt_outs_of, person_of, received, rows, the_line, with_values
from running import NUMBER, PHONE
from the_people import Crowd

from ivr import clock, lifting, opting_out
from ivr.carrier.inbound import IncomingText
from ivr.errors import PersonChanged, WrongMember
from ivr.house import House
from ivr.store import consents
from ivr.store.audit import Actor
from ivr.store.database import Connection
from ivr.store.opt_outs import OptOut

GRACE = Actor(None, "Grace", "192.0.2.7")


@pytest.fixture
def crowd(house: House, now: datetime) -> Crowd:
    """A member."""
    made = Crowd(house, now)
    made.member(PHONE, "Ada")
    return made


def enter(house: House, action: str, source: str, wording: str) -> None:
    """Let something be written into the ledger, as it happens."""
    line, person = the_line(house.store), person_of(house.store, PHONE)
    entry = OptOut(PHONE, clock.written(clock.now()), action, source, wording)
    change = opting_out.opt_out if action == "out" else opting_out.opt_in
    house.store.write(lambda db: change(db, line, person, entry))


def refused_by_carrier(house: House) -> bool:
    """Whether the carrier goes on refusing."""
    line = the_line(house.store)
    return house.store.read(lambda db: lifting.carrier_refuses(db, line, PHONE))


def test_an_operator_opts_somebody_out_and_lifts_it_for_a_reason(house: House, crowd: Crowd, now: datetime) -> None:
    line, later = the_line(house.store), now + timedelta(minutes=1)
    lifting.opt_out(house.store, line, PHONE, "asked on the phone", GRACE, now)
    person = person_of(house.store, PHONE)
    assert person.opted_out_at
    lifting.lift(house.store, line, PHONE, "  It was a\nmistake ", GRACE, later, person.opted_out_at)
    assert person_of(house.store, PHONE).opted_out_at is None
    assert [(one.action, one.source, one.wording) for one in opt_outs_of(house.store, PHONE)] == [
        ("out", "operator", "asked on the phone"),
        ("in", "operator", "It was a mistake"),
    ]
    given = house.store.read(lambda db: [one.consent for one in consents.of(db, person.id)])
    assert [(one.action, one.source) for one in given[1:]] == [("withdrawn", "operator"), ("given", "operator")]
    assert rows(house.store, "SELECT consent_id IS NOT NULL FROM members") == [(1,)]
    actions = rows(house.store, "SELECT action, subject, instr(details, 'mistake') FROM audit WHERE id > 1")
    assert actions == [("person opted out", PHONE, 0), ("opt-out lifted", PHONE, 0)]


@pytest.mark.parametrize("reason", ["", " so ", "x" * 201])
def test_lifting_needs_a_reason(house: House, crowd: Crowd, now: datetime, reason: str) -> None:
    line = the_line(house.store)
    crowd.opts_out(person_of(house.store, PHONE))
    seen = person_of(house.store, PHONE).opted_out_at or ""
    with pytest.raises(WrongMember, match="Say why"):
        lifting.lift(house.store, line, PHONE, reason, GRACE, now, seen)
    assert person_of(house.store, PHONE).opted_out_at == seen


def test_what_changed_since_it_was_looked_at_is_not_overwritten(house: House, crowd: Crowd, now: datetime) -> None:
    line = the_line(house.store)
    crowd.opts_out(person_of(house.store, PHONE))
    seen = person_of(house.store, PHONE).opted_out_at or ""
    with pytest.raises(PersonChanged):
        lifting.lift(house.store, line, PHONE, "a good reason", GRACE, now, "2026-01-01T00:00:00.000Z")
    with pytest.raises(PersonChanged):
        lifting.opt_out(house.store, line, PHONE, "", GRACE, now)
    crowd.opts_in(person_of(house.store, PHONE))
    with pytest.raises(PersonChanged):
        lifting.lift(house.store, line, PHONE, "a good reason", GRACE, now, seen)
    with pytest.raises(PersonChanged):
        lifting.lift(house.store, line, PHONE, "a good reason", GRACE, now, "")
    assert len(opt_outs_of(house.store, PHONE)) == 2


def test_who_says_stop_again_while_an_operator_types_is_not_overruled(
    house: House, crowd: Crowd, now: datetime
) -> None:
    line = the_line(house.store)
    crowd.opts_out(person_of(house.store, PHONE))
    seen = lifting.said_at(person_of(house.store, PHONE), opt_outs_of(house.store, PHONE))
    Crowd(house, now + timedelta(seconds=5)).opts_out(person_of(house.store, PHONE))
    with pytest.raises(PersonChanged):
        lifting.lift(house.store, line, PHONE, "a good reason", GRACE, now, seen)
    seen = lifting.said_at(person_of(house.store, PHONE), opt_outs_of(house.store, PHONE))
    lifting.lift(house.store, line, PHONE, "a good reason", GRACE, now + timedelta(minutes=1), seen)
    assert person_of(house.store, PHONE).opted_out_at is None


@pytest.mark.parametrize(
    ("keywords", "entries", "refuses"),
    [
        ("carrier", [("out", "text", "STOP")], True),
        ("carrier", [("out", "text", "please stop texting me")], False),
        ("us", [("out", "text", "STOP")], False),
        ("us", [("out", "carrier", "error 21610")], True),
        ("carrier", [("out", "carrier", "STOP"), ("in", "operator", "a mistake")], True),
        ("carrier", [("out", "text", "STOP"), ("in", "text", "START")], False),
        ("carrier", [("out", "text", "STOP"), ("in", "text", "yes please"), ("out", "operator", "")], True),
        ("carrier", [("out", "operator", "asked")], False),
        ("carrier", [], False),
    ],
)
def test_the_page_knows_when_the_carrier_itself_goes_on_refusing(
    house: House, crowd: Crowd, keywords: str, entries: list[tuple[str, str, str]], refuses: bool
) -> None:
    with_values(house, keywords=keywords)
    for entry in entries:
        enter(house, *entry)
    assert refused_by_carrier(house) is refuses


def test_the_carrier_refuses_no_more_once_they_text_start_after_an_opt_out_was_lifted(
    house: House, crowd: Crowd, now: datetime
) -> None:
    received(house, IncomingText("SM" + "1" * 32, PHONE, NUMBER, "STOP"), now)
    seen = person_of(house.store, PHONE).opted_out_at or ""
    lifting.lift(house.store, the_line(house.store), PHONE, "a good reason", GRACE, now + timedelta(minutes=1), seen)
    assert refused_by_carrier(house)
    received(house, IncomingText("SM" + "2" * 32, PHONE, NUMBER, "START"), now + timedelta(minutes=2))
    assert not refused_by_carrier(house)
    received(house, IncomingText("SM" + "3" * 32, PHONE, NUMBER, "STOP"), now + timedelta(minutes=3))
    assert refused_by_carrier(house)


def test_a_lift_and_its_note_are_kept_together_or_not_at_all(house: House, crowd: Crowd, now: datetime) -> None:
    crowd.opts_out(person_of(house.store, PHONE))
    seen = person_of(house.store, PHONE).opted_out_at or ""

    def refuse_the_audit(db: Connection) -> None:
        db.execute("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE (ABORT, 'no'); END")

    house.store.write(refuse_the_audit)
    with pytest.raises(Exception, match="no"):
        lifting.lift(house.store, the_line(house.store), PHONE, "a good reason", GRACE, now, seen)
    assert person_of(house.store, PHONE).opted_out_at == seen
    assert len(opt_outs_of(house.store, PHONE)) == 1
