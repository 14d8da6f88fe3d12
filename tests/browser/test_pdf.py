"""The course as one PDF, printed by Chromium and read by another program: places, page numbers, links, alt texts."""

import html
import json
import os
import re
import shutil
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
GLOSSARY = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")


def cells():
    """All cells of the course, in the order of the notebooks."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield path.stem, cell["cell_type"], "".join(cell["source"]), cell.get("outputs", [])


def bare(text):
    """Without white space, ligatures and marks of writing, so that texts set in lines can be compared."""
    text = html.unescape(re.sub(r"</?span>|[*`]", "", text))
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The PDF as pypdf reads it."""
    from book import pdf

    if not any(map(shutil.which, pdf.BROWSERS)):
        if os.environ.get("LEVERAGE_LAB_BROWSER") == "required":
            pytest.fail("There is no Chromium to print with.", pytrace=False)
        pytest.skip("there is no Chromium to print with")
    pypdf = pytest.importorskip("pypdf", reason="make browser adds what reads a PDF")
    file = tmp_path_factory.mktemp("pdf") / "course.pdf"
    pdf.build(file)
    return pypdf.PdfReader(file)


@pytest.fixture(scope="module")
def texts(course):
    return [page.extract_text() for page in course.pages]


@pytest.fixture(scope="module")
def marks(course):
    """The bookmarks: (depth, title, page from 0)."""

    def under(outline, depth):
        for mark in outline:
            if isinstance(mark, list):
                yield from under(mark, depth + 1)
            else:
                yield depth, mark.title, course.get_destination_page_number(mark)

    return list(under(course.outline, 1))


def test_it_says_what_it_is(course, texts):
    first = " ".join(texts[0].split())
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.M)[1]
    assert first.startswith("Leverage Lab ") and f"Version {version}. " in first and "CC BY 4.0" in first
    assert re.search(
        r"The newest .gures are from (January|Feb|March|April|May|Ju|Aug|Sept|Oct|Nov|Dec)\w* 20\d\d;", first
    )
    assert course.trailer["/Root"]["/Lang"] == "en" and course.metadata.title == "Leverage Lab"


def test_every_page_has_its_number_and_something_to_read(texts):
    assert 140 <= len(texts) <= 230
    for number, text in enumerate(texts[1:], 2):
        assert text.split("\n", 1)[0] == str(number)
        assert len(text) > 100, number


def test_every_heading_is_a_bookmark_that_leads_to_it(marks, texts):
    headings = [(1, "Contents")]
    for name, kind, source, _ in cells():
        if kind == "markdown":
            for signs, heading in re.findall(r"^(#{1,3}) (.+)$", source, flags=re.M):
                label = f"Chapter {int(name[:2])}: " if len(signs) == 1 and name[:2].isdigit() else ""
                headings.append((len(signs), bare(label + heading)))
    headings += [(len(signs), bare(word)) for signs, word in re.findall(r"^(#{1,2}) (.+)$", GLOSSARY, flags=re.M)]
    assert [(depth, bare(title)) for depth, title, _ in marks] == headings
    for _, title, page in marks:
        assert bare(title) in bare(texts[page]), title
        assert "  " not in title and re.sub(r"\s+", " ", title) in unicodedata.normalize(
            "NFKC", " ".join(texts[page].split())
        )


def test_no_heading_stands_alone_at_the_foot_of_a_page(marks, texts):
    for _, title, page in marks:
        assert len(bare(texts[page]).rpartition(bare(title))[2]) > 20, (title, page + 1)


def test_the_contents_give_the_page_of_every_chapter_and_section(marks, texts):
    (_, _, first), (_, _, last) = marks[:2]
    shown = "".join(re.sub(r"^\d+\n", "", text) for text in texts[first:last])
    words = next(index for index, mark in enumerate(marks) if mark[1] == "Glossary")
    lines = [f"{title}{page + 1}" for depth, title, page in marks[1 : words + 1] if depth < 3]
    assert bare(shown) == bare("Contents" + "".join(lines))


def test_every_picture_has_its_words(course):
    stored = [
        bare(alt)
        for *_, outputs in cells()
        for output in outputs
        for alt in re.findall(r'<img alt="(.+?)" ', "".join(output.get("data", {}).get("text/html", "")))
    ]
    figures, ahead, roles = [], [course.trailer["/Root"]["/StructTreeRoot"]], set()
    while ahead:
        part = ahead.pop().get_object()
        if isinstance(part, list):
            ahead += part
        elif isinstance(part, dict):
            roles.add(part.get("/S"))
            figures += [bare(part["/Alt"])] if part.get("/S") == "/Figure" else []
            ahead += [part["/K"]] if "/K" in part else []
    assert sorted(figures) == sorted(stored) and len(stored) > 50
    assert {"/H1", "/H2", "/P", "/L", "/Table", "/TH", "/Link", "/Code"} <= roles


def test_links_lead_into_the_file_or_to_an_allowed_host(course, marks):
    allowed = set((ROOT / "tests" / "allowed_links.txt").read_text(encoding="utf-8").splitlines())
    inside, outside = [], set()
    for page in course.pages:
        for link in page.get("/Annots", []):
            link = link.get_object()
            if "/Dest" in link:
                inside.append(link["/Dest"])
            else:
                outside.add(link["/A"]["/URI"])
    assert {urlsplit(uri).scheme for uri in outside} == {"https"}
    assert {urlsplit(uri).hostname for uri in outside} <= allowed
    written = re.findall(r"\]\(#[^)]+\)", GLOSSARY)
    for _, kind, source, _ in cells():
        written += re.findall(r"\]\((?!https:)[^)]+\)", source) if kind == "markdown" else []
    listed = sum(depth < 3 for depth, _, page in marks) - 1 - len(re.findall(r"^## ", GLOSSARY, flags=re.M))
    assert len(inside) >= len(written) + listed  # a link set in two lines counts twice
    assert set(inside) <= set(course.named_destinations)
    page = {bare(title): page for _, title, page in marks}
    into_glossary = {name for name in inside if name.startswith("/glossary/")}
    assert len(into_glossary) > 50
    for name in into_glossary:
        word = bare(name.removeprefix("/glossary/").replace("-", ""))
        (at,) = {at for title, at in page.items() if title.replace("-", "") == word}
        assert course.get_destination_page_number(course.named_destinations[name]) == at, name


def test_questions_have_a_line_to_write_on(texts):
    exercises, guesses = (
        sum(bool(re.search(rf"^{kind}\(", source, flags=re.M)) for _, form, source, _ in cells() if form == "code")
        for kind in ("check", "predict")
    )
    whole = "\n".join(texts)
    assert whole.count("My answer:") == exercises and "Not answered yet" not in whole
    assert whole.count("My guess, before I look at the picture:") == guesses
