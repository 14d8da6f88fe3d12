"""Google Colab, as far as it can be had without its page: its versions of the packages, a kernel that looks like its
own to anywidget, every notebook alone in an empty folder as each is there."""

import json
import os
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from own_sliders import is_own_slider

from leverage_lab import colab

ROOT = Path(__file__).resolve().parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"
# googlecolab/backend-info, pip-freeze.txt of 19 August 2026; its Python is 3.13, ours may be another. What these need
# comes in the newest version that fits them.
THEIRS = """ipywidgets==7.7.1 anywidget==0.9.21 ipython==7.34.0 ipykernel==6.17.1 traitlets==5.7.1 numpy==2.1.3
pandas==2.2.3 matplotlib==3.10.0 filelock==3.32.3 notebook==6.5.7 pip pytest""".split()
# Loaded by each kernel there. It notes what it is asked to install: by then the course is in, by the same line.
STAND_IN = """
import os, sys, types
from pathlib import Path

def load_ipython_extension(shell):
    output = types.ModuleType("google.colab.output")
    output.enable_custom_widget_manager = lambda: None
    output._widgets = types.SimpleNamespace(_installed_url="https://example.org/manager.js")
    sys.modules |= {"google.colab": types.ModuleType("google.colab"), "google.colab.output": output}
    note = lambda line: Path(os.environ["ASKED"]).write_text(line)
    shell.register_magic_function(note, magic_name="pip")
"""
MANAGER = {"colab": {"custom_widget_manager": {"url": "https://example.org/manager.js"}}}
# Every card and panel there is, some of which no notebook shows: their data and metadata.
ALL = """
import json, sys
import ipywidgets
assert ipywidgets.__version__ in ("7.7.0", "7.7.1"), ipywidgets.__version__
import test_front_ends as here
here.pretend(sys.modules.__setitem__)
print(json.dumps({name: make()._repr_mimebundle_() for name, make in here.ALL.items()}))
"""


