"""The network can be refused, and every attempt is noted."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from training import launch, offline


@pytest.fixture
def refusal() -> Iterator[offline.Refusal]:
    made = offline.Refusal()
    yield made
    made.end()


def test_a_download_is_refused_and_noted(refusal: offline.Refusal) -> None:
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen("http://example.invalid/weights", timeout=1)
    assert refusal.attempts == ["socket.getaddrinfo example.invalid"]


def test_an_address_is_refused_and_noted(refusal: offline.Refusal) -> None:
    with socket.socket() as end, pytest.raises(offline.NetworkRefusedError):
        end.connect(("192.0.2.1", 80))
    assert refusal.attempts == ["socket.connect 192.0.2.1"]


def test_this_computer_may_be_reached(refusal: offline.Refusal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    one, other = socket.socketpair()
    one.close()
    other.close()
    assert refusal.attempts == []


def test_an_ended_refusal_refuses_nothing() -> None:
    made = offline.Refusal()
    made.end()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.connect(("192.0.2.1", 9))  # sends nothing
    assert made.attempts == []


def test_the_trainer_refuses_where_its_environment_says_so() -> None:
    script = (
        "import socket\nfrom training import offline\noffline.refuse_where_told()\n"
        "socket.getaddrinfo('example.invalid', 80)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**launch_environment(), offline.VARIABLE: "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"{offline.MARK} socket.getaddrinfo example.invalid" in done.stderr


def launch_environment() -> dict[str, str]:
    """Return what a child of the tests needs to find the trainer."""
    return {**launch.ENVIRONMENT, "PYTHONPATH": ":".join(filter(None, sys.path))}


def test_a_built_program_is_its_own_trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert launch.command("fit")[1:] == ["-m", "training", "fit"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert launch.command("fit") == [sys.executable, launch.BUILT_IN, "fit"]
