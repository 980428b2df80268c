"""Whoever comes by a personal link: who they are, whose line it is, what they have told, which language they read."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask import Response, redirect, request

from ivr import clock, links
from ivr.errors import LinkEnded
from ivr.personal_details import FIELDS
from ivr.phone_numbers import international, masked
from ivr.signup import From
from ivr.store import Connection, lines, members
from ivr.store.lines import Line
from ivr.store.members import GENDERS, Details
from ivr.store.people import Person
from ivr.translating import LANGUAGES
from ivr.web.house import house
from ivr.web.posted_forms import address_of, posted
from ivr.web.rendering import date_order, page
from ivr.wording import name_of


@dataclass(frozen=True)
class Visit:
    """A person at their own link. `told` is what a member told; `token` is the link's."""

    token: str
    person: Person
    line: Line
    told: Details | None
    language: str

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A page for them, in their language."""
        return page(
            template,
            self.language,
            status,
            visit=self,
            line=self.line,
            person=self.person,
            name=name_of(self.line, self.language),
            number=masked(self.person.number),
            international=international,
            name_of=name_of,
            day=self.day,
            **values,
        )

    def day(self, at: str) -> str:
        """A stored time, or day, as a day in their language."""
        return str(format_date(date.fromisoformat(at[:10]), "long", locale=self.language))

    def form(self, template: str, given: dict[str, str], status: int = 200, **values: object) -> Response:
        """A page with the fields of what people tell of themselves, filled in with what is `given`."""
        order = date_order(self.language)
        return self.page(template, status, given=given, genders=GENDERS, order=order, **{"faults": {}, **values})

    def seen_from(self) -> From:
        """From where they come."""
        environ = request.environ
        address = address_of(environ, house().settings.proxy_hops)
        return From(address, environ.get("HTTP_USER_AGENT", ""), self.language)


def arrive(token: str, kind: str) -> Visit:
    """Whose link of this kind (`link` or `me`) it is. Raises `LinkEnded`."""
    key, at = house().settings.secret_key, clock.now()

    def query(db: Connection) -> tuple[Person, Line, Details | None] | None:
        person = links.owner(db, token, at, key, kind)
        line = person and next((line for line in lines.everyone(db) if line.id == person.line_id), None)
        return (person, line, members.details(db, person.id)) if person and line else None

    found = house().store.read(query)
    if found is None:
        raise LinkEnded
    person, line, told = found
    asked = posted().get("language", "") if request.method == "POST" else request.args.get("language", "")
    language = next((one for one in (asked, person.language) if one in LANGUAGES), LANGUAGES[0])
    return Visit(token, person, line, told, language)


def go_on(path: str) -> Response:
    """To the page that shows what was done; no cache keeps where that is."""
    answer = redirect(path, 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


def typed() -> dict[str, str]:
    """What was typed into the fields of what people tell of themselves."""
    return {name: posted().get(name, "") for name in FIELDS}


def as_typed(told: Details) -> dict[str, str]:
    """What somebody told, as they would type it."""
    year, month, day = told.born.split("-") if told.born else ("", "", "")
    given = {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}
    return {**given, "name": told.name, "gender": told.gender or "", "city": told.city or "", "email": told.email or ""}
