"""Every setting of an installation: name, type, default, meaning.

Settings come from the environment, else from a `.env` file, else from the default; `Settings.load` reads them
once and reports every fault together. Words that operators edit (names, replies) are rows, not settings.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from ivr.errors import NotAPhoneNumber, WrongSettings
from ivr.phone_numbers import parse as parse_number

SAMPLE_KEYS = frozenset({"dev", "secret", "secret_key", "changeme", "change-me", "development", "test"})
SECRET_KEY_BYTES = 32
DEMO_FILE = "demo.env"


@dataclass(frozen=True)
class Setting:
    """One row of the table: `kind` is how it reads (text, number, list, path), `secret` masks its value."""

    name: str
    kind: str
    default: str
    meaning: str
    secret: bool = False


TABLE = (
    Setting("PUBLIC_URL", "text", "http://127.0.0.1:PORT", "Origin under which the carrier and people reach us."),
    Setting("TWILIO_ACCOUNT_SID", "text", "", "The Twilio account, AC and 32 hexadecimal digits."),
    Setting(
        "TWILIO_AUTH_TOKEN",
        "list",
        "",
        "Auth token that signs webhooks; several, comma-separated, while rotating (the first is used for REST).",
        secret=True,
    ),
    Setting("TWILIO_API_KEY_SID", "text", "", "API key for REST instead of the auth token, SK and 32 digits."),
    Setting("TWILIO_API_KEY_SECRET", "text", "", "The API key's secret.", secret=True),
    Setting("TWILIO_MESSAGING_SERVICE_SID", "text", "", "Send through this Messaging Service, MG and 32 digits."),
    Setting("TWILIO_API_URL", "text", "https://api.twilio.com", "Another host that speaks Twilio's REST API."),
    Setting("PHONE_NUMBER", "text", "", "E.164 number of a line that is made at the start if it is not there yet."),
    Setting("LINE_NAME", "text", "", "Whose line PHONE_NUMBER is: the name that callers and texters read."),
    Setting("DATABASE_URL", "text", "sqlite:///INSTANCE_PATH/third-ring.db", "Where contacts are kept; SQLite."),
    Setting("INSTANCE_PATH", "path", "instance", "Folder of the database, voice messages, spool and keys."),
    Setting("SECRET_KEY", "text", "made and kept in INSTANCE_PATH", "Key of the personal links.", secret=True),
    Setting("HOST", "text", "127.0.0.1", "Address to listen on."),
    Setting("PORT", "number", "8000", "Port to listen on."),
    Setting("WEB_CONCURRENCY", "number", "the number of cores, 2 to 8", "Web worker processes."),
    Setting("WORK_IN_SERVE", "text", "yes", "Send queued texts inside `ivr serve`; no: only `ivr work` sends."),
)


@dataclass(frozen=True)
class Settings:
    """The settings as read and checked. `sources` tells for each name where its value came from."""

    public_url: str
    account_sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    api_key_sid: str
    api_key_secret: str = field(repr=False)
    messaging_service_sid: str
    api_url: str
    phone_number: str
    line_name: str
    database_path: Path
    instance_path: Path
    secret_key: str = field(repr=False)
    host: str
    port: int
    web_concurrency: int
    work_in_serve: bool
    sources: Mapping[str, str] = field(repr=False, compare=False)

    @classmethod
    def load(
        cls,
        environment: Mapping[str, str] | None = None,
        env_file: Path | None = Path(".env"),
        needs_carrier: bool = False,
        or_demo: bool = False,
    ) -> "Settings":
        """Read and check every setting.

        `environment` defaults to the process's; `env_file` may be absent. With `needs_carrier` an account and a
        token are required too. With `or_demo` the account that `ivr demo` made is taken when there is no other.
        Makes INSTANCE_PATH and its SECRET_KEY file when they are missing. Raises `WrongSettings` naming every fault.
        """
        values = [("environment", os.environ if environment is None else environment)]
        if env_file and env_file.is_file():
            values.append((str(env_file), _without_gaps(dotenv_values(env_file))))
        if or_demo and not any(source.get("TWILIO_ACCOUNT_SID") for _, source in values):
            folder = next((source["INSTANCE_PATH"] for _, source in values if source.get("INSTANCE_PATH")), "instance")
            demo = Path(folder).expanduser() / DEMO_FILE
            values.append((str(demo), _without_gaps(dotenv_values(demo))))
        return _Reader(values).read(needs_carrier)


class _Reader:
    """Reads raw values and gathers faults, so that one message can name them all."""

    def __init__(self, sources: list[tuple[str, Mapping[str, str]]]) -> None:
        self.faults: list[str] = []
        self.values: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        for setting in TABLE:
            found = next(
                ((source, values) for source, values in sources if (values.get(setting.name) or "").strip()), None
            )
            self.sources[setting.name] = found[0] if found else "default"
            if found:
                self.values[setting.name] = found[1][setting.name].strip()

    def read(self, needs_carrier: bool) -> Settings:
        port = self._number("PORT", 8000, 1, 65535)
        instance = Path(self.values.get("INSTANCE_PATH", "instance")).expanduser().absolute()
        settings = Settings(
            public_url=self._origin("PUBLIC_URL", f"http://127.0.0.1:{port}"),
            account_sid=self._sid("TWILIO_ACCOUNT_SID", "AC"),
            auth_tokens=self._tokens(),
            api_key_sid=self._sid("TWILIO_API_KEY_SID", "SK"),
            api_key_secret=self.values.get("TWILIO_API_KEY_SECRET", ""),
            messaging_service_sid=self._sid("TWILIO_MESSAGING_SERVICE_SID", "MG"),
            api_url=self._origin("TWILIO_API_URL", "https://api.twilio.com"),
            phone_number=self._phone_number(),
            line_name=self.values.get("LINE_NAME", ""),
            database_path=self._database(instance),
            instance_path=instance,
            secret_key="",
            host=self.values.get("HOST", "127.0.0.1"),
            port=port,
            web_concurrency=self._number("WEB_CONCURRENCY", max(2, min(8, os.cpu_count() or 2)), 1, 64),
            work_in_serve=self._yes("WORK_IN_SERVE", True),
            sources=self.sources,
        )
        self._check_together(settings, needs_carrier)
        key = self._secret_key(instance)
        if self.faults:
            raise WrongSettings(self.faults)
        return Settings(**{**settings.__dict__, "secret_key": key})

    def _number(self, name: str, default: int, lowest: int, highest: int) -> int:
        text = self.values.get(name)
        if text is None:
            return default
        if text.isascii() and text.isdigit() and lowest <= int(text) <= highest:
            return int(text)
        self.faults.append(f"{name} must be a whole number from {lowest} to {highest}, not {text!r}.")
        return default

    def _yes(self, name: str, default: bool) -> bool:
        text = self.values.get(name, "yes" if default else "no").lower()
        if text not in {"yes", "no", "true", "false", "1", "0", "on", "off"}:
            self.faults.append(f"{name} must be yes or no, not {text!r}.")
        return text in {"yes", "true", "1", "on"}

    def _origin(self, name: str, default: str) -> str:
        text = self.values.get(name, default)
        try:
            parts = urlsplit(text)
            bare = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
        except ValueError:
            bare = False
        if not bare or parts.path.strip("/") or parts.query or parts.fragment:
            self.faults.append(f"{name} must be an origin such as https://line.example.org, not {text!r}.")
            return default
        if "_" in (parts.hostname or ""):
            self.faults.append(f"{name} has a host name with an underscore, which Twilio refuses.")
        return f"{parts.scheme}://{parts.netloc.lower()}"

    def _sid(self, name: str, prefix: str) -> str:
        text = self.values.get(name, "")
        if text and not re.fullmatch(prefix + "[0-9a-fA-F]{32}", text):
            self.faults.append(f"{name} must be {prefix} and 32 hexadecimal digits.")
        return text

    def _tokens(self) -> tuple[str, ...]:
        tokens = tuple(token.strip() for token in self.values.get("TWILIO_AUTH_TOKEN", "").split(","))
        return tuple(token for token in tokens if token)

    def _phone_number(self) -> str:
        text = self.values.get("PHONE_NUMBER", "")
        if not text:
            return ""
        try:
            return parse_number(text)
        except NotAPhoneNumber:
            self.faults.append(f"PHONE_NUMBER must be a number such as +17735550100, not {text!r}.")
            return ""

    def _database(self, instance: Path) -> Path:
        url = self.values.get("DATABASE_URL")
        if url is None:
            return instance / "third-ring.db"
        if not url.startswith("sqlite:///") or len(url) == len("sqlite:///"):
            self.faults.append("DATABASE_URL must begin with sqlite:/// and name a file.")
            return instance / "third-ring.db"
        return Path(url.removeprefix("sqlite:///")).expanduser().absolute()

    def _check_together(self, settings: Settings, needs_carrier: bool) -> None:
        if bool(settings.api_key_sid) != bool(settings.api_key_secret):
            self.faults.append("TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET go together: set both or neither.")
        if settings.phone_number and not settings.line_name:
            self.faults.append("LINE_NAME is missing: whose line is PHONE_NUMBER?")
        if not needs_carrier:
            return
        if not settings.account_sid:
            self.faults.append("TWILIO_ACCOUNT_SID is missing: see https://console.twilio.com, or run `ivr demo`.")
        if not settings.auth_tokens:
            self.faults.append("TWILIO_AUTH_TOKEN is missing: it stands beside the account SID.")

    def _secret_key(self, instance: Path) -> str:
        key = self.values.get("SECRET_KEY")
        if key is None:
            return self._kept_secret_key(instance)
        if key.lower() in SAMPLE_KEYS or len(key) < SECRET_KEY_BYTES:
            self.faults.append(
                f"SECRET_KEY is a sample or shorter than {SECRET_KEY_BYTES} characters: leave it unset and one is made."
            )
        return key

    def _kept_secret_key(self, instance: Path) -> str:
        path = instance / "secret_key"
        try:
            instance.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private_file(path, secrets.token_urlsafe(SECRET_KEY_BYTES))
            return path.read_text().strip()
        except OSError as error:
            self.faults.append(f"INSTANCE_PATH {instance} cannot be used: {error.strerror or error}.")
            return ""


def _without_gaps(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def make_private_file(path: Path, content: str) -> None:
    """Write `content` to `path`, readable by its owner alone, unless the file is there already. Atomic."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
