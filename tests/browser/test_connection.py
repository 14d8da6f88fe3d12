"""A link that is slow, cut, silent or gone: nothing waits for ever, and no picture stands above another's sentence."""

import dataclasses
import json
import os
import re
import signal
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

import lab_server
import link
import nbformat.v4 as nbf
import pytest
from test_hands import WATCH, states
from test_jupyterlab import typing

from leverage_lab.classroom import panels

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAME = "connection.ipynb"
CELLS = ("from leverage_lab.classroom import panels\ncount = 0", "panels.first_touch()", "count += 1; print('run', count)", "import time; time.sleep(12)")


@pytest.fixture
def folder(browser, tmp_path):
    lab_server.prepare(tmp_path)
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = nbf.new_notebook(cells=[nbf.new_code_cell(source) for source in CELLS], metadata=spec)
    (tmp_path / "notebooks" / NAME).write_text(json.dumps(book), encoding="utf-8")
    return tmp_path


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


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
    range.evaluate("(range, stop) => { range.value = stop; range.dispatchEvent(new Event('input', {bubbles: true})); }", stop)


def sound(panel):
    """Every picture that was shown had its own sentence below it."""
    right = states(panels.first_touch)
    for words, picture in panel.evaluate("panel => panel.seen"):
        assert right[words] == picture, words
    assert panel.locator("img").get_attribute("alt") == panel.locator(".ll-sentence").text_content()


def test_the_page_of_make_lab_stays_connected(page, folder):
    """Longer than three of the server's pings: cells are run and sliders answered, nothing is cut, the terminal stays quiet."""
    with lab_server.serving(folder) as lab:
        panel = opened(page, lab)
        start = time.monotonic()
        for turn, second in enumerate((31, 61, 91), start=1):
            page.wait_for_timeout(1000 * max(0, start + second - time.monotonic()))
            run_cell(page, 2)
            slide(panel, 8 * turn)
            expect(page.locator(".jp-OutputArea").nth(2)).to_contain_text(f"run {turn}", timeout=20_000)
            expect(panel.locator(".ll-sentence")).to_have_text(panels.first_touch(leverage=panels.first_touch().controls["leverage"].stops[8 * turn]).sentence, timeout=20_000)
        page.wait_for_timeout(1000 * max(0, start + 100 - time.monotonic()))
        said = (folder / "server.log").read_text(encoding="utf-8")
    assert "WebSocket ping timeout" not in said
    assert not re.search(r"\[[WE] (?!.*is not trusted$)|Warning", said, re.M), said
