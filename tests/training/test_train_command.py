"""``landmark-train`` on drawn photos, as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from training.cli import main
from training.spec import TrainingSpec


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
