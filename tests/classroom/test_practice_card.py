"""A round of practice: what is chosen and why, no work lost, and the notebooks' first attempts left as they were."""

import json
import random

import pytest
from card_hands import card_of, press, words

from leverage_lab.classroom import check, practice
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.classroom.practice_card import PracticeCard, chapter_of
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.practice import Repair

LEAD = "They are chosen from what was hard for you, then from what you have not tried yet."
HUNTS = [id for id, exercise in exercise_book.exercises.items() if isinstance(exercise, Repair)]


@pytest.fixture(autouse=True)
def fresh_desk(monkeypatch):
    monkeypatch.setattr(exercise_book, "numbers", {})
    monkeypatch.setattr(exercise_book, "seen", {})
    monkeypatch.setattr(exercise_book, "rng", random.Random(7))


def done(**entries):
    """Exercises as a progress file has them: {id with _ for -: (tries, solved)}."""
    for id, (tries, solved) in entries.items():
        storage.put("exercises", id.strip("_").replace("_", "-"), {"tries": tries, "solved": solved})


def chosen(chapter=None):
    """{id: why} of a new round."""
    round = PracticeCard(exercise_book, chapter)._chosen()
    assert len(dict(round)) == len(round)  # none twice
    return dict(round)


def below(widget):
    """The exercise's card."""
    (card,) = widget.children[1:]
    return card


def asked(widget):
    """The id of the exercise that is shown."""
    return card_of(below(widget)).name.removeprefix("practice check ")


def answer(widget, right=True):
    """Answer what is asked, as its numbers are."""
    id = asked(widget)
    task = exercise_book.exercises[id].make(**_numbers(id))
    value = task.answer if right else task.wrong[0].gives
    typed = value if isinstance(value, str) else f"{100 * value:.9g} %" if task.unit == "%" else f"{value:.9g}"
    letters = {said: letter for letter, said in getattr(task, "options", {}).items()}
    press(below(widget), "Check", answer=letters.get(typed, typed))
    return id


def _numbers(id):
    numbers = storage.get("practice numbers", id)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in numbers.items()}


@pytest.mark.parametrize("chapter", [9, -1, True, 4.0, "x", "", [1], print])
def test_a_chapter_that_does_not_exist_gets_one_sentence(chapter):
    chapters = ", ".join(dict.fromkeys(map(chapter_of, exercise_book.exercises)))
    said = repr(practice(chapter))
    assert said.startswith(f"The chapter must be one of {chapters}, or left out for all; got ") and len(said) < 150


@pytest.mark.parametrize("chapter", [4, "4"])
def test_only_the_chapter_that_is_asked_for(chapter):
    assert {chapter_of(id) for id in chosen()} != {"4"}
    widget = practice(chapter).widget
    press(widget, "Start")
    for _ in range(10):
        assert asked(widget).startswith("4-")
        press(widget, "Next exercise")


def test_nothing_done_yet_is_said_and_the_round_draws_from_all_chapters():
    assert "None of your work is stored yet, so this round is drawn from all exercises." in words(practice().widget)
    drawn = [id for _ in range(20) for id in chosen()]
    assert {chapter_of(id) for id in drawn} >= set("123456") and not set(drawn) & set(HUNTS)
    done(_1_gone=(1, True))
    assert "Nothing is stored" not in words(practice().widget)


def test_what_was_hard_comes_first_and_each_says_why():
    """Twelve that were hard, of them the ten hardest: open ones first, by tries, then by tries and hints."""
    open_ones = {"1-gone": 1, "1-coins": 2, "1-short": 7, "1-now": 4, "2-line": 3}
    many = {"6-back": 3, "1-margin": 5, "2-room": 4}
    for id, tries in open_ones.items():
        storage.put("exercises", id, {"tries": tries, "solved": False})
    for id, tries in many.items():
        storage.put("exercises", id, {"tries": tries, "solved": True})
    done(_1_profit=(2, True), _1_account=(1, True), _2_mark=(1, True), _2_tier=(1, True))
    storage.put("hints", "1-account", 2), storage.put("hints", "2-mark", 1)
    storage.put("hints", "2-room", 1), storage.put("hints", "2-crash", 2)
    round = chosen()
    # 8 above; 1-account, 2-crash with 2 hints; 2-mark with one is the eleventh, 1-profit was no trouble.
    assert set(round) == {*open_ones, *many, "1-account", "2-crash"}
    assert round["1-short"] == "it is still open after 7 tries" and round["1-gone"] == "it is still open after 1 try"
    assert round["1-margin"] == "it took you 5 tries"
    assert round["2-room"] == "it took you 4 tries, and you looked at 1 hint"
    assert round["1-account"] == "you looked at 2 hints"
    assert round["2-crash"] == "you looked at 2 hints and have not answered it yet"


