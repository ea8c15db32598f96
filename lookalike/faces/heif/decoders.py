"""Decoders of HEIC (libheif and libde265, by pi-heif) and AVIF (libavif, Pillow's own), without threads.

A worker may start none. libheif asks libde265 for one and ends the process where it gets none (decoder_libde265.cc and
threads.cc), and no setting keeps it from asking. So the function that starts them is replaced, once, in memory, by one
that does nothing; libde265 then decodes in the thread that calls it, as it does when nobody asks.
"""

from __future__ import annotations

import ctypes
import functools
import mmap
import os
from pathlib import Path

import pi_heif
from PIL import AvifImagePlugin

# `return 0` on each machine: xor eax, eax; ret, and mov w0, 0; ret. DE265_OK is 0 (libde265, de265.h).
RETURN_0 = {"x86_64": b"\x31\xc0\xc3", "aarch64": b"\x00\x00\x80\x52\xc0\x03\x5f\xd6"}
STARTS_THREADS = "de265_start_worker_threads"


@functools.cache
def prepare() -> None:
    """Make Pillow read both; where the decoder of HEIC cannot be kept from starting threads, only AVIF."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    if _start_no_threads():
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=0)


def _start_no_threads() -> bool:
    code = RETURN_0.get(os.uname().machine)
    library = _loaded("libde265")
    if not code or not library:
        return False
    address = ctypes.cast(getattr(ctypes.CDLL(library), STARTS_THREADS), ctypes.c_void_p).value or 0
    first = address - address % mmap.PAGESIZE
    pages = ctypes.c_void_p(first), ctypes.c_size_t(address + len(code) - first)
    mprotect = ctypes.CDLL(None).mprotect
    if mprotect(*pages, mmap.PROT_READ | mmap.PROT_WRITE):
        return False
    ctypes.memmove(address, code, len(code))
    return not mprotect(*pages, mmap.PROT_READ | mmap.PROT_EXEC)


def _loaded(name: str) -> str | None:
    """The path of a library that this process has loaded."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return next((line.split(maxsplit=5)[-1] for line in lines if f"/{name}" in line), None)
