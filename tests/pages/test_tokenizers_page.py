"""The tokenizers page: a guess, pieces side by side, the film, the sizes, and the way to a run."""

import pytest

from pages._ui import menu, tokenizer_source, tokenizer_state
from ssl_core import corpora, i18n
from ssl_core.errors import UserError
from ssl_core.tokenization import kinds, shelf
from ssl_core.tokenization.config import TokenizerConfig
from tests.pages.opening import HOSTILE, add_run, open_page, open_section, texts
from tests.tokenization import tricky_texts

SENTENCE = "the government said unbelievable things"


@pytest.fixture(autouse=True)
def learned_here(monkeypatch):
    """Learn from a few documents within this process, so that no test waits."""
    made = {}

    def kept(corpus, config):
        key = (corpus.card.key, config)
        if key not in made:
            made[key] = kinds.train(config, tricky_texts.some(corpus.card.key, 60))
        return made[key]

    monkeypatch.setattr(shelf, "kept", kept)
    monkeypatch.setattr(shelf, "start", lambda *_: pytest.fail("no process is needed"))
    yield
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def nothing_remembered():
    tokenizer_source._remembered.clear()
    tokenizer_source._processes.clear()


def page(language="en", **parameters):
    i18n.set_language(language)  # AppTest names a choice as the page does, but on its own thread
    app = open_page("tokenizers", language, **parameters)
    assert not app.exception, app.exception
    return app


def chips(app):
    """How many tokenizers show their pieces."""
    return texts(app).count('<ol class="token-chips')


def test_the_pieces_are_hidden_until_the_guess_and_the_truth_lies_over_it():
    app = page(text=SENTENCE)
    assert chips(app) == 0
    slider = app.slider[0]
    assert "WordPiece" in slider.label
    app = slider.set_value(9).run()
    said = texts(app)
    assert "You guessed 9" in said
    assert 'class="guess"' in said
    assert chips(app) == 2


def test_who_does_not_want_to_guess_sees_the_pieces_at_once():
    app = page(text=SENTENCE)
    app = app.button(key="tokenizers.show").click().run()
    assert chips(app) == 2
    assert app.query_params["guess"] == "off"
    assert not [each for each in app.slider if "Guess" in each.label]


def test_pieces_have_numbers_or_places_under_them():
    app = page(text=SENTENCE, guess="off")
    tokenizer = kinds.train(TokenizerConfig(vocabulary_size=1024), tricky_texts.some("bbc-news", 60))
    assert f"<b>the</b><small>{tokenizer.token_to_id('the')}</small>" in texts(app)
    app.session_state["tokenizers.under"] = "place"
    assert "<b>the</b><small>0–3</small>" in texts(app.run())


def test_unknown_pieces_and_bytes_are_marked():
    said = texts(page(text="the 饕 👍", guess="off", a="word", b="bpe"))
    assert "[UNK]" in said
    assert 'bytes"' in said
    assert "⟨" in said


def test_a_learners_text_stays_text():
    said = texts(page(text=HOSTILE, guess="off", a="character", b="unigram"))
    assert "<script>alert" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("trick", tokenizer_state.TRICKS, ids=lambda each: each.key)
def test_every_tricky_text_is_cut_by_every_kind(trick, language):
    app = page(language=language, text=trick.texts[language], guess="off", a="wordpiece", b="unigram", c="word")
    assert chips(app) == 3


def test_choices_are_kept_in_the_address():
    app = page(guess="off")
    app.selectbox(key="tokenizers.b").set_value("character").run()
    app.select_slider(key="tokenizers.size").set_value(256).run()
    app.selectbox(key="tokenizers.corpus").set_value("king-james").run()
    assert app.query_params["b"] == "character"
    assert app.query_params["size"] == "256"
    assert app.query_params["corpus"] == "king-james"


@pytest.mark.parametrize(
    "odd", [{"a": "nothing"}, {"size": "7"}, {"size": "x"}, {"corpus": "../../etc/passwd"}, {"text": "a" * 5000}, {"c": "<b>"}]
)
def test_an_odd_address_gives_the_usual_page(odd):
    assert chips(page(guess="off", **odd)) == 2


def test_a_run_that_is_gone_gets_a_message_and_the_others_stay():
    app = page(guess="off", b="run-0123456789ab")
    assert "There is no run" in texts(app)
    assert chips(app) == 1


