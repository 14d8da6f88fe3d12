"""The book's judge and the notebook's say the same: thousands of typed answers, and hundreds of hands on each card."""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from book import cards as book_cards
from book.scripts import bundle
from card_hands import card_of

from leverage_lab.chapters.inventory import STAGES
from leverage_lab.claims import VERDICTS
from leverage_lab.classroom import audit_card, before_and_after, inventory, panels, progress
from leverage_lab.classroom.capstone import AuditCard, BeforeAndAfter
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.classroom.inventory_card import DONT_KNOW, InventoryCard
from leverage_lab.classroom.practice_card import Record, RoundCard
from leverage_lab.classroom.progress_card import ProgressCard
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.cards import LOOKS, ExerciseCard, PredictionCard, tried
from leverage_lab.panelkit.page import html, judged
from leverage_lab.panelkit.practice import Choice, Prediction, Repair, judge
from leverage_lab.words import MINUS, sentence

JUDGE = """
const { compared, judge, readGuess, tell, verdictHtml } = module_judge, { html } = module_wording;
const { tasks, predictions, typed } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const ofTask = (task, answer) => {
  const verdict = judge(task, answer);
  return [verdict.kind, verdict.text, verdictHtml(verdict)];
};
const ofPrediction = (prediction, answer) => {
  const { guess, problem } = readGuess(prediction, answer);
  if (problem) return ["unreadable", problem, html(problem)];
  return [guess, html(tell(prediction)), compared(prediction, guess)];
};
console.log(JSON.stringify(typed.map(([at, answer]) =>
  at < tasks.length ? ofTask(tasks[at], answer) : ofPrediction(predictions[at - tasks.length], answer))));
"""


