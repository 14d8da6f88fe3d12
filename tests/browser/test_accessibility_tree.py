"""What a screen reader gets of panels and cards: roles, names and values, as Chromium's accessibility tree has them.
And the same parts at 400 %, and in the few colours that a system forces on a page.

The trees are files in aria/, to be read by a person. A change that is meant: delete the file, run the test, read the
new one.
"""

import io
import json
from pathlib import Path

import nbformat.v4 as nbf
import pytest
from PIL import Image
from test_everyone import LAYOUT
from test_jupyterlab import Notebook, complaints

pytestmark = pytest.mark.browser

KEPT = Path(__file__).with_name("aria")
NAME = "tree.ipynb"
# Three panels (sliders; a choice of four; a list), and a card of each kind.
PARTS = {
    "panel-sliders": "panels.first_touch()",
    "panel-choice": "panels.median_of_three()",
    "panel-list": "panels.room()",
    "prediction": 'predict("1-tenth", panels.bought(move=-0.001))',
    "exercise-number": 'check("1-position")',
    "exercise-options": 'check("3-missing")',
    "bug-hunt": 'check("1-bug-short")',
    "inventory": 'inventory("before")',
    "before-and-after": "before_and_after()",
    "claims": "audit_card()",
    "practice": "practice(3)",
    "progress": "progress()",
}
NAMED = "one.ariaLabel || one.labels?.[0]?.textContent"
SAID = f"all => all.map(one => `slider ${{{NAMED}}}: ${{one.getAttribute('aria-valuetext')}}`)"
NARROW = {"width": 320, "height": 640}  # what a window of 1280 pixels has at 400 %


@pytest.fixture(scope="module")
def parts(browser, lab):
    """All of them in one notebook, as somebody meets them who has done nothing yet."""
    round = {"ids": ["3-missing", "3-two"], "why": ["it is still open after 1 try", "you looked at 1 hint"], "at": 0}
    (lab.folder / "progress.json").write_text(json.dumps({"version": 1, "practice round": {"3": round}}))
    names = sorted({source.partition("(")[0].partition(".")[0] for source in PARTS.values()})
    cells = [f"from leverage_lab.classroom import {', '.join(names)}", *PARTS.values()]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = nbf.new_notebook(cells=[nbf.new_code_cell(source) for source in cells], metadata=spec)
    (lab.folder / "notebooks" / NAME).write_text(json.dumps(book), encoding="utf-8")
    notebook = Notebook(browser, lab, NAME, simple=True).run()
    notebook.page.add_style_tag(content=".jp-Cell {content-visibility: visible !important}")
    yield notebook
    assert complaints(notebook) == []
    notebook.page.close()


@pytest.mark.parametrize("name", PARTS)
def test_a_screen_reader_gets_this_tree(parts, name):
    part = parts.output(PARTS[name]).locator(".leverage-lab").first
    tree = part.aria_snapshot() + "\n"
    # Playwright's tree has a slider's position; a reader hears its words.
    for said in part.get_by_role("slider").evaluate_all(SAID):
        tree += f"# {said}\n"
    kept = KEPT / f"{name}.yml"
    if not kept.exists():
        kept.write_text(tree, encoding="utf-8")
        pytest.fail(f"{kept} was not there: read what was written", pytrace=False)
    assert tree == kept.read_text(encoding="utf-8")


def test_the_trees_are_those_of_parts_that_exist():
    assert {path.stem for path in KEPT.iterdir()} == set(PARTS)


WIDE = """() => [...document.querySelectorAll('.leverage-lab')].map(part => part.scrollWidth - part.clientWidth)"""


def test_at_400_percent_nothing_is_cut(parts):
    """WCAG's reflow: no output is wider than its frame, so nothing of it has to be scrolled sideways."""
    parts.page.set_viewport_size(NARROW)
    parts.page.wait_for_timeout(300)  # JupyterLab lays out a resized window a little later
    wider = parts.page.evaluate(WIDE)
    assert len(wider) >= len(PARTS) and max(wider) <= 0, dict(zip(PARTS, wider))
    assert parts.page.evaluate(LAYOUT) == []


@pytest.mark.parametrize("scheme", ("light", "dark"))
def test_in_forced_colours_the_chosen_word_is_seen(parts, scheme):
    parts.page.set_viewport_size({"width": 1280, "height": 900})
    parts.page.emulate_media(forced_colors="active", color_scheme=scheme)
    words = parts.output(PARTS["panel-choice"]).locator(".ll-choice")
    # From the picture: what a style computes to is still the colour that is not shown.
    chosen, other = (ground(words.locator(f"{which} + span").first) for which in (":checked", ":not(:checked)"))
    parts.page.emulate_media(forced_colors="none", color_scheme="light")
    assert chosen != other


def ground(part):
    with Image.open(io.BytesIO(part.screenshot())) as picture:
        return picture.convert("RGB").getpixel((6, 6))
