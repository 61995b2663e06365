"""A small GPT, written and trained as nanoGPT does it (its README's set-up for a CPU).

Source: https://github.com/karpathy/nanoGPT: model.py, train.py and config/train_shakespeare_char.py with the README's options:
``--block_size=64 --batch_size=12 --n_layer=4 --n_head=4 --n_embd=128 --max_iters=2000 --lr_decay_iters=2000 --dropout=0.0``.
"""

# B sequences, T tokens, D width, H heads, K width of a head

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional

BATCH, STEPS, WIDTH, LAYERS, HEADS = 12, 2000, 128, 4, 4
RATE, LEAST_RATE, WARM_UP = 1e-3, 1e-4, 100


class Block(nn.Module):
    """Attention and an inner layer, norms before each, no biases."""

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.inner_norm = (nn.LayerNorm(WIDTH, bias=False) for _ in range(2))
        self.joined, self.out = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.inner, self.last = nn.Linear(WIDTH, 4 * WIDTH, bias=False), nn.Linear(4 * WIDTH, WIDTH, bias=False)

    def forward(self, x_BTD: torch.Tensor) -> torch.Tensor:
        B, T, D = x_BTD.shape
        parts = self.joined(self.norm(x_BTD)).split(D, dim=2)
        query_BHTK, key_BHTK, value_BHTK = (each.view(B, T, HEADS, D // HEADS).transpose(1, 2) for each in parts)
        mixed_BHTK = functional.scaled_dot_product_attention(query_BHTK, key_BHTK, value_BHTK, is_causal=True)
        x_BTD = x_BTD + self.out(mixed_BHTK.transpose(1, 2).reshape(B, T, D))
        return x_BTD + self.last(functional.gelu(self.inner(self.inner_norm(x_BTD))))


class Network(nn.Module):
    """Tokens and places, four blocks, and the token vectors again as output."""

    def __init__(self, vocabulary_size: int, context_tokens: int) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary_size, WIDTH), nn.Embedding(context_tokens, WIDTH)
        self.blocks, self.norm = nn.Sequential(*(Block() for _ in range(LAYERS))), nn.LayerNorm(WIDTH, bias=False)
        for name, weight in self.named_parameters():
            if weight.ndim > 1:
                is_last = name.endswith(("out.weight", "last.weight"))
                nn.init.normal_(weight, std=0.02 / math.sqrt(2 * LAYERS) if is_last else 0.02)

    def forward(self, ids_BT: torch.Tensor) -> torch.Tensor:
        x_BTD = self.tokens(ids_BT) + self.places.weight[: ids_BT.shape[1]]
        return functional.linear(self.norm(self.blocks(x_BTD)), self.tokens.weight)


def train(network: Network, batches: Iterator[Any], *, until: Callable[[], bool]) -> int:
    """Train until the steps or the time are over; return the steps."""
    weights = list(network.parameters())
    groups = [
        {"params": [each for each in weights if each.ndim > 1], "weight_decay": 0.1},
        {"params": [each for each in weights if each.ndim < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99))
    for step in range(STEPS):
        if until():
            return step
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step)
        batch = next(batches)
        logits_NV = network(batch.seen_ids_BT).flatten(0, 1)[batch.positions_N]
        functional.cross_entropy(logits_NV, batch.target_ids_N).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return STEPS


def rate_at(step: int) -> float:
    """Rise in a straight line, then fall along a cosine."""
    if step < WARM_UP:
        return RATE * (step + 1) / (WARM_UP + 1)
    share = (step - WARM_UP) / (STEPS - WARM_UP)
    return LEAST_RATE + 0.5 * (1 + math.cos(math.pi * share)) * (RATE - LEAST_RATE)
