"""Reading a grammar: what it becomes, and that everything wrong is said at once, with its line."""

import re

import pytest

from ssl_core.corpora.tinyworld import lexicon
from ssl_core.corpora.tinyworld.grammar import Choose, Draw, Mention, Say
from ssl_core.errors import UserError
from ssl_core.i18n import in_language
from tests.corpora.tinyworld import small


def refusal(text: str) -> str:
    with pytest.raises(UserError) as error:
        lexicon.read(text)
    return str(error.value)


def changed(*pairs: tuple[str, str]) -> str:
    text = small.TEXT
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def test_a_sentence_becomes_steps():
    grammar = lexicon.read(small.TEXT)
    template = next(each for each in grammar.templates if "size" in each.text)
    assert template.steps == (
        Say(("the",)),
        Draw("~2", "size"),
        Mention("~2", "word"),
        Draw("~3", "thing", "place", "things"),
        Choose("#number"),
        Mention("~3", "#number"),
        Draw("~4", "be"),
        Mention("~4", "#number"),
        Say(("here", ".")),
    )
    assert template.positions == (2, 2)
    assert template.labels == {"number": "#number", "kind": "there"}


def test_what_is_not_written_has_its_default():
    grammar = lexicon.read(small.TEXT.replace("middles = [1, 2]", ""))
    assert grammar.middles == (1, 4)
    assert grammar.labels == {"character": "character", "place": "place"}
    assert grammar.templates[0].weight == 1
    assert grammar.capitals == {"anna", "ben"}
    assert grammar.dependencies["name"].titles == {"en": "names", "zh": "names"}


def test_all_problems_are_said_at_once_with_their_lines():
    text = changed(
        ('things = ["shell"]', 'things = ["shel"]'),
        ('rose = { one = "rose", many', 'rose = { one = "Rose", many'),
        ("[classes.be]", 'boat = "boats"\n[classes.be]'),
    )
    message = refusal(text)
    lines = text.splitlines()
    for entry, said in (
        ("beach =", "'shel'"),
        ("rose =", "'Rose' must be written small"),
        ("boat =", "An entry is written as"),
    ):
        line = next(number for number, written in enumerate(lines, start=1) if written.startswith(entry))
        assert re.search(rf"line {line}, .*{re.escape(said)}", message), message
    assert "(3)" in message


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('language = "en"', 'language = "xx"', "language must be one of en, zh"),
        ("[story]", "[storey]", "no such section"),
        ("middles = [1, 2]", "middles = [2, 1]", "Two whole numbers from 1 to 8"),
        ("middles = [1, 2]", "middles = [0, 2]", "Two whole numbers from 1 to 8"),
        ("middles = [1, 2]", "middles = [1, 900]", "Two whole numbers from 1 to 8"),
        ('character = "person"', 'character = "persons"', "'persons' is no class"),
        ('character = "person"', 'thing = "person"', "name of another class"),
        ('character = "person"\nplace = "place"', "", "something that is drawn once"),
        ('number = ["one", "many"]', 'number = ["one"]', "two or more values"),
        ('lists = { things = "thing" }', 'lists = { things = "thingy" }', "'thingy', which there is not"),
        ('lists = { things = "thing" }', 'lists = "thing"', "A table of texts"),
        ('things = ["shell"]', 'things = ["shell", "shell"]', "names something twice"),
        ('things = ["shell"]', "things = []", "has nothing in its list"),
        ('capital = ["name"]', 'capital = ["nam"]', "No entry has a property 'nam'"),
        ('word = ["big", ""]', 'word = ["big", "big"]', "says something twice"),
        ('word = ["big", ""]', "word = []", "is empty"),
        ('word = ["big", ""]', "word = 7", "A text in quotation marks"),
        ('word = ["big", ""]', 'word = "it\'s"', "is no word"),
        ('shell = { one = "shell", many = "shells" }', 'shell = { one = "shell" }', "'shell' of 'thing' has no 'many'"),
        ('shell = { one = "shell"', 'shell = { one = "is"', "'is' is already a word of the class 'thing'"),
        ('shell = { one = "shell"', 'shell = { one = "ben"', "'ben' is a name here and an ordinary word elsewhere"),
        ('shell = { one = "shell"', 'shell = { one = "Shell"', "must be written small"),
        ("goes home !", "goes ben !", "'ben' is a name here and an ordinary word elsewhere"),
        ("{character.name} sees", "{characters.name} sees", "'characters' is no latent, no class, and no variable"),
        ("{character.name} sees", "{character.names} sees", "'anna' of 'person' has no 'names'"),
        ("{character.name} sees", "{character} sees", "is no slot"),
        ("{character.name} sees", "{character..name} sees", "is no slot"),
        ("{character.name} sees", "{character.name}s see", "Put a blank"),
        ("{character.name} sees", "{c:character.name} sees", "would be 'character' once more"),
        ("{size.word}", "{person:size.word}", "has the name of a class"),
        ("{size.word} {place", "{s:size.word} {s:place", "'s' is drawn already"),
        ("{be.#number}", "{be.#numbers}", "'#numbers' is no feature"),
        ("{place.things.#number}", "{place.thing.#number}", "The class 'place' has no list 'thing'"),
        ("goes home !", "goes home", "one mark that ends it"),
        ("goes home !", "goes . home !", "one mark that ends it"),
        ('"{character.name} goes home !"', '"she goes home !"', "at least one slot"),
        ("weight = 3", "weight = 0", "A number above 0"),
        ("weight = 3", 'weight = "3"', "A number above 0"),
        ("weight = 3", "wait = 3", "'wait' means nothing here"),
        ("weight = 3", 'only = { place = ["bech"] }', "'bech' is not in the class 'place'"),
        ("weight = 3", 'only = { mood = ["sad"] }', "'mood' is no latent"),
        ("weight = 3", "positions = [2, 2]", "No sentence can stand as middle 1"),
        ("weight = 3", 'only = { place = ["beach"] }', "No sentence can stand as middle 1 of a story with"),
        ('number = "#number", kind', 'number = "#tense", kind', "'#tense' is not mentioned"),
        ('kind = "there"', 'kind = "{a}"', "'{a}' is no variable of this sentence"),
        ("weight = 3", 'ask = "who rests ?"\nanswer = "thing.one"', "draw nothing new|must be something that is said"),
        ('link = "#number"', 'link = "numbers"', "'numbers' is no feature"),
        ('dependent = ["be"]', 'dependent = ["bee"]', "'bee' is no class, nor a property of one"),
        ('governor = ["person.name"]', 'governor = ["person.nam"]', "'person.nam' is no class, nor a property of one"),
    ],
)
def test_each_mistake_is_named(before, after, said):
    assert re.search(said, refusal(changed((before, after))))


