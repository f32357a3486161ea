"""What is on screen while a library takes long to open: it is brought up to date, or large."""

from __future__ import annotations

from concurrent.futures import Future, wait

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QVBoxLayout, QWidget

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme

_PATIENCE_S = 0.5  # the window's modules were imported meanwhile: this comes on top of that
_LOOK_MS = 50
_OLDER = (
    "It was made by an earlier version of the program and is brought up to date. That happens "
    "once, and a copy of it is kept."
)


class OpeningNotice(QWidget):
    """A small window without buttons: there is nothing to do but to wait."""

    def __init__(self, *, older: bool) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen)
        self.setWindowTitle("Landmark Desktop")
        heading, about = QLabel("Opening the library…"), QLabel(_OLDER if older else "")
        heading.setObjectName("title")
        about.setObjectName("muted")
        about.setWordWrap(True)
        about.setVisible(older)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setAccessibleName(heading.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * [theme.UNIT * 3])
        column.setSpacing(theme.UNIT * 2)
        for widget in (heading, about, bar):
            column.addWidget(widget)
        self.setFixedWidth(theme.UNIT * 52)


def wait_for(opening: Future[Workspace], *, older: bool) -> Workspace:
    """Return what ``opening`` brings, or raise what it raises; say so where it takes long.

    ``older``: whether the library is of an earlier version.
    """
    wait([opening], _PATIENCE_S)
    if not opening.done():
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "system")  # what the person has set is known when it is open
        notice, loop, timer = OpeningNotice(older=older), QEventLoop(), QTimer()
        timer.timeout.connect(lambda: loop.quit() if opening.done() else None)
        timer.start(_LOOK_MS)
        notice.show()
        loop.exec()
        notice.close()
    return opening.result()
