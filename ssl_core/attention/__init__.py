"""What attention heads do: recorded, measured against known dependencies, and switched off. Needs torch, knows no store."""
