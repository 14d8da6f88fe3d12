"""The app's pages: every panel and prediction, the words around them, and nothing that needs a hidden cell."""

import ast
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).resolve().parents[2]
import app

each = pytest.mark.parametrize("book", app.BOOKS, ids=lambda book: book.stem)


def code(cells):
    return [cell.source for cell in cells if cell.cell_type == "code"]


@each
def test_a_page_has_the_notebooks_panels_and_predictions_and_no_other_code(book):
    cells = nbformat.read(book, as_version=4).cells
    setup, *shown = code(app.page(book).cells)
    assert setup == code(cells)[0]
    assert shown == [source for source in code(cells) if source.startswith(("panels.", "predict("))] and shown


@each
def test_no_panel_needs_a_name_from_a_hidden_cell(book):
    setup, *shown = code(app.page(book).cells)
    made = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(TransformerManager().transform_cell(setup)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    for source in shown:
        used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
        assert used <= made, source


@each
def test_a_page_has_words_and_none_about_code(book):
    words = [cell.source for cell in app.page(book).cells if cell.cell_type == "markdown"]
    assert words[0].startswith("# ") and all(text.strip() for text in words)
    for text in words[1:-1]:
        assert not re.search(r"Run All Cells|run the cell|stored notebook", text), text
        assert "](" not in text and "next cell" not in text and "cell below" not in text and "minutes)*" not in text, (
            text
        )
    sections = [line for text in words for line in text.splitlines() if line.startswith("## ")]
    assert sections and len(sections) == len(set(sections))


def test_each_start_has_a_progress_file_of_its_own(monkeypatch, tmp_path):
    """So every prediction is closed in front of the room, whatever was guessed in a rehearsal or in the notebooks."""
    monkeypatch.setattr(app, "OUT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["app.py", "1"])
    files = []
    monkeypatch.setattr(os, "execv", lambda *_: files.append(Path(os.environ["LEVERAGE_LAB_PROGRESS"])))
    for _ in range(2):
        monkeypatch.delenv("LEVERAGE_LAB_PROGRESS", raising=False)
        app.main()
    assert files[0] != files[1] and not any(file.exists() or file.is_relative_to(ROOT) for file in files)


def test_one_chapter_leads_to_the_next_and_all_back_to_the_front_page():
    names = [book.name for book in app.BOOKS]
    for book, then in zip(app.BOOKS, [*app.BOOKS[1:], None], strict=True):
        page = app.page(book)
        targets = re.findall(r"\]\(([^)]+)\)", page.cells[-1].source)
        assert targets == [*([then.name] if then else []), "../../#chapters"]
        assert (
            page.metadata.title == app.title(book)
            and page.metadata.title.endswith("?")
            and "<" not in page.metadata.title
        )
    front = app.front(None)
    assert re.findall(r'href="voila/render/([^"]+)">([^<]+)</a>', front) == [
        (name, app.title(book).replace("'", "&#x27;")) for name, book in zip(names, app.BOOKS, strict=True)
    ]
    assert "script" not in front and f'location.replace("voila/render/{names[2]}")' in app.front(2)


@each
def test_the_chapters_of_the_course_link_to_each_other(book):
    cells = nbformat.read(book, as_version=4).cells
    following = app.BOOKS[app.BOOKS.index(book) + 1 :][:1]
    for then in following:
        assert f"]({then.name}):" in cells[-1].source, "the chapter's end has no link to the next one"
