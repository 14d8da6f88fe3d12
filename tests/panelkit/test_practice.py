"""Exercises, predictions, inventory: right and wrong answers, redraws, and what must never raise."""

import itertools
import math
import random
import re
from decimal import ROUND_HALF_UP, Decimal
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from card_hands import card_of, is_open, options, press, words
from pictures import plain
from soak import SOAK

from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.classroom import check, hint, inventory, panels, predict, progress, redraw, selfcheck, solution
from leverage_lab.classroom.exercises import CHAPTERS, asked, exercise_book
from leverage_lab.classroom.inventory_card import InventoryCard
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.cards import ExerciseCard, PredictionCard
from leverage_lab.panelkit.practice import Choice, Exercise, Repair, Task, Wrong, judge

FIRST = {id: exercise_book.task(id) for id in exercise_book.exercises}
DRAWN = {id: exercise_book.exercises[id] for id, task in FIRST.items() if isinstance(task, Task)}
CHOICES = {id: exercise_book.exercises[id] for id, task in FIRST.items() if isinstance(task, Choice)}
REPAIRS = {id: task for id, task in FIRST.items() if isinstance(task, Repair)}
DRAWS = 200 if SOAK else 40
every_drawn = pytest.mark.parametrize("id", DRAWN)
every_choice = pytest.mark.parametrize("id", CHOICES)
every_repair = pytest.mark.parametrize("id", REPAIRS)

ASKED = [one.id for chapter in CHAPTERS for one in asked(chapter)]
BY_HAND = {}  # from the start numbers of each exercise, worked in its chapter's test file
for chapter in sorted((Path(__file__).parents[1] / "chapters").glob("test_chapter_*.py")):
    BY_HAND |= import_module(chapter.stem).BY_HAND


@pytest.fixture(autouse=True)
def fresh_desk(monkeypatch):
    monkeypatch.setattr(exercise_book, "numbers", {})
    monkeypatch.setattr(exercise_book, "seen", {})
    monkeypatch.setattr(exercise_book, "rng", random.Random(7))


def as_typed(task, value):
    """The way a person would write it down: rounded to four digits, with its unit."""
    if task.unit == "%":
        return f"{100 * value:.4g} %"
    return f"${value:,.6g}" if task.unit == "$" and value >= 0 else f"{value:.6g}"


@every_drawn
def test_the_answer_by_hand(id):
    assert exercise_book.task(id).answer == pytest.approx(BY_HAND[id], rel=1e-9)


@every_drawn
def test_right_in_every_form_a_person_types(id):
    task = exercise_book.task(id)
    for answer in (
        task.answer,
        np.float64(task.answer),
        np.array([task.answer]),
        as_typed(task, task.answer),
        f"{task.answer:.5g}",
    ):
        assert judge(task, answer).kind == "right", (answer, judge(task, answer))


@every_drawn
def test_each_misconception_is_met_with_its_words_in_all_draws(id):
    exercise, rng = DRAWN[id], random.Random(1)
    numbers = exercise.start()
    for _ in range(DRAWS):
        task = exercise.make(**numbers)
        assert len(task.wrong) >= 3 and len(task.hints) >= 2 and task.apart()
        assert abs(task.answer) > 1e-9 and not re.search(r"\bnan\b", task.ask + task.steps)
        assert judge(task, task.answer).kind == "right"
        assert judge(task, as_typed(task, task.answer)).kind == "right", (as_typed(task, task.answer), task.answer)
        for wrong in task.wrong:
            verdict = judge(task, wrong.gives)
            assert verdict.kind == "known" and wrong.why in verdict.text
        before, numbers = numbers, exercise.draw(rng, unlike=numbers)
        assert numbers != before


def draws(id, most=DRAWS):
    """Tasks of this exercise: its first one and all that can be drawn, or `most` of them."""
    exercise, rng = DRAWN[id], random.Random(3)
    all_numbers = [dict(zip(exercise.numbers, values)) for values in itertools.product(*exercise.numbers.values())]
    tasks = [
        exercise.make(**numbers)
        for numbers in [exercise.start(), *rng.sample(all_numbers, min(most, len(all_numbers)))]
    ]
    assert tasks[0].apart()
    return [task for task in tasks if task.apart()]


UNITS = {"$": "$", "%": "%", "x": "x"}


def to_three_digits(number):
    """As a person would round it."""
    last = Decimal(1).scaleb(math.floor(math.log10(abs(number))) - 2)
    return f"{Decimal(f'{number:.12g}').quantize(last, ROUND_HALF_UP):f}"


@every_drawn
def test_the_answer_as_the_worked_solution_prints_it_and_rounded_is_right(id):
    """With its unit and without, in all draws. Three digits are enough, chapter 0 says,
    unless the question asks for more."""
    for task in draws(id):
        number = task.answer * (100 if task.unit == "%" else 1)
        unit = UNITS.get(task.unit, task.unit)
        printed = re.findall(r"\*\*(.+?)\*\*", task.steps)
        assert printed and task.show(task.answer) in printed
        places = {"to the dollar": "1", "to the cent": "0.01", "to two decimals": "0.01"}.get(task.to)
        if places:
            assert task.to in task.ask
            rounded = f"{Decimal(f'{number:.12g}').quantize(Decimal(places), ROUND_HALF_UP):f}"
        else:
            assert task.to == "to three digits" and task.tolerance >= 0.005
            rounded = to_three_digits(number)
        bare = re.sub(rf"\s*({re.escape(unit)}|{re.escape(unit.removesuffix('s'))})$|\$", "", task.show(task.answer))
        for typed in (
            task.show(task.answer),
            bare,
            rounded,
            f"{rounded} {unit}",
            f"{number:.6f}".rstrip("0").rstrip(".").replace(".", ","),
        ):
            assert judge(task, typed).kind == "right", (typed, task.show(task.answer), judge(task, typed))


