"""The most common laptop screen, 1366 × 768, with the list of files open: a panel is seen whole, sentence included."""

from pathlib import Path

import lab_server
import nbformat
import pytest

from leverage_lab.classroom import panels

pytestmark = pytest.mark.browser

HEIGHTS = """() => [...document.querySelectorAll(".ll-panel")].map((panel) => [
    Math.round(panel.getBoundingClientRect().height), panel.querySelector(".ll-sentence").textContent.length])"""


def test_every_panel_fits(browser, tmp_path):
    lab_server.prepare(tmp_path)
    sources = ["from leverage_lab.classroom import panels", *(f"panels.{name}()" for name in panels.ALL)]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, Path(tmp_path) / "notebooks" / "all.ipynb")
    with lab_server.serving(tmp_path) as lab:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        lab_server.run_all(page, lab_server.open_notebook(page, lab, "all.ipynb"))
        page.locator(".jp-DirListing").first.wait_for()
        page.add_style_tag(content=".jp-Cell {content-visibility: visible !important}")
        page.wait_for_function(f"() => document.querySelectorAll('.ll-panel img').length === {len(panels.ALL)}")
        room = page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
        seen = dict(zip(panels.ALL, page.evaluate(HEIGHTS)))
        assert all(said > 40 for _, said in seen.values())
        assert {name: height for name, (height, _) in seen.items() if height > room} == {}
        page.close()
