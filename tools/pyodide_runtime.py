"""The site's Python, as far as the package registries have it: the runtime itself and pure-Python packages.

numpy, pandas, matplotlib and what they need are compiled for Pyodide. The package index takes such wheels since 2026;
as long as it lacks one of them they come from Pyodide's own network: the lock file then names their full addresses.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PINS = ROOT / "requirements-site.txt"
COURSE = ("numpy", "pandas", "matplotlib", "typing-extensions")  # what the package asks of the runtime
KERNEL = ("micropip", "ipython", "jedi")  # what the kernel loads before it is ready
COMPILED = ("numpy", "pandas", "matplotlib", "kiwisolver", "pillow", "contourpy")
PYTHON, PLATFORM = "3.14", "pyemscripten_2026_0_wasm32"  # of that Pyodide
BROWSER = default_environment() | {
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "os_name": "posix",
    "extra": "",
}


class NoRuntime(Exception):
    """One sentence: what cannot be had here."""


def version():
    """The version of Pyodide that requirements-site.txt was written for."""
    return re.search(r"Pyodide (\d+\.\d+\.\d+)", PINS.read_text(encoding="utf-8"))[1]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(lines):
    """{name} of the packages that these requirements ask for in a browser."""
    asked = map(Requirement, lines or ())
    return {normal(one.name) for one in asked if not one.marker or one.marker.evaluate(BROWSER)}


def closure(packages, names):
    """All that `names` need, themselves included, as the lock has it."""
    found, ahead = set(), set(names)
    while ahead:
        name = ahead.pop()
        found.add(name)
        ahead |= {normal(needed) for needed in packages[name]["depends"]} - found
    return found


def compiled(folder):
    """Fetch COMPILED for the browser from the package index: {name: wheel}. NoRuntime as long as it lacks one."""
    course = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    bounds = {normal(Requirement(line).name): line for line in course}
    target = [
        f"--platform={PLATFORM}",
        f"--python-version={PYTHON}",
        "--implementation=cp",
        f"--abi=cp{PYTHON.replace('.', '')}",
    ]
    try:
        download(target, folder, [bounds.get(name, name) for name in COMPILED])
    except NoRuntime as failed:
        missing = re.search(r"No matching distribution found for ([\w-]+)", str(failed))
        if not missing:
            raise
        raise NoRuntime(f"The package index has no {missing[1]} compiled for Pyodide yet ({PLATFORM}).") from None
    return {normal(path.name.split("-")[0]): path for path in folder.glob(f"*{PLATFORM}.whl")}


def whole(folder):
    """A runtime in `folder` with all that the course needs; None, and one line why, where a registry lacks a part."""
    try:
        (folder / "compiled").mkdir()
        wheels = compiled(folder / "compiled")
        runtime, missing = fetch(folder, "", wheels)
        if missing:
            raise NoRuntime(f"Only Pyodide's own network has {', '.join(sorted(missing))}.")
    except NoRuntime as why:
        print(f"{why} So Python and what is compiled for it come from Pyodide's own network.")
        return None
    found = ", ".join(wheel.name.partition("-cp")[0].replace("-", " ") for wheel in wheels.values())
    print(f"From the package index, compiled for Pyodide: {found}. Not tried before in a browser: look at a panel.")
    return runtime


def fetch(folder, elsewhere, wheels):
    """Put the runtime into folder/package and return it with the names of the packages that are not in it.

    elsewhere: the address of the others, before their names in the lock. wheels: those of `compiled`, or {}.
    """
    said = run(["npm", "pack", "--silent", f"pyodide@{version()}"], folder)
    with tarfile.open(folder / said.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    runtime = folder / "package"
    file = runtime / "pyodide-lock.json"
    lock = json.loads(file.read_text(encoding="utf-8"))
    packages = {normal(name): package for name, package in lock["packages"].items()}
    for name, wheel in wheels.items():
        packages[name]["version"] = wheel.name.split("-")[1]
        packages[name]["depends"] = sorted(depends(wheel))
        if unknown := depends(wheel) - set(packages):
            raise NoRuntime(f"{wheel.name} needs {', '.join(sorted(unknown))}, which Pyodide does not have.")
    wanted = closure(packages, COURSE + KERNEL)
    pure = {name for name in wanted if packages[name]["file_name"].endswith("-none-any.whl")}
    any_machine = ["--platform=any", "--abi=none", f"--python-version={PYTHON}"]
    download(any_machine, runtime, [f"{name}=={packages[name]['version']}" for name in sorted(pure)])
    for wheel in wheels.values():
        wheel.rename(runtime / wheel.name)
    here = {normal(path.name.split("-")[0]): path for path in runtime.glob("*.whl")}
    for name, package in packages.items():
        if name in pure or name in wheels:  # not packed for Pyodide, so the registry's has another hash
            package["file_name"] = here[name].name
            package["sha256"] = hashlib.sha256(here[name].read_bytes()).hexdigest()
        else:
            package["file_name"] = elsewhere + package["file_name"]
    file.write_text(json.dumps(lock), encoding="utf-8")
    return runtime, wanted - pure - set(wheels)


def depends(wheel):
    """What a wheel says it needs."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return needed(message_from_bytes(archive.read(name)).get_all("Requires-Dist"))


def download(target, folder, packages):
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--no-deps"]
    run([*pip, "--only-binary=:all:", *target, "--dest", folder, *packages], folder)


def run(command, folder):
    """What a command printed; NoRuntime if it is not there or fails."""
    try:
        ran = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except FileNotFoundError:
        raise NoRuntime(f"{command[0]} is not installed: it fetches Pyodide.") from None
    if ran.returncode:
        raise NoRuntime(
            f"{' '.join(map(str, command[:3]))} could not fetch Pyodide: "
            f"{(ran.stderr.strip().splitlines() or ['no reason given'])[-1]}"
        )
    return ran.stdout
