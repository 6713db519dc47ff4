# reels: `make demo` and `make test` each do everything that they need, on a bare machine with Python 3.11 and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

.PHONY: setup demo test test-openai-whisper test-pictures lint types types-page media bench bench-graph bench-subtitles bench-presets bench-campaign bench-editor bench-killed docs check campaign clean

# The program is started a thousand times by the tests and benches: what it is compiled to is kept, as for a user, also
# where the environment asks for the opposite.
export PYTHONDONTWRITEBYTECODE :=
setup: $(VENV)/installed
demo: setup
	@test -f demo/campaign.yaml || $(BIN)/reels init demo --demo >&2
	@$(BIN)/reels render demo
test: $(VENV)/installed-dev $(VENV)/browser
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not openai_whisper" $(ARGS)
# The optional engine. torch is named first and the engine taken without its dependencies, for pip alone would
# choose a CUDA build of torch, and a compiler for it: several GB that no test needs.
test-openai-whisper: $(VENV)/installed-dev
	$(PIP) install -c constraints.txt torch==2.13.0 more-itertools numba tiktoken >&2
	$(PIP) install -c constraints.txt --no-deps openai-whisper >&2
	$(BIN)/python -m pytest -m openai_whisper $(ARGS)
# The page's frames against rendered films, at twenty random times of every template.
test-pictures: $(VENV)/installed-dev $(VENV)/browser
	TIMES_EACH=20 $(BIN)/python -m pytest tests/browser/test_same_picture.py $(ARGS)
lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
types: $(VENV)/installed-dev
	$(BIN)/mypy
# The types of the editor's page, which stand in its comments; npm is asked for the compiler, and only here.
types-page:
	npx --yes --package typescript@5.9.3 -- tsc -p tools-for-developers/editor-types.json
media: setup
	@$(BIN)/python -m reels.sample media
bench: $(VENV)/installed-dev
	$(BIN)/python bench/reel.py $(ARGS)
# What the filter graph and its chunks cost over encoding alone, and memory up to 3 minutes and 4K HDR.
bench-graph: $(VENV)/installed-dev
	$(BIN)/python bench/graph.py $(ARGS)
# How good the Korean subtitles are, in numbers: ARGS=--quick for a look in a minute.
bench-subtitles: $(VENV)/installed-dev
	$(BIN)/python bench/subtitles.py $(ARGS)
# Which x264 preset and CRF: VMAF, bitrate and time on four kinds of content. ARGS=--quick for a look in a minute.
bench-presets: $(VENV)/installed-dev
	$(BIN)/python bench/presets.py $(ARGS)
# Many reels on one machine and on workers, one cue corrected, nothing changed. ARGS=--quick for a look.
bench-campaign: $(VENV)/installed-dev
	$(BIN)/python bench/campaign.py $(ARGS)
# How the editor's page feels with an hour of footage and 1,500 cues.
bench-editor: $(VENV)/installed-dev $(VENV)/browser
	$(BIN)/python bench/editor.py $(ARGS)
# A campaign killed at fifty random moments: nothing finished is made again, no film is wrong.
bench-killed: $(VENV)/installed-dev
	$(BIN)/python bench/killed.py $(ARGS)
docs: $(VENV)/installed-dev
	$(BIN)/python tools-for-developers/command_reference.py
	$(BIN)/python tools-for-developers/contact_sheet.py
	$(BIN)/python tools-for-developers/template_sheets.py
check: lint types test
# make campaign C=campaigns/x [T=draft] [ARGS="--jobs 2"]: the targets of a campaign's Makefile, with the reels of this
# clone. Quote a name with blanks: C="campaigns/봄 축제". A folder without a Makefile gets the one of `reels init`.
campaign:
	@test -n "$$C" || { echo 'which campaign? make campaign C=campaigns/x [T=draft]' >&2; exit 2; }
	@test -d "$$C" || { echo "$$C: no such folder; make a campaign with $(BIN)/reels init \"$$C\"" >&2; exit 2; }
	@$(MAKE) -s --no-print-directory setup
	@reels=$$(cd $(BIN) && pwd)/reels; ours=; test -e "$$C/Makefile" || ours=$$PWD/assets/campaign/Makefile; \
	$(MAKE) --no-print-directory -C "$$C" $${ours:+-f "$$ours"} REELS="'$$reels'" $(T)
clean:
	rm -rf demo media build dist

# pip's output goes to stderr, so that stdout of `make demo` holds nothing but the finished files.
$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -m venv $(VENV) >&2
	@$(PIP) install -c constraints.txt -e . >&2
	@touch $@
$(VENV)/installed-dev: $(VENV)/installed
	@$(PIP) install -c constraints.txt -e '.[dev]' >&2
	@touch $@
# A browser that the page is tested in: Debian's where it can be installed, else the one that Playwright brings.
$(VENV)/browser: $(VENV)/installed-dev
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	|| { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >&2 \
	|| $(BIN)/playwright install chromium >&2
	@touch $@
