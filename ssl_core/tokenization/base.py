"""What a tokenised corpus is: long rows of token numbers, ready for training."""

# N tokens in a split

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer
from tokenizers.pre_tokenizers import PreTokenizer, Split

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import BoolArray, Vocabulary
from ssl_core.tokenization.spelling import spelling_of

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
"""The first tokens of every vocabulary, in this order, so that their numbers are 0 to 4."""

PAD_ID, UNK_ID, CLS_ID, SEP_ID, MASK_ID = range(5)
TokenIds = npt.NDArray[np.uint16]
GPT2_WORD = r"'(?:[sdmt]|ll|ve|re)| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s+"
"""What byte pairs and unigram pieces never cross: GPT-2's words, but with marks for letters, where GPT-2 cuts Hindi."""

SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenizedCorpus:
    """A corpus as token numbers: in each split the documents one after the other, each ended by [SEP]."""

    train_ids: TokenIds  # (N,) memory maps, as all arrays here
    validation_ids: TokenIds
    test_ids: TokenIds
    train_word_starts: BoolArray  # True where a token begins a word; all True where words are not known
    validation_word_starts: BoolArray
    test_word_starts: BoolArray
    tokenizer: Tokenizer
    vocabulary: Vocabulary
    bytes_per_token: float  # UTF-8 bytes of the validation texts for each of their tokens
    unknown_rate: float  # share of [UNK] among the validation tokens
    folder: Path
    learnt_from_characters: int = 0  # of the train part: the sample that the vocabulary was learnt from

    def require_context(self, context_tokens: int) -> None:
        """Check that each split is long enough for at least one sequence.

        Raises: UserError if it isn't.
        """
        shortest = min(len(self.train_ids), len(self.validation_ids), len(self.test_ids))
        if shortest <= context_tokens:
            raise UserError(
                N_(
                    "This text is too short for a context of {needed} tokens: its smallest part (train, validation or test) "
                    "has {found}. Use more text or a shorter context."
                ),
                needed=context_tokens,
                found=shortest,
            )


def vocabulary_of(tokenizer: Tokenizer) -> Vocabulary:
    """Return what the pretext tasks need to know of a tokenizer."""
    size = tokenizer.get_vocab_size()
    spelling = spelling_of(tokenizer)
    tokens = [tokenizer.id_to_token(token_id) or "" for token_id in range(size)]
    continues_word_V = np.array([spelling.continues(token) for token in tokens])
    ends_sentence_V = np.array([token.removeprefix("##").endswith(SENTENCE_ENDS) for token in tokens])
    return Vocabulary(
        size=size,
        special_ids=tuple(range(len(SPECIAL_TOKENS))),
        mask_id=MASK_ID,
        continues_word_V=continues_word_V if continues_word_V.any() else None,
        ends_sentence_V=ends_sentence_V if ends_sentence_V.any() else None,
        pad_id=PAD_ID,
        cls_id=CLS_ID,
        sep_id=SEP_ID,
    )


def apart_from_special_tokens() -> PreTokenizer:
    """Return what keeps "[MASK]" in a text to learn from apart from the special token, where a model lists both as pieces."""
    names = "|".join(token[1:-1] for token in SPECIAL_TOKENS)
    return Split(Regex(rf"\[(?=(?:{names})\])"), behavior="isolated")
