"""From a text back to the story: which sentences of the grammar it is made of, and what was drawn for them.

Nothing here knows the machine: whether both accept the same texts is something to be tested.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ssl_core.corpora.tinyworld.grammar import Choose, Draw, Grammar, Kind, Mention, Phrase, Say, Template
from ssl_core.corpora.tinyworld.story import Sentence, Story, wordings
from ssl_core.corpora.tinyworld.tapes import Tape, tape

Drawn = Mapping[str, str]
"""What is known so far: latent or variable -> key, feature -> value."""


def parse(grammar: Grammar, text: str | Sequence[str]) -> Story:
    """Return the story that a text tells; of a text that can be read in several ways, the first.

    ``text`` is text as people write it, or words and marks. What the text doesn't tell, as a name that is never said, is
    the first that fits.
    Raises: UserError naming the first word that can't follow, and what could stand there.
    """
    read_from = tape(grammar, text)
    found = next(_Parser(grammar, read_from).stories(), None)
    if found is None:
        raise read_from.refusal()
    return found


def readings(grammar: Grammar, text: str | Sequence[str]) -> Iterator[Story]:
    """Give every way in which a text can be read, none if it is no story of this grammar."""
    yield from _Parser(grammar, tape(grammar, text)).stories()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One sentence as far as it was read."""

    position: int
    drawn: Drawn
    phrases: tuple[Phrase, ...] = ()

    def knowing(self, name: str, value: str) -> "_Reading":
        return _Reading(self.position, {**self.drawn, name: value}, self.phrases)


class _Parser:
    """Tries sentence after sentence and goes back where one leads nowhere."""

    def __init__(self, grammar: Grammar, text: Tape) -> None:
        self._grammar, self._tape = grammar, text
        self._latents = {draw.variable: draw for draw in grammar.latents}
        self._no_way: set[tuple[int, int, frozenset[tuple[str, str]]]] = set()  # where no story goes on

    def stories(self) -> Iterator[Story]:
        """Give the stories that the whole text tells."""
        yield from self._stories(_Reading(0, {}), ())

    def _stories(self, before: _Reading, told: tuple[Sentence, ...]) -> Iterator[Story]:
        here = (len(told), before.position, frozenset(before.drawn.items()))
        if here in self._no_way:
            return
        is_way = False
        for template in self._next(len(told)):
            for reading in self._sentences(template, before):
                start = told[-1].stop if told else 0
                sentences = (*told, Sentence(template, reading.drawn, reading.phrases, start))
                if template.kind == "ending":
                    found = self._ended(reading, sentences)
                else:
                    latents = {name: reading.drawn[name] for name in self._latents if name in reading.drawn}
                    found = self._stories(_Reading(reading.position, latents), sentences)
                for story in found:
                    is_way = True
                    yield story
        if not is_way:
            self._no_way.add(here)

    def _next(self, num_read: int) -> list[Template]:
        """Return the sentences that may come after so many."""
        fewest, most = self._grammar.middles
        places: list[tuple[Kind, int]] = [("opening", 1)] if num_read == 0 else []
        if 0 < num_read <= most:
            places.append(("middle", num_read))
        if num_read > fewest:
            places.append(("ending", 1))
        return [
            template
            for kind, place in places
            for template in self._grammar.templates
            if template.kind == kind and template.positions[0] <= place <= template.positions[1]
        ]

    def _ended(self, reading: _Reading, sentences: tuple[Sentence, ...]) -> Iterator[Story]:
        if self._tape.is_end(reading.position):
            for known in self._with_latents(reading, list(self._latents)):
                latents = {name: known.drawn[name] for name in self._latents}
                told = (Sentence(each.template, {**each.values, **latents}, each.phrases, each.start) for each in sentences)
                yield Story(self._grammar, latents, tuple(told))

    def _sentences(self, template: Template, before: _Reading) -> Iterator[_Reading]:
        for begin in self._with_latents(before, list(template.only)):
            if all(begin.drawn[name] in allowed for name, allowed in template.only.items()):
                yield from self._steps(template, 0, begin)

    def _steps(self, template: Template, number: int, reading: _Reading) -> Iterator[_Reading]:
        """Give each way to read the rest of a sentence, from its step ``number`` on."""
        if number == len(template.steps):
            yield reading
            return
        step = template.steps[number]
        match step:
            case Say():
                ways = self._phrases(reading, (step.words,))
            case Mention():
                ways = (
                    way
                    for known in self._with_latents(reading, [step.variable])
                    for way in self._phrases(known, wordings(self._grammar, template, known.drawn, step))
                )
            case Draw():
                ways = (
                    known.knowing(step.variable, key)
                    for known in self._with_latents(reading, [step.source] if step.source else [])
                    for key in self._grammar.choices(step, known.drawn, template.classes)
                )
            case Choose():
                ways = (reading.knowing(step.feature, value) for value in self._grammar.values(step.feature))
        for way in ways:
            yield from self._steps(template, number + 1, way)

    def _phrases(self, reading: _Reading, phrases: Sequence[Phrase]) -> Iterator[_Reading]:
        for phrase in phrases:
            position = self._tape.after(reading.position, phrase)
            if position is not None:
                yield _Reading(position, reading.drawn, (*reading.phrases, phrase))

    def _with_latents(self, reading: _Reading, names: Sequence[str]) -> Iterator[_Reading]:
        """Give the readings in which these latents are known; where one is not known yet, one for each of its entries."""
        unknown = next((name for name in names if name in self._latents and name not in reading.drawn), None)
        if unknown is None:
            yield reading
            return
        draw = self._latents[unknown]
        for known in self._with_latents(reading, [draw.source] if draw.source else []):
            for key in self._grammar.choices(draw, known.drawn, self._grammar.latent_classes()):
                yield from self._with_latents(known.knowing(unknown, key), names)
