"""The tables in data/, typed and checked: `load(name)` gives a pandas DataFrame.

What each column means, its unit, source and date stands in data/README.md. A damaged table gives
one sentence that names file, row and column.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from leverage_lab.checks import FINITE, POSITIVE, Range, choice, number


@dataclass(frozen=True)
class Text:
    """A cell of words: never empty, unless `optional`; one of `allowed`, if given; `unique` in its column."""

    allowed: tuple = ()
    unique: bool = False
    optional: bool = False

    def read(self, cell):
        if not cell and not self.optional:
            raise ValueError("must not be empty")
        return choice("it", cell, self.allowed) if self.allowed else cell


@dataclass(frozen=True)
class Number:
    """A cell with a number in `allowed`; empty gives nan where `optional`."""

    allowed: Range = FINITE
    optional: bool = False
    unique: bool = False

    def read(self, cell):
        if not cell and self.optional:
            return float("nan")
        try:
            value = float(cell)
        except ValueError:
            raise ValueError(f"must be a number, got {cell!r}") from None
        return number("it", value, self.allowed)


@dataclass(frozen=True)
class Table:
    """The columns a table must have, in order; `as_of` is its date, if it has one for all rows."""

    columns: dict = field(default_factory=dict)
    as_of: str = ""


TABLES = {
    "price_snapshot_2025-08-04": Table(
        {
            "asset": Text(unique=True),
            "symbol": Text(unique=True),
            "price_usd": Number(POSITIVE),
            "change_24h_percent": Number(Range(low=-100)),
        },
        as_of="2025-08-04",
    ),
    "article_claims": Table(
        {
            "id": Text(unique=True),
            "article": Text(allowed=("leverage", "fee")),
            "kind": Text(allowed=("arithmetic", "fact", "advice", "definition")),
            "claim": Text(),
            "article_value": Text(optional=True),
            "unit": Text(optional=True),
        }
    ),
}


def folder():
    """Where the tables are: data/ of the checkout, or the copy inside an installed wheel."""
    checkout = Path(__file__).resolve().parents[2] / "data"
    return checkout if (checkout / "README.md").is_file() else Path(__file__).with_name("tables")


@lru_cache(maxsize=None)
def _loaded(name):
    return read(folder() / f"{name}.csv", TABLES[name])


def load(name):
    """The table `name` as a DataFrame of its own (change it as you like)."""
    choice("table", name, tuple(TABLES))
    return _loaded(name).copy()


def read(path, table):
    """Read the CSV at `path` and check it against `table`; ValueError names file, row and column."""
    import pandas as pd

    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{path.name}: there is no such file in {path.parent.name}/")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", index_col=False)
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a readable CSV table ({str(error).strip().splitlines()[0]})") from None
    if list(frame.columns) != list(table.columns):
        raise ValueError(f"{path.name}, row 1: the columns must be {', '.join(table.columns)}; got {', '.join(frame.columns)}")
    if frame.empty:
        raise ValueError(f"{path.name}: must have at least one row below the header, got none")
    for column, kind in table.columns.items():
        frame[column] = [_cell(path.name, row, column, kind, cell) for row, cell in enumerate(frame[column], start=2)]
        twice = frame[column][frame[column].duplicated()]
        if kind.unique and len(twice):
            raise ValueError(f"{path.name}, row {twice.index[0] + 2}, column {column}: {twice.iloc[0]!r} stands there twice")
    return frame


def _cell(file, row, column, kind, cell):
    try:
        return kind.read(cell.strip() if isinstance(cell, str) else "")
    except ValueError as error:
        raise ValueError(f"{file}, row {row}, column {column}: {error}") from None


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
