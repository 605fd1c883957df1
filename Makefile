# One command per task; `make` alone lists them.

# Any Python from 3.11 on: make PYTHON=/path/to/python3.13 test
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
VENV := .venv/.ready
OLDEST := .venv-oldest/.ready
PIP := -m pip --disable-pip-version-check -q -q install

.DEFAULT_GOAL := help
.PHONY: help venv demo test fuzz test-newest wheel-test engine-up engine-down engine-test managers regenerate format lint docs docs-check \
	starters bench lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

venv: $(VENV) ## the environment of everything below, in .venv

demo: $(VENV) ## scaffold a project, generate its files, build it and ask its health
	@tools/demo.sh

test: $(VENV) $(OLDEST) ## the fast tests, without an engine
	GEN_DOCKERFILES_OLDEST_COPIER=$(CURDIR)/.venv-oldest/bin/python $(BIN)/pytest -n auto -m "not engine"

fuzz: $(VENV) ## arbitrary files, arguments and answers, for FUZZ_SECONDS (3600); with an engine, what comes out too
	FUZZ_SECONDS=$${FUZZ_SECONDS:-3600} $(BIN)/pytest -s tests/attacks/test_fuzz*.py tests/engine/test_fuzzed_outputs.py

test-newest: ## the tests of what reads, checks and renders, in Python 3.14 in a container of the engine
	@tools/test-newest.sh

wheel-test: $(VENV) ## the wheel, in an environment of its own
	@tools/wheel-test.sh

engine-up: ## start the Docker engine of the tests, where the host has none that is current
	tests/engine/engine.sh up

engine-down: ## stop what engine-up has started
	tests/engine/engine.sh down

engine-test: $(VENV) ## the tests that build and run real images
	$(BIN)/pytest tests/engine -n 2 --dist loadgroup --durations=15

managers: $(VENV) ## measure every package manager, for docs/managers.md
	rm -rf build/managers && mkdir -p build/managers
	$(BIN)/pytest tests/engine/managers -n 2 --dist loadgroup --publish $(CURDIR)/build/managers
	$(BIN)/python -m tests.engine.managers.table build/managers

regenerate: $(VENV) ## write the expected files of the tests anew; review the diff
	$(BIN)/pytest -m "not engine" --regenerate

format: $(VENV) ## rewrite the Python files and the scripts of builds in their one format
	$(BIN)/black --quiet .
	$(BIN)/ruff check --fix .
	tools/biome.sh check --write

lint: $(VENV) ## format, lint, types and the generated documentation
	$(BIN)/black --check --diff --quiet .
	$(BIN)/ruff check .
	tools/biome.sh check --error-on-warnings
	$(BIN)/mypy
	@$(MAKE) --no-print-directory docs-check

bench: $(VENV) ## time and memory, beside Copier's own
	PYTHONPATH=. $(BIN)/python -m benchmarks.check
	PYTHONPATH=. $(BIN)/python -m benchmarks.presets
	PYTHONPATH=. $(BIN)/python -m benchmarks.scale --sizes 1000 10000

starters: $(VENV) ## templates/starters/, what copier copy renders a new project from
	$(BIN)/python -m generator.usecases.starters

docs: $(VENV) ## docs/spec.md and schemas/, from the models and presets/base.yaml
	$(BIN)/python -m generator.usecases.reference
	mkdir -p schemas
	$(BIN)/python -m generator schema >schemas/services.json
	$(BIN)/python -m generator schema preset >schemas/preset.json

docs-check: $(VENV)
	$(BIN)/python -m generator.usecases.reference --check
	@{ $(BIN)/python -m generator schema | cmp schemas/services.json - && \
	  $(BIN)/python -m generator schema preset | cmp schemas/preset.json -; } || \
	  { echo 'schemas/ is stale; run make docs' >&2; exit 1; }
	@echo 'schemas/ is up to date'
	$(BIN)/python -m generator.usecases.starters --check

lock: $(VENV) ## requirements/*.txt from requirements/*.in, at the newest versions
	for name in dev oldest; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

clean: ## remove the environments and caches
	rm -rf .venv .venv-oldest .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

$(VENV): requirements/dev.txt pyproject.toml
	$(call make-venv,.venv,$<)
	@$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(OLDEST): requirements/oldest.txt
	$(call make-venv,.venv-oldest,$<)
	@touch $@

# $1 is the environment, $2 its lock file.
define make-venv
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3.13' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "$(PYTHON) is older than Python 3.11")'
	@echo "$1: new environment ($$($(PYTHON) --version))"
	@$(PYTHON) -m venv --clear $1 || { echo 'the venv module is missing; on Debian: apt-get install python3-venv' >&2; exit 1; }
	@echo "$1: installing $2"
	@$1/bin/python $(PIP) --require-hashes --requirement $2
endef
