"""The instructor's papers as pages to read in any browser, and to print: self-contained HTML, for the kit."""

import re
from pathlib import Path

import nbformat
from book.pdf import Stop, convert, print_page

ROOT = Path(__file__).resolve().parents[1]

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>{style}</style></head><body><nav><a href="index.html">Leverage Lab</a></nav><main>{body}</main></body></html>
"""
STYLE = """
body {font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; color: #1f2733}
body {margin: 0 auto; max-width: 760px; padding: 16px}
h1 {font-size: 1.7em; line-height: 1.2} h2 {margin-top: 1.8em} .anchor-link, .prompt {display: none}
a {color: #0b5394} img {max-width: 100%; height: auto}
pre {background: #f4f5f7; padding: 8px 12px; border-radius: 4px}
pre {white-space: pre-wrap; overflow-wrap: anywhere; font-size: .86em; line-height: 1.4}
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


def write(out, name, title, cells):
    (out / f"{name}.html").write_text(PAGE.format(title=title, style=STYLE, body=convert(cells)), encoding="utf-8")


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
    """A PDF beside each page, or one line where there is no Chromium."""
    try:
        for page in pages:
            print_page(page, page.with_suffix(".pdf"))
    except Stop as stop:
        print(stop)
