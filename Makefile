# Every target is safe to repeat. `make build` is the set-up that the others start with.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: build test figure figures pages slow bench hippounit nightly check static clean distclean

build: $(STAMP)
	@$(BIN)/ca1ltd build

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ca1ltd needs Python 3.11 or newer: make PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing ca1ltd and its dependencies into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# Tests start some hundred processes: bytecode is kept, whatever the environment says.
test: export PYTHONDONTWRITEBYTECODE :=
test: build
	$(BIN)/python -m pytest -n auto --dist loadfile

figure: build
	$(BIN)/ca1ltd figure ltd

figures: build
	$(BIN)/ca1ltd figure all

slow: build
	$(BIN)/python -m pytest -m slow -s

bench: build
	$(BIN)/python -m benchmarks $(if $(AGAINST),--against $(AGAINST))
	$(BIN)/python -m pages

# The numbers of README.md and docs/, from docs/results.
pages: build
	$(BIN)/python -m pages

# HippoUnit has some seventy dependencies and old needs: it gets an environment of its own.
hippounit: build
	@test -n "$(TARGETS)" || { echo "make hippounit TARGETS=FOLDER, the folder target_features of" \
		"KaliLab/HippoUnit_demo"; exit 2; }
	@test -x .venv-hippounit/bin/python || $(PYTHON) -m venv .venv-hippounit
	.venv-hippounit/bin/python -m pip install --quiet --disable-pip-version-check \
		'setuptools<80' wheel
	.venv-hippounit/bin/python -m pip install --quiet --disable-pip-version-check \
		--no-build-isolation hatchling editables
	.venv-hippounit/bin/python -m pip install --quiet --disable-pip-version-check \
		--no-build-isolation -e '.[validation]'
	.venv-hippounit/bin/python -m ca1ltd.validation.hippounit --targets "$(TARGETS)"

# The newest nightly build of NEURON takes the place of the release in an environment of its own;
# the last line says whether the project works with it.
NIGHTLY := .venv-nightly/bin/python
NIGHTLY_LOG := .venv-nightly/said.log
nightly: .venv-nightly/.installed
	@$(NIGHTLY) -m pip install --quiet --disable-pip-version-check --upgrade --pre neuron-nightly \
		|| { echo "NEURON nightly: does not install here"; exit 1; }
	@$(NIGHTLY) -m ca1ltd build > $(NIGHTLY_LOG) 2>&1 \
		|| { echo "NEURON nightly: does not build: $$(tail -n 1 $(NIGHTLY_LOG))"; exit 1; }
	@$(NIGHTLY) -m pytest -q tests/physics/test_integrators.py tests/mechanisms/test_gates.py \
		> $(NIGHTLY_LOG) || { cat $(NIGHTLY_LOG); \
		echo "NEURON nightly: builds, but $$(tail -n 1 $(NIGHTLY_LOG))"; exit 1; }
	@echo "NEURON nightly: works, $$($(NIGHTLY) -c \
		'from ca1ltd import build; print(build.neuron_version())')"

.venv-nightly/.installed: $(STAMP)
	@test -x $(NIGHTLY) || $(PYTHON) -m venv .venv-nightly
	@echo "installing ca1ltd with NEURON's nightly build into .venv-nightly"
	@$(NIGHTLY) -m pip install --quiet --disable-pip-version-check -e . pytest \
		|| { echo "NEURON nightly: does not install here"; exit 1; }
	@$(NIGHTLY) -m pip uninstall --quiet --yes neuron neuron-nightly
	@touch $@

static: build
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pages --check
	@for mod in mod/*.mod; do $(BIN)/modlunit $$mod > .venv/modlunit.log 2>&1 \
		|| { cat .venv/modlunit.log; exit 1; }; done; echo "modlunit: clean"

check: static test

# What `make build` and the checks made; runs and figures stay.
clean:
	rm -rf .venv .venv-hippounit .venv-nightly build dist .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	find ca1ltd tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Runs, sweeps and figures, too.
distclean: clean
	rm -rf runs sweeps figures
