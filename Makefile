# `make` sets up and rebuilds everything; `make test` sets up and tests. The README gives the plain lines.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# DVC runs the stages' commands by name, so the environment's bin comes first.
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: all setup data test verify check docs release lint clean

all: data

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

setup: $(VENV)/.installed

data: setup
	dvc repro

test: setup
	python -m pytest

# Rebuild without caches: not a byte may differ from what dvc.lock says.
verify: setup
	rm -rf .cache
	dvc repro --force --no-run-cache
	git diff --exit-code dvc.lock

lint: setup
	ruff check .
	ruff format --check .
	mypy

docs: setup
	contactline codebook
