"""The book's pages, made of the stored notebooks: what a reader sees without Python, and without JavaScript too.

A panel or card stands as it is stored, in a place of its own; web/page.js puts the live one there.
"""

import ast
import base64
import hashlib
import json
import re
import struct
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import chapters
import jinja2
from bs4 import BeautifulSoup, NavigableString
from nbconvert.filters import Highlight2HTML, markdown2html

from book import live, metadata, project
from leverage_lab.classroom.record import RecordCard
from leverage_lab.panelkit import page as card_page
from leverage_lab.panelkit.cards import ExerciseCard, PredictionCard

NOTEBOOKS = project.ROOT / "notebooks"
DOCS = project.ROOT / "docs"
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "web"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
UNANSWERED = re.compile(r"\n*\*?Not answered yet:[^\n]*")  # speaks of a box that is not there
SHOWS = ("show", "verdict", "selfcheck")  # what they give says all to a reader; calculations are there to be read
ALIGNED = {"text-align: right; vertical-align: top": "right", "text-align: left; vertical-align: top": None}


@dataclass
class Section:
    """From one heading to the next; the first of a page has none."""

    id: str
    heading: str
    level: int
    text: str = ""


@dataclass
class Page:
    name: str
    title: str
    heading: str = ""  # the title as HTML
    body: str = ""
    sections: list = field(default_factory=list)
    words: dict = field(default_factory=dict)  # {id in the glossary: what it says}
    live: list = field(default_factory=list)
    chapter: project.Chapter | None = None
    notebook: bool = True

    @property
    def file(self):
        return f"{self.name}.html"

    @property
    def short(self):
        """Its name in the list of chapters."""
        if self.chapter:
            return self.chapter.name
        return self.title if self.name == "index" else self.name.replace("-", " ").capitalize()


def slug(text):
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


