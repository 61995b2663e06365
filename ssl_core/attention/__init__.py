"""What attention heads do: recorded, measured against known dependencies, and switched off. Knows no store.

``heads``, ``kinds``, ``blind_guesses`` and ``dependencies`` need no torch, so that pages can ask them.
"""
