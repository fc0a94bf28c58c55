# Recipes are one line each; what they run can be typed by hand. CONTRIBUTING.md tells when to use which.
.DEFAULT_GOAL := list
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin

list: ## these lines
	@sed -n 's/^\([a-z]*\):.*## /\1 - /p' Makefile

.venv/demo.stamp: pyproject.toml requirements/demo.lock tools/install
	@tools/install demo

.venv/dev.stamp: pyproject.toml requirements/dev.lock tools/install
	@tools/install dev

demo: .venv/demo.stamp ## the main job on the example workspace, from nothing
	@$(BIN)/greylag demo

test: .venv/dev.stamp ## every test, on two processes
	-@tools/clickhouse18
	$(BIN)/python -m pytest -n 2 --dist loadscope $(ARGS)

unit: .venv/dev.stamp ## the unit tests alone
	$(BIN)/python -m pytest -q tests/unit $(ARGS)

lint: .venv/dev.stamp ## format, ruff, mypy --strict, import contracts
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

golden: .venv/dev.stamp ## accept what parsers, events, verbs and notices say now; then read the diff
	$(BIN)/python -m tests.golden.parser_cases && $(BIN)/python -m tests.golden.prisma_cases
	$(BIN)/python -m tests.golden.event_cases && $(BIN)/python -m tests.golden.verb_cases && $(BIN)/python -m tests.golden.notice_cases

docs: .venv/dev.stamp ## write the generated pages of docs/reference anew
	$(BIN)/python -m greylag.environments.reference > docs/reference/config.md && $(BIN)/python -m greylag.cli.reference

bench: .venv/dev.stamp ## side by side with the real goose (CASES='status latency'; all by default)
	$(BIN)/python bench/run.py $(CASES)

peers: .venv/dev.stamp ## goose (needs Go), Prisma (Node), pgbouncer and ClickHouse 18.16 (Debian's packages) into .peers
	-@tools/pgbouncer
	-@tools/clickhouse18
	-@tools/prisma
	$(BIN)/python bench/peers.py

lock: ## pin the newest versions (needs uv)
	tools/lock

.PHONY: list demo test unit lint golden docs bench peers lock
