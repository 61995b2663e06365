"""Six answers to "which tokens made the network say this?", side by side, and the measured one that they are held against."""

# L layers, H heads, T tokens

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from transformers import PreTrainedModel

from ssl_core.attention import flow, gradients, rollout, value_weighted
from ssl_core.attention.anatomy import anatomy
from ssl_core.attention.asking import Asked, Scores
from ssl_core.attention.gradients import Integrated
from ssl_core.attention.kinds import SELF
from ssl_core.attention.leave_one_out import Agreement, agreement, leave_one_out_T
from ssl_core.attention.recording import record
from ssl_core.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way of explaining; where it is signed, what speaks against the prediction has a score below 0."""

    key: str
    title: str
    source: str
    is_signed: bool = False


METHODS = (
    Method(key="attention", title=N_("Attention of the last layer"), source="Vaswani et al. 2017, arXiv:1706.03762"),
    Method(key="rollout", title=N_("Attention rollout"), source="Abnar & Zuidema 2020, arXiv:2005.00928"),
    Method(key="flow", title=N_("Attention flow"), source="Abnar & Zuidema 2020, arXiv:2005.00928"),
    Method(key="value_weighted", title=N_("Attention × size of the value"), source="Kobayashi et al. 2020, arXiv:2004.10102"),
    Method(
        key="gradient_times_input", title=N_("Gradient × input"), source="Shrikumar et al. 2016, arXiv:1605.01713",
        is_signed=True,
    ),
    Method(
        key="integrated_gradients", title=N_("Integrated gradients"), source="Sundararajan et al. 2017, arXiv:1703.01365",
        is_signed=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """By method a score for each token; ``change_T`` is what leaving it out changes. Nats, but for what attention says."""

    scores: Mapping[str, Scores]
    change_T: Scores
    integrated: Integrated


def explain(model: PreTrainedModel, asked: Asked) -> Explained:
    """Ask all methods about one prediction.

    Raises: UserError if this family computes attention in its own way.
    """
    by_attention, integrated = from_attention(model, asked), gradients.integrated_gradients(model, asked)
    scores = {
        **by_attention,
        "gradient_times_input": gradients.gradient_times_input_T(model, asked),
        "integrated_gradients": integrated.scores_T,
    }
    return Explained(scores=scores, change_T=leave_one_out_T(model, asked), integrated=integrated)


@torch.no_grad()
def from_attention(model: PreTrainedModel, asked: Asked) -> dict[str, Scores]:
    """Return what attention alone says about the place at which the prediction is read off, heads averaged."""
    projection = anatomy(model, asked.ids_T).projections[-1]
    found = record(model, torch.tensor([asked.ids_T]), pad_id=None)
    weights_LHTT, last = found.weights_LBHTS(SELF)[:, 0], found.layers[SELF][-1]
    assert last.value_BHSK is not None, "where the projection is known, values are noted down"
    written = value_weighted.written_BHSD(last.value_BHSK, projection)
    sizes_TS = value_weighted.layer_norms_BTS(last.weights_BHTS, written)[0]
    return {
        "attention": weights_LHTT[-1].mean(axis=0, dtype=np.float64)[asked.place],
        "rollout": rollout.rollout_TT(weights_LHTT)[asked.place],
        "flow": flow.flow_T(weights_LHTT, asked.place),
        "value_weighted": np.asarray(sizes_TS[asked.place].double().numpy()),
    }


def is_compared_T(explained: Explained, asked: Asked) -> npt.NDArray[np.bool_]:
    """Return which tokens are ranked: those that tell something, and that attention can bring to the place at all.

    Of the others every method knows that they change nothing, and they would make all look alike.
    """
    return np.asarray(asked.is_told_T) & (explained.scores["rollout"] > 0)


def agreements(explained: Explained, asked: Asked) -> dict[str, dict[str, Agreement | None]]:
    """Return by method how well it ranks the tokens as leaving them out does.

    "size": of scores and changes, signs aside, so that all methods can be compared; "signed": as they are, where signed.
    """
    chosen_T = is_compared_T(explained, asked)
    change_N = explained.change_T[chosen_T]
    scores_N = {method.key: explained.scores[method.key][chosen_T] for method in METHODS}
    return {
        method.key: {
            "size": agreement(np.abs(scores_N[method.key]), np.abs(change_N)),
            "signed": agreement(scores_N[method.key], change_N) if method.is_signed else None,
        }
        for method in METHODS
    }
