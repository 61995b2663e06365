"""The attention page: what its address may say, what is drawn, and the arithmetic of one square."""

import base64
import html

import numpy as np
import pytest

from pages._ui import attention_depth, attention_gold, attention_view, inspected
from pages._ui.inspected import Model
from ssl_core.engine import client, questions
from ssl_core.engine.questions import Answer
from ssl_core.i18n import set_language
from ssl_core.models import elsewhere
from tests.pages.opening import HOSTILE, add_run, open_page, open_section, texts

TOKENS = ["the", "dog", "runs"]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    monkeypatch.setattr(client, "ensure_engine", lambda *_: None)
    set_language("en")


@pytest.fixture
def asked(monkeypatch):
    """What a page asks, as (kind, place on the page, network); nothing answers."""
    found = []

    def noted(_store, kind, payload, *, asker, **_how):
        found.append((kind, asker.split()[-1], payload["model"]))
        return Answer(id="", status="waiting", asked_at=0.0)

    monkeypatch.setattr(questions, "ask", noted)
    return found


class Given(Answer):
    """An answer whose arrays are at hand."""

    def arrays(self):
        return ARRAYS


def softmax(scores):
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


RNG = np.random.default_rng(0)
QUERY, KEY = RNG.normal(size=(2, 2, 3, 4)).astype("f4"), RNG.normal(size=(2, 2, 3, 4)).astype("f4")
BIAS = np.where(np.triu(np.ones((3, 3)), 1), -np.inf, 0.0).astype("f4")[None, None].repeat(2, axis=0)
ARRAYS = {
    "weights_self_LHTS": softmax(QUERY @ KEY.swapaxes(-1, -2) * 0.5 + BIAS).astype("f4"),
    "query_self_LHTK": QUERY,
    "key_self_LHSK": KEY,
    "bias_self_LHTS": BIAS,
    "scale_self_L": np.array([0.5, 0.5], dtype="f4"),
}
VALUES = {
    "step": 5, "looks_back": True, "tokens": TOKENS, "ids": [5, 6, 7], "is_mark": [False] * 3, "words": [0, 1, 2],
    "segments": [0] * 3, "written": None, "kinds": {"self": {"num_layers": 2, "num_heads": 2, "has_queries": True}},
}  # fmt: skip
ANSWER = Given(id="a", status="answered", values=VALUES)
MODEL = Model(key="r", title="a run", language="en", task="causal_lm", corpus="tinyworld-en", steps=(0, 5))


def test_weights_reach_the_browser_in_two_bytes_each():
    drawn = attention_view.view("", VALUES, ARRAYS)["kinds"]["self"]
    found = np.frombuffer(base64.b64decode(drawn["packed"]), dtype="<u2").reshape(2, 2, 3, 3) / 65_535
    np.testing.assert_allclose(found, ARRAYS["weights_self_LHTS"], atol=0.5 / 65_535 + 1e-7)  # rounded to the nearest
    assert (drawn["rows"], drawn["columns"]) == ("read", "read")


def words_of(text):
    return {"words": list(range(len(text))), "looks_back": False}


def test_arcs_lie_over_a_story_of_tinyworld_in_the_words_of_the_network():
    text = inspected._EXAMPLES["tinyworld-en"]
    words = text.replace(".", " .").split()
    found = attention_gold.arcs(text, words_of(words))
    pairs = {(words[each["from"]], words[each["to"]]) for each in found}
    assert ("run", "horses") in pairs
    assert ("Her", "Nora") in pairs
    back = attention_gold.arcs(text, {**words_of(words), "looks_back": True})
    assert all(each["from"] > each["to"] for each in back), "the later word looks at the earlier one"
    set_language("zh")
    assert {each["name"] for each in attention_gold.arcs(text, words_of(words))}.isdisjoint(each["name"] for each in found)


@pytest.mark.parametrize("text", ["The prime minister said so.", "", "<b>x</b>", "It is a dark morning"])
def test_a_text_that_is_no_story_has_no_arcs(text):
    assert attention_gold.arcs(text, words_of(text.split())) == []


def test_a_network_that_cuts_words_otherwise_gets_no_arcs():
    text = inspected._EXAMPLES["tinyworld-zh"]
    assert attention_gold.arcs(text, words_of(text)) == [], "characters are no words of the grammar"


def a_square():
    from pages._ui import attention_depth
    from tests.pages.test_attention_page import ANSWER

    attention_depth.cell(ANSWER)


