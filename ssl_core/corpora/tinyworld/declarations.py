"""What a grammar declares about its stories: questions, and which words hang together."""

from typing import Any

from ssl_core.corpora.tinyworld.grammar import Dependency, Draw, Grammar, Question, feature_name
from ssl_core.corpora.tinyworld.problems import Problems
from ssl_core.corpora.tinyworld.sections import possible_latents
from ssl_core.corpora.tinyworld.tables import only_known, string, strings, tables, texts_by_name
from ssl_core.corpora.tinyworld.templates import StepReader
from ssl_core.i18n import LANGUAGES, N_


def read_questions(data: dict[str, Any], grammar: Grammar, problems: Problems) -> tuple[Question, ...]:
    """Read [[question]]: what any story can be asked."""
    found = []
    for number, each in enumerate(tables(data, "question", problems), start=1):
        section = f"question {number}"
        only_known(each.keys(), {"text", "answer"}, problems, section)
        reader = StepReader(grammar.classes, grammar.features, possible_latents(grammar, {}), problems, (section, "text"))
        text = string(each.get("text"), problems, (section, "text"))
        reader.read(text)
        if any(isinstance(step, Draw) for step in reader.steps):
            problems.add(section, "text", N_("A question can draw nothing new; it mentions latents only."))
        answer = reader.mention(string(each.get("answer"), problems, (section, "answer")))
        if answer is not None:
            found.append(Question(text=text, steps=tuple(reader.steps), answer=answer))
    return tuple(found)


def read_dependencies(data: dict[str, Any], grammar: Grammar, problems: Problems) -> dict[str, Dependency]:
    """Read [dependencies.…]."""
    return {name: _dependency(name, value, grammar, problems) for name, value in data.items()}


def _dependency(name: str, data: Any, grammar: Grammar, problems: Problems) -> Dependency:
    section = f"dependencies.{name}"
    data = data if isinstance(data, dict) else {}
    only_known(data.keys(), {"title", "link", "dependent", "governor"}, problems, section)
    link = string(data.get("link"), problems, (section, "link"))
    is_feature = link.startswith("#") and feature_name(link) in grammar.features
    if not is_feature and link not in grammar.latent_classes() and link not in grammar.classes:
        problems.add(section, "link", N_("{link!r} is no feature (#…), no latent and no class."), link=link)
    filters = {key: strings(data.get(key, []), problems, (section, key)) for key in ("dependent", "governor")}
    for key, wanted in filters.items():
        for each in wanted:
            if not _is_known(each, grammar):
                problems.add(section, key, N_("{name!r} is no class, nor a property of one."), name=each)
    title = data.get("title", name)
    known = texts_by_name(title, problems, (section, "title")) if isinstance(title, dict) else {"en": str(title)}
    titles = {language: known.get(language) or next(iter(known.values()), name) for language in LANGUAGES}
    return Dependency(name=name, titles=titles, link=link, dependent=filters["dependent"], governor=filters["governor"])


def _is_known(name: str, grammar: Grammar) -> bool:
    word_class, _, form = name.partition(".")
    found = grammar.classes.get(word_class)
    if found is None:
        return False
    return not form or form.startswith("#") or any(form in entry.phrases for entry in found.entries.values())
