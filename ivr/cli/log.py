"""The log on the terminal: ivr log."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from ivr import clock
from ivr.errors import NotAPhoneNumber
from ivr.house import open_store
from ivr.phone_numbers import national, parse
from ivr.plain_text import for_terminal
from ivr.settings import Settings
from ivr.store import Store, contacts
from ivr.store.contacts import Filter

FOLLOW_SECONDS = 0.5
LATECOMERS = timedelta(seconds=30)  # a contact's time is when it came; it is in the log once committed


class Moment(click.ParamType[str]):
    """A time as people type it: ISO 8601, in this machine's zone unless it names one, or a span back from now."""

    name = "time"
    UNITS = {"m": "minutes", "h": "hours", "d": "days"}  # noqa: RUF012

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The stored form of the time."""
        text = str(value)
        if text[:-1].isdigit() and text[-1:] in self.UNITS:
            return clock.before(clock.now(), **{self.UNITS[text[-1]]: int(text[:-1])})
        try:
            return clock.written(datetime.fromisoformat(text).astimezone(UTC))
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is no time; write 2026-11-03, 2026-11-03T20:15 or 2h (m, h, d) ago.", param, ctx)


@click.command()
@click.option("--line", help="Only this line.")
@click.option("--number", help="Only who has this number.")
@click.option("--kind", type=click.Choice(["call", "text"]), help="Only calls, or only texts.")
@click.option("--since", type=Moment(), help="From this time on, or for a span such as 2h.")
@click.option("--until", type=Moment(), help="Before this time.")
@click.option("-n", "--most", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--all", "everything", is_flag=True, help="All of them, without a limit.")
@click.option("--follow", is_flag=True, help="Show new contacts as they come, until stopped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def log(most: int, everything: bool, follow: bool, as_json: bool, **chosen: str | None) -> None:
    """Every call and text, newest first (with --follow, newest last)."""
    settings = Settings.load(or_demo=True)
    store = open_store(settings)
    for name in ("line", "number"):
        chosen[name] = _number(chosen[name])
    wanted = Filter(**chosen)
    if follow:
        rows: Iterator[dict[str, Any]] = _following(store, wanted, most)
    else:
        rows = store.read(lambda db: contacts.newest(db, wanted, None if everything else most))
    shown = 0
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _readable(row))
        shown += 1
    if not shown and not as_json:
        click.echo('No contacts yet that fit. Try `ivr dial` or `ivr text "hello"` beside `ivr demo`.', err=True)


def _following(store: Store, wanted: Filter, most: int) -> Iterator[dict[str, Any]]:
    """The newest contacts, oldest of them first, then every one that comes."""
    seen: dict[str, str] = {}
    rows = list(store.read(lambda db: contacts.newest(db, wanted, most)))
    while True:
        for row in reversed(rows):
            if row["sid"] not in seen:
                yield row
            seen[row["sid"]] = row["at"]
        time.sleep(FOLLOW_SECONDS)
        since = clock.written(clock.now() - LATECOMERS)
        seen = {sid: at for sid, at in seen.items() if at >= since}
        recent = Filter(**{**wanted.__dict__, "since": max(since, wanted.since or since)})
        rows = list(store.read(lambda db, recent=recent: contacts.newest(db, recent)))  # type: ignore[misc]


def _number(text: str | None) -> str | None:
    """A number as it is kept: E.164, or as it was typed (`anonymous`)."""
    if text is None:
        return None
    try:
        return parse(text)
    except NotAPhoneNumber:
        return text


def _readable(row: dict[str, Any]) -> str:
    when = clock.read(row["at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    place = ", ".join(row[name] for name in ("city", "state", "country") if row[name])
    what = f"{row['seconds'] if row['seconds'] is not None else '–'} s, {row['status']}"
    if row["kind"] == "text":
        what = f"“{for_terminal(row['body'])}”" + (f" +{row['media']} files" if row["media"] else "")
    return f"{when}  {row['kind']:4}  {national(row['number']) or '(no number)':>20}  {what}  → {row['reply']}" + (
        f"  ({for_terminal(place)})" if place else ""
    )
