"""Colours, spacing and the style sheet: light and dark, on an 8-pixel grid, one accent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from landmark_desktop.paths import resources

UNIT = 8
"""The grid that every margin and gap is a multiple of, in device-independent pixels."""


@dataclass(frozen=True)
class Colours:
    """One theme. Text on ``base``, ``surface`` and ``raised`` keeps a contrast of 4.5 or more."""

    dark: bool
    base: str  # behind the photos
    surface: str  # side panels
    raised: str  # buttons, fields
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    tint: str  # selection
    good: str
    bad: str


LIGHT = Colours(
    False, "#fbfbfc", "#f1f2f4", "#ffffff", "#d9dce1", "#1b1e23", "#5c636e",
    "#1763c6", "#ffffff", "#d6e6fb", "#1d7a46", "#b3322b",
)  # fmt: skip
DARK = Colours(
    True, "#16181b", "#1e2125", "#2a2e34", "#383d45", "#eceef1", "#a0a8b4",
    "#6aa8ff", "#0b1a2e", "#22385a", "#6fcf97", "#ff8a80",
)  # fmt: skip

_current = LIGHT


_dressed: list[tuple[QObject, Callable[[], None]]] = []


def dress(widget: QObject, put_on: Callable[[], None]) -> None:
    """Call ``put_on`` now and whenever the theme changes, as long as ``widget`` lives.

    For what neither palette nor style sheet reaches: icons, and colours set on items.
    """
    _dressed[:] = [(other, put) for other, put in _dressed if shiboken6.isValid(other)]
    _dressed.append((widget, put_on))
    put_on()


def colours() -> Colours:
    """Return the theme in use."""
    return _current


def apply(app: QApplication, setting: str) -> None:
    """Use the theme that ``setting`` names: ``system``, ``light`` or ``dark``."""
    global _current
    scheme = QGuiApplication.styleHints().colorScheme()
    dark = setting == "dark" or (setting == "system" and scheme == Qt.ColorScheme.Dark)
    _current = DARK if dark else LIGHT
    icon.cache_clear()
    app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    app.setStyleSheet(_style_sheet(_current))
    for widget, put_on in list(_dressed):
        if shiboken6.isValid(widget):
            put_on()


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, c.surface), (role.WindowText, c.text), (role.Base, c.base),
        (role.AlternateBase, c.surface), (role.Text, c.text), (role.Button, c.raised),
        (role.ButtonText, c.text), (role.ToolTipBase, c.raised), (role.ToolTipText, c.text),
        (role.Highlight, c.accent), (role.HighlightedText, c.on_accent), (role.Link, c.accent),
        (role.PlaceholderText, c.muted), (role.Mid, c.line), (role.Light, c.raised),
        (role.Dark, c.line), (role.Accent, c.accent),
    ):  # fmt: skip
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(c.muted))
    return palette


def _style_sheet(c: Colours) -> str:
    return f"""
    QWidget {{ color: {c.text}; }}
    QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line};
        padding: 4px; }}
    #rail, #sidebar, #inspector, #jobbar, #toolbar {{ background: {c.surface}; }}
    #rail {{ border-right: 1px solid {c.line}; }}
    #sidebar {{ border: none; border-right: 1px solid {c.line}; outline: none; }}
    #inspector, #inspector > QWidget > QWidget {{ background: {c.surface}; border: none; }}
    #inspector {{ border-left: 1px solid {c.line}; }}
    #toolbar {{ border-bottom: 1px solid {c.line}; }}
    #jobbar {{ border-top: 1px solid {c.line}; }}
    #grid {{ background: {c.base}; border: none; outline: none; }}
    #empty {{ background: {c.base}; }}
    #title {{ font-size: 20px; font-weight: 600; }}
    #heading {{ font-size: 16px; font-weight: 600; }}
    #section {{ color: {c.muted}; font-size: 12px; font-weight: 600; }}
    #muted {{ color: {c.muted}; }}
    QPushButton {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px;
        padding: 6px 12px; min-height: 18px; }}
    QPushButton:hover {{ border-color: {c.accent}; }}
    QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 11px; }}
    QPushButton:pressed {{ background: {c.tint}; }}
    QPushButton:disabled {{ color: {c.muted}; }}
    QPushButton[primary="true"] {{ background: {c.accent}; color: {c.on_accent};
        border-color: {c.accent}; font-weight: 600; }}
    QPushButton[primary="true"]:focus {{ border-color: {c.text}; }}
    QPushButton[primary="true"]:disabled {{ background: {c.raised}; color: {c.muted};
        border-color: {c.line}; }}
    QPushButton[flat="true"] {{ background: transparent; border-color: transparent;
        color: {c.accent}; padding: 4px 8px; }}
    QPushButton[flat="true"]:hover, QPushButton[flat="true"]:focus {{
        border: 1px solid {c.accent}; }}
    QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 8px;
        padding: 6px; color: {c.muted}; font-size: 11px; }}
    QToolButton:hover {{ background: {c.tint}; }}
    QToolButton:focus {{ border-color: {c.accent}; }}
    QToolButton:checked {{ background: {c.tint}; color: {c.text}; }}
    QLineEdit {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px;
        padding: 6px 8px; min-height: 18px; selection-background-color: {c.accent}; }}
    QLineEdit:focus {{ border: 2px solid {c.accent}; padding: 5px 7px; }}
    QTreeView::item {{ height: 28px; border: none; padding: 0 4px; }}
    QTreeView::item:hover {{ background: {c.raised}; }}
    QTreeView::item:selected {{ background: {c.tint}; color: {c.text}; }}
    QTreeView::branch {{ background: transparent; }}
    QTreeView::branch:selected {{ background: {c.tint}; }}
    QTreeView::branch:hover:!selected {{ background: {c.raised}; }}
    QHeaderView::section {{ background: {c.surface}; color: {c.muted}; border: none;
        border-bottom: 1px solid {c.line}; padding: 6px 8px; }}
    QProgressBar {{ background: {c.line}; border: none; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
    QSplitter::handle {{ background: {c.line}; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {c.line}; border-radius: 4px; min-height: 32px;
        margin: 2px; }}
    QScrollBar::handle:vertical:hover {{ background: {c.muted}; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {c.line}; border-radius: 4px; min-width: 32px;
        margin: 2px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {c.line}; }}
    QSlider::handle:horizontal {{ width: 14px; margin: -5px 0; border-radius: 7px;
        background: {c.muted}; }}
    QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ background: {c.accent}; }}
    """


@cache
def icon(name: str, colour: str | None = None) -> QIcon:
    """Return ``resources/icons/NAME.svg`` in the given colour, by default the text's."""
    svg = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    svg = svg.replace("currentColor", colour or _current.text)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    result = QIcon()
    for side in (16, 24, 48, 96, 256):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, side, side))
        painter.end()
        result.addPixmap(pixmap)
    return result
