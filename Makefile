# Everything a developer types. `make` alone prints this list.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

# What a target is given on the command line: make up UP="--detach", make test TESTS=tests/unit
UP ?=
TESTS ?=
BENCH ?=
TRAIN ?=
PYTEST_ARGS ?=

.PHONY: help
help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z.-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ── running ──────────────────────────────────────────────────────────────────────────────────────
.PHONY: up
up: $(INSTALLED) ## Start everything on this machine; Ctrl-C stops it, the data stays (UP="--detach")
	@$(BIN)/todotasks up $(UP)

.PHONY: down
down: $(INSTALLED) ## Stop what a detached `make up` started
	@$(BIN)/todotasks down

.PHONY: status
status: $(INSTALLED) ## Say what runs where, and whether it is healthy
	@$(BIN)/todotasks status

# ── checking ─────────────────────────────────────────────────────────────────────────────────────
.PHONY: test
test: prepare ## Every test, and lint beside them (TESTS=tests/unit PYTEST_ARGS="-k name" to narrow it)
	-@$(BIN)/python -m tests.support.programs helm # without it, the tests of the chart are skipped
	@scripts/check $(TESTS) $(PYTEST_ARGS)

.PHONY: test-long
test-long: ## As test, but servers stay away for a minute, a ring has 2,500 tasks, a live stream breaks 500 times
	@TEST_OUTAGE=60 TEST_RING=2500 TEST_DISCONNECTS=500 $(MAKE) test

.PHONY: test-cluster
test-cluster: $(INSTALLED) prepare ## The chart on a real node, beside real Flux, Dapr, Jaeger; every alert by its cause (root, on Debian; an hour)
	@scripts/system-packages --node
	@$(BIN)/python -m tests.support.node prepare
	@$(BIN)/python -m tests.support.programs kustomize-controller daprd jaeger
	@TEST_CLUSTER=1 TEST_GITOPS=240 TEST_SOAK=600 scripts/test \
		$(or $(TESTS),tests/cluster tests/integration/gitops tests/integration/dapr tests/e2e/test_observed.py) $(PYTEST_ARGS)

.PHONY: lint
lint: $(INSTALLED) ## Style, types and the contracts between the packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m todo_cli.reference --check

.PHONY: format
format: $(INSTALLED) ## Format the code and mend what can be mended by rule
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: $(INSTALLED) prepare ## Measure, beside the raw limits of this machine (BENCH="--row flood")
	@$(BIN)/python -m bench $(BENCH)

# ── making ───────────────────────────────────────────────────────────────────────────────────────
.PHONY: train
train: $(INSTALLED) ## Learn anew how sentences are ranked, from the corpora and our own, and print the figures
	@$(BIN)/python -m bench.train $(TRAIN)

.PHONY: docs
docs: $(INSTALLED) ## Make what is made from others: reference pages, the page of metrics, dashboards
	$(BIN)/python -m todo_cli.reference
	$(BIN)/python scripts/metrics.py
	$(BIN)/python scripts/monitoring.py

.PHONY: page
page: ## Build the web page from its sources (needs Node)
	cd chat-gateway/page && npm ci --ignore-scripts --no-audit --no-fund && npm run build

.PHONY: prepare
prepare: $(INSTALLED) ## Build the control plane and fetch Kafka, once, as the first `make up` would
	@scripts/system-packages
	@$(BIN)/python -m todo_cli.local.prepare

.PHONY: lock
lock: $(INSTALLED) ## Resolve the dependencies anew into requirements/*.lock
	@scripts/lock

$(INSTALLED): pyproject.toml requirements/bootstrap.lock requirements/all.lock scripts/install
	@PYTHON=$(PYTHON) scripts/install
	@touch $@

.PHONY: clean
clean: ## Remove the virtual environment and every tool's cache; data and built programs stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .pytest-kind
