"""The masking lab: any text, any task, knobs at once, sections, and nothing that a reader types brings a traceback."""

import inspect
import json

import pytest

from pages._ui import lab_state, lab_strip, tokenizer_source
from ssl_core import corpora, i18n, pretext
from ssl_core import shelf as models_that_come_along
from ssl_core.pretext import masked_lm
from ssl_core.tokenization import kinds, shelf
from tests.pages.lab_texts import BAD
from tests.pages.opening import open_page, open_section, texts
from tests.tokenization import tricky_texts

SENTENCE = "The government said that unbelievable things would happen."
PAIR = "The film won three awards. It was shown in London."
SECTIONS = ("lab-attention", "lab-statistics", "lab-words", "lab-formula", "lab-code", "lab-notice")


@pytest.fixture(autouse=True)
def learned_here(monkeypatch):
    """Learn from a few documents within this process, so that no test waits."""
    made, documents = {}, {}

    def some(key):
        if key not in documents:
            documents[key] = tuple(tricky_texts.some(key, 60))
        return documents[key]

    def kept(corpus, config):
        key = (corpus.card.key, config)
        if key not in made:
            made[key] = kinds.train(config, some(corpus.card.key))
        return made[key]

    monkeypatch.setattr(shelf, "kept", kept)
    monkeypatch.setattr(shelf, "start", lambda *_: pytest.fail("no process is needed"))
    tokenizer_source._remembered.clear()
    tokenizer_source._processes.clear()
    yield
    i18n.set_language("en")


def page(language="en", **parameters):
    i18n.set_language(language)  # AppTest names a choice as the page does, but on its own thread
    app = open_page("masking_lab", language, **{"corpus": {"en": "bbc-news", "zh": "peoples-daily"}[language], **parameters})
    assert not app.exception, app.exception
    return app


def strips(app):
    """What the component is given, None where a message stands in its place."""
    found = [json.loads(each.proto.json) for each in app.get("bidi_component") if "lab_strip" in each.proto.component_name]
    return found[0] if found else None


def words(app, stage=-1, side=0):
    return [cell["text"] for cell in strips(app)["sides"][side]["stages"][stage]["strips"][0]["cells"]]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", pretext.MENU)
def test_every_task_shows_its_example(key, language):
    drawn = strips(page(language, task=key))
    (side,) = drawn["sides"]
    assert len(side["stages"]) >= 2
    assert side["stages"][0]["strips"][0]["cells"]


LABELS = {"task": "joint", "k.second": "document_label"}


@pytest.mark.parametrize(("language", "corpus"), [("en", "tinyworld-en"), ("zh", "tinyworld-zh")])
def test_the_label_of_a_picked_text_is_asked_for(language, corpus):
    app = page(language, corpus=corpus, **LABELS)
    (verdict,) = strips(app)["sides"][0]["verdicts"]
    document = next(iter(corpora.load(corpus).read()))
    assert verdict["answer"] == document.labels["mood"]
    assert "2" in verdict["note"], "happy or sad"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_typed_text_has_no_label_and_one_without_labels_says_what_to_do(language):
    corpus = f"tinyworld-{language}"
    typed = page(language, corpus=corpus, text="Tom 今天 is here.", **LABELS)
    assert strips(typed)["sides"][0]["verdicts"] == []
    assert {"en": "nobody told its label", "zh": "没人给过标签"}[language] in str(strips(typed))
    refused = page(language, corpus="peoples-daily", **LABELS)
    assert {"en": "carry no labels", "zh": "没有标签可学"}[language] in texts(refused)


@pytest.mark.parametrize("key", pretext.MENU)
def test_without_a_text_of_ones_own_every_task_finds_something_to_ask(key):
    app = page(task=key)
    assert "asks for nothing" not in texts(app)
    assert "needs two sentences" not in texts(app)


def test_the_last_stage_has_what_must_be_predicted():
    app = page(text=SENTENCE, **{"k.mask_rate": "1"})
    cells = strips(app)["sides"][0]["stages"][-1]["strips"][0]["cells"]
    assert all("answer" in cell for cell in cells[:-1])
    assert "answer" not in cells[-1], "the closing mark is never asked for"


def test_choices_are_kept_in_the_address():
    app = page(text=SENTENCE)
    app.selectbox(key="lab.choice.task").set_value("causal_lm").run()
    assert app.query_params["task"] == "causal_lm"
    app.selectbox(key="lab.choice.other").set_value("masked_lm").run()
    assert app.query_params["other"] == "masked_lm"
    app.slider(key="lab.knob.other.masked_lm.mask_rate").set_value(0.6).run()
    assert app.query_params["o.mask_rate"] == "0.6"
    assert len(strips(app)["sides"]) == 2
    app.slider(key="lab.knob.other.masked_lm.mask_rate").set_value(0.3).run()
    assert "o.mask_rate" not in app.query_params, "the usual value needs no room in the address"


def test_an_address_gives_the_same_example_again():
    address = {"text": SENTENCE, "seed": "7", "k.mask_rate": "0.5"}
    assert strips(page(**address)) == strips(page(**address))
    assert words(page(**address)) != words(page(**{**address, "seed": "8"}))


def test_a_knob_acts_at_once():
    app = page(text=SENTENCE)
    app.slider(key="lab.knob.task.masked_lm.mask_rate").set_value(1.0).run()
    assert "government" not in words(app)
    app.slider(key="lab.knob.task.masked_lm.mask_rate").set_value(0.0).run()
    assert "asks for nothing" in texts(app)