def first(path):
    """The first cell of code."""
    return next(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")


def asks(source):
    """(all that pip is asked, the repository, its tag)."""
    return re.search(r"^    %pip (install -q git\+(https://\S+)@v(\S+))$", source, flags=re.M).groups()


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_gets_the_course_of_its_own_version(path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert asks(first(path))[1:] == (project["urls"]["Repository"], project["version"])


def test_links_lead_to_the_same_version_of_every_notebook():
    assert set(colab.NOTEBOOKS) == {path.stem for path in BOOKS}
    origin = {"url": "https://github.com/someone/lab.git", "vcs_info": {"requested_revision": "v1.2"}}
    (said,) = colab.links(json.dumps(origin))
    assert (
        "chapter [0](https://colab.research.google.com/github/someone/lab/blob/v1.2/notebooks/00-start-here.ipynb), [1]"
        in said
    )
    assert "[glossary](https://github.com/someone/lab/blob/v1.2/notebooks/glossary.md)" in said


@pytest.mark.parametrize("origin", (None, "{}", '{"url": "file:///home/lab", "dir_info": {"editable": true}}'))
def test_without_a_repository_there_is_no_link(origin):
    assert colab.links(origin) == []


def packages(python):
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    return set(listed.stdout.split())


def environment(folder, *wanted):
    """The Python of a new environment with these packages."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    uv = [sys.executable, ROOT / "tools" / "make_env.py", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *wanted], check=True)
    return python


@pytest.fixture(scope="session")
def python(tmp_path_factory):
    """The Python of an environment with Colab's versions, the course in it: by the line of the notebooks, from a
    repository on this machine in place of GitHub's."""
    folder = tmp_path_factory.mktemp("colab")
    python = environment(folder / "venv", *THEIRS)
    install, repository, version = asks(first(BOOKS[0]))
    git = ["git", f"--git-dir={folder / 'course.git'}", f"--work-tree={ROOT}"]
    subprocess.run(["git", "init", "--quiet", "--bare", folder / "course.git"], check=True)
    subprocess.run([*git, "add", "."], cwd=ROOT, check=True)
    by = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    subprocess.run([*git, *by, "commit", "--quiet", "--message=now"], check=True)
    subprocess.run([*git, "tag", f"v{version}"], check=True)
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{(folder / 'course.git').as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": repository,
    }
    before = packages(python)
    done = subprocess.run(
        [python, "-m", "pip", *install.split()], env=os.environ | instead, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    after = packages(python)
    assert before < after and {line.partition("=")[0].partition("@")[0] for line in after - before} == {
        "leverage-lab"
    }, f"pip touched {sorted(after ^ before)}"
    return python


def run(path, folder, python):
    """The notebook, its cells run in an empty folder by a kernel like Colab's; what it asked pip for."""
    (folder / "kernels" / "colab").mkdir(parents=True)
    (folder / "content").mkdir()
    (folder / "stand_in.py").write_text(STAND_IN)
    env = {"ASKED": str(folder / "asked"), "PYTHONPATH": str(folder), "IPYTHONDIR": str(folder)}
    env["LEVERAGE_LAB_PROGRESS"] = ""
    spec = {
        "argv": [str(python), "-m", "ipykernel_launcher", "--ext=stand_in", "-f", "{connection_file}"],
        "display_name": "Colab",
        "language": "python",
        "env": env,
    }
    (folder / "kernels" / "colab" / "kernel.json").write_text(json.dumps(spec))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, kernel_name="colab", resources={"metadata": {"path": str(folder / "content")}}
    )
    client.km = client.kernel_manager_class(config=client.config, kernel_name="colab")
    client.km.kernel_spec_manager.kernel_dirs.insert(0, str(folder / "kernels"))
    client.execute()
    return notebook, (folder / "asked").read_text()


@pytest.fixture(scope="session")
def runs(python, tmp_path_factory):
    """{name: what `run` gives} of all notebooks, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        given = pool.map(lambda path: run(path, tmp_path_factory.mktemp(path.stem), python), BOOKS)
        return {path.stem: one for path, one in zip(BOOKS, given)}


@pytest.mark.network
@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_cell_runs_and_every_widget_comes_with_what_colab_needs(path, runs):
    """A slider of one's own is ipywidgets' alone: Colab has those built in."""
    notebook, asked = runs[path.stem]
    assert asked == asks(first(path))[0]
    shown = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error" and output.get("name") != "stderr", cell.source
            if VIEW in output.get("data", {}) and not is_own_slider(cell):
                shown += 1
                assert output.data[VIEW]["model_id"] and output.metadata.get(VIEW) == MANAGER, cell.source
    stored = [
        cell
        for cell in nbformat.read(path, as_version=4).cells
        if re.match(r"(panels|predict|check|inventory|progress|workbench)\b.*\(", cell.source) and cell.get("outputs")
    ]
    assert shown >= len(stored) > 0


@pytest.mark.network
def test_the_set_up_says_what_differs_there(runs):
    notebook, _ = runs["00-start-here"]
    (said,) = next(cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    _, repository, version = asks(first(BOOKS[0]))
    text = said.data["text/markdown"]
    assert "a machine of its own" in text
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) == len(BOOKS) + 1
    account = repository.removeprefix("https://github.com/")
    for link in links:
        host, _, file = link.partition(f"{account}/blob/v{version}/")
        assert host in ("https://colab.research.google.com/github/", "https://github.com/") and (ROOT / file).is_file()


def every(python, tmp_path):
    """Every card and panel by this Python: each has its view, and what Colab needs."""
    env = {
        "PYTHONPATH": str(ROOT / "tests" / "panelkit"),
        "LEVERAGE_LAB_PROGRESS": str(tmp_path / "progress.json"),
        "PATH": "",
    }
    out = subprocess.run([str(python), "-c", ALL], env=env, capture_output=True, text=True, timeout=300)
    assert out.returncode == 0, out.stderr
    found = json.loads(out.stdout.splitlines()[-1])
    assert len(found) >= 9
    for data, metadata in found.values():
        assert metadata == {VIEW: MANAGER} and data[VIEW]["model_id"] and data["text/plain"]


@pytest.mark.network
def test_every_card_and_panel_comes_there(python, tmp_path):
    every(python, tmp_path)


@pytest.mark.network
def test_every_card_and_panel_comes_with_the_oldest_packages_admitted(tmp_path):
    python = environment(tmp_path / "venv", "--resolution=lowest-direct", ROOT, "pytest>=8")
    every(python, tmp_path)
