import pytest

from ssl_core.analysis import inputs
from ssl_core.corpora.base import Document
from ssl_core.errors import UserError
from ssl_core.tokenization.base import MASK_ID, SEP_ID
from ssl_core.tokenization.config import KINDS, TokenizerConfig
from ssl_core.tokenization.kinds import train
from ssl_core.tokenization.typed import encode_typed
from tests.analysis.asked import CHINESE, CONTEXT, ENGLISH, subject


def ids(*tokens, tokenizer=ENGLISH):
    return [tokenizer.token_to_id(token) for token in tokens]


def test_a_blank_is_hidden_and_its_truth_unknown():
    found = inputs.read({"text": "the ___ cat"}, subject())
    assert found.seen_ids_T == [*ids("the"), MASK_ID, *ids("cat")]
    assert found.true_ids_T == [*ids("the"), None, *ids("cat")]
    assert found.hidden == [1]


def test_the_last_word_is_hidden_and_known_where_no_blank_is_marked():
    found = inputs.read({"text": "the small cat ."}, subject())
    assert found.seen_ids_T == [*ids("the", "small"), MASK_ID, *ids(".")]
    assert found.true_ids_T == ids("the", "small", "cat", ".")


@pytest.mark.parametrize("word", ["catdog", "zebra"])
def test_a_last_word_of_several_pieces_or_none_is_one_blank_of_unknown_truth(word):
    found = inputs.read({"text": f"the small {word} ."}, subject())
    assert len(found.hidden) == 1
    assert found.true_ids_T[2] is None


def test_a_decoder_reads_after_the_mark_that_begins_documents_up_to_the_first_blank():
    decoder = subject("continue")
    assert inputs.read({"text": "the small ___ sees the ___"}, decoder).seen_ids_T == [SEP_ID, *ids("the", "small")]
    assert inputs.read({"text": "___ cat"}, decoder).seen_ids_T == [SEP_ID]
    assert inputs.read({"text": "the small"}, decoder).true_ids_T == [SEP_ID, *ids("the", "small")]


def test_a_hidden_word_hides_all_its_pieces():
    words = ["the", "catdog", "sees"]
    pieces = ENGLISH.encode("catdog", add_special_tokens=False).ids
    assert len(pieces) > 1
    found = inputs.read({"words": words, "hidden": [1]}, subject())
    assert found.seen_ids_T == [*ids("the"), *([MASK_ID] * len(pieces)), *ids("sees")]
    assert found.true_ids_T == [*ids("the"), *pieces, *ids("sees")]
    assert found.word_T == [0, *([1] * len(pieces)), 2]


def test_a_decoder_is_told_where_a_sentence_of_words_begins_and_nothing_is_hidden_from_it():
    found = inputs.read({"words": ["the", "cat"], "hidden": [1]}, subject("continue"))
    assert (found.seen_ids_T, found.word_T, found.hidden) == ([SEP_ID, *ids("the", "cat")], [None, 0, 1], [])
    again = inputs.read({"words": ["[SEP]", "the", "cat"]}, subject("continue"))
    assert (again.seen_ids_T, again.word_T) == (found.seen_ids_T, [0, 1, 2])


def test_chinese_words_are_read_without_gaps():
    found = inputs.read({"words": ["今天", "天气", "很", "好", "。"], "hidden": [1]}, subject(tokenizer=CHINESE))
    assert found.true_ids_T == ids(*"今天天气很好。", tokenizer=CHINESE)
    assert found.hidden == [2, 3]


EN_DOCUMENTS = [Document(str(n), "The small cat sees the old dog every day. The king likes a red bird.") for n in range(30)]
ZH_WORDS = ("小明", "在", "花园", "里", "，", "他", "喜欢", "小猫", "。")
ZH_DOCUMENTS = [Document(str(n), "".join(ZH_WORDS), words=ZH_WORDS) for n in range(30)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("documents", "words", "text"),
    [
        (EN_DOCUMENTS, ["the", "old", "dog", "sees", "a", "cat", "."], "the old dog sees a cat."),
        (ZH_DOCUMENTS, ["小猫", "喜欢", "花园", "。"], "小猫喜欢花园。"),
    ],
    ids=["en", "zh"],
)
def test_known_words_make_the_tokens_of_the_written_text(kind, documents, words, text):
    tokenizer = train(TokenizerConfig(kind=kind, vocabulary_size=128), documents)
    found = inputs.words_ids(tokenizer, words)
    assert [token_id for word in found for token_id in word] == encode_typed(tokenizer, text).ids
    assert all(found)
    if kind == "word":
        assert [len(word) for word in found] == [1] * len(words)


def test_special_tokens_among_known_words_are_themselves():
    assert inputs.words_ids(ENGLISH, ["the", "[MASK]", "[SEP]"]) == [ids("the"), [MASK_ID], [SEP_ID]]


def test_token_numbers_are_taken_as_they_are():
    found = inputs.read({"ids": [9, 8, 7], "hidden": [2]}, subject())
    assert (found.seen_ids_T, found.true_ids_T) == ([9, 8, MASK_ID], [9, 8, 7])
    assert inputs.read({"ids": [9, 8, 7]}, subject("continue")).seen_ids_T == [9, 8, 7], "no mark is put before them"


@pytest.mark.parametrize("reads", ["fill", "continue"])
@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        ({"text": "  "}, "empty"),
        ({"words": [], "hidden": [0]}, "empty"),
        ({"ids": [], "hidden": [0]}, "empty"),
        ({"text": "cat " * 40}, f"{CONTEXT} at once"),
        ({"words": ["cat"] * 40, "hidden": [0]}, f"{CONTEXT} at once"),
        ({"ids": [5, 10_000], "hidden": [0]}, "10000 is none"),
        ({"ids": [5, -1], "hidden": [0]}, "-1 is none"),
    ],
)
def test_what_can_not_be_read_says_why(reads, payload, complaint):
    with pytest.raises(UserError, match=complaint):
        inputs.read(payload, subject(reads))


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [({"text": "___ ___"}, "nothing but blanks"), ({"text": "!?"}, "no word"), ({"ids": [5, 6]}, "Nothing is hidden")],
)
def test_a_network_that_fills_blanks_needs_something_to_fill(payload, complaint):
    with pytest.raises(UserError, match=complaint):
        inputs.read(payload, subject())