def test_then_what_is_not_tried_of_chapters_that_are_begun_then_what_went_well():
    """Chapter 0 and half of chapter 1 done: the open half first, and nothing of a chapter that is yet to come."""
    storage.put("predictions", "0-guess", 20)
    first = [id for id in exercise_book.exercises if id.startswith("1-") and id not in HUNTS]
    for id in first[:6]:
        storage.put("exercises", id, {"tries": 1, "solved": True})
    round = chosen()
    assert set(first[6:]) | {"0-first"} <= set(round) and {chapter_of(id) for id in round} <= {"0", "1"}
    assert round[first[6]] == "you have not tried it yet"
    assert round[next(id for id in first[:6] if id in round)].startswith("you solved it without trouble")


def test_a_bug_hunt_only_where_another_of_its_chapter_is_solved():
    assert not set(HUNTS) & {id for _ in range(10) for id in chosen("1")}
    done(**{f"_{id.replace('-', '_')}": (1, True) for id in exercise_book.exercises if id.startswith("1-")})
    done(_1_bug_short=(2, False), _2_bug_swapped=(3, False))
    assert "1-bug-short" in chosen() and "1-bug-twice" not in chosen() and "2-bug-swapped" not in chosen()
    round = {"ids": ["1-bug-short"], "why": ["it is still open after 2 tries"], "at": 0}
    storage.put("practice round", "all", round)
    widget = practice().widget
    press(widget, "Continue")
    assert "fix the function in the chapter's notebook, at check(" in words(widget)
    check("1-bug-short", exercise_book.exercises["1-bug-short"].right)
    press(widget, "Next exercise")
    assert "You solved 1 of 1" in words(widget)


def test_a_round_from_start_to_end_leaves_the_first_attempts_alone():
    done(_1_gone=(3, False))
    before = json.loads(storage.text())
    widget = practice().widget
    assert LEAD in words(widget) and len(widget.children) == 1
    press(widget, "Start")
    left, ids = ["wrong, then right", "with a hint", "wrong", "not answered"], {}
    for number in range(1, 11):
        assert f"Exercise {number} of 10, from chapter" in words(widget) and "It is here because" in words(widget)
        way = left.pop(0) if left and asked(widget) != "1-gone" else asked(widget)
        ids[way] = asked(widget)
        if way == "with a hint":
            press(below(widget), "Hint")
        if way.startswith("wrong"):
            answer(widget, right=False)
        if way not in ("wrong", "not answered"):
            answer(widget)
            assert "✓ Right: " in words(below(widget))
        press(widget, "Next exercise")
    assert len(set(ids.values())) == 10 and "1-gone" in ids
    said = words(widget)
    assert "The round is over. You solved 8 of 10, 6 on the first try and without a hint." in said
    assert f"Still open: {ids['wrong']}, {ids['not answered']}." in said and len(widget.children) == 1
    after = json.loads(storage.text())
    assert after["exercises"] == before["exercises"] and after.get("hints") == before.get("hints")
    assert "numbers" not in after and exercise_book.numbers == {}
    later = chosen()
    assert later[ids["wrong"]] == "it is still open after 1 try" and later[ids["with a hint"]] == "you looked at 1 hint"
    assert "1-gone" not in later or later["1-gone"].startswith("you solved it without trouble")  # it was hard before
    press(widget, "Another round")
    assert "Exercise 1 of 10" in words(widget)


def test_numbers_are_new_in_each_round():
    task = exercise_book.task("1-gone").ask
    storage.put("practice round", "1", {"ids": ["1-gone"], "why": ["x"], "at": 0})
    done(_1_gone=(9, False))
    widget = practice(1).widget
    press(widget, "New round")
    while asked(widget) != "1-gone":
        press(widget, "Next exercise")
    assert task not in words(below(widget)) and task in repr(check("1-gone"))


