"""A text of one's own: looked at before it is kept, refused with a reason, and its name and words stay text."""

from dataclasses import replace

import pytest

from pages._ui import live_state
from ssl_core import corpora
from ssl_core.corpora import uploads
from ssl_core.runs import presets
from tests.pages.opening import open_page, open_section, texts

EVIL_NAME = "<img src=x onerror=alert(1)>.txt"


@pytest.fixture
def good_text(small_text) -> bytes:
    return small_text.read_bytes()


def kept() -> list[str]:
    return [card.key for card in corpora.cards() if card.key.startswith("upload-")]


def uploaded(name: str, data: bytes):
    app = open_section(open_page("live"), "live-settings")
    app.file_uploader(key="live.upload").set_value((name, data, "text/plain")).run()
    assert not app.exception, app.exception
    return app


def test_a_good_text_is_previewed_and_nothing_is_kept_yet(good_text):
    app = uploaded("small.txt", good_text)
    assert "UTF-8" in texts(app)
    assert kept() == []


def test_a_text_that_is_kept_becomes_the_text_of_the_run(good_text, store):
    app = uploaded(EVIL_NAME, good_text)
    next(each for each in app.button if "Learn from this text" in each.label).click().run()
    assert not app.exception, app.exception
    (key,) = kept()
    assert app.selectbox(key=live_state.CORPUS).value == key
    assert all("onerror" not in each.body for each in app.html), "a file's name is never HTML"
    app.button(key="live.start").click().run()
    assert f'"corpus": "{key}"' in store.rows()[0]["spec"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("short.txt", b"Only a few words.", "at least 2000"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(4000), "text"),
        ("table.csv", b"a,b\n1,2\n3,4\n", "column"),
    ],
)
def test_a_file_that_cannot_be_used_gets_a_reason_and_nothing_is_kept(name, data, reason):
    app = uploaded(name, data)
    assert reason in texts(app)
    assert kept() == []
    assert not [each for each in app.button if "Learn from this text" in each.label]


def delete_button(app):
    return next((each for each in app.button if each.key == "live.upload_delete.sure"), None)


def with_kept(good_text):
    app = uploaded("mine.txt", good_text)
    next(each for each in app.button if "Learn from this text" in each.label).click().run()
    return app, kept()[0]


def test_a_text_of_ones_own_can_be_deleted_and_another_takes_its_place(good_text):
    app, key = with_kept(good_text)
    delete_button(app).click().run()
    assert not app.exception, app.exception
    assert kept() == []
    assert app.selectbox(key=live_state.CORPUS).value in {card.key for card in corpora.cards()} - {key}


def test_the_houses_own_texts_cannot_be_deleted():
    assert delete_button(open_section(open_page("live"), "live-settings")) is None


def test_a_text_that_a_run_still_learns_from_cannot_be_deleted(good_text, store):
    app, key = with_kept(good_text)
    store.submit(replace(presets.spec("mlm-en"), corpus=key))
    app.run()
    assert delete_button(app) is None
    assert "Stop that run first" in texts(app)


@pytest.mark.parametrize("press", ["live.again", "live.changed"])
def test_a_run_whose_text_is_gone_stays_and_says_why_it_cannot_start_again(press, good_text, store):
    _app, key = with_kept(good_text)
    run_id = store.submit(replace(presets.spec("mlm-en"), corpus=key))
    store.control(run_id, "stop")
    uploads.delete(key)
    app = open_section(open_page("live", run=run_id), "live-settings")
    assert not app.exception, app.exception
    if press == "live.again":
        app.button(key=press).click().run()
        assert "Upload the file again" in texts(app)
        assert len(store.rows()) == 1
    else:
        app.button(key=press).click().run()
        assert store.rows()[0]["spec"] != store.row(run_id)["spec"], "the settings offer the texts that are there"
    assert not app.exception, app.exception
