"""Texts that tokenizers stumble over, and small corpora to train them on."""

from ssl_core import corpora
from ssl_core.corpora.base import Document

TRICKY = {
    "plain": "The film was wonderful.",
    "spaces": "  two  spaces   three\tand a tab\n\nand an empty line ",
    "digits": "In 2004 it was 1,234,567.89 or 3.14159 at 10:30.",
    "emoji": "I ❤️ it 👍🏽 👩‍👩‍👧 🇨🇳!",
    "code": "def f(x):\n    return {'a': x**2}  # squared",
    "accents": "naïve café, Übung, ﬁne, e\u0301",
    "chinese": "小明在公园里看了一本书，很有意思。",
    "mixed": "BERT模型用了 1.1 亿个参数（parameters）。",
    "rare": "antidisestablishmentarianism 饕餮",
    "special": "[MASK] and [SEP] [UNK]",
    "marks": "##ing ▁the Ġthe <0xE4> </w>",
    "apostrophes": "don't can't it's 'quoted' dogs'",
}


def some(key, num_documents=120):
    """Return the first documents of a corpus."""
    return list(corpora.load(key).documents()[:num_documents])


def bare(documents):
    """Return documents whose words nobody marked."""
    return [Document(each.id, each.text) for each in documents]


def tokens_of(tokenizer, ids=None):
    """Return the tokens of some numbers, or all there are."""
    return [tokenizer.id_to_token(int(token_id)) for token_id in (range(tokenizer.get_vocab_size()) if ids is None else ids)]
