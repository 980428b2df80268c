"""How gunicorn runs: what it is told, and what it never writes into a log."""

import importlib
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from running import Product, environment, running, unset, until

from ivr import links
from ivr.errors import WrongSettings
from ivr.store import refusals

TOKEN = "Ab3-_x9QwErTyUiOpAsDfGhJkLz"[: links.LENGTH]


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Loads the config as gunicorn does, with these settings and no others."""

    def load(**variables: str) -> ModuleType:
        monkeypatch.chdir(tmp_path)
        for name in set(environment(tmp_path)) - set(unset()):
            monkeypatch.delenv(name, raising=False)
        for name, value in {**environment(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        sys.modules.pop("ivr.serving", None)
        return importlib.import_module("ivr.serving")

    yield load
    sys.modules.pop("ivr.serving", None)


def test_it_listens_and_works_as_it_is_set(serving: Callable[..., ModuleType]) -> None:
    config = serving(HOST="0.0.0.0", PORT="8123", WEB_CONCURRENCY="3")
    assert (config.bind, config.workers) == ("0.0.0.0:8123", 3)
    assert serving(HOST="::1", PORT="8123").bind == "[::1]:8123"


def test_nothing_is_shared_between_processes_and_nothing_taken_from_a_proxy(serving: Callable[..., ModuleType]) -> None:
    config = serving()
    assert config.preload_app is False
    assert config.forwarded_allow_ips == ""
    assert config.control_socket_disable is True


def test_the_server_waits_longer_than_a_proxy_and_stops_before_it_is_killed(serving: Callable[..., ModuleType]) -> None:
    config = serving()
    assert (config.worker_class, config.threads) == ("gthread", 32)
    assert config.keepalive > 60
    assert config.graceful_timeout < config.timeout


def test_requests_are_limited_in_their_length(serving: Callable[..., ModuleType]) -> None:
    config = serving()
    assert (config.limit_request_line, config.limit_request_fields) == (4094, 100)


def test_without_an_account_it_does_not_start(serving: Callable[..., ModuleType]) -> None:
    with pytest.raises(WrongSettings, match="TWILIO_ACCOUNT_SID"):
        serving(TWILIO_ACCOUNT_SID="")


def test_the_access_log_can_be_turned_off(serving: Callable[..., ModuleType]) -> None:
    assert serving().accesslog == "-"
    assert serving(ACCESS_LOG="none").accesslog is None


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/j/{TOKEN}", "/j/…"),
        (f"/me/{TOKEN}", "/me/…"),
        (f"/J/{TOKEN}", "/J/…"),
        (f"//j/{TOKEN}", "//j/…"),
        (f"/j/\n{TOKEN}", "/j/…"),
        (f"/j/{TOKEN}/more", "/j/…"),
        ("/card/+17735550100.vcf", "/card/….vcf"),
        ("/card/17735550100", "/card/…"),
        ("/card/%2B17735550100", "/card/…"),
        ("/webhooks/sms", "/webhooks/sms"),
        ("/a b\r\n\x1b[31m", "/a�b���[31m"),
        ("/" + "a" * 5000, "/" + "a" * 199),
        ("", ""),
    ],
)
def test_a_path_in_the_log_has_no_token_no_whole_number_and_is_one_word(
    serving: Callable[..., ModuleType], path: str, shown: str
) -> None:
    assert serving().without_secrets(path) == shown


def test_what_the_server_reports_of_a_broken_request_has_no_token(serving: Callable[..., ModuleType]) -> None:
    record = logging.LogRecord("gunicorn.error", 30, "", 0, "Invalid: %r (%s)", (f"GET /j/{TOKEN}", "x"), None)
    assert serving()._without_tokens(record)
    assert TOKEN not in record.getMessage()
    plain = logging.LogRecord("gunicorn.error", 20, "", 0, "Booting worker with pid: %s", (4194303,), None)
    assert serving()._without_tokens(plain)
    assert plain.getMessage() == "Booting worker with pid: 4194303"


def test_the_log_of_a_running_server_shows_no_secret(
    product: Product, text_form: Callable[..., dict[str, str]]
) -> None:
    secret = {"number": "+12025559876", "words": "between-us", "token": TOKEN, "city": "SECRETVILLE"}
    form = text_form(From=secret["number"], Body=secret["words"], FromCity=secret["city"])
    link = product.webhook("/webhooks/sms?a=between-us", form).text.partition("/j/")[2][: links.LENGTH]
    product.webhook("/webhooks/sms?a=between-us", form, signature="wrong")
    product.request("GET", f"/j/{link}?a=between-us")
    product.request("GET", f"//j/{link}")
    product.request("GET", f"/j/%0A{TOKEN}")
    product.request(
        "GET", f"/card/{secret['number']}.vcf?a=between-us", headers={"Referer": TOKEN, "User-Agent": TOKEN}
    )
    product.raw(f"GET /j/{TOKEN}\r\n\r\n".encode())
    product.request("GET", "/the-last-one")
    log = until(lambda: _read(product, "/the-last-one"))
    assert "GET /j/… 200" in log
    assert "A webhook with a bad signature" in log
    assert link
    assert not [one for one in (*secret.values(), link, secret["number"][1:]) if one in log]


def _read(product: Product, word: str) -> str:
    text = product.log.read_text()
    return text if word in text else ""


def test_each_worker_keeps_to_a_core_of_its_own(
    serving: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = serving()
    kept: list[Any] = []
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {2, 5}, raising=False)
    monkeypatch.setattr("os.sched_setaffinity", lambda _, cores: kept.append(cores), raising=False)
    for age in (1, 2, 3):
        config.post_fork(None, type("Worker", (), {"age": age})())
    assert kept == [{5}, {2}, {5}]


def test_ctrl_c_is_heard_by_the_first_process_alone(product: Product) -> None:
    def ignores_it(pid: int) -> bool:
        status = Path(f"/proc/{pid}/status").read_text()
        ignored = int(status.partition("SigIgn:")[2].split()[0], 16)
        return bool(ignored >> (signal.SIGINT - 1) & 1)

    until(lambda: all(map(ignores_it, product.workers())))
    assert product.workers() and not ignores_it(product.server.pid)


def test_every_thread_of_a_worker_is_there_before_the_first_request(serving: Callable[..., ModuleType]) -> None:
    config = serving()
    before = threading.active_count()
    with ThreadPoolExecutor(config.threads) as pool:
        config.start_threads(pool)
        assert threading.active_count() == before + config.threads


def test_a_worker_that_ends_writes_what_it_has_only_counted(tmp_path: Path) -> None:
    with running(environment(tmp_path)) as product:
        assert product.webhook("/webhooks/sms", {"Body": "hi"}, signature="forged").status == 403
        store = product.store
    (found,) = store.read(lambda db: refusals.since(db, "2020-01-01T00:00:00.000Z"))
    assert (found.reason, found.count) == ("bad signature", 1)
