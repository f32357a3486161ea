"""Pictures for the screen: decoded on worker threads, newest wish first, kept in memory."""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from landmark_desktop.gui.runner import give_way
from landmark_desktop.library.records import Photo

log = logging.getLogger(__name__)

Source = Callable[[Photo], bytes]


class PictureLoader(QObject):
    """Loads a picture a photo through ``source``, which returns encoded image bytes.

    ``threads``: decoding threads. ``most_bytes``: memory for finished pictures. ``backlog``:
    how many wishes are kept; older ones are dropped, they have been scrolled away.
    """

    ready = Signal(int)  # photo id
    failed = Signal(int, str)  # photo id, why
    _loaded = Signal(object, object, str)  # Photo, QImage or None, why not

    def __init__(self, source: Source, *, threads: int, most_bytes: int, backlog: int) -> None:
        super().__init__()
        self._source = source
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pictures: OrderedDict[str, QPixmap] = OrderedDict()
        self._broken: set[str] = set()
        self._wishes: deque[Photo] = deque(maxlen=backlog)
        self._wished: set[str] = set()
        self._threads = threads
        self._running = 0
        self._lock = Lock()
        self._closed = False
        self._pool = ThreadPoolExecutor(threads, "pictures", initializer=give_way)
        self._loaded.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def get(self, photo: Photo) -> QPixmap | None:
        """Return the picture if it is in memory; else ask for it and return ``None``."""
        picture = self._pictures.get(photo.content_hash)
        if picture is not None:
            self._pictures.move_to_end(photo.content_hash)
            return picture
        if photo.content_hash not in self._broken and not self._closed:
            self._wish(photo)
        return None

    def try_again(self) -> None:
        """Make pictures that could not be made, once they are asked for: files came back."""
        self._broken.clear()

    def close(self) -> None:
        """Drop all wishes and wait for the threads."""
        self._closed = True
        with self._lock:
            self._wishes.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _wish(self, photo: Photo) -> None:
        with self._lock:
            if photo.content_hash in self._wished:
                return
            if len(self._wishes) == self._wishes.maxlen:
                self._wished.discard(self._wishes[0].content_hash)
            self._wishes.append(photo)
            self._wished.add(photo.content_hash)
            if self._running >= self._threads:
                return
            self._running += 1
        self._pool.submit(self._work)

    def _work(self) -> None:
        from training.photo import PhotoError  # decoders: not while the window opens

        while True:
            with self._lock:
                if not self._wishes:
                    self._running -= 1
                    return
                photo = self._wishes.pop()
            image, why = None, ""
            try:
                image = QImage.fromData(self._source(photo))
            except PhotoError as error:
                why = str(error)
            except Exception as error:
                # A worker that dies would leave every later wish unanswered.
                log.exception("no picture of %s", photo.path)
                why = f"The picture could not be made ({type(error).__name__})."
            self._loaded.emit(photo, image, why)

    def _keep(self, photo: Photo, image: QImage | None, why: str) -> None:
        self._wished.discard(photo.content_hash)
        if self._closed:
            return
        if image is None or image.isNull():
            self._broken.add(photo.content_hash)
            self.failed.emit(photo.id, why)
            return
        picture = QPixmap.fromImage(image)
        self._pictures[photo.content_hash] = picture
        self._bytes += _bytes(picture)
        while self._bytes > self._most_bytes and len(self._pictures) > 1:
            _, oldest = self._pictures.popitem(last=False)
            self._bytes -= _bytes(oldest)
        self.ready.emit(photo.id)


def _bytes(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
