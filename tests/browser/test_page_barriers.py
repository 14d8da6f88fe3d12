"""Pages that we make outside JupyterLab, as axe sees them: slides, the app's front page, a class's report. The app's
chapters show the panels that test_barriers.py looks at."""

import app
import pytest
import slides
from test_report import write

from leverage_lab.classroom import report

try:
    from axe_playwright_python.base import AXE_SCRIPT
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

# Of all impacts, unlike in JupyterLab's pages: these are wholly ours. The first slide alone has the deck's heading.
AXE = """async () => {
    const rules = {'page-has-heading-one': {enabled: !document.querySelector('.slide')}};
    const found = await axe.run(document, {resultTypes: ['violations'], rules});
    return [found.passes.length, found.violations.flatMap(one => one.nodes.map(node =>
        `${one.impact} ${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))];
}"""


def barriers(page, file):
    page.goto(file.as_uri())
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(AXE)


@pytest.mark.parametrize("name", [path.stem for path in slides.chapters()])
def test_a_deck_has_no_barrier(page, tmp_path, name):
    """On each kind of slide: first, one in the middle with its calculation open, last."""
    file = tmp_path / "deck.html"
    file.write_text(slides.deck(next(path for path in slides.chapters() if path.stem == name)), encoding="utf-8")
    assert barriers(page, file)[1] == []
    for key in ("PageDown",) * 3 + ("End",):
        page.keyboard.press(key)
        if page.locator(".slide.now summary").count():
            page.locator(".slide.now summary").first.click()
        checked, found = page.evaluate(AXE)
        assert checked >= 5 and found == []


def test_the_apps_front_page_has_no_barrier(page, tmp_path):
    (tmp_path / "front.html").write_text(app.front(None), encoding="utf-8")
    checked, found = barriers(page, tmp_path / "front.html")
    assert checked >= 5 and found == []


def test_a_classs_report_has_no_barrier(page, tmp_path):
    assert report.main([str(write(tmp_path / "class")), "--out", str(tmp_path / "report.html")]) == 0
    checked, found = barriers(page, tmp_path / "report.html")
    assert checked >= 5 and found == []
