"""A whole small run on drawn photos: it learns, goes on after a stop, and exports what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from samples import draw

from landmark_desktop.inference.engine import Engine
from training import events
from training.backbones import EfficientNetLite0
from training.bundle import read_card
from training.cli import main
from training.export import TOLERANCE, export
from training.fit import fit
from training.loop import build
from training.spec import Stage, TrainingSpec


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for shows in ("Eiffel_Tower", "Taj_Mahal"):
        for number in range(24):
            draw(folder / "data" / shows / f"{number}.jpg", shows, size=(64, 64), mark=number)
    for number in range(12):
        draw(folder / "negatives" / f"{number}.jpg", "none", size=(64, 64), mark=number)
    return folder


def spec(folder: Path, epochs: int = 2) -> TrainingSpec:
    return TrainingSpec(
        data=str(folder / "data"), negatives=(str(folder / "negatives"),), name="Small",
        door=32, stages=(Stage(epochs, 32),), batch_size=16, validation_share=0.25,
        ema_decay=0.5,
    )  # fmt: skip


def test_a_run_learns_and_its_bundle_runs_in_the_application(folder: Path, tmp_path: Path) -> None:
    seen = list(fit(spec(folder), tmp_path))
    kinds = [type(event).__name__ for event in seen]
    assert kinds[0] == "Started"
    assert kinds[-1] == "Finished"
    assert kinds.count("EpochDone") == kinds.count("CheckpointSaved") == 2
    losses = [event.training_loss for event in seen if isinstance(event, events.EpochDone)]
    assert losses[1] < losses[0]
    card = read_card(tmp_path / "model.pt")
    assert [label.name for label in card.labels] == ["Eiffel_Tower", "Taj_Mahal", "none"]
    assert card.background == 2
    assert card.training["name"] == "Small"
    assert "validation" in card.metrics
    Engine(tmp_path / "model.pt")  # holds it to its contract


def test_a_stopped_run_goes_on_where_it_was(folder: Path, tmp_path: Path) -> None:
    whole = list(fit(spec(folder), tmp_path / "whole"))
    run = fit(spec(folder), tmp_path / "stopped")
    for event in run:
        if isinstance(event, events.CheckpointSaved):
            break
    run.close()
    rest = list(fit(spec(folder), tmp_path / "stopped"))
    assert isinstance(rest[0], events.Started)
    assert rest[0].first_epoch == 1
    # The second epoch draws its own random numbers, so both runs see the same batches.
    last, other = (
        [e for e in some if isinstance(e, events.EpochDone)][-1] for some in (whole, rest)
    )
    assert last.epoch == other.epoch == 1
    assert other.training_loss == pytest.approx(last.training_loss, abs=0.15)


def test_the_command_line_trains_and_judges(folder: Path, tmp_path: Path) -> None:
    saved = tmp_path / "spec.json"
    spec(folder, epochs=1).save(saved)
    out = tmp_path / "run"
    result = CliRunner().invoke(main, ["fit", "--spec", str(saved), "--out", str(out), "--events"])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines[-1]["event"] == "Finished"
    arguments = ["--model", str(out / "model.pt"), "--data", str(folder / "data")]
    arguments += ["--negatives", str(folder / "negatives"), "--format", "json"]
    result = CliRunner().invoke(main, ["evaluate", *arguments])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["n"] == 48
    assert figures["negatives_n"] == 12
    assert figures["top1_ci95"][0] <= figures["top1"] <= figures["top1_ci95"][1]


def test_too_few_classes_are_said_so(tmp_path: Path) -> None:
    draw(tmp_path / "data" / "only" / "a.jpg")
    arguments = ["fit", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "fewer than two class folders" in result.stderr


def test_a_spec_survives_being_saved(folder: Path, tmp_path: Path) -> None:
    spec(folder).save(tmp_path / "spec.json")
    assert TrainingSpec.load(tmp_path / "spec.json") == spec(folder)
    (tmp_path / "spec.json").write_text('{"data": "x", "colour": "red"}')
    with pytest.raises(ValueError, match="colour"):
        TrainingSpec.load(tmp_path / "spec.json")


def test_stages_follow_each_other() -> None:
    two = TrainingSpec("x", stages=(Stage(2, 96), Stage(1, 128)))
    assert [two.size_at(epoch) for epoch in range(4)] == [96, 96, 128, 128]
    assert two.epochs == 3


def test_an_export_that_differs_from_the_network_is_refused(
    folder: Path, tmp_path: Path, colour_model: Path
) -> None:
    network = build(spec(folder), 3, pretrained=False)
    card = read_card(colour_model)
    assert export(network, card, tmp_path / "good.pt") <= TOLERANCE

    class Wavering(type(network)):  # type: ignore[misc]
        def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            logits, embedding = super().forward(pixels)
            return logits + torch.rand_like(logits), embedding

    network.__class__ = Wavering
    with pytest.raises((ValueError, RuntimeError)):
        export(network, card, tmp_path / "bad.pt")
    assert not (tmp_path / "bad.pt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["good.pt"]


def test_the_imagenet_weights_fit_and_make_sense(data: Path) -> None:
    """``train_b`` has one photo a class: most photos are to be of different classes."""
    from training.bundle import Preprocessing
    from training.data import unlabelled

    network = EfficientNetLite0()
    weight, bias = network.load_imagenet()
    network.eval()
    samples = unlabelled([data / "negatives" / "train_b"])[:60]
    door = Preprocessing(224)
    pixels = torch.stack([torch.from_numpy(door.apply(door.open(s.path))) for s in samples])
    mean, std = torch.tensor(network.mean), torch.tensor(network.std)
    x = (pixels / 255 - mean.view(3, 1, 1)) / std.view(3, 1, 1)
    with torch.inference_mode():
        chance, guess = (network(x) @ weight.T + bias).softmax(1).max(1)
    assert len(set(guess.tolist())) >= 50
    assert float(chance.mean()) > 0.5