def swiss(text):
    return text.replace(",", "’")


def german(text):
    return text.translate(str.maketrans(",.", ".,"))


FORMS = {
    "$": ("US${}", "{} USD", "USD {}", "${} USD", "{} $.", "≈ {}", "~{}", "ca. {} $", "about ${}"),
    "%": ("{}％", "{} pct", "{} per cent", "{} percent.", "≈{}%", "approx. {} %"),
    "x": ("{}x", "{} times", "{}:1", "x{}", "roughly {}x"),
}


@every_drawn
def test_an_answer_is_right_in_every_way_people_write_it(id):
    """The number as the solution prints it, with the signs and units of the world. 1,234 in German is 1.234:
    read as what is right."""
    task = draws(id)[0]
    shown = task.show(task.answer)
    digits = re.search(r"[\d.,]+", shown)[0]
    sign = re.search(r"[−+]?", shown)[0]
    forms = [form.format(sign + digits) for form in FORMS.get(task.unit, (f"{{}} {task.unit}", "= {}", "~ {}"))]
    forms += [form.format(sign + way(digits)) for way in (swiss, german) for form in FORMS.get(task.unit, ("{}",))[:2]]
    if task.unit == "%":
        forms.append(f"{sign}{100 * float(digits.replace(',', '')):g} bps")
    if sign == "−":
        forms += [form.replace("−", dash) for form in forms[:1] for dash in "–—-"]
    for typed in forms:
        assert judge(task, typed).kind == "right", (typed, shown, judge(task, typed))


@every_drawn
def test_no_wrong_way_is_judged_right(id):
    for task in draws(id):
        for wrong in task.wrong:
            assert judge(task, task.show(wrong.gives)).kind != "right", (task.ask, task.show(wrong.gives))
            assert judge(task, wrong.gives).kind != "right"


@every_drawn
def test_a_sign_is_asked_for_where_it_counts(id):
    tasks = draws(id)
    if any(task.answer < 0 for task in tasks):
        assert not tasks[0].either_sign and re.search("sign|minus", tasks[0].ask), tasks[0].ask
    question = re.split(r"[.:] ", tasks[0].ask)[-1]
    if re.match("How many (dollars|percent).* (lose|lost|gone|pay|cost|fee|fees|interest|take)[ ?]", question):
        assert judge(tasks[0], -tasks[0].answer).kind == "right", tasks[0].ask


@every_drawn
def test_the_article_is_that_of_the_number_as_it_is_read_aloud(id):
    for task in draws(id):
        for text in (task.ask, task.steps, *task.hints, *(wrong.why for wrong in task.wrong)):
            assert not wrong_article(text), text


@pytest.mark.parametrize("name", panels.ALL)
def test_articles_in_the_sentences_of_panels(name):
    panel = panels.ALL[name]()
    for control in panel.controls.values():
        panel.reset()
        for stop in getattr(control, "stops", None) or control.options:
            panel.set(**{control.name: stop})
            assert not wrong_article(panel.sentence), panel.sentence


def wrong_article(text):
    """A 8x, a 11x, a $18,000; or an 20x."""
    for article, number in re.findall(r"\b([Aa]n?) \$?(\d[\d,]*)", text):
        whole = number.replace(",", "")
        vowel = whole[0] == "8" or whole in ("11", "18") or (whole[:2] in ("11", "18") and len(whole) in (5, 8))
        if vowel != (article.lower() == "an"):
            return f"{article} {number}"
    return ""


@pytest.mark.parametrize(
    "typed, kind",
    [
        ("4.725", "right"),
        ("4,72", "right"),
        ("4,725", "right"),
        ("4,725 $", "right"),
        ("4,7250", "right"),
        ("4,800", "wrong"),
    ],
)
def test_a_comma_is_read_both_ways_if_one_of_them_is_right(typed, kind):
    task = exercise_book.exercises["4-payment"].make(
        coins=0.5, entry=60_000, mark=63_000, leverage=20, funding=0.00015
    )  # 0.5 × 63,000 × 0.00015 = 4.725
    assert judge(task, typed).kind == kind


def test_a_rounded_answer_with_a_comma_is_not_read_as_a_small_one():
    """1,000 × 79.6 % × $5,000 / 50 = $79,600; the usual wrong answer $79.60 is near 80.000 with a decimal comma."""
    task = exercise_book.exercises["6-lost-together"].make(leverage=50, value=5000, days=7)
    verdict = judge(task, "$80,000")
    assert verdict.kind == "close" and "$80,000" in plain(verdict.text)
    assert judge(task, "79,6").kind == "known"


def test_a_bare_number_in_percent_may_be_right_though_its_fraction_is_a_usual_wrong_one():
    task = exercise_book.exercises["4-way"].make(
        leverage=75, maintenance=0.0033, fee=0.0005
    )  # 0.001 / (1/75 − 0.0033) = 9.967 %; 1 / 0.09967 = 1,003 %
    for typed in ("9.97 %", "9.97", "9,97", 9.97, 0.0997):
        assert judge(task, typed).kind == "right", typed


