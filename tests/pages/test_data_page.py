"""The data page: two texts beside each other, what is in the URL, and texts of one's own."""

import pytest

from pages._ui import live_state
from ssl_core import corpora
from ssl_core.corpora import online, uploads
from ssl_core.i18n import set_language
from ssl_core.profile import kept
from tests.pages.opening import open_page, open_section, texts

EVIL = "<img src=x onerror=alert(1)>"


def page(**parameters):
    app = open_page("data", **parameters)
    assert not app.exception, app.exception
    return app


def html(app):
    return "\n".join(str(each.body) for each in app.html)


@pytest.fixture
def own_text(small_text) -> str:
    """A text of the learner's own that was counted already, with markup in its name and its words."""
    text = small_text.read_text() + f"\n\nAnd then the cat wrote {EVIL} and **this** on the wall. " * 9
    key = uploads.keep(f"{EVIL}.txt", text.encode())
    kept.made(key)
    return key


@pytest.fixture(autouse=True)
def counting(monkeypatch) -> list[str]:
    """The texts for which a process was asked to count; none is started."""
    asked: list[str] = []

    class Running:
        returncode = None

        def poll(self):
            return None

    monkeypatch.setattr(kept, "start", lambda wanted: asked.append(wanted) or Running())
    return asked


@pytest.mark.parametrize(
    ("language", "first", "second"), [("en", "bbc-news", "king-james"), ("zh", "peoples-daily", "chinese-reviews")]
)
def test_it_opens_on_two_recorded_texts_in_the_readers_language(language, first, second):
    app = page(language=language)
    assert app.selectbox(key="data.corpus").value == first
    assert app.selectbox(key="data.against").value == second
    assert html(app).count('<div style="--bar') == 2, "words of both texts"


def test_every_text_is_offered():
    assert len(page().selectbox(key="data.corpus").options) == len(corpora.cards())


def test_the_card_tells_size_licence_and_flaws():
    said = html(page(corpus="king-james"))
    for part in ("1,189", "790,480", "12,678", "MIT", "Old Testament 929", "Verse numbers"):
        assert part in said, part


def test_the_texts_are_in_the_url_and_stay_there():
    app = page(corpus="king-james", against="bbc-news")
    assert app.selectbox(key="data.corpus").value == "king-james"
    app.selectbox(key="data.against").select("python-docs")
    assert "against" in app.query_params
    app.selectbox(key="data.corpus").select("bbc-news").run()
    assert app.query_params["corpus"] == "bbc-news"


@pytest.mark.parametrize("asked", ["nonsense", "../../etc/passwd", EVIL, "upload-000000000000", ""])
def test_an_address_that_names_no_text_leads_to_the_first_one(asked):
    assert page(corpus=asked, against=asked).selectbox(key="data.corpus").value == "bbc-news"


def test_a_text_is_compared_with_one_in_its_own_language_and_not_with_itself():
    app = page(corpus="chinese-reviews")
    assert app.selectbox(key="data.against").value == "peoples-daily"
    assert not [each for each in app.selectbox(key="data.against").options if "English" in each or "Chinese reviews" in each]


def test_a_text_that_nobody_counted_yet_is_counted_beside_the_page(small_text, counting):
    key = uploads.keep("small.txt", small_text.read_bytes())
    app = page(corpus=key)
    assert counting == [key]
    assert "Counting the words" in texts(app)
    page(corpus=key)
    assert counting == [key], "one process is enough"
    kept.made(key)
    assert "Counting the words" not in texts(page(corpus=key))


def test_words_and_names_from_outside_stay_text(own_text):
    app = open_section(page(corpus=own_text), f"data-{own_text}-read")
    app = open_section(app, f"data-{own_text}-search")
    app.text_input(key=f"data.search.{own_text}").set_value("onerror=ALERT").run()
    assert "&lt;img src=x <mark>onerror=alert</mark>(1)&gt;" in html(app)
    assert EVIL not in html(app)


def test_a_search_says_how_often_and_where():
    app = open_section(page(), "data-bbc-news-search")
    app.text_input(key="data.search.bbc-news").set_value("Prime  Minister").run()
    assert "times, in" in texts(app)
    assert html(app).count("<mark>") == 20
    app.text_input(key="data.search.bbc-news").set_value("xyzzy plugh").run()
    assert "“xyzzy plugh” does not occur" in texts(app)


@pytest.mark.parametrize("section", ["read", "search", "lengths", "repeats", "source", "numbers"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_section_opens(section, language):
    set_language(language)  # AppTest asks for the options' names outside of the page
    app = page(language=language)
    key = app.selectbox(key="data.corpus").value
    assert not open_section(app, f"data-{key}-{section}").exception


def test_the_numbers_behind_the_bars_are_a_table():
    app = open_section(page(), "data-bbc-news-king-james-apart")
    assert 'class="pp-table"' in texts(app)
    assert "Fightin" in texts(app)


def test_the_commonest_words_are_left_out_until_asked_for():
    app = page()
    assert "<span>and</span>" not in html(app)
    app.toggle(key="data.common").set_value(True).run()
    assert "<span>and</span>" in html(app)


def test_a_text_of_ones_own_is_looked_at_then_kept_then_shown(small_text):
    app = open_section(page(), "data-own")
    app.file_uploader(key="data.upload").set_value(("small.txt", small_text.read_bytes(), "text/plain")).run()
    assert "UTF-8" in texts(app)
    assert not [card for card in corpora.cards() if card.key.startswith("upload-")], "nothing is kept yet"
    next(each for each in app.button if each.label == "Keep it and look at it").click().run()
    assert not app.exception, app.exception
    (key,) = [card.key for card in corpora.cards() if card.key.startswith("upload-")]
    assert app.query_params["corpus"] == key


def test_a_bad_file_gets_a_reason(small_text):
    app = open_section(page(), "data-own")
    app.file_uploader(key="data.upload").set_value(("a.csv", b"PK\x03\x04" + b"x" * 5000, "text/csv")).run()
    assert "no text" in texts(app)


def test_the_text_on_the_page_can_be_used_for_a_run(own_text):
    app = page(corpus=own_text)
    app.button(key="data.use").click().run()
    assert not app.exception, app.exception
    assert app.title[0].value == "Live run"
    assert app.session_state[live_state.CORPUS] == own_text


def test_a_text_of_the_hub_is_fetched_only_when_asked_for(monkeypatch, counting):
    monkeypatch.setattr(online, "is_online", lambda: True)
    app = page(corpus="hub-imdb")
    assert app.selectbox(key="data.corpus").value == "hub-imdb"
    assert "lies on the hub" in texts(app)
    assert counting == []
    app.button(key="data.fetch.hub-imdb").click().run()
    assert not app.exception, app.exception
    assert counting == ["hub-imdb"]
    assert "Counting the words" in texts(app)
