# Two commands: `make up` tries everything out on a lab of its own, `make test` runs all tests.
# `make help` lists the others. STACK= names another stack of stacks/.

STACK ?= lab-aws
OPENSHIFT ?= 4.15
PYTHON3 ?= $(shell requirements/python.sh)
PYTHON := .venv/bin/python
LAB := $(PYTHON) -m lab
LABS := ls -d .lab/*/.lock >/dev/null 2>&1
.DEFAULT_GOAL := help
# Where it is set, each of the tests' processes would compile all of them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help up preview down lab lab-stop env test test-fast bench lint docs lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: .venv/.installed ## set everything up, start the lab, apply STACK with the policy pack
	@$(LAB) up --stack '$(STACK)' --openshift '$(OPENSHIFT)'

preview: .venv/.installed ## what `make up` would change
	@$(LAB) preview --stack '$(STACK)' --openshift '$(OPENSHIFT)'

down: .venv/.installed ## give STACK up; storage, images and the custom resource stay as they are
	@$(LAB) down --stack '$(STACK)'

lab: .venv/.installed ## start the lab of STACK and leave it running
	@$(LAB) start --stack '$(STACK)' --openshift '$(OPENSHIFT)'

lab-stop: ## stop all labs (or the one of STACK=) and throw their clusters and states away
	@if [ -e .venv/.installed ]; then $(LAB) stop $(if $(filter command line environment,$(origin STACK)),--stack '$(STACK)'); \
	elif $(LABS); then echo "error: .venv is not whole, no lab can be stopped: \`make .venv/.installed\` first" >&2; exit 1; fi

env: .venv/.installed ## for `eval "$$(make -s env)"`: pulumi, kubectl and ocpreg on the lab
	@$(LAB) env --stack '$(STACK)' --openshift '$(OPENSHIFT)'

test: .venv/.installed ## all tests, those on the lab included
	@$(LAB) build
	@$(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 30

test-fast: .venv/.installed ## the tests that need no lab, in under a minute
	@$(PYTHON) -m pytest -m 'not lab and not slow' -n 2

bench: .venv/.installed ## timings as ratios, each measured in one run
	@$(LAB) build
	@$(PYTHON) -m tests.bench

lint: .venv/.installed ## ruff
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

docs: .venv/.installed ## generate the reference pages and the editors' schema
	@$(PYTHON) -m settings.schema
	@$(PYTHON) policies/document.py

lock: .venv/.installed ## resolve requirements/*.txt and the policy pack's anew
	@.venv/bin/python -m venv .lab/uv && .lab/uv/bin/pip install -q uv
	@.lab/uv/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --python-version 3.11 \
	  --upgrade -q --no-header -o requirements/dev.txt
	@.lab/uv/bin/uv pip compile pyproject.toml --generate-hashes --python-version 3.11 \
	  -q --no-header -c requirements/dev.txt -o requirements/base.txt
	@for cloud in aws azure gcp openstack; do \
	  .lab/uv/bin/uv pip compile pyproject.toml --extra $$cloud --generate-hashes --python-version 3.11 \
	  -q --no-header -c requirements/dev.txt -o requirements/$$cloud.txt || exit 1; done
	@.lab/uv/bin/uv pip compile policies/requirements.in --generate-hashes --python-version 3.11 \
	  -q --no-header -c requirements/dev.txt -o policies/requirements.txt
	@cd lab/toolchain/openstack && ../../../.lab/uv/bin/uv pip compile requirements.in --generate-hashes \
	  --python-version 3.11 --upgrade -q --no-header -o requirements.txt

# A lab that can't be stopped keeps its folder, by which its processes are found later.
clean: ## remove what was made here; the toolchain's cache stays
	@if ! { [ -e .venv/.installed ] && $(LAB) stop; } && $(LABS); \
	then echo "note: .venv is not whole, so no lab could be stopped; .lab stays until \`make lab-stop\` can" >&2; \
	else rm -rf .lab; fi
	@[ ! -L policies/venv ] || rm policies/venv
	@rm -rf .venv *.egg-info .pytest_cache .ruff_cache .hypothesis

# The stamp is written last, so an interrupted installation is carried on, not believed.
.venv/.installed: requirements/dev.txt pyproject.toml | policies/venv
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; $(PYTHON3) is " + sys.version.split()[0])'
	@echo "Python packages (once)" >&2
	@rm -f $@
	@$(PYTHON3) -m venv .venv
	@.venv/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt >&2
	@.venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
	@touch $@

# Where policies/PulumiPolicy.yaml has the pack's packages. A pack that was installed by itself
# (`pulumi install`) keeps its own.
policies/venv:
	@ln -sfn ../.venv $@
