# Four words: demo, test, check, bench. Each sets up all that it needs.

# Set, it would compile every module at every start: twice as long.
unexport PYTHONDONTWRITEBYTECODE
# What the rules and the types need to read the settings; nothing is connected to.
CHECKING = FORECOURT_DEMO=1 DATABASE_URL=postgresql:///none EMAIL_URL=smtp://127.0.0.1:1 PUBLIC_URL=http://testserver

.PHONY: help demo test check style types rules bench clean

help:
	@echo "make demo    start a portal with a sample world at http://localhost:8000"
	@echo "make test    run every test"
	@echo "make check   look over style, types and house rules"
	@echo "make bench   measure it"
	@echo "make clean   remove all that these made, the demo's data too"

# HOST, PORT, FORECOURT_DATA, DATABASE_URL, EMAIL_URL and RESET=1 are passed on.
export ORDERS HOST PORT FORECOURT_DATA DATABASE_URL EMAIL_URL PUBLIC_URL RESET
demo: .venv/.complete
	@exec .venv/bin/forecourt demo

test: .venv/.complete
	@exec .venv/bin/python tools/test.py $(ARGS)

# Beside each other: make -j 2 check.
check: style types rules

style: .venv/.complete
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports

types: .venv/.complete
	$(CHECKING) .venv/bin/mypy

rules: .venv/.complete
	if [ -d tests/rules ]; then .venv/bin/python -m pytest -q tests/rules; fi

bench: .venv/.complete
	@exec .venv/bin/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov build dist

.venv/.complete: requirements-dev.lock requirements-uv.lock tools/venv.py
	@for python in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	    command -v $$python >/dev/null && exec $$python tools/venv.py; done; \
	echo "Forecourt needs Python 3.11 or later. On Debian or Ubuntu: apt install python3 python3-venv" >&2; exit 1
