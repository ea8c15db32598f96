# Every target does all the set-up it needs; a second run finds it done.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What is installed comes from the locked files alone: every package in them, whole, by its hash, as a wheel.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all:
READY := $(VENV)/.ready
READY_BUILD := $(VENV)/.ready-build
READY_DEV := $(VENV)/.ready-dev
READY_BENCH := $(VENV)/.ready-bench
ONNX := assets/models/dlib_face_detection.onnx  # the second of the two that are made
FACES ?= ../shared/faces
COLLECT ?=
SELECT ?=
STARTER_PHOTOS ?= ../shared/stars/photos $(FACES)/gallery $(FACES)/probes

.DEFAULT_GOAL := help
.PHONY: help setup setup-build run test check format bench faults gallery photos starter lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## */  make \1	/'

run: setup ## everything from a bare machine, then the bot (with TELEGRAM_TOKEN) or the page alone
	exec $(BIN)/python bot.py

setup: $(READY) $(ONNX) assets/index/manifest.json ## the virtual environment, the models, and the starter index if there is none

setup-build: setup $(READY_BUILD) ## what building a gallery needs, besides

test: setup $(READY_DEV) ferretdb ## everything from a bare machine, then the whole test suite
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(SELECT)  # the longest files first: tests/conftest.py

check: $(READY_DEV) ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup $(READY_BENCH) ## measure everything, keep the results under bench/results, bring the documents up to date
	$(BIN)/python bench/accuracy.py
	$(BIN)/python bench/settings.py
	$(BIN)/python bench/percentages.py
	$(BIN)/python bench/fame.py
	$(BIN)/python bench/stability.py
	$(BIN)/python bench/starter.py
	$(BIN)/python bench/alterations.py
	$(BIN)/python bench/doubts.py
	$(BIN)/python bench/filters.py
	$(BIN)/python bench/comparing.py
	$(BIN)/python bench/collecting.py
	$(BIN)/python -W ignore bench/stages.py
	$(BIN)/python bench/starting.py
	$(BIN)/python bench/searching.py
	$(BIN)/python bench/freshness.py
	$(BIN)/python bench/rebuilding.py
	$(BIN)/python bench/spreading.py
	$(BIN)/python bench/taste.py
	$(BIN)/python bench/taste_sizes.py
	$(BIN)/python bench/names.py
	$(BIN)/python bench/report.py
	$(BIN)/python bench/load.py
	$(BIN)/python bench/readme.py

faults: setup $(READY_DEV) ferretdb ## every fault and attack against the real bot, over an hour; SHARE=0.3: a part; SHORT=1: minutes
	$(BIN)/python -m faults $(if $(SHORT),--short) $(if $(SHARE),--share $(SHARE))

format: $(READY_DEV) ## put the code into its shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

gallery: setup-build ## photos from Wikidata and Wikimedia Commons, then the index; COLLECT="--contact you@example.org --limit 500"
	$(BIN)/python collect_photos.py --photos photos --catalog photos/celebrities.jsonl \
		--deny assets/deny.txt $(COLLECT) || [ $$? -eq 3 ]
	$(BIN)/python build_index.py --photos photos --catalog photos/celebrities.jsonl \
		--deny assets/deny.txt --out assets/index

photos: setup-build ## free photos for the people of the index in use; COLLECT="--contact you@example.org"
	$(BIN)/python collect_photos.py --index assets/index --photos photos --deny assets/deny.txt $(COLLECT)

starter: setup-build ## rebuild the starter gallery from folders of photos (STARTER_PHOTOS)
	$(BIN)/python bench/starter_photos.py .cache/starter_photos $(STARTER_PHOTOS)
	$(BIN)/python build_index.py --photos .cache/starter_photos --catalog assets/starter.jsonl \
		--deny assets/deny.txt --forget-photos --out assets/starter
	rm -f assets/starter.embeddings assets/starter.hashes assets/starter/report.html

# face_recognition asks for dlib, which dlib-bin is; colorama is for Windows.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-emit-package dlib --no-emit-package colorama --custom-compile-command "make lock"
lock: $(READY_DEV) ## resolve the packages of pyproject.toml into the locked requirements files, with hashes
	$(LOCK) --group run -o requirements.txt
	$(LOCK) --group build -c requirements.txt -o requirements-build.txt
	$(LOCK) --group dev -c requirements.txt -c requirements-build.txt -o requirements-dev.txt
	$(LOCK) --group bench -c requirements.txt -c requirements-build.txt -c requirements-dev.txt -o requirements-bench.txt
	$(LOCK) --group go -o tests/ferretdb/requirements.txt

.PHONY: ferretdb
ferretdb: $(READY_DEV)
	bash tests/ferretdb/build.sh

clean: ## remove everything that set-up made, but no data
	rm -rf $(VENV) .cache assets/models assets/index .mypy_cache .ruff_cache

# A bare Debian has Python without the package that makes virtual environments.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && \
		apt-get install -qy --no-install-recommends python3-venv; } || \
		{ echo "python3-venv is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# face_recognition_models, which is pure data, has no wheel. The setuptools of the same file is installed first and
# makes one (--no-build-isolation), so that nothing without a hash is ever fetched.
$(READY): requirements.txt | $(VENV)/pyvenv.cfg
	sed -n '/^setuptools==/,/[^\\]$$/p' requirements.txt > $(VENV)/setuptools.txt
	$(INSTALL) -r $(VENV)/setuptools.txt
	$(INSTALL) --no-binary face_recognition_models --no-build-isolation -r requirements.txt
	touch $@

$(READY_BUILD): requirements-build.txt | $(READY)
	$(INSTALL) -r $<
	touch $@

$(READY_DEV): requirements-dev.txt | $(READY_BUILD)
	$(INSTALL) -r $<
	touch $@

$(READY_BENCH): requirements-bench.txt | $(READY_DEV)
	$(INSTALL) -r $<
	touch $@

$(ONNX): lookalike/faces/convert_model.py lookalike/faces/dlib_weights.py lookalike/faces/types.py $(READY)
	$(BIN)/python -m lookalike.faces.convert_model $(@D)
	touch $@

assets/index/manifest.json:
	mkdir -p assets
	cp -r assets/starter assets/index
