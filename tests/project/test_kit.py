"""The offline kit, made and used: the packages come from its own folder, in a path with spaces and other letters.

That downloads about 100 MB, so only LEVERAGE_LAB_NETWORK=1 runs it; not the test of what is copied from dist.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import kit as kit_tool
import pytest

ROOT = Path(__file__).resolve().parents[2]
network = pytest.mark.network

NOWHERE = "http://127.0.0.1:9"  # nobody listens there: whoever asks the network fails


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    out = tmp_path_factory.mktemp("kit") / "Ünterricht für später"
    made = subprocess.run([sys.executable, ROOT / "tools" / "kit.py", "--out", out], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    (archive,) = out.glob("leverage-lab-kit-*.zip")
    with zipfile.ZipFile(archive) as file:
        file.extractall(out)
    return archive.with_suffix("")


def run(kit, *command):
    """Run something in the kit with the network cut."""
    proxies = {name: NOWHERE for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
    keep = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "UV_", "PYTHON", "LEVERAGE_LAB", "PYTEST"))
    }
    env = (
        keep
        | proxies
        | {
            "HOME": str(kit.parent),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": NOWHERE,
            "UV_DEFAULT_INDEX": NOWHERE,
        }
    )
    done = subprocess.run(command, cwd=kit / "course", env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@network
def test_the_kit_sets_itself_up_and_runs_a_notebook_without_network(kit):
    run(kit, sys.executable, "tools/make_env.py")
    python = next(kit.glob("course/.venv/bin/python*"), None) or next(kit.glob("course/.venv/Scripts/python.exe"))
    run(kit, python, "tools/make_env.py")  # a second time: nothing to do
    nbval = [
        "--nbval",
        "--nbval-current-env",
        "--nbval-sanitize-with",
        str(ROOT / "tests" / "nbval.cfg"),
        "--nbval-cell-timeout=60",
    ]
    assert re.search(r"\d+ passed", run(kit, python, "-m", "pytest", *nbval, "notebooks/00-start-here.ipynb"))


@network
def test_what_is_handed_round_has_no_answers_and_the_instructors_zip_has(kit):
    named = {str(path.relative_to(kit)) for path in kit.rglob("*") if ".venv" not in path.parts}
    assert {path.name for path in kit.iterdir()} <= {"START.txt", "course", "site", "leverage-lab.pdf"}
    assert not [name for name in named if re.search(r"instructor|answers\.md|polls|slides/", name)]
    with zipfile.ZipFile(kit.parent / "leverage-lab-instructor.zip") as file:
        names = {name.split("/", 1)[1] for name in file.namelist()}
    assert {"index.html", "guide.html", "polls.html", "polls-key.html", "answers.html"} <= names
    if shutil.which("chromium"):
        assert {name.replace(".html", ".pdf") for name in names if name.endswith(".html")} <= names


def test_what_has_been_built_is_in_the_kit_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(kit_tool, "ROOT", tmp_path)
    for name in ("leverage-lab.pdf", "site/index.html", "slides/01.html"):
        (tmp_path / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dist" / name).write_text(name)
    (tmp_path / "kit").mkdir()
    said = kit_tool.built(tmp_path / "kit")
    assert (tmp_path / "kit" / "leverage-lab.pdf").read_text() == "leverage-lab.pdf"
    assert (tmp_path / "kit" / "site" / "index.html").is_file() and not (tmp_path / "kit" / "slides").exists()
    assert said.startswith("Without Python: open site/index.html") and "On paper: leverage-lab.pdf" in said
    (tmp_path / "dist" / "leverage-lab.pdf").unlink()
    (tmp_path / "without").mkdir()
    assert kit_tool.built(tmp_path / "without") == said.partition("On paper")[0]
