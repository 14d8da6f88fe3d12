"""The course without a mouse, without eyes, with other eyes: what assistive technology is told,
and the keyboard alone."""

import lab_server
import pytest
from test_jupyterlab import Notebook, numbers

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def start(browser, lab):
    notebook = Notebook(browser, lab, "00-start-here.ipynb").run()
    yield notebook
    notebook.page.close()


def test_a_picture_has_its_sentence_as_alt_text(start):
    panel = start.output("panels.first_touch()").locator(".ll-panel")
    for key in ("Home", "End"):
        panel.get_by_role("slider", name="leverage", exact=True).press(key)
        expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 1x" if key == "Home" else "$10 at 500x")
        assert panel.locator("img").get_attribute("alt") == panel.locator(".ll-sentence").text_content()


def test_the_slider_says_its_value_and_the_sentence_is_read_out_once(start):
    """Ten steps in a row: the slider's value at each, the sentence when they are over."""
    panel = start.output("panels.first_touch()").locator(".ll-panel")
    slider = panel.get_by_role("slider", name="leverage", exact=True)
    slider.press("Home")
    said = panel.locator(".ll-said")
    assert said.get_attribute("role") == "status"
    expect(said).to_contain_text("$10 at 1x")
    said.evaluate(
        "line => { line.heard = []; new MutationObserver(() => line.textContent && "
        "line.heard.push(line.textContent)).observe(line, {childList: true}); }"
    )
    for _ in range(10):
        slider.press("ArrowUp")
        assert (
            slider.get_attribute("aria-valuetext")
            == panel.get_by_role("textbox", name="leverage", exact=True).input_value()
        )
        start.page.wait_for_timeout(50)
    expect(said).to_contain_text("$10 at 12x")  # the eleventh stop
    start.page.wait_for_timeout(1000)
    assert said.evaluate("line => line.heard") == [panel.locator(".ll-sentence").text_content()]


# Of the parts of our outputs: which stand out of their output's right edge, and which pairs of controls overlap.
LAYOUT = """() => {
    const found = [];
    for (const output of document.querySelectorAll('.leverage-lab')) {
        const edge = output.closest('.jp-OutputArea-output').getBoundingClientRect().right + 1;
        const parts = [...output.querySelectorAll('input, select, button, label, img, p')]
            .filter(part => part.checkVisibility() && !part.closest('.ll-said, .ll-choice'));
        const boxes = parts.map(part => part.getBoundingClientRect());
        parts.forEach((part, i) => {
            if (boxes[i].right > edge) found.push(['cut', part.outerHTML.slice(0, 100), boxes[i].right - edge]);
            boxes.slice(0, i).forEach((other, j) => {
                const wide = Math.min(boxes[i].right, other.right) - Math.max(boxes[i].left, other.left);
                const high = Math.min(boxes[i].bottom, other.bottom) - Math.max(boxes[i].top, other.top);
                const apart = !part.contains(parts[j]) && !parts[j].contains(part);
                const both = [part, parts[j]].map(one => one.outerHTML.slice(0, 100));
                if (wide > 1 && high > 1 && apart) found.push(['overlap', ...both]);
            });
        });
    }
    return found;
}"""


@pytest.fixture(scope="module")
def simple(browser, lab):
    """Chapter 1 alone on its page, run, every prediction skipped."""
    notebook = Notebook(browser, lab, "01-leverage-basics.ipynb", simple=True).run()
    lab_server.skip_all(notebook.page, notebook.cells)
    notebook.page.add_style_tag(content=".jp-Cell {content-visibility: visible !important}")
    yield notebook
    notebook.page.close()


