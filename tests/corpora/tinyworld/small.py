"""A grammar small enough to list all its stories by hand, and what the tests of the grammar's parts share."""

import math
from collections import Counter

from ssl_core.corpora.tinyworld.grammar import Choose, Draw, Mention
from ssl_core.corpora.tinyworld.story import wordings

TEXT = """
language = "en"
[story]
middles = [1, 2]
[latents]
character = "person"
place = "place"
[features]
number = ["one", "many"]
[classes.person]
capital = ["name"]
entities = { name = "person" }
anna = { name = "anna", subject = "she" }
ben = { name = "ben", subject = "he" }
[classes.place]
lists = { things = "thing" }
garden = { word = "garden", things = ["rose", "tree"] }
beach = { word = "beach", things = ["shell"] }
[classes.thing]
rose = { one = "rose", many = "roses" }
tree = { one = "tree", many = "trees" }
shell = { one = "shell", many = "shells" }
[classes.be]
be = { one = "is", many = "are" }
[classes.size]
big = { word = ["big", ""] }
[[opening]]
text = "{character.name} sees the {place.word} ."
[[middle]]
text = "{character.subject} rests ."
weight = 3
[[middle]]
positions = [2, 2]
text = "the {size.word} {place.things.#number} {be.#number} here ."
labels = { number = "#number", kind = "there" }
[[ending]]
text = "{character.name} goes home !"
[dependencies.subject_verb]
title = { en = "number", zh = "数" }
link = "#number"
dependent = ["be"]
governor = ["thing"]
[dependencies.name]
title = "names"
link = "character"
dependent = ["person.subject"]
governor = ["person.name"]
"""


def stories_by_hand() -> dict[str, float]:
    """Every story of this grammar with its probability, written out without reading the grammar."""
    found = Counter()
    for name, subject in (("anna", "she"), ("ben", "he")):
        for place, things in (("garden", ("rose", "tree")), ("beach", ("shell",))):
            begins, ends, rests = f"{name} sees the {place} .", f"{name} goes home !", f"{subject} rests ."
            found[f"{begins} {rests} {ends}"] += 1 / 4 * 1 / 2
            found[f"{begins} {rests} {rests} {ends}"] += 1 / 4 * 1 / 2 * 3 / 4
            for thing in things:
                for noun, verb in ((thing, "is"), (f"{thing}s", "are")):
                    for size in ("big ", ""):
                        share = 1 / 4 * 1 / 2 * 1 / 4 / len(things) / 2 / 2
                        found[f"{begins} {rests} the {size}{noun} {verb} here . {ends}"] += share
    return dict(found)


def log_chance(story) -> float:
    """The log-probability of having told a story in just this way: every choice that was made, one by one."""
    grammar = story.grammar
    fewest, most = grammar.middles
    chance = 1 / (most - fewest + 1)
    classes = grammar.latent_classes()
    for draw in grammar.latents:
        chance /= len(grammar.choices(draw, story.latents, classes))
    logs = [math.log(chance)]
    for place, sentence in enumerate(story.sentences):
        template = sentence.template
        could_be = grammar.templates_at(template.kind, place if template.kind == "middle" else 1, story.latents)
        logs.append(math.log(template.weight / sum(each.weight for each in could_be)))
        phrases = iter(sentence.phrases)
        for step in template.steps:
            if isinstance(step, Draw):
                logs.append(-math.log(len(grammar.choices(step, sentence.values, template.classes))))
            elif isinstance(step, Choose):
                logs.append(-math.log(len(grammar.values(step.feature))))
            else:
                next(phrases)
                if isinstance(step, Mention):
                    logs.append(-math.log(len(wordings(grammar, template, sentence.values, step))))
    return math.fsum(logs)
