"""The tables in data/, typed and checked: `load(name)` gives a pandas DataFrame.

What each column means, its unit, source and date stands in data/README.md. A damaged table gives
one sentence that names file, row and column.
"""

from __future__ import annotations

import csv
import datetime
import re
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from leverage_lab import dates
from leverage_lab.checks import FINITE, LEVERAGE, NOT_NEGATIVE, POSITIVE, Range, choice, number


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


def date(name, text):
    """`text` if it is a date as far as it is known: 2025, 2025-08 or 2025-08-14; ValueError if not."""
    if isinstance(text, str) and re.fullmatch(r"\d{4}(-\d{2}){0,2}", text, flags=re.ASCII):
        try:
            datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
            return text
        except ValueError:
            pass
    raise ValueError(f"{name} must be a date such as '2025', '2025-08' or '2025-08-14', got {text!r}")


@dataclass(frozen=True)
class Date:
    """A cell with a date as far as it is known: 2025, 2025-08 or 2025-08-14; empty where `optional` (undated)."""

    optional: bool = False
    unique: bool = False

    def read(self, cell):
        return cell if not cell and self.optional else date("it", cell)


@dataclass(frozen=True)
class Table:
    """The columns a table must have, in order.

    what: what its rows are, for the line with their dates.
    as_of: its dates, where the rows have no column for them; or the table that has them, by `ladder_id`.
    record: what happened, was counted or was printed at a time. It says when, and does not go stale.
    """

    what: str = ""
    columns: dict = field(default_factory=dict)
    as_of: tuple | str = ()
    record: bool = False


EXCHANGES = (
    *("MEXC", "Binance", "OKX", "Bybit", "Bitget", "KuCoin", "Kraken", "Coinbase"),  # the eight of the course
    *("BitMEX", "Deribit", "Gate", "Hyperliquid", "dYdX"),
)
EXCHANGE = Text(allowed=EXCHANGES)
SHARE = Range(low=0, high=1)
NOTES = {"as_of": Date(optional=True), "source": Text(), "link": Text(optional=True), "note": Text(optional=True)}
TIER = {"ladder_id": Text(), "tier": Number(POSITIVE), "floor": Number(NOT_NEGATIVE), "cap": Number(POSITIVE, optional=True)}

