"""The lines of a run, as it measures them on its own validation set before its first step."""

import numpy as np
import numpy.typing as npt

from ssl_core import pretext
from ssl_core.pretext.base import Vocabulary
from ssl_core.runs.spec import RunSpec
from ssl_core.training import baselines
from ssl_core.training.baselines import Baselines
from ssl_core.training.config import IN_USE
from ssl_core.training.evaluation import HeldOut


def measured(spec: RunSpec, train_ids: npt.NDArray[np.integer], held_out: HeldOut, vocabulary: Vocabulary) -> Baselines:
    """Measure the lines at exactly the positions and in exactly the batches of ``held_out``.

    Where text is read as in use, nothing is hidden, so nothing follows from how it would be.
    """
    is_in_use = spec.training.judged == IN_USE
    return baselines.measure(
        train_ids,
        held_out.ids_BT,
        held_out.examples,
        vocabulary,
        corruption=None if is_in_use else pretext.corruption(spec.task, spec.task_settings),
        texts_at_once=[each.num_texts for each in held_out.batches],
    )
