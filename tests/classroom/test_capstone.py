"""The capstone's cards: decide claims, compare with the audit; the inventory before and after, side by side."""

import json
import re

import pytest
from card_hands import options, press, words

from leverage_lab import claims
from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.classroom import audit_card, before_and_after, decide, inventory, progress
from leverage_lab.classroom.inventory_card import DONT_KNOW
from leverage_lab.panelkit import storage

IDS = [f"L{n:02}" for n in range(1, 27)] + [f"F{n:02}" for n in range(1, 12)]  # 26 + 11 = 37 claims


# Deciding


def decided_in(widget, verdict):
    """Choose a verdict on the claim that is shown."""
    press(widget, "verdict", verdict=verdict)


def test_a_verdict_is_stored_at_once_and_comes_back():
    widget = audit_card().widget
    (menu,) = (part for part in widget.parts[0]["parts"] if part["name"] == "chosen")
    assert menu["options"] == IDS and widget.held == {"chosen": "L01", "shown": "L01", "verdict": ""}
    assert [value for value, _ in options(widget, "verdict")] == list(claims.VERDICTS)
    assert "The leverage article says: $10 of margin at 500x controls this position: $5,000" in words(
        widget
    ) and "0 of 37 decided" in words(widget)
    decided_in(widget, "holds")
    assert storage.get("claims", "L01") == "holds" and "Stored. 1 of 37 decided." in words(widget)
    assert widget.held["chosen"] == "L01" and widget.says["chosen"][0].startswith("L01 ● $10 of margin at 500x")
    press(widget, "Next")
    assert widget.held == {"chosen": "L02", "shown": "L02", "verdict": ""} and storage.get("claims", "L02") is None
    decided_in(widget, "wrong")
    decided_in(widget, "holds with a condition")  # another thought
    press(widget, "Previous")
    assert widget.held == {"chosen": "L01", "shown": "L01", "verdict": "holds"}
    again = audit_card().widget
    assert again.held["chosen"] == "L03" and "2 of 37 decided" in words(again)
    press(again, "chosen", chosen="L02")
    assert again.held["verdict"] == "holds with a condition"


def test_a_verdict_is_on_the_claim_that_stood_there_when_it_was_chosen():
    """The next claim is on its way to the page, and the old one still stands there."""
    widget = audit_card().widget
    before = dict(widget.held)
    press(widget, "Next")
    press(widget, "verdict", **before | {"verdict": "holds"})
    assert storage.load()[0]["claims"] == {"L01": "holds"} and widget.held["shown"] == "L01"


def test_previous_and_next_go_round():
    widget = audit_card().widget
    press(widget, "Previous")
    assert widget.held["chosen"] == "F11" and "the daily rate varies" in words(widget)
    press(widget, "Next")
    assert widget.held["chosen"] == "L01"


def test_the_next_open_claim_passes_over_those_decided():
    for id in ("L02", "L03", "F11"):
        decide(id, "wrong")
    widget = audit_card().widget
    press(widget, "Next open claim")
    assert widget.held["chosen"] == "L04"
    press(widget, "chosen", chosen="F10")
    press(widget, "Next open claim")
    assert widget.held["chosen"] == "L01"
    for id in IDS:
        decide(id, "wrong")
    press(widget, "Next open claim")
    assert widget.held["chosen"] == "L01" and "37 of 37 decided" in words(widget)


def test_the_audits_verdicts_are_seen_only_where_one_has_decided():
    widget = audit_card().widget
    press(widget, "Compare with the audit")
    assert "Nothing is decided yet" in words(widget)
    decided_in(widget, "holds")  # of L01
    assert "Nothing is decided yet" not in words(widget)
    decide("L16", "holds"), decide("L20", "holds")
    press(widget, "Compare with the audit")
    text = words(widget).replace("\u00a0", " ")
    # The audit: L01 holds, L16 wrong (liquidated after half of 0.2 %), L20 holds but for the fee.
    assert "3 of 37 decided, 1 of them like the audit." in text
    assert "In 1 you differ only on whether a condition must be named" in text and "Where you differ" in text
    assert "L01 · ✓ same ·" in text and "L16 · ✗ differs ·" in text and "L20 · ≈ nearly ·" in text
    assert "Maintenance of 0.1 % reduces it to 0.1 %" in text
    assert "L16" in widget.says["beside"] and "L03" not in widget.says["beside"] and "F03" not in widget.says["beside"]
    decided_in(widget, "wrong")
    assert "decided, 1 of them like the audit" not in words(widget)  # no old comparison under a new verdict
    decided_in(widget, "holds")
    decide("L16", "wrong"), decide("L20", "holds with a condition")
    press(widget, "Compare with the audit")
    text = words(widget)
    assert (
        "3 of 37 decided, 3 of them like the audit." in text
        and "condition, and" not in text
        and "Where you differ" not in text
    )


