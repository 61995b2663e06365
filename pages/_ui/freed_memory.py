"""Large blocks go back to the system as soon as they are free: a file that was uploaded, above all.

After the first free block of some size glibc takes further ones of that size from its pools, and the pools of threads keep what
is free at their end: three uploads of 19 MB left the server 57 MB larger for good, by no object of Python.
"""

import ctypes
import platform

LARGE_BYTES = 2**20
_MMAP_THRESHOLD = -3  # the number of M_MMAP_THRESHOLD for glibc's mallopt(3)


def give_back_large_blocks() -> bool:
    """Ask the C library of this process to take large blocks from the system one by one; return whether it does."""
    if platform.system() != "Linux" or platform.libc_ver()[0] != "glibc":
        return False
    return bool(ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE_BYTES) == 1)
