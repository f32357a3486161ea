"""The menu entry and the metadata as text, after the specifications of freedesktop.org.

Desktop Entry Specification, AppStream 1.0. Pure.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from xml.sax.saxutils import escape

from landmark_desktop import __version__
from landmark_desktop.desktop import APP_ID

COMPONENT = "io.github.landmark_desktop"
"""AppStream's name of the program, which must have the form of a reversed domain."""
PHOTO_TYPES = (
    "image/jpeg", "image/png", "image/webp", "image/tiff", "image/gif", "image/bmp",
    "image/heic", "image/heif",
)  # fmt: skip
"""MIME types of the photos that ``training.photo`` opens."""
_SUMMARY = "Recognise the landmarks in your own photos, offline"


def desktop_entry(command: Sequence[str]) -> str:
    """Return the ``.desktop`` file that starts ``command`` (a program and its arguments).

    Raises ``ValueError`` where the command cannot be written in one: it is not UTF-8 text.
    """
    words = " ".join(_quoted(word) for word in command)
    words.encode()  # a name that is no text comes from the disk as lone surrogates
    return f"""\
[Desktop Entry]
Type=Application
Version=1.0
Name=Landmark Desktop
GenericName=Photo Organiser
Comment={_SUMMARY}
Exec={words} %F
Icon={APP_ID}
Terminal=false
Categories=Graphics;Photography;Viewer;Qt;
Keywords=photos;landmarks;places;tags;recognition;
MimeType={";".join((*PHOTO_TYPES, "inode/directory"))};
StartupNotify=true
StartupWMClass={APP_ID}
"""


def metainfo(released: str) -> str:
    """Return the AppStream metadata; ``released``: the date of this version, YYYY-MM-DD."""
    types = "\n".join(f"    <mediatype>{escape(name)}</mediatype>" for name in PHOTO_TYPES)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{COMPONENT}</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>GPL-3.0-or-later</project_license>
  <name>Landmark Desktop</name>
  <summary>{_SUMMARY}</summary>
  <developer id="{COMPONENT}"><name>The Landmark Desktop developers</name></developer>
  <description>
    <p>
      Drop folders of photos on it and browse them at once, while a model suggests the landmark
      in each of them with an honest confidence, and says so where it recognises none.
    </p>
    <ul>
      <li>Accept, reject or correct suggestions with the keyboard</li>
      <li>Find photos by landmark, place and words</li>
      <li>Teach it landmarks of your own, on your own computer</li>
    </ul>
    <p>Nothing is uploaded, and your photos are never changed by browsing and suggesting.</p>
  </description>
  <launchable type="desktop-id">{APP_ID}.desktop</launchable>
  <icon type="stock">{APP_ID}</icon>
  <categories>
    <category>Graphics</category>
    <category>Photography</category>
  </categories>
  <provides>
    <binary>{APP_ID}</binary>
{types}
  </provides>
  <supports>
    <control>keyboard</control>
    <control>pointing</control>
  </supports>
  <content_rating type="oars-1.1"/>
  <releases>
    <release version="{__version__}" date="{released}"/>
  </releases>
</component>
"""


_PLAIN = frozenset(string.ascii_letters + string.digits + "@_+-=:,./")


def _quoted(word: str) -> str:
    """Return an argument as ``Exec`` wants it: quoted, and escaped once more as a value.

    ``%`` begins a field code, also inside of quotes. A line's end cannot be written at all.
    """
    if any(ord(letter) < 32 for letter in word):
        raise ValueError("the program's path holds a control character")
    if word and set(word) <= _PLAIN:
        return word
    inner = "".join("\\" + letter if letter in '"`$\\' else letter for letter in word)
    return '"' + inner.replace("\\", "\\\\").replace("%", "%%") + '"'
