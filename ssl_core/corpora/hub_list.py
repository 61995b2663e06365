"""The texts that may be fetched from the Hugging Face hub, each at the revision that was looked at."""

from dataclasses import dataclass

from ssl_core.corpora.base import Card
from ssl_core.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class HubText:
    """Where a text lies on the hub, which of its columns we read, and how much of it."""

    card: Card
    path: str
    revision: str | None  # None only for files of this machine, as tests have them
    config: str | None = None
    split: str = "train"
    text_column: str = "text"
    label_column: str | None = None
    labels: tuple[str, ...] = ()
    max_documents: int = 50_000
    is_streamed: bool = False  # read row by row, so that no more than ``max_documents`` is ever downloaded
    data_files: tuple[str, ...] = ()


_WIKIPEDIA = "b04c8d1ceb2f5cd4588862100d08de323dccfbaa"
_SOURCE_WIKIPEDIA = N_(
    "Wikipedia's articles of 1 November 2023, from the hub's wikimedia/wikipedia; written by its volunteers."
)

TEXTS = (
    HubText(
        card=Card(
            key="hub-wikitext-2",
            title=N_("WikiText-2"),
            language="en",
            licence="CC BY-SA 3.0, GFDL",
            source=N_("Good and featured articles of Wikipedia, from the hub's Salesforce/wikitext."),
            description=N_(
                "Encyclopaedic English, a paragraph a document: the text that language models were long compared on."
            ),
            flaws=N_("Punctuation stands apart and some signs are written as @-@; headings are among the paragraphs."),
        ),
        path="Salesforce/wikitext",
        revision="b08601e04326c79dfdd32d625aee71d232d685c3",
        config="wikitext-2-raw-v1",
    ),
    HubText(
        card=Card(
            key="hub-tiny-stories",
            title=N_("TinyStories, the first 50,000"),
            language="en",
            licence="CDLA-Sharing-1.0",
            source=N_(
                "Stories in the words of a small child, written by a large model, from the hub's roneneldan/TinyStories."
            ),
            description=N_("Very simple English. Small models soon write something that makes sense."),
            flaws=N_("Written by a machine: the stories resemble each other, and end well."),
        ),
        path="roneneldan/TinyStories",
        revision="f54c09fd23315a6f9c86f9dc80f725de7d8f9c64",
        is_streamed=True,
    ),
    HubText(
        card=Card(
            key="hub-ag-news",
            title=N_("AG's news, the first 50,000"),
            language="en",
            licence=N_("not stated; for research"),
            source=N_("Beginnings of news articles from 2004 and 2005, from the hub's fancyzhx/ag_news."),
            description=N_("Short English news on four topics: world, sports, business and technology."),
            flaws=N_("Only two or three sentences of each article; names of agencies are everywhere."),
        ),
        path="fancyzhx/ag_news",
        revision="eb185aade064a813bc0b7f42de02595523103ca4",
        label_column="label",
        labels=("world", "sports", "business", "technology"),
    ),
    HubText(
        card=Card(
            key="hub-imdb",
            title=N_("Film reviews (IMDb)"),
            language="en",
            licence=N_("not stated; for research"),
            source=N_("Reviews by users of IMDb, from the hub's stanfordnlp/imdb."),
            description=N_("English reviews of films, each marked positive or negative."),
            flaws=N_("Only clear opinions were taken, so real reviews are harder to tell apart."),
        ),
        path="stanfordnlp/imdb",
        revision="e6281661ce1c48d982bc483cf8a173c1bbeb5d31",
        config="plain_text",
        label_column="label",
        labels=("negative", "positive"),
    ),
    HubText(
        card=Card(
            key="hub-wikipedia-simple",
            title=N_("Wikipedia in simple English, the first 30,000"),
            language="en",
            licence="CC BY-SA 3.0, GFDL",
            source=_SOURCE_WIKIPEDIA,
            description=N_("Encyclopaedic articles in short sentences."),
            flaws=N_("Many articles are made from one pattern: places, players, films."),
        ),
        path="wikimedia/wikipedia",
        revision=_WIKIPEDIA,
        config="20231101.simple",
        max_documents=30_000,
        is_streamed=True,
    ),
    HubText(
        card=Card(
            key="hub-wikipedia-zh",
            title=N_("Chinese Wikipedia, the first 20,000"),
            language="zh",
            licence="CC BY-SA 3.0, GFDL",
            source=_SOURCE_WIKIPEDIA,
            description=N_("Encyclopaedic Chinese of today."),
            flaws=N_("Simplified and traditional characters are mixed, often in one article."),
        ),
        path="wikimedia/wikipedia",
        revision=_WIKIPEDIA,
        config="20231101.zh",
        max_documents=20_000,
        is_streamed=True,
    ),
)
