"""Encodings that are not read here but can be named, so that whoever has such a file knows what to do."""

import re

from ssl_core.errors import UserError
from ssl_core.i18n import N_

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_TELLTALES = (  # codec, name, letters that its texts are full of, and how many of the characters beyond ASCII they are at least
    ("shift_jis", "Shift-JIS", re.compile("[\u3041-\u309f]"), 0.2),
    ("euc_jp", "EUC-JP", re.compile("[\u3041-\u309f]"), 0.2),
    ("euc_kr", "EUC-KR", re.compile("[\uac00-\ud7a3]"), 0.8),
    ("cp1251", "Windows-1251", re.compile("[оеаинтсрвл]"), 0.5),
    ("koi8_r", "KOI8-R", re.compile("[оеаинтсрвл]"), 0.5),
)
_MAX_BROKEN_RATE = 0.01


def refusal(sample: bytes) -> UserError:
    """Return the message for a text in an encoding that is not read here, with the encoding's name where it shows."""
    name = name_of(sample)
    if name is None:
        return UserError(
            N_(
                "This file is in an encoding that can't be told; UTF-8, UTF-16, GB18030, Big5 and Latin-1 are read here. Save "
                "it as UTF-8 and try again."
            )
        )
    return UserError(N_("This file looks like {name}, which is not read here. Save it as UTF-8 and try again."), name=name)


def name_of(sample: bytes) -> str | None:
    """Return the encoding in which the bytes are full of just the letters that its texts are full of, if there is one."""
    for codec, name, letters, least in _TELLTALES:
        text = sample.decode(codec, errors="replace")
        num_beyond = len(_BEYOND_ASCII.findall(text))
        is_whole = text.count("\ufffd") <= _MAX_BROKEN_RATE * num_beyond + 1  # the sample may end within a character
        if is_whole and num_beyond and len(letters.findall(text)) >= least * num_beyond:
            return name
    return None
