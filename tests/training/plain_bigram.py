"""The bigram model by hand: pairs counted one by one, and every completion of what is hidden weighed."""

import itertools
import math

from ssl_core.pretext.base import IGNORED, Role


class PlainBigram:
    """p(token | left) by the same definition, one token at a time."""

    def __init__(self, train_ids, size):
        train = [int(each) for each in train_ids]
        cut = len(train) - len(train) // 20
        counted, held_back = train[:cut], train[cut:]
        self.unigram = {token: (counted.count(token) + 0.1) / (len(counted) + 0.1 * size) for token in range(size)}
        self.after = {token: [b for a, b in itertools.pairwise(counted) if a == token] for token in range(size)}
        self.weights = dict.fromkeys(range(12), 0.5)
        for _ in range(30):
            credits: dict[int, list[float]] = {}
            for left, token in itertools.pairwise(held_back):
                if self.after[left]:
                    share = self.weights[self.bucket(left)] * self.pair(left, token)
                    mixed = share + (1 - self.weights[self.bucket(left)]) * self.unigram[token]
                    credits.setdefault(self.bucket(left), []).append(share / mixed)
            self.weights |= {key: min(sum(values) / len(values), 0.999) for key, values in credits.items()}

    def bucket(self, left):
        return min(int(math.log2(len(self.after[left]))), 11)

    def pair(self, left, token):
        return self.after[left].count(token) / len(self.after[left])

    def p(self, token, left):
        """``left`` is None where nothing is known of it."""
        if left is None or not self.after[left]:
            return self.unigram[token]
        weight = self.weights[self.bucket(left)]
        return weight * self.pair(left, token) + (1 - weight) * self.unigram[token]

    def of_text(self, tokens, edges):
        """How likely a text is; what frames it says nothing and is told of nothing."""
        chance = 1.0
        for place, token in enumerate(tokens):
            if token not in edges:
                left = tokens[place - 1] if place else None
                chance *= self.p(token, None if left in edges else left)
        return chance

    def completed(self, known, place, target, ordinary, edges=(), own=lambda _token: 1.0):
        """p(target at ``place``) over all ways to fill the places of ``known`` that are None, weighed by ``own`` evidence."""
        blanks = [t for t, token in enumerate(known) if token is None]
        right = total = 0.0
        for filling in itertools.product(ordinary, repeat=len(blanks)):
            tokens = list(known)
            for t, token in zip(blanks, filling, strict=True):
                tokens[t] = token
            chance = self.of_text(tokens, edges) * own(tokens[place])
            total += chance
            right += chance * (tokens[place] == target)
        return right / total


def losses_of_both_sides(plain, examples, ordinary, *, edges=(), size=0, rates=None, ranks=None):
    """What every token asked for costs, by going through all completions; ``rates``: of random and of kept tokens."""
    losses = []
    for b, roles in enumerate(examples.roles_BT):
        seen, targets = examples.seen_ids_BT[b].tolist(), examples.target_ids_BT[b].tolist()
        true = [s if y == IGNORED else y for s, y in zip(seen, targets, strict=True)]
        for t, target in enumerate(targets):
            if target == IGNORED:
                continue
            if ranks is None:
                is_hidden = [
                    role in (Role.HIDDEN, Role.RANDOMISED) and s != x for role, s, x in zip(roles, seen, true, strict=True)
                ]
            else:
                is_hidden = [rank >= ranks[b][t] for rank in ranks[b]]
            known = [None if hidden or place == t else x for place, (hidden, x) in enumerate(zip(is_hidden, true, strict=True))]

            def own(token, shown=seen[t], role=roles[t]):
                if rates is None or role == Role.HIDDEN:
                    return 1.0
                return rates[0] / size + rates[1] * (token == shown)

            losses.append(-math.log(plain.completed(known, t, target, ordinary, edges, own)))
    return losses
