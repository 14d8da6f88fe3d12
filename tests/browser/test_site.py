"""The course in a browser alone: the built site with its own Python in Chromium, nothing else within reach.

As long as the package index lacks what is compiled for Pyodide (numpy, pandas, matplotlib …), it can be had from
Pyodide's own network only. So the panels cannot run here; what runs without them is run, and nothing but them may be
asked for.
Tables and panels are tested with their versions by `make test-site`.
"""

import json
import os
import re

import pytest
import site_server
from site_server import outputs, pyodide_runtime, run_all, run_cell, started

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(browser, tmp_path_factory):
    try:
        with site_server.running(tmp_path_factory.mktemp("site")) as site:
            yield site
    except pyodide_runtime.NoRuntime as missing:
        if os.environ.get("LEVERAGE_LAB_BROWSER") == "required":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


def test_the_runtime_is_the_one_the_test_environment_imitates(site):
    """requirements-site.txt has the versions of this Pyodide, and this Pyodide is the one the published site asks
    for."""
    schema = site.folder / "extensions/@jupyterlite/pyodide-kernel-extension/static/schema/kernel.v0.schema.json"
    assert json.loads(schema.read_text())["properties"]["pyodideUrl"]["default"] == site_server.cdn() + "pyodide.mjs"
    lock = json.loads((site.folder / "static" / "pyodide" / "pyodide-lock.json").read_text())
    has = {pyodide_runtime.normal(name): package for name, package in lock["packages"].items()}
    assert lock["info"]["python"].startswith("3.14.")
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", pyodide_runtime.PINS.read_text(encoding="utf-8"), flags=re.M))
    of_its_own = pins.keys() - (set(pyodide_runtime.COMPILED) - site.missing)  # not from the package index
    assert {name: pins[name] for name in of_its_own} == {name: has[name]["version"] for name in of_its_own}
    assert lock["info"]["abi_version"] in pyodide_runtime.PLATFORM
    course = pyodide_runtime.closure(has, ["numpy", "pandas", "matplotlib"])
    ours = set(re.findall(r"^([\w.-]+)==", (site_server.ROOT / "requirements.txt").read_text(), flags=re.M))
    assert course & ours <= set(pins)


@pytest.fixture(scope="module")
def scratch(site, browser):
    """A page with a notebook of what needs no compiled package, run; what it asked for outside;
    what went wrong in it."""
    heard, problems = [], []
    page = site.page(browser, heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(site.notebook("scratch.ipynb"))
    started(page)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
    run_all(page)
    expect(outputs(page).filter(has_text="in the file")).to_be_visible()
    return page, heard, problems


def test_our_front_ends_work_with_nothing_outside(site, scratch):
    page, heard, problems = scratch
    page.locator(".widget-slider .noUi-handle").press("ArrowRight")
    expect(outputs(page).filter(has_text="the kernel has 21")).to_be_visible()

    page.get_by_role("textbox", name="a guess").fill("42")
    page.get_by_role("button", name="Lock in").click()
    expect(outputs(page).get_by_role("status").filter(has_text="you typed 42")).to_be_visible()

    panel = outputs(page).locator(".ll-panel")
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 1x moves $10.")
    panel.get_by_role("slider", name="leverage").press("End")
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 500x moves $5,000.")
    assert not heard and not site.elsewhere and not problems


def test_progress_outlives_the_kernel_and_the_page(site, scratch):
    """It lies in the browser's own storage, as a file beside the notebooks."""
    page, *_ = scratch
    expect(outputs(page).filter(has_text="stored: 3")).to_be_visible()
    for again in ("kernel", "page"):
        if again == "kernel":
            page.get_by_role("menuitem", name="Kernel", exact=True).click()
            page.get_by_role("menuitem", name="Restart Kernel and Clear Outputs of All Cells…").click()
            page.get_by_role("button", name="Confirm Kernel Restart").click()
        else:
            page = page.context.new_page()
            page.goto(site.notebook("scratch.ipynb"))
        started(page)
        expect(outputs(page)).to_have_count(0)
        run_cell(page, page.locator(".jp-Notebook .jp-Cell").count() - 1)
        expect(outputs(page).filter(has_text=re.compile(r'in the file: .*"0-guess": 3', re.S))).to_be_visible()


def test_the_course_asks_for_nothing_but_what_pyodide_alone_has(site, browser):
    """From the front door: chapter 0 opens, and installing the package misses exactly the compiled packages."""
    heard = []
    page = site.page(browser, heard)
    page.goto(site.url)
    expect(page).to_have_title("The book")
    page.get_by_role("link", name="Run").click()
    started(page)
    expect(page.locator(".jp-mod-current", has_text="00-start-here.ipynb")).to_be_visible()
    cells = json.loads((site.folder / "files" / "00-start-here.ipynb").read_text(encoding="utf-8"))["cells"]
    run_cell(page, next(index for index, cell in enumerate(cells) if "%pip" in cell["source"]))
    names = {pyodide_runtime.normal(url.rpartition("/")[2].split("-")[0]) for url in heard}
    assert names == site.missing and site.missing in (set(pyodide_runtime.COMPILED), set())
    assert all(url.startswith(site_server.cdn()) for url in heard)
    assert all("cdn.jsdelivr.net" in line for line in site.elsewhere)


def test_the_book_leads_to_a_notebook_of_the_newest_version(site, browser):
    page = site.page(browser, [])
    page.goto(site.url)
    page.get_by_role("link", name="Fees").click()
    page.wait_for_url(f"**/{site.folder.parent.name}/{site.folder.name}/lab/index.html?path=04-fees.ipynb")
    expect(page.locator(".jp-mod-current", has_text="04-fees.ipynb")).to_be_visible()
