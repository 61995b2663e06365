"""How a network is asked what a pretext task wants to know, and how its answers are scored.

An objective is one module of this package; a task names its own by ``OBJECTIVE``. Several tasks may share one. It declares

    extra_parameters(spec, vocabulary) -> int          numbers learnt beside the network's own; in closed form, without torch
    heads(spec, vocabulary) -> {name: nn.Module}       the parts that hold them; they ride on the network as ``network.heads``
    look(network, batch, settings) -> base.Look        one pass: the losses, and what the measures are taken from
    asked(batch, settings) -> {name: number}           how much of each part that is learnt a batch asks for, known before it
                                                       is looked at: batches of one step are weighed by it
    measures(looks) -> {name: number}                  accuracy and the like, over all that was looked at
    COMPARES_ROWS                                      True: a row's loss depends on the rows beside it, so that held-out
                                                       text must be judged in batches of the training's size, and several
                                                       small batches never ask what one large one does
    DRAWS                                              True: ``look`` draws at random, from torch's default generator, which
                                                       the training lends the run's own numbers

and, where its parts share weights with the network,

    join(network, spec)                                ties them, once they ride on it

and, where a row of text becomes one vector that is worth something by itself,

    REPRESENTS                                         True: what its neighbours tell of labels is measured, see
                                                       ``training.labelled``
    represent(network, texts, settings) -> vectors_ND  one vector a text, from token numbers

and, where a task's examples are made with labels,

    class_shares_C(network, ids_1T, num_classes)       how likely each class is for one text

and, where lines on the loss chart depend on the network itself,

    lines(looks) -> {name: nats}                       those of ``training.baselines.Baselines`` that it takes the place of

Pages ask for ``extra_parameters``, so modules of this package import torch only inside functions.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ssl_core import models, pretext
from ssl_core.pretext.base import Vocabulary

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from ssl_core.runs.spec import RunSpec


def objective(key: str) -> Any:
    """Return the objective module of the pretext task ``key``."""
    return import_module(f"ssl_core.objectives.{pretext.task(key).OBJECTIVE}")


def parameter_count(spec: "RunSpec", vocabulary: Vocabulary) -> int:
    """Return how many numbers a run learns, heads included. Needs no torch."""
    own = models.parameter_count(spec.model, vocabulary.size_with_sentinels)
    return own + int(objective(spec.task).extra_parameters(spec, vocabulary))


def build(spec: "RunSpec", vocabulary: Vocabulary) -> "PreTrainedModel":
    """Return a run's network fresh from its random start, with the heads that its objective needs.

    The network's own weights are those of ``models.build``; the heads are drawn after them, with the same seed.
    """
    import torch
    from torch import nn

    model = models.build(spec.model, vocabulary.size_with_sentinels, spec.seed)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(spec.seed + 1)
        heads = objective(spec.task).heads(spec, vocabulary)
    if heads:
        model.heads = nn.ModuleDict(heads)
        if hasattr(objective(spec.task), "join"):
            objective(spec.task).join(model, spec)
    return model
