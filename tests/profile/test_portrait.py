"""Portraits: every number follows from the documents."""

import json
from collections import Counter
from pathlib import Path

import pytest

from ssl_core import corpora, paths
from ssl_core.corpora import uploads
from ssl_core.corpora.base import Document, from_documents
from ssl_core.errors import UserError
from ssl_core.profile import kept, portrait
from ssl_core.profile.portrait import Portrait
from ssl_core.profile.repeated import repeated
from ssl_core.profile.search import AROUND, search
from ssl_core.profile.words import words_of
from tools.record_portraits import TEXTS

PROSE = Path(__file__).parents[2] / "assets" / "prose"


def corpus_of(texts, language="en", labels=()):
    documents = [
        Document(str(n), text, label=label)
        for n, (text, label) in enumerate(zip(texts, labels or [None] * len(texts), strict=True))
    ]
    card = corpora.card("bbc-news" if language == "en" else "peoples-daily")
    return from_documents(card, documents)


def test_words_are_counted_and_listed_by_frequency():
    found = portrait.of(corpus_of(["The cat saw the dog. The dog's tail! 42"] * 5 + ["A cat."]))
    assert found.listed == (("the", 15), ("cat", 6), ("dog", 5), ("dog's", 5), ("saw", 5), ("tail", 5))
    assert (found.num_words, found.num_different, found.num_once) == (42, 7, 1)
    assert found.drawn[0] == (1, 15, "the")
    assert found.num_documents == 6


def test_chinese_words_are_the_marked_ones_or_the_dictionarys():
    marked = Document("1", "他在学习，2026年。", words=("他", "在", "学习", "，", "2026年", "。"))
    assert list(words_of(marked, "zh")) == ["他", "在", "学习", "2026年"]
    assert "语言" in list(words_of(Document("2", "我们今天学习语言模型。"), "zh"))


def test_lengths_count_every_document_once():
    found = portrait.of(corpus_of(["word " * length for length in [*range(1, 100), 5000]])).lengths
    assert sum(found.counts) == 100
    assert len(found.edges) == len(found.counts) + 1
    assert (found.median, found.longest) == (50.5, 5000)
    assert found.counts[0] == sum(1 for length in range(1, 100) if length < found.edges[1])


def test_labels_are_counted():
    found = portrait.of(corpus_of(["a word"] * 3, labels=["sad", "happy", "sad"]))
    assert found.labels == (("sad", 2), ("happy", 1))


def test_samples_lie_all_over_the_text_and_are_cut():
    found = portrait.of(corpus_of([f"number {n} " * 100 for n in range(100)])).samples
    assert len(found) == 5
    assert [int(each.id) for each in found] == sorted(int(each.id) for each in found)
    assert int(found[0].id) > 5
    assert int(found[-1].id) < 95
    assert all(len(each.text) == 700 and not each.is_whole for each in found)


def test_an_empty_text_has_a_portrait_too():
    found = portrait.of(corpus_of([]))
    assert (found.num_words, found.listed, found.zipf, found.samples) == (0, (), None, ())


def test_sentences_said_again_are_counted_against_a_plain_count():
    texts = ["The same long sentence is here. A short one.", "Here is something new to read. The same  long sentence is HERE."]
    found = repeated(corpus_of(texts * 2).documents())
    # three different long sentences, one of them four times, the other twice
    assert (found.num_sentences, found.num_repeats) == (6, 4)
    assert found.most == (("the same long sentence is here.", 4), ("here is something new to read.", 2))
    assert found.rate == pytest.approx(4 / 6)


def test_search_finds_whatever_the_case_and_the_spacing():
    documents = corpus_of(["The Prime\nMinister said. The prime minister left.", "No one.", "PRIME  MINISTER"]).documents()
    found = search(documents, "prime minister")
    assert (found.num_hits, found.num_documents) == (3, 2)
    assert [hit.found for hit in found.hits] == ["Prime\nMinister", "PRIME  MINISTER"]
    assert found.hits[0].before == "The "


@pytest.mark.parametrize("wanted", ["", "   ", "(", ".*", "a[b", "\\"])
def test_nothing_in_a_search_is_a_pattern(wanted):
    assert search(corpus_of(["abc ab aab", "xyz"]).documents(), wanted).num_hits == 0


def test_what_stands_around_a_hit_is_cut_and_says_so():
    hit = search(corpus_of(["x" * 500 + " needle " + "y" * 500]).documents(), "needle").hits[0]
    assert hit.before == "…" + "x" * (AROUND - 1) + " "
    assert hit.after == " " + "y" * (AROUND - 1) + "…"


