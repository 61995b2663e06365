"""How language models learn from unlabelled text: everything the playground computes, with no screen attached."""

__version__ = "0.1.0"
