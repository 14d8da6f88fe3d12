"""Options to choose from, and a round of practice: by mouse and by keyboard, and what axe says of both."""

import json

import nbformat.v4 as nbf
import pytest
from test_barriers import AXE, WEAK
from test_jupyterlab import Notebook, complaints

try:
    from axe_playwright_python.base import AXE_SCRIPT
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser

NAME = "practice.ipynb"
CELLS = ("from leverage_lab.classroom import check, practice", 'check("3-missing")', "practice(3)")


@pytest.fixture(scope="module")
def cards(browser, lab):
    """A question with options, and a round in which such a question comes first."""
    round = {"ids": ["3-missing", "3-two"], "why": ["it is still open after 1 try", "you looked at 1 hint"], "at": 0}
    numbers = {"missing": "rate", "wallet": 800, "coins": 0.1, "entry": 45_000}
    content = {"version": 1, "practice round": {"3": round}, "practice numbers": {"3-missing": numbers}}
    (lab.folder / "progress.json").write_text(json.dumps(content), encoding="utf-8")
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = nbf.new_notebook(cells=[nbf.new_code_cell(source) for source in CELLS], metadata=spec)
    (lab.folder / "notebooks" / NAME).write_text(json.dumps(book), encoding="utf-8")
    notebook = Notebook(browser, lab, NAME).run()
    yield notebook
    notebook.page.close()


def stored(lab, section, key):
    return json.loads((lab.folder / "progress.json").read_text(encoding="utf-8")).get(section, {}).get(key)


def test_an_option_is_chosen_by_mouse_and_by_keyboard(cards, lab):
    card, page = cards.output("check("), cards.page
    group = card.get_by_role("radiogroup", name="my answer")
    expect(group.get_by_role("radio")).to_have_count(4)
    card.get_by_text("the mark price now").click()
    card.get_by_role("button", name="Check", exact=True).click()
    expect(card).to_contain_text("✗ Not yet. You answered “the mark price now”.")
    # From the first circle with the arrows to the right one, on to Check with Tab, and pressed with Space.
    texts = [text[3:] for text in group.locator("label").all_text_contents()]
    group.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(texts.index("the wallet balance")):
        page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", checked=True)).to_have_accessible_name(
        f"{'abcd'[texts.index('the wallet balance')]}. the wallet balance"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(card.locator(".ll-status").first).to_contain_text("✓ Right: the wallet balance.")
    cards.settle()
    assert stored(lab, "exercises", "3-missing") == {"tries": 2, "solved": True}
    for _ in range(8):  # one draw in 24 leaves them in their order
        card.get_by_role("button", name="New numbers").click()
        cards.settle()
        expect(card).to_contain_text("New numbers, same question.")
        expect(group.get_by_role("radio", checked=True)).to_have_count(0)
        if (order := [text[3:] for text in group.locator("label").all_text_contents()]) != texts:
            break
    assert order != texts


def test_a_round_by_keyboard_alone(cards, lab):
    output, page = cards.output("practice("), cards.page
    expect(output).to_contain_text("Your round is at exercise 1 of 2.")
    output.get_by_role("button", name="Continue").focus()
    page.keyboard.press("Enter")
    lead = output.locator(".ll-status").first
    expect(lead).to_contain_text("Exercise 1 of 2, from chapter 3. It is here because it is still open after 1 try.")
    expect(lead).to_be_focused()  # and so it is read out
    page.keyboard.press("Tab")
    expect(output.get_by_role("button", name="Next exercise")).to_be_focused()
    page.keyboard.press("Tab")
    expect(output.get_by_role("radio").first).to_be_focused()
    output.get_by_text("the maintenance margin rate").click()
    output.get_by_role("button", name="Check", exact=True).click()
    expect(output).to_contain_text("✓ Right: the maintenance margin rate.")
    output.get_by_role("button", name="Next exercise").focus()
    page.keyboard.press("Enter")
    expect(lead).to_contain_text("Exercise 2 of 2, from chapter 3.")
    expect(output.get_by_label("answer", exact=True)).to_be_visible()
    expect(output.get_by_role("button", name="Next exercise")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("12345")
    page.keyboard.press("Enter")
    expect(output).to_contain_text("✗ Not yet.")
    page.add_script_tag(content=AXE_SCRIPT)
    checked, barriers = page.evaluate(AXE)
    texts, weak = page.evaluate(WEAK)
    assert checked >= 5 and texts >= 20 and barriers == [] and weak == []
    output.get_by_role("button", name="Next exercise").click()
    expect(lead).to_contain_text("You solved 1 of 2, 1 on the first try and without a hint. Still open: 3-two.")
    cards.settle()
    assert stored(lab, "exercises", "3-two") is None and stored(lab, "practice exercises", "3-two")["tries"] == 1
    assert complaints(cards) == []
