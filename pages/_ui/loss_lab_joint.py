"""One hidden vector, read by two heads: two losses with weights, and how hard each pulls."""

from collections.abc import Mapping, Sequence
from typing import Any

from pages._ui import loss_lab_part as parts
from pages._ui.loss_lab_part import Change, Figure, Part, Rows, State
from ssl_core.formulas import joint, two_heads
from ssl_core.i18n import N_, _, current_language

RANGE, HEAVIEST = 3.0, 100.0
WORDS = {"en": ("rain", "snow", "bread", "music"), "zh": ("雨", "雪", "面包", "音乐")}


def usual() -> State:
    """Return where the instrument starts."""
    return {"hidden": [-0.6, -1.2], "weights": [1.0, 1.0]}


def clean(raw: Mapping[str, Any]) -> State | None:
    """Return a state, or None."""
    hidden, weights = (
        parts.held(raw.get("hidden"), 2, -RANGE, RANGE),
        parts.held(raw.get("weights"), 2, 0.0, HEAVIEST, digits=6),
    )
    if hidden is None or weights is None:
        return None
    return {"hidden": hidden, "weights": [float(f"{each:.3g}") for each in weights]}


def read(parameters: Mapping[str, str]) -> Mapping[str, Any]:
    """Read a state from the address."""
    return {"hidden": parts.listed(parameters.get("hidden")), "weights": parts.listed(parameters.get("weights"))}


def write(state: State) -> dict[str, str]:
    """Write a state for the address."""
    return {"hidden": parts.commas(state["hidden"]), "weights": parts.commas(state["weights"])}


def numbers(state: State) -> dict[str, float]:
    """Return the numbers beside the plane."""
    word, yes = two_heads.two_heads(state["hidden"]).tolist()
    gradients_KD = two_heads.gradients(state["hidden"])
    word_pull, yes_pull = joint.pulls(gradients_KD, state["weights"]).tolist()
    return {
        "loss": two_heads.together(state["hidden"], state["weights"]),
        "word_loss": word,
        "yes_loss": yes,
        "word_pull": word_pull,
        "yes_pull": yes_pull,
        "agreement": joint.agreement(*gradients_KD),
    }


def figures() -> list[Figure]:
    """Return what the numbers are called."""
    return [
        Figure(key="loss", name=_("joint loss"), unit=_("nats")),
        Figure(key="word_loss", name=_("loss of the word"), unit=_("nats")),
        Figure(key="yes_loss", name=_("loss of yes or no"), unit=_("nats")),
        Figure(key="word_pull", name=_("gradient norm of the word")),
        Figure(key="yes_pull", name=_("gradient norm of yes or no")),
        Figure(key="agreement", name=_("do they agree? (cosine)")),
    ]


def data(state: State) -> dict[str, Any]:
    """Return the scene."""
    heads = two_heads.HEADS
    return {
        "words": list(WORDS[current_language()]),
        "heads": {"words": heads.words_VD, "truth": heads.truth, "yes": heads.yes_D, "isYes": heads.is_yes},
        "moves": parts.moves(
            ("step", _("One step of learning")), ("bert", _("Weights 1 : 1 (BERT)")),
            ("electra", _("Weights 1 : 50 (ELECTRA)")), ("balance", _("Equally hard")),
        ),
        "labels": {
            "plane": _("The hidden vector as a point on a plane: drag it. The stronger the shade, the larger the joint loss."),
            "point": _("hidden vector"),
            "where": _("across {x}, up {y}"),
            "yesMark": _("yes ✓"),
            "word": _("names the word"),
            "yes": _("says yes or no"),
            "word_weight": _("weight of the word"),
            "yes_weight": _("weight of yes or no"),
            "pulls": _("How hard each pulls: weight × length of its gradient. Dotted: where both together push."),
        },
    }  # fmt: skip


def changes(state: State) -> list[Change]:
    """Return what can be guessed about."""
    first, second = state["weights"]
    found = [
        Change(
            text=_("yes or no gets the weight 50 instead of {before:g}").format(before=second),
            state=state | {"weights": [first, 50.0]},
            lesson=_("Its pull grows with it. What a weight does shows in the gradients, not in the loss."),
        ) if second != 50 else Change(
            text=_("yes or no gets the weight 1 instead of {before:g}").format(before=second),
            state=state | {"weights": [first, 1.0]},
            lesson=_("The loss shrinks, and nothing was learned: joint losses with different weights can't be compared."),
        ),
        Change(
            text=_("yes or no gets the weight 0"), state=state | {"weights": [first, 0.0]},
            lesson=_("Its loss is still there, but nobody listens to it any more."),
        ),
    ]  # fmt: skip
    if max(first, second) <= HEAVIEST / 2 and max(first, second) > 0:
        found.append(
            Change(
                text=_("both weights are doubled"),
                state=state | {"weights": [2 * first, 2 * second]},
                lesson=_("The arrows point where they did: it only acts like a learning rate twice as high."),
            )
        )
    found.append(
        Change(
            text=_("the hidden vector is 0"),
            state=state | {"hidden": [0.0, 0.0]},
            lesson=_("Nothing is said: ln 4 for one of four words, ln 2 for yes or no, each times its weight."),
        )
    )
    return found


def worked(state: State) -> Sequence[str]:
    """Return the formulas with the numbers put in."""
    now, tex, (first, second) = numbers(state), parts.tex, state["weights"]
    gradients_KD = two_heads.gradients(state["hidden"]).tolist()
    whole = joint.gradient(gradients_KD, state["weights"]).tolist()
    column = [rf"\binom{{{tex(x)}}}{{{tex(y)}}}" for x, y in [*gradients_KD, whole]]
    return [
        rf"\mathcal{{L}} = {tex(first)} \cdot {tex(now['word_loss'])} + {tex(second)} \cdot {tex(now['yes_loss'])}"
        rf" = {tex(now['loss'])}\ \text{{{_('nats')}}}",
        rf"\nabla\mathcal{{L}} = {tex(first)} {column[0]} + {tex(second)} {column[1]} = {column[2]}",
        rf"\lVert\lambda_1\nabla\mathcal{{L}}_1\rVert = {tex(now['word_pull'])},\quad "
        rf"\lVert\lambda_2\nabla\mathcal{{L}}_2\rVert = {tex(now['yes_pull'])}",
    ]


def rows(state: State) -> Rows:
    """Return the numbers as a table."""
    losses, gradients_KD = two_heads.two_heads(state["hidden"]), two_heads.gradients(state["hidden"])
    pulls = joint.pulls(gradients_KD, state["weights"])
    return [
        {
            _("head"): title,
            _("loss (nats)"): f"{losses[place]:.4f}",
            _("weight"): f"{state['weights'][place]:g}",
            _("gradient"): f"({gradients_KD[place, 0]:+.4f}, {gradients_KD[place, 1]:+.4f})",
            _("gradient norm"): f"{pulls[place]:.4f}",
        }
        for place, title in enumerate((_("names the word"), _("says yes or no")))
    ]


PART = Part(
    key="joint", kind="joint", title=N_("Joint loss"), question=N_("Two losses, one model: who is heard?"),
    formulas=("joint", "two_heads"), prose="loss-lab-joint",
    usual=usual, clean=clean, read=read, write=write, numbers=numbers, figures=figures, data=data, changes=changes,
    worked=worked, rows=rows,
)  # fmt: skip
