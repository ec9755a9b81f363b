# golive: `make demo` shows it, `make test` proves it. `make help` lists the rest.
#
# PYTHON           the interpreter to build .venv with (3.11 or later)
# TORCH_INDEX_URL  where pip looks for PyTorch besides PyPI. On Linux PyPI serves the CUDA build
#                  (several GB); golive trains on the CPU, so the small build will do:
#                  make demo TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
# VERSIONS         for `make test-python`: newest (default), or lowest, as constraints-lowest.txt has them
# DEMO_ARGS        what `golive demo` gets, such as DEMO_ARGS="--out my-demo"

PYTHON ?= python3
TORCH_INDEX_URL ?=
VERSIONS ?= newest
DEMO_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.golive-installed
# The rooms stand beside the package that they are installed in. mypy and editors do not follow an
# editable installation there; they see these links, under which all has its installed name.
ROOMS := core scenarios sim envs agents trainers
LINKS := build/rooms
HALF_MADE := $(VENV)/.golive-half-made
COMPILED := $(VENV)/.golive-compiled
PIP_INDEX := $(if $(TORCH_INDEX_URL),--extra-index-url $(TORCH_INDEX_URL))

# One thread per process: the numerics are small, and more threads only fight over the cores.
export OMP_NUM_THREADS ?= 1
# Nothing but `make compiled` compiles.
unexport GOLIVE_COMPILED

# A virtual environment whose interpreter does not run (moved, removed) or is too old is made again,
# and so is one whose installation began and did not end.
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
USABLE := $(shell $(BIN)/python -c '$(RECENT)' 2>/dev/null && [ ! -e $(HALF_MADE) ] && echo yes)

# Faces whose frameworks cannot be installed together: an environment of its own for each.
# Harbor and NeMo-Gym do not install on Python 3.11.
NEWER := $(shell $(PYTHON) -c 'import sys; print(*["harbor", "nemo"][:2 * (sys.version_info >= (3, 12))])' 2>/dev/null)
FACES ?= mcp1 mcp2 openenv trl torchrl supersuit rllib verifiers inspect skyrl $(NEWER)
FACE_mcp1 := -e . 'mcp==1.30.*'
FACE_mcp2 := -e . 'mcp==2.3.*'
FACE_openenv := -e . 'openenv==0.10.*'
FACE_trl := -c constraints.txt -e '.[trl]' 'trl==1.16.*'
FACE_torchrl := -c constraints.txt -e '.[train,team]' 'torchrl==0.14.*' 'tensordict<0.15'
FACE_supersuit := -c constraints.txt -e '.[train,team]' 'supersuit==3.11.*'
FACE_rllib := -e '.[team]' 'ray[rllib]==2.60.*' 'torch==2.13.*' # pins Gymnasium 1.2
FACE_verifiers := -e '.[team]' 'verifiers==0.4.*'
FACE_inspect := -e . 'inspect-ai==0.3.*'
FACE_skyrl := -e . 'skyrl-gym==0.4.*'
FACE_harbor := -e . 'harbor==0.26.*'
FACE_nemo := -e . 'nemo-gym==0.4.*'

WITHOUT_EXTRAS := tests/golden tests/core/test_arithmetic.py tests/core/test_distributions.py \
  tests/core/test_random_streams.py tests/scenarios/implementation/test_generator.py

.DEFAULT_GOAL := help
.PHONY: help demo test test-python lint format imports types wheel pytest nightly bench-ci notebooks
.PHONY: compiled uncompiled test-compiled test-faces clean new-venv

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

demo: $(STAMP) ## train an agent, judge it against the baselines, write the report
	$(BIN)/golive demo $(DEMO_ARGS)

test: lint imports ## everything that CI runs
	@$(MAKE) --no-print-directory types # in front of the wheel: both read with one cache
	@$(MAKE) --no-print-directory --jobs=2 wheel bench-ci # the wheel's types take one core
	@$(MAKE) --no-print-directory pytest notebooks

