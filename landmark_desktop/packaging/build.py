"""``landmark-build``: build the program with PyInstaller and say what is large in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from landmark_desktop.packaging import contents

ROOT = Path(__file__).resolve().parents[2]
NAME = "LandmarkDesktop"
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--out", type=_NEW_FOLDER, default=Path("dist"), show_default=True,
              help="Where the program's folder is put.")  # fmt: skip
@click.option("--work", type=_NEW_FOLDER, default=Path("build"), show_default=True,
              help="Where PyInstaller keeps what it works with.")  # fmt: skip
@click.option("--rows", type=click.IntRange(1), default=25, show_default=True,
              help="How many of the largest parts are shown.")  # fmt: skip
def main(out: Path, work: Path, rows: int) -> None:
    """Build the program from the checkout that this command was installed from."""
    spec = ROOT / "build.spec"
    if not spec.is_file():
        raise click.ClickException(
            f"There is no {spec}. Install this command from a checkout: pip install -e '.[build]'"
        )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
         "--distpath", str(out), "--workpath", str(work), str(spec)],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},  # of every module that is looked at
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise click.ClickException("PyInstaller failed; the reason stands above.")
    click.echo(contents.table(sizes(out / NAME), rows))
    click.echo(f"{out / NAME} was built in {time.monotonic() - began:.0f} s")


def sizes(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the name, with / between its parts, and the bytes of each file in ``folder``."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            yield file.relative_to(folder).as_posix(), file.stat().st_size


if __name__ == "__main__":
    main()
