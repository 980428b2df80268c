"""The parts of one carrier, joined: what the REST API, the phones and the control pages are given."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic

from ivr.simulator.account import Account, Number
from ivr.simulator.callbacks import Callbacks
from ivr.simulator.courier import Courier
from ivr.simulator.delivery import Delivery
from ivr.simulator.log import Log
from ivr.simulator.misbehaviour import Misbehaviour
from ivr.simulator.switchboard import Switchboard
from ivr.simulator.webhooks import Answer, WebhookFailed, Webhooks
from ivr.simulator.wire import now


class Network:
    """One carrier: its account, its numbers, its log, and the ways out of it.

    `url` is the origin at which its REST API is reached; recordings are named by it.
    """

    def __init__(
        self, account: Account, numbers: Iterable[Number | str], log_path: Path | None, seed: int | None
    ) -> None:
        self.account = account
        self.url = "http://127.0.0.1:8001"
        self.began = now()
        self.log = Log(log_path)
        self.switchboard = Switchboard(numbers)
        self.misbehaviour = Misbehaviour(seed)
        self._lives = Courier()
        self._posts = Courier()
        self.webhooks = Webhooks(account, self.log)
        self.callbacks = Callbacks(self.webhooks, self._posts, self.misbehaviour, self.log)
        self.delivery = Delivery(account.sid, self.switchboard, self._lives, self.callbacks, self.log)

    def ask(self, url: str, form: Mapping[str, str], *, kind: str, method: str = "POST") -> Answer:
        """Asks the product what to do. Raises WebhookFailed.

        When ordered to misbehave, the same webhook is sent again afterwards; those answers go nowhere.
        """
        answer = self.webhooks.send(url, form, kind=kind, method=method)
        for _ in range(self.misbehaviour.webhooks.duplicates):
            with suppress(WebhookFailed):
                self.webhooks.send(url, form, kind=f"{kind}.again", method=method)
        return answer

    def quiet(self, timeout: float = 10.0) -> bool:
        """Waits until every message has met its fate and every callback is sent; whether it did in time.

        Messages and callbacks have threads of their own, so that a product that hangs holds up no phone.
        """
        until = monotonic() + timeout
        while self._lives.quiet(until - monotonic()) and self._posts.quiet(until - monotonic()):
            if self._lives.quiet(0):
                return True
        return False
