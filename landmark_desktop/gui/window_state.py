"""How a person has the window: kept when it closes, brought back when it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray

from landmark_desktop.settings import Settings

if TYPE_CHECKING:
    from landmark_desktop.gui.window import MainWindow


def restore(window: MainWindow, kept: Settings) -> None:
    """Bring the window to where and how it was; what does not fit any more is passed over."""
    if kept.window:
        window.restoreGeometry(QByteArray.fromHex(kept.window.encode()))
    if kept.panels:
        window.library.view.splitter.restoreState(QByteArray.fromHex(kept.panels.encode()))
    window.library.view.sidebar.restore_opened(kept.lists)
    for page in window.pages:
        if page.title == kept.page:
            window.show_page(page.view)


def to_keep(window: MainWindow) -> dict[str, Any]:
    """Return the entries of ``Settings`` that say how the window is."""
    entries: dict[str, Any] = {"tile": window.library.view.size.value()}
    if not window.workspace.safe:  # there it is not as the person has it
        entries["window"] = _hex(window.saveGeometry())
        entries["panels"] = _hex(window.library.view.splitter.saveState())
        entries["lists"] = window.library.view.sidebar.opened
        entries["page"] = window.pages[window.stack.currentIndex()].title
    return entries


def _hex(state: QByteArray) -> str:
    return bytes(state.toHex().data()).decode()
