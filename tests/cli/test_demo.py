"""make run, without make: the demo starts, answers, and stops when it is told to."""

import signal
import socket
import subprocess
from pathlib import Path

import pytest
import requests
from dotenv import dotenv_values
from running import IVR, free_port, ivr, unset, until


def start(folder: Path, port: int) -> "subprocess.Popen[str]":
    """Start the demo and read what it says until it is ready."""
    with (folder / "demo.log").open("w") as log:
        demo = subprocess.Popen(
            [*IVR, "demo"],
            env={**unset(), "PORT": str(port)},
            cwd=folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert demo.stdout is not None
    for row in demo.stdout:
        if "Ctrl-C" in row:
            return demo
    raise AssertionError((folder / "demo.log").read_text())


def two_free_ports() -> int:
    """A free port with a free one after it: the demo takes both."""
    while True:
        port = free_port()
        try:
            with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_answers_a_call_and_a_text_and_stops(ending: signal.Signals, tmp_path: Path) -> None:
    demo = start(tmp_path, two_free_ports())
    try:
        called = ivr("dial", variables={}, cwd=tmp_path)
        texted = ivr("text", "hello", variables={}, cwd=tmp_path)
        logged = ivr("log", variables={}, cwd=tmp_path)
    finally:
        demo.send_signal(ending)
        rest = demo.communicate(timeout=30)[0]
    assert "the greeting begins" in called.stdout
    assert "/j/" in texted.stdout
    assert len(logged.stdout.splitlines()) == 2
    assert "/console/begin/" in rest
    assert rest.endswith("Stopped.\n")
    assert demo.returncode == 0


def test_the_button_of_the_demos_page_has_a_crowd_proved_by_the_log(tmp_path: Path) -> None:
    port = two_free_ports()
    demo = start(tmp_path, port)
    crowd = f"http://127.0.0.1:{port + 1}/simulator/crowd"
    try:
        few = {"line": "+17735550100", "texts": 30, "calls": 5, "over": 1}
        assert requests.post(f"{crowd}/start", json=few, timeout=10).status_code == 200
        told = until(lambda: (seen := requests.get(crowd, timeout=10).json())["state"] not in "coming proving" and seen)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=30)
    assert told["state"] == "over", told
    assert told["proof"]["proved"], told["proof"]
    assert told["kept"]["contacts"] == 35


def test_the_demo_keeps_its_account_from_start_to_start(tmp_path: Path) -> None:
    accounts = []
    for _ in range(2):
        demo = start(tmp_path, two_free_ports())
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=30)
        accounts.append(dotenv_values(tmp_path / "instance" / "demo.env")["TWILIO_ACCOUNT_SID"])
    assert accounts[0] == accounts[1]
    assert (tmp_path / "instance" / "demo.env").stat().st_mode & 0o777 == 0o600
