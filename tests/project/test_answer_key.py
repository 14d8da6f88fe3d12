"""The answer key as it is printed: every answer in it goes to the judge that learners meet."""

import math
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.classroom import check
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.practice import Choice, Repair
from leverage_lab.words import read_number

ROOT = Path(__file__).resolve().parents[2]
import answer_key


def entries(name):
    """{id: its text} of a committed page, in its order."""
    text = (ROOT / "instructor" / name).read_text(encoding="utf-8").replace("<span>&#36;</span>", "$")
    return {
        id: body for id, body in re.findall(r"^#### ([^\n]+)\n\n(.*?)(?=^###? |^#### |\Z)", text, flags=re.M | re.S)
    }


ANSWERS, POLLS, KEYS = map(entries, answer_key.NAMES)
REPAIRS = [id for id, exercise in exercise_book.exercises.items() if isinstance(exercise, Repair)]
CHOICES = [id for id in exercise_book.exercises if isinstance(exercise_book.task(id), Choice)]
DRAWN = [id for id in exercise_book.exercises if id not in (*REPAIRS, *CHOICES)]
PREDICTIONS = {f"{id} (prediction)": prediction for id, prediction in exercise_book.predictions.items()}


@pytest.fixture(autouse=True)
def fresh_desk(monkeypatch):
    monkeypatch.setattr(exercise_book, "numbers", {})


def rows(body):
    """The cells of a table's rows, without its head."""
    lines = [line for line in body.splitlines() if line.startswith("| ")]
    return [tuple(re.split(r"(?<!\\) \| ", line.strip("| "))) for line in lines[2:]]


def test_the_pages_are_what_make_key_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["answer_key.py", "--out", str(tmp_path)])
    answer_key.main()
    for name in answer_key.NAMES:
        assert (tmp_path / name).read_text(encoding="utf-8") == (ROOT / "instructor" / name).read_text(
            encoding="utf-8"
        ), f"{name}: run make key"


def test_everything_that_is_asked_has_an_entry():
    assert set(ANSWERS) == {*exercise_book.exercises, *PREDICTIONS, *(item.id for item in ITEMS)}
    numeric = {*DRAWN, *CHOICES, *(id for id, prediction in PREDICTIONS.items() if prediction.options)}
    assert set(POLLS) == numeric and len(numeric) > 90


@pytest.mark.parametrize("id", [*DRAWN, *CHOICES])
def test_printed_answers_are_judged_as_printed(id):
    body = ANSWERS[id]
    right = re.search(r"^Right: \*\*(.+?)\*\*", body, flags=re.M)[1]
    assert check(id, right).verdict.kind == "right", check(id, right).verdict
    wrong = rows(body)
    assert len(wrong) >= 3
    for shown, said in wrong:
        verdict = check(id, shown).verdict
        assert verdict.kind == "known" and said in verdict.text, (shown, verdict)
    assert f"**{right}**" in body.partition("Worked solution:")[2].replace("-", "−"), "the steps end elsewhere"


@pytest.mark.parametrize("id", PREDICTIONS)
def test_a_prediction_stands_with_its_answer_and_why(id):
    prediction, body = PREDICTIONS[id], ANSWERS[id]
    right = re.search(r"^Right: \*\*(.+?)\*\*\. ", body, flags=re.M)[1]
    said = f"“{right}”" if prediction.options else right
    assert prediction.compare(prediction.read(right)).startswith(f"You guessed {said}, and that is right. ")
    assert (
        body.startswith(prediction.ask)
        and prediction.why in body
        and all(option in body for option in prediction.options)
    )


@pytest.mark.parametrize("id", REPAIRS)
def test_wrong_repairs_give_what_is_printed(id):
    """What the judge says of a wrong repair names a case with two numbers: both stand in that case's row."""
    table = {row[0].strip("`"): row[1:] for row in rows(ANSWERS[id])}
    assert len(table) == len(exercise_book.exercises[id].cases)
    assert check(id, exercise_book.exercises[id].right).verdict.kind == "right"
    for number, wrong in enumerate(exercise_book.exercises[id].wrong, start=1):
        verdict = check(id, wrong.gives).verdict
        said = re.search(rf"^- wrong {number}: (.+)$", ANSWERS[id], flags=re.M)[1]
        assert verdict.kind == "known" and verdict.text.endswith(said)
        case, gives, should = re.search(
            r"Not yet\. <?\w+>?(\(.*?\)) gives (.+?); it should be (.+?)\. ", verdict.text
        ).groups()
        row = next(row for call, row in table.items() if call.endswith(case))
        assert (row[number], row[0]) == (gives, should)


