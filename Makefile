# Everything happens in .venv; a fresh machine needs make and Python 3.10 or newer.
# The lock names no host: uv asks the package index that this machine is set up for.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
# Most tests wait for Kafka or a worker: more test processes than cores. A file's tests share what they start.
SIDE_BY_SIDE := -n 4 --dist loadfile --no-loadscope-reorder
INSTALLED := .venv/.installed
COMPILE = $(BIN)/uv pip compile --upgrade --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help install demo test test-all behaviour faults chaos chaos-long docker-test bench-check bench-peers check clean lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) ## install claimwire and its pinned dependencies into .venv, and download Kafka

demo: install ## run sample articles through the chain on a temporary Kafka; ARGS="--json" for JSON
	@$(BIN)/claimwire demo $(ARGS)

test: install ## run the tests on a real Kafka, in at most ten minutes; ARGS="-k NAME" runs some
	$(BIN)/pytest $(SIDE_BY_SIDE) -m 'not slow and not long and not docker' $(ARGS)

behaviour: install ## print pass rates by kind for thousands of made-up sentences; ARGS="--show KIND" prints failures
	@PYTHONPATH=tests $(BIN)/python -m behaviour.run $(ARGS)

test-all: install ## run the remaining tests, which take tens of seconds each
	$(BIN)/pytest $(SIDE_BY_SIDE) -m 'slow and not long and not docker' $(ARGS)

faults: install ## run fault tests that take minutes: long outages, wrong clocks, an upgrade; some need root
	$(BIN)/pytest -m long $(ARGS)

chaos: install ## kill workers and Kafka under load, then count the results; ARGS="--seed N" repeats a run
	@$(BIN)/claimwire chaos $(ARGS)

chaos-long: install ## the same with 20,000 articles, 3 workers and 34 faults: about ten minutes
	@$(BIN)/claimwire chaos --articles 20000 --workers 3 --seconds 600 \
		--faults kill=20,term=6,freeze=4,broker=4 $(ARGS)

bench-check: install ## compare the speed with earlier ratios; needs an idle machine
	@$(BIN)/claimwire bench --quick --against tests/bench/ratios.json $(ARGS)

bench-peers: install ## compare claimwire with other stream libraries, also while killed; needs an idle machine
	@PYTHONPATH=tests $(BIN)/python -m bench.peers.compare $(ARGS)

# DOCKER_TOOLS may name a folder with start-docker and base-images, for machines without an engine or a registry.
docker-test: install ## test the image, Compose and the dashboard, with crashes under load; needs a Docker engine
	@if [ -n "$(DOCKER_TOOLS)" ]; then "$(DOCKER_TOOLS)/start-docker" && \
		KAFKA_VERSION=$$(sed -n 's|.*apache/kafka:\([0-9.]*\)}.*|\1|p' docker-compose.yml) "$(DOCKER_TOOLS)/base-images"; fi
	$(BIN)/pytest tests/docker -m docker $(ARGS)

check: install ## lint, format, types, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(BIN)/uv ## pin the newest dependencies that pyproject.toml allows
	$(COMPILE) --all-extras pyproject.toml -o requirements.lock
	printf 'uv\nhatchling\neditables\n' | $(COMPILE) --constraint requirements.lock - -o config/install.lock
	@echo "Set the version of hatchling in pyproject.toml to the one of config/install.lock"

clean: ## remove what make and the tools have made here (not Kafka's jars, not your data)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage dist build \
		tests/dashboard/node_modules tests/dashboard/dist

# uv and the build backend, by hash.
$(BIN)/uv: config/install.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "claimwire needs Python 3.10 or newer: make install PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python cannot make virtual environments: install its venv module (Debian, Ubuntu: apt install python3-venv)" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --require-hashes -r config/install.lock
	@touch $@

$(INSTALLED): requirements.lock pyproject.toml $(BIN)/uv
	@echo "Installing claimwire and its pinned dependencies into .venv"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pipeline.broker fetch
	@touch $@
