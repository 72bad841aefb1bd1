"""Give memory back: a refresh holds much for a moment, several times over."""

from __future__ import annotations

import ctypes
from typing import Any

import pyarrow as pa

# glibc's mallopt: when to give memory back (bytes), from where on a block is one of its own, and how many arenas.
_MALLOC = {-1: 4 << 20, -3: 2 << 20, -8: 2}


def lean() -> None:
    """Let the libraries give back memory that they do not use any more; by themselves they keep some 50 MB of it."""
    pa.set_memory_pool(pa.system_memory_pool())
    tune = _of_libc("mallopt")
    if tune is not None:
        for parameter, value in _MALLOC.items():
            tune(parameter, value)


def give_back() -> None:
    """Give back now what is free between blocks that are in use; takes a few milliseconds."""
    trim = _of_libc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_libc(name: str) -> Any:
    """A function of the C library; None where it is another one, that has no such thing."""
    try:
        return getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
