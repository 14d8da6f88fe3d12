# Works with GNU make 3.81 (macOS). `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: $(shell awk -F: '/^[a-z-]+:/ {print $$1}' Makefile)

# A shell set up for ROS or Conda may export these; they would lead Python out of .venv.
unexport PYTHONPATH
unexport PYTHONHOME
# Some containers export this: every kernel would compile pandas and matplotlib anew, three seconds each time.
unexport PYTHONDONTWRITEBYTECODE

# The first Python new enough, but none newer than the pins have wheels for.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
endif

# NEWEST=1 tries the newest packages in an environment of their own, not the pinned ones.
PY := $(if $(filter-out 0,$(NEWEST)),.venv-newest,.venv)/bin/python
UV := "$(PYTHON)" tools/make_env.py uv
REPO2DOCKER := jupyter-repo2docker==2026.4.0
IPYMPL := ipympl==0.10.0
BIOME := @biomejs/biome@2.6.8
LMS := --with text2qti==0.8.0 --with genanki==0.13.1
HUB := --with jupyterhub==5.5.0 --with nbgitpuller==1.3.0

define env
@command -v "$(PYTHON)" >/dev/null || { echo "No Python from 3.11 to 3.14 found: install one, or name it with make PYTHON=/path/to/python." >&2; exit 1; }
@exec "$(PYTHON)" tools/make_env.py $(1)
endef

define notebooks
@echo "Every notebook runs and gives its stored outputs ..."
@$(1) -m pytest --nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg --nbval-cell-timeout=60 -n 2 --dist loadfile notebooks/
endef

# In the browser much is waited for, so four at a time; by file, for each file has a server of its own; by name, for then long ones come early.
define tests
$(call notebooks,$(1))
@echo "The package and the project ..."
@$(1) -m pytest -n 2 --dist worksteal -m "not browser"
@if [ "$$LEVERAGE_LAB_BROWSER" = required ] || $(1) -c "import playwright" 2>/dev/null; then \
	echo "The course in a browser ..." && $(1) -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m browser tests/browser; \
	else echo "Not tried: the course in a browser (make browser adds what that takes)."; fi
endef

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s%s\n", $$1, $$2}' Makefile

lab: ## set up .venv if needed and open the first notebook in JupyterLab (NO_BROWSER=1, PORT=)
	$(call env,lab)

app: ## serve the panels without code (CHAPTER=2: that one; NO_BROWSER=1, PORT=)
	$(call env,app $(CHAPTER))

test: ## set up .venv if needed and run all tests (NEWEST=1: with the newest packages)
	$(call env,setup)
	$(call tests,$(PY))

soak: ## the same over many more cases, and minutes of waiting (a workflow does it each week)
	@LEVERAGE_LAB_SOAK=1 $(MAKE) --no-print-directory test

refresh: ## bring what the exchanges' public APIs say now into data/, and show it (EXCHANGE="OKX Bybit": only these)
	$(call env,live)
	@$(PY) -m leverage_lab.live.refresh $(if $(EXCHANGE),--exchange $(EXCHANGE))

notebooks: ## run all notebooks and store their outputs
	$(call env,setup)
	@$(PY) tools/execute_notebooks.py

key: ## write the instructor's answer key and poll questions from the exercises, and the table of aims
	$(call env,setup)
	@$(PY) tools/answer_key.py
	@$(PY) tools/alignment.py

lms: ## the questions for Moodle, Canvas and other systems, and the glossary for Anki, into dist/lms
	$(call env,setup)
	@$(UV) run --quiet --no-project --python $(PY) $(LMS) python tools/make_lms.py $(if $(OUT),--out "$(OUT)")

slides: ## build a deck of slides for each chapter, into dist/slides (CHAPTER=2: that one)
	$(call env,setup)
	@$(PY) tools/slides.py $(CHAPTER)

book: ## build the course as pages to read anywhere, in dist/book (OUT=folder; STILL=1: panels stand still, a quick look)
	$(call env,setup)
	@$(PY) tools/make_book.py $(if $(OUT),--out "$(OUT)") $(if $(STILL),--still)

pdf: ## print the whole course as one file, dist/leverage-lab.pdf (needs Chromium; OUT=another file)
	$(call env,setup)
	@$(UV) run --quiet --no-project --python $(PY) --with "$$(grep ^pypdf= requirements-browser.txt)" python tools/make_pdf.py \
		$(if $(OUT),--out "$(OUT)")

report: ## what a class believed before and after, from its progress files (FOLDER=where they are)
	@[ -n "$(FOLDER)" ] || { echo "Say where the progress files are: make report FOLDER=/path/to/folder" >&2; exit 1; }
	$(call env,setup)
	@$(PY) -m leverage_lab.classroom.report "$(FOLDER)" --out dist/class-report.html

bench: ## measure how long things take
	$(call env,setup)
	@$(PY) benchmarks/bench.py

bench-browser: ## measure how long a learner waits, in JupyterLab and Chromium (PART=moves or PART=chapters: one half)
	$(call env,setup)
	@$(UV) run --quiet --no-project --isolated --python $(PY) --with $(IPYMPL) --with-requirements requirements.txt \
		--with-requirements requirements-browser.txt python benchmarks/bench_browser.py $(PART)

