"""Rules that keep strict nbval honest, and the saved form of every notebook.

nbval compares what is stored: a notebook without outputs or counts would pass with nothing compared.
"""

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import colab
import nbformat
import pytest
from execute_notebooks import normalise
from own_sliders import is_own_slider, problems

from leverage_lab.classroom import progress
from leverage_lab.classroom.exercises import LAST, exercise_book
from leverage_lab.classroom.tables import AGE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
*IN_ORDER, YOURS = BOOKS  # the chapters, and the workbench
PNG = r"data:image/png;base64,[\w+/=]+"
each = pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
each_chapter = pytest.mark.parametrize("path", IN_ORDER, ids=lambda path: path.stem)

FORBIDDEN_CODE = {
    r"\bOutput\(": "fails strict comparison",
    r"clear_output": "fails strict comparison",
    r";\s*$": "nbval does not honour a trailing semicolon",
    r"NBVAL_|nbval-": "no cell is exempt",
    r"\.style\b": "Styler ids change at every run",
    r"!\s*\w|%pip|%conda": "a notebook installs nothing (but for Colab)",
    r"datetime\.now|time\.time|\brandom\b": "changes at every run",
}
# A slider of one's own draws anew at every move: its cell runs, but what it shows is not compared (own_sliders.py).
FORBIDDEN_ELSEWHERE = {
    r"\binteract\b": "draws a new figure at every move",
    r"%matplotlib|plt\.show|pyplot": "registers figures; pictures are panels",
}
FORBIDDEN_PROSE = {
    r"(?i)referral|promo ?code|sign[- ]?up bonus|affiliate|discount code": "the course sells nothing",
    r"(?i)you should (buy|sell|open|use \d+x)": "the course gives no advice",
    r"(?i)guaranteed|risk[- ]free": "nothing is",
}


def book(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


CHAPTERS = (
    "start-here",
    "leverage-basics",
    "liquidation-mechanics",
    "margin-modes",
    "fees",
    "exchange-comparison",
    "survival",
    "using-leverage",
    "two-articles",
)


def test_there_are_notebooks():
    names = [f"{number:02}-{name}" for number, name in enumerate(CHAPTERS)]
    assert [path.stem for path in BOOKS] == [*names, "your-position"]


def test_nbval_collects_every_notebook():
    """As many notebooks collected as there are, and as many cells as they hold."""
    listing = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "--nbval-current-env",
            "--collect-only",
            "-o",
            "addopts=-qq",
            "-p",
            "no:cacheprovider",
            "notebooks",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    collected = {name: int(count) for name, count in re.findall(r"^notebooks/(\S+): (\d+)$", listing, flags=re.M)}
    assert collected == {path.name: len(code_cells(book(path))) for path in BOOKS}


@pytest.mark.parametrize("today", ["2031-05-05", pytest.param("2025-08-05", marks=pytest.mark.soak)])
def test_a_notebook_passes_on_any_day_and_whatever_its_learner_has_done(today, tmp_path):
    """Strict nbval over a chapter with many tables, on a day when all is old (or little is),
    beside a learner's progress."""
    copy = tmp_path / "notebooks"
    copy.mkdir()
    (book,) = FOLDER.glob("04-*.ipynb")
    copy.joinpath(book.name).write_bytes(book.read_bytes())
    done = {"predictions": {"4-spread-way": 3}, "exercises": {"4-open": {"tries": 2, "solved": True}}}
    copy.joinpath("my-progress.json").write_text(json.dumps({"version": 1, **done}))
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    nbval = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval.cfg'}"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *nbval, "-q", "-p", "no:cacheprovider", str(copy)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if k != "LEVERAGE_LAB_PROGRESS"} | {"LEVERAGE_LAB_TODAY": today},
    )
    assert run.returncode == 0, run.stdout[-3000:]
    assert json.loads(copy.joinpath("my-progress.json").read_text()) == {"version": 1, **done}


def test_the_test_command_is_strict():
    makefile = (ROOT / "Makefile").read_text()
    assert (
        "--nbval-lax" not in makefile
        and "--nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg --nbval-cell-timeout=60" in makefile
    )
    patterns = re.findall(r"^regex: (.+)$", (ROOT / "tests" / "nbval.cfg").read_text(), flags=re.M)
    assert patterns == [PNG, AGE]  # of all that is shown only this is not compared