def test_what_is_halfway_is_shown_rounded_up():
    """100x, up 0.5 %, 0.05 % each way: 50 − 5 − 5.025 = 39.975 % of the margin."""
    task = exercise_book.task("4-net")
    assert task.answer == pytest.approx(0.39975, rel=1e-12) and plain(task.show(task.answer)) == "39.98 %"
    assert "(Your 39.975 was read as percent; in code it is 0.39975.)" in plain(judge(task, 39.975).text)


MISSING = {  # the formula's parts that each question names, and the one that it does not
    "3-missing": {"wallet": "the wallet balance", "rate": "the maintenance margin rate", "coins": "the quantity",
                  "entry": "the entry price"},
    "4-missing": {"hours": "how often funding is settled", "coins": "how many coins you hold",
                  "mark": "the mark price", "rate": "the funding rate"},
    "6-missing": {"volatility": "the volatility of the price", "leverage": "the leverage",
                  "rate": "the maintenance rate"},
}  # fmt: skip


@pytest.mark.parametrize("id", MISSING)
def test_a_choice_says_which_part_of_its_formula_is_missing(id):
    """Each part is the missing one in some draw; then the question does not speak of it, and of all others it does."""
    named = {"wallet": "the wallet balance is", "rate": r"(margin|rate) is [\d.]+ ?%", "coins": r"[\d.]+ BTC",
             "entry": "the entry price is", "hours": "settled every", "mark": "the mark price is",
             "volatility": "volatility is", "leverage": "leverage is"}  # fmt: skip
    for missing, answer in MISSING[id].items():
        task = CHOICES[id].make(**CHOICES[id].start() | {"missing": missing})
        assert task.answer == answer
        known = {part for part in MISSING[id] if re.search(named[part], plain(task.ask))}
        assert known == set(MISSING[id]) - {missing}


@every_choice
def test_a_choice_is_read_by_letter_place_and_words_in_all_draws(id):
    exercise, rng = CHOICES[id], random.Random(1)
    numbers, places = exercise.start(), []
    count = len(exercise.make(**numbers).options)
    for _ in range(DRAWS):
        task = exercise.make(**numbers)
        options = list(task.options.values())
        assert 2 <= len(options) == count <= 6 and len(task.hints) >= 3 and task.apart()  # a card's circles are as many
        assert f"**{task.answer}**" in task.steps
        places.append(options.index(task.answer))
        for place, (letter, said) in enumerate(task.options.items(), start=1):
            ways = (place, np.int64(place), str(place), letter, f" {letter.upper()}) ", f"{letter}. {said}", said)
            for way in (*ways, said.upper() + ".", said.replace(" ", "\u00a0")):
                verdict = judge(task, way)
                if said == task.answer:
                    assert verdict == judge(task, task.answer) and verdict.text == f"Right: {said}.", way
                else:
                    (why,) = (wrong.why for wrong in task.wrong if wrong.gives == said)
                    assert verdict.kind == "known" and verdict.text == f"Not yet. You answered “{said}”. {why}", way
        numbers = exercise.draw(rng, unlike=numbers)
    assert len(set(places)) == count  # new numbers shuffle the options


@pytest.mark.parametrize("answer", ["", "e", 0, 5, 2.0, True, None, print, [1], "a, b", "the wallet", "x" * 500])
def test_what_is_no_option_gets_one_sentence(answer):
    verdict = check("3-missing", answer).verdict
    assert verdict.kind == "unreadable" and len(verdict.text) < 120
    assert verdict.text.startswith("Please choose one of a, b, c, d: its letter or its words, got ")
    assert storage.get("exercises", "3-missing") is None


def test_a_choice_of_numbers_is_read_by_its_words_first():
    """“2” is what an option says, not its place."""
    task = Choice("How many?", "2", (Wrong("1", "one"), Wrong("3", "three")), ("h",), "**2**")
    assert judge(task, "2").kind == "right" and judge(task, 1).text == "Not yet. You answered “1”. one"


def test_a_choice_card_from_wrong_to_right_to_new():
    card = check("3-missing")
    task = exercise_book.task("3-missing")
    for line in task.lines():
        assert f"- {line}" in repr(card) and f"- {line}" in card._repr_mimebundle_()[0]["text/markdown"]
    widget = card.widget
    assert [value for value, _ in options(widget, "answer")] == list(task.options)
    assert card_of(widget).says["answer"] == task.lines()
    press(widget, "Check")
    assert "Not answered yet: choose one, or put its letter in place of the dots" in words(widget)
    letters = {words: letter for letter, words in task.options.items()}
    press(widget, "Check", answer=letters["the mark price now"])
    assert "✗ Not yet. You answered “the mark price now”." in words(widget)
    press(widget, "Hint"), press(widget, "Check", answer=letters[task.answer])
    assert "✓ Right: the wallet balance." in words(widget)
    assert storage.get("exercises", "3-missing") == {"tries": 2, "solved": True}
    assert storage.get("hints", "3-missing") == 1
    press(widget, "New numbers", answer="a")
    assert card_of(widget).held == {"answer": ""} and card_of(widget).says["answer"] != task.lines()
    assert card_of(widget).says["answer"] == exercise_book.task("3-missing").lines()


def test_exercises_go_back_to_chapters_before_their_own():
    for id, exercise in exercise_book.exercises.items():
        assert all(type(chapter) is int and 0 < chapter < int(id.partition("-")[0]) for chapter in exercise.also), id


def test_a_question_without_numbers_is_not_drawn_again(monkeypatch):
    task = Choice("Which?", "this", (Wrong("that", "no"), Wrong("neither", "no")), ("h",), "**this**")
    monkeypatch.setitem(exercise_book.exercises, "9-fixed", Exercise("9-fixed", lambda: task))
    widget = redraw("9-fixed").widget
    names = [part["name"] for row in widget.parts for part in row.get("parts", ())]
    assert names == ["check", "hint", "solution"] and repr(check("9-fixed", "this")).endswith("✓ Right: this.")


