"""Sharing token embeddings between two networks: the narrow one looks its tokens up in the wide one's table.

Source: Clark et al. 2020, ELECTRA, arXiv:2003.10555, section 3.2: the table is as wide as the discriminator, and a linear layer
projects it to the generator's width. Differs: position embeddings, where a family has them, stay each network's own, and the
same projection serves the generator's input and output, as tied embeddings do.
"""

# N tokens, D width of the table, G width of the narrow network, V vocabulary

from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel


class NarrowEmbedding(nn.Module):
    """The table of another network, seen through a projection to this one's width."""

    def __init__(self, table: nn.Embedding, narrow: nn.Linear | None) -> None:
        """Look tokens up in ``table``; ``narrow`` maps D to G, and is None where both are equally wide."""
        super().__init__()
        self.table, self.narrow = table, narrow

    @property
    def weight(self) -> Tensor:
        """The narrow network's own table, (V, G), with gradients for both of its factors."""
        return self.table.weight if self.narrow is None else self.narrow(self.table.weight)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the narrow vectors of some tokens."""
        return functional.embedding(ids, self.weight)


class TiedOutput(nn.Module):
    """Scores for every token from the transposed input embeddings and a bias a token."""

    def __init__(self, embedding: NarrowEmbedding, bias_V: nn.Parameter | None) -> None:
        """Score with the vectors of ``embedding``."""
        super().__init__()
        self.embedding, self.bias = embedding, bias_V

    def forward(self, hidden_NG: Tensor) -> Tensor:
        """Return logits_NV."""
        return functional.linear(hidden_NG, self.embedding.weight, self.bias)


def projection(wide: int, narrow: int) -> nn.Linear | None:
    """Return the layer between tables of two widths, drawn so that projected vectors are as long, a number, as before."""
    if wide == narrow:
        return None
    layer = nn.Linear(wide, narrow, bias=False)
    nn.init.normal_(layer.weight, std=wide**-0.5)
    return layer


def share(network: PreTrainedModel, other: PreTrainedModel, narrow: nn.Linear | None) -> None:
    """Let ``other`` read and score tokens with the input embeddings of ``network``, in place of its own."""
    table, output = network.get_input_embeddings(), other.get_output_embeddings()  # type: ignore[no-untyped-call]
    assert isinstance(table, nn.Embedding), "the wide network keeps its own table"
    shared = NarrowEmbedding(table, narrow)
    other.set_input_embeddings(shared)
    other.set_output_embeddings(TiedOutput(shared, output.bias))  # type: ignore[no-untyped-call]