def node(folder, module, script, given):
    """What a script prints, as JSON, of what it is given; it runs behind this module of the book and those before."""
    if not shutil.which("node"):
        if os.environ.get("CI"):
            pytest.fail("The book's scripts cannot be tried: there is no node here.")
        pytest.skip("needs node")
    (folder / "run.js").write_text(bundle(module).removesuffix("\n})();\n") + f"\n{script}}})();", encoding="utf-8")
    ran = subprocess.run(
        ["node", "run.js"], cwd=folder, input=json.dumps(given), capture_output=True, text=True, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def number_ways(rng, value, unit):
    """One way in which somebody may write this number, or one near it."""
    value *= rng.choice((1,) * 8 + (-1, 100, 0.01, 10, 1.004, 0.97, 1.3))
    size = 100 * value if unit == "%" and rng.random() < 0.7 else value
    text = rng.choice(
        (
            f"{size:.{rng.randint(1, 7)}g}", f"{size:.{rng.randint(0, 4)}f}", f"{size:,.{rng.randint(0, 3)}f}",
            repr(size), f"{size:.3e}", f"{size:,.2f}".translate(str.maketrans(",.", ".,")),
            f"{size:,.1f}".replace(",", rng.choice((" ", "'", "\u202f", "_"))), f"{size / 1000:.4g}k",
        )
    )  # fmt: skip
    if rng.random() < 0.3:
        text = text.replace("-", rng.choice((MINUS, "\u2013", "minus ", "- ")))
    if rng.random() < 0.6:
        return text + rng.choice(("", "", unit, " " + unit))
    after = rng.choice(("", unit, " %", "%", " percent", "x", " USD", " BTC", " bps", " hours", "."))
    return rng.choice(("", "", "$", "about ", "= ", "~", "+", "USD ", "x")) + text + after


RUBBISH = (
    "", " ", "abc", "…", "nan", "inf", "-inf", "1e400", "1e307", "5e-324", "0", "-0", "0.0", "$", "%", "x", "1,2,3",
    "1.2.3", ",", ".", "1..5", "--5", "-(-5)", "+-5", "2**0.5", "(-8)^(1/3)", "1/0", "007", "007.5", "2(3)", "()",
    "10 x 3", "5 x", "3*4", "120*40*0.0005", "1/3", "2^10", "2^-1", "9^9999", "-2^2", "(1+2)*3 USD", "1//2", "7,5*2",
    "$5 USD", "$5 %", "$5 x", "5 dollars", "20:1", "20:10", "1e5", "1E-5", "12,34,567", "1.234.567,89", "1,234",
    "4.725", "0,05", "５０", "１２，５", "٣", "٣٫٥", "½", "²", "5€", "€5", "₿2", "5 per cent", "5 p.c", "5 pct.", "5%!",
    "5 basis points", "20 million", "5 thousand", "3 bn", "5kk", "k", "constructor", "5 constructor", "__proto__",
    "5 toString", "<b>5</b>", "5 & 6", "it's 5", "“5”", "**5**", "`5`", "one", "I don't know", "5 5", "5 000", "5  000",
    "5\u00a0000,5", "5-5", "5 - 5", "5-", "approx. 5", "approximately5", "c5", "c. 5", "ca 5", "circa5", "plus 5",
    "MINUS 5", "minus5", "0.001953125", "0.125", "1.005", "39.975", "999999.995", "1e15", "1" * 80, "1" * 81,
    "9" * 79 + "%", "x" * 60, "😀" * 45, "5😀", "1" * 30 + "." + "5" * 30, "0." + "0" * 60 + "1", "5e", "5 e",
    "1e1e1", "0x10", "1_000", "1_0", "True", "None", "5 settlements", "5 settlement", "5 h", "5 hour", "5 X", "a",
)  # fmt: skip


def typed_answers(rng, tasks, predictions, count):
    """[(index of a task or prediction, what is typed)]"""
    asked, found = [*tasks, *predictions], []
    while len(found) < count:
        at = rng.randrange(len(asked))
        one = asked[at]
        if isinstance(one, Choice) or (isinstance(one, Prediction) and one.options):
            found.append((at, rng.choice([*one.options, ""])))
        elif rng.random() < 0.25:
            found.append((at, rng.choice(RUBBISH)))
        else:
            goals = [one.answer, *(wrong.gives for wrong in getattr(one, "wrong", ()))]
            shown = rng.random() < 0.15
            value = rng.choice(goals)
            found.append((at, one.show(value) if shown else number_ways(rng, value, one.unit)))
    return found


def said_here(one, answer):
    """What the notebook says: kind (or guess), text, HTML."""
    if isinstance(one, Prediction):
        try:
            guess = one.read(answer)
        except ValueError as error:
            return ["unreadable", sentence(error), html(sentence(error))]
        return [guess, html(one.tell()), judged("right" if one.met_by(guess) else "wrong", one.compare(guess))]
    verdict = judge(one, answer or ...)
    return [verdict.kind, verdict.text, judged(LOOKS.get(verdict.kind, ""), verdict.text)]


def test_ten_thousand_answers_are_judged_alike(tmp_path):
    rng = random.Random(20)
    exercises = [one for one in exercise_book.exercises.values() if not isinstance(one, Repair)]
    tasks = [one.make(**numbers) for one in exercises for numbers in (one.start(), one.draw(rng))]
    predictions = list(exercise_book.predictions.values())
    typed = [(at, answer.strip()) for at, answer in typed_answers(rng, tasks, predictions, 10_000)]
    given = {
        "tasks": list(map(book_cards.task_data, tasks)),
        "predictions": list(map(book_cards.prediction_data, predictions)),
        "typed": typed,
    }
    kinds, apart = set(), []
    for (at, answer), there in zip(typed, node(tmp_path, "judge", JUDGE, given), strict=True):
        one = [*tasks, *predictions][at]
        here = said_here(one, answer)
        kinds.add((type(one), here[0] if isinstance(here[0], str) else "guess"))
        if here[0] == "missing":  # a page has no cell: it says the first half
            here = [there[0], there[1], there[2]] if here[1].startswith(there[1].removesuffix(".")) else here
        if here != there:
            apart.append((one.ask[:60], answer, here, there))
    assert not apart, f"{len(apart)} of {len(typed)}: {apart[:5]}"
    assert {kind for one, kind in kinds if one is not Prediction} == {
        "missing", "unreadable", "right", "known", "close", "wrong",
    }  # fmt: skip


def test_an_empty_answer_is_told_as_in_a_round_of_practice(tmp_path):
    """Neither has a cell."""
    drawn = [id for id, one in exercise_book.exercises.items() if one.numbers]
    tasks = [book_cards.task_data(exercise_book.task(id)) for id in drawn]
    given = {"tasks": tasks, "predictions": [], "typed": [(at, "") for at in range(len(drawn))]}
    for id, (kind, text, _) in zip(drawn, node(tmp_path, "judge", JUDGE, given), strict=True):
        verdict = RoundCard(exercise_book, id).verdict
        assert (verdict.kind, verdict.text) == (kind, text)


# --- what happens when something is pressed ---------------------------------------------------------------------

HANDS = """
const cards = module_cards, keep = module_keep;
const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const stored = new Map();
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => stored.set(key, value),
  removeItem: (key) => stored.delete(key),
};
(async () => {
  const seen = [];
  const show = ({ now }) => seen.push([now.says, now.held, now.hidden, keep.text()]);
  for (const { data, hands } of given) {
    const card = cards.standIn(data.state);
    card.pressed = cards.KINDS[data.kind](data, card, { open() {} });
    show(card);
    for (const [press, held] of hands) {
      await card.model.send({ press, held: { ...card.now.held, ...held }, ticket: "1" });
      show(card);
    }
  }
  console.log(JSON.stringify(seen));
})();
"""


def hands_on(rng, card):
    """What a learner may press on a card, and what stands in its boxes then: [(name, {part: content})]"""
    pressed = []
    for _ in range(rng.randint(1, 5)):
        if isinstance(card, ExerciseCard):
            task = card._task
            answers = [task.show(one) for one in (task.answer, *(wrong.gives for wrong in task.wrong))]
            typed = rng.choice([*task.options, ""] if isinstance(task, Choice) else [*answers, "7", "abc", " "])
            name = rng.choice(("check", "check", "hint", "solution"))
            pressed.append((name, {"answer": typed}))
        elif isinstance(card, PredictionCard):
            one = card.prediction
            typed = rng.choice([*one.options, ""] if one.options else [one.show(one.answer), "12 %", "x", "3", ""])
            pressed.append((rng.choice(("lock", "lock", "skip", "again")), {"guess": typed}))
        elif isinstance(card, InventoryCard):
            item = rng.choice(card.items)
            pressed.append((item.id, {item.id: rng.choice([*(option.text for option in item.options), DONT_KNOW])}))
        elif isinstance(card, AuditCard):
            name = rng.choice(("verdict", "verdict", "verdict", "next", "previous", "open", "chosen", "compare"))
            chosen = rng.choice(card.claims).id
            pressed.append((name, {"verdict": rng.choice(VERDICTS)} | ({"chosen": chosen} if name == "chosen" else {})))
        elif isinstance(card, BeforeAndAfter):
            pressed.append(("compare", {}))
    return pressed


BOOK_SAYS = {  # where the notebook's words would be wrong in a page
    ", or put it in place of the dots and run the cell": "",
    ", or put its letter in place of the dots and run the cell": "",
    "chapter 0 asks the questions with <code>inventory(&quot;before&quot;)</code>, chapter 8 with <code>inventory"
    "(&quot;after&quot;)</code>": "chapter 0 asks the questions before the course, chapter 8 after it",
}


def book_says(says):
    text = json.dumps(says, ensure_ascii=False)
    for here, there in BOOK_SAYS.items():
        text = text.replace(json.dumps(here, ensure_ascii=False)[1:-1], there)
    return json.loads(text)


def test_all_cards_answer_like_the_notebooks(tmp_path, own_progress):
    """Hundreds of hands on every kind of card, one after the other on the same progress: what stands on the card, and
    the progress file, are those of the notebook."""
    rng = random.Random(5)
    panel = panels.first_touch()
    makers = [
        *(lambda id=id: ExerciseCard(exercise_book, id) for id, one in exercise_book.exercises.items() if one.numbers),
        *(lambda one=one: PredictionCard(one, panel) for one in exercise_book.predictions.values()),
        *(lambda stage=stage: inventory(stage) for stage in STAGES for _ in range(6)),
        *([audit_card] * 6),
        *([progress, before_and_after] * 6),
    ]
    rng.shuffle(makers)
    given, here = [], []
    for make in makers:
        card = make()
        data = book_cards.card_data(card) if not isinstance(card, PredictionCard) else prediction_without_panel(card)
        hands = hands_on(rng, card)
        given.append({"data": data, "hands": hands})
        widget = card_of(card.widget)
        for press, held in [(None, {}), *hands]:
            if press:
                question = {"press": press, "held": widget.held | held, "ticket": str(len(here))}
                widget._handle_custom_msg(question, [])
            says = book_says(widget.says)
            if isinstance(card, ProgressCard):
                says["tables"] += html(hunts_left())
            here.append([says, widget.held, widget.hidden, storage.text()])
    there = node(tmp_path, "cards", HANDS, given)
    assert len(here) == len(there) > 500
    for now, then in zip(here, there):
        assert now[:3] == then[:3] and json.loads(now[3]) == json.loads(then[3])


def hunts_left():
    """What the book says of the exercises that it counts and cannot ask."""
    hunts = [id for id, one in exercise_book.exercises.items() if isinstance(one, Repair)]
    left = len(hunts) - sum(tried(storage.get("exercises", id))["solved"] for id in hunts)
    said = f"Bug hunts among the exercises still to solve: {left}. They need Python, so they are done in the notebooks."
    return said if left else ""


def prediction_without_panel(card):
    """Its data without the panel's, which is no matter of the card."""
    return {"kind": "prediction", "state": book_cards.first_state(card), **book_cards.prediction_data(card.prediction)}


RECORDS = """
const { recordOf } = module_record;
const { ids, files } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(files.map((file) => {
  globalThis.localStorage = { getItem: () => JSON.stringify(file) };
  const { why } = recordOf();
  return ids.map(why);
})));
"""


def test_what_was_hard_is_known_alike(tmp_path, own_progress):
    rng, ids = random.Random(7), list(exercise_book.exercises)
    entries = [{"tries": n, "solved": done} for n in (0, 1, 2, 3, 7) for done in (True, False)] + [None, 5]
    files = []
    for _ in range(40):
        some = {kept: rng.sample(ids, rng.randint(0, 60)) for kept in ("", "practice ")}
        tries = {f"{kept}exercises": {id: rng.choice(entries) for id in some[kept]} for kept in some}
        hints = {f"{kept}hints": {id: rng.choice((1, 2, 3, "x")) for id in some[kept][::3]} for kept in some}
        files.append({"version": 1, **tries, **hints, "predictions": {"3-x": 1} if rng.random() < 0.5 else {}})
    for file, there in zip(files, node(tmp_path, "record", RECORDS, {"ids": ids, "files": files}), strict=True):
        own_progress.write_text(json.dumps(file), encoding="utf-8")
        record = Record()
        assert [list(record.why(id)) for id in ids] == there


# --- progress files ---------------------------------------------------------------------------------------------

FILES = """
const { restore, text } = module_keep;
const stored = new Map();
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => stored.set(key, value),
  removeItem: (key) => stored.delete(key),
};
const files = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(files.map((file) => [restore(file), text()])));
"""
OLDER = Path(__file__).resolve().parents[1] / "classroom" / "progress_before_chapters_moved.json"


def test_files_are_restored_and_refused_as_in_the_notebooks(tmp_path):
    """An older file with its ids of today; one with a byte order mark, or with NaN, which counts as nothing; a newer,
    damaged or other one with the same words."""
    older = OLDER.read_text(encoding="utf-8")
    both = {"6-size": {"tries": 2, "solved": True}, "7-size": {"tries": 3, "solved": False}, "6-jump": 5, "7-jump": 6}
    more = {"version": 1, "exercises": both, "hints": {"6-jump": 2}, "predictions": {"6-first": "a"}, "x": 5, "y": {}}
    entry = '"exercises": {"7-size": {"tries": 1, "solved": true}}'
    unknown = r'"predictions": {"a": NaN, "b": -Infinity, "c": [Infinity], "d": "NaN, \\", "e\"": "x NaN"}'
    known = {"a": None, "b": None, "c": [None], "d": "NaN, \\", 'e"': "x NaN"}
    odd = [
        f'\ufeff{{"version": 1, {entry}}}', f'{{"version": 1.0, {entry}}}', f'{{"version": 1e0, {entry}}}',
        f'{{"version": 1, {entry}, {unknown}}}', f'{{"version": 1, {entry}, "words": {{"half a sign": "\\ud83d"}}}}',
    ]  # fmt: skip
    refused = [
        '{"version": 1.5}', '{"version": 2.0}', '{"version": NaN}', '{"version": Infinity}', '{"version": 1e999}',
        '{"version": true}', '\ufeff\ufeff{"version": 1}', "\ufeff", "NaN", '{"version": 1, "x": nan}',
        '{"version": 1, "x": -NaN}', "{half", "", "[]", "5", "null", '{"cells": []}', '{"version": "1"}',
        '{"version": 0}', '{"version": 99}',
    ]  # fmt: skip
    files = [older, *refused, *odd, json.dumps(more)]
    for file, (said, text) in zip(files, node(tmp_path, "keep", FILES, files), strict=True):
        here = storage.restore(file)
        assert said == here if file in refused else said.startswith("Restored.") and here.startswith("Restored.")
        assert json.loads(text) == json.loads(storage.text()), file
        if file in odd:
            assert json.loads(text)["exercises"] == {"7-size": {"tries": 1, "solved": True}}
        if unknown in file:
            assert json.loads(text)["predictions"] == known
    assert json.loads(text)["exercises"] == {"7-size": {"tries": 2, "solved": True}, "7-jump": 6}