@every_drawn
def test_a_new_draw_asks_something_new(id):
    before = exercise_book.task(id).ask
    assert repr(redraw(id)).startswith(f"Exercise {id}. ")
    assert exercise_book.task(id).ask != before
    assert exercise_book.task(id).show(exercise_book.task(id).answer).replace("−", "") in exercise_book.task(
        id
    ).steps.replace("−", "")


@every_drawn
def test_the_worked_solution_ends_with_the_answer(id):
    task = exercise_book.task(id)
    assert f"**{task.show(task.answer)}**" in solution(id).text


ODD_ANSWERS = [
    (..., "missing", "Not answered yet"),
    (None, "unreadable", "Please type a percentage, such as 5 % (your cell gave None, which is not a number)."),
    ("abc", "unreadable", "Please type a percentage, such as 5 % (you typed “abc”)."),
    ("1e999", "unreadable", "(you typed “1e999”)"),
    (10**400, "unreadable", "(your calculation gave an infinite number)"),
    ("", "unreadable", "Please type a percentage, such as 5 %."),
    ([0.04], "unreadable", "(your cell gave something other than one number)"),
    (True, "unreadable", "(your cell gave True, which is not a number)"),
    (float("nan"), "unreadable", "(your calculation gave nan, which is not a number)"),
    (print, "unreadable", "(your cell gave a function: call it with its values)"),
    ("4 %", "right", "Right: 4 %."),
    ("4%", "right", "Right: 4 %."),
    ("4,0 %", "right", "Right: 4 %."),
    (0.04, "right", "Right: 4 %."),
    ("0.04", "right", "Right: 4 %."),
    (4, "right", "Your 4 was read as percent; in code it is 0.04."),
    ("25 %", "known", "You answered 25 %. You used the leverage as the percentage."),
    (25, "known", "You answered 25 %. You used the leverage as the percentage."),
    (-0.04, "right", "Right: 4 %."),  # asked is a loss: a minus says the same
    (3, "wrong", "You answered 3 %. That is too small."),
    ("-3", "wrong", "You answered 3 %. That is too small."),
    (0.03, "wrong", "You answered 3 %. That is too small."),
    ("4x", "unreadable", "Please type a percentage, such as 5 % (you typed “4x”, which has another unit)."),
    ("1", "wrong", "You answered 1 %. That is too small."),  # not 100 %, though that is a usual wrong answer
    (1, "wrong", "You answered 1 %. That is too small."),
    ("-1", "wrong", "You answered 1 %. That is too small."),
    ("0.5", "wrong", "You answered 0.5 %. That is too small."),
    ("0.25", "known", "You used the leverage as the percentage."),  # only as a fraction it is one of the usual ones
    ("100/25", "right", "Right: 4 %."),
    ("1/25", "right", "Right: 4 %."),
    ("minus 4 pct", "right", "Right: 4 %."),
    ("0.4 %", "known", "off by a factor of 10"),
    ("0.04 %", "known", "off by a factor of 100"),
    ("3.9 %", "close", "Close."),
    ("7 %", "wrong", "That is too large."),
    ("1.5 %", "wrong", "That is too small."),
]


@pytest.mark.parametrize("answer, kind, words", ODD_ANSWERS, ids=lambda value: repr(value)[:20])
def test_odd_answers(answer, kind, words):
    card = check("1-gone", answer)
    assert card.verdict.kind == kind and words in plain(card.verdict.text)
    assert words in plain(repr(card))


@pytest.mark.parametrize(
    "id, answer, sentence",
    [
        (
            "1-position",
            "5 %",
            "Please type an amount in dollars, such as 12.50 (you typed “5 %”, which has another unit).",
        ),
        ("1-position", "3000x", "such as 12.50 (you typed “3000x”, which has another unit)."),
        ("0-first", "300 cents", "such as 12.50 (you typed “300 cents”, which has another unit)."),
        (
            "1-coins",
            "0.2817 BTC",
            "Please type an amount of ETH, such as 0.25 (you typed “0.2817 BTC”, which has another unit).",
        ),
        ("1-coins", "0.2817 eth", "Right: 0.28169 ETH."),
        ("1-short", "-$30", "Please type a percentage, such as 5 % (you typed “-$30”, which has another unit)."),
        ("1-short", 30, "That is a long's return."),
        ("1-short", -30, "Right: −30 %."),
        ("1-account", 6, "You answered 6 %. The size is right, the sign is not."),
        ("1-account", "-6", "Right: −6 %."),
        ("6-back", 42, "Close. You answered 42 %."),
        ("1-coins", 0.014, "That is what the margin alone buys."),
        ("1-profit", "-7", "The sign is not right either."),
        ("1-now", "19x", "Right: 19x."),
        ("4-often", "1 settlements", "You answered 1 settlement."),
        ("4-often", "1 settlement", "You answered 1 settlement."),
        ("4-often", "2 settlements", "Right: 2 settlements."),
        (
            "4-often",
            "3 days",
            "Please type a number of settlements, such as 3 (you typed “3 days”, which has another unit).",
        ),
        ("0-first", "3.1", "Close. You answered $3.10. That is more than a rounding difference"),
        ("6-one-percent", "60", "Close. You answered 60 %. Give it to three digits."),
        ("7-win-rate", "50 %", "Close. You answered 50 %. That is more than a rounding difference"),
        ("2-line", "38,200", "Close. You answered $38,200. Give it to the dollar."),
        ("1-position", "$0.53", "You divided by the leverage"),  # 40 / 75 = 0.5333…, to the cent
        # Right is 24.62 %, and 25 % uses up the whole wallet: 24.87 % is a rounding of neither.
        ("3-cross-end", "24.87", "Close. You answered 24.87 %. That is more than a rounding difference"),
        (
            "3-cross-end",
            "24.99",
            "That uses up the whole wallet.",
        ),  # within a thousandth, as from a step rounded before
        ("3-cross-end", "25.1", "the maintenance margin is missing on one side"),  # 25.126 % to three digits
        ("1-margin", 1000, "You took 20x for 20 %. At 20x the margin is the position divided by 20: 5 % of it."),
        ("6-further", "4.75x", "Right: 4.75 times."),
        ("6-further", "4.75 times", "Right: 4.75 times."),
        ("4-open", "-2.40", "Right: $2.40."),  # a cost, and no sign is asked for
        ("4-open", "120*40*0.0005", "Right: $2.40."),
        ("5-largest", "3 million", "Right: $3,000,000."),
        ("5-largest", "3M", "Right: $3,000,000."),
        ("1-position", "USD 3k", "Right: $3,000."),
        ("1-now", "x19", "Right: 19x."),
        ("1-now", "19 times", "Right: 19x."),
        ("3-two", "minus 40", "Right: −$40."),
    ],
)
def test_units_and_signs(id, answer, sentence):
    assert sentence in plain(repr(check(id, answer)))


