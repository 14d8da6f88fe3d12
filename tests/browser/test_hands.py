"""Fast hands and slow links: whatever is moved when, the newest value wins,
and no picture stands above another's sentence."""

import json

import lab_server
import nbformat.v4 as nbf
import pytest
from test_jupyterlab import Notebook, enter, typing

from leverage_lab.classroom import panels

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAME = "hands.ipynb"
CELLS = (
    "from leverage_lab.classroom import panels\nready = False",
    "panels.first_touch()",
    "panels.payoff()",
    "import time; time.sleep(4 * ready)\nready = True",  # not when all cells are run
)
SLOW_LINK = """
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
        send(data) { setTimeout(() => super.send(data), 100); }
        get onmessage() { return super.onmessage; }
        set onmessage(hear) { super.onmessage = hear && (event => setTimeout(() => hear.call(this, event), 100)); }
    };
"""
# Whenever a picture is put in: its bytes and the sentence below it.
WATCH = """panel => {
    panel.seen = [];
    const see = async () => {
        const image = panel.querySelector('img'), words = panel.querySelector('.ll-sentence').textContent;
        const bytes = new Uint8Array(await (await fetch(image.src).catch(() => new Response())).arrayBuffer());
        if (bytes.length) panel.seen.push([words, [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')]);
    };
    new MutationObserver(see).observe(panel.querySelector('.ll-picture'), {childList: true});
}"""
# 60 moves of a slider, two in each animation frame, then one to `last`.
DRAG = """([range, last]) => new Promise(done => {
    const put = value => { range.value = value; range.dispatchEvent(new Event('input', {bubbles: true})); };
    let count = 0;
    const step = () => {
        put(count++ % (Number(range.max) + 1));
        put(count++ % (Number(range.max) + 1));
        if (count < 60) return requestAnimationFrame(step);
        put(last);
        done(range.previousSibling.value);
    };
    step();
})"""


@pytest.fixture(scope="module", params=["", SLOW_LINK], ids=["fast link", "200 ms"])
def opened(request, browser, lab):
    """A notebook with two panels and a cell that takes its time."""
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbf.new_code_cell(source) for source in CELLS]
    (lab.folder / "notebooks" / NAME).write_text(
        json.dumps(nbf.new_notebook(cells=cells, metadata=spec)), encoding="utf-8"
    )
    notebook = Notebook(browser, lab, NAME, request.param)
    yield notebook
    notebook.page.close()


@pytest.fixture
def hands(opened):
    """The same, its cells run for this test: panels as they start."""
    opened.run()
    yield opened
    opened.settle()
    problems, opened.problems = opened.problems, []
    assert problems == []


def drag(panel, control, last):
    """Drag to and fro, end at stop `last`; returns what the box says at that moment."""
    range = panel.get_by_role("slider", name=control, exact=True)
    return range.evaluate(f"(range, last) => ({DRAG})([range, last])", last)


def states(recipe):
    """{sentence: picture} at each stop of the panel's last slider, computed here."""
    panel = recipe()
    *_, slider = (control for control in panel.controls.values() if hasattr(control, "stops"))
    return {panel.set(**{slider.name: stop}).sentence: panel.widget.picture.hex() for stop in slider.stops}


def test_two_panels_dragged_at_once(hands):
    first, second = (
        hands.output("panels.first_touch()").locator(".ll-panel"),
        hands.output("panels.payoff()").locator(".ll-panel"),
    )
    for panel in (first, second):
        panel.evaluate(WATCH)
    assert drag(first, "leverage", 3) == "4x"  # the box follows the hand, not the kernel
    drag(second, "price move", 7)
    drag(first, "leverage", 5)
    expect(first.locator(".ll-sentence")).to_contain_text("$10 at 6x")
    move = panels.payoff().controls["move"].stops[7]
    expect(second.locator(".ll-sentence")).to_have_text(panels.payoff(move=move).sentence)
    expect(typing(first, "leverage")).to_have_value("6x")
    for panel, recipe in ((first, panels.first_touch), (second, panels.payoff)):
        right, seen = states(recipe), panel.evaluate("panel => panel.seen")
        assert len(seen) >= 2
        for words, picture in seen:
            assert right[words] == picture, words
        assert panel.locator("img").get_attribute("alt") == panel.locator(".ll-sentence").text_content()


