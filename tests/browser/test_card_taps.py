"""Cards and hands of all kinds: no tap is lost, nothing is counted twice, nothing typed goes,
whatever link and kernel do."""

import json
from urllib.request import Request, urlopen

import lab_server
import nbformat.v4 as nbf
import pytest
from soak import SOAK
from test_hands import SLOW_LINK
from test_jupyterlab import Notebook

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAME = "taps.ipynb"
CELLS = (
    "from leverage_lab.classroom import check, inventory, panels, predict, progress\nready = False",
    'predict("1-tenth", panels.bought())',
    'check("1-gone")',
    "import time; time.sleep(4 * ready)\nready = True",  # not when all cells are run
    "progress()",
    'inventory("before")',
)
# While `window.cut` is set, nothing that the page sends or gets arrives, and neither side is told.
CUT = """
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
        send(data) { window.cut === 'out' || super.send(data); }
        get onmessage() { return super.onmessage; }
        set onmessage(hear) { super.onmessage = hear && (event => window.cut || hear.call(this, event)); }
    };
"""


def open_cards(browser, lab, script=""):
    (lab.folder / "progress.json").unlink(missing_ok=True)
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbf.new_code_cell(source) for source in CELLS]
    (lab.folder / "notebooks" / NAME).write_text(
        json.dumps(nbf.new_notebook(cells=cells, metadata=spec)), encoding="utf-8"
    )
    return Notebook(browser, lab, NAME, script)


@pytest.fixture
def cards(request, browser, lab):
    """A prediction, an exercise, a cell that takes its time, and the table of progress, run."""
    notebook = open_cards(browser, lab, getattr(request, "param", "")).run()
    yield notebook
    notebook.settle()
    problems = notebook.problems
    notebook.page.close()
    assert problems == []


def stored(lab, section, key):
    return json.loads((lab.folder / "progress.json").read_text(encoding="utf-8")).get(section, {}).get(key)


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def tap(card, label, text, button):
    """Type, and at once a press of 0 ms, as a tap may be."""
    box, button = card.get_by_label(label), card.get_by_role("button", name=button, exact=True)
    box.fill(text)
    place = button.bounding_box()
    card.page.mouse.move(place["x"] + 20, place["y"] + 8)
    card.page.mouse.down()
    card.page.mouse.up()


def busy(notebook):
    """Let the kernel sleep for four seconds."""
    notebook.page.locator(".jp-Notebook .jp-Cell").nth(3).locator(".jp-InputArea-editor").click()
    notebook.page.keyboard.press("Shift+Enter")


def restart(page):
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.locator(".jp-Dialog").get_by_text("Restart", exact=True).click()


@pytest.mark.parametrize("cards", ["", SLOW_LINK], ids=["fast link", "200 ms"], indirect=True)
def test_taps_right_after_typing_and_none_is_lost(cards, lab):
    """Refused texts first: each is answered for itself, not for the one before."""
    card = cards.output("predict(")
    card.scroll_into_view_if_needed()
    for number in range(100 if SOAK else 25):
        tap(card, "my guess", f"x{number:03}", "Lock in my guess")
        expect(card.locator(".ll-status")).to_contain_text(f"x{number:03}", timeout=10_000)
    for guess in (0.1, 10, 20):
        tap(card, "my guess", f"{guess:g} %", "Lock in my guess")
        expect(card.locator(".ll-status")).to_contain_text(f"You guessed {guess:g}\u00a0%")
        assert stored(lab, "predictions", "1-tenth") == pytest.approx(guess / 100)
        press(card, "Ask again")
        expect(card.get_by_label("my guess")).to_be_focused()
        expect(card.get_by_label("my guess")).to_have_value("")


