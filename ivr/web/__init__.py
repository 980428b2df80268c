"""The doors: who may enter is this one table. A blueprint that is not in it is refused."""

from dataclasses import dataclass

from flask import Blueprint, Flask, request

from ivr.house import House
from ivr.roles import Role
from ivr.web import faults, joining, own_page, pages, privacy, probes, signup, webhooks
from ivr.web.console import (
    account,
    audit,
    calibration,
    contact,
    entrance,
    exporting,
    failures,
    greetings,
    line,
    line_changes,
    line_number,
    line_operators,
    line_photos,
    lines,
    log,
    operators,
    people,
    person,
    person_changes,
    person_erasing,
    posters,
    replies,
    reply_changes,
    segments,
    today,
    uploading,
    waiting,
)
from ivr.web.console.guards import in_session, needs, needs_everywhere, on_the_way_in
from ivr.web.console.rendering import add_filters
from ivr.web.guards import Guard, anybody, carrier_only, known_host, nobody, plain_conditions
from ivr.web.posted_forms import form_of_texts, same_site, small_form


@dataclass(frozen=True)
class Door:
    """A blueprint, the prefix of its paths, and who is let in: the guards run in order and may abort."""

    blueprint: Blueprint
    prefix: str
    guards: tuple[Guard, ...]


CONSOLE = "/console"
ASKED_BY_US = (known_host, same_site, small_form)
OPERATORS = (*ASKED_BY_US, in_session)
DOORS = (
    Door(webhooks.blueprint, "/webhooks", (known_host, carrier_only)),
    Door(pages.blueprint, "", (known_host, anybody, plain_conditions)),
    Door(privacy.blueprint, "", (known_host, anybody)),
    Door(signup.blueprint, "", (*ASKED_BY_US, anybody)),
    Door(joining.blueprint, "", (*ASKED_BY_US, anybody)),
    Door(own_page.blueprint, "", (*ASKED_BY_US, anybody, plain_conditions)),
    Door(probes.blueprint, "", (anybody,)),
    Door(entrance.blueprint, CONSOLE, (*ASKED_BY_US, anybody)),
    Door(account.blueprint, CONSOLE, (*ASKED_BY_US, on_the_way_in)),
    Door(today.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(log.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(contact.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER), plain_conditions)),
    Door(people.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(person.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(person_changes.blueprint, CONSOLE, (known_host, same_site, form_of_texts, in_session, needs(Role.WRITER))),
    Door(person_erasing.blueprint, CONSOLE, (*OPERATORS, needs(Role.ADMIN))),
    Door(waiting.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(waiting.changes, CONSOLE, (*OPERATORS, needs(Role.WRITER))),
    Door(posters.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(segments.blueprint, CONSOLE, (*OPERATORS, needs(Role.WRITER))),
    Door(failures.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(exporting.blueprint, CONSOLE, (*OPERATORS, needs(Role.WRITER))),
    Door(greetings.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER), plain_conditions)),
    Door(uploading.blueprint, CONSOLE, (known_host, same_site, in_session, needs(Role.ADMIN))),
    Door(lines.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(lines.adding, CONSOLE, (*OPERATORS, needs_everywhere(Role.ADMIN))),
    Door(line.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(line_changes.blueprint, CONSOLE, (*OPERATORS, needs(Role.ADMIN))),
    Door(line_number.blueprint, CONSOLE, (*OPERATORS, needs(Role.ADMIN))),
    Door(line_operators.blueprint, CONSOLE, (*OPERATORS, needs_everywhere(Role.ADMIN))),
    Door(line_photos.blueprint, CONSOLE, (known_host, same_site, in_session, needs(Role.ADMIN))),
    Door(replies.blueprint, CONSOLE, (*OPERATORS, needs(Role.VIEWER))),
    Door(reply_changes.blueprint, CONSOLE, (known_host, same_site, in_session, needs(Role.ADMIN), form_of_texts)),
    Door(calibration.blueprint, CONSOLE, (*OPERATORS, needs(Role.ADMIN))),
    Door(audit.blueprint, CONSOLE, (*OPERATORS, needs_everywhere(Role.ADMIN))),
    Door(operators.blueprint, CONSOLE, (*OPERATORS, needs_everywhere(Role.ADMIN))),
)


def open_doors(app: Flask, house: House) -> None:
    """Hang every door of the table into `app`, and answer every fault in words."""
    app.extensions["house"] = house
    for door in DOORS:
        app.register_blueprint(door.blueprint, url_prefix=door.prefix or None)
    guards = {door.blueprint.name: door.guards for door in DOORS}

    @app.before_request
    def enter() -> None:
        rule, environ = request.url_rule, request.environ
        if rule is None:  # no such path or method: answered as a fault, after the Host is known
            known_host(environ, house)
            return
        for guard in guards.get(rule.endpoint.rpartition(".")[0], (nobody,)):
            guard(environ, house)

    add_filters(app)
    faults.answer_faults(app)