def test_nothing_raises_whatever_is_handed_in():
    class Hostile:
        def __getattr__(self, name):
            raise RuntimeError("no")

        def __repr__(self):
            raise RuntimeError("no")

    for id in exercise_book.exercises:
        for answer in (
            Hostile(),
            object(),
            lambda: 1 / 0,
            10**400,
            complex(1, 2),
            {"a": 1},
            np.arange(3),
            b"5",
            "9" * 5000,
        ):
            assert check(id, answer).verdict.kind in ("unreadable", "wrong", "known")


@pytest.mark.parametrize("call", [check, hint, solution, redraw])
def test_an_exercise_that_does_not_exist(call):
    assert repr(call("1-positon")) == "There is no exercise '1-positon'. Did you mean '1-position'?"
    assert repr(call("0-zzzzzz")) == "There is no exercise '0-zzzzzz'. These exist: 0-first."  # the chapter's
    assert repr(call("?")) == "There is no exercise '?'. One that exists: '0-first'."
    assert len(repr(call("x" * 5000))) < 120
    for odd in (None, 3, [], "💥"):
        assert "There is no exercise" in repr(call(odd))


def test_a_prediction_that_does_not_exist():
    assert "There is no prediction 'x'." in repr(predict("x", panels.bought()))


@every_repair
def test_repairs_accept_the_right_function_and_name_each_wrong_one(id):
    repair = REPAIRS[id]
    assert len(repair.wrong) >= 3 and len(repair.hints) >= 2
    assert check(id, repair.right).verdict.kind == "right"
    for wrong in repair.wrong:
        verdict = check(id, wrong.gives).verdict
        assert verdict.kind == "known" and wrong.why in verdict.text
    assert check(id, 5).verdict.text.startswith("This exercise needs a function")
    assert "ZeroDivisionError" in check(id, lambda *a: 1 / 0).verdict.text
    assert (
        "must return a number" in check(id, lambda *a: "5").verdict.text
        and "is there a `return`" in check(id, lambda *a: None).verdict.text
    )
    assert "TypeError" in check(id, lambda: 5).verdict.text
    assert check(id, lambda *a: 12345.0).verdict.kind == "wrong"
    assert "Exercise" in repr(redraw(id))


def test_repairs_by_hand():
    # 0.1 × (5,100 − 5,000) = 10, lost by a short; 5,000 × 0.002 = 10 for $10 at 500x.
    assert REPAIRS["1-bug-short"].right("short", 0.1, 5000, 5100) == pytest.approx(-10)
    assert REPAIRS["1-bug-twice"].right(10, 500, 0.002) == pytest.approx(10)


def test_hints_come_one_after_the_other():
    count = len(exercise_book.task("1-gone").hints)
    hints = [hint("1-gone").text for _ in range(count + 2)]
    places = [*range(1, count + 1), count, count]
    assert [text.partition(":")[0] for text in hints] == [f"Hint {place} of {count}" for place in places]
    redraw("1-gone")
    assert hint("1-gone").text.startswith(f"Hint 1 of {count}")
    assert storage.get("hints", "1-gone") == count  # of the numbers before, too: the most that were shown


# Cards


def test_an_exercise_card_from_wrong_to_right_to_new():
    widget = check("1-gone", ...).widget
    press(widget, "Check", answer="25 %")
    assert "✗ Not yet. You answered 25 %. You used the leverage as the percentage" in words(widget)
    press(widget, "Hint")
    assert "Hint 1 of " in words(widget) and "You used the leverage as the percentage" in words(
        widget
    )  # the verdict stays
    press(widget, "Check", answer="4 %")
    press(widget, "Check", answer="4 %")
    assert "✓ Right: 4 %." in words(widget)
    assert storage.get("exercises", "1-gone") == {"tries": 2, "solved": True}
    press(widget, "Worked solution")
    assert "1 / 25" in words(widget) and "✓ Right: 4 %." in words(widget)
    question = words(widget)
    press(widget, "New numbers", answer="4 %")
    assert (
        card_of(widget).held == {"answer": ""}
        and words(widget) != question
        and "New numbers" in words(widget)
        and "Hint" not in words(widget)
    )
    press(widget, "Check")
    assert "✓ Solved before. Answer again if you like, or draw new numbers." in words(widget)
    assert storage.get("exercises", "1-gone")["solved"] is True


