"""What may help after a failure: most runs fail for want of memory, so the next one asks for less."""

from dataclasses import replace

from pages._ui import run_reading
from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.models.config import SIZES
from ssl_core.runs import starts
from ssl_core.runs.spec import RunSpec


def best(spec: RunSpec) -> tuple[str, RunSpec]:
    """Return a few words and the run to try instead: half the batch, or else a smaller model, or else less context.

    Where the trained weights are gone that the run starts from, it is the same run from random ones.
    """
    from_random = replace(spec, start="", start_step=None)
    if not _has_start(spec):
        return _("Run again from random weights"), from_random
    if spec.training.batch_size > 1:
        smaller = replace(spec.training, batch_size=spec.training.batch_size // 2, pace=())
        return _("Run again with half the batch"), replace(spec, training=smaller)
    sizes = list(SIZES)
    if spec.model.size != sizes[0]:
        network = replace(spec.model, size=sizes[sizes.index(spec.model.size) - 1])
        return _("Run again with a smaller model"), replace(from_random, model=network)
    shorter = max(8, spec.model.context_tokens // 16 * 8)
    return _("Run again with half the context"), replace(from_random, model=replace(spec.model, context_tokens=shorter))


def _has_start(spec: RunSpec) -> bool:
    try:
        starts.check(run_reading.store(), spec)
    except UserError:
        return False
    return True
