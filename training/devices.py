"""Where a run computes, in which precision, and how its random numbers repeat."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from training.spec import SpecError


@dataclass(frozen=True)
class Device:
    """A torch device with what it is called and whether bfloat16 pays on it."""

    device: torch.device
    title: str
    bfloat16: bool

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        """Compute in bfloat16 where the hardware does, else in float32."""
        if self.bfloat16:
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return contextlib.nullcontext()


def choose(name: str) -> Device:
    """Return the device ``name``: auto, cpu, mps, cuda or cuda:N; auto takes the fastest.

    Raises ``SpecError`` where this computer has no such device.
    """
    if name == "auto":
        mps = torch.backends.mps.is_available()
        name = "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    try:
        device = torch.device(name)
        if device.type not in ("cpu", "cuda", "mps"):
            raise RuntimeError(f"no training on {device.type}")
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        short = str(error).splitlines()[0]
        raise SpecError(
            f"This computer cannot train on {name!r} ({short}). Leave the choice to the program "
            "with --device auto."
        ) from error
    if device.type == "cuda":
        return Device(device, torch.cuda.get_device_name(device), torch.cuda.is_bf16_supported())
    if device.type == "mps":
        return Device(device, "Apple GPU", bfloat16=False)
    return Device(device, "CPU", _cpu_has_bfloat16())


def _cpu_has_bfloat16() -> bool:
    """Return whether the processor multiplies bfloat16 itself (AMX, AVX512-BF16).

    Elsewhere oneDNN emulates it, slower than float32.
    """
    amx = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    avx = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return bool(amx() or avx())


@contextlib.contextmanager
def repeatable(wanted: bool, threads: int) -> Iterator[None]:
    """Let the same spec and seed give the same numbers again, on the same machine.

    The number of threads is part of that: sums are split among them. Both settings are torch's
    for the whole process, and are put back as they were.
    """
    before = torch.are_deterministic_algorithms_enabled(), torch.get_num_threads()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.set_num_threads(threads)
    if wanted:
        # cuBLAS needs this before its first use (CUDA documentation, "Results reproducibility").
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # An operation without a deterministic form warns: a run that differs in the last digits
    # is better than none.
    torch.use_deterministic_algorithms(wanted, warn_only=True)
    # Filling fresh memory with NaN finds reads of it, and costs time on each tensor.
    filled = torch.utils.deterministic.fill_uninitialized_memory  # type: ignore[attr-defined]
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*does not have a deterministic.*")
            yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=warn_only)
        torch.utils.deterministic.fill_uninitialized_memory = filled  # type: ignore[attr-defined]
        torch.set_num_threads(before[1])


def out_of_memory(error: BaseException) -> bool:
    """Return whether ``error`` says that a batch was too large for the device's memory."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    # The CPU's and Apple's allocators raise a plain RuntimeError.
    signs = ("can't allocate memory", "not enough memory", "out of memory")
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in signs)


def free_cache(device: torch.device) -> None:
    """Give memory that torch holds in reserve back to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
