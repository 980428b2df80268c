"""The ivr command as a person uses it: a process of its own, in a folder of its own."""

import json
from pathlib import Path

import pytest
from running import ACCOUNT, NAME, NUMBER, TOKEN, Product, environment, ivr, set_up

from ivr.settings import TABLE
from ivr.simulator import Simulator

Pair = tuple[Product, Simulator]


@pytest.fixture
def installation(tmp_path: Path) -> dict[str, str]:
    """Settings of an installation with one line."""
    variables = environment(tmp_path)
    set_up(variables)
    return variables


def of(product: Product) -> dict[str, str]:
    """The settings of a running product, for a command beside it."""
    settings = product.settings
    return {
        "INSTANCE_PATH": str(settings.instance_path),
        "PORT": str(settings.port),
        "PUBLIC_URL": settings.public_url,
        "TWILIO_API_URL": settings.api_url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PHONE_NUMBER": NUMBER,
        "LINE_NAME": NAME,
    }


COMMANDS = ("", "serve", "demo", "work", "simulator", "settings", "doctor", "provision", "log", "dial", "text")
LINE_COMMANDS = ("line", "line add", "line list", "line show", "line set", "line history", "line undo")


@pytest.mark.parametrize("command", [*COMMANDS, *LINE_COMMANDS])
def test_every_command_has_help(command: str, tmp_path: Path) -> None:
    told = ivr(*command.split(), "--help", variables={}, cwd=tmp_path)
    assert told.returncode == 0
    assert told.stdout.startswith("Usage:")
    assert not list(tmp_path.iterdir())


