"""The lines with which each notebook gets the course in Google Colab. Elsewhere they do nothing."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
# All else that the package needs Colab has (tests/test_colab.py).
LINES = """import sys
if "google.colab" in sys.modules:  # in Google Colab only: get the course
    %pip install -q git+{repository}@v{version}
    %load_ext leverage_lab.colab

"""


def lines():
    """Those of this version."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return LINES.format(repository=project["urls"]["Repository"], version=project["version"])


def added(source):
    """The source of a notebook's first cell of code, beginning with these lines."""
    return lines() + removed(source)


def removed(source):
    """The same without them, whatever version they are of."""
    old = re.escape(LINES).replace(r"\{repository\}", r"\S+").replace(r"\{version\}", r"\S+")
    return re.sub(f"^{old}", "", source)
