"""Which network: model families as Hugging Face configurations, by size.

A family is one module of this package, named in ``config.FAMILIES``. It declares

    TITLE, SIZES                                       what it is called, and ``sizes.Size`` by name
    NORMS                                              "before" or "after": where the norms stand, seen from what a layer adds
    parameter_count(config, vocabulary_size) -> int    in closed form, without torch
    build(config, vocabulary_size)                     the network, its weights drawn from torch's default generator
    hidden_BTD(model, ids_BT)                          the last layer's vectors; a family that looks back only also takes a
                                                       ``past.Past``, to read on from; one that sees both sides also takes
                                                       ``segments_BT`` and ``is_padding_BT``
    logits_NV(model, hidden_ND)                        scores for every token of the vocabulary
    decoded_BUD(model, ids_BT, decoder_ids_BU,         only where an encoder reads and a decoder writes: the decoder's last
                is_padding_BT)                         vectors; ``hidden_BTD`` then gives the encoder's
    asked_ND(model, ids_BT, positions_N, ranks_BT)     only where places are asked by queries of their own, which do not know
                                                       the tokens there: what these find out; see ``xlnet``
"""

# B batch, T tokens, Q new tokens, N predicted positions, D width, V vocabulary

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models.config import FAMILIES, ModelConfig

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

    from ssl_core.models.past import Past
    from ssl_core.runs.spec import RunSpec


def family(key: str) -> Any:
    """Return the module of the model family ``key``.

    Raises: UserError if there is no such family.
    """
    if key not in FAMILIES:
        raise UserError(
            N_("Unknown model family {key!r}; choose one of {known}."), key=str(key)[:80], known=", ".join(FAMILIES)
        )
    return import_module(f"ssl_core.models.{key}")


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Return how many numbers the network learns; shared (tied) ones count once. Needs no torch."""
    return int(family(config.family).parameter_count(config, vocabulary_size))


def estimated_seconds_per_step(spec: "RunSpec", vocabulary_size: int, device: str = "cpu") -> float:
    """Return how long a step will take: as measured in an earlier run of this kind here, else a rough guess.

    ``device`` is "cpu", "cuda" or "mps"; what follows it (a name, a number) is left out. Needs no torch.
    """
    from ssl_core.models import speed

    kind = next((each for each in speed.FLOPS if device.startswith(each)), "cpu")
    name = speed.key(spec, kind)
    known = speed.measured().get(name)
    return known if known is not None else speed.guessed_seconds_per_step(spec, vocabulary_size, kind)


def build(config: ModelConfig, vocabulary_size: int, seed: int) -> "PreTrainedModel":
    """Return a network fresh from its random start; the same seed gives the same weights.

    Hugging Face draws weights from torch's default generator. That generator is seeded here and put back afterwards:
    the only place that touches it for a start.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return family(config.family).build(config, vocabulary_size)  # type: ignore[no-any-return]


def predict(model: "PreTrainedModel", seen_ids_BT: "torch.Tensor", positions_N: "torch.Tensor") -> "torch.Tensor":
    """Return logits_NV at chosen positions only, so that nothing is spent on tokens that are not predicted.

    ``positions_N`` counts through the batch row by row: position ``b * T + t``.
    """
    from torch.nn import functional

    kind = family(model.config.model_type)
    if hasattr(kind, "asked_ND"):
        return kind.logits_NV(model, kind.asked_ND(model, seen_ids_BT, positions_N))  # type: ignore[no-any-return]
    hidden_BTD = kind.hidden_BTD(model, seen_ids_BT)
    # a look-up of rows, as ``index_select``, whose gradient on CUDA would add up in another order each time
    hidden_ND = functional.embedding(positions_N, hidden_BTD.flatten(0, 1))
    return kind.logits_NV(model, hidden_ND)  # type: ignore[no-any-return]


def write_after(
    model: "PreTrainedModel", seen_ids_BT: "torch.Tensor", decoder_ids_BU: "torch.Tensor", positions_N: "torch.Tensor"
) -> "torch.Tensor":
    """Return logits_NV of what a decoder writes next at chosen positions, having read the encoder's text and its own.

    ``positions_N`` counts through ``decoder_ids_BU`` row by row: position ``b * U + u``. Nobody sees padding.
    """
    from torch.nn import functional

    kind = family(model.config.model_type)
    is_padding_BT = seen_ids_BT == model.config.pad_token_id
    hidden_BUD = kind.decoded_BUD(model, seen_ids_BT, decoder_ids_BU, is_padding_BT if bool(is_padding_BT.any()) else None)
    return kind.logits_NV(model, functional.embedding(positions_N, hidden_BUD.flatten(0, 1)))  # type: ignore[no-any-return]


def read_on(model: "PreTrainedModel", new_ids_BQ: "torch.Tensor", past: "Past") -> "torch.Tensor":
    """Return logits_BV for the token that follows each row, which goes on from ``past`` with ``new_ids_BQ``."""
    kind = family(model.config.model_type)
    return kind.logits_NV(model, kind.hidden_BTD(model, new_ids_BQ, past)[:, -1])  # type: ignore[no-any-return]