def test_what_is_asked_twice_under_one_ticket_counts_once():
    """An answer got lost on its way, and the page asks again: one try, one hint, one draw."""
    widget = check("1-gone", ...).widget
    for _ in range(3):
        press(widget, "Check", ticket="a", answer="25 %")
        press(widget, "Hint", ticket="b")
    assert storage.get("exercises", "1-gone")["tries"] == 1 and "Hint 1 of " in words(widget)
    press(widget, "New numbers", ticket="c")
    drawn = words(widget)
    press(widget, "New numbers", ticket="c")
    assert words(widget) == drawn and card_of(widget).ticket == "c"


def test_right_wrong_and_close_have_a_mark_a_word_and_a_colour():
    for answer, mark, word, look in (
        ("4 %", "✓", "Right", "ll-right"),
        ("25 %", "✗", "Not yet", "ll-wrong"),
        ("7 %", "✗", "Not yet", "ll-wrong"),
        ("3.9 %", "≈", "Close", "ll-close"),
    ):
        card = check("1-gone", answer)
        assert f"{mark} {word}" in repr(card) and f"*{mark} {word}" in card._repr_mimebundle_()[0]["text/markdown"]
        assert f'{look}"><p>{mark} {word}' in card.widget.says["verdict"]
    assert not re.search("[✓✗≈]", repr(check("0-first")) + repr(check("1-gone", "abc")))


def restart(monkeypatch):
    """What a kernel started later knows: nothing but the file."""
    monkeypatch.setattr(exercise_book, "numbers", {})
    monkeypatch.setattr(exercise_book, "seen", {})


def test_a_solved_exercise_says_so_after_a_restart(monkeypatch):
    assert "Not answered yet" in repr(check("1-gone"))
    check("1-gone", "4 %"), check("1-bug-twice", exercise_book.exercises["1-bug-twice"].right), check("1-position", 5)
    restart(monkeypatch)
    for text in (repr(check("1-gone")), words(check("1-gone").widget)):
        assert (
            "✓ Solved before. Answer again if you like, or draw new numbers." in text and "Not answered yet" not in text
        )
    assert "✓ Solved before." in repr(check("1-bug-twice")) and "numbers" not in repr(check("1-bug-twice"))
    assert "Not answered yet" in repr(check("1-position"))  # tried, not solved
    assert "✗ Not yet" in repr(check("1-gone", "25 %"))


@every_drawn
def test_drawn_numbers_outlive_the_kernel(id, monkeypatch):
    redraw(id)
    asked, answer = exercise_book.task(id).ask, exercise_book.task(id).answer
    restart(monkeypatch)
    card = check(id, answer)
    assert asked in card._ask() and card.verdict.kind == "right"
    assert solution(id).text == exercise_book.task(id).steps


@pytest.mark.parametrize(
    "stored", [5, [], None, {}, {"leverage": 7}, {"margin": 1}, {"leverage": [25]}, {"leverage": {"a": 1}}]
)
def test_numbers_of_another_version_are_left_out(stored):
    before = repr(check("1-gone"))
    storage.put("numbers", "1-gone", stored)
    assert repr(check("1-gone")) == before and hint("1-gone").text and solution("1-gone").text


def test_a_card_judges_the_question_that_it_shows():
    """Another cell has drawn new numbers meanwhile."""
    first = check("1-gone").widget
    second = redraw("1-gone")
    press(first, "Check", answer="4 %")
    assert "✓ Right: 4 %." in words(first)
    press(second.widget, "Worked solution")
    assert second._ask().replace("**", "") in words(second.widget)


def test_saved_form_of_a_card_has_question_and_state():
    data, metadata = check("1-gone", ...)._repr_mimebundle_()
    assert {"text/plain", "text/markdown", "application/vnd.jupyter.widget-view+json"} == set(data)
    assert "At 25x, how far" in data["text/plain"] and "**Exercise 1-gone.**" in data["text/markdown"]


EVERY_PREDICTION = pytest.mark.parametrize("id", exercise_book.predictions)


@EVERY_PREDICTION
def test_predictions_take_every_guess(id):
    prediction = exercise_book.predictions[id]
    assert not re.search(
        r"\bnan\b", prediction.compare(prediction.answer)
    ) and ", and that is right." in prediction.compare(prediction.answer)
    if prediction.options:
        assert prediction.answer in prediction.options and len(prediction.options) >= 3
        for option in prediction.options:
            assert ("and that is right" in prediction.compare(option)) == (option == prediction.answer)
        with pytest.raises(ValueError, match="choose one"):
            prediction.read(None)
    else:
        wrong = prediction.compare(prediction.answer * 3)
        assert f"it is {prediction.show(prediction.answer)}." in wrong
        with pytest.raises(ValueError, match="such as .*you typed “no idea”"):
            prediction.read("no idea")


PREDICTED_BY_HAND = {"0-guess": 20, "1-tenth": 0.05, "1-inverse": 1.0, "6-rounds": 75}


@pytest.mark.parametrize("id", PREDICTED_BY_HAND)
def test_predictions_by_hand(id):
    assert exercise_book.predictions[id].answer == pytest.approx(PREDICTED_BY_HAND[id])


