import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import address
from tests.pages.opening import open_page

MANY = "9" * 5000  # Python refuses to read so many digits at once


@pytest.mark.parametrize(("written", "number"), [("0", 0), ("12", 12), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_read(written, number):
    assert address.whole(written) == number


@pytest.mark.parametrize("odd", ["", "-1", "+1", "1.0", " 1", "1e3", "²", "１", "٣", "x", "9" * 19, MANY])
def test_anything_else_is_none(odd):
    assert address.whole(odd) is None


@pytest.mark.parametrize(
    ("stem", "name", "value"),
    [
        ("masking_lab", "seed", MANY),
        ("tokenizers", "size", MANY),
        ("tinyworld", "story", MANY),
        ("attention", "cell", f"{MANY}-1"),
        ("attention", "layer", MANY),
        ("attention", "step", MANY),
        ("switch_off", "off", f"00001{MANY}.1"),
    ],
)
def test_a_number_of_thousands_of_digits_breaks_no_page(stem, name, value, store):
    assert not open_page(stem, **{name: value}).exception


def test_the_next_story_comes_after_any_number(store):
    app = open_page("tinyworld", story=MANY)
    next(each for each in app.button if each.label == "Another story").click().run()
    assert not app.exception
    assert app.query_params["story"] in ("2", ["2"])


def letters():
    """A page with a list in its address, and a button that adds to it for each of three letters."""
    import streamlit as st

    from pages._ui import address

    def add(letter):
        address.settle()
        address.put("list", st.query_params.get("list", "") + letter)

    address.laid_out()
    for letter in "abc":
        st.button(letter, key=letter, on_click=add, args=(letter,))
    st.button("clear", key="clear", on_click=address.clear)
    st.button("elsewhere", key="elsewhere")
    st.text(st.query_params.get("list", ""))


def pressed(app, key, query):
    """Press a button in a browser that takes the page's address for this one."""
    app.query_params.clear()
    app.query_params.update(query)
    app.button(key=key).click().run()
    assert not app.exception
    return app.text[0].value


@pytest.fixture
def page():
    return AppTest.from_function(letters, default_timeout=60).run()


def test_presses_that_come_before_the_browser_knows_the_new_address_all_count(page):
    assert [pressed(page, letter, {}) for letter in "abc"] == ["a", "ab", "abc"]
    assert page.query_params["list"] in ("abc", ["abc"])
    assert pressed(page, "a", {"list": "ab"}) == "abca", "it has heard of some of them"
    assert pressed(page, "elsewhere", {"list": "a"}) == "abca", "also where nothing is put"


def test_an_address_that_nobody_has_put_before_is_taken_over(page):
    pressed(page, "a", {})
    assert pressed(page, "b", {"list": "x"}) == "xb"
    assert pressed(page, "c", {}) == "c", "nothing waits from before that"


def test_an_old_address_is_taken_over_after_a_while(page, monkeypatch):
    pressed(page, "a", {})
    monkeypatch.setattr(address, "LATE_S", 0.0)
    assert pressed(page, "b", {}) == "b"


def test_who_goes_back_in_the_browser_means_it(page, monkeypatch):
    pressed(page, "a", {})
    context = address.get_script_run_ctx

    def going_back():
        found = context()
        found.is_history_navigation = True
        return found

    monkeypatch.setattr(address, "get_script_run_ctx", going_back)
    assert pressed(page, "elsewhere", {}) == ""


def test_clearing_the_address_stays_as_well(page):
    pressed(page, "a", {})
    assert pressed(page, "clear", {"list": "a"}) == ""
    assert pressed(page, "b", {"list": "a"}) == "b"
