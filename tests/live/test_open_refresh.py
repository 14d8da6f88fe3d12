"""tools/open_refresh.sh, with a git repository of its own and stand-ins for make and gh that write down what they were
told, and for date: midnight may come while it runs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DAY = "2026-11-22"
BRANCH = f"fresh-numbers-{DAY}"
SCRIPT = Path(__file__).parents[2] / "tools" / "open_refresh.sh"

pytestmark = pytest.mark.skipif(not shutil.which("git") or os.name == "nt", reason="a shell script that uses git")


def git(folder, *words):
    return subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org", *words],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture
def place(tmp_path):
    """A clone with a table, the page of a refresh, and a remote to push to."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "remote")], check=True)
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "--quiet", str(tmp_path / "remote"), str(work)], check=True, capture_output=True)
    for folder in ("data", "tools", "bin", "dist/refresh"):
        (work / folder).mkdir(parents=True)
    (work / ".gitignore").write_text("dist/\nbin/\n")
    (work / "data" / "fees.csv").write_text("a\n1\n")
    shutil.copy(SCRIPT, work / "tools")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "first")
    git(work, "push", "--quiet", "origin", "HEAD")
    (work / "dist" / "refresh" / "page.md").write_text(
        "# Figures of 2026-11-22\n\n| **!** | taker fee | 1 | 2 |\n" + "x" * 70_000
    )
    return work


def run(place, tests="exit 0", listed=""):
    for name, text in (
        ("make", f"echo 'FAILED tests/test_chapter_05.py'; {tests}"),
        ("date", f'[ "$*" = "-u +%F" ] && echo {DAY}'),
        ("gh", f'echo "$@" >> ../gh.log; [ "$2" != list ] || echo "{listed}"'),
    ):
        (place / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (place / "bin" / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{place / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        [str(place / "tools" / "open_refresh.sh")], capture_output=True, text=True, env=environment, check=True
    ).stdout


def told(place):
    log = place.parent / "gh.log"
    return log.read_text().splitlines() if log.exists() else []


def test_without_a_change_there_is_no_pull_request(place):
    assert (
        "no pull request" in run(place)
        and told(place) == []
        and git(place, "branch", "--format=%(refname:short)").split() != [BRANCH]
    )


@pytest.mark.parametrize("tests, outcome", [("exit 0", "`make test` passes"), ("exit 1", "does **not** pass")])
def test_the_changed_tables_come_on_a_branch_of_their_own(place, tests, outcome):
    main = git(place, "rev-parse", "HEAD")
    (place / "data" / "fees.csv").write_text("a\n2\n1\n")
    (place / "notes.txt").write_text("nothing but tables is committed")
    run(place, tests)
    remote = place.parent / "remote"
    assert (
        git(remote, "show", f"{BRANCH}:data/fees.csv") == "a\n2\n1\n"
        and git(remote, "rev-parse", f"{BRANCH}~1") == main
    )
    assert "notes.txt" not in git(remote, "ls-tree", "-r", "--name-only", BRANCH)
    assert told(place)[-1].startswith(f"pr create --head {BRANCH} --title Fresh numbers of 20")
    body = (place / "dist" / "refresh" / "body.md").read_text()
    assert outcome in body and "| **!** | taker fee | 1 | 2 |" in body and len(body) < 65_536
    assert ("FAILED tests/test_chapter_05.py" in body) == (tests != "exit 0")


def test_an_open_pull_request_is_renewed(place):
    (place / "data" / "fees.csv").write_text("a\n2\n1\n")
    run(place, listed="7")
    git(place, "switch", "--quiet", "-")
    (place / "data" / "fees.csv").write_text("a\n3\n1\n")
    run(place, listed="7")
    assert git(place.parent / "remote", "show", f"{BRANCH}:data/fees.csv") == "a\n3\n1\n"
    assert [line.split(" --title")[0] for line in told(place) if "list" not in line] == [f"pr edit {BRANCH}"] * 2
