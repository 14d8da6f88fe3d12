"""The panels without code: a page for each chapter, served by Voilà on this machine.

    python tools/app.py [chapter, 0 to 8] [--port 8866] [--no-browser]

Run by `make app`. A page is made of its notebook: the title, the headings, each panel and prediction with
the words around it, and a link to the next one. The notebooks themselves are not touched. Each start
begins with every prediction closed; LEVERAGE_LAB_PROGRESS names a file to keep guesses in.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from html import escape
from pathlib import Path

import make_env
import nbformat

ROOT = Path(__file__).resolve().parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
OUT = ROOT / "dist" / "app"
SHARE = ROOT / "dist" / "app-share"  # template of our front page, for Voilà
TEMPLATE = "leverage-lab"
FRONT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Leverage Lab</title>
<style>body {{font: 18px/1.5 system-ui, sans-serif; color: #1b1f24}}
body {{max-width: 720px; margin: 32px auto; padding: 0 16px}}
li {{margin: 8px 0}} a {{color: #0b5394}}</style>{go}</head>
<body><main><h1>Leverage Lab</h1>
<p>The panels of the course, without code. Each chapter takes some seconds to start.</p>
<ol start="0">{chapters}</ol></main></body></html>
"""
PAGE = """{% extends 'voila/templates/lab/index.html.j2' %}
{% block notebook_css %}{{ super() }}<style>.jp-RenderedHTMLCommon {max-width: 720px !important}</style>{% endblock %}
"""  # words as wide as a panel
HANDS = r"Run All Cells|\brun the cell|\bthis cell\b|notebook has not been run|stored notebook"  # of notebooks only
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
    following = BOOKS[BOOKS.index(book) + 1 :][:1]
    links = [f"[Next: {title(then)}]({then.name})" for then in following] + ["[All chapters](../../#chapters)"]
    kept.append(nbformat.v4.new_markdown_cell(" · ".join(links)))
    return nbformat.v4.new_notebook(cells=kept, metadata={"title": title(book)})


def title(book):
    """A chapter's own question, as plain text."""
    first = nbformat.read(book, as_version=4).cells[0].source.splitlines()[0]
    return re.sub(r"<[^>]+>", "", first).removeprefix("# ").replace("&#36;", "$").replace("\u00a0", " ")


def front(chapter):
    """The page that lists the chapters; with `chapter` it leads on to that one."""
    listed = "".join(f'<li><a href="voila/render/{book.name}">{escape(title(book))}</a></li>' for book in BOOKS)
    go = (
        f'<script>if (!location.hash) location.replace("voila/render/{BOOKS[chapter].name}")</script>'
        if chapter is not None
        else ""
    )
    return FRONT.format(go=go, chapters=listed)


def paragraphs(text):
    """A cell's paragraphs without headings, clocks, links to notebooks, and what to do with cells: there are none."""
    text = re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", text)
    text = re.sub(rf" ?\([^()]*(?:{HANDS})[^()]*\)|[^.!?\n]*(?:{HANDS})[^.!?\n]*[.!?] ?", "", text)
    return [part for part in text.split("\n\n") if part.strip() and not part.startswith(("#", "*("))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapter", nargs="?", type=int, choices=range(len(BOOKS)))
    parser.add_argument("--port", type=int, default=8866)
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    for book in BOOKS:
        nbformat.write(page(book), OUT / book.name)
    template = SHARE / "voila" / "templates" / TEMPLATE
    template.mkdir(parents=True, exist_ok=True)
    (template / "conf.json").write_text(json.dumps({"base_template": "lab"}), encoding="utf-8")
    (template / "tree.html").write_text(front(asked.chapter), encoding="utf-8")
    (template / "index.html.j2").write_text(PAGE, encoding="utf-8")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, (str(SHARE), os.environ.get("JUPYTER_PATH"))))
    # A progress file of its own each time: every prediction is closed, whatever was guessed before.
    os.environ.setdefault(
        "LEVERAGE_LAB_PROGRESS", str(Path(tempfile.mkdtemp(prefix="leverage-lab-app-")) / "my-progress.json")
    )
    print(f"The app is at http://127.0.0.1:{asked.port}/", flush=True)
    os.execv(
        sys.executable, make_env.voila_command(sys.executable, asked.port, not asked.no_browser, str(OUT), TEMPLATE)
    )


if __name__ == "__main__":
    main()
