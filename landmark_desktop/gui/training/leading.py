"""Leads one run: starts the trainer, gathers what it tells, keeps step 3 and the job bar fresh."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop.actions.training_runs import ASKED, Run
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.gui.trainer import Ended, Trainer
from landmark_desktop.gui.training.course import UNTOLD, Course
from landmark_desktop.gui.training.watch import Watch
from landmark_desktop.tasks import Failed, Outcome, Progress, Succeeded, WasCancelled, duration
from training import events, launch
from training.narrate import in_words
from training.spec import SpecError, TrainingSpec

_FRESH_MS = 200
"""How often what is on screen follows the run."""
_LINES = 500


class Leading(QObject):
    """At most one run at a time. What is shown may be another one, an earlier one."""

    ended = Signal(object)  # Ended

    def __init__(self, runner: Runner, jobbar: JobBar, watch: Watch, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._jobbar, self._watch = runner, jobbar, watch
        self.trainer = Trainer(self)
        self.folder: Path | None = None
        self.course = Course()
        self._name, self._wish = "", ""
        self._end: Ended | None = None
        self._other: Course | None = None
        self._job: Job | None = None
        self._lines: deque[str] = deque(maxlen=_LINES)  # of the log, not shown yet
        self._fresh = QTimer(self)
        self._fresh.setInterval(_FRESH_MS)
        self._fresh.timeout.connect(self._tick)
        self.trainer.happened.connect(self._on_event)
        self.trainer.said.connect(lambda line: self._lines.append(line))
        self.trainer.ended.connect(self._on_ended)
        watch.pause_asked.connect(self.pause)
        watch.go_on_asked.connect(self.go_on)
        watch.finish_asked.connect(self.finish)
        watch.cancel_asked.connect(self.cancel)
        watch.smooth.valueChanged.connect(lambda _value: self.draw())

    def start(self, folder: Path, course: Course) -> None:
        """Train in ``folder``; ``course``: what has happened there before."""
        spec = folder / ASKED if (folder / ASKED).exists() else folder / launch.SPEC
        self._name = _name(spec, folder)
        self.folder, self.course, self._other, self._end, self._wish = (
            folder,
            course,
            None,
            None,
            "",
        )
        course.end, course.doing = None, None
        self._lines.clear()
        self._job = Job("Training", visible=True)
        self._runner.started.emit(self._job)
        self.trainer.start(spec, folder, resume=(folder / launch.SPEC).exists())
        self._fresh.start()
        self.show()
        self._tick()

    # -- a person's wishes -------------------------------------------------------------------

    def pause(self) -> None:
        """Have the run wait."""
        self._wish = "pause"
        self.trainer.pause()
        self.draw()

    def go_on(self) -> None:
        """End the pause."""
        self._wish = ""
        self.trainer.go_on()
        self.draw()

    def finish(self) -> None:
        """Stop training, and keep the best so far."""
        self._wish = "finish"
        self.trainer.finish()
        self.draw()

    def cancel(self) -> None:
        """Stop behind a checkpoint."""
        self.trainer.cancel()
        self.draw()

    def close(self) -> None:
        """End the run with the window."""
        self._fresh.stop()
        self.trainer.close()

    # -- what is shown -----------------------------------------------------------------------

    def show(self) -> None:
        """Show the run that is led."""
        self._other = None
        self._watch.title.setText(self._name)
        self._fill_log(self.course)
        self.draw()

    def show_other(self, run: Run, course: Course) -> None:
        """Show a run that was read from its folder; what is led goes on behind it."""
        watch, self._other = self._watch, course
        watch.title.setText(run.spec.name)
        self._fill_log(course)
        if run.state == "finished":
            watch.show_state(f"Finished after {_epochs(run.epochs)}.")
            watch.show_buttons(watch.result)
        else:
            rest = f"It stands after {_epochs(run.epochs)} of {run.spec.epochs}."
            if not run.began_training:
                rest = "It had not come to its first checkpoint, and begins anew."
            watch.show_state(f"{run.reason} {rest}".strip(), bad=bool(run.reason))
            watch.show_buttons(watch.resume)
            watch.resume.setDisabled(self.trainer.running)
        self.draw()

    def _fill_log(self, course: Course) -> None:
        self._lines.clear()
        words = [_words(event) for event in course.told]
        self._watch.log.setPlainText("\n".join(filter(None, words)))

    def forget(self, folder: Path) -> None:
        """Forget a run that is gone."""
        if folder == self.folder and not self.trainer.running:
            self.folder, self.course, self._end = None, Course(), None

    def draw(self) -> None:
        """Bring step 3 up to date."""
        watch = self._watch
        course = self._other if self._other is not None else self.course
        live = self._other is None and self.trainer.running
        if self._other is None:
            self._show_state()
            self._show_log()
        watch.show_figures(course, live=live)
        if watch.curves is not None and watch.isVisible():
            watch.curves.show_course(course, watch.smooth.value())

    def _show_state(self) -> None:
        watch, course, trainer = self._watch, self.course, self.trainer
        if not trainer.running:
            if self._end is not None:
                bad = self._end.how in ("failed", "died")
                watch.show_state(self._end.message, bad=bad)
                watch.show_buttons(
                    watch.result if self._end.how == "finished" else watch.resume
                )  # fmt: skip
            return
        if trainer.stopping:
            watch.show_state("Stopping behind a checkpoint…")
            watch.show_buttons()
        elif self._wish == "finish":
            watch.show_state("Ending after the best epoch so far…")
            watch.show_buttons(watch.cancel)
        elif course.paused:
            watch.show_state("Paused behind a checkpoint.")
            watch.show_buttons(watch.go_on, watch.finish, watch.cancel)
        else:
            watch.show_state("Pausing…" if self._wish == "pause" else _doing(course))
            watch.show_buttons(watch.pause, watch.finish, watch.cancel)
            watch.pause.setDisabled(self._wish == "pause" or course.started is None)
            watch.finish.setDisabled(course.best is None)

    # -- what happens ------------------------------------------------------------------------

    def _on_event(self, event: events.Event) -> None:
        self.course.take(event)
        if not isinstance(event, UNTOLD) and (words := _words(event)):
            self._lines.append(words)

    def _show_log(self) -> None:
        """Show new lines of what is led, many at once: adding each would hold the window up."""
        if self._other is None and self._lines:
            self._watch.log.appendPlainText("\n".join(self._lines))
            self._lines.clear()

    def _tick(self) -> None:
        job = self._job
        if job is not None:
            if job.cancel.is_set and not self.trainer.stopping:
                self.cancel()
            job.progressed.emit(self._progress())
        if self._other is None:
            self.draw()

    def _progress(self) -> Progress:
        course = self.course
        if course.doing is not None and course.doing.total > 1:
            doing = course.doing
            return Progress(doing.done, doing.total, f"{self._name}: {_in_units(doing)[0]}")
        if course.started is None or course.batch is None:
            return Progress(0, None, f"{self._name}: getting ready")
        left = f", {duration(course.batch.seconds_left)} left" if course.batch.seconds_left else ""
        return Progress(course.number + 1, course.started.epochs, f"Training {self._name}{left}")

    def _on_ended(self, ended: Ended) -> None:
        self._fresh.stop()
        self._end, self._wish = ended, ""
        self._lines.append(ended.message)
        job, self._job = self._job, None
        if job is not None:
            job.ended.emit(_outcome(ended))
        self.draw()
        self.ended.emit(ended)


def _outcome(ended: Ended) -> Outcome[Path | None]:
    if ended.how == "finished":
        return Succeeded(ended.bundle)
    return WasCancelled() if ended.how == "stopped" else Failed(RuntimeError(ended.message))


def _doing(course: Course) -> str:
    if course.doing is not None:
        what, units = _in_units(course.doing)
        return f"{what}: {units}" if course.doing.total > 1 else f"{what}…"
    if course.started is None:
        return "Getting ready…"
    started = course.started
    said = (
        f"Learning from {started.training_photos:,} photos, judged on "
        f"{started.validation_photos:,}, of {started.classes:,} landmarks."
    )
    if course.notices:
        said += f" {course.notices[-1]}"
    return said


def _in_units(doing: events.Preparing) -> tuple[str, str]:
    """Return what is done and how far it is; bytes as megabytes."""
    if doing.what.endswith(" (bytes)"):
        done, total = doing.done / 1e6, doing.total / 1e6
        return doing.what.removesuffix(" (bytes)"), f"{done:,.0f} of {total:,.0f} MB"
    return doing.what, f"{doing.done:,} of {doing.total:,}"


def _words(event: events.Event) -> str:
    return in_words(event).replace("\r\033[K", "").strip()


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count:,} epochs"


def _name(spec: Path, folder: Path) -> str:
    try:
        return TrainingSpec.load(spec).name
    except (OSError, SpecError):
        return folder.name