load: ## a class at a real JupyterHub on this machine (LEARNERS=20, SECONDS=60 of moves, AHEAD=0, AT_ONCE=64, CHAPTER=, OUT=; needs npm)
	$(call env,setup)
	@$(UV) run --quiet --no-project --isolated --python $(PY) $(HUB) --with-requirements requirements.txt python benchmarks/load_hub.py \
		$(if $(LEARNERS),--learners "$(LEARNERS)") $(if $(SECONDS),--seconds "$(SECONDS)") $(if $(AHEAD),--ahead "$(AHEAD)") \
		$(if $(AT_ONCE),--at-once "$(AT_ONCE)") $(if $(CHAPTER),--chapter "$(CHAPTER)") $(if $(OUT),--out "$(OUT)")

browser: ## add what the browser tests need to .venv
	$(call env,browser)
	@echo "The browser tests drive the system's own Chromium: install that too (Debian: apt install chromium)."

live: ## add what asks the exchanges for fresh numbers to .venv
	$(call env,live)

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--no-header --no-annotate --no-emit-index-url --upgrade --extra lab pyproject.toml

kit: slides site ## pack everything for a room without network into one zip (FOR="windows-3.12 mac-3.13": for other machines)
	-@$(MAKE) --no-print-directory pdf
	@$(PY) tools/kit.py $(FOR)

pins: ## renew the exact versions in requirements.txt and in the lists for test, app, live, browser and lint
	$(call env,setup)
	@$(COMPILE) -o requirements.txt >/dev/null
	@for extra in test app live browser lint; do $(COMPILE) --extra $$extra -c requirements.txt -o .venv/pins.txt >/dev/null && \
		grep -vxF -f requirements.txt .venv/pins.txt > requirements-$$extra.txt || exit 1; done
	@echo "Renewed: `grep -c == requirements.txt` packages, `grep -c == requirements-test.txt` more for the tests, `grep -c == requirements-app.txt` for the app, `grep -c == requirements-live.txt` for fresh numbers, `grep -c == requirements-browser.txt` for the browser tests."

lint: ## check form, likely faults, which part imports which, the types of the money modules, and with node the scripts in front/
	$(call env,setup)
	@$(UV) run --quiet --no-project --isolated --python $(PY) --with-requirements requirements.txt --with-requirements requirements-lint.txt \
		sh -c 'export PYTHONPATH=src; ruff format --check . && ruff check . && lint-imports --no-cache && pyright --pythonpath "$$(command -v python)"'
	@if command -v npx >/dev/null; then npx --yes $(BIOME) check; \
	elif [ -n "$$CI" ]; then echo "The scripts in front/ cannot be checked: there is no npx here." >&2; exit 1; \
	else echo "The scripts in front/ are not checked: that needs node."; fi

release-check: ## check and make all that a release needs, in dist/release; nothing is published (TAG=v0.2.0: must be the version; needs Chromium)
	$(call env,browser)
	@$(PY) tools/release.py $(if $(TAG),--tag "$(TAG)")

binder-check: ## check what Binder would build, without building it
	$(call env,setup)
	@$(UV) run --quiet --no-project --isolated --python $(PY) --with $(REPO2DOCKER) python tools/binder_check.py

site: ## build the course for a browser alone, the book at its front, in dist/site (RUNTIME=folder: with the Pyodide unpacked there)
	$(call env,setup)
	@$(PY) tools/make_site.py $(if $(RUNTIME),--runtime "$(RUNTIME)") $(if $(OUT),--out "$(OUT)")

# Not the formulas: they need numpy alone, and its version is ours (tests/project/test_site_build.py).
SITE_TESTS := $(patsubst %,tests/test_%.py,data exchanges examples claims audit backstop survival dates) \
	tests/classroom/test_tables.py tests/chapters/test_panels.py tests/chapters/test_chapter_*.py tests/project/test_site_build.py
test-site: ## run what depends on pandas and matplotlib with the versions of them that the site has
	$(call env,setup)
	@test -x .venv-site/bin/python || "$(PYTHON)" -m venv --without-pip .venv-site
	@$(UV) pip install --quiet --python .venv-site/bin/python -r requirements.txt -r requirements-test.txt --override requirements-site.txt -e .
	$(call notebooks,.venv-site/bin/python)
	@echo "Tables, panels and pictures ..."
	@.venv-site/bin/python -m pytest -n 2 --dist worksteal $(SITE_TESTS)

bench-site: ## measure how long a reader of the static site waits, in Chromium (after make browser)
	$(call env,setup)
	@$(PY) benchmarks/bench_site.py

mutate: ## change a money module one spot at a time: do its tests notice? (MODULE=fees: that one; SPOTS=40 of each)
	$(call env,setup)
	@$(if $(SPOTS),SPOTS="$(SPOTS)") $(PY) tools/mutate.py $(MODULE)

clean: ## remove .venv and all that was made here, but no notebook and no progress
	rm -rf .venv .venv-newest .venv-site dist build .pytest_cache .hypothesis .ruff_cache screenshots
	find src tests tools benchmarks notebooks -name __pycache__ -o -name .ipynb_checkpoints -o -name '*.egg-info' 2>/dev/null | tr '\n' '\0' | xargs -0 rm -rf
