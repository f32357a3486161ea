"""How a run is paused and stopped from outside: by a signal, or by lines on standard input.

Torch-free. The trainer is a child process of the window: when the window dies, standard input
ends, and the run stops behind a checkpoint instead of computing on for nobody.
"""

from __future__ import annotations

import threading
import time
from typing import IO, Literal

Wish = Literal["go on", "pause", "cancel", "finish"]

COMMANDS: dict[str, Wish] = {
    "pause": "pause",
    "continue": "go on",
    "cancel": "cancel",
    "finish": "finish",
}
"""Lines on standard input. ``finish``: stop training, keep and export the best so far."""


class Control:
    """What is wished of a run. Any thread may set it; the run looks between batches."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wish: Wish = "go on"

    @property
    def wish(self) -> Wish:
        """The latest wish."""
        return self._wish

    def tell(self, wish: Wish) -> None:
        """Replace the wish. A cancelled run stays cancelled."""
        with self._changed:
            if self._wish != "cancel":
                self._wish = wish
            self._changed.notify_all()

    def wait(self) -> float:
        """Wait while the wish is to pause; return the seconds that took."""
        started = time.monotonic()
        with self._changed:
            self._changed.wait_for(lambda: self._wish != "pause")
        return time.monotonic() - started

    def follow(self, lines: IO[str]) -> None:
        """Obey commands, one a line, until the stream ends; its end cancels.

        Blocks: it is what a daemon thread does for the whole of the run.
        """
        for line in lines:
            wish = COMMANDS.get(line.strip())
            if wish is not None:
                self.tell(wish)
        self.tell("cancel")
