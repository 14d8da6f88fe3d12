"""A link that is slow, cut, silent or gone: nothing waits for ever, and no picture stands above another's sentence."""

import dataclasses
import json
import os
import re
import signal
import time
from urllib.parse import urlsplit

import lab_server
import link
import nbformat.v4 as nbf
import psutil
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


@pytest.fixture
def folder(browser, tmp_path):
    """For a server that is killed, put to sleep or read."""
    return prepared(tmp_path)


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """One server for the others."""
    with lab_server.serving(prepared(tmp_path_factory.mktemp("lab"))) as lab:
        yield lab


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
    range.evaluate(
        "(range, stop) => { range.value = stop; range.dispatchEvent(new Event('input', {bubbles: true})); }", stop
    )


def sound(panel):
    """Every picture that was shown had its own sentence below it."""
    right = states(panels.first_touch)
    for words, picture in panel.evaluate("panel => panel.seen"):
        assert right[words] == picture, words
    assert panel.locator("img").get_attribute("alt") == panel.locator(".ll-sentence").text_content()


@pytest.mark.parametrize("pings", [1, pytest.param(3, marks=pytest.mark.soak)])
def test_the_page_of_make_lab_stays_connected(page, folder, pings):
    """Longer than so many of the server's pings: cells are run and sliders answered, nothing is cut,
    the terminal stays quiet."""
    with lab_server.serving(folder) as lab:
        panel = opened(page, lab)
        start = time.monotonic()
        for turn in range(1, pings + 1):
            page.wait_for_timeout(1000 * max(0, start + 30 * turn + 1 - time.monotonic()))
            run_cell(page, 2)
            slide(panel, 8 * turn)
            expect(page.locator(".jp-OutputArea").nth(2)).to_contain_text(f"run {turn}", timeout=20_000)
            expect(panel.locator(".ll-sentence")).to_have_text(
                panels.first_touch(leverage=panels.first_touch().controls["leverage"].stops[8 * turn]).sentence,
                timeout=20_000,
            )
        page.wait_for_timeout(1000 * max(0, start + 30 * pings + 10 - time.monotonic()))
        said = (folder / "server.log").read_text(encoding="utf-8")
    assert "WebSocket ping timeout" not in said
    assert not re.search(r"\[[WE] (?!.*is not trusted$)|Warning", said, re.M), said


BREAKS = {
    "cut": lambda line: line.cut(),
    "question lost": lambda line: line.lose("there", "back"),
    "answer lost": lambda line: line.lose("back"),
}


@pytest.mark.parametrize(
    "way, seconds",
    [
        ("cut", 10),
        ("question lost", 1),
        ("answer lost", 10),
        *(pytest.param(*case, marks=pytest.mark.soak) for case in (("cut", 1), ("cut", 40), ("question lost", 10))),
    ],
)
def test_what_was_moved_before_during_and_after_a_break_shows_when_the_link_is_back(page, lab, way, seconds):
    pictures = []
    lab_server.listen(page, lambda message: b'"ahead"' in message and pictures.append(message))
    with link.link(urlsplit(lab.url).port) as line:
        panel = opened(page, dataclasses.replace(lab, url=f"http://localhost:{line.port}/"))
        waiting, sentence = panel.locator(".ll-wait"), panel.locator(".ll-sentence")
        slide(panel, 6)
        expect(sentence).to_contain_text("$10 at 7x")
        BREAKS[way](line)
        slide(panel, 11)  # asked, and lost
        panel.get_by_role("slider", name="leverage", exact=True).focus()  # pictures ahead are asked for, too
        page.wait_for_timeout(500 * seconds)
        typing(panel, "margin").fill("7")
        typing(panel, "margin").press("Enter")
        page.wait_for_timeout(500 * seconds)
        if seconds > 5:
            expect(waiting).not_to_be_empty()
        line.mend()
        expect(sentence).to_contain_text("$7 at 15x")
        assert typing(panel, "leverage").input_value() == "15x"  # the twelfth stop
        expect(waiting).to_be_empty()
        typing(panel, "margin").fill("10")
        typing(panel, "margin").press("Enter")
        slide(panel, 4)
        expect(sentence).to_contain_text("$10 at 5x")
        pictures.clear()
        page.wait_for_timeout(5500)
        panel.get_by_role("slider", name="margin", exact=True).focus()
        slide(panel, 20)
        lab_server.wait(page, lambda: pictures, "no pictures are fetched ahead any more")
    right = states(panels.first_touch) | states(lambda: panels.first_touch(margin=7))
    seen = panel.evaluate("panel => panel.seen")
    assert seen and all(right[words] == picture for words, picture in seen if words in right)
    assert panel.locator("img").get_attribute("alt") == sentence.text_content()


@pytest.mark.parametrize("who", ["server", pytest.param("kernel", marks=pytest.mark.soak)])
def test_a_machine_that_sleeps_goes_on_where_it_was(page, folder, who):
    """Stopped for twelve seconds in the middle of a move, with neither end told."""
    with lab_server.serving(folder) as lab:
        panel = opened(page, lab)
        process = lab.pid if who == "server" else kernel_of(lab)
        slide(panel, 6)
        os.kill(process, signal.SIGSTOP)
        try:
            slide(panel, 11)
            slide(panel, 9)
            page.wait_for_timeout(12_000)
        finally:
            os.kill(process, signal.SIGCONT)
        expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 10x")
        expect(panel.locator(".ll-wait")).to_be_empty()
        sound(panel)


def kernel_of(lab):
    """The process of the server's only kernel."""
    (process,) = (
        child
        for child in psutil.Process(lab.pid).children(recursive=True)
        if "ipykernel_launcher" in " ".join(child.cmdline())
    )
    return process.pid


@pytest.mark.parametrize("who", ["server", "kernel"])
def test_without_its_kernel_a_panel_says_what_to_do(page, folder, who):
    """Killed; the server is started again on the same port, the kernel by the server. Neither knows the panel."""
    with lab_server.serving(folder) as lab:
        panel = opened(page, lab)
        slide(panel, 6)
        expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 7x")
        if who == "kernel":
            os.kill(kernel_of(lab), signal.SIGKILL)
            move_in_vain(page, panel)
    if who == "server":
        with lab_server.serving(folder, urlsplit(lab.url).port):
            move_in_vain(page, panel)


def move_in_vain(page, panel):
    slide(panel, 11)
    expect(panel.locator(".ll-wait")).to_contain_text("Run All Cells")
    assert "run" in panel.locator(".ll-wait").text_content().lower()
    sound(panel)


def test_the_same_text_can_be_entered_again(page, lab):
    """Whatever has become of it the first time."""
    panel = opened(page, lab)
    box, alert = typing(panel, "leverage"), panel.get_by_role("alert")
    box.fill("600")
    box.press("Enter")
    expect(alert).to_contain_text("got '600'")
    alert.evaluate("alert => { alert.textContent = ''; }")
    box.press("Enter")
    expect(alert).to_contain_text("got '600'")
