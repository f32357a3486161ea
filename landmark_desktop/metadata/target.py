"""The two kinds of file that metadata are written into: sidecars and photos."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.metadata import edit, embedded, packet, rdf
from landmark_desktop.metadata.fields import XMP, Content, Field, regardless_of_order
from landmark_desktop.metadata.libexiv2 import Blocks
from landmark_desktop.metadata.reading import beneath
from landmark_desktop.metadata.replace_file import content_of, refuse_read_only
from landmark_desktop.metadata.snapshot import State
from landmark_desktop.metadata.troubles import USE_SIDECAR, MetadataError, Trouble, from_os


@dataclass(frozen=True)
class Loaded:
    """A target as it was found. ``content``: what it holds in our fields, ``None`` where there
    is no sidecar. ``fields``: those in use there. ``blocks``: of a photo."""

    data: bytes | None
    state: State
    content: Content | None
    fields: tuple[Field, ...]
    beneath: Content
    blocks: Blocks | None


def load(photo: Path, target: Path) -> Loaded:
    """Read ``target``, which is ``photo`` or a sidecar of it. Raises ``MetadataError``."""
    try:
        if not photo.exists():
            raise FileNotFoundError(2, "No such file", str(photo))
        return _load_photo(photo) if target == photo else _load_sidecar(photo, target)
    except OSError as error:
        raise from_os(error, target) from error


def _load_sidecar(photo: Path, target: Path) -> Loaded:
    refuse_read_only(Path(os.path.realpath(target)))
    data, state = content_of(target)
    try:
        blank = data is None or packet.is_blank(data)
        content = None if data is None or blank else rdf.content(packet.parse(data))
    except packet.PacketError as error:
        raise MetadataError(
            Trouble.DAMAGED, target, f"{target.name} cannot be read.", f"As XMP, {error}.",
            "Move it away to have a new one written.",
        ) from error  # fmt: skip
    return Loaded(data, state, content, XMP, beneath(photo), None)


def _load_photo(photo: Path) -> Loaded:
    refuse_read_only(photo)
    status = photo.stat()
    if status.st_nlink > 1:
        raise MetadataError(
            Trouble.LINKED, photo, f"Nothing was written into {photo.name}.",
            "The same file has further names (hard links), which would part from it.",
            USE_SIDECAR,
        )  # fmt: skip
    if status.st_size > embedded.LARGEST:
        raise MetadataError(
            Trouble.TOO_LARGE, photo, f"Nothing was written into {photo.name}.",
            "It is larger than 512 MB.", USE_SIDECAR,
        )  # fmt: skip
    data, state = content_of(photo)
    blocks, content = embedded.read(data or b"", photo)
    return Loaded(data, state, content, embedded.fields_of(blocks), {}, blocks)


def rewritten(loaded: Loaded, content: Content, target: Path) -> bytes | None:
    """Return the target's new bytes; ``None``: a sidecar that is of no use any more."""
    if loaded.blocks is not None and loaded.data is not None:
        return embedded.rewritten(
            loaded.data, loaded.blocks, loaded.content or {}, content, target
        )  # fmt: skip
    try:
        old = loaded.data if loaded.content is not None and loaded.data else edit.NEW_SIDECAR
        made = edit.rewritten(packet.parse(old), content)
        if edit.is_ours_and_empty(made):
            return None
        held = rdf.content(packet.parse(made.to_bytes()))
        if regardless_of_order(held) != regardless_of_order(content):
            raise packet.PacketError("it would not hold what was written")
    except packet.PacketError as error:
        raise MetadataError(
            Trouble.NOT_FAITHFUL, target, f"{target.name} was not written.", f"As XMP, {error}."
        ) from error  # fmt: skip
    return made.to_bytes()
