"""What a bundle remembers of its training photos, so that it can be built on without them.

A few embeddings of each class travel in the bundle as the extra file ``support.npz``, no
pixels: enough for a new class to be told from the known ones (``extend``).
Torch-free face of the trainer.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.bundle import BundleError, read_card

MEMBER = "support.npz"
PER_CLASS, BACKGROUNDS = 16, 256
"""Embeddings kept of each class, and of no landmark: 66 classes of 1280 numbers take 1.8 MB."""

_MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Support:
    """Some photos as the network saw them, in the order of ``targets``.

    ``embeddings``: N x D float32; ``logits``: N x C float32; ``targets``: N label indices.
    """

    embeddings: npt.NDArray[np.float32]
    logits: npt.NDArray[np.float32]
    targets: npt.NDArray[np.int64]

    def rows(self, chosen: npt.NDArray[Any]) -> Support:
        """Return the photos that an index array or a mask chooses."""
        return Support(self.embeddings[chosen], self.logits[chosen], self.targets[chosen])

    def to_bytes(self) -> bytes:
        """Return what travels in the bundle, embeddings in steps of 1/255 of each one's range.

        That is finer than two variations of one photo differ by, and a quarter of float32.
        """
        low = self.embeddings.min(axis=1, keepdims=True)
        step = np.maximum(np.ptp(self.embeddings, axis=1, keepdims=True) / 255, 1e-12)
        # What is not finite stays so, in ``low``, for ``read`` to refuse.
        steps = np.nan_to_num((self.embeddings - low) / step).round().astype(np.uint8)
        file = io.BytesIO()
        np.savez(
            file, embeddings=steps,
            low=low.astype(np.float32), step=step.astype(np.float32),
            logits=self.logits.astype(np.float16), targets=self.targets.astype(np.int32),
        )  # fmt: skip
        return file.getvalue()


def remembers(bundle: Path) -> bool:
    """Return whether the file is a bundle that remembers photos, so that it can be built on."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            return _member(archive) is not None
    except (OSError, zipfile.BadZipFile, ValueError):
        return False


def read(bundle: Path) -> Support | None:
    """Return what the bundle remembers, ``None`` where it remembers nothing.

    Raises ``BundleError`` where the file is no bundle or its memory is damaged.
    """
    card = read_card(bundle)
    try:
        with zipfile.ZipFile(bundle) as archive:
            member = _member(archive)
            if member is None:
                return None
            if member.file_size > _MOST_BYTES:
                raise ValueError(f"{member.file_size} bytes")
            with np.load(io.BytesIO(archive.read(member))) as saved:
                found = Support(
                    _embeddings(saved),
                    saved["logits"].astype(np.float32),
                    saved["targets"].astype(np.int64),
                )
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise BundleError(f"What {bundle.name} remembers is damaged ({error}).") from error
    count, classes = len(found.targets), len(card.labels)
    fits = (
        found.embeddings.shape == (count, card.embedding_size)
        and found.logits.shape == (count, classes)
        and count > 0
        and found.targets.min() >= 0
        and found.targets.max() < classes
        and bool(np.isfinite(found.embeddings).all() and np.isfinite(found.logits).all())
    )
    if not fits:
        raise BundleError(f"What {bundle.name} remembers does not fit its model.")
    return found


def choose(
    targets: npt.NDArray[np.int64], background: int | None, seed: int
) -> npt.NDArray[np.int64]:
    """Return the indices of the photos to remember: some of each class, drawn at random."""
    rng = np.random.default_rng(seed)
    chosen = [
        rng.permutation(np.flatnonzero(targets == label))[
            : BACKGROUNDS if label == background else PER_CLASS
        ]
        for label in np.unique(targets).tolist()
    ]
    return np.sort(np.concatenate(chosen)) if chosen else np.zeros(0, np.int64)


def _embeddings(saved: Any) -> npt.NDArray[np.float32]:
    """Return the embeddings of a saved memory; bundles of before 2026-11-21 hold them as halves."""
    embeddings = np.asarray(saved["embeddings"], np.float32)
    if "step" in saved:
        embeddings = embeddings * saved["step"] + saved["low"]
    return embeddings


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    # TorchScript writes <archive name>/extra/<name>; the archive name varies.
    found = (m for m in archive.infolist() if m.filename.endswith(f"/extra/{MEMBER}"))
    return next(found, None)
