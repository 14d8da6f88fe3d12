"""The end of the course as a learner has it: claims decided and compared, the inventory before and after."""

import json

import pytest
from test_jupyterlab import Notebook

try:
    from playwright.sync_api import expect
except ImportError:
    pass  # the browser fixture says so

pytestmark = pytest.mark.browser


RECORD = "from leverage_lab.classroom import record"
CARDS = ("audit_card()", 'inventory("after")', "before_and_after()", RECORD)


@pytest.fixture(scope="module")
def capstone(browser, lab):
    """Chapter 8, its imports and four cards run, by somebody who has answered one question of chapter 0."""
    (lab.folder / "progress.json").write_text(
        json.dumps({"version": 1, "inventory": {"before": {"fees": "$0.05"}}}), encoding="utf-8"
    )
    notebook = Notebook(browser, lab, "08-two-articles.ipynb")
    for start in ("import sys", *CARDS):
        notebook.output(start).locator("xpath=ancestor::*[contains(@class, 'jp-Cell ')]").locator(
            ".jp-InputArea-editor"
        ).first.click()
        notebook.page.keyboard.press("Shift+Enter")
    for start in CARDS:
        expect(notebook.output(start).locator(".leverage-lab")).to_have_count(1)
    yield notebook
    notebook.page.close()


@pytest.fixture(autouse=True)
def no_problems(capstone):
    """No error in the browser's console and no traceback from the kernel during any test here."""
    yield
    capstone.settle()
    problems, capstone.problems = capstone.problems, []
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def stored(lab, section):
    return json.loads((lab.folder / "progress.json").read_text(encoding="utf-8"))[section]


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def test_claims_are_decided_one_by_one_and_compared(capstone, lab):
    card = capstone.output("audit_card()")
    expect(card).to_contain_text("$10 of margin at 500x controls this position: $5,000")
    press(card, "Compare with the audit")
    expect(card).to_contain_text("Nothing is decided yet: one claim is enough to begin with.")
    card.get_by_label("holds: as the article says").click()
    expect(card).to_contain_text("Stored. 1 of 37 decided.")
    expect(card).not_to_contain_text("Nothing is decided yet")
    press(card, "Next")
    expect(card).to_contain_text("a favourable move of 0.2 % at 500x returns this share of the margin")
    expect(card.get_by_role("radio", checked=True)).to_have_count(0)
    card.get_by_label("wrong: a number says otherwise").click()
    expect(card).to_contain_text("Stored. 2 of 37 decided.")
    assert stored(lab, "claims") == {"L01": "holds", "L02": "wrong"}
    press(card, "Compare with the audit")
    expect(card).to_contain_text(
        "2 of 37 decided, 1 of them like the audit. Where you differ, read the sentence and check it"
    )
    expect(card.get_by_role("columnheader")).to_have_text(["you", "the audit", "why"])
    rows = card.get_by_role("row")
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_contain_text("L01 · ✓ same · $10 of margin")
    expect(rows.nth(3)).to_contain_text("L02 · ✗ differs · ")
    expect(rows.nth(2)).to_contain_text("holdsholds$10 × 500 = $5,000")
    expect(rows.nth(4)).to_contain_text("wrongholds with a condition")
    press(card, "Previous")
    expect(card.get_by_label("holds: as the article says")).to_be_checked()
    expect(card.get_by_label("claim", exact=True).locator("option:checked")).to_have_text(
        "L01 ● $10 of margin at 500x controls …"
    )
    press(card, "Next open claim")
    expect(card.get_by_label("claim", exact=True)).to_have_value("L03")


def test_the_inventory_is_answered_again_and_compared(capstone, lab):
    questions, both = capstone.output('inventory("after")'), capstone.output("before_and_after()")
    press(both, "Compare")
    expect(both).to_contain_text("No answers are stored as “after”")
    questions.get_by_label("$2.50", exact=True).click()
    questions.get_by_label("3.3 %", exact=True).click()
    expect(questions).to_contain_text(
        "Stored: 2 of 12 answers. 10 still open. Below you can compare them with your first ones."
    )
    assert stored(lab, "inventory")["after"] == {"fees": "$2.50", "distance": "3.3 %"}
    press(both, "Compare")
    expect(both).to_contain_text("Before: 0 of 12 right, 11 not answered. After: 1 of 12 right, 10 not answered.")
    rows = both.get_by_role("row")
    expect(rows).to_have_count(5)
    expect(rows.nth(2)).to_have_text("$0.05 ✗ “fees are on the margin”$2.50 ✓$2.50 (chapter 4)")
    expect(rows.nth(4)).to_have_text("–3.3 % ✗ “distance shrinks by thirds”2.5 % (chapter 1)")


def test_the_record_is_made_and_a_reminder_is_taken_along(capstone, lab, tmp_path):
    card = capstone.output(RECORD)
    press(card, "Make the record")
    expect(card).to_contain_text("Nobody has examined it")
    expect(card).to_contain_text("Stored as my-record.html")
    for name, file in (("Download the record", "my-record.html"), ("Remind me in a week", "my-reminder.ics")):
        with capstone.page.expect_download() as download:
            press(card, name)
        assert download.value.suggested_filename == file
        download.value.save_as(tmp_path / file)
    taken, written = (folder / "my-record.html" for folder in (tmp_path, lab.folder))
    assert taken.read_text(encoding="utf-8") == written.read_text(encoding="utf-8")
    assert (tmp_path / "my-reminder.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
