"""The instructor's guides: what they name exists, clocks add up, quoted sentences are what the panels say,
numbers are computed."""

import contextlib
import io
import re
from pathlib import Path

import nbformat
import pytest
from prose import clean, equations, numbers, same, values

from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.classroom import panels
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.practice import Repair

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "instructor"
BOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
each = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)

PARTS = [
    "Aims",
    "Before",
    "Clock",
    "Panels",
    "Polls",
    "Wrong answers to expect",
    "Find the bug",
    "Stuck points",
    "When you are late",
    "For the fast",
]
PLAIN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 100}  # counted things and minutes, without a unit


def even(text):
    """With plain spaces and a plain $, however it was stored."""
    return text.replace("<span>&#36;</span>", "$").replace("\u00a0", " ")


GUIDE = even((FOLDER / "guide.md").read_text(encoding="utf-8"))


def guide(book):
    return even((FOLDER / f"{book.stem}.md").read_text(encoding="utf-8"))


def part(text, name):
    """What stands under one `## ` heading."""
    return re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S)[1]


def rows(text):
    """The cells of a table's rows, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def source(book):
    """The notebook's prose and code, and everything, outputs included."""
    cells = nbformat.read(book, as_version=4).cells
    shown = [
        o.get("text", "") or str(o.get("data", {}).get("text/plain", ""))
        for cell in cells
        for o in cell.get("outputs", [])
    ]
    prose = even("\n".join(cell.source for cell in cells))
    return prose, even("\n".join([prose, *shown]))


def headings(prose):
    return re.findall(r"^## (.+)$", prose, flags=re.M)


def taught(book):
    """Ids of exercises and predictions, and names of panels, that a notebook has."""
    prose, _ = source(book)
    checks, guesses = (re.findall(rf'^{word}\("([\w-]+)"', prose, flags=re.M) for word in ("check", "predict"))
    return set(checks), set(guesses), set(re.findall(r"\bpanels\.(\w+)\(", prose))


def ids(text):
    return set(re.findall(r"`(\d-[\w-]+)`", text))


def test_a_guide_for_every_chapter_and_no_other():
    assert {path.stem for path in FOLDER.glob("[0-9]*.md")} == {book.stem for book in BOOKS}


def test_money_in_prose_is_no_formula():
    """Two bare dollar signs make a formula in JupyterLab's preview: write <span>&#36;</span>, as the notebooks do."""
    for path in FOLDER.glob("*.md"):
        prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
        assert "$" not in prose, f"{path.name}: {prose[max(0, prose.index('$') - 40) :][:60]!r}"


@each
def test_every_guide_has_the_same_parts_and_says_what_the_notebook_says(book):
    text, (prose, _) = guide(book), source(book)
    assert re.findall(r"^## (.+)$", text, flags=re.M) == PARTS
    minutes = re.search(r"\*\*Time\*\* about (\d+) minutes", prose)[1]
    question = re.search(r"^# (.+)$", prose, flags=re.M)[1]
    assert text.splitlines()[2] == f"[Notebook](../notebooks/{book.name}) · {minutes} minutes · “{question}”"
    assert (
        700 <= len(re.sub(r"```.*?```", "", text, flags=re.S).split()) <= 2100
    )  # two or three printed pages, tables and quotes included


@each
def test_the_clock_follows_the_notebook_and_adds_up(book):
    """Its sections in their order, its own minute marks, its sum; and nobody has measured it."""
    prose, _ = source(book)
    clock = part(guide(book), "Clock")
    assert clock.strip().startswith("*Estimated; nobody has been timed yet: log yours in [log.csv](log.csv).*")
    *sections, end = rows(clock)
    assert [row[2] for row in sections] == [
        name for name in headings(prose) if name not in ("What you know now", "What is next")
    ]
    at = 0
    for start, minutes, *_ in sections:
        assert int(start) == at, f"{book.stem}: {start} should be {at}"
        at += int(minutes)
    stated = re.findall(r"\*\((\d+) of about (\d+) minutes\)\*", prose)
    assert end[:3] == [stated[-1][1], "", "end"] and at == int(end[0])
    begun = {int(row[0]) for row in [*sections, end]}
    assert {int(mark) for mark, _ in stated} <= begun


@each
def test_all_of_a_chapter_is_in_its_guide_and_nothing_else(book):
    text, (checks, guesses, shown) = guide(book), taught(book)
    assert ids(text) <= set(exercise_book.exercises) | set(exercise_book.predictions)
    clock = part(text, "Clock")
    assert ids(clock) == checks | guesses, f"{book.stem}: {ids(clock) ^ (checks | guesses)}"
    assert shown == set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^### (.+)$", part(text, "Panels"), flags=re.M))))
    assert {id for id in checks if isinstance(exercise_book.exercises[id], Repair)} == ids(
        part(text, "Find the bug")
    ) & set(exercise_book.exercises)
    for block in re.split(r"^### ", part(text, "Panels"), flags=re.M)[1:]:
        assert all(f"- **{word}" in block for word in ("Ask", "Let them", "Say:")), block[:40]
    twelve = [item.id for item in ITEMS if item.chapter == int(book.stem[:2])]
    assert [id for id in re.findall(r"`([a-z-]+)`", part(text, "Aims"))] == twelve


