# What people run, and what CI runs. `make help` lists it.

VENV ?= .venv
INDEX ?= .index
HOST ?= 127.0.0.1
PORT ?= 8080
QUESTION ?= 金野以匹村的集体经济分红每户多少钱？
# What `make test` installs beside the core. `make test EXTRAS=dev` does without torch and
# OCR; the tests that need them are then skipped, and say so.
EXTRAS ?= dev,models,ocr
# A file of articles for `make bench`, one JSON object with a field `text` a line.
NEWS ?=
# Where `make gate` keeps the run.
RUN ?= build/eval/corpus.jsonl
# Folders of the standing measurements: question sets with a news file, and the founding documents.
# What is not there is said and left out.
DATA ?= ../shared/data
SEEDS ?= ../shared/seeds
# Options for pytest, such as PYTEST="-k figures -x".
PYTEST ?=

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install -c constraints.txt
# Tried in turn; PYTHON=/path/to/python names one.
PYTHONS := $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14 python)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run index test lint types format eval gate bench bundle licences audit clean
.PHONY: measure measure-corpus measure-seeds measure-open measure-read measure-noise
.PHONY: measure-reading measure-refuse measure-guard

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24

run: index ## index corpus/, serve it, ask it one question; Ctrl-C ends it
	@exec $(PY) -m service.demo '$(QUESTION)' --index $(INDEX) --host $(HOST) --port $(PORT)

index: $(VENV)/.installed ## index corpus/, or what has changed in it since
	@build() { $(PY) -m indexer build corpus --index $(INDEX); }; \
	if [ -f $(INDEX)/CURRENT ]; then \
	  $(PY) -m indexer update --index $(INDEX) || if [ $$? = 1 ]; then build; fi; \
	else build; fi || [ $$? = 3 ] # 3: done, but a file could not be read

test: $(VENV)/.installed-dev ## run all tests
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile $(PYTEST)

lint: $(VENV)/.installed-dev ## check style and format
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: $(VENV)/.installed-dev ## check the types, strictly
	@$(PY) -m mypy

format: $(VENV)/.installed-dev ## put the code into its format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

eval: index ## measure answers, citations and refusals on the corpus' gold questions
	@$(PY) -m eval run --gold eval/gold/corpus.jsonl --index $(INDEX)

gate: index ## fail when answers on corpus/ fell below what eval/expected.toml accepts
	@$(PY) -m eval run --gold eval/gold/corpus.jsonl --index $(INDEX) --out $(RUN) --overwrite
	@$(PY) -m eval gate $(RUN) --set corpus

# Each writes its figures into docs/evaluation.json, and the page docs/evaluation.md from it.
MEASURE = $(PY) -m eval measure --data $(DATA) --seeds $(SEEDS)

measure: $(VENV)/.installed ## make all standing measurements; DATA=FOLDER SEEDS=FOLDER
	@$(MEASURE)

measure-corpus: $(VENV)/.installed ## the gold questions over corpus/
	@$(MEASURE) corpus

measure-seeds: $(VENV)/.installed ## the gold questions over the founding documents in SEEDS
	@$(MEASURE) seeds

measure-open: $(VENV)/.installed ## reading-comprehension sets as open questions among news
	@$(MEASURE) open-cmrc open-drcd

measure-read: $(VENV)/.installed ## the same with the paragraph given
	@$(MEASURE) read-cmrc read-drcd

measure-noise: $(VENV)/.installed ## the same among passages that do not answer, and these alone
	@$(MEASURE) noise-cmrc noise-drcd

measure-refuse: $(VENV)/.installed ## questions without an answer, made of the sets, and what refusing costs
	@$(MEASURE) refuse-cmrc refuse-drcd

measure-guard: $(VENV)/.installed ## a lying writer against the figure guard, into docs/guard.md
	@$(PY) -m eval guard

measure-reading: $(VENV)/.installed-dev ## how well documents are read, into docs/reading.md
	@$(PY) -m eval reading --data $(DATA) --seeds $(SEEDS)

bench: index ## measure how soon the service is ready; with NEWS=FILE.jsonl[.xz] also 20,000 articles
	@$(PY) -m eval.bench startup --index $(INDEX)
	$(if $(NEWS),@$(PY) -m eval.bench scale --news $(NEWS))

bundle: $(VENV)/.installed ## all that an offline machine needs, as one file in build/
	@$(PY) deploy/bundle.py

licences: $(VENV)/.installed ## list what runs with it and under which licence, in docs/licences.md
	@$(PY) deploy/licences.py > docs/licences.md

audit: $(VENV)/.installed-dev ## ask a database on the network for known vulnerabilities of what is installed
	@$(PY) deploy/audit.py

clean: ## remove the environment, the index and every cache
	rm -rf $(VENV) $(INDEX) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find indexer service eval training tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are touched last: an install that was cut short is taken up again.
$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	@echo "installing the packages: a minute or two, the first time"
	@$(PIP) -q -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml constraints.txt
	@echo "installing the packages and what the tests need: some minutes, the first time"
	@$(PIP) -q -e '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.installed

$(VENV)/.created:
	@chosen= ; bare= ; \
	for python in $(PYTHONS); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then chosen=$$python; break; fi; \
	  bare=$${bare:-$$python}; \
	done; \
	if [ -n "$$chosen" ]; then \
	  echo "$$chosen -m venv $(VENV)"; "$$chosen" -m venv $(VENV); \
	elif [ -n "$$bare" ]; then \
	  echo "error: $$bare can't make virtual environments (hint: apt-get install python3-venv)" >&2; exit 1; \
	else \
	  echo "error: no Python 3.11 or newer among: $(PYTHONS)" >&2; \
	  echo "hint: install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; \
	fi
	@touch $@
