"""Cut the black bars off a training photo: letterboxes, and stock agencies' caption bars."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image


def trim_bars(photo: Image.Image) -> Image.Image:
    """Cut black letterbox bars, and the caption bar that stock agencies add at the bottom.

    Such bars tell the source of a training photo, and so its class. At most a quarter is
    cut from a side, so that a night photo keeps its sky.
    """
    grey = np.asarray(photo.convert("L"))
    dark_rows, dark_columns = (grey < 16).mean(axis=1), (grey < 16).mean(axis=0)
    caption = (grey < 24).mean(axis=1) > 0.8
    top = _leading(dark_rows > 0.97)
    bottom = _leading((caption | (dark_rows > 0.97))[::-1])
    left, right = _leading(dark_columns > 0.97), _leading(dark_columns[::-1] > 0.97)
    return photo.crop((left, top, photo.width - right, photo.height - bottom))


def _leading(flags: npt.NDArray[np.bool_]) -> int:
    """Count the leading ``True`` flags, up to a quarter of them all."""
    first = int(np.argmin(flags)) if not flags.all() else len(flags)
    return min(first, len(flags) // 4)
