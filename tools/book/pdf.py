"""The whole course as one PDF: title, contents, chapters with lines to write on, glossary.

Made from the stored notebooks, so from what the tests have compared. Chromium prints it: bookmarks, tags, alt texts,
links and page numbers are its own. Only the numbers in the contents it cannot know, so it prints twice: they are read
off the first print's bookmarks.
"""

import copy
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote, unquote

import nbformat
from nbconvert import HTMLExporter

from book.live import cells_of
from book.pages import UNANSWERED
from book.project import ROOT, VERSION
from leverage_lab import data, dates

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STYLE = Path(__file__).with_name("pdf.css")
ASKED = re.compile(r"^(check|predict)\(", flags=re.M)
LINE = '<p class="write">{}:</p>'
WITH_DATES = ("exchanges", "leverage_history", "fees", "funding")  # tables of figures that change, dated row by row

PAPER = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Leverage Lab</title><style>{style}</style></head>
<body>{front}{contents}{body}</body></html>
"""
FRONT = """<section class="front">
<p class="title">Leverage Lab</p>
<p class="what">A course on leverage in crypto futures: what a position is, at which price it is closed, what holding it
costs</p>
<p>Version {version}. The newest figures are from {newest}; below each table and panel stands when its own are from.</p>
<p>It is education, not advice: it recommends no trade, no exchange and no leverage.</p>
<p>What you see here does not move: every panel stands at its start, with its sentence. Where a question is asked, there
is a line to write on. The live course is in the notebooks.</p>
<p>Text and pictures: <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>, Leverage Lab authors.
Code: MIT.</p>
</section>
"""
HEADING = re.compile(r'<h([12]) id="([^"]+)">(.+?)</h\1>', flags=re.S)


class Stop(Exception):
    """One sentence: why there is no PDF."""


def on_paper(cell):
    """A cell with a question: adds a line to write on, removes what only makes sense with a box or a kernel."""
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
    """Cells as HTML, with the links of the notebook."""
    cells = [on_paper(cell) for cell in cells]
    return HTMLExporter(template_name="basic").from_notebook_node(nbformat.v4.new_notebook(cells=cells))[0]


def chromium():
    """The browser that prints; Stop where there is none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise Stop("There is no Chromium here, and a PDF is printed by it: install chromium or Google Chrome.")
    return program


def print_page(page, file):
    """Print the HTML file `page` as the PDF `file`."""
    command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    with tempfile.TemporaryDirectory() as profile:
        command += [f"--user-data-dir={profile}", "--generate-pdf-document-outline", f"--print-to-pdf={file}"]
        subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=300)


def glossary():
    """The glossary's cells, each word a heading that links lead to."""
    words = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    words = re.sub(
        r"^## (.+)$", lambda match: f'<h2 id="{match[1].replace(" ", "-")}">{match[1]}</h2>\n', words, flags=re.M
    )
    return [nbformat.v4.new_markdown_cell(words)]


def in_one_file(name, body):
    """The HTML of one notebook as part of the whole: no place has another's id, links lead to places in this file."""

    def link(found):
        file, _, place = found[1].partition("#")
        if ":" in file:
            return found[0]
        file = re.sub(r"\.(ipynb|md)$", "", file) or name
        return f'href="#{quote(f"{file}/{unquote(place)}" if place else file)}"'

    body = re.sub(r'<a class="anchor-link".*?</a>', "", body)
    body = re.sub(r' id="cell-id=[^"]*"', "", body)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{name}/\1"', body)
    body = re.sub(r'href="([^"]+)"', link, body).replace("<details>", "<details open>")
    if name[:2].isdigit():
        body = re.sub(r"(<h1[^>]*>)", rf"\1Chapter {int(name[:2])}: ", body, count=1)
    return f'<section id="{name}" class="part">{body}</section>\n'


def parts():
    """{name: HTML} of chapters, what comes after them, and the glossary."""
    cells = {path.stem: cells_of(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    return {name: in_one_file(name, convert(of)) for name, of in (cells | {"glossary": glossary()}).items()}


def listed(of):
    """(1 or 2, id, heading) of what the contents list: parts and their sections, but not the glossary's words."""
    found = [(name, match.groups()) for name, body in of.items() for match in HEADING.finditer(body)]
    return [(int(level), id, words) for name, (level, id, words) in found if level == "1" or name != "glossary"]


def contents(lines, pages):
    rows = [
        f'<li class="level{level}"><a href="#{quote(id)}"><span>{words}</span><span class="page">{page}</span></a></li>'
        for (level, id, words), page in zip(lines, pages, strict=True)
    ]
    return f'<section class="contents"><h1>Contents</h1><ol>{"".join(rows)}</ol></section>\n'


def bookmarked(file):
    """The pages, from 1, of the contents' lines, as the bookmarks of this print have them."""
    from pypdf import PdfReader  # not in .venv: make pdf brings it

    reader = PdfReader(file)

    def under(outline, depth=1):
        for mark in outline:
            if isinstance(mark, list):
                yield from under(mark, depth + 1)
            else:
                yield depth, mark.title, reader.get_destination_page_number(mark) + 1

    top = ""
    for depth, title, page in under(reader.outline):
        top = title if depth == 1 else top
        if title != "Contents" and (depth == 1 or depth == 2 and top != "Glossary"):
            yield page


def build(file):
    """Print the course as the PDF `file`."""
    file.unlink(missing_ok=True)  # so that none is better than an old one
    chromium()  # said at once
    front = FRONT.format(version=VERSION, newest=dates.shown(data.newest_month(*WITH_DATES)))
    of = parts()
    lines, style = listed(of), STYLE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as work:
        page, printed = Path(work, "course.html"), Path(work, "course.pdf")
        pages, found = None, ["" for _ in lines]
        while found != pages:  # twice, as the numbers have a column of their own and move nothing
            pages = found
            text = PAPER.format(style=style, front=front, contents=contents(lines, pages), body="".join(of.values()))
            page.write_text(text, encoding="utf-8")
            print_page(page, printed)
            found = list(bookmarked(printed))
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(printed, file)
