.PHONY: check lint format test screenshots recordings

PYTHON ?= python

check: lint test  ## everything a change must pass

lint:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

format:
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

test:
	$(PYTHON) -m pytest

screenshots:  ## every page in its states, into screenshots/
	$(PYTHON) tools/screenshots.py

recordings:  ## train every preset once and keep the run that the pages replay
	$(PYTHON) tools/record_presets.py
