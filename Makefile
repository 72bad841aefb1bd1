# One verb per task. Each does its own set-up: a virtual environment in .venv with pinned packages.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
ADDRESS ?= localhost
WORKERS ?= 3

.PHONY: run test test-all check-code snapshot bench screenshots example manual audit site lighthouse clean help

help:
	@echo "make run          start de monitor op http://$(ADDRESS):$(PORT)"
	@echo "make test         controleer code, definities, cijfers en schermen (een kwartier op twee kernen)"
	@echo "make test-all     idem, en wat langer duurt"
	@echo "make snapshot     maak de cijfers opnieuw uit ../shared/data"
	@echo "make bench        meet hoe snel het is, als verhoudingen in één keer (docs/snelheid.md)"
	@echo "make example      maak de voorbeeldstukken in docs/voorbeeld opnieuw (vraagt LibreOffice en Poppler)"
	@echo "make manual       maak de beelden van de handleiding opnieuw (docs/handleiding)"
	@echo "make site         maak van de editie een website zonder server, in site/ (BASE=https://... voor volledige adressen)"
	@echo "make lighthouse   meet de website in site/ en schrijf docs/lighthouse.md (vraagt Node, Chromium en Java)"
	@echo "make audit        zoek bekende lekken in de pakketten (vraagt internet; docs/beheer.md)"
	@echo "make screenshots  maak de schermbeelden in docs/img opnieuw"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 of nieuwer is nodig; geef het op met: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Installeer eerst het pakket met venv (Debian: apt-get install python3-venv)."; exit 1; }

$(VENV)/.run: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.run

run: $(VENV)/.run
	$(BIN)/python -m streamlit run serve.py --server.port $(PORT) --server.address $(ADDRESS)

check-code: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m monitor check

test: check-code
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: check-code
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

snapshot: $(VENV)/.run
	$(BIN)/python -m monitor snapshot build --from ../shared/data --edition 2026-11 --made 2026-11-21

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

example: $(VENV)/.dev
	$(BIN)/python docs/example.py

manual: $(VENV)/.dev
	REGIOMONITOR_WRITE_IMAGES=1 $(BIN)/python -m pytest tests/test_manual.py

# BASE: where the site comes to stand; OFFICE: who publishes the data (docs/publicatie.md).
site: $(VENV)/.run
	$(BIN)/python -m monitor publish --out site $(if $(BASE),--base $(BASE)) $(if $(OFFICE),--office $(OFFICE))

lighthouse: site
	$(BIN)/python docs/lighthouse.py --site site

screenshots: $(VENV)/.dev
	$(BIN)/python docs/screenshots.py

# In an environment of its own: what audits is no part of what is audited. Not reached is not 'no leaks': --strict.
audit:
	$(PYTHON) -m venv .audit
	.audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	.audit/bin/pip-audit --strict --no-deps --disable-pip -r requirements.txt
	.audit/bin/pip-audit --strict --no-deps --disable-pip -r requirements-dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache static/kaart/*.geojson
