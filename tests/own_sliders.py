"""A slider of one's own in a notebook: the only cell whose output nbval does not compare, and its rules."""

import re

from execute_notebooks import NOT_COMPARED

HEADING = "Your own slider (optional)"


def tags(cell):
    return cell.metadata.get("tags", [])


def is_own_slider(cell):
    return NOT_COMPARED in tags(cell)


def problems(notebook):
    """[one sentence for each cell that is not compared, or wants not to be, against the rules]."""
    found, heading, said = [], "", ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"^(?=#)", cell.source, flags=re.M):
                if part.startswith("#"):
                    heading, said = re.sub(r"^#+ (\d+ · )?", "", part.partition("\n")[0]), ""
                said += part
            continue
        for tag in tags(cell):
            if "nbval" in tag and tag != NOT_COMPARED:
                found.append(f"the tag {tag} is not allowed, only {NOT_COMPARED}")
        if not is_own_slider(cell):
            continue
        if heading != HEADING:
            found.append(f"a cell that is not compared must be in a section headed “{HEADING}”, not “{heading}”")
        if not re.search(r"\bnot compared\b", said):
            found.append("the text above must say why the cell's output is not compared")
        if not re.search(r"\binteract\(", cell.source):
            found.append("a cell that is not compared must hold an interact(…)")
        if cell.outputs:
            found.append("a cell that is not compared must be saved without outputs")
    return found
