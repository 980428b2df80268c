"""The server's log after a whole day of people: it tells what went wrong, and of nobody the number or the link."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from running import NUMBER, TOKEN, Product, running_with_carrier, until

from ivr import clock
from ivr.simulator import Simulator

CALLER, MEMBER, LOST, STOPPER, SPEAKER = (f"+1202555{ending}" for ending in (1901, 1902, "0003", 1904, 1905))
SIGNED = {"name": "Zenobia Quixwood", "day": "10", "month": "12", "year": "1990", "email": "zenobia@example.com"}


def test_no_whole_number_and_no_token_is_in_the_log_of_a_server(tmp_path: Path) -> None:
    with running_with_carrier(tmp_path, {"takes_messages": True, "keep_texts": 30}) as (product, carrier):
        carrier.misbehave({"messages.create": ["429"], "recordings.media": ["500"]})
        tokens = [_sign_up(product, carrier), _call_for_a_link(product, carrier)]
        carrier.text(LOST, NUMBER, "are you there?")
        carrier.text(STOPPER, NUMBER, "please stop texting me")
        carrier.text(MEMBER, NUMBER, "LINK")
        carrier.misbehave({"messages.create": ["400"]})
        carrier.dial(SPEAKER, NUMBER, keys=["1"])
        carrier.dial(SPEAKER, NUMBER, keys=["2"])
        _let_the_first_text_be_old(product)
        _knock(product, tokens[0])
        log = until(lambda: _with(product, "was refused", "bad signature", "Retention on line", "Voice message"))
        bodies = [text.body for phone in (CALLER, MEMBER) for text in carrier.received(phone)]
    found = re.findall(r"/(?:j|me)/([\w-]{20,})", " ".join(bodies))
    assert {*tokens} <= {*found} and any("/me/" in body for body in bodies)
    secrets = [*found, TOKEN, *SIGNED.values(), "please stop texting me"]
    secrets += [number[1:] for number in (NUMBER, CALLER, MEMBER, LOST, STOPPER, SPEAKER)]
    assert not [secret for secret in secrets if len(secret) > 4 and secret in log]


def _sign_up(product: Product, carrier: Simulator) -> str:
    """Somebody texts, opens the link and signs up, which is confirmed from the outbox; returns the token."""
    (answer,) = carrier.text(MEMBER, NUMBER, "hello").messages
    token = re.findall(r"/j/([\w-]+)", answer.body)[0]
    version = re.findall(r'name="consent" value="(\w+)"', product.request("GET", f"/j/{token}").text)[0]
    form = urlencode({**SIGNED, "language": "en", "agree": "yes", "consent": version, "strange": "field"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    assert product.request("POST", f"/j/{token}", form.encode(), headers).status == 303
    return token


def _call_for_a_link(product: Product, carrier: Simulator) -> str:
    """Somebody calls and presses 1: the link comes from the outbox; returns its token."""
    carrier.dial(CALLER, NUMBER, keys=["1"])
    body = until(lambda: next((text.body for text in carrier.received(CALLER) if "/j/" in text.body), ""))
    return re.findall(r"/j/([\w-]+)", body)[0]


def _let_the_first_text_be_old(product: Product) -> None:
    """Let the time of the first text and its answer be over, and the next run be due."""
    at = clock.written(clock.now() - timedelta(days=40))
    product.store.write(lambda db: db.execute("UPDATE messages SET at = ? WHERE id <= 2", (at,)))
    product.store.write(lambda db: db.execute("DELETE FROM retention"))


def _knock(product: Product, token: str) -> None:
    """What strangers try: a forged webhook, a link that is none, numbers in addresses."""
    product.webhook("/webhooks/sms", {"From": CALLER, "Body": token}, signature="forged")
    for path in (
        f"/card/{CALLER}.vcf",
        f"/privacy/{CALLER}?from={CALLER}",
        f"/j/{token}x",
        f"//j/{token}",
        f"/me/{token}",
    ):
        product.request("GET", path)
    product.raw(f"GET /j/{token}\r\n\r\n".encode())


def _with(product: Product, *words: str) -> str:
    """The log, once all of these words are in it."""
    text = product.log.read_text()
    return text if all(word in text for word in words) else ""
