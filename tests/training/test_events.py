"""The event stream and the spec: what is written is read, a resumed run reads as one."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from samples import small

from training import events, recipes
from training.catalogue import BACKBONES
from training.events import BatchDone, EpochDone, EpochStarted, Finished, Notice, Started
from training.narrate import in_words
from training.pace import Pace
from training.spec import SpecError, Stage, TrainingSpec

_VALUES = {"str": "ü\n\"", "int": 3, "float": 0.5, "bool": True, "float | None": None,
           "dict[str, float]": {"top1": 0.5}, "tuple[str, ...]": ("a.jpg: torn",)}  # fmt: skip


@pytest.mark.parametrize("kind", events._KINDS.values(), ids=lambda kind: kind.__name__)
def test_each_event_survives_its_line_and_can_be_told(kind: type[events.Event]) -> None:
    event = kind(**{field.name: _VALUES[str(field.type)] for field in fields(kind)})
    line = events.to_line(event)
    assert "\n" not in line
    assert events.from_line(line) == event
    assert isinstance(in_words(event), str)
    assert all(f.default is not MISSING for f in fields(kind) if f.name not in line)


@pytest.mark.parametrize(
    "line",
    ["", "epoch 1", "{", "[]", "3", '{"event": "Danced"}', '{"event": "Failed"}', '{"event": "Bat'],
)
def test_anything_else_on_the_stream_is_no_event(line: str) -> None:
    assert events.from_line(line) is None


def test_what_a_resumed_run_repeats_counts_once() -> None:
    def batch(epoch: int, number: int, loss: float) -> BatchDone:
        return BatchDone(epoch, number, 3, loss, 0.1, 5.0, 9.0)

    first = [
        Started(2, 9, 3, 2, "CPU"), EpochStarted(0, "full", 96, 3), batch(0, 1, 1.0),
        batch(0, 2, 0.9), batch(0, 3, 0.8), EpochDone(0, 0.9, 0.7), EpochStarted(1, "full", 96, 3),
        batch(1, 1, 0.7), batch(1, 2, 0.6),
    ]  # fmt: skip
    second = [
        Notice("again"), Started(2, 9, 3, 2, "CPU", 1, 1), batch(1, 2, 0.61), batch(1, 3, 0.5),
        EpochDone(1, 0.6, 0.5), Finished("model.pt"),
    ]  # fmt: skip
    lines = [events.to_line(event) for event in (*first, *second)]
    lines.insert(len(first), '{"event": "BatchDone", "ep')  # where it was killed
    history = events.history(lines)
    losses = [event.loss for event in history if isinstance(event, BatchDone)]
    assert losses == [1.0, 0.9, 0.8, 0.7, 0.61, 0.5]
    assert [event.epoch for event in history if isinstance(event, EpochDone)] == [0, 1]
    assert [event.epoch for event in history if isinstance(event, EpochStarted)] == [0, 1]


def test_a_spec_survives_being_saved(drawn: Path, tmp_path: Path) -> None:
    small(drawn).save(tmp_path / "spec.json")
    assert TrainingSpec.load(tmp_path / "spec.json") == small(drawn)
    for text in ('{"data": "x", "colour": "red"}', "[]", "{", "{}", '{"data": "x", "stages": 3}'):
        (tmp_path / "spec.json").write_text(text)
        with pytest.raises(SpecError, match=r"colour|no training spec"):
            TrainingSpec.load(tmp_path / "spec.json")


def test_phases_follow_each_other() -> None:
    two = TrainingSpec("x", head_epochs=3, stages=(Stage(2, 96), Stage(1, 128)))
    assert two.phases() == (
        ("head", Stage(3, 128)), ("full", Stage(2, 96)), ("full", Stage(1, 128)),
    )  # fmt: skip
    assert two.epochs == 6
    scratch = TrainingSpec("x", recipe="scratch", stages=(Stage(2, 96),))
    assert scratch.phases() == (("full", Stage(2, 96)),)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipe": "magic"}, {"depth": "shallow"}, {"augmentation": "wild"}, {"optimiser": "sgdx"},
        {"recipe": "scratch", "depth": "head"}, {"stages": ()}, {"stages": (Stage(1, 100),)},
        {"door": 7}, {"batch_size": 1}, {"validation_share": 0.0}, {"background_share": 1.0},
        {"feature_views": 0}, {"threads": 0}, {"head_epochs": 0, "depth": "head"},
    ],
    ids=str,
)  # fmt: skip
def test_a_spec_that_cannot_be_meant_is_refused(changes: dict[str, object]) -> None:
    TrainingSpec("x").verify()
    with pytest.raises(SpecError):
        TrainingSpec.from_dict({"data": "x", **changes}).verify()


def test_every_case_of_the_recipes_can_be_run() -> None:
    for preset in recipes.PRESETS:
        for entry in BACKBONES:
            recipe = "transfer" if entry.pretrained else "scratch"
            recipes.spec("x", recipe=recipe, backbone=entry.key, preset=preset).verify()
    with pytest.raises(SpecError, match="no pretrained weights"):
        recipes.spec("x", recipe="transfer", backbone="five_conv")
    with pytest.raises(SpecError, match="trained by transfer"):
        recipes.spec("x", recipe="scratch", backbone="resnet18")
    with pytest.raises(ValueError, match="efficientnet_lite0"):
        recipes.spec("x", backbone="alexnet")


def test_time_left_is_the_time_of_what_is_left() -> None:
    epochs = (
        [("head", Stage(1, 128))] * 2 + [("full", Stage(1, 96))] * 2 + [("full", Stage(1, 192))]
    )
    pace = Pace(epochs, batches=10)
    pace.batch("head", 128, 0.1)
    pace.batch("full", 96, 2.0)
    pace.judged("head", 0.5)
    pace.judged("full", 3.0)
    # 2 epochs of 10 batches at 0.1 s, 2 at 2 s, 1 at four times the pixels; and the judging.
    assert pace.left(0, 0) == pytest.approx(2 * 1 + 2 * 20 + 80 + 2 * 0.5 + 3 * 3)
    assert pace.left(3, 5) == pytest.approx(10 + 80 + 2 * 3)
    assert pace.left(4, 10) == pytest.approx(3)
