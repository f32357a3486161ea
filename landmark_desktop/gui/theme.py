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
    """Use the theme that ``setting`` names: ``system``, ``light`` or ``dark``.

    Dressing an open window anew takes 0.2 s; what it wears already is left as it is.
    """
    global _current
    scheme = QGuiApplication.styleHints().colorScheme()
    dark = setting == "dark" or (setting == "system" and scheme == Qt.ColorScheme.Dark)
    wanted = DARK if dark else LIGHT
    sheet = _style_sheet(wanted)
    if wanted is _current and app.styleSheet() == sheet:
        return
    _current = wanted
    icon.cache_clear()
    app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    app.setStyleSheet(sheet)
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
    #notice {{ background: {c.tint}; border-bottom: 1px solid {c.line}; }}
    #jobbar {{ border-top: 1px solid {c.line}; }}
    #grid {{ background: {c.base}; border: none; outline: none; }}
    #empty {{ background: {c.base}; }}
    #title {{ font-size: 20px; font-weight: 600; }}
    #heading {{ font-size: 16px; font-weight: 600; }}
    #section {{ color: {c.muted}; font-size: 12px; font-weight: 600; }}
    #muted {{ color: {c.muted}; }}
    #small {{ color: {c.muted}; font-size: 12px; }}
    #plottitle {{ font-weight: 600; }}
    #figure {{ font-size: 22px; font-weight: 600; }}
    #good {{ color: {c.good}; font-weight: 600; }}
    #bad {{ color: {c.bad}; font-weight: 600; }}
    #added, #removed {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px;
        padding: 1px 6px; }}
    #added {{ color: {c.good}; }}
    #removed {{ color: {c.bad}; text-decoration: line-through; }}
    #dispute {{ background: {c.raised}; border: 1px solid {c.bad}; border-radius: 6px; }}
    #conflict {{ background: {c.bad}; color: {c.base}; font-size: 12px; font-weight: 600;
        border-radius: 6px; padding: 4px 8px; }}
    #answers {{ background: {c.surface}; border-top: 1px solid {c.line}; }}
    #history::item {{ padding: 0 8px; }}
    #paper, #paper > QWidget > #sheet {{ background: {c.base}; border: none; }}
    #shelf, #shelf QListView {{ background: {c.surface}; border: none; outline: none; }}
    #sidebar::branch:has-children:closed {{ image: url("{_arrow("right")}"); }}
    #sidebar::branch:has-children:open {{ image: url("{_arrow("down")}"); }}
    #sidebar QLineEdit {{ border-radius: 4px; padding: 0 4px; min-height: 0; }}
    #badge, #quietbadge {{ font-size: 11px; font-weight: 600; border-radius: 10px;
        padding: 2px 8px; }}
    #badge {{ background: {c.accent}; color: {c.on_accent}; }}
    #quietbadge {{ background: {c.surface}; color: {c.muted}; }}
    #popup {{ background: {c.raised}; border: 1px solid {c.line}; }}
    #card {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 8px; }}
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
    QPushButton[toggle="true"] {{ padding: 3px 10px 3px 8px; }}
    QPushButton[toggle="true"]:focus {{ padding: 2px 9px 2px 7px; }}
    QPushButton[toggle="true"]:checked {{ background: {c.tint}; border-color: {c.accent}; }}
    QPushButton[flat="true"]:disabled {{ color: {c.muted}; }}
    QPushButton[choice="true"] {{ background: {c.raised}; border: 1px solid {c.line};
        border-radius: 8px; padding: 0; text-align: left; }}
    QPushButton[choice="true"]:hover {{ border-color: {c.accent}; }}
    QPushButton[choice="true"]:focus {{ border: 2px solid {c.accent}; padding: 0; }}
    QPushButton[choice="true"]:checked {{ background: {c.tint}; border-color: {c.accent}; }}
    QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 8px;
        padding: 6px; color: {c.muted}; font-size: 11px; }}
    QToolButton:hover {{ background: {c.tint}; }}
    QToolButton:focus {{ border-color: {c.accent}; }}
    QToolButton:checked {{ background: {c.tint}; color: {c.text}; }}
    QToolButton[sample="true"] {{ padding: 2px; border-radius: 4px; }}
    QToolButton[sample="true"]:checked {{ border: 2px solid {c.accent}; padding: 1px; }}
    #over {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px; padding: 0;
        color: {c.text}; font-size: 14px; }}
    #over:hover {{ border-color: {c.accent}; }}
    QLineEdit {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px;
        padding: 6px 8px; min-height: 18px; selection-background-color: {c.accent}; }}
    QLineEdit:focus {{ border: 2px solid {c.accent}; padding: 5px 7px; }}
    QComboBox, QSpinBox, QDoubleSpinBox {{ background: {c.raised}; border: 1px solid {c.line};
        border-radius: 6px; padding: 4px 8px; selection-background-color: {c.accent}; }}
    QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover {{ border-color: {c.accent}; }}
    QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {{ border: 2px solid {c.accent};
        padding: 3px 7px; }}
    QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {{ color: {c.muted}; }}
    QAbstractSpinBox QLineEdit {{ background: transparent; border: none; padding: 0;
        min-height: 0; }}
    QCheckBox {{ spacing: 8px; }}
    QCheckBox::indicator, #folders::indicator {{ width: 14px; height: 14px;
        background: {c.raised}; border: 1px solid {c.muted}; border-radius: 4px; }}
    QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {c.accent}; }}
    QCheckBox::indicator:checked, #folders::indicator:checked {{ background: {c.accent};
        border-color: {c.accent}; image: url("{_arrow("tick" if c is LIGHT else "tick-dark")}"); }}
    #folders::indicator:indeterminate {{ background: {c.accent}; border-color: {c.accent};
        image: url("{_arrow("part" if c is LIGHT else "part-dark")}"); }}
    QCheckBox::indicator:checked:focus {{ border-color: {c.text}; }}
    QRadioButton {{ spacing: 8px; }}
    QRadioButton::indicator {{ width: 14px; height: 14px; background: {c.raised};
        border: 1px solid {c.muted}; border-radius: 8px; }}
    QRadioButton::indicator:hover, QRadioButton::indicator:focus {{ border-color: {c.accent}; }}
    QRadioButton::indicator:checked {{ width: 6px; height: 6px; background: {c.on_accent};
        border: 5px solid {c.accent}; }}
    QRadioButton::indicator:checked:focus {{ border-color: {c.text}; }}
    QHeaderView::up-arrow, QHeaderView::down-arrow {{ subcontrol-position: top center;
        width: 10px; height: 10px; }}
    QHeaderView::up-arrow {{ image: url("{_arrow("down")}"); }}
    QHeaderView::down-arrow {{ image: url("{_arrow("up")}"); }}
    QComboBox::drop-down {{ border: none; width: 24px; }}
    QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-position: top right;
        subcontrol-origin: border; width: 24px; border: none; background: transparent; }}
    QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-position: bottom right;
        subcontrol-origin: border; width: 24px; border: none; background: transparent; }}
    QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{_arrow("up")}");
        width: 12px; height: 12px; }}
    QComboBox::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{
        image: url("{_arrow("down")}"); width: 12px; height: 12px; }}
    QPlainTextEdit {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px;
        selection-background-color: {c.accent}; }}
    QPlainTextEdit:focus {{ border-color: {c.accent}; }}
    #runs {{ background: {c.surface}; border: none; border-radius: 0; }}
    QTableView, QTreeWidget, #table {{ background: {c.raised}; border: 1px solid {c.line};
        border-radius: 6px; outline: none; gridline-color: {c.line}; }}
    QTableView:focus, QTreeWidget:focus, #table:focus {{ border-color: {c.accent}; }}
    #places {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px;
        outline: none; }}
    #places:focus {{ border-color: {c.accent}; }}
    QLineEdit:disabled, #places:disabled {{ color: {c.muted}; }}
    #places::item {{ padding: 4px 8px; border: none; }}
    #places::item:selected {{ background: {c.tint}; color: {c.text}; }}
    QTableView::item:selected {{ background: {c.tint}; color: {c.text}; }}
    QTableCornerButton::section {{ background: {c.surface}; border: none; }}
    QTreeView::item, #folders::item {{ height: 28px; border: none; padding: 0 4px; }}
    #folders {{ background: {c.base}; border: none; outline: none; }}
    #folders::branch:has-children:closed {{ image: url("{_arrow("right")}"); }}
    #folders::branch:has-children:open {{ image: url("{_arrow("down")}"); }}
    #remarks {{ background: {c.surface}; border: none; border-top: 1px solid {c.line};
        outline: none; padding: 4px 8px; font-size: 12px; }}
    #remarks::item:selected {{ background: {c.tint}; color: {c.text}; border-radius: 4px; }}
    QPushButton[token="true"] {{ padding: 1px 8px; font-size: 12px; border-radius: 10px; }}
    QPushButton[token="true"]:focus {{ padding: 0 7px; }}
    QTreeView::item:hover, #folders::item:hover {{ background: {c.raised}; }}
    QTreeView::item:selected, #folders::item:selected {{ background: {c.tint};
        color: {c.text}; }}
    QTreeView::branch {{ background: transparent; }}
    QTreeView::branch:selected {{ background: {c.tint}; }}
    QTreeView::branch:hover:!selected {{ background: {c.raised}; }}
    QHeaderView::section {{ background: {c.surface}; color: {c.muted}; border: none;
        border-bottom: 1px solid {c.line}; padding: 6px 8px; }}
    QProgressBar {{ background: {c.line}; border: none; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
    QSplitter::handle {{ background: {c.line}; }}
    #gap::handle {{ background: transparent; }}
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


def _arrow(name: str) -> str:
    """Return where the style sheet finds an arrow; its grey is readable in both themes."""
    return (resources() / "icons" / f"{name}.svg").as_posix()


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
