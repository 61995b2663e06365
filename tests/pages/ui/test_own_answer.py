"""After a run its network can be asked about another sentence."""

import time

import pytest

from pages._ui import own_answer
from ssl_core import paths
from ssl_core.engine.questions import Answer
from tests.pages.opening import add_run, open_page

TOP = [{"token": "her", "id": 5, "probability": 0.6}, {"token": "his", "id": 6, "probability": 0.3}]


def answered(places):
    return Answer(id="a", status="answered", values={"places": places, "tokens": ["tom", "[MASK]", "."]}, asked_at=time.time())


def test_each_blank_has_its_bars():
    (group,) = own_answer.groups("fill", "Tom ___.", answered([{"position": 1, "top": TOP}]))
    assert [row["word"] for row in group["rows"]] == ["her", "his"]
    assert [part["text"] for part in group["sentence"]] == ["Tom ", "her", "."]


def test_of_a_beginning_the_word_that_comes_next_is_told():
    other = [{"token": "x", "id": 9, "probability": 1.0}]
    places = [{"position": 0, "top": other}, {"position": 1, "top": TOP}]
    (group,) = own_answer.groups("continue", "Tom sees", answered(places))
    assert [row["word"] for row in group["rows"]] == ["her", "his"]
    assert "".join(part["text"] for part in group["sentence"]).startswith("Tom sees")


@pytest.mark.parametrize(
    ("preset", "keeps", "is_there"), [("mlm-en", True, True), ("lm-zh", True, True), ("mlm-en", False, False)]
)
def test_the_box_stays_where_a_network_was_kept(preset, keeps, is_there, store):
    run_id = add_run(store, "done", preset=preset)
    if keeps:
        (paths.run_folder(run_id) / "model").mkdir(parents=True)
    app = open_page("live", run=run_id)
    assert not app.exception, app.exception
    assert ("live.sentence" in {each.key for each in app.text_input}) == is_there
    if is_there:
        app.text_input(key="live.sentence").set_value("Tom <b>___</b> **runs**.").run()
        assert not app.exception, app.exception
        assert app.text_input(key="live.sentence").value == "", "it is sent, and the box is free again"
