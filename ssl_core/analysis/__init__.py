"""What can be asked of a model: each kind of question is one file, and the analysis process answers it.

A kind is one module of this package, named in ``MENU``. Its docstring says what the payload holds and what is answered. It
declares

    answer(payload, open_subject) -> base.Reply

``payload`` is a JSON object; where it names a model, ``open_subject(payload["model"])`` opens it, which costs nothing if it
was asked a moment ago. What a person can put right is raised as UserError. The modules need torch, this file does not.
"""

from importlib import import_module
from typing import Any

from ssl_core.code_version import code_version

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
    "probe",
    "sentence_scores",
)


def kind(key: str) -> Any:
    """Return the module of the kind of question ``key``."""
    assert key in MENU, f"there is no kind of question {key!r}"
    return import_module(f"ssl_core.analysis.{key}")


HANGS_ON = (
    "analysis", "attention", "config", "corpora", "losses", "mistakes", "models", "objectives", "pretext", "runs", "shelf",
    "tokenization", "training",
)  # fmt: skip
"""All code of ours that an answer may come from; ``tests/analysis`` holds it against what is imported."""


def own_code() -> str:
    """Return what changes when the code that answers changes, or what it computes with, so that no answer outlives it."""
    return code_version(*HANGS_ON, libraries=("torch", "transformers", "tokenizers", "captum"))