TABLES = {
    "price_snapshot_2025-08-04": Table(
        "Prices",
        {
            "asset": Text(unique=True),
            "symbol": Text(unique=True),
            "price_usd": Number(POSITIVE),
            "change_24h_percent": Number(Range(low=-100)),
        },
        as_of=("2025-08-04",),
        record=True,  # the prices of one day, shown as that
    ),
    "article_claims": Table(
        "Our transcript of the articles",
        {
            "id": Text(unique=True),
            "article": Text(allowed=("leverage", "fee")),
            "kind": Text(allowed=("arithmetic", "fact", "advice", "definition")),
            "claim": Text(),
            "article_value": Text(optional=True),
            "unit": Text(optional=True),
            "met_in": Text(),
        },
        as_of=("2026-11",),  # when the articles were read: what they say then is what is checked
        record=True,
    ),
    "published_examples": Table(
        "Examples as published",
        {
            "id": Text(unique=True),
            "source": Text(),
            "address": Text(optional=True),
            "quality": Text(allowed=("A", "B", "C")),
            "kind": Text(),
            "contract": Text(allowed=("linear", "inverse")),
            "side": Text(allowed=("long", "short")),
            "inputs": Text(),
            "published": Text(),
            "unit": Text(allowed=("quote", "base", "ratio", "price")),
            "decimals": Number(NOT_NEGATIVE),
            "verdict": Text(allowed=("agrees", "rounded", "wrong")),
            "right_value": Number(optional=True),
            "error": Text(optional=True),
        },
        as_of=("2019", "2026-08"),
        record=True,  # shows how a number was reckoned, not what an exchange asks today
    ),
    "btc_first_passage_2018_2023": Table(
        "Prices of Bitcoin",
        {
            "side": Text(allowed=("long", "short")),
            "adverse_move": Number(Range(low=0, high=1, open_low=True, open_high=True)),
            "hours": Number(POSITIVE),
            "share_reached": Number(Range(low=0, high=1)),
        },
        as_of=("2018-05-15", "2023-03-05"),
        record=True,
    ),
    "btc_1min_2025-02-03": Table(
        "Trades",
        {
            "timestamp": Number(POSITIVE, unique=True),
            "open": Number(POSITIVE),
            "high": Number(POSITIVE),
            "low": Number(POSITIVE),
            "close": Number(POSITIVE),
            "volume": Number(NOT_NEGATIVE),
        },
        as_of=("2025-02-03",),
        record=True,
    ),
    "btc_1h_crash_windows": Table(
        "Trades",
        {
            "time_utc": Text(unique=True),
            "unix": Number(POSITIVE, unique=True),
            "open": Number(POSITIVE),
            "high": Number(POSITIVE),
            "low": Number(POSITIVE),
            "close": Number(POSITIVE),
        },
        as_of=("2020-03-12", "2021-05-19"),
        record=True,
    ),
    "exchanges": Table("Rules", {"exchange": EXCHANGE, "field": Text(), "value": Text(optional=True), **NOTES}),
    "leverage_history": Table(
        "Maxima",
        {"exchange": EXCHANGE, "symbol": Text(), "asset": Text(), "max_leverage": Number(LEVERAGE), **NOTES}
    ),
    "ladders": Table(
        "Tiers",
        {
            "ladder_id": Text(unique=True),
            "exchange": EXCHANGE,
            "symbol": Text(),
            "asset": Text(),
            "contract": Text(allowed=("linear", "inverse")),
            "unit": Text(),
            "contract_size": Number(POSITIVE, optional=True),
            "reading": Text(allowed=("marginal", "whole", ""), optional=True),
            "rate_per_coin": Number(POSITIVE, optional=True),
            "complete": Text(allowed=("yes", "no")),
            **NOTES,
        }
    ),
    "tiers": Table(
        "Tiers",
        {
            **TIER,
            "max_leverage": Number(LEVERAGE, optional=True),
            "initial_rate": Number(SHARE, optional=True),
            "rate": Number(SHARE, optional=True),
            "deduction": Number(NOT_NEGATIVE, optional=True),
        },
        as_of="ladders",
    ),
    "tiers_published": Table(
        "Tiers as published",
        {**TIER, "rate": Number(SHARE), "deduction": Number(NOT_NEGATIVE), "source": Text()},
        as_of=("2020", "2021", "2021", "2021", "2021", "2024", "2024", "2026-08-05", "2026-08-05", "", ""),  # one a ladder
        record=True,  # as printed, to check the arithmetic of deductions; what holds stands in `tiers`
    ),
    "fees": Table(
        "Fees",
        {
            "exchange": EXCHANGE,
            "region": Text(optional=True),
            "product": Text(allowed=("perpetual", "spot")),
            "market": Text(optional=True),
            "tier": Text(),
            "condition": Text(optional=True),
            "maker": Number(Range(low=-0.01, high=0.1)),
            "taker": Number(Range(low=0, high=0.1)),
            "discount": Text(optional=True),
            **NOTES,
        }
    ),
    "funding": Table(
        "Funding",
        {
            "kind": Text(allowed=("rule", "observation")),
            "exchange": EXCHANGE,
            "symbol": Text(optional=True),
            "field": Text(),
            "value": Text(),
            **NOTES,
        }
    ),
    "margin_interest": Table(
        "Interest",
        {
            "exchange": Text(allowed=(*EXCHANGES, "Crypto.com")),
            "product": Text(),
            "asset": Text(optional=True),
            "rate": Number(SHARE, optional=True),
            "period_hours": Number(POSITIVE, optional=True),
            "opening_rate": Number(SHARE, optional=True),
            "interest_free": Number(POSITIVE, optional=True),
            "charged_on": Text(),
            "accrual": Text(allowed=("started", "completed", ""), optional=True),
            "accrual_unit_hours": Number(POSITIVE, optional=True),
            "clock": Text(allowed=("loan", "wall", ""), optional=True),
            "compounding": Text(allowed=("simple", "compound", ""), optional=True),
            "example": Text(optional=True),
            **NOTES,
        }
    ),
    "risk_evidence": Table(
        "Studies",
        {
            "topic": Text(unique=True),
            "low": Number(optional=True),
            "high": Number(optional=True),
            "unit": Text(optional=True),
            "population": Text(),
            "period": Text(optional=True),
            "publisher": Text(),
            "as_of": Date(optional=True),
            "source": Text(),
            "note": Text(optional=True),
        },
        record=True,  # each row was counted or decided at its time; a later study is another row
    ),
    "hyperliquid_adl_2025-10-10": Table(
        "Trades",
        {
            "ticker": Text(unique=True),
            "liq_notional_usd": Number(POSITIVE),
            "adl_notional_usd": Number(POSITIVE),
            "liq_events": Number(POSITIVE),
            "adl_events": Number(POSITIVE),
            "liq_pnl_usd": Number(),
            "adl_pnl_usd": Number(),
        },
        as_of=("2025-10-10",),
        record=True,
    ),
    "liquidation_events": Table(
        "Reports",
        {
            "event": Text(),
            "date": Text(),
            "quantity": Text(),
            "value": Number(),
            "value_to": Number(optional=True),
            "unit": Text(allowed=("USD", "BTC", "fraction", "times", "traders", "accounts", "fills", "tickers", "seconds")),
            "reading": Text(allowed=("as given", "about", "more than")),
            "provider": Text(),
            "window": Text(),
            "note": Text(optional=True),
        },
        as_of=("2020-03-12", "2025-10-10"),
        record=True,
    ),
}


