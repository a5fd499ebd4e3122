# Truceline: what can be done here.  `make` alone prints the targets; the text after the
# double hash is their help, and a test holds that none goes without.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
JOBS   ?= 2
SIZES  ?= 1 10 100
CASE   ?= energy-moratorium-2025
OUT    ?= out/$(CASE)

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-full fast lint types docs catalogue bench clean

help: ## Print this list
	@echo "Truceline: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.package ## Make .venv and install Truceline with its pinned core

demo: setup ## Assess the 2025 energy moratorium, write its dossier and verify it
	$(BIN)/truceline run cases/$(CASE) --out $(OUT)
	$(BIN)/truceline verify $(OUT) --quiet

test: lint types ## Everything that has to pass before a commit, slow tests excepted
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "not slow"

test-full: lint types ## The same with the slow tests
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

fast: $(VENV)/.dev ## Quick tests only: no slow ones, no browser, stop at the first failure
	$(BIN)/python -m pytest -q -x -m "not slow and not browser"

lint: $(VENV)/.dev ## Style and spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

types: $(VENV)/.dev ## Types, strictly
	$(BIN)/mypy

docs: $(VENV)/.dev ## Regenerate codebook and schema, then check the documentation
	$(BIN)/python tools/build_docs.py

catalogue: $(VENV)/.dev ## Bring the catalogues of other languages up to date; says what is missing
	$(BIN)/python tools/make_catalogue.py

bench: $(VENV)/.dev $(VENV)-rivals/.stamp ## Measure everything on this machine, rivals too (SIZES="1 10 100")
	$(BIN)/python tools/bench/cases.py
	$(BIN)/python tools/bench/scale.py --sizes $(SIZES) --rivals $(VENV)-rivals/bin/python
	$(BIN)/python tools/bench/page.py

clean: ## Remove environment, caches and output
	rm -rf $(VENV) $(VENV)-rivals out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# --- steps that leave a stamp, so that nothing is installed twice -------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Truceline needs Python 3.11 or later; say which one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "$(PYTHON) lacks venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: requirements/core.lock | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements/core.lock
	@touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.core
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.package
	$(PIP) install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

# What the benchmark compares with needs another version of the engine: an environment of its own.
$(VENV)-rivals/.stamp: requirements/rivals.in | $(BIN)/python
	$(PYTHON) -m venv $(VENV)-rivals
	$(VENV)-rivals/bin/pip install --quiet --disable-pip-version-check -r requirements/rivals.in
	@touch $@
