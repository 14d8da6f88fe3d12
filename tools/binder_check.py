"""Checks with repo2docker, without Docker, what Binder would build from this checkout.

Run by `make binder-check`. repo2docker plans the image (`--no-build`) and prints
its Dockerfile; the assertions are on that plan and on the two files it reads.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = r"^COPY .*\bsrc/ \$\{REPO_DIR\}/$"  # src/ is the checkout, in repo2docker's terms
INSTALL = r'env update .*--file "environment\.yml"'


def check(holds, good, bad):
    print(("ok    " + good) if holds else ("WRONG " + bad))
    return bool(holds)


def pip_section(text):
    """The entries under `- pip:`, which end the file."""
    head, found, rest = text.partition("- pip:\n")
    return re.findall(r"^\s+- (.+?)\s*$", rest, re.M) if found else []


def main():
    missing = [name for name in ("environment.yml", "requirements.txt") if not (ROOT / name).is_file()]
    if missing:
        print("WRONG %s is missing." % " and ".join(missing))
        return 1
    plan = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if plan.returncode:
        print(plan.stdout[-2000:] + plan.stderr[-2000:])
        print("WRONG repo2docker could not plan the image; its last lines are above.")
        return 1
    dockerfile, log = plan.stdout, plan.stderr
    copy, install = re.search(COPY, dockerfile, re.M), re.search(INSTALL, dockerfile)
    version = re.search(r"Building conda environment for python=(\S+)", dockerfile + log)

    entries = pip_section((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pins = [
        line.split(" #")[0]
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    loose = [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", pin)]

    results = [
        check(
            version,
            "Binder takes its conda builder.",
            "Binder does not take its conda builder, so it does not see environment.yml.",
        ),
        check(
            version and version.group(1) == "3.11",
            "Python is 3.11.",
            "Python is %s, not 3.11." % (version.group(1) if version else "unknown"),
        ),
        check(install, "It installs from environment.yml.", "It does not install from environment.yml."),
        check(
            copy and install and copy.start() < install.start(),
            "It copies the checkout before it installs, so local references work.",
            "It does not copy the checkout before it installs.",
        ),
        check(
            re.search(r"^RUN .*postBuild", dockerfile, re.M) and os.access(ROOT / "postBuild", os.X_OK),
            "It runs postBuild, which does slow work beforehand.",
            "postBuild is not run: is it there, and executable?",
        ),
        check(
            "-e ." in entries,
            "The package comes from the checkout (`-e .`).",
            "`-e .` is missing from the pip section, so the package would not be installed.",
        ),
        check(
            "-r requirements.txt" in entries and pins and not loose,
            "All %d packages of requirements.txt are pinned exactly." % len(pins),
            "requirements.txt is unused or not exact: %s." % (", ".join(loose) or "see the pip section"),
        ),
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
