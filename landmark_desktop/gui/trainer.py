"""Drives the trainer, a child process: its events become signals, a person's wishes lines.

The child writes as fast as it trains, which for a head on features is thousands of lines a
second. They are read in small pieces between other work of the window, and batches that come
together are told as a few, so that neither the window nor its plots have to keep up with all.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from training import events, launch
from training.events import BatchDone, Event

_GATHER_MS = 25
"""Lines are let gather for so long before they are read."""
_PIECE = 64 * 1024  # bytes of lines read at once: a few milliseconds of work
_BATCHES_A_PIECE = 8  # told of each piece
_LONGEST_LINE = 4 * 1024 * 1024  # more without an end is no line of ours
_KEPT_LINES = 40  # of the log, to say why the trainer died
_NICER = 10  # than the window, where the system knows niceness
_SET_INFORMATION, _BELOW_NORMAL = 0x0200, 0x4000  # of the Windows API

PATIENCE = 8.0
"""Seconds that the child has at least to obey ``cancel``; five batches, where those are longer.

While it decodes photos or computes features it listens to nothing, and loses nothing either:
both are kept on disk."""
CLOSING = 20.0
"""Seconds that a closing window waits for the child to save."""


@dataclass(frozen=True)
class Ended:
    """How a run ended. ``message``: sentences for a person; ``bundle``: the finished model.

    ``resumable``: the run can go on from where it is. ``died``: it neither finished nor said
    why; the last lines of its log are in the message.
    """

    how: Literal["finished", "stopped", "failed", "died"]
    message: str
    bundle: Path | None
    resumable: bool


class Trainer(QObject):
    """One child process at a time. Nothing here blocks, ``close`` excepted."""

    happened = Signal(object)  # Event
    said = Signal(str)  # a line of the child's log
    ended = Signal(object)  # Ended

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._run = Path()
        self._pipe, self._errors = bytearray(), bytearray()
        self._log: list[str] = []
        self._last: Event | None = None
        self._left: tuple[int, QProcess.ExitStatus] | None = None
        self._stopping = self._killed = False
        self._seen, self._interval = 0.0, 0.0
        self._soon = _single_shot(self, self._drain)
        self._patience = _single_shot(self, self._kill)

    @property
    def running(self) -> bool:
        """Whether a child is there whose end was not told yet."""
        return self._process is not None

    @property
    def process_id(self) -> int:
        """The child's process id, 0 without one."""
        return self._process.processId() if self._process is not None else 0

    @property
    def stopping(self) -> bool:
        """Whether the child was told to stop and is still there."""
        return self.running and self._stopping

    def start(self, spec: Path, run: Path, *, resume: bool = False) -> None:
        """Train as the file ``spec`` says in the folder ``run``, or go on with what is there."""
        if self._process is not None:
            raise RuntimeError("a run is going on already")
        self._run = run
        self._pipe.clear()
        self._errors.clear()
        self._log.clear()
        self._last = self._left = None
        self._stopping = self._killed = False
        self._seen = self._interval = 0.0
        command = launch.fit_command(spec, run, resume=resume)
        environment = QProcessEnvironment.systemEnvironment()
        for name, value in launch.ENVIRONMENT.items():
            environment.insert(name, value)
        process = QProcess(self)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._gather)
        process.readyReadStandardError.connect(self._read_log)
        process.started.connect(self._give_way)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_finished)
        self._process = process
        process.start(command[0], command[1:])

    def pause(self) -> None:
        """Have the run wait behind a checkpoint. ``Paused`` tells when it does."""
        self._write("pause")

    def go_on(self) -> None:
        """End a pause."""
        self._write("continue")

    def finish(self) -> None:
        """Have the run stop training, and keep and export the best so far."""
        self._write("finish")

    def cancel(self) -> None:
        """Stop the run behind a checkpoint; a child that does not obey is killed."""
        if self._process is None or self._stopping:
            return
        self._stopping = True
        self._write("cancel")
        self._patience.start(int(1000 * max(PATIENCE, 5 * self._interval)))

    def close(self, seconds: float = CLOSING) -> None:
        """End the child with the window: behind a checkpoint where it obeys in time.

        Blocks until it is gone. No signal is emitted any more.
        """
        process, self._process = self._process, None
        self._soon.stop()
        self._patience.stop()
        if process is None:
            return
        process.blockSignals(True)
        process.closeWriteChannel()  # its stdin ends, and so does it
        if not process.waitForFinished(int(1000 * seconds)):
            process.kill()
            process.waitForFinished(5000)

    def _write(self, command: str) -> None:
        if self._process is not None:
            self._process.write(f"{command}\n".encode())

    def _kill(self) -> None:
        if self._process is not None:
            self._killed = True
            self._process.kill()

    def _give_way(self) -> None:
        """Let the child run behind the window, and behind what else the person does."""
        if sys.platform == "win32":
            _below_normal(self.process_id)
        else:
            niceness = min(os.getpriority(os.PRIO_PROCESS, 0) + _NICER, 19)
            with contextlib.suppress(OSError):  # it may be gone already
                os.setpriority(os.PRIO_PROCESS, self.process_id, niceness)

    # -- reading -----------------------------------------------------------------------------

    def _gather(self) -> None:
        if not self._soon.isActive():
            self._soon.start(_GATHER_MS)

    def _drain(self) -> None:
        """Tell of the next piece of lines, and come back for the rest."""
        if self._process is None:
            return
        self._pipe += self._process.readAllStandardOutput().data()
        end = self._pipe.rfind(b"\n", 0, _PIECE) + 1 or self._pipe.find(b"\n") + 1
        if not end and (self._left is not None or len(self._pipe) > _LONGEST_LINE):
            end = len(self._pipe)  # the last line of a killed child, or no line at all
        piece = bytes(self._pipe[:end])
        del self._pipe[:end]
        if piece:
            self._tell(piece)
        if self._process is None:
            return  # closed by one who was told
        if self._pipe and (b"\n" in self._pipe or self._left is not None):
            self._soon.start(0)
        elif self._left is not None:
            self._end()

    def _tell(self, piece: bytes) -> None:
        found: list[Event] = []
        for line in piece.decode("utf-8", "replace").split("\n"):
            event = events.from_line(line) if line.startswith("{") else None
            if event is not None:
                found.append(event)
            elif line.strip():
                self._note(line)
        self._measure(found)
        for event in merged(found):
            self._last = event
            self.happened.emit(event)

    def _measure(self, found: Sequence[Event]) -> None:
        """Keep the time that one batch takes: what patience is measured by."""
        batches = sum(isinstance(event, BatchDone) for event in found)
        if batches:
            now = time.monotonic()
            self._interval = (now - self._seen) / batches if self._seen else 0.0
            self._seen = now

    def _read_log(self) -> None:
        """Take in what came on stderr, whole lines alone until the child has ended."""
        if self._process is None:
            return
        self._errors += self._process.readAllStandardError().data()
        whole = self._errors.rfind(b"\n") + 1
        if self._left is not None or len(self._errors) - whole > _LONGEST_LINE:
            whole = len(self._errors)
        text = bytes(self._errors[:whole]).decode("utf-8", "replace")
        del self._errors[:whole]
        for line in text.splitlines():
            if line.strip():
                self._note(line)

    def _note(self, line: str) -> None:
        self._log = [*self._log[1 - _KEPT_LINES :], line]
        self.said.emit(line)

    # -- the end -----------------------------------------------------------------------------

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            why = self._process.errorString()
            self._forget()
            self.ended.emit(
                Ended("failed", f"The trainer could not be started ({why}).", None, False)
            )

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._patience.stop()
        self._left = code, status
        self._read_log()
        self._soon.start(0)  # what is still in the pipe comes first

    def _end(self) -> None:
        assert self._left is not None
        code, status = self._left
        outcome = self._outcome(code, crashed=status == QProcess.ExitStatus.CrashExit)
        self._forget()
        self.ended.emit(outcome)

    def _forget(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None

    def _outcome(self, code: int, *, crashed: bool) -> Ended:
        saved = (self._run / launch.CHECKPOINT).exists()
        resumable = saved and not (self._run / launch.MODEL).exists()
        match self._last:
            case events.Finished(bundle):
                return Ended("finished", "The model is finished.", Path(bundle), False)
            case events.Failed(reason):
                return Ended("failed", reason, None, resumable)
        rest = (
            "Nothing is lost: go on from the last checkpoint."
            if resumable
            else "It had not come to its first checkpoint: begin it again."
        )
        if isinstance(self._last, events.Stopped) or self._killed:
            return Ended("stopped", f"Stopped. {rest}", None, resumable)
        if crashed:
            what = f"The trainer was ended from outside (signal {code})."
            if code == 9:
                rest += " Where nobody did that, the computer may have run out of memory."
        else:
            what = f"The trainer ended unexpectedly (exit status {code})."
            what += f" Its last words: {self._log[-1].strip()}" if self._log else ""
        return Ended("died", f"{what} {rest}", None, resumable)


def merged(found: Sequence[Event]) -> Iterator[Event]:
    """Yield the events in order, rows of many batches as a few with their mean loss."""
    row: list[BatchDone] = []
    for event in found:
        if isinstance(event, BatchDone) and (not row or row[-1].epoch == event.epoch):
            row.append(event)
            continue
        yield from _few(row)
        row = [event] if isinstance(event, BatchDone) else []
        if not row:
            yield event
    yield from _few(row)


def _few(row: Sequence[BatchDone]) -> Iterator[BatchDone]:
    step = -(-len(row) // _BATCHES_A_PIECE) or 1
    for start in range(0, len(row), step):
        part = row[start : start + step]
        yield replace(part[-1], loss=sum(b.loss for b in part) / len(part))


def _below_normal(process_id: int) -> None:
    """Give a process the class below normal (Windows API, SetPriorityClass)."""
    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(_SET_INFORMATION, False, process_id))
    if handle:
        kernel.SetPriorityClass(handle, _BELOW_NORMAL)
        kernel.CloseHandle(handle)


def _single_shot(parent: QObject, slot: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(slot)
    return timer
