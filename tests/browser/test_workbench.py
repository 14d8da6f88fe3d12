"""The workbench in JupyterLab: by keyboard alone, on a laptop and a narrow page, light and dark, without a barrier."""

import re
import shutil

import lab_server
import pytest
from test_barriers import AXE
from test_everyone import tab_to
from test_jupyterlab import Notebook, complaints

try:
    from axe_playwright_python.base import AXE_SCRIPT
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAME = "your-position.ipynb"


@pytest.fixture(scope="module")
def notebook(browser, lab):
    made = Notebook(browser, lab, NAME).run()
    made.page.set_viewport_size({"width": 1366, "height": 768})
    made.page.add_style_tag(content=".jp-Cell {content-visibility: visible !important}")
    yield made
    assert complaints(made) == []
    made.page.close()


@pytest.fixture
def bench(notebook):
    card = notebook.output("workbench()").locator(".ll-bench")
    card.get_by_role("button", name="Reset").click()
    notebook.settle()
    expect(card.get_by_label("leverage", exact=True)).to_have_value("20x")
    return card


# First, for while a kernel starts, Jupyter's list of kernels fails now and then, and an open page asks for it.
def test_nothing_goes_over_the_edge_of_a_narrow_page(browser, lab):
    folder = lab.folder / "notebooks"
    shutil.copy(folder / NAME, folder / "narrow.ipynb")  # the same one would share its kernel, and its card
    narrow = Notebook(browser, lab, "narrow.ipynb", width=400, simple=True).run()
    card = narrow.output("workbench()").locator(".ll-bench")
    card.get_by_role("button", name="Other rules").click()
    expect(card.get_by_label("taker fee", exact=True)).to_be_visible()
    over = """card => [...card.querySelectorAll("*")].filter((part) => !part.closest("[hidden], details")
        && part.getBoundingClientRect().right > card.getBoundingClientRect().right + 1).map((part) => part.outerHTML)"""
    assert card.bounding_box()["width"] > 250 and card.evaluate(over) == []
    narrow.page.close()


def row(bench, name):
    return bench.locator("tr").filter(has=bench.page.get_by_role("rowheader", name=name, exact=True))


def test_by_keyboard_alone(notebook, bench):
    """Another exchange by arrow key, another leverage with Enter, a derivation opened: the focus stays where it was."""
    page, keyboard = notebook.page, notebook.page.keyboard
    bench.get_by_label("exchange", exact=True).focus()
    keyboard.press("ArrowDown")  # the one after Binance
    expect(bench.locator("img")).to_have_attribute("alt", re.compile("OKX, BTC-USDT-SWAP"))
    expect(bench.get_by_label("exchange", exact=True)).to_be_focused()
    tab_to(page, "input[placeholder='20x']")
    keyboard.press("ControlOrMeta+A")
    keyboard.type("50")
    keyboard.press("Enter")
    expect(row(bench, "margin").locator("summary")).to_contain_text("(50x)")
    expect(bench.get_by_label("leverage", exact=True)).to_be_focused()
    tab_to(page, "summary")
    keyboard.press("Enter")
    expect(row(bench, "position value").locator("details")).to_have_attribute("open", "")
    bench.get_by_label("leverage", exact=True).fill("40")
    bench.get_by_label("leverage", exact=True).press("Enter")
    expect(row(bench, "margin").locator("summary")).to_contain_text("(40x)")
    assert row(bench, "position value").locator("details").evaluate("one => one.open")  # and stays open


def test_what_is_refused_stays(notebook, bench):
    box, alt = bench.get_by_label("leverage", exact=True), bench.locator("img").get_attribute("alt")
    box.fill("0.5")
    box.press("Enter")
    expect(bench.get_by_role("status").first).to_contain_text("Leverage must be at least 1, got 0.5.")
    expect(box).to_have_value("0.5")
    assert bench.locator("img").get_attribute("alt") == alt
    box.fill("20")
    box.press("Enter")
    expect(bench.get_by_role("status").first).to_be_empty()


def test_it_fits_a_laptop(notebook, bench):
    """1366 × 768 with the list of files open: form, picture and sentence are seen together, the other rules too."""
    room = notebook.page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
    form = bench.locator("> .ll-row")
    assert form.bounding_box()["height"] < room
    bench.get_by_role("button", name="Other rules").click()
    expect(bench.get_by_label("taker fee", exact=True)).to_be_visible()
    assert form.bounding_box()["height"] < room


def test_no_barrier_light_and_dark(notebook, bench):
    """All rules shown, a derivation open, a sentence refused: names, contrast and roles are as axe wants them."""
    page = notebook.page
    bench.get_by_role("button", name="Other rules").click()
    bench.get_by_label("margin mode", exact=True).select_option("cross")  # refused: no wallet yet
    expect(bench.get_by_role("status").first).to_contain_text("Wallet must be given")
    for summary in bench.locator("summary").all():
        summary.click()
    page.evaluate(AXE_SCRIPT)
    for theme in (lab_server.lighten, lab_server.darken, lab_server.lighten):
        theme(page)
        checked, barriers = page.evaluate(AXE)
        assert checked >= 5 and barriers == []
