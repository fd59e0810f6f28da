# Everything that is done with a checkout. Needs make, sh, git and Python; setup fetches the rest into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Folders too: a deleted module changes nothing but the folder that it was in.
SOURCES := $(shell find bin kubectl_ns_tools -name __pycache__ -prune -o -print)

.DELETE_ON_ERROR:
.PHONY: help setup test test-unit lint types layers assets demo playground-stop readme docs test-oldest test-compat release release-check bench foresight clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.installed ## make .venv with the package and the development tools in it

test: setup lint types layers assets ## everything: setup, lint, types, layers, all tests on the real control plane
	$(BIN)/python -m pytest -n 2 </dev/null

test-unit: setup ## the quick loop: the tests that need no cluster
	$(BIN)/python -m pytest -m 'not integration and not e2e' </dev/null

test-oldest: $(VENV)-oldest/.installed ## the quick loop with the oldest dependencies that setup.cfg allows
	$(VENV)-oldest/bin/python -m pytest -m 'not integration and not e2e' --ignore=tests/e2e </dev/null

# The version of the servers is one variable everywhere: `make test KUBERNETES=1.34`, `make demo KUBERNETES=1.33`.
OLDER = $(or $(KUBERNETES),1.33)
test-compat: setup ## the tests of cluster and kubectl on an older Kubernetes (KUBERNETES=1.33; minutes, once per version)
	KUBERNETES=$(OLDER) $(BIN)/python -m tests.controlplane.build
	KUBERNETES=$(OLDER) $(BIN)/python -m pytest -n 2 -m 'integration or e2e' </dev/null

lint: setup ## style and formatting (ruff)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup ## types (mypy)
	$(BIN)/mypy

layers: setup ## the contracts between the rooms (import-linter)
	$(BIN)/lint-imports

assets: setup ## find or build the servers of the control plane (minutes, once per version)
	$(BIN)/python -m tests.controlplane.build

demo: setup assets ## walk the tour on a real control plane; KEEP=1 leaves it up to play on
	$(BIN)/python -m tests.controlplane.demo

playground-stop: ## end what `make demo KEEP=1` left up
	$(BIN)/python -m tests.controlplane.playground stop

docs: setup ## write the page and the man page of each command anew, from its --help
	$(BIN)/python -m release.docs

readme: setup assets ## write anew what README, documentation and picture show, from real runs
	$(BIN)/python -m tests.e2e.readme

release: setup ## make all that is published of a version, for this platform, from a commit, in dist/ and plugins/
	$(BIN)/python -m release

release-check: setup ## see whether the commit can be released: version, changelog, manifests, docs, wheel
	$(BIN)/python -m release.checks

bench: setup assets ## time the commands beside kubectl, and kubectx, kubens, kubecm, kubie where they are on PATH
	$(BIN)/python -m benchmarks.contexts $(if $(INTO),--into $(INTO))
	$(BIN)/python -m benchmarks.completing $(if $(INTO),--into $(INTO:.md=-completion.md))
	$(BIN)/python -m benchmarks.namespaces $(if $(INTO),--into $(INTO:.md=-namespaces.md))
	$(BIN)/python -m benchmarks.creating $(if $(INTO),--into $(INTO:.md=-creating.md))
	$(BIN)/python -m benchmarks.previewing $(if $(INTO),--into $(INTO:.md=-previews.md))
	$(BIN)/python -m benchmarks.packed $(if $(INTO),--into $(INTO:.md=-packed.md))

foresight: setup assets ## see whether the preview foretells what happens to many more random namespaces (NAMESPACES=200 SEED=1)
	NAMESPACES=$(or $(NAMESPACES),200) SEED=$(or $(SEED),1) $(BIN)/python -m pytest tests/foresight -q

clean: ## remove all that these targets made in the checkout (the built servers stay in the user's cache)
	@if [ -d .playground ]; then $(MAKE) playground-stop; fi
	rm -rf $(VENV) $(VENV)-oldest build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage*
	find . -name __pycache__ -prune -exec rm -rf {} +

# The package is really installed, not linked: the executables are tested as a user gets them. `build` and
# `*.egg-info` go first and last, as setuptools packs whatever an older checkout left in them.
$(VENV)/.installed: $(VENV)/.made setup.cfg pyproject.toml $(SOURCES)
	rm -rf build *.egg-info
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '.[dev]'
	rm -rf build *.egg-info
	touch $@

$(VENV)-oldest/.installed: setup.cfg
	$(PYTHON) -m venv --clear $(VENV)-oldest
	$(PYTHON) -c 'import configparser; c = configparser.ConfigParser(); c.read("setup.cfg"); \
		print("\n".join(line.replace(">=", "==") for line in c["options"]["install_requires"].split("\n") if line[:1] not in ("", "#")))' \
		> $(VENV)-oldest/constraints.txt
	$(VENV)-oldest/bin/python -m pip install --quiet --disable-pip-version-check -c $(VENV)-oldest/constraints.txt '.[dev]'
	rm -rf build *.egg-info
	touch $@

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "error: no $(PYTHON) on PATH; name yours: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
		echo "error: $$($(PYTHON) --version 2>&1) is too old: Python 3.10 or newer is needed; name one: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "error: $(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@
