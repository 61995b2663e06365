"""The pretext tasks: ways of hiding part of a text so that the text itself becomes the answer.

A task is one module of this package, named in ``MENU``. It declares

    TITLE, QUESTION    what it is called and the one-line question it answers (marked with ``N_()``)
    ABBREVIATION       what it is called for short, the same in both languages
    SOURCE, FORMULA    the paper (citation and link) and the loss in LaTeX
    FAMILIES           model families it can train, the usual one first
    LOSSES             stems of the ``losses`` modules it needs
    PROBE              how its progress is shown: "fill" (blanks are filled) or "continue" (text is continued)
    READER             what a perfect reader of its examples knows, for the floor on texts with a known grammar: "next_token"
                       (all to the left), "masked" (all that is shown), or None where no floor is known
    corruption         for the reader "masked": (config) -> Corruption, how the examples came to look as they do
    Config             its knobs
    make_examples(ids_BT, rng, config, vocabulary) -> Examples      numpy only
"""

from importlib import import_module
from typing import Any

from ssl_core.errors import UserError
from ssl_core.i18n import N_

MENU = ("masked_lm", "causal_lm")


def task(key: str) -> Any:
    """Return the module of the pretext task ``key``.

    Raises: UserError if there is no such task.
    """
    if key not in MENU:
        raise UserError(N_("Unknown pretext task {key!r}; choose one of {known}."), key=str(key)[:80], known=", ".join(MENU))
    return import_module(f"ssl_core.pretext.{key}")
