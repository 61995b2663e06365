"""Which heads are missed: the loss on held-out text without each, and with one after the other gone.

Payload:  "model";  "instead": "zero" (unless told) or "mean", see ``ablation``;  "num_sequences" of the model's own validation
          text (about 2,000 tokens unless told, fewer if it has many heads);  "with_curves" (True unless told): they take as
          long as the rest, or longer;  "num_random" orders drawn at random (3 unless told).
Values:   "reads", "step", "num_layers", "num_heads", "instead", "num_sequences", "num_asked" tokens, "loss_nats" with all
          heads, "without_LH", the loss when one head is silent (rows are layers), "ranking": [layer, head] from the head that
          is missed most, and the curves "pruned" (least missed first) and "at_random" (a list): each "order", "num_gone" and
          "loss_nats", on test text, which had no say in the order; None and [] where no curves were asked for.

A head that is not missed may still do something: another may do the same. That is what the curve shows.
"""

# L layers, H heads

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ssl_core.analysis import validation_text
from ssl_core.analysis.ablation import instead_of
from ssl_core.analysis.base import OpenSubject, Reply
from ssl_core.attention import switching

NUM_RANDOM, MOST_RANDOM = 3, 10
SEED = 20_19_05


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Rank all heads by what their absence costs, and prune them in that order.

    Raises: UserError if the model is none, its heads can't be silenced, or its text is gone.
    """
    subject = open_subject(payload["model"])
    subject.require_words()
    model, heads, instead = subject.model, switching.every_head(subject.model), instead_of(payload)
    batches = validation_text.held_out(subject, payload.get("num_sequences")).batches
    means_LHK = switching.mean_outputs_LHK(model, batches) if instead == "mean" else None
    without_LH = switching.losses_without_each_LH(model, batches, means_LHK)
    order = switching.least_important_first(without_LH)
    pruned, at_random = None, []
    if payload.get("with_curves", True):
        num_random = min(int(payload.get("num_random", NUM_RANDOM)), MOST_RANDOM)
        random_orders = switching.random_orders(heads, num_random, np.random.default_rng(SEED))
        others = validation_text.held_out(subject, payload.get("num_sequences"), "test").batches
        pruned, *at_random = [asdict(switching.prune(model, others, each, means_LHK)) for each in (order, *random_orders)]
    values = {
        "reads": subject.reads,
        "step": subject.step,
        "num_layers": heads[-1][0] + 1,
        "num_heads": heads[-1][1] + 1,
        "instead": instead,
        "num_sequences": sum(len(each.seen_ids_BT) for each in batches),
        "num_asked": sum(len(each.target_ids_N) for each in batches),
        "loss_nats": switching.loss_nats(model, batches, {}),
        "without_LH": without_LH.tolist(),
        "ranking": [list(head) for head in reversed(order)],
        "pruned": pruned,
        "at_random": at_random,
    }
    return Reply(values=values)
