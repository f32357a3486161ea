"""The life of the Models page: what is on the shelf, and what a person does with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMessageBox

from landmark_desktop import tasks
from landmark_desktop.actions import shelf
from landmark_desktop.actions.model_speed import measure_all
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import ModelError
from landmark_desktop.gui import failures, theme
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.models.classes import ClassList
from landmark_desktop.gui.models.model import ShelfModel
from landmark_desktop.gui.models.view import ModelsView
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task

if TYPE_CHECKING:
    from landmark_desktop.actions.library_set import Offer

_FILES = "Models (*.pt);;All files (*)"
_COUNT_MS = 300  # decisions come in bursts


class ModelsPage(QObject):
    """Joins the view with the actions. All of it runs on the main thread.

    Models run on the lane that suggests, and that is asked to make room first: ``lane_wanted``
    comes before each such job and ``lane_left`` behind it.
    """

    lane_wanted = Signal()
    lane_left = Signal()
    switched = Signal()  # another model is in use
    retrain_asked = Signal()

    def __init__(self, workspace: Workspace, runner: Runner, jobbar: JobBar) -> None:
        super().__init__()
        self._workspace = workspace
        self._runner = runner
        self._jobbar = jobbar
        self._switching = False
        self._refreshing = self._refresh_again = False
        self._tried: set[str] = set()  # models whose speed was measured, or could not be
        self._wanted: Shelved | None = None  # to be chosen when it is in the list
        self.model = ShelfModel()
        self.view = ModelsView(workspace.gazetteer, self.model)
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(_COUNT_MS)
        self._count_soon.timeout.connect(self._count)
        self._connect()

    def _connect(self) -> None:
        view, detail = self.view, self.view.detail
        theme.dress(view.add, lambda: view.add.setIcon(theme.icon("import")))
        view.shown.connect(self.refresh)
        view.add.clicked.connect(self.choose_files)
        view.back.clicked.connect(self.go_back)
        view.list.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        view.list.activated.connect(lambda _index: self._use_chosen())
        view.comparison.closed.connect(self._close_comparison)
        detail.use_asked.connect(self._use_chosen)
        detail.export_asked.connect(self._export_chosen)
        detail.delete_asked.connect(self._delete_chosen)
        detail.measure_asked.connect(lambda: self._measure(self.chosen()))
        detail.retrain_asked.connect(self.retrain_asked)
        detail.compare_asked.connect(lambda other: self.choose([*self.chosen(), other]))
        for key, what in (
            ("Ctrl+I", self.choose_files), ("Ctrl+E", self._export_chosen),
            ("Ctrl+B", self.go_back), ("Ctrl+F", self._search), ("Escape", self._close_comparison),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), view, what)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), view.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._delete_chosen)

    # -- what is there -----------------------------------------------------------------------

    @property
    def settling(self) -> bool:
        """Whether the list is about to be brought up to date."""
        return self._refreshing

    def refresh(self) -> None:
        """Read the shelf anew, off the main thread; at most one such call runs."""
        if self._refreshing:
            self._refresh_again = True
            return
        self._refreshing, self._refresh_again = True, False
        self._count()
        self._runner.call(
            "shelf", lambda: shelf.models(self._workspace), self._show, self._on_refresh_failed
        )

    def library_changed(self) -> None:
        """Count decisions anew; where the page is not on screen that waits until it is."""
        if self.view.isVisible():
            self._count_soon.start()

    def _count(self) -> None:
        def offer() -> Offer:
            # The trainer's side of things is imported where it is first needed.
            from landmark_desktop.actions import library_set

            return library_set.offer(self._workspace)

        self._runner.call(
            "query", offer, self.view.detail.show_offer,
            lambda error: failures.tell(self.view, error),
        )  # fmt: skip

    def close(self) -> None:
        """Count no more: the library is about to be closed."""
        self._count_soon.stop()

    def _on_refresh_failed(self, error: BaseException) -> None:
        self._refreshing = False
        failures.tell(self.view, error)

    def _show(self, models: list[Shelved]) -> None:
        self._refreshing = False
        chosen = self.chosen()
        if self._wanted is not None:
            chosen, self._wanted = [self._wanted], None
        if models != self.model.models:
            self.model.show(models)
        rows = [row for model in chosen if (row := self.model.row_of(model)) is not None]
        self.choose([models[row] for row in rows] or [m for m in models if m.in_use][:1])
        back = shelf.earlier(self._workspace, models)
        self.view.back.setVisible(back is not None)
        self.view.back.setText("" if back is None else f"Go back to {back.name}".replace("&", "&&"))
        if not self._workspace.safe:
            self._measure([m for m in models if m.photos_per_second is None])
        if self._refresh_again:
            self.refresh()

    def chosen(self) -> list[Shelved]:
        """Return the models that are chosen in the list, in the order of the list."""
        rows = sorted(index.row() for index in self.view.list.selectionModel().selectedIndexes())
        return [self.model.models[row] for row in rows]

    def choose(self, models: Sequence[Shelved]) -> None:
        """Choose these models in the list, and show them."""
        selection = self.view.list.selectionModel()
        before = selection.blockSignals(True)
        selection.clear()
        for model in models:
            if (row := self.model.row_of(model)) is not None:
                index = self.model.index(row)
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)
        selection.blockSignals(before)
        self.view.list.viewport().update()
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen, view = self.chosen(), self.view
        if len(chosen) >= 2 and all(model.card is not None for model in chosen[:2]):
            view.comparison.show_models(chosen[0], chosen[1])
            view.pane.setCurrentWidget(view.comparison)
        elif chosen:
            others = [m for m in self.model.models if m != chosen[0] and m.card is not None]
            view.detail.show_model(chosen[0], others, busy=self._switching)
            view.pane.setCurrentWidget(view.detail)

    def _close_comparison(self) -> None:
        self.choose(self.chosen()[:1])

    def _search(self) -> None:
        found = self.view.detail.findChildren(ClassList)
        if found and self.view.pane.currentWidget() is self.view.detail:
            found[-1].search.setFocus()

    # -- adding and handing on ---------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for files and put them on the shelf."""
        names, _ = QFileDialog.getOpenFileNames(self.view, "Import models", "", _FILES)
        if names:
            self.add([Path(name) for name in names])

    def add(self, files: Sequence[Path], *, then_use: bool = False) -> None:
        """Put copies of these files on the shelf, and use the last one where that is asked."""

        def task(cancel: Cancel) -> Task[tuple[list[Shelved], list[ModelError]]]:
            added: list[Shelved] = []
            refused: list[ModelError] = []
            for file in files:
                cancel.check()
                yield Progress(len(added), None, f"Trying {file.name}")
                try:
                    added.append(shelf.add(self._workspace, file))
                except ModelError as error:
                    refused.append(error)
            return added, refused

        job = self._runner.start("shelf", "Adding models", task)
        job.ended.connect(lambda outcome: self._on_added(outcome, then_use))

    def _on_added(
        self, outcome: Outcome[tuple[list[Shelved], list[ModelError]]], then_use: bool
    ) -> None:
        match outcome:
            case tasks.Succeeded((added, refused)):
                if len(refused) == 1:
                    failures.tell(self.view, refused[0])
                elif refused:
                    reasons = "\n\n".join(f"{error.what} {error.why}" for error in refused)
                    failures.tell(
                        self.view, ModelError(f"{len(refused)} files cannot be added.", reasons)
                    )
                if added:
                    last = self._wanted = added[-1]
                    if then_use:
                        self.use(last)
                    elif last.in_use:
                        self._jobbar.tell(f"{last.name} is in use already.")
                    else:
                        text = f"{last.name} is on the shelf."
                        self._jobbar.tell(text, "Use it", lambda: self.use(last))
            case tasks.Failed(error):
                failures.tell(self.view, error)
        self.refresh()

    def _export_chosen(self) -> None:
        for model in self.chosen()[:1]:
            if model.card is not None:
                name = f"{model.path.stem if model.built_in else model.name}.pt".replace("/", "-")
                target, _ = QFileDialog.getSaveFileName(self.view, "Export", name, _FILES)
                if target:
                    self.export(model, Path(target))

    def export(self, model: Shelved, target: Path) -> None:
        """Write a copy of the model to ``target``."""
        self._runner.call(
            "shelf", lambda: shelf.export(model, target),
            lambda _: self._jobbar.tell(f"{model.name} was written to {target.name}."),
            lambda error: failures.tell(self.view, error),
        )  # fmt: skip

    # -- using, measuring, deleting ----------------------------------------------------------

    def _use_chosen(self) -> None:
        chosen = self.chosen()
        if len(chosen) == 1 and not chosen[0].in_use and chosen[0].card is not None:
            self.use(chosen[0])

    def go_back(self) -> None:
        """Use the model again that was in use before."""
        model = shelf.earlier(self._workspace, self.model.models)
        if model is not None:
            self.use(model)

    def use(self, model: Shelved) -> None:
        """Have the model look at photos from now on; it is loaded in the background first."""
        if self._switching:
            return
        self._switching = True
        self._show_chosen()

        def task(cancel: Cancel) -> Task[ChangeSet]:
            yield Progress(0, None, f"Getting {model.name} ready")
            cancel.check()
            return shelf.use(self._workspace, model)

        self.lane_wanted.emit()
        self._runner.start("suggest", "Changing the model", task).ended.connect(self._on_used)

    def _on_used(self, outcome: Outcome[ChangeSet]) -> None:
        self._switching = False
        match outcome:
            case tasks.Succeeded(changes):
                if changes.listing:
                    self.switched.emit()
                self._jobbar.tell(changes.summary, "Go back", self.go_back)
            case tasks.Failed(error):
                failures.tell(self.view, error)
        self.lane_left.emit()
        self.refresh()

    def _measure(self, models: Sequence[Shelved]) -> None:
        if self._workspace.safe:
            return
        again = len(models) == 1 and models[0].photos_per_second is not None
        wanted = [m for m in models if m.card and (again or m.digest not in self._tried)]
        if not wanted:
            return
        self._tried |= {model.digest for model in wanted}
        self.lane_wanted.emit()
        self._runner.start(
            "suggest", "", lambda cancel: measure_all(self._workspace, wanted, cancel),
            visible=again,
        ).ended.connect(self._on_measured)  # fmt: skip

    def _on_measured(self, outcome: Outcome[None]) -> None:
        if isinstance(outcome, tasks.Failed):
            failures.tell(self.view, outcome.error)
        self.lane_left.emit()
        self.refresh()

    def _delete_chosen(self) -> None:
        """Ask, and delete the model for good."""
        for model in self.chosen()[:1]:
            if model.built_in or model.in_use:
                why = "it came with the program" if model.built_in else "it is in use"
                self._jobbar.tell(f"{model.name} cannot be deleted: {why}.")
                return
            box = QMessageBox(self.view)
            box.setIcon(QMessageBox.Icon.Question)
            box.setText(f"Delete {model.name}?")
            box.setInformativeText(
                "The file is deleted for good. Your photos, tags and decisions stay as they are."
            )
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            delete = box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
            box.addButton(QMessageBox.StandardButton.Cancel)
            delete.clicked.connect(lambda _=False, m=model: self.delete(m))
            box.open()

    def delete(self, model: Shelved) -> None:
        """Delete the model's file."""

        def done(_: None) -> None:
            self._jobbar.tell(f"{model.name} was deleted.")
            self.refresh()

        self._runner.call(
            "shelf", lambda: shelf.remove(self._workspace, model), done,
            lambda error: failures.tell(self.view, error),
        )  # fmt: skip
