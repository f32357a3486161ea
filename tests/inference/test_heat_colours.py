"""The colours of heat: nothing where it is cold, and an order that everybody sees."""

from __future__ import annotations

import numpy as np

from landmark_desktop.inference.heat_colours import coloured

RAMP = coloured(np.linspace(0, 1, 101, dtype=np.float32)[None])[0].astype(np.float64)


def lightness(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L* of sRGB colours (IEC 61966-2-1, CIE 15), 0 to 100."""
    x = rgb / 255
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    y = linear @ (0.2126, 0.7152, 0.0722)
    return np.where(y > (6 / 29) ** 3, 116 * np.cbrt(y) - 16, y * (29 / 3) ** 3)


def test_the_photo_stays_as_it_is_where_it_is_cold_and_is_never_hidden() -> None:
    assert RAMP[0, 3] == 0
    assert (np.diff(RAMP[:, 3]) >= 0).all()
    assert RAMP[-1, 3] < 0.85 * 255


def test_hotter_is_lighter_in_even_steps() -> None:
    """By lightness alone the order can be told, so also by people who see few colours."""
    steps = np.diff(lightness(RAMP[::10, :3]))
    assert (steps > 3).all()
    assert steps.max() < 3 * steps.min()


def test_a_map_keeps_its_shape_and_bounds() -> None:
    heat = np.array([[-1.0, 0.0, 0.5], [1.0, 2.0, 0.25]], np.float32)
    colours = coloured(heat)
    assert colours.shape == (2, 3, 4)
    assert colours.dtype == np.uint8
    assert (colours[0, 0] == colours[0, 1]).all()
    assert (colours[1, 0] == colours[1, 1]).all()
