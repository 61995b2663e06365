"""People's Daily: words, half-width digits and where an article begins."""

import pytest

from ssl_core import corpora
from ssl_core.corpora.peoples_daily import HALF_WIDTH, is_headline, word_of


def test_words_joined_are_the_text():
    for document in corpora.load("peoples-daily").documents():
        assert document.words is not None
        assert "".join(document.words) == document.text, document.id
        assert all(document.words)


def test_word_segmentation_is_the_newspapers_own():
    first = corpora.load("peoples-daily").documents()[0]
    assert first.words[:9] == ("迈向", "充满", "希望", "的", "新", "世纪", "——", "一九九八年", "新年")


@pytest.mark.parametrize(
    ("item", "word"),
    [("[中央/n", "中央"), ("电视台/n]nt", "电视台"), ("１９９８年/t", "1998年"), ("／/w", "/"), ("，/w", "，"), ("无", "无"),
     ("Ｗｉｎｄｏｗｓ/nx", "Windows"), ("９．７３/m", "9.73"), ("５％/m", "5%")],
)  # fmt: skip
def test_tags_brackets_and_full_width_forms_are_stripped(item, word):
    assert word_of(item) == word


def test_chinese_punctuation_stays_chinese():
    assert "，。：；？！（）“”《》、".translate(HALF_WIDTH) == "，。：；？！（）“”《》、"


@pytest.mark.parametrize(
    ("line", "answer"),
    [("北京举行新年音乐会", True), ("新世纪——新年讲话（附图片1张）", True), ("金口河区构建“文明走廊”", True),
     ("（新华社记者兰红光摄）", False), ("谢谢！（新华社北京12月31日电）", False), ("他说：“好的。”", False), ("", False),
     ("同胞们、朋友们：", False), ("长" * 80, False)],
)  # fmt: skip
def test_headline_is_short_and_has_no_closing_punctuation(line, answer):
    assert is_headline(line) is answer


def test_articles_are_of_a_readable_length():
    lengths = sorted(len(document.text) for document in corpora.load("peoples-daily").documents())
    assert 300 < lengths[len(lengths) // 2] < 700, "half of all articles"
    assert lengths[-1] < 12_000, "no two pages run together"
