"""Colours for a heat map that lies over a photo: one function for window and command line."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_PLASMA = (
    "#0d0887", "#4c02a1", "#7e03a8", "#aa2395", "#cc4778", "#e56b5d", "#f89441", "#fdc328",
    "#f0f921",
)  # fmt: skip
"""Nine even steps of *plasma* (N. J. Smith and S. van der Walt, for matplotlib; CC0): equal steps
look equally large, the hotter the lighter, also to people who do not tell red from green. Of the
maps of this kind it is the one without black or pale parts, which photos have themselves."""

_MOST_OPAQUE = 0.78
_SOON = 0.75  # exponent: below 1, so that lukewarm places can be seen on a loud photo


def coloured(heat: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Return heat (H x W, 0 to 1) as RGBA (uint8, H x W x 4), alpha not multiplied in.

    Where there is no heat the photo stays as it is; the hottest place hides most of it.
    """
    steps = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in _PLASMA], np.float64)
    warmth = np.clip(np.asarray(heat, np.float64), 0.0, 1.0)
    at = np.linspace(0.0, 1.0, len(steps))
    channels = [np.interp(warmth, at, steps[:, channel]) for channel in range(3)]
    channels.append(255 * _MOST_OPAQUE * warmth**_SOON)
    return np.stack(channels, axis=-1).round().astype(np.uint8)
