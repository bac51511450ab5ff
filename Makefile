.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: .venv/run ## Serve on http://localhost:8000 (PORT= changes it), with demo data the first time
	$(BIN)/centrals serve --demo

demo: .venv/run ## Delete the demo's data and create the demo again
	$(BIN)/centrals demo

# Every branch of authz is run by the tests that judge it: tests/support/judges.py.
# Three workers keep two cores busy, since a worker waits for browsers and servers.
# Byte code is kept, or each process would compile the tests and the source again.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n $(or $(TEST_WORKERS),3) --dist worksteal
COVERED := --cov=authz --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered
# these read the source and run none of it
READERS := tests/test_rooms.py tests/test_patterns.py tests/docs/test_words.py

test: .venv/dev ## Run the tests on SQLite and, where it matters most, on PostgreSQL
	$(PYTEST) $(COVERED) $(addprefix --deselect ,$(READERS))

test-postgres: .venv/dev ## Run on PostgreSQL every test whose statements or locks differ there
	$(PYTEST) --postgres

test-all: .venv/dev ## Run every test on both databases, with all cases and long seeds
	$(PYTEST) $(COVERED) --all

mutants: .venv/dev ## Plant bugs in authz and check that its tests detect them (MUTANTS=60, all or a module's name)
	$(BIN)/python tests/support/mutants.py $(MUTANTS)

check: .venv/dev ## Check style, types, words and the order of the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -q -n 2 $(READERS)
	$(BIN)/centrals schema --cache-keys | diff docs/graphcache-keys.js - || (echo "graphcache-keys.js is old: make schema"; exit 1)
	$(BIN)/centrals schema | diff schema.graphql - || (echo "schema.graphql is old: make schema"; exit 1)

format: .venv/dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

schema: .venv/run ## Write schema.graphql, the README's table of grants and the keys for graphcache
	$(BIN)/centrals schema > schema.graphql
	$(BIN)/python -m centrals.readme

clients: tests/clients/node_modules tests/clients/.venv ## Install the clients that tests drive (needs Node)

tests/clients/node_modules: tests/clients/package-lock.json
	npm ci --prefix tests/clients --no-audit --no-fund --silent
	@touch $@

tests/clients/.venv: tests/clients/requirements.txt
	$(PYTHON) -m venv $@
	$@/bin/pip install --disable-pip-version-check -q --require-hashes --no-deps -r $< || (rm -r $@ && false)
	@touch $@

graphiql: graphiql/node_modules ## Bundle the page that browsers get again, after a change in graphiql (needs Node)
	node graphiql/build.mjs

graphiql/node_modules: graphiql/package-lock.json
	npm ci --prefix graphiql --no-audit --no-fund --silent
	@touch $@

migration: .venv/dev ## Write the migration NAME= from the difference between the models and the migrations
	@file=$$($(BIN)/python -m models.new_migration "$(NAME)") && echo "$$file" \
	&& $(BIN)/ruff check -q --fix-only "$$file" && $(BIN)/ruff format -q "$$file"

bench: .venv/dev ## Measure what requests cost
	$(BIN)/python -m bench

lock: ## Update the locked requirements (needs uv)
	uv pip compile pyproject.toml --extra postgres --group build --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --extra redis --extra otel --extra compression --extra mcp --group build --group dev --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q -o requirements-dev.lock
	uv pip compile tests/clients/requirements.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o tests/clients/requirements.txt

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; PYTHON= names one.")'
	$(PYTHON) -m venv .venv || ($(PYTHON) -m venv --clear --without-pip .venv && $(PYTHON) -m pip --python .venv/bin/python install pip)

.venv/run: .venv/bin/pip requirements.lock pyproject.toml
	$(BIN)/pip install --disable-pip-version-check -q --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(BIN)/pip install --disable-pip-version-check -q --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

.PHONY: clients graphiql help run demo test test-postgres test-all mutants check format schema migration bench lock
