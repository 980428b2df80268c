"""The page behind a personal link: signing up. Looking at it changes nothing; only the form that it posts does."""

from flask import Blueprint, Response, redirect, request

from ivr import clock, links, signup
from ivr.phone_numbers import international, masked
from ivr.signup import From
from ivr.store import Connection, lines, members
from ivr.store.lines import Line
from ivr.store.members import GENDERS, Details
from ivr.store.people import Person
from ivr.web.house import house
from ivr.web.posted_forms import address_of, posted
from ivr.web.rendering import page, visitors_language
from ivr.wording import LANGUAGES, name_of

blueprint = Blueprint("signup", __name__)
Known = tuple[Person | None, list[Line], Details | None, str | None]
ORDERS = {"en": ("month", "day", "year"), "ar": ("day", "month", "year")}
"""In which order a language writes a day."""


@blueprint.get("/j/<token>")
def link(token: str) -> Response:
    """A personal link: the form, filled in with what is known, or that somebody is in already."""
    person, known, told, city = _known(token)
    if person is None:
        return _ended(known)
    line = _line(person, known)
    language = _language(person, request.args.get("language", ""))
    if person.member_since and not person.opted_out_at and "again" not in request.args:
        return _page("joined.html", language, line, person)
    given = _given(told) if told else {"city": city or ""}
    return _form(language, line, person, token, given, told=told, opted_out=bool(person.opted_out_at))


@blueprint.post("/j/<token>")
def join(token: str) -> Response:
    """Somebody signs up."""
    person, known, told, _ = _known(token)
    if person is None:
        return _ended(known)
    line, form = _line(person, known), posted()
    language = _language(person, form.get("language", ""))
    given = {name: form.get(name, "") for name in ("name", "gender", "day", "month", "year", "city", "email")}
    if person.opted_out_at:
        return _form(language, line, person, token, given, 422, told=told, opted_out=True)
    if form.get("consent") != signup.version_of(signup.consent_of(line, language)):
        return _form(language, line, person, token, given, 422, told=told, other_wording=True)
    now = clock.now()
    read = signup.read(line, given, now.date(), told)
    if read.too_young:
        signup.refuse_young(house(), person, line, now)
        return _page("too-young.html", language, line, person, 422)
    if read.details is None:
        return _form(language, line, person, token, given, 422, told=told, faults=read.faults)
    environ = request.environ
    seen_from = From(address_of(environ, house().settings.proxy_hops), environ.get("HTTP_USER_AGENT", ""), language)
    if not signup.join(house(), person, line, read.details, seen_from, now):
        return _form(language, line, person, token, given, 422, told=told, opted_out=True)
    answer = redirect(f"/j/{token}?language={language}", 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


def _known(token: str) -> Known:
    key, at = house().settings.secret_key, clock.now()

    def query(db: Connection) -> Known:
        person = links.owner(db, token, at, key)
        if person is None:
            return None, lines.everyone(db), None, None
        return person, lines.everyone(db), members.details(db, person.id), members.last_city(db, person)

    return house().store.read(query)


def _line(person: Person, known: list[Line]) -> Line:
    return next(line for line in known if line.id == person.line_id)


def _language(person: Person, asked: str) -> str:
    return next((one for one in (asked, person.language) if one in LANGUAGES), LANGUAGES[0])


def _given(told: Details) -> dict[str, str]:
    """What is shown of what somebody told: not all of it, since a link may be passed on."""
    return {"name": told.name, "gender": told.gender or "", "city": told.city or ""}


def _ended(known: list[Line]) -> Response:
    text = {"lines": known, "international": international, "name_of": name_of}
    return page("link-ended.html", visitors_language(), 404, **text)


def _form(
    language: str,
    line: Line,
    person: Person,
    token: str,
    given: dict[str, str],
    status: int = 200,
    told: Details | None = None,
    **values: object,
) -> Response:
    consent = signup.consent_of(line, language)
    shown = {
        "token": token,
        "given": given,
        "held": [name for name, value in (told.__dict__ if told else {}).items() if value],
        "genders": GENDERS,
        "order": ORDERS.get(language, ORDERS["en"]),
        "required": signup.required_of(line),
        "consent": consent,
        "version": signup.version_of(consent),
        "faults": {},
        **values,
    }
    return _page("link.html", language, line, person, status, **shown)


def _page(template: str, language: str, line: Line, person: Person, status: int = 200, **values: object) -> Response:
    return page(
        template,
        language,
        status,
        line=line,
        name=name_of(line, language),
        number=masked(person.number),
        other="en" if language == "ar" else "ar",
        international=international,
        name_of=name_of,
        **values,
    )
