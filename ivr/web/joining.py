"""Joining without a text: the page that a web site or a poster leads to. It asks for a number, and texts it."""

from flask import Blueprint, Response, request

from ivr import clock, joining
from ivr.errors import NotAPhoneNumber
from ivr.phone_numbers import can_be_texted, international, parse
from ivr.store.lines import Line
from ivr.translating import N_
from ivr.web.house import house, lines_here
from ivr.web.posted_forms import address_of, posted
from ivr.web.rendering import language_for, page
from ivr.wording import name_of

blueprint = Blueprint("joining", __name__)
WHICH = N_("Please choose whom you want to hear from.")
WRONG = N_("Please look at the number again. A number of another country begins with + and that country's code.")
NO_MOBILE = N_("This number cannot get texts. Please write the number of a mobile phone.")
LONGEST_NUMBER = 40


@blueprint.get("/join")
def join() -> Response:
    """A form for a number; of the line that the address names, else one is chosen."""
    return _form({"line": request.args.get("line", "")})


@blueprint.post("/join")
def send() -> Response:
    """A link is texted to the number. The answer is the same whether or not anybody knows it."""
    form, known = posted(), lines_here()
    line = _named(form.get("line", ""), known)
    if line is None:
        return _form(form, 422, faults={"line": WHICH})
    try:
        number = parse(form.get("number", "")[:LONGEST_NUMBER], line.country)
    except NotAPhoneNumber:
        return _form(form, 422, faults={"number": WRONG})
    if not can_be_texted(number):
        return _form(form, 422, faults={"number": NO_MOBILE})
    if not form.get("website", ""):  # people do not see that field, robots fill it in
        address = address_of(request.environ, house().settings.proxy_hops)
        if wait := joining.ask(house(), line, number, _language(), address, clock.now()):
            answer = _page("too-many.html", 429, line=line)
            answer.headers["Retry-After"] = str(wait)
            return answer
    return _page("on-its-way.html", line=line)


def _form(given: "dict[str, str]", status: int = 200, **values: object) -> Response:
    known = lines_here()
    asked = given.get("line", "")
    chosen = known[0] if len(known) == 1 and not asked else _named(asked, known)
    return _page("join.html", status, **{"lines": known, "chosen": chosen, "given": given, "faults": {}, **values})


def _named(asked: str, known: list[Line]) -> Line | None:
    """The line of a number, with or without its plus, which is read as a space where an address has it as it is."""
    return next((line for line in known if line.number == f"+{asked.strip().removeprefix('+')}"), None)


def _language() -> str:
    given = posted() if request.method == "POST" else request.args
    return language_for(given.get("language", ""))


def _page(template: str, status: int = 200, **values: object) -> Response:
    return page(template, _language(), status, international=international, name_of=name_of, **values)
