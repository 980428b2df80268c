"""A text from a phone: the carrier's own keywords, the product's answer, and what the phone received."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ivr.message_segments import segments
from ivr.simulator.account import Number
from ivr.simulator.keywords import carrier_reply
from ivr.simulator.network import Network
from ivr.simulator.phones.ground import Turn
from ivr.simulator.phones.pictures import OWN, PNG, png
from ivr.simulator.phones.twiml import Document, Verb, message_document
from ivr.simulator.places import place_fields
from ivr.simulator.switchboard import Message, Picture
from ivr.simulator.webhooks import WebhookFailed, joined
from ivr.simulator.wire import API_VERSION, new_sid, now

MOST_MESSAGES = 10
"""More `<Message>` in one answer earn warning 14109 (twilio.com/docs/api/errors/14109)."""
MOST_REDIRECTS = 10


@dataclass(frozen=True)
class Received:
    """A text that arrived at a phone. `sid` is empty when the carrier itself spoke."""

    sid: str
    sender: str
    to: str
    body: str
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Texted:
    """What came of a text: `messages` the phone received, Twilio's `warnings` as `(code, words)`.

    `status` is `received` when the product took it, `failed` when neither webhook nor fallback could be
    obeyed; Twilio then logs an error and nothing more is done.
    """

    sid: str
    status: str
    messages: tuple[Received, ...]
    warnings: tuple[tuple[int, str], ...]


class Text:
    """One text on its way from a phone to the product."""

    def __init__(self, network: Network, number: Number, phone: str, body: str, media: Sequence[str]) -> None:
        self._network = network
        self._number = number
        self._phone = phone
        self._body = body
        self._sid = new_sid("MM" if media else "SM")
        self._media = tuple(self._own_picture() if address == OWN else address for address in media)
        self._received: list[Received] = []
        self._warnings: list[tuple[int, str]] = []

    def send(self) -> Texted:
        """Sends it and waits for the answer. What the product makes of it is in the result, never raised."""
        self._keep()
        line = self._number.phone_number
        word = carrier_reply(
            self._network.switchboard, self._network.log, line=line, phone=self._phone, body=self._body
        )
        if word is not None:
            self._received.append(Received("", line, self._phone, word))
        status = "received"
        turn: Turn | None = Turn(self._number.sms_url, self._number.sms_method)
        redirects = 0
        while turn is not None:
            asked = turn
            redirects += asked.is_redirect
            if redirects > MOST_REDIRECTS:
                self._warn(11215, asked.url, f"more than {MOST_REDIRECTS} redirects")
                break
            try:
                turn = self._take(asked)
            except WebhookFailed as failure:
                self._warn(failure.code, failure.url, failure.reason)
                turn = self._fallback(asked, failure)
                status = "failed" if turn is None else status
        return Texted(self._sid, status, tuple(self._received), tuple(self._warnings))

    def _own_picture(self) -> str:
        """Keeps a picture with the carrier; the address that the product is told of."""
        picture = Picture(new_sid("ME"), self._sid, PNG, png())
        self._network.switchboard.pictures.put(picture)
        account = f"{self._network.url}/{API_VERSION}/Accounts/{self._network.account.sid}"
        return f"{account}/Messages/{self._sid}/Media/{picture.sid}"

    def _keep(self) -> None:
        line = self._number.phone_number
        self._network.switchboard.messages.put(
            Message(
                sid=self._sid,
                sender=self._phone,
                to=line,
                body=self._body,
                direction="inbound",
                status="received",
                created=now(),
                updated=now(),
                sent=now(),
                media=self._media,
                segments=segments(self._body),
            )
        )
        self._network.log.append(
            "message.created",
            **{"sid": self._sid, "from": self._phone, "to": line, "body": self._body},
            direction="inbound",
            status="received",
        )

    def _fallback(self, failed: Turn, failure: WebhookFailed) -> Turn | None:
        if failed.is_fallback or not self._number.sms_fallback_url:
            return None
        extra = {"ErrorCode": str(failure.code), "ErrorUrl": failure.url}
        return Turn(self._number.sms_fallback_url, self._number.sms_fallback_method, extra, is_fallback=True)

    def _take(self, turn: Turn) -> Turn | None:
        """Asks for one document and sends what it says; where a `<Redirect>` leads, or None."""
        if not turn.url:
            return None
        kind = "sms.fallback" if turn.is_fallback else "sms"
        answer = self._network.ask(turn.url, {**self._form(), **turn.form}, kind=kind, method=turn.method)
        document = message_document(answer)
        for warning in document.warnings:
            self._warn(12200, document.url, warning)
        said = [verb for verb in document.verbs if verb.name == "Message"]
        if len(said) > MOST_MESSAGES:
            self._warn(14109, document.url, f"{len(said)} messages in one answer")
        return self._obey(document)

    def _obey(self, document: Document) -> Turn | None:
        for verb in document.verbs:
            if verb.name == "Redirect":
                return Turn(joined(document.url, verb.text), verb.word("method", "POST"), is_redirect=True)
            self._reply(verb, document.url)
        return None

    def _reply(self, verb: Verb, url: str) -> None:
        bodies = [child.text for child in verb.children if child.name == "Body"]
        media = tuple(joined(url, child.text) for child in verb.children if child.name == "Media")
        action = verb.word("action") or verb.word("statusCallback")
        message = self._network.delivery.reply(
            verb.word("from", self._number.phone_number),
            verb.word("to", self._phone),
            "".join(bodies) or verb.text,
            media,
            joined(url, action) if action else "",
            verb.word("method", "POST"),
        )
        error = self._network.delivery.error_of(message)
        if error is not None:
            self._warn(error, url, f"the message to {message.to} fails")
        elif message.to == self._phone:
            self._received.append(Received(message.sid, message.sender, message.to, message.body, media))

    def _warn(self, code: int, url: str, words: str) -> None:
        self._warnings.append((code, words))
        self._network.log.append("warning", code=code, url=url, text=words, sid=self._sid)

    def _form(self) -> dict[str, str]:
        """The fields of an inbound message (twilio.com/docs/messaging/guides/webhook-request)."""
        form = {
            "MessageSid": self._sid,
            "SmsSid": self._sid,
            "SmsMessageSid": self._sid,
            "AccountSid": self._network.account.sid,
            "ApiVersion": API_VERSION,
            "From": self._phone,
            "To": self._number.phone_number,
            "Body": self._body,
            "SmsStatus": "received",
            "NumSegments": "1" if self._media else str(segments(self._body)),
            "NumMedia": str(len(self._media)),
        }
        for n, address in enumerate(self._media):
            form[f"MediaUrl{n}"] = address
            form[f"MediaContentType{n}"] = self._kind_of(address)
        return form | place_fields("From", self._phone) | place_fields("To", self._number.phone_number)

    def _kind_of(self, address: str) -> str:
        own = self._network.switchboard.pictures.get(address.rpartition("/")[2])
        if own is not None:
            return own.content_type
        return mimetypes.guess_type(urlsplit(address).path)[0] or "application/octet-stream"
