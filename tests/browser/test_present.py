"""For the projector: one panel a screen, as large as the window, live; and afterwards the page is as it was."""

import json

import lab_server
import nbformat.v4 as nbf
import pytest
from test_jupyterlab import Notebook

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAME = "present.ipynb"
WIDTH, HEIGHT = 1280, 720
CELLS = (
    "from leverage_lab.classroom import panels, predict\nfrom leverage_lab.classroom.present import present",
    "present()",
    "panels.first_touch()",
    'predict("2-twenty", panels.closed_early(maintenance="on", move=-0.03))',
    "panels.payoff()",
)
REFUSED = "Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('not allowed'));"  # as in a frame
# Where everything stands, and what is changed on elements: to be the same afterwards.
STATE = """() => [
    ...[...document.querySelectorAll('.jp-Cell, .leverage-lab, .ll-picture')].map(part => {
        const box = part.getBoundingClientRect();
        const place = [box.x, box.y, box.width, box.height].map(Math.round);
        return [part.className, part.getAttribute('popover'), part.parentElement.style.minHeight, ...place].join();
    }),
    document.body.children.length, document.fullscreenElement,
]"""


def cells(sources):
    between = "words " * 150  # so that not all panels are in the window
    return [cell for source in sources for cell in (nbf.new_code_cell(source), nbf.new_markdown_cell(between))]


