"""The pipeline keeps the order, survives broken photos and stops when asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from samples import draw

from landmark_desktop.inference.engine import Engine
from landmark_desktop.inference.pipeline import look
from landmark_desktop.tasks import Cancel, Cancelled


@pytest.fixture(scope="module")
def engine(colour_model: Path) -> Engine:
    return Engine(colour_model)


@pytest.mark.parametrize("batch", [1, 4, 7, 100])
def test_every_photo_gets_its_own_answer_in_order(
    tmp_path: Path, engine: Engine, batch: int
) -> None:
    shows = ["Eiffel_Tower", "none", "Taj_Mahal", "Taj_Mahal", "none", "Eiffel_Tower"] * 3
    items = [(i, draw(tmp_path / f"{i}.png", what)) for i, what in enumerate(shows)]
    items.insert(5, (99, tmp_path / "missing.jpg"))
    batches = list(look(engine.infer, engine.card, items, Cancel(), batch=batch))
    seen = [one for batch_ in batches for one in batch_]
    assert [one.key for one in seen] == [key for key, _ in items]
    assert seen.pop(5).error == "There is no such file any more."
    names = [label.name for label in engine.card.labels]
    answers = [
        "none" if one.decision.label is None else names[one.decision.label]
        for one in seen
        if one.decision is not None
    ]
    assert answers == shows


def test_a_batch_of_broken_photos_alone(tmp_path: Path, engine: Engine) -> None:
    items = [(i, tmp_path / f"{i}.jpg") for i in range(5)]
    (seen,) = look(engine.infer, engine.card, items, Cancel())
    assert all(one.error for one in seen)


def test_cancelling_stops_between_batches(tmp_path: Path, engine: Engine) -> None:
    items = [(i, draw(tmp_path / "a.png")) for i in range(40)]
    cancel = Cancel()
    batches = look(engine.infer, engine.card, items, cancel, batch=8)
    next(batches)
    cancel.set()
    with pytest.raises(Cancelled):
        next(batches)


def test_few_photos_are_in_memory_at_a_time(tmp_path: Path, engine: Engine) -> None:
    taken = 0

    def model(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        assert taken <= 4 * 8 + done
        return engine.infer(pixels)

    path = draw(tmp_path / "a.png")

    def items():  # type: ignore[no-untyped-def]
        nonlocal taken
        for i in range(80):
            taken += 1
            yield i, path

    done = 0
    for batch in look(model, engine.card, items(), Cancel(), batch=8):
        done += len(batch)
    assert done == 80


def test_a_threshold_of_the_persons(tmp_path: Path, engine: Engine) -> None:
    items = [(0, draw(tmp_path / "a.png", "Eiffel_Tower"))]
    for threshold, label in ((None, 0), (0.0, 0), (1.0, None)):
        ((seen,),) = look(engine.infer, engine.card, items, Cancel(), threshold=threshold)
        assert seen.decision is not None
        assert (seen.decision.label, seen.decision.best) == (label, 0)
