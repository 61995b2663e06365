"""``shelf``: the models that come with the house: list them, or train one of them anew."""

import argparse
import json
import sys

from ssl_core import shelf
from ssl_core.cli.printing import Lines, ProgressBar, Shown, plain
from ssl_core.cli.stopping import StopSignals
from ssl_core.engine.settings import prepare_threads
from ssl_core.engine.worker import training_session
from ssl_core.i18n import _
from ssl_core.shelf import recipes
from ssl_core.training.stages import say_nothing


def list_models(chosen: argparse.Namespace) -> int:
    """Print the models that are there, with what they are worth."""
    found = shelf.cards()
    if chosen.json:
        print(json.dumps([plain(each.to_json()) for each in found], ensure_ascii=False, indent=2))
        return 0
    for card in found:
        print(f"{card.name}  {_(card.title)}")
        for line in _lines(card):
            print(f"    {line}")
        print()
    return 0


def build(chosen: argparse.Namespace) -> int:
    """Train one model and put it on the shelf; a build that was broken off goes on.

    Raises: UserError if no recipe has this name, or another build of it is at work.
    """
    recipe = recipes.recipe(chosen.name)
    prepare_threads()
    from ssl_core.shelf import building  # brings torch, so not before the threads are set up

    spec = recipes.spec(recipe)
    shown: Shown = ProgressBar(spec) if sys.stdout.isatty() else Lines(spec)
    with building.alone(recipe.name) as folder:
        session = training_session(spec, say_nothing)
        print(_("{name}: Ctrl-C breaks off; the same command goes on.").format(name=recipe.name), file=sys.stderr)
        with StopSignals(shown) as stop:
            is_done = building.train(session, folder, on_report=shown.report, should_stop=stop.is_asked)
        shown.close()
        if not is_done:
            return stop.exit_code or 1
        card = building.install(session, recipe, folder, shelf.FOLDER / recipe.name)
    print("\n".join(_lines(card)))
    return 0


def _lines(card: shelf.Card) -> list[str]:
    held_out = card.held_out
    return [
        _("{parameters:,} parameters, {steps:,} steps, {tokens:,} tokens, {seconds:,.0f} s of one core: {command}").format(
            parameters=card.parameters,
            steps=card.steps,
            tokens=card.tokens,
            seconds=card.processor_seconds,
            command=card.command,
        ),
        _("Validation: {val:.2f} nats a token; word frequencies alone {unigram:.2f}, a bigram model {bigram:.2f}").format(
            val=card.val_nats, unigram=card.lines["unigram_nats"], bigram=card.lines["bigram_nats"]
        ),
        _("The right token is among the first five: {top5:.1%}; among the five most frequent: {unigram:.1%}").format(
            top5=held_out["top5"], unigram=held_out["unigram_top5"]
        ),
        *(_(each) for each in card.limits),
    ]
