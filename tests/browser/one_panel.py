"""A notebook with one panel, for tests of the link between page and kernel."""

import json

import lab_server
import nbformat.v4 as nbf
from test_hands import WATCH, states

from leverage_lab.classroom import panels

NAME = "connection.ipynb"
CELLS = (
    "from leverage_lab.classroom import panels\ncount = 0",
    "panels.first_touch()",
    "count += 1; print('run', count)",
    "import time; time.sleep(12)",
)


def prepared(folder):
    lab_server.prepare(folder)
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = nbf.new_notebook(cells=[nbf.new_code_cell(source) for source in CELLS], metadata=spec)
    (folder / "notebooks" / NAME).write_text(json.dumps(book), encoding="utf-8")
    return folder


def run_cell(page, number):
    page.locator(".jp-Notebook .jp-Cell").nth(number).locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")


def opened(page, lab):
    """The panel of the notebook, its first two cells run and the panel watched."""
    lab_server.open_notebook(page, lab, NAME)
    for number in (0, 1):
        run_cell(page, number)
    panel = page.locator(".jp-Notebook .ll-panel")
    panel.locator("img").wait_for()
    panel.evaluate(WATCH)
    return panel


def slide(panel, stop):
    range = panel.get_by_role("slider", name="leverage", exact=True)
    range.evaluate(
        "(range, stop) => { range.value = stop; range.dispatchEvent(new Event('input', {bubbles: true})); }", stop
    )


def sound(panel):
    """Every picture that was shown had its own sentence below it."""
    right = states(panels.first_touch)
    for words, picture in panel.evaluate("panel => panel.seen"):
        assert right[words] == picture, words
    assert panel.locator("img").get_attribute("alt") == panel.locator(".ll-sentence").text_content()
