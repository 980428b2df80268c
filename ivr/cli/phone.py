"""A phone on the terminal: ivr dial and ivr text, through the simulator of a running `ivr demo`."""

import json
import re
import time
from pathlib import Path

import click

from audio.library import Library
from ivr.cli.running import DEMO_NUMBER
from ivr.errors import StoreUnavailable
from ivr.house import open_store
from ivr.phone_numbers import parse
from ivr.plain_text import for_terminal
from ivr.settings import Settings
from ivr.simulator import DEFAULT_PHONE, Moment, client
from ivr.store import contacts

LONGEST_TEXT_SECONDS = 5
SIMULATOR = click.option("--simulator", "url", help="The simulator's address, when it is not beside the product.")
FROM = click.option("--from", "sender", default=DEFAULT_PHONE, show_default=True, help="The phone that is used.")
TO = click.option("--to", help="The line; without it, PHONE_NUMBER or the demo's.")


@click.command()
@FROM
@TO
@click.option("--keys", default="", help="Keys to press, one after another, such as 1 or 02; 1@3.5: at 3.5 s.")
@click.option(
    "--say",
    "says",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A WAV file to speak after a beep.",
)
@click.option("--hang-up-after", type=float, metavar="S", help="Hang up S seconds after it began to ring.")
@click.option("--cadence", type=click.Choice(["line", "caller"]), default="line", help="Whose ring is heard.")
@click.option("--set-up", type=float, default=0.0, metavar="S", help="It rings S seconds before we are asked.")
@click.option("--live", is_flag=True, help="In real time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@SIMULATOR
def dial(
    sender: str,
    to: str | None,
    keys: str,
    says: Path | None,
    hang_up_after: float | None,
    cadence: str,
    set_up: float,
    live: bool,
    as_json: bool,
    url: str | None,
) -> None:
    """Call the line and live through the call."""
    settings = Settings.load(or_demo=True)
    carrier = url or simulator_of(settings)
    before = len(client.received(carrier, sender))
    moments = client.dial(
        carrier,
        line_of(settings, to),
        sender=sender,
        keys=_keys(keys),
        says=says.read_bytes() if says else None,
        hang_up_after=hang_up_after,
        live=live,
        cadence=cadence,
        set_up=set_up,
    )
    recordings = Library.open()
    for moment in moments:
        click.echo(moment.as_line().rstrip() if as_json else f"{moment.at:7.1f} s  {_told(moment, recordings)}")
    if "1" in keys and "*" not in keys and not as_json:
        _show_texts(carrier, sender, before)


@click.command()
@click.argument("body")
@FROM
@TO
@click.option("--picture", is_flag=True, help="Send a picture with it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message.")
@SIMULATOR
def text(body: str, sender: str, to: str | None, picture: bool, as_json: bool, url: str | None) -> None:
    """Text BODY to the line and see what comes back, or why nothing does."""
    settings = Settings.load(or_demo=True)
    media = ["picture"] if picture else []
    texted = client.text(url or simulator_of(settings), line_of(settings, to), body, sender=sender, media=media)
    for message in texted.messages:
        click.echo(json.dumps(message.__dict__, ensure_ascii=False) if as_json else f"{message.sender}: {message.body}")
    for code, words in texted.warnings:
        click.echo(f"warning {code}: {words}", err=True)
    if not texted.messages and not as_json:
        click.echo(f"No answer: {_why(settings, texted.sid)}.")


def _told(moment: Moment, recordings: Library) -> str:
    """A moment for people: a recording of ours by its name and words instead of its address."""
    address = re.search(r"/audio/([0-9a-f]+)\.wav", moment.text)
    clip = recordings.by_digest(address[1]) if address else None
    if clip is None:
        return for_terminal(moment.text)
    begins = "the greeting begins" if clip.name == "greeting" else "then"
    return f"{begins} ({clip.seconds:.1f} s): “{for_terminal(clip.words)}”"


def _show_texts(carrier: str, phone: str, before: int) -> None:
    """Show the texts that a key brought; the outbox sends them a moment after the call."""
    deadline = time.monotonic() + LONGEST_TEXT_SECONDS
    texts = client.received(carrier, phone)[before:]
    while not texts and time.monotonic() < deadline:
        time.sleep(0.1)
        texts = client.received(carrier, phone)[before:]
    for text in texts:
        click.echo(f"{'a text':>9}  {text.sender}: {text.body}")


def _why(settings: Settings, sid: str) -> str:
    """The product's own reason for its silence, from its log."""
    try:
        why = open_store(settings).read(lambda db: contacts.why_unanswered(db, sid))
    except StoreUnavailable:
        return "the log cannot be read here"
    return why or "the log gives no reason"


def _keys(keys: str) -> list[str]:
    return keys.split(",") if "@" in keys or "," in keys else list(keys)


def simulator_of(settings: Settings) -> str:
    """Where the simulator is: the carrier's address, unless that is the real one; then beside the product."""
    if settings.sources["TWILIO_API_URL"] != "default":
        return settings.api_url
    return f"http://127.0.0.1:{settings.port + 1}"


def line_of(settings: Settings, to: str | None) -> str:
    """The line that is meant: the one that is named, else the settings', else the demo's."""
    return parse(to, "US") if to else settings.phone_number or DEMO_NUMBER
