"""What to keep of a file's old state when its new state is at hand: only what is not in it.

Embedding metadata leaves most of a photo's bytes as they were, though elsewhere in the file.
Kept are the old bytes that the new file lacks, with directions to copy the rest from it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

_PROBE = 64  # bytes looked for at once
_FAR = 8192
_TRIES = 200  # searches through the new file at most: beyond, old bytes are simply kept
Step = tuple[int, int]  # (start in the new file, or -1 for kept bytes; how many)


def make(old: bytes, new: bytes) -> bytes:
    """Return what turns ``new`` back into ``old``."""
    steps, kept = [], []
    for start, end, at in _pieces(old, new):
        steps.append((at, end - start))
        if at < 0:
            kept.append(old[start:end])
    return json.dumps(steps).encode() + b"\n" + zlib.compress(b"".join(kept), 6)


def apply(new: bytes, delta: bytes) -> bytes:
    """Return the old state. Raises ``ValueError`` where ``delta`` is damaged."""
    head, _, tail = delta.partition(b"\n")
    try:
        kept, used, parts = zlib.decompress(tail), 0, []
        for at, size in json.loads(head):
            if at < 0:
                parts.append(kept[used : used + size])
                used += size
            else:
                parts.append(new[at : at + size])
    except (zlib.error, TypeError) as error:
        raise ValueError(f"not a kept state: {error}") from error
    return b"".join(parts)


def _pieces(old: bytes, new: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end) in ``old`` and where that stands in ``new`` (-1: nowhere)."""
    at, literal, tries, step = 0, 0, _TRIES, _PROBE
    while at < len(old):
        probe = old[at : at + _PROBE]
        found = new.find(probe) if tries > 0 else -1
        if found < 0 or len(probe) < _PROBE:
            # Image data are long: what a long step misses of them is found going backwards.
            at, tries, step = at + step, tries - 1, min(step * 2, _FAR)
            continue
        start = at - _common_end(old[literal:at], new[:found])
        end = at + _common_start(old, at, new, found)
        if start > literal:
            yield literal, start, -1
        yield start, end, found - (at - start)
        at = literal = end
        step = _PROBE
    if literal < len(old):
        yield literal, len(old), -1


def _common_start(old: bytes, i: int, new: bytes, j: int) -> int:
    """Return how many bytes agree from ``i`` and ``j`` on, by halving."""
    low, high = 0, min(len(old) - i, len(new) - j)
    while low < high:
        middle = (low + high + 1) // 2
        if old[i + low : i + middle] == new[j + low : j + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(old: bytes, new: bytes) -> int:
    size, most = 0, min(len(old), len(new), _FAR)
    while size < most and old[-1 - size] == new[-1 - size]:
        size += 1
    return size
