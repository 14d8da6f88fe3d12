"""Chapter 5: an exchange is a set of rules, read from tables. No formula of its own for any of them.

    binance = exchange("Binance")                 # the newest that is known
    binance.max_leverage, binance.maintenance_basis, binance.unknown()
    binance.rules("BTC")                          # Rules for leverage_lab.liquidation, with the tier ladder
    exchange("Binance", "2025-03-27")             # what was known to hold on that day

Nothing here is looked up live: every figure stands in data/ with its source and date (data/README.md).
What no source says is None in a field, named by `unknown()`, and asked for by `rules()`.

In the tables the rows about one thing stand in order of preference, newest first, and the first that
fits is taken. With a date asked for, a row must not be dated after it. An undated row of words (how
something is done) then still counts where no dated one fits; an undated number does not.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from leverage_lab import checks, dates
from leverage_lab.checks import NOT_NEGATIVE, Contract, NotNegative, Positive, Range, checked, choice, one
from leverage_lab.data import EXCHANGES, load
from leverage_lab.liquidation import FeeBasis, Ladder, MaintenanceBasis, Rules

if TYPE_CHECKING:
    import pandas as pd

COURSE = EXCHANGES[:8]
NUMBERS = ("claimed_max_leverage", "funding_interval_hours", "liquidation_fee_rate")  # the other fields are words
DATED = NUMBERS[1:]  # an undated one does not count on a day asked for
LADDER_COLUMNS = ("ladder_id", "tier", "floor", "cap", "rate", "deduction")


def _name(_, name):
    known = {word.upper(): word for word in EXCHANGES}
    found = known.get(name.strip().upper()) if isinstance(name, str) else None
    return found or choice("exchange", name, EXCHANGES)


Name = Annotated[str, _name]  # however it is written
Day = Annotated[str, dates.as_known]  # "2025-03-27", "2025-03" or "2025" (the end of it)


@dataclass(frozen=True)
class Fact:
    """One value with its date and source; `value` is None and the rest says why where it is not known."""

    value: Any = None
    as_of: str = ""
    source: str = ""
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class Exchange:
    """What is known of one exchange, BTC perpetual where a field depends on the contract; None: not known.

    as_of: the day asked for, None for the newest. Rates are fractions. maintenance_rate: of the first tier.
    maker_fee and taker_fee: lowest tier, no discount. funding_interval_hours: 0 is all the time.
    claimed_max_leverage: what the course's article says, None where it says nothing.
    """

    name: str
    as_of: str | None
    max_leverage: float | None
    claimed_max_leverage: float | None
    margin_modes: str | None
    position_modes: str | None
    contract_types: str | None
    trigger_price: str | None
    maintenance_rate: float | None
    maintenance_basis: str | None
    closing_fee_basis: str | None
    partial_liquidation: str | None
    insurance_fund: str | None
    negative_balance: str | None
    adl_rank: str | None
    adl_close_price: str | None
    funding_interval_hours: float | None
    maker_fee: float | None
    taker_fee: float | None
    liquidation_fee_rate: float | None

    def unknown(self) -> list[str]:
        """Names of what no source says: fields; `ladder` (no tiers), `ladder_reading` (one rate for all, or
        for its slice only), `ladder_above` (tiers above the known ones)."""
        missing = [name for name in FIELDS if getattr(self, name) is None and name != "claimed_max_leverage"]
        row = _ladder_row(self.name, "BTC", None, self.as_of, "rate")
        if row is None:
            return [*missing, "ladder"]
        return [*missing, *["ladder_reading"] * (not row.reading), *["ladder_above"] * (row.complete == "no")]

    @checked
    def ladder(self, symbol: str = "BTC", contract: Contract = "linear", size: Positive[float] | None = None) -> Ladder:
        """The risk tiers as a Ladder, or ValueError that says what is not known.

        symbol: a coin ("BTC": its main contract) or a contract ("BTCUSDC"). size: the position in coins, where the rate
        depends on it (Deribit). Floors are quote (measure "value") or coins or face value (measure "quantity"). Where
        no source says how a ladder is read, its rate is taken for the whole position: the reading that asks for more.
        """
        row = _ladder_row(self.name, symbol, contract, self.as_of, "rate")
        if row is None:
            lacking = f"no maintenance tiers are known for {symbol} ({contract})"
            raise ValueError(f"{self._who()}: {lacking}; {self._known()}")
        _coins_known(row)
        tiers = _tiers(row.ladder_id)
        if not math.isnan(row.rate_per_coin):
            if size is None:
                grows = f"the maintenance rate of {row.exchange}'s {row.symbol} grows with the position"
                raise ValueError(f"{grows}: give its size in coins")
            return Ladder((0.0,), (tiers[0].rate + row.rate_per_coin * size,))
        measure = "value" if row.contract == "linear" and row.unit != row.asset else "quantity"
        slices = row.reading == "marginal"
        rows = [[tier.floor, _given(tier.cap), tier.rate, _given(tier.deduction) if slices else 0.0] for tier in tiers]
        return Ladder.of(rows, measure)

    @checked
    def rules(
        self, symbol: str = "BTC", contract: Contract = "linear", maintenance: Any = None,
        maintenance_basis: MaintenanceBasis | None = None, closing_fee_basis: FeeBasis | None = None,
        closing_fee_rate: float | None = None, size: Positive[float] | None = None,
    ) -> Rules:  # fmt: skip
        """How positions are liquidated, as Rules for `leverage_lab.liquidation`.

        symbol, contract, size: as in `ladder`. The others replace what the tables say (a rate of your tier, say), or
        fill in what they do not know. The closing fee is the taker fee of the lowest tier. ValueError names everything
        that is not known and not given.
        """
        if maintenance is None and _ladder_row(self.name, symbol, contract, self.as_of, "rate") is not None:
            maintenance = self.ladder(symbol, contract, size)
        needed: dict[str, Any] = {
            "maintenance": maintenance,
            "maintenance_basis": maintenance_basis or self.maintenance_basis,
            "closing_fee_basis": closing_fee_basis or self.closing_fee_basis,
            "closing_fee_rate": closing_fee_rate,
        }
        if closing_fee_rate is None:
            needed["closing_fee_rate"] = 0.0 if needed["closing_fee_basis"] == "none" else self.taker_fee
        missing = ", ".join(name for name, value in needed.items() if value is None)
        if missing:
            lacking = f"{missing} of {symbol} ({contract}) not known: give what you know to rules()"
            raise ValueError(f"{self._who()}: {lacking}; {self._known()}")
        return Rules(**needed)

    def _known(self):
        """The contracts whose tiers are known, in words."""
        rows = [row for row in _table("ladders") if row.exchange == self.name]
        rows = [row for row in rows if _ladder_row(self.name, row.symbol, None, self.as_of, "rate")]
        return "tiers known: " + (", ".join(dict.fromkeys(f"{row.symbol} ({row.contract})" for row in rows)) or "none")

    def _who(self):
        return self.name if self.as_of is None else f"{self.name} on {self.as_of}"


FIELDS = tuple(field.name for field in fields(Exchange))[2:]


def exchanges() -> tuple[str, ...]:
    """The names of all exchanges in the tables, the eight of the course (COURSE) first."""
    return EXCHANGES


@checked
def exchange(name: Name, as_of: Day | None = None) -> Exchange:
    """The rules of the exchange `name`: the newest known, or those known to hold on the day `as_of`.

    as_of: "2025-03-27", "2025-03" or "2025" (the end of it). ValueError lists the names.
    """
    return Exchange(name, as_of, *(fact(name, field, as_of).value for field in FIELDS))


@checked
def fact(
    name: Name, field: str, as_of: Day | None = None, symbol: str = "BTC", contract: Contract | None = None
) -> Fact:
    """One field with its date, source, link and note; "ladder": the first rate of `symbol`, dated as its tiers."""
    choice("field", field, (*FIELDS, "ladder"))
    if field == "max_leverage":
        return _leverage_fact(name, "BTC", as_of)
    if field in ("maintenance_rate", "ladder"):
        row = _ladder_row(name, symbol, contract, as_of, "rate")
        seen = row and (row if field == "ladder" else _last_seen(row))
        return _fact(seen, _tiers(row.ladder_id)[0].rate) if row else Fact()
    if field in ("maker_fee", "taker_fee"):
        rows = [row for row in _table("fees") if row.exchange == name and row.product == "perpetual" and not row.region]
        row = _first(rows, as_of)  # the lowest tier of a schedule stands first
        return Fact() if row is None else _fact(row, getattr(row, field.removesuffix("_fee")))
    rows = [row for row in _table("exchanges") if row.exchange == name and row.field == field]
    row = _first(rows, as_of, undated=field not in DATED)
    if row is None or not row.value:
        return Fact() if row is None else _fact(row, None)
    return _fact(row, float(row.value) if field in NUMBERS else row.value)


def of_facts(facts: Any, what: str = "") -> dates.Dates:
    """When Facts are from, as Dates; those without a value are no figures."""
    return dates.of([fact.as_of for fact in facts if fact.value is not None], what=what)


def dated(frame: pd.DataFrame, *facts: Fact) -> pd.DataFrame:
    """The DataFrame `frame`, made of these Facts by hand, with their dates: a notebook shows them below it."""
    frame.attrs["as_of"] = asdict(of_facts(facts))
    return frame


def compare(names: Any, field: str, dates: Any) -> dict[str, tuple[Any, ...]]:
    """One field of several exchanges on several days, side by side: {name: (value, value, …)}.

    names: exchanges; field: one of FIELDS; dates: days as in `exchange`, None for the newest known. One
    name or one day need not be a list.
    """
    names, dates = (x if isinstance(x, (list, tuple)) else (x,) for x in (names, dates))
    return {_name("name", name): tuple(fact(name, field, day).value for day in dates) for name in names}


@checked
def max_leverage(name: Name, symbol: str = "BTC", as_of: Day | None = None) -> float | None:
    """Highest leverage of a coin's main contract, or of the contract named; None where not known."""
    return _leverage_fact(name, symbol, as_of).value


