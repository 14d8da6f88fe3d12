"""The tables in data/: `load(name)` gives a pandas DataFrame.

What each column means, its unit, source and date stands in data/README.md; its type and what it may hold in
data/schema.json, against which tables are checked when they are changed (`leverage_lab.live.schema`). Here they are
only read; a damaged one still gives one sentence that names file, row and column.
"""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from leverage_lab import dates
from leverage_lab.checks import choice


@dataclass(frozen=True)
class Table:
    """A table as data/schema.json describes it.

    what: what its rows are, for the line with their dates.
    columns: {name: "string" or "number"}, in order. required: those without an empty cell.
    as_of: its dates, where the rows have no column for them; or the table that has them, by `ladder_id`.
    record: what happened, was counted or was printed at a time. It says when, and does not go stale.
    """

    what: str
    columns: dict
    required: tuple = ()
    as_of: tuple | str = ()
    record: bool = False


def folder():
    """Where the tables are: data/ of the checkout, or the copy inside an installed wheel."""
    checkout = Path(__file__).resolve().parents[2] / "data"
    return checkout if (checkout / "README.md").is_file() else Path(__file__).with_name("tables")


def _table(described):
    fields = described["schema"]["fields"]
    required = tuple(field["name"] for field in fields if field.get("constraints", {}).get("required"))
    as_of = described.get("as_of", ())
    return Table(
        described["title"],
        {field["name"]: field["type"] for field in fields},
        required,
        as_of if isinstance(as_of, str) else tuple(as_of),
        described.get("record", False),
    )


_DESCRIBED = json.loads((folder() / "schema.json").read_text(encoding="utf-8"))["resources"]
TABLES = {described["name"]: _table(described) for described in _DESCRIBED}
EXCHANGES = next(
    tuple(field["constraints"]["enum"])
    for described in _DESCRIBED
    for field in described["schema"]["fields"]
    if field["name"] == "exchange"
)


@lru_cache(maxsize=None)
def _loaded(name):
    frame = read(folder() / f"{name}.csv", TABLES[name])
    as_of = TABLES[name].as_of
    if isinstance(as_of, str):
        as_of = frame.ladder_id.drop_duplicates().map(_loaded(as_of).set_index("ladder_id").as_of)
    elif not as_of:
        as_of = _of_rows(frame)
    # Plain values: pandas copies attrs with every operation, and some formats write them.
    frame.attrs["as_of"] = asdict(dates.of(as_of, TABLES[name].record, len(set(as_of)) > 1, TABLES[name].what))
    return frame


def load(name):
    """The table `name` as a DataFrame of its own (change it as you like); attrs["as_of"] says when it is from."""
    choice("table", name, tuple(TABLES))
    return _loaded(name).copy()


def newest_month(*names):
    """The newest month (2026-11) with a row in these tables; read without pandas, for panels ask on import."""
    months = []
    for name in names:
        with open(folder() / f"{choice('table', name, tuple(TABLES))}.csv", encoding="utf-8", newline="") as file:
            months += [row["as_of"][:7] for row in csv.DictReader(file) if len(row["as_of"]) >= 7]
    return max(months)


def whole(name, what=""):
    """When the table `name` is from, all of it: Dates. what: said in place of the table's own word."""
    choice("table", name, tuple(TABLES))
    return dates.Dates(**_loaded(name).attrs["as_of"] | {"whole": False, "what": what or TABLES[name].what})


def when(shown):
    """The Dates of a DataFrame or Series derived from `load`, or None if it comes from elsewhere.

    The dates of the rows shown, where they still have `as_of`; else those of the whole table.
    """
    whole = shown.attrs.get("as_of")
    if not isinstance(whole, dict) or set(whole) != set(asdict(dates.Dates())):
        return None
    whole = dates.Dates(**whole)
    try:
        return dates.of(_of_rows(shown), whole.record, what=whole.what)
    except (KeyError, ValueError):  # the column is gone or holds something else
        return whole


def _of_rows(shown):
    """The dates of rows, but of those without a value: what is not known has no age."""
    if shown.ndim == 1:  # one column, or one row
        return (
            [shown["as_of"]]
            if "as_of" in shown.index
            else list(shown)
            if shown.name == "as_of"
            else shown.index.get_level_values("as_of")
        )
    if "as_of" not in shown.columns:
        return shown.index.get_level_values("as_of")
    values = shown["value"] if "value" in shown.columns else shown["as_of"].map(lambda _: True)
    return [
        text for text, value in zip(shown["as_of"], values, strict=True) if value == value and value not in ("", None)
    ]


def read(path, table):
    """The CSV at `path` with the columns of `table`, numbers as floats (an empty cell is nan), all else as text.

    ValueError names file, row and column of what cannot be read.
    """
    import pandas as pd

    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{path.name}: there is no such file in {path.parent.name}/")
    if b"\0" in path.read_bytes():  # some versions of pandas read it as text, others as nothing
        raise ValueError(f"{path.name}: not a readable CSV table (it holds a NUL byte)")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", index_col=False).fillna("")
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a readable CSV table ({str(error).strip().splitlines()[0]})") from None
    if list(frame.columns) != list(table.columns):
        raise ValueError(
            f"{path.name}, row 1: the columns must be {', '.join(table.columns)}; got {', '.join(frame.columns)}"
        )
    if frame.empty:
        raise ValueError(f"{path.name}: must have at least one row below the header, got none")
    for column, kind in table.columns.items():
        empty = frame.index[frame[column] == ""]
        if column in table.required and len(empty):
            raise ValueError(f"{path.name}, row {empty[0] + 2}, column {column}: must not be empty")
        if kind == "number" or column == "as_of":
            frame[column] = [
                _cell(f"{path.name}, row {row}, column {column}", kind, cell)
                for row, cell in enumerate(frame[column], start=2)
            ]
    return frame


def _cell(where, kind, cell):
    try:
        return float(cell or "nan") if kind == "number" else cell and dates.as_known("it", cell)
    except ValueError as error:
        raise ValueError(
            f"{where}: must be a number, got {cell!r}" if kind == "number" else f"{where}: {error}"
        ) from None


SNAPSHOT = "price_snapshot_2025-08-04"


@dataclass(frozen=True)
class Asset:
    """One line of the price snapshot: price in dollars, change over 24 hours as a fraction."""

    name: str
    symbol: str
    price: float
    change_24h: float


@lru_cache(maxsize=None)
def assets():
    """The 30 assets of the price snapshot, {symbol: Asset}, in the order of the source."""
    return {
        row.symbol: Asset(row.asset, row.symbol, row.price_usd, row.change_24h_percent / 100)
        for row in load(SNAPSHOT).itertuples()
    }


def asset(symbol):
    """One asset of the snapshot by its symbol; ValueError lists the symbols if there is none."""
    known = {key.upper(): value for key, value in assets().items()}
    if isinstance(symbol, str) and symbol.strip().upper() in known:
        return known[symbol.strip().upper()]
    raise ValueError(f"asset must be one of {', '.join(assets())}; got {symbol!r}")
