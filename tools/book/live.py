"""The objects behind a notebook's outputs: its cells, run in this process."""

import ast
import contextlib
import io
import os
import tempfile
from pathlib import Path

import colab
import nbformat


def cells_of(path):
    """A notebook's cells, without what is there for Google Colab alone."""
    cells = nbformat.read(path, as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            cell.source = colab.removed(cell.source)
    return cells


@contextlib.contextmanager
def clean():
    """As a notebook's cells run: in its folder, with no window, and nothing answered yet."""
    with nothing_stored(MPLBACKEND="agg"), contextlib.chdir(Path(__file__).parents[2] / "notebooks"):
        yield


@contextlib.contextmanager
def nothing_stored(**environment):
    """A progress file that is not there yet, and these variables of the environment."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"LEVERAGE_LAB_PROGRESS": f"{folder}/none.json"} | environment
        try:
            yield
        finally:
            os.environ.clear()
            os.environ |= before


def objects(cells):
    """{place of a cell: what its last line gives}, for panels and cards."""
    names, found = {"__name__": "__main__"}, {}
    for place, cell in enumerate(cells):
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                value = _run(ast.parse(cell.source), names)
            if hasattr(type(value), "widget"):
                found[place] = value
    return found


def _run(tree, names):
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None
