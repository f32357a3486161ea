"""The geometry of the report's plots: scales, round ticks, paths. Pure numbers, no markup.

A ``Plot`` is all that ``templates/plot.svg.j2`` needs to draw; coordinates are in pixels of
the picture, its origin at the top left. Colours are style names, so that the page's style
sheet can choose them for light, dark and paper.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_LEAST = 1e-12
"""Nothing that is measured here is smaller and not zero."""

Points = Sequence[tuple[float, float]]

_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 24, 16, 48
"""Room around the plotting area: for ticks and axis labels, and for the marks' words on top."""

_CHARACTER = 6.0
"""About a character's width at the plots' 11 pixels, to keep words from running into others."""


@dataclass(frozen=True)
class Axis:
    """What runs along one side. ``percent``: values are shares of 1. ``whole``: they are counts."""

    label: str
    low: float = 0.0
    high: float = 1.0
    percent: bool = False
    whole: bool = False
    logarithmic: bool = False


@dataclass(frozen=True)
class Scale:
    """From values ``low`` to ``high`` to pixels ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of ``value``; a value off the scale stops a little outside it."""
        low, high = self.low, self.high
        if self.logarithmic:
            value, low, high = (math.log10(max(v, _LEAST)) for v in (value, low, high))
        share = (value - low) / (high - low)
        return self.start + min(max(share, -0.02), 1.02) * (self.end - self.start)


@dataclass(frozen=True)
class Series:
    """Points (x, y) joined by a line; ``style``: how it looks. ``titles``: a word on each point.

    A point that is not finite interrupts the line. Only a series with a name is in the legend.
    """

    name: str
    points: Points
    style: str
    titles: Sequence[str] = ()
    line: bool = True


@dataclass(frozen=True)
class Column:
    """A bar from the axis to ``height`` (a value), between two values of x."""

    low: float
    high: float
    height: float
    title: str
    style: str = "column"


@dataclass(frozen=True)
class Mark:
    """An upright line at a value of x, with a word above the plot or ``inside`` it."""

    at: float
    text: str
    style: str = "phase"
    inside: bool = False


@dataclass(frozen=True)
class Tick:
    """A place along an axis, in pixels, and what stands there."""

    at: float
    text: str


@dataclass(frozen=True)
class Dot:
    """One point of a series, in pixels."""

    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Curve:
    """A series in pixels; ``path``: an SVG path's ``d``, empty where there is no line."""

    name: str
    style: str
    path: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Bar:
    """A column in pixels."""

    x: float
    y: float
    width: float
    height: float
    title: str
    style: str


@dataclass(frozen=True)
class Flag:
    """A mark in pixels; ``text`` is empty where there was no room for it, ``title`` never."""

    at: float
    text: str
    title: str
    style: str
    inside: bool
    leftwards: bool


@dataclass(frozen=True)
class Plot:
    """Everything that is drawn, in pixels. ``left`` to ``bottom`` bound the plotting area."""

    title: str
    note: str
    width: int
    height: int
    left: float
    top: float
    right: float
    bottom: float
    x_label: str
    y_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    curves: tuple[Curve, ...]
    flags: tuple[Flag, ...]


def plot(
    title: str,
    x: Axis,
    y: Axis,
    *,
    series: Iterable[Series] = (),
    columns: Iterable[Column] = (),
    marks: Iterable[Mark] = (),
    note: str = "",
    size: tuple[int, int] = (544, 272),
) -> Plot:
    """Lay out a plot of ``size`` (width, height) pixels."""
    width, height = size
    right, bottom = width - _RIGHT, height - _BOTTOM
    across = Scale(x.low, x.high, _LEFT, right, x.logarithmic)
    up = Scale(y.low, y.high, bottom, _TOP, y.logarithmic)
    return Plot(
        title, note, width, height, _LEFT, _TOP, right, bottom, x.label, y.label,
        tuple(Tick(round(across(v), 1), text) for v, text in _ticks(x, 10)),
        tuple(Tick(round(up(v), 1), text) for v, text in _ticks(y, 6)),
        tuple(_bar(c, across, up) for c in columns if math.isfinite(c.height)),
        tuple(_curve(s, across, up) for s in series),
        _flags(marks, across, right),
    )  # fmt: skip