@pytest.mark.parametrize("word", ["rose", "big"])
def test_a_word_may_have_two_meanings_if_that_is_said(word):
    twice = changed(('beach = { word = "beach"', f'beach = {{ word = "{word}"'))
    assert f"'{word}' is already a word of the class 'place'" in refusal(twice)
    lexicon.read(twice.replace("middles = [1, 2]", f'middles = [1, 2]\ntwo_meanings = ["{word}"]'))


def test_problems_are_said_in_chinese_too():
    with in_language("zh"):
        message = refusal(changed(("weight = 3", "weight = 0")))
    assert re.search("[一-鿿]", message)
    assert "A number" not in message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "language = ",
        "\0",
        "[" * 50_000,
        "a = " + "[" * 20_000,
        "classes = 3",
        "[[classes]]\na = 1",
        'language = "en"\nmiddle = "x"',
        'language = "en"\n[classes.a]\nb = { c = { d = 1 } }\n[latents]\na = "a"',
        "x" * 300_000,
        'language = "en"\n[classes.a]\n' + "\n".join(f'e{n} = {{ one = "x" }}' for n in range(5_000)),
        'language = "en"\n[latents]\n' + "\n".join(f'l{n} = "a"' for n in range(40)) + "\n[classes.a]\nb = {}\nc = {}\n",
        'language = ["en"]\n[classes."a b"]\n"{x}" = { "y.z" = ["{q}"] }\n[latents]\n"#" = "a b"',
    ],
    ids=lambda text: text[:20],
)
def test_hostile_and_huge_texts_are_refused_in_few_words(text):
    assert len(refusal(text)) < 6_000


def test_many_problems_are_counted_and_not_all_shown():
    text = changed(("[classes.be]", "".join(f"x{number} = 1\n" for number in range(200)) + "[classes.be]"))
    message = refusal(text)
    assert "(200)" in message
    assert len(message.splitlines()) < 30
