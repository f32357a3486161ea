"""``landmark-train``: look at photos, train, compare and judge models from the command line."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from training import catalogue, events, memory, offline, recipes
from training.bundle import BundleError
from training.control import Control
from training.drain import drain
from training.narrate import in_words
from training.spec import AUGMENTATIONS, DEPTHS, RECIPES, SpecError, Stage, TrainingSpec

R = TypeVar("R")
_SOURCE = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="landmark-desktop")
def main() -> None:
    """Train landmark models on your own photos, and judge them. Nothing leaves this computer."""
    memory.keep()
    offline.refuse_where_told()


@main.command()
@click.argument("source", type=_SOURCE)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--samples", type=_NEW_FILE, help="Write a picture with photos of each class.")
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
@click.option("--cache", type=_NEW_FOLDER, default=None, help="Where a zip is unpacked.")
def inspect(
    source: Path, form: str, samples: Path | None, threads: int, cache: Path | None
) -> None:
    """Look at photos before training: counts, unreadable ones, duplicates, leaks into the test.

    SOURCE: a folder with one folder of photos per class, with or without train/, val/ and
    test/ above them; a zip of that; or a csv with the columns path, label and split.
    """
    from training import contact_sheet, health, health_report, layout, pixel_cache

    with _told():
        found = layout.read(source, (cache or pixel_cache.default_folder()) / "unpacked")
        report = _quietly(health.inspect(found, threads), "Looking at photos")
        if samples is not None:
            contact_sheet.samples_picture(found).save(samples)
    click.echo(
        json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
        if form == "json"
        else health_report.in_words(report)
    )


def _spec_options(command: Any) -> Any:
    """Add the options that fit and explore share."""
    for option in (
        click.option("--data", type=_SOURCE, help="Class folders, a zip of them, or a csv."),
        click.option("--negatives", type=_FOLDER, multiple=True,
                     help="Photos that show no landmark."),
        click.option("--weights", type=_FILE, help="Published weights from a file."),
        click.option("--door", type=int, help="Pixels a side that photos are reduced to; 0: "
                     "by their own size."),
        click.option("--seed", type=int),
        click.option("--threads", type=click.IntRange(1)),
        click.option("--device", help="auto, cpu, cuda, cuda:1, mps ..."),
        click.option("--batch-size", type=int),
        click.option("--head-epochs", type=int, help="Epochs of the head on features."),
        click.option("--out", type=_NEW_FOLDER, required=True, help="Folder of the run."),
        click.option("--cache", type=_NEW_FOLDER, default=None,
                     help="Where decoded photos and features are kept."),
        click.option("--events", "as_events", is_flag=True, help="Print a JSON object per event."),
    ):  # fmt: skip
        command = option(command)
    return command


@main.command()
@click.option("--recipe", type=click.Choice(RECIPES))
@click.option("--backbone", help=f"One of {', '.join(e.key for e in catalogue.BACKBONES)}.")
@click.option("--base", type=_FILE, help="With --recipe extend: the model to build on.")
@click.option("--depth", type=click.Choice(DEPTHS), help="Train the head alone, or all of it.")
@click.option("--preset", type=click.Choice(recipes.PRESETS), default="balanced",
              show_default=True, help="How long to train.")  # fmt: skip
@click.option("--spec", "spec_file", type=_FILE, help="A saved spec.json; options replace entries.")
@click.option("--stages", default=None, metavar="EPOCHSxSIZE,...",
              help="Epochs and network input size, for example 14x96,6x128.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), help="Epochs of the whole network.")
@click.option("--augmentation", type=click.Choice(AUGMENTATIONS))
@click.option("--name", default=None, help="The model's name.")
@click.option("--resume", is_flag=True, help="Go on with the run in --out where it stopped.")
@click.option("--follow-stdin", is_flag=True,
              help="Obey pause, continue, cancel, finish on stdin; its end cancels.")  # fmt: skip
@_spec_options
def fit(out: Path, cache: Path | None, preset: str, spec_file: Path | None, stages: str | None,
        epochs: int | None, resume: bool, follow_stdin: bool, as_events: bool,
        **given: Any) -> None:  # fmt: skip
    """Train a model and write OUT/model.pt, with a report beside it.

    From scratch, by transfer from a pretrained backbone, or on top of a model that keeps its
    landmarks (--recipe extend --base MODEL). Ctrl+C stops behind a checkpoint;
    --resume goes on from there, also after a crash.
    """
    from training import pixel_cache
    from training.fit import fit as run
    from training.fit import saved_run

    changes = _changes(given)
    if stages is not None:
        changes["stages"] = _stages(stages)
    with _failing(as_events):
        begun = saved_run(out)
        if begun is not None and not resume:
            raise SpecError(
                f"There is a run in {out} already. Go on with it with --resume, or name another "
                "folder."
            )
        if begun is not None:
            wanted = begun
            for key in ("threads", "device"):
                if key in changes:
                    wanted = TrainingSpec.from_dict({**wanted.as_dict(), key: changes[key]})
        elif spec_file is not None:
            entries = TrainingSpec.load(spec_file).as_dict()
            wanted = TrainingSpec.from_dict({**entries, **changes})
        elif "data" not in changes:
            raise SpecError("Say where the photos are, with --data or with --spec.")
        else:
            wanted = recipes.spec(changes.pop("data"), preset=preset, **changes)
        if epochs is not None and begun is None:
            size = wanted.stages[-1].size
            wanted = TrainingSpec.from_dict({**wanted.as_dict(), "stages": (Stage(epochs, size),)})
    control = Control()
    if follow_stdin:
        threading.Thread(target=control.follow, args=(sys.stdin,), daemon=True).start()
    stream = run(wanted, out, cache or pixel_cache.default_folder(), control)
    sys.exit(_print(stream, as_events, control))


@main.command()
@click.option("--backbones", default=None, metavar="NAME,...",
              help="Which to try; by default all that have pretrained weights.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@_spec_options
def explore(backbones: str | None, out: Path, cache: Path | None, form: str, as_events: bool,
            **given: Any) -> None:  # fmt: skip
    """Try several backbones at head depth and compare accuracy, size and speed."""
    from training import pixel_cache
    from training.explore import explore as compare
    from training.explore import table

    changes = _changes(given)
    keys = [e.key for e in catalogue.BACKBONES if e.pretrained]
    if backbones is not None:
        keys = [key.strip() for key in backbones.split(",")]
    with _failing(as_events):
        if "data" not in changes:
            raise SpecError("Say where the photos are, with --data.")
        for key in keys:
            catalogue.find(key)
        wanted = recipes.spec(changes.pop("data"), depth="head", **changes)
    control = Control()
    stream = compare(wanted, keys, out, cache or pixel_cache.default_folder(), control)
    with _interruptible(control):
        candidates = drain(stream, lambda event: _show(event, as_events, to_stderr=True))
    click.echo(
        json.dumps([asdict(c) for c in candidates], ensure_ascii=False, indent=1)
        if form == "json"
        else table(candidates)
    )
    sys.exit(0 if any(c.top1 is not None for c in candidates) else 1)


@main.command()
@click.option("--model", type=_FILE, required=True)
@click.option("--data", type=_SOURCE, required=True, help="Class folders, a zip, or a csv.")
@click.option("--negatives", type=_FOLDER, multiple=True, help="Photos that show no landmark.")
@click.option("--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table")
@click.option("--report", type=_NEW_FILE, help="Write an HTML report with plots.")
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
def evaluate(model: Path, data: Path, negatives: tuple[Path, ...], form: str, report: Path | None,
             threads: int) -> None:  # fmt: skip
    """Judge a model on photos that it was not trained on."""
    from training import bundle
    from training import report as reports
    from training.evaluate import evaluate as judge

    with _told():
        result = _quietly(judge(model, data, negatives, threads=threads), "Judging photos")
        if report is not None:
            html = reports.judgement_report(result, bundle.read_card(model))
            report.write_text(html, encoding="utf-8")
    if form == "json":
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
        return
    if form == "markdown":
        from training.markdown import table

        click.echo(table(result))
        return
    for key, value in result.items():
        if isinstance(value, float):
            low, high = result.get(f"{key}_ci95", (None, None))
            interval = f"  (95 % interval {low:.3f} to {high:.3f})" if low is not None else ""
            click.echo(f"{key:24}{value:.4f}{interval}")
        elif isinstance(value, int | str):
            click.echo(f"{key:24}{value}")


@main.command("remember")
@click.option("--model", type=_FILE, required=True)
@click.option("--data", type=_SOURCE, required=True, help="Photos of landmarks that it knows.")
@click.option("--negatives", type=_FOLDER, multiple=True, help="Photos that show no landmark.")
@click.option("--output", type=_NEW_FILE, required=True)
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
@click.option("--cache", type=_NEW_FOLDER, default=None, help="Where decoded photos are kept.")
def remember_(model: Path, data: Path, negatives: tuple[Path, ...], output: Path, threads: int,
              cache: Path | None) -> None:  # fmt: skip
    """Give a model a memory of photos, so that new landmarks can be taught beside its own.

    Models trained by this version have one. Photos that it was not trained on serve best.
    """
    from training import pixel_cache
    from training.remember import remember

    with _told():
        folder = cache or pixel_cache.default_folder()
        stream = remember(model, data, negatives, output, folder, threads=threads)
        memory = _quietly(stream, "Looking at photos")
    click.echo(f"wrote {output}, which remembers {len(memory.targets):,} photos")


@main.command("compare-export", hidden=True)
@click.argument("bundle", type=_FILE)
@click.argument("probe", type=_FILE)
def compare_export(bundle: Path, probe: Path) -> None:
    """Print how far a bundle is from the network it was made of: a step of every export."""
    from training.export import compare

    click.echo(json.dumps({"difference": compare(bundle, probe)}))


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """Return the spec entries among the options that were given, paths made absolute."""
    changes = {key: value for key, value in given.items() if value not in (None, ())}
    for key in ("data", "weights", "base"):
        if key in changes:
            changes[key] = str(changes[key].absolute())
    if "negatives" in changes:
        changes["negatives"] = tuple(str(folder.absolute()) for folder in changes["negatives"])
    return changes


def _stages(text: str) -> tuple[Stage, ...]:
    try:
        pairs = [tuple(map(int, part.split("x"))) for part in text.split(",")]
        return tuple(Stage(epochs, size) for epochs, size in pairs)
    except ValueError:
        raise click.UsageError(f"--stages {text}: write it like 14x96,6x128.") from None


def _print(stream: Iterator[events.Event], as_events: bool, control: Control) -> int:
    """Print a run's events; return the exit status: 0 finished, 1 failed, 130 stopped."""
    status = 0
    with _interruptible(control):
        for event in stream:
            _show(event, as_events)
            if isinstance(event, events.Failed):
                status = 1
            elif isinstance(event, events.Stopped):
                status = 130
    return status


