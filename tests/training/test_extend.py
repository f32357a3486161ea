"""Building on a bundle: new landmarks beside the known ones, from a handful of photos."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from samples import draw

from landmark_desktop.inference.engine import Engine
from training import events, few_shot, recipes, support
from training.bundle import BundleError, read_card
from training.cli import main
from training.control import Control
from training.evaluate import load
from training.few_shot import Extension
from training.fit import fit
from training.spec import SpecError, TrainingSpec
from training.support import Support


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with eight photos of a landmark that the base does not know."""
    folder = tmp_path_factory.mktemp("lessons")
    for number in range(8):
        draw(folder / "Colosseum" / f"{number}.jpg", "Colosseum", size=(64, 64), mark=number)
    return folder


def extend(
    base: Path,
    data: Path,
    run: Path,
    cache: Path,
    control: Control | None = None,
    **changes: object,
) -> list[events.Event]:
    spec = recipes.spec(str(data), recipe="extend", base=str(base), name="More")
    return list(fit(spec, run, cache, control))


def failure(seen: list[events.Event]) -> str:
    assert isinstance(seen[-1], events.Failed)
    return seen[-1].reason


@pytest.fixture(scope="module")
def taught(
    whole: Path, lessons: Path, training_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "taught"
    seen = extend(whole / "model.pt", lessons, folder, training_cache)
    assert isinstance(seen[-1], events.Finished)
    return folder


def test_a_new_landmark_is_learned_and_the_known_ones_are_kept(whole: Path, taught: Path) -> None:
    seen = events.history((taught / "events.jsonl").read_text().splitlines())
    rounds = [e for e in seen if isinstance(e, events.EpochDone)]
    assert len(rounds) == TrainingSpec.load(taught / "spec.json").epochs
    assert rounds[-1].training_loss < rounds[0].training_loss
    card = read_card(taught / "model.pt")
    names = [label.name for label in card.labels]
    assert names == ["Eiffel_Tower", "Taj_Mahal", "none", "Colosseum"]
    assert card.background == 2
    assert card.name == "More"
    assert card.training["taught"] == ["Colosseum"]
    assert card.training["base"] == "model.pt"
    assert str(whole.parent) not in card.to_json()
    judgement = json.loads((taught / "judgement.json").read_text())
    assert judgement["per_class"]["Colosseum"]["n"] == 8
    assert judgement["per_class"]["Colosseum"]["recall"] >= 7 / 8
    assert len(judgement["photos"]) == 8
    assert judgement["known"]["photos"] > 20
    assert judgement["known"]["lost"] <= 0.05
    assert "</html>" in (taught / "report.html").read_text()
    Engine(taught / "model.pt")


def test_what_the_base_said_stays_as_it_was(whole: Path, taught: Path) -> None:
    pixels = torch.randint(0, 256, (4, 3, 64, 64), dtype=torch.uint8)
    with torch.inference_mode():
        before, embedding = load(whole / "model.pt")(pixels)
        after, same_embedding = load(taught / "model.pt")(pixels)
    torch.testing.assert_close(after[:, :3], before)
    torch.testing.assert_close(same_embedding, embedding)


def test_what_was_taught_can_be_taught_more(
    taught: Path, training_cache: Path, tmp_path: Path
) -> None:
    memory = support.read(taught / "model.pt")
    assert memory is not None
    assert Counter(memory.targets.tolist())[3] == 8
    for number in range(6):
        draw(tmp_path / "more" / "Petra" / f"{number}.jpg", "Petra", size=(64, 64), mark=number)
    seen = extend(taught / "model.pt", tmp_path / "more", tmp_path / "run", training_cache)
    assert isinstance(seen[-1], events.Finished)
    card = read_card(tmp_path / "run" / "model.pt")
    assert [label.name for label in card.labels][2:] == ["none", "Colosseum", "Petra"]
    assert card.training["taught"] == ["Colosseum", "Petra"]


def test_corrections_mend_what_the_model_gets_wrong(
    whole: Path, training_cache: Path, tmp_path: Path
) -> None:
    """Photos of a known landmark are more examples of it; those of none keep it silent."""
    rows = ["path,label"]
    for number in range(8):
        tower = draw(tmp_path / f"tower {number}.jpg", "Colosseum", size=(64, 64), mark=number)
        other = draw(tmp_path / f"other {number}.jpg", "Petra", size=(64, 64), mark=number)
        rows += [f"{tower},Eiffel_Tower", f"{other},"]
    (tmp_path / "list.csv").write_text("\n".join(rows))
    seen = extend(whole / "model.pt", tmp_path / "list.csv", tmp_path / "run", training_cache)
    assert isinstance(seen[-1], events.Finished)
    card = read_card(tmp_path / "run" / "model.pt")
    assert len(card.labels) == 3
    judgement = json.loads((tmp_path / "run" / "judgement.json").read_text())
    assert judgement["per_class"]["Eiffel_Tower"]["recall"] == 1.0
    assert judgement["negatives_n"] == 8
    silent = [p for p in judgement["photos"] if p["truth"] is None and not p["suggested"]]
    assert len(silent) >= 7


def test_too_few_photos_and_photos_that_are_all_one_are_refused(
    whole: Path, training_cache: Path, tmp_path: Path
) -> None:
    for number in range(2):
        draw(tmp_path / "few" / "Petra" / f"{number}.jpg", "Petra", size=(64, 64), mark=number)
    for number in range(5):
        draw(tmp_path / "one" / "Petra" / f"{number}.jpg", "Petra", size=(64, 64), mark=1)
    base = whole / "model.pt"
    seen = extend(base, tmp_path / "few", tmp_path / "run 1", training_cache)
    assert "fewer than 3 readable photos" in failure(seen)
    seen = extend(base, tmp_path / "one", tmp_path / "run 2", training_cache)
    assert "no two photos that differ" in failure(seen)
    assert not (tmp_path / "run 2" / "model.pt").exists()


def test_a_base_without_a_memory_is_refused_until_it_is_given_one(
    colour_model: Path, lessons: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    assert not support.remembers(colour_model)
    seen = extend(colour_model, lessons, tmp_path / "run", training_cache)
    assert "landmark-train remember" in failure(seen)
    arguments = ["remember", "--model", str(colour_model), "--data", str(drawn / "data"),
                 "--output", str(tmp_path / "remembers.pt")]  # fmt: skip
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert support.remembers(tmp_path / "remembers.pt")
    done = CliRunner().invoke(main, [*arguments[:4], str(lessons), *arguments[5:]])
    assert done.exit_code == 1
    assert "No photo" in done.output


def test_the_command_line_builds_on_a_model(whole: Path, lessons: Path, tmp_path: Path) -> None:
    base, run = str(whole / "model.pt"), str(tmp_path / "run")
    done = CliRunner().invoke(
        main, ["fit", "--recipe", "extend", "--base", base, "--data", str(lessons), "--out", run]
    )
    assert done.exit_code == 0, done.output
    assert "known lost" in done.output
    done = CliRunner().invoke(
        main, ["fit", "--base", base, "--data", str(lessons), "--out", run + "2"]
    )
    assert done.exit_code == 1
    assert "recipe extend" in done.output


def test_a_cancelled_run_stops_and_a_paused_one_goes_on(
    whole: Path, lessons: Path, training_cache: Path, tmp_path: Path
) -> None:
    control = Control()
    control.tell("cancel")
    seen = extend(whole / "model.pt", lessons, tmp_path / "run", training_cache, control)
    assert isinstance(seen[-1], events.Stopped)
    assert not (tmp_path / "run" / "model.pt").exists()
    seen = extend(whole / "model.pt", lessons, tmp_path / "run", training_cache)
    assert isinstance(seen[-1], events.Finished)


def test_a_spec_names_a_base_where_it_builds_on_one_and_nowhere_else() -> None:
    with pytest.raises(SpecError, match="base"):
        TrainingSpec("photos", recipe="extend").verify()
    with pytest.raises(SpecError, match="base"):
        TrainingSpec("photos", base="model.pt").verify()


def test_a_memory_survives_and_a_damaged_one_is_told(taught: Path, tmp_path: Path) -> None:
    memory = support.read(taught / "model.pt")
    assert memory is not None
    assert memory.embeddings.dtype == np.float32

    def with_memory(content: bytes) -> Path:
        file = tmp_path / "damaged.pt"
        with zipfile.ZipFile(taught / "model.pt") as old, zipfile.ZipFile(file, "w") as new:
            for member in old.infolist():
                mine = member.filename.endswith(support.MEMBER)
                new.writestr(member, content if mine else old.read(member))
        return file

    for content in (b"", b"PK\x03\x04 cut short", memory.to_bytes()[:2000]):
        with pytest.raises(BundleError, match="damaged"):
            support.read(with_memory(content))
    for other in (
        memory.rows(np.zeros(0, np.int64)),
        Support(memory.embeddings[:, :5], memory.logits, memory.targets),
        Support(memory.embeddings, memory.logits, memory.targets + 2),
        Support(memory.embeddings * np.float32("nan"), memory.logits, memory.targets),
    ):
        with pytest.raises(BundleError, match="does not fit"):
            support.read(with_memory(other.to_bytes()))


def test_what_is_no_bundle_remembers_nothing(tmp_path: Path) -> None:
    (tmp_path / "text.pt").write_text("no model")
    shutil.make_archive(str(tmp_path / "archive"), "zip", tmp_path, "text.pt")
    for name in ("text.pt", "archive.zip", "missing.pt", "."):
        assert not support.remembers(tmp_path / name)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=1, max_size=60),
    st.integers(0, 9),
)
def test_folds_keep_near_duplicates_together_and_spread_each_class(
    photos: list[tuple[int, int]], seed: int
) -> None:
    targets = np.array([target for target, _ in photos], np.int64)
    groups = np.array([group for _, group in photos], np.int64)
    fold = few_shot.folds(targets, groups, seed)
    for group in set(groups.tolist()):
        assert len(set(fold[groups == group].tolist())) == 1
    first = targets == targets.min()  # the first class has its groups to itself
    sizes = Counter(dict.fromkeys(range(few_shot.FOLDS), 0))
    sizes.update({g: int(fold[groups == g][0]) for g in set(groups[first].tolist())}.values())
    assert max(sizes.values()) - min(sizes.values()) <= 1


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 99))
def test_holding_back_lowers_new_outputs_alone(known: int, added: int, seed: int) -> None:
    known, added = known + 1, added + 1
    rng = np.random.default_rng(seed)
    extension = Extension(list(range(known + added)), 4, added)
    torch.nn.init.normal_(extension.weight, generator=torch.Generator().manual_seed(seed))
    photos = Support(
        rng.normal(size=(5, 4)).astype(np.float32),
        rng.normal(size=(5, known)).astype(np.float32),
        np.zeros(5, np.int64),
    )
    logits = extension.judge(photos)
    held = few_shot.Round(0.0, 0.0, logits, logits, extension).held_back(1.5)
    np.testing.assert_allclose(held.extension.judge(photos), held.lessons, atol=1e-5)
    np.testing.assert_array_equal(held.lessons[:, :known], logits[:, :known])
    np.testing.assert_allclose(held.lessons[:, known:], logits[:, known:] - 1.5, atol=1e-6)
