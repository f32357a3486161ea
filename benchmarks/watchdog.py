"""How long the main thread does not come back to its event loop, and what held it up.

Not a benchmark itself; ``benchmarks.window`` uses it: ``python -m benchmarks.window --stacks``.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from types import FrameType, TracebackType

from PySide6.QtCore import QTimer

LIMIT = 0.100
"""Seconds that the design allows the main thread to be away."""

_LOOK_AFTER = 0.080
_LOOK_EVERY = 0.010
_DEPTH = 8


@dataclass(frozen=True)
class Gap:
    """A long gap and the stacks of the threads in it.

    ``held``: seconds for which the sampler could not run either: a C call kept the GIL. The
    stacks are then those right behind that call.
    """

    seconds: float
    phase: str
    held: float
    stacks: str


class Watchdog:
    """A timer that should fire each millisecond on the main thread; use it as a context.

    ``phase`` names what is going on; gaps are kept by it. With ``stacks`` a thread looks at
    the stacks of all threads whenever the timer has not fired for 80 ms.
    """

    def __init__(self, *, stacks: bool = False) -> None:
        self.phase = "idle"
        self.gaps: dict[str, list[float]] = defaultdict(list)
        self.long: list[Gap] = []
        self._sampler = threading.Thread(target=self._sample, daemon=True) if stacks else None
        self._seen: tuple[float, float, str] | None = None  # tick before the gap, held, stacks
        self._held = 0.0
        self._last = 0.0
        self._ended = threading.Event()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Watchdog:
        self._last = time.perf_counter()
        self._timer.start()
        if self._sampler is not None:
            self._sampler.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._timer.stop()
        self._ended.set()
        if self._sampler is not None:
            self._sampler.join()

    def longest(self, phase: str) -> float:
        """Return the longest gap of a phase in seconds."""
        return max(self.gaps.get(phase, [0.0]))

    def over(self, phase: str, limit: float = LIMIT) -> int:
        """Return how many gaps of a phase were longer than ``limit`` seconds."""
        return sum(gap > limit for gap in self.gaps.get(phase, []))

    def print_stacks(self, most: int = 12) -> None:
        """Print the stacks of the longest gaps over 80 ms."""
        for gap in sorted(self.long, key=lambda gap: -gap.seconds)[:most]:
            held = f", {1000 * gap.held:.0f} ms of it the GIL was held" if gap.held else ""
            print(f"\n--- away for {1000 * gap.seconds:.0f} ms while: {gap.phase}{held}")
            print(gap.stacks)

    def _tick(self) -> None:
        now = time.perf_counter()
        before, self._last = self._last, now
        gap = now - before
        self.gaps[self.phase].append(gap)
        if self._sampler is not None and gap > _LOOK_AFTER:
            seen, held = self._seen, self._held
            if seen is not None and seen[0] == before:
                held, stacks = max(held, seen[1]), seen[2]
            else:  # the sampler had no chance at all
                held, stacks = max(held, gap), _stacks(threading.get_ident())
            self.long.append(Gap(gap, self.phase, held, stacks))
            self._held = 0.0

    def _sample(self) -> None:
        own = threading.get_ident()
        while True:
            asleep = time.perf_counter()
            if self._ended.wait(_LOOK_EVERY):
                return
            now = time.perf_counter()
            late = now - asleep - _LOOK_EVERY
            last = self._last
            self._held = late if late > _LOOK_AFTER / 2 else 0.0
            if now - last > _LOOK_AFTER and (self._seen is None or self._seen[0] != last):
                self._seen = (last, self._held, _stacks(own))


def _stacks(but: int) -> str:
    """Return the innermost frames of every thread that does not wait for work, but one."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    frames = sys._current_frames()
    shown = [
        _stack(names.get(ident, "?"), frame)
        for ident, frame in frames.items()
        if ident != but and frame.f_code.co_name not in ("_worker", "wait")
    ]
    return "\n".join(shown)


def _stack(name: str, frame: FrameType | None) -> str:
    lines = [f"  {name}"]
    while frame is not None and len(lines) <= _DEPTH:  # by hand: traceback would read sources
        lines.append(f"    {frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return "\n".join(lines)
