"""What serves each aim of a chapter: its sections, its exercises, and the questions of the twelve.

    python tools/alignment.py [--out instructor]

instructor/alignment.csv says which (";" between several); the aims are those at the head of each notebook. Writes
alignment.md, or names each aim that nothing serves. Run by `make key`.
"""

import argparse
import csv
import re
import sys
from collections import Counter
from pathlib import Path

from chapters import ROOT, asked, chapters

from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.panelkit.page import markdown

TABLE = ROOT / "instructor" / "alignment.csv"
NAME = "alignment.md"
HEAD = """# Aims, and what serves them

For each aim of a chapter: the sections that lead to it, the exercises that ask for it, and those of the twelve
questions that show whether the belief behind it has changed. A call such as `audit_card()` is a card that is no
exercise. Made by `make key` from [alignment.csv](alignment.csv) and the notebooks; a test compares them.
"""
COLUMNS = ("aim", "sections", "exercises", "of the twelve")


def served():
    """{(chapter, number of the aim): its row, each cell that lists something as a list}."""
    with open(TABLE, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for name in ("sections", "exercises", "questions"):
            row[name] = [part for part in row[name].split(";") if part]
    return {(int(row["chapter"]), int(row["aim"])): row for row in rows}


def short(heading):
    """A section as the table names it: by its number, or by its heading where it has none."""
    return re.match(r"(\d+) · |", heading)[1] or heading


def met_in(section):
    """What a section asks: ids of exercises, and cards by their call."""
    calls = re.findall(
        r"^(\w+\([^()\n]*\))$", "\n".join(c.source for c in section.cells if c.cell_type == "code"), re.M
    )
    return {id for kind, id, _ in filter(None, map(asked, section.cells)) if kind == "check"} | set(calls)


def problems(everything, table):
    """A sentence for each aim that is not served, and for each name that does not fit."""
    wanted = {(chapter.number, n) for chapter in everything for n in range(1, len(chapter.aims) + 1)}
    found = [f"There is no aim {aim} in chapter {number}." for number, aim in sorted(set(table) - wanted)]
    for chapter in everything:
        sections = {short(section.heading): met_in(section) for section in chapter.sections if section.heading}
        for n, aim in enumerate(chapter.aims, start=1):
            found += _of_one(f"Chapter {chapter.number}, aim {n} ({aim})", table.get((chapter.number, n)), sections)
        named = {name for (number, _), row in table.items() if number == chapter.number for name in row["exercises"]}
        ids = {id for met in sections.values() for id in met if "(" not in id}
        found += [f"Exercise {id} of chapter {chapter.number} serves no aim." for id in sorted(ids - named)]
    return found + _of_the_twelve(table)


def _of_one(aim, row, sections):
    if not row or not row["sections"]:
        return [f"{aim} is met by no section."]
    if unknown := [name for name in row["sections"] if name not in sections]:
        return [f"{aim}: there is no section {', '.join(unknown)}."]
    if not row["exercises"]:
        return [f"{aim} is met by no exercise."]
    met = set().union(*(sections[name] for name in row["sections"]))
    return [f"{aim}: {id} is in none of its sections." for id in row["exercises"] if id not in met]


def _of_the_twelve(table):
    named = Counter((id, number) for (number, _), row in table.items() for id in row["questions"])
    right = Counter((item.id, item.chapter) for item in ITEMS)
    missing = [f"The question {id} serves no aim of chapter {number}." for id, number in right - named]
    return missing + [
        f"There is no question {id} in chapter {number}, or it is named twice." for id, number in named - right
    ]


def page(everything, table):
    """alignment.md."""
    parts = [HEAD.strip()]
    for chapter in everything:
        parts.append(f"## Chapter {chapter.number} · {chapter.title}")
        headings = {short(section.heading): section.heading for section in chapter.sections}
        lines = [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
        for n, aim in enumerate(chapter.aims, start=1):
            row = table[chapter.number, n]
            exercises = ", ".join(f"`{id}`" for id in row["exercises"])
            sections = " <br> ".join(headings[name] for name in row["sections"])
            lines.append(
                f"| {n}. {aim} | {sections} | {exercises} | {', '.join(f'`{id}`' for id in row['questions'])} |"
            )
        parts.append("\n".join(lines))
    return markdown("\n\n".join(parts) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "instructor")
    out, everything, table = parser.parse_args().out, chapters(), served()
    if found := problems(everything, table):
        sys.exit("\n".join(found))
    out.mkdir(parents=True, exist_ok=True)
    (out / NAME).write_text(page(everything, table), encoding="utf-8")
    print(f"{out / NAME}: {sum(len(chapter.aims) for chapter in everything)} aims")


if __name__ == "__main__":
    main()
