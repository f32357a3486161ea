"""Settings survive a round trip, damage and foreign values without losing what was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop import atomic, settings
from landmark_desktop.settings import Settings


@pytest.mark.expects_log
@pytest.mark.parametrize("value", ["7.5", "-1.0", "nan", "0.3", '"high"'])
def test_a_precision_that_makes_no_sense_falls_back(tmp_path: Path, value: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"precision = {value}\ntile = 300\n")
    assert settings.load(path) == Settings(tile=300)


def test_settings_of_before_have_the_default_precision(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('version = 1\ntheme = "dark"\n')
    assert settings.load(path).precision == 0.0


@given(
    theme=st.sampled_from(["system", "light", "dark"]),
    tile=st.integers(1, 10_000),
    window=st.text(st.characters(exclude_categories=["Cs"])),
    precision=st.just(0.0) | st.floats(0.5, 0.999),
)
def test_what_is_saved_is_loaded(
    tmp_path_factory: pytest.TempPathFactory,
    theme: str,
    tile: int,
    window: str,
    precision: float,
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    chosen = Settings(theme=theme, tile=tile, window=window, precision=precision)
    settings.save(path, chosen)
    assert settings.load(path) == chosen


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path / "none.toml") == Settings()


@pytest.mark.expects_log
def test_a_damaged_file_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("theme = [unfinished")
    assert settings.load(path) == Settings()
    assert (tmp_path / "settings.unreadable.toml").read_text() == "theme = [unfinished"


@pytest.mark.expects_log
def test_a_value_of_the_wrong_kind_falls_back_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('tile = "large"\ntheme = "dark"\nunknown = 1\n')
    assert settings.load(path) == Settings(theme="dark")


@pytest.mark.expects_log
@pytest.mark.parametrize("minutes", [-1, 1441])
def test_a_number_beyond_its_limits_falls_back(tmp_path: Path, minutes: int) -> None:
    path = tmp_path / "settings.toml"
    settings.save(path, Settings(neighbour_minutes=minutes, tile=80))
    assert settings.load(path) == Settings(tile=80)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    atomic.write_bytes(path, b"old")

    with pytest.raises(TypeError):
        atomic.write_bytes(path, None)  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.bin"]