def axis(
    label: str,
    values: Iterable[float],
    *,
    from_zero: bool = False,
    whole: bool = False,
    logarithmic: bool = False,
) -> Axis:
    """Return an axis with round ends around the finite ones of ``values``."""
    # A loss of 1e200 is as good as infinite, and sums of such overflow.
    finite = [v for v in values if abs(v) < 1e100 and not (logarithmic and v < _LEAST)]
    if not finite:
        return Axis(label, whole=whole)
    low, high = min(finite), max(finite)
    if logarithmic:
        low, high = low / 1.1, high * 1.1
        return Axis(label, low, high, logarithmic=True)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= _LEAST * max(abs(high), abs(low), 1.0):
        # One value alone: as much room again above it, and down to zero.
        high, low = high + (abs(high) if abs(high) > _LEAST else 1.0), min(0.0, low)
    step = nice_step(high - low, 5, whole=whole)
    return Axis(label, step * math.floor(low / step), step * math.ceil(high / step), whole=whole)


def nice_step(span: float, most: int, *, whole: bool = False) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that takes ``most`` steps or fewer.

    After P. Heckbert, "Nice Numbers for Graph Labels", Graphics Gems, 1990.
    """
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(f * power for f in (1, 2, 5, 10) if f * power * most >= span * (1 - 1e-9))
    return max(step, 1.0) if whole else step


def nice_ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Return the round numbers from ``low`` to ``high``, both included where they are round."""
    step = nice_step(high - low, most, whole=whole)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return [i * step for i in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return 1, 2 and 5 times powers of ten from ``low`` to ``high``, or the powers alone."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    every = [f * 10.0**p for p in powers for f in (1, 2, 5) if low <= f * 10.0**p <= high]
    whole = [t for t in every if math.isclose(math.log10(t) % 1, 0, abs_tol=1e-9)]
    return every if len(every) <= most or len(whole) < 2 else whole


def number(value: float, step: float) -> str:
    """Return a tick's number with as many decimals as ``step`` needs, for example ``12,000``."""
    if value == 0:
        return "0"
    if step < 1e-4 or abs(value) >= 1e7:
        mantissa, exponent = f"{value:.3g}".partition("e")[::2]
        return f"{mantissa}e{int(exponent)}" if exponent else mantissa
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def real(value: Any) -> float:
    """Return a measured figure; what is missing or no number is NaN."""
    return float(value) if isinstance(value, (int, float)) else math.nan


def path(points: Points, across: Scale, up: Scale) -> str:
    """Return an SVG path's ``d`` through ``points``, broken at those that are not finite."""
    parts, pen_down = [], False
    for x, y in points:
        if not (math.isfinite(x) and math.isfinite(y)):
            pen_down = False
            continue
        parts.append(f"{'L' if pen_down else 'M'}{across(x):.1f} {up(y):.1f}")
        pen_down = True
    return "".join(parts)


def _ticks(side: Axis, most: int) -> list[tuple[float, str]]:
    if side.logarithmic:
        return [(v, number(v, v)) for v in log_ticks(side.low, side.high, most + 2)]
    values = nice_ticks(side.low, side.high, most, whole=side.whole)
    step = nice_step(side.high - side.low, most, whole=side.whole)
    if side.percent:
        return [(v, f"{100 * v:.0f}") for v in values]
    return [(v, number(v, step)) for v in values]


def _bar(column: Column, across: Scale, up: Scale) -> Bar:
    gap = 1.0
    left, right, top = across(column.low) + gap, across(column.high) - gap, up(column.height)
    return Bar(
        round(left, 1),
        round(top, 1),
        round(max(right - left, 0.5), 1),
        round(max(up.start - top, 0.0), 1),
        column.title,
        column.style,
    )


def _curve(series: Series, across: Scale, up: Scale) -> Curve:
    dots = tuple(
        Dot(round(across(x), 1), round(up(y), 1), title)
        for (x, y), title in zip(series.points, series.titles, strict=False)
        if math.isfinite(x) and math.isfinite(y)
    )
    line = path(series.points, across, up) if series.line else ""
    return Curve(series.name, series.style, line, dots)


def _flags(marks: Iterable[Mark], across: Scale, right: float) -> tuple[Flag, ...]:
    """Place marks from left to right; a word that would run into the last one is left out."""
    placed: list[Flag] = []
    free = {True: -math.inf, False: -math.inf}
    for mark in sorted(marks, key=lambda m: m.at):
        at, text = round(across(mark.at), 1), mark.text
        length = _CHARACTER * len(text) + 8
        leftwards = at + length > right
        start = at - length if leftwards else at
        if start < free[mark.inside]:
            text = ""
        else:
            free[mark.inside] = start + length
        placed.append(Flag(at, text, mark.text, mark.style, mark.inside, leftwards))
    return tuple(placed)
