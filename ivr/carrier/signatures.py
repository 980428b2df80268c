"""Is this webhook the carrier's? X-Twilio-Signature, checked by twilio's own validator.

The carrier signs the address it was given and the form it sends (docs: usage/security). We hold the address against
PUBLIC_URL and the raw request target, never against the Host header or a decoded path: proxies change the one,
frameworks the other.
"""

import hmac

from twilio.request_validator import RequestValidator

from ivr.carrier.forms import Form


class Signatures:
    """Checks signatures made with any of `tokens` for addresses under `public_url` (an origin)."""

    def __init__(self, tokens: tuple[str, ...], public_url: str) -> None:
        self._validators = [RequestValidator(token) for token in tokens]
        self._public_url = public_url

    def valid(self, target: str, form: Form, signature: str) -> bool:
        """Whether `signature` fits a POST of `form` to `target` (path and query as they came).

        What is signed is first joined here, in one pass; only when that does not fit, the validator joins it its own
        way, several times over: with and without the port, as the carrier does not always sign the one it calls.
        """
        address = self._public_url + target
        return any(_fits(validator, address, form, signature) for validator in self._validators)


def _fits(validator: RequestValidator, address: str, form: Form, signature: str) -> bool:
    try:
        computed = validator.compute_signature(address + _joined(form), None)
        if hmac.compare_digest(computed.encode(), signature.encode()):
            return True
        return bool(validator.validate(address, form, signature))
    except (ValueError, TypeError):  # an address or a text that the validator cannot read
        return False


def _joined(form: Form) -> str:
    """The form as it is signed: names in order, each with its value, and nothing between them (docs usage/security)."""
    return "".join([name + value for name, value in sorted(form.items())])
