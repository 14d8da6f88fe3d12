"""A release's own promises: one version and one address, licences as data/README.md gives them, files that GitHub can
read, and a check that names what failed."""

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
import release

ROOT = Path(__file__).resolve().parents[2]
FACTS = "LicenseRef-Facts"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """What names a version or an address, and what GitHub reads, to be spoilt."""
    for name in ("pyproject.toml", "CHANGELOG.md", "CITATION.cff", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    return tmp_path


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_one_version_and_one_address():
    release.versions(f"v{release.project()['version']}")


@pytest.mark.parametrize(
    "file, old, new, sentence",
    (
        ("CHANGELOG.md", "## [0.2.0]", "## [0.3.0]", "pyproject.toml has version 0.2.0, and CHANGELOG.md has 0.3.0."),
        ("CITATION.cff", "\nversion: 0.2.0", "\nversion: 0.1.9", "has version 0.2.0, and CITATION.cff has 0.1.9."),
        ("README.md", "\n", "\nleverage-lab==0.1.0\n", "and README.md has 0.1.0."),
        ("README.md", "\n", "\nx/OWNER/leverage-lab/blob/v0.1.0/notebooks\n", "and README.md has 0.1.0."),
        ("CITATION.cff", "2026-11-30", "2026-12-01", "gives the day as 2026-12-01, and it is 2026-11-30."),
        ("CITATION.cff", "/OWNER/", "/other/", "gives the repository as https://github.com/other/leverage-lab"),
        (".github/ISSUE_TEMPLATE/config.yml", "/OWNER/", "/other/", "config.yml gives the repository as"),
    ),
)
def test_whoever_disagrees_is_named(copy, file, old, new, sentence):
    release.versions(None)
    spoil(copy / file, old, new)
    with pytest.raises(release.Failed, match=re.escape(sentence)):
        release.versions(None)


def test_a_tag_that_is_not_the_version_is_named():
    with pytest.raises(release.Failed, match="has version 0.2.0, and the tag has 0.2.1"):
        release.versions("v0.2.1")


def test_the_first_step_that_fails_is_named_and_none_after_it_done(capsys):
    done = []

    def fails():
        raise release.Failed("line 7: no title")

    todo = {"one": lambda: done.append(1), "two": fails, "three": lambda: done.append(3)}
    with pytest.raises(SystemExit) as ended:
        release.check(todo)
    assert ended.value.code == "line 7: no title\nNot ready for a release: step 2 failed, two." and done == [1]
    assert capsys.readouterr().out == "1/3 one ...\n2/3 two ...\n"


def test_the_files_and_their_checksums(tmp_path, monkeypatch):
    """Of a dist/ with everything in it; the sums are those of the hash's own examples (FIPS 180)."""
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "OUT", tmp_path / "dist" / "release")
    monkeypatch.setattr(release, "project", lambda: {"version": "9.9"})
    for name in ("release/a.whl", "book/index.html", "slides/1.html", "leverage-lab-kit-linux-3.11.zip"):
        (tmp_path / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dist" / name).write_bytes(b"abc")
    for name in ("leverage-lab-instructor.zip", "leverage-lab.pdf"):
        (tmp_path / "dist" / name).write_bytes(b"abc")
    release.gather()
    sums = dict(line.split("  ")[::-1] for line in (release.OUT / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {
        "a.whl",
        "leverage-lab-9.9.pdf",
        "leverage-lab-book-9.9.zip",
        "leverage-lab-slides-9.9.zip",
        "leverage-lab-instructor-9.9.zip",
        "leverage-lab-kit-linux-3.11-9.9.zip",
    }
    assert sums["a.whl"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_notes_are_the_newest_entry(copy):
    spoil(copy / "CHANGELOG.md", "## [0.2.0]", "## [0.3.0] - 2027-01-01\n\nNew.\n\n## [0.2.0]")
    assert release.notes() == "New."


def test_tables_have_the_licence_that_their_dictionary_gives_them():
    """README.md's line in words, and REUSE.toml's last block that fits: what the words name is what the block has. Our
    own words, which the page puts under CC BY, are in the columns `note` and `error`."""
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    described = json.loads((ROOT / "data" / "schema.json").read_text(encoding="utf-8"))["resources"]
    columns = {one["name"]: {field["name"] for field in one["schema"]["fields"]} for one in described}
    blocks = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    lines = re.findall(r"^## (\w\S*)\.csv\n.*?- \*\*licence\*\*: (.+?)$", page, flags=re.M | re.S)
    assert {name for name, _ in lines} == {path.stem for path in (ROOT / "data").glob("*.csv")}
    for name, words in lines:
        expected = {FACTS} if "figures" in words else set()
        expected |= {"CC-BY-4.0"} if "CC BY 4.0" in words or {"note", "error"} & columns[name] else set()
        expected |= {"MIT"} if "MIT" in words else set()
        fitting = [
            block
            for block in blocks
            for path in ([block["path"]] if isinstance(block["path"], str) else block["path"])
            if Path("data", f"{name}.csv").match(path) and path != "**"
        ]
        assert set(fitting[-1]["SPDX-License-Identifier"].split(" AND ")) == expected, name
        for owner in ("Lucas Mol", "ff137", "loweef"):
            assert (owner in words) == (owner in str(fitting[-1]["SPDX-FileCopyrightText"])), name


def test_the_licence_begins_with_mits_own_words():
    """GitHub compares what stands above the end of the terms with the licence it knows."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8").partition("END OF TERMS AND CONDITIONS")[0]
    known = (ROOT / "LICENSES" / "MIT.txt").read_text(encoding="utf-8")
    ours, theirs = (re.sub(r"^.*?(?=Permission is)", "", one, flags=re.S).split() for one in (text, known))
    assert ours == theirs


@pytest.mark.network
def test_what_github_and_libraries_read_is_valid(copy):
    """The citation, workflows, issue forms; a form without a title, and a citation without an author, are refused."""
    release.forms()
    spoil(copy / ".github" / "ISSUE_TEMPLATE" / "1-mistake.yml", "name: A mistake in the text\n", "")
    with pytest.raises(release.Failed, match="'name' is a required property"):
        release.forms()
    shutil.copytree(ROOT / ".github", copy / ".github", dirs_exist_ok=True)
    spoil(copy / "CITATION.cff", "message:", "massage:")
    with pytest.raises(release.Failed, match="'massage' was unexpected"):
        release.forms()


@pytest.mark.network
def test_every_file_has_its_licence():
    release.licences()