# An environment of its own, without extras: what must be the same everywhere needs none.
test-python: OTHER := build/python/$(notdir $(PYTHON))-$(VERSIONS)
test-python: export PYTHONSAFEPATH := 1 # else `golive` here would be the front door alone
test-python: ## the digests and golden tests, and those that need no extra, with another interpreter
	rm -rf build/lib # setuptools would take files from it that are no longer there
	$(PYTHON) -m venv --clear $(OTHER)
	$(OTHER)/bin/python -m pip install -q $(if $(filter lowest,$(VERSIONS)),-c constraints-lowest.txt) \
	  . pytest pytest-xdist hypothesis jsonschema
	$(OTHER)/bin/python tests/golden/golden_digests.py
	$(OTHER)/bin/pytest -q -n 2 -o pythonpath= $(WITHOUT_EXTRAS)

lint: $(STAMP) ## style and formatting, and what would not be the same bits everywhere
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/check_same_bits.py

imports: $(STAMP) ## import contract of the rooms
	$(BIN)/python tools/check_import_contract.py

# In the folder of the links, since here `golive` would be the front door alone.
types: $(STAMP) ## types of the rooms as they stand here, and of what is not installed
	cd $(LINKS) && MYPYPATH=$$PWD:$(CURDIR) $(CURDIR)/$(BIN)/python -m mypy \
	  --config-file $(CURDIR)/pyproject.toml --cache-dir $(CURDIR)/.mypy_cache \
	  -p golive -p benchmarks -p tools.pages

wheel: $(STAMP) ## build the wheel, import every module of it, check its types
	$(BIN)/python tools/check_wheel.py

pytest: $(STAMP) ## the tests, fast and slow
	$(BIN)/python -m pytest -n 2

compiled: $(COMPILED) ## compile the hot modules in build/compiled, for .venv to use them

uncompiled: ## remove what `make compiled` built
	rm -f $(COMPILED)
	$(BIN)/python tools/compile_rooms.py --remove

# Types of the rooms below decide what is compiled too.
$(COMPILED): $(STAMP) setup.py tools/compile_rooms.py $(shell find core scenarios sim envs -name '*.py')
	@rm -f $@
	$(BIN)/python tools/compile_rooms.py
	@touch $@

test-compiled: $(COMPILED) ## what must be the same compiled, on the compiled modules
	GOLIVE_COMPILED=1 $(BIN)/python -m pytest -n 2 -o "pythonpath=build/compiled ." \
	  tests/core tests/sim tests/golden
	$(BIN)/golive --version
	$(BIN)/golive check-world implementation

test-faces: $(FACES:%=build/faces/%/.installed) ## the faces for language models, each in its environment
	for face in $(FACES); do PYTHONSAFEPATH=1 build/faces/$$face/bin/python -m pytest -q -n 2 \
	  -o pythonpath= tests/faces || exit 1; done

build/faces/%/.installed: pyproject.toml setup.py
	rm -rf build/lib
	$(PYTHON) -m venv --clear build/faces/$*
	build/faces/$*/bin/python -m pip install -q $(PIP_INDEX) $(FACE_$*) pytest pytest-xdist
	@touch $@

nightly: $(STAMP) ## the tests that only measure, some minutes each
	$(BIN)/python -m pytest -n 2 -m nightly

bench-ci: $(STAMP) ## every golden figure against benchmarks/baseline.json
	$(BIN)/golive bench --suite ci --against benchmarks/baseline.json --no-speed

notebooks: $(STAMP) ## run every notebook from top to bottom
	$(if $(wildcard notebooks/*.ipynb),$(BIN)/python -m pytest -n 4 --nbmake notebooks)

format: $(STAMP) ## format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what was built; runs and reports stay
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml setup.py constraints.txt $(if $(USABLE),,new-venv)
	@touch $(HALF_MADE)
	$(BIN)/python -m pip install $(PIP_INDEX) -c constraints.txt -e '.[dev]'
	@mkdir -p $(LINKS)/golive
	@ln -sfn $(addprefix $(CURDIR)/,$(wildcard golive/*.py golive/py.typed golive/cli) $(ROOMS)) $(LINKS)/golive/
	@echo $(CURDIR)/$(LINKS) > "$$($(BIN)/python -c \
	  'import sysconfig; print(sysconfig.get_path("purelib"))')/golive-rooms.pth"
	@rm -f $(HALF_MADE)
	@touch $@

new-venv:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "error: $(PYTHON): no such interpreter; name one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c '$(RECENT)' || { \
	  echo "error: $(PYTHON): golive needs Python 3.11 or later, this is $$($(PYTHON) -V 2>&1);" \
	    "name another: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
