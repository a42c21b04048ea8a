# `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Of the training: where the packed text and the run lie, minutes a call, and (on a GPU) another Python.
PACK ?= runs/pack
RUN ?= runs/full
CHUNK ?= 9
RECIPE ?= models/recipes/full.toml
TRAIN ?= $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow check bench pack train-full clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/run: requirements.txt requirements-serve.txt requirements-batch.txt
	@echo "Installing into $(VENV): some minutes, and most of a gigabyte, the first time."
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.txt requirements-ray.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

install: $(VENV)/run ## install what Mujaz runs with into .venv

run: install ## start the service on http://127.0.0.1:8000 (PORT=... changes it)
	$(BIN)/python -m service

test: $(VENV)/dev ## install and run the tests, the linter and the type checker
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

test-slow: $(VENV)/dev ## the tests that take minutes
	$(BIN)/python -m pytest -m slow

check: $(VENV)/dev ## the linter and the type checker only
	$(BIN)/ruff check .
	$(BIN)/mypy

$(VENV)/bench: $(VENV)/run benchmarks/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	touch $@

bench: $(VENV)/bench ## measure speed beside other programs, in some 12 minutes (ARGS=--quick: 3; benchmarks/README.md)
	$(BIN)/python -m benchmarks $(ARGS)

pack: $(VENV)/dev ## pack ../shared/data for training (ENCODER=e5-small-q4.bin; see models/recipes/README.md)
	$(BIN)/python -m models.pack --recipe $(RECIPE) --encoder $(ENCODER) --out $(PACK)

train-full: ## train the best recipe, CHUNK minutes a call; the same line again goes on (ARGS=--rehearse tries it out)
	$(TRAIN) -m models.train full --pack $(PACK) --run $(RUN) --recipe $(RECIPE) --chunk $(CHUNK) $(ARGS)
	$(TRAIN) -m models.export split --run $(RUN)/forward --out $(RUN)/parts

clean: ## remove what was installed and converted; briefs in data/ stay
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
