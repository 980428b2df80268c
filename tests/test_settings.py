"""Every setting: its default, from the environment, from a file; every fault named at once; the key that is made."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from loading import faults_of, load
from running import unset

from ivr.errors import WrongSettings
from ivr.settings import TABLE, Settings

KEY = "k" * 43
SID = "0123456789abcdefABCDEF0123456789"
WANTED: dict[str, tuple[str, str, Any]] = {
    "PUBLIC_URL": ("https://Line.Example.org/", "public_url", "https://line.example.org"),
    "TWILIO_ACCOUNT_SID": ("AC" + SID, "account_sid", "AC" + SID),
    "TWILIO_AUTH_TOKEN": (" one, two ,,", "auth_tokens", ("one", "two")),
    "TWILIO_API_KEY_SID": ("SK" + SID, "api_key_sid", "SK" + SID),
    "TWILIO_API_KEY_SECRET": ("secret", "api_key_secret", "secret"),
    "TWILIO_MESSAGING_SERVICE_SID": ("MG" + SID, "messaging_service_sid", "MG" + SID),
    "TWILIO_API_URL": ("http://127.0.0.1:8001", "api_url", "http://127.0.0.1:8001"),
    "PHONE_NUMBER": ("+1 (773) 555-0100", "phone_number", "+17735550100"),
    "LINE_NAME": ("Ada Éxample", "line_name", "Ada Éxample"),
    "DATABASE_URL": ("sqlite:////srv/a.db", "database_path", Path("/srv/a.db")),
    "INSTANCE_PATH": ("elsewhere", "instance_path", None),
    "SECRET_KEY": (KEY, "secret_key", KEY),
    "HOST": ("0.0.0.0", "host", "0.0.0.0"),
    "PORT": ("8123", "port", 8123),
    "WEB_CONCURRENCY": ("3", "web_concurrency", 3),
    "REQUIRE_SECOND_FACTOR": ("yes", "require_second_factor", True),
    "PROXY_HOPS": ("1", "proxy_hops", 1),
    "ACCESS_LOG": ("access.log", "access_log", "access.log"),
    "WORK_IN_SERVE": ("no", "work_in_serve", False),
}
WHOLE = {name: value for name, (value, _, _) in WANTED.items()}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_of_the_table_is_tried_here() -> None:
    assert set(WANTED) == {setting.name for setting in TABLE}
    assert all(setting.meaning.endswith(".") and setting.default is not None for setting in TABLE)


def test_with_nothing_set_everything_has_a_default(elsewhere: Path) -> None:
    settings = load()
    assert settings.public_url == "http://127.0.0.1:8000"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.api_url == "https://api.twilio.com"
    assert settings.instance_path == elsewhere / "instance"
    assert settings.database_path == elsewhere / "instance" / "third-ring.db"
    assert 2 <= settings.web_concurrency <= 8
    assert settings.work_in_serve is True
    assert (settings.account_sid, settings.auth_tokens, settings.phone_number, settings.line_name) == ("", (), "", "")
    assert len(settings.secret_key) >= 43
    assert set(settings.sources.values()) == {"default"}


@pytest.mark.parametrize("name", WANTED)
def test_a_setting_comes_from_the_environment(elsewhere: Path, name: str) -> None:
    _, field, value = WANTED[name]
    settings = load(**WHOLE)
    assert getattr(settings, field) == (elsewhere / "elsewhere" if name == "INSTANCE_PATH" else value)
    assert settings.sources[name] == "environment"


@pytest.mark.parametrize("name", WANTED)
def test_a_setting_comes_from_a_file_unless_the_environment_has_it(elsewhere: Path, name: str) -> None:
    _, field, value = WANTED[name]
    file = elsewhere / ".env"
    file.write_text("".join(f"{one}='{text}'\n" for one, text in WHOLE.items()) + "# a comment\nUNKNOWN=1\n")
    settings = Settings.load({}, file)
    assert getattr(settings, field) == (elsewhere / "elsewhere" if name == "INSTANCE_PATH" else value)
    assert settings.sources[name] == str(file)
    assert Settings.load({name: WHOLE[name]}, file).sources[name] == "environment"


def test_an_empty_variable_is_not_set_and_a_missing_file_is_no_fault(elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("PORT=8123\nHOST=\n")
    settings = Settings.load({"PORT": "", "LINE_NAME": "  "}, elsewhere / ".env")
    assert (settings.port, settings.host, settings.line_name) == (8123, "127.0.0.1", "")
    assert Settings.load({}, elsewhere / "no.env").port == 8000


def test_the_public_address_follows_the_port() -> None:
    assert load(PORT="8123").public_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("PUBLIC_URL", one) for one in ("line.example.org", "ftp://a.example", "https://a.example/path", "https://")),
        *(
            ("PUBLIC_URL", one)
            for one in ("https://u:p@a.example", "https://a.example?x", "https://a.example#x", "http://[")
        ),
        *(
            ("PUBLIC_URL", one)
            for one in ("http://a.example:0", "http://a.example:99999", "http://my_line.example.org")
        ),
        *(("TWILIO_API_URL", one) for one in ("api.twilio.com", "https://api.twilio.com/2010-04-01")),
        *(("TWILIO_ACCOUNT_SID", one) for one in ("AC1", "SK" + SID, "AC" + SID + "0", "AC" + "g" * 32, "ac" + SID)),
        ("TWILIO_API_KEY_SID", "AC" + SID),
        ("TWILIO_MESSAGING_SERVICE_SID", "MG"),
        *(("PHONE_NUMBER", one) for one in ("555-0100", "hello", "+1", "anonymous", "+266696687")),
        *(("DATABASE_URL", one) for one in ("postgres://a/b", "sqlite:///", "third-ring.db", "sqlite://a.db")),
        *(("PORT", one) for one in ("0", "-1", "65536", "http", "80.5", "٨٠", "1e3", "9" * 100)),
        *(("WEB_CONCURRENCY", one) for one in ("0", "65", "many")),
        ("WORK_IN_SERVE", "perhaps"),
    ],
)
def test_a_wrong_value_is_named(name: str, wrong: str) -> None:
    usual = {"LINE_NAME": "Ada", "TWILIO_API_KEY_SECRET": "x"} if name in {"PHONE_NUMBER", "TWILIO_API_KEY_SID"} else {}
    first, *_ = faults_of(**{**usual, name: wrong})
    assert first.startswith(name)
    assert first.endswith(".")


@pytest.mark.parametrize(
    "origin", ["http://a b.org", 'https://x"y', "https://a..example", "https://x:", "http://é.org"]
)
def test_an_origin_that_no_carrier_could_call_is_refused(origin: str) -> None:
    (fault,) = faults_of(PUBLIC_URL=origin)
    assert "PUBLIC_URL" in fault


def test_a_port_of_thousands_of_digits_is_a_fault_like_any_other() -> None:
    (fault,) = faults_of(PORT="9" * 5000)
    assert fault.startswith("PORT")


def test_a_host_with_an_underscore_is_named_as_such() -> None:
    (fault,) = faults_of(PUBLIC_URL="https://my_line.example.org")
    assert "underscore" in fault


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(WrongSettings) as raised:
        Settings.load(
            {"PORT": "x", "PUBLIC_URL": "x", "PHONE_NUMBER": "x", "DATABASE_URL": "x", "SECRET_KEY": "dev"}
            | {"TWILIO_API_KEY_SECRET": "x", "TWILIO_MESSAGING_SERVICE_SID": "x", "WORK_IN_SERVE": "x"},
            env_file=None,
            needs_carrier=True,
        )
    named = {fault.split()[0] for fault in raised.value.faults}
    assert named == {
        *("PORT", "PUBLIC_URL", "PHONE_NUMBER", "DATABASE_URL", "SECRET_KEY", "TWILIO_API_KEY_SID"),
        *("TWILIO_MESSAGING_SERVICE_SID", "WORK_IN_SERVE", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    }
    assert all(fault in str(raised.value) for fault in raised.value.faults)


def test_what_belongs_together_is_set_together() -> None:
    assert "TWILIO_API_KEY_SECRET" in faults_of(TWILIO_API_KEY_SID="SK" + SID)[0]
    assert faults_of(PHONE_NUMBER="+17735550100") == ["LINE_NAME is missing: whose line is PHONE_NUMBER?"]


def test_wrong_settings_leave_a_program_with_status_2_and_every_fault(elsewhere: Path) -> None:
    program = [sys.executable, "-c", "from ivr.cli import main; main()", "serve"]
    environment = {**unset(), "PORT": "x", "SECRET_KEY": "dev"}
    ended = subprocess.run(
        program, env=environment, cwd=elsewhere, text=True, capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert {name for name in ("PORT", "SECRET_KEY", "TWILIO_ACCOUNT_SID") if name in ended.stderr + ended.stdout} == {
        *("PORT", "SECRET_KEY", "TWILIO_ACCOUNT_SID")
    }
    assert "Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_used_is_named(elsewhere: Path) -> None:
    (elsewhere / "file").write_text("")
    (fault,) = faults_of(INSTANCE_PATH=str(elsewhere / "file" / "instance"))
    assert fault.startswith("INSTANCE_PATH")


def test_no_secret_is_shown_with_the_settings() -> None:
    shown = repr(
        load(**{**WHOLE, "TWILIO_AUTH_TOKEN": "hidden-one,hidden-two", "TWILIO_API_KEY_SECRET": "hidden-three"})
    )
    assert "hidden" not in shown
    assert KEY not in shown
    assert {setting.name for setting in TABLE if setting.secret} == {
        *("TWILIO_AUTH_TOKEN", "TWILIO_API_KEY_SECRET", "SECRET_KEY")
    }


def test_the_account_of_the_demo_is_taken_only_when_it_is_asked_for_and_there_is_no_other(elsewhere: Path) -> None:
    (elsewhere / "instance").mkdir()
    (elsewhere / "instance" / "demo.env").write_text(f"TWILIO_ACCOUNT_SID=AC{SID}\nTWILIO_AUTH_TOKEN=demo\n")
    assert Settings.load({}, None).account_sid == ""
    assert Settings.load({}, None, needs_carrier=True, or_demo=True).auth_tokens == ("demo",)
    other = {"TWILIO_ACCOUNT_SID": "AC" + "f" * 32, "TWILIO_AUTH_TOKEN": "own"}
    assert Settings.load(other, None, or_demo=True).auth_tokens == ("own",)
