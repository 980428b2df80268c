"""Third Ring: one phone number for a public figure. This is the map of the house.

    settings, errors, clock, phone_numbers,      words: they know nothing of the rest
    ringing, languages, keywords, phrases,
    plain_text, folding, roles, tokens, hours,
    spreadsheets, translating, translations/,
    message_segments
    store/                                       what we keep: the only SQL; store/log reads it for the console
    carrier/                                     the phone network: the only twilio
    house                                        the parts, joined, as every rule gets them
    answering, link_texts, call_events,          rules on calls
    voice_messages
    greetings, voices, calibrating,              recordings of a line's own: made fit, kept, heard; its rings
    greeting_codes, dictating,                   recording by telephone
    recorded_greetings, spoken_words
    auto_reply, decisions, wording, replies,     rules on texts and people
    links, meeting
    signup, personal_details, cards              from a link to a member, with a consent; the card a phone saves
    joining, limits, posters                     from a web site or a poster to a link, not too often
    opting_out, held, erasing                    stopping; what is held of somebody, and how it goes
    segments, saved_segments, looking_up,        a line's people, by what they are and told, or by one field
    blocking, lifting, noting, writing           what operators do with one: block, opt out, note, tag, write to
    waiting_room                                 who came and has not signed up; reminding them by hand
    member_files, member_rows, importing,        members as CSV, out and in, each with their consent
    taking_out
    outbox, reconsidering, nudging, keeping,     what is sent, what waits, what goes on in the background
    catching_up, working
    operators, passwords, second_factor,         who may use the console, and what they did
    signing_in, sessions, auditing
    searching, failures, pictures, refusals      the log, searched; what went wrong; what people sent
    tallying                                     what came, counted as it happens, for the page Today
    retention, forgetting                        what has had its time goes, and stands in no file
    lines, line_checks, diagnosis, provisioning  an installation: its lines and what they can be, its health, its number
    web/                                         doors: webhooks, pages for everybody, web/console for operators
    cli/                                         the `ivr` command
    simulator/                                   beside the house: a carrier with phones, a program of its own

Imports go down only, and `tests/test_architecture.py` holds that.
"""

from flask import Flask

from ivr.house import House
from ivr.settings import Settings
from ivr.web import open_doors
from ivr.web.faults import harden

__version__ = "0.1.0"


def create_app(settings: Settings) -> Flask:
    """The application: the one place where parts are joined. The database must have been prepared."""
    app = Flask("ivr", static_folder=None, template_folder="web/templates")
    open_doors(app, House.open(settings))
    harden(app, https=settings.public_url.startswith("https://"))
    return app
