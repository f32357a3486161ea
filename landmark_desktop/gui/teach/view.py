"""The layout of the dialog: the photos, one of form, progress and result, and the buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.teach.form import Form
from landmark_desktop.gui.teach.result import ResultView
from landmark_desktop.gui.teach.strip import Strip
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.gui.training.cards import label


class Running(QWidget):
    """How far the learning is."""

    def __init__(self) -> None:
        super().__init__()
        self.head = label("", "heading", wrap=True)
        self.head.setTextFormat(Qt.TextFormat.PlainText)  # a name is no markup
        self.what = label("", "muted", wrap=True)
        self.what.setAccessibleName("What the learning is at")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the learning is")
        note = label(
            "This takes less than a minute. Nothing changes before you have seen the result.",
            "small", wrap=True,
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        for part in (self.head, self.what, self.bar, note):
            column.addWidget(part)
        column.addStretch(1)

    def show_progress(self, what: str, done: int = 0, total: int = 0) -> None:
        """Say what is going on; without a ``total`` nobody knows how long it takes."""
        self.what.setText(f"{what}: {done:,} of {total:,}" if total > 1 else f"{what}…")
        self.bar.setRange(0, total if total > 1 else 0)
        self.bar.setValue(done)


class TeachView(QWidget):
    """Everything of the dialog that can be seen; ``TeachDialog`` gives it its life."""

    def __init__(self, pictures: PictureLoader) -> None:
        super().__init__()
        self.about = label("", "muted", wrap=True)
        self.strip = Strip(pictures, "Photos to learn from", captions=False)
        self.form, self.running, self.result = Form(), Running(), ResultView(pictures)
        self.stack = QStackedWidget()
        for page in (self.form, self.running, self.result):
            self.stack.addWidget(page)
        self.learn = _button("&Learn", "Learn the landmark from these photos; you see how well it "
                             "went before anything changes", primary=True)  # fmt: skip
        self.training = _button("&Training page", "Train a model that can be taught")
        self.close_button = _button("Close", "Close without learning anything (Esc)")
        self.stop = _button("&Stop", "Stop learning; nothing is kept")
        self.use = _button("&Use the new model", "Tag these photos, and recognise the landmark "
                           "from now on", primary=True)  # fmt: skip
        self.others = _button("&Teach with other photos", "Go back to the library to choose other "
                              "photos; name, kind and place are kept")  # fmt: skip
        self.discard = _button("&Discard", "Leave everything as it was (Esc)")
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addStretch(1)
        for button in (self.training, self.others, self.discard, self.close_button, self.stop,
                       self.use, self.learn):  # fmt: skip
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.UNIT * 3, theme.UNIT * 2, theme.UNIT * 3, theme.UNIT * 2)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.strip)
        column.addWidget(self.about)
        column.addSpacing(theme.UNIT)
        column.addWidget(self.stack, 1)
        column.addLayout(row)
        self.show_page(self.form)

    def show_page(self, page: QWidget) -> None:
        """Show form, progress or result, with the buttons that belong to it."""
        self.stack.setCurrentWidget(page)
        for part in (self.strip, self.about):
            part.setVisible(page is not self.result)  # which shows those that matter then
        shown = {
            self.form: (self.close_button, self.learn),
            self.running: (self.stop,),
            self.result: (self.discard, self.others, self.use),
        }[page]
        for button in (self.training, self.learn, self.close_button, self.stop, self.use,
                       self.others, self.discard):  # fmt: skip
            button.setVisible(button in shown)
            button.setEnabled(True)
            button.setDefault(False)
        shown[-1].setDefault(True)
        (page if page is self.form else shown[-1]).setFocus()


def _button(text: str, tip: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setProperty("primary", primary)
    button.setAutoDefault(True)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
