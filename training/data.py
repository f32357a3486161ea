"""Class-per-folder photos, decoded once through the narrow door into a memory-mapped cache."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from training.bundle import Preprocessing
from training.photo import EXTENSIONS, PhotoError

Pixels = npt.NDArray[np.uint8]
VIEWS = 2
_CACHE_VERSION = 1


@dataclass(frozen=True)
class Sample:
    """One photo and the class it belongs to; ``None`` for a photo that shows no class."""

    path: Path
    label: str | None


def labelled(root: Path) -> list[Sample]:
    """Return the photos of a folder that holds one folder per class, sorted by path."""
    return [
        Sample(path, folder.name)
        for folder in sorted(p for p in root.iterdir() if p.is_dir())
        for path in _photos(folder)
    ]


def unlabelled(folders: Sequence[Path]) -> list[Sample]:
    """Return every photo below the folders, as photos that show no class."""
    return [Sample(path, None) for folder in folders for path in _photos(folder)]


def _photos(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in EXTENSIONS)


def split(samples: Sequence[Sample], share: float, seed: int) -> tuple[list[int], list[int]]:
    """Return indices for training and validation, the same share of every stratum.

    A stratum is a class and a source (the letters that a file name starts with): photos
    of another source look different, and validation is to see both kinds.
    """
    strata: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for index, sample in enumerate(samples):
        source = sample.path.stem.rstrip("0123456789")
        strata[(sample.label, source)].append(index)
    rng = np.random.default_rng(seed)
    training: list[int] = []
    validation: list[int] = []
    for key in sorted(strata, key=str):
        indices = rng.permutation(strata[key]).tolist()
        held_out = round(share * len(indices))
        validation += indices[:held_out]
        training += indices[held_out:]
    return sorted(training), sorted(validation)


def load(samples: Sequence[Sample], door: Preprocessing, cache: Path, threads: int) -> tuple[
    Pixels, list[int], list[str]
]:  # fmt: skip
    """Decode the samples once; later calls map the finished cache into memory.

    Returns the pixels (N x VIEWS x 3 x size x size, uint8, read-only), the indices of the
    samples they belong to, and a line for each photo that could not be read. View 0 is the
    door as the app applies it; view 1 is the same photo reduced without antialiasing, as
    the makers of most 96-pixel sets did.
    """
    key = hashlib.sha256(repr((_CACHE_VERSION, door)).encode())
    for sample in samples:
        status = sample.path.stat()
        key.update(repr((str(sample.path), status.st_size, status.st_mtime_ns)).encode())
    name = key.hexdigest()[:16]
    pixels_file, index_file = cache / f"{name}.npy", cache / f"{name}.json"
    if not index_file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(threads) as pool:
            results = list(pool.map(lambda s: _views(s.path, door), samples))
        kept = [i for i, r in enumerate(results) if not isinstance(r, str)]
        unreadable = [
            f"{samples[i].path}: {r}" for i, r in enumerate(results) if isinstance(r, str)
        ]
        shape = (len(kept), VIEWS, 3, door.size, door.size)
        stack = np.lib.format.open_memmap(pixels_file, "w+", np.uint8, shape)
        for row, i in enumerate(kept):
            stack[row] = results[i]
        stack.flush()
        index_file.write_text(json.dumps({"kept": kept, "unreadable": unreadable}))
    index = json.loads(index_file.read_text())
    return np.load(pixels_file, mmap_mode="r"), index["kept"], index["unreadable"]


def _views(path: Path, door: Preprocessing) -> Pixels | str:
    try:
        photo = trim_bars(door.open(path))
    except PhotoError as error:
        return str(error)
    nearest = photo.resize((door.size, door.size), Image.Resampling.NEAREST)
    return np.stack([door.apply(photo), np.asarray(nearest).transpose(2, 0, 1)])


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


def synthetic_backgrounds(count: int, size: int, seed: int) -> Pixels:
    """Draw pictures that no camera took (count x VIEWS x 3 x size x size).

    Plain colours, gradients, noise, pages of text and window-like rectangles: what a photo
    folder holds besides photos, and what a classifier is otherwise sure about at random.
    """
    rng = np.random.default_rng(seed)
    makers = (_plain, _gradient, _noise, _page, _rectangles)
    pictures = [makers[i % len(makers)](size, rng) for i in range(count)]
    stack = np.array(pictures, np.uint8).reshape(-1, size, size, 3).transpose(0, 3, 1, 2)
    return np.repeat(stack[:, None], VIEWS, axis=1)


def _plain(size: int, rng: np.random.Generator) -> Pixels:
    colour = (
        rng.choice([0, 255, int(rng.integers(256))], 3)
        if rng.random() < 0.5
        else rng.integers(0, 256, 3)
    )
    return np.full((size, size, 3), colour, np.uint8)


def _gradient(size: int, rng: np.random.Generator) -> Pixels:
    start, end = rng.uniform(0, 255, 3), rng.uniform(0, 255, 3)
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    angle = rng.uniform(0, 2 * np.pi)
    t = np.clip(0.5 + (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle), 0, 1)[..., None]
    return np.asarray(start + (end - start) * t, dtype=np.uint8)


def _noise(size: int, rng: np.random.Generator) -> Pixels:
    cells = int(rng.choice([4, 12, 32, size]))
    noise = rng.integers(0, 256, (cells, cells, 3 if rng.random() < 0.7 else 1), np.uint8)
    noise = np.broadcast_to(noise, (cells, cells, 3))
    method = Image.Resampling.BICUBIC if rng.random() < 0.7 else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(np.ascontiguousarray(noise)).resize((size, size), method))


def _page(size: int, rng: np.random.Generator) -> Pixels:
    dark = rng.random() < 0.25
    paper, ink = ((20, 22, 28), (200, 205, 215)) if dark else ((250, 249, 246), (40, 40, 45))
    page = Image.new("RGB", (size * 2, size * 2), paper)
    draw = ImageDraw.Draw(page)
    step = int(rng.integers(5, 14))
    for y in range(step, size * 2 - step, step):
        if rng.random() < 0.12:
            continue
        x = int(rng.integers(6, 20))
        while x < size * 2 - 20 and rng.random() > 0.06:
            word = int(rng.integers(4, 22))
            draw.rectangle((x, y, x + word, y + step // 2), fill=ink)
            x += word + 4
    return np.asarray(page.resize((size, size), Image.Resampling.BICUBIC))


def _rectangles(size: int, rng: np.random.Generator) -> Pixels:
    window = Image.fromarray(_plain(size, rng))
    draw = ImageDraw.Draw(window)
    for _ in range(int(rng.integers(3, 18))):
        x, y = rng.integers(0, size, 2).tolist()
        width, height = rng.integers(3, size, 2).tolist()
        colour = tuple(rng.integers(0, 256, 3).tolist())
        if rng.random() < 0.8:
            draw.rectangle((x, y, x + width, y + height // 2), fill=colour)
        else:
            draw.ellipse((x, y, x + width, y + height), fill=colour)
    return np.asarray(window)
