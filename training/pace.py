"""How fast a run is, and how long it will still take. Plain arithmetic, no torch."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from statistics import median

from training.spec import Stage

_RECENT = 20  # batches that say how fast it is now; their median forgives a suspended one


class Pace:
    """Estimates from what was measured in this process, each phase and size by itself.

    ``epochs``: the phase and stage of every epoch of the run, in order. A size that was not
    run yet is expected to take time in proportion to its pixels.
    """

    def __init__(self, epochs: Sequence[tuple[str, Stage]], batches: int) -> None:
        self._epochs = [(phase, stage.size) for phase, stage in epochs]
        self._batches = batches
        self._seconds: dict[tuple[str, int], deque[float]] = defaultdict(
            lambda: deque(maxlen=_RECENT)
        )
        self._judging: dict[str, float] = {}

    def batch(self, phase: str, size: int, seconds: float) -> None:
        """Note how long one batch took."""
        self._seconds[phase, size].append(seconds)

    def judged(self, phase: str, seconds: float) -> None:
        """Note how long it took to judge the validation photos."""
        self._judging[phase] = seconds

    def per_batch(self, phase: str, size: int) -> float:
        """Return the seconds that a batch takes, 0 where nothing is known of its phase."""
        if self._seconds[phase, size]:
            return median(self._seconds[phase, size])
        known = [(s, median(t)) for (p, s), t in self._seconds.items() if p == phase and t]
        if not known or phase == "head":
            return median(t for _, t in known) if known else 0.0
        nearest, seconds = min(known, key=lambda pair: abs(pair[0] - size))
        return seconds * (size / nearest) ** 2

    def left(self, epoch: int, batch: int) -> float:
        """Return the seconds from behind ``batch`` batches of ``epoch`` to the end."""
        total = 0.0
        for number in range(epoch, len(self._epochs)):
            phase, size = self._epochs[number]
            batches = self._batches - (batch if number == epoch else 0)
            total += batches * self.per_batch(phase, size)
            total += self._judging.get(phase, 0.0)
        return total
