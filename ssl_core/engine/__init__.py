"""The engine: a process of its own that takes queued runs and gives each to a worker."""
