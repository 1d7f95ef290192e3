# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3

.PHONY: run test check format bench locks mutants openapi screenshots soak

run: ## set everything up, load the demonstration network, serve until Ctrl-C
	@$(PYTHON) -m ops.run

test: ## the whole suite on a database cluster of its own; ARGS="-k name" narrows it
	@$(PYTHON) -m ops.test $(ARGS)

check: ## format, lint, types, imports
	@$(PYTHON) -m ops.install dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: ## put the code into its one form
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: ## measure the budgets beside peers; ARGS="push list" narrows it
	@$(PYTHON) -m ops.bench $(ARGS)

mutants: ## plant mistakes in sync, files and formulas one by one; each must turn a test red (three quarters of an hour)
	@$(PYTHON) -m ops.mutants $(ARGS)

screenshots: ## every screen of the web client, into var/screenshots
	@$(PYTHON) -m ops.screenshots

soak: ## sync under every fault there is, 100,000 operations (half an hour)
	@$(PYTHON) -m ops.soak $(ARGS)

openapi: ## write openapi.yaml anew
	.venv/bin/weft openapi > openapi.yaml

locks: ## resolve dependencies anew into hashed locks that name no address
	for name in uv run dev web; do \
		.venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url \
			--no-annotate --no-header --python-version 3.11 --upgrade \
			locks/$$name.in -o locks/$$name.txt || exit 1; \
	done
