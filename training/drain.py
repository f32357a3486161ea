"""Run a generator that reports how far it is and returns what came out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

S = TypeVar("S")
R = TypeVar("R")


def drain(steps: Generator[S, None, R], seen: Callable[[S], object] = lambda _: None) -> R:
    """Hand each step to ``seen``; return what the generator returns."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            result: R = end.value
            return result
        seen(step)
