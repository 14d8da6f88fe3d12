"""Sliders of one's own: run in a kernel and moved, since nbval does not compare what they show."""

import re
import subprocess
from pathlib import Path

import nbformat
import nbformat.v4 as nbf
import pytest
from execute_notebooks import NOT_COMPARED, execute, normalise
from jupyter_client.manager import start_new_kernel
from own_sliders import HEADING, is_own_slider, problems

BOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

# Each control of an interact to both its ends, or to its first and last option.
MOVE = """
import gc, ipywidgets
(mine,) = [one for one in gc.get_objects() if isinstance(one, ipywidgets.interactive) and one.comm]
for control in mine.kwargs_widgets:
    ends = getattr(control, "options", None) or (control.min, control.max)
    for end in ends[0], ends[-1]:
        control.value = end
        print("moved", control.description, end)
mine.close()
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(stderr=subprocess.DEVNULL)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel, code):
    """What a kernel shows: (texts, how many pictures); AssertionError with its words if the code, or a move, fails."""
    texts, pictures, wrong = [], [], []

    def hear(message):
        content, kind = message["content"], message["msg_type"]
        wrong.extend([content] if kind == "error" or content.get("name") == "stderr" else [])
        texts.append(content.get("text", "") + content.get("data", {}).get("text/plain", ""))
        pictures.extend(content["data"][kind] for kind in ("image/png", "text/html") if kind in content.get("data", {}))

    reply = kernel.execute_interactive(code, timeout=120, output_hook=hear)["content"]
    assert reply["status"] == "ok" and not wrong, wrong
    return texts, pictures


def moved(kernel, code):
    """Run a cell with an interact, and move its controls: a picture is drawn at each move, and not always the same."""
    run(kernel, code)
    texts, pictures = run(kernel, MOVE)
    moves = re.findall(r"^moved (.*)$", "\n".join(texts), flags=re.M)
    assert len(moves) >= 2 and len(set(pictures)) >= 2, f"{len(moves)} moves, {len(set(pictures))} different pictures"


OWN = [
    (path, number)
    for path in BOOKS
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells)
    if cell.cell_type == "code" and is_own_slider(cell)
]


@pytest.mark.parametrize("path, number", OWN, ids=lambda part: getattr(part, "stem", part))
def test_a_slider_of_a_notebook_runs_and_can_be_moved(kernel, path, number):
    """After the chapter's first cell of code, as a reader has it who comes back for this section."""
    cells = nbformat.read(path, as_version=4).cells
    run(kernel, next(cell.source for cell in cells if cell.cell_type == "code"))
    moved(kernel, cells[number].source)


GOOD = """from ipywidgets import interact
from matplotlib import pyplot
from leverage_lab.liquidation import Rules, liquidation_price

def mine(leverage=20):
    prices = [liquidation_price("long", 1, 100, 100 / x, Rules(0.005)) for x in (5, leverage)]
    pyplot.plot([5, leverage], prices)
interact(mine, leverage=(1, 100))"""


def test_a_good_cell_is_moved_and_a_bad_one_is_seen(kernel):
    """The same cell, then one that fails at 100x only, one that shows nothing, and one that never changes."""
    moved(kernel, GOOD)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        moved(kernel, GOOD.replace("    pyplot", "    1 / (100 - leverage)\n    pyplot"))
    with pytest.raises(AssertionError, match="2 moves, 1 different pictures"):
        moved(kernel, GOOD.replace("[5, leverage], prices", "[5, 6], [1, 2]"))
    for still in ("    pass", "    print(5)"):
        with pytest.raises(AssertionError, match="0 different pictures"):
            moved(kernel, re.sub(r"    pyplot.*", still, GOOD))


def notebook(heading=f"## 8 · {HEADING}", said="It draws anew at every move, so its output is not compared.", **cell):
    cell = {"source": GOOD, "outputs": [], "tags": [NOT_COMPARED]} | cell
    tags = cell.pop("tags")
    cells = [nbf.new_markdown_cell(f"{heading}\n\n{said}"), nbf.new_code_cell(metadata={"tags": tags}, **cell)]
    return nbf.new_notebook(cells=cells)


PRINTED = nbf.new_output("stream", text="5")


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({}, ""),
        ({"heading": f"### {HEADING}"}, ""),
        (
            {"heading": "## 3 · Two halves"},
            "must be in a section headed “Your own slider (optional)”, not “Two halves”",
        ),
        ({"said": "Move it."}, "must say why the cell's output is not compared"),
        ({"source": "print(5)"}, "must hold an interact"),
        ({"outputs": [PRINTED]}, "must be saved without outputs"),
        ({"tags": ["nbval-skip"]}, "the tag nbval-skip is not allowed"),
        ({"tags": [NOT_COMPARED, "nbval-raises-exception"]}, "the tag nbval-raises-exception is not allowed"),
    ],
)
def test_the_rules_by_hand(change, sentence):
    found = problems(notebook(**change))
    assert len(found) == bool(sentence) and all(sentence in one for one in found)


def test_a_later_heading_ends_the_section():
    book = notebook()
    book.cells.insert(1, nbf.new_markdown_cell("## What you know now\n\nOutput is not compared."))
    assert len(problems(book)) == 1


def test_outputs_are_dropped_when_a_notebook_is_saved():
    cells = normalise(notebook(outputs=[PRINTED])).cells
    assert cells[1].outputs == [] and cells[1].metadata.tags == [NOT_COMPARED]
    assert len(normalise(notebook(outputs=[PRINTED], tags=["other"])).cells[1].outputs) == 1


def test_a_notebook_with_one_is_run_and_saved_by_the_course(tmp_path):
    book = notebook()
    execute(book, tmp_path)
    assert book.cells[1].outputs and problems(normalise(book)) == [] and "widgets" not in book.metadata
