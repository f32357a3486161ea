"""A file gets another name on its disk, and never one that is taken: renaming would overwrite that.

``sync`` has names written down to the disk; ``one_name`` tells two paths of a single name.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from landmark_desktop.organise.names import key

NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)
"""What systems say where a file system, or a rule of its, has no hard links."""


def rename(source: Path, target: Path) -> None:
    """Give a file another name on its file system, unless that is taken (``FileExistsError``)."""
    if os.name == "nt":
        source.rename(target)  # refuses a name that is taken, there
        return
    # On POSIX systems renaming overwrites. A second name does not, and the first goes then.
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename_onto_own(source, target)
        return
    try:
        source.unlink()
    except BaseException:
        # Ctrl+C comes out here too when the first name is gone: the second is the only one then.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(source.lstat(), target.lstat()):
                target.unlink()
        raise


def _rename_onto_own(source: Path, target: Path) -> None:
    """Where there are no hard links: take the name with an empty file, and overwrite only that."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        source.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            # The file itself may be empty, and be there already when Ctrl+C comes out here.
            if os.path.lexists(source) and target.lstat().st_size == 0:
                target.unlink()
        raise


def one_name(one: Path, other: Path) -> bool:
    """Whether two paths lead to one name, by a link to its folder or in another spelling.

    Who deletes one of them has deleted the other. May raise ``OSError``.
    """
    return key(one.name) == key(other.name) and one.parent.samefile(other.parent)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, written down to the disk, where the system can."""
    if os.name == "nt":
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network shares
            raise
    finally:
        os.close(number)
