# The two commands of the README are `make up` and `make test`; each sets up its own virtual environment.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DISTRIBUTIONS := $(patsubst %/pyproject.toml,%,$(wildcard shared/*/pyproject.toml services/*/pyproject.toml client/pyproject.toml deploy/*/pyproject.toml tools/pyproject.toml))
SOURCES := $(addsuffix /src,$(DISTRIBUTIONS))
empty :=
space := $(empty) $(empty)
ENGINES ?= embedded
ARGS ?=

.PHONY: up demo test lint bench lock docs clean help

help:            ## what can be asked for
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.installed: requirements.lock $(addsuffix /pyproject.toml,$(DISTRIBUTIONS))
	@test -n "$(PYTHON)" || { echo "Cannot start: Python 3.11 is needed; apt-get install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON) deploy/local/preflight.py python
	@echo "[1/2] Setting up the virtual environment $(VENV) (the download takes a minute or two, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@set -o pipefail; $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock --progress-bar off \
		| awk -v all=$$(grep -cE '^[a-z0-9]' requirements.lock) '/^Collecting/ && ++n % 10 == 0 { print "      " n " of " all " packages are here"; fflush() } \
			/^Installing/ { print "      unpacking them"; fflush() }'
	@echo "[2/2] Installing our own packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(DISTRIBUTIONS))
	@touch $@

up: $(VENV)/.installed    ## start the whole stack on this machine (ENGINES=real: Apache Kafka)
	@exec $(BIN)/python -m clearinghouse_local up --engines $(ENGINES) $(ARGS)

demo: $(VENV)/.installed  ## do the main job against the stack, with a timeline (ARGS="--report FILE")
	@exec $(BIN)/python -m clearinghouse_local demo --engines $(ENGINES) $(ARGS)

lint: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	MYPYPATH=$(subst $(space),:,$(SOURCES)):. $(BIN)/mypy $(SOURCES) tests
	$(BIN)/python -m clearinghouse_tools imports

test: lint        ## everything that CI runs
	$(BIN)/pytest $(ARGS)

bench: $(VENV)/.installed ## measure the chain, as ratios against the bare engines (ARGS="--report FILE")
	@exec $(BIN)/python -m clearinghouse_tools bench --engines $(ENGINES) $(ARGS)

docs: $(VENV)/.installed  ## write the descriptions of the interfaces (docs/events, docs/http)
	@$(BIN)/python -m clearinghouse_tools docs

lock:             ## write requirements.lock from requirements.in
	uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 requirements.in -o requirements.lock

clean:            ## remove the environment and the local data
	rm -rf $(VENV) .local
