"""Draw a contact sheet of a photo set: for each class its name and a row of its photos."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont, ImageOps

from training.health_findings import NO_CLASS
from training.layout import DataSet, Sample
from training.photo import PhotoError, decode
from training.photo_files import counted

_PAPER, _EMPTY, _INK, _QUIET = (250, 250, 248), (236, 236, 233), (32, 33, 36), (120, 122, 128)
_SHAPE = 4 / 3  # width by height that the sheet is brought near to
_MARGIN, _BETWEEN_COLUMNS, _GAP = 28, 28, 4  # pixels


def samples_picture(data: DataSet, per_class: int = 6, tile: int = 96) -> Image.Image:
    """Return a sheet with up to ``per_class`` training photos of each class, RGB.

    ``tile``: pixels a side of each photo, cut to a square. The photos are spread evenly over
    those of the class; ones that cannot be read are passed over. The classes are in their
    order, column by column, the photos that show no class last.
    """
    rows: dict[str | None, list[Sample]] = {name: [] for name in data.classes}
    for sample in data.training:
        rows.setdefault(sample.label, []).append(sample)
    text = max(12, tile // 7)
    fonts = ImageFont.load_default(text), ImageFont.load_default(2 * text)
    width = per_class * (tile + _GAP) - _GAP
    height = tile + 2 * text + _GAP
    title = 4 * text
    columns = _columns(max(len(rows), 1), width + _BETWEEN_COLUMNS, height)
    in_column = -(-len(rows) // columns)
    sheet = Image.new(
        "RGB",
        (
            2 * _MARGIN + columns * (width + _BETWEEN_COLUMNS) - _BETWEEN_COLUMNS,
            2 * _MARGIN + title + in_column * height,
        ),
        _PAPER,
    )
    brush = ImageDraw.Draw(sheet)
    heading = f"{counted(len(data.classes), 'class', 'classes')}, "
    heading += counted(len(data.training), "training photo", "training photos")
    left = _write(brush, (_MARGIN, _MARGIN), data.source.stem, fonts[1], _INK, sheet.width // 2)
    _write(brush, (left + text, _MARGIN + text * 0.75), heading, fonts[0], _QUIET, sheet.width)
    for number, (label, samples) in enumerate(rows.items()):
        x = _MARGIN + number // in_column * (width + _BETWEEN_COLUMNS)
        y = _MARGIN + title + number % in_column * height
        name = NO_CLASS if label is None else label
        end = _write(brush, (x, y), name, fonts[0], _INK, width - 4 * text)
        _write(brush, (end + text * 0.6, y), f"{len(samples):,}", fonts[0], _QUIET, width)
        top = round(y + 1.5 * text)
        photos = _some(samples, per_class, tile)
        for place in range(per_class):
            corner = x + place * (tile + _GAP), top
            if place < len(photos):
                sheet.paste(photos[place], corner)
            else:
                end_corner = corner[0] + tile - 1, corner[1] + tile - 1
                brush.rectangle((corner, end_corner), fill=_EMPTY)
    return sheet


def _columns(rows: int, width: int, height: int) -> int:
    """Return the number of columns that brings the sheet nearest to its shape."""

    def misfit(columns: int) -> float:
        shape = columns * width / (-(-rows // columns) * height)
        return max(shape / _SHAPE, _SHAPE / shape)

    return min(range(1, rows + 1), key=misfit)


def _some(samples: Sequence[Sample], count: int, tile: int) -> list[Image.Image]:
    """Return ``count`` readable photos, evenly spread, as squares."""
    spread = [samples[i * len(samples) // count] for i in range(min(count, len(samples)) and count)]
    order = dict.fromkeys([*spread, *samples])
    photos: list[Image.Image] = []
    for sample in order:
        if len(photos) == count:
            break
        try:
            photo = decode(sample.path, short_side=tile)
        except PhotoError:
            continue
        photos.append(ImageOps.fit(photo, (tile, tile), Image.Resampling.BICUBIC))
    return photos


def _write(
    brush: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    colour: tuple[int, int, int],
    room: float,
) -> float:
    """Write one line, cut to ``room`` pixels, and return where it ends."""
    # What is no valid text, as a file's name may be, becomes question marks.
    text = " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")
    if font.getlength(text) > room:
        while text and font.getlength(text + "…") > room:
            text = text[:-1]
        text += "…"
    brush.text(place, text, fill=colour, font=font)
    return place[0] + font.getlength(text)