def run(browser, lab, script="", sources=CELLS):
    book = nbf.new_notebook(
        cells=cells(sources), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    (lab.folder / "notebooks" / NAME).write_text(json.dumps(book), encoding="utf-8")
    notebook = Notebook(browser, lab, NAME, script)
    notebook.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    return notebook.run()


@pytest.fixture(params=["", REFUSED], ids=["full screen", "in the window"])
def presented(request, browser, lab):
    """A notebook with two panels and a prediction, run, the presentation not yet started."""
    notebook = run(browser, lab, request.param)
    notebook.full = not request.param
    yield notebook
    notebook.settle()
    problems = notebook.problems
    notebook.page.close()
    assert problems == []


def start(page):
    page.get_by_role("button", name="Start the presentation").click()
    screen = page.locator(".ll-screen")
    expect(screen).to_have_count(1)
    return screen


def test_two_panels_one_after_the_other_live_and_then_all_is_as_before(presented):
    page = presented.page
    expect(page.get_by_role("button", name="Start the presentation")).to_be_visible()
    page.get_by_role("button", name="Start the presentation").focus()
    page.wait_for_timeout(500)
    before = page.evaluate(STATE)
    screen = start(page)
    place = page.locator(".ll-bar span")
    expect(place).to_have_text("1 of 3")
    assert page.evaluate("() => document.fullscreenElement !== null") == presented.full
    sentence, slider = screen.locator(".ll-sentence"), screen.get_by_role("slider", name="leverage", exact=True)
    assert fits(page, screen)

    slider.focus()
    slider.press("Home")
    expect(sentence).to_contain_text("$10 at 1x")
    for key, words in (("ArrowRight", "$10 at 2x"), ("ArrowLeft", "$10 at 1x"), ("PageUp", "$10 at ")):
        slider.press(key)  # a slider's own
        expect(sentence).to_contain_text(words)
        expect(place).to_have_text("1 of 3")
    slider.press("End")
    expect(sentence).to_contain_text("$10 at 500x")

    page.get_by_role("button", name="Next", exact=True).click()
    expect(place).to_have_text("2 of 3")
    expect(screen).to_contain_text("A 20x long from $100,000.")
    expect(screen.locator("img")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text("3 of 3")
    page.keyboard.press("PageDown")  # there is no fourth
    expect(place).to_have_text("3 of 3")
    assert fits(page, screen)
    screen.get_by_role("slider", name="price move", exact=True).press("Home")
    expect(sentence).to_contain_text("falls")
    page.get_by_role("button", name="Back", exact=True).click()
    page.keyboard.press("PageUp")
    expect(place).to_have_text("1 of 3")
    expect(sentence).to_contain_text("$10 at 500x")  # what was moved has stayed

    screen.get_by_role("slider", name="leverage", exact=True).focus()
    page.keyboard.press("Escape")
    expect(screen).to_have_count(0)
    panel = presented.output("panels.first_touch()").locator(".ll-panel")
    panel.get_by_role("button", name="Reset").click()
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 20x")
    other = presented.output("panels.payoff()").locator(".ll-panel")
    other.get_by_role("button", name="Reset").click()
    presented.settle()
    page.get_by_role("button", name="Start the presentation").focus()
    page.wait_for_function("() => document.querySelector('.ll-panel img')?.naturalWidth === 700")
    page.wait_for_timeout(500)
    assert page.evaluate(STATE) == before


def fits(page, screen):
    """The picture has 80 % of the window's width or height and twice its pixels, the sentence 24 px and more;
    nothing is cut off."""
    page.wait_for_function("() => document.querySelector('.ll-screen .ll-picture img')?.naturalWidth === 1400")
    width, height, font, bottom, over = screen.evaluate("""screen => {
            const box = screen.querySelector('.ll-picture img').getBoundingClientRect();
            const words = screen.querySelector('.ll-sentence'), bottom = words.getBoundingClientRect().bottom;
            const size = parseFloat(getComputedStyle(words).fontSize);
            return [box.width, box.height, size, bottom, screen.scrollHeight - screen.clientHeight];
        }""")
    box = screen.bounding_box()
    return (
        (width >= 0.8 * WIDTH or height >= 0.8 * HEIGHT)
        and font >= 24
        and bottom <= HEIGHT
        and over <= 0
        and box == {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT}
    )


def test_a_prediction_opens_in_the_presentation(browser, lab):
    notebook = run(browser, lab, REFUSED)
    page = notebook.page
    screen = start(page)
    page.keyboard.press("ArrowRight")
    assert screen.locator(".ll-line").first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)") >= 24
    screen.get_by_label("my guess").fill("5")
    screen.get_by_role("button", name="Lock in my guess").click()
    expect(screen).to_contain_text("You guessed 5")
    assert fits(page, screen)
    page.get_by_role("button", name="End", exact=True).click()
    expect(screen).to_have_count(0)
    expect(notebook.output("predict(").locator("img")).to_be_visible()

    start(page)  # before the room: it begins closed again
    page.keyboard.press("ArrowRight")
    expect(screen).to_contain_text("The picture opens when you have guessed.")
    expect(screen.locator("img")).to_have_count(0)
    screen.get_by_role("button", name="Skip").click()
    expect(screen.locator(".ll-status")).to_contain_text("The answer: ")
    assert fits(page, screen)
    page.get_by_role("button", name="End", exact=True).click()
    assert notebook.problems == []
    page.close()


BOXES = """screen => [".ll-picture img", ".ll-hands", ".ll-sentence"]
    .map(part => screen.querySelector(part).getBoundingClientRect().toJSON())"""


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1366, 768)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_sentence_is_on_the_screen_of_any_projector(size, browser, lab):
    """With the longest sentences, questions and most controls there are; nothing lies on anything else."""
    many = (
        'predict("4-spread-way", panels.way_to_pay(leverage=500))',
        'predict("7-first", panels.before_stop())',
        'predict("6-many", panels.many())',
        "panels.funding_rule(premium=0.005)",
    )
    notebook = run(browser, lab, REFUSED, sources=(*CELLS[:2], *many))
    page = notebook.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    lab_server.skip_all(page, notebook.cells)
    screen = start(page)
    for number in range(1, len(many) + 1):
        expect(page.locator(".ll-bar span")).to_have_text(f"{number} of {len(many)}")
        if many[number - 1].startswith("predict"):  # a presentation begins with the question again
            screen.get_by_role("button", name="Skip", exact=True).click()
        page.wait_for_function("() => document.querySelector('.ll-screen .ll-picture img')?.naturalWidth === 1400")
        picture, hands, sentence = screen.evaluate(BOXES)  # at one moment: a sharper picture may still take its place
        assert min(picture["height"], hands["height"], sentence["height"]) > 0
        assert (
            sentence["y"] + sentence["height"] <= size[1]
            and screen.evaluate("screen => screen.scrollHeight - screen.clientHeight") <= 0
        )
        assert max(picture["y"] + picture["height"], hands["y"] + hands["height"]) <= sentence["y"] + 1
        assert picture["width"] >= 0.6 * size[0] and picture["height"] >= 0.45 * size[1]
        page.keyboard.press("PageDown")
    notebook.page.close()


def test_without_a_panel_it_says_what_to_do(browser, lab):
    notebook = run(browser, lab, sources=CELLS[:2])
    notebook.page.get_by_role("button", name="Start the presentation").click()
    expect(notebook.output("present()")).to_contain_text(
        "There is no live panel on this page yet: choose Run → Run All Cells first."
    )
    expect(notebook.page.locator(".ll-screen")).to_have_count(0)
    notebook.page.close()
