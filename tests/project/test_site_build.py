"""What the static site changes of the course, and the environment that imitates its Python. The site itself:
browser/test_site.py."""

import copy
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import colab
import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def make_site():
    import make_site

    return make_site


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_only_the_setup_cell_differs(make_site, path):
    """A sentence before it, a line in it in place of those for Colab; no dialog asks for a kernel; all else, stored
    pictures too, is the checkout's."""
    before = nbformat.read(path, as_version=4)
    after = make_site.for_browser(copy.deepcopy(before))
    nbformat.validate(after)
    assert after.metadata.kernelspec.name == "python" and after.metadata.language_info == before.metadata.language_info
    place = [cell.cell_type for cell in before.cells].index("code")
    sentence = after.cells.pop(place)
    assert sentence.cell_type == "markdown" and "kept in this browser only" in sentence.source
    first, rest = after.cells[place].source.split("\n", 1)
    assert first == "%pip install -q leverage-lab" and "leverage_lab" in rest
    assert "colab" not in rest
    after.cells[place].source = colab.lines() + rest
    assert after.cells == before.cells


def test_what_is_bundled_is_all_that_pyodide_has_not(make_site):
    """The widgets and all they need, versions as tested; no server, nothing compiled, nothing for tests."""
    bundled = make_site.bundled()
    assert {"anywidget", "psygnal", "ipywidgets", "comm", "jupyterlab-widgets"} <= set(bundled)
    assert not set(bundled) & {
        "jupyterlab",
        "jupyter-server",
        "numpy",
        "pandas",
        "matplotlib",
        "ipython",
        "pytest",
        "pexpect",
        "tornado",
    }
    assert bundled == {name: version(name) for name in bundled}


def test_versions_are_ordered_as_numbers(make_site):
    assert max(["0.9.0", "0.10.0", "0.2.11"], key=make_site.in_order) == "0.10.0"


def test_a_folder_without_pyodide_is_named(tmp_path):
    ran = subprocess.run(
        [
            sys.executable,
            str(ROOT / "tools" / "make_site.py"),
            "--runtime",
            str(tmp_path),
            "--out",
            str(tmp_path / "out"),
        ],
        capture_output=True,
        text=True,
    )
    assert (
        ran.returncode == 1
        and ran.stderr == f"{tmp_path} is no unpacked Pyodide distribution: there is no pyodide-lock.json in it.\n"
    )
    assert not (tmp_path / "out").exists()


def test_the_site_is_tested_with_its_own_versions():
    """In .venv-site what is installed is what the site has, and for the rest what is pinned."""
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.txt").read_text(), flags=re.M))
    site = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements-site.txt").read_text(), flags=re.M))
    assert {"numpy", "pandas", "matplotlib"} <= set(site) <= set(pins)
    assert site["numpy"] == pins["numpy"], "make test-site leaves out what needs numpy alone: with another, not so"
    if Path(sys.prefix).name != ".venv-site":
        pytest.skip("not in the environment of `make test-site`")
    assert {name: version(name) for name in pins} == pins | site


def test_the_site_is_published_by_official_actions():
    workflow = (ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", workflow)
    assert used and all(re.fullmatch(r"actions/[\w-]+@v\d+", action) for action in used)
    assert "run: make site" in workflow and "path: dist/site" in workflow
    assert "run: make pdf OUT=dist/site/leverage-lab.pdf" in workflow
