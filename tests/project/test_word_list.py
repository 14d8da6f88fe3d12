"""One word for one thing, in plain English: what tests/word_list.csv never wants to read, in all that a learner or an
instructor reads."""

import ast
import csv
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "leverage_lab"
GENERATED = {"answers.md", "polls.md", "polls-key.md"}  # made of the notebooks and the package
PAGES = [
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
    ROOT / "notebooks" / "glossary.md",
    *(page for page in sorted((ROOT / "instructor").glob("*.md")) if page.name not in GENERATED),
    *sorted((PACKAGE / "chapters").rglob("*.py")),
    *sorted((PACKAGE / "classroom").glob("*.py")),
    *sorted((PACKAGE / "panelkit").glob("*.py")),
    *sorted((PACKAGE / "panelkit" / "front").glob("*.js")),
    *sorted((PACKAGE / "live").glob("*.py")),
    *sorted(PACKAGE.glob("*.py")),
    ROOT / "data" / "article_claims.csv",
]
with open(ROOT / "tests" / "word_list.csv", encoding="utf-8", newline="") as file:
    WORDS = list(csv.DictReader(file))


def texts(path):
    """What is read of a file: a page's prose, a program's sentences (not its docstrings or comments)."""
    if path.suffix == ".ipynb":
        return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        text = re.sub(r"(?m)(^|\s)//.*$", "", text)
        return [words for words in re.findall(r'["`]([^"`\n]+)["`]', text) if " " in words]
    return sentences(text) if path.suffix == ".py" else [text]


def sentences(source):
    """The string constants of a module that are more than a word; a formatted number is a gap in its sentence."""
    tree = ast.parse(source)
    found, inner = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inner.add(node.value)  # a docstring
        if isinstance(node, ast.JoinedStr):
            inner.update(node.values)
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inner:
            found.append(node.value)
    return [text for text in found if " " in text]


def offences(path):
    plain = [re.sub(r"`[^`]*`|\]\([^)]*\)|<[^>]+>", " ", text.replace("\u00a0", " ")) for text in texts(path)]
    return [
        f"{word['say']}: … {text[max(0, hit.start() - 40) : hit.end() + 30]!r} …"
        for word in WORDS
        for text in plain
        for hit in re.finditer(word["never"], text)
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_word_for_one_thing(path):
    found = offences(path)
    assert not found, "say …\n" + "\n".join(found)


def test_an_offence_is_seen(tmp_path):
    """In a formatted sentence as in plain prose, not in a docstring, a label or code."""
    module = '"""We reckon."""\n\n\ndef said(x):\n    """We reckon."""\n    return f"We reckon with {x}", "reckon", 3\n'
    assert sentences(module) == ["We reckon with …"]
    script = tmp_path / "card.js"
    script.write_text(
        '// We reckon.\nconst SAID = "https://we reckon"; // we do\nsay(`We reckon ${x}.`);\n', encoding="utf-8"
    )
    assert texts(script) == ["https://we reckon", "We reckon ${x}."]
    assert any(re.search(word["never"], "once the price is through its line") for word in WORDS)
    assert not any(re.search(word["never"], "Move the dashed line away: one line of Python.") for word in WORDS)
