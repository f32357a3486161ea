"""The engine runs real bundles, refuses everything else with a reason, and survives its GPU."""

from __future__ import annotations

import threading
import time
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from samples import save_colour_model

from landmark_desktop.errors import ModelError
from landmark_desktop.inference.engine import Engine
from training.bundle import Label


def test_the_shipped_model_runs_as_its_card_says(shipped_model: Path) -> None:
    engine = Engine(shipped_model)
    size = engine.card.preprocessing.size
    logits = engine.infer(np.zeros((3, 3, size, size), np.uint8))
    assert logits.shape == (3, len(engine.card.labels))
    assert np.isfinite(logits).all()


def test_the_shipped_model_is_small(shipped_model: Path) -> None:
    assert shipped_model.stat().st_size <= 20_000_000


def test_plain_torch_can_run_the_shipped_model(shipped_model: Path) -> None:
    extra = {"card.json": ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = torch.jit.load(str(shipped_model), _extra_files=extra)
    logits, embedding = model(torch.zeros(2, 3, 96, 96, dtype=torch.uint8))
    assert logits.shape[0] == embedding.shape[0] == 2
    assert extra["card.json"].startswith(b"{")


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        Engine(path)
    assert caught.value.remedy
    return str(caught.value)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.pt"
    text.write_text("not a model")
    assert "no TorchScript archive" in refused(text)
    assert "no model file" in refused(tmp_path / "missing.pt")
    assert "folder" in refused(tmp_path)
    archive = tmp_path / "photos.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "hello")
    assert "no model card" in refused(archive)


def test_a_foreign_torchscript_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(torch.nn.Linear(3, 2)), str(path))
    assert "no model card" in refused(path)


def test_a_truncated_model_is_refused(tmp_path: Path, colour_model: Path) -> None:
    path = tmp_path / "cut.pt"
    path.write_bytes(colour_model.read_bytes()[:-600])
    assert "damaged" in refused(path)


def test_a_card_without_its_network_is_refused(tmp_path: Path, colour_model: Path) -> None:
    path = tmp_path / "hollow.pt"
    with zipfile.ZipFile(colour_model) as whole, zipfile.ZipFile(path, "w") as hollow:
        for name in whole.namelist():
            if name.endswith("card.json"):
                hollow.writestr(name, whole.read(name))
    assert "torch cannot load it" in refused(path)


def test_a_card_that_promises_other_outputs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lying.pt"
    save_colour_model(path, lambda card: replace(card, labels=(*card.labels, Label("More"))))
    assert "shape" in refused(path)


@pytest.mark.expects_log
def test_a_gpu_that_fails_is_given_up_for_the_cpu(colour_model: Path) -> None:
    engine = Engine(colour_model)
    pixels = np.full((2, 3, 32, 32), 40, np.uint8)
    expected = engine.infer(pixels)
    # A device that torch knows and this build cannot reach fails like a GPU that went away.
    engine.device = "meta"
    assert np.array_equal(engine.infer(pixels), expected)
    assert engine.device == "cpu"
    assert "GPU failed" in engine.note


def test_no_gpu_is_said_where_one_was_asked_for(colour_model: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    assert "No CUDA GPU" in Engine(colour_model, device="cuda").note


def test_who_waits_is_next(colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One who asks all the time, like the suggesting job, cannot keep another one waiting."""
    engine = Engine(colour_model)
    pixels = np.full((16, 3, 32, 32), 40, np.uint8)
    expected = engine.infer(pixels)
    ran: list[str] = []
    go_on = threading.Semaphore(0)
    infer = engine._infer

    def held_up(photos: np.ndarray) -> np.ndarray:
        ran.append(threading.current_thread().name)
        assert go_on.acquire(timeout=30)
        return infer(photos)

    monkeypatch.setattr(engine, "_infer", held_up)
    answers: list[np.ndarray] = []

    def ask(times: int) -> None:
        answers.extend(engine.infer(pixels) for _ in range(times))

    job = threading.Thread(target=ask, args=(3,), name="job")
    other = threading.Thread(target=ask, args=(1,), name="other")
    job.start()
    wait_for(lambda: ran == ["job"])
    other.start()
    wait_for(engine._next.locked)
    for _ in range(4):
        go_on.release()
    job.join()
    other.join()
    assert ran == ["job", "other", "job", "job"]
    assert all(np.array_equal(answer, expected) for answer in answers)


def wait_for(what: Callable[[], bool]) -> None:
    """Return once ``what`` holds."""
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until
        time.sleep(0.001)
