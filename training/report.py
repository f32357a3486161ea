"""The report of a run or of a judgement: one HTML page that works offline and for ever.

Nothing in it comes from elsewhere: styles, plots (SVG) and photos (``data:`` URIs) are inside,
and its content security policy forbids the rest. ``templates/`` holds the page; this module
decides what stands in it.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import jinja2

from training import about, events
from training.bundle import Card
from training.curves import Course, course, duration, plots
from training.diagrams import confused_pairs, heat_map, readable, reliability, thresholds
from training.findings import classes, ending, figures, mistakes, percent
from training.operating import handful
from training.plots import real
from training.spec import TrainingSpec
from training.spec_table import spec_table

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_PAIRS = 16  # about as high as the matrix beside them
_MOST_POINTS = 8  # of those that a card states, one a percent
_MOST_LINES = 200  # of a list that could be as long as the data

_CONTROLS = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n"}
"""Characters that HTML forbids, for ``str.translate``; a file's name may hold them."""


def run_report(
    spec: TrainingSpec,
    history: list[events.Event],
    judgement: dict[str, Any] | None,
    card: Card | None,
    *,
    written: datetime.date | None = None,
) -> str:
    """Return the HTML report of a training run, however far it has come.

    ``history``: its events (``events.history``). ``judgement`` and ``card`` are there once the
    run has finished; without a judgement the figures are those of the best epoch. ``written``:
    the date in the heading, by default today. The photos that the judgement names are read.
    """
    run = course(history)
    folders = (spec.data, *spec.negatives)
    page: dict[str, Any] = {
        "kind": "Training run",
        "name": spec.name,
        "outcome": _outcome(history, written=card is not None),
        "facts": _facts(history, run),
        "curves": plots(run, _loss_caption(spec)),
        "notices": _notices(history, run),
        "spec": spec_table(
            {
                **spec.as_dict(),
                "data": ending(spec.data),
                "negatives": tuple(map(ending, spec.negatives)),
            }
        ),
        "unreadable": _within(folders, run.started.unreadable if run.started else ()),
    }
    if judgement is None and run.epochs:
        epoch = run.best or run.epochs[-1]
        page["figures"] = figures(epoch.metrics)
        page["figures_of"] = f"the validation photos after epoch {epoch.epoch + 1}"
    return _render(page, judgement, card, written)


def judgement_report(
    judgement: dict[str, Any], card: Card, *, written: datetime.date | None = None
) -> str:
    """Return the HTML report of a judgement (``landmark-train evaluate``).

    ``written``: the date in the heading, by default today. The photos it names are read.
    """
    page = {"kind": "Judgement", "name": card.name, "spec": spec_table(card.training)}
    return _render(page, judgement, card, written)


