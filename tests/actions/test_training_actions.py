"""Photo sets looked through and mended, runs listed, and how long a training will take."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from samples import draw, small

from landmark_desktop.actions import photo_fixes, photo_set, training_runs, training_time
from landmark_desktop.actions.photo_fixes import Edits, fixes_for
from landmark_desktop.actions.photo_set import OnDisk
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
        found = fixes_for(kind, [Finding(kind, "error", "", paths, ("A",) * len(paths))], part_of)
        return found[0].paths if found else frozenset()

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
    gone = Edits(frozenset(str(sample.path) for sample in data.training[:5]))
    photo_fixes.write_list(data, gone, tmp_path / "list.csv")
    again = layout.read(tmp_path / "list.csv", tmp_path)
    assert again.training == data.training[5:]
    assert again.validation == (extra,)
    counts = photo_fixes.counts(data, gone)
    assert counts["Eiffel_Tower"] == {"training": 19}
    everything = Edits(frozenset(str(sample.path) for sample in data.training))
    with pytest.raises(UserError, match="No photo is left"):
        photo_fixes.write_list(data, everything, tmp_path / "list.csv")


def test_runs_are_listed_as_they_stand(tmp_path: Path) -> None:
    empty = DataSet(tmp_path, (), (), (), (), ())
    spec = small(tmp_path)
    folder = training_runs.new_folder(tmp_path / "runs", "Été / 1")
    assert training_runs.new_folder(tmp_path / "runs", "Été / 1") != folder
    training_runs.ask(folder, spec, empty, Edits())
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


def test_a_leak_can_be_mended_from_either_side() -> None:
    part_of = {"a": "training", "b": "test", "c": "validation"}
    found = [Finding("leak", "error", "", ("a", "c", "b"), ("A",) * 3)]
    learned, judging = fixes_for("leak", found, part_of)
    assert learned.paths == {"a", "c"}
    assert judging.paths == {"c", "b"}
    assert judging.text == "Take these 2 files out of validation and test"
    assert judging.undo == "Put back into validation and test"


def test_classes_that_share_photos_can_be_merged() -> None:
    part_of = {"a": "training", "b": "training", "c": "test", "d": "training", "e": "training"}
    found = [
        Finding("near_across", "warning", "", ("a", "b", "c"), ("Rialto", "Ponte_di_Rialto", None)),
        Finding("near_across", "warning", "", ("a", "c"), ("Ponte_di_Rialto", "Rialto")),
        Finding("near_across", "warning", "", ("d", "e"), ("Rialto", None)),
    ]  # fmt: skip
    out, merge = fixes_for("near_across", found, part_of)
    assert out.paths == {"a", "b", "c", "d", "e"}
    assert merge.text == "Merge Ponte di Rialto and Rialto"
    assert merge.classes == ("Ponte_di_Rialto", "Rialto")
    assert merge.paths == {"b"}  # the copy of another part is a leak, which has its own mend


def test_names_that_say_the_same_are_found() -> None:
    classes = ("01.Eiffel_Tower", "Taj Mahal", "eiffel tower", "Taj-Mahal", "Rialto", "1", "2", "!")
    found = photo_fixes.alike(classes)
    assert [finding.labels for finding in found] == [
        ("01.Eiffel_Tower", "eiffel tower"), ("Taj Mahal", "Taj-Mahal"),
    ]  # fmt: skip
    first, _ = fixes_for(photo_fixes.SAME_NAME, found, {})
    assert first.classes == ("01.Eiffel_Tower", "eiffel tower")


def test_merges_that_share_a_class_are_one() -> None:
    merged = photo_fixes.merged_names
    assert merged([]) == {}
    assert merged([(("A", "B"), "A")]) == {"B": "A"}
    assert merged([(("A", "B"), "A"), (("A", "B"), "B")]) == {"A": "B"}
    assert merged([(("A", "B"), "A"), (("A", "C"), "C")]) == {"A": "C", "B": "C"}
    assert merged([(("A", "B"), "A"), (("C", "D"), "D"), (("B", "C"), "C")]) == {
        "A": "C", "B": "C", "D": "C",
    }  # fmt: skip


def test_a_list_has_merged_classes_under_one_name(drawn: Path, tmp_path: Path) -> None:
    data = layout.read(drawn / "data", tmp_path)
    edits = Edits(merged={"Taj_Mahal": "Eiffel_Tower"})
    assert photo_fixes.counts(data, edits) == {"Eiffel_Tower": {"training": 48}}
    photo_fixes.write_list(data, edits, tmp_path / "list.csv")
    assert layout.read(tmp_path / "list.csv", tmp_path).classes == ("Eiffel_Tower",)
    samples = {"Eiffel_Tower": (Path("a"), Path("b")), "Taj_Mahal": (Path("c"),)}
    together = photo_fixes.merged_samples(samples, edits.merged)
    assert together == {"Eiffel_Tower": (Path("a"), Path("c"), Path("b"))}


@pytest.mark.parametrize(
    ("path", "title"),
    [("/a/provence", "provence"), ("/a/provence/train", "provence"), ("/a/set.zip", "set.zip"),
     ("/train", "/train"), ("/", "/")],
)  # fmt: skip
def test_a_set_is_called_by_a_name_that_tells_it_from_others(path: str, title: str) -> None:
    assert photo_set.OnDisk(Path(path)).title == title
