"""What a text's language is called: English, Chinese, or neither; all the same it is cut into tokens as one of the two."""

import re

from ssl_core.corpora import letters
from ssl_core.corpora.base import language_of
from ssl_core.i18n import LANGUAGES, N_, _

OTHER = N_("neither English nor Chinese")
_ENGLISH = letters.compiled(  # everyday words that other languages in Latin letters do not share
    rf"(?<![{letters.WITHIN}])(?:the|and|that|for|with|this|from|have|has|had|not|but|by|it|they|their|there|would|been|were|are|his|she|about|what|"
    r"when|who|how|which|then|than|them|into|its|said|can|could|should|these|those|your|our|because|while|after|before|only)"
    rf"(?![{letters.WITHIN}])"
)
_MIN_ENGLISH_RATE = 0.08  # English prose has 0.2 to 0.35, other languages below 0.03
_MIN_KANA_RATE = 0.2  # of all letters; Japanese has 0.4 to 0.7, Chinese none
_WORD = letters.compiled(letters.LETTERS_ONLY)
_KANA = re.compile("[\u3041-\u30ff]")


def is_other(text: str) -> bool:
    """Say whether a text is neither English nor Chinese, though ``language_of`` must count it as one of the two."""
    if language_of(text) == "zh":
        letters = "".join(_WORD.findall(text))
        return len(_KANA.findall(letters)) > _MIN_KANA_RATE * len(letters)
    return len(_ENGLISH.findall(text.lower())) < _MIN_ENGLISH_RATE * len(_WORD.findall(text))


def name_of(language: str, is_other_language: bool) -> str:
    """Return what a person is told of a text's language."""
    return _(OTHER) if is_other_language else LANGUAGES.get(language, language)