@checked
def max_position(
    name: Name, symbol: str, leverage: Any, contract: Contract = "linear", price: Positive | None = None,
    as_of: Day | None = None,
) -> Any:  # fmt: skip
    """The largest position (value in quote) that `leverage` is allowed for; inf: no limit; None: not known.

    price: needed where tiers are counted in coins. ValueError if the contract does not allow that leverage.
    """
    row = _ladder_row(name, symbol, contract, as_of, "max_leverage")
    if row is None:
        return None
    _coins_known(row)
    tiers = _tiers(row.ladder_id)
    leverage = one("leverage", leverage, Range(low=1, high=tiers[0].max_leverage))
    if not math.isnan(row.rate_per_coin):  # the initial margin rate rises with each coin, from the first
        coins = (1 / leverage - tiers[0].initial_rate) / row.rate_per_coin
        return _in_quote(name, row, max(0.0, coins), price)
    last = [tier for tier in tiers if tier.max_leverage >= leverage][-1]
    ends_here = any(tier.max_leverage <= leverage for tier in tiers)  # what lies above it allows less
    if row.complete == "no" and (math.isnan(last.cap) or not ends_here):
        return None
    if math.isnan(last.cap):
        return math.inf
    return last.cap if row.unit != row.asset else _in_quote(name, row, last.cap, price)


