# Node 24 comes with the npm packages, so the machine's own Node only has to run npm once. Of all
# packages only `node` may run a script at install; npm 10 would compile better-sqlite3 otherwise.
SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
NODE := $(CURDIR)/node_modules/.bin/node
DEMO ?= on
OPEN := $(if $(filter on,$(DEMO)),scripts/demo.ts,api/src/main.ts)
SEED := if [ "$(DEMO)" = on ]; then $(NODE) scripts/seed.ts --if-empty; fi

.DEFAULT_GOAL := help
.PHONY: help install start dev test check bench faults format docs clean

start dev: export DEMO := $(DEMO)

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

install: ## fetch the npm packages when package-lock.json has changed
	@command -v npm >/dev/null || { echo 'Install Node.js 20 or newer, with npm.' >&2; exit 1; }
	@cmp -s package-lock.json node_modules/.installed || { \
	  export PATH="$(SYSTEM_PATH)" && \
	  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && \
	  npm rebuild node --ignore-scripts=false --loglevel=error && \
	  cp package-lock.json node_modules/.installed; }

start: install ## run Berth with a demo marketplace on http://localhost:3000
	@$(NODE) scripts/build.ts
	@$(SEED)
	@LOG_LEVEL=$${LOG_LEVEL:-warn} exec $(NODE) $(OPEN)

dev: install ## run the API and the website, both reloading as you edit
	@$(SEED)
	@exec $(NODE) scripts/dev.ts $(OPEN)

test: install ## run every check and test; the last line counts them
	@$(NODE) scripts/test.ts

check: install ## run what the change since the last commit can affect
	@$(NODE) scripts/check.ts

bench: install ## measure, and write docs/benchmarks.md
	@$(NODE) scripts/build.ts
	@$(NODE) scripts/bench.ts

faults: install ## kill Berth under load, and take every random walk there is
	@$(NODE) node_modules/.bin/vitest run --config scripts/config/faults.ts
	@RANDOM_RUNS=many $(NODE) node_modules/.bin/vitest run

format: install ## lay out every file
	@$(NODE) node_modules/.bin/prettier --write --log-level=warn .

docs: install ## write the generated pages of docs/ anew
	@$(NODE) scripts/docs.ts

clean: ## remove what was built; the data stays
	rm -rf website/build website/.svelte-kit website/test-results node_modules/.cache
