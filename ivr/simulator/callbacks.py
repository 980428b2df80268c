"""Status callbacks: what the carrier tells afterwards, from the background, in order unless it misbehaves."""

from collections.abc import Sequence

from ivr.simulator.courier import Courier
from ivr.simulator.log import Log
from ivr.simulator.misbehaviour import Misbehaviour
from ivr.simulator.webhooks import WebhookFailed, Webhooks


class Callbacks:
    """Sends callbacks through the courier, so that no REST answer and no call waits for them."""

    def __init__(self, webhooks: Webhooks, courier: Courier, misbehaviour: Misbehaviour, log: Log) -> None:
        self._webhooks = webhooks
        self._courier = courier
        self._misbehaviour = misbehaviour
        self._log = log

    def announce(self, url: str, forms: Sequence[dict[str, str]], *, kind: str, method: str = "POST") -> None:
        """Sends the forms to `url` one after another and returns at once. An empty `url`: nobody wants them.

        A form that cannot be delivered is logged and lost, as Twilio does without `#rc` overrides.
        """
        if not url:
            return
        ill = self._misbehaviour.callbacks
        kept: list[dict[str, str]] = []
        for form in forms:
            if self._misbehaviour.is_lost(ill.drop):
                self._log.append("callback.dropped", kind=kind, url=url, form=form)
                continue
            kept += [form] * (1 + ill.duplicates)
        if ill.shuffle:
            self._misbehaviour.shuffle(kept)

        def send_all() -> None:
            for form in kept:
                self._send(url, form, kind, method)

        self._courier.submit(send_all, ill.delay)

    def _send(self, url: str, form: dict[str, str], kind: str, method: str) -> None:
        try:
            self._webhooks.send(url, form, kind=kind, method=method)
        except WebhookFailed as failure:
            self._log.append("warning", code=failure.code, url=failure.url, text=failure.reason)
