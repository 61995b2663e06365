"""What attention heads do: recorded, measured against known dependencies, and switched off. Knows no store.

Only ``recording`` and ``reading`` need torch.
"""
