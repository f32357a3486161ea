"""One step on the disk. A name that is taken is never given to another file, and at every moment
the file is whole at its old place, at its new one, or at both.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.library.content import content_hash, new_hash
from landmark_desktop.organise.order import PARKED, Step
from landmark_desktop.organise.troubles import StepError, Trouble, from_os
from landmark_desktop.tasks import Cancel

# What systems say where a file system, or a rule of its, has no hard links.
_NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)


@dataclass(frozen=True)
class State:
    """How a file is known again: bytes, time, and its number on the file system (0: unknown)."""

    size: int
    mtime_ns: int
    inode: int = 0

    @staticmethod
    def of(path: Path) -> State | None:
        """Return the state of a file; ``None`` where none is, or something that is no file."""
        try:
            status = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        return State(status.st_size, status.st_mtime_ns, status.st_ino)


def perform(step: Step, cancel: Cancel | None = None) -> State:
    """Do a step; return the state of the file at its new place (of ``remove`` and ``unlink``, that
    of the one that is left).

    Raises ``StepError``, and ``Cancelled`` while copying; everything is then as it was before.
    """
    try:
        _check(step)
        match step.kind:
            case "move" if step.across:
                _copy(step, cancel)
                step.source.unlink()
                _sync(step.source.parent)
            case "move":
                rename(step.source, step.target)
            case "copy":
                _copy(step, cancel)
            case "link":
                _link(step)
            case "remove" | "unlink":
                _take_away(step)
            case _:
                raise ValueError(f"no step of kind {step.kind!r}")
        state = State.of(step.target)
    except OSError as error:
        raise from_os(error, step.source) from error
    if state is None:
        raise StepError(Trouble.GONE, step.target, "Another program took it away at once.")
    return state


def inverse(step: Step, after: State) -> Step:
    """Return the step that takes one back that left its target in the state ``after``."""
    kinds = {"move": "move", "copy": "remove", "link": "unlink", "remove": "copy", "unlink": "link"}
    return Step(
        kinds[step.kind], step.target, step.source, after.size, after.mtime_ns, after.inode,
        step.across, step.mtime_ns, step.photo, step.group,
    )  # fmt: skip


def _check(step: Step) -> None:
    """Raise unless the file is what it was, and its new place is free."""
    now = State.of(step.source)
    if now is None:
        raise StepError(Trouble.GONE, step.source, "It is not there any more.",
                        "Import its folder again to find where it went.")  # fmt: skip
    if (now.size, now.mtime_ns) != (step.size, step.mtime_ns):
        raise StepError(Trouble.CHANGED, step.source, "It was changed since this was planned.")
    if step.kind not in ("remove", "unlink") and os.path.lexists(step.target):
        raise FileExistsError(errno.EEXIST, "exists", str(step.target))


def rename(source: Path, target: Path) -> None:
    """Give a file another name on its file system, unless that is taken (``FileExistsError``)."""
    if os.name == "nt":
        source.rename(target)  # refuses a name that is taken, there
        return
    # On POSIX systems renaming overwrites. A second name does not, and the first goes then.
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename_onto_own(source, target)
        return
    try:
        source.unlink()
    except BaseException:
        target.unlink()
        raise


def _rename_onto_own(source: Path, target: Path) -> None:
    """Where there are no hard links: take the name with an empty file, and overwrite only that."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        source.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            if target.stat().st_size == 0:
                target.unlink()
        raise


def partial(step: Step) -> Path:
    """Return the name of a copy while it is not whole; the same for the same step."""
    text = f"{step.source}\0{step.target}".encode("utf-8", "surrogatepass")
    return step.target.with_name(f"{PARKED}{hashlib.blake2b(text, digest_size=8).hexdigest()}.part")


def _copy(step: Step, cancel: Cancel | None) -> None:
    """Copy, with times, permissions and, on Linux, extended attributes; compare; then name it."""
    unfinished = partial(step)
    unfinished.unlink(missing_ok=True)  # of a process that was killed
    try:
        wanted = _write(step.source, unfinished, cancel)
        shutil.copystat(step.source, unfinished)
        if step.bears:
            os.utime(unfinished, ns=(step.bears, step.bears))
        if content_hash(unfinished) != wanted:
            raise StepError(
                Trouble.DAMAGED, step.source, "Its copy is not the same when it is read again.",
                "Check the disk that it was copied to.",
            )  # fmt: skip
        now = State.of(step.source)
        if now is None or (now.size, now.mtime_ns) != (step.size, step.mtime_ns):
            raise StepError(Trouble.CHANGED, step.source, "It was changed while it was copied.")
        rename(unfinished, step.target)
        _sync(step.target.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def _write(source: Path, target: Path, cancel: Cancel | None) -> str:
    """Write a copy down to the disk; return the hash of what was read."""
    found = new_hash()
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(1 << 20):
            if cancel is not None:
                cancel.check()
            found.update(block)
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
        if hasattr(os, "posix_fadvise"):
            # Else what is compared would be what is still in memory.
            os.posix_fadvise(writing.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return found.hexdigest()


def _link(step: Step) -> None:
    try:
        os.link(step.source, step.target, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINKS:
            raise StepError(
                Trouble.NO_LINKS, step.source, "This disk has no hard links.", "Copy instead."
            ) from error  # fmt: skip
        raise


def _take_away(step: Step) -> None:
    """Delete a copy or a link: only where what it is of is still there, and the same."""
    original = State.of(step.target)
    if step.kind == "unlink":
        same = original is not None and step.source.samefile(step.target)
    else:
        same = (
            original is not None
            and original.size == step.size
            and content_hash(step.target) == content_hash(step.source)
        )
    if not same:
        raise StepError(
            Trouble.NO_ORIGINAL, step.source,
            f"{step.target} is gone or has changed, so this may be the only one.",
        )  # fmt: skip
    step.source.unlink()


def _sync(folder: Path) -> None:
    """Have the names in a folder written down to the disk, where the system can."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network shares
            raise
    finally:
        os.close(number)
