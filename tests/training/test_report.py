"""The report: whole and valid for every run and judgement, escaped, and loading nothing."""

from __future__ import annotations

import datetime
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from samples import draw

from training import events
from training.bundle import Card, Label, OperatingPoint, Preprocessing
from training.curves import course
from training.diagrams import MOST_CLASSES
from training.report import judgement_report, run_report
from training.spec import TrainingSpec

HOSTILE = [
    "<script>alert(1)</script>", '" onload="alert(1)', "Mon jardin 🌳", "a/b\\c", "O'Brien & <b>",
    "{{ 7 * 7 }}", "]]><!--", "</style></title>", "javascript:alert(1)", "قصر الحمراء",
    "bell\x07 and \udcff", "x" * 300,
]  # fmt: skip
VOID = {"meta", "img", "br", "hr", "link", "input"}
SPEC = TrainingSpec("somewhere/data", ("somewhere/else",), name="Places")
DAY = datetime.date(2026, 1, 2)


class Page(HTMLParser):
    """Checks that every element is closed in its turn; keeps elements, ids and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(set(ids)) == len(ids)
        for name, attributes in self.elements:
            self.check_nothing_is_loaded(name, attributes)
            for link in (attributes.get("href") or "").split():
                assert link[1:] in ids, link

    def check_nothing_is_loaded(self, name: str, attributes: dict[str, str | None]) -> None:
        assert name not in {"link", "iframe", "object", "embed", "base", "use", "image"}
        assert not [key for key in attributes if key.startswith("on")]
        assert "url(" not in (attributes.get("style") or "")
        assert (attributes.get("src") or "data:").startswith("data:")
        assert (attributes.get("href") or "#").startswith("#")
        for key in GEOMETRY & set(attributes):
            assert not re.search("nan|inf|None", attributes[key] or ""), (name, attributes)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        keys = [key for key, _ in attrs]
        assert len(set(keys)) == len(keys), attrs
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def having(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for element, attributes in self.elements if element == name]

    def sections(self) -> list[str | None]:
        return [attributes.get("id") for attributes in self.having("section")]


GEOMETRY = {"d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "viewbox",
            "transform", "style", "fill-opacity"}  # fmt: skip


def read(html: str) -> Page:
    assert html.startswith("<!DOCTYPE html>")
    assert not re.search(r"https?://", html)
    assert "@import" not in html
    html.encode("utf-8")
    return Page(html)


def judgement(names: list[str], photos: int = 10, **entries: Any) -> dict[str, Any]:
    """Return a judgement in which one photo of each class is taken for the next class."""
    n = len(names)
    confusion = [[0] * n for _ in names]
    for i in range(n):
        confusion[i][i], confusion[i][(i + 1) % n] = photos - 1, 1
    share = (photos - 1) / photos
    return {
        "data": "landmarks/test", "n": n * photos,
        "top1": share, "top1_ci95": [0.8, 0.95], "top3": 0.97, "top3_ci95": [0.9, 0.99],
        "top5": 0.99, "top5_ci95": [0.95, 1.0], "macro_f1": share, "ece": 0.02, "nll": 0.31,
        "kept_rate": 0.85, "suggestion_precision": 0.97, "labels": names,
        "per_class": {
            name: {"n": photos, "precision": share, "recall": share, "f1": share} for name in names
        },
        "confusion": confusion,
        "reliability": [
            {"low": 0.0, "high": 0.5, "n": 3, "confidence": 0.4, "accuracy": 0.3},
            {"low": 0.5, "high": 1.0, "n": 90, "confidence": 0.9, "accuracy": 0.92},
        ],
        "thresholds": [
            {"threshold": t / 10, "precision": 0.9 + t / 100, "kept": 1 - t / 10,
             "false_suggestions": None}
            for t in range(11)
        ],
        "worst": [{"path": "gone.jpg", "truth": names[0], "guess": names[1], "confidence": 0.99}],
        "unreadable": [],
    } | entries  # fmt: skip


def card(names: list[str], **entries: Any) -> Card:
    given: dict[str, Any] = {
        "name": "Places", "labels": tuple(map(Label, names)), "preprocessing": Preprocessing(96),
        "embedding_size": 1280, "temperature": 1.2, "threshold": 0.7,
        "operating_points": (OperatingPoint(0.7, 0.95, 0.9), OperatingPoint(0.9, 0.99, 0.7, 0.01)),
        "training": SPEC.as_dict(),
    }  # fmt: skip
    return Card(**(given | entries))


def run(epochs: int = 3, batches: int = 5, **entries: Any) -> list[events.Event]:
    history: list[events.Event] = [events.Started(2, 100, 20, epochs, "cpu")]
    for epoch in range(epochs):
        history.append(events.EpochStarted(epoch, "head" if epoch == 0 else "full", 96, batches))
        for batch in range(1, batches + 1):
            loss = 2.0 / (1 + epoch + batch / batches)
            history.append(events.BatchDone(epoch, batch, batches, loss, 0.004, 50.0, 9.0))
        done: dict[str, Any] = {
            "validation_loss": 1.0 / (epoch + 1), "metrics": {"top1": 0.5 + epoch / 10},
            "seconds": 12.0, "best": True,
        } | entries  # fmt: skip
        history.append(events.EpochDone(epoch, 1.5 / (epoch + 1), **done))
    return history


TWO = ["Eiffel_Tower", "Petra"]


def test_a_finished_run_has_every_section() -> None:
    history = [*run(), events.Notice("Nothing bad."), events.Finished("model.pt")]
    page = read(run_report(SPEC, history, judgement(TWO), card(TWO), written=DAY))
    assert page.sections() == ["figures", "run", "confidence", "confusion", "classes", "mistakes",
                               "spec", "notices"]  # fmt: skip
    for words in ("Places", "2026-01-02", "landmarks/test (20 with a landmark)", "has finished",
                  "The first guess is right.", "95 % interval: 80.0 to 95.0 %", "Eiffel Tower",
                  "best: epoch 3", "default 70 %", "loss (nats)", "Nothing bad."):  # fmt: skip
        assert words in page.text, words


def test_a_report_written_just_before_the_last_event_says_that_the_run_has_finished() -> None:
    assert "has finished" in read(run_report(SPEC, run(), judgement(TWO), card(TWO))).text
    failed = [*run(), events.Failed("No space left.")]
    assert "has finished" not in read(run_report(SPEC, failed, None, card(TWO))).text


def test_what_the_card_tells_in_words_stands_in_the_report() -> None:
    told = {"weaknesses": ["<b>Twilight</b> & fog"], "data": ["Ten photos, CC0"], "hats": ["no"]}
    page = read(
        judgement_report(judgement(TWO), card(TWO, provenance={"about": told}), written=DAY)
    )
    assert page.sections()[-2:] == ["spec", "about"]
    assert "Where it fails" in page.text
    assert "<b>Twilight</b> & fog" in page.text
    assert page.text.index("Ten photos, CC0") < page.text.index("Twilight")
    assert "hats" not in page.text


def test_a_judgement_alone() -> None:
    page = read(judgement_report(judgement(TWO), card(TWO), written=DAY))
    assert page.sections() == [
        "figures", "confidence", "confusion", "classes", "mistakes", "spec",
    ]  # fmt: skip
    assert "False suggestions" not in page.text
    assert "early stop" not in page.text


def test_negatives_bring_their_figures_and_their_gallery() -> None:
    page = read(judgement_report(judgement(
        TWO, negatives_n=300, false_suggestion_rate=0.01, false_suggestion_rate_ci95=[0.002, 0.03],
        false_suggestions_worst=[{"path": "sea/1.jpg", "guess": "Petra", "confidence": 0.8}],
        negatives_unreadable=["sea/2.jpg: The file is empty (0 bytes)."],
    ), card(TWO)))  # fmt: skip
    for words in ("20 with a landmark, 300 without one", "False suggestions", "0.2 to 3.0 %",
                  "Landmarks seen where there are none", "sea/1.jpg", "sea/2.jpg"):  # fmt: skip
        assert words in page.text, words


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ([], "has not begun"),
        ([events.Preparing("Reading photos", 1, 2)], "has not finished"),
        ([*run(1, 1)], "has not finished"),
        ([*run(), events.Stopped("checkpoint.pt")], "can go on from its last checkpoint"),
        ([*run(), events.Stopped("")], "stopped before its end"),
        ([*run(), events.Failed("The <disk> is full.")], "The run failed: The <disk> is full."),
        ([*run(), events.Stopped("c"), *run()[:1]], "has not finished"),
    ],
)
def test_a_run_at_every_point(history: list[events.Event], words: str) -> None:
    assert words in read(run_report(SPEC, history, None, None)).text


def test_a_run_without_validation_or_with_figures_that_are_none() -> None:
    for loss in (None, math.nan, math.inf):
        entries: dict[str, Any] = {"validation_loss": loss, "metrics": {}, "best": False}
        page = read(run_report(SPEC, run(**entries), None, None))
        assert "validation, after the epoch" not in page.text
        assert "Accuracy" not in page.text


def test_a_diverged_run_says_so() -> None:
    history = [*run(), *(events.BatchDone(3, i, 9, math.nan, 0.1, math.inf, 1.0) for i in (1, 2))]
    assert "2 of 17 batches had no finite loss" in read(run_report(SPEC, history, None, None)).text


def test_a_resumed_run_counts_what_it_repeats_once() -> None:
    again = events.Started(2, 100, 20, 3, "cpu", first_epoch=1, first_batch=2)
    history = [*run()[:12], again, *run()[6:]]
    assert len(course(history).batches) == 15
    text = read(run_report(SPEC, history, None, None)).text
    assert "interrupted once" in text
    assert "continued in epoch 2, after 2 batches of it." in text


def test_of_many_stated_points_a_handful_is_shown() -> None:
    points = tuple(OperatingPoint(i / 100, 0.4 + i / 200, 0.9) for i in range(3, 99))
    page = read(judgement_report(judgement(TWO), card(TWO, operating_points=points)))
    stated = page.text.partition("Stated with the model")[2].partition("Confusion")[0]
    assert stated.count("90.0 %") == 8
    assert "70.0 % (default) 75.0 % 90.0 %" in stated


def test_missing_figures_are_dashes() -> None:
    nothing = {"n": 0, "precision": None, "recall": None, "f1": math.nan}
    broken = judgement(
        TWO, top1=math.nan, top1_ci95=[None, math.nan], ece=None, nll=None, macro_f1=None,
        per_class={TWO[0]: nothing, TWO[1]: {"n": 1, "f1": 1.0}}, reliability=[], thresholds=[],
        confusion=[[0, 0], [0, 0]], worst=[],
    )  # fmt: skip
    page = read(judgement_report(broken, card(TWO, operating_points=())))
    assert page.sections() == ["figures", "classes", "spec"]
    assert "95 % interval: – " not in page.text
    read(judgement_report({"n": 3, "top1": 0.5}, card(TWO, training={})))


def test_hostile_names_are_words_and_nothing_else() -> None:
    spec = TrainingSpec("data", name=HOSTILE[0], weights=HOSTILE[1])
    broken = events.Started(2, 1, 1, 1, HOSTILE[2], unreadable=tuple(HOSTILE))
    history = [broken, *run()[1:], *map(events.Notice, HOSTILE), events.Failed(HOSTILE[0])]
    worst = [{"path": name, "truth": name, "guess": name, "confidence": 1.0} for name in HOSTILE]
    entries: dict[str, Any] = {"worst": worst, "data": HOSTILE[0], "unreadable": HOSTILE}
    page = read(run_report(spec, history, judgement(HOSTILE, **entries), card(HOSTILE)))
    assert len(page.having("script")) == 1
    for name in HOSTILE[:9]:
        assert name in page.text, name
    assert "\x07" not in page.text


def test_a_photo_is_inside_and_one_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    draw(tmp_path / "real.jpg", size=(640, 480))
    (tmp_path / "empty.jpg").touch()
    worst = [
        {"path": path, "truth": "Petra", "guess": "Eiffel_Tower", "confidence": 0.9}
        for path in (*(str(tmp_path / f"{n}.jpg") for n in ("real", "gone", "empty")), "")
    ]
    page = read(judgement_report(judgement(TWO, worst=worst), card(TWO)))
    (picture,) = page.having("img")
    assert (picture["src"] or "").startswith("data:image/jpeg;base64,")
    assert "There is no such file any more." in page.text
    assert "The file is empty" in page.text
    assert "It is not known where this photo is." in page.text
    assert str(tmp_path.parent) not in page.text


def test_unreadable_photos_are_named_within_their_folder_and_not_without_end() -> None:
    lines = tuple(f"somewhere/data/Petra/{i}.jpg: The file is empty." for i in range(500))
    history: list[events.Event] = [events.Started(2, 1, 1, 1, "cpu", unreadable=lines)]
    text = read(run_report(SPEC, history, None, None)).text
    assert "500 photos could not be read" in text
    assert "300 more" in text
    assert "somewhere/data/Petra" not in text


def test_three_hundred_classes_fit() -> None:
    names = [f"Some_place_with_a_rather_long_name_{i}" for i in range(300)]
    html = run_report(SPEC, run(60, 700), judgement(names), card(names))
    page = read(html)
    assert f"Of 300 landmarks, the {MOST_CLASSES} with the most mistakes are drawn." in page.text
    assert len(html) < 1_000_000
