"""Which encoding a file is in: UTF-8, UTF-16, GB18030, Big5 or Latin-1, told from the bytes alone."""

import codecs
import re

from ssl_core.corpora import other_encodings
from ssl_core.errors import UserError
from ssl_core.i18n import N_

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    (b"\x84\x31\x95\x33", "gb18030", "GB18030"),
)
_NO_TEXT = (  # how PDF, zip (Word, Excel, …), pictures, archives, RTF, old Office and SQLite files begin
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"BZh", b"{\\rtf",
    b"\xd0\xcf\x11\xe0", b"SQLite format 3", b"PAR1",
)  # fmt: skip

# Hardly any Chinese text goes without these; text read in a wrong encoding hits them by chance only.
_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经"
    "么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又"
    "關這個們來為國時會說對經過發後裡種麼學現當沒動還進樣開從實軍與長機"
    "，。、；：？！“”‘’（）《》"
)
_SAMPLE_BYTES = 200_000
_MIN_FAMILIAR_RATE = 0.1  # Chinese news has 0.3 to 0.5, Latin-1 and the wrong half of UTF-16 below 0.03
_MIN_FAMILIAR_RATE_WITH_ZEROS = 0.2  # stricter, because binary files have zeros too
_MAX_CONTROL_RATE = 0.001
_MAX_BROKEN_RATE = 0.01
_MAX_ACCENTED_RATE = 0.4  # of the letters; Icelandic has 0.1, Vietnamese 0.25; Russian or Korean taken for Latin-1 above 0.6
_MAX_KANA_RATE = 0.2  # Japanese has 0.3 to 0.6, Chinese none; its EUC-JP shares kana and marks with GB18030
_KANA = re.compile("[\u3041-\u30ff]")
_LETTERS = re.compile(r"[^\W\d_]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises: UserError if the bytes are no text, or text in an encoding that is not read here.
    """
    if data.startswith(_NO_TEXT):
        raise _binary()
    text, name = _decode_marked(data) or _decode_unmarked(data)
    if "\0" in text or len(_CONTROLS.findall(text)) > _MAX_CONTROL_RATE * len(text):
        raise _binary()
    return text, name


def _decode_marked(data: bytes) -> tuple[str, str] | None:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            text = data.decode(codec, errors="replace").removeprefix("\ufeff")
            return _unless_broken(text, name, max(1, len(text)))
    return None


def _decode_unmarked(data: bytes) -> tuple[str, str]:
    if b"\0" in data:  # no text has one in UTF-8, GB18030, Big5 or Latin-1; in UTF-16 each space has
        found = _most_familiar(data, {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}, ascii_counts=True)
        if found is None:
            raise _binary()
        return found
    return _decode_utf8(data) or _decode_chinese(data) or _decode_western(data)


def _decode_utf8(data: bytes) -> tuple[str, str] | None:
    """Accept UTF-8 with a few broken bytes too: one stray byte must not turn every accent into two signs."""
    text = data.decode("utf-8", errors="replace")
    num_beyond_ascii = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", text))
    if "\ufffd" in text and text.count("\ufffd") > _MAX_BROKEN_RATE * num_beyond_ascii:
        return None
    return text, "UTF-8"


def _decode_chinese(data: bytes) -> tuple[str, str] | None:
    names = {"gb18030": "GB18030", "cp950": "Big5", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
    return _most_familiar(data, names, ascii_counts=False)


def _decode_western(data: bytes) -> tuple[str, str]:
    sample = _sample(data)
    if not _CONTROL_BYTES.search(sample) and _accented_rate(sample) > _MAX_ACCENTED_RATE:
        raise other_encodings.refusal(sample)
    try:  # its superset, with curly quotes where Latin-1 has control characters only
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, "Latin-1"


def _accented_rate(sample: bytes) -> float:
    letters = "".join(_LETTERS.findall(sample.decode("cp1252", errors="ignore")))
    return len(_BEYOND_ASCII.findall(letters)) / max(1, len(letters))


def _most_familiar(data: bytes, codecs_to_names: dict[str, str], *, ascii_counts: bool) -> tuple[str, str] | None:
    sample = _sample(data)
    rates = {codec: _familiar_rate(sample.decode(codec, errors="replace"), ascii_counts) for codec in codecs_to_names}
    best = max(rates, key=lambda codec: rates[codec])
    if rates[best] < (_MIN_FAMILIAR_RATE_WITH_ZEROS if ascii_counts else _MIN_FAMILIAR_RATE):
        return None
    text = data.decode(best, errors="replace")
    return _unless_broken(text, codecs_to_names[best], len(text))


def _sample(data: bytes) -> bytes:
    start = _start_beyond_ascii(data)
    return data[start : start + _SAMPLE_BYTES]


def _start_beyond_ascii(data: bytes) -> int:
    """Return where a text first says something about its encoding; an even place, where a character of UTF-16 begins."""
    first = re.search(rb"[\x80-\xff]", data)
    return first.start() & ~1 if first else 0


def _familiar_rate(text: str, ascii_counts: bool) -> float:
    told = text if ascii_counts else "".join(_BEYOND_ASCII.findall(text))
    if _is_broken(text, len(told)) or len(_KANA.findall(told)) > _MAX_KANA_RATE * len(told):
        return 0.0
    return sum(1 for char in told if char in _FREQUENT or char.isascii()) / max(1, len(told))


def _unless_broken(text: str, name: str, size: int) -> tuple[str, str]:
    if _is_broken(text, size):
        raise _binary()
    return text, name


def _is_broken(text: str, size: int) -> bool:
    return text.count("\ufffd") > _MAX_BROKEN_RATE * size + 1  # a text that is cut off may end within a character


def _binary() -> UserError:
    return UserError(
        N_(
            "This file holds bytes that are no text, as PDF, Word, zip and picture files do. Save it as plain text (.txt) "
            "in UTF-8 and try again."
        )
    )
