"""A person's own page, by a link that only members are texted: what is held of them, to see, correct, take along."""

import json

from flask import Blueprint, Response, abort, send_file

from ivr import clock, erasing, links, signup
from ivr.held import Held, as_json, held
from ivr.personal_details import FIELDS, read, required_of
from ivr.store import consents
from ivr.store.log import story
from ivr.translating import N_
from ivr.voice_messages import path_of
from ivr.web.by_link import Visit, arrive, as_typed, go_on, typed
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("own_page", __name__)
PAGE = "/me/<token>"
SURE = N_("To have everything erased, please tick the box.")


@blueprint.get(PAGE)
def me(token: str) -> Response:
    """What they told, in a form, and what they may do."""
    visit = arrive(token, "me")
    return _form(visit, as_typed(visit.told) if visit.told else dict.fromkeys(FIELDS, ""))


@blueprint.post(PAGE)
def correct(token: str) -> Response:
    """A member corrects what they told, or chooses another language."""
    visit, now = arrive(token, "me"), clock.now()
    if visit.told is None:
        return _form(visit, typed(), 422)
    found = read(visit.line, typed(), now.date())
    if found.too_young:
        signup.refuse_young(house(), visit.person, now)
        return visit.page("too-young.html", 422)
    if found.details is None:
        return _form(visit, typed(), 422, faults=found.faults)
    signup.correct(house(), visit.person, found.details, visit.language, now)
    return go_on(f"/me/{token}?language={visit.language}&saved")


@blueprint.get(f"{PAGE}/everything")
def everything(token: str) -> Response:
    """All that is held, to read."""
    visit = arrive(token, "me")
    return visit.page("everything.html", held=_held(visit))


@blueprint.get(f"{PAGE}/everything.json")
def take_along(token: str) -> Response:
    """All that is held, to take along."""
    text = json.dumps(as_json(_held(arrive(token, "me"))), ensure_ascii=False, indent=2)
    response = Response(text + "\n", content_type="application/json; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="everything.json")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(f"{PAGE}/voice/<sid>.wav")
def voice(token: str, sid: str) -> Response:
    """A voice message that they left."""
    visit = arrive(token, "me")
    path = path_of(house(), sid)
    if not house().store.read(lambda db: story.is_recording_of(db, sid, visit.person)) or not path.is_file():
        abort(404)
    response = send_file(path, mimetype="audio/wav", max_age=0, as_attachment=True, download_name=f"{sid}.wav")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post(f"{PAGE}/leave")
def leave(token: str) -> Response:
    """A member leaves."""
    visit = arrive(token, "me")
    signup.leave(house(), visit.person, clock.now())
    return go_on(f"/me/{token}?language={visit.language}&left")


@blueprint.get(f"{PAGE}/erase")
def ask(token: str) -> Response:
    """What erasing does, before it is done."""
    return arrive(token, "me").page("erase.html", fault="")


@blueprint.post(f"{PAGE}/erase")
def erase(token: str) -> Response:
    """Everything goes."""
    visit = arrive(token, "me")
    if "sure" not in posted():
        return visit.page("erase.html", 422, fault=SURE)
    erasing.erase(house(), visit.person, erasing.THEMSELVES, clock.now())
    return visit.page("erased.html")


def _held(visit: Visit) -> Held:
    return house().store.read(lambda db: held(db, visit.line, visit.person))


def _form(visit: Visit, given: dict[str, str], status: int = 200, **values: object) -> Response:
    own_link = links.token_of(visit.person, house().settings.secret_key)
    agreed = house().store.read(lambda db: consents.of(db, visit.person.id))
    return visit.form(
        "me.html", given, status, required=required_of(visit.line), consents=agreed, own_link=own_link, **values
    )
