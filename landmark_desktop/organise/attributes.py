"""Extended attributes of a copy: Finder's tags and comments, where a photo was downloaded from.

Python copies them on Linux (``shutil.copystat``), not on macOS.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_ACL, _XATTR = 1 << 0, 1 << 2
"""COPYFILE_ACL and COPYFILE_XATTR of <copyfile.h>, macOS 10.5 and later; see copyfile(3)."""
_NOT_KEPT = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What disks say that keep none."""


def copy_attributes(source: Path, copy: Path) -> None:
    """Give a copy the attributes of its original that Python does not copy itself.

    Raises ``OSError``, but where the disk of the copy keeps none.
    """
    if sys.platform == "darwin":
        number = _copyfile(os.fsencode(source), os.fsencode(copy), _ACL | _XATTR)
        if number and number not in _NOT_KEPT:
            raise OSError(number, os.strerror(number), str(copy))


def _copyfile(source: bytes, copy: bytes, flags: int) -> int:
    """Call the system's own function; return the number of its error, 0 for none."""
    function = ctypes.CDLL(None, use_errno=True).copyfile
    function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_uint32]
    function.restype = ctypes.c_int
    return ctypes.get_errno() or errno.EIO if function(source, copy, None, flags) else 0
