"""Bring torch's libraries into memory before torch is imported.

Python holds its interpreter lock while it loads a library, and torch's take half a second: the
window would freeze. The system's own loader, called as a foreign function, runs without the
lock, and the import that follows finds the libraries there. On Windows this also has to happen
before Qt loads its own libraries, or torch 2.9 and later fail with WinError 1114.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_LIBRARIES = {
    "win32": ("c10.dll", "torch_cpu.dll", "torch_python.dll"),
    "darwin": ("libc10.dylib", "libtorch_cpu.dylib", "libtorch_python.dylib"),
}
_ELSEWHERE = ("libc10.so", "libtorch_cpu.so", "libtorch_python.so")


def preload() -> None:
    """Load torch's libraries without holding up other threads.

    What cannot be loaded is left to the import of torch, which says why.
    """
    if "torch" in sys.modules:
        return
    found = importlib.util.find_spec("torch")
    for folder in (found.submodule_search_locations or ()) if found else ():
        for name in _LIBRARIES.get(sys.platform, _ELSEWHERE):
            path = Path(folder) / "lib" / name
            if path.exists():
                _load(path)


@contextlib.contextmanager
def quiet_import() -> Iterator[None]:
    """Let torch or torchvision be imported inside without holding up other threads.

    The libraries come first (``preload``). Garbage is collected later: the imports make so many
    objects that it sets in again and again, and each time every thread, the window's too, waits
    0.1 to 0.3 s for it. What is there at the end is not gone through again until the program
    ends.
    """
    preload()
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.freeze()
            atexit.register(gc.unfreeze)  # triton complains of what is left then
            gc.enable()


def _load(path: Path) -> None:
    if sys.platform == "win32":
        load = ctypes.windll.kernel32.LoadLibraryW
        load.argtypes, load.restype = [ctypes.c_wchar_p], ctypes.c_void_p
        load(str(path))
    else:
        load = ctypes.CDLL(None).dlopen
        load.argtypes, load.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
        load(os.fsencode(path), os.RTLD_NOW)
