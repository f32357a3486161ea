"""What the system says when it refuses to read, write or move a file: as a cause, and in words."""

from __future__ import annotations

import errno
from enum import Enum, auto


class Cause(Enum):
    """What kind of thing is in the way."""

    GONE = auto()
    TAKEN = auto()
    LOCKED = auto()
    OTHER_DISK = auto()
    FULL = auto()
    NO_DISK = auto()
    TOO_LARGE = auto()
    OTHER = auto()


_BY_ERRNO = {
    errno.ENOENT: (Cause.GONE, "The file or its folder is no longer there."),
    errno.ENOTDIR: (Cause.GONE, "The file or its folder is no longer there."),
    errno.EEXIST: (Cause.TAKEN, "Meanwhile there is another file of its name."),
    errno.EACCES: (Cause.LOCKED, "This account may not write there."),
    errno.EPERM: (Cause.LOCKED, "This account may not write there."),
    errno.EROFS: (Cause.LOCKED, "The disk can only be read."),
    errno.EXDEV: (Cause.OTHER_DISK, "Its new folder is on another disk."),
    errno.ENOSPC: (Cause.FULL, "The disk is full."),
    errno.EDQUOT: (Cause.FULL, "This account's share of the disk is used up."),
    errno.ENODEV: (Cause.NO_DISK, "The disk is no longer there."),
    errno.ENXIO: (Cause.NO_DISK, "The disk is no longer there."),
    errno.ESTALE: (Cause.NO_DISK, "The network share is no longer there."),
    errno.ENOTCONN: (Cause.NO_DISK, "The network share is no longer there."),
    errno.EFBIG: (Cause.TOO_LARGE, "It is larger than a file may be there."),
}


def cause_of(error: OSError) -> tuple[Cause, str]:
    """Return the cause of a system's error, and a sentence that says it."""
    known = _BY_ERRNO.get(error.errno or 0)
    return known or (Cause.OTHER, f"The system says: {error.strerror or error}.")
