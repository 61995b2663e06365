"""BertViz's views: what goes into the frame, that nothing in it can ask for more, and when a view is not drawn."""

# L layers, H heads, T asking tokens, S tokens asked, K width of a head

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from pages._ui import attention_state, bertviz_data, bertviz_document, bertviz_section
from pages._ui.bertviz_data import HEAD, MODEL, NEURON, VIEWS, Chosen
from ssl_core.engine import client
from ssl_core.i18n import set_language
from tests.pages.opening import add_run, open_page, open_section, texts
from tests.pages.test_attention_page import Given, softmax

HOSTILE = ["</script><script>alert(1)</script>", "<!--<script>", "\u2028'\"\\", "<img src=x onerror=alert(1)>", "]]>"]
LAYERS, HEADS = 3, 4


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    monkeypatch.setattr(client, "ensure_engine", lambda *_: None)
    set_language("en")
    yield
    set_language("en")


def made(num_tokens=5, width=8, bias=0.0, scale=0.25, **more):
    """An answer about attention with the weights that its queries and keys give, as the analysis promises them."""
    rng = np.random.default_rng(3)
    query_LHTK, key_LHSK = 5 * rng.normal(size=(2, LAYERS, HEADS, num_tokens, width)).astype("f4")
    bias_LHTS = np.broadcast_to(np.float32(bias), (LAYERS, 1, num_tokens, num_tokens))
    arrays = {
        "query_self_LHTK": query_LHTK, "key_self_LHSK": key_LHSK, "scale_self_L": np.full(LAYERS, scale, dtype="f4"),
        "bias_self_LHTS": bias_LHTS,
        "weights_self_LHTS": softmax(query_LHTK.astype("f8") @ key_LHSK.swapaxes(-1, -2) * scale + bias_LHTS).astype("f4"),
    }  # fmt: skip
    tokens = (HOSTILE * num_tokens)[:num_tokens]
    values = {
        "step": 5, "looks_back": False, "tokens": tokens, "segments": [0] * num_tokens, "written": None,
        "is_mark": [False] * num_tokens, "words": list(range(num_tokens)),
        "kinds": {"self": {"num_layers": LAYERS, "num_heads": HEADS, "has_queries": True}},
    }  # fmt: skip
    return values | more, arrays


def shown(**more):
    return bertviz_data.seen("self", *made(**more))


def whole(view, **more):
    return Chosen(view=view, layers=tuple(range(LAYERS)), heads=tuple(range(HEADS)), **more)


class Elements(HTMLParser):
    """The elements of a document as a browser would find them, and what the data scripts hold."""

    def __init__(self, document):
        super().__init__()
        self.found, self.data, self.within = [], {}, None
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.within = dict(attrs).get("id") if tag == "script" else None

    def handle_data(self, data):
        if self.within:
            self.data[self.within] = self.data.get(self.within, "") + data


@pytest.mark.parametrize("view", VIEWS)
def test_the_document_asks_for_nothing_from_anywhere(view):
    document = bertviz_document.document(shown(), whole(view))
    for tag, attributes in Elements(document).found:
        assert tag not in {"link", "iframe", "img", "object", "embed", "base", "form"}, tag
        assert not {"src", "href", "action", "srcset"} & set(attributes), (tag, attributes)
    assert not re.search(r"@import|url\(\s*['\"]?http", document, re.IGNORECASE)
    assert "default-src &#x27;none&#x27;" in document


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_tokens_stay_data(view):
    hostile, plain = (
        Elements(bertviz_document.document(shown(tokens=tokens), whole(view))) for tokens in (HOSTILE, list("abcde"))
    )
    assert [tag for tag, _attributes in hostile.found] == [tag for tag, _attributes in plain.found]
    attention = json.loads(hostile.data["params"])["attention"]
    assert (attention["all"] if view == NEURON else attention[0])["left_text"] == HOSTILE


def test_the_document_carries_bertvizs_own_script_with_data_in_its_place():
    document = bertviz_document.document(shown(), whole(HEAD))
    assert "Transformer Visualization D3 javascript code" in document
    assert "const params = window.bertviz_params;" in document
    assert "PYTHON_PARAMS;" not in document


