"""The page behind the link to sign up. Looking at it changes nothing; only the form that it posts does."""

from flask import Blueprint, Response, current_app

from ivr import clock, limits, signup
from ivr.limits import Limit
from ivr.personal_details import FIELDS, Read, read, required_of
from ivr.plain_text import for_terminal
from ivr.store import members
from ivr.translating import N_
from ivr.web.by_link import Visit, arrive, go_on, typed
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("signup", __name__)
AGREE = N_("To be written to, please tick the box.")
MOST_AN_HOUR = 30
KNOWN = {*FIELDS, "language", "consent", "agree"}


@blueprint.get("/j/<token>")
def link(token: str) -> Response:
    """The form, with the city as the carrier named it; or that somebody is in already, or cannot be yet."""
    visit = arrive(token, "link")
    if visit.person.too_young_at or visit.person.blocked_at:
        return visit.page("too-young.html")
    if visit.person.member_since and not visit.person.opted_out_at:
        return visit.page("joined.html")
    city = house().store.read(lambda db: members.last_city(db, visit.person))
    return _form(visit, {**dict.fromkeys(FIELDS, ""), "city": (city or "").title()})


@blueprint.post("/j/<token>")
def join(token: str) -> Response:
    """Somebody signs up. Who does so twice (a double click) is told the same, and nothing more happens."""
    visit, now = arrive(token, "link"), clock.now()
    _note_strange_fields()
    often = Limit(f"sign-up {visit.person.id}", MOST_AN_HOUR, 3600)
    if wait := house().store.write(lambda db: limits.count(db, [often], now)):
        answer = _form(visit, typed(), 429, too_often=True, agreed="agree" in posted())
        answer.headers["Retry-After"] = str(wait)
        return answer
    if visit.person.too_young_at or visit.person.blocked_at:
        return visit.page("too-young.html", 422)
    if visit.person.opted_out_at:
        return _form(visit, typed(), 422)
    if visit.person.member_since:
        return go_on(f"/j/{token}?language={visit.language}")
    if posted().get("consent") != signup.version_of(signup.consent_of(visit.line, visit.language)):
        return _form(visit, typed(), 422, other_wording=True)
    found = _read(visit)
    if found.too_young:
        signup.refuse_young(house(), visit.person, now)
        return visit.page("too-young.html", 422)
    if found.details is None:
        return _form(visit, typed(), 422, faults=found.faults, agreed="agree" in posted())
    if not signup.join(house(), visit.person, visit.line, found.details, visit.seen_from(), now):
        return _form(arrive(token, "link"), typed(), 422)
    return go_on(f"/j/{token}?language={visit.language}")


def _read(visit: Visit) -> Read:
    """What was typed, and whether the box was ticked."""
    found = read(visit.line, typed(), clock.now().date())
    return found if "agree" in posted() or found.too_young else Read(None, {**found.faults, "agree": AGREE})


def _form(visit: Visit, given: dict[str, str], status: int = 200, **values: object) -> Response:
    consent = signup.consent_of(visit.line, visit.language)
    shown = {"consent": consent, "version": signup.version_of(consent), "required": required_of(visit.line), **values}
    return visit.form("link.html", given, status, **shown)


def _note_strange_fields() -> None:
    """Fields that the form does not have count for nothing; somebody tries what they could be good for."""
    strange = [name for name in posted() if name not in KNOWN]
    if strange:
        current_app.logger.warning("A sign-up with other fields: %s", for_terminal(", ".join(strange))[:200])
