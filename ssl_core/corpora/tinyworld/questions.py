"""Questions about a story whose answers stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ssl_core.corpora.tinyworld.grammar import Mention, Phrase, Say, Step
from ssl_core.corpora.tinyworld.story import Said, Story
from ssl_core.corpora.tinyworld.writing import written


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, and the part of the story that answers it: ``story.tokens[start:stop]``."""

    question: str  # as people write it
    question_tokens: tuple[str, ...]
    start: int
    stop: int


def answered(story: Story) -> tuple[Answered, ...]:
    """Return all questions that the grammar asks about this story, with their answers."""
    found = []
    for question in story.grammar.questions:
        where = next((said for said in story.said if _says(said, question.answer)), None)
        if where is not None:
            found.append(_answered(story, question.steps, story.latents, {}, where))
    for number, sentence in enumerate(story.sentences):
        answer = sentence.template.answer
        if answer is not None:
            here = [said for said in story.said if said.sentence == number]
            where = next(said for said in here if _says(said, answer))
            wordings = {(said.variable, said.form): story.tokens[said.start : said.stop] for said in here}
            found.append(_answered(story, sentence.template.ask, sentence.values, wordings, where))
    return tuple(found)


def _says(said: Said, mention: Mention) -> bool:
    return said.variable == mention.variable and mention.form in (said.form, said.feature)


def _answered(
    story: Story, steps: tuple[Step, ...], values: Mapping[str, str], wordings: Mapping[tuple[str, str], Phrase], where: Said
) -> Answered:
    words: list[str] = []
    classes = story.sentences[where.sentence].template.classes
    for step in steps:
        if isinstance(step, Say):
            words += step.words
        elif isinstance(step, Mention):
            form = values[step.form] if step.form.startswith("#") else step.form
            first = story.grammar.entry(classes[step.variable], values[step.variable]).phrases[form][0]
            words += wordings.get((step.variable, form), first)
    shown = written(words, story.grammar.language, story.grammar.capitals)
    return Answered(shown, tuple(words), where.start, where.stop)
