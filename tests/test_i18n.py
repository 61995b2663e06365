import threading

import pytest

from ssl_core import i18n


def test_an_unknown_text_stays_as_it_is():
    assert i18n.translate("No such text anywhere.", "zh") == "No such text anywhere."


def test_an_unknown_language_falls_back_to_english():
    i18n.set_language("xx")
    assert i18n.current_language() == "en"


def test_a_language_holds_inside_its_block_only():
    with i18n.in_language("zh"):
        assert i18n.current_language() == "zh"
    assert i18n.current_language() == "en"


def test_a_language_does_not_leak_into_another_thread():
    seen = []
    with i18n.in_language("zh"):
        thread = threading.Thread(target=lambda: seen.append(i18n.current_language()))
        thread.start()
        thread.join()
    assert seen == ["en"]


@pytest.mark.parametrize("path", sorted((i18n.LOCALE_DIR / "zh").glob("*.po")), ids=lambda path: path.name)
def test_translations_keep_the_places_of_their_texts(path):
    import string

    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        for message in read_po(file, abort_invalid=True):
            if message.id and message.string and "%s" not in message.id and "%(" not in message.id:
                places, kept = (
                    sorted({field for _, field, _, _ in string.Formatter().parse(text) if field is not None})
                    for text in (message.id, message.string)
                )
                assert places == kept, message.id


def test_sentences_stand_apart_in_english_and_close_up_in_chinese():
    assert i18n.sentences("One.", "", "Two.") == "One. Two."
    with i18n.in_language("zh"):
        assert i18n.sentences("一。", "二。") == "一。二。"
