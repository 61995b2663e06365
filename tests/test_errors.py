import json

from ssl_core import i18n
from ssl_core.errors import UserError


def test_an_error_survives_json_and_is_read_in_any_language():
    saved = json.loads(
        json.dumps(UserError("There is no run {run_id!r} here. Open the list of runs and choose one.", run_id="x").to_json())
    )
    error = UserError.from_json(saved)
    assert error.message() == "There is no run 'x' here. Open the list of runs and choose one."
    assert "x" in error.message("zh")
    assert error.message("zh") != error.message("en")


def test_the_language_is_that_of_reading_not_of_raising():
    error = UserError("A run needs a name of at least one character.")
    with i18n.in_language("zh"):
        chinese = str(error)
    assert chinese != str(error)


def test_values_are_put_in_as_they_are():
    assert str(UserError("Got {text}.", text="{braces} <b>%s</b>")) == "Got {braces} <b>%s</b>."


def test_values_that_are_not_json_become_text():
    assert json.dumps(UserError("{x}", x=ValueError("why")).to_json()) == '{"template": "{x}", "values": {"x": "why"}}'
