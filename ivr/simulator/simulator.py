"""The simulator itself: a carrier with phones, as the tests, the command line and the drills hold it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from ivr.simulator.account import Account, Number
from ivr.simulator.crowd.crowds import Crowds, InLog
from ivr.simulator.crowd_page import CROWDS
from ivr.simulator.desk import create_app
from ivr.simulator.log import Log
from ivr.simulator.moment import Moment
from ivr.simulator.network import Network
from ivr.simulator.phones.handset import received_by, send_text, start_call
from ivr.simulator.phones.texting import Received, Texted
from ivr.simulator.phones.wishes import Wishes


class Simulator:
    """One carrier on your desk: `account`, its `numbers` (E.164 text, or Number with its webhooks), its log.

    With `log_path` the log is also a file of JSON lines. `seed` makes every drawn lot repeatable. `in_log` looks into
    the product's log, for the proof of a crowd.
    `.app` is its Flask application; `serve` puts it on a port.
    """

    def __init__(
        self,
        account: Account,
        numbers: Iterable[Number | str] = (),
        log_path: Path | None = None,
        seed: int | None = None,
        in_log: InLog | None = None,
    ) -> None:
        self._network = Network(account, numbers, log_path, seed)
        self.account = account
        self.app: Flask = create_app(self._network)
        self.crowds = self.app.extensions[CROWDS] = Crowds(self._network.switchboard.messages, in_log)

    @property
    def log(self) -> Log:
        """The carrier's own log."""
        return self._network.log

    @property
    def url(self) -> str:
        """The origin of its REST API; recordings are named by it. `serve` sets it."""
        return self._network.url

    @url.setter
    def url(self, url: str) -> None:
        self._network.url = url

    def dial(self, sender: str, to: str, says: Path | None = None, **wishes: Any) -> list[Moment]:
        """Makes a whole call and returns its time line. `says` is a WAV file, `wishes` are fields of `Wishes`.

        Raises NoSuchNumber, WrongKeys, WrongCadence, WrongSound.
        """
        return list(self.listen(sender, to, says, **wishes))

    def listen(self, sender: str, to: str, says: Path | None = None, **wishes: Any) -> Iterator[Moment]:
        """The same call as `dial`, moment by moment as it goes on; it rings when the first is asked for."""
        words = says.read_bytes() if says else None
        return start_call(self._network, sender, to, Wishes(says=words, **wishes))

    def text(self, sender: str, to: str, body: str, media: Sequence[str] = ()) -> Texted:
        """Texts from a phone; `media` are addresses of pictures, or `picture`: one of the carrier's.

        Raises NoSuchNumber.
        """
        return send_text(self._network, sender, to, body, media)

    def received(self, phone: str) -> list[Received]:
        """Every text that arrived at `phone`, oldest first; not what the carrier itself said."""
        return received_by(self._network, phone)

    def misbehave(self, orders: Mapping[str, object] | None = None, **more: object) -> None:
        """Orders misbehaviour, as in `misbehaviour.py`; nothing at all: behave again.

        Raises WrongMisbehaviour.
        """
        wanted = {**(orders or {}), **more}
        if wanted:
            self._network.misbehaviour.order(wanted)
        else:
            self._network.misbehaviour.behave()

    def set_number(self, number: Number) -> None:
        """Adds a number, or gives one its webhooks, without the REST API."""
        self._network.switchboard.numbers.put(number)

    def quiet(self, timeout: float = 10.0) -> bool:
        """Waits until every message has met its fate and every callback is sent; whether it did in time."""
        return self._network.quiet(timeout)

    def close(self) -> None:
        """Ends a crowd that is under way, and closes the log's file."""
        self.crowds.stop()
        self._network.log.close()
