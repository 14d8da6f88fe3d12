"""The course on paper: what is asked has a line to write on, and nothing speaks of a box that is not there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
import papers
from book import pdf


@pytest.fixture(scope="module")
def printed():
    return pdf.parts()


def test_every_question_has_a_line_and_no_box(printed):
    for book in sorted((ROOT / "notebooks").glob("*.ipynb")):
        code = [cell.source for cell in nbformat.read(book, as_version=4).cells if cell.cell_type == "code"]
        exercises, guesses = (
            sum(bool(re.search(rf"^{kind}\(", source, flags=re.M)) for source in code) for kind in ("check", "predict")
        )
        page = printed[book.stem]
        assert "Not answered yet" not in page and not re.search(r"<li>\s*</li>|<p>\W*</p>", page), book.stem
        assert (
            page.count('<p class="write">My answer:</p>') == exercises
            and page.count('<p class="write">My guess, ') == guesses
        ), book.stem


def test_the_instructors_papers_are_pages_too(tmp_path):
    made = {page.stem: page.read_text(encoding="utf-8") for page in papers.instructor(tmp_path)}
    assert {"index", "guide", "polls", "polls-key", "answers"} <= set(made)
    for text in made.values():
        assert all(target in made for target in re.findall(r'href="([\w-]+)\.html', text)) and not re.search(
            r'href="[^"]*\.md', text
        )
    assert "<span>$</span>10 at 30x" in made["polls"] and "&lt;span" not in made["polls"]


def test_without_chromium_one_sentence(tmp_path):
    """And no PDF, not even an older one."""
    file = tmp_path / "course.pdf"
    file.write_text("an older one")
    ran = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_pdf.py", "--out", file],
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (1, "") and not file.exists()
    assert ran.stderr == ("There is no Chromium here, and a PDF is printed by it: install chromium or Google Chrome.\n")
