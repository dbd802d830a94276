# Everything a person or CI does here is a target of this file. `make` alone lists them.
#
# One build serves build, check and test: SwiftPM builds everything again when flags change, so every debug
# command below passes the same ones. Sanitizers need other flags and therefore folders of their own.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up build release check lint alerts test gateway model mutants chaos sanitize fuzz bench fmt image clean

DEBUG_FLAGS := -Xswiftc -warnings-as-errors -Xcxx -Wall -Xcxx -Werror
SWIFT_SOURCES := Package.swift Sources Tests

## Arguments of `rejoinder up` (make up ARGS="--workers 2") or of the benchmark (make bench ARGS=--quick).
ARGS ?=
## Only the tests whose name matches: make test FILTER=Reaper
FILTER ?=
## How many steps `make model` makes, and from which seed: a random one if none is given.
STEPS ?= 1000000
SEED ?=
## How long each scenario of `make chaos` lasts: long, or short as in CI.
CHAOS ?= long
## Which sanitizers `make sanitize` runs.
SANITIZERS ?= address thread
## How many inputs `make fuzz` feeds to each target, and to which: to all of them if none is named.
RUNS ?= 20000
TARGET ?=

help: ## This list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | awk -F '\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

up: release ## Run all of it on this machine, private Redis and Postgres included (Ctrl-C stops it)
	@exec .build/release/rejoinder up $(ARGS)

build: .installed ## Build everything for development, tests included, warnings refused
	@swift build --build-tests $(DEBUG_FLAGS)

release: .installed ## Build the five programs as they ship: optimised, Swift linked in
	@scripts/build-release

check: .installed lint alerts build ## What a change must pass before its tests: layout, import rules, no warnings

lint:
	@scripts/test-check-imports
	@scripts/check-imports
	@Benchmarks/test-bench --quiet
	@swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@echo 'lint: layout and imports are clean'

alerts: ## Check the alert rules and run their tests, with Prometheus' promtool
	@scripts/check-alerts .build

test: build ## Run the tests (FILTER=Name for some of them)
	@scripts/run-tests .build/debug .build/test.log --skip 'SystemTests\.Chaos/' $(if $(FILTER),--filter '$(FILTER)')
	@$(if $(FILTER),,scripts/test-gateway .build/gateway.log)
	@$(if $(FILTER),,scripts/compare-twilio .build/debug)

gateway: .installed ## Run the tests of services/baileys, the gateway in Node
	@scripts/test-gateway .build/gateway.log

chaos: build ## Kill, freeze, fill and cut everything under load, the simulator as witness (CHAOS=short, FILTER=Name)
	@CHAOS='$(CHAOS)' scripts/chaos .build/debug .build/chaos.log '$(FILTER)'

model: build ## Compare the queue with a model of it, step by step (STEPS=1000000 SEED=… to repeat a run)
	@.build/debug/QueueModel run $(STEPS) $(SEED)

mutants: build ## Break each of the queue's scripts on purpose and see that the model test notices
	@.build/debug/QueueModel mutants

sanitize: .installed ## Run the tests of Native under the address and thread sanitizers
	@for kind in $(SANITIZERS); do scripts/sanitize "$$kind"; done

fuzz: .installed ## Feed what reads strangers' bytes with hostile input (RUNS=10000000 TARGET=name)
	@scripts/fuzz '$(RUNS)' $(TARGET)

bench: release ## Measure side by side with Sidekiq, Python's queues and nginx (ARGS=--quick for a short run)
	@scripts/install-packages bench
	@Benchmarks/bench $(ARGS)

fmt: ## Lay the Swift code out as `make check` wants it
	@swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

image: ## Build the container image
	@docker build --tag rejoinder .

clean: ## Remove what was built
	@rm -rf .build Benchmarks/.venv

# Not a file: asks dpkg each time, which takes some hundredths of a second when nothing is missing.
.PHONY: .installed
.installed:
	@scripts/install-packages
