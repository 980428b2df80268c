"""Signing in as a rule: what counts as a try, whom guessing locks out, and what ends while a password is checked."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pyotp
import pytest
from operating import PASSWORD, VISIT, begun

from ivr import clock, operators, passwords, second_factor, signing_in
from ivr import sessions as rule
from ivr.errors import SignInRefused, ThirdRingError, WrongOperator
from ivr.house import House
from ivr.operators import COMMAND_LINE
from ivr.roles import Role
from ivr.signing_in import Visit, network_of
from ivr.store import audit, sessions
from ivr.store import operators as table
from ivr.store.operators import Grant, Operator

STRANGER = Visit("198.51.100.9", "curl")
OTHER = "another harbour tractor tuesday"


def found(house: House, name: str = "Sara") -> Operator:
    """An operator as they are now."""
    operator = house.store.read(lambda db: table.find(db, name))
    assert operator is not None
    return operator


def phone_of(house: House, at: datetime) -> pyotp.TOTP:
    """Sara's authenticator, asked for from now on; its present code can be used again."""
    sara = found(house)
    phone = pyotp.TOTP(second_factor.secret_of(sara, house.settings.secret_key))
    second_factor.turn_on(house, sara, phone.at(at), COMMAND_LINE, at)
    house.store.write(lambda db: db.execute("UPDATE operators SET factor_step = 0"))
    return phone


def refusal(house: House, name: str, password: str, visit: Visit, at: datetime) -> str | None:
    """Why somebody is not let in; None when they are."""
    try:
        signing_in.sign_in(house, name, password, visit, at)
    except SignInRefused as refused:
        return refused.reason
    return None


def while_a_password_is_checked(work: Callable[[], object], meanwhile: Callable[[], object]) -> ThirdRingError | None:
    """What `work` raises when `meanwhile` happens between its first look at the database and the end of hashing."""
    begun_hashing = Event()

    class Watched:
        def __enter__(self) -> None:
            begun_hashing.set()
            turns.acquire()

        def __exit__(self, *_: object) -> None:
            turns.release()

    turns = passwords._turns
    with ThreadPoolExecutor() as threads, pytest.MonkeyPatch.context() as patch:
        turns.acquire()
        turns.acquire()
        patch.setattr(passwords, "_turns", Watched())
        running = threads.submit(work)
        assert begun_hashing.wait(20)
        meanwhile()
        turns.release(2)
        raised = running.exception(20)
    assert raised is None or isinstance(raised, ThirdRingError)
    return raised


