"""Whole small runs on drawn photos: they learn, and export what they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from click.testing import CliRunner
from samples import draw, small
from small_runs import epochs, run, same, weights

from landmark_desktop.inference.engine import Engine
from training import events, export, loop, support
from training.bundle import Label, read_card
from training.cli import main
from training.data import Part, Photos
from training.efficientnet_lite import EfficientNetLite
from training.network import LandmarkNetwork
from training.spec import TrainingSpec


def test_a_run_learns_and_its_bundle_runs_in_the_application(whole: Path) -> None:
    seen = events.history((whole / "events.jsonl").read_text().splitlines())
    kinds = [type(event).__name__ for event in seen]
    assert kinds[0] == "Preparing"
    assert kinds[-1] == "Finished"
    assert kinds.count("Started") == 1
    assert [e.phase for e in seen if isinstance(e, events.EpochStarted)] == ["head"] * 2 + [
        "full"
    ] * 2
    assert len(epochs(seen)) == 4
    assert epochs(seen)[1].training_loss < epochs(seen)[0].training_loss
    assert epochs(seen)[-1].metrics["top1"] == 1.0
    batches = [e for e in seen if isinstance(e, events.BatchDone)]
    assert all(e.photos_per_second > 0 and e.seconds_left >= 0 for e in batches)
    assert batches[-1].seconds_left < batches[0].seconds_left
    card = read_card(whole / "model.pt")
    assert [label.name for label in card.labels] == ["Eiffel_Tower", "Taj_Mahal", "none"]
    assert card.background == 2
    assert card.training["name"] == "Small"
    assert card.training["data"].endswith("/data")
    assert str(whole.parents[1]) not in card.to_json()  # a card tells nobody's folders
    assert card.metrics["validation"]["top1"] == 1.0
    assert "</html>" in (whole / "report.html").read_text()
    assert TrainingSpec.load(whole / "spec.json").name == "Small"
    judgement = json.loads((whole / "judgement.json").read_text())
    assert judgement["top1"] == card.metrics["validation"]["top1"]
    each = judgement["photos"]
    assert len(each) == judgement["n"] + judgement["negatives_n"]
    assert all(Path(photo["path"]).is_file() for photo in each)
    assert all(Path(p["path"]).parent.name == p["truth"] for p in each if p["truth"])
    assert sum(photo["suggested"] for photo in each if photo["truth"]) == round(
        judgement["kept_rate"] * judgement["n"]
    )
    Engine(whole / "model.pt")  # holds it to its contract
    assert card.metrics["validation"]["confused"] == []  # it learned them both
    memory = support.read(whole / "model.pt")
    assert memory is not None
    assert sorted(set(memory.targets.tolist())) == [0, 1, 2]
    assert (memory.logits.argmax(1) == memory.targets).mean() > 0.6  # by chance a third


@pytest.mark.usefixtures("unexported")
def test_the_same_spec_and_seed_give_the_same_model(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    run(small(drawn), tmp_path / "again", training_cache)
    assert same(whole, tmp_path / "again")
    run(small(drawn, seed=1), tmp_path / "other", training_cache)
    assert not same(whole, tmp_path / "other")


@pytest.mark.usefixtures("unexported")
def test_memory_that_runs_out_halves_the_batch_and_changes_nothing_else(
    drawn: Path, training_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Features pass layers without batch statistics: there the gradients are the same."""
    spec = small(drawn, depth="head", dropout=0.0)
    run(spec, tmp_path / "enough", training_cache)
    forward = LandmarkNetwork.head_logits

    def short_of_memory(network: LandmarkNetwork, x: torch.Tensor) -> torch.Tensor:
        if network.training and len(x) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return forward(network, x)

    monkeypatch.setattr(LandmarkNetwork, "head_logits", short_of_memory)
    seen = run(spec, tmp_path / "short", training_cache)
    monkeypatch.setattr(LandmarkNetwork, "head_logits", forward)
    notices = [event.message for event in seen if isinstance(event, events.Notice)]
    assert [n for n in notices if "not enough memory for 16" in n]
    assert [n for n in notices if "going on with 4" in n]
    ours, theirs = weights(tmp_path / "enough"), weights(tmp_path / "short")
    assert torch.allclose(ours["head.weight"], theirs["head.weight"], atol=1e-5)


@pytest.mark.parametrize("backbone", ["landmark_net", "five_conv"])
def test_from_scratch(backbone: str, drawn: Path, training_cache: Path, tmp_path: Path) -> None:
    spec = small(
        drawn, recipe="scratch", backbone=backbone, head_epochs=0, augmentation="randaugment"
    )
    seen = run(spec, tmp_path, training_cache)
    assert isinstance(seen[-1], events.Finished)
    assert "random weights" in read_card(tmp_path / "model.pt").provenance["backbone"]