def test_the_tokenizer_of_a_run_is_offered_by_its_name(store):
    run_id = add_run(store, "done", name=HOSTILE)
    app = page(guess="off", c=f"run-{run_id}")
    assert chips(app) == 3
    assert any(HOSTILE in option for option in app.selectbox(key="tokenizers.c").options)


def test_a_model_of_the_hub_out_of_reach_gets_a_message():
    from ssl_core.corpora import online
    from ssl_core.tokenization import elsewhere

    patch = pytest.MonkeyPatch()
    patch.setattr(online, "_connect", lambda: (_ for _ in ()).throw(OSError("no network")))
    patch.setattr(elsewhere, "_cached", lambda _asked: None)
    try:
        assert "out of reach" in texts(page(guess="off", b="model-gpt2"))
    finally:
        patch.undo()


@pytest.mark.parametrize(("kind", "word"), [("wordpiece", "merge"), ("bpe", "merge"), ("unigram", "round")])
def test_the_film_shows_how_it_was_learned(kind, word):
    app = open_section(page(guess="off", a=kind, b="character", size="256"), "tokenizers-film")
    assert not app.exception, app.exception
    assert '<div class="token-film">' in texts(app)


def test_kinds_that_only_count_have_no_film():
    app = open_section(page(guess="off", a="word", b="character"), "tokenizers-film")
    assert '<div class="token-film">' not in texts(app)
    assert "only counted" in texts(app)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", ["tokenizers-sizes", "tokenizers-numbers", "tokenizers-notice", "tokenizers-limits"])
def test_every_section_opens(key, language):
    app = open_section(page(language=language, guess="off"), key)
    assert not app.exception, app.exception


@pytest.mark.parametrize(("language", "kind", "size"), [("en", "bpe", 512), ("zh", "unigram", 4096), ("en", "word", 1024)])
def test_a_tokenizer_goes_along_to_a_run(language, kind, size, store):
    app = page(language=language, guess="off", a=kind, size=str(size))
    app = app.button(key="tokenizers.use.a").click().run()
    assert not app.exception, app.exception
    assert {"en": "Tokens: ", "zh": "词元："}[language] in texts(app), "the page says what was chosen"
    start = next(each for each in app.button if each.key and each.key.endswith("start"))
    app = start.click().run()
    (row,) = store.rows()
    spec = store.record(row["id"]).spec
    assert spec["tokenizer"] == {"kind": kind, "vocabulary_size": size}
    assert spec["corpus"] == {"en": "bbc-news", "zh": "peoples-daily"}[language]


def test_while_a_vocabulary_is_learned_the_text_is_there(monkeypatch):
    class Process:
        returncode = None

        def poll(self):
            return self.returncode

    started = []
    monkeypatch.setattr(shelf, "kept", lambda *_: None)
    monkeypatch.setattr(shelf, "start", lambda key, config: started.append((key, config)) or Process())
    app = page(text=SENTENCE, guess="off", c="unigram")
    said = texts(app)
    assert said.count('<p class="token-whole">') == 3
    assert "Learning the vocabulary" in said
    assert len(started) == tokenizer_source.MOST_AT_ONCE, "the third waits its turn"


def test_learning_that_fails_says_why(monkeypatch):
    class Process:
        returncode = 1

        def poll(self):
            return self.returncode

    monkeypatch.setattr(shelf, "kept", lambda *_: None)
    monkeypatch.setattr(shelf, "start", lambda *_: Process())
    monkeypatch.setattr(shelf, "failure", lambda *_: UserError("The disk is full."))
    app = page(guess="off").run()
    assert "The disk is full." in texts(app)
    assert [each for each in app.button if each.key == "tokenizers.again.a"]


def test_a_process_of_its_own_learns_what_a_page_asks_for(home, small_text, monkeypatch):
    monkeypatch.undo()
    corpus, config = corpora.load(str(small_text)), TokenizerConfig(kind="bpe", vocabulary_size=300)
    process = shelf.start(str(small_text), config)
    assert process.wait(timeout=60) == 0
    assert shelf.kept(corpus, config).to_str() == shelf.trained(corpus, config).to_str()
    failed = shelf.start("nothing-of-the-kind", config)
    assert failed.wait(timeout=60) != 0
    assert "Unknown corpus" in shelf.failure("nothing-of-the-kind", config).message()


def test_the_menu_has_the_page_under_text():
    entry = next(each for each in menu.MENU if each.stem == "tokenizers")
    assert entry.section == "text"
