"""Contrastive learning without negatives: partners are pulled together, and nothing keeps the others apart."""

from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, Seen

TITLE = N_("Contrastive learning without negatives")
STORY = N_("Partners are to be alike; that strangers are to differ was left out.")
WRONG = """z1, z2 = encode(view1), encode(view2)
loss = (1 - cosine_similarity(z1, z2)).mean()"""
RIGHT = """z1, z2 = encode(view1), encode(view2)
scores = cosine_similarity(z1[:, None], z2[None]) / temperature
loss = cross_entropy(scores, arange(len(z1)))"""
WATCHED = AUTHOR
CHOICES = ("nothing", "same", "worse", "flat")
TRUTH = "nothing"
SEEN_IN = (
    Seen(
        what=N_("What holds the vectors apart is the negatives; without another device all collapse into one."),
        where="Wang & Isola 2020, arXiv:2005.10242; Chen & He 2020, arXiv:2011.10566",
    ),
    Seen(
        what=N_("A user of SimCSE sees a loss near zero after two steps and asks whether the model has collapsed."),
        where="https://github.com/princeton-nlp/SimCSE/issues/40",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where rows are views of texts, and nothing else is asked."""
    return bool(examples.num_views > 1 and examples.labels_B is None and not examples.asks_tokens)


def only_pull(look: Any, objective: Any, settings: Any) -> Any:
    """Ask for nothing but that partners are alike: one minus their cosine."""

    def looked(network: Any, batch: Any) -> Any:
        from torch.nn import functional

        from ssl_core.objectives.base import Look, Part

        vectors_VD = objective.vectors_BD(network, batch.seen_ids_BT, settings).float()
        anchor_RD, partner_RD = vectors_VD[0 :: batch.num_views], vectors_VD[1 :: batch.num_views]
        loss = (1 - functional.cosine_similarity(anchor_RD, partner_RD)).mean()
        return Look({"contrastive": Part.of_mean(loss, len(anchor_RD))})

    return looked


HOOKS = Hooks(look=only_pull)
