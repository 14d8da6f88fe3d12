"""The course as a static site: the book at the front, under lab/ JupyterLab and Python in the reader's browser.

    make site [RUNTIME=folder] [OUT=folder]

Gives dist/site/, to be served from any path: the book, dist/site/lab/<version>/ and dist/site/lab/index.html, which
leads to the newest version (with ?path=04-fees.ipynb to that notebook). Python itself (Pyodide) comes from its own
network unless RUNTIME names an unpacked Pyodide distribution, or the package index has all that is compiled for it
(pyodide_runtime.py); then the site asks for nothing outside.

What differs from the checkout is made here, in copies: each notebook's first cell of code installs
the package, and names the browser's kernel.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import colab
import make_book
import nbformat
import pyodide_runtime
from make_env import OVERRIDES
from pyodide_runtime import needed

ROOT = Path(__file__).resolve().parents[1]
NAME = "leverage-lab"
TOOLS = ("jupyterlite-core==0.8.6", "jupyterlite-pyodide-kernel==0.8.6")  # the second determines the version of Pyodide
UV = [sys.executable, str(ROOT / "tools" / "make_env.py"), "uv"]
# Built into the runtime or its kernel; all other requirements are part of the site.
BROUGHT = {
    "numpy",
    "pandas",
    "matplotlib",
    "ipython",
    "traitlets",
    "typing-extensions",
    "widgetsnbextension",
}
KERNEL = {
    "display_name": "Python (Pyodide)",
    "language": "python",
    "name": "python",
}  # with python3 JupyterLab would ask which kernel is meant
SENTENCE = (
    "*You are reading this in a browser alone, with no server: Python runs inside this page. The first line of the next"
    " cell fetches the course's tools, which takes a little while each time a notebook is opened. If the cell ends in"
    " “No module named …”, something did not arrive: check the connection, restart the kernel (menu Kernel) and run it"
    " again. What you change and answer is kept in"
    " this browser only, until its data are cleared.*"
)
INSTALL = f"%pip install -q {NAME}"
FIRST = "?path=00-start-here.ipynb"
# JupyterLite looks for the first script in the page of the folder above it; the second hands on the notebook's name.
REDIRECT = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Leverage Lab</title>
<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{{}}</script>
<script>if (location.protocol !== "file:") location.replace("{target}" + (location.search || "{first}"))</script></head>
<body><p>From a disk the notebooks do not run. Serve the folder of the book (<code>python3 -m http.server</code>) and
open the address that is printed. <a href="{target}{first}">Notebooks</a></p></body>
</html>
"""


