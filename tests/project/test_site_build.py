"""What the static site changes of the course, and the environment that imitates its Python. The site itself:
browser/test_site.py."""

import copy
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import colab
import nbformat
import pyodide_runtime
import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEEL = "cp314-cp314-pyemscripten_2026_0_wasm32"
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


COMPILED = ("numpy", "pandas", "matplotlib", "contourpy", "kiwisolver", "pillow")


def fake(folder, name, tag, needs=()):
    """A wheel with nothing in it but what it is."""
    about = f"{name}-9.1.dist-info"
    files = {
        "METADATA": "\n".join(["Metadata-Version: 2.1", f"Name: {name}", "Version: 9.1"])
        + "".join(f"\nRequires-Dist: {need}" for need in needs),
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: fake\nRoot-Is-Purelib: true\nTag: {tag}",
        "RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{name}-9.1-{tag}.whl", "w") as wheel:
        for file, text in files.items():
            wheel.writestr(f"{about}/{file}", text + "\n")


@pytest.fixture
def registries(tmp_path, monkeypatch):
    """A folder in place of the package index, and an npm that packs a Pyodide of one lock file: no network is asked."""
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    pure = {"typing_extensions": [], "micropip": [], "ipython": [], "jedi": [], "dateutil": []}
    for name in pure:
        fake(index, name, "py3-none-any")
    lock = {name: {"file_name": f"{name}-9.1-py3-none-any.whl", "version": "9.1", "depends": []} for name in pure}
    lock |= {name: {"file_name": f"{name}-1.whl", "version": "1", "depends": ["dateutil"]} for name in COMPILED}
    lock["sqlite3"] = {"file_name": "sqlite3-1.zip", "version": "1", "depends": []}
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "pyodide-lock.json").write_text(json.dumps({"packages": lock}))
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f"#!/bin/sh\ntar czf pyodide.tgz -C {tmp_path} package && echo pyodide.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")
    (tmp_path / "work").mkdir()
    return index, tmp_path / "work"


def test_with_all_wheels_in_the_index_the_site_has_its_own_python(registries, capsys):
    """They take the place of Pyodide's own in its lock, with what they need now."""
    index, work = registries
    for name in COMPILED:
        fake(index, name, WHEEL, ["pillow>=3", "jedi", "pytest; extra == 'test'", "tzdata; sys_platform == 'win32'"])
    runtime = pyodide_runtime.whole(work)
    said = capsys.readouterr().out
    assert said.startswith("From the package index, compiled for Pyodide: ") and said.count("\n") == 1
    assert all(f"{name} 9.1" in said for name in COMPILED)
    lock = json.loads((runtime / "pyodide-lock.json").read_text())["packages"]
    for name in COMPILED:
        wheel = runtime / f"{name}-9.1-{WHEEL}.whl"
        assert lock[name] == {
            "file_name": wheel.name,
            "version": "9.1",
            "depends": ["jedi", "pillow"],
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        }
    assert lock["jedi"]["file_name"] == "jedi-9.1-py3-none-any.whl" and (runtime / lock["jedi"]["file_name"]).is_file()
    assert lock["sqlite3"]["file_name"] == "sqlite3-1.zip"  # not there, and not needed by the course


@pytest.mark.parametrize("left", COMPILED)
def test_with_one_wheel_missing_it_is_as_before_and_one_line_says_so(registries, capsys, left):
    index, work = registries
    for name in COMPILED:
        fake(index, name, WHEEL.replace("2026", "2025") if name == left else WHEEL)  # of another Pyodide: no use
    assert pyodide_runtime.whole(work) is None
    assert capsys.readouterr().out == (
        f"The package index has no {left} compiled for Pyodide yet ({WHEEL.rpartition('-')[2]}). "
        "So Python and what is compiled for it come from Pyodide's own network.\n"
    )


def test_a_wheel_that_needs_what_pyodide_has_not_is_named(registries, capsys):
    index, work = registries
    for name in COMPILED:
        fake(index, name, WHEEL, ["leftpad"] if name == "pandas" else [])
    assert pyodide_runtime.whole(work) is None
    assert capsys.readouterr().out.startswith(f"pandas-9.1-{WHEEL}.whl needs leftpad, which Pyodide does not have. So ")


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