@each
def test_saved_executed_from_top_to_bottom(path):
    notebook = book(path)
    nbformat.validate(notebook)
    assert [cell.execution_count for cell in code_cells(notebook)] == list(range(1, len(code_cells(notebook)) + 1))
    for cell in code_cells(notebook):
        last = cell.source.strip().splitlines()[-1]
        silent = re.match(r"(from|import|def|return|    |pandas\.set_option)|[\w, ]+ = ", last)
        assert cell.outputs or silent or is_own_slider(cell), f"{path.stem}: no output stored for\n{cell.source}"
        for output in cell.outputs:
            assert output.output_type not in ("error",) and output.get("name") != "stderr", cell.source


@each
def test_saved_without_what_only_lives_in_a_kernel(path):
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert "widget-view+json" not in text and "model_id" not in text
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert not re.search(r"/home/|/Users/|/tmp/|/root/|C:\\\\", text)


@each_chapter
def test_pictures_are_saved_with_their_sentence(path):
    pictures = 0
    for cell in code_cells(book(path)):
        for output in cell.outputs:
            data = output.get("data", {})
            assert "image/png" not in data  # JupyterLab gives such a picture no alt text
            if picture := re.search(
                '<img alt="(.+?)" width="700" src="data:image/png;base64,', data.get("text/html", "")
            ):
                pictures += 1
                assert re.search(r"\d", picture[1]) and data["text/plain"].endswith(unescape(picture[1]))
    assert pictures >= (1 if path in (IN_ORDER[0], IN_ORDER[-1]) else 4)


@each
def test_no_forbidden_pattern(path):
    notebook = book(path)
    first, *_ = code_cells(notebook)
    assert first.source == colab.added(first.source), "not this version's lines for Colab: make notebooks"
    first.source = colab.removed(first.source)
    for cell in code_cells(notebook):
        for pattern, why in (FORBIDDEN_CODE | ({} if is_own_slider(cell) else FORBIDDEN_ELSEWHERE)).items():
            assert not re.search(pattern, cell.source, flags=re.M), f"{path.stem}: {pattern} ({why}) in\n{cell.source}"
        wide = [line for line in cell.source.splitlines() if len(line) > 76]
        assert not wide, f"{path.stem}: cut off in a narrow window: {wide}"
        assert len(cell.source.splitlines()) <= 8, f"{path.stem}: more than one idea in\n{cell.source}"
    for pattern, why in FORBIDDEN_PROSE.items():
        assert not re.search(pattern, prose(notebook)), f"{path.stem}: {pattern} ({why})"


@each
def test_only_a_slider_of_ones_own_is_not_compared(path):
    assert problems(book(path)) == []


@each
def test_money_is_no_formula(path):
    """Between two bare dollar signs JupyterLab sets mathematics: none is bare, in prose and in outputs."""
    notebook = book(path)
    outputs = [
        o["data"]["text/markdown"]
        for c in code_cells(notebook)
        for o in c.outputs
        if "text/markdown" in o.get("data", {})
    ]
    tables = [
        o["data"]["text/html"] for c in code_cells(notebook) for o in c.outputs if "text/html" in o.get("data", {})
    ]
    for cell in re.findall(r"<td>(.*?)</td>", "\n".join(tables), flags=re.S):
        assert cell.count("$") < 2, cell  # one alone has no partner
    for text in [prose(notebook), *outputs]:
        bare = re.findall(r"\$.{0,30}", re.sub(r"`[^`]*`", "", text))
        assert not bare, bare


@each
def test_outputs_are_for_readers(path):
    """No escape codes, no object addresses, no numbers cut short."""
    for cell in code_cells(book(path)):
        for output in cell.outputs:
            text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            assert not re.search(r"\\x[0-9a-f]{2}|\\u|<[\w.]+ object at|\.\.\.\s|\.\.\.$", text), cell.source


@each_chapter
def test_anatomy(path):
    """Title as a question, aims, minutes, a running clock that ends where the title said, what's next."""
    text = prose(book(path))
    assert re.match(r"# .*\?", text) and "After this chapter" in text and "not advice" in text
    minutes = int(re.search(r"\*\*Time\*\* about (\d+) minutes", text)[1])
    clock = [(int(a), int(b)) for a, b in re.findall(r"\*\((\d+) of about (\d+) minutes\)\*", text)]
    assert len(clock) >= 3 and [a for a, _ in clock] == sorted(a for a, _ in clock)
    assert clock[-1] == (minutes, minutes) and {b for _, b in clock} == {minutes}
    assert "What is next" in text
    notebook = book(path)
    for before, cell in zip(notebook.cells, notebook.cells[1:]):
        if cell.cell_type == "code" and before.cell_type == "code":
            assert re.match(r"check\(", cell.source), f"{path.stem}: no sentence before\n{cell.source}"


