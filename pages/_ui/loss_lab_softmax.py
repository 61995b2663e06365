"""One word of several: softmax, cross-entropy, perplexity, bits per byte."""

from collections.abc import Mapping, Sequence
from typing import Any

from pages._ui import loss_lab_part as parts
from pages._ui.loss_lab_part import Change, Figure, Part, Rows, State
from ssl_core.formulas import bits_per_byte, cross_entropy, perplexity, softmax
from ssl_core.i18n import N_, _, current_language

RANGE = 6.0
USUAL = (1.5, 2.0, 0.5, -0.5, -1.5)
WORDS = {"en": ("mat", "sofa", "roof", "moon", "soup"), "zh": ("垫子", "沙发", "屋顶", "月亮", "汤碗")}
SPACE = {"en": 1, "zh": 0}  # bytes between words


def words() -> tuple[str, ...]:
    """Return the words of the scene."""
    return WORDS[current_language()]


def num_bytes(word: str) -> int:
    """Return how long a word is in the file, with the space before it where there is one."""
    return len(word.encode()) + SPACE[current_language()]


def usual() -> State:
    """Return where the instrument starts."""
    return {"logits": list(USUAL), "truth": 0}


def clean(raw: Mapping[str, Any]) -> State | None:
    """Return a state, or None."""
    logits, truth = parts.held(raw.get("logits"), len(USUAL), -RANGE, RANGE), parts.number(raw.get("truth"))
    return None if logits is None or truth not in range(len(USUAL)) else {"logits": logits, "truth": int(truth or 0)}


def read(parameters: Mapping[str, str]) -> Mapping[str, Any]:
    """Read a state from the address."""
    return {"logits": parts.listed(parameters.get("logits")), "truth": parameters.get("truth", 0)}


def write(state: State) -> dict[str, str]:
    """Write a state for the address."""
    return {"logits": parts.commas(state["logits"]), "truth": str(state["truth"])}


def numbers(state: State) -> dict[str, float]:
    """Return the numbers beside the bars."""
    loss = cross_entropy.cross_entropy(state["logits"], state["truth"])
    return {
        "loss": loss,
        "chance": float(softmax.softmax(state["logits"])[state["truth"]]),
        "perplexity": perplexity.perplexity(loss),
        "bits": bits_per_byte.bits(loss),
        "bits_per_byte": bits_per_byte.bits_per_byte(loss, num_bytes(words()[state["truth"]])),
    }


def figures() -> list[Figure]:
    """Return what the numbers are called."""
    return [
        Figure(key="loss", name=_("loss"), unit=_("nats")),
        Figure(key="chance", name=_("probability of the truth")),
        Figure(key="perplexity", name=_("perplexity"), unit=_("words")),
        Figure(key="bits", name=_("in bits"), unit=_("bits")),
        Figure(key="bits_per_byte", name=_("bits per byte")),
    ]


def data(state: State) -> dict[str, Any]:
    """Return the scene."""
    truth = words()[state["truth"]]
    return {
        "range": RANGE,
        "trueMark": "✓",
        "items": [{"word": each, "name": each, "bytes": num_bytes(each)} for each in words()],
        "notes": [
            _("“The cat sleeps on the ▢.” Click a word to make it the true one."),
            _("“{word}” takes {count} bytes of the text.").format(word=truth, count=num_bytes(truth)),
        ],
        "moves": parts.moves(
            ("step", _("One step of learning")), ("double", _("Double all")), ("halve", _("Halve all")),
            ("shift", _("Add 1 to all")), ("equal", _("All equal")),
        ),
        "labels": {
            "bars": _("Scores and probabilities"),
            "words": _("Which word is true"),
            "score": _("score (logit): drag it; the arrow shows where learning pushes it"),
            "score_short": _("score (logit)"),
            "share_short": _("probability"),
            "share": _("probability: the softmax of the scores; dashed: what would be right"),
            "grip": _("score of {word}"),
            "gripValue": _("{value}, probability {share}"),
            "loss": _("loss −ln p (nats)"),
            "chance": _("probability p of the truth"),
            "plot": _("The loss against the probability of the truth. Now: {share}, {loss} nats."),
        },
    }  # fmt: skip


