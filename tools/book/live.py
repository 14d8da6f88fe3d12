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
    """Nothing answered yet, no window, and the folder that a notebook's cells see."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(Path(__file__).parents[2] / "notebooks"):
        os.environ |= {"LEVERAGE_LAB_PROGRESS": f"{folder}/progress.json", "MPLBACKEND": "agg"}
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
