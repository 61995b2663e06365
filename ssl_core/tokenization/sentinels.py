"""Tokens that only a pretext task uses, in the tokenizer that goes with an exported network.

While a network is trained its tokenizer knows nothing of them: their numbers follow those of its vocabulary.
"""

import json

from tokenizers import AddedToken, Tokenizer

BEGIN = "<extra_id_"
"""So T5 calls its sentinels, which count from 0."""


def with_sentinels(tokenizer: Tokenizer, num_sentinels: int) -> Tokenizer:
    """Return a tokenizer that reads ``<extra_id_0>`` and so on as sentinels; the one given stays as it is."""
    if num_sentinels <= 0:
        return tokenizer
    whole = Tokenizer.from_str(tokenizer.to_str())
    whole.add_special_tokens([AddedToken(f"{BEGIN}{number}>", special=True) for number in range(num_sentinels)])
    return whole


def without_sentinels(tokenizer: Tokenizer) -> Tokenizer:
    """Return the tokenizer as it was before ``with_sentinels``."""
    told = json.loads(tokenizer.to_str())
    own = [each for each in told["added_tokens"] if not each["content"].startswith(BEGIN)]
    if len(own) == len(told["added_tokens"]):
        return tokenizer
    return Tokenizer.from_str(json.dumps({**told, "added_tokens": own}))