def test_predictions_in_words_agree_with_the_panels():
    """What the options say is what the panel shows: no answer key beside the code."""
    ten, twenty = (panels.same_position(leverage=L, move=-0.02).result.pnl for L in (10, 20))
    assert ten == pytest.approx(twenty) and exercise_book.predictions["1-same-position"].answer == "the same"
    ten, twenty = (panels.same_margin(leverage=L, move=-0.02).result.pnl for L in (10, 20))
    assert twenty == pytest.approx(2 * ten) and exercise_book.predictions["1-same-margin"].answer == "twice as large"
    assert (
        len(panels.room(leverage=20).result.further) == 1 and exercise_book.predictions["1-room"].answer == "one or two"
    )
    # By hand: 20 × 8 % of 100 is 160 on paper, and 100 were put in; the short gains what the long loses on paper.
    floor = panels.payoff(leverage=20, move=-0.08).result
    assert (floor.paper, floor.pnl) == (pytest.approx(-160), -100) and exercise_book.predictions[
        "1-floor"
    ].answer.startswith("$100")
    assert panels.payoff(side="short", leverage=20, move=-0.08).result.pnl == pytest.approx(160)


def test_a_prediction_opens_after_a_guess_and_remembers_it():
    card = predict("1-tenth", panels.bought())
    widget = card.widget
    assert (
        isinstance(card, PredictionCard)
        and not is_open(widget)
        and "The picture opens when you have guessed." in words(widget)
    )
    press(widget, "lock", guess="no idea")  # as Enter does
    assert "Please type a percentage, such as 5 % (you typed “no idea”)." in words(widget)
    assert not is_open(widget) and card_of(widget).held == {"guess": "no idea"}
    press(widget, "Lock in my guess", guess="20")  # asked in percent
    assert is_open(widget) and type(widget.children[1]).__name__ == "Stage"
    assert "✗ You guessed 20 %; it is 5 %." in plain(words(widget)) and "The picture opens" not in words(widget)
    again = predict("1-tenth", panels.bought()).widget
    assert "✗ You guessed 20 %; it is 5 %." in plain(words(again)) and is_open(again)


def test_a_prediction_can_be_skipped_and_its_saved_form_is_open():
    card = predict("1-floor", panels.payoff())
    widget = card.widget
    press(widget, "Lock in my guess")
    assert "Make a guess first, or skip." in words(widget)
    press(widget, "Skip")
    assert is_open(widget) and storage.get("predictions", "1-floor") is None
    assert f"The answer: “$100, its margin”. {exercise_book.predictions['1-floor'].why}" in words(widget)
    data, _ = predict("1-floor", panels.payoff())._repr_mimebundle_()
    assert (
        "Predict:</b> A 20x long" in data["text/html"]
        and "<img alt=" in data["text/html"]
        and panels.payoff().sentence in data["text/plain"]
        and "Predict: A 20x long" in data["text/plain"]
    )


def test_a_prediction_is_asked_again_and_the_old_guess_stays_until_there_is_a_new_one():
    widget = predict("1-tenth", panels.bought()).widget
    press(widget, "Lock in my guess", guess="20 %")
    press(widget, "Ask again")
    assert not is_open(widget) and card_of(widget).held == {"guess": ""} and "You guessed" not in words(widget)
    assert storage.get("predictions", "1-tenth") == 0.2
    press(widget, "Skip")
    assert is_open(widget) and storage.get("predictions", "1-tenth") == 0.2
    press(widget, "Ask again")
    press(widget, "Lock in my guess", guess="5 %")
    assert (
        "✓ You guessed 5 %, and that is right." in plain(words(widget))
        and storage.get("predictions", "1-tenth") == 0.05
    )


def test_after_a_guess_options_stand_in_quotation_marks():
    said = exercise_book.predictions["4-which-day"].compare("on day 54")
    assert said.startswith("You guessed “on day 54”. The answer: “on day 18”. ")
    for prediction in exercise_book.predictions.values():
        for option in prediction.options:
            assert "it is " + prediction.answer not in prediction.compare(
                option
            ) and f"“{option}”" in prediction.compare(option)
        assert prediction.tell().startswith("The answer: ") and prediction.tell().endswith(prediction.why)


# The inventory


def test_twelve_items_each_with_one_right_answer_and_named_misconceptions():
    assert len(ITEMS) == 12 and len({item.id for item in ITEMS}) == 12
    named = [option.misconception for item in ITEMS for option in item.options if option.misconception]
    assert len(named) == len(set(named))
    places = []
    for item in ITEMS:
        assert len(item.options) == 4 and len({option.text for option in item.options}) == 4 and 1 <= item.chapter <= 7
        right = [place for place, option in enumerate(item.options) if not option.misconception]
        assert len(right) == 1
        places += right
    assert max(places.count(place) for place in range(4)) <= 5  # guessing one letter does not pay


def test_the_inventory_is_stored_answer_by_answer_and_comes_back():
    card = inventory("before")
    assert isinstance(card, InventoryCard)
    widget = card.widget
    assert len(widget.held) == 12 and set(widget.held.values()) == {""}
    assert [words for words, _ in options(widget, "account")] == [
        *(option.text for option in ITEMS[2].options),
        "I don't know yet",
    ]
    press(widget, "account", account="100 %")
    assert "Stored: 1 of 12 answers. 11 still open" in words(widget)
    assert storage.get("inventory", "before") == {"account": "100 %"}
    press(widget, "fees", fees="$5")
    press(widget, "account", account="5 %")  # another thought
    assert storage.get("inventory", "before") == {
        "account": "5 %",
        "fees": "$5",
    } and "Stored: 2 of 12 answers. 10 still open" in words(widget)
    again = inventory("before").widget
    assert (
        again.held["account"] == "5 %" and again.held["mirror"] == "" and "2 answers are already stored" in words(again)
    )
    assert "'before', 'after' or 'later', got 'soon'" in repr(inventory("soon"))


