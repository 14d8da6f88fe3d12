"""Every notebook without a complaint and without a barrier: what axe and a measure of contrast say of our outputs."""

import lab_server
import pytest
from test_jupyterlab import Notebook, complaints

try:
    from axe_playwright_python.base import AXE_SCRIPT
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAMES = sorted(path.name for path in lab_server.NOTEBOOKS.glob("[0-9]*.ipynb"))
AXE = """async () => {
    const found = await axe.run({include: [['.leverage-lab']]}, {resultTypes: ['violations']});
    return [found.passes.length, found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
        .flatMap(one => one.nodes.map(node =>
            `${one.impact} ${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))];
}"""


# Text of ours that has not 4.5:1 against the ground it stands on, 3:1 if it is large. axe leaves out most of it here as
# not to be decided, for an output may lie under something.
WEAK = """() => {
    const rgba = text => [...text.match(/[\\d.]+/g).map(Number), 1].slice(0, 4);
    const over = (top, alpha, below) => below.map((part, i) => alpha * top[i] + (1 - alpha) * part);
    const light = rgb => rgb.map(part => part / 255).map(
        part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const found = [];
    let count = 0;
    for (const part of document.querySelectorAll('.leverage-lab, .leverage-lab *')) {
        const text = [...part.childNodes].map(node => node.nodeType === 3 ? node.data : '').join(' ').trim();
        if (!text || !part.checkVisibility() || part.closest('.ll-said, select, style, script')) continue;
        const line = [];
        for (let up = part; up; up = up.parentElement) line.unshift(getComputedStyle(up));
        let ground = [255, 255, 255], shown = 1;
        for (const style of line) {
            const [r, g, b, alpha] = rgba(style.backgroundColor);
            ground = over([r, g, b], alpha, ground);
            shown *= Number(style.opacity);
        }
        const style = line.at(-1), [r, g, b, alpha] = rgba(style.color);
        const [high, low] = [light(over([r, g, b], alpha * shown, ground)), light(ground)].sort((a, b) => b - a);
        const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        const ratio = (high + 0.05) / (low + 0.05);
        count += 1;
        if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${part.outerHTML.slice(0, 90)}`);
    }
    return [count, [...new Set(found)]];
}"""


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_runs_without_a_complaint_and_without_a_barrier(browser, lab, name):
    """Run All, predictions closed, skipped, and then in the dark: each panel has its picture; no error, traceback or
    money set as a formula; names of controls, contrast, roles and alt texts in all our outputs are as axe wants them.
    """
    notebook = Notebook(browser, lab, name).run()
    notebook.page.add_style_tag(
        content=".jp-Cell {content-visibility: visible !important}"
    )  # axe passes over what is not laid out
    notebook.page.evaluate(AXE_SCRIPT)
    predictions = lab_server.calling(notebook.cells, "predict(")

    def skip(page):
        lab_server.skip_all(page, notebook.cells)

    for prepare in (lambda page: None, skip, explain, lab_server.darken):
        prepare(notebook.page)
        checked, barriers = notebook.page.evaluate(AXE)
        assert checked >= 5 and barriers == []
        texts, weak = notebook.page.evaluate(WEAK)
        assert texts >= 20 and weak == []
    lab_server.lighten(notebook.page)
    assert (
        notebook.page.locator(".jp-Notebook .ll-panel img").count()
        >= predictions
        >= {NAMES[0]: 1, NAMES[-1]: 0}.get(name, 4)
    )
    notebook.page.wait_for_function(
        "() => [...document.querySelectorAll('.ll-panel img')].every(image => image.naturalWidth > 0)"
    )
    assert complaints(notebook) == []
    notebook.page.close()


def explain(page):
    """Open how each panel's number is computed."""
    for button in page.get_by_role("button", name="How is this computed?").all():
        button.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.ll-computed code')].every(code => code.textContent.length > 10)"
    )
