"""Work that is taken along and brought back, notebooks opened again, cells run out of order, pages without code."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import lab_server
import make_env
import pytest

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

START, BASICS = "00-start-here.ipynb", "01-leverage-basics.ipynb"


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def cell(page, start):
    """The code cell whose source begins with `start`."""
    return page.locator(".jp-Notebook .jp-CodeCell").filter(
        has=page.locator(".cm-content", has_text=re.compile("^" + re.escape(start)))
    )


def run(page, start):
    """Run one cell as a person does."""
    cell(page, start).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def end_kernels(lab):
    """As if the machine had been off: else a page finds its widgets in the kernel that still runs."""
    for session in json.load(urlopen(f"{lab.url}api/sessions?token={lab.token}")):
        urlopen(Request(f"{lab.url}api/sessions/{session['id']}?token={lab.token}", method="DELETE"))


def test_progress_is_downloaded_and_restored(page, lab, tmp_path):
    progress = lab.folder / "progress.json"
    progress.write_text('{"version": 1, "predictions": {"0-guess": 20}}')
    lab_server.run_all(page, lab_server.open_notebook(page, lab, START))
    card = cell(page, "progress()")
    expect(card).to_contain_text("predictions made1")
    with page.expect_download() as download:
        card.get_by_role("button", name="Download my progress").click()
    assert download.value.suggested_filename == "my-progress.json"
    download.value.save_as(tmp_path / "mine.json")
    assert json.loads((tmp_path / "mine.json").read_text())["predictions"] == {"0-guess": 20}

    progress.unlink()  # as after a pause on Binder
    run(page, "progress()")
    expect(card).to_contain_text("predictions made0")
    (tmp_path / "other.json").write_text('{"nbformat": 4}')
    for name, words in (("other.json", "not a progress file of this course"), ("mine.json", "Restored.")):
        with page.expect_file_chooser() as chooser:
            card.get_by_role("button", name="Restore from a file").click()
        chooser.value.set_files(tmp_path / name)
        expect(card).to_contain_text(words)
    expect(card).to_contain_text("predictions made1")
    run(page, 'predict("0-guess"')
    expect(cell(page, 'predict("0-guess"')).to_contain_text("You guessed")


def test_a_notebook_saved_after_it_was_run_shows_its_panels_when_opened_again(page, browser, lab):
    book = lab.folder / "notebooks" / "again.ipynb"
    shutil.copy(lab.folder / "notebooks" / START, book)
    cells = lab_server.open_notebook(page, lab, book.name)
    lab_server.run_all(page, cells)
    box = cell(page, "panels.first_touch()").get_by_role("textbox", name="leverage", exact=True)
    for typed in ("3", "600"):
        box.fill(typed)
        box.press("Enter")
    expect(cell(page, "panels.first_touch()").get_by_role("alert")).to_contain_text("still shows 3x")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and book.name in answer.url):
        page.keyboard.press("Control+s")
    assert json.loads(book.read_text())["metadata"]["widgets"]
    page.close()
    end_kernels(lab)

    again = browser.new_page(viewport={"width": 1280, "height": 900})
    lab_server.open_notebook(again, lab, book.name)
    panel = cell(again, "panels.first_touch()")
    expect(panel.locator("img")).to_be_visible()
    expect(panel.get_by_role("slider").first).to_be_visible()
    expect(panel.get_by_role("textbox", name="leverage", exact=True)).to_have_value("3x")  # as in the picture
    expect(panel.locator(".ll-sentence")).to_contain_text("at 3x")
    note = panel.locator(".leverage-lab").evaluate("element => getComputedStyle(element, '::before').content")
    assert "Run All Cells" in note
    assert again.locator(".jp-Notebook").get_by_text("model not found").count() == 0
    panel.get_by_role("slider", name="leverage", exact=True).press("End")
    expect(panel.locator(".ll-wait")).to_contain_text("run its cell again, or choose Run → Run All Cells")
    again.close()


def test_a_cell_run_before_the_setup_cell_says_so(page, lab):
    lab_server.open_notebook(page, lab, BASICS)
    run(page, 'predict("1-tenth"')
    expect(cell(page, 'predict("1-tenth"')).to_contain_text("Run the setup cell first")


@pytest.fixture(scope="module")
def app(browser, tmp_path_factory):
    """The address of the app."""
    folder = tmp_path_factory.mktemp("app")
    port = make_env.free_port(8866)
    env = os.environ | {"LEVERAGE_LAB_PROGRESS": str(folder / "progress.json")}
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, Path(make_env.ROOT) / "tools" / "app.py", "1", f"--port={port}", "--no-browser"],
            env=env,
            stdout=log,
            stderr=log,
        )
        try:
            end = time.monotonic() + lab_server.SLOW
            while (
                "is at http" not in (folder / "log").read_text() and process.poll() is None and time.monotonic() < end
            ):
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(lab_server.SLOW)


def test_the_app_shows_live_panels_and_no_code(page, app):
    elsewhere = []
    page.on(
        "request",
        lambda request: (
            "127.0.0.1" not in request.url
            and not request.url.startswith(("data:", "blob:"))
            and elsewhere.append(request.url)
        ),
    )
    end = time.monotonic() + lab_server.SLOW
    while True:  # it says its address before it answers there
        try:
            page.goto(app)
            break
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
    page.set_default_timeout(1000 * lab_server.SLOW)
    page.get_by_role("button", name="Skip").first.click()
    panel = page.locator(".ll-panel").first
    before = panel.locator(".ll-sentence").inner_text()
    panel.get_by_role("slider", name="leverage").focus()
    page.keyboard.press("ArrowLeft")
    expect(panel.locator(".ll-sentence")).not_to_have_text(before)
    assert page.locator(
        ".cm-editor, .jp-InputArea-editor:visible"
    ).count() == 0 and "from leverage_lab" not in page.inner_text("body")
    page.get_by_role("link", name=re.compile("^Next: ")).click()
    expect(page).to_have_title(re.compile("Why was I closed"))
    page.get_by_role("link", name="All chapters").click()
    expect(page.get_by_role("link")).to_have_count(9)
    assert all("fontawesome" in address for address in elsewhere), elsewhere  # icons that no page of ours shows


def test_on_a_narrow_page_a_circle_stands_beside_its_words_and_no_word_is_torn(browser, lab):
    (lab.folder / "progress.json").write_text(
        '{"version": 1, "exercises": {"1-gone": {"tries": 1, "solved": false}}}', encoding="utf-8"
    )
    page = browser.new_page(viewport={"width": 400, "height": 900})
    lab_server.run_all(page, lab_server.open_notebook(page, lab, START, simple=True))
    labels = page.locator(".ll-options label")
    below = labels.evaluate_all(
        "labels => labels.filter(label => label.querySelector('input').getBoundingClientRect().top - "
        "label.getBoundingClientRect().top > 8).map(label => label.innerText)"
    )
    assert labels.count() == 60 and not below  # twelve questions with four options each and "I don't know yet"
    head = cell(page, "progress()").get_by_role("rowheader", name="predictions made")
    assert 0 < head.bounding_box()["height"] < 40  # one line
    table = cell(page, "progress()").locator(".ll-record")
    expect(table).to_contain_text("1-same-position")  # what is open of chapter 1
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    page.close()