def test_the_inventorys_saved_form_gives_no_answer_away():
    text = repr(inventory("before"))
    for item in ITEMS:
        assert item.ask in text
        for option in item.options:
            assert text.count(option.text) >= 1
    assert "misconception" not in text and "right" not in text.lower().replace("which statement is right", "")


# Progress and self-check


def test_progress_counts():
    check("1-gone", 0.04), check("1-gone", 0.5), check("1-position", "3,000")
    text = progress().text
    assert f"| exercises solved | 2 | {len(ASKED)} |" in text and " tries" not in text
    assert sum(storage.get("exercises", id)["tries"] for id in ("1-gone", "1-position")) == 3


def test_a_bug_hunt_counts_each_different_function_once_and_none_as_printed():
    repair = exercise_book.exercises["1-bug-twice"]
    check("1-bug-twice", repair.wrong[0].gives)
    assert storage.get("exercises", "1-bug-twice") is None
    cell = "lambda margin, leverage, move: {}"
    for body in ("0", "margin * leverage", "0", "margin * move"):
        check(
            "1-bug-twice", eval(cell.format(body))
        )  # each time another function, as a cell makes when it is run again
    assert (storage.get("exercises", "1-bug-twice")["tries"], storage.get("exercises", "1-bug-twice")["solved"]) == (
        3,
        False,
    )
    check("1-bug-twice", repair.right), check("1-bug-twice", repair.wrong[0].gives), check("1-bug-twice", repair.right)
    assert (storage.get("exercises", "1-bug-twice")["tries"], storage.get("exercises", "1-bug-twice")["solved"]) == (
        4,
        True,
    )


def test_progress_has_a_row_for_each_chapter_with_what_is_open_once_it_is_begun():
    first = [id for id in ASKED if id.startswith("1-")]
    guesses = sum(id.startswith("1-") for id in exercise_book.predictions)
    assert f"| 1 | 0 of {guesses} | 0 of {len(first)} | |" in progress().text
    check("1-gone", 0.04), check("1-position", 5)
    storage.put("predictions", "1-floor", exercise_book.predictions["1-floor"].options[0])
    assert (
        f"| 1 | 1 of {guesses} | 1 of {len(first)} | {', '.join(f'`{id}`' for id in first if id != '1-gone')} |"
        in progress().text
    )
    assert (
        f"| 2 | 0 of {sum(id.startswith('2-') for id in exercise_book.predictions)} |" in progress().text
        and len(re.findall(r"\| \|$", progress().text, re.M)) == 7
    )
    assert f"still open: {first[0]}, " in words(progress().widget)
    for id in first:
        storage.put("exercises", id, {"tries": 1, "solved": True})
    assert f"| {len(first)} of {len(first)} | |" in progress().text


def test_an_exercise_that_is_not_in_the_course_is_not_counted():
    storage.put("exercises", "1-no-such", {"tries": 1, "solved": True})
    assert f"| exercises solved | 0 | {len(ASKED)} |" in progress().text and "no-such" not in progress().text


def test_the_table_that_is_shown_counts_again():
    widget = progress().widget
    assert "exercises solved 0" in words(widget)
    check("1-gone", 0.04)
    assert "exercises solved 1" in words(widget)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "no" / "such" / "folder" / "progress.json"))
    assert "could not be stored" in storage.put("predictions", "a", 1)
    assert check("1-gone", 0.04).verdict.kind == "right"
    widget = check("1-gone").widget
    press(widget, "Check", answer="4 %")
    assert "could not be stored" in words(widget)
    assert "**missing** a place to keep your answers" in selfcheck().text


def test_selfcheck_says_ok_and_names_what_is_missing(monkeypatch):
    lines = selfcheck().text.splitlines()
    assert len(lines) == 4 and all(line.startswith("- ok: ") for line in lines)
    from leverage_lab import data

    monkeypatch.setitem(data.TABLES, "no-such-table", data.TABLES["article_claims"])
    assert re.search(r"\*\*missing\*\* the tables.*no-such-table\.csv: there is no such file", selfcheck().text)


def test_every_exercise_card_can_be_shown():
    for id in exercise_book.exercises:
        assert isinstance(check(id), ExerciseCard) and check(id).widget


def test_a_comma_without_quotation_marks_gets_a_sentence():
    said = repr(check("7-size", 4, 725))
    assert said == 'Python reads 4,725 as 2 answers: put it in quotation marks, "4,725", or leave out the comma.'


def test_hours_may_be_written_as_the_panels_write_them():
    task = Task("How long?", 27, "hours", (), ("h",), "s")
    assert judge(task, "27 h").kind == judge(task, "27 hours").kind == judge(task, "27").kind == "right"


def test_a_guess_of_accounts_below_stands_beside_the_sentences_own_number():
    """361 of 400 are 90.25 %: the panel says 90.3 %, and so must the card."""
    (prediction,) = (
        one
        for one in exercise_book.predictions.values()
        if one.id.startswith("6-") and one.unit == "%" and 0.9 < one.answer < 0.905
    )
    assert prediction.show(prediction.answer).replace("\u00a0", " ") == "90.3 %"
    assert "90.3" in panels.many(leverage=200, stop=0.003, target=2, edge=0).sentence
