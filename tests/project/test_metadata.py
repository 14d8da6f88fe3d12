"""The book's metadata: only what schema.org defines, true of the chapters, and read by a JSON-LD processor."""

import json
import re
import subprocess
import sys
import tomllib

import nbformat
import pytest
from book import metadata
from chapters import ROOT, chapters

CHAPTERS = chapters()
PAGES = {"course": metadata.course_json_ld(CHAPTERS)} | {
    chapter.stem: metadata.json_ld(chapter, CHAPTERS) for chapter in CHAPTERS
}


def defined():
    """{type: its properties, inherited ones included}, as schema_org.txt has them."""
    found = {}
    for line in (ROOT / "tests" / "project" / "schema_org.txt").read_text(encoding="utf-8").splitlines():
        if named := re.fullmatch(r"(\w+) \(([\w ]*)\): (.+)", line):
            found[named[1]] = set(named[3].split()).union(*(found[parent] for parent in named[2].split()))
    return found


def nodes(data):
    """Each object in it, itself included."""
    yield data
    for value in data.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield from nodes(part)


@pytest.mark.parametrize("data", PAGES.values(), ids=PAGES)
def test_only_what_schema_org_defines(data):
    known = defined()
    for node in nodes(data):
        assert set(node) - {"@context", "@type"} <= known[node["@type"]]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_it_says_of_a_chapter_what_its_notebook_says(chapter):
    data = PAGES[chapter.stem]
    head = nbformat.read(ROOT / "notebooks" / f"{chapter.stem}.ipynb", as_version=4).cells[0].source
    head = head.replace("<span>&#36;</span>", "$").replace("\u00a0", " ")
    assert head.startswith(f"# {data['name']}\n") and data["position"] == int(chapter.stem[:2])
    assert [f"- {aim}" for aim in data["teaches"]] == [line[:-1] for line in head.splitlines() if line.startswith("- ")]
    hours, minutes = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", data["timeRequired"]).groups()
    assert f"about {60 * int(hours or 0) + int(minutes or 0)} minutes" in head
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/" and "CC BY 4.0" in (
        ROOT / "LICENSE"
    ).read_text(encoding="utf-8")
    assert (
        data["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        and data["inLanguage"] == "en"
    )
    assert data["isAccessibleForFree"] is True and data["isPartOf"]["@type"] == "Course"


def test_the_course_takes_as_long_as_the_readme_says():
    hours, minutes = re.fullmatch(r"PT(\d+)H(?:(\d+)M)?", PAGES["course"]["timeRequired"]).groups()
    assert f"{hours} hours{f' and {minutes} minutes' if minutes else ''} in all, calculated" in (
        ROOT / "README.md"
    ).read_text(encoding="utf-8")


def test_nothing_ends_the_element_early():
    text = metadata.tag({"name": "</script><b>&"})
    assert text.count("<") == 2
    assert json.loads(text.partition(">")[2].rpartition("<")[0]) == {"name": "</script><b>&"}


# schema.org's context in one line, so that nothing is fetched: every word is one of its vocabulary.
READ = """
import json, sys
from pyld import jsonld

def loader(url, options):
    assert url == "https://schema.org/", url
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": url}}}

pages = json.load(sys.stdin)
print(json.dumps({name: jsonld.expand(page, {"documentLoader": loader}) for name, page in pages.items()}))
"""


@pytest.mark.network
def test_a_json_ld_processor_reads_it():
    uv = [sys.executable, ROOT / "tools" / "make_env.py", "uv"]
    run = [*uv, "run", "--quiet", "--no-project", "--isolated", "--with", "pyld==3.3.0", "python", "-c", READ]
    sent = json.dumps({name: json.loads(metadata.tag(data)[35:-9]) for name, data in PAGES.items()})
    out = subprocess.run(run, input=sent, capture_output=True, text=True, timeout=300)
    assert out.returncode == 0, out.stderr
    known, read = defined(), json.loads(out.stdout)
    assert set(read) == set(PAGES)
    for (node,) in read.values():
        (kind,) = node.pop("@type")
        words = {word.removeprefix("https://schema.org/") for word in node}
        assert kind.startswith("https://schema.org/") and words <= known[kind.removeprefix("https://schema.org/")]
    for chapter in CHAPTERS:
        (node,) = read[chapter.stem]
        assert [one["@value"] for one in node["https://schema.org/teaches"]] == chapter.aims
        (whole,) = node["https://schema.org/isPartOf"]
        assert whole["https://schema.org/name"] == [{"@value": "Leverage Lab"}]
    assert len(read["course"][0]["https://schema.org/hasPart"]) == 9
