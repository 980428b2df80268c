"""Receiving a text: kept once, answered once, obeyed from that moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from inside import contacts_of, opt_outs_of, person_of, rows, texts_to, with_values
from running import NUMBER, PHONE

from ivr import auto_reply, lines, links
from ivr.carrier import twiml
from ivr.carrier.inbound import Attachment, IncomingText
from ivr.house import House
from ivr.store import queue
from ivr.store.opt_outs import OptOut

AT = datetime(2026, 11, 3, 20, 15, tzinfo=UTC)
Sid = Callable[[str], str]


@pytest.fixture
def texts(house: House, sid: Sid) -> Callable[..., str]:
    """Texts from a phone; returns the TwiML."""

    def text(body: str, number: str = PHONE, at: datetime = AT, **fields: object) -> str:
        incoming = IncomingText(**{"sid": sid("SM"), "number": number, "dialled": NUMBER, "body": body, **fields})
        return auto_reply.answer_text(house, incoming, at)

    return text


def test_the_first_text_is_answered_with_who_this_is_the_link_and_how_to_stop(
    house: House, texts: Callable[..., str]
) -> None:
    answer = texts("What about the schools?")
    (reply,) = texts_to(house.store, PHONE)
    for part in ("Ada Example", f"{house.settings.public_url}/j/", "STOP", "HELP"):
        assert part in answer
    assert f"/webhooks/sms/status?message={reply.id}" in answer
    assert "{link}" in reply.body and "/j/" not in reply.body
    assert (reply.way, reply.status, reply.purpose) == ("answer", "sending", "reply")
    (contact,) = contacts_of(house.store, PHONE)
    assert (contact["body"], contact["reply"], contact["at"]) == (
        "What about the schools?",
        "sign-up link",
        "2026-11-03T20:15:00.000Z",
    )


def test_a_second_text_within_24_hours_is_kept_and_not_answered_and_one_after_them_is(
    house: House, texts: Callable[..., str]
) -> None:
    texts("one")
    assert texts("two", at=AT + timedelta(hours=23, minutes=59)) == twiml.NOTHING
    assert texts("three", at=AT + timedelta(hours=24, minutes=1)) != twiml.NOTHING
    assert [contact["body"] for contact in contacts_of(house.store, PHONE)] == ["three", "two", "one"]


def test_a_repeat_of_the_same_sid_gets_the_same_answer_and_has_no_second_effect(
    house: House, texts: Callable[..., str], sid: Sid
) -> None:
    one = sid("SM")
    with ThreadPoolExecutor(8) as crew:
        answers = list(crew.map(lambda _: texts("hello", sid=one), range(100)))
    assert len(set(answers)) == 1 and "/j/" in answers[0]
    assert len(texts_to(house.store, PHONE)) == 1
    assert len(contacts_of(house.store, PHONE)) == 1


def test_a_repeated_stop_writes_the_ledger_once(house: House, texts: Callable[..., str], sid: Sid) -> None:
    one = sid("SM")
    answers = {texts("please stop", sid=one) for _ in range(5)}
    assert len(answers) == 1
    assert len(opt_outs_of(house.store, PHONE)) == 1


def test_the_same_number_five_hundred_times_at_once_gets_one_reply(house: House, texts: Callable[..., str]) -> None:
    with ThreadPoolExecutor(16) as crew:
        answers = list(crew.map(lambda n: texts(f"text {n}"), range(500)))
    assert sum(answer != twiml.NOTHING for answer in answers) == 1
    assert len(texts_to(house.store, PHONE)) == 1
    assert len(contacts_of(house.store, PHONE)) == 500


def test_the_ledger_has_the_words_the_time_the_sid_and_who_says_so(
    house: House, texts: Callable[..., str], sid: Sid
) -> None:
    stop, start = sid("SM"), sid("SM")
    texts("Please STOP texting me!", sid=stop)
    texts("anything", sid=start, at=AT + timedelta(hours=1), opt_out_type="START")
    assert opt_outs_of(house.store, PHONE) == [
        OptOut(PHONE, "2026-11-03T20:15:00.000Z", "out", "text", "Please STOP texting me!", stop),
        OptOut(PHONE, "2026-11-03T21:15:00.000Z", "in", "carrier", "anything", start),
    ]
    assert person_of(house.store, PHONE).opted_out_at is None


def test_a_stop_is_obeyed_by_the_very_next_text(house: House, texts: Callable[..., str]) -> None:
    texts("STOP")
    assert person_of(house.store, PHONE).opted_out_at == "2026-11-03T20:15:00.000Z"
    assert texts("hello") == twiml.NOTHING
    assert texts("LINK") == twiml.NOTHING
    assert texts("START") == twiml.NOTHING  # the carrier answers its own words
    assert texts("hello") != twiml.NOTHING


def test_an_echo_of_our_own_text_is_kept_and_not_answered(house: House, texts: Callable[..., str]) -> None:
    with_values(house, keywords="us")
    texts("مساعدة")
    (ours,) = texts_to(house.store, PHONE)
    assert texts(ours.body) == twiml.NOTHING
    texts("LINK")
    link = texts_to(house.store, PHONE)[0]
    person = person_of(house.store, PHONE)
    words = links.filled_in(link.body, person, house.settings.public_url, house.settings.secret_key)
    assert texts(f"{words} ") == twiml.NOTHING
    assert [contact["reply"] for contact in contacts_of(house.store, PHONE)].count("none") == 2


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "anonymous",
        "+266696687",
        "12345",
        "AMAZON",
        "sip:a@example.com",
        "+882161234567",
        "+442079460000",
    ],
)
def test_who_cannot_be_answered_is_kept_and_gets_silence(house: House, texts: Callable[..., str], sender: str) -> None:
    assert texts("hello", number=sender) == twiml.NOTHING
    (contact,) = contacts_of(house.store, sender)
    assert (contact["body"], contact["reply"]) == ("hello", "none")
    assert texts_to(house.store, sender) == []


def test_our_own_numbers_are_not_answered_even_one_that_was_added_since(
    house: House, texts: Callable[..., str]
) -> None:
    lines.add(house.store, "+14155550101", "Grace Example", AT)
    assert texts("hello", number=NUMBER) == twiml.NOTHING
    assert texts("hello", number="+14155550101") == twiml.NOTHING


def test_a_number_that_is_no_line_of_ours_gets_silence_and_is_noted(house: House, texts: Callable[..., str]) -> None:
    assert texts("hello", dialled="+14155550199") == twiml.NOTHING
    assert contacts_of(house.store, PHONE) == []
    assert rows(house.store, "SELECT dialled FROM strays") == [("+14155550199",)]


def test_who_writes_arabic_is_answered_in_arabic(house: House, texts: Callable[..., str]) -> None:
    assert "هنا Ada Example" in texts("ماذا ستفعل بشأن المدارس؟")
    assert person_of(house.store, PHONE).language == "ar"


def test_the_pictures_of_a_text_are_kept_and_foreign_ones_refused(house: House, texts: Callable[..., str]) -> None:
    ours, theirs = "https://api.twilio.com/one", "https://example.com/two"
    texts("look", attachments=(Attachment(ours, "image/jpeg"), Attachment(theirs, "image/png")))
    found = rows(house.store, "SELECT url, refused FROM media ORDER BY position")
    assert found == [(ours, None), (theirs, "media_host_not_allowed")]
    assert contacts_of(house.store, PHONE)[0]["media"] == 2


def test_above_its_ceiling_a_line_queues_answers_for_later_minutes_and_drops_none(
    house: House, texts: Callable[..., str]
) -> None:
    with_values(house, ceiling=2)
    phones = [f"+1202555{n:04d}" for n in range(200, 211)]
    at_once = [texts("hello", number=phone) != twiml.NOTHING for phone in phones[:6]]
    assert at_once == [True, True, False, False, False, False]
    later = [texts("hello", number=phone, at=AT + timedelta(minutes=1)) for phone in phones[6:]]
    assert set(later) == {twiml.NOTHING}  # that minute is full of those who came before
    goes = [texts_to(house.store, phone)[0] for phone in phones]
    assert [text.status for text in goes] == ["sending"] * 2 + ["queued"] * 9
    minutes = rows(house.store, "SELECT substr(due_at, 15, 2) FROM messages WHERE status = 'queued' ORDER BY id")
    assert [minute for (minute,) in minutes] == ["16", "16", "17", "17", "18", "18", "19", "19", "20"]


def test_the_answer_is_not_given_again_once_the_carrier_is_known_to_have_it(
    house: House, texts: Callable[..., str], sid: Sid
) -> None:
    one = sid("SM")
    first = texts("hello", sid=one)
    assert texts("hello", sid=one) == first
    (reply,) = texts_to(house.store, PHONE)
    house.store.write(lambda db: queue.mark_sent(db, reply.id, sid("SM")))
    assert texts("hello", sid=one) == twiml.NOTHING


def incoming(sid: str, body: str = "hello", number: str = PHONE, dialled: str = NUMBER) -> IncomingText:
    """A text."""
    return IncomingText("SM" + sid * 32, number, dialled, body)


def together(house: House, *arrived: IncomingText) -> list[auto_reply.Answer]:
    """Receive texts that wait at the same moment."""
    arrivals = [auto_reply.Arrival(house, text, AT) for text in arrived]
    return house.store.write(lambda db: list(auto_reply.receive(db, arrivals)))


def test_texts_that_wait_at_the_same_moment_are_answered_as_if_one_came_after_the_other(house: House) -> None:
    other = "+12025550144"
    answers = together(
        house,
        incoming("1"),
        incoming("2", number=other, body="STOP please"),
        incoming("3", dialled="+14155550199"),
        incoming("4", number="12345"),
        incoming("5", body="again"),
        incoming("6", number=other, body="hello?"),
    )
    assert ["/j/" in answer.words for answer in answers] == [True, False, False, False, False, False]
    assert [bool(answer.words) for answer in answers] == [True, True, False, False, False, False]
    assert person_of(house.store, other).opted_out_at
    assert rows(house.store, "SELECT sid, reply, why FROM messages WHERE direction = 'in' ORDER BY sid") == [
        ("SM" + "1" * 32, "sign-up link", None),
        ("SM" + "2" * 32, "stop", None),
        ("SM" + "4" * 32, "none", "this sender cannot be answered"),
        ("SM" + "5" * 32, "none", "was answered less than 24 hours ago"),
        ("SM" + "6" * 32, "none", "has opted out"),
    ]
    assert rows(house.store, "SELECT count(*) FROM strays") == [(1,)]


def test_a_webhook_that_comes_twice_at_the_same_moment_is_one_text_with_one_answer(house: House) -> None:
    first, second, third = together(house, incoming("1"), incoming("1"), incoming("2", number="+12025550144"))
    assert first == second and first.words
    assert third.words and third.message_id != first.message_id
    assert rows(house.store, "SELECT count(*), count(DISTINCT number) FROM messages") == [(4, 2)]


def test_each_of_many_gets_a_link_of_their_own_that_opens_their_page(house: House) -> None:
    numbers = [f"+1202556{n:04d}" for n in range(40)]
    answers = together(
        house, *(IncomingText(f"SM{n:032x}", number, NUMBER, "hello") for n, number in enumerate(numbers))
    )
    tokens = [answer.words.split("/j/")[1].split()[0] for answer in answers]
    key = house.settings.secret_key
    owners = [house.store.read(lambda db, token=token: links.owner(db, token, AT, key)) for token in tokens]
    assert [owner.number if owner else None for owner in owners] == numbers


def test_in_company_too_an_answer_below_the_ceiling_goes_at_once_on_either_side_of_a_minute(house: House) -> None:
    with_values(house, ceiling=10, keywords="us")
    together(house, incoming("1"))
    late = datetime(2026, 11, 3, 20, 20, 59, 950_000, tzinfo=UTC)
    arrivals = [
        auto_reply.Arrival(house, incoming("2", body="HELP"), late),
        auto_reply.Arrival(house, incoming("3", number="+12025550144"), late + timedelta(milliseconds=100)),
    ]
    answers = house.store.write(lambda db: list(auto_reply.receive(db, arrivals)))
    assert all(answer.words for answer in answers)
