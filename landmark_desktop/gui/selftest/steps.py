"""The list of steps, and how it is gone through: a line each, and one exit status for all."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from landmark_desktop.gui.selftest import browsing, learning, tidying, writing
from landmark_desktop.gui.selftest.trial import StepFailed, Trial, watched
from training import offline

_LIMIT = 1800  # seconds; a process that hangs is ended, and says where


@dataclass(frozen=True)
class Step:
    """One thing that has to hold.

    ``does``: returns a few words about how it went, and raises where it does not hold.
    ``needs``: names of steps without which it is not tried.
    """

    name: str
    does: Callable[[Trial], str]
    needs: tuple[str, ...] = ()


def closes(trial: Trial) -> str:
    """Close the window and wait for its threads."""
    window = trial.window
    window.end()
    trial.wait(lambda: not window.isVisible(), 30, "end of the window")
    trial.show(None)
    return ""


def stays_offline(trial: Trial) -> str:
    """Nothing asked for the network, in this process; the trainer's were held to the same."""
    if trial.refusal.attempts:
        raise StepFailed("; ".join(trial.refusal.attempts))
    return "never asked for"


# In order. A new feature adds its step here, before "close".
STEPS = (
    Step("window", browsing.opens),
    Step("import", browsing.imports, ("window",)),
    Step("thumbnails", browsing.thumbnails, ("import",)),
    Step("suggestions", browsing.suggests, ("import",)),
    Step("why", browsing.explains, ("suggestions",)),
    Step("decision and undo", browsing.decides, ("suggestions",)),
    Step("tags in files", writing.writes, ("import",)),
    Step("tidy folders", tidying.tidies, ("suggestions",)),
    Step("training, head", learning.trains_head),
    Step("training, whole network", learning.trains_whole),
    Step("training, extend", learning.extends),
    Step("export", learning.exports, ("training, head", "training, whole network")),
    Step("model in use", learning.uses, ("suggestions", "training, extend")),
    Step("close", closes, ("window",)),
    Step("network", stays_offline),
)


def run(photos: Path | None = None, steps: Sequence[Step] = STEPS) -> int:
    """Go through ``steps``, print a line each, and return 0 where all hold, else 1.

    ``photos``: a folder of a person's own photos that are imported too. Everything is written
    into a temporary folder. Raises ``OSError`` where none can be made.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    began = time.monotonic()
    faulthandler.dump_traceback_later(_LIMIT, exit=True, file=2)  # stderr, whoever replaced it
    refusal = offline.Refusal()
    try:
        # A thread of the window's may still write a thumbnail while the folder goes.
        with tempfile.TemporaryDirectory(prefix="landmark-", ignore_cleanup_errors=True) as name:
            trial = Trial(Path(name).resolve(), photos, refusal)
            with watched(trial.wrong), _surroundings(trial.folder):
                held = _go_through(trial, steps)
                _shut(trial)
    finally:
        faulthandler.cancel_dump_traceback_later()
        refusal.end()
    _say("all holds" if held else "FAILED", time.monotonic() - began)
    app.processEvents()
    return 0 if held else 1


def _go_through(trial: Trial, steps: Sequence[Step]) -> bool:
    done: set[str] = set()
    for step in steps:
        lacking = [name for name in step.needs if name not in done]
        if lacking:
            _say(f"skip {step.name}: needs {', '.join(lacking)}")
            continue
        began = time.monotonic()
        try:
            told = step.does(trial)
            trial.check()
        except StepFailed as failed:
            _say(f"FAIL {step.name}", time.monotonic() - began, str(failed))
        except Exception:  # noqa: BLE001 - whatever it is, the other steps are to be tried too
            _say(f"FAIL {step.name}", time.monotonic() - began, traceback.format_exc())
        else:
            done.add(step.name)
            _say(f"ok   {step.name}", time.monotonic() - began, told)
    return done == {step.name for step in steps}


def _shut(trial: Trial) -> None:
    """Close a window that a failed step left open."""
    with contextlib.suppress(StepFailed):
        closes(trial)


@contextlib.contextmanager
def _surroundings(folder: Path) -> Iterator[None]:
    """Keep caches in ``folder`` and children off the network, by the environment."""
    ours = {
        offline.VARIABLE: "1",
        "LANDMARK_TRAINING_CACHE": str(folder / "cache"),
        "LANDMARK_BACKBONES": str(folder / "backbones"),
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _say(what: str, seconds: float | None = None, detail: str = "") -> None:
    line = what if seconds is None else f"{what:30} {seconds:6.1f} s  {detail}"
    sys.stdout.write(f"{line.rstrip()}\n")
    sys.stdout.flush()