def test_serve_without_settings_names_every_fault_and_exits_with_2(tmp_path: Path) -> None:
    told = ivr("serve", variables={"PORT": "nine", "TWILIO_API_KEY_SID": "SK1"}, cwd=tmp_path)
    assert told.returncode == 2
    for name in ("PORT", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY_SID"):
        assert name in told.stderr
    assert "Traceback" not in told.stderr


def test_serve_without_a_line_says_how_to_get_one(tmp_path: Path) -> None:
    variables = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    told = ivr("serve", variables=variables, cwd=tmp_path)
    assert told.returncode == 2
    assert "ivr line add" in told.stderr


def test_the_demo_does_not_touch_a_real_account(tmp_path: Path) -> None:
    told = ivr("demo", variables={"TWILIO_ACCOUNT_SID": ACCOUNT}, cwd=tmp_path)
    assert told.returncode == 2
    assert "ivr serve" in told.stderr


def test_lines_are_added_listed_shown_and_changed(installation: dict[str, str], tmp_path: Path) -> None:
    def run(*words: str) -> str:
        told = ivr("line", *words, variables=installation, cwd=tmp_path)
        assert told.returncode == 0, told.stderr
        return told.stdout

    run("add", "+20 2 27351234", "خط تجريبي", "--rings", "2")
    listed = [json.loads(row) for row in run("list", "--json").splitlines()]
    assert [(row["number"], row["country"], row["language"]) for row in listed] == [
        (NUMBER, "US", "en"),
        ("+20227351234", "EG", "ar"),
    ]
    shown = run("set", NUMBER, "--rings", "4", "--adjust", "-1", "--takes-messages", "--word", "help.en=Ask us.")
    assert "20 s before it answers" in shown
    assert json.loads(run("show", NUMBER, "--json"))["wordings"] == {"help.en": "Ask us."}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("add", NUMBER, "Again"), "line already"),
        (("add", "12", "Short"), "12"),
        (("add", "+447400123456", " "), "name"),
        (("show", "+447400123456"), "is no line"),
        (("set", NUMBER, "--word", "reply.en=no link"), "{link}"),
        (("set", NUMBER, "--word", "reply.xx=x {link}"), "reply.en"),
        (("set", NUMBER, "--country", "usa"), "two letters"),
        (("set", NUMBER, "--rings", "6", "--adjust", "30"), "60 s"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_a_reason(
    words: tuple[str, ...], reason: str, installation: dict[str, str], tmp_path: Path
) -> None:
    told = ivr("line", *words, variables=installation, cwd=tmp_path)
    assert (told.returncode, reason in told.stderr) == (2, True), told.stderr


def test_an_empty_log_says_what_to_do(installation: dict[str, str], tmp_path: Path) -> None:
    told = ivr("log", variables=installation, cwd=tmp_path)
    assert told.returncode == 0
    assert "ivr dial" in told.stderr
    assert ivr("log", "--since", "yesterday", variables=installation, cwd=tmp_path).returncode == 2


def test_settings_are_listed_and_secrets_are_not(installation: dict[str, str], tmp_path: Path) -> None:
    told = ivr("settings", "--json", variables=installation, cwd=tmp_path)
    rows = {row["name"]: row for row in map(json.loads, told.stdout.splitlines())}
    assert list(rows) == [setting.name for setting in TABLE]
    assert rows["PORT"]["source"] == "environment"
    assert TOKEN not in told.stdout + told.stderr


def test_dial_tells_the_call_as_the_caller_lives_it(pair: Pair, phone: str, tmp_path: Path) -> None:
    told = ivr("dial", "--from", phone, variables=of(pair[0]), cwd=tmp_path).stdout
    assert "14.0 s  ring 3 ends" in told
    assert "15.0 s  the greeting begins" in told
    assert "ring 4" not in told
    assert "the line hangs up" in told


def test_key_1_brings_the_link_as_a_text(pair: Pair, phone: str, tmp_path: Path) -> None:
    told = ivr("dial", "--from", phone, "--keys", "1", variables=of(pair[0]), cwd=tmp_path).stdout
    assert f"{pair[0].settings.public_url}/j/" in told


def test_text_prints_the_answer_or_why_there_is_none(pair: Pair, phone: str, tmp_path: Path) -> None:
    variables = of(pair[0])
    first = ivr("text", "hello", "--from", phone, variables=variables, cwd=tmp_path).stdout
    again = ivr("text", "hello?", "--from", phone, variables=variables, cwd=tmp_path).stdout
    assert f"{pair[0].settings.public_url}/j/" in first
    assert again == "No answer: was answered less than 24 hours ago.\n"


def test_text_sends_a_picture_that_the_product_may_fetch(pair: Pair, phone: str, tmp_path: Path) -> None:
    product, _ = pair
    assert ivr("text", "look", "--picture", "--from", phone, variables=of(product), cwd=tmp_path).returncode == 0
    query = "SELECT content_type, refused FROM media JOIN messages ON messages.id = message_id WHERE number = :number"
    found = product.store.read(lambda db: db.execute(query, {"number": phone}).fetchall())
    assert [tuple(row) for row in found] == [("image/png", None)]


def test_the_log_shows_rows_as_json_newest_first_and_filtered(pair: Pair, phone: str, tmp_path: Path) -> None:
    product, carrier = pair
    carrier.text(phone, NUMBER, "one \x1b[31m red")
    carrier.dial(phone, NUMBER)
    told = ivr("log", "--json", "--number", phone, variables=of(product), cwd=tmp_path).stdout
    rows = [json.loads(row) for row in told.splitlines()]
    assert [row["kind"] for row in rows] == ["call", "text"]
    only = ivr("log", "--kind", "text", "--number", phone, variables=of(product), cwd=tmp_path).stdout
    assert "one [31m red" in only
    assert "\x1b" not in only


def test_doctor_finds_nothing_bad_beside_a_running_product(pair: Pair, tmp_path: Path) -> None:
    told = ivr("doctor", "--json", variables=of(pair[0]), cwd=tmp_path)
    grades = {row["subject"]: row["grade"] for row in map(json.loads, told.stdout.splitlines())}
    assert told.returncode == 0
    assert grades["carrier"] == grades["database"] == grades[NUMBER] == "good"


def test_doctor_says_that_the_carrier_cannot_be_reached(installation: dict[str, str], tmp_path: Path) -> None:
    told = ivr("doctor", variables=installation, cwd=tmp_path)
    assert told.returncode == 1
    assert "cannot be reached" in told.stdout


def test_provision_shows_what_would_change_and_then_changes_it(pair: Pair, tmp_path: Path) -> None:
    variables = {**of(pair[0]), "PUBLIC_URL": "https://elsewhere.example.org"}
    dry = ivr("provision", "--dry-run", variables=variables, cwd=tmp_path).stdout
    assert f"{NUMBER}: voice would become https://elsewhere.example.org/webhooks/voice" in dry
    told = ivr("provision", variables=of(pair[0]), cwd=tmp_path).stdout
    assert "everything is as it should be" in told
    assert "<Pause" in told


def test_provision_makes_a_fresh_installation_ready_and_tells_what_the_carrier_refused(tmp_path: Path) -> None:
    told = ivr("provision", variables=environment(tmp_path), cwd=tmp_path)
    assert told.returncode == 1
    assert f"added {NUMBER}" in told.stderr
    assert f"{NUMBER}: no connection" in told.stderr or f"{NUMBER}: connection" in told.stderr
    assert "Traceback" not in told.stderr


def test_without_a_simulator_dial_says_what_to_run(installation: dict[str, str], tmp_path: Path) -> None:
    told = ivr("dial", variables=installation, cwd=tmp_path)
    assert told.returncode == 1
    assert "make run" in told.stderr
