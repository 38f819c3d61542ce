# Two commands are enough: `make up` and `make test`. Everything they need is installed by them.
PYTHON ?= python3
STATE ?= state
PORT ?= 8470
ELEMENT ?=
CONFIG ?=
BIN := .venv/bin

.PHONY: install install-dev chromium voikko coturn janus join-page up test test-long check bench clean

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Install python3-venv first: apt-get install python3-venv"; exit 2; }
	@echo "Making .venv and installing what is locked (a few minutes the first time) ..."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check --progress-bar off -q --require-hashes -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check -q --no-deps -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "Installing the tools of the tests ..."
	$(BIN)/pip install --disable-pip-version-check --progress-bar off -q --require-hashes -r requirements-dev.lock
	@touch $@

tests/node/node_modules/.installed: .venv/installed tests/node/package-lock.json
	cd tests/node && PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

install-dev: .venv/installed-dev tests/node/node_modules/.installed join-page chromium voikko coturn

chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing Chromium for the tests of the pages ..." && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || \
		echo "Chromium is missing and could not be installed: the tests of the pages will fail."

# The relay that the tests of calls send media through.
coturn:
	@command -v turnserver >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing coturn for the tests of calls ..." && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq coturn >/dev/null; } || \
		echo "coturn is missing and could not be installed: the tests of relays will fail."

# The peer of benchmarks.conference.
janus:
	@command -v janus >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing Janus for the benchmark ..." && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq janus >/dev/null; } || \
		echo "Janus is missing and could not be installed: benchmarks.conference measures without a peer."

# Finnish lemmas for the advice in chat. Without them it works with less, and `eahtari doctor` says so.
voikko:
	@ls /usr/lib/*/libvoikko.so.1 >/dev/null 2>&1 && ls -d /usr/lib/voikko >/dev/null 2>&1 || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Voikko for Finnish words ..." && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libvoikko1 voikko-fi >/dev/null; } || \
		echo "Voikko is missing and could not be installed (apt-get install libvoikko1 voikko-fi): advice in chat works with less."

# The page of a link into a meeting. npm comes with the Python packages where the machine has none.
join-page/dist/manifest.json: .venv/installed join-page/package-lock.json join-page/build.mjs $(shell find join-page/src -type f)
	@echo "Building the join page ..."
	cd join-page && PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	cd join-page && PATH="$(CURDIR)/.venv/bin:$$PATH" node build.mjs

join-page: join-page/dist/manifest.json

up: install voikko join-page
	@exec $(BIN)/eahtari up $(if $(CONFIG),--config $(CONFIG)) --state $(STATE) --port $(PORT) $(if $(ELEMENT),--element $(ELEMENT))

# What kept tests from running is said once more at the end, where it is not scrolled away.
test: install-dev
	@$(BIN)/pytest -m "not long"; code=$$?; command -v chromium >/dev/null || { echo \
		"The tests of the pages failed because Chromium is missing. Install it and run make test again: apt-get install chromium"; \
		[ $$code != 0 ] || code=1; }; exit $$code

test-long: install-dev
	$(BIN)/pytest -m long --timeout 3600

check: .venv/installed-dev
	$(BIN)/ruff check bot tests benchmarks scripts
	$(BIN)/ruff format --check bot tests benchmarks scripts
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install-dev janus
	$(BIN)/python -m benchmarks.commands
	$(BIN)/python -m benchmarks.booking
	$(BIN)/python -m benchmarks.conference

clean:
	rm -rf .venv tests/node/node_modules join-page/node_modules join-page/dist .mypy_cache .ruff_cache .pytest_cache
