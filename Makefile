# make tutorial   the handout's three questions, on real data, into build/tutorial
# make test       the tests, with coverage (kernels included)
# make quick      the tests but for the slow ones, without coverage
# make check      linter, formatter, types, imports
# make mutants    small faults in the source, and those that no test finds
# make fuzz       hostile and odd input for every door, an hour of it
# make grow       a kind of layer, an engine, a mistake and a form added to a copy, and tests there
# make bench      the benchmarks beside every peer, into build/bench
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
OUT ?= build/tutorial
# Processes that run tests. Those that are free take tests over from the others.
JOBS ?= 2
PYTEST := $(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal
# The rewritten tests are kept for the next run, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE
# The constraints hold for the build environment too.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: tutorial test quick check mutants fuzz grow bench clean
.DEFAULT_GOAL := tutorial

# torch first and alone: asked for by another package it may come with gigabytes of GPU libraries.
$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch
	$(BIN)/python -m pip install --quiet --editable '.[all,dev]'
	touch $@

tutorial: $(VENV)/ready
	$(BIN)/deltarule tutorial --out $(OUT)

test: $(VENV)/ready
	$(BIN)/python -m coverage erase
	$(PYTEST) --cov --cov-report= --cov-fail-under=0
	NUMBA_DISABLE_JIT=1 $(PYTEST) -m kernels tests --cov --cov-append --cov-report=term

quick: $(VENV)/ready
	$(PYTEST) -m "not slow"

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.imports

# An hour for all packages. Options: make mutants MUTANTS="--only layers --sample 150"
mutants: $(VENV)/ready
	$(BIN)/python -m tools.mutants $(MUTANTS)

# Options: make fuzz FUZZ="--minutes 5 --only answer,engines --seed 1 --inputs 1000"
fuzz: $(VENV)/ready
	$(BIN)/python -m tools.fuzz $(FUZZ)

# Options: make grow GROW='--only engine'
grow: $(VENV)/ready
	$(BIN)/python -m tools.grow $(GROW)

# Each peer is optional: what cannot be installed is reported as missing. Options: make bench BENCH="--quick --only iris"
$(VENV)/peers: benchmarks/peers.txt $(VENV)/ready
	-$(BIN)/python -m pip install --quiet --requirement benchmarks/peers.txt
	touch $@

bench: $(VENV)/peers
	$(BIN)/python -m benchmarks --out build/bench $(BENCH)

clean:
	rm -rf $(VENV) build .coverage .pytest_cache .mypy_cache .ruff_cache
