"""Questions of yes and no: does this sentence follow, was this word replaced?"""

from collections.abc import Mapping, Sequence
from functools import partial
from math import log
from typing import Any

from pages._ui import loss_lab_part as parts
from pages._ui.loss_lab_part import Change, Figure, Part, Rows, State
from pages._ui.loss_lab_scenes import NEXT_SCENE, REPLACED_SCENE, Scene
from ssl_core.formulas import binary_cross_entropy, constant_answer, detection
from ssl_core.i18n import N_, _, current_language

RANGE, HEAVIEST = 6.0, 20.0


def usual(scene: Scene) -> State:
    """Return where the instrument starts."""
    language = current_language()
    return {"logits": list(scene.logits[language]), "labels": list(scene.labels[language]), "weight": 1.0}


def clean(scene: Scene, raw: Mapping[str, Any]) -> State | None:
    """Return a state, or None."""
    count = scene.count
    logits, labels = parts.held(raw.get("logits"), count, -RANGE, RANGE), parts.held(raw.get("labels"), count, 0, 1)
    weight = parts.held([raw.get("weight")], 1, 1.0, HEAVIEST, digits=1)
    if logits is None or labels is None or weight is None or not set(labels) <= {0.0, 1.0}:
        return None
    return {"logits": logits, "labels": [int(each) for each in labels], "weight": weight[0]}


def read(scene: Scene, parameters: Mapping[str, str]) -> Mapping[str, Any]:
    """Read a state from the address."""
    labels = parameters.get(f"{scene.key}_labels", "")
    return {
        "logits": parts.listed(parameters.get(scene.key)),
        "labels": list(labels[:50]) or usual(scene)["labels"],
        "weight": parameters.get(f"{scene.key}_weight", 1.0),
    }


def write(scene: Scene, state: State) -> dict[str, str]:
    """Write a state for the address."""
    return {
        scene.key: parts.commas(state["logits"]),
        f"{scene.key}_labels": "".join(str(each) for each in state["labels"]),
        f"{scene.key}_weight": f"{state['weight']:g}",
    }


def numbers(state: State) -> dict[str, float]:
    """Return the numbers beside the bars."""
    logits, labels, weight = state["logits"], state["labels"], state["weight"]
    base_rate = sum(labels) / len(labels)
    accuracy, precision, recall = detection.detection(logits, labels)
    return {
        "loss": binary_cross_entropy.binary_cross_entropy(logits, labels, weight),
        "constant_loss": constant_answer.best_loss(base_rate, weight),
        "base_rate": base_rate,
        "accuracy": accuracy,
        "recall": recall,
        "precision": precision,
    }


def figures() -> list[Figure]:
    """Return what the numbers are called."""
    return [
        Figure(key="loss", name=_("loss"), unit=_("nats")),
        Figure(key="constant_loss", name=_("best constant answer"), unit=_("nats")),
        Figure(key="base_rate", name=_("base rate of yes")),
        Figure(key="accuracy", name=_("accuracy")),
        Figure(key="recall", name=_("recall")),
        Figure(key="precision", name=_("precision")),
    ]


def data(scene: Scene, state: State) -> dict[str, Any]:
    """Return the scene."""
    words = scene.words[current_language()]
    notes = scene.notes[current_language()] or (
        _("Click a word to say whether it was replaced; drag what the detector thinks."),
    )
    asks_next = scene.key == NEXT_SCENE.key
    score = _("score of “follows”: drag it") if asks_next else _("score of “replaced”: drag it")
    return {
        "range": RANGE,
        "trueMark": scene.mark,
        "items": [{"word": each, "name": each} for each in words],
        "notes": list(notes),
        "moves": parts.moves(
            ("step", _("One step of learning")), ("constant", _("Same answer to all")), ("unsure", _("Fifty-fifty")),
            ("detect", _("Find them")),
        ),
        "labels": {
            "bars": _("Scores and probabilities"),
            "words": _("Click to change what is true"),
            "score": _("{score}; the arrow shows where learning pushes it").format(score=score),
            "score_short": score,
            "share_short": _("probability of yes"),
            "share": _("probability of yes: the sigmoid of the score; dashed: the answer is yes"),
            "grip": _("score of {word}"),
            "gripValue": _("{value}, probability {share}"),
            "weight": _("what a missed yes costs"),
            "constant": _("loss of one answer to all (nats)"),
            "answer": _("that answer: probability of yes"),
            "best": _("best constant"),
            "mine": _("yours"),
            "plot": _("Always the same answer costs least at {share}: {best} nats. Your loss: {loss} nats."),
        },
    }  # fmt: skip


