"""Whole small runs on drawn photos: they learn, go on after any stop, and export what they are."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner
from samples import draw, small

from landmark_desktop.inference.engine import Engine
from training import checkpoint, events, export, launch, loop, support
from training import fit as fit_module
from training.bundle import read_card
from training.cli import main
from training.control import Control
from training.efficientnet_lite import EfficientNetLite
from training.fit import fit
from training.network import LandmarkNetwork
from training.spec import TrainingSpec


def run(
    spec: TrainingSpec, folder: Path, cache: Path, control: Control | None = None
) -> list[events.Event]:
    return list(fit(spec, folder, cache, control))


def epochs(seen: list[events.Event]) -> list[events.EpochDone]:
    return [event for event in seen if isinstance(event, events.EpochDone)]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    best: dict[str, torch.Tensor] = torch.load(folder / checkpoint.NAME)["best"]
    return best


def same(one: Path, other: Path) -> bool:
    ours, theirs = weights(one), weights(other)
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


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
    memory = support.read(whole / "model.pt")
    assert memory is not None
    assert sorted(set(memory.targets.tolist())) == [0, 1, 2]
    assert (memory.logits.argmax(1) == memory.targets).mean() > 0.6  # by chance a third


@pytest.fixture
def unexported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save the seconds of a fresh process where it is the training that is looked at."""
    monkeypatch.setattr(fit_module, "export", lambda *_: 0.0)


