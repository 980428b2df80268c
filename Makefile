# Two commands on a fresh machine: make run, make test. Each sets up what it needs, once.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint format drills bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed ## the whole product on this machine, with a simulated carrier
	@exec $(BIN)/ivr demo

test: $(VENV)/installed-test ## every test but the drills
	@$(BIN)/python -m pytest -q -m "not drill" -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/installed-test ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/installed-test ## put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

drills: $(VENV)/installed-test ## the long tests: ten thousand malformed requests, kills in mid-burst
	@$(BIN)/python -m pytest -q -m drill $(ARGS)

bench: $(VENV)/installed-test ## figures, as ratios in one run
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/installed-test ## write requirements.lock, with hashes, for deployment
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv ~= 0.8'
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --output-file requirements.lock setup.cfg

clean: ## remove what the other commands have set up (not the instance folder)
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Third Ring needs Python 3.11 or newer, and none was found." \
		"Install it (https://www.python.org/downloads/), or name it: make run PYTHON=/path/to/python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment." \
		"On Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }

$(VENV)/installed: setup.cfg pyproject.toml | $(VENV)/bin/python
	@echo "Setting up, once: this takes a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-test: setup.cfg pyproject.toml | $(VENV)/bin/python
	@echo "Setting up the tests, once: this takes a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/installed