@each
def test_sections_named_are_in_the_notebook(book):
    prose, _ = source(book)
    for name in re.findall(r"(?<!\*)\*((?:\d+ · |What |A |An |Keeping )[^*]+)\*(?!\*)", guide(book)):
        assert name in headings(prose), name
    for name in re.findall(
        r"(?<!\*)\*([a-z][^*]+)\*(?!\*)", part(guide(book), "Panels")
    ):  # controls, as the page labels them
        labels = {control.label for panel in taught(book)[2] for control in panels.ALL[panel]().controls.values()}
        assert any(label.startswith(name) for label in labels), f"{name}: no such control; there are {sorted(labels)}"


@each
def test_quoted_sentences_are_what_the_panels_say(book):
    """`panels.name(…).sentence`, then the sentence as a quotation: to the letter."""
    text = part(guide(book), "Panels")
    calls = re.findall(r"^`panels\.(\w+)\((.*)\)\.sentence`$", text, flags=re.M)
    quotes = re.findall(
        r"^`panels\.\w+\(.*\)\.sentence`\n\n> (.+)\n(?:\n|\Z)", text, flags=re.M
    )  # what follows at once would be in the quotation
    assert len(quotes) == len(calls) == text.count("\n> ") and {name for name, _ in calls} == taught(book)[2]
    for (name, given), quote in zip(calls, quotes):
        assert quote == even(panels.ALL[name](**eval(f"dict({given})")).sentence), f"{name}({given})"


def first(id):
    """The exercise as the notebook asks it before any redraw."""
    exercise = exercise_book.exercises[id]
    return exercise if isinstance(exercise, Repair) else exercise.make(**exercise.start())


def has_options(id):
    return id in exercise_book.predictions and bool(exercise_book.predictions[id].options)


def polled(id):
    """The options of a poll, as polls.md has it."""
    name = f"{id} (prediction)" if has_options(id) else id
    page = even((FOLDER / "polls.md").read_text(encoding="utf-8"))
    return re.findall(
        r"^- [A-Z]\. (.+)$",
        re.search(rf"^#### {re.escape(name)}\n(.*?)(?=^#|\Z)", page, flags=re.M | re.S)[1],
        flags=re.M,
    )


def wrong_ones(id):
    """What can be answered wrongly, as the page shows it: other options of a prediction,
    known mistakes of an exercise."""
    if has_options(id):
        return {
            option for option in exercise_book.predictions[id].options if option != exercise_book.predictions[id].answer
        }
    task = first(id)
    return {even(task.show(wrong.gives)) for wrong in task.wrong}


@each
def test_polls_have_the_right_answer_and_known_distractors(book):
    checks, guesses, _ = taught(book)
    polls = rows(part(guide(book), "Polls"))
    asked = [row[0] for row in polls if row[0]]
    least = {"00": 1, "08": 0}.get(book.stem[:2], 2)  # the last chapter's claims are its polls
    assert least <= len(asked) <= 4
    for name, right, chosen, shows in polls:
        if name:
            (id,) = re.findall(r"^`(.+)`$", name)
            question = exercise_book.predictions[id] if has_options(id) else first(id)
            assert id in checks | guesses and right == even(question.show(question.answer)), f"{id}: {right}"
        else:
            assert not right
        assert chosen in wrong_ones(id) & set(polled(id)), (
            f"{id}: {chosen!r} is none of {wrong_ones(id) & set(polled(id))}"
        )
        assert right in {"", *polled(id)} and len(shows) > 10


@each
def test_wrong_answers_are_those_the_exercises_know(book):
    checks, guesses, _ = taught(book)
    for id, said, shows in rows(part(guide(book), "Wrong answers to expect")):
        id = id.strip("`")
        assert id in checks | guesses and len(shows) > 10
        known = wrong_ones(id) if has_options(id) else set()
        if id in checks:
            known |= {even(first(id).show(wrong.gives)) for wrong in first(id).wrong}
        if known:
            assert said in known, f"{id}: {said!r} is none of {known}"
        else:  # any number can be guessed; this is only not the right one
            assert said != even(exercise_book.predictions[id].show(exercise_book.predictions[id].answer))


@each
def test_what_is_cut_saves_the_minutes(book):
    late = part(guide(book), "When you are late")
    ten, twenty, never = re.findall(r"^- \*\*(.+)$", late, flags=re.M)
    for line, start in ((ten, "10 minutes:**"), (twenty, "20 minutes:** also ")):
        assert line.startswith(start) and sum(map(int, re.findall(r"\((\d+)\)", line))) == 10, line
    assert never.startswith("Never cut**")


