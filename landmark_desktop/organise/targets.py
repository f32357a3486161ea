"""The folders that photos go to, as they are spelled on the disk or will be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from landmark_desktop.organise.names import key
from landmark_desktop.organise.seen import Folder, Seen


class Targets:
    """Folders below ``into``. One that is there in another spelling is used as it is spelled.

    ``spelled``: such folders, and how the template spells them.
    """

    def __init__(self, into: Path, seen: Seen) -> None:
        self._seen = seen
        self._into = into
        self._of: dict[tuple[str, ...], Path | None] = {}
        self._found: dict[tuple[str, ...], Path | None] = {(): into}
        self._whys: dict[tuple[str, ...], str] = {(): self._unfit(into)}
        self._identities: dict[Path, str] = {}
        self._grounds: dict[Path, Folder] = {}
        self.spelled: dict[Path, str] = {}

    def of(self, levels: Sequence[str]) -> Path | None:
        """Return the folder for these levels, or ``None`` where there can be none."""
        levels = tuple(levels)
        if levels not in self._of:
            self._of[levels] = self._resolved(levels)
        return self._of[levels]

    def _resolved(self, levels: tuple[str, ...]) -> Path | None:
        path, short = self._into, tuple(map(key, levels))
        for depth in range(len(levels) + 1):
            if short[:depth] not in self._found:
                self._resolve(short[:depth], path, levels[depth - 1])
            found = self._found[short[:depth]]
            if found is None or (depth == len(levels) and self._whys[short]):
                return None
            path = found
        return path

    def why(self, levels: Sequence[str]) -> str:
        """Return why there can be no such folder, in a person's words."""
        short = tuple(map(key, levels))
        whys = (self._whys.get(short[:depth], "") for depth in range(len(levels), -1, -1))
        return next(filter(None, whys), "")

    def identity(self, path: Path) -> str:
        """Return a text that is the same for two paths of one folder, also of one to be made."""
        if path not in self._identities:
            there = self._seen.folder(path)
            self._identities[path] = (
                f"{self.identity(path.parent)}/{key(path.name)}" if there is None
                else there.identity
            )  # fmt: skip
        return self._identities[path]

    def ground(self, path: Path) -> Folder:
        """Return the folder, or what is there of the path that leads to it."""
        if path not in self._grounds:
            there = self._seen.folder(path)
            self._grounds[path] = there if there is not None else self.ground(path.parent)
        return self._grounds[path]

    def made(self, targets: Iterable[Path]) -> tuple[Path, ...]:
        """Return the folders that have to be made for these, outer ones first."""
        missing: dict[Path, None] = {}
        for target in dict.fromkeys(targets):
            path, chain = target, []
            while path not in missing and self._seen.folder(path) is None:
                chain.append(path)
                path = path.parent
            missing |= dict.fromkeys(reversed(chain))
        return tuple(missing)

    def _resolve(self, short: tuple[str, ...], parent: Path, name: str) -> None:
        folder = self._seen.folder(parent)
        alike = [] if folder is None else folder.like(name)
        there = next((each for each in alike if each.name == name), alike[0] if alike else None)
        path = parent / (name if there is None else there.name)
        why = self._unfit(path)
        blocked = there is not None and there.kind not in ("folder", "link")
        self._found[short] = None if blocked else path
        self._whys[short] = f"There is a file named {path}." if blocked else why
        if there is not None and there.name != name:
            self.spelled[path] = name

    def _unfit(self, path: Path) -> str:
        ground = path
        while (there := self._seen.folder(ground)) is None:
            if ground.parent == ground:
                return f"{path} is on no disk that is there."
            around = self._seen.folder(ground.parent)
            if around is not None and ground.name in around.entries:
                return f"{ground} is a link that leads nowhere."
            ground = ground.parent
        if there.why:
            return f"{ground}: {there.why}"
        return "" if there.writable else f"This account may not change {ground}."