@pytest.mark.parametrize("bias", [0.0, np.where(np.triu(np.ones((5, 5)), 1), -np.inf, 0.5)], ids=["free", "causal"])
def test_the_neuron_views_numbers_give_the_models_attention(bias):
    values, arrays = made(bias=bias)
    document = bertviz_document.document(bertviz_data.seen("self", values, arrays), whole(NEURON))
    part = json.loads(Elements(document).data["params"])["attention"]["all"]
    scores_LHTS = np.array(part["queries"]) @ np.array(part["keys"]).swapaxes(-1, -2) / np.sqrt(8)  # as neuron_view.js does
    np.testing.assert_allclose(softmax(scores_LHTS + bias), arrays["weights_self_LHTS"], atol=1e-5)  # what is promised
    np.testing.assert_allclose(part["attn"], arrays["weights_self_LHTS"], atol=1e-6)  # rounded to 6 places


def test_chosen_layers_and_heads_alone_are_sent_and_keep_their_numbers():
    chosen = Chosen(view=MODEL, layers=(0, 2), heads=(1, 3), layer=2, head=3)
    given = bertviz_data.parameters(shown(), chosen)
    assert (given["include_layers"], given["include_heads"], given["layer"]) == ([1, 3], [2, 4], 3)
    np.testing.assert_allclose(
        given["attention"][0]["attn"], made()[1]["weights_self_LHTS"][[0, 2]][:, [1, 3]], atol=1e-6
    )  # rounded to 6 places
    neurons = bertviz_data.parameters(shown(), Chosen(view=NEURON, layers=(0, 2), heads=(1, 3), layer=2, head=3))
    assert (neurons["layer"], neurons["head"]) == (1, 1), "places among those that are sent"


def test_two_sentences_can_be_looked_at_apart():
    pair = shown(segments=[0, 0, 1, 1, 1])
    cuts = {name: each["attn"] for name, each in bertviz_data.parameters(pair, whole(NEURON))["attention"].items()}
    weights_LHTS = made()[1]["weights_self_LHTS"]
    assert list(cuts) == ["all", "aa", "ab", "ba", "bb"]
    np.testing.assert_allclose(cuts["ba"], weights_LHTS[:, :, 2:, :2], atol=1e-6)  # rounded to 6 places
    assert len(bertviz_data.parameters(pair, whole(HEAD))["attention"]) == 5
    back = shown(segments=[0, 0, 1, 1, 1], looks_back=True)
    assert list(bertviz_data.parameters(back, whole(NEURON))["attention"]) == ["all"]


def test_a_writer_looks_at_what_was_read():
    values, arrays = made()
    written = {"tokens": ["x", "y"], "segments": [0, 0], "is_mark": [False, False], "words": [0, 1]}
    cross = arrays["weights_self_LHTS"][:, :, :2]
    found = bertviz_data.seen("cross", values | {"written": written}, {"weights_cross_LHTS": cross})
    part = bertviz_data.parameters(found, whole(HEAD))["attention"][0]
    assert (part["left_text"], part["right_text"]) == (["x", "y"], HOSTILE)
    assert not found.has_neurons


def test_a_long_text_starts_with_as_much_as_is_drawn_at_once():
    long = shown(num_tokens=128)
    for view in VIEWS:
        layers, heads = bertviz_section.usual(long, view)
        assert layers == 2
        if view != NEURON:
            assert bertviz_data.num_marks(long, view, layers, heads) <= bertviz_section.EASY_MARKS or heads == 1
    assert bertviz_section.usual(shown(), MODEL) == (LAYERS, HEADS)


def the_views():
    import streamlit as st

    from pages._ui import bertviz_section

    bertviz_section.views(st.session_state["answer"])


def drawn(values, arrays, **address):
    from streamlit.testing.v1 import AppTest

    class Here(Given):
        def arrays(self):
            return arrays

    app = AppTest.from_function(the_views, default_timeout=60)
    app.session_state["answer"] = Here(id="a", status="answered", values=values)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def is_drawn(app):
    return "bidi_component" in {each.type for each in app.main.children.values()}


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_is_drawn(view):
    assert is_drawn(drawn(*made(), bertviz=view))


def test_too_much_is_told_before_it_is_drawn_with_what_to_do():
    app = drawn(*made(num_tokens=140), bertviz=MODEL, bertviz_heads="1-2-3-4", bertviz_layers="1-2-3")
    assert "235,200 lines" in texts(app), "3 layers × 4 heads × 140 × 140"
    assert "Choose fewer layers or heads" in texts(app)
    assert not is_drawn(app)


