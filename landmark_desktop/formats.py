"""Kinds of file that belong to a photo, by the endings of their names."""

from __future__ import annotations


def _endings(text: str) -> frozenset[str]:
    return frozenset(f".{ending}" for ending in text.split())


PICTURES = _endings("""
    avif bmp dng gif heic heif hif jfif jpe jpeg jpg jxl png psb psd tif tiff webp xcf
""")
"""Pictures as cameras and editors save them; what the program can open is told by content."""

RAW = _endings("""
    3fr arq arw cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef raf raw
    rw2 rwl sr2 srf srw x3f
""")
"""Raw photos, as exiftool lists them."""

BESIDE = _endings("mov mp4 m4v avi mts 3gp insv lrv wav m4a thm") | _endings(
    "xmp aae pp3 dop cos on1 onphoto arp nksc json vsd"
)
"""What cameras lay beside a photo (movies, sound, previews), and what editors do to keep what was
done to it: XMP, Apple, RawTherapee, DxO, Capture One, ON1, Sony, Nikon, Google Takeout, Canon."""
