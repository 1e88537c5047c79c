# Everything a newcomer needs: each target makes its own virtual environment
# from the lock. `make test PYTHON=python3.13` uses another interpreter.

PYTHON ?= python3
TAG := $(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
RUN := .venv/run-$(TAG)
DEV := .venv/dev-$(TAG)
TOUR := .venv/tour-$(TAG)
DATA ?= ../shared/data
BENCH ?= ingest answers start

.PHONY: demo test check format bench tour lock audit clean
# Two environments set up at once would write the project's one egg-info together.
.NOTPARALLEL:

demo: $(RUN)/ready
	$(RUN)/bin/dragoman demo $(ARGS)

# Some tests kill processes and wait for others while every core is busy with tests. Tests that fail
# (status 1 of pytest) run once more by themselves and have to pass there; any other status, such as
# that of an interrupt or a wrong argument, ends the run.
test: $(DEV)/ready
	$(DEV)/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS); \
	status=$$?; test $$status -eq 1 || exit $$status; \
	$(DEV)/bin/python -m pytest --last-failed --last-failed-no-failures none $(ARGS)

check: $(DEV)/ready
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/mypy

format: $(DEV)/ready
	$(DEV)/bin/ruff check --fix-only .
	$(DEV)/bin/ruff format .

bench: $(DEV)/ready
	@for name in $(BENCH); do $(DEV)/bin/python -m tests.bench $$name "$(DATA)" || exit 1; done

# Takes the pictures of the README again; needs the network once, and Chromium or Chrome.
tour: $(TOUR)/ready
	CHROMIUM="$(CHROMIUM)" $(TOUR)/bin/python -m tests.tour deploy/images

$(RUN)/ready: requirements.lock pyproject.toml
	@./.ci/venv "$(PYTHON)" $(RUN) requirements.lock
	@touch $@

$(DEV)/ready: requirements-dev.lock pyproject.toml
	@./.ci/venv "$(PYTHON)" $(DEV) requirements-dev.lock
	@touch $@

# The extra is in no lock: nothing but the tour needs it.
$(TOUR)/ready: requirements.lock pyproject.toml
	@./.ci/venv "$(PYTHON)" $(TOUR) requirements.lock
	@$(TOUR)/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --editable ".[tour]"
	@touch $@

# Needs the network: resolves the newest versions that pyproject.toml allows.
lock:
	"$(PYTHON)" -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv
	.venv/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-annotate --upgrade --extra build \
		pyproject.toml -o requirements.lock
	.venv/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-annotate --extra dev \
		-c requirements.lock pyproject.toml -o requirements-dev.lock

# Needs the network: asks which of the packages that are locked have flaws that are known. Strict,
# because one that cannot be asked about would else be passed over, and the whole said to be well.
audit:
	"$(PYTHON)" -m venv .venv/audit && .venv/audit/bin/pip install --quiet pip-audit
	.venv/audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
		-r requirements.lock -r requirements-dev.lock

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