def _in_quote(name, row, coins, price):
    if price is None:
        raise ValueError(f"{name} counts the tiers of {row.symbol} in {row.asset}: a price is needed, got None")
    return coins * price


@checked
def contracts_to_coin(name: Name, symbol: str, contracts: NotNegative, price: Positive | None = None) -> Any:
    """Coins in a number of contracts: contracts × size, or × size / price where one contract is dollars.

    contracts, price: scalars or arrays. ValueError where the size of a contract is not in the tables.
    """
    known = [row for row in _table("ladders") if row.exchange == name and not math.isnan(row.contract_size)]
    row = next((row for row in known if _means(symbol, row)), None)
    if row is None:
        names = ", ".join(dict.fromkeys(row.symbol for row in known)) or "none"
        raise ValueError(f"{name}: the contract size of {symbol} is not known; known: {names}")
    if row.contract == "inverse" and price is None:
        raise ValueError(f"a contract of {row.symbol} is {row.contract_size:g} {row.unit}: a price is needed, got None")
    coins = contracts * row.contract_size
    return coins if row.contract == "linear" else coins / price


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one row of a table of tiers; str() is one sentence. `row` counts the header as 1."""

    ladder: str
    tier: int
    row: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.ladder}, tier {self.tier} (row {self.row}): {self.text}"


def ladder_errors(table: Any) -> list[Flaw]:
    """What cannot be right in a table of tiers: a list of Flaws, in the order of the rows.

    table: a DataFrame or a list of dicts with ladder_id, tier, floor, cap, rate, deduction; cap, rate and
    deduction may be missing. Kinds: "number" (tiers not counted 1, 2, 3 …), "start" (not at 0), "empty"
    (ends at or below its floor), "gap", "overlap", "rate" (falls), "deduction": a printed deduction that
    does not follow from the row before, ded_n = floor_n (rate_n − rate_(n−1)) + ded_(n−1).
    """
    if hasattr(table, "columns"):
        table = table.to_dict("records")
    if not isinstance(table, (list, tuple)) or not table:
        what = "a DataFrame or a list of dicts with at least one row"
        raise ValueError(f"a table of tiers must be {what}, got {checks.short(table)}")
    found, before = [], {}
    for place, record in enumerate(table, start=2):
        absent = [column for column in LADDER_COLUMNS if not isinstance(record, dict) or column not in record]
        if absent:
            columns = ", ".join(LADDER_COLUMNS)
            raise ValueError(f"a table of tiers must have the columns {columns}; row {place} lacks {', '.join(absent)}")
        name = record["ladder_id"]
        tier, floor = (one(f"row {place}, {key}", record[key], NOT_NEGATIVE) for key in ("tier", "floor"))
        cap, rate, deduction = (
            None if _given(record[key]) is None else one(f"row {place}, {key}", record[key], NOT_NEGATIVE)
            for key in ("cap", "rate", "deduction")
        )
        flaws = _flaws(before.get(name), tier, floor, cap, rate, deduction)
        found += [Flaw(name, int(tier), place, kind, text) for kind, text in flaws]
        before[name] = tier, cap, rate, deduction
    return found


def _flaws(before, tier, floor, cap, rate, deduction):
    last, end, last_rate, last_deduction = before or (0.0, 0.0, 0.0, 0.0)
    end = math.inf if end is None else end
    if tier != last + 1:
        yield "number", f"the tier after {last:.15g} must be {last + 1:.15g}"
    if floor != end:
        if before is None:
            yield "start", f"the first tier must begin at 0, not at {floor:,.15g}"
        else:
            kind, verb = ("gap", "leaves a gap") if floor > end else ("overlap", "overlaps")
            yield kind, f"{verb}: tier {last:.15g} ends at {end:,.15g}, this one begins at {floor:,.15g}"
    if cap is not None and cap <= floor:
        yield "empty", f"must end above its floor {floor:,.15g}, not at {cap:,.15g}"
    if rate is None or last_rate is None:
        return
    if rate < last_rate:
        yield "rate", f"the rate falls from {last_rate:.15g} to {rate:.15g}"
    if deduction is None:
        return
    right = floor * (rate - last_rate) + (last_deduction or 0.0)
    if abs(deduction - right) > 1e-9 * max(1.0, abs(right)):
        sum_ = f"{floor:,.15g} × ({rate:.15g} − {last_rate:.15g}) + {last_deduction or 0.0:,.15g} = {right:,.12g}"
        yield "deduction", f"the deduction printed is {deduction:,.15g}, but {sum_}"


# --- reading the tables -------------------------------------------------------------------------


@lru_cache(maxsize=None)
def _table(name: str) -> Any:
    return tuple(load(name).itertuples(index=False))


@lru_cache(maxsize=None)
def _tiers(ladder_id: str) -> Any:
    """Rows (ladder_id, tier, floor, cap, max_leverage, initial_rate, rate, deduction); nan: not known."""
    return tuple(row for row in _table("tiers") if row.ladder_id == ladder_id)


def _means(symbol, row):
    """True where `symbol` is the row's coin or contract, however it is written."""
    if not isinstance(symbol, str) or not symbol.isprintable() or len(symbol) > 40:
        raise ValueError(f"symbol must be a coin or a contract such as 'BTC', got {checks.short(symbol)}")
    return symbol.strip().upper() in (row.asset.upper(), row.symbol.upper())