def test_settings_that_do_not_go_together_get_a_message():
    app = page(text=SENTENCE, **{"k.mask_token_rate": "0.9", "k.random_token_rate": "0.9"})
    assert "add up to more than 1" in texts(app)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"k.nonsense": "1"}, "nonsense"),
        ({"k.mask_rate": "7"}, "choose 0 to 1"),
        ({"k.mask_rate": "<b>"}, "give a number"),
        ({"k.whole_words": "maybe"}, "choose true or false"),
        ({"task": "../../etc"}, "There is no pretext task"),
        ({"other": "nothing_here"}, ""),
        ({"seed": "-4"}, ""),
        ({"seed": "9" * 40}, ""),
        ({"corpus": "../x"}, ""),
    ],
)
def test_an_odd_address_gets_a_message_and_an_example(odd, said, monkeypatch):
    monkeypatch.setattr(lab_state, "_USUAL_CORPUS", {"en": "bbc-news", "zh": "peoples-daily"})
    app = page(**{"text": SENTENCE, **odd})
    assert strips(app) is not None
    assert said in texts(app)


@pytest.mark.parametrize("name", BAD)
def test_no_text_brings_a_traceback(name):
    app = page(text=BAD[name])
    assert strips(app) is not None or "Type a few words" in texts(app)
    assert "<script>alert" not in "".join(str(each.proto.body) for each in app.get("html"))


@pytest.mark.parametrize("name", ["empty", "ten thousand tokens", "all special"])
def test_what_can_not_be_shown_is_said(name):
    said = {"empty": "There is no text", "ten thousand tokens": "longer than what the lab shows", "all special": ""}
    assert said[name] in texts(page(text=BAD[name]))


def test_tokens_that_are_all_unknown_ask_for_nothing(monkeypatch):
    app = page("en", text="饕餮魑魅魍魉", corpus="tinyworld-en")
    assert "Every token here" in texts(app)


@pytest.mark.parametrize("rate", ["0", "1"])
def test_extreme_rates_are_shown(rate):
    assert strips(page(text=SENTENCE, **{"k.mask_rate": rate})) is not None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_section_opens(language):
    app = page(language, other="causal_lm")
    for section in SECTIONS:
        app.session_state[section] = True
    assert not app.run().exception, app.exception


@pytest.mark.parametrize("key", pretext.MENU)
def test_every_section_knows_every_task(key):
    app = page(text=PAIR, task=key)
    for section in ("lab-attention", "lab-statistics", "lab-formula", "lab-code"):
        app.session_state[section] = True
    assert not app.run().exception, app.exception


def test_statistics_hold_measured_against_expected():
    said = texts(open_section(page(text=SENTENCE, **{"k.mask_rate": "0.15"}), "lab-statistics"))
    assert "1,000 draws" in said
    assert "12.0 %" in said, "15 % of which 80 % are hidden"
    assert "<em" in said, "the band"


def test_half_a_word_is_told_with_the_readers_own_word():
    said = texts(open_section(page(text="unbelievable governments"), "lab-words"))
    assert "Hide only" in said


def test_words_that_are_all_whole_lead_to_a_text_with_pieces():
    app = open_section(page(text="The dog runs.", corpus="tinyworld-en"), "lab-words")
    app = app.button(key="lab.pieces").click().run()
    assert app.query_params["corpus"] == "bbc-news"


def test_the_source_is_the_real_function():
    app = open_section(page(text=SENTENCE), "lab-code")
    shown = app.code[0].value
    assert "def make_examples(" in shown
    assert "\ndef _" in shown, "and the functions of its file that it calls"
    assert inspect.getsource(masked_lm.make_examples) in shown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_model_a_hidden_token_leads_to_the_run_that_makes_one(language, monkeypatch):
    monkeypatch.setattr(lab_strip, "picked", lambda *_: 1)
    monkeypatch.setattr(models_that_come_along, "cards", list)
    app = page(language)
    app = app.button(key="lab.train").click().run()
    assert not app.exception, app.exception
    assert app.session_state["live.task"] == "masked_lm"
    assert app.session_state["live.corpus"] == f"tinyworld-{language}"


def test_while_the_vocabulary_is_learned_another_stands_in(monkeypatch):
    monkeypatch.setattr(tokenizer_source, "learned", lambda *_: None)
    app = page(text=SENTENCE)
    assert strips(app) is not None
    assert "stands in" in texts(app)


def test_picks_come_from_the_text():
    app = page()
    app.button_group(key="lab.kind").select("pair").run()
    assert app.query_params["text"].count(".") >= 2


def test_a_task_that_fits_no_text_and_one_beside_it_both_say_so():
    app = open_page("masking_lab", other="span_masking", text="Hi")
    assert not app.exception, app.exception
    assert sum('class="pp-message"' in each.body for each in app.html) == 2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_unknown_words_are_named_and_a_vocabulary_that_knows_their_pieces_is_one_click_away(language):
    text = {"en": "Tom reads about Kubernetes.", "zh": "小明在公园里讨论饕餮。"}[language]
    app = page(language, corpus=f"tinyworld-{language}", text=text)
    assert {"en": "Kubernetes", "zh": "饕"}[language] in texts(app)
    app.button(key="lab.known").click().run()
    assert not app.exception
    assert app.query_params["corpus"] == {"en": "bbc-news", "zh": "peoples-daily"}[language]
    assert app.query_params["text"] == text, "the reader's own text stays"


def test_a_first_visit_to_an_order_sees_an_order():
    app = page(task="permutation_lm")
    first = strips(app)["sides"][0]["stages"][-1]["strips"][0]["cells"]
    assert sum("answer" in cell for cell in first) >= 3