def test_a_round_goes_on_where_it_was_after_a_restart():
    widget = practice().widget
    press(widget, "Start"), press(widget, "Next exercise")
    id = answer(widget, right=False)
    shown = words(below(widget))
    again = practice().widget  # the cell is run again, or in a later kernel
    assert "Your round is at exercise 2 of 10." in words(again) and len(again.children) == 1
    press(again, "Continue")
    assert asked(again) == id and words(below(again)).startswith(shown.partition("✗")[0])
    assert storage.get("practice exercises", id) == {"tries": 1, "solved": False}
    answer(again)
    assert storage.get("practice exercises", id) == {"tries": 2, "solved": True}
    assert "Your round is at" not in words(practice(1).widget)  # a round of its own


@pytest.mark.parametrize(
    "stored",
    [5, [], {}, {"ids": ["1-gone"]}, {"ids": ["1-gone"], "why": [], "at": 0}, {"ids": ["9-x"], "why": ["x"], "at": 0},
     {"ids": ["1-gone"], "why": ["x"], "at": 1}, {"ids": ["1-gone"], "why": ["x"], "at": True}, {"ids": [5], "why": [5],
     "at": 0}, {"ids": [["1-gone"]], "why": ["x"], "at": 0}],
)  # fmt: skip
def test_a_damaged_round_counts_as_none(stored):
    storage.put("practice round", "all", stored)
    storage.put("practice numbers", "1-gone", stored), storage.put("practice hints", "1-gone", stored)
    storage.put("practice exercises", "1-gone", stored)
    widget = practice().widget
    assert "Your round is at" not in words(widget)
    press(widget, "Start")
    assert "Exercise 1 of 10" in words(widget)


def test_what_cannot_be_stored_is_said_and_the_round_goes_on(monkeypatch, tmp_path):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "no" / "folder" / "progress.json"))
    widget = practice().widget
    press(widget, "Start")
    assert "could not be stored" in words(widget)
    answer(widget)
    press(widget, "Next exercise")
    assert "Exercise 2 of 10" in words(widget)


def test_the_saved_form_is_the_same_whatever_has_been_done(own_progress):
    data, _ = practice()._repr_mimebundle_()
    assert not own_progress.exists()  # to show it stores nothing
    assert data["text/plain"] == f"Practice. 10 exercises with new numbers, one after the other. {LEAD}"
    done(_1_gone=(3, False))
    press(practice().widget, "Start")
    assert practice()._repr_mimebundle_()[0]["text/plain"] == data["text/plain"]
    assert repr(practice(4)).startswith("Practice. 10 exercises of chapter 4 with new numbers")
    assert repr(practice(0)).startswith("Practice. 1 exercise of chapter 0 with new numbers")


def test_cards_of_exercises_that_were_shown_are_closed():
    widget = practice().widget
    press(widget, "Start")
    former = below(widget)
    press(widget, "Next exercise")
    assert former.comm is None and below(widget).comm is not None


def test_each_round_counts_from_the_beginning():
    """Chapter 0 has one exercise: solved with a hint at the second try, and in the next round at once."""
    widget = practice(0).widget
    press(widget, "Start"), press(below(widget), "Hint")
    answer(widget, right=False), answer(widget)
    press(widget, "Next exercise")
    assert "You solved 1 of 1, 0 on the first try and without a hint." in words(widget)
    press(widget, "Another round")
    assert "It is here because you looked at 1 hint." in words(widget) and "Solved" not in words(below(widget))
    answer(widget)
    press(widget, "Next exercise")
    assert "You solved 1 of 1, 1 on the first try and without a hint." in words(widget)


@pytest.mark.parametrize(
    "id, said", [("3-two", "type your answer in the box."), ("3-missing", "choose one.")], ids=["number", "options"]
)
def test_an_empty_answer_is_told_of_the_box_and_of_no_cell(id, said):
    round = {"ids": [id], "why": ["you have not tried it yet"], "at": 0}
    storage.put("practice round", "3", round)
    widget = practice(3).widget
    press(widget, "Continue")
    for _ in range(2):
        assert f"Not answered yet: {said}" in words(below(widget)) and "cell" not in words(below(widget))
        press(below(widget), "Check", answer="")
    assert storage.get("practice exercises", id) is None
