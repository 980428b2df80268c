"""An operator's own account: password, second factor, sessions, language and time zone, and the way out."""

import segno
from flask import Blueprint, Response, abort, redirect, request
from markupsafe import Markup

from ivr import clock, operators, second_factor, sessions, signing_in
from ivr.errors import SignInRefused, WrongOperator
from ivr.store import lines
from ivr.store import operators as table
from ivr.web.console.entrance import HOME, local
from ivr.web.console.formats import zones
from ivr.web.console.guards import cookie_name, signed_in
from ivr.web.console.rendering import page, roles_held, say, told
from ivr.web.console.words import LANGUAGES
from ivr.web.house import house
from ivr.web.posted_forms import posted

blueprint = Blueprint("account", __name__)
ISSUER = "Third Ring"


@blueprint.get("/account")
def account() -> Response:
    """Everything about the operator who looks."""
    return _account(done=say("kept") if "kept" in request.args else "")


@blueprint.post("/account/form")
def form() -> Response:
    """Language and time zone were chosen."""
    chosen, me = posted(), signed_in()
    language, zone = chosen.get("language", ""), chosen.get("zone", "")
    if language not in LANGUAGES or zone not in zones():
        return _account(422, say("choose from the list"))
    house().store.write(lambda db: table.set_form(db, me.operator.id, language, zone))
    return _back()


@blueprint.post("/account/language")
def language() -> Response:
    """The other language was asked for, on any page."""
    chosen, me = posted(), signed_in()
    if chosen.get("language") in LANGUAGES:
        house().store.write(lambda db: table.set_form(db, me.operator.id, chosen["language"], me.operator.zone))
    return redirect(local(chosen.get("next")), 303)  # type: ignore[return-value]


@blueprint.post("/account/password")
def password() -> Response:
    """A new password was given."""
    given, me = posted(), signed_in()
    try:
        if given.get("password") != given.get("again"):
            raise WrongOperator(say("passwords differ"))
        signing_in.count_again(house(), me, clock.now())
        old, new = given.get("old", ""), given.get("password", "")
        operators.change_password(house().store, me.operator, old, new, me.actor, me.session.id, clock.now())
    except (WrongOperator, SignInRefused) as fault:
        return _refused(fault)
    return _back()


@blueprint.post("/account/second-factor")
def factor_on() -> Response:
    """The first code of a new authenticator was given: the recovery codes are shown, once."""
    me = signed_in()
    try:
        signing_in.count_again(house(), me, clock.now())
        codes = second_factor.turn_on(house(), me.operator, posted().get("code", ""), me.actor, clock.now())
    except (WrongOperator, SignInRefused) as fault:
        return _refused(fault)
    return page("recovery-codes.html", codes=codes, home=HOME)


@blueprint.post("/account/second-factor/off")
def factor_off() -> Response:
    """The second factor is wanted no more."""
    me = signed_in()
    try:
        signing_in.count_again(house(), me, clock.now())
        second_factor.turn_off(house().store, me.operator, posted().get("old", ""), me.actor, clock.now())
    except (WrongOperator, SignInRefused) as fault:
        return _refused(fault)
    return _back()


@blueprint.post("/account/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response:
    """One of the operator's sessions is to end."""
    me = signed_in()
    if session_id > 2**62 or not sessions.end_session(house(), me, session_id, clock.now()):
        abort(404)
    return _out() if session_id == me.session.id else _back()


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """This session is to end."""
    sessions.end_session(house(), signed_in(), signed_in().session.id, clock.now())
    return _out()


def _account(status: int = 200, fault: str = "", done: str = "") -> Response:
    me, moment = signed_in(), clock.now()
    known, left = house().store.read(lambda db: (lines.everyone(db), table.recovery_codes_left(db, me.operator.id)))
    key = house().settings.secret_key
    return page(
        "account.html",
        status,
        fault=fault,
        done=done,
        roles=roles_held(me.grants, known),
        codes_left=left,
        sessions=sessions.open_sessions(house(), me.operator, moment),
        zones=zones(),
        languages=LANGUAGES,
        secret=second_factor.secret_of(me.operator, key),
        qr=None if me.operator.factor_since else _qr(second_factor.address_of(me.operator, key, ISSUER)),
        factor_missing=house().settings.require_second_factor and not me.operator.factor_since,
    )


def _refused(fault: WrongOperator | SignInRefused) -> Response:
    if isinstance(fault, WrongOperator):
        return _account(422, told(fault))
    response = _account(429, say("refused too many").format(wait=fault.wait))
    response.headers["Retry-After"] = str(fault.wait)
    return response


def _qr(address: str) -> Markup:
    code = segno.make(address, error="m")
    return Markup(code.svg_inline(scale=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True))  # noqa: S704


def _back() -> Response:
    return redirect("/console/account?kept", 303)  # type: ignore[return-value]


def _out() -> Response:
    response = redirect("/console/sign-in", 303)
    secure = house().settings.public_url.startswith("https:")  # a browser keeps a __Host- cookie from any other
    response.delete_cookie(cookie_name(house()), path="/", secure=secure, httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response  # type: ignore[return-value]