class Maker:
    """Makes pages. lab: see project.doors; data(object) gives what the live form of a panel or card needs, or None."""

    def __init__(self, out, data, lab=""):
        self.out, self.data, self.lab = out, data, lab
        self.chapters = {chapter.stem: chapter for chapter in project.chapters()}
        self.told = chapters.chapters()
        self.glossary = glossary()
        (out / "pictures").mkdir(parents=True, exist_ok=True)

    def notebook(self, path):
        cells = live.cells_of(path)
        behind, parts, entries = live.objects(cells), [], []
        for place, cell in enumerate(cells):
            if cell.cell_type == "markdown":
                parts.append(markdown2html(cell.source))
            else:
                parts.append(self._code(cell, behind.get(place), path.stem, entries))
        page = Page(path.stem, "", live=entries, chapter=self.chapters.get(path.stem))
        return self._finished(page, "\n".join(parts))

    def words(self):
        text = (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
        return self._finished(Page("glossary", "", notebook=False), markdown2html(text))

    def paper(self, path):
        """A page of docs/: what is beside the course."""
        return self._finished(Page(path.stem, "", notebook=False), markdown2html(path.read_text(encoding="utf-8")))

    def front(self, pages):
        body = TEMPLATES.get_template("front.html").render(
            pages=pages, chapters=list(self.chapters.values()), source=project.source, version=project.VERSION
        )
        return self._finished(Page("index", "", notebook=False), body)

    def write(self, page, pages):
        """pages: all, in the order in which they are read."""
        place = pages.index(page)
        text = TEMPLATES.get_template("page.html").render(
            page=page,
            pages=pages,
            before=pages[place - 1] if place else None,
            after=pages[place + 1] if place + 1 < len(pages) else None,
            doors=project.doors(page.name, self.lab) if page.notebook else [],
            metadata=self._metadata(page),
            report=project.report,
            repository=project.REPOSITORY,
            version=project.VERSION,
            live=json.dumps(page.live, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        )
        (self.out / page.file).write_text(text, encoding="utf-8")

    def _metadata(self, page):
        """For search engines and catalogues; only of the front page and of chapters."""
        told = {f"{chapter.stem}.html": metadata.json_ld(chapter, self.told) for chapter in self.told}
        told["index.html"] = metadata.course_json_ld(self.told)
        return metadata.tag(told[page.file]) if page.file in told else ""

    def _code(self, cell, thing, name, entries):
        code = Highlight2HTML(pygments_lexer="python")(cell.source)
        shown = "\n".join(map(_output, cell.outputs))
        if thing is not None:
            shown = self._standing(thing, shown, f"live-{cell.id}", name, entries)
        elif shown:
            shown = f'<div class="output"><span class="said">Output:</span>{shown}</div>'
        if thing is not None or _is_plain(cell.source):
            code = _folded("Code", code, ' class="code"')
        return f"{code}\n{shown}"

    def _standing(self, thing, stored, id, name, entries):
        """A panel or card as it was stored, in the place of the live one."""
        if isinstance(thing, PredictionCard):
            question, _, answer = stored.partition("</p>")
            stored = f"{question}</p>" + _folded("Guess first, then open the picture", answer)
        if (
            isinstance(thing, ExerciseCard) and (judged := stored.find("<p><em>✗")) >= 0
        ):  # a bug hunt, as it was first run
            solution = card_page.html(thing.book.exercises[thing.id].steps)
            folds = _folded("What is said of it as it stands", stored[judged:]) + _folded("Worked solution", solution)
            stored = stored[:judged] + folds
        if isinstance(thing, RecordCard):
            stored = _folded("What it says where nothing is answered yet", stored)
        note, data = "", self.data(thing)
        if data is None:
            ways = " · ".join(f'<a href="{door["href"]}">{door["words"]}</a>' for door in project.doors(name, self.lab))
            note = f'<p class="elsewhere">This card is live in the notebook: {ways}</p>'
        else:
            entries.append({"at": id, **data})
        return f'<div class="ll-live" id="{id}">{stored}</div>{note}'

    def _finished(self, page, html):
        """The page's HTML as the book has it: links, pictures, tables, headings, words of the glossary."""
        soup = BeautifulSoup(html, "html.parser")
        for money in soup.find_all("span", string="$"):
            money.unwrap()
        soup.smooth()
        for mark in soup.select(".anchor-link"):
            mark.decompose()
        title = soup.h1.extract()
        page.title, page.heading = title.get_text().replace("\xa0", " "), title.decode_contents()
        for picture in soup.find_all("img"):
            self._picture(picture)
        for link in soup.find_all("a"):
            link["href"] = address(link["href"])
        for table in soup.find_all("table"):
            _table(table, soup)
        self._sections(page, soup)
        if page.notebook:
            self._words(page, soup)
        page.body = soup.decode(formatter="html5")
        return page

    def _picture(self, picture):
        """A file of its own, shared by pages that show the same."""
        content = base64.b64decode(picture["src"].partition("base64,")[2])
        file = f"pictures/{hashlib.sha256(content).hexdigest()[:16]}.png"
        (self.out / file).write_bytes(content)
        width, height = struct.unpack(">II", content[16:24])
        shown = int(picture["width"])
        picture.attrs = {"alt": picture["alt"], "src": file, "width": shown, "height": round(height * shown / width)}
        picture.attrs |= {"loading": "lazy", "decoding": "async"}

    def _sections(self, page, soup):
        """Each h2 with all up to the next becomes a <section>, with a way to report a mistake in it."""
        used, page.sections = {}, [Section("", "", 1)]
        into, current = soup, page.sections[0]
        for part in list(soup.contents):
            if part.name in ("h2", "h3"):
                heading = part.get_text().replace("\xa0", " ")
                id = slug(heading)
                used[id] = used.get(id, 0) + 1
                current = Section(id if used[id] == 1 else f"{id}-{used[id]}", heading, int(part.name[1]))
                page.sections.append(current)
                part.attrs = {"id": current.id}
                if part.name == "h2":
                    if into is not soup:
                        _report(page, into, soup)
                    into = soup.new_tag("section")
                    part.insert_before(into)
                    into["data-heading"] = heading
            if into is not soup:
                into.append(part.extract())
            if part.name not in ("h2", "h3"):
                current.text += " " + _words_of(part)
        if into is not soup:
            _report(page, into, soup)
        for section in page.sections:
            section.text = " ".join(section.text.split())
        for section in soup.find_all("section"):
            del section["data-heading"]

    def _words(self, page, soup):
        """In each section the first use of a word that this page links to the glossary can be asked for its meaning."""
        here = {link["href"].partition("#")[2] for link in soup.select('a[href^="glossary.html#"]')}
        page.words = {word: self.glossary[word][1] for word in sorted(here)}
        for section in [soup, *soup.find_all("section")]:
            parts = section.find_all(["p", "li"], recursive=section is not soup)
            linked = {
                link["href"].partition("#")[2] for part in parts for link in part.select('a[href^="glossary.html#"]')
            }
            for word in sorted(here - linked, key=len, reverse=True):
                _mark(word, self.glossary[word][0], parts, soup)
        for link in soup.select('a[href^="glossary.html#"]'):
            link["class"], link["aria-describedby"] = "word", "word-" + link["href"].partition("#")[2]


def glossary():
    """{id: (word, what it says as plain text)}."""
    text = (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
    parts = re.findall(r"^## ([^\n]+)\n+(.+?)\s*(?=^## |\Z)", text, flags=re.M | re.S)
    return {
        slug(word): (word, BeautifulSoup(markdown2html(said), "html.parser").get_text().strip()) for word, said in parts
    }


def address(link):
    """Of a link in a notebook: pages lead to pages, other files of the repository to the repository."""
    name, _, anchor = link.partition("#")
    if re.match(r"[a-z]+:", link) or not name or name.endswith(".html"):
        return link
    own = (NOTEBOOKS / name).exists() or (DOCS / name).exists()
    target = f"{Path(name).stem}.html" if own and "/" not in name else project.source(name.removeprefix("../"))
    return f"{target}#{anchor}" if anchor else target


def _output(output):
    if output.output_type == "stream":
        return f"<pre>{escape(output.text, quote=False)}</pre>"
    data = output.data
    if "text/html" in data:
        return data["text/html"]
    return markdown2html(UNANSWERED.sub("", data["text/markdown"]))


def _folded(summary, body, more=""):
    return f"<details{more}><summary>{summary}</summary>{body}</details>"


def _is_plain(source):
    """Is there nothing to learn from this code without running it? Only imports, or a table."""
    lines = ast.parse(source).body
    if all(isinstance(line, (ast.Import, ast.ImportFrom)) for line in lines):
        return True
    called = getattr(getattr(lines[-1], "value", None), "func", None)
    return isinstance(called, ast.Name) and called.id in SHOWS


def _table(table, soup):
    """It scrolls inside itself where the page is narrower, and its cells say once how they stand."""
    for cell in table.find_all(["th", "td"], style=True):
        if cell["style"] in ALIGNED:
            look = ALIGNED[cell["style"]]
            del cell["style"]
            if look:
                cell["class"] = look
    for cell in table.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"  # the corner of a table heads nothing
    table.wrap(soup.new_tag("div", attrs={"class": "wide"}))


def _report(page, section, soup):
    line = soup.new_tag("p", attrs={"class": "report"})
    link = soup.new_tag("a", attrs={"href": project.report(page.title, section["data-heading"])})
    link.string = "Report a mistake in this section"
    line.append(link)
    section.append(line)


def _words_of(part):
    if isinstance(part, NavigableString):
        return str(part)
    return "" if "code" in part.get("class", []) else part.get_text(" ").replace("\xa0", " ")


def _mark(word, name, parts, soup):
    """A link to the glossary at the first use of the word in running text."""
    use = re.compile(rf"(?<![\w-]){re.escape(name)}s?(?![\w-])", flags=re.I)
    for part in parts:
        for text in part.find_all(string=use):
            if text.find_parent(["a", "code", "b", "strong", "summary", "pre", "details"]):
                continue
            found = use.search(text)
            link = soup.new_tag("a", attrs={"href": f"glossary.html#{word}"})
            link.string = found[0]
            before, after = text[: found.start()], text[found.end() :]
            text.replace_with(NavigableString(before), link, NavigableString(after))
            return
