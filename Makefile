# Every target sets up what it needs, on a machine with Python ≥ 3.11: run `make` anywhere, at any time.
.DEFAULT_GOAL := help
export PYTHONPATH := .
PORT ?= 8000
export PORT
ARGS ?=
python := .venv/bin/python

compile := $(python) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

.PHONY: help run dev demo test lint format bench lock translations install install-dev

help: ## Show what a developer can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: install ## Serve on 127.0.0.1:$PORT with SQLite in instance/ and the demo story
	@$(python) -m setup.serve

dev: install-dev ## The same, restarting when a file changes
	@$(python) -m setup.serve --reload

demo: install ## Load the demo story, then print its accounts and codes
	@$(python) -m setup.serve --only-prepare

test: install-dev ## Run all tests on SQLite and PostgreSQL; ARGS="tests/web -k name" for some
	@$(python) -m setup.test $(ARGS)

lint: install-dev ## Check style, types, layers, templates and translations
	@$(python) -m setup.lint

format: install-dev ## Format the code
	@$(python) -m ruff check --fix . && $(python) -m ruff format .

bench: install-dev ## Measure against named peers; prints ratios
	@$(python) -m bench $(ARGS)

translations: install-dev ## Collect the sentences to translate into translations/
	@$(python) -m setup.translations update

lock: install ## Resolve requirements*.in anew into requirements*.txt
	@$(python) -m pip install --quiet uv
	@$(compile) requirements.in --output-file requirements.txt
	@$(compile) requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt

install:
	@setup/install

install-dev:
	@setup/install dev
