# Every target does all the set-up it needs; a second run finds it done.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
READY_BENCH := .venv/.ready-bench
ONNX := assets/models/dlib_face_recognition.onnx
FACES ?= ../shared/faces
COLLECT ?=
STARTER_PHOTOS ?= $(FACES)/gallery

.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench faults gallery starter clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## */  make \1	/'

run: setup ## everything from a bare machine, then the bot (with TELEGRAM_TOKEN) or the page alone
	exec $(BIN)/python bot.py

setup: $(READY) $(ONNX) assets/index/manifest.json ## the virtual environment, the models, and the starter index if there is none

test: setup $(READY_DEV) ferretdb ## everything from a bare machine, then the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup $(READY_DEV) ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup $(READY_BENCH) ## measure everything, keep the results under bench/results, bring README and charts up to date
	$(BIN)/python bench/accuracy.py
	$(BIN)/python bench/crops.py
	$(BIN)/python bench/landmarks.py
	$(BIN)/python bench/detection.py
	$(BIN)/python bench/quantized.py
	$(BIN)/python -W ignore bench/stages.py
	$(BIN)/python bench/gates.py
	$(BIN)/python bench/starting.py
	$(BIN)/python bench/searching.py
	$(BIN)/python bench/freshness.py
	$(BIN)/python bench/rebuilding.py
	$(BIN)/python bench/spreading.py
	$(BIN)/python bench/load.py
	$(BIN)/python bench/charts.py
	$(BIN)/python bench/readme.py
	@$(BIN)/python bench/readme.py --print

faults: setup $(READY_DEV) ferretdb ## every fault of the list against the real bot, over an hour; SHARE=0.3: a part; SHORT=1: minutes
	$(BIN)/python -m faults $(if $(SHORT),--short) $(if $(SHARE),--share $(SHARE))

format: $(READY_DEV) ## put the code into its shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

gallery: setup ## photos from Wikidata and Wikimedia Commons, then the index; COLLECT="--contact you@example.org --limit 500"
	$(BIN)/python collect_photos.py --photos photos --catalog photos/celebrities.jsonl \
		--deny assets/deny.txt $(COLLECT)
	$(BIN)/python build_index.py --photos photos --catalog photos/celebrities.jsonl \
		--deny assets/deny.txt --out assets/index

starter: setup ## rebuild the starter gallery from a folder of photos (STARTER_PHOTOS)
	$(BIN)/python build_index.py --photos $(STARTER_PHOTOS) --catalog assets/starter.jsonl \
		--deny assets/deny.txt --forget-photos --out assets/starter
	rm -f assets/starter.embeddings assets/starter.hashes assets/starter/report.html

.PHONY: ferretdb
ferretdb: $(READY_DEV)
	bash tests/ferretdb/build.sh

clean: ## remove everything that set-up made, but no data
	rm -rf .venv .cache assets/models assets/index .mypy_cache .ruff_cache

# A bare Debian has Python without the package that makes virtual environments.
.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && \
		apt-get install -qy --no-install-recommends python3-venv; } || \
		{ echo "python3-venv is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

$(READY): requirements.txt | .venv/pyvenv.cfg
	$(BIN)/pip install --quiet --disable-pip-version-check --use-pep517 -r requirements.txt
	touch $@

$(READY_DEV): requirements-dev.txt requirements.txt | $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

# face_recognition asks for dlib from source: it gets the same dlib from the wheel that is there.
$(READY_BENCH): requirements-bench.txt | $(READY_DEV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps face_recognition==1.3.0
	touch $@

$(ONNX): lookalike/faces/convert_model.py lookalike/faces/types.py $(READY)
	$(BIN)/python -m lookalike.faces.convert_model $@
	touch $@

assets/index/manifest.json:
	mkdir -p assets
	cp -r assets/starter assets/index