def test_all_claims_can_be_decided_as_the_audit_does():
    for verdict in claims.verdicts():
        decide(verdict.id, verdict.verdict)
    said, rows = audit_card().compared()
    assert said == "37 of 37 decided, 37 of them like the audit." and [row[0][:3] for row in rows] == IDS
    assert "| claims decided | 37 | 37 |" in progress().text


@pytest.mark.parametrize(
    "call, sentence",
    [
        (("L03", "wrong"), "Your verdict: wrong. 1 of 37 decided."),
        (("L03",), "Not decided yet. 0 of 37 decided."),
        (("L3", "wrong"), "There is no claim 'L3'. Did you mean 'L"),
        ((None, "wrong"), "There is no claim None."),
        (
            ("L03", "false"),
            "The verdict must be one of 'holds', 'holds with a condition', 'outdated', 'wrong', 'advice'; got 'false'.",
        ),
        (("L03", ["wrong"]), "got ['wrong']."),
    ],
)
def test_decide_from_code_never_raises(call, sentence):
    assert sentence in repr(decide(*call))


def test_the_saved_form_lists_the_claims_and_gives_no_verdict_away():
    data, _ = audit_card()._repr_mimebundle_()
    text = data["text/plain"]
    assert all(f"- {id} " in text for id in IDS) and "$" not in re.sub(r"<span>&#36;</span>", "", data["text/markdown"])
    assert not any(verdict.sentence in text for verdict in claims.verdicts())


def test_damaged_verdicts_are_left_out(own_progress):
    own_progress.write_text(
        json.dumps(
            {"version": 1, "claims": {"L01": "perhaps", "L02": ["wrong"], "L99": "wrong", "L04": "wrong", "L05": None}}
        )
    )
    widget = audit_card().widget
    assert "1 of 37 decided" in words(widget) and "| claims decided | 1 | 37 |" in progress().text
    decided_in(widget, "holds")
    assert storage.get("claims", "L01") == "holds" and storage.get("claims", "L99") == "wrong"


def test_a_place_that_cannot_be_written_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "no" / "progress.json"))
    widget = audit_card().widget
    decided_in(widget, "holds")
    assert "could not be stored" in words(widget) and "could not be stored" in repr(decide("L01", "wrong"))


@pytest.mark.parametrize(
    "id, end",
    [
        ("L01", ": $5,000"),
        ("L02", ": 100 %"),
        ("L03", ": 0.2 %"),
        ("L05", ": 20x"),
        ("L15", ": 50 %"),
        ("L24", ": 2x to 10x"),
        ("F06", ": $4.50"),
        ("F07", ": 0.00018 BTC"),
        ("F10", "what leverage costs on MEXC"),
    ],
)
def test_a_claim_is_told_with_its_number(id, end):
    widget = audit_card().widget
    press(widget, "chosen", chosen=id)
    said = words(widget).replace("\u00a0", " ")
    assert f"{end} 0 of 37 decided" in said
    assert "advice" not in said  # the kind of a claim would give the verdict away


# Before and after


def store(stage, **answers):
    storage.put("inventory", stage, answers)


def test_nothing_stored_is_said():
    assert "No answers are stored yet" in repr(before_and_after()) and "No answers are stored" in words(
        before_and_after().widget
    )


def test_one_stage_alone_gives_no_answer_away():
    store("before", account="100 %", distance="2.5 %")
    text = repr(before_and_after()).replace("\u00a0", " ")
    assert "No answers are stored as “after”" in text and "answer it again first (chapter 1)" in text
    assert "✓" not in text and "✗" not in text and "of 12 right" not in text and "(chapter 1)\n" in text
    assert "Neither can lose" not in text  # options never chosen do not stand there


