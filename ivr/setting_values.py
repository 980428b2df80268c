"""Reading values of settings: from several sources, each checked for its kind, with every fault gathered."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ivr.errors import NotAPhoneNumber
from ivr.phone_numbers import parse

SQLITE = "sqlite:///"
_LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
ORIGIN = re.compile(rf"https?://(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{{0,4}}))?")


class Values:
    """Raw values by name, the first source that has one wins. `faults` says in sentences what was wrong with them."""

    def __init__(self, sources: Sequence[tuple[str, Mapping[str, str]]], names: Sequence[str]) -> None:
        self.faults: list[str] = []
        self.sources: dict[str, str] = {}
        self._values: dict[str, str] = {}
        for name in names:
            found = next(((source, values) for source, values in sources if (values.get(name) or "").strip()), None)
            self.sources[name] = found[0] if found else "default"
            if found:
                self._values[name] = found[1][name].strip()

    def text(self, name: str, default: str = "") -> str:
        """Any text."""
        return self._values.get(name, default)

    def several(self, name: str) -> tuple[str, ...]:
        """Texts with commas between them."""
        texts = (text.strip() for text in self.text(name).split(","))
        return tuple(text for text in texts if text)

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number."""
        text = self._values.get(name)
        if text is None:
            return default
        if re.fullmatch("[0-9]{1,9}", text) and lowest <= int(text) <= highest:
            return int(text)
        self.faults.append(f"{name} must be a whole number from {lowest} to {highest}, not {text!r}.")
        return default

    def yes(self, name: str, default: bool) -> bool:
        """Yes or no."""
        text = self.text(name, "yes" if default else "no").lower()
        if text not in {"yes", "no", "true", "false", "1", "0", "on", "off"}:
            self.faults.append(f"{name} must be yes or no, not {text!r}.")
        return text in {"yes", "true", "1", "on"}

    def origin(self, name: str, default: str) -> str:
        """An address without a path; its host in small letters. Twilio refuses host names with underscores."""
        text = self.text(name, default)
        origin = text.rstrip("/").lower()
        found = ORIGIN.fullmatch(origin)
        if found is None or int(found["port"] or 1) > 65535:
            self.faults.append(f"{name} must be an origin such as https://line.example.org, not {text!r}.")
            return default
        if "_" in origin:
            self.faults.append(f"{name} has a host name with an underscore, which Twilio refuses.")
        return origin

    def sid(self, name: str, prefix: str) -> str:
        """One of Twilio's identifiers, or nothing."""
        text = self.text(name)
        if text and not re.fullmatch(prefix + "[0-9a-fA-F]{32}", text):
            self.faults.append(f"{name} must be {prefix} and 32 hexadecimal digits.")
        return text

    def phone_number(self, name: str) -> str:
        """A number in E.164, or nothing."""
        text = self.text(name)
        try:
            return parse(text) if text else ""
        except NotAPhoneNumber:
            self.faults.append(f"{name} must be a number such as +17735550100, not {text!r}.")
            return ""

    def sqlite_file(self, name: str, default: Path) -> Path:
        """The file of a `sqlite:///` address."""
        url = self.text(name)
        if not url:
            return default
        if not url.startswith(SQLITE) or url == SQLITE:
            self.faults.append(f"{name} must begin with {SQLITE} and name a file, not {url!r}.")
            return default
        return Path(url.removeprefix(SQLITE)).expanduser().absolute()


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
