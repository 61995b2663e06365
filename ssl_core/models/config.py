"""Which network is trained, and how large: settings that need no torch."""

from dataclasses import dataclass

from ssl_core.config import Config, knob
from ssl_core.i18n import N_

FAMILIES = {
    "bert": N_("BERT (learned positions, every token sees every other)"),
    "roberta": N_("RoBERTa (as BERT, but without segments)"),
    "albert": N_("ALBERT (as BERT, but all layers are one)"),
    "electra": N_("ELECTRA (as BERT; a small one challenges a large one)"),
    "modernbert": N_("ModernBERT (rotary positions, a sliding window)"),
    "gpt2": N_("GPT-2 (learned positions, looks back only)"),
    "llama": N_("Llama-style decoder (rotary positions, looks back only)"),
    "xlnet": N_("XLNet (distances, and an order drawn anew each time)"),
    "t5": N_("T5 (reads with an encoder, writes with a decoder; distances)"),
    "bart": N_("BART (reads with an encoder, writes with a decoder; learned positions)"),
}
SIZES = {"tiny": N_("tiny"), "small": N_("small"), "shelf": N_("as on the shelf"), "medium": N_("medium")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig(Config):
    """The network's family, size and dropout."""

    family: str = knob("modernbert", N_("Model family"), N_("Which kind of Transformer is trained."), choices=FAMILIES)
    size: str = knob("small", N_("Model size"), N_("Width and depth. Larger learns more per token, but slower."), choices=SIZES)
    context_tokens: int = knob(
        64, N_("Context length"), N_("How many tokens the model sees at once."),
        minimum=8, maximum=512, step=8, unit=N_("tokens"),
    )  # fmt: skip
    local_attention: int = knob(
        4, N_("Attention window"),
        N_("ModernBERT only: each token sees this many neighbours in all, half on each side. 0 lets it see everything."),
        minimum=0, maximum=512, step=2, unit=N_("tokens"), advanced=True,
    )  # fmt: skip
    global_every: int = knob(
        0, N_("A layer that sees everything"),
        N_("ModernBERT only: every so many layers one has no window. 0: none; the network then learns fastest at first."),
        minimum=0, maximum=12, step=1, unit=N_("layers"), advanced=True,
    )  # fmt: skip
    dropout: float = knob(
        0.0, N_("Dropout"), N_("Share of activations switched off at random while training. 0 is best for one short pass."),
        minimum=0.0, maximum=0.6, step=0.05, advanced=True,
    )  # fmt: skip
