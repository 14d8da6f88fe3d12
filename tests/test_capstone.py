"""The capstone's cards: decide claims, compare with the audit; the inventory before and after, side by side."""

import json
import re
from html import unescape

import pytest

from leverage_lab import claims
from leverage_lab.classroom import audit_card, before_and_after, decide, inventory, progress, storage
from leverage_lab.classroom.cards import DONT_KNOW
from leverage_lab.classroom.exercises.inventory import ITEMS

IDS = [f"L{n:02}" for n in range(1, 27)] + [f"F{n:02}" for n in range(1, 12)]  # 26 + 11 = 37 claims


def parts(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


def find(widget, kind, name=None):
    return next(w for w in parts(widget) if type(w).__name__ == kind and (name is None or w.description == name))


def words(widget):
    markup = " ".join(w.value for w in parts(widget) if type(w).__name__ == "Line")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup))).replace("\u00a0", " ")


# Deciding


def test_a_verdict_is_stored_at_once_and_comes_back():
    widget = audit_card().widget
    choice, verdict = find(widget, "Dropdown"), find(widget, "RadioButtons")
    assert [id for _, id in choice.options] == IDS and choice.value == "L01" and verdict.value is None
    assert [value for _, value in verdict.options] == list(claims.VERDICTS)
    assert "The leverage article says: $10 of margin at 500x controls this position: $5,000" in words(widget) and "0 of 37 decided" in words(widget)
    verdict.value = "holds"
    assert storage.get("claims", "L01") == "holds" and "Stored. 1 of 37 decided." in words(widget)
    assert choice.value == "L01" and dict(choice.options)["L01 ✓"] == "L01"
    find(widget, "Button", "Next").click()
    assert choice.value == "L02" and verdict.value is None and storage.get("claims", "L02") is None
    verdict.value = "wrong"
    verdict.value = "holds with a condition"  # another thought
    find(widget, "Button", "Previous").click()
    assert choice.value == "L01" and verdict.value == "holds"
    again = audit_card().widget
    assert find(again, "Dropdown").value == "L03" and "2 of 37 decided" in words(again)
    find(again, "Dropdown").value = "L02"
    assert find(again, "RadioButtons").value == "holds with a condition"


def test_previous_and_next_go_round():
    widget = audit_card().widget
    find(widget, "Button", "Previous").click()
    assert find(widget, "Dropdown").value == "F11" and "the daily rate varies" in words(widget)
    find(widget, "Button", "Next").click()
    assert find(widget, "Dropdown").value == "L01"


def test_the_audits_verdicts_are_seen_only_where_one_has_decided():
    widget = audit_card().widget
    press = find(widget, "Button", "Compare with the audit").click
    press()
    assert "Nothing is decided yet" in words(widget)
    find(widget, "RadioButtons").value = "holds"  # of L01
    assert "Nothing is decided yet" not in words(widget)
    decide("L03", "holds"), decide("L20", "holds with a condition")
    press()
    text = words(widget)
    # The audit: L01 holds, L03 wrong (liquidated after half of 0.2 %), L20 holds.
    assert "3 of 37 decided, 1 as the audit does." in text
    assert "In 1 the question is only whether to name a condition" in text and "Where you differ" in text
    assert "with a maintenance rate of 0.1 % the position is liquidated after 0.1 %" in text
    assert "L16" not in text and "F03" not in text
    find(widget, "RadioButtons").value = "wrong"
    assert "decided, 1 as the audit does" not in words(widget)  # no old comparison under a new verdict
    find(widget, "RadioButtons").value = "holds"
    decide("L03", "wrong"), decide("L20", "holds")
    press()
    text = words(widget)
    assert "3 of 37 decided, 3 as the audit does." in text and "condition, and" not in text and "Where you differ" not in text


def test_all_claims_can_be_decided_as_the_audit_does():
    for verdict in claims.verdicts():
        decide(verdict.id, verdict.verdict)
    said, rows = audit_card().compared()
    assert said == "37 of 37 decided, 37 as the audit does." and [row[0][:3] for row in rows] == IDS
    assert "| claims decided | 37 | 37 |" in progress().text


