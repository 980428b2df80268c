"""A telephone in somebody's hand: what a person at a desk, a test or the crowd uses to call and to text."""

from collections.abc import Iterator, Sequence

from ivr.errors import ThirdRingError
from ivr.phone_numbers import country_of
from ivr.ringing import Cadence, cadence_of
from ivr.simulator.moment import Moment
from ivr.simulator.network import Network
from ivr.simulator.phones.caller import Caller
from ivr.simulator.phones.calling import PhoneCall, call_form
from ivr.simulator.phones.clock import CountedClock, RealClock
from ivr.simulator.phones.ground import Ground
from ivr.simulator.phones.keypad import Keypad, presses
from ivr.simulator.phones.sounds import spoken_seconds
from ivr.simulator.phones.texting import Received, Text, Texted
from ivr.simulator.phones.wishes import Wishes
from ivr.simulator.places import place_fields
from ivr.simulator.switchboard import Call
from ivr.simulator.wire import new_sid, now

DEFAULT_PHONE = "+12025550143"
"""A number reserved for fiction (NANP 555-01XX), used when no other is named."""


class WrongCadence(ThirdRingError, ValueError):
    """A cadence that is neither `line`, `caller` nor a country."""


def start_call(network: Network, sender: str, to: str, wishes: Wishes) -> Iterator[Moment]:
    """Checks the wishes and gives the call, which begins when the first moment is asked for.

    Raises NoSuchNumber, WrongKeys, WrongCadence, WrongSound.
    """
    speak = wishes.speak if wishes.says is None else spoken_seconds(wishes.says)
    clock = RealClock() if wishes.live else CountedClock()
    caller = Caller(clock, Keypad(presses(wishes.keys)), wishes.hang_up_after, speak, wishes.says)
    return call_of(network, caller, sender, to, wishes.cadence, wishes.set_up)[1]


def call_of(
    network: Network, caller: Caller, sender: str, to: str, cadence: str = "line", set_up: float = 0.0
) -> tuple[str, Iterator[Moment]]:
    """The SID of a new call that `caller` lives, and its moments: it begins when the first is asked for.

    Raises NoSuchNumber, WrongCadence.
    """
    number = network.switchboard.number(to)
    ringing = cadence_for(cadence, sender, to)
    sid = new_sid("CA")
    form = call_form(network, sid) | {"From": sender, "To": to, "Caller": sender, "Called": to}
    for side, party in (("From", sender), ("Caller", sender), ("To", to), ("Called", to)):
        form |= place_fields(side, party)
    call = Call(sid, sender, to, number.sid, "ringing", now())
    return sid, PhoneCall(Ground(network, number, caller, sid, form), call, ringing, set_up).moments()


def send_text(network: Network, sender: str, to: str, body: str, media: Sequence[str] = ()) -> Texted:
    """Sends a text and gives what the phone received. Raises NoSuchNumber."""
    return Text(network, network.switchboard.number(to), sender, body, media).send()


def received_by(network: Network, phone: str) -> list[Received]:
    """Every text that arrived at `phone`, oldest first; not what the carrier itself said."""
    return [
        Received(message.sid, message.sender, message.to, message.body, message.media)
        for message in network.switchboard.messages.oldest_first()
        if message.to == phone and message.status == "delivered"
    ]


def cadence_for(wish: str, sender: str, to: str) -> Cadence:
    """The ringing that `wish` names: of the `line`, of the `caller`, or of a country. Raises WrongCadence."""
    if wish == "line":
        return cadence_of(country_of(to))
    if wish == "caller":
        return cadence_of(country_of(sender))
    if len(wish) == 2 and wish.isalpha():
        return cadence_of(wish.upper())
    raise WrongCadence(f"{wish!r} is no cadence: line, caller, or a country such as GB")
