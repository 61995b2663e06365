"""How fast a run will be on this machine, and whether its budget takes it far enough: what the live page says before Start."""

from dataclasses import dataclass

import streamlit as st

from pages._ui import recordings
from ssl_core.engine import client
from ssl_core.runs import fitting
from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec
from ssl_core.training import estimates
from ssl_core.training.estimates import Milestones, Pace

UNKNOWN = Milestones(plateau=None, bigram=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How many steps a run takes here, and how many it needs to pass a baseline (a key of the baselines)."""

    steps: float
    needed: int
    line: str

    @property
    def is_enough(self) -> bool:
        """Whether the run gets there."""
        return self.steps >= self.needed


def of(spec: RunSpec) -> Pace | None:
    """Return how long a step takes on this machine, or None where nothing was measured on it yet."""
    return estimates.pace(spec, num_tokens(spec), _device())


def is_measured_by_engine() -> bool:
    """Return whether the engine finds out by itself how fast runs are; elsewhere the first run tells."""
    return _device() == "cpu"


def num_tokens(spec: RunSpec) -> int:
    """Return how many tokens a run's text has, where a recording tells; else how many it may have."""
    recorded = recordings.with_same_vocabulary(spec)
    started = recorded.latest("started") if recorded is not None else None
    return int(started.payload["vocabulary"]) if started is not None else spec.tokenizer.vocabulary_size


def milestones(spec: RunSpec, recorded: RunRecord | None) -> Milestones:
    """Return when a run passes its baselines, by a recording for which they are the same; unknown without one."""
    if recorded is None or spec.start or spec.mistake or not fitting.has_same_baselines(spec, recorded.spec):
        return UNKNOWN
    return estimates.milestones(recorded)


def outlook(spec: RunSpec, recorded: RunRecord | None) -> Outlook | None:
    """Return the first baseline that a run won't pass in its budget on this machine, else the last that it passes.

    None where nothing was measured here, or no recording tells.
    """
    pace, known = of(spec), milestones(spec, recorded)
    if pace is None:
        return None
    return ahead(known, estimates.steps_within(spec, pace))


def ahead(known: Milestones, steps: float) -> Outlook | None:
    """Return the first baseline that so many steps don't pass, else the last that they pass; None where none is known."""
    lines = (("unigram_nats", known.plateau), ("bigram_nats", known.bigram))
    found = [Outlook(steps=steps, needed=estimates.enough(needed), line=line) for line, needed in lines if needed is not None]
    return next((each for each in found if not each.is_enough), found[-1] if found else None)


def shortage(spec: RunSpec, recorded: RunRecord | None) -> Outlook | None:
    """Return which baseline a run won't pass in its budget on this machine; None where it passes all, or nobody knows."""
    found = outlook(spec, recorded)
    return None if found is None or found.is_enough else found


@st.cache_data(ttl=5, show_spinner=False)
def _device() -> str:
    return client.engine_state().device or "cpu"