@pytest.mark.usefixtures("unexported")
def test_training_stops_early_where_nothing_gets_better(
    drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    spec = small(drawn, depth="head", head_epochs=40, head_rate=0.0, patience=3)
    seen = run(spec, tmp_path, training_cache)
    assert len(epochs(seen)) == 4
    assert any(
        "No better validation loss" in e.message for e in seen if isinstance(e, events.Notice)
    )
    assert isinstance(seen[-1], events.Finished)


def test_a_loss_that_explodes_is_told(drawn: Path, training_cache: Path, tmp_path: Path) -> None:
    spec = small(drawn, depth="head", head_epochs=5, head_rate=1e38, gradient_clip=1e30)
    seen = run(spec, tmp_path, training_cache)
    assert isinstance(seen[-1], events.Failed)
    assert "rates are too high" in seen[-1].reason
    assert isinstance(
        events.from_line((tmp_path / "events.jsonl").read_text().splitlines()[-1]), events.Failed
    )


def test_two_classes_of_one_photo_give_a_model_that_nobody_vouches_for(
    training_cache: Path, tmp_path: Path
) -> None:
    for shows in ("Eiffel_Tower", "Taj_Mahal"):
        draw(tmp_path / "data" / shows / "only.jpg", shows)
    spec = small(tmp_path, negatives=(), depth="head")
    seen = run(spec, tmp_path / "run", training_cache)
    assert isinstance(seen[-1], events.Finished)
    notices = [event.message for event in seen if isinstance(event, events.Notice)]
    assert any("nobody knows how good" in notice for notice in notices)
    assert read_card(tmp_path / "run" / "model.pt").metrics == {}


def test_a_third_of_the_files_is_broken_and_labels_are_any_text(
    training_cache: Path, tmp_path: Path
) -> None:
    lines = ["path,label"]
    for label, shows in (("Église / 教会 🏛", "Eiffel_Tower"), (" Old  town", "Taj_Mahal")):
        for number in range(20):
            path = draw(tmp_path / f"{shows} {number}.jpg", shows, size=(64, 64), mark=number)
            if number % 3 == 0:
                path.write_bytes(path.read_bytes()[: number * 40])
            lines.append(f"{path.name},{label}")
    lines.append("gone.jpg,Nowhere")
    (tmp_path / "photos.csv").write_text("\n".join(lines), encoding="utf-8")
    spec = small(tmp_path, data=str(tmp_path / "photos.csv"), negatives=(), depth="head")
    seen = run(spec, tmp_path / "run", training_cache)
    assert isinstance(seen[-1], events.Finished)
    (started,) = (event for event in seen if isinstance(event, events.Started))
    assert len(started.unreadable) >= 14
    assert all(": " in line for line in started.unreadable)
    labels = [label.name for label in read_card(tmp_path / "run" / "model.pt").labels]
    assert labels == ["Old  town", "Église / 教会 🏛"]
    assert "Église / 教会 🏛" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_too_few_classes_are_said_so(tmp_path: Path) -> None:
    draw(tmp_path / "data" / "only" / "a.jpg")
    arguments = ["fit", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "at least two" in result.stderr


def test_an_export_that_differs_from_the_network_is_refused(
    tmp_path: Path, colour_model: Path
) -> None:
    network = LandmarkNetwork(EfficientNetLite(0), 3, 32)
    card = read_card(colour_model)
    assert export.export(network, card, tmp_path / "good.pt") <= export.TOLERANCE

    class Wavering(LandmarkNetwork):
        def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            logits, embedding = super().forward(pixels)
            return logits + torch.rand_like(logits), embedding

    network.__class__ = Wavering
    with pytest.raises((ValueError, RuntimeError)):
        export.export(network, card, tmp_path / "bad.pt")
    assert not (tmp_path / "bad.pt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["good.pt"]


def test_rates_rise_then_fall() -> None:
    rates = [loop.rate_at(step / 100, 0.1) for step in range(101)]
    assert max(rates) == pytest.approx(1.0, abs=0.01)
    assert rates.index(max(rates)) == 10
    assert rates[0] == pytest.approx(0.02)
    assert rates[-1] == pytest.approx(0.01)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_the_validation_loss_is_that_of_the_best_temperature() -> None:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 3, 200)
    logits = rng.normal(0, 1, (200, 3)).astype(np.float32)
    logits[np.arange(200), targets] += 2
    part = Part(np.zeros((200, 1, 3, 4, 4), np.uint8), np.arange(200), targets)
    labels = tuple(map(Label, "abc"))
    photos = Photos(labels, None, part, part, part, (), (), (), "")
    least = min(
        float(F.cross_entropy(torch.from_numpy(logits) / t, torch.from_numpy(targets)))
        for t in np.linspace(0.25, 4.0, 800)
    )
    for timid in (1.0, 0.6, 4.0):
        judged = loop.validation_loss(torch.from_numpy(logits * timid), photos)
        assert judged == pytest.approx(least, abs=1e-4)
