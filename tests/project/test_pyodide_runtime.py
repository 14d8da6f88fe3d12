"""What of Pyodide the site brings along: as much as the package index has compiled for it."""

import hashlib
import json
import zipfile

import pyodide_runtime
import pytest

WHEEL = "cp314-cp314-pyemscripten_2026_0_wasm32"
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
