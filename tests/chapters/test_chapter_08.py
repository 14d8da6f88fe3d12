"""What chapter 8 says of the two articles, against the audit and against hand calculation."""

import re
from pathlib import Path

import nbformat
import pytest

from leverage_lab import claims, data

NOTEBOOK = nbformat.read(Path(__file__).parents[2] / "notebooks" / "08-two-articles.ipynb", as_version=4)
PROSE = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")
BY_VERDICT = {
    word: {verdict.id for verdict in claims.verdicts() if verdict.verdict == word} for word in claims.VERDICTS
}


def named(text):
    return set(re.findall(r"\b[LF]\d\d\b", text))


BY_HAND = {}  # no exercise of its own
STATES = (("fee_waterfall", {"leverage": 500}),)

# $10,000 × 10; 0.03 % of it; three days; half; at $25,000 a coin.
CALCULATED = {"F02": 100_000, "F03": 30, "F04": 90, "F06": 45, "F07": 0.0018}


def test_the_one_slip_by_hand():
    (shown,) = (cell.outputs[0].text for cell in NOTEBOOK.cells if cell.id == "one-slip")
    printed = data.load("article_claims").set_index("id").article_value
    for (id, value), line in zip(CALCULATED.items(), shown.splitlines(), strict=True):
        factor = 1 if id == "F02" else 10
        assert line == f"{id}  printed {printed[id]}, yours {value:g}, factor {factor}"
        assert float(printed[id]) * factor == pytest.approx(value)


def test_the_wrong_claims_named_are_those_of_the_audit():
    """Each of them once, in the list of what went wrong."""
    (found,) = re.findall(r"The 11 wrong ones.*?\n\n(.*?)\n\n", PROSE, flags=re.S)
    assert sorted(re.findall(r"\b[LF]\d\d\b", found)) == sorted(BY_VERDICT["wrong"]) and len(BY_VERDICT["wrong"]) == 11


def test_what_is_said_to_be_right_is_what_the_audit_lets_hold():
    (right,) = re.findall(r"\n(L01 and F02 are the same sentence.*?)\n", PROSE)
    assert named(right) - {"L01", "F02"} <= BY_VERDICT["holds with a condition"]
    assert {"L01", "F02"} <= BY_VERDICT["holds"] and "Five are *outdated*" in right and len(BY_VERDICT["outdated"]) == 5
    assert "F05" in BY_VERDICT["outdated"] and "F11" in BY_VERDICT["holds with a condition"]


def test_every_chapter_is_kept_something_of():
    (page,) = re.findall(r"## 5 · What should you keep\?(.*?)\n\nWhich of them", PROSE, flags=re.S)
    assert re.findall(r"\]\((\d\d)-", page) == [f"{number:02}" for number in range(1, 8)]