def test_a_reset_while_the_old_password_is_being_checked_lets_nobody_in(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    raised = while_a_password_is_checked(
        lambda: signing_in.sign_in(house, "Sara", PASSWORD, STRANGER, now),
        lambda: operators.reset(house.store, "Sara", False, COMMAND_LINE, now),
    )
    assert isinstance(raised, SignInRefused)
    assert rule.open_sessions(house, found(house), now) == []


def test_a_reset_while_a_password_is_being_changed_wins(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    sara = found(house)
    raised = while_a_password_is_checked(
        lambda: operators.change_password(house.store, sara, PASSWORD, OTHER, COMMAND_LINE, 1, now),
        lambda: operators.reset(house.store, "Sara", False, COMMAND_LINE, now),
    )
    assert isinstance(raised, WrongOperator)
    assert found(house).password_hash is None


def test_a_known_browser_is_let_in_while_others_guess_from_its_own_address(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    known = Visit(VISIT.address, VISIT.browser, signing_in.sign_in(house, "Sara", PASSWORD, VISIT, now).browser_token)
    for count in range(5):
        assert refusal(house, f"somebody {count}", "wrong", VISIT, now) == "wrong"
    assert refusal(house, "Sara", PASSWORD, VISIT, now) == "too many"
    assert refusal(house, "Sara", PASSWORD, known, now) is None


def test_a_known_browser_has_five_tries_of_its_own(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    known = Visit("192.0.2.1", "", signing_in.sign_in(house, "Sara", PASSWORD, VISIT, now).browser_token)
    assert [refusal(house, "Sara", "wrong", known, now) for _ in range(6)] == ["wrong"] * 5 + ["too many"]


def test_a_browser_that_two_share_is_known_to_both(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    begun(house, "Omar", at=now)
    token = signing_in.sign_in(house, "Sara", PASSWORD, VISIT, now).browser_token
    shared = Visit(VISIT.address, VISIT.browser, token)
    assert signing_in.sign_in(house, "Omar", PASSWORD, shared, now).browser_token == token
    for _ in range(5):
        assert refusal(house, "Omar", "wrong", STRANGER, now) == "wrong"
    assert refusal(house, "Omar", PASSWORD, Visit("203.0.113.5", ""), now) == "too many"
    assert refusal(house, "Omar", PASSWORD, shared, now) is None
    assert refusal(house, "Sara", PASSWORD, shared, now) is None


def test_who_has_the_password_alone_cannot_use_up_the_owners_tries_of_a_code(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    known = Visit(VISIT.address, VISIT.browser, signing_in.sign_in(house, "Sara", PASSWORD, VISIT, now).browser_token)
    phone = phone_of(house, now)
    half = signing_in.sign_in(house, "Sara", PASSWORD, STRANGER, now).token
    for _ in range(5):
        with pytest.raises(SignInRefused, match="code"):
            signing_in.confirm(house, half, "wrong", STRANGER, now)
    with pytest.raises(SignInRefused, match="too many"):
        signing_in.confirm(house, half, phone.at(now), STRANGER, now)
    own = signing_in.sign_in(house, "Sara", PASSWORD, known, now).token
    assert not signing_in.confirm(house, own, phone.at(now), known, now).needs_code


def test_the_right_password_gives_a_known_browser_no_further_tries_of_a_code(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    known = Visit(VISIT.address, VISIT.browser, signing_in.sign_in(house, "Sara", PASSWORD, VISIT, now).browser_token)
    phone_of(house, now)
    reasons = []
    for _ in range(6):
        half = signing_in.sign_in(house, "Sara", PASSWORD, known, now).token
        with pytest.raises(SignInRefused) as refused:
            signing_in.confirm(house, half, "wrong", known, now)
        reasons.append(refused.value.reason)
    assert reasons == ["code"] * 5 + ["too many"]


def test_nothing_is_told_of_a_code_that_is_still_to_come(house: House, now: datetime) -> None:
    """Who guesses would know which code to send in some minutes."""
    begun(house, "Sara", at=now)
    phone = phone_of(house, now)
    half = signing_in.sign_in(house, "Sara", PASSWORD, STRANGER, now).token
    for seconds, reason in ((300, "code"), (-300, "clock")):
        with pytest.raises(SignInRefused) as refused:
            signing_in.confirm(house, half, phone.at(now + timedelta(seconds=seconds)), STRANGER, now)
        assert refused.value.reason == reason


def test_a_half_session_that_was_ended_becomes_no_whole_one(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    phone = phone_of(house, now)
    half = signing_in.sign_in(house, "Sara", PASSWORD, STRANGER, now).token
    waiting = rule.waiting_for_code(house, half, now)
    assert waiting is not None
    with pytest.MonkeyPatch.context() as patch:  # another request ended it after this one had looked
        patch.setattr(signing_in, "waiting_for_code", lambda *_: waiting)
        house.store.write(lambda db: sessions.end_all(db, waiting.operator.id, "now"))
        with pytest.raises(SignInRefused, match="ended"):
            signing_in.confirm(house, half, phone.at(now), STRANGER, now)
    assert rule.open_sessions(house, found(house), now) == []


def test_recovery_codes_are_not_made_anew_with_a_code_of_the_factor_that_is_on(house: House, now: datetime) -> None:
    begun(house, "Sara", at=now)
    before = found(house)
    phone = phone_of(house, now)
    for operator in (found(house), before):  # `before`: two forms at once
        house.store.write(lambda db: table.use_step(db, before.id, int(now.timestamp()) // 30))
        with pytest.raises(WrongOperator, match="on already"):
            second_factor.turn_on(house, operator, phone.at(now), COMMAND_LINE, now)


def test_a_link_of_an_operator_who_was_disabled_stays_dead(house: House, now: datetime) -> None:
    link = operators.invite(house.store, "Sara", [Grant(None, Role.VIEWER)], "en", COMMAND_LINE, now)
    for enable in (False, True):
        operators.disable(house.store, "Sara", COMMAND_LINE, now, enable)
    with pytest.raises(WrongOperator, match="ended"):
        operators.begin(house, link, PASSWORD, ("en", "UTC"), VISIT, now)
    operators.disable(house.store, "Sara", COMMAND_LINE, now)
    link = operators.reset(house.store, "Sara", False, COMMAND_LINE, now)
    operators.disable(house.store, "Sara", COMMAND_LINE, now, enable=True)
    assert operators.begin(house, link, PASSWORD, ("en", "UTC"), VISIT, now).token


def test_a_name_is_one_line(house: House, now: datetime) -> None:
    operators.invite(house.store, " Sara \n admin\ton all lines", [Grant(None, Role.VIEWER)], "en", COMMAND_LINE, now)
    assert found(house, "Sara admin on all lines").name == "Sara admin on all lines"


def test_sessions_of_long_ago_are_forgotten(house: House, now: datetime) -> None:
    begun(house, "Omar", at=now - timedelta(days=40))
    begun(house, "Sara", at=now - timedelta(days=40))
    for days in (29, 0):
        signing_in.sign_in(house, "Sara", PASSWORD, STRANGER, now - timedelta(days=days))
    kept = house.store.read(
        lambda db: db.execute("SELECT operator_id, begun_at FROM sessions ORDER BY 1, 2").fetchall()
    )
    ages = [(now - clock.read(begun_at)).days for _, begun_at in kept]
    assert ages == [40, 29, 0]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix:", "unix:"),
    ],
)
def test_tries_are_counted_by_the_network_of_one_customer(address: str, network: str) -> None:
    assert network_of(address) == network


def test_as_much_is_written_for_a_name_that_nobody_has(house: House, now: datetime) -> None:
    """Else the time of an answer tells who is an operator; and what strangers cause does not stay."""
    begun(house, "Sara", at=now)

    def counts() -> tuple[int, int]:
        tries = house.store.read(lambda db: db.execute("SELECT count(*) FROM tries").fetchone()[0])
        noted = house.store.read(lambda db: len(audit.newest(db, audit.Wanted(action="sign-in refused"), None)[0]))
        return tries, noted

    assert refusal(house, "Sara", "wrong", STRANGER, now) == "wrong"
    assert counts() == (2, 1)
    assert refusal(house, "Nobody", "wrong", Visit("192.0.2.99", ""), now) == "wrong"
    assert counts() == (5, 1)
