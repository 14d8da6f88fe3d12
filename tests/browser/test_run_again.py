"""What stands where: notices beside the picture, a minus with its dollars, and cards whose cell is run again."""

import json

import lab_server
import nbformat.v4 as nbf
import pytest
from test_jupyterlab import Notebook, typing

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAME = "again.ipynb"
CELLS = (
    "from leverage_lab.classroom import check, panels",
    "panels.same_margin(leverage=20, move=-0.02)",
    'check("1-gone")',
)


@pytest.fixture
def notebook(browser, lab):
    (lab.folder / "progress.json").write_text(
        json.dumps({"version": 1, "exercises": {"1-gone": {"tries": 1, "solved": True}}}), encoding="utf-8"
    )
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbf.new_code_cell(source) for source in CELLS]
    (lab.folder / "notebooks" / NAME).write_text(
        json.dumps(nbf.new_notebook(cells=cells, metadata=spec)), encoding="utf-8"
    )
    notebook = Notebook(browser, lab, NAME).run()
    yield notebook
    notebook.settle()
    problems = notebook.problems
    notebook.page.close()
    (lab.folder / "progress.json").unlink(missing_ok=True)
    assert problems == []


def test_a_notice_hides_nothing_and_a_minus_stays_with_its_dollars(notebook):
    panel = notebook.output("panels.same_margin(").locator(".ll-panel")
    typing(panel, "leverage").fill("700")
    typing(panel, "leverage").press("Enter")
    expect(panel.locator(".ll-alert")).to_contain_text("leverage must be a number from 5x to 100x")
    notice, picture = (panel.locator(part).bounding_box() for part in (".ll-notes", ".ll-picture"))
    assert notice["y"] + notice["height"] <= picture["y"]
    sentence = panel.locator(".ll-sentence")
    assert sentence.text_content() == panel.locator("img").get_attribute("alt")
    expect(sentence.locator(".ll-whole").first).to_have_text("−$40")
    broken = "p => [...p.querySelectorAll('.ll-whole')].some(part => part.getClientRects().length > 1)"
    for width in range(150, 700, 10):
        sentence.evaluate("(p, width) => { p.style.width = `${width}px`; }", width)
        assert not sentence.evaluate(broken), width


def test_a_draft_that_comes_back_does_not_stand_under_the_verdict_of_another_answer(notebook):
    card = notebook.output("check(")
    verdict = card.locator(".ll-verdict")
    expect(verdict).to_contain_text("✓ Solved before.")
    card.get_by_label("answer").fill("7 %")
    for _ in range(2):
        lab_server.run_all(notebook.page, notebook.cells)
        expect(card.get_by_label("answer")).to_have_value("7 %")
        expect(verdict).to_be_hidden()
    card.get_by_label("answer").press("Enter")
    expect(verdict).to_contain_text("✗ Not yet. You answered 7\u00a0%.")
    expect(verdict).to_be_visible()
