"""When figures are from, as a learner sees it: below panels and tables, moving with them, readable and quiet."""

import pytest
from test_jupyterlab import Notebook
from test_present import HEIGHT, WIDTH, fits, run, start

from leverage_lab import data, dates
from leverage_lab.classroom import panels

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

TODAY = "2031-05-05"  # all is old
CELLS = (
    (
        f'import os\nos.environ["LEVERAGE_LAB_TODAY"] = "{TODAY}"\nfrom leverage_lab import data\nfrom '
        "leverage_lab.classroom import panels, present"
    ),
    "present()",
    "panels.maxima()",
    "panels.ends()",
    "panels.payoff()",
    'data.load("fees").head(3)[["exchange", "taker", "as_of"]]',
)
# How dark a text is against the page, by WCAG's formula; the page is white.
CONTRAST = """line => {
    const found = /rgba?\\((\\d+), (\\d+), (\\d+)(?:, ([\\d.]+))?\\)/.exec(getComputedStyle(line).color);
    const part = found.slice(1).map(x => x === undefined ? 1 : Number(x));
    const cover = part[3] * Number(getComputedStyle(line).opacity);
    const [r, g, b] = part.slice(0, 3).map(x => (x * cover + 255 * (1 - cover)) / 255)
        .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}"""


@pytest.fixture(scope="module")
def shown(browser, lab):
    notebook = run(browser, lab, sources=CELLS)
    yield notebook
    notebook.settle()
    problems = notebook.problems
    notebook.page.close()
    assert problems == []


def test_the_line_goes_with_the_picture(shown):
    """Asked for one at a time, and taken from what was fetched ahead: each month has its own line."""
    panel = shown.output("panels.maxima()").locator(".ll-panel")
    line, age = panel.locator(".ll-dates p").all()
    slider = panel.get_by_role("slider", name="month", exact=True)
    month = panels.maxima().values["month"]
    expect(line).to_have_text(panels.maxima().result.dates.line())
    seen = set()
    for _ in range(25):
        slider.press("ArrowLeft")
        month -= 1
        expect(panel.locator(".ll-sentence")).to_have_text(panels.maxima(month=month).sentence)
        said = panels.maxima(month=month).result.dates
        assert line.text_content() == said.line() and age.text_content() == said.age(dates.last_day(TODAY))
        seen.add(said.line())
    assert len(seen) > 3
    slider.press("Home")  # no dated source of any of them, so nothing to date
    expect(panel.locator(".ll-sentence")).to_contain_text("none of these 8")
    assert line.text_content() == age.text_content() == "" and line.bounding_box()["height"] == 0


def test_it_can_be_read_and_is_not_read_out_by_itself(shown):
    panel = shown.output("panels.ends()").locator(".ll-panel")
    for line in panel.locator(".ll-dates p").all():
        assert (
            line.text_content()
            and line.evaluate(CONTRAST) >= 4.5
            and line.evaluate("line => parseFloat(getComputedStyle(line).fontSize)") >= 12
        )
        assert line.evaluate("line => line.closest('[role=status], [role=alert], [aria-live]')") is None
        assert line.evaluate("line => getComputedStyle(line).color") == panel.locator(".ll-sentence").evaluate(
            "line => getComputedStyle(line).color"
        )  # no alarm
    panel.get_by_role("slider", name="leverage", exact=True).press("ArrowRight")
    expect(panel.locator(".ll-said")).to_contain_text("liquidation comes between")
    assert "Figures: " not in panel.locator(".ll-said").text_content()


def test_a_formula_has_no_line(shown):
    for line in shown.output("panels.payoff()").locator(".ll-dates p").all():
        assert line.text_content() == "" and line.bounding_box()["height"] == 0


def test_a_table_has_its_line_and_its_age(shown):
    output = shown.output("data.load(")
    expect(output).to_contain_text(dates.of(data.load("fees").as_of.head(3), what="Fees").line())
    expect(output.locator(".ll-age")).to_contain_text("days ago")


def test_on_a_projector_there_is_room_for_it(shown):
    page = shown.page
    screen = start(page)
    page.get_by_role("button", name="Next", exact=True).click()
    assert fits(page, screen)
    for line in screen.locator(".ll-dates p").all():
        box = line.bounding_box()
        assert line.text_content() and 0 < box["y"] and box["y"] + box["height"] <= HEIGHT and box["width"] <= WIDTH
    page.get_by_role("button", name="End", exact=True).click()
    expect(screen).to_have_count(0)


def test_stored_the_line_is_there_before_anything_is_run(browser, lab):
    notebook = Notebook(browser, lab, "05-exchange-comparison.ipynb")
    stored = notebook.output('predict("5-list"')
    expect(stored).to_contain_text(panels.maxima(month=94).result.dates.line())
    assert "days old" not in stored.text_content()
    notebook.page.close()
