"""Pages that we make are sound HTML, by html-validate: closed and nested well, ids once, controls named."""

import json
import shutil
import subprocess

import app
import pytest
import slides
from test_report import write

from leverage_lab.classroom import report

pytestmark = pytest.mark.network
CHECKER = "html-validate@9.7.1"
# Style in the page is meant: each is one file. The rest are matters of taste: quotes, self-closing, long titles.
OFF = (
    "no-inline-style",
    "attribute-boolean-style",
    "void-style",
    "no-trailing-whitespace",
    "long-title",
    "doctype-style",
)
RULES = {"root": True, "extends": ["html-validate:standard", "html-validate:a11y"], "rules": dict.fromkeys(OFF, "off")}


def faults(folder):
    """What is wrong, a line each."""
    if not shutil.which("npx"):
        pytest.skip("html-validate needs node")
    (folder / ".htmlvalidate.json").write_text(json.dumps(RULES))
    files = sorted(map(str, folder.glob("*.html")))
    done = subprocess.run(["npx", "--yes", CHECKER, "-f", "text", *files], cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def test_decks_front_page_and_report(tmp_path):
    for chapter in slides.chapters():
        (tmp_path / f"{chapter.stem}.html").write_text(slides.deck(chapter), encoding="utf-8")
    (tmp_path / "front.html").write_text(app.front(None), encoding="utf-8")
    assert report.main([str(write(tmp_path / "class")), "--out", str(tmp_path / "report.html")]) == 0
    assert len(list(tmp_path.glob("*.html"))) == 11
    assert faults(tmp_path) == []


def test_a_fault_is_found(tmp_path):
    page = (
        '<!doctype html><html lang="en"><head><title>x</title></head><body><p id="a"></p><p id="a">b</p></body></html>'
    )
    (tmp_path / "bad.html").write_text(page)
    assert any("no-dup-id" in line for line in faults(tmp_path))
