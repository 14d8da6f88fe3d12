"""The course from an installed package: copies its notebooks and opens chapter 0.

    python -m leverage_lab [folder] [--no-browser] [--port 8888] [--copy-only]

The notebooks and the glossary go into `folder` (leverage-lab, if none is named). A file that is there already is never
overwritten: what a learner changed stays. JupyterLab opens them; `pip install "leverage-lab[lab]"` brings it.
"""

import argparse
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

FIRST = "00-start-here.ipynb"


def notebooks():
    """Where the notebooks are: in the checkout, or inside an installed wheel."""
    checkout = Path(__file__).resolve().parents[2] / "notebooks"
    return checkout if (checkout / FIRST).is_file() else Path(__file__).with_name("notebooks")


def copy(folder):
    """Copy what `folder` lacks; returns the names copied, and those kept although the course has them otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    copied, kept = [], []
    for source in sorted([*notebooks().glob("*.md"), *notebooks().glob("[!.]*.ipynb")]):
        target = folder / source.name
        if not target.exists():
            shutil.copyfile(source, target)
            copied.append(source.name)
        elif target.read_bytes() != source.read_bytes():
            kept.append(source.name)
    return copied, kept


def report(folder, copied, kept):
    """What was copied and what was not, in sentences."""
    count = "1 file" if len(copied) == 1 else f"{len(copied)} files"
    said = [f"{folder}: {count} copied." if copied else f"{folder}: all files are there already."]
    if kept:
        said.append(f"Kept as you have them, and not renewed: {', '.join(kept)}. Name a new folder for fresh copies.")
    return " ".join(said)


def lab(folder, port, browser):
    """Hand over to JupyterLab, in this process."""
    from jupyterlab.labapp import main

    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # this Python's kernel, not one of the same name in the home folder
    flags = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{FIRST}", f"--port={port}"]
    flags += ["--ServerApp.answer_yes=True", "--log-level=WARN", "--LabApp.log_level=WARN"]  # Ctrl-C ends it at once
    # Like the checkout's, it asks nobody for news or updates.
    flags += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--allow-root")
    main(flags if browser else [*flags, "--no-browser"])


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m leverage_lab", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("leverage-lab"), help="default: leverage-lab")
    parser.add_argument("--no-browser", action="store_true", help="print JupyterLab's address instead of opening it")
    parser.add_argument("--port", type=int, default=8888, help="JupyterLab's port, or the next free one (8888)")
    parser.add_argument("--copy-only", action="store_true", help="copy the notebooks, and start nothing")
    options = parser.parse_args()
    if not 1024 <= options.port <= 65535:
        sys.exit(f"--port must be a number from 1024 to 65535, got {options.port}.")
    folder = options.folder.absolute()
    try:
        print(report(folder, *copy(folder)))
    except OSError as error:
        sys.exit(f"The notebooks cannot be copied into {folder}: {error.strerror}. Name another folder.")
    if options.copy_only:
        return
    if not find_spec("jupyterlab"):
        sys.exit(f'JupyterLab is not installed: pip install "leverage-lab[lab]", then open {FIRST} in that folder.')
    print("Starting JupyterLab; Ctrl-C here ends it.", flush=True)
    lab(folder, options.port, not options.no_browser)


if __name__ == "__main__":
    main()
