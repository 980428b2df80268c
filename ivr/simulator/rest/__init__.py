"""The part of Twilio's REST API that the product uses (twilio.com/docs/usage/api), one file a resource."""

from ivr.simulator.rest.account import account
from ivr.simulator.rest.calls import calls
from ivr.simulator.rest.media import media, store
from ivr.simulator.rest.messages import messages
from ivr.simulator.rest.numbers import numbers
from ivr.simulator.rest.recordings import recordings

BLUEPRINTS = (account, calls, media, store, messages, numbers, recordings)
"""Each endpoint's name, such as `messages.create`, is the operation's name in the log and in misbehaviour."""
