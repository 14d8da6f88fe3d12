"""A link that is slow, cut, silent or gone: nothing waits for ever, and no picture stands above another's sentence."""

import os
import re
import signal
import time
from urllib.parse import urlsplit

import lab_server
import psutil
import pytest
from one_panel import opened, prepared, run_cell, slide, sound

from leverage_lab.classroom import panels

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser


@pytest.fixture
def folder(browser, tmp_path):
    """For a server that is killed, put to sleep or read."""
    return prepared(tmp_path)


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
