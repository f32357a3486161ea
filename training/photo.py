"""Open a photo the way a person means it: upright, in sRGB, at a reduced scale.

The one decoder of the whole project. Training, suggesting and thumbnails all read
photos through it, so that a network meets people's photos through the very door it
was trained behind. Free of torch and Qt.
"""

from __future__ import annotations

import io
import math
import os
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError
from pillow_heif import register_heif_opener

register_heif_opener()

# Pillow warns, on a program's error stream, of damaged metadata that harm no picture.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

EXTENSIONS = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".mpo",
        ".png",
        ".webp",
        ".tif",
        ".tiff",
        ".gif",
        ".bmp",
        ".heic",
        ".heif",
        ".hif",
    ]
)
"""Name endings (lower case) by which a folder scan recognises a photo."""

# JPEG opens MPO files too, which are JPEGs with further pictures behind the first.
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "DIB", "HEIF")

MAX_PIXELS = 200_000_000
"""Most pixels that one photo may decode to: 600 MB as RGB. A JPEG is counted at the
reduced scale it is decoded at, so panoramas of this size and far beyond still open."""

# Pillow's own guard counts the full size even where a JPEG is decoded at an eighth of it,
# and only warns at first; ``_check_size`` below stands in for it.
Image.MAX_IMAGE_PIXELS = None


class PhotoError(ValueError):
    """A photo that cannot be opened; the message is a whole sentence for a person."""


def decode(
    path: str | os.PathLike[str], *, short_side: int | None = None, long_side: int | None = None
) -> Image.Image:
    """Return the photo at ``path`` as an upright sRGB ``RGB`` image.

    ``short_side`` or ``long_side``: a length in pixels. The photo may come reduced, that
    side staying at least so long where it was (JPEG at the smallest DCT scale that serves).
    Neither asks for full resolution. Transparency is laid on white; of an animation or a
    multi-page file the first picture is taken.

    Raises ``PhotoError`` for anything that is not a whole, readable photo.
    """
    with open_header(path) as image:
        scale = 1.0
        if short_side is not None:
            scale = min(scale, short_side / min(image.size))
        if long_side is not None:
            scale = min(scale, long_side / max(image.size))
        if scale < 1.0:
            wanted = math.ceil(image.width * scale)
            image.draft("RGB", (wanted, math.ceil(image.height * scale)))
            scale = min(1.0, wanted / image.width)
        _check_size(image, 1)
        image.load()
        reduced = _reduce(image, int(1 / scale))
        return _to_srgb(_upright(reduced))


# Pillow's format readers let all of these out on damaged data.
_DAMAGED = (
    OSError, ValueError, SyntaxError, EOFError, RuntimeError, ArithmeticError, LookupError,
    TypeError, AttributeError, struct.error,
)  # fmt: skip


@contextmanager
def open_header(path: str | os.PathLike[str]) -> Iterator[Image.Image]:
    """Open ``path`` without decoding its pixels; every failure inside is a ``PhotoError``."""
    path = Path(path)
    try:
        if path.stat().st_size == 0:
            raise PhotoError("The file is empty (0 bytes).")
        with Image.open(path, formats=_FORMATS) as image:
            # A JPEG can be decoded at an eighth of its size, other formats only whole.
            _check_size(image, 64 if image.format in ("JPEG", "MPO") else 1)
            yield image
    except PhotoError:
        raise
    except FileNotFoundError:
        raise PhotoError("There is no such file any more.") from None
    except PermissionError:
        raise PhotoError("This account may not read the file.") from None
    except IsADirectoryError:
        raise PhotoError("This is a folder, not a photo.") from None
    except UnidentifiedImageError:
        raise PhotoError(_why_unidentified(path)) from None
    except MemoryError:
        raise PhotoError("There is not enough memory to open this photo.") from None
    except _DAMAGED as error:
        raise PhotoError(_why_damaged(error)) from error


def megapixels(width: int, height: int) -> str:
    """Return a size in words, for example ``30000 x 20000 pixels, 600 megapixels``."""
    return f"{width} x {height} pixels, {width * height / 1e6:.0f} megapixels"


def _check_size(image: Image.Image, reducible: int) -> None:
    if image.width * image.height > MAX_PIXELS * reducible:
        raise PhotoError(
            f"The picture is too large to open safely ({megapixels(*image.size)}; "
            f"the limit is {MAX_PIXELS // 1_000_000} megapixels)."
        )


def _reduce(image: Image.Image, factor: int) -> Image.Image:
    """Shrink by a whole factor (box filter) before the costlier steps that follow."""
    if factor < 2 or image.mode not in ("RGB", "RGBA", "L", "LA", "CMYK"):
        return image
    reduced = image.reduce(factor)
    reduced.info = image.info  # the profile and the orientation travel on
    return reduced


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What brings a stored picture upright, by Exif orientation (Exif 2.32, tag 0x0112)."""


def _upright(image: Image.Image) -> Image.Image:
    """Turn a photo as its orientation says; damaged Exif data turn nothing and harm nothing.

    ``ImageOps.exif_transpose`` would write the Exif data anew, which fails on damaged ones.
    """
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _DAMAGED:
        return image
    return image if turn is None else image.transpose(turn)


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in ("I;16", "I;16L", "I;16B", "I;16N", "I"):
        # Integer greys run to 65535; Pillow's own conversion clips them at 255.
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    elif image.mode == "F":
        image = image.convert("L")
    if image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("RGBA", "LA", "La", "RGBa"):
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, (255, 255, 255))
        image.paste(rgba, mask=rgba.getchannel("A"))
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _apply_profile(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _apply_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert to sRGB; a photo whose profile is damaged or unfit is shown without it."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(source).strip()
        if name.startswith("sRGB"):
            return image
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return cast(Image.Image, converted)


def _why_unidentified(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    if head and all(byte in b"\t\n\r\f" or 32 <= byte < 127 for byte in head):
        return f"This is a text file, not a photo, although its name ends in {path.suffix}."
    if not any(head):
        return "The file holds only zeros: its content was lost or never downloaded."
    return "This is not a photo in a format that can be opened, or its beginning is damaged."


def _why_damaged(error: BaseException) -> str:
    text = " ".join(str(error).split())  # some libraries say it in several lines
    short = any(sign in text.lower() for sign in ("truncated", "end of file"))
    if short or isinstance(error, EOFError):
        return "The file is cut short: a part of the picture is missing."
    return f"The picture is damaged and cannot be decoded ({text or type(error).__name__})."
