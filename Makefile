# `make` and `make test` work on a fresh machine with python3, pip and make; the second run starts at
# once. On Windows and macOS without make, README gives the lines to type instead.

PYTHON ?= python3
VENV := .venv
comma := ,
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt

# One process a core: each test's own threads would only make them fight.
PYTEST_ENV := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
PYTEST := $(PYTEST_ENV) $(PY) -m pytest -n auto

# The formats of the figures of the book.
PICTURES := svg,png,pdf

.DEFAULT_GOAL := all
.PHONY: all book pages docs test test-all test-near test-peers test-book test-gpu bench lint format clean help

all: $(VENV)/.runs  ## check every claim by simulation, draw the figures, say what to try next
	@echo "Checking every claim by simulation ..."
	@$(PY) -m sim
	@echo
	@echo "Drawing the figures ..."
	@$(PY) -m figures
	@echo
	@echo "Training a small net; its Hessian's leading eigenvalues with batch norm active and frozen ..."
	@$(PY) examples/top_eigenvalues.py
	@echo
	@echo "The pictures are in build/figures. Try next:"
	@echo "  . $(VENV)/bin/activate"
	@echo "  python -m theory                     every claim, with the status of its proof"
	@echo "  python -m theory spectra.outlier N=320 alpha=1.25 m=0.22 v=0.9"
	@echo "  python -m theory errata              what the sources print and what is right"
	@echo "  python -m sim inputs YOUR_DATA.npy   the spectrum of your own data"

book: $(VENV)/.book build/verdicts.json  ## compute what neither results nor the record have, draw all, write the book
	@echo "Drawing the figures, and computing what they lack ..."
	@$(PY) -m figures '*' --format $(PICTURES) > build/figures.log
	@$(PY) -m book

pages: $(VENV)/.book build/verdicts.json  ## the book from what is there; nothing long is computed
	@$(PY) -m figures --missing --format $(PICTURES) > build/figures.log
	@$(PY) -m book

# Exit code 1 says that a check failed or is unresolved. The book shows it.
build/verdicts.json: $(VENV)/.book $(wildcard theory/*.py theory/*/*.py sim/*.py sim/*/*.py)
	@echo "Checking every claim by simulation ..."
	@mkdir -p build
	@$(PY) -m sim --json > $@.new || test $$? -eq 1
	@mv $@.new $@

docs: $(VENV)/.tests  ## write every generated page and block, and redraw their pictures
	@$(PY) -m tools.docs

test: $(VENV)/.tests lint  ## lint, types, and every test that is not slow
	@$(PYTEST) -m "not slow and not peers and not gpu and not browser"

test-all: $(VENV)/.tests lint  ## the same with the slow tests
	@$(PYTEST) -m "not peers and not gpu and not browser"

test-near: $(VENV)/.tests  ## what the change touches, by room; BASE=... says against what
	@$(PYTEST_ENV) $(PY) -m tools.near $(BASE)

test-peers: $(VENV)/.tests  ## comparisons with PyTorch; skipped with a message where it cannot be had
	@if $(PIP) -e '.[peers]'; then $(PY) -m pytest -m peers; \
	 else echo "PyTorch 2.13.0 cannot be installed here: comparisons with it are skipped"; fi

test-book: $(VENV)/.tests  ## the pages of the book in this machine's Chromium or Chrome; ALL=1 opens all pages
	@$(PY) -m book.chromium > /dev/null; found=$$?; \
	 if test $$found -eq 1; then echo "The pages are not tested in a browser."; exit 0; fi; \
	 test $$found -eq 0 || exit $$found; \
	 $(PIP) -e '.[book-test]' \
	  || { echo "Playwright cannot be installed here: the pages are not tested in a browser."; exit 0; }; \
	 $(PY) -m book && BOOK=build/book ALL=$(ALL) $(PYTEST) -m browser tests/browser

test-gpu: $(VENV)/.tests  ## NumPy and CuPy side by side on this machine's GPU; CUDA=cuda13 (default) or cuda12
	@$(PIP) -e '.[$(or $(CUDA),cuda13)]'
	@$(PY) -m pytest -m gpu

bench: $(VENV)/.runs  ## the engine and PyTorch side by side, as ratios; DEVICE=gpu with CUDA=cuda13 (default) or cuda12
	@$(PIP) -e '.[fast,peers$(if $(filter gpu,$(DEVICE)),$(comma)$(or $(CUDA),cuda13))]'
	@$(PY) -m benchmarks --device $(or $(DEVICE),cpu) --out build/benchmarks.json

lint: $(VENV)/.tests  ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: $(VENV)/.tests  ## rewrite the sources in the house's format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

clean:  ## remove the environment and everything generated
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

$(PY):
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version 2>&1); set PYTHON=..."; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runs: pyproject.toml constraints.txt | $(PY)
	@$(PIP) -e '.[fast]'
	@touch $@

$(VENV)/.book: $(VENV)/.runs
	@$(PIP) -e '.[fast,book]'
	@touch $@

$(VENV)/.tests: $(VENV)/.runs
	@$(PIP) -e '.[fast,test]'
	@$(PY) -c 'import cupy' 2>/dev/null || $(PIP) -e '.[cupy]' \
	  || echo "CuPy cannot be installed here: what needs it is skipped"
	@touch $@