def _show(event: events.Event, as_events: bool, *, to_stderr: bool = False) -> None:
    words = events.to_line(event) + "\n" if as_events else in_words(event)
    failed = isinstance(event, events.Failed) and not as_events
    click.echo(words, nl=False, err=failed or to_stderr)


@contextmanager
def _interruptible(control: Control) -> Iterator[None]:
    """Ctrl+C stops behind a checkpoint; a second one at once."""

    def stop(*_: object) -> None:
        if control.wish == "cancel":
            raise KeyboardInterrupt
        control.tell("cancel")

    before = None
    if threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _quietly(stream: Generator[Any, None, R], what: str) -> R:
    """Drive a generator to its result, its progress on stderr where that is a terminal."""

    def show(progress: Any) -> None:
        end = "\n" if progress.done == progress.total else ""
        click.echo(f"\r{what} {progress.done:,} of {progress.total:,}{end}", nl=False, err=True)

    return drain(stream, show) if sys.stderr.isatty() else drain(stream)


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors that a person can mend into a sentence and exit status 1."""
    try:
        yield
    except (BundleError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _failing(as_events: bool) -> Iterator[None]:
    """The same as a ``Failed`` event, where events are what the caller reads."""
    try:
        yield
    except ValueError as error:
        _show(events.Failed(str(error)), as_events)
        sys.exit(1)


if __name__ == "__main__":
    main()
