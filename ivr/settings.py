"""Every setting of an installation: name, type, default, meaning.

Settings come from the environment, else from a `.env` file, else from the default; `Settings.load` reads them
once and reports every fault together. Words that operators edit (names, replies) are rows, not settings.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from ivr.errors import WrongSettings
from ivr.setting_values import Values, make_private_file

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
    Setting("ACCESS_LOG", "text", "-", "File of the access log; -: standard output; none: no log."),
    Setting("REQUIRE_SECOND_FACTOR", "text", "no", "yes: no operator gets past their account page without one."),
    Setting("PROXY_HOPS", "number", "0", "Proxies of ours in front, whose X-Forwarded-For tells a visitor's address."),
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
    access_log: str
    require_second_factor: bool
    proxy_hops: int
    sources: Mapping[str, str] = field(repr=False, compare=False)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """What a Host header may say to mean us: PUBLIC_URL's name, with its port or without, or this machine."""
        public = urlsplit(self.public_url)
        name, port = public.hostname or "", public.port or (443 if public.scheme == "https" else 80)
        local = {f"{local}:{self.port}" for local in ("127.0.0.1", "localhost", "[::1]")}
        return frozenset({public.netloc, name, f"{name}:{port}", *local})

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
        return _read(Values(values, [setting.name for setting in TABLE]), needs_carrier)


def _read(values: Values, needs_carrier: bool) -> Settings:
    port = values.number("PORT", 8000, 1, 65535)
    instance = Path(values.text("INSTANCE_PATH", "instance")).expanduser().absolute()
    settings = Settings(
        public_url=values.origin("PUBLIC_URL", f"http://127.0.0.1:{port}"),
        account_sid=values.sid("TWILIO_ACCOUNT_SID", "AC"),
        auth_tokens=values.several("TWILIO_AUTH_TOKEN"),
        api_key_sid=values.sid("TWILIO_API_KEY_SID", "SK"),
        api_key_secret=values.text("TWILIO_API_KEY_SECRET"),
        messaging_service_sid=values.sid("TWILIO_MESSAGING_SERVICE_SID", "MG"),
        api_url=values.origin("TWILIO_API_URL", "https://api.twilio.com"),
        phone_number=values.phone_number("PHONE_NUMBER"),
        line_name=values.text("LINE_NAME"),
        database_path=values.sqlite_file("DATABASE_URL", instance / "third-ring.db"),
        instance_path=instance,
        secret_key="",
        host=values.text("HOST", "127.0.0.1"),
        port=port,
        web_concurrency=values.number("WEB_CONCURRENCY", max(2, min(8, os.cpu_count() or 2)), 1, 64),
        work_in_serve=values.yes("WORK_IN_SERVE", True),
        access_log=values.text("ACCESS_LOG", "-"),
        require_second_factor=values.yes("REQUIRE_SECOND_FACTOR", False),
        proxy_hops=values.number("PROXY_HOPS", 0, 0, 9),
        sources=values.sources,
    )
    faults = [*values.faults, *_faults_together(settings, needs_carrier)]
    key, fault = _secret_key(values.text("SECRET_KEY"), instance)
    if faults or fault:
        raise WrongSettings([*faults, *([fault] if fault else [])])
    return replace(settings, secret_key=key)


def _faults_together(settings: Settings, needs_carrier: bool) -> list[str]:
    """What is wrong though each setting is right by itself."""
    faults = []
    if bool(settings.api_key_sid) != bool(settings.api_key_secret):
        faults.append("TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET go together: set both or neither.")
    if settings.phone_number and not settings.line_name:
        faults.append("LINE_NAME is missing: whose line is PHONE_NUMBER?")
    if needs_carrier and not settings.account_sid:
        faults.append("TWILIO_ACCOUNT_SID is missing: see https://console.twilio.com, or run `ivr demo`.")
    if needs_carrier and not settings.auth_tokens:
        faults.append("TWILIO_AUTH_TOKEN is missing: it stands beside the account SID.")
    return faults


def _secret_key(key: str, instance: Path) -> tuple[str, str]:
    """The key that is set, else the one kept in the instance folder, made when missing; and what is wrong with it."""
    if key and (key.lower() in SAMPLE_KEYS or len(key) < SECRET_KEY_BYTES):
        return "", f"SECRET_KEY is a sample or under {SECRET_KEY_BYTES} characters: leave it unset and one is made."
    if key:
        return key, ""
    path = instance / "secret_key"
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private_file(path, secrets.token_urlsafe(SECRET_KEY_BYTES))
        kept = path.read_text().strip()
    except OSError as error:
        return "", f"INSTANCE_PATH {instance} cannot be used: {error.strerror or error}."
    if len(kept) < SECRET_KEY_BYTES:
        return "", f"{path} is damaged: restore it from a backup, or remove it (every link that was sent then ends)."
    return kept, ""


def _without_gaps(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
