"""Checks a table against data/schema.json: when it has changed, by `make test` and before `make refresh` writes it."""

from __future__ import annotations

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
    table = Package(str(data.folder() / "schema.json")).get_resource(path.stem)
    table.basepath = str(path.parent)
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