def changes(state: State) -> list[Change]:
    """Return what can be guessed about."""
    logits, truth = state["logits"], state["truth"]
    word, own = words()[truth], logits[truth]
    most, least = max(logits), min(logits)
    raised = [each + (2.0 if place == truth else 0.0) for place, each in enumerate(logits)]
    found = [
        Change(
            text=_("you double the score of “{word}” to {score:g}").format(word=word, score=2 * own),
            state=state | {"logits": [2 * each if place == truth else each for place, each in enumerate(logits)]},
            lesson=_("Only its distance from the others counts, not the score itself."),
        ) if own and abs(2 * own) <= RANGE else Change(
            text=_("the score of “{word}” grows by 2").format(word=word), state=_clipped(state, raised),
            lesson=_("Only its distance from the others counts, not the score itself."),
        ),
        Change(
            text=_("1 is added to every score") if most <= RANGE - 1 else _("1 is taken off every score"),
            state=_clipped(state, [each + (1 if most <= RANGE - 1 else -1) for each in logits]),
            lesson=_("Softmax sees differences alone."),
        ),
        Change(
            text=_("all scores are equal"), state=state | {"logits": [0.0] * len(logits)},
            lesson=_("That is ln 5: five words that nobody can tell apart, perplexity 5."),
        ),
    ]  # fmt: skip
    if max(most, -least) <= RANGE / 2:
        found.append(
            Change(
                text=_("all scores are doubled"),
                state=state | {"logits": [2 * each for each in logits]},
                lesson=_("Surer of everything: it costs less if right, more if wrong."),
            )
        )
    return found


def worked(state: State) -> Sequence[str]:
    """Return the formulas with the numbers put in."""
    now, logits, tex = numbers(state), state["logits"], parts.tex
    word, powers = words()[state["truth"]], [float(each) for each in powers_of(logits)]
    terms = " + ".join(f"e^{{{tex(each)}}}" for each in logits)
    own = powers[state["truth"]]
    return [
        rf"p_{{\text{{{word}}}}} = \frac{{e^{{{tex(logits[state['truth']])}}}}}{{{terms}}}",
        rf"\phantom{{p}} = \frac{{{tex(own)}}}{{{tex(sum(powers))}}} = {tex(now['chance'])}",
        rf"\mathcal{{L}} = -\ln {tex(now['chance'])} = {tex(now['loss'])}\ \text{{{_('nats')}}}",
        rf"\mathrm{{PPL}} = e^{{{tex(now['loss'])}}} = {tex(now['perplexity'])}",
        rf"\frac{{{tex(now['loss'])}}}{{\ln 2}} = {tex(now['bits'])}\ \text{{{_('bits')}}}",
        rf"\frac{{{tex(now['bits'])}}}{{{num_bytes(word)}}} = {tex(now['bits_per_byte'])}\ \text{{{_('bits per byte')}}}",
    ]


def powers_of(logits: Sequence[float]) -> list[float]:
    """Return e to each score, as the formula writes it."""
    return [perplexity.perplexity(each) for each in logits]


def rows(state: State) -> Rows:
    """Return the numbers as a table."""
    shares = softmax.softmax(state["logits"])
    slopes = cross_entropy.gradient(state["logits"], state["truth"])
    return [
        {
            _("word"): word,
            _("score (logit)"): f"{state['logits'][place]:.2f}",
            _("probability"): f"{shares[place]:.4f}",
            _("target"): "1" if place == state["truth"] else "0",
            _("gradient"): f"{slopes[place]:+.4f}",
        }
        for place, word in enumerate(words())
    ]


def _clipped(state: State, logits: Sequence[float]) -> State:
    return state | {"logits": parts.held(list(logits), len(USUAL), -RANGE, RANGE)}


PART = Part(
    key="softmax", kind="softmax", title=N_("Softmax and cross-entropy"), question=N_("What does a wrong word cost?"),
    formulas=("softmax", "cross_entropy", "perplexity", "bits_per_byte"), prose="loss-lab-softmax",
    usual=usual, clean=clean, read=read, write=write, numbers=numbers, figures=figures, data=data, changes=changes,
    worked=worked, rows=rows,
)  # fmt: skip
