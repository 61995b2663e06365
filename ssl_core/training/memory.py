"""Keep freed memory instead of giving it back to the system after every product.

By default the C library returns large blocks at once and asks for them anew, page by page, in the next operation. On a CPU
that is a quarter of a small network's training time (measured: 106 against 78 ms a step).
"""

import ctypes
import platform

# numbers of glibc's mallopt(3)
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_ONE_GIB, _TOP_PAD_BYTES = 1 << 30, 1 << 26


def keep_freed_memory() -> bool:
    """Ask the C library of this process to keep what is freed; return whether it could be asked (Linux, glibc)."""
    if platform.system() != "Linux" or platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    settings = ((_MMAP_THRESHOLD, _ONE_GIB), (_TRIM_THRESHOLD, _ONE_GIB), (_TOP_PAD, _TOP_PAD_BYTES))
    return all(libc.mallopt(name, value) == 1 for name, value in settings)
