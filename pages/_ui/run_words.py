"""What a run is and does, in words."""

from ssl_core.i18n import _
from ssl_core.runs.record import RunRecord
from ssl_core.training import phases


def phase(record: RunRecord, loss: float | None) -> tuple[str, str]:
    """Say how far the run has come, as a title and a sentence: which of the named lines its loss has passed."""
    known = record.latest("baselines")
    key = phases.phase(loss, known.payload) if loss is not None and known is not None else "start"
    return _(phases.TITLES[key]), _(phases.EXPLANATIONS[key])
