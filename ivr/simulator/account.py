"""Whose carrier it is: one account and its numbers, with the addresses of their webhooks."""

from dataclasses import dataclass, field
from hashlib import md5


@dataclass(frozen=True)
class Account:
    """One account at the carrier.

    `sid` is AC and 32 hexadecimal digits; `auth_token` opens the REST API and signs webhooks;
    `api_key` is a second way in, a pair of SID and secret, which cannot sign
    (twilio.com/docs/iam/api-keys).
    """

    sid: str
    auth_token: str = field(repr=False)
    api_key: tuple[str, str] | None = field(default=None, repr=False)
    friendly_name: str = "Simulator"


@dataclass(frozen=True)
class Number:
    """One telephone number of the account, named as Twilio names its fields
    (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource). An empty address is no webhook."""

    phone_number: str
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    voice_application_sid: str = ""
    sms_application_sid: str = ""

    @property
    def sid(self) -> str:
        """PN and 32 hexadecimal digits, the same at every start."""
        return "PN" + md5(self.phone_number.encode(), usedforsecurity=False).hexdigest()
