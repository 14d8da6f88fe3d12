"""The site's Python, as far as the package registries have it: for the test of the site without network.

The runtime itself and pure-Python packages can be had there. numpy, pandas, matplotlib and what they need are
compiled for Pyodide and lie in its own network alone: the lock file then names their full addresses, so that
the requests for them can be seen.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "requirements-site.txt"
COURSE = ("numpy", "pandas", "matplotlib", "typing-extensions")  # what the package asks of the runtime
KERNEL = ("micropip", "ipython", "jedi")  # what the kernel loads before it is ready


class NoRuntime(Exception):
    """One sentence: what cannot be had here."""


def version():
    """The version of Pyodide that requirements-site.txt was written for."""
    return re.search(r"Pyodide (\d+\.\d+\.\d+)", PINS.read_text(encoding="utf-8"))[1]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(packages, names):
    """All that `names` need, themselves included, as the lock has it."""
    found, ahead = set(), set(names)
    while ahead:
        name = ahead.pop()
        found.add(name)
        ahead |= {normal(needed) for needed in packages[name]["depends"]} - found
    return found


def fetch(folder, elsewhere):
    """Put the runtime into folder/package and return it with the names of the packages that are not in it.

    elsewhere: the address below which Pyodide's own network keeps the packages.
    """
    said = run(["npm", "pack", "--silent", f"pyodide@{version()}"], folder)
    with tarfile.open(folder / said.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    runtime = folder / "package"
    file = runtime / "pyodide-lock.json"
    lock = json.loads(file.read_text(encoding="utf-8"))
    packages = {normal(name): package for name, package in lock["packages"].items()}
    wanted = closure(packages, COURSE + KERNEL)
    pure = {name for name in wanted if packages[name]["file_name"].endswith("-none-any.whl")}
    pins = [f"{name}=={packages[name]['version']}" for name in sorted(pure)]
    any_machine = ["--no-deps", "--only-binary=:all:", "--platform=any", "--abi=none", "--python-version=3.14"]
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
            runtime,
            *pins,
        ],
        folder,
    )
    here = {normal(path.name.split("-")[0]): path for path in runtime.glob("*.whl")}
    for name, package in packages.items():
        if name in pure:  # packed anew for Pyodide, so the registry's has another hash
            package["file_name"], package["sha256"] = (
                here[name].name,
                hashlib.sha256(here[name].read_bytes()).hexdigest(),
            )
        else:
            package["file_name"] = elsewhere + package["file_name"]
    file.write_text(json.dumps(lock), encoding="utf-8")
    return runtime, wanted - pure


def run(command, folder):
    """What a command printed; NoRuntime if it is not there or fails."""
    try:
        ran = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except FileNotFoundError:
        raise NoRuntime(f"{command[0]} is not installed: it fetches Pyodide for the test of the site.") from None
    if ran.returncode:
        raise NoRuntime(
            f"{' '.join(map(str, command[:3]))} could not fetch Pyodide: "
            f"{(ran.stderr.strip().splitlines() or ['no reason given'])[-1]}"
        )
    return ran.stdout
