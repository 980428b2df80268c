"""ivr crowd: beside a running demo, against nobody else, and with its proof as exit status."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import NUMBER, Product, free_port, ivr, running_with_carrier, unset

from ivr.simulator import Simulator

FEW = ("--texts", "40", "--calls", "6", "--over", "1")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Simulator, dict[str, str]]]:
    """A running installation with a simulated carrier, and its settings."""
    folder = tmp_path_factory.mktemp("crowd")
    with running_with_carrier(folder) as (product, carrier):
        settings = product.settings
        yield (
            product,
            carrier,
            {
                "INSTANCE_PATH": str(folder),
                "PORT": str(settings.port),
                "PUBLIC_URL": settings.public_url,
                "TWILIO_ACCOUNT_SID": settings.account_sid,
                "TWILIO_AUTH_TOKEN": settings.auth_tokens[0],
                "TWILIO_API_URL": carrier.url,
                "PHONE_NUMBER": NUMBER,
                "LINE_NAME": "Ada Example",
            },
        )


def test_a_crowd_is_told_second_by_second_and_proved(
    installed: tuple[Product, Simulator, dict[str, str]], tmp_path: Path
) -> None:
    done = ivr("crowd", *FEW, "--seed", "5", variables=installed[2], cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = done.stdout.splitlines()
    assert rows[0] == "40 texts and 6 calls within 1 s (--seed 5)"
    assert rows[1].split()[:2] == ["1", "s"]
    assert "p99" in rows[1]
    assert "       46 = 46        in the log, of those that were sent" in done.stdout
    assert rows[-1] == "Proved: every contact was answered, is in the log, and was answered once."


def test_the_carrier_misbehaves_as_long_as_the_crowd_comes(
    installed: tuple[Product, Simulator, dict[str, str]], tmp_path: Path
) -> None:
    _, carrier, variables = installed
    faults = ("callbacks=duplicates:1,shuffle,drop:0.5", "webhooks=duplicates:1", "messages.create=500-after@0.5")
    options = [word for fault in faults for word in ("--misbehave", fault)]
    ordered = []
    order, carrier._network.misbehaviour.order = carrier._network.misbehaviour.order, ordered.append  # type: ignore[method-assign]
    try:
        done = ivr("crowd", *FEW, *options, "--json", variables=variables, cwd=tmp_path)
    finally:
        carrier._network.misbehaviour.order = order  # type: ignore[method-assign]
    told = json.loads(done.stdout)
    assert done.returncode == 0, told
    assert told["proved"]
    assert told["counted"]["repeated"] >= 46
    assert told["kept"]["arrived"] < told["kept"]["answers"]
    assert ordered == [
        {"messages.create": {"act": "500-after", "probability": "0.5"}},
        {"messages.create": []},
    ]


def test_what_differs_is_named_and_the_status_is_1(
    installed: tuple[Product, Simulator, dict[str, str]], tmp_path: Path
) -> None:
    one_less = (
        "import ivr.store.crowd as table; whole = table.counted;"
        " table.counted = lambda db, sids, since: whole(db, sids[1:], since);"
        " from ivr.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", one_less, "crowd", *FEW],
        env={**unset(), **installed[2]},
        cwd=tmp_path,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.endswith("Not proved. These differ: in the log, of those that were sent.\n")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"TWILIO_API_URL": "https://api.twilio.com"}, "people who do not exist"),
        ({"TWILIO_API_URL": "http://192.0.2.1:8001"}, "people who do not exist"),
        ({"PORT": str(free_port())}, "Nothing listens"),
    ],
)
def test_no_crowd_is_sent_where_it_could_do_harm_or_to_nobody(
    installed: tuple[Product, Simulator, dict[str, str]], more: dict[str, str], words: str, tmp_path: Path
) -> None:
    done = ivr("crowd", *FEW, variables={**installed[2], **more}, cwd=tmp_path)
    assert done.returncode == 1
    assert words in done.stderr
    assert "sent" not in done.stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--misbehave", "nonsense"),
        ("--misbehave", "callbacks=often:2"),
        ("--misbehave", "webhooks=drop:1"),
        ("--misbehave", "messages.create=naps"),
        ("--misbehave", "weather=500"),
        ("--countries", "us,atlantis"),
        ("--texts", "0", "--calls", "0"),
        ("--over", "0"),
    ],
)
def test_what_cannot_be_is_refused_with_status_2(
    installed: tuple[Product, Simulator, dict[str, str]], options: tuple[str, ...], tmp_path: Path
) -> None:
    done = ivr("crowd", *options, variables=installed[2], cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "crowd [OPTIONS]" in done.stderr
