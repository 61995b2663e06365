"""Runs: what was asked for (``spec``), what is kept of it (``store``), and one run read as a whole (``record``)."""