def folder():
    """Where the tables are: data/ of the checkout, or the copy inside an installed wheel."""
    checkout = Path(__file__).resolve().parents[2] / "data"
    return checkout if (checkout / "README.md").is_file() else Path(__file__).with_name("tables")


@lru_cache(maxsize=None)
def _loaded(name):
    frame = read(folder() / f"{name}.csv", TABLES[name])
    as_of = TABLES[name].as_of
    if isinstance(as_of, str):
        as_of = frame.ladder_id.drop_duplicates().map(_loaded(as_of).set_index("ladder_id").as_of)
    elif not as_of:
        as_of = _of_rows(frame)
    # Plain values: attrs are copied at each step from a table to what is made of it, and some formats write them.
    frame.attrs["as_of"] = asdict(dates.of(as_of, TABLES[name].record, len(set(as_of)) > 1, TABLES[name].what))
    return frame


def load(name):
    """The table `name` as a DataFrame of its own (change it as you like); attrs["as_of"] says when it is from."""
    choice("table", name, tuple(TABLES))
    return _loaded(name).copy()


def newest_month(*names):
    """The newest month (2026-11) that these tables have a row of; read without pandas, for it is asked as panels are imported."""
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
    """When a DataFrame or Series made of a table of `load` is from: Dates, or None if it is none of ours.

    The dates of the rows shown, where they still have `as_of`; else those of the whole table.
    """
    whole = shown.attrs.get("as_of")
    if not isinstance(whole, dict) or set(whole) != set(asdict(dates.Dates())):
        return None
    whole = dates.Dates(**whole)
    try:
        return dates.of(_of_rows(shown), whole.record, what=whole.what)
    except (KeyError, ValueError):  # no such column any more, or something else in it
        return whole


def _of_rows(shown):
    """The dates of rows, but of those without a value: what is not known has no age."""
    if shown.ndim == 1:  # one column, or one row
        return [shown["as_of"]] if "as_of" in shown.index else list(shown) if shown.name == "as_of" else shown.index.get_level_values("as_of")
    if "as_of" not in shown.columns:
        return shown.index.get_level_values("as_of")
    values = shown["value"] if "value" in shown.columns else shown["as_of"].map(lambda _: True)
    return [text for text, value in zip(shown["as_of"], values, strict=True) if value == value and value not in ("", None)]


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