def test_the_workbench_has_its_parts():
    """A question, what it is not, the workbench with its picture and numbers stored, and what it does not know."""
    text, cells = prose(book(YOURS)), code_cells(book(YOURS))
    assert re.match(r"# .*\?", text) and "not advice" in text and "## What it does not know" in text
    (shown,) = [cell.outputs[0].data for cell in cells if cell.source == "workbench()"]
    picture = re.search('<img alt="(.+?)" width="440" src="data:image/png;base64,', shown["text/html"])
    assert shown["text/plain"].startswith(unescape(picture[1])) and shown["text/html"].count("<details>") == 14


@each
def test_prose_is_at_least_half(path):
    notebook = book(path)
    words = len(prose(notebook).split())
    code = sum(len(cell.source.split()) for cell in code_cells(notebook))
    assert words > code


TAUGHT = pytest.mark.parametrize("path", IN_ORDER[1:-1], ids=lambda path: path.stem)  # the last one is the audit


def asked(path):
    """The exercises of a notebook, in their order."""
    from leverage_lab.classroom.exercises import exercise_book

    source = "\n".join(cell.source for cell in code_cells(book(path)))
    return [exercise_book.exercises[id] for id in re.findall(r'(?<!\.)check\("([\w-]+)"', source)]


@TAUGHT
def test_a_chapter_has_its_parts(path):
    source = "\n".join(cell.source for cell in code_cells(book(path)))
    assert len(set(re.findall(r"panels\.(\w+)\(", source))) >= 4
    assert len(set(re.findall(r'predict\("([\w-]+)"', source))) >= 4
    ids = {exercise.id for exercise in asked(path)}
    assert len([id for id in ids if "-bug-" not in id]) >= 8 and any("-bug-" in id for id in ids)
    hunts = re.findall(r"^### Find the bug.*$", prose(book(path)), flags=re.M)
    assert hunts and all(hunt.endswith("(Python, optional)") for hunt in hunts)


@pytest.mark.parametrize("path", IN_ORDER[2:-1], ids=lambda path: path.stem)
def test_a_chapter_goes_back_to_earlier_ones(path):
    """Spaced repetition: at least three of its exercises need something of a chapter before it."""
    number = int(path.stem[:2])
    back = [exercise.id for exercise in asked(path) if exercise.also]
    assert len(back) >= 3 and all(earlier < number for exercise in asked(path) for earlier in exercise.also)


@TAUGHT
def test_after_two_exercises_there_is_a_rest(path):
    """A picture, something computed or a new section."""
    row = 0
    for cell in book(path).cells:
        if re.match(r"check\(", cell.source):
            row += 1
            assert row <= 2, f"{path.stem}: the third in a row is {cell.source}"
        elif cell.cell_type == "code" or re.search(r"^## ", cell.source, flags=re.M):
            row = 0


@each_chapter
def test_a_section_opens_with_a_question(path):
    """Its heading or its first paragraph asks something."""
    parts = re.split(r"^## (?=\d+ ·)", prose(book(path)), flags=re.M)[1:]
    for part in parts:
        heading, _, text = part.partition("\n")
        assert "?" in heading + text.strip().partition("\n\n")[0], f"{path.stem}: {heading}"


def test_every_exercise_is_met_in_a_notebook_or_left_to_practice():
    """A bug hunt needs its notebook, where the function is printed; `practice` draws all that has numbers."""
    from leverage_lab.classroom.exercises import CHAPTERS as taught
    from leverage_lab.classroom.exercises import exercise_book
    from leverage_lab.panelkit.practice import Exercise

    source = "\n".join(cell.source for path in BOOKS for cell in code_cells(book(path)))
    left = {id for chapter in taught for id in chapter.FOR_PRACTICE}
    assert all(isinstance(exercise_book.exercises[id], Exercise) for id in left)
    assert set(re.findall(r'(?<!\.)check\("([\w-]+)"', source)) == set(exercise_book.exercises) - left
    assert set(re.findall(r'predict\("([\w-]+)"', source)) == set(exercise_book.predictions)


