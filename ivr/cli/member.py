"""Commands on people: ivr member list | show | export | import | erase | block | unblock | tag | untag | segment …"""

import json
from collections.abc import Iterator
from itertools import chain, islice

import click

from ivr import blocking, clock, erasing, noting, taking_out
from ivr.cli.choosing import AS_JSON, ON_LINE, Asked, asked, of_people, opened
from ivr.cli.member_files import export, import_
from ivr.cli.segment import segment
from ivr.house import House
from ivr.phone_numbers import parse
from ivr.plain_text import for_terminal
from ivr.store import profiles
from ivr.store.audit import COMMAND_LINE
from ivr.store.listed import Listed
from ivr.store.profiles import Profile


@click.group()
def member() -> None:
    """The people of a line: members, and all who ever called or texted."""


@member.command("list")
@of_people
@AS_JSON
@click.option("-n", "--most", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--all", "everything", is_flag=True, help="All of them, without a limit.")
def list_(
    number: str | None, name: str | None, expression: str | None, as_json: bool, most: int, everything: bool
) -> None:
    """List people, who came last first: members, unless --where asks for another state."""
    wanted = asked(number, name, expression)
    shown = 0
    for one in _some(wanted, None if everything else most):
        click.echo(json.dumps(_row(one), ensure_ascii=False) if as_json else _readable(one))
        shown += 1
    if not shown and not as_json:
        click.echo("Nobody fits. `ivr member list --where 'state=new,invited'` shows who did not sign up.", err=True)


@member.command()
@click.argument("phone", metavar="NUMBER")
@ON_LINE
@AS_JSON
def show(phone: str, number: str | None, as_json: bool) -> None:
    """Show everything that is kept about who has this NUMBER."""
    _, store, line = opened(number)
    wanted = parse(phone)
    found = store.read(lambda db: profiles.of(db, line, wanted))
    if found is None:
        raise blocking.nobody(line, wanted)
    if as_json:
        click.echo(json.dumps(_whole(found), ensure_ascii=False))
        return
    for title, value in _told(found):
        click.echo(f"{title:>12}  {for_terminal(value)}")


@member.command()
@click.argument("phone", metavar="NUMBER")
@ON_LINE
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def erase(phone: str, number: str | None, yes: bool) -> None:
    """Erase who has this NUMBER: what they said and told goes, for good. An opt-out or a block still holds."""
    settings, store, line = opened(number)
    wanted = parse(phone)
    person = store.read(lambda db: blocking.known(db, line, wanted))
    if not yes:
        click.confirm(f"Erase everything of {wanted} on the line of {line.name}? It cannot be undone.", abort=True)
    erasing.erase(House.open(settings), person, COMMAND_LINE, clock.now())
    click.echo(f"{wanted} is erased.")


@member.command()
@click.argument("phone", metavar="NUMBER")
@ON_LINE
def block(phone: str, number: str | None) -> None:
    """Answer nothing and send nothing to NUMBER any more."""
    _, store, line = opened(number)
    wanted = parse(phone)
    changed = blocking.block(store, line, wanted, COMMAND_LINE, clock.now())
    click.echo(f"{wanted} {'is blocked' if changed else 'was blocked already'}. Undo: ivr member unblock {wanted}")


@member.command()
@click.argument("phone", metavar="NUMBER")
@ON_LINE
def unblock(phone: str, number: str | None) -> None:
    """Take a block back. Who has opted out stays so."""
    _, store, line = opened(number)
    wanted = parse(phone)
    changed = blocking.unblock(store, line, wanted, COMMAND_LINE, clock.now())
    click.echo(f"{wanted} {'is not blocked any more' if changed else 'was not blocked'}.")


@member.command()
@click.argument("phone", metavar="NUMBER")
@click.argument("name", metavar="TAG")
@ON_LINE
def tag(phone: str, name: str, number: str | None) -> None:
    """Give NUMBER a TAG, by which people are found: ivr member list --where tag=TAG"""
    _, store, line = opened(number)
    wanted = parse(phone)
    changed = noting.tag(store, line, wanted, name, COMMAND_LINE, clock.now())
    shown = for_terminal(noting.read_tag(name))
    click.echo(f"{wanted} {'has the tag' if changed else 'had the tag already:'} {shown}.")


@member.command()
@click.argument("phone", metavar="NUMBER")
@click.argument("name", metavar="TAG")
@ON_LINE
def untag(phone: str, name: str, number: str | None) -> None:
    """Take a TAG from NUMBER."""
    _, store, line = opened(number)
    wanted = parse(phone)
    changed = noting.untag(store, line, wanted, name, COMMAND_LINE, clock.now())
    click.echo(f"{wanted} {'has that tag no more' if changed else 'did not have that tag'}.")


for _command in (export, import_, segment):
    member.add_command(_command)


def _some(wanted: Asked, most: int | None) -> Iterator[Listed]:
    at_once = taking_out.AT_ONCE if most is None else min(most, taking_out.AT_ONCE)
    pages = taking_out.pages(wanted.store, wanted.line, wanted.segment, clock.now(), at_once)
    return islice(chain.from_iterable(pages), most)


def _row(one: Listed) -> dict[str, object]:
    return {name: value for name, value in one.__dict__.items() if name != "id"}


def _readable(one: Listed) -> str:
    told = [one.gender, one.born, one.city, one.email]
    details = ", ".join(for_terminal(value) for value in told if value)
    since = f" since {one.joined_at[:10]}" if one.joined_at else ""
    name = for_terminal(one.name) if one.name else "–"
    return f"{one.number}  {name}  {one.state}{since}  {one.country or '–'} {one.language}  {details}".rstrip()


def _told(found: Profile) -> Iterator[tuple[str, str]]:
    """Everything, as titles and texts."""
    person = found.person
    yield "number", person.number
    yield "state", found.state
    moments = (("met", person.first_at), ("member", person.member_since), ("left", person.left_at))
    others = (("opted out", person.opted_out_at), ("blocked", person.blocked_at), ("reminded", person.nudged_at))
    for title, at in (*moments, *others, ("too young", person.too_young_at)):
        if at:
            yield title, at
    yield "country", person.country or "unknown"
    yield "language", person.language
    for title, value in (found.details.__dict__ if found.details else {}).items():
        yield title, value or "–"
    if found.same_email:
        yield "", f"! {len(found.same_email)} more with this e-mail address: {', '.join(found.same_email)}"
    if found.tags:
        yield "tags", ", ".join(found.tags)
    for note in found.notes:
        yield "note", f"{note.at}  ({note.operator}): {note.body}"
    yield "calls", f"{found.calls:,}"
    yield "texts", f"{found.texts:,} of theirs, {found.texts_of_ours:,} of ours"
    for entry in found.consents:
        one = entry.consent
        yield "consent", f"{entry.at}  {one.action} ({one.source}, {one.language}, {one.version}): {one.wording}"
    for said in found.opt_outs:
        yield "opted " + said.action, f"{said.at}  ({said.source}): {said.wording}"


def _whole(found: Profile) -> dict[str, object]:
    hidden = {"id", "line_id", "link_counter", "link_at"}
    return {
        **{name: value for name, value in found.person.__dict__.items() if name not in hidden},
        "state": found.state,
        "details": found.details.__dict__ if found.details else None,
        "consents": [{"at": entry.at, **entry.consent.__dict__} for entry in found.consents],
        "opt_outs": [
            {name: value for name, value in one.__dict__.items() if name != "number"} for one in found.opt_outs
        ],
        **{name: getattr(found, name) for name in ("calls", "texts", "texts_of_ours", "same_email", "tags")},
        "notes": [{"at": one.at, "operator": one.operator, "body": one.body} for one in found.notes],
    }
