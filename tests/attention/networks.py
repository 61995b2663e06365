"""Small untrained networks of one part, whose heads can be noted down whole."""

import torch

from ssl_core import models
from ssl_core.models.config import FAMILIES, ModelConfig

TAKEN_APART = [each for each in FAMILIES if each not in ("xlnet", "t5", "bart")]
VOCABULARY = 64


def network(family, **settings):
    """Return a network whose vectors are large enough for differences between tokens to be seen."""
    model = models.build(ModelConfig(family=family, size="tiny", context_tokens=32, **settings), VOCABULARY, 0).eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            if value.ndim == 2 and "position" not in name:
                value *= 3
    return model


def ids(num_tokens=9, seed=0):
    """Return token numbers, none of them special."""
    return torch.randint(5, VOCABULARY, (num_tokens,), generator=torch.Generator().manual_seed(seed)).tolist()
