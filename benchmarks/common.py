"""What the benchmarks share: the machine in words, table rows, and synthetic photos on disk.

Not a benchmark itself; ``python -m benchmarks.suggest`` and its neighbours are.
"""

from __future__ import annotations

import datetime
import io
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

R = TypeVar("R")

SCRATCH = Path(tempfile.gettempdir()) / "landmark-desktop-benchmarks"
"""Generated photos and libraries. Kept from run to run; delete it when you like."""

TWELVE_MEGAPIXELS = (4000, 3000)
TWO_MEGAPIXELS = (1600, 1200)

_PICTURES = 4  # different pictures; every file has its own Exif block, hence its own hash


@dataclass(frozen=True)
class Times:
    """Wall-clock seconds of several runs of the same thing."""

    all: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median in seconds."""
        return statistics.median(self.all)

    @property
    def worst(self) -> float:
        """The slowest run in seconds."""
        return max(self.all)

    def percentile(self, share: float) -> float:
        """Return the time in seconds that ``share`` (0 to 1) of the runs do not exceed."""
        ordered = sorted(self.all)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def clock(action: Callable[[], R]) -> tuple[float, R]:
    """Run ``action`` once; return its wall-clock seconds and its result."""
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def repeat(action: Callable[[], object], runs: int = 7) -> Times:
    """Run ``action`` ``runs`` times, the first of them included."""
    return Times(tuple(clock(action)[0] for _ in range(runs)))


def title(text: str) -> None:
    """Print what is measured, on which machine and when."""
    print(f"{text}\n{machine()}\n", flush=True)


def row(what: str, *values: str) -> None:
    """Print one line of a table: what was measured, and its values in columns."""
    print(f"  {what:<50}" + "".join(f"{value:>17}" for value in values), flush=True)


def milliseconds(seconds: float) -> str:
    """Return a time span like ``12.3 ms``."""
    return f"{1000 * seconds:.1f} ms"


def per_second(count: int, seconds: float) -> str:
    """Return a rate like ``80.1 photos/s``."""
    return f"{count / seconds:.1f} photos/s"


def ratio(plain: float, ours: float) -> str:
    """Return how many times longer the straightforward way takes, like ``12.0x``."""
    return f"{plain / ours:.1f}x"


def machine() -> str:
    """Return the date, the processor, its cores and present load, and the versions in use."""
    moment = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    load = f", load before {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "pillow"))
    return (
        f"{moment}; {_processor()}, {os.cpu_count()} cores{load}; "
        f"Python {platform.python_version()}, {versions}; {platform.platform(terse=True)}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def peak_memory() -> str:
    """Return the most memory this process has held so far, in megabytes."""
    try:
        import resource
    except ImportError:  # Windows
        return "unknown"
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{most * (1 if sys.platform == 'darwin' else 1024) / 1e6:.0f} MB"


def photos(count: int, size: tuple[int, int]) -> tuple[Path, list[Path]]:
    """Return a folder of ``count`` synthetic JPEGs of ``size`` pixels, and their paths.

    They are made on first use (3.5 MB each at 12 megapixels, 0.7 MB at two) and kept in
    ``SCRATCH``. Four different pictures serve in turn; each file has its own date.
    """
    width, height = size
    folder = SCRATCH / f"{count}-photos-{width}x{height}"
    paths = [folder / f"album {n // 100:02}" / f"IMG_{n:05}.jpg" for n in range(count)]
    finished = folder / "finished"
    if not finished.exists():
        pictures = [_jpeg(_picture(size, seed)) for seed in range(min(count, _PICTURES))]
        for number, path in enumerate(paths):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_dated(pictures[number % len(pictures)], number))
        finished.touch()
    return folder, paths


def small_pictures(count: int, side: int) -> list[bytes]:
    """Return ``count`` different JPEGs, ``side`` pixels long, as a thumbnail cache holds them."""
    return [_jpeg(_picture((side, side * 3 // 4), seed), quality=82) for seed in range(count)]


def warm(paths: Sequence[Path]) -> int:
    """Read all files once, so that disks do not decide a comparison; return their bytes."""
    return sum(len(path.read_bytes()) for path in paths)


def _picture(size: tuple[int, int], seed: int) -> Image.Image:
    """Draw light from above, clouds of all scales and sensor noise: a photo to a JPEG coder.

    At JPEG quality 90 it comes to about 0.3 bytes a pixel, like a phone's photos.
    """
    random = np.random.default_rng(seed)
    width, height = size
    light = np.linspace(190, 70, height, dtype=np.float32)[:, None, None]
    layers = np.repeat(np.repeat(light, width, axis=1), 3, axis=2)
    cells = 4
    while cells < width // 4:
        shape = (max(cells * height // width, 1), cells)
        grid = random.normal(0, 30, (*shape, 1)) + random.normal(0, 12, (*shape, 3))
        tiny = Image.fromarray((grid + 128).clip(0, 255).astype(np.uint8))
        layers += np.asarray(tiny.resize(size, Image.Resampling.BICUBIC), np.float32)
        layers -= 128
        cells *= 4
    layers += 5 * random.standard_normal((height, width, 1), dtype=np.float32)
    return Image.fromarray(layers.clip(0, 255).astype(np.uint8))


def _jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


_APP0_END = 20  # SOI (2 bytes) and Pillow's JFIF segment (2 + 16 bytes)


def _dated(jpeg: bytes, number: int) -> bytes:
    """Return the JPEG with an Exif segment of its own: camera, place and a date by ``number``."""
    moment = datetime.datetime(2019, 1, 1, 9) + datetime.timedelta(hours=7 * number)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Bench", "Mark II", 1
    exif.get_ifd(0x8769)[0x9003] = moment.strftime("%Y:%m:%d %H:%M:%S")
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    segment = exif.tobytes()
    marker = b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big")
    return jpeg[:_APP0_END] + marker + segment + jpeg[_APP0_END:]
