# Both commands make a virtual environment of their own in .venv, so they work where pip may not touch the system.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Else each of the many processes of a run compiles anew what it imports.
unexport PYTHONDONTWRITEBYTECODE

demo: $(READY)
	-$(BIN)/coderefine refine problems/two-sum problems/two-sum/submissions/wrong_answer/off_by_one.py

# More than half of a run waits for sandboxes and their limits, so six processes are worth it even on two cores.
# Collecting once before compiles every test; else each of the six does so, at the same time.
test: $(READY)
	$(BIN)/python -m pytest --collect-only -qq >/dev/null
	$(BIN)/python -m pytest --numprocesses 6 --dist worksteal

# Makes anew what is written by programs: the page of commands, and the recording that the README shows.
pages: $(READY)
	$(BIN)/python -m tests.documents.commands_page
	$(BIN)/python -m tests.documents.recording

# The site in build/site, of docs/ and of the pages that stand beside it.
docs: $(READY)
	rm -rf build/pages
	mkdir -p build
	cp -r docs build/pages
	cp SECURITY.md CONTRIBUTING.md CHANGELOG.md build/pages
	sed -i 's#](\.\./#](#g; s#](docs/#](#g' build/pages/*.md
	$(BIN)/zensical build --strict --config-file .mkdocs.yml

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

$(READY): pyproject.toml .ci/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("coderefine needs Python 3.11 or newer: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip' || { echo "this Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 3; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile \
	  -r .ci/requirements.txt  # what is imported is compiled then, which is little of it
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Needs uv. One file for every platform and Python from 3.11 on.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command 'make lock' --extra test --extra docs pyproject.toml .ci/requirements.in -o .ci/requirements.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: demo test pages docs lint lock clean