@pytest.mark.parametrize(
    "call, sentence",
    [
        (("L03", "wrong"), "You say: wrong. 1 of 37 decided."),
        (("L03",), "Not decided yet. 0 of 37 decided."),
        (("L3", "wrong"), "There is no claim 'L3'. Did you mean 'L"),
        ((None, "wrong"), "There is no claim None."),
        (("L03", "false"), "The verdict must be one of 'holds', 'holds with a condition', 'outdated', 'wrong', 'advice'; got 'false'."),
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
    own_progress.write_text(json.dumps({"version": 1, "claims": {"L01": "perhaps", "L02": ["wrong"], "L99": "wrong", "L04": "wrong", "L05": None}}))
    widget = audit_card().widget
    assert "1 of 37 decided" in words(widget) and "| claims decided | 1 | 37 |" in progress().text
    find(widget, "RadioButtons").value = "holds"
    assert storage.get("claims", "L01") == "holds" and storage.get("claims", "L99") == "wrong"


def test_a_place_that_cannot_be_written_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "no" / "progress.json"))
    widget = audit_card().widget
    find(widget, "RadioButtons").value = "holds"
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
    find(widget, "Dropdown").value = id
    said = words(widget)
    assert f"{end} 0 of 37 decided" in said
    assert "advice" not in said  # the kind of a claim would give the verdict away


# Before and after


def store(stage, **answers):
    storage.put("inventory", stage, answers)


def test_nothing_stored_is_said():
    assert "Neither set of answers is stored yet" in repr(before_and_after()) and "Neither set" in words(before_and_after().widget)


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
    radios = [w for w in parts(card) if type(w).__name__ == "RadioButtons"]
    place = {item.id: number for number, item in enumerate(ITEMS)}
    radios[place["account"]].value = "5 %"
    radios[place["distance"]].value = "3.3 %"
    find(card, "Button").click()
    assert "Now see them beside your first ones" in words(card)
    find(widget, "Button", "Compare").click()
    text = words(widget)
    assert "Before: 1 of 12 right, 9 not answered. After: 1 of 12 right, 10 not answered." in text
    assert "100 % ✗ “return on margin is return on the account” 5 % ✓ 5 % (chapter 1)" in text
    assert "2.5 % ✓ 3.3 % ✗ “distance shrinks by thirds” 2.5 % (chapter 1)" in text
    assert "Ideas still to look at: distance shrinks by thirds." in text
    assert f"{DONT_KNOW} – answer it again first (chapter 4)" in text
    assert "| inventory answered, after | 2 | 12 |" in progress().text


def test_all_right_after_all_wrong():
    store("before", **{item.id: next(option.text for option in item.options if option.misconception) for item in ITEMS})
    store("after", **{item.id: item.right for item in ITEMS})
    text = repr(before_and_after()).replace("\u00a0", " ")
    assert "Before: 0 of 12 right. After: 12 of 12 right. None of the listed misconceptions is among your answers." in text
    assert text.count("✗") == 12 and text.count("✓") == 12


@pytest.mark.parametrize("stored", [5, [], None, "x", {"account": ["100 %"]}, {"account": 5}, {"account": {"a": 1}}, {"no-such": "5 %"}])
def test_damaged_answers_never_raise(own_progress, stored):
    own_progress.write_text(json.dumps({"version": 1, "inventory": {"before": stored, "after": stored}, "exercises": {"1-gone": 5}}))
    assert "Neither set" in repr(before_and_after()) and before_and_after().widget and inventory("before").widget
    assert "| inventory answered, before | 0 | 12 |" in progress().text


def test_the_saved_forms_hold_text():
    store("before", account="100 %")
    data, _ = before_and_after()._repr_mimebundle_()
    assert {"text/plain", "text/markdown", "application/vnd.jupyter.widget-view+json"} == set(data) and "before: 100 %" in data["text/plain"]
