"""Using a simulator that runs in another process: what `ivr dial`, `ivr text` and the drills call."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import requests

from ivr.errors import ThirdRingError
from ivr.simulator.moment import Moment
from ivr.simulator.phones.handset import DEFAULT_PHONE
from ivr.simulator.phones.texting import Received, Texted
from ivr.simulator.phones.wishes import Wishes

_CONNECT_S = 5.0
_ANSWER_S = 90.0
"""Seconds a text may take: several webhooks of at most 15 s each may follow one another."""


class SimulatorNotRunning(ThirdRingError):
    """Nothing listens at the simulator's address."""


class SimulatorRefused(ThirdRingError):
    """The simulator does not do what it was asked; the message is its own."""


def dial(url: str, to: str, *, sender: str = DEFAULT_PHONE, **wishes: Any) -> Iterator[Moment]:
    """Calls `to` from `sender` at the simulator whose origin is `url`, moment by moment.

    `wishes` are fields of `Wishes`. It rings when the first moment is asked for.
    Raises SimulatorNotRunning and SimulatorRefused.
    """
    order = {"from": sender, "to": to, **Wishes(**wishes).as_order()}
    with _session() as session, _post(session, f"{url}/simulator/dial", order, None) as response:
        try:
            yield from (Moment.from_line(line) for line in response.iter_lines(chunk_size=1) if line)
        except (requests.RequestException, ValueError, KeyError) as error:
            raise SimulatorNotRunning(f"The simulator broke off in the middle of the call: {error}") from None


def text(url: str, to: str, body: str, *, sender: str = DEFAULT_PHONE, media: Sequence[str] = ()) -> Texted:
    """Texts `to` from `sender` and gives what the phone received.

    Raises SimulatorNotRunning and SimulatorRefused.
    """
    order = {"from": sender, "to": to, "body": body, "media": list(media)}
    with _session() as session, _post(session, f"{url}/simulator/text", order, _ANSWER_S) as response:
        said = response.json()
    return Texted(
        sid=said["sid"],
        status=said["status"],
        messages=tuple(_received(got) for got in said["messages"]),
        warnings=tuple((warning["code"], warning["text"]) for warning in said["warnings"]),
    )


def received(url: str, phone: str) -> list[Received]:
    """Every text that `phone` has received, oldest first. Raises SimulatorNotRunning."""
    with _session() as session:
        try:
            response = session.get(f"{url}/simulator/received", params={"phone": phone}, timeout=_CONNECT_S)
            return [_received(got) for got in response.json()["messages"]]
        except (requests.RequestException, ValueError, KeyError):
            raise _not_running(url) from None


def sent_since(url: str, at: str) -> list[str]:
    """To whom the carrier was told to send texts since `at` (as the log writes times). Raises SimulatorNotRunning."""
    with _session() as session:
        try:
            response = session.get(
                f"{url}/simulator/log", params={"event": "message.created"}, timeout=(_CONNECT_S, _ANSWER_S)
            )
            entries = response.json()["entries"]
        except (requests.RequestException, ValueError, KeyError):
            raise _not_running(url) from None
    return [entry["to"] for entry in entries if entry["direction"] == "outbound-api" and entry["at"] >= at]


def misbehave(url: str, orders: Mapping[str, object]) -> None:
    """Orders misbehaviour, as in `misbehaviour.py`. Raises SimulatorNotRunning and SimulatorRefused."""
    with _session() as session, _post(session, f"{url}/simulator/misbehave", orders, _CONNECT_S):
        pass


def _received(got: Mapping[str, Any]) -> Received:
    return Received(got["sid"], got["from"], got["to"], got["body"], tuple(got["media"]))


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def _post(session: requests.Session, address: str, order: Mapping[str, Any], read_s: float | None) -> requests.Response:
    try:
        response = session.post(address, json=order, stream=True, timeout=(_CONNECT_S, read_s))
    except requests.RequestException:
        raise _not_running(address.partition("/simulator/")[0]) from None
    if response.ok:
        return response
    with response:
        raise SimulatorRefused(_reason(response))


def _not_running(origin: str) -> SimulatorNotRunning:
    return SimulatorNotRunning(f"No simulator answers at {origin}. Start it with `make run` (or `ivr simulator`).")


def _reason(response: requests.Response) -> str:
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"The simulator answered with {response.status_code}."
