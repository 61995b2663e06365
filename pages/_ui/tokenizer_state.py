"""What the tokenizers page shows, kept in the URL: a text, what is learned from, how large, and whose tokenizers."""

from dataclasses import dataclass

import streamlit as st

from pages._ui import address, run_reading, run_words
from ssl_core import corpora, shelf
from ssl_core.corpora import Card, hub
from ssl_core.i18n import N_, _, current_language
from ssl_core.tokenization import elsewhere
from ssl_core.tokenization.config import KINDS, TokenizerConfig
from ssl_core.tokenization.statistics import SIZES

TEXT, CORPUS, SIZE, PLACES = "text", "corpus", "size", ("a", "b", "c")
MAX_CHARACTERS = 400
RUN, MODEL, NONE = "run-", "model-", "none"
SHORT = {
    "wordpiece": N_("WordPiece"),
    "bpe": N_("BPE"),
    "unigram": N_("Unigram"),
    "character": N_("characters"),
    "word": N_("words"),
}
_DEFAULTS = {"en": ("bbc-news", 1024, "wordpiece", "bpe"), "zh": ("peoples-daily", 2048, "character", "bpe")}
_NUM_RUNS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Trick:
    """A text that tokenizers stumble over, in both languages."""

    key: str
    title: str
    texts: dict[str, str]


TRICKS = (
    Trick(
        key="word", title=N_("a long word"),
        texts={"en": "An unbelievably rare film won three awards.", "zh": "令人难以置信的是，这部电影得了三个奖。"},
    ),
    Trick(
        key="rare", title=N_("a rare word"),
        texts={"en": "He called it floccinaucinihilipilification.", "zh": "饕餮纹常见于青铜器，魑魅魍魉则不常见。"},
    ),
    Trick(
        key="digits", title=N_("digits"),
        texts={"en": "In 2004 it cost 1,234,567.89, or 3.14159 each.", "zh": "2004年共计1,234,567.89元，即每人3.14159元。"},
    ),
    Trick(
        key="spaces", title=N_("spaces"),
        texts={"en": "two  spaces,   three, and\ta tab", "zh": "两个  空格，三个   空格　全角"},
    ),
    Trick(key="emoji", title=N_("emoji"), texts={"en": "I ❤️ this 👍🏽 family 👩‍👩‍👧!", "zh": "我❤️这个👍🏽家庭👩‍👩‍👧！"}),
    Trick(
        key="code", title=N_("code"),
        texts={"en": "for i in range(10): x[i] += 2**i", "zh": "for i in range(10): x[i] += 2**i  # 求幂"},
    ),
    Trick(
        key="other", title=N_("the other language"),
        texts={"en": "小明在公园里看了一本有趣的书。", "zh": "An unbelievably rare film won three awards."},
    ),
    Trick(
        key="mixed", title=N_("mixed"),
        texts={"en": "She said 你好 and naïvely ordered 3 crêpes.", "zh": "BERT模型有1.1亿个parameters，训练了4天。"},
    ),
)  # fmt: skip


def text() -> str:
    """Return the text to cut: the one in the URL, else the first of the tricky ones."""
    asked = st.query_params.get(TEXT, "")[:MAX_CHARACTERS]
    return asked if asked.strip() else TRICKS[0].texts[current_language()]


def corpus_key(cards: dict[str, Card]) -> str:
    """Return which text is learned from."""
    asked = st.query_params.get(CORPUS, "")
    usual = _DEFAULTS[current_language()][0]
    return asked if asked in cards else usual if usual in cards else next(iter(cards))


def size() -> int:
    """Return how large the vocabularies are that are learned here."""
    asked = address.whole(st.query_params.get(SIZE, ""))
    return asked if asked in SIZES else _DEFAULTS[current_language()][1]


def chosen(place: str) -> str:
    """Return whose tokenizer stands in a place: a kind, "run-…", "model-…" or "none"."""
    asked = st.query_params.get(place, "")
    is_known = asked in KINDS or asked in {f"{MODEL}{each.key}" for each in elsewhere.KNOWN}
    if is_known or asked.startswith(RUN) or (asked == NONE and place == PLACES[-1]):
        return asked
    usual = dict(zip(PLACES, (*_DEFAULTS[current_language()][2:], NONE), strict=True))
    return usual[place]


def keep(name: str, value: str) -> None:
    """Put a choice into the URL."""
    address.put(name, value, usual=None)


def config_of(kind: str) -> TokenizerConfig:
    """Return the settings of a tokenizer that is learned here."""
    return TokenizerConfig(kind=kind, vocabulary_size=size())


def cards() -> dict[str, Card]:
    """Return the texts to learn from: those that are on this machine."""
    return {each.key: each for each in corpora.cards() if not each.key.startswith(hub.PREFIX) or hub.is_kept(each.key)}


def names() -> dict[str, str]:
    """Return all tokenizers that can be shown, by name, each with its title, translated already."""
    found = {kind: _(title) for kind, title in SHORT.items()}
    for card in shelf.cards():
        found[f"{RUN}{shelf.key(card.name)}"] = run_words.of_shelf(card)
    for row in run_reading.rows()[:_NUM_RUNS]:
        found[f"{RUN}{row['id']}"] = _("run: {name}").format(name=row["name"])
    return found | {f"{MODEL}{key}": title for key, title in _offered()}


@st.cache_data(ttl=10, show_spinner=False)
def _offered() -> list[tuple[str, str]]:
    return [(each.key, each.title) for each in elsewhere.offered()]
