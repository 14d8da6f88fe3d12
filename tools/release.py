"""All that a release needs, checked and made on this machine; nothing is published.

    python tools/release.py [--tag v0.2.0]    checks, then all files in dist/release, with SHA256SUMS
    python tools/release.py --notes           what CHANGELOG.md says of this version

It ends at the first step that fails, and names it. Run by `make release-check`.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from make_env import ROOT

ROOT = Path(ROOT)
OUT = ROOT / "dist" / "release"
UV = [sys.executable, str(ROOT / "tools" / "make_env.py"), "uv"]
REUSE, CFF, SCHEMA = "reuse==6.2.0", "cffconvert==2.0.0", "check-jsonschema==0.39.0"
# What GitHub would pass over in silence if it were wrong, by check-jsonschema's own copy of each schema.
READ = {
    "citation-file-format": "CITATION.cff",
    "github-issue-forms": ".github/ISSUE_TEMPLATE/[!c]*.yml",
    "github-issue-config": ".github/ISSUE_TEMPLATE/config.yml",
    "github-workflows": ".github/workflows/*.yml",
    "dependabot": ".github/dependabot.yml",
}
# Our own version, wherever a door names it: leverage-lab==0.2.0, leverage-lab/blob/v0.2.0, leverage_lab-0.2.0-py3.
NAMED = re.compile(r"leverage[-_]lab(?:\.git)?(?:/blob)?(?:==|@v|/v|-)(\d+\.\d+\.\d+)")
DOORS = ("README.md", "notebooks/*.ipynb", "instructor/*.md", "deploy/*", "tools/[!r]*.py", "tools/book/*.py")


class Failed(Exception):
    """A step failed; the text says why."""


def run(*command, **more):
    """Run it in the checkout, quietly; its last lines if it fails."""
    env = os.environ | more
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Failed(done.stdout.strip()[-2000:])


def tool(pinned, *arguments):
    """A checker, in an environment of its own; its command has its package's name."""
    own = ["run", "--quiet", "--no-project", "--isolated", "--python", sys.executable, "--with", pinned]
    run(*UV, *own, pinned.partition("==")[0], *arguments)


def project():
    """What pyproject.toml says of the package."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def found(name, pattern):
    """What the file says in that line."""
    match = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), flags=re.M)
    if not match:
        raise Failed(f"{name} has no line like {pattern}")
    return match[1]


def versions(tag):
    """pyproject.toml has version and address; whoever else names them names the same."""
    version, address = project()["version"], project()["urls"]["Repository"]
    entry, day = r"^## \[(\d[^\]]*)\]", r"^## \[\d[^\]]*\] - (\S+)$"
    said = [("CHANGELOG.md", found("CHANGELOG.md", entry)), ("CITATION.cff", found("CITATION.cff", r"^version: (.+)$"))]
    said += [("the tag", tag.removeprefix("v"))] if tag else []
    for path in sorted(path for pattern in DOORS for path in ROOT.glob(pattern) if path.is_file()):
        said += [(path.relative_to(ROOT), named) for named in NAMED.findall(path.read_text(encoding="utf-8"))]
    for name, one in said:
        if one != version:
            raise Failed(f"pyproject.toml has version {version}, and {name} has {one}.")
    for what, ours, name, cited in (
        ("day", found("CHANGELOG.md", day), "CITATION.cff", r"^date-released: (.+)$"),
        ("repository", address, "CITATION.cff", r"^repository-code: (\S+)$"),
        ("repository", address, ".github/ISSUE_TEMPLATE/config.yml", r"url: (\S+/leverage-lab)\b"),
    ):
        if (one := found(name, cited)) != ours:
            raise Failed(f"{name} gives the {what} as {one}, and it is {ours}.")


def forms():
    """Workflows, issue forms and the citation are what their readers expect."""
    for schema, pattern in READ.items():
        tool(SCHEMA, "--builtin-schema", f"vendor.{schema}", *map(str, sorted(ROOT.glob(pattern))))
    tool(CFF, "--validate", "--infile", "CITATION.cff")


def licences():
    """Every file has its licence, and every licence its text."""
    tool(REUSE, "lint")


def package():
    """Wheel and source; in an empty environment the wheel opens chapter 0."""
    shutil.rmtree(OUT, ignore_errors=True)
    for old in papers_and_kits():  # made of an earlier version
        old.unlink()
    run(*UV, "build", "--quiet", "--out-dir", str(OUT), str(ROOT))
    (OUT / ".gitignore").unlink(missing_ok=True)  # uv's own
    (wheel,) = OUT.glob("*.whl")
    test = [sys.executable, "-m", "pytest", "-q", "tests/project/test_package.py"]
    run(*test, LEVERAGE_LAB_NETWORK="1", LEVERAGE_LAB_WHEEL=str(wheel))


def papers_and_kits():
    """What the Makefile's targets leave in dist/ as files."""
    dist = ROOT / "dist"
    return [*dist.glob("*.pdf"), *dist.glob("leverage-lab-kit-*.zip"), *dist.glob("leverage-lab-instructor.zip")]


def make(target):
    """A step that a target of the Makefile does."""
    return lambda: run("make", target)


def gather():
    """All that was made, under names with the version, and their checksums."""
    version, dist = project()["version"], ROOT / "dist"
    for folder in ("book", "slides"):
        shutil.make_archive(str(OUT / f"leverage-lab-{folder}-{version}"), "zip", dist, folder)
    for path in papers_and_kits():
        shutil.copy(path, OUT / f"{path.stem}-{version}{path.suffix}")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(OUT.iterdir())]
    (OUT / "SHA256SUMS").write_text("".join(lines))


def notes():
    """CHANGELOG.md's newest entry, without its heading."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.search(r"^## \[\d.*?\n(.*?)(?=^## \[|\Z)", text, flags=re.M | re.S)[1].strip()


def steps(tag):
    """What is done, in words, and by what; the quick things first."""
    return {
        "one version and one address everywhere": lambda: versions(tag),
        "forms, workflows and citation by their schemas": forms,
        "licences (reuse lint)": licences,
        "wheel and source, and the wheel in an empty environment": package,
        "the book (make book)": make("book"),
        "the PDF (make pdf)": make("pdf"),
        "slides and kit (make kit)": make("kit"),
        "checksums": gather,
    }


def check(todo):
    """Do each step; Failed ends it, and names the step."""
    for number, (what, step) in enumerate(todo.items(), 1):
        print(f"{number}/{len(todo)} {what} ...", flush=True)
        try:
            step()
        except (Failed, OSError) as error:
            sys.exit(f"{error}\nNot ready for a release: step {number} failed, {what}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tag", help="the tag it is for; must be the version")
    parser.add_argument("--notes", action="store_true", help="print what CHANGELOG.md says of this version")
    asked = parser.parse_args()
    if asked.notes:
        return print(notes())
    check(steps(asked.tag))
    print(f"Ready: {OUT.relative_to(ROOT)} has {len(list(OUT.iterdir()))} files. Nothing was published.")
    if "/OWNER/" in project()["urls"]["Repository"]:
        print("Before publishing: put the account that hosts this repository in place of OWNER (grep -rn OWNER).")


if __name__ == "__main__":
    main()
