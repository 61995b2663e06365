"""Runs in words."""

import time

import pytest

from pages._ui import run_words
from ssl_core.i18n import in_language
from ssl_core.runs.record import FINISHED


@pytest.mark.parametrize(("language", "expected"), [("en", "3 min. ago"), ("zh", "3分钟前")])
def test_a_recent_moment_is_told_by_how_long_ago_it_was(language, expected) -> None:
    with in_language(language):
        assert run_words.when(time.time() - 185) == expected


def test_an_older_moment_is_told_by_its_date() -> None:
    assert "2023" in run_words.when(1_700_000_000)


def test_every_status_has_a_sign_of_its_own() -> None:
    assert set(run_words.STATES) == FINISHED | {"queued", "running", "paused"}
    assert len({sign for sign, _title in run_words.STATES.values()}) == len(run_words.STATES)


def test_a_file_is_named_without_its_folder_and_a_lost_text_by_its_key() -> None:
    assert run_words.text({"corpus": "/home/me/book.txt"}) == "book.txt"
    assert run_words.text({"corpus": "upload-0123456789ab"}) == "upload-0123456789ab"
    assert run_words.text({"corpus": "bbc-news"}) == "BBC news"
