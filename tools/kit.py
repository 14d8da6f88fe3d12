"""The offline kit: a zip with course, book, PDF and the packages for one kind of machine, and one for instructors.

    python tools/kit.py [linux-3.11 windows-3.12 mac-3.13 mac-intel-3.12 …] [--out dist]

Without a name: this machine and this Python. Unzipped, it has START.txt and a folder `course`: a checkout without what
only teachers and maintainers need, with a folder `wheels`, which tools/make_env.py uses in place of the network. The
kit is what is handed round: guides, polls, answers and slides are in the instructor's zip beside it. Run by `make kit`.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import papers
from make_env import PINNED, ROOT, UV, Stop
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

ROOT = Path(ROOT)
LISTS = (*PINNED, "requirements-app.txt")
# pip finds wheels for an older macOS by itself, but not for an older glibc. The rest is for markers in the lists.
GLIBC = [
    *(f"manylinux_2_{minor}_x86_64" for minor in range(35, 4, -1)),
    "manylinux2014_x86_64",
    "manylinux2010_x86_64",
    "manylinux1_x86_64",
]
KINDS = {
    "linux": (
        GLIBC,
        {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    ),
    "windows": (
        ["win_amd64"],
        {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
    ),
    "mac": (
        ["macosx_14_0_arm64"],
        {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    ),
    "mac-intel": (
        ["macosx_14_0_x86_64"],
        {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "x86_64"},
    ),
}
START = """Leverage Lab, offline kit ({kinds})

You need Python {pythons} on this machine, and nothing else: no network, no git.

1. Unzip this folder to where you may write.
2. Open a terminal in the folder course.
     Linux, Mac:   make lab        (without make: python3 tools/make_env.py lab)
     Windows:      py tools\\make_env.py lab
   The first time takes about a minute; then the first notebook opens in your browser.
   `make app` (or make_env.py app) shows the panels without code.

{also}"""
# Parts that are packed if they have been built (`make kit` builds them), with what to say of each.
PARTS = {
    "site": (
        "Without Python: open site/index.html in any browser. These are all chapters as pages, with panels that move.\n"
        "To run the notebooks in the browser alone, serve them (python3 -m http.server --directory site) and open the\n"
        "address; Python itself then comes from the network, unless the kit was made with RUNTIME=.\n"
    ),
    "leverage-lab.pdf": "On paper: leverage-lab.pdf is the whole course, with lines to write on.\n",
}


def here():
    """This machine's kind and Python, as a name."""
    kind = {"win32": "windows", "darwin": "mac"}.get(sys.platform, "linux")
    if kind == "mac" and default_environment()["platform_machine"] == "x86_64":
        kind = "mac-intel"
    return f"{kind}-{sys.version_info[0]}.{sys.version_info[1]}"


def read(name):
    """("windows", "3.12") from "windows-3.12"; Stop with one sentence otherwise."""
    found = re.fullmatch(r"(%s)-(3\.1[1-4])" % "|".join(KINDS), name)
    if not found:
        raise Stop(
            f"A kit is for one of {', '.join(KINDS)}, a hyphen and Python 3.11 to 3.14, such as windows-3.12; "
            f"got {name!r}."
        )
    return found.groups()


def wanted(kind, python):
    """Exact requirements for this kind of machine, and for building our own package."""
    environment = (
        default_environment()
        | KINDS[kind][1]
        | {
            "python_version": python,
            "python_full_version": python + ".0",
            "extra": "",
        }
    )
    lines = [line for name in LISTS for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    pinned = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    needed = [
        f"{pin.name}{pin.specifier}"
        for pin in pinned
        if pin.marker is None or Marker(str(pin.marker)).evaluate(environment)
    ]
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    return needed, [*build, "editables", UV]


def download(name, wheels):
    """The wheels for one kind of machine."""
    kind, python = read(name)
    pinned, build = wanted(kind, python)
    target = [
        "--only-binary=:all:",
        *(f"--platform={tag}" for tag in KINDS[kind][0]),
        f"--python-version={python}",
        "--implementation=cp",
    ]
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--dest",
        str(wheels),
        *target,
    ]
    for packages in (["--no-deps", *pinned], build):  # the pinned lists are complete, the build requirements are not
        done = subprocess.run([*pip, *packages], capture_output=True, text=True)
        if done.returncode:
            raise Stop(f"The packages for {name} could not be had:\n{done.stderr.strip()[-1500:]}")


TEACHING = ("instructor/",)
BUILDING = (
    ".ci/",
    ".devcontainer/",
    ".github/",
    "benchmarks/",
    "deploy/",
    "tests/",
    "CONTRIBUTING.md",
    "biome.json",
    "requirements-browser.txt",
    "requirements-live.txt",
    "requirements-site.txt",
)


def checkout(folder):
    """The files under git that a learner needs."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        raise Stop("A kit is made from a git checkout, and this folder is none.")
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith((*TEACHING, *BUILDING)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def built(folder):
    """Copy the parts that have been built; returns what to say of them."""
    there = [part for part in PARTS if (ROOT / "dist" / part).exists()]
    for part in there:
        source = ROOT / "dist" / part
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / part)
    return "".join(PARTS[part] for part in there)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", default=[here()])
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    asked = parser.parse_args()
    machines = [read(name) for name in asked.kinds]
    name = f"leverage-lab-kit-{'-'.join(asked.kinds)}"
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.out) as temporary:
        folder = Path(temporary) / name
        checkout(folder / "course")
        for kind in asked.kinds:
            print(f"Fetching the packages for {kind} ...", flush=True)
            download(kind, folder / "course" / "wheels")
        also = built(folder)
        pythons = " or ".join(sorted({python for _, python in machines}))
        (folder / "START.txt").write_text(
            START.format(kinds=", ".join(asked.kinds), pythons=pythons, also=also), encoding="utf-8"
        )
        archive = Path(shutil.make_archive(str(asked.out / name), "zip", temporary, name))
        teaching = Path(temporary) / "leverage-lab-instructor"
        papers.print_all(papers.instructor(teaching))
        if (ROOT / "dist" / "slides").is_dir():
            shutil.copytree(ROOT / "dist" / "slides", teaching / "slides")
        own = Path(shutil.make_archive(str(asked.out / teaching.name), "zip", temporary, teaching.name))
    for made, what in ((archive, "to hand round"), (own, "for the instructor alone: guides, polls, answers, slides")):
        print(f"{made}: {made.stat().st_size / 1e6:.0f} MB, {what}")


if __name__ == "__main__":
    try:
        main()
    except Stop as stop:
        sys.exit(str(stop))
