# Kring. Needs python3 (3.11 or newer, with venv) and make; nothing else.
#   make run     a school that looks alive, on http://localhost:8000   (PORT=8010 DATA_DIR=/some/where are honoured)
#   make serve   a real one: production settings, never demo data      (docs/running.md)
#   make test    every check and every test

PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= $(CURDIR)/var
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
# An active environment of something else must not be used, and must not be written to.
export VIRTUAL_ENV := $(VENV)
export UV_PROJECT_ENVIRONMENT := $(VENV)
unexport PYTHONHOME
unexport PYTHONPATH
# Compiled files are written once, instead of being made again in every process.
unexport PYTHONDONTWRITEBYTECODE
export PORT
export DATA_DIR
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DJANGO_SETTINGS_MODULE := config.settings

MANAGE := $(BIN)/python manage.py
# A production that names PostgreSQL or a shared cache needs their drivers too.
SERVE_STAMP := $(if $(DATABASE_URL)$(CACHE_URL),$(VENV)/.extras,$(VENV)/.runtime)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.DEFAULT_GOAL := help
.PHONY: help run serve test check fix lock bench words screenshots

help:
	@sed -n 's/^#   //p' Makefile

# --- the environment: made once, changed only when requirements change ---

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kring needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make .venv. On Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.uv: requirements/uv.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt || echo "uv could not be installed; pip does the work, which takes longer."
	@touch $@

$(VENV)/.runtime $(VENV)/.extras $(VENV)/.dev: $(VENV)/.%: requirements/%.txt $(VENV)/.uv
	@echo "Installing $< ..."
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $<; then :; \
	  else $(BIN)/python -m pip install --quiet --require-hashes -r $<; fi
	@touch $@

# --- running ---

run: $(VENV)/.runtime
	@mkdir -p "$(DATA_DIR)"
	@$(BIN)/python scripts/words.py compile
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable
	@$(MANAGE) load_demo
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@exec $(MANAGE) serve

serve: export KRING_MODE := production
serve: $(SERVE_STAMP)
	@mkdir -p "$(DATA_DIR)"
	@$(BIN)/python scripts/words.py compile
	@$(MANAGE) check --deploy
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@exec $(MANAGE) serve

# --- the work ---

words: $(VENV)/.dev
	@$(BIN)/python scripts/words.py compile
	@$(BIN)/python scripts/words.py check

check: export KRING_MODE := test
check: words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'kring/**/*.html')
	$(BIN)/django-upgrade --target-version 5.2 $$(git ls-files '*.py' ':!*/migrations/*')
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(BIN)/mypy kring config

test: export KRING_MODE := test
# Memory that a test gives back is kept for the next one instead of being fetched from the kernel again.
test: export MALLOC_TRIM_THRESHOLD_ := 500000000
test: export MALLOC_MMAP_THRESHOLD_ := 500000000
test: check
	$(BIN)/python -m pytest -n 2 -m "not browser"
	$(BIN)/python -m pytest -n 2 -m browser
	@url=$$($(BIN)/python scripts/find_postgres.py) || exit 1; \
	if [ -n "$$url" ]; then echo "Once more on PostgreSQL:"; \
	  DATABASE_URL="$$url" $(BIN)/python -m pytest -n 2 -m "both_databases and not browser"; fi

fix: $(VENV)/.dev
	-$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/django-upgrade --target-version 5.2 $$(git ls-files '*.py' ':!*/migrations/*')
	-$(BIN)/djade --target-version 5.2 $$(git ls-files 'kring/**/*.html')

lock: $(VENV)/.dev
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --all-extras -o requirements/extras.txt
	$(COMPILE) pyproject.toml --all-extras --group dev -o requirements/dev.txt
	echo uv | $(COMPILE) - -o requirements/uv.txt

bench: $(VENV)/.dev
	$(BIN)/python -m bench

screenshots: $(VENV)/.dev
	$(BIN)/python scripts/screenshots.py
