"""The losses written out in plain numpy, to be read; one formula a file.

A module declares ``TITLE`` (what it is called), ``FORMULA`` (LaTeX), ``UNIT`` and ``SOURCE``, and has functions of arrays:
the formula itself under the module's own name and, where one learns by it, its gradient. Training uses the torch losses in
``ssl_core.losses``; tests hold both together.
"""

from importlib import import_module
from types import ModuleType

MENU = (
    "softmax",
    "cross_entropy",
    "perplexity",
    "bits_per_byte",
    "binary_cross_entropy",
    "constant_answer",
    "detection",
    "info_nce",
    "alignment",
    "uniformity",
    "joint",
    "two_heads",
)


def formula(stem: str) -> ModuleType:
    """Return the module of one formula."""
    assert stem in MENU, f"{stem} is not in the menu of formulas"
    return import_module(f"ssl_core.formulas.{stem}")
