"""``landmark-train``: train and judge models from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from training import events
from training.bundle import BundleError
from training.spec import Stage, TrainingSpec

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="landmark-desktop")
def main() -> None:
    """Train landmark models on your own photos, and judge them. Nothing leaves this computer."""


@main.command()
@click.option("--data", type=_FOLDER, help="Folder with one folder of photos per landmark.")
@click.option("--negatives", type=_FOLDER, multiple=True, help="Photos that show no landmark.")
@click.option("--spec", type=_FILE, help="A saved spec.json; other options replace its entries.")
@click.option("--stages", default=None, metavar="EPOCHSxSIZE,...",
              help="Epochs and network input size, for example 14x96,6x128.")  # fmt: skip
@click.option("--name", default=None, help="The model's name.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="Folder of the run. An interrupted run in it is continued.")  # fmt: skip
@click.option("--events", "as_events", is_flag=True, help="Print one JSON object per event.")
def fit(data: Path | None, negatives: tuple[Path, ...], spec: Path | None, stages: str | None,
        name: str | None, out: Path, as_events: bool) -> None:  # fmt: skip
    """Train a model by transfer from EfficientNet-Lite0 and write OUT/model.pt."""
    from training.fit import fit as run

    given: dict[str, Any] = TrainingSpec.load(spec).as_dict() if spec else {}
    if data is not None:
        given["data"] = str(data)
    if negatives:
        given["negatives"] = tuple(str(folder) for folder in negatives)
    if name is not None:
        given["name"] = name
    if "data" not in given:
        raise click.UsageError("Say where the photos are: --data FOLDER or --spec FILE.")
    if stages is not None:
        given["stages"] = _stages(stages)
    else:
        given["stages"] = tuple(
            Stage(**stage) if isinstance(stage, dict) else stage
            for stage in given.get("stages", TrainingSpec.stages)
        )
    try:
        for event in run(TrainingSpec(**given), out):
            click.echo(events.to_line(event) if as_events else _in_words(event), nl=as_events)
    except (ValueError, OSError, ModuleNotFoundError) as error:
        failed = events.Failed(str(error))
        click.echo(events.to_line(failed) if as_events else f"\n{failed.reason}", err=not as_events)
        sys.exit(1)


def _stages(text: str) -> tuple[Stage, ...]:
    try:
        pairs = [tuple(map(int, part.split("x"))) for part in text.split(",")]
        return tuple(Stage(epochs, size) for epochs, size in pairs)
    except ValueError:
        raise click.UsageError(f"--stages {text}: write it like 14x96,6x128.") from None


def _in_words(event: events.Event) -> str:
    match event:
        case events.Started():
            return (
                f"{event.training_photos} training and {event.validation_photos} validation "
                f"photos of {event.classes} classes; epochs {event.first_epoch + 1} to "
                f"{event.epochs}\n" + "".join(f"left out: {line}\n" for line in event.unreadable)
            )
        case events.BatchDone():
            return (
                f"\repoch {event.epoch + 1}, batch {event.batch}/{event.batches}: loss "
                f"{event.loss:.3f}, {event.photos_per_second:.0f} photos/s "
            )
        case events.EpochDone():
            measured = ", ".join(f"{k} {v:.3f}" for k, v in event.metrics.items())
            return (
                f"\repoch {event.epoch + 1}: training loss {event.training_loss:.3f}, validation "
                f"loss {event.validation_loss:.3f}, {measured}, {event.seconds:.0f} s\n"
            )
        case events.Finished():
            measured = ", ".join(f"{k} {v:.3f}" for k, v in event.metrics.items())
            return f"wrote {event.bundle} ({measured} on validation)\n"
        case _:
            return ""


@main.command()
@click.option(
    "--model", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@click.option("--data", type=_FOLDER, required=True, help="Folder with one folder per class.")
@click.option("--negatives", type=_FOLDER, multiple=True, help="Photos that show no landmark.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def evaluate(model: Path, data: Path, negatives: tuple[Path, ...], form: str) -> None:
    """Judge a model on photos that it was not trained on."""
    from training.evaluate import evaluate as judge

    try:
        result = judge(model, data, negatives)
    except (BundleError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    if form == "json":
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
        return
    for key, value in result.items():
        if isinstance(value, float):
            low, high = result.get(f"{key}_ci95", (None, None))
            interval = f"  (95 % interval {low:.3f} to {high:.3f})" if low is not None else ""
            click.echo(f"{key:24}{value:.4f}{interval}")
        elif isinstance(value, int):
            click.echo(f"{key:24}{value}")


if __name__ == "__main__":
    main()
