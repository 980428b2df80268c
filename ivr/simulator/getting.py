"""Getting another number at the carrier, by REST or on the phone page: any number that nobody here has yet.

Source of the error codes: twilio.com/docs/api/errors/21421 and 21422
"""

from ivr.errors import NotAPhoneNumber, ThirdRingError
from ivr.phone_numbers import parse
from ivr.simulator.account import Number
from ivr.simulator.network import Network
from ivr.simulator.switchboard import NoSuchNumber

INVALID, TAKEN = 21421, 21422


class NotToBeHad(ThirdRingError):
    """The carrier cannot give that number; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


def get(network: Network, text: str, friendly_name: str = "") -> Number:
    """Give the account a number, typed in any form; nothing is asked of anybody yet. Raises `NotToBeHad`."""
    try:
        number = parse(text)
    except NotAPhoneNumber as fault:
        raise NotToBeHad(INVALID, str(fault)) from fault
    try:
        network.switchboard.number(number)
    except NoSuchNumber:
        return network.switchboard.numbers.put(Number(number, friendly_name=friendly_name))
    raise NotToBeHad(TAKEN, f"{number} is the account's already.")