def test_every_claim_of_the_articles_is_met_where_the_table_says():
    """In the chapters that data/article_claims.csv names: the id in prose, and in a cell or its output."""
    from leverage_lab.data import load

    words = {number: prose(book(path)) for number, path in enumerate(IN_ORDER)}
    cells = {
        number: re.sub(PNG, "", json.dumps(code_cells(book(path)))) for number, path in enumerate(IN_ORDER)
    }  # L03 stands in many a picture's bytes
    for claim in load("article_claims").itertuples():
        for number in map(int, re.findall(r"\d", claim.met_in)):
            if number in words:
                assert _named(claim.id, words[number]) and claim.id in cells[number], (
                    f"{claim.id} is not met in chapter {number}"
                )


def _named(id, text):
    """True if the claim stands in the text, alone or in a row such as L06 to L13."""
    rows = re.findall(r"\b([LF])(\d\d) (?:to|–) \1(\d\d)\b", text)
    return id in text or any(id[0] == letter and int(low) <= int(id[1:]) <= int(high) for letter, low, high in rows)


def test_terms_are_in_the_glossary_and_links_lead_somewhere():
    glossary = (FOLDER / "glossary.md").read_text(encoding="utf-8")
    anchors = {line[3:].strip().replace(" ", "-") for line in glossary.splitlines() if line.startswith("## ")}
    for path in BOOKS:
        for target in re.findall(r"\]\(([^)]+)\)", prose(book(path))):
            if target.startswith("http"):
                continue
            file, _, anchor = target.partition("#")
            assert (FOLDER / file).is_file(), f"{path.stem}: {target}"
            assert not anchor or anchor in anchors, f"{path.stem}: {target}"


def test_executing_and_normalising_gives_the_saved_form_again(tmp_path):
    """`make notebooks` on a copy gives what is stored, but for a picture's bytes, and leaves nothing to normalise."""
    copy = tmp_path / BOOKS[0].name
    copy.write_bytes(BOOKS[0].read_bytes())
    command = [sys.executable, str(ROOT / "tools" / "execute_notebooks.py"), str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    again = copy.read_text(encoding="utf-8")
    assert nbformat.writes(normalise(nbformat.reads(again, as_version=4))) + "\n" == again
    # How a PNG is packed may differ between kinds of machines; what it shows is tested with the panels.
    assert re.sub(PNG, "", again) == re.sub(PNG, "", BOOKS[0].read_text(encoding="utf-8"))


def test_normalising_drops_what_is_not_the_same_next_time():
    output = nbformat.v4.new_output(
        "display_data",
        data={"text/plain": "a", "application/vnd.jupyter.widget-view+json": {"model_id": "1"}},
        metadata={"application/vnd.jupyter.widget-view+json": {"colab": 5}},
    )
    pieces = [nbformat.v4.new_output("stream", text=text) for text in ("141\n", "11\n")]
    cell = nbformat.v4.new_code_cell(
        "a", outputs=[output, *pieces], metadata={"execution": {"iopub.status.busy": "now"}, "tags": ["keep"]}
    )
    prose = nbformat.v4.new_markdown_cell("0.2 % from $10 or \\$10, `$code 5 %`")
    notebook = normalise(
        nbformat.v4.new_notebook(
            cells=[cell, prose], metadata={"widgets": {}, "language_info": {"name": "python", "version": "3.99"}}
        )
    )
    assert (
        dict(notebook.cells[0].outputs[0].data) == {"text/plain": "a"} and notebook.cells[0].outputs[0].metadata == {}
    )
    assert [printed.text for printed in notebook.cells[0].outputs[1:]] == ["141\n11\n"]
    assert notebook.cells[1].source == "0.2\u00a0% from <span>&#36;</span>10 or <span>&#36;</span>10, `$code 5 %`"
    assert notebook.cells[0].metadata == {"tags": ["keep"]} and "widgets" not in notebook.metadata
    assert notebook.metadata.language_info == {"name": "python"}


def test_where_an_open_exercise_is_to_be_found(own_progress):
    """Those of other chapters in the last notebook are named with it: their own chapter does not have them."""
    text = (ROOT / "notebooks" / "08-two-articles.ipynb").read_text(encoding="utf-8")
    assert set(LAST) == set(re.findall(r'"check\(\\"([\w-]+)', text)) and set(LAST) < set(exercise_book.exercises)
    own_progress.write_text('{"version": 1, "exercises": {"7-size": {"tries": 1, "solved": true}}}', encoding="utf-8")
    row = next(line for line in progress().text.splitlines() if line.startswith("| 7 |"))
    assert "`7-size-fees`, " in row and "`7-one-trade` (in chapter 8)" in row