def test_only_so_many_hits_are_shown_but_all_are_counted():
    found = search(corpus_of(["a cat"] * 50).documents(), "cat", num_shown=7)
    assert (found.num_hits, found.num_documents, len(found.hits)) == (50, 50, 7)


def test_a_portrait_survives_its_json():
    found = portrait.of(corpus_of(["The cat saw the dog and the dog saw the cat in the garden."] * 9, labels=["a"] * 9))
    assert Portrait.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_text_is_counted_once_and_then_there(small_text, monkeypatch):
    key = uploads.keep("small.txt", small_text.read_bytes())
    assert kept.found(key) is None
    made = kept.made(key)
    assert made.num_words > 8000
    monkeypatch.setattr(portrait, "of", lambda corpus: pytest.fail("counted again"))
    assert kept.found(key) == kept.made(key) == made


def test_another_process_counts_for_the_page(small_text):
    key = uploads.keep("small.txt", small_text.read_bytes())
    assert kept.start(key).wait(timeout=60) == 0
    assert kept.found(key).key == key
    assert kept.failure(key) is None


def test_what_cannot_be_counted_leaves_a_note():
    assert kept.start("upload-000000000000").wait(timeout=60) != 0
    assert "no uploaded text" in str(kept.failure("upload-000000000000"))
    assert kept.start("hub-imdb").wait(timeout=60) != 0
    assert "could not be loaded" in str(kept.failure("hub-imdb")), "a text of the hub, without the hub"


def test_a_damaged_portrait_is_counted_anew(small_text):
    key = uploads.keep("small.txt", small_text.read_bytes())
    kept.made(key)
    (path,) = (paths.cache_folder() / "portraits").glob("*.json")
    path.write_text('{"key": 1}', encoding="utf-8")
    assert kept.found(key) is None


@pytest.mark.parametrize("key", ["../../x", "nonsense", ""])
def test_a_key_that_names_no_text_is_refused(key):
    with pytest.raises(UserError):
        kept.found(key)


def assert_alike(kept_one, new_one, where="portrait"):
    """Counts and words are the same; fractions and logarithms differ between processors in the last of their 16 digits."""
    if isinstance(kept_one, float):
        assert new_one == pytest.approx(kept_one, rel=1e-9), where
    elif isinstance(kept_one, dict):
        assert kept_one.keys() == new_one.keys(), where
        for name in kept_one:
            assert_alike(kept_one[name], new_one[name], f"{where}.{name}")
    elif isinstance(kept_one, (list, tuple)):
        assert len(kept_one) == len(new_one), where
        for place, (one, other) in enumerate(zip(kept_one, new_one, strict=True)):
            assert_alike(one, other, f"{where}[{place}]")
    else:
        assert kept_one == new_one, where


@pytest.mark.parametrize("key", TEXTS)
def test_what_was_recorded_is_what_is_counted(key):
    """Where it is not, run tools/record_portraits.py."""
    assert_alike(kept.found(key).to_json(), portrait.of(corpora.load(key)).to_json())


def test_the_comparison_bears_the_last_digit_and_nothing_else():
    assert_alike({"slope": [1.0, 3]}, {"slope": [1.0 + 2**-52, 3]})
    for other in ({"slope": [1.0 + 1e-6, 3]}, {"slope": [1.0, 4]}, {"slope": [1.0]}, {"tilt": [1.0, 3]}):
        with pytest.raises(AssertionError):
            assert_alike({"slope": [1.0, 3]}, other)


def test_word_counts_agree_with_a_plain_count():
    text = "\n".join(document.text for document in corpora.load("king-james").documents()).lower().replace("’", "'")
    plain = Counter(word.strip("'") for word in "".join(c if c.isalpha() or c == "'" else " " for c in text).split())
    found = dict(kept.found("king-james").listed)
    assert {word: found[word] for word in ("the", "lord", "begat", "verily")} == {
        word: plain[word] for word in ("the", "lord", "begat", "verily")
    }


@pytest.mark.parametrize(
    ("key", "percent"), [("bbc-news", 45), ("king-james", 63), ("peoples-daily", 30), ("chinese-reviews", 41)]
)
def test_the_share_of_the_hundred_most_frequent_words_is_what_the_prose_says(key, percent):
    told = kept.found(key)
    assert round(100 * sum(count for _word, count in told.listed[:100]) / told.num_words) == percent
    languages = ("zh",) if told.language == "zh" else ("en", "zh")
    for language in languages:
        prose = (PROSE / language / "data-notice.md").read_text(encoding="utf-8").replace(" %", "%")
        assert f"{percent}%" in prose
