"""A webhook's form, read once: bytes in, names and values out; and how single values are read."""

import re
from urllib.parse import unquote_to_bytes

from ivr.errors import BadWebhook
from ivr.plain_text import clean

MOST_FIELDS = 200
LONGEST_NUMBER = 100
_SIDS = {kind: re.compile(f"(?:{kind})[0-9a-fA-F]{{32}}") for kind in ("CA", "SM|MM", "RE")}


class Form(dict[str, str]):
    """The fields of a form, each name once; `repeated` holds all values of a name that came more than once."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self.repeated: dict[str, list[str]] = {}
        if len(self) != len(pairs):
            everything: dict[str, list[str]] = {}
            for name, value in pairs:
                everything.setdefault(name, []).append(value)
            self.repeated = {name: values for name, values in everything.items() if len(values) > 1}

    def getall(self, name: str) -> list[str]:
        """All values of a name, as twilio's validator asks for them."""
        return self.repeated.get(name) or [self[name]]


def read_form(body: bytes) -> Form:
    """The form in `body` (application/x-www-form-urlencoded, UTF-8). Raises `BadWebhook` 413: too many fields.

    As `urllib.parse.parse_qsl` reads it with blank values kept, at a quarter of the price: most values of a webhook
    have nothing to unquote.
    """
    pieces = body.decode("utf-8", "replace").split("&")
    if len(pieces) > MOST_FIELDS:
        raise BadWebhook(413, "too many fields")
    pairs = []
    for piece in pieces:
        name, _, value = piece.partition("=")
        if "%" in piece or "+" in piece:
            name, value = _unquoted(name), _unquoted(value)
        if piece:
            pairs.append((name, value))
    return Form(pairs)


def read_query(text: str) -> Form:
    """The form in a query string. Raises `BadWebhook` as `read_form` does."""
    return read_form(text.encode("utf-8", "replace"))


def sid_of(form: Form, name: str, kind: str) -> str:
    """A SID of this kind (`CA`, `SM|MM`, `RE`). Raises `BadWebhook` 400 when it is missing or none."""
    value = form.get(name, "")
    if not _SIDS[kind].fullmatch(value):
        raise BadWebhook(400, f"{name} invalid" if value else f"{name} missing")
    return value


def short(form: Form, name: str) -> str | None:
    """A short text, cleaned, or None."""
    value = form.get(name)
    return clean(value, LONGEST_NUMBER).strip() or None if value else None


def whole_number(form: Form, name: str) -> int | None:
    """A whole number above zero, or None."""
    text = form.get(name, "")
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 16 else None


def _unquoted(text: str) -> str:
    text = text.replace("+", " ")
    return unquote_to_bytes(text).decode("utf-8", "replace") if "%" in text else text
