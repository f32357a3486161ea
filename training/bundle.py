"""The model bundle: one TorchScript file that carries its own card.

Inside the file, as TorchScript extra files (zip members):

``card.json``
    everything a program has to know to run the model and a person to trust it:
    labels, input size and resize rule, temperature, decision thresholds, metrics with
    the data they were measured on, provenance and licences, the training spec.

The network's contract: ``forward(uint8 N x 3 x H x W) -> (logits N x C, embedding N x D)``,
mean and standard deviation inside the graph. Anybody with plain torch can run it::

    extra = {"card.json": ""}
    model = torch.jit.load("model.pt", _extra_files=extra)

Torch-free face of the trainer: this module reads and checks cards from the zip
archive alone. ``training.export`` writes bundles, and needs torch.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import zipfile
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the desktop reads cards while it starts, and opens photos later
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

FORMAT_VERSION = 1
CARD = "card.json"
_MAX_CARD_BYTES = 16 * 1024 * 1024


class BundleError(ValueError):
    """A file that is no usable model bundle; the message is a sentence for a person."""


@dataclass(frozen=True)
class Label:
    """One output of the network: its class name and, where it has one, gazetteer id."""

    name: str
    gazetteer_id: str | None = None


@dataclass(frozen=True)
class Preprocessing:
    """The narrow door through which every photo reaches the network.

    ``size``: pixels a side of the square input. ``resize``: ``squash`` brings the whole
    photo to that square, not keeping its aspect, with an antialiased bicubic filter.
    """

    size: int
    resize: str = "squash"

    def open(self, path: str | os.PathLike[str]) -> Image.Image:
        """Decode a photo with no more pixels than ``apply`` needs. Raises ``PhotoError``."""
        from training.photo import decode

        return decode(path, short_side=2 * self.size)

    def apply(self, image: Image.Image) -> npt.NDArray[np.uint8]:
        """Return ``image`` (RGB) as uint8 of shape 3 x size x size."""
        import numpy as np
        from PIL import Image

        square = image.resize((self.size, self.size), Image.Resampling.BICUBIC, reducing_gap=3.0)
        return np.ascontiguousarray(np.asarray(square, dtype=np.uint8).transpose(2, 0, 1))


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold on the calibrated probability, with what it gave on validation data.

    ``precision``: share of suggestions that were right, at this threshold and at stricter ones
    at least (``training.calibrate.stated``). ``kept``: share of landmark
    photos that still got one. ``false_suggestions``: share of photos without a landmark
    that got one nevertheless; ``None`` where no such photos were at hand.
    """

    threshold: float
    precision: float
    kept: float
    false_suggestions: float | None = None


@dataclass(frozen=True)
class Card:
    """All that is known of a model. See the module's head for the file it travels in.

    ``background``: index of the output that stands for "no landmark", or ``None``.
    ``temperature``: logits are divided by it before the softmax (Guo et al. 2017,
    "On Calibration of Modern Neural Networks"). ``threshold``: least calibrated
    probability at which a landmark is suggested by default.
    """

    name: str
    labels: tuple[Label, ...]
    preprocessing: Preprocessing
    embedding_size: int
    temperature: float
    threshold: float
    background: int | None = None
    operating_points: tuple[OperatingPoint, ...] = ()
    metrics: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def to_json(self) -> str:
        """Return the card as the JSON text that travels in the bundle."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @staticmethod
    def from_json(text: str | bytes) -> Card:
        """Read and verify a card. Raises ``BundleError`` naming what is wrong with it."""
        try:
            data = json.loads(text)
        except ValueError as error:
            raise BundleError(f"The model's card is not valid JSON ({error}).") from error
        if not isinstance(data, dict):
            raise BundleError("The model's card is not a JSON object.")
        version = data.get("format_version")
        if version != FORMAT_VERSION:
            raise BundleError(
                f"The model's card has format version {version!r}; this program reads "
                f"version {FORMAT_VERSION}. A newer program may be able to open it."
            )
        try:
            card = Card(
                name=str(data["name"]),
                labels=tuple(Label(**label) for label in data["labels"]),
                preprocessing=Preprocessing(**data["preprocessing"]),
                embedding_size=int(data["embedding_size"]),
                temperature=float(data["temperature"]),
                threshold=float(data["threshold"]),
                background=data["background"],
                operating_points=tuple(OperatingPoint(**p) for p in data["operating_points"]),
                metrics=dict(data["metrics"]),
                provenance=dict(data["provenance"]),
                training=dict(data["training"]),
            )
        except KeyError as error:
            raise BundleError(f"The model's card lacks the entry {error}.") from error
        except (TypeError, ValueError) as error:
            raise BundleError(
                f"The model's card has an entry of the wrong kind ({error})."
            ) from error
        card.verify()
        return card

    def verify(self) -> None:
        """Check every rule of the contract that the card alone can show.

        Raises ``BundleError`` for the first one that does not hold.
        """
        names = [label.name for label in self.labels]
        rules = [
            (len(names) >= 2, "it has fewer than two labels"),
            (all(isinstance(name, str) and name for name in names), "a label has no name"),
            (len(set(names)) == len(names), "two labels have the same name"),
            (
                all(isinstance(label.gazetteer_id, str | None) for label in self.labels),
                "a label's gazetteer id is no text",
            ),
            (
                isinstance(self.preprocessing.size, int) and 16 <= self.preprocessing.size <= 1024,
                f"its input size {self.preprocessing.size!r} is not from 16 to 1024 pixels",
            ),
            (
                self.preprocessing.resize == "squash",
                f"it asks for an unknown resize rule {self.preprocessing.resize!r}",
            ),
            (
                math.isfinite(self.temperature) and self.temperature > 0,
                f"its temperature {self.temperature} is not a positive number",
            ),
            (0.0 <= self.threshold <= 1.0, f"its threshold {self.threshold} is not from 0 to 1"),
            (self.embedding_size > 0, "its embedding has no size"),
            (
                self.background is None
                or (isinstance(self.background, int) and 0 <= self.background < len(names)),
                f"its background index {self.background!r} names no label",
            ),
        ]
        for holds, what in rules:
            if not holds:
                raise BundleError(f"The model's card cannot be right: {what}.")


def read_card(path: Path) -> Card:
    """Read and verify the card of the bundle at ``path``, without torch.

    Raises ``BundleError`` where the file is missing, is no TorchScript archive, or has
    no card that this program understands.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            # TorchScript writes <archive name>/extra/<name>; the archive name varies.
            members = [n for n in archive.namelist() if n.endswith(f"/extra/{CARD}")]
            if not members:
                raise BundleError(
                    f"{path.name} is an archive, but it has no model card: it was not "
                    "exported by Landmark Desktop."
                )
            if archive.getinfo(members[0]).file_size > _MAX_CARD_BYTES:
                raise BundleError(f"The model card in {path.name} is unreasonably large.")
            return Card.from_json(archive.read(members[0]))
    except FileNotFoundError:
        raise BundleError(f"There is no model file {path}.") from None
    except IsADirectoryError:
        raise BundleError(f"{path} is a folder, not a model file.") from None
    except BundleError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError):
        # The last two: what zipfile and json make of passwords, odd offsets, deep nesting.
        raise BundleError(
            f"{path.name} is not a model: it is no TorchScript archive, or it is damaged."
        ) from None
    except OSError as error:
        raise BundleError(f"{path.name} cannot be read ({error.strerror or error}).") from error


def digest(path: Path) -> str:
    """Return the SHA-256 of the file, in hex: the identity of a model in a library."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
