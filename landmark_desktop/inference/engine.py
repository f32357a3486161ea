"""Load a TorchScript bundle and run it, on CUDA where that works and on the CPU elsewhere.

The only module of the application that imports torch: import it on a worker thread.
"""

from __future__ import annotations

import io
import logging
import threading
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from landmark_desktop.errors import ModelError
from landmark_desktop.inference.fusion import fuse
from training.bundle import BundleError, Card, digest, read_card

log = logging.getLogger(__name__)


class Engine:
    """A loaded model. Any thread may call ``infer``: callers take turns, batch by batch.

    So a person who asks why waits for one batch of the suggesting job, not for all its photos:
    the two alternate, each at half its speed, and torch's threads never run twice at once.

    ``note``: a sentence for the person where the GPU could not be used, else empty.
    """

    def __init__(self, path: Path, *, device: str = "auto", threads: int = 2) -> None:
        """Load and try the bundle at ``path``; ``device``: ``auto``, ``cpu`` or ``cuda``.

        Raises ``ModelError`` where the file is no model that this program can run.
        """
        torch.set_num_threads(threads)
        self._next, self._running = threading.Lock(), threading.Lock()
        self.note = ""
        try:
            self.card: Card = read_card(path)
            self.digest = digest(path)
        except (BundleError, OSError) as error:
            raise ModelError(
                f"The model {path.name} cannot be used.", str(error), "Choose another model."
            ) from error
        self._model = _load(path)
        self.device = "cpu"
        if device != "cpu" and torch.cuda.is_available():
            self._to_cuda()
        elif device == "cuda":
            self.note = "No CUDA GPU is available; suggestions run on the processor."
        if self.device == "cpu":
            fuse(self._model)
        self._try(path)

    def infer(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return logits (N x C, float32) for photos (uint8, N x 3 x H x W).

        A GPU that fails, for example for want of memory, is given up for the CPU, which
        then answers; ``note`` says so. Raises ``ModelError`` where the CPU fails too.
        """
        # A lock alone is not fair: who lets it go and asks again at once mostly has it again.
        # Who runs next holds ``_next`` while it waits, so the one before has to queue behind.
        with self._next:
            self._running.acquire()
        try:
            return self._infer(pixels)
        finally:
            self._running.release()

    def _infer(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        try:
            return self._run(pixels)
        except RuntimeError as error:
            if self.device == "cpu":
                raise ModelError(
                    "The model failed while looking at photos.", _first_line(error),
                    "Choose another model, or restart the program.",
                ) from error  # fmt: skip
            self._give_up_cuda(error)
            return self._infer(pixels)

    def _run(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        with torch.inference_mode():
            batch = torch.from_numpy(pixels).to(self.device)
            logits, _embedding = self._model(batch)
            return np.asarray(logits.float().cpu().numpy())

    def _try(self, path: Path) -> None:
        """Hold the model to its contract on a black and a white picture."""
        size = self.card.preprocessing.size
        probe = np.zeros((2, 3, size, size), np.uint8)
        probe[1] = 255
        try:
            with torch.inference_mode():
                result = self._model(torch.from_numpy(probe).to(self.device))
            logits, embedding = result
            fits = logits.shape == (2, len(self.card.labels)) and embedding.shape == (
                2, self.card.embedding_size,
            )  # fmt: skip
        except (RuntimeError, ValueError, TypeError, AttributeError) as error:
            if self.device != "cpu" and isinstance(error, RuntimeError):
                self._give_up_cuda(error)
                self._try(path)
                return
            raise ModelError(
                f"The model {path.name} cannot be used.",
                f"It does not run as its card says ({_first_line(error)}).",
                "Choose another model.",
            ) from error
        if not fits or not bool(torch.isfinite(logits).all()):
            raise ModelError(
                f"The model {path.name} cannot be used.",
                "What it answers does not have the shape that its card promises.",
                "Choose another model.",
            )

    def _to_cuda(self) -> None:
        try:
            self._model = self._model.to("cuda")
            self.device = "cuda"
        except RuntimeError as error:
            self._give_up_cuda(error)

    def _give_up_cuda(self, error: RuntimeError) -> None:
        log.warning("CUDA failed, going on with the CPU: %s", error)
        self.note = f"The GPU failed ({_first_line(error)}); suggestions run on the processor."
        self._model = self._model.to("cpu")
        self.device = "cpu"


def _load(path: Path) -> torch.jit.ScriptModule:
    try:
        with warnings.catch_warnings():
            # TorchScript is what this product exports and runs; torch 2.9 and later call it
            # deprecated on each load.
            warnings.filterwarnings("ignore", message=r".*torch\.jit\.load.*deprecated.*")
            # torch takes names for UTF-8, which a name on disk need not be.
            source = str(path) if str(path).isascii() else io.BytesIO(path.read_bytes())
            model: torch.jit.ScriptModule = torch.jit.load(source, map_location="cpu")  # type: ignore[no-untyped-call]
        model.eval()
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            f"The model {path.name} cannot be used.",
            f"torch cannot load it ({_first_line(error)}).",
            "Choose another model, or export this one again.",
        ) from error
    return model


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0][:200] if text else type(error).__name__
