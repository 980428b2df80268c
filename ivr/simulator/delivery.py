"""Messages on their way to phones: what is refused, what becomes of the rest, and what is told about it.

A recipient whose number ends in one of `FATES` never gets the text, which is how tests and drills make
a handset unreachable: …0003 undelivered 30003, …0005 30005, …0006 30006, …0007 30007, …0008 30008.
"""

from dataclasses import dataclass

from ivr.message_segments import segments
from ivr.phone_numbers import is_e164
from ivr.simulator.callbacks import Callbacks
from ivr.simulator.courier import Courier
from ivr.simulator.log import Log
from ivr.simulator.switchboard import Message, Switchboard
from ivr.simulator.wire import API_VERSION, Refused, new_sid, now

MAX_BODY = 1600
"""Letters in one message; more is error 21617 (twilio.com/docs/api/errors/21617)."""
MAX_VALIDITY_S = 36000
"""Seconds a message may wait (twilio.com/docs/messaging/api/message-resource, ValidityPeriod)."""
FATES = {"0003": 30003, "0005": 30005, "0006": 30006, "0007": 30007, "0008": 30008}
"""Last four digits of a recipient → the error its messages end with."""


@dataclass(frozen=True)
class Order:
    """What the REST API is asked to send, as it came: nothing is checked yet."""

    to: str
    sender: str
    body: str
    service_sid: str = ""
    callback: str = ""
    validity: str = ""
    media: tuple[str, ...] = ()


class Delivery:
    """Takes messages for phones and lets them arrive, or fail, in the background."""

    def __init__(
        self, account_sid: str, switchboard: Switchboard, courier: Courier, callbacks: Callbacks, log: Log
    ) -> None:
        self._account_sid = account_sid
        self._switchboard = switchboard
        self._courier = courier
        self._callbacks = callbacks
        self._log = log

    def accept(self, order: Order) -> Message:
        """Takes an order of the REST API. Raises Refused with Twilio's code; then nothing was accepted.

        Whoever opted out is refused at once with 21610, except through a Messaging Service, where the
        message is accepted and fails (twilio.com/docs/messaging/tutorials/advanced-opt-out).
        """
        sender = self._checked_sender(order)
        _check_order(order, sender)
        blocked = self._switchboard.is_blocked(sender, order.to)
        if blocked and not order.service_sid:
            raise Refused(400, 21610, "Attempt to send to unsubscribed recipient")
        return self._dispatch(
            Message(
                sid=new_sid("MM" if order.media else "SM"),
                sender=sender,
                to=order.to,
                body=order.body,
                direction="outbound-api",
                status="accepted" if order.service_sid else "queued",
                created=now(),
                updated=now(),
                media=order.media,
                segments=segments(order.body),
                service_sid=order.service_sid or None,
                callback=order.callback,
                validity_s=int(order.validity or MAX_VALIDITY_S),
            )
        )

    def reply(
        self, sender: str, to: str, body: str, media: tuple[str, ...], callback: str, method: str = "POST"
    ) -> Message:
        """Takes one `<Message>` of a TwiML answer; what cannot be sent fails, for nobody is there to refuse."""
        return self._dispatch(
            Message(
                sid=new_sid("MM" if media else "SM"),
                sender=sender,
                to=to,
                body=body,
                direction="outbound-reply",
                status="queued",
                created=now(),
                updated=now(),
                media=media,
                segments=segments(body),
                callback=callback,
                callback_method=method,
            )
        )

    def error_of(self, message: Message) -> int | None:
        """The error the message ends with; None when it arrives."""
        if self._switchboard.is_blocked(message.sender, message.to):
            return 21610
        if len(message.body) > MAX_BODY:
            return 21617
        return FATES.get(message.to[-4:])

    def _checked_sender(self, order: Order) -> str:
        if not order.sender and not order.service_sid:
            raise Refused(400, 21603, "A 'From' phone number is required.")
        numbers = [number.phone_number for number in self._switchboard.numbers.newest_first()]
        sender = order.sender or (numbers[-1] if numbers else "")
        if sender not in numbers:
            raise Refused(
                400,
                21606,
                f"The 'From' phone number provided ({sender}) is not a valid message-capable Twilio phone number.",
            )
        return sender

    def _dispatch(self, message: Message) -> Message:
        self._switchboard.messages.put(message)
        self._log.append(
            "message.created",
            **{"sid": message.sid, "from": message.sender, "to": message.to, "body": message.body},
            direction=message.direction,
            status=message.status,
        )
        error = self.error_of(message)
        self._courier.submit(lambda: self._live(message, error))
        return message

    def _live(self, message: Message, error: int | None) -> None:
        """The message's whole life. The first status has no callback, so `queued` has one only after
        `accepted` (twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks)."""
        statuses = ["queued"] if message.service_sid else []
        statuses += {None: ["sent", "delivered"], 21610: ["failed"], 21617: ["failed"]}.get(
            error, ["sent", "undelivered"]
        )
        for status in statuses:
            code = error if status in ("failed", "undelivered") else None
            sent = now() if status == "sent" else None
            self._change(message.sid, status, code, sent is not None)
        if error is None:
            self._log.append(
                "phone.received",
                **{"sid": message.sid, "from": message.sender, "to": message.to, "body": message.body},
            )
        forms = [self._form(message, status, error) for status in statuses]
        self._callbacks.announce(message.callback, forms, kind="message.status", method=message.callback_method)

    def _change(self, sid: str, status: str, error: int | None, is_sent: bool) -> None:
        fields: dict[str, object] = {"status": status, "updated": now(), "error_code": error}
        if is_sent:
            fields["sent"] = now()
        self._switchboard.messages.change(sid, **fields)
        self._log.append("message.status", sid=sid, status=status, code=error)

    def _form(self, message: Message, status: str, error: int | None) -> dict[str, str]:
        form = {
            "AccountSid": self._account_sid,
            "ApiVersion": API_VERSION,
            "From": message.sender,
            "To": message.to,
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
        }
        if message.service_sid:
            form["MessagingServiceSid"] = message.service_sid
        if status in ("delivered", "undelivered"):
            form["RawDlrDoneDate"] = now().strftime("%y%m%d%H%M")
        if status in ("failed", "undelivered") and error:
            form["ErrorCode"] = str(error)
        return form


def _check_order(order: Order, sender: str) -> None:
    if not order.to:
        raise Refused(400, 21604, "A 'To' phone number is required.")
    if not is_e164(order.to):
        raise Refused(400, 21211, f"Invalid 'To' Phone Number: {order.to}")
    if order.to == sender:
        raise Refused(400, 21266, f"'To' and 'From' number cannot be the same: {order.to}")
    if not order.body and not order.media:
        raise Refused(400, 21602, "Message body is required.")
    if len(order.body) > MAX_BODY:
        raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    if order.validity and not _is_validity(order.validity):
        raise Refused(400, 20001, f"ValidityPeriod must be 1 to {MAX_VALIDITY_S} seconds")


def _is_validity(word: str) -> bool:
    return word.isdecimal() and 1 <= int(word) <= MAX_VALIDITY_S
