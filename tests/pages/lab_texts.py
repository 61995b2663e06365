"""Texts that a reader may type, and that nothing may break on."""

from tests.pages.opening import HOSTILE

BAD = {
    "empty": "",
    "blanks": " \n\t ",
    "one token": "the",
    "ten thousand tokens": "the film was good . " * 2500,
    "emoji": "I ❤️ this 👍🏽 👩‍👩‍👧 🇨🇳!",
    "right to left": "السلام עליכם hello",
    "only punctuation": "... !!! ??? ,,,",
    "mixed scripts": "BERT模型 и ещё कुछ 3.14",
    "all special": "[MASK] [SEP] [UNK] [PAD]",
    "unknown only": "饕餮魑魅魍魉",
    "one character": "。",
    "hostile": HOSTILE,
}
