"""A carrier on your desk: it speaks Twilio's REST API and webhooks, has phones, and needs no account.

A program of its own, beside the house: it shares nothing with the product but the wire and the words (rings, segments).

    simulator.py       Simulator, what tests, drills and the command line hold
    server.py          on a port of this machine: serve (in a thread), run (blocking)
    client.py          the same phones from another process, over HTTP
    desk.py            the Flask application; control.py its control pages, rest/ Twilio's REST API
    phones/            calls and texts: what a person does, and what the TwiML does to them
    delivery.py        messages to phones; keywords.py STOP, START, HELP; callbacks.py what is told afterwards
    webhooks.py        signed forms to the product; courier.py the background
    misbehaviour.py    what shall go wrong
    crowd/             thousands of people within a minute; crowd_page.py its page
    log.py             what really happened
    network.py         all of it joined; switchboard.py, account.py, moment.py: what it is made of

    with serve(Simulator(Account(sid, token), ["+17735550100"])) as running:
        running.simulator.dial("+12025550143", "+17735550100", keys=["1"])
"""

from ivr.simulator.account import Account, Number
from ivr.simulator.log import Log
from ivr.simulator.loopback import is_loopback
from ivr.simulator.misbehaviour import WrongMisbehaviour
from ivr.simulator.moment import Moment
from ivr.simulator.phones.handset import DEFAULT_PHONE, WrongCadence
from ivr.simulator.phones.keypad import WrongKeys
from ivr.simulator.phones.sounds import WrongSound
from ivr.simulator.phones.texting import Received, Texted
from ivr.simulator.server import NotLoopback, PortTaken, Running, run, serve
from ivr.simulator.simulator import Simulator
from ivr.simulator.switchboard import NoSuchNumber

__all__ = [
    "DEFAULT_PHONE",
    "Account",
    "Log",
    "Moment",
    "NoSuchNumber",
    "NotLoopback",
    "Number",
    "PortTaken",
    "Received",
    "Running",
    "Simulator",
    "Texted",
    "WrongCadence",
    "WrongKeys",
    "WrongMisbehaviour",
    "WrongSound",
    "is_loopback",
    "run",
    "serve",
]