@pytest.mark.parametrize("id", POLLS)
def test_a_poll_has_one_right_letter_and_says_what_the_others_reveal(id):
    options = dict(re.findall(r"^- ([A-F])\. (.+)$", POLLS[id], flags=re.M))
    key = re.search(r"^\*\*([A-F])\*\*, ", KEYS[id], flags=re.M)[1]
    reveals = {
        letter: said
        for letter, text, said in re.findall(r"^([A-F]), (.+?): (.+?)\s*$", KEYS[id], flags=re.M)
        if text == options[letter]
    }
    assert f"**{key}**, {options[key]}. " in KEYS[id] + " "
    assert "".join(options) == "ABCDEF"[: len(options)] and 3 <= len(options) == len(set(options.values()))
    if id in PREDICTIONS:
        assert options[key] == PREDICTIONS[id].answer and PREDICTIONS[id].why in KEYS[id]
        return
    assert set(reveals) == set(options) - {key}
    assert check(id, options[key]).verdict.kind == "right"
    task = answer_key.start(id)
    if id in CHOICES:
        assert {options[letter]: said for letter, said in reveals.items()} == {w.gives: w.why for w in task.wrong}
        return
    for letter in reveals:  # one of the known wrong values, rounded to what one reads at a glance
        value = read_number(options[letter])[0]
        assert any(
            abs(value - wrong.gives) <= 0.005 * abs(wrong.gives) and wrong.why == reveals[letter]
            for wrong in task.wrong
        ), options[letter]
    sizes = sorted(read_number(shown)[0] for shown in options.values())
    assert all(abs(a - b) >= 0.0004 * max(abs(a), abs(b)) for a, b in zip(sizes, sizes[1:])), (
        "not to be told apart at a glance"
    )


def test_the_place_of_the_right_option_says_nothing():
    """A fair four-sided die puts a quarter of n polls on each letter, σ = √(n × ¼ × ¾): all are within 1.5 of these."""
    places = Counter(re.search(r"^\*\*([A-F])\*\*", body, flags=re.M)[1] for body in KEYS.values())
    count = len(KEYS)
    assert all(abs(places[letter] - count / 4) <= 1.5 * math.sqrt(count * 3 / 16) for letter in "ABCD"), places


def test_a_sheet_of_polls_has_no_answer_on_it():
    text = (ROOT / "instructor" / "polls.md").read_text(encoding="utf-8")
    assert set(POLLS) == set(KEYS) and not re.search(
        r"\*\*|✓|(?i:right)|^[A-D][:,]",
        re.sub(r"^(#+ |- [A-D]\.).*$|^(?!Key).*\?.*$", "", text.partition("## ")[2], flags=re.M),
        flags=re.M,
    )


def test_no_wrong_option_gives_itself_away_by_its_digits():
    """As many digits as the right one has, or three: 2.66667 settlements beside 8 are seen to be wrong without a
    thought."""
    for id in DRAWN:
        task, options = answer_key.start(id), answer_key.poll("check", id)[1]
        most = max(4, sum(map(str.isdigit, task.show(task.answer))))
        for option in options:
            digits = re.search(r"\d[\d,.]*", option)[0].replace(",", "")
            assert (
                task.unit.startswith(("$", "%", "x", "price"))
                or "." not in digits
                or len(digits.replace(".", "").lstrip("0")) <= most
            ), (id, option)


def test_the_inventory_names_the_idea_behind_each_wrong_option():
    for item in ITEMS:
        key = dict(rows(ANSWERS[item.id]))
        assert key == {option.text: option.misconception or "**right**" for option in item.options}
