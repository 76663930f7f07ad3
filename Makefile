# make run     set up, fetch and verify the models, build the index, open the chat
# make test    set up, check style and types, run the tests
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: run test lint eval gate bench compare setup models clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# torch first and alone: the pinned version is the CPU build where the index offers one.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

models: $(READY)
	$(BIN)/footnote models --fetch

run: models
	$(BIN)/footnote sync
	$(BIN)/footnote serve

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint models
	$(BIN)/pytest

eval: models
	$(BIN)/footnote eval evals/suites/investor --gate

# What CI runs: the article's twelve facts in three wordings and what it does not say (6 minutes),
# then the 172 investor questions (16 minutes).
gate: models
	$(BIN)/footnote eval evals/suites/article --gate
	$(BIN)/footnote eval evals/suites/investor --gate

bench: models
	$(BIN)/python -m evals.bench

compare: models
	$(BIN)/python -m evals.compare

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
