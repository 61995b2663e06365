"""The TinyWorld page: a story to guess at, readers to compare, one's own text, and a grammar to change."""

import pytest

from ssl_core.corpora.tinyworld import lexicon
from tests.pages.opening import HOSTILE, open_page, open_section, texts


def said(app) -> str:
    return texts(app)


def choices(app):
    return next(each for each in app.button_group if each.key and each.key.startswith("tinyworld.choice"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_word_stays_hidden_until_it_is_guessed(language) -> None:
    app = open_page("tinyworld", language)
    assert not app.exception
    offered = choices(app)
    assert len(offered.options) == 4
    chosen = offered.options[0]
    offered.select(chosen if isinstance(chosen, str) else chosen.content).run()
    assert not app.exception
    assert not [each for each in app.button_group if each.key and each.key.startswith("tinyworld.choice")]
    assert any(word in texts(app) for word in ("Right:", "You said", "猜对了", "你猜")), texts(app)


def test_who_only_looks_gets_no_point() -> None:
    app = open_page("tinyworld", "en")
    app.button(key="tinyworld.show").click().run()
    assert "The word is" in texts(app)
    assert "right of 0" in texts(app)


def test_the_url_says_which_story_and_which_word() -> None:
    first, same, other = (open_page("tinyworld", "en", story=number, word="4") for number in ("2", "2", "3"))
    assert choices(first).options == choices(same).options
    assert choices(first).options != choices(other).options


def test_another_story_is_another_number() -> None:
    app = open_page("tinyworld", "en", story="7", word="3")
    next(each for each in app.button if each.label == "Another story").click().run()
    assert app.query_params["story"] in ("8", ["8"])
    assert "word" not in app.query_params


@pytest.mark.parametrize("number", ["-1", "1e9", "999999999999", "x", HOSTILE])
def test_a_number_that_is_none_gives_a_story_all_the_same(number) -> None:
    app = open_page("tinyworld", "en", story=number, word=number)
    assert not app.exception
    assert len(choices(app).options) == 4


def test_the_beginning_of_a_story_will_do() -> None:
    app = open_page("tinyworld", "zh", text="星期五小丽来到")
    assert not app.exception
    assert len(choices(app).options) == 4


@pytest.mark.parametrize("text", [HOSTILE, "the the the", "\x00", "a" * 5000])
def test_a_text_of_another_world_is_refused_with_what_could_stand_there(text) -> None:
    app = open_page("tinyworld", "en", text=text)
    assert not app.exception
    assert "<script>alert" not in "".join(str(each.body) for each in app.html), "what a learner types is text"
    next(each for each in app.button if each.label == "Back to a story").click().run()
    assert len(choices(app).options) == 4


def test_how_it_was_made_and_its_twins_can_be_read() -> None:
    app = open_page("tinyworld", "en", story="3")
    open_section(app, "tinyworld.made")
    open_section(app, "tinyworld.twins")
    assert not app.exception
    assert "impossible" in said(app)
    assert "{character.name}" in said(app)


def test_a_changed_grammar_moves_the_floor_and_a_broken_one_says_what_is_wrong() -> None:
    app = open_page("tinyworld", "en")
    open_section(app, "tinyworld.editor")
    before = said(app)
    area = app.text_area[0]
    area.set_value(area.value.replace("middles = [1, 4]", "middles = [1, 1]")).run()
    next(each for each in app.button if each.label == "Work it out").click().run()
    assert not app.exception
    assert said(app) != before
    app.text_area[0].set_value("language = 3").run()
    next(each for each in app.button if each.label == "Work it out").click().run()
    assert not app.exception
    assert "language" in said(app)
    next(each for each in app.button if each.label == "Undo all changes").click().run()
    assert app.text_area[0].value == lexicon.source("en")
