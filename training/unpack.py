"""Unpack the photos of a zip archive once, safely, into a folder named after its content.

The archive is not trusted: members that would land outside the folder are refused, and
what does not fit on the disk is not begun. A folder gets its name only when it is whole, so
that a killed extraction is never taken for one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import lzma
import os
import re
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from training.photo_files import DataError, counted, ignored, is_photo, listed, no_photos_notice

_VERSION = 1
_NOTICES = ".notices.json"  # hidden, so that it is never read as part of the photos
_ABANDONED = 24 * 3600.0  # seconds after which another extraction's leftovers are cleared
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1  # .ZIP File Format Specification 6.3.10, section 4.4.4
_DRIVE = re.compile(r"^[A-Za-z]:")
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$')
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError)
# What the file system says of a name that it cannot hold; anything else stops the extraction.
_BAD_NAME = frozenset(
    [errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EILSEQ,
     errno.ENOENT]
)  # fmt: skip


@dataclass(frozen=True)
class Unpacked:
    """The folder that holds the photos, and sentences about what was left out."""

    folder: Path
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    photos: tuple[tuple[PurePosixPath, zipfile.ZipInfo], ...]
    folders: tuple[PurePosixPath, ...]
    notices: tuple[str, ...]


def unpack(archive: Path, into: Path) -> Unpacked:
    """Extract the photos of ``archive`` below ``into``, or find those of an earlier call.

    Raises ``DataError`` where the archive cannot be read as a whole, or does not fit.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            folder = into / _digest(members)
            if not folder.exists():
                _extract(opened, archive.name, _plan(members), folder)
    except NotImplementedError as error:
        raise DataError(
            f"{archive.name} is packed in a way that this program cannot read ({error}). "
            "Unpack it with the program that made it, and choose the folder."
        ) from error
    except _DAMAGED as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{archive.name} is no zip archive, or it is damaged ({error or 'it ends too soon'}). "
            "Download it or make it again."
        ) from error
    except OSError as error:
        raise DataError(
            f"{archive.name} cannot be unpacked ({error.strerror or error})."
        ) from error
    return Unpacked(folder, tuple(json.loads((folder / _NOTICES).read_text("utf-8"))))


def _digest(members: list[zipfile.ZipInfo]) -> str:
    entries = [(m.orig_filename, m.file_size, m.CRC) for m in members]
    return hashlib.sha256(repr((_VERSION, entries)).encode("utf-8", "replace")).hexdigest()[:16]


def _plan(members: list[zipfile.ZipInfo]) -> _Plan:
    """Choose what to extract, and where to, from the archive's list of members alone."""
    photos: dict[PurePosixPath, zipfile.ZipInfo] = {}
    folders: dict[PurePosixPath, None] = {}
    refused: list[str] = []
    misspelt: list[str] = []
    others: Counter[str] = Counter()
    for member in members:
        name, certain = _name(member)
        place = PurePosixPath(name)
        if any(ignored(part) and part != ".." for part in place.parts):
            continue
        if place.is_absolute() or _DRIVE.match(name) or ".." in place.parts:
            refused.append(name)
            continue
        if member.is_dir() or name.endswith("/"):
            folders[place] = None
            continue
        folders[place.parent] = None
        if stat.S_ISLNK(member.external_attr >> 16) or not is_photo(place):
            others[place.suffix.lower()] += 1
            continue
        photos[place] = member
        if not certain:
            misspelt.append(name)
    notices = no_photos_notice(others)
    if refused:
        notices.append(
            f"{counted(len(refused), 'file was', 'files were')} refused because the name "
            f"leads out of the archive: {listed(refused)}."
        )
    if misspelt:
        notices.append(
            f"{counted(len(misspelt), 'photo has', 'photos have')} a name in an unknown "
            f"encoding, which may look wrong: {listed(misspelt)}."
        )
    return _Plan(tuple(photos.items()), tuple(folders), tuple(notices))


def _name(member: zipfile.ZipInfo) -> tuple[str, bool]:
    """Return a member's name with forward slashes, and whether its encoding is certain.

    Without the UTF-8 flag ``zipfile`` reads names as code page 437. Many programs write
    UTF-8 there all the same: what can be UTF-8 is taken for it.
    """
    name, certain = member.filename, True
    if not member.flag_bits & _UTF8_FLAG and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            certain = False
    return name.replace("\\", "/"), certain


def _extract(opened: zipfile.ZipFile, name: str, plan: _Plan, folder: Path) -> None:
    """Write the planned photos to a temporary sibling of ``folder`` and rename it."""
    if any(member.flag_bits & _ENCRYPTED_FLAG for _, member in plan.photos):
        raise DataError(
            f"{name} is locked with a password. Unpack it yourself, and choose the folder."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(folder)
    needed = sum(member.file_size for _, member in plan.photos)
    free = shutil.disk_usage(folder.parent).free
    if needed > free:
        raise DataError(
            f"The photos in {name} take {_amount(needed)}, but only {_amount(free)} are free "
            f"on the disk of {folder.parent}."
        )
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        unnamable = _write(opened, plan, temporary)
        notices = list(plan.notices)
        if unnamable:
            notices.append(
                f"{counted(len(unnamable), 'file or folder', 'files and folders')} could not be "
                f"unpacked because this computer cannot store the name: {listed(unnamable)}."
            )
        (temporary / _NOTICES).write_text(json.dumps(notices), "utf-8")
        try:
            temporary.rename(folder)
        except OSError:
            if not folder.exists():  # otherwise another process was faster
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write(opened: zipfile.ZipFile, plan: _Plan, folder: Path) -> list[str]:
    """Write folders and photos; return the names that the file system cannot hold."""
    unnamable: list[str] = []
    for place in plan.folders:
        try:
            folder.joinpath(*_storable(place)).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if error.errno not in _BAD_NAME:
                raise
            unnamable.append(str(place))
    for place, member in plan.photos:
        try:
            file = folder.joinpath(*_storable(place)).open("xb")
        except OSError as error:
            if error.errno not in _BAD_NAME:
                raise
            unnamable.append(str(place))
            continue
        with file, opened.open(member) as packed:
            shutil.copyfileobj(packed, file, 1 << 20)
    return unnamable


def _storable(place: PurePosixPath) -> tuple[str, ...]:
    """Return the parts of a name. Raises ``OSError`` for what Windows would alter silently."""
    if os.name == "nt" and any(_NOT_ON_WINDOWS.search(part) for part in place.parts):
        raise OSError(errno.EINVAL, "not a name on Windows")
    return place.parts


def _clear_leftovers(folder: Path) -> None:
    """Remove what killed extractions of the same archive left behind."""
    for leftover in folder.parent.glob(f".{folder.name}-*"):
        if time.time() - leftover.stat().st_mtime > _ABANDONED:
            shutil.rmtree(leftover, ignore_errors=True)


def _amount(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
