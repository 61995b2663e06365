"""A text as heads see it: which of its tokens stand for no word, which are the same, who may look where."""

# T tokens, V vocabulary

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from ssl_core.tokenization.spelling import spelling_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

CLS_TOKENS = ("[CLS]", "<s>")
SEP_TOKENS = ("[SEP]", "</s>", "<|endoftext|>")
PAD_TOKENS = ("[PAD]", "<pad>")
PLACEHOLDERS = ("[MASK]", "[UNK]", "<mask>", "<unk>")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One text of T tokens.

    Special tokens stand for no word: [CLS], [SEP] and the like; [MASK] and [UNK] stand for one. With ``num_repeated`` N the
    last N tokens say once more what the N before them said.
    """

    ids_T: IntArray
    is_special_T: BoolArray
    is_cls_T: BoolArray
    is_sep_T: BoolArray
    is_punctuation_T: BoolArray
    looks_back_only: bool = False
    num_repeated: int = 0

    @property
    def num_tokens(self) -> int:
        """How many tokens there are."""
        return len(self.ids_T)

    @cached_property
    def may_look_TT(self) -> BoolArray:
        """True where a token (row) may look at another (column), if the network has no windows."""
        everything_TT = np.ones((self.num_tokens, self.num_tokens), dtype=bool)
        return np.tril(everything_TT) if self.looks_back_only else everything_TT

    @property
    def has_choice_T(self) -> BoolArray:
        """True for tokens that can look at more than themselves."""
        return np.asarray(self.may_look_TT.sum(axis=1) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKinds:
    """Which tokens of a vocabulary are special, and which are marks such as commas."""

    is_special_V: BoolArray
    is_cls_V: BoolArray
    is_sep_V: BoolArray
    is_punctuation_V: BoolArray
    is_placeholder_V: BoolArray  # they stand for a word, whichever it is

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> "TokenKinds":
        """Look at each token of a vocabulary."""
        spelling = spelling_of(tokenizer)
        tokens = [tokenizer.id_to_token(token_id) or "" for token_id in range(tokenizer.get_vocab_size())]
        is_cls_V, is_sep_V, is_pad_V = (np.isin(tokens, names) for names in (CLS_TOKENS, SEP_TOKENS, PAD_TOKENS))
        return cls(
            is_special_V=is_cls_V | is_sep_V | is_pad_V,
            is_cls_V=is_cls_V,
            is_sep_V=is_sep_V,
            is_punctuation_V=np.array([is_punctuation(spelling.shown(token)) for token in tokens]),
            is_placeholder_V=np.isin(tokens, PLACEHOLDERS),
        )

    def sentence(self, ids: Sequence[int], *, looks_back_only: bool = False, num_repeated: int = 0) -> Sentence:
        """Return a text of these tokens."""
        ids_T = np.asarray(ids, dtype=np.int64)
        return Sentence(
            ids_T=ids_T,
            is_special_T=self.is_special_V[ids_T],
            is_cls_T=self.is_cls_V[ids_T],
            is_sep_T=self.is_sep_V[ids_T],
            is_punctuation_T=self.is_punctuation_V[ids_T],
            looks_back_only=looks_back_only,
            num_repeated=num_repeated,
        )


def is_punctuation(shown: str) -> bool:
    """Return whether a token, as it is written, is made of marks alone, as Unicode sorts characters (P)."""
    text = shown.strip()
    return bool(text) and all(unicodedata.category(character).startswith("P") for character in text)