def test_what_was_fetched_ahead_shows_without_the_kernel(hands):
    """With the slider in hand its pictures come by themselves; then, with a busy kernel, it moves all the same."""
    panel = hands.output("panels.first_touch()").locator(".ll-panel")
    right = states(panels.first_touch)
    slider = panel.get_by_role("slider", name="leverage", exact=True)
    slider.focus()
    hands.page.wait_for_timeout(1500)
    hands.settle()
    hands.page.locator(".jp-Notebook .jp-Cell").nth(3).locator(".jp-InputArea-editor").click()
    hands.page.keyboard.press("Shift+Enter")
    panel.evaluate(WATCH)
    for _ in range(3):
        slider.press("ArrowUp")
    seen = panel.locator(".ll-sentence").text_content()
    assert (
        "$10 at 40x" in seen and panel.locator("img").get_attribute("alt") == seen
    )  # three stops above 20x: 25x, 30x, 40x
    hands.page.wait_for_timeout(300)
    assert [words for words, _ in panel.evaluate("panel => panel.seen")][-1] == seen
    for words, picture in panel.evaluate("panel => panel.seen"):
        assert right[words] == picture
    hands.settle()
    typing(panel, "margin").fill("7")
    typing(panel, "margin").press("Enter")
    expect(panel.locator(".ll-sentence")).to_contain_text("$7 at 40x")  # the kernel knows what was moved without it


def test_how_it_is_computed_follows_the_slider(hands):
    """Opened after its pictures were fetched without it, moved while it is open, and copied."""
    panel = hands.output("panels.first_touch()").locator(".ll-panel")
    panel.get_by_role("slider", name="leverage", exact=True).press("ArrowUp")
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 25x")
    how = panel.get_by_role("button", name="How is this computed?")
    region, code = panel.locator(".ll-computed"), panel.locator(".ll-computed code")
    assert how.get_attribute("aria-expanded") == "false" and region.is_hidden()
    how.click()
    expect(code).to_have_text(panels.first_touch(leverage=25).computed.code())
    expect(region).to_be_in_viewport()
    drag(panel, "leverage", 4)
    expect(code).to_have_text(panels.first_touch(leverage=5).computed.code())
    assert region.locator("li").all_text_contents() == list(panels.first_touch(leverage=5).computed.steps)
    panel.get_by_role("slider", name="leverage", exact=True).press("ArrowDown")  # fetched ahead with its steps
    expect(code).to_have_text(panels.first_touch(leverage=4).computed.code())
    hands.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.get_by_role("button", name="Copy", exact=True).click()
    expect(region.get_by_role("status")).to_have_text("Copied: paste it into a cell.")
    assert hands.page.evaluate("() => navigator.clipboard.readText()") == panels.first_touch(leverage=4).computed.code()
    how.click()
    expect(region).to_be_hidden()


def test_typing_while_dragging(hands):
    panel = hands.output("panels.first_touch()").locator(".ll-panel")
    box = typing(panel, "margin")
    box.fill("2")  # not yet entered
    drag(panel, "leverage", 8)
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 9x")
    assert box.input_value() == "2"  # what is half typed is not taken away
    box.press("Enter")
    expect(panel.locator(".ll-sentence")).to_contain_text("$2 at 9x")
    expect(box).to_have_value("$2")


def test_a_busy_kernel_is_said_and_the_newest_value_wins(hands):
    panel = hands.output("panels.first_touch()").locator(".ll-panel")
    waiting = panel.locator(".ll-wait")
    hands.page.locator(".jp-Notebook .jp-Cell").nth(3).locator(".jp-InputArea-editor").click()
    hands.page.keyboard.press("Shift+Enter")
    drag(panel, "leverage", 4)
    drag(panel, "leverage", 9)
    assert typing(panel, "leverage").input_value() == "10x"
    expect(waiting).to_have_text("The kernel is busy: the picture follows when it is done.")
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 10x")
    expect(waiting).to_be_empty()


def test_after_a_restart_a_sentence_says_what_to_do(hands):
    panel = hands.output("panels.first_touch()").locator(".ll-panel")
    hands.page.get_by_role("menuitem", name="Kernel", exact=True).click()
    hands.page.get_by_text("Restart Kernel…", exact=True).click()
    hands.page.locator(".jp-Dialog").get_by_text("Restart", exact=True).click()
    expect(panel.locator(".ll-wait")).to_contain_text("run its cell again")
    drag(panel, "leverage", 4)
    lab_server.run_all(hands.page, hands.cells)
    expect(panel.locator(".ll-wait")).to_be_empty()
    enter(hands.output("panels.first_touch()"), "35")
    expect(panel.locator(".ll-sentence")).to_contain_text("$10 at 35x")
