"""Pointing a number at us: its webhooks at the carrier, what they are and what they should be."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from ivr import clock
from ivr.carrier import twiml
from ivr.carrier.rest import Carrier, Webhooks
from ivr.carrier.twiml import Spoken
from ivr.errors import CarrierInDoubt
from ivr.house import OVERRIDES, House
from ivr.ringing import pause_seconds
from ivr.settings import Settings
from ivr.store import audit
from ivr.store.audit import Actor
from ivr.store.lines import Line

LOOPBACK = ("127.0.0.1", "localhost", "::1")

FALLBACK_WORDS = {
    "en": "Thank you for calling. We cannot play the greeting just now. Please call again in a little while.",
    "ar": "شكراً لاتصالك. لا نستطيع تشغيل الرسالة الآن. الرجاء معاودة الاتصال بعد قليل.",
}


def addresses(settings: Settings) -> dict[str, str]:
    """Where the carrier shall ask us: for a call, for a text, and when a call is over; by field of `Webhooks`."""
    return {
        "voice": f"{settings.public_url}/webhooks/voice{OVERRIDES}",
        "sms": f"{settings.public_url}/webhooks/sms{OVERRIDES}",
        "call_status": f"{settings.public_url}/webhooks/voice/status{OVERRIDES}",
    }


def wanted(settings: Settings, present: Webhooks) -> Webhooks:
    """What a number should ask for. Fallbacks that point elsewhere are left as they are; unset ones are set to us."""
    return replace(
        present,
        **addresses(settings),
        voice_fallback=present.voice_fallback or f"{settings.public_url}/webhooks/voice",
        sms_fallback=present.sms_fallback or f"{settings.public_url}/webhooks/sms",
        voice_application="",
        sms_application="",
    )


def changes(present: Webhooks, future: Webhooks) -> list[tuple[str, str, str]]:
    """What is different: name, present address, future address."""
    names = [name for name in present.__dataclass_fields__ if name != "sid"]
    return [
        (name, getattr(present, name), getattr(future, name))
        for name in names
        if getattr(present, name) != getattr(future, name)
    ]


def provision(carrier: Carrier, settings: Settings, number: str, dry_run: bool) -> list[tuple[str, str, str]]:
    """Set a number's webhooks, unless `dry_run`; returns the changes. Raises `CarrierError`."""
    present = carrier.webhooks(number)
    future = wanted(settings, present)
    found = changes(present, future)
    if found and not dry_run:
        carrier.set_webhooks(future)
    return found


def point(house: House, line: Line, by: Actor, at: datetime) -> None:
    """Set the webhooks of a line's number, and note who did, where anything changes.

    Raises `CarrierError`; then the audit has nothing, but for `CarrierInDoubt`: it may be so now, and that is noted.
    """
    present = house.carrier.webhooks(line.number)
    future = wanted(house.settings, present)
    details = {name: address for name, _, address in changes(present, future)}
    if not details:
        return
    doubt = None
    try:
        house.carrier.set_webhooks(future)
    except CarrierInDoubt as fault:
        doubt, details["doubt"] = fault, str(fault)
    house.store.write(lambda db: audit.append(db, by, "number pointed at us", line.number, details, clock.written(at)))
    if doubt:
        raise doubt


def is_reachable(settings: Settings) -> bool:
    """Whether the carrier can reach our public address: not when that is this machine and the carrier is another."""
    ours, theirs = (urlsplit(url).hostname or "" for url in (settings.public_url, settings.api_url))
    return ours not in LOOPBACK or theirs in LOOPBACK


def fallback_twiml(line: Line) -> str:
    """TwiML to host elsewhere (a TwiML Bin, say), for when we cannot be reached at all: it rings as the line does."""
    words = FALLBACK_WORDS.get(line.language, FALLBACK_WORDS["en"])
    pause = pause_seconds(line.country, line.rings, line.adjust)
    return twiml.ring_then_speak(pause, (Spoken(words, line.language),))
