"""Run every notebook from top to bottom and save it in its one normal form.

Saved: outputs, execution counts 1 … n, the picture and text of each panel. Not saved: widget
views and widget state (they mean nothing without the kernel that made them), times, versions, how old a
table's figures are on the day.
Write $ and % in prose as you like: they are saved in a form that is money everywhere (DOLLAR), with
the space before % unbroken.
Each notebook's first cell of code begins with what Google Colab needs (colab.py), for this version of the course.
Running it twice leaves no difference.

    python tools/execute_notebooks.py [notebook …]
"""

import os
import re
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import colab
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from leverage_lab.classroom.tables import AGE
from leverage_lab.panelkit.page import DOLLAR

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOT_COMPARED = "nbval-ignore-output"  # the tag of a cell whose output differs at every run: saved without
LIVE_ONLY = "application/vnd.jupyter.widget-view+json"
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(notebook, folder):
    """Run all cells in `folder`; an exception in a cell ends it."""
    with tempfile.TemporaryDirectory() as clean:  # no stored answers
        os.environ["LEVERAGE_LAB_PROGRESS"] = str(Path(clean) / "progress.json")
        NotebookClient(
            notebook,
            timeout=60,
            kernel_name="python3",
            store_widget_state=True,  # nbclient needs it for the output of an interact; `normalise` drops it
            resources={"metadata": {"path": str(folder)}},
        ).execute()


def seconds(notebook):
    """How long the kernel worked on the cells, without its start."""
    times = [cell.metadata["execution"] for cell in notebook.cells if cell.cell_type == "code"]
    return sum(
        (
            datetime.fromisoformat(t["shell.execute_reply"]) - datetime.fromisoformat(t["iopub.execute_input"])
        ).total_seconds()
        for t in times
    )


def typeset(text):
    """Outside code: write each $ so that no renderer reads a formula, and keep % on the line of its number."""
    pattern = r"(```.*?```|`[^`]*`)|(\\?\$)|(?<=\d) %"
    return re.sub(pattern, lambda found: found[1] or (DOLLAR if found[2] else "\u00a0%"), text, flags=re.S)


def joined(outputs):
    """Join the pieces of a stream: how output is split depends on how busy the machine was."""
    whole = []
    for output in outputs:
        if whole and output.output_type == whole[-1].output_type == "stream" and output.name == whole[-1].name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def normalise(notebook):
    """Drop all that varies between runs; protect money from MathJax and keep numbers with their %."""
    notebook.metadata = nbformat.from_dict(KERNEL)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = typeset(cell.source)
        cell.metadata = {"tags": cell.metadata.tags} if cell.metadata.get("tags") else {}
        if cell.cell_type == "code":
            cell.outputs = [] if NOT_COMPARED in cell.metadata.get("tags", []) else joined(cell.outputs)
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data.pop(LIVE_ONLY, None)
                if "text/html" in output.data:
                    output.data["text/html"] = re.sub(AGE, r"\1", output.data["text/html"])
                output.metadata = {kind: value for kind, value in output.metadata.items() if kind in output.data}
    return notebook


def main(names):
    books = [Path(name).resolve() for name in names] or sorted(FOLDER.glob("*.ipynb"))
    for path in books:
        before = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(before, as_version=4)
        first = next(cell for cell in notebook.cells if cell.cell_type == "code")
        first.source = colab.added(first.source)
        try:
            execute(notebook, path.parent)
        except CellExecutionError as error:
            sys.exit(f"{path.name}: a cell failed\n{error}")
        took = seconds(notebook)
        after = nbformat.writes(normalise(notebook)) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
        print(f"{path.name}: {'same as before' if after == before else 'written'}, {took:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
