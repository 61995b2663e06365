import pytest

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
