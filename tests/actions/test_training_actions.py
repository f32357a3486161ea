"""Photo sets looked through and mended, runs listed, and how long a training will take."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from samples import draw, small

from landmark_desktop.actions import photo_set, training_runs, training_time
from landmark_desktop.actions.photo_set import OnDisk, fix_for
from landmark_desktop.errors import UserError
from landmark_desktop.tasks import Cancel, Cancelled
from training import events, launch, layout, recipes
from training.catalogue import BACKBONES
from training.health_findings import Finding
from training.layout import DataSet, Sample


def finish(task: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(task)
        except StopIteration as end:
            return end.value


def test_a_look_counts_and_samples(drawn: Path) -> None:
    looked = finish(photo_set.look(OnDisk(drawn / "data"), 2, Cancel()))
    assert looked.title == "data"
    assert looked.health.photos == 48
    assert len(looked.samples["Taj_Mahal"]) == photo_set.SAMPLES
    assert photo_set.without_landmark([drawn / "negatives"]) == 12


def test_a_look_can_be_cancelled_and_says_what_is_wrong(drawn: Path, tmp_path: Path) -> None:
    cancel = Cancel()
    task = photo_set.look(OnDisk(drawn / "data"), 1, cancel)
    next(task)
    cancel.set()
    with pytest.raises(Cancelled):
        finish(task)
    with pytest.raises(UserError, match="holds no photos"):
        finish(photo_set.look(OnDisk(tmp_path), 1, Cancel()))
    with pytest.raises(UserError, match="no photos in"):
        photo_set.without_landmark([tmp_path])


def test_fixes_keep_one_of_each_and_the_copies_that_judge() -> None:
    part_of = {"a": "training", "b": "test", "c": "training", "d": "validation"}

    def fix(kind: str, *paths: str) -> frozenset[str]:
        found = fix_for(kind, [Finding(kind, "error", "", paths)], part_of)
        return frozenset() if found is None else found.paths

    assert fix("unreadable", "a") == {"a"}
    assert fix("duplicate_within", "a", "c") == {"c"}
    assert fix("duplicate_across", "a", "c") == {"a", "c"}
    assert fix("leak", "a", "c", "b") == {"a", "c"}
    assert fix("near_leak", "c", "d", "b") == {"c", "d"}
    assert fix("letterboxed", "a") == frozenset()
    assert fix("few_photos") == frozenset()


def test_a_list_leaves_out_what_is_left_out_and_is_read_again(drawn: Path, tmp_path: Path) -> None:
    data = layout.read(drawn / "data", tmp_path)
    odd = draw(tmp_path / 'o"d, d.jpg', "Taj_Mahal")
    extra = Sample(odd, None)
    data = replace(data, validation=(extra,), source=tmp_path)
    gone = {str(sample.path) for sample in data.training[:5]}
    photo_set.write_list(data, gone, tmp_path / "list.csv")
    again = layout.read(tmp_path / "list.csv", tmp_path)
    assert again.training == data.training[5:]
    assert again.validation == (extra,)
    counts = photo_set.counts(data, gone)
    assert counts["Eiffel_Tower"] == {"training": 19}
    everything = {str(sample.path) for sample in data.training}
    with pytest.raises(UserError, match="No photo is left"):
        photo_set.write_list(data, everything, tmp_path / "list.csv")


def test_runs_are_listed_as_they_stand(tmp_path: Path) -> None:
    empty = DataSet(tmp_path, (), (), (), (), ())
    spec = small(tmp_path)
    folder = training_runs.new_folder(tmp_path / "runs", "Été / 1")
    assert training_runs.new_folder(tmp_path / "runs", "Été / 1") != folder
    training_runs.ask(folder, spec, empty, ())
    (run,) = training_runs.list_runs(tmp_path / "runs")
    assert (run.state, run.began_training, run.epochs) == ("unfinished", False, 0)
    lines = [
        events.Started(2, 40, 8, 4, "CPU"),
        events.EpochDone(0, 1.0, 1.0, {"top1": 0.7}, 2.0, best=True),
        events.EpochDone(1, 1.0, 1.1, {"top1": 0.6}, 2.0),
        events.Failed("It exploded."),
    ]
    (folder / launch.EVENTS).write_text("".join(events.to_line(e) + "\n" for e in lines) + '{"ha')
    (folder / launch.CHECKPOINT).write_bytes(b"x")
    (run,) = training_runs.list_runs(tmp_path / "runs")
    assert (run.top1, run.reason, run.epochs, run.began_training) == (0.7, "It exploded.", 2, True)
    assert training_runs.list_runs(tmp_path / "nowhere") == []
    assert len(training_runs.history(folder)) == 4


def test_time_is_assumed_then_measured(tmp_path: Path) -> None:
    spec = recipes.spec("x", threads=2)
    guess = training_time.assumed(spec.backbone, 2)
    assert not guess.measured
    seconds = training_time.estimate(spec, 900, 200, guess)
    assert 200 < seconds < 7200
    assert training_time.estimate(spec, 1800, 200, guess) > 1.8 * seconds
    quick = recipes.spec("x", preset="quick", threads=2)
    assert training_time.estimate(quick, 900, 200, guess) < seconds / 2
    assert all(training_time.assumed(entry.key, 2).seconds > 0 for entry in BACKBONES)

    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    (folder / launch.SPEC).write_text(json.dumps(small(tmp_path).as_dict()))
    lines = [
        events.Started(2, 100, 8, 4, "CPU"),
        events.EpochStarted(0, "head", 224, 1),
        events.EpochDone(0, 1.0, 1.0, {}, 500.0),
        events.EpochStarted(1, "full", 112, 1),
        events.BatchDone(1, 1, 1, 1.0, 0.1, 3.0, 1.0),
        events.EpochDone(1, 1.0, 1.0, {}, 10.0),
    ]
    (folder / launch.EVENTS).write_text("".join(events.to_line(e) + "\n" for e in lines))
    found = training_time.measured(tmp_path / "runs")
    assert found == {"efficientnet_lite0": training_time.Speed(0.4, measured=True)}
    assert training_time.measured(tmp_path / "nowhere") == {}
    assert training_time.in_words(20) == "under a minute"
    assert training_time.in_words(1100) == "about 20 min"


def test_likely_sizes_are_those_that_the_trainer_settles(drawn: Path) -> None:
    from training.data import settle_sizes

    paths = sorted((drawn / "data").glob("*/*.jpg"))
    for entry in BACKBONES:
        if entry.pretrained:
            spec = settle_sizes(recipes.spec("x", backbone=entry.key), paths)
            assert training_time.likely_size(entry.key, 64) == spec.size