def changes(scene: Scene, state: State) -> list[Change]:
    """Return what can be guessed about."""
    logits, labels, weight = state["logits"], state["labels"], state["weight"]
    base_rate = sum(labels) / len(labels)
    answer = min(max(constant_answer.constant_answer(base_rate, weight), 0.0025), 0.9975)
    always = clean(scene, state | {"logits": [log(answer / (1 - answer))] * len(logits)}) or state
    turned = [1 - each if place == 0 else each for place, each in enumerate(labels)]
    return [
        Change(
            text=_("every score is the same, the best that one answer can do"),
            state=always,
            lesson=_("Learning nothing looks this good: watch recall, not the loss alone."),
        ),
        Change(
            text=_("a missed yes costs {weight:g} times as much").format(weight=5 if weight < 3 else 1),
            state=state | {"weight": 5.0 if weight < 3 else 1.0},
            lesson=_("The weight moves the best constant answer, too: losses with different weights can't be compared."),
        ),
        Change(
            text=_("every score is 0"),
            state=state | {"logits": [0.0] * len(logits)},
            lesson=_("Fifty-fifty costs ln 2 = 0.693 on every question of weight 1."),
        ),
        Change(
            text=_("the truth about “{word}” is the other one").format(word=scene.words[current_language()][0]),
            state=state | {"labels": turned},
            lesson=_("The surer a wrong answer is, the more it costs."),
        ),
    ]


def worked(state: State) -> Sequence[str]:
    """Return the formulas with the numbers put in."""
    now, tex, weight = numbers(state), parts.tex, state["weight"]
    costs = binary_cross_entropy.surprises(state["logits"], state["labels"], weight)
    rate = now["base_rate"]
    answer = constant_answer.constant_answer(rate, weight)
    halves = [costs[: (len(costs) + 1) // 2], costs[(len(costs) + 1) // 2 :]]
    sums = [" + ".join(tex(float(each)) for each in half) for half in halves]
    score = state["logits"][0]
    return [
        rf"\sigma(z_1) = \frac{{1}}{{1 + e^{{{tex(-score)}}}}} = {tex(float(binary_cross_entropy.sigmoid(score)))}",
        rf"\mathcal{{L}} = \frac{{1}}{{{len(costs)}}}\,( {sums[0]}",
        rf"\qquad + {sums[1]} ) = {tex(now['loss'])}\ \text{{{_('nats')}}}",
        rf"p^* = \frac{{{tex(weight)} \cdot {tex(rate)}}}{{{tex(weight)} \cdot {tex(rate)} + {tex(1 - rate)}}} = {tex(answer)}",
        rf"\mathcal{{L}}^* = {tex(now['constant_loss'])}\ \text{{{_('nats')}}}",
    ]


def rows(scene: Scene, state: State) -> Rows:
    """Return the numbers as a table."""
    logits, labels, weight = state["logits"], state["labels"], state["weight"]
    shares, slopes = binary_cross_entropy.sigmoid(logits), binary_cross_entropy.gradient(logits, labels, weight)
    costs = binary_cross_entropy.surprises(logits, labels, weight)
    return [
        {
            _("item"): word,
            _("score (logit)"): f"{logits[place]:.2f}",
            _("probability"): f"{shares[place]:.4f}",
            _("target"): str(labels[place]),
            _("surprise (nats)"): f"{costs[place]:.4f}",
            _("gradient"): f"{slopes[place]:+.4f}",
        }
        for place, word in enumerate(scene.words[current_language()])
    ]


def _part(scene: Scene, title: str, question: str, prose: str) -> Part:
    on = {name: partial(make, scene) for name, make in _OF_A_SCENE.items()}
    return Part(
        key=scene.key, kind="binary", title=title, question=question, prose=prose, numbers=numbers, figures=figures,
        formulas=("binary_cross_entropy", "constant_answer", "detection"), worked=worked, **on,
    )  # fmt: skip


_OF_A_SCENE: dict[str, Any] = {
    "usual": usual, "clean": clean, "read": read, "write": write, "data": data, "changes": changes, "rows": rows,
}  # fmt: skip
NEXT = _part(NEXT_SCENE, N_("Next sentence"), N_("What does a wrong yes or no cost?"), "loss-lab-next")
REPLACED = _part(REPLACED_SCENE, N_("Replaced words"), N_("What if almost all answers are no?"), "loss-lab-replaced")
