"""What the book says of the project: its version, where it is kept, and the doors that lead to a notebook."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["version"]
TAG = f"v{VERSION}"
REPOSITORY = PROJECT["urls"]["Repository"]
ACCOUNT = REPOSITORY.removeprefix("https://github.com/")


@dataclass(frozen=True)
class Chapter:
    """A row of the README's table."""

    stem: str
    question: str
    minutes: int

    @property
    def number(self):
        return int(self.stem[:2])

    @property
    def name(self):
        return self.stem[3:].replace("-", " ").capitalize()


def chapters():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d\d-[\w-]+)\]\([^)]*\) \| (.+?) \| (\d+) \|$", readme, flags=re.M)
    return [Chapter(stem, question, int(minutes)) for stem, question, minutes in rows]


def doors(name, lab=""):
    """Where notebook `name` runs; lab: the address of a JupyterLab beside the book, up to the notebook's name."""
    binder = f"https://mybinder.org/v2/gh/{ACCOUNT}/{TAG}?urlpath=lab/tree/notebooks/{name}.ipynb"
    colab = f"https://colab.research.google.com/github/{ACCOUNT}/blob/{TAG}/notebooks/{name}.ipynb"
    here = [{"words": "Run it in this browser", "href": f"{lab}{name}.ipynb"}] if lab else []
    return [*here, {"words": "Binder", "href": binder}, {"words": "Colab", "href": colab}]


def source(path):
    """The address of a file of the repository."""
    return f"{REPOSITORY}/blob/{TAG}/{path}"


def report(page, section=""):
    """The address of an issue about that place, begun."""
    place = f"{page}, {section}" if section else page
    body = f"Page: {page}\nSection: {section or '-'}\nVersion: {VERSION}\n\nWhat is wrong, and what would be right?\n\n"
    return f"{REPOSITORY}/issues/new?{urlencode({'title': f'Mistake: {place}', 'body': body})}"
