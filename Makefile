# `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
LOCKED := $(PIP) --require-hashes -r
# The embedded models need neither torch nor transformers; public ones do.
SET := $(if $(filter-out embedded embedded-fast,$(MUJAZ_MODEL))$(filter torch,$(MUJAZ_BACKEND)),full,serve)

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow check bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/pip:
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/serve: requirements/serve.txt | $(BIN)/pip
	@echo "Installing into $(VENV): some 400 MB, the first time."
	$(LOCKED) $<
	touch $@

$(VENV)/full $(VENV)/dev $(VENV)/bench: $(VENV)/%: requirements/%.txt requirements/torch.txt | $(BIN)/pip
	@echo "Installing into $(VENV): torch with it, a minute or more and 1.6 GB, the first time."
	$(LOCKED) $<
	$(PIP) -r requirements/torch.txt
	touch $@

install: $(VENV)/$(SET) ## install what Mujaz runs with into .venv (MUJAZ_MODEL=...: what that model needs)

run: install ## start the service on http://127.0.0.1:8000 (PORT=... changes it)
	$(BIN)/python -m service

test: $(VENV)/dev ## install and run the tests, the linter and the type checker
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-slow: $(VENV)/dev ## the tests that take minutes
	$(BIN)/python -m pytest -m slow

check: $(VENV)/dev ## the linter and the type checker only
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/bench ## measure speed beside other programs, in some 12 minutes (ARGS=--quick: 3; benchmarks/README.md)
	$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/dev ## write the lock files anew after a change of requirements/*.in
	requirements/lock.sh

clean: ## remove what was installed and converted; briefs in data/ stay
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