@pytest.mark.parametrize("width", [1280, 700, 400])
def test_nothing_is_cut_or_overlaps_at_any_width(simple, width):
    notebook = simple
    notebook.page.set_viewport_size({"width": width, "height": 900})
    panel = notebook.page.locator(".ll-panel").first
    expect(panel.locator("img")).to_be_visible()
    notebook.page.wait_for_timeout(300)  # JupyterLab lays out a resized window a little later
    assert notebook.page.evaluate(LAYOUT) == []
    ranges = panel.locator(".ll-range").evaluate_all("all => all.map(range => range.getBoundingClientRect().width)")
    assert len(ranges) > 1 and max(ranges) - min(ranges) < 1  # Reset beside the last takes nothing from it
    larger, frame = panel.get_by_role("button", name="Larger picture"), panel.locator(".ll-picture")
    expect(larger).to_be_visible(visible=width == 400)
    if width == 400:
        larger.click()
        assert panel.locator("img").bounding_box()["width"] == 640 and frame.evaluate(
            "frame => frame.scrollWidth > frame.clientWidth && frame.tabIndex === 0"
        )
        smaller = panel.get_by_role("button", name="Smaller picture")
        expect(panel).to_contain_text("Scroll the picture sideways")
        smaller.click()
        expect(larger).to_be_visible()
        expect(panel).not_to_contain_text("Scroll the picture sideways")
        assert frame.evaluate("frame => frame.scrollWidth === frame.clientWidth")
    place = (
        "panel => panel.querySelector('.ll-picture').getBoundingClientRect().top - panel.getBoundingClientRect().top"
    )
    box, before = panel.get_by_role("textbox").first, panel.evaluate(place)
    box.fill("abc")
    box.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("got 'abc'")
    assert panel.evaluate(place) == before
    panel.get_by_role("button", name="Reset").click()
    expect(panel.get_by_role("alert")).to_be_empty()
    notebook.page.add_style_tag(content=".jp-Notebook {color: #fff}")  # as in a dark theme
    luminance = """color => color.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0)"""
    for part in notebook.page.locator(".ll-button:visible, .ll-notes:visible").all():
        ink, paper = part.evaluate(
            f"part => [getComputedStyle(part).color, getComputedStyle(part).backgroundColor].map({luminance})"
        )
        assert paper - ink > 0.5, part.evaluate("part => part.outerHTML")


def test_a_dense_screen_gets_a_sharp_picture(browser, lab):
    notebook = Notebook(browser, lab, "00-start-here.ipynb", density=2).run()
    panel = notebook.output("panels.first_touch()").locator(".ll-panel")
    notebook.page.wait_for_function("() => document.querySelector('.ll-panel img').naturalWidth === 1400")
    panel.get_by_role("slider", name="leverage", exact=True).press("Home")
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 1x")
    assert panel.locator("img").evaluate("image => [image.naturalWidth, image.width <= 700]") == [1400, True]
    notebook.page.close()


def tab_to(page, wanted):
    """Press Tab until the focused element matches the selector `wanted`; it must show that it has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    pytest.fail(f"Tab does not lead to {wanted}")


def test_a_panel_a_prediction_and_an_exercise_by_keyboard_alone(browser, lab):
    """From the first cell on: run it, move a slider, guess, solve an exercise. No mouse."""
    notebook = Notebook(browser, lab, "00-start-here.ipynb")
    page, keyboard = notebook.page, notebook.page.keyboard
    page.locator(".jp-Notebook .jp-Cell").first.focus()  # where JupyterLab puts the keyboard
    codes = [i for i, cell in enumerate(notebook.cells) if cell["cell_type"] == "code"]

    def run_until(start):
        """Shift+Enter down to the cell that starts so, and stay on it."""
        goal = next(i for i in codes if "".join(notebook.cells[i]["source"]).startswith(start))
        while (at := selected(page)) < goal:
            keyboard.press("Shift+Enter")
            page.wait_for_function(
                "at => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].findIndex(cell => "
                "cell.matches('.jp-mod-active')) > at",
                arg=at,
            )
        keyboard.press("Control+Enter")
        output = notebook.output(start)
        expect(output.locator(".leverage-lab")).to_have_count(1)
        notebook.settle()
        return output

    panel = run_until("panels.first_touch()")
    tab_to(page, ".ll-range")
    before = panel.locator(".ll-sentence").text_content()
    keyboard.press("ArrowUp")
    expect(panel.locator(".ll-sentence")).not_to_have_text(before)
    tab_to(page, ".ll-how")
    keyboard.press("Enter")
    expect(panel.locator(".ll-computed")).to_contain_text("position = margin × leverage = $12 × 20 = $240")
    keyboard.press("Enter")
    expect(panel.locator(".ll-computed")).to_be_hidden()

    card = run_until('predict("0-guess"')
    tab_to(page, ".leverage-lab input")
    keyboard.type("0.10")
    tab_to(page, ".leverage-lab button")
    keyboard.press("Enter")
    expect(card).to_contain_text("You guessed $0.10; it is $")
    expect(card.locator(".ll-status").first).to_be_focused()  # the button has gone: the keyboard goes to what it said

    card = run_until('check("0-first"')
    margin, leverage, fall = numbers(card)
    tab_to(page, ".leverage-lab input")
    keyboard.type(f"{margin * fall:g}")
    keyboard.press("Enter")
    expect(card).to_contain_text("That is without leverage")
    keyboard.press("ControlOrMeta+A")
    keyboard.type(f"{margin * leverage * fall:g}")
    keyboard.press("Enter")
    expect(card).to_contain_text("Right: ")
    assert notebook.problems == []
    page.close()


def selected(page):
    return page.evaluate(
        "() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].findIndex(cell => "
        "cell.matches('.jp-mod-active'))"
    )
