"""The book's pages: all of the notebooks is in them, every link leads somewhere, words have their meaning."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import make_book
import nbformat
import pytest
from bs4 import BeautifulSoup

from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.practice import Repair

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = {path.stem: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}

GLOSSARY = r"^## ([^\n]+)\n(.+?)(?=^## |\Z)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("book ä")
    make_book.build(out, moving=False)
    return out


@pytest.fixture(scope="module")
def pages(folder):
    return {path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in folder.glob("*.html")}


def words(text):
    return " ".join(re.findall(r"\w+", text))


def without_marks(markdown):
    """The words of Markdown, with no help from a converter."""
    text = re.sub(r"\]\([^)]*\)|</?\w+[^>]*>|^\|?[-|: ]+\|$", "", markdown, flags=re.M)
    return html.unescape(text)


def parts(cell):
    """What a reader sees of a cell, piece by piece."""
    if cell.cell_type == "markdown":
        yield from map(without_marks, re.split(r"\n\n|^ *(?:-|\d+\.) |\|", cell.source, flags=re.M))
        return
    yield re.sub(r"^import sys\nif .google.+\n(?: .+\n)+\n", "", cell.source)  # what is there for Colab alone
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            yield output.text
        elif "text/html" in data:
            yield from (html.unescape(one) for one in re.findall(r">([^<]+)<", data["text/html"]))
        else:
            asked = re.sub(r"\*?Not answered yet:.*", "", data["text/markdown"])
            yield from map(without_marks, re.split(r"\n|^ *(?:-|\d+\.) |\|", asked, flags=re.M))


def test_all_of_a_notebook_is_on_its_page(pages):
    for name, path in NOTEBOOKS.items():
        page = pages[f"{name}.html"]
        shown = words(page.main.get_text())
        assert "google colab in sys" not in shown
        for cell in nbformat.read(path, as_version=4).cells:
            for part in parts(cell):
                assert words(part) in shown, f"{name}, {cell.id}: {part[:80]}"
        alts = {image["alt"] for image in page.find_all("img")}
        stored = re.findall(r'<img alt=\\"(.*?)\\"', path.read_text(encoding="utf-8"))
        assert len(alts) >= len(set(stored)) >= {"08-two-articles": 1, "your-position": 2}.get(name, 2), name


def test_a_bug_hunt_has_its_worked_solution_on_the_page(pages):
    """Without Python it shows whether a guess at the mistake is right: the text says so."""
    cards = [card for page in pages.values() for card in page.select(".ll-live") if "Find the bug." in card.get_text()]
    assert len(cards) == sum(isinstance(one, Repair) for one in exercise_book.exercises.values())
    for card in cards:
        id = re.search(r"Exercise (\S+)\.", card.get_text())[1]
        fold = next(fold for fold in card("details") if fold.summary.get_text() == "Worked solution")
        assert words(without_marks(exercise_book.exercises[id].steps)) in words(fold.get_text(" ")), id


def test_links_lead_somewhere_and_nothing_comes_from_outside(folder, pages):
    allowed = set((ROOT / "tests" / "allowed_links.txt").read_text().splitlines())
    ids = {name: [part["id"] for part in page.find_all(id=True)] for name, page in pages.items()}
    counted = 0
    for name, page in pages.items():
        assert len(ids[name]) == len(set(ids[name])), name
        for part in page.find_all(["a", "link", "script", "img"]):
            link = part.get("href") or part.get("src") or ""
            address = urlsplit(link)
            if address.scheme in ("http", "https"):
                assert part.name == "a" and address.hostname in allowed, f"{name}: {link}"
            elif link and not link.startswith("data:,"):
                target = unquote(address.path) or name
                assert not link.startswith("/") and (folder / target).is_file(), f"{name}: {link}"
                assert not address.fragment or unquote(address.fragment) in ids[target], f"{name}: {link}"
                counted += 1
    assert counted > 500


def test_a_page_names_its_neighbours_its_minutes_and_its_doors(pages):
    order = ["index", *NOTEBOOKS, "glossary", "doors", "fresh-numbers"]
    for before, name, after in zip([None, *order], order, [*order[1:], None]):
        page, about = pages[f"{name}.html"], NOTEBOOKS.get(name)
        turn = {link["rel"][0]: link["href"] for link in page.select(".turn a")}
        assert turn == {key: f"{one}.html" for key, one in (("prev", before), ("next", after)) if one}
        listed = {link["href"]: link.parent.small for link in page.select("#contents > ul > li > a")}
        assert list(listed) == [f"{one}.html" for one in order]
        for one, path in NOTEBOOKS.items():
            first = nbformat.read(path, as_version=4).cells[0].source
            stated = re.search(r"\*\*Time\*\* about (\d+) minutes", first)
            if re.match(r"\d", one):
                assert listed[f"{one}.html"].get_text() == f"{stated[1]} min"
        assert bool(about) == bool(page.select(".doors"))
        if about:
            doors = [link["href"] for link in page.select(".doors a")]
            assert all(f"{name}.ipynb" in door for door in doors) and len(doors) == 3


def test_a_jupyterlab_beside_the_book_is_a_door(tmp_path):
    from book import pages, project

    door = project.doors("00-start-here", "lab/index.html?path=")[0]
    assert door["href"] == "lab/index.html?path=00-start-here.ipynb"
    assert pages.address("04-fees.ipynb#a") == "04-fees.html#a"


def test_a_mistake_is_reported_with_its_place(pages):
    page = pages["03-margin-modes.html"]
    titles = [
        parse_qs(urlsplit(link["href"]).query)["title"][0]
        for link in page.find_all("a", href=re.compile("/issues/new"))
    ]
    assert "Mistake: Isolated or cross: what exactly can I lose?, 4 · Adding margin" in titles
    assert len(titles) == len(page.find_all("h2")) + 1


def test_a_word_has_the_meaning_that_the_glossary_gives_it(pages):
    said = dict(re.findall(GLOSSARY, (ROOT / "notebooks/glossary.md").read_text(), flags=re.M | re.S))
    known, seen = {word.replace(" ", "-"): without_marks(text) for word, text in said.items()}, 0
    for name in NOTEBOOKS:
        for section in [pages[f"{name}.html"].main, *pages[f"{name}.html"].find_all("section")]:
            for link in section.select("a.word"):
                word = link["href"].removeprefix("glossary.html#")
                meaning = pages[f"{name}.html"].find(id=link["aria-describedby"])
                assert words(meaning.get_text()) == words(known[word]), f"{name}: {word}"
                seen += 1
    assert seen > 150
    # The first use in a section is marked where the notebook has no link, too: chapter 3 links “margin” in section 1.
    third = pages["03-margin-modes.html"].find(id="4-adding-margin").parent
    assert third.select('a.word[href="glossary.html#margin"]')


def test_tables_and_code_that_only_show_are_folded(pages):
    folded = [details.get_text() for details in pages["01-leverage-basics.html"].select("details.code")]
    assert any("from leverage_lab import data" in code for code in folded) and any("show(" in code for code in folded)
    assert not any("position = margin * leverage" in code for code in folded)
