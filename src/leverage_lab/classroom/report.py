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

from leverage_lab.chapters.inventory import ITEMS
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

    asked: a row per question: how many answered it before, after and both times, and how many "I don't know yet".
    ideas: a row per option of a question: how many chose it, of all who answered and of those who answered both times;
    name: the misconception, "" for the right option. efforts: a row per exercise: how many tried it, how many of them
    solved it, and all their tries.
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
    """({item: words} before, the same after, {exercise: (tries, solved)}, [sections that cannot be read])."""
    before, after, efforts, lost = {}, {}, {}, []
    inventory, exercises = _part(stored, "inventory", lost), _part(stored, "exercises", lost)
    for stage, answers in (("before", before), ("after", after)):
        given = _part(inventory, stage, lost)
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
    return before, after, efforts, lost


def _part(stored, name, lost):
    """A section as a dictionary; empty if it is missing or something else."""
    part = stored.get(name, {})
    if isinstance(part, dict):
        return part
    lost.append(f"its part “{name}”")
    return {}


def _counted(learners):
    """The tables of Counts. learners: [(before, after, efforts)] of `_learner`."""
    import pandas as pd

    before, after = (
        pd.DataFrame([learner[stage] for learner in learners], columns=[item.id for item in ITEMS], dtype=object)
        for stage in (0, 1)
    )
    both = before.notna() & after.notna()
    asked = pd.DataFrame({
        "before": before.count(), "after": after.count(), "both": both.sum(),
        "unsure_before": (before == DONT_KNOW).sum(), "unsure_after": (after == DONT_KNOW).sum(),
    })  # fmt: skip
    asked.insert(0, "chapter", [item.chapter for item in ITEMS])
    asked.insert(1, "ask", [item.ask for item in ITEMS])
    rows = []
    for item in ITEMS:
        for option in item.options:
            chose = before[item.id] == option.text, after[item.id] == option.text
            rows.append(
                (
                    item.id,
                    option.misconception,
                    *(part.sum() for part in chose),
                    *((part & both[item.id]).sum() for part in chose),
                )
            )
    ideas = pd.DataFrame(rows, columns=["item", "name", "before", "after", "both_before", "both_after"])
    tries = pd.DataFrame(
        [(id, *effort) for _, _, efforts in learners for id, effort in efforts.items()],
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

    by_item = {asked.Index: asked for asked in counts.asked.itertuples()}
    ideas, questions = [], []
    for idea in counts.ideas.itertuples():
        asked = by_item[idea.item]
        if idea.name and (idea.before or idea.after):
            change = f"{idea.both_before} → {idea.both_after} of {asked.both}" if asked.both else "–"
            ideas.append(
                (
                    in_words(asked.ask),
                    str(asked.chapter),
                    idea.name,
                    share(idea.before, asked.before),
                    share(idea.after, asked.after),
                    change,
                )
            )
        elif not idea.name:
            rest = (
                f"{asked.unsure_before} → {asked.unsure_after}",
                f"{counts.learners - asked.before} → {counts.learners - asked.after}",
            )
            change = f"{idea.both_before} → {idea.both_after} of {asked.both}" if asked.both else "–"
            questions.append(
                (
                    in_words(asked.ask),
                    str(asked.chapter),
                    share(idea.before, asked.before),
                    share(idea.after, asked.after),
                    change,
                    *rest,
                )
            )
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
        ("Misconceptions", ("question", "chapter", "idea", "before", "after", "answered both times"), ideas),
        (
            "Right answers",
            ("question", "chapter", "before", "after", "answered both times", "don't know yet", "unanswered"),
            questions,
        ),
        (
            f"The hardest exercises, tried by {least(counts)} or more",
            ("exercise", "what it asks", "chapter", "tried by", "solved by", "tries", "tries per learner"),
            efforts,
        ),
    ]


def sentences(counts):
    """The sentences above the tables."""
    solved, tries = counts.efforts.solved.sum(), counts.efforts.tries.sum()
    said = [f"{plural(counts.learners, 'learner')}.", basis(counts)]
    if counts.learners < SMALL_CLASS:
        said.append(f"Fewer than {SMALL_CLASS} learners: a percentage would mean little, so there are counts only.")
    said.append(
        "In the tables “before” and “after” count all who answered then; “I don't know yet” is an answer, but not "
        "a misconception."
    )
    said.append(
        f"Exercises solved: {solved} in {tries} tries; {len(counts.efforts)} of {len(exercise_book.exercises)}"
        " exercises were tried by at least one learner."
    )
    return said


STYLE = """body {font: 18px/1.5 system-ui, sans-serif; color: #1b1f24}
body {max-width: 1280px; margin: 24px auto; padding: 0 16px}
img {width: 100%; height: auto} table {border-collapse: collapse; margin-bottom: 24px}
th, td {text-align: left; padding: 4px 16px 4px 0; border-top: 1px solid #e4e7ec; vertical-align: top}"""


def page(counts):
    """The report as one self-contained HTML page."""
    import pandas as pd

    said = sentences(counts) + (["Remarks on single files are printed in the terminal."] if counts.remarks else [])
    parts = [f"<p>{escape(sentence)}</p>" for sentence in said]
    if drawn := picture(counts):
        png, words = drawn
        parts.append(f'<img alt="{escape(words)}" src="data:image/png;base64,{b64encode(png).decode()}">')
    for title, head, rows in tables(counts):
        table = (
            pd.DataFrame(rows, columns=head)
            .to_html(index=False, border=0, justify="left")
            .replace("<th>", '<th scope="col">')
        )
        parts.append(f"<h2>{title}</h2>{table if rows else '<p>Nothing yet.</p>'}")
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Class report</title>'
    head += f"<style>{STYLE}</style></head>"
    return f"{head}<body><main><h1>Class report</h1>{''.join(parts)}</main></body></html>\n"


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