def test_enter_locks_in_and_is_heard_again(cards, lab):
    card, box = cards.output("predict("), cards.output("predict(").get_by_label("my guess")
    box.fill("soon")
    box.press("Enter")
    expect(card).to_contain_text("you typed “soon”")
    expect(box).to_have_value("soon")
    box.fill("20")
    box.press("Enter")
    expect(card.locator(".ll-status")).to_contain_text("You guessed 20\u00a0%")
    expect(card.locator(".ll-status")).to_be_focused()
    card = cards.output("check(")
    box = card.get_by_label("answer")
    box.fill("25 %")
    for _ in range(2):
        box.press("Enter")
        expect(card).to_contain_text("✗ Not yet. You answered 25\u00a0%. You used the leverage as the percentage.")
        press(card, "Hint")
        expect(card).to_contain_text("Hint ")
        expect(card).to_contain_text("✗ Not yet. You answered 25\u00a0%.")
    expect(cards.output("progress()").get_by_role("row").filter(has_text="predictions made")).to_contain_text("1")
    cards.settle()
    assert stored(lab, "exercises", "1-gone") == {"tries": 1, "solved": False}


@pytest.mark.parametrize("cards", [CUT], ids=[""], indirect=True)
@pytest.mark.parametrize("way", ["out", "in"])
def test_what_is_lost_on_a_link_that_was_cut_is_asked_again_and_counts_once(cards, lab, way):
    """out: the question is lost; in: its answer."""
    card, page = cards.output("check("), cards.page
    page.evaluate("way => { window.cut = way; }", way)
    tap(card, "answer", "25 %", "Check")
    expect(card.locator(".ll-wait")).to_contain_text("The kernel is busy")
    page.evaluate("() => { window.cut = ''; }")
    expect(card).to_contain_text("✗ Not yet. You answered 25\u00a0%.")
    expect(card.locator(".ll-wait")).to_be_empty()
    page.wait_for_timeout(2500)  # nothing comes after
    assert stored(lab, "exercises", "1-gone") == {"tries": 1, "solved": False}


def test_a_busy_kernel_is_said_and_hears_each_tap_once(cards, lab):
    card = cards.output("check(")
    busy(cards)
    for _ in range(3):
        tap(card, "answer", "25 %", "Check")  # impatient
    tap(card, "answer", "4 %", "Check")
    card.get_by_label("answer").fill("4.1 %")  # not entered
    expect(card.locator(".ll-wait")).to_have_text("The kernel is busy: it will answer when it is done.")
    expect(card).to_contain_text("✓ Right: 4\u00a0%.")
    expect(card.locator(".ll-wait")).to_be_empty()
    expect(card.get_by_label("answer")).to_have_value("4.1 %")  # what was typed meanwhile is not taken away
    assert stored(lab, "exercises", "1-gone") == {"tries": 2, "solved": True}


def test_after_a_restart_what_was_typed_and_solved_and_drawn_is_there(cards, lab):
    card, page = cards.output("check("), cards.page
    press(card, "New numbers")
    expect(card).to_contain_text("New numbers, same question.")
    asked = card.locator(".ll-line").first.text_content()
    press(card, "Worked solution")
    solution = card.locator(".ll-line").last.locator("b").last
    card.get_by_label("answer").fill(solution.text_content())
    card.get_by_label("answer").press("Enter")
    expect(card).to_contain_text("✓ Right: ")
    cards.output("predict(").get_by_label("my guess").fill("0.3 %")
    card.get_by_label("answer").fill("77 %")
    restart(page)
    expect(card.locator(".ll-wait")).to_contain_text(
        "The kernel was restarted, and this card belongs to the old one: run its cell again"
    )
    expect(card.get_by_text("✓ Right: ")).to_be_hidden()  # it was about another answer
    press(card, "Check")
    expect(card.locator(".ll-wait")).to_contain_text("run its cell again")
    questions = cards.output("inventory(")
    questions.get_by_label("$2.50", exact=True).click()
    expect(questions.locator(".ll-wait")).to_contain_text("run its cell again")
    expect(questions.get_by_role("radio", checked=True)).to_have_count(0)  # none stands as if it had been stored
    lab_server.run_all(page, cards.cells)
    expect(card).to_contain_text("✓ Solved before. Answer again if you like, or draw new numbers.")
    assert card.locator(".ll-line").first.text_content() == asked
    expect(card.get_by_label("answer")).to_have_value("77 %")
    expect(cards.output("predict(").get_by_label("my guess")).to_have_value("0.3 %")
    press(card, "Check")
    expect(card).to_contain_text("✗ Not yet. You answered 77\u00a0%.")