@pytest.mark.usefixtures("unexported")
def test_the_same_spec_and_seed_give_the_same_model(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    run(small(drawn), tmp_path / "again", training_cache)
    assert same(whole, tmp_path / "again")
    run(small(drawn, seed=1), tmp_path / "other", training_cache)
    assert not same(whole, tmp_path / "other")


@pytest.mark.usefixtures("unexported")
@pytest.mark.parametrize("batches", [1, 6, 8])
def test_a_cancelled_run_goes_on_to_the_same_weights(
    batches: int, whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    control, done = Control(), 0
    seen = []
    for event in fit(small(drawn), tmp_path, training_cache, control):
        seen.append(event)
        done += isinstance(event, events.BatchDone)
        if done == batches:
            control.tell("cancel")
    assert isinstance(seen[-1], events.Stopped)
    rest = run(small(drawn), tmp_path, training_cache)
    assert isinstance(rest[-1], events.Finished)
    assert sum(isinstance(event, events.BatchDone) for event in rest) == 12 - batches
    assert same(whole, tmp_path)
    history = events.history((tmp_path / "events.jsonl").read_text().splitlines())
    unbroken = events.history((whole / "events.jsonl").read_text().splitlines())
    losses = [
        [(e.epoch, e.batch, e.loss) for e in some if isinstance(e, events.BatchDone)]
        for some in (history, unbroken)
    ]
    assert losses[0] == losses[1]


def test_a_killed_process_goes_on_to_the_same_weights(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    """Kill -9 in the middle of an epoch, with checkpoints wherever time allows."""
    small(drawn).save(tmp_path / "spec.json")
    code = "from training import loop; loop.SAVE_EVERY = 0.0; from training.cli import main; main()"

    def start(folder: Path, *more: str) -> subprocess.Popen[str]:
        arguments = ["fit", "--spec", str(tmp_path / "spec.json"), "--out", str(folder)]
        command = [*launch.command()[:1], "-c", code, *arguments, "--events", *more]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **launch.ENVIRONMENT},
        )  # fmt: skip

    process = start(tmp_path / "killed")
    assert process.stdout is not None
    done = 0
    for line in process.stdout:
        done += isinstance(events.from_line(line), events.BatchDone)
        if done == 8:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.communicate()
    assert not (tmp_path / "killed" / "model.pt").exists()
    out, _ = start(tmp_path / "killed", "--resume").communicate()
    started = [e for e in map(events.from_line, out.splitlines()) if isinstance(e, events.Started)]
    assert (started[0].first_epoch, started[0].first_batch) >= (2, 1)
    assert same(whole, tmp_path / "killed")
    assert read_card(tmp_path / "killed" / "model.pt").name == "Small"


@pytest.mark.usefixtures("unexported")
def test_a_paused_run_waits_and_goes_on(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    control = Control()
    seen = []
    for event in fit(small(drawn), tmp_path, training_cache, control):
        seen.append(event)
        if isinstance(event, events.EpochDone) and event.epoch == 0:
            control.tell("pause")
        if isinstance(event, events.Paused):
            assert isinstance(seen[-2], events.CheckpointSaved)
            control.tell("go on")
    kinds = [type(event) for event in seen]
    assert kinds.count(events.Paused) == kinds.count(events.Continued) == 1
    assert same(whole, tmp_path)


@pytest.mark.usefixtures("unexported")
def test_finishing_keeps_the_best_so_far(drawn: Path, training_cache: Path, tmp_path: Path) -> None:
    control = Control()
    seen = []
    for event in fit(small(drawn), tmp_path, training_cache, control):
        seen.append(event)
        if isinstance(event, events.BatchDone) and event.epoch == 1:
            control.tell("finish")
    assert isinstance(seen[-1], events.Finished)
    assert len(epochs(seen)) <= 2
    # Asked to go on, a finished run has nothing left to train.
    again = run(small(drawn), tmp_path, training_cache)
    assert not any(isinstance(event, events.BatchDone) for event in again)
    assert isinstance(again[-1], events.Finished)


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


def test_a_damaged_checkpoint_and_one_of_another_run_are_refused(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    (tmp_path / checkpoint.NAME).write_bytes(b"not a checkpoint")
    seen = run(small(drawn), tmp_path, training_cache)
    assert isinstance(seen[-1], events.Failed)
    assert "cannot be read" in seen[-1].reason
    (tmp_path / checkpoint.NAME).write_bytes((whole / checkpoint.NAME).read_bytes())
    seen = run(small(drawn, head_rate=0.1), tmp_path, training_cache)
    assert isinstance(seen[-1], events.Failed)
    assert "head_rate" in seen[-1].reason


def test_the_child_process_obeys_its_stdin_and_stops_with_it(
    drawn: Path, tmp_path: Path, training_cache: Path
) -> None:
    small(drawn, depth="head", head_epochs=100_000).save(tmp_path / "spec.json")
    seen: list[Any] = []
    with subprocess.Popen(
        launch.fit_command(tmp_path / "spec.json", tmp_path / "run"), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **launch.ENVIRONMENT},
    ) as process:  # fmt: skip
        _follow(process, seen)
    assert process.returncode == 130
    assert isinstance(seen[-1], events.Stopped)
    assert (tmp_path / "run" / checkpoint.NAME).exists()


def _follow(process: subprocess.Popen[str], seen: list[Any]) -> None:
    """Pause and continue the run, then die as a window dies."""
    assert process.stdin is not None
    assert process.stdout is not None
    for line in process.stdout:
        event = events.from_line(line)
        seen.append(event)
        assert event is not None, line
        if isinstance(event, events.EpochDone) and event.epoch == 3:
            process.stdin.write("pause\n")
            process.stdin.flush()
        if isinstance(event, events.Paused):
            process.stdin.write("continue\n")
            process.stdin.flush()
        if isinstance(event, events.Continued):
            process.stdin.close()


def test_the_command_line_trains_judges_and_resumes(drawn: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    arguments = ["fit", "--data", str(drawn / "data"), "--negatives", str(drawn / "negatives")]
    arguments += ["--depth", "head", "--head-epochs", "3", "--out", str(out), "--events"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines[-1]["event"] == "Finished"
    assert {path.name for path in out.iterdir()} == {
        "spec.json", "events.jsonl", "checkpoint.pt", "model.pt", "judgement.json", "report.html",
    }  # fmt: skip
    assert TrainingSpec.load(out / "spec.json").door == 96

    refused = CliRunner().invoke(main, arguments)
    assert refused.exit_code == 1
    assert "--resume" in json.loads(refused.stdout)["reason"]
    again = CliRunner().invoke(main, [*arguments, "--resume"])
    assert again.exit_code == 0, again.output

    report = tmp_path / "report.html"
    arguments = ["--model", str(out / "model.pt"), "--data", str(drawn / "data")]
    arguments += ["--negatives", str(drawn / "negatives"), "--format", "json"]
    result = CliRunner().invoke(main, ["evaluate", *arguments, "--report", str(report)])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["n"] == 48
    assert figures["negatives_n"] == 12
    assert figures["top1_ci95"][0] <= figures["top1"] <= figures["top1_ci95"][1]
    assert [sum(row) for row in figures["confusion"]] == [24, 24]
    right = figures["confusion"][0][0] + figures["confusion"][1][1]
    assert figures["top1"] == right / 48
    assert figures["per_class"]["Taj_Mahal"]["recall"] == figures["confusion"][1][1] / 24
    assert "Taj_Mahal" in report.read_text()


def test_the_command_line_compares_backbones(drawn: Path, tmp_path: Path) -> None:
    """One is at hand; the weights of the other are not, and nothing is fetched."""
    arguments = ["explore", "--data", str(drawn / "data"), "--out", str(tmp_path / "runs")]
    arguments += ["--backbones", "efficientnet_lite0,vit_b_16", "--head-epochs", "2"]
    broken = tmp_path / "vit.pth"
    broken.write_bytes(b"no weights")
    result = CliRunner().invoke(main, [*arguments, "--format", "json", "--weights", str(broken)])
    assert result.exit_code == 1
    reasons = [candidate["reason"] for candidate in json.loads(result.stdout)]
    assert all("damaged" in reason for reason in reasons)
    arguments[4:] = [str(tmp_path / "more"), "--backbones", "efficientnet_lite0"]
    result = CliRunner().invoke(main, [*arguments, "--head-epochs", "2"])
    assert result.exit_code == 0, result.output
    assert "EfficientNet-Lite0" in result.stdout
    assert "photos/s" in result.stdout


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


def test_control_pauses_and_a_cancelled_run_stays_cancelled() -> None:
    control = Control()
    control.tell("pause")
    import threading

    threading.Timer(0.05, control.tell, ["cancel"]).start()
    assert control.wait() >= 0.04
    control.tell("go on")
    assert control.wish == "cancel"
    started = time.monotonic()
    assert control.wait() < 1
    assert time.monotonic() - started < 1
