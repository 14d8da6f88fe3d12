"""Checks a table against data/schema.json: when it has changed, by `make test` and before `make refresh` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from leverage_lab import data

MISSING = (
    "tables are checked with one more package, frictionless: make live, "
    "or python -m pip install -e '.[live]' in the checkout"
)


def check(path):
    """ValueError with one sentence (file, row, column) where the CSV at `path` does not fit the table of its name."""
    try:
        from frictionless import Checklist, FrictionlessException, Package, checks
    except ModuleNotFoundError:
        raise ModuleNotFoundError(MISSING) from None
    path = Path(path)
    described = json.loads((data.folder() / "schema.json").read_text(encoding="utf-8"))
    # Only this table's part: reading all of them takes frictionless four times as long as a check.
    described["resources"] = [part for part in described["resources"] if part["name"] == path.stem]
    table = Package.from_descriptor(described, basepath=str(path.parent)).get_resource(path.stem)
    try:
        report = table.validate(Checklist(checks=[checks.table_dimensions(min_rows=1)]))
        flaws = [flaw for task in report.tasks for flaw in task.errors]
    except FrictionlessException as problem:
        flaws = [problem.error]
    if flaws:
        raise ValueError(f"{path.name}{_sentence(flaws[0])}")


def _sentence(flaw):
    row, column, cell = (getattr(flaw, name, None) for name in ("row_number", "field_name", "cell"))
    where = (f", row {row}" if row else "") + (f", column {column}" if column else "")
    return f"{where}: {flaw.note or flaw.message}" + (f", got {cell!r}" if cell is not None else "")
