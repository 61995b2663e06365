"""No ambiguity by accident: a word means one thing, and a name is nothing but a name."""

from collections import defaultdict
from collections.abc import Iterable

from ssl_core.corpora.letters import is_letters
from ssl_core.corpora.tinyworld.grammar import SEPARATOR, Grammar, Say
from ssl_core.corpora.tinyworld.problems import Problems
from ssl_core.i18n import N_


def check(grammar: Grammar, two_meanings: Iterable[str], problems: Problems) -> None:
    """Note each word that stands for itself in two classes, and each name that is used as another word, too.

    ``two_meanings`` are the words for which that is meant. Words inside longer phrases ("in the garden") are not
    compared with each other, as their small words recur.
    """
    allowed = set(two_meanings) | {SEPARATOR}
    classes_of: dict[str, dict[str, str]] = defaultdict(dict)  # word -> class -> an entry that says it
    names: dict[str, str] = {}
    others: set[str] = {
        word for template in grammar.templates for step in template.steps if isinstance(step, Say) for word in step.words
    }
    for word_class in grammar.classes.values():
        for entry in word_class.entries.values():
            for form, phrases in entry.phrases.items():
                for phrase in phrases:
                    if form in word_class.capitals:
                        names.update(dict.fromkeys(phrase, f"{word_class.name}.{entry.key}"))
                    else:
                        others.update(phrase)
                    if len(phrase) == 1:
                        classes_of[phrase[0]].setdefault(word_class.name, entry.key)
    for word, found in classes_of.items():
        if len(found) > 1 and word not in allowed and is_letters(word):
            first, second = list(found.items())[:2]
            problems.add(
                f"classes.{second[0]}", second[1],
                N_("{word!r} is already a word of the class {first!r}. If both are meant, name it in two_meanings of [story]."),
                word=word, first=first[0],
            )  # fmt: skip
    for word, place in names.items():
        if word in others and word not in allowed:
            section, _, key = place.partition(".")
            problems.add(f"classes.{section}", key, N_("{word!r} is a name here and an ordinary word elsewhere."), word=word)
