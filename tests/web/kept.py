"""What the server has kept, and requests as nobody sensible sends them."""

from typing import Any
from urllib.parse import urlencode

from running import TOKEN, Answer, Product
from twilio.request_validator import RequestValidator

from ivr.carrier.forms import Form
from ivr.store import Store

TABLES = ("people", "opt_outs", "messages", "media", "message_events", "calls", "call_keys", "voice_messages", "strays")
FORM = "application/x-www-form-urlencoded"


def rows(product: Product, sql: str, *values: object) -> list[dict[str, Any]]:
    """What a query finds in the server's database."""
    store = Store(product.settings.database_path, product.settings.instance_path / "spool")
    try:
        return store.read(lambda db: _dictionaries(db.execute(sql, values)))
    finally:
        store.close()


def _dictionaries(cursor: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def counts(product: Product) -> dict[str, int]:
    """How many rows each table has."""
    return {table: rows(product, f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in TABLES}


def signed(product: Product, path: str, pairs: list[tuple[str, str]], **headers: str) -> Answer:
    """A webhook of these fields, repeated ones too, correctly signed."""
    address = product.settings.public_url + path
    signature = str(RequestValidator(TOKEN).compute_signature(address, Form(pairs)))
    return posted(product, path, urlencode(pairs).encode(), **{"X-Twilio-Signature": signature, **headers})


def posted(product: Product, path: str, body: bytes, **headers: str) -> Answer:
    """A form as it is, with whatever headers."""
    return product.request("POST", path, body, {"Content-Type": FORM, **headers})


def head(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in small letters, and body of a raw answer; status 0 when there was none."""
    top, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    status = int(first.split()[1]) if first else 0
    return status, {name.lower(): value.strip() for name, _, value in pairs}, body
