"""Untrained networks with the words of TinyWorld, to be asked about its stories."""

from ssl_core import models
from ssl_core.analysis.base import Subject
from ssl_core.corpora.base import Document
from ssl_core.corpora.tinyworld.held_out import held_out_stories
from ssl_core.models.config import ModelConfig
from ssl_core.tokenization.characters import train_characters
from ssl_core.tokenization.whole_words import train_words
from ssl_core.tokenization.wordpiece import train_wordpiece

_STORIES = {language: held_out_stories(language, 100) for language in ("en", "zh")}
TOKENIZERS = {
    language: train_words([Document(str(number), each.text, words=each.words) for number, each in enumerate(told)], 1024)
    for language, told in _STORIES.items()
} | {
    "en pieces": train_wordpiece([each.text for each in _STORIES["en"]], 120),
    "zh characters": train_characters([each.text for each in _STORIES["zh"]], 1024),
}


def reader(family: str = "bert", tokenizer: str = "en", context_tokens: int = 128, seed: int = 0) -> Subject:
    """Return an untrained network that reads stories."""
    words = TOKENIZERS[tokenizer]
    model = models.build(
        ModelConfig(family=family, size="tiny", context_tokens=context_tokens), words.get_vocab_size(), seed
    ).eval()
    reads = "continue" if family in ("gpt2", "llama") else "fill"
    return Subject(model=model, tokenizer=words, context_tokens=context_tokens, reads=reads, step=0, num_bytes=0)
