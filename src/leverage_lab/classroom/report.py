"""What a class believed before and after the course, and which exercises were hard: from the learners' progress files.

    python -m leverage_lab.classroom.report FOLDER [--out class-report.html]

Reads every *.json in FOLDER and below it (my-progress.json under whatever name), counts, and writes
one page without names that needs no network; the tables stand on the terminal, too. Nobody is
named: the terminal alone names a file, and only one that could not be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from textwrap import fill, shorten

from leverage_lab.chapters.inventory import ITEMS, STAGES
from leverage_lab.classroom import printed
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.classroom.inventory_card import DONT_KNOW
from leverage_lab.panelkit import storage
from leverage_lab.panelkit.practice import Repair
from leverage_lab.words import percent, plural

SMALL_CLASS = 5  # below it one learner is more than a fifth of the class
LARGEST = 1_000_000  # bytes; a full file has some ten thousand
ASKED = 100  # characters of a question in a table
IN_PICTURE = 8  # ideas; a projector shows no more in a readable size
HARDEST = 10


@dataclass(frozen=True)
class Counts:
    """All that the report says, as DataFrames.

    asked: a row per question: how many answered it at each stage, before and after (both), after and later (again), and
    how many "I don't know yet" (unsure_…). ideas: a row per option of a question: how many chose it at each stage, and
    of those who answered it both times (both_…) and again (again_…); name: the misconception, "" for the right option.
    efforts: a row per exercise: how many tried it, how many of them solved it, and all their tries.
    """

    learners: int
    asked: object
    ideas: object
    efforts: object
    remarks: tuple


def find(folder):
    """All *.json files in a folder and below it, but for hidden ones (JupyterLab keeps older copies there)."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"the folder must exist, got {str(folder)!r}")
    found = sorted(
        path
        for path in folder.rglob("*.json")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise ValueError(f"the folder must hold progress files (*.json), got none in {str(folder)!r}")
    return found


def count(paths):
    """Progress files → Counts. Files that cannot be read are left out, with a sentence in `remarks`."""
    learners, remarks, seen, again = [], [], set(), 0
    for path in map(Path, paths):
        try:
            stored = _stored(path)
        except ValueError as problem:
            remarks.append(f"{path.name} is left out: {problem}.")
            continue
        same = json.dumps(stored, sort_keys=True)
        if same in seen:
            again += 1
            continue
        seen.add(same)
        *learner, lost = _learner(stored)
        learners.append(learner)
        if lost:
            remarks.append(f"{path.name} is counted without {' and '.join(lost)}, which cannot be read.")
    if again:
        remarks.append(
            f"{plural(again, 'file has', 'files have')} the same content as another and "
            f"{'is' if again == 1 else 'are'} not counted again."
        )
    return Counts(len(learners), *_counted(learners), tuple(remarks))


def _stored(path):
    """The content of a file; ValueError with the reason if it is no progress file."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("it is too large to be a progress file")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"it cannot be opened ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ValueError("it is damaged, or not a progress file") from None
    return storage.opened(text)


def _learner(stored):
    """({stage: {item: words}}, {exercise: (tries, solved)}, [sections that cannot be read])."""
    stages, efforts, lost = {}, {}, []
    inventory, exercises = _part(stored, "inventory", lost), _part(stored, "exercises", lost)
    for stage in STAGES:
        given, answers = _part(inventory, stage, lost), stages.setdefault(stage, {})
        for item in ITEMS:
            if item.id in given:
                words = given[item.id]
                if words in [DONT_KNOW, *(option.text for option in item.options)]:
                    answers[item.id] = words
                else:
                    lost.append(f"an answer to “{item.id}” ({stage})")
    for id, entry in exercises.items():
        tries, solved = (entry.get("tries"), entry.get("solved")) if isinstance(entry, dict) else (None, None)
        if id not in exercise_book.exercises:
            continue  # no longer in the course
        if isinstance(solved, bool) and isinstance(tries, int) and not isinstance(tries, bool) and tries >= 1:
            efforts[id] = (tries, solved)
        else:
            lost.append(f"exercise {id}")
    return stages, efforts, lost


def _part(stored, name, lost):
    """A section as a dictionary; empty if it is missing or something else."""
    part = stored.get(name, {})
    if isinstance(part, dict):
        return part
    lost.append(f"its part “{name}”")
    return {}


def _counted(learners):
    """The tables of Counts. learners: [(stages, efforts)] of `_learner`."""
    import pandas as pd

    items = [item.id for item in ITEMS]
    given = {
        stage: pd.DataFrame([stages[stage] for stages, _ in learners], columns=items, dtype=object) for stage in STAGES
    }
    pairs = {"both": ("before", "after"), "again": ("after", "later")}
    same = {pair: given[first].notna() & given[second].notna() for pair, (first, second) in pairs.items()}
    asked = pd.DataFrame(
        {"chapter": [item.chapter for item in ITEMS], "ask": [item.ask for item in ITEMS]}
        | {stage: given[stage].count() for stage in STAGES}
        | {pair: same[pair].sum() for pair in pairs}
        | {f"unsure_{stage}": (given[stage] == DONT_KNOW).sum() for stage in STAGES},
        index=items,
    )
    rows = []
    for item in ITEMS:
        for option in item.options:
            chose = {stage: given[stage][item.id] == option.text for stage in STAGES}
            row = {"item": item.id, "name": option.misconception} | {stage: chose[stage].sum() for stage in STAGES}
            for pair, two in pairs.items():
                row |= {f"{pair}_{stage}": (chose[stage] & same[pair][item.id]).sum() for stage in two}
            rows.append(row)
    ideas = pd.DataFrame(rows)
    tries = pd.DataFrame(
        [(id, *effort) for _, efforts in learners for id, effort in efforts.items()],
        columns=["id", "tries", "solved"],
    )
    efforts = tries.groupby("id").agg(tried=("tries", "size"), solved=("solved", "sum"), tries=("tries", "sum"))
    return asked, ideas, efforts.loc[[id for id in exercise_book.exercises if id in efforts.index]]


def hardest(counts):
    """The smallest share solved first, then the most tries per learner.

    Left out: what everybody solved at once, and what hardly anybody tried.
    """
    efforts = counts.efforts[counts.efforts.tried >= least(counts)]
    efforts = efforts[(efforts.solved < efforts.tried) | (efforts.tries > efforts.tried)]
    return (
        efforts.assign(part=efforts.solved / efforts.tried, each=efforts.tries / efforts.tried)
        .sort_values(["part", "each"], ascending=[True, False], kind="stable")
        .head(HARDEST)
    )


def least(counts):
    """How many learners must have tried an exercise before it can be called hard."""
    return 3 if counts.learners >= SMALL_CLASS else 1


# What it looks like


def held(counts):
    """Misconceptions that somebody has had, most common first: [(name, before, after)] of who answered both times.

    If nobody did, the numbers are of all who answered, and one of the two may be missing.
    """
    columns = ["both_before", "both_after"] if counts.asked.both.any() else ["before", "after"]
    rows = counts.ideas.loc[counts.ideas.name != "", ["name", *columns]].itertuples(index=False, name=None)
    return sorted(
        (row for row in rows if row[1] or row[2]), key=lambda row: (-max(row[1:]), -row[1])
    )  # so that one that grew shows too


def picture(counts):
    """(PNG, alt text) of the most common misconceptions before and after; None if there is nothing to draw."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    from leverage_lab.panelkit import palette

    rows = held(counts)[:IN_PICTURE]
    if not rows:
        return None
    figure = Figure(figsize=(12.8, 7.2), dpi=100, facecolor=palette.PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    axes = palette.tidy(figure.add_subplot(), grid="x")
    places = range(len(rows))
    marks = (
        ("before", -0.2, {"facecolor": palette.PAPER, "edgecolor": palette.LOSS_TEXT, "hatch": "///"}),
        ("after", 0.2, {"facecolor": palette.FIRST}),
    )
    for (stage, offset, look), column in zip(marks, (1, 2)):
        axes.barh([place + offset for place in places], [row[column] for row in rows], height=0.36, label=stage, **look)
        for place, row in zip(places, rows):
            axes.text(row[column], place + offset, f" {row[column]}", va="center", fontsize=17, color=palette.INK)
    axes.set_yticks(places, [fill(row[0], 30) for row in rows], fontsize=16, color=palette.INK)
    axes.tick_params(axis="x", labelsize=16)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(0, max(2, *(max(row[1:]) for row in rows)) * 1.08)
    axes.set_xlabel("learners who hold the idea", fontsize=16, color=palette.MUTED)
    axes.legend(fontsize=17, frameon=False, loc="lower right")
    out = BytesIO()
    figure.savefig(out, format="png", dpi=150)
    return (
        out.getvalue(),
        f"{basis(counts)} "
        + "; ".join(f"“{name}”: {before} before, {after} after" for name, before, after in rows)
        + ".",
    )


def basis(counts):
    """One sentence: whose answers the picture compares."""
    both = list(counts.asked.both)
    if any(both):
        some = f"{min(both)} to {max(both)}" if min(both) < max(both) else str(max(both))
        return f"This compares the learners who answered a question both times: {some} of {counts.learners}."
    return (
        "Nobody has answered a question both times: the numbers before and after come from "
        "different people, so they show no change."
    )


def first_ask(id):
    """An exercise's question with its first numbers."""
    exercise = exercise_book.exercises[id]
    return (exercise if isinstance(exercise, Repair) else exercise.make(**exercise.start())).ask


def in_words(question):
    """A question, shortened to fit a table."""
    return shorten(question, ASKED, placeholder=" …")


def tables(counts):
    """[(title, head, rows)] of plain text, in the order of the page."""

    def share(part, whole):
        few = counts.learners < SMALL_CLASS
        return f"{part} of {whole}" + ("" if few or not whole else f" ({percent(round(part / whole, 2))})")

    stages, changes = shown_stages(counts), ["answered both times"]
    if "later" in stages:
        changes.append("answered after and later")
    by_item = {asked.Index: asked for asked in counts.asked.itertuples()}
    ideas, questions = [], []
    for idea in counts.ideas.itertuples():
        asked = by_item[idea.item]
        told = [
            *(share(getattr(idea, stage), getattr(asked, stage)) for stage in stages),
            f"{idea.both_before} → {idea.both_after} of {asked.both}" if asked.both else "–",
            f"{idea.again_after} → {idea.again_later} of {asked.again}" if asked.again else "–",
        ][: len(stages) + len(changes)]
        if not idea.name:
            unsure = " → ".join(str(getattr(asked, f"unsure_{stage}")) for stage in stages)
            missing = " → ".join(str(counts.learners - getattr(asked, stage)) for stage in stages)
            questions.append((in_words(asked.ask), str(asked.chapter), *told, unsure, missing))
        elif any(getattr(idea, stage) for stage in stages):
            ideas.append((in_words(asked.ask), str(asked.chapter), idea.name, *told))
    efforts = [
        (
            effort.Index,
            in_words(first_ask(effort.Index)),
            effort.Index[0],
            str(effort.tried),
            share(effort.solved, effort.tried),
            str(effort.tries),
            f"{effort.each:.1f}",
        )
        for effort in hardest(counts).itertuples()
    ]
    return [
        ("Misconceptions", ("question", "chapter", "idea", *stages, *changes), ideas),
        (
            "Right answers",
            ("question", "chapter", *stages, *changes, "don't know yet", "unanswered"),
            questions,
        ),
        (
            f"The hardest exercises, tried by {least(counts)} or more",
            ("exercise", "what it asks", "chapter", "tried by", "solved by", "tries", "tries per learner"),
            efforts,
        ),
    ]


def shown_stages(counts):
    """The stages that have a column; "later" if somebody answered then."""
    return [stage for stage in STAGES if stage != "later" or counts.asked.later.any()]


def sentences(counts):
    """The sentences above the tables."""
    solved, tries = counts.efforts.solved.sum(), counts.efforts.tries.sum()
    said = [f"{plural(counts.learners, 'learner')}.", basis(counts)]
    if counts.learners < SMALL_CLASS:
        said.append(f"Fewer than {SMALL_CLASS} learners: a percentage would mean little, so there are counts only.")
    *others, last = (f"“{stage}”" for stage in shown_stages(counts))
    said.append(
        f"In the tables {', '.join(others)} and {last} count all who answered then; “I don't know yet” is an answer, "
        "but not a misconception."
    )
    if "later" in shown_stages(counts):
        some = f"{counts.asked.later.max()} of {counts.learners}"
        said.append(
            f"The column “later” is from about a week after the course: at most {some} answered a question then."
        )
    said.append(
        f"Exercises solved: {solved} in {tries} tries; {len(counts.efforts)} of {len(exercise_book.exercises)}"
        " exercises were tried by at least one learner."
    )
    return said


def page(counts):
    """The report as one self-contained HTML page."""
    said = sentences(counts) + (["Remarks on single files are printed in the terminal."] if counts.remarks else [])
    parts = [printed.paragraph(sentence) for sentence in said]
    if drawn := picture(counts):
        png, words = drawn
        parts.append(f'<img alt="{escape(words)}" src="data:image/png;base64,{b64encode(png).decode()}">')
    for title, head, rows in tables(counts):
        parts.append(f"<h2>{title}</h2>{printed.table(head, rows) if rows else '<p>Nothing yet.</p>'}")
    return printed.page("Class report", parts)


def text(counts):
    """The same for a terminal."""
    blocks = ["\n".join([*sentences(counts), *counts.remarks])]
    for title, head, rows in tables(counts):
        widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in [head, *rows]]
        blocks.append("\n".join([f"{title}", *(lines if rows else ["nothing yet"])]))
    return "\n\n".join(blocks)


def main(arguments=None):
    """The command: 0 if a report was written, 2 with one sentence if not."""
    parser = argparse.ArgumentParser(prog="python -m leverage_lab.classroom.report", description=__doc__.split("\n")[0])
    parser.add_argument("folder", help="where the learners' progress files are")
    parser.add_argument("--out", type=Path, default=Path("class-report.html"), help="default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        counts = count(find(options.folder))
        if not counts.learners:
            raise ValueError("no file could be read:\n" + "\n".join(counts.remarks))
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(page(counts), encoding="utf-8")
    except ValueError as problem:
        print(f"No report: {problem}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"No report: {options.out} cannot be written ({error.strerror}).", file=sys.stderr)
        return 2
    print(text(counts))
    print(f"\nThe page for the projector: {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
