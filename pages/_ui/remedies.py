"""What may help after a failure: most runs fail for want of memory, so the next one asks for less."""

from dataclasses import replace

from ssl_core.i18n import _
from ssl_core.models.config import SIZES
from ssl_core.runs.spec import RunSpec


def best(spec: RunSpec) -> tuple[str, RunSpec]:
    """Return a few words and the run to try instead: half the batch, or else a smaller model, or else less context."""
    if spec.training.batch_size > 1:
        smaller = replace(spec.training, batch_size=spec.training.batch_size // 2, pace=())
        return _("Run again with half the batch"), replace(spec, training=smaller)
    sizes = list(SIZES)
    if spec.model.size != sizes[0]:
        network = replace(spec.model, size=sizes[sizes.index(spec.model.size) - 1])
        return _("Run again with a smaller model"), replace(spec, model=network)
    shorter = max(8, spec.model.context_tokens // 16 * 8)
    return _("Run again with half the context"), replace(spec, model=replace(spec.model, context_tokens=shorter))
