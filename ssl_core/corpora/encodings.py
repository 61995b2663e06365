"""Which encoding a file is in: UTF-8, UTF-16, GB18030 or Latin-1, told from the bytes alone."""

import codecs
import re

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
_SAMPLE = 100_000
_MIN_FAMILIAR_RATE = 0.1  # Chinese news has 0.3 to 0.5, Latin-1 and the wrong half of UTF-16 below 0.03
_MIN_FAMILIAR_RATE_WITH_ZEROS = 0.2  # stricter, because binary files have zeros too
_MAX_CONTROL_RATE = 0.001
_MAX_BROKEN_RATE = 0.01
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises: UserError if the bytes are no text in any encoding known here.
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
    if b"\0" in data:  # no text has one in UTF-8, GB18030 or Latin-1; in UTF-16 each space has
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
    return _most_familiar(data, {"gb18030": "GB18030", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}, ascii_counts=False)


def _decode_western(data: bytes) -> tuple[str, str]:
    try:  # its superset, with curly quotes where Latin-1 has control characters only
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, "Latin-1"


def _most_familiar(data: bytes, codecs_to_names: dict[str, str], *, ascii_counts: bool) -> tuple[str, str] | None:
    readings = []
    for codec, name in codecs_to_names.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        readings.append((_familiar_rate(text[:_SAMPLE], ascii_counts), text, name))
    needed = _MIN_FAMILIAR_RATE_WITH_ZEROS if ascii_counts else _MIN_FAMILIAR_RATE
    best = max(readings, key=lambda reading: reading[0], default=(0.0, "", ""))
    return (best[1], best[2]) if best[0] >= needed else None


def _familiar_rate(text: str, ascii_counts: bool) -> float:
    told = text if ascii_counts else "".join(re.findall(r"[^\x00-\x7f]", text))
    familiar = sum(1 for char in told if char in _FREQUENT or char.isascii())
    return familiar / max(1, len(told))


def _unless_broken(text: str, name: str, size: int) -> tuple[str, str]:
    if text.count("\ufffd") > _MAX_BROKEN_RATE * size:
        raise _binary()
    return text, name


def _binary() -> UserError:
    return UserError(
        N_(
            "This file holds bytes that are no text, as PDF, Word, zip and picture files do. Save it as plain text (.txt) "
            "in UTF-8 and try again."
        )
    )
