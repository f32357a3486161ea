"""Decode ahead of the model: threads bring photos through the door while it works.

Free of torch: the model is any callable from pixels to logits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from landmark_desktop.tasks import Cancel
from training.bundle import Card
from training.decision import Decision, decide
from training.photo import PhotoError

K = TypeVar("K", bound=Hashable)
Model = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]

BATCH = 16
DECODERS = 2


@dataclass(frozen=True)
class Seen(Generic[K]):
    """The model's decision about one photo, or why the photo could not be decoded."""

    key: K
    decision: Decision | None
    error: str | None = None


def look(
    model: Model,
    card: Card,
    items: Iterable[tuple[K, Path]],
    cancel: Cancel,
    *,
    batch: int = BATCH,
    decoders: int = DECODERS,
    threshold: float | None = None,
) -> Iterator[list[Seen[K]]]:
    """Yield decisions batch by batch, in the order of ``items``.

    ``threshold``: least confidence of a suggestion, by default the card's own.
    At most four batches of decoded photos are in memory, the one in the model among them.
    Raises ``Cancelled`` between batches. Closing the iterator stops the decoders.
    """
    waiting = iter(items)
    pool = ThreadPoolExecutor(decoders, thread_name_prefix="decode")
    ahead: deque[tuple[K, Future[npt.NDArray[np.uint8] | str]]] = deque()

    def fill() -> None:
        for key, path in islice(waiting, 3 * batch - len(ahead)):
            ahead.append((key, pool.submit(_bring, card, path)))

    try:
        fill()
        while ahead:
            cancel.check()
            now = [ahead.popleft() for _ in range(min(batch, len(ahead)))]
            results = [(key, future.result()) for key, future in now]
            fill()  # so that the decoders work while the model does
            pixels = [result for _, result in results if not isinstance(result, str)]
            decisions = iter(
                decide(card, model(np.stack(pixels)), threshold=threshold) if pixels else ()
            )
            yield [
                Seen(key, None, result) if isinstance(result, str) else Seen(key, next(decisions))
                for key, result in results
            ]
    finally:
        pool.shutdown(cancel_futures=True)


def _bring(card: Card, path: Path) -> npt.NDArray[np.uint8] | str:
    try:
        return card.preprocessing.apply(card.preprocessing.open(path))
    except PhotoError as error:
        return str(error)
