"""The course as pages to be printed or read without any program: HTML without network, and PDF where Chromium is.

    python tools/pages.py [--out dist/pages]

Made from the stored notebooks, so from what the tests have compared. Run by `make kit`.
"""

import argparse
import copy
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>{style}</style></head><body><nav><a href="index.html">Leverage Lab</a></nav><main>{body}</main></body></html>
"""
STYLE = """
body {font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; color: #1f2733;
  margin: 0 auto; max-width: 760px; padding: 16px}
h1 {font-size: 1.7em; line-height: 1.2} h2 {margin-top: 1.8em} .anchor-link, .prompt {display: none}
a {color: #0b5394} img {max-width: 100%; height: auto}
pre {background: #f4f5f7; padding: 8px 12px; border-radius: 4px; white-space: pre-wrap;
  overflow-wrap: anywhere; font-size: .86em; line-height: 1.4}
.output pre {background: none; border-left: 3px solid #98a2b3; border-radius: 0}
.output {margin: 8px 0 16px} .output_subarea > p {color: #1f2733}
table {border-collapse: collapse; border: 0; font-size: .9em}
th, td {text-align: left; vertical-align: top; padding: 3px 10px 3px 0; border: 0; border-top: 1px solid #d0d5dd}
.write {border-bottom: 1px solid #5d6779; padding-top: 1.2em}
.k, .kn, .ow {color: #0b5394} .s1, .s2 {color: #8a4b00} .c1 {color: #5d6779}
@media print {
  @page {size: A4; margin: 16mm} body {font-size: 10.5pt; padding: 0; max-width: none} nav {display: none}
  .cell.code_cell, img, table, pre {break-inside: avoid} h1, h2 {break-after: avoid} img {max-width: 15cm}
}
"""


ASKED = re.compile(r"^(check|predict)\(", flags=re.M)
UNANSWERED = re.compile(r"\n*\*?Not answered yet:[^\n]*")
LINE = '<p class="write">{}:</p>'


def on_paper(cell):
    """A cell that asks something, with a line to write on and without what only a box or a kernel is told."""
    if cell.cell_type != "code" or not (found := ASKED.search(cell.source)):
        return cell
    cell = copy.deepcopy(cell)
    for output in cell.outputs:
        data = output.get("data", {})
        if found[1] == "check" and "text/markdown" in data:
            data["text/markdown"] = UNANSWERED.sub("", data["text/markdown"]) + "\n\n" + LINE.format("My answer")
        elif "text/html" in data:
            data["text/html"] = data["text/html"].replace(
                "<img ", LINE.format("My guess, before I look at the picture") + "\n<img ", 1
            )
    return cell


def convert(cells):
    """Cells as HTML; links to notebooks lead to pages, those into the glossary to its words."""
    cells = [on_paper(cell) for cell in cells]
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    return re.sub(r'href="([\w-]+)\.(?:ipynb|md)', r'href="\1.html', body)


def write(out, name, title, cells):
    (out / f"{name}.html").write_text(PAGE.format(title=title, style=STYLE, body=convert(cells)), encoding="utf-8")


def build(out):
    """All pages as HTML in folder `out`; returns the files."""
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for book in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(book, as_version=4).cells
        title = re.sub(r"<[^>]+>", "", cells[0].source.splitlines()[0]).removeprefix("# ").replace("&#36;", "$")
        write(out, book.stem, title, cells)
        rows.append(f"- [{book.stem}]({book.stem}.html): {title.replace('$', '&#36;')}")
    words = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    words = re.sub(
        r"^## (.+)$", lambda match: f'<h2 id="{match[1].replace(" ", "-")}">{match[1]}</h2>\n', words, flags=re.M
    )
    write(out, "glossary", "Glossary", [nbformat.v4.new_markdown_cell(words)])
    note = (
        "What you see here does not move: every panel stands at its start, with its sentence. The live course is "
        "in the notebooks."
    )
    write(
        out,
        "index",
        "Leverage Lab",
        [
            nbformat.v4.new_markdown_cell(
                "\n\n".join(["# Leverage Lab", note, "\n".join(rows), "[Glossary](glossary.html)"])
            )
        ],
    )
    return sorted(out.glob("*.html"))


def instructor(out):
    """The instructor's papers as HTML, in folder `out`; returns the files."""
    out.mkdir(parents=True, exist_ok=True)
    papers = sorted(
        (ROOT / "instructor").glob("*.md"),
        key=lambda paper: (paper.stem != "README", paper.stem != "guide", paper.stem),
    )
    for paper in papers:
        text = re.sub(
            r"\]\(\.\./[^)]*\)", "]", re.sub(r"\]\(([\w-]+)\.md", r"](\1.html", paper.read_text(encoding="utf-8"))
        )
        name = "index" if paper.stem == "README" else paper.stem
        write(
            out,
            name,
            text.partition("\n")[0].removeprefix("# "),
            [nbformat.v4.new_markdown_cell(text.replace("](README.html", "](index.html"))],
        )
    return sorted(out.glob("*.html"))


def print_all(pages):
    """A PDF beside each page, by Chromium; returns how many, 0 where there is none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        return 0
    for page in pages:
        with tempfile.TemporaryDirectory() as profile:
            command = [
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={profile}",
                "--no-pdf-header-footer",
            ]
            subprocess.run(
                [*command, f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()],
                check=True,
                capture_output=True,
                timeout=120,
            )
    return len(pages)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "pages")
    out = parser.parse_args().out.resolve()
    pages = build(out)
    printed = print_all(pages)
    print(f"{out}: {len(pages)} pages, {printed or 'no'} PDFs" + ("" if printed else " (no Chromium here)"))


if __name__ == "__main__":
    main()
