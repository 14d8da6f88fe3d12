"""The wheel is the course: in an empty environment it copies its notebooks, starts JupyterLab on them, and never
overwrites what a learner changed."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COURSE = sorted(path.name for path in (ROOT / "notebooks").glob("[!m]*.*"))
ONE = "00-start-here.ipynb"


def package(*arguments, python=sys.executable, cwd=ROOT):
    return subprocess.run([python, "-m", "leverage_lab", *arguments], cwd=cwd, capture_output=True, text=True)


def test_what_is_missing_is_copied_and_what_was_changed_is_kept(tmp_path):
    folder = tmp_path / "my course"
    assert package("--copy-only", folder).stdout == f"{folder}: 11 files copied.\n"
    assert sorted(path.name for path in folder.iterdir()) == COURSE
    assert package("--copy-only", folder).stdout == f"{folder}: all files are there already.\n"
    (folder / ONE).write_text("mine")
    (folder / "glossary.md").unlink()
    assert package("--copy-only", folder).stdout == (
        f"{folder}: 1 file copied. Kept as you have them, and not renewed: {ONE}. Name a new folder for fresh copies.\n"
    )
    assert (folder / ONE).read_text() == "mine"
    assert (folder / "glossary.md").read_bytes() == (ROOT / "notebooks" / "glossary.md").read_bytes()


def test_what_cannot_be_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    done = package("--copy-only", tmp_path / "file")
    assert done.returncode == 1 and done.stderr == (
        f"The notebooks cannot be copied into {tmp_path / 'file'}: File exists. Name another folder.\n"
    )
    done = package("--port", "80", tmp_path / "none")
    assert done.returncode == 1 and done.stderr == "--port must be a number from 1024 to 65535, got 80.\n"
    assert not (tmp_path / "none").exists()


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An environment with nothing in it but the wheel (the one named, or built here) and what it asks for; its Python
    and its folder."""
    folder = tmp_path_factory.mktemp("empty")
    uv = [sys.executable, ROOT / "tools" / "make_env.py", "uv"]
    python = folder / "env" / "bin" / "python"
    wheel = os.environ.get("LEVERAGE_LAB_WHEEL")
    if not wheel:
        subprocess.run([*uv, "build", "--quiet", "--out-dir", folder / "dist", ROOT], check=True)
        (wheel,) = (folder / "dist").glob("*.whl")
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder / "env"], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, wheel], check=True)
    if subprocess.run([python, "-c", "import jupyterlab"], capture_output=True).returncode:
        done = package(python=python, cwd=folder)
        assert done.returncode == 1 and 'pip install "leverage-lab[lab]"' in done.stderr
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, f"{wheel}[lab]"], check=True)
    return python, folder


def asked(address):
    with urllib.request.urlopen(address, timeout=5) as answer:
        return json.load(answer)


@pytest.mark.network
def test_the_wheel_in_an_empty_environment_opens_chapter_0(empty):
    python, folder = empty
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "leverage_lab", "--no-browser", "--port", str(port)]
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as lab:
        try:
            address, until = None, time.monotonic() + 60
            while not address and lab.poll() is None and time.monotonic() < until:
                time.sleep(0.2)
                address = re.search(r"(http://127\S+)/lab/tree/(\S+)\?token=(\w+)", (folder / "log").read_text())
            assert address, (folder / "log").read_text()
            base, opened, token = address.groups()
            assert opened == ONE
            with pytest.raises(urllib.error.HTTPError, match="403"):
                asked(f"{base}/api/contents/{ONE}")
            notebook = asked(f"{base}/api/contents/{ONE}?token={token}")["content"]
        finally:
            lab.terminate()
    assert notebook["cells"][0]["source"].startswith("# How do I use this, and what do I believe now?")
    changed = folder / "leverage-lab" / ONE
    changed.write_text("mine")
    done = package("--copy-only", python=python, cwd=folder)
    assert f"Kept as you have them, and not renewed: {ONE}." in done.stdout and changed.read_text() == "mine"
