"""The way in: a one-time link, a password, a code; and the way out."""

from flask import Blueprint, Response, redirect, request

from ivr import clock, operators, sessions, signing_in, tokens
from ivr.errors import SignInRefused, WrongOperator
from ivr.signing_in import Opened
from ivr.store import operators as table
from ivr.store.operators import Operator
from ivr.web.console.formats import zones
from ivr.web.console.guards import cookie_name, session_token, visit
from ivr.web.console.rendering import page, say, told
from ivr.web.console.words import LANGUAGES
from ivr.web.house import house
from ivr.web.posted_forms import posted
from ivr.web.rendering import visitors_language

blueprint = Blueprint("entrance", __name__)
HOME = "/console/today"
A_YEAR = 31_536_000
STATUS = {"too many": 429}


@blueprint.get("/sign-in")
def sign_in() -> Response:
    """The form for name and password."""
    return page("sign-in.html", next=local(request.args.get("next")), name="")


@blueprint.post("/sign-in")
def signed_in() -> Response:
    """Name and password were given."""
    form = posted()
    name, password, then = form.get("name", ""), form.get("password", ""), local(form.get("next"))
    try:
        opened = signing_in.sign_in(house(), name, password, visit(request.environ, house()), clock.now())
    except SignInRefused as refused:
        return _refused("sign-in.html", refused, name=name, next=then)
    return admitted(opened, then)


@blueprint.get("/sign-in/code")
def code() -> Response:
    """The form for the second factor's code."""
    if sessions.waiting_for_code(house(), session_token(request.environ, house()), clock.now()) is None:
        return _to("/console/sign-in")
    return page("code.html", next=local(request.args.get("next")))


@blueprint.post("/sign-in/code")
def code_given() -> Response:
    """A code was given."""
    form, environ = posted(), request.environ
    then = local(form.get("next"))
    token, given = session_token(environ, house()), form.get("code", "")[:100]
    try:
        opened = signing_in.confirm(house(), token, given, visit(environ, house()), clock.now())
    except SignInRefused as refused:
        if refused.reason == "ended":
            return _to("/console/sign-in")
        return _refused("code.html", refused, next=then)
    return admitted(opened, then)


@blueprint.get("/begin/<token>")
def begin(token: str) -> Response:
    """A one-time link: looking at it uses nothing up."""
    operator = _owner(token)
    if operator is None:
        return page("link-ended.html", 404)
    return page("begin.html", operator=operator, zones=zones(), languages=LANGUAGES, chosen=visitors_language())


@blueprint.post("/begin/<token>")
def begun(token: str) -> Response:
    """A password was set through a one-time link."""
    operator, form = _owner(token), posted()
    if operator is None:
        return page("link-ended.html", 404)
    zone, language = form.get("zone", ""), form.get("language", "")
    zone, language = zone if zone in zones() else "UTC", language if language in LANGUAGES else "en"
    try:
        if form.get("password") != form.get("again"):
            raise WrongOperator(say("passwords differ"))
        opened = operators.begin(
            house(), token, form.get("password", ""), (language, zone), visit(request.environ, house()), clock.now()
        )
    except WrongOperator as wrong:
        kept = {"operator": operator, "zones": zones(), "languages": LANGUAGES, "chosen": language}
        return page("begin.html", 422, fault=told(wrong), **kept)
    return admitted(opened, HOME)


def admitted(opened: Opened, then: str) -> Response:
    """Give the browser its session, and lead on: to the code where one is asked for."""
    response = _to("/console/sign-in/code" if opened.needs_code else then)
    secure = house().settings.public_url.startswith("https:")
    response.set_cookie(cookie_name(house()), opened.token, httponly=True, secure=secure, samesite="Lax", path="/")
    if opened.browser_token:
        response.set_cookie(
            cookie_name(house(), "browser"),
            opened.browser_token,
            max_age=A_YEAR,
            httponly=True,
            secure=secure,
            samesite="Lax",
            path="/",
        )
    return response


def local(path: str | None) -> str:
    """Where to go on: a path of the console, else its home. Nothing that a browser could read as another site."""
    wanted = path or ""
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted and "//" not in wanted.partition("?")[0]
    return wanted if plain and wanted.startswith("/console/") and len(wanted) < 2000 else HOME


def _owner(token: str) -> Operator | None:
    link, moment = tokens.hash_of(token), clock.written(clock.now())
    return house().store.read(lambda db: table.owner_of_link(db, link, moment))


def _refused(template: str, refused: SignInRefused, **values: object) -> Response:
    words = say(f"refused {refused.reason}").format(wait=refused.wait)
    response = page(template, STATUS.get(refused.reason, 401), fault=words, **values)
    if refused.wait:
        response.headers["Retry-After"] = str(refused.wait)
    return response


def _to(path: str) -> Response:
    response = redirect(path, 303)
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]
