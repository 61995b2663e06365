"""Sentences as little machines: states that say one word each, two of them one and the same where their futures are."""

from collections.abc import Mapping

from ssl_core.corpora.tinyworld.grammar import Choose, Draw, Grammar, Mention, Phrase, Say, Step, Template
from ssl_core.corpora.tinyworld.problems import shorten
from ssl_core.errors import UserError
from ssl_core.i18n import N_

EXIT = -1
"""Where a sentence goes after its last word."""

MAX_STATES = 200_000
MAX_BRANCHES = 400_000
_DIGITS = 14  # futures are equal whose probabilities differ by rounding only

Way = tuple[tuple[int, float], ...]  # what may come next: (state or EXIT, probability), by state
Values = tuple[tuple[str, str], ...]  # what is drawn and still needed: (variable or feature, key or value)


class Fragments:
    """All sentences of a grammar as states; a sentence is built once for each way in which the latents change it."""

    def __init__(self, grammar: Grammar) -> None:
        self.words: list[str] = []  # of each state
        self.ways: list[Way] = []  # of each state; a state only leads to states before it, or to EXIT
        self._grammar = grammar
        self._number: dict[tuple[str, Way], int] = {}
        self._entries: dict[tuple[object, ...], Way] = {}
        self._num_branches = 0

    def entry(self, template: Template, latents: Mapping[str, str]) -> Way:
        """Return where a sentence begins in stories with these latents.

        Raises: UserError if the grammar has too many possibilities.
        """
        key = (template.number, *(self._seen_of(step, latents, template) for step in template.steps))
        if key not in self._entries:
            plain = Fragments(self._grammar)
            way = _Sentence(plain, self._grammar, template, latents).way(0, ())
            self._entries[key] = _Merging(plain, self, template).way(way)
        return self._entries[key]

    def state(self, word: str, way: Way) -> int:
        """Return the state that says a word and goes on in this way."""
        key = (word, rounded(way))
        number = self._number.get(key)
        if number is None:
            number = self._number[key] = len(self.words)
            self.words.append(word)
            self.ways.append(way)
        return number

    def count_branch(self, template: Template) -> None:
        """Keep count, so that a careless grammar is refused before it fills the memory.

        Raises: UserError if it has too many possibilities.
        """
        self._num_branches += 1
        if self._num_branches > MAX_BRANCHES or len(self.words) > MAX_STATES:
            raise UserError(
                N_("The sentence {text!r} has too many possibilities. Draw fewer variables before they are said."),
                text=shorten(template.text),
            )

    def _seen_of(self, step: Step, latents: Mapping[str, str], template: Template) -> object:
        """Return what a step sees of the latents: two stories with the same give the same states."""
        if isinstance(step, Draw) and step.source in latents:
            return self._grammar.choices(step, latents, template.classes)
        if isinstance(step, Mention) and step.variable in latents:
            phrases = self._grammar.entry(template.classes[step.variable], latents[step.variable]).phrases
            forms = self._grammar.values(step.form) if step.form.startswith("#") else (step.form,)
            return tuple(phrases[form] for form in forms)
        return None


class _Sentence:
    """Builds one sentence from its last word to its first, so that equal futures are met as one."""

    def __init__(self, fragments: Fragments, grammar: Grammar, template: Template, latents: Mapping[str, str]) -> None:
        self._fragments, self._grammar, self._template, self._latents = fragments, grammar, template, latents
        self._known: dict[tuple[int, Values], Way] = {}
        self._needed: list[frozenset[str]] = _needed_from(template.steps)

    def way(self, place: int, drawn: Values) -> Way:
        """Return what may come from step ``place`` on, after what was drawn before."""
        drawn = tuple(each for each in drawn if each[0] in self._needed[place])
        known = self._known.get((place, drawn))
        if known is None:
            self._fragments.count_branch(self._template)
            known = self._known[place, drawn] = self._way(place, drawn)
        return known

    def _way(self, place: int, drawn: Values) -> Way:
        if place == len(self._template.steps):
            return ((EXIT, 1.0),)
        step = self._template.steps[place]
        match step:
            case Say():
                return self._saying([step.words], self.way(place + 1, drawn))
            case Mention():
                return self._saying(self._wordings(step, drawn), self.way(place + 1, drawn))
            case Draw():
                keys = self._grammar.choices(step, {**self._latents, **dict(drawn)}, self._template.classes)
                name = step.variable
            case Choose():
                keys, name = self._grammar.values(step.feature), step.feature
        return mixture([(self.way(place + 1, (*drawn, (name, key))), 1 / len(keys)) for key in keys])

    def _wordings(self, step: Mention, drawn: Values) -> tuple[Phrase, ...]:
        known = {**self._latents, **dict(drawn)}
        form = known[step.form] if step.form.startswith("#") else step.form
        return self._grammar.entry(self._template.classes[step.variable], known[step.variable]).phrases[form]

    def _saying(self, wordings: tuple[Phrase, ...] | list[Phrase], after: Way) -> Way:
        return mixture([(self._chain(words, after), 1 / len(wordings)) for words in wordings])

    def _chain(self, words: Phrase, after: Way) -> Way:
        for word in reversed(words):
            after = ((self._fragments.state(word, after), 1.0),)
        return after


class _Merging:
    """Builds a sentence once more so that after the same words it is in one state, whatever was drawn to say them.

    "Tomorrow she will …" was built with a state each for all that she might do; now it is one until she does it. There are
    fewer states then, and who reads along has fewer to keep in mind.
    """

    def __init__(self, plain: Fragments, merged: Fragments, template: Template) -> None:
        self._plain, self._merged, self._template = plain, merged, template
        self._known: dict[Way, Way] = {}

    def way(self, plain: Way) -> Way:
        """Return what may come next, as states of the merged sentence; ``plain`` is what is believed of the plain one."""
        key = rounded(plain)
        known = self._known.get(key)
        if known is None:
            self._merged.count_branch(self._template)
            known = self._known[key] = self._way(plain)
        return known

    def _way(self, plain: Way) -> Way:
        by_word: dict[str | None, list[tuple[int, float]]] = {}
        for state, probability in plain:
            by_word.setdefault(None if state == EXIT else self._plain.words[state], []).append((state, probability))
        found = []
        for word, states in by_word.items():
            total = sum(probability for _state, probability in states)
            if word is None:
                found.append((EXIT, total))
                continue
            after = mixture([(self._plain.ways[state], probability / total) for state, probability in states])
            found.append((self._merged.state(word, self.way(after)), total))
        return tuple(sorted(found))


def mixture(ways: list[tuple[Way, float]]) -> Way:
    """Return several ways as one, each taken with its share."""
    if len(ways) == 1 and ways[0][1] == 1.0:
        return ways[0][0]
    total: dict[int, float] = {}
    for way, share in ways:
        for state, probability in way:
            total[state] = total.get(state, 0.0) + share * probability
    return tuple(sorted(total.items()))


def rounded(way: Way) -> Way:
    """Return a way as a key: equal for ways that differ by rounding only."""
    return tuple((state, round(probability, _DIGITS)) for state, probability in way)


def _needed_from(steps: tuple[Step, ...]) -> list[frozenset[str]]:
    """Return for each place which variables and features the steps from there on look at."""
    needed: list[frozenset[str]] = [frozenset()]
    for step in reversed(steps):
        looked_at = {step.variable, step.form} if isinstance(step, Mention) else set()
        if isinstance(step, Draw) and step.source is not None:
            looked_at = {step.source}
        needed.append(needed[-1] | looked_at)
    return needed[::-1]
