"""A small grammar compiled by hand, and all texts it can make, one by one: the oracle of everything exact.

Stories are told of anna or ben, glad or sad: "anna sleeps . she sees ben . she is glad .". The middle sentence may come any
number of times, "fish" is a verb or a noun, and each story ends in the separator, after which another begins.
"""

from collections import defaultdict

import numpy as np

from ssl_core.corpora.tinyworld.machine import Machine

WORDS = ("|", "anna", "ben", "she", "he", "fish", "sleeps", "eats", "sees", "is", "glad", "sad", ".")
SEPARATOR, MARK = 0, WORDS.index(".")
STORIES = {("anna", "glad"): 0.3, ("anna", "sad"): 0.2, ("ben", "glad"): 0.1, ("ben", "sad"): 0.4}
SENTENCES = {  # state: (word, {next state: probability})
    "name": ("NAME", {"fishing": 0.4, "sleeping": 0.6}),
    "fishing": ("fish", {"opening.": 1.0}),
    "sleeping": ("sleeps", {"opening.": 1.0}),
    "opening.": (".", {"who": 0.7, "who is": 0.3}),
    "who": ("PRONOUN", {"eats": 0.5, "sees": 0.5}),
    "eats": ("eats", {"a fish": 1.0}),
    "sees": ("sees", {"a fish": 0.25, "friend": 0.75}),
    "a fish": ("fish", {"middle.": 1.0}),
    "friend": ("FRIEND", {"middle.": 1.0}),
    "middle.": (".", {"who": 0.5, "who is": 0.5}),
    "who is": ("PRONOUN", {"is": 1.0}),
    "is": ("is", {"mood": 1.0}),
    "mood": ("MOOD", {"ending.": 1.0}),
    "ending.": (".", {"|": 1.0}),
}
MEANINGS = {
    "anna": {"NAME": "anna", "PRONOUN": "she", "FRIEND": "ben"},
    "ben": {"NAME": "ben", "PRONOUN": "he", "FRIEND": "anna"},
}


def machine() -> Machine:
    """Write the table out, once for each kind of story."""
    names = ["|"]
    tokens, latents = [SEPARATOR], [-1]
    for number, (who, mood) in enumerate(STORIES):
        for state, (word, _ways) in SENTENCES.items():
            names.append(f"{who} {mood} {state}")
            tokens.append(WORDS.index({**MEANINGS[who], "MOOD": mood}.get(word, word)))
            latents.append(number)
    rows = [[(names.index(f"{who} {mood} name"), share) for (who, mood), share in STORIES.items()]]
    for who, mood in STORIES:
        for _word, ways in SENTENCES.values():
            rows.append([(0 if to == "|" else names.index(f"{who} {mood} {to}"), p) for to, p in ways.items()])
    return of_rows(rows, tokens, latents, words=WORDS, latent_names=("who", "mood"), latent_values=tuple(STORIES))


def of_rows(rows, tokens, latents, **rest) -> Machine:
    """Make a machine of each state's list of (next state, probability)."""
    return Machine(
        token_S=np.array(tokens),
        first_S=np.cumsum([0, *map(len, rows)]),
        next_N=np.array([to for row in rows for to, _p in row]),
        probability_N=np.array([p for row in rows for _to, p in row]),
        latent_S=np.array(latents),
        **rest,
    )


def random_machine(seed: int, num_states: int = 9, num_words: int = 5) -> Machine:
    """A machine without any sense; each state can reach the separator, and several loops avoid it."""
    rng = np.random.default_rng(seed)
    rows = []
    for state in range(num_states):
        ways = {int(each) for each in rng.choice(num_states, size=3, replace=False)} | {(state + 1) % num_states}
        rows.append(list(zip(sorted(ways), rng.dirichlet(np.ones(len(ways))), strict=True)))
    tokens = [0, *rng.integers(1, num_words, num_states - 1).tolist()]
    latents = [-1, *([0] * (num_states - 1))]
    return of_rows(rows, tokens, latents, words=tuple("|abcdefgh"[:num_words]))


def stationary(machine: Machine) -> np.ndarray:
    """The long-run share of each state, by solving for it as a system of equations."""
    S = machine.num_states
    step = np.zeros((S, S))
    for state in range(S):
        for place in range(machine.first_S[state], machine.first_S[state + 1]):
            step[state, machine.next_N[place]] += machine.probability_N[place]
    equations = np.vstack([step.T - np.eye(S), np.ones(S)])
    return np.linalg.lstsq(equations, np.append(np.zeros(S), 1.0), rcond=None)[0]


def paths(machine: Machine, length: int, start: np.ndarray | None = None):
    """Every way of ``length`` states through the machine, with its probability; from the stream's middle, or ``start``."""
    first = stationary(machine) if start is None else start
    found = [((state,), p) for state, p in enumerate(first.tolist()) if p > 1e-15]
    for _ in range(length - 1):
        found = [
            ((*path, int(machine.next_N[place])), p * float(machine.probability_N[place]))
            for path, p in found
            for place in range(machine.first_S[path[-1]], machine.first_S[path[-1] + 1])
        ]
    return found


def texts(machine: Machine, length: int, start: np.ndarray | None = None) -> dict[tuple[int, ...], float]:
    """Every text of ``length`` tokens, with its probability."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for path, p in paths(machine, length, start):
        found[tuple(int(machine.token_S[state]) for state in path)] += p
    return dict(found)


def story_start(machine: Machine) -> np.ndarray:
    """How likely each state is to follow the separator."""
    start = np.zeros(machine.num_states)
    for place in range(machine.first_S[0], machine.first_S[1]):
        start[machine.next_N[place]] = machine.probability_N[place]
    return start


def some(found: dict[tuple[int, ...], float], count: int, seed: int = 0) -> np.ndarray:
    """Some of the texts, drawn by their probability."""
    keys = list(found)
    shares = np.array([found[key] for key in keys])
    drawn = np.random.default_rng(seed).choice(len(keys), size=count, p=shares / shares.sum())
    return np.array([keys[each] for each in drawn])
