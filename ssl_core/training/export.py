"""The trained network in the form that everybody's tools read: ``save_pretrained``, with its tokenizer."""

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.paths import written_whole
from ssl_core.tokenization.sentinels import with_sentinels

SPECIAL_TOKENS = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}

HEADS, HEADS_FILE, WEIGHTS_FILE = "heads.", "heads.safetensors", "model.safetensors"
"""What an objective put on the network stands in a file of its own, so that everybody's tools find what they expect."""


def save(
    folder: Path,
    model: PreTrainedModel,
    tokenizer: Tokenizer,
    context_tokens: int,
    *,
    dtype: torch.dtype = torch.float32,
) -> None:
    """Write config, weights (safetensors) and tokenizer; ``AutoModelForMaskedLM`` or ``…CausalLM`` reads them back.

    ``folder`` must not exist yet. ``dtype`` is that of the numbers in the file.
    """
    whole = with_sentinels(tokenizer, model.config.vocab_size - tokenizer.get_vocab_size())
    wrapped = PreTrainedTokenizerFast(tokenizer_object=whole, model_max_length=context_tokens, **SPECIAL_TOKENS)  # type: ignore[no-untyped-call]
    with written_whole(folder) as partial:
        weights = _copied(model, dtype)
        heads = {name: weights.pop(name) for name in list(weights) if name.startswith(HEADS)}
        kept = {id(each) for each in weights.values()}  # what a head shares with the network is written there
        heads = {name: each.clone() for name, each in heads.items() if id(each) not in kept}  # this file knows no tie
        model.save_pretrained(partial, state_dict=weights)
        if heads:
            save_file(heads, partial / HEADS_FILE)
        wrapped.save_pretrained(partial)


def _copied(model: PreTrainedModel, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Return the weights by name; what is shared (tied) stays one, so that it is written once."""
    copies: dict[int, torch.Tensor] = {}
    return {
        name: copies.setdefault(value.data_ptr(), value.detach().cpu().to(dtype, copy=True))
        for name, value in model.state_dict().items()
    }


@torch.no_grad()
def load_weights(folder: Path, model: PreTrainedModel) -> None:
    """Fill a network of the same shape with the weights that ``save`` wrote.

    Raises: UserError if they are not there or belong to another network.
    """
    try:
        for name, value in model.named_parameters():  # shared (tied) ones come once, and are in the file once
            with safe_open(folder / (HEADS_FILE if name.startswith(HEADS) else WEIGHTS_FILE), framework="pt") as file:
                value.copy_(file.get_tensor(name))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise UserError(N_("The weights of this run can't be read: {reason}"), reason=str(error)[:300]) from error
