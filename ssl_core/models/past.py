"""What a decoder keeps of the tokens it has read: their keys and values, so that a further token costs one column, not all.

Source: Shazeer 2019, arXiv:1911.02150, section 2.4 (incremental attention); libraries call it the KV cache.
"""

# B rows, Q new columns, C columns read so far (the new ones included), H heads, K width of a head, D = H * K, X = 3 * D

from collections.abc import Sequence

import torch
from torch.nn import functional

from ssl_core.models.attention import Tables, rotate


class Past:
    """Rows of different lengths that are read on together: they end in the same column, shorter ones begin later.

    For each reading, ``advance`` once, then ``attend`` once a layer. For reading only: it keeps no gradients.
    """

    def __init__(self, starts: Sequence[int], device: torch.device) -> None:
        """Row b begins in column ``starts[b]``; whatever stands before it is never looked at."""
        self._start_B1 = torch.tensor(starts, device=device)[:, None]
        self._num_columns = 0
        self._kept_2BHCK: dict[int, torch.Tensor] = {}

    def advance(self, num_new: int) -> torch.Tensor:
        """Go on by some columns and return places_BQ: each new token's position in its own row."""
        first = self._num_columns
        self._num_columns += num_new
        column_C = torch.arange(self._num_columns, device=self._start_B1.device)
        new_Q1 = column_C[first:, None]
        # a column before a row's beginning sees itself, because a softmax over nothing is no number
        is_seen_BQC = (column_C <= new_Q1) & (column_C >= self._start_B1[:, :, None]) | (column_C == new_Q1)
        self._is_seen_B1QC = is_seen_BQC[:, None]
        return (column_C[first:] - self._start_B1).clamp(min=0)

    def attend(self, layer: int, joined_BQX: torch.Tensor, num_heads: int, *, rotary: Tables | None = None) -> torch.Tensor:
        """Mix the values of all columns by how well their keys answer the new columns' queries, and keep the new ones.

        ``joined_BQX`` holds queries, keys and values side by side, ``rotary`` the tables of the new places.
        Returns: mixed_BQD, the heads side by side again.
        """
        B, Q, X = joined_BQX.shape
        parts_3BHQK = joined_BQX.view(B, Q, 3, num_heads, X // (3 * num_heads)).permute(2, 0, 3, 1, 4).contiguous()
        if rotary is not None:
            rotate(parts_3BHQK[:2], *rotary)
        new_2BHQK, before = parts_3BHQK[1:], self._kept_2BHCK.get(layer)
        self._kept_2BHCK[layer] = new_2BHQK if before is None else torch.cat((before, new_2BHQK), dim=3)
        key_BHCK, value_BHCK = self._kept_2BHCK[layer]
        mixed_BHQK = functional.scaled_dot_product_attention(parts_3BHQK[0], key_BHCK, value_BHCK, self._is_seen_B1QC)
        return mixed_BHQK.transpose(1, 2).reshape(B, Q, X // 3)