def _first(rows, as_of, undated=False):
    """The first row that fits the day, or None."""
    if as_of is None:
        return rows[0] if rows else None
    fitting = [row for row in rows if row.as_of and row.as_of[: len(as_of)] <= as_of]
    fitting += [row for row in rows if not row.as_of and undated]
    return fitting[0] if fitting else None


def _fact(row, value):
    return Fact(value, row.as_of, row.source, row.link, row.note)


def _leverage_fact(name, symbol, as_of):
    rows = [row for row in _table("leverage_history") if row.exchange == name and _means(symbol, row)]
    if rows:
        row = _first([row for row in rows if row.symbol == rows[0].symbol], as_of)
        return Fact() if row is None else _fact(row, row.max_leverage)
    row = _ladder_row(name, symbol, None, as_of, "max_leverage")
    return Fact() if row is None else _fact(row, _tiers(row.ladder_id)[0].max_leverage)


def _ladder_row(name, symbol, contract, as_of, column) -> Any:
    """The line of ladders.csv that fits and whose first tier has `column`; contract None: any.

    An undated ladder without it is passed over. A dated one says that those before no longer hold: None.
    """
    rows = [row for row in _table("ladders") if row.exchange == name and contract in (None, row.contract)]
    rows = [row for row in rows if _means(symbol, row)]
    known = {row.ladder_id for row in rows if not math.isnan(getattr(_tiers(row.ladder_id)[0], column))}
    main = [row for row in rows if row.symbol == rows[0].symbol and (row.as_of or row.ladder_id in known)]
    row = _first(main, as_of)
    return row if row and row.ladder_id in known else None


def _last_seen(row):
    """The ladder `row`; of an undated one the newest dated one of its contract with the same first rate, if any."""
    rate = _tiers(row.ladder_id)[0].rate
    same = [r for r in _table("ladders") if r.exchange == row.exchange and r.symbol == row.symbol and r.as_of]
    return row if row.as_of else next((again for again in same if _tiers(again.ladder_id)[0].rate == rate), row)


def _coins_known(row):
    if row.unit == "contracts":
        lacking = "and the size of one is not known"
        raise ValueError(f"{row.exchange} counts the tiers of {row.symbol} in contracts, {lacking}")


def _given(cell):
    """The value of a cell, None where it is empty: None, "" or nan."""
    return None if (isinstance(cell, str) and cell == "") or (isinstance(cell, float) and math.isnan(cell)) else cell
