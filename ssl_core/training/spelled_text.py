"""A text with a known grammar under a tokenizer: the machine whose states emit its very tokens."""

# B sequences, T tokens, S states

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from tokenizers import Tokenizer

from ssl_core.corpora import Corpus, Document
from ssl_core.corpora.tinyworld.floor import next_token_nats
from ssl_core.corpora.tinyworld.machine import Machine
from ssl_core.corpora.tinyworld.reduced import reduced
from ssl_core.corpora.tinyworld.spelled import spelled, with_word_starts, word_starts
from ssl_core.pretext.base import BoolArray
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import SEP_ID, TokenizedCorpus
from ssl_core.training.windows import HeldOutWindows

SAMPLES, SAMPLE_TOKENS = 500, 64
"""So much of the training text is checked to consist of the machine's words, each spelled by itself."""


@dataclass(frozen=True)
class SpelledText:
    """Windows of a tokenised text, and the machine whose states emit these tokens."""

    machine: Machine
    starts_by_spelling_S: BoolArray
    tokenized: TokenizedCorpus
    windows: HeldOutWindows

    @classmethod
    def of(cls, corpus: Corpus, tokenized: TokenizedCorpus, windows: HeldOutWindows) -> "SpelledText | None":
        """Spell the words of a corpus's machine; None if the tokens of the text are not these words, spelled one by one."""
        assert corpus.machine is not None, "asked for a text with a known grammar"
        words = corpus.machine()
        ids_of = spellings(words.words, tokenized.tokenizer)
        if ids_of is None:
            return None
        machine = spelled(words, ids_of.__getitem__, tokenized.vocabulary.size)
        text = cls(machine, word_starts(words, ids_of.__getitem__), tokenized, windows)
        return text if text._is_said_by_the_machine() else None

    @cached_property
    def plain(self) -> Machine:
        """The same stream of tokens from fewer states."""
        return reduced(self.machine)

    @cached_property
    def starts_word_S(self) -> BoolArray | None:
        """Which states begin a word, as the text has it; None where no rule we know gives its beginnings of words.

        A word begins where the machine's words do, or where a piece is not marked as going on with one, or with each token.
        """
        continues_V = self.tokenized.vocabulary.continues_word_V
        rules = [self.starts_by_spelling_S, np.ones_like(self.starts_by_spelling_S)]
        if continues_V is not None:
            rules.append(~continues_V[self.machine.token_S])
        return next((starts_S for starts_S in rules if self._begins_words_as(starts_S)), None)

    def _begins_words_as(self, starts_S: BoolArray) -> bool:
        told_BT = 2 * self.windows.ids_BT + self.windows.starts_word_BT
        return bool(np.isfinite(next_token_nats(with_word_starts(self.machine, starts_S), told_BT)).all())

    def _is_said_by_the_machine(self) -> bool:
        """Say whether the windows are possible, and others from all over the training text."""
        ids = self.tokenized.train_ids
        length = min(SAMPLE_TOKENS, len(ids))
        begins = np.linspace(0, len(ids) - length, SAMPLES).astype(np.int64)
        sample_BT = ids[begins[:, None] + np.arange(length)].astype(np.int64)
        return all(np.isfinite(next_token_nats(self.plain, each)).all() for each in (self.windows.ids_BT, sample_BT))


def spellings(words: Sequence[str], tokenizer: Tokenizer) -> dict[str, list[int]] | None:
    """Return the tokens of each word of a text, blanks included; the first word, the separator, is [SEP].

    A word that never begins a text is read behind another: a mark behind a word, " word" behind a mark. None if the two
    grow together, or if a word has no tokens.
    """
    before = {word: "" if word[:1].isalnum() else "a" if word.strip() == word else "." for word in words[1:]}
    texts = [("a",), (".",), *((context, word) if context else (word,) for word, context in before.items())]
    documents = [Document(id="", text="".join(text), words=text) for text in texts]
    encoded = [ids_N.tolist() for ids_N, _starts_N in kinds.encode(tokenizer, documents)]
    ids_before = {"": [], "a": encoded[0], ".": encoded[1]}
    ids_of = {words[0]: [SEP_ID]}
    for (word, context), ids in zip(before.items(), encoded[2:], strict=True):
        length = len(ids_before[context])
        if ids[:length] != ids_before[context] or len(ids) == length:
            return None
        ids_of[word] = ids[length:]
    return ids_of
