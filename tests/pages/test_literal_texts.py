"""No text of a person is ever rendered: not as Markdown, HTML or a formula, on no page and in none of its sections."""

import ast
import re
from html import escape
from pathlib import Path

import pytest

from pages._ui import menu, tokenizer_source
from ssl_core.i18n import set_language
from ssl_core.tokenization import kinds, shelf
from tests.pages import hostile_texts
from tests.pages.hostile_texts import HOSTILE, RENDERED, SENTENCES, SIGN
from tests.pages.opening import open_page

LITERAL = {  # what Streamlit shows letter by letter, by the kind of element and the field
    ("text", "body"), ("text_area", "default"), ("text_area", "value"), ("text_area", "placeholder"), ("text_input", "default"),
    ("text_input", "value"), ("text_input", "placeholder"), ("selectbox", "options"), ("selectbox", "raw_value"),
    ("multiselect", "options"), ("code", "code_text"), ("bidi_component", "json"), ("bidi_component", "data"),
}  # fmt: skip


@pytest.fixture
def hostile(store, monkeypatch):
    """A text, its portrait and a run, all hostile; return what an address may say."""
    monkeypatch.setattr(shelf, "kept", lambda corpus, config: kinds.train(config, corpus.documents()[:60]))
    monkeypatch.setattr(shelf, "start", lambda *_: pytest.fail("no process is needed"))
    tokenizer_source._remembered.clear()
    return hostile_texts.fill(store)


def elements(block):
    """Give all blocks and elements below a block, each as its kind and its message."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield child.type, child.proto
            yield from elements(child)
        else:
            yield child.type, child.proto


def strings(proto, field=""):
    """Give each text in a message with the name of the field that it lies in."""
    if isinstance(proto, str):
        yield field, proto
    elif hasattr(proto, "ListFields"):
        for descriptor, value in proto.ListFields():
            yield from strings(value, descriptor.name)
    elif isinstance(proto, (list, tuple)) or type(proto).__name__.startswith("Repeated"):
        for each in proto:
            yield from strings(each, field)


def rendered(app):
    """Return the kind of each place where a hostile text would be rendered, with the text."""
    found, num_seen = [], 0
    for kind, proto in [*elements(app.main), *elements(app.sidebar)]:
        for field, text in strings(proto):
            if SIGN not in text or field == "id":
                continue
            num_seen += 1
            if kind == "html" or (field in ("body", "html") and "<div" in text):
                bad = f"<script>{SIGN}" in text or f"<img src=x onerror={SIGN}" in text
            else:
                bad = (kind, field) not in LITERAL and bool(RENDERED.search(text))
            if bad:
                place = RENDERED.search(text)
                found.append((kind, field, text[max(0, place.start() - 60) : place.end() + 20] if place else text[:200]))
    return found, num_seen


def sections(app):
    return [
        re.sub(r"^\$\$ID-[0-9a-f]{32}-", "", proto.id) for kind, proto in elements(app.main) if kind == "expander" and proto.id
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("stem", [entry.stem for entry in menu.MENU])
def test_no_page_renders_the_text_of_a_person(stem, language, hostile):
    set_language(language)  # what stands in for the browser asks for the names of options
    app = open_page(stem, language, **hostile)
    assert not app.exception, app.exception
    assert rendered(app)[0] == []
    for key in sections(app):
        app.session_state[key] = True
    app.run()
    assert not app.exception, app.exception
    assert rendered(app)[0] == []


def test_the_sweep_sees_hostile_texts_at_all(hostile):
    assert rendered(open_page("data", **hostile))[1] > 5
    assert rendered(open_page("runs", **hostile))[1] > 1


def test_the_heads_of_an_uploaded_table_and_its_name_are_shown_as_they_are(hostile):
    app = open_page("data")
    app.session_state["data-own"] = True
    app.run()
    table = f"text {HOSTILE[0]},{HOSTILE[2]}\n" + "\n".join(f'"{each}",b' for each in SENTENCES).replace("<script>", "<script>")
    app.file_uploader(key="data.upload").set_value((f"{HOSTILE[0]}.csv", table.encode(), "text/csv")).run()
    assert not app.exception, app.exception
    found, num_seen = rendered(app)
    assert found == []
    assert num_seen > 3
    assert any(f"text {HOSTILE[0]}" in box.options for box in app.selectbox)


def test_no_page_uses_what_renders_cells():
    for path in sorted((Path(menu.__file__).parents[1]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
                assert node.attr not in ("table", "write", "magic"), (
                    f"{path}:{node.lineno}: plain_table shows texts as they are"
                )


def test_a_table_shows_its_cells_and_heads_letter_by_letter():
    from streamlit.testing.v1 import AppTest

    def script(texts) -> None:
        from pages._ui import plain_table

        plain_table.show([{text: text for text in texts}])

    app = AppTest.from_function(script, args=(HOSTILE,)).run()
    body = app.html[0].body
    for text in HOSTILE:
        assert body.count(f"<bdi>{escape(text)}</bdi>") == 2