def test_the_comparison_appears_when_the_second_answers_are_stored():
    store("before", account="100 %", distance="2.5 %", fees=DONT_KNOW)
    widget = before_and_after().widget
    card = inventory("after").widget
    press(card, "account", account="5 %")
    press(card, "distance", distance="3.3 %")
    assert "Below you can compare them with your first ones" in words(card)
    press(widget, "Compare")
    text = words(widget).replace("\u00a0", " ")
    assert "Before: 1 of 12 right, 9 not answered. After: 1 of 12 right, 10 not answered." in text
    assert "100 % ✗ “return on margin is return on the account” 5 % ✓ 5 % (chapter 1)" in text
    assert "2.5 % ✓ 3.3 % ✗ “distance shrinks by thirds” 2.5 % (chapter 1)" in text
    assert "Ideas to look at again: distance shrinks by thirds." in text
    assert f"{DONT_KNOW} – answer it again first (chapter 4)" in text
    assert "| inventory answered, after | 2 | 12 |" in progress().text


def test_all_right_after_all_wrong():
    store("before", **{item.id: next(option.text for option in item.options if option.misconception) for item in ITEMS})
    store("after", **{item.id: item.right for item in ITEMS})
    text = repr(before_and_after()).replace("\u00a0", " ")
    assert (
        "Before: 0 of 12 right. After: 12 of 12 right. None of the listed misconceptions is among your answers." in text
    )
    assert text.count("✗") == 12 and text.count("✓") == 12


def test_a_week_later_there_is_a_third_column():
    store("before", account="100 %", distance="2.5 %")
    store("after", account="5 %", fees="$5")
    widget = before_and_after().widget
    assert "later" not in widget.says["both"].lower() and "later" not in progress().text
    card = inventory("later").widget
    press(card, "account", account="50 %")
    press(card, "fees", fees="$2.50")
    assert "Stored: 2 of 12 answers. 10 still open. Compare shows them beside the first two sets." in words(card)
    press(widget, "Compare")
    text = words(widget).replace("\u00a0", " ")
    assert "After: 1 of 12 right, 10 not answered. Later: 1 of 12 right, 10 not answered." in text
    assert "before after later the answer" in text
    assert (
        "100 % ✗ “return on margin is return on the account” 5 % ✓ 50 % ✗ “dollars read as percent” 5 % (chapter 1)"
        in text
    )
    assert "– $5 ✗ “opening already pays for closing” $2.50 ✓ $2.50 (chapter 4)" in text
    assert "Ideas to look at again: dollars read as percent." in text  # what was thought last
    assert "    - later: 50 % ✗" in repr(before_and_after()).replace("\u00a0", " ")
    assert "| inventory answered, later | 2 | 12 |" in progress().text


def test_answers_from_later_alone_are_compared_with_nothing():
    store("later", account="50 %")
    text = repr(before_and_after()).replace("\u00a0", " ")
    assert "No answers are stored as “before”, so there is nothing to compare with yet." in text
    assert "Later: 0 of 12 right, 11 not answered." in text and "5 % (chapter 1)" in text


def test_a_stage_that_does_not_exist_is_said():
    assert repr(inventory("soon")) == "The stage must be 'before', 'after' or 'later', got 'soon'."
    assert "got ['later']" in repr(inventory(["later"]))


@pytest.mark.parametrize(
    "stored", [5, [], None, "x", {"account": ["100 %"]}, {"account": 5}, {"account": {"a": 1}}, {"no-such": "5 %"}]
)
def test_damaged_answers_never_raise(own_progress, stored):
    own_progress.write_text(
        json.dumps(
            {
                "version": 1,
                "inventory": {"before": stored, "after": stored, "later": stored},
                "exercises": {"1-gone": 5},
            }
        )
    )
    assert (
        "No answers are stored" in repr(before_and_after()) and before_and_after().widget and inventory("before").widget
    )
    assert "| inventory answered, before | 0 | 12 |" in progress().text


def test_the_saved_forms_hold_text():
    store("before", account="100 %")
    data, _ = before_and_after()._repr_mimebundle_()
    assert {"text/plain", "text/markdown", "application/vnd.jupyter.widget-view+json"} == set(
        data
    ) and "before: 100 %" in data["text/plain"]
