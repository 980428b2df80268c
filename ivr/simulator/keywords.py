"""What the carrier itself does with STOP, START and HELP on an ordinary long code.

The words and that the message is still forwarded: twilio.com/docs/messaging/tutorials/advanced-opt-out.
Only a message that is nothing but the word counts, in any case; "STOP PLEASE" does not. `OptOutType` is
not added: it comes with Advanced Opt-Out alone.
"""

from ivr.simulator.log import Log
from ivr.simulator.switchboard import Switchboard

STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

_STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
_STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
_HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def carrier_reply(switchboard: Switchboard, log: Log, *, line: str, phone: str, body: str) -> str | None:
    """Does what the carrier does with a keyword from `phone` to `line`; the text it answers with, or None.

    A second STOP is not answered again: the block is already there.
    """
    word = body.strip().upper()
    reply = None
    if word in STOP:
        reply = _STOPPED if switchboard.block(line, phone) else None
    elif word in START:
        switchboard.unblock(line, phone)
        reply = _STARTED
    elif word in HELP:
        reply = _HELPED
    if reply is not None:
        log.append("carrier.reply", **{"from": line, "to": phone, "body": reply}, keyword=word)
    return reply
