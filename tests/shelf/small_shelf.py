"""A shelf with one model so small that it is trained in a second."""

from dataclasses import replace

from ssl_core.shelf import building
from ssl_core.shelf.recipes import Recipe, recipe
from ssl_core.training.session import TrainingSession
from tests.training import tiny


def a_recipe(name: str = "encoder-en", **changes) -> Recipe:
    return replace(recipe(name), shown_on=("The small cat ___ a dog.",), **changes)


def a_session(small_text, **training) -> TrainingSession:
    return TrainingSession(tiny.spec(small_text, task="masked_lm", **training))


def build(small_text, shelf_folder, tmp_path, name: str = "encoder-en", **training):
    """Train and install; return the session and the card."""
    session = a_session(small_text, **training)
    work = tmp_path / "work" / name
    assert building.train(session, work)
    return session, building.install(session, a_recipe(name), work, shelf_folder / name)
