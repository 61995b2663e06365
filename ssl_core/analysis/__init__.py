"""What can be asked of a model: each kind of question is one file, and the analysis process answers it.

A kind is one module of this package, named in ``MENU``. Its docstring says what the payload holds and what is answered. It
declares

    answer(payload, open_subject) -> base.Reply

``payload`` is a JSON object; where it names a model, ``open_subject(payload["model"])`` opens it, which costs nothing if it
was asked a moment ago. What a person can put right is raised as UserError. The modules need torch, this file does not.
"""

import hashlib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

MENU = (
    "ablation",
    "attention",
    "explanation_check",
    "explanations",
    "head_dependencies",
    "head_importance",
    "head_metrics",
    "logit_lens",
    "predictions",
    "sentence_scores",
)


def kind(key: str) -> Any:
    """Return the module of the kind of question ``key``."""
    assert key in MENU, f"there is no kind of question {key!r}"
    return import_module(f"ssl_core.analysis.{key}")


@cache
def own_code() -> str:
    """Return what changes when the code that answers changes, so that no answer outlives it."""
    here = Path(__file__).parent
    sources = sorted(path for folder in (here, here.with_name("attention")) for path in folder.rglob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