def _render(
    page: dict[str, Any],
    judgement: dict[str, Any] | None,
    card: Card | None,
    written: datetime.date | None,
) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "readable": readable}
    script = (_TEMPLATES / "sort.js").read_text(encoding="utf-8")
    content: dict[str, Any] = {
        "outcome": None, "facts": (), "curves": (), "notices": (),
        "unreadable": [], "figures": (), "figures_of": "",
        **_judged(judgement or {}, card),
    }  # fmt: skip
    broken = [*content["unreadable"], *page.get("unreadable", ())]
    content |= page
    content |= {
        "date": (written or datetime.date.today()).isoformat(),
        "model": _model_facts(card) if card else (),
        "about": about.sections(card.provenance) if card else (),
        "card": card,
        "operating_points": handful(card, _MOST_POINTS) if card else (),
        "unreadable": broken[:_MOST_LINES],
        "unreadable_n": len(broken),
        # The policy names the one script by its content: none other runs, however it got in.
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    html = environment.get_template("report.html.j2").render(content)
    # A file's name that is no Unicode comes as lone surrogates, which no file can hold.
    return html.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")


def _judged(judgement: dict[str, Any], card: Card | None) -> dict[str, Any]:
    """Return the parts of the page that a judgement fills; they are empty without one."""
    labels, confusion = judgement.get("labels", ()), judgement.get("confusion", ())
    pairs = confused_pairs(labels, confusion)
    on = ""
    if judgement:
        on = f"{judgement.get('data') or 'photos'} ({judgement.get('n') or 0:,} with a landmark"
        without = judgement.get("negatives_n")
        on += f", {without:,} without one)" if without else ")"
    galleries = (
        ("Worst mistakes", "Wrong with the greatest confidence.", judgement.get("worst", ())),
        (
            "Landmarks seen where there are none",
            "Photos without a landmark that got the most confident suggestions.",
            judgement.get("false_suggestions_worst", ()),
        ),
    )
    return {
        "figures": figures(judgement),
        "figures_of": on,
        "ece": judgement.get("ece"),
        "reliability": reliability(judgement.get("reliability", ())),
        "thresholds": thresholds(
            judgement.get("thresholds", ()), card.threshold if card else None
        ),
        "matrix": heat_map(labels, confusion),
        "pairs": pairs[:_MOST_PAIRS],
        "pairs_n": len(pairs),
        "classes": classes(judgement.get("per_class", {})),
        "galleries": [(title, words, mistakes(w), len(w)) for title, words, w in galleries if w],
        "unreadable": [
            *judgement.get("unreadable", ()),
            *judgement.get("negatives_unreadable", ()),
        ],
    }  # fmt: skip


def _outcome(history: Sequence[events.Event], *, written: bool) -> tuple[str, str]:
    """Return how the run ended, as a style and a sentence. ``written``: its model is there."""
    # The report is written before the run's last event, which says that all is written.
    finished = "good", "The run has finished and its model is written."
    last_start = max((i for i, e in enumerate(history) if isinstance(e, events.Started)), default=0)
    for event in reversed(history[last_start:]):
        match event:
            case events.Finished():
                return finished
            case events.Stopped(checkpoint):
                again = " It can go on from its last checkpoint." if checkpoint else ""
                return "plain", f"The run was stopped before its end.{again}"
            case events.Failed(reason):
                return "bad", f"The run failed: {reason}"
    if written:
        return finished
    return "plain", "The run has not finished." if history else "The run has not begun."


def _facts(history: Sequence[events.Event], run: Course) -> list[tuple[str, str]]:
    """Return the run in a few figures."""
    facts = []
    if run.started is not None:
        s = run.started
        facts += [
            ("landmarks", f"{s.classes:,}"),
            ("photos to learn from", f"{s.training_photos:,}"),
            ("validation photos", f"{s.validation_photos:,}"),
            ("device", s.device),
        ]
    if run.epochs:
        planned = run.started.epochs if run.started else len(run.epochs)
        facts.append(("epochs done", f"{len(run.epochs)} of {planned}"))
        facts.append(("time of work", duration(sum(_finite(e.seconds for e in run.epochs)))))
    if run.best is not None and run.best.validation_loss is not None:
        best = run.best
        facts.append(("best epoch", f"{best.epoch + 1}, loss {best.validation_loss:.3f}"))
    starts = sum(isinstance(event, events.Started) for event in history)
    if starts > 1:
        facts.append(("interrupted", "once" if starts == 2 else f"{starts - 1} times"))
    return facts


def _notices(history: Sequence[events.Event], run: Course) -> list[str]:
    starts = [event for event in history if isinstance(event, events.Started)][1:]
    notices = [
        f"Interrupted and continued in epoch {s.first_epoch + 1}"
        + (f", after {s.first_batch} batches of it." if s.first_batch else ", from its beginning.")
        for s in starts
    ]
    notices += [event.message for event in history if isinstance(event, events.Notice)]
    lost = sum(not math.isfinite(real(b.loss)) for b in run.batches)
    if lost:
        notices.append(
            f"{lost:,} of {len(run.batches):,} batches had no finite loss: the learning rate may "
            "have been too high."
        )
    return list(dict.fromkeys(notices))


def _loss_caption(spec: TrainingSpec) -> str:
    """Say why training and validation losses do not compare, where they do not."""
    causes = [
        words
        for holds, words in (
            (spec.augmentation != "none", "varied photos"),
            (spec.mix_share > 0, "mixed photos"),
            (spec.label_smoothing > 0, "smoothed labels"),
            (spec.dropout > 0, "dropout"),
        )
        if holds
    ]
    if not causes:
        return ""
    return (
        f"Training losses are measured with {' and '.join(causes)}, validation losses without: "
        "the former may well lie above the latter."
    )


def _model_facts(card: Card) -> list[tuple[str, str]]:
    background = card.background is not None
    side = card.preprocessing.size
    return [
        ("name", card.name),
        ("landmarks", f"{len(card.labels) - background:,}"),
        ("knows photos without a landmark", "yes" if background else "no"),
        ("photos pass through", f"{side} × {side} px"),
        ("embedding", f"{card.embedding_size:,} numbers"),
        ("temperature", f"{card.temperature:.3f}"),
        ("default threshold", percent(card.threshold)),
        *(
            (key.replace("_", " "), str(value))
            for key, value in card.provenance.items()
            if key != about.ENTRY
        ),
    ]


def _within(folders: Sequence[str], lines: Iterable[str]) -> list[str]:
    """Return lines that begin with a path without the part of it that the run's folders are."""
    shortened = []
    for line in lines:
        folder = next((f for f in folders if line.startswith(f)), "")
        shortened.append(line.removeprefix(folder).lstrip("/\\"))
    return shortened


def _finite(values: Iterable[float]) -> Iterable[float]:
    return (value for value in values if math.isfinite(value))
