"""How text is cut into tokens: settings."""

from dataclasses import dataclass

from ssl_core.config import Config, knob
from ssl_core.i18n import N_

KINDS = {
    "wordpiece": N_("WordPiece (frequent words whole, rare ones in pieces)"),
    "bpe": N_("byte-level BPE (frequent pairs of bytes joined, again and again)"),
    "unigram": N_("Unigram (the likeliest pieces, as in SentencePiece)"),
    "character": N_("one token a character"),
    "word": N_("one token a word"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenizerConfig(Config):
    """The tokenizer's kind and vocabulary."""

    kind: str = knob("wordpiece", N_("Tokenizer"), N_("How words become tokens."), choices=KINDS)
    vocabulary_size: int = knob(
        1024, N_("Vocabulary"), N_("How many different tokens there are; rarer ones become pieces or [UNK]."),
        minimum=64, maximum=32768, step=64, unit=N_("tokens"),
    )  # fmt: skip