def project():
    """What pyproject.toml says of the package."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def for_browser(notebook):
    """The notebook with the kernel of the browser, and its first cell of code installing the package from the site."""
    notebook.metadata.kernelspec = nbformat.from_dict(KERNEL)
    place = next(index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells[place].source = f"{INSTALL}\n{colab.removed(notebook.cells[place].source)}"
    notebook.cells.insert(place, nbformat.v4.new_markdown_cell(SENTENCE, id=f"browser-{place}"))
    return notebook


def contents(folder, also):
    """The content of the file browser: notebooks, glossary, and further notebooks unchanged."""
    folder.mkdir()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        # Not as nbformat writes it, texts cut into lines: no server is there to join them again.
        (folder / path.name).write_text(json.dumps(for_browser(nbformat.read(path, as_version=4))), encoding="utf-8")
    for path in [ROOT / "notebooks" / "glossary.md", *also]:
        shutil.copy(path, folder)


def bundled():
    """The packages that are part of the site, as pinned: {name: version}."""
    found, ahead = {}, needed(project()["dependencies"]) - BROUGHT
    while ahead:
        name = ahead.pop()
        found[name] = version(name)
        ahead |= needed(requires(name)) - BROUGHT - set(found)
    return dict(sorted(found.items()))


def wheels(folder):
    """The package's own wheel, built from the checkout, and pure ones of what it needs."""
    pins = [f"{name}=={number}" for name, number in bundled().items()]
    any_machine = ["--no-deps", "--only-binary=:all:", "--platform=any", "--abi=none"]
    run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--disable-pip-version-check",
            "--quiet",
            *any_machine,
            "--dest",
            folder,
            *pins,
        ]
    )
    with tempfile.TemporaryDirectory() as copy:  # without the notebooks: the site has them beside it
        for name in ("src", "data", "LICENSES"):
            shutil.copytree(ROOT / name, Path(copy, name), ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        for name in ("LICENSE", "pyproject.toml"):
            shutil.copy(ROOT / name, copy)
        run([*UV, "build", "--wheel", "--quiet", "--out-dir", folder, copy])
    return sorted(folder.glob("*.whl"))


def run(command):
    """Run it quietly; show its output only if it failed."""
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ran.returncode:
        sys.exit(f"{ran.stdout[-3000:]}\nThe site could not be built: the lines above say why.")


def lab():
    """Where this version is in the site."""
    return f"lab/{project()['version']}"


def build(out, runtime, also, book):
    """Put the book and the lab of this version into `out`; returns the lab's folder."""
    shutil.copytree(book, out, dirs_exist_ok=True)
    target = out / lab()
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        contents(work / "contents", also)
        (work / "wheels").mkdir()
        own = [f"--piplite-wheels={path}" for path in wheels(work / "wheels")]
        (work / "overrides.json").write_text(OVERRIDES, encoding="utf-8")
        settings = {
            "disablePyPIFallback": True
        }  # a package that is not bundled is a mistake, not a reason to ask an index
        config = {
            "appName": "Leverage Lab",
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": settings},
        }
        (work / "jupyter-lite.json").write_text(
            json.dumps({"jupyter-lite-schema-version": 0, "jupyter-config-data": config}), encoding="utf-8"
        )
        if runtime:
            shutil.copytree(
                runtime,
                work / "static" / "pyodide",
                ignore=shutil.ignore_patterns("*.map", "*.d.ts", "console*", "package.json", "README*"),
            )
        shutil.rmtree(target, ignore_errors=True)
        tools = [f"--with={tool}" for tool in TOOLS]  # the pinned packages too: their front ends go into the site
        lite = [
            *UV,
            "run",
            "--quiet",
            "--no-project",
            "--isolated",
            "--python",
            sys.executable,
            *tools,
            f"--with-requirements={ROOT / 'requirements.txt'}",
        ]
        # In the working folder, where doit records what is already done.
        lite += [
            "--directory",
            work,
            "python",
            "-m",
            "jupyterlite_core",
            "build",
            "--no-sourcemaps",
            "--no-unused-shared-packages",
            "--apps=lab",
        ]
        run([*lite, "--contents=contents", *own, f"--output-dir={target.resolve()}"])
    page = "lab/index.html"
    (target / "index.html").write_text(REDIRECT.format(target=page, first=FIRST), encoding="utf-8")
    versions = (path.parent.name for path in target.parent.glob("*/jupyter-lite.json"))
    newest = f"{max(versions, key=in_order)}/{page}"
    (target.parent / "index.html").write_text(REDIRECT.format(target=newest, first=FIRST), encoding="utf-8")
    return target


def in_order(number):
    """A key that puts 0.10.0 after 0.9.0."""
    return [int(part) for part in re.findall(r"\d+", number)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "site")
    parser.add_argument("--runtime", type=Path, help="an unpacked Pyodide distribution, to be bundled")
    parser.add_argument("--also", type=Path, action="append", default=[], help="one more file beside the notebooks")
    options = parser.parse_args()
    if options.runtime and not (options.runtime / "pyodide-lock.json").is_file():
        sys.exit(f"{options.runtime} is no unpacked Pyodide distribution: there is no pyodide-lock.json in it.")
    with tempfile.TemporaryDirectory() as work:
        book = Path(work, "book")
        make_book.build(book, "lab/index.html?path=")
        runtime = options.runtime or pyodide_runtime.whole(Path(work))
        target = build(options.out, runtime, options.also, book)
    shown = options.out.relative_to(ROOT) if options.out.is_relative_to(ROOT) else options.out
    python = "in it" if runtime else "from the network of Pyodide"
    print(f"{shown}: {weight(options.out)}; of these {weight(target)} for the lab, Python {python}.")
    print(f"Look at it: python -m http.server --bind 127.0.0.1 --directory {shown}")


def weight(folder):
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return f"{len(sizes)} files, {sum(sizes) / 1e6:.0f} MB"


if __name__ == "__main__":
    main()
