"""The panels without code: a page for each chapter, served by Voilà on this machine.

    python tools/app.py [chapter, 0 to 6] [--port 8866] [--no-browser]

Run by `make app`. A page is made of its notebook: the title, the headings, each panel and prediction with
the words around it. The notebooks themselves are not touched.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import make_env
import nbformat

ROOT = Path(__file__).resolve().parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
OUT = ROOT / "dist" / "app"
SHOWN = ("panels.", "predict(")


def page(book):
    """A notebook's panels as a notebook of their own: what Voilà runs and shows."""
    cells = nbformat.read(book, as_version=4).cells
    setup = next(cell for cell in cells if cell.cell_type == "code")
    kept, heading = [nbformat.v4.new_markdown_cell(cells[0].source.splitlines()[0]), setup], ""
    for i, cell in enumerate(cells[1:-1], start=1):
        if cell.source.startswith(SHOWN) and cell.cell_type == "code":
            kept.append(nbformat.v4.new_code_cell(cell.source))
        if cell.cell_type == "markdown":
            heading = next((line for line in cell.source.splitlines() if line.startswith("## ")), heading)
            leads, follows = cells[i + 1].source.startswith(SHOWN), cells[i - 1].source.startswith(SHOWN)
            words = paragraphs(cell.source)
            if follows and not leads and cells[i + 1].cell_type == "code":
                words = words[:-1]  # the last paragraph introduces code that is not shown
            if leads or follows:
                parts = [heading] * (leads and bool(heading)) + words
                kept += [nbformat.v4.new_markdown_cell("\n\n".join(parts))] * bool(parts)
                heading = "" if leads else heading
    return nbformat.v4.new_notebook(cells=kept)


def paragraphs(text):
    """A cell's paragraphs, without headings, the clock and links, which lead to notebooks."""
    text = re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", text)
    return [part for part in text.split("\n\n") if not part.startswith(("#", "*("))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapter", nargs="?", type=int, choices=range(len(BOOKS)))
    parser.add_argument("--port", type=int, default=8866)
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    for book in BOOKS:
        nbformat.write(page(book), OUT / book.name)
    shown = OUT if asked.chapter is None else OUT / BOOKS[asked.chapter].name
    # A file of its own each time it is started: every prediction is closed, whatever was guessed in a rehearsal or in the notebooks.
    os.environ.setdefault("LEVERAGE_LAB_PROGRESS", str(Path(tempfile.mkdtemp(prefix="leverage-lab-app-")) / "my-progress.json"))
    print(f"The app is at http://127.0.0.1:{asked.port}/", flush=True)
    os.execv(sys.executable, make_env.voila_command(sys.executable, asked.port, not asked.no_browser, str(shown)))


if __name__ == "__main__":
    main()