def test_without_a_layer_there_is_nothing_to_draw():
    app = drawn(*made(), bertviz_layers="none")
    assert "Choose at least one layer and one head." in texts(app)
    assert not is_drawn(app)


def test_a_family_without_queries_has_no_neurons():
    values, arrays = made()
    app = drawn(values, {"weights_self_LHTS": arrays["weights_self_LHTS"]}, bertviz=NEURON)
    assert "gives away the result alone" in texts(app)
    assert not is_drawn(app)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_section_opens_on_the_page(language, store):
    app = open_page("attention", language, model=add_run(store, "done"))
    app = open_section(app, "attention-bertviz")
    assert not app.exception
    assert {"en": "BertViz's views", "zh": "BertViz 的三种视图"}[language] in [each.label for each in app.expander]


def test_the_kind_in_the_address_is_shown_only_where_there_is_one(monkeypatch):
    monkeypatch.setattr(
        attention_state, "shown", lambda: {"kind": "cross", "layer": 0, "head": 0, "words": False, "marks": True}
    )
    assert is_drawn(drawn(*made()))


def test_what_is_chosen_goes_into_the_address_and_what_is_usual_does_not():
    app = drawn(*made())
    layers, heads = app.button_group[1:]
    layers.set_value([0, 2]).run()
    assert app.query_params["bertviz_layers"] == "1-3"
    layers.set_value([]).run()
    assert app.query_params["bertviz_layers"] == "none"
    layers.set_value(list(range(LAYERS))).run()
    assert "bertviz_layers" not in app.query_params
    heads.set_value([1]).run()
    assert app.query_params["bertviz_heads"] == "2"


@pytest.mark.parametrize("odd", ["0", "99", "x", "-", "1-", "²", "9" * 40])
def test_an_odd_address_shows_what_is_usual_or_what_it_names(odd):
    app = drawn(*made(), bertviz=odd, bertviz_layers=odd, bertviz_heads=odd)
    assert is_drawn(app)


MARKED = {"tokens": ["[CLS]", "un", "-happy", "dog", "[SEP]"], "is_mark": [True, False, False, False, True],
          "words": [None, 0, 0, 1, None]}  # fmt: skip


def test_pieces_become_words_and_what_goes_to_them_adds_up():
    values, arrays = made(**MARKED)
    found = bertviz_data.seen("self", values, arrays, words=True)
    assert found.asking == found.asked == ["[CLS]", "unhappy", "dog", "[SEP]"]
    given = arrays["weights_self_LHTS"].astype("f8")
    assert found.weights_LHTS[1, 2, 2, 1] == pytest.approx(given[1, 2, 3, 1] + given[1, 2, 3, 2])
    assert found.weights_LHTS[1, 2, 1, 2] == pytest.approx((given[1, 2, 1, 3] + given[1, 2, 2, 3]) / 2)
    np.testing.assert_allclose(found.weights_LHTS.sum(axis=-1), 1.0, atol=1e-6)  # float32
    assert not found.has_neurons


def test_without_marks_what_is_left_adds_up_to_one_again():
    values, arrays = made(**MARKED)
    found = bertviz_data.seen("self", values, arrays, marks=False)
    assert found.asking == ["un", "-happy", "dog"]
    given = arrays["weights_self_LHTS"].astype("f8")[:, :, 1:4, 1:4]
    np.testing.assert_allclose(found.weights_LHTS, given / given.sum(axis=-1, keepdims=True), atol=1e-6)  # float32
    assert found.has_neurons
    np.testing.assert_array_equal(found.key_LHSK, arrays["key_self_LHSK"][:, :, 1:4])


def test_a_joined_word_has_no_query_of_its_own_and_the_view_says_what_to_do():
    values, arrays = made(**MARKED)
    assert is_drawn(drawn(values, arrays, bertviz=HEAD, words="1"))
    app = drawn(values, arrays, bertviz=NEURON, words="1")
    assert "Switch “Whole words” off" in texts(app)
    assert not is_drawn(app)
    assert is_drawn(drawn(*made(), bertviz=NEURON, words="1")), "where no word is cut there is nothing to join"
