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
from landmark_desktop.organise.attributes import copy_attributes
from landmark_desktop.organise.order import PARKED, Step
from landmark_desktop.organise.renaming import NO_LINKS, one_name, rename, sync
from landmark_desktop.organise.troubles import StepError, Trouble, from_os
from landmark_desktop.tasks import Cancel

_NO_PERMISSIONS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What network shares say that keep no permissions."""


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
                with contextlib.suppress(OSError):  # lost, the name would only come back
                    sync(step.source.parent)
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
        kinds[step.kind], step.new, step.old, after.size, after.mtime_ns, after.inode,
        step.across, step.mtime_ns, step.photo, step.group,
    )  # fmt: skip


def _check(step: Step) -> None:
    """Raise unless the file is what it was, and its new place is free."""
    _unchanged(step, "since this was planned")
    if step.kind not in ("remove", "unlink") and os.path.lexists(step.target):
        raise FileExistsError(errno.EEXIST, "exists", str(step.target))


def partial(step: Step) -> Path:
    """Return the name of a copy while it is not whole; the same for the same step."""
    text = f"{step.source}\0{step.target}".encode("utf-8", "surrogatepass")
    return step.target.with_name(f"{PARKED}{hashlib.blake2b(text, digest_size=8).hexdigest()}.part")


def _unchanged(step: Step, when: str) -> None:
    now = State.of(step.source)
    if now is None:
        raise StepError(Trouble.GONE, step.source, "It is not there any more.",
                        "Import its folder again to find where it went.")  # fmt: skip
    if (now.size, now.mtime_ns) != (step.size, step.mtime_ns):
        raise StepError(Trouble.CHANGED, step.source, f"It was changed {when}.")


def _copy(step: Step, cancel: Cancel | None) -> None:
    """Copy, with times, permissions and extended attributes; compare; then name it.

    Of a move the original goes then.
    """
    unfinished = partial(step)
    unfinished.unlink(missing_ok=True)  # of a process that was killed
    try:
        wanted = _write(step.source, unfinished, cancel)
        _dress(step, unfinished)
        if content_hash(unfinished) != wanted:
            raise StepError(
                Trouble.DAMAGED, step.source, "Its copy is not the same when it is read again.",
                "Check the disk that it was copied to.",
            )  # fmt: skip
        _unchanged(step, "while it was copied")
        rename(unfinished, step.target)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
    try:
        sync(step.target.parent)
        if step.across:
            _unchanged(step, "while it was copied")  # a slow disk may have taken seconds
            step.source.unlink()
    except BaseException:
        # Ctrl+C comes out here too when the original is gone: the copy is the only one then.
        if os.path.lexists(step.source):
            step.target.unlink()
        raise


def _dress(step: Step, copy: Path) -> None:
    """Give a copy what its original has besides its bytes, and have that on the disk as well."""
    try:
        shutil.copystat(step.source, copy)
    except OSError as error:
        if error.errno not in _NO_PERMISSIONS:
            raise
    copy_attributes(step.source, copy)
    os.utime(copy, ns=(step.source.stat().st_atime_ns, step.bears or step.mtime_ns))
    sync(copy)


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
        if error.errno not in NO_LINKS | {errno.EXDEV}:
            raise
        why = "This disk has no hard links."
        if error.errno == errno.EXDEV:
            why = "A hard link cannot lead to another disk."
        raise StepError(Trouble.NO_LINKS, step.source, why, "Copy instead.") from error


def _take_away(step: Step) -> None:
    """Delete a copy or a link: only where what it is of is still there, and the same."""
    original = State.of(step.target)
    if original is None or one_name(step.source, step.target):
        same = False
    elif step.kind == "unlink":
        same = step.source.samefile(step.target)
    else:
        same = original.size == step.size and content_hash(step.target) == content_hash(step.source)
    if not same:
        raise StepError(
            Trouble.NO_ORIGINAL, step.source,
            f"{step.target} is gone or has changed, so this may be the only one.",
        )  # fmt: skip
    step.source.unlink()
