"""With the database gone callers still hear the greeting, texts go to the spool, and pages say that it is busy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import Product, environment, running

from .test_requests import SECURITY

Maker = Callable[..., dict[str, str]]
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@pytest.fixture(scope="module")
def bereft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A running server whose database is a file of something else, made so after it started."""
    with running(environment(tmp_path_factory.mktemp("bereft"), WORK_IN_SERVE="no")) as product:
        path = product.settings.database_path
        for file in path.parent.glob(path.name + "*"):
            file.unlink()
        path.write_bytes(b"this is no database" * 100)
        yield product


def spooled(product: Product) -> int:
    """How many facts wait in the spool."""
    return product.store.spool.count()


def test_we_are_alive_and_not_ready(bereft: Product) -> None:
    assert bereft.request("GET", "/healthz").status == 200
    answer = bereft.request("GET", "/readyz")
    assert answer.status == 503
    assert answer.text in {"StoreUnavailable\n", "WrongSchema\n"}
    assert answer.headers.items() >= SECURITY.items()


def test_a_caller_hears_the_greeting_and_is_in_the_spool(bereft: Product, call_form: Maker) -> None:
    before = spooled(bereft)
    answer = bereft.webhook("/webhooks/voice", call_form())
    assert answer.status == 200
    assert "<Play>" in answer.text
    assert '<Pause length="1' in answer.text
    assert spooled(bereft) == before + 1
    path = answer.text.partition("<Play>")[2].partition("</Play>")[0].removeprefix(bereft.settings.public_url)
    assert bereft.request("GET", path).status == 200


def test_a_text_is_acknowledged_once_it_is_in_the_spool(bereft: Product, text_form: Maker) -> None:
    before = spooled(bereft)
    answer = bereft.webhook("/webhooks/sms", text_form())
    assert (answer.status, answer.text) == (200, NOTHING)
    assert bereft.webhook("/webhooks/sms/status", text_form(MessageStatus="sent")).status == 200
    assert spooled(bereft) == before + 2


def test_a_personal_link_says_that_it_is_busy_and_when_to_come_again(bereft: Product) -> None:
    answer = bereft.request("GET", "/j/" + "A" * 22)
    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert "Busy, please try again in a moment." in answer.text
    assert "Traceback" not in answer.text
    assert bereft.settings.database_path.name not in answer.text
    assert answer.headers.items() >= SECURITY.items()


def test_whose_lines_these_are_is_known_from_memory(bereft: Product) -> None:
    answer = bereft.request("GET", "/join")
    assert answer.status == 200
    assert bereft.settings.line_name in answer.text


def test_where_nothing_can_be_kept_a_text_is_not_acknowledged_and_a_caller_is_greeted_all_the_same(
    tmp_path: Path, text_form: Maker, call_form: Maker
) -> None:
    with running(environment(tmp_path, WORK_IN_SERVE="no", WEB_CONCURRENCY="1")) as product:
        for file in tmp_path.glob("third-ring.db*"):
            file.unlink()
        (tmp_path / "spool").write_text("not a folder")
        answer = product.webhook("/webhooks/sms", text_form())
        assert (answer.status, answer.text) == (503, "Busy, please try again in a moment.\n")
        assert answer.headers["retry-after"] == "5"
        assert "<Play>" in product.webhook("/webhooks/voice", call_form()).text