def arithmetic(**address):
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_function(a_square, default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return texts(app)


def test_the_arithmetic_of_a_square_ends_in_the_weight_that_is_drawn():
    said = arithmetic(layer="2", head="1", cell="2-0")
    assert "“runs” asks with a query, “the” answers with a key, 4 numbers each" in said
    assert f"{QUERY[1, 0, 2] @ KEY[1, 0, 0]:.3g}".replace("-", "−") in said
    assert f"= {ARRAYS['weights_self_LHTS'][1, 0, 2, 0]:.3g}" in said
    assert said.count("<i class") == 4, "a bar for each product"


def test_a_square_that_may_not_be_seen_says_so():
    assert "“the” may not see “runs”" in arithmetic(cell="0-2")


@pytest.mark.parametrize("cell", ["", "a-b", "-1-2", "9999-9999", "1", "1-2-3", "<script>", "٣-1"])
def test_any_address_gets_some_square(cell):
    assert "That is the square." in arithmetic(cell=cell, layer="99", head="0", kind="cross", form="<b>")


def test_without_a_chosen_square_the_strongest_of_the_latest_tokens_is_shown():
    weights_TS = np.array([[1.0, 0, 0], [0.5, 0.5, 0], [0.1, 0.1, 0.8]])
    assert attention_depth._strongest(weights_TS) == (2, 2), "the first token sees only itself: its 1 tells nothing"
    assert attention_depth._strongest(weights_TS[:1, :1]) == (0, 0)
    assert attention_depth._strongest(np.array([[1.0, 0.0], [0.0, 1.0]])) == (1, 1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_network_the_page_leads_to_one(language, monkeypatch):
    monkeypatch.setattr(inspected, "available", list)
    app = open_page("attention", language)
    assert not app.exception
    assert any(each.key == "lab.train" for each in app.button)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_is_asked_and_its_sections_open(language, store):
    run_id = add_run(store, "done")
    app = open_page("attention", language, model=run_id)
    for key in ("attention-notice", "attention-limits", "attention-arithmetic"):
        app = open_section(app, key)
    assert not app.exception
    assert "1908.04626" in texts(app)


@pytest.mark.parametrize(
    "address",
    [
        {"model": HOSTILE}, {"model": "../../etc/passwd"}, {"against": "nobody"}, {"step": "-1"}, {"step": "1e9", "layer": "x"},
        {"text": HOSTILE, "pair": HOSTILE}, {"text": "a" * 100_000}, {"cell": HOSTILE, "form": HOSTILE, "words": "2"},
    ],
)  # fmt: skip
def test_no_address_breaks_the_page(address, store):
    run_id = add_run(store, "done")
    app = open_page("attention", "en", **{"model": run_id, **address})
    assert not app.exception
    if "nobody" in address.values() or "model" in address:
        assert "There is no model" in texts(app)


def sent():
    import streamlit as st

    from pages._ui import attention_state

    attention_state.keep(st.session_state["sent"])
    st.write(attention_state.shown())


def kept(value):
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_function(sent, default_timeout=60)
    app.session_state["sent"] = value
    app.run()
    assert not app.exception
    return {name: each[0] if isinstance(each, list) else each for name, each in app.query_params.items()}


def test_what_a_browser_sends_goes_into_the_address_without_what_is_usual():
    state = {"kind": "self", "layer": 1, "head": 0, "form": "lines", "words": True, "marks": True, "pinned": [2, 0]}
    assert kept(state) == {"layer": "2", "form": "lines", "words": "1", "cell": "2-0"}


@pytest.mark.parametrize(
    "value", [None, "x", {"layer": "x", "head": None, "kind": "<b>", "pinned": [1]}, {"pinned": [-1, 10**9]}]
)
def test_anything_else_that_a_browser_sends_is_left_alone(value):
    assert kept(value) == {}


def test_three_networks_stand_beside_each_other_each_under_its_name():
    twin = Model(key="s", title="another run", language="en", task="masked_lm", corpus="bbc-news", steps=(0, 5))
    sides = [(MODEL, None, "a text", ANSWER), (MODEL, 0, "a text", ANSWER), (twin, None, "a text", ANSWER)]
    drawn = attention_view.figure(sides)
    assert [each["title"] for each in drawn["views"]] == ["a run", "a run, untrained", "another run"]
    assert all(each["kinds"]["self"]["packed"] for each in drawn["views"])


def test_a_third_network_can_be_chosen_once_there_is_a_second(asked):
    def labels(**address):
        return [each.label for each in open_page("attention", **address).selectbox]

    assert labels() == ["Network", "Beside it"]
    assert labels(third="shelf:decoder-en") == ["Network", "Beside it"], "no second, no third"
    asked.clear()
    address = {"against": "shelf:encoder-en", "against_step": "0", "third": "shelf:decoder-en", "third_step": "0"}
    assert labels(**address) == ["Network", "Beside it", "And beside that"]
    looked_at = [("shelf:encoder-en", None), ("shelf:encoder-en", 0), ("shelf:decoder-en", 0)]
    assert set(looked_at) == {(named["run"], named["step"]) for kind, _place, named in asked if kind == "attention"}


def test_depth_is_about_the_network_that_the_address_names(asked):
    app = open_page("attention", against="shelf:encoder-en", against_step="0", of="2")
    open_section(app, "attention-arithmetic")
    assert ("attention-cell", {"run": "shelf:encoder-en", "step": 0}) in [each[1:] for each in asked]
    app = open_page("attention", against="shelf:encoder-en", against_step="0", of="7")
    open_section(app, "attention-bertviz")
    assert ("attention-bertviz", {"run": "shelf:encoder-en", "step": None}) in [each[1:] for each in asked]


def test_a_text_in_a_foreign_script_is_told_from_one_that_is_known():
    marks = [True, False, False, False]
    assert attention_view._is_mostly_unknown({"tokens": ["[CLS]", "[UNK]", "[UNK]", "a"], "is_mark": marks})
    assert not attention_view._is_mostly_unknown({"tokens": ["[UNK]", "[UNK]", "b", "a"], "is_mark": marks}), (
        "marks don't count"
    )


def test_a_network_of_the_hub_says_what_is_missing_where_there_is_no_connection(monkeypatch):
    monkeypatch.setattr(elsewhere, "offered", list)
    said = texts(open_page("attention", "en", model="elsewhere:gpt2"))
    assert "GPT-2 can't be fetched" in html.unescape(said)
    assert "no model" not in said