def test_a_restored_file_is_known_to_the_cards(cards, tmp_path):
    file = tmp_path / "taken.json"
    file.write_text(
        '{"version": 1, "exercises": {"1-gone": {"tries": 3, "solved": true}}, "predictions": {"1-tenth": 0.2}}'
    )
    table, page = cards.output("progress()"), cards.page
    table.locator("input[type=file]").set_input_files(file)
    expect(table).to_contain_text("Restored.")
    expect(table.get_by_role("row").filter(has_text="exercises solved")).to_contain_text("1")
    with page.expect_download() as taken:
        press(table, "Download my progress")
    assert json.loads(taken.value.path().read_text())["exercises"] == {"1-gone": {"tries": 3, "solved": True}}
    lab_server.run_all(page, cards.cells)
    expect(cards.output("check(")).to_contain_text("✓ Solved before.")
    expect(cards.output("predict(")).to_contain_text("✗ You guessed 20\u00a0%; it is 5\u00a0%.")


def test_opened_again_without_its_kernel_each_output_says_once_what_to_do(browser, lab):
    notebook = open_cards(browser, lab).run()
    tap(notebook.output("predict("), "my guess", "20 %", "Lock in my guess")
    expect(notebook.output("predict(").locator("img")).to_be_visible()
    tap(notebook.output("check("), "answer", "25 %", "Check")
    expect(notebook.output("check(")).to_contain_text("✗ Not yet")
    notebook.settle()
    notebook.page.keyboard.press("ControlOrMeta+S")
    file = lab.folder / "notebooks" / NAME
    lab_server.wait(
        notebook.page,
        lambda: "You guessed" in file.read_text(encoding="utf-8") and "Not yet" in file.read_text(encoding="utf-8"),
        "it is not saved",
    )
    notebook.page.close()
    for session in ask(lab, "GET", "sessions"):
        ask(lab, "DELETE", f"sessions/{session['id']}")
    again = Notebook(browser, lab, NAME)
    for start, words in (
        ("predict(", "✗ You guessed 20\u00a0%"),
        ("check(", "✗ Not yet. You answered 25\u00a0%"),
        ("progress(", "predictions made"),
    ):
        output = again.output(start)
        expect(output.locator(".leverage-lab").first).to_contain_text(words)
        assert output.evaluate(TOLD) == 1, start
    card = again.output("check(")
    card.get_by_label("answer").fill("4 %")
    expect(card.get_by_text("✗ Not yet")).to_be_hidden()  # no old verdict under a new answer
    card.get_by_label("answer").press("Enter")
    expect(card.locator(".ll-wait")).to_contain_text("This card shows what was saved: run its cell")
    assert again.output("check(").evaluate(TOLD) == 0
    lab_server.run_all(again.page, again.cells)
    expect(again.output("check(").get_by_label("answer")).to_have_value("4 %")
    again.page.close()


# How often an output says that it was stored.
TOLD = """output => [...output.querySelectorAll('.leverage-lab')].filter(part => {
    const before = getComputedStyle(part, '::before');
    return before.display !== 'none' && before.content.includes('Stored when it was last saved. To go on, run');
}).length"""


def ask(lab, method, path):
    request = Request(f"{lab.url}api/{path}", method=method, headers={"Authorization": f"token {lab.token}"})
    with urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None