@each
def test_the_extension_computes_what_it_says(book):
    """A code cell and its output, as pasted into a notebook."""
    ((code, told),) = re.findall(
        r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", part(guide(book), "For the fast"), flags=re.M | re.S
    )
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(code, {})
    assert even(shown.getvalue()) == told


def explained(book, text):
    """Every number that the chapter, its exercises, or what the guide itself quotes accounts for."""
    checks, guesses, _ = taught(book)
    texts = [
        source(book)[1],
        *re.findall(r"^> .+$", text, flags=re.M),
        *re.findall(r"^```text\n(.*?)^```$", text, flags=re.M | re.S),
    ]
    for id in checks:
        texts += [first(id).ask, first(id).steps, *first(id).hints]
        if not isinstance(first(id), Repair):
            texts += [first(id).show(wrong.gives) for wrong in first(id).wrong]
    for id in guesses:
        prediction = exercise_book.predictions[id]
        texts += [prediction.ask, prediction.why, prediction.show(prediction.answer), *prediction.options]
    return values("\n".join(texts)).union(
        *(
            values(written)
            for written, _, value, rights in equations(clean(text))
            if all(same(right, value) for right in rights)
        )
    )


@each
def test_every_number_comes_from_the_chapter(book):
    text = re.sub(r"^## Clock\n.*?(?=^## )", "", guide(book), flags=re.M | re.S)
    known, left = explained(book, text), []
    bare = clean(re.sub(r"\(\d+\)|\b\d+ minutes", " ", text))
    for number in numbers(bare):
        if not (not number.unit and number.value in PLAIN) and not any(same(number, value) for value in known):
            left.append((number.text, bare[max(0, number.start - 50) : number.start + 20].replace("\n", " ")))
    assert not left, left
    for written, _, value, rights in equations(clean(text)):
        assert all(same(right, value) for right in rights), written


def minutes(clock):
    hours, past = clock.split(":")
    return 60 * int(hours) + int(past)


AGENDAS = {"45-minute talk": 45, "Half day": 210, "Full day": 420}


def agenda(name):
    (text,) = re.findall(rf"^## {name}[^\n]*\n(.*?)(?=^## )", GUIDE, flags=re.M | re.S)
    return text


@pytest.mark.parametrize("name, length", AGENDAS.items())
def test_agendas_add_up(name, length):
    assert "*Estimated; nobody has been timed yet" in agenda(name)
    *steps, end = rows(agenda(name))
    at = 0
    for start, long, *_ in steps:
        assert minutes(start) == at, f"{name}: {start} should be {at // 60}:{at % 60:02}"
        at += int(long)
    assert minutes(end[0]) == at == length and end[2] == "end"


@pytest.mark.parametrize("name", AGENDAS)
def test_agendas_teach_what_the_guides_do_in_the_room(name):
    """A section: what its guide does there. A chapter, whole or shorter by its guide's cuts: its minutes,
    and nothing of a section that is cut."""
    for start, long, what, *others in rows(agenda(name)):
        if not (found := re.match(r"chapter (\d), (.+)", what)):
            continue
        book, much = BOOKS[int(found[1])], found[2]
        sections = {row[2]: row for row in rows(part(guide(book), "Clock"))[:-1]}
        if much.startswith("*"):
            left = {much.strip("*")}
        else:
            assert much in ("whole", "10 shorter", "20 shorter"), much
            cut = 0 if much == "whole" else int(much.split()[0])
            late = re.findall(r"^- \*\*(?:10|20) minutes.*$", part(guide(book), "When you are late"), flags=re.M)[
                : cut // 10
            ]
            gone = {
                section
                for section, saved in re.findall(r"\*(\d+ · [^*]+)\* \((\d+)\)", "".join(late))
                if sections[section][1] == saved
            }
            left = set(sections) - gone
            assert int(long) == sum(int(row[1]) for row in sections.values()) - cut
        assert left <= set(sections), left
        room = " ".join(sections[section][3] for section in left)
        text = " ".join(others)
        assert ids(text) <= ids(room), f"{start}: {ids(text) - ids(room)} not done there"
        named = set(re.findall(r"`([a-z]\w+)`", " ".join(re.findall(r"panels? ((?:`\w+`(?:, | and )?)+)", text))))
        assert named <= set(re.findall(r"`(\w+)`", room)), f"{start}: {named} not shown there"
        assert named or "inventory" in text, f"{start}: no panel"


def test_the_checks_themselves_notice():
    assert rows("| a | b |\n|---|---|\n| 1 | x · y |\n| | z |") == [["1", "x · y"], ["", "z"]]
    assert ids("`1-gone`, `same_position`, 1-back, `two-modes`") == {"1-gone"}
    assert "$0.24" in wrong_ones("1-profit") and "$12" not in wrong_ones("1-profit")
    assert wrong_ones("3-three") == {"none", "one, SOL"}
