"""A prediction is one: neither title nor text nor output above gives its answer away.

Looked for are the answer's number with its unit, also rounded, and for a percentage what is missing to 100 %; and the
words of the right option. Numbers of three digits or of six figures are looked for in earlier chapters, too.
"""

import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from prose import numbers

from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.practice import Prediction

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
PREDICTIONS = exercise_book.predictions

WORDLESS = set("the and its that this with for from what who are was were one out not all yes does has can".split())


def plain(text):
    text = re.sub(r"data:image/png;base64,[\w+/=]+|<[^>]+>", " ", text.replace("<span>&#36;</span>", "$"))
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def texts(cell):
    """What a reader sees of a cell: prose, and stored outputs; not the code."""
    if cell.cell_type == "markdown":
        return [plain(re.sub(r"\]\([^)]*\)|\*\(\d+ of about \d+ minutes\)\*", "]", cell.source))]
    return [
        plain(output.get("text", "") + "\n" + output.get("data", {}).get("text/plain", ""))
        for output in cell.get("outputs", [])
    ]


def read():
    """{id: (texts above it in its chapter, texts of the chapters before)}."""
    found, before = {}, []
    for path in CHAPTERS:
        above = []
        for cell in nbformat.read(path, as_version=4).cells:
            for id in re.findall(r'^predict\("([\w-]+)"', cell.source, flags=re.M):
                found[id] = list(above), list(before)
            above += texts(cell)
        before += above
    return found


ABOVE = read()


def stands(sought, text, least=2):
    """Where a text has this number in this unit: as it is, or one of the two rounded from the other.

    sought: a Quoted. least: digits that the text's number must have, unless it is the very same.
    """
    hits = []
    for number in numbers(text):
        unit = number.unit or (re.match(r"\s*([a-z]+)", text[number.start + len(number.text) + 1 :]) or ("", ""))[1]
        gap = abs(sought.value - number.value)
        same = gap <= 1e-9 * max(1, sought.value) and (least <= 2 or telling(number))
        step = 0.5 * 10 ** -min(number.decimals, sought.decimals)
        rounded = min(number.digits, sought.digits) >= least and gap <= min(step, 0.01 * sought.value)
        if unit.rstrip("s") == sought.unit.rstrip("s") and (same or rounded):
            hits.append(text[max(0, number.start - 40) : number.start + 30].replace("\n", " "))
    return hits


def telling(number):
    """True for a number that hardly stands anywhere by chance."""
    return number.digits >= 3 or number.value >= 100_000


def stems(text):
    return {word[:4] for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in WORDLESS}


def quoted(text, unit=""):
    """The numbers with a unit in an answer; of a bare one the unit is the prediction's."""
    found = [replace(number, unit=number.unit or unit) for number in numbers(text.replace("\u00a0", " "))]
    return [number for number in found if number.unit]


def sought(prediction):
    """The numbers that give the answer away, without those that the question itself, or another option, has as data."""
    found = quoted(prediction.show(prediction.answer), prediction.unit)
    found += [replace(n, value=1 - n.value) for n in found if n.unit == "%" and telling(n) and n.value < 1]
    given = "; ".join([prediction.ask, *(option for option in prediction.options if option != prediction.answer)])
    return [number for number in found if not stands(number, given.replace("\u00a0", " "))]


def given_away(prediction, above, before=()):
    """The places that give the answer away, among texts of its chapter and of the chapters before."""
    hits = [hit for number in sought(prediction) for text in above for hit in stands(number, text)]
    far = [number for number in sought(prediction) if telling(number)]
    hits += [f"in an earlier chapter: {hit}" for number in far for text in before for hit in stands(number, text, 3)]
    words = stems(prediction.answer) if prediction.options else set()
    for sentence in re.split(r"(?<=[.?!:])\s|\n", "\n".join(above)):
        enough = len(words) * (2 / 3 if sentence.startswith("#") else 1)
        if len(words) >= 2 and len(words & stems(sentence)) >= enough:
            hits.append(f"the option's words: {sentence[:100]}")
    if prediction.options and len(words) >= 2 and prediction.answer.lower() in prediction.ask.lower():
        hits.append(f"the question: {prediction.ask}")
    return hits


EXCEPTIONS = {
    "1-inverse": "all of a margin is 100 % of it wherever the chapter counts that; this 100 % is another quantity",
    "2-two-times": "“closed by force” is what the chapter calls it; whether it happens here nothing says",
    "3-add": "−9.55 % was the end of a 10x long; that adding $100 at 20x comes to the same is the thought asked for",
    "3-hedge": "$200 was the margin of other positions, and the options are none, one and both of two such margins",
}


@pytest.mark.parametrize("id", [id for id in PREDICTIONS if id not in EXCEPTIONS])
def test_nothing_above_gives_the_answer_away(id):
    assert given_away(PREDICTIONS[id], *ABOVE[id]) == []


@pytest.mark.parametrize("id", EXCEPTIONS)
def test_the_lists_hold_nothing_that_can_go(id):
    assert id in PREDICTIONS and given_away(PREDICTIONS[id], *ABOVE[id]), f"{id} can be taken off its list"


def asking(answer, unit="", others=(), ask="How much?"):
    options = (answer, *others) if isinstance(answer, str) else ()
    return Prediction("x", ask, answer, "", unit, options)


@pytest.mark.parametrize(
    "prediction, text, found",
    [
        (asking(0.823, "%"), "Within the hour 82.3 % were closed.", True),
        (asking(0.823, "%"), "82 % of them", True),  # rounded
        (asking(0.823, "%"), "measured 82.28 %", True),  # before it was rounded
        (asking(0.823, "%"), "17.7 % are still open", True),  # what is missing to 100 %
        (asking(0.823, "%"), "80 % of them, $82.30, 82.3x", False),
        (asking(0.823, "%"), "about 83 %, or 18 %", False),
        (asking(0.3, "%"), "70 % are open", False),  # too round to tell
        (asking(300_000, "$"), "| $300,000 | 0.4 % |", True),
        (asking(300_000, "$"), "300,000 people", False),
        (asking(6, "$"), "It costs $6.", True),
        (asking(6, "$"), "It costs $5.9, or $60.", False),
        (asking(5, "hours"), "after 5 hours", True),
        (asking(5, "hours"), "after 5 days", False),
        (asking(0.1, "%", ask="The fee is 10 %. What is left?"), "10 % again", False),  # data of the question
        (asking("It brings $90", others=("It costs $90",)), "$90 of it", False),  # in another option, too
        (asking("It brings $90", others=("It costs $80",)), "$90 of it", True),
        (
            asking("by a price that my chart does not show", others=("no",)),
            "# At a price never seen on my chart?",
            True,
        ),
        (asking("by a price that my chart does not show", others=("no",)), "The chart shows the spot price.", True),
        (asking("by a price that my chart does not show", others=("no",)), "Your chart is another.", False),
        (asking("neither", others=("both",)), "Neither of them.", False),  # one word is no sentence
        (asking("it is closed early", others=("no",), ask="Is it open, or it is closed early?"), "", True),
    ],
)
def test_what_gives_an_answer_away_by_hand(prediction, text, found):
    assert bool(given_away(prediction, [text])) == found


def test_in_earlier_chapters_only_a_number_that_tells_something_counts():
    assert given_away(asking(0.823, "%"), [], ["measured 82.28 %"]) and not given_away(asking(0.823, "%"), [], ["82 %"])
    assert not given_away(asking(0.05, "%"), [], ["5 %"]) and not given_away(asking(0.05, "%"), [], ["5.00 %"])
