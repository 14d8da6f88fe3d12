"""The chapters as the instructor's tools read them: sections of cells, in the notebooks' order."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from leverage_lab.panelkit.page import DOLLAR

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Section:
    """From one `## ` heading to the next; the first one of a chapter has no heading."""

    heading: str
    cells: tuple


@dataclass(frozen=True)
class Chapter:
    """One notebook."""

    number: int
    stem: str
    title: str
    sections: tuple

    @property
    def head(self):
        """The first cell: title, aims, minutes, what comes before."""
        return self.sections[0].cells[0].source

    @property
    def aims(self):
        """What a learner can do after it, as its head lists it."""
        return [aim.rstrip(".;") for aim in re.findall(r"^- (.+)$", self.head, flags=re.M)]

    @property
    def minutes(self):
        return int(re.search(r"\*\*Time\*\* about (\d+) minutes", self.head)[1])


def chapters():
    """All of them, $ and % as plain characters. (A notebook without a number is no chapter.)"""
    return [read(path) for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))]


def read(path):
    """One notebook; a cell that holds a heading in its middle is cut there."""
    parts = [("", [])]
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "markdown":
            parts[-1][1].append(cell)
            continue
        before, *rest = re.split(r"^(?=## )", cell.source.replace(DOLLAR, "$").replace("\u00a0", " "), flags=re.M)
        if before.strip():
            parts[-1][1].append(nbformat.v4.new_markdown_cell(before.strip()))
        for part in rest:
            heading, _, text = part.partition("\n")
            parts.append((heading.removeprefix("## ").strip(), []))
            if text.strip():
                parts[-1][1].append(nbformat.v4.new_markdown_cell(text.strip()))
    title = parts[0][1][0].source.partition("\n")[0].removeprefix("# ")
    return Chapter(
        int(path.stem[:2]), path.stem, title, tuple(Section(heading, tuple(cells)) for heading, cells in parts)
    )


def asked(cell):
    """("check" or "predict", id, what else stands in the brackets) of a cell that asks something, else None."""
    found = cell.cell_type == "code" and re.search(
        r'^(check|predict)\("([\w-]+)", (.*)\)$', cell.source.strip(), flags=re.M | re.S
    )
    return found and found.groups()
