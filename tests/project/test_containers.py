"""Doors that build a machine of their own: Codespaces and VS Code's dev container, Binder's image of a release."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import make_env
import pytest

ROOT = Path(__file__).resolve().parents[2]
DEVCONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
CUSTOM = DEVCONTAINER["customizations"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
UV = [sys.executable, ROOT / "tools" / "make_env.py", "uv"]


def test_a_codespace_opens_what_it_can_show_and_sets_up_as_everywhere():
    opened = CUSTOM["codespaces"]["openFiles"]
    assert opened and all((ROOT / name).is_file() and not name.endswith(".ipynb") for name in opened)  # shown as JSON
    program, script = DEVCONTAINER["updateContentCommand"].split()
    assert program == "python" and (ROOT / script).samefile(make_env.__file__)
    version = tuple(map(int, re.fullmatch(r".+/python:(\d+)\.(\d+)", DEVCONTAINER["image"]).groups()))
    assert make_env.OLDEST <= version <= make_env.LATEST
    assert CUSTOM["vscode"]["settings"]["python.defaultInterpreterPath"].endswith(f"/{make_env.NAME}/bin/python")
    wanted = json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf-8"))["recommendations"]
    assert wanted == CUSTOM["vscode"]["extensions"] and "ms-toolsai.jupyter" in wanted


# Answers as if the image were there, and no container yet.
DOCKER = """#!/bin/sh
[ "$1" != inspect ] || echo '[{"Id": "x", "Os": "linux", "Architecture": "amd64", "Config": {"User": "vscode"}}]'
"""


@pytest.mark.network
@pytest.mark.skipif(not shutil.which("npx"), reason="the dev container CLI needs npx")
def test_the_dev_container_cli_reads_the_configuration(tmp_path):
    docker = tmp_path / "docker"
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    read = ["npx", "--yes", "@devcontainers/cli@0.89.0", "read-configuration", "--include-merged-configuration"]
    done = subprocess.run(
        [*read, "--workspace-folder", ROOT, "--docker-path", docker], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    merged = json.loads(done.stdout)["mergedConfiguration"]
    assert merged["updateContentCommands"] == [DEVCONTAINER["updateContentCommand"]]
    assert merged["image"] == DEVCONTAINER["image"]
    assert [found["extensions"] for found in merged["customizations"]["vscode"]] == [CUSTOM["vscode"]["extensions"]]


@pytest.mark.network
def test_github_can_read_every_workflow():
    check = [
        *UV,
        "run",
        "--quiet",
        "--no-project",
        "--isolated",
        "--with",
        "check-jsonschema==0.39.0",
        "check-jsonschema",
    ]
    done = subprocess.run(
        [*check, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS], capture_output=True, text=True, timeout=120
    )
    assert WORKFLOWS and done.returncode == 0, done.stdout + done.stderr


def test_windows_runs_what_make_test_runs():
    """But for the browser."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (windows,) = re.findall(
        r"^  windows:.*?(?=^  \w|\Z)", (ROOT / ".github" / "workflows" / "test.yml").read_text(), flags=re.M | re.S
    )
    ran = re.findall(r"run: \.venv/Scripts/python (-m pytest .+)", windows)
    assert len(ran) == 2 and ran == re.findall(r"^@\$\(1\) (-m pytest .+)$", makefile, flags=re.M)


def test_the_image_is_built_by_the_tool_that_checks_its_plan():
    workflow = (ROOT / ".github" / "workflows" / "binder.yml").read_text(encoding="utf-8")
    pinned = re.search(r"^REPO2DOCKER := (\S+)$", (ROOT / "Makefile").read_text(), flags=re.M)[1]
    assert f"pip install {pinned}\n" in workflow


def test_links_at_a_version_are_at_this_one():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = r"(?:mybinder\.org/v2/gh/[\w-]+/leverage-lab|colab\.research\.google\.com/github/[\w-]+/leverage-lab/blob)"
    assert set(re.findall(rf"{links}/(v[\d.]+)", readme)) <= {f"v{version}"}


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("git"), reason="a shell script that uses git")
def test_a_release_gets_a_tag_that_names_its_image(tmp_path):
    def git(*words):
        return subprocess.run(["git", *words], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    git("init", "--quiet", "--bare", "origin.git")
    git("init", "--quiet", "course")
    git("-C", "course", "remote", "add", "origin", tmp_path / "origin.git")
    image = "ghcr.io/someone/leverage-lab-binder:v1.2.3"
    script = ROOT / "tools" / "binder_tag.sh"
    subprocess.run([script, image, "v1.2.3"], cwd=tmp_path / "course", capture_output=True, text=True, check=True)
    origin = ("-C", "origin.git")
    assert git(*origin, "tag") == "binder-v1.2.3\n"
    assert git(*origin, "ls-tree", "-r", "--name-only", "binder-v1.2.3") == "Dockerfile\n"
    assert git(*origin, "show", "binder-v1.2.3:Dockerfile") == f"FROM {image}\n"
