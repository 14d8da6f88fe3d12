"""What several panels of this chapter use.

months          counted from January 2019, and their slider: known, maxima
figures         read from the tables once, for a move asks for all eight exchanges
maxima          `history` of an exchange
up to which size   `captures`, `allowed`, `may`: stairs, and every trade
one trade       `trade` at one exchange, `trades` and `table` of all eight: one_trade, ends
pictures        Titled; Rows of eight exchanges
"""

import math
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from itertools import pairwise

from leverage_lab import data, dates
from leverage_lab.chapters.months import Month, after, since
from leverage_lab.checks import sign
from leverage_lab.exchanges import COURSE, exchange, fact, max_leverage
from leverage_lab.fees import trading_fee
from leverage_lab.leverage import price_move, quantity
from leverage_lab.liquidation import EDGE, liquidation_price, position_margin
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import boxes, fill
from leverage_lab.panelkit.result import Result
from leverage_lab.words import times

# --- months
FIRST_YEAR = 2019  # months are counted from its January
FIRST_MONTH = f"{FIRST_YEAR}-01"


LAST_MONTH = since(  # to the newest row, or to the reading of the articles, when all of them were collected
    FIRST_MONTH,
    max(data.newest_month("leverage_history", "ladders", "fees", "exchanges"), *data.TABLES["article_claims"].as_of),
)


def month_as_of(month):
    """ "2025-08" from the number of months since January 2019."""
    return after(FIRST_MONTH, month)


def month_in_words(month):
    return dates.shown(month_as_of(month))


def years(as_of):
    """A date as far as it is known, as a year with its fraction: the middle of what is not printed."""
    parts = [int(part) for part in as_of.split("-")]
    year, month, day = (
        (*parts, *(7, 1)[len(parts) - 1 :]) if len(parts) == 1 else (*parts, 15) if len(parts) == 2 else parts
    )
    return year + (date(year, month, day) - date(year, 1, 1)).days / 365.25


def month(start):
    return Month("month", "month", tuple(range(LAST_MONTH + 1)), start, whole=True, first=FIRST_MONTH)


# --- figures
@lru_cache(maxsize=None)
def entry_price():
    return data.asset("BTC").price


@lru_cache(maxsize=None)
def funding_a_day():
    """A day's interest part of funding, as two exchanges print it: the only rate the tables have for more than one."""
    table = data.load("funding")
    return float(table[table.field == "interest_per_day"].value.iloc[0])


@lru_cache(maxsize=None)
def funding_as_of():
    table = data.load("funding")
    return table[table.field == "interest_per_day"].as_of.iloc[0]


@lru_cache(maxsize=None)
def _venue(name):
    """The newest rules of an exchange, read once: a move asks for all eight."""
    return exchange(name)


@lru_cache(maxsize=None)
def fact_on(name, field, as_of):
    """A Fact of an exchange on a day, None for the newest; read once."""
    return fact(name, field, as_of)


# --- maxima over the years
CLOSE = 1.3  # years: what lies closer together gets its numbers beside the marks, one higher and one lower


@lru_cache(maxsize=None)
def history(name):
    """(runs, undated, elsewhere) of an exchange on BTC.

    runs: of the main contract, [(from year, to year, maximum, shift)], oldest first; shift: of two that follow closely
    the higher is drawn above its lane (−), the lower below (+). undated: its maxima without a date. elsewhere:
    [(year, where)] of other contracts or regions that had the article's number, the newest of each kind.
    """
    table = data.load("leverage_history")
    table = table[table.exchange == name].iloc[::-1]
    main = table[table.asset == "BTC"].symbol.iloc[-1]
    runs = []
    for row in table[(table.symbol == main) & (table.as_of != "")].itertuples():
        if runs and runs[-1][2] == row.max_leverage:
            runs[-1] = (runs[-1][0], years(row.as_of), *runs[-1][2:])
        else:
            runs.append((years(row.as_of), years(row.as_of), row.max_leverage, 0.0))
    for place, ((begin, end, low, _), (change, till, high, _)) in enumerate(pairwise(runs)):
        if change - begin < CLOSE or change - end < CLOSE / 2:
            shift = 0.17 if high > low else -0.17
            runs[place : place + 2] = [(begin, end, low, shift), (change, till, high, -shift)]
    undated = [row.max_leverage for row in table[(table.symbol == main) & (table.as_of == "")].itertuples()]
    said, elsewhere = _venue(name).claimed_max_leverage, {}
    for row in table[(table.symbol != main) & (table.max_leverage == said) & (table.as_of != "")].itertuples():
        region = row.symbol.partition("(")[2].removesuffix(")")
        elsewhere[region or (row.asset if row.asset != "BTC" else "other")] = years(row.as_of)
    return runs, undated[::-1], [(year, where) for where, year in elsewhere.items()]


# --- up to which size
@lru_cache(maxsize=None)
def captures(name):
    """The captures of an exchange's BTC tiers as stairs, the first the one used: [(when, steps, complete)].

    steps: [(from dollars, to dollars, maximum leverage)]; the last end is inf if there is none, nan if no source says.
    """
    ladders, tiers = data.load("ladders"), data.load("tiers")
    rows = ladders[(ladders.exchange == name) & (ladders.asset == "BTC")]
    found = []
    for row in rows.itertuples():
        if not row.symbol.startswith(rows.symbol.iloc[0]):
            continue
        of = tiers[(tiers.ladder_id == row.ladder_id) & tiers.max_leverage.notna()]
        unit = entry_price() if row.unit == row.asset else 1.0
        steps = [(float(t.floor * unit), float(t.cap * unit), float(t.max_leverage)) for t in of.itertuples()]
        if not steps:
            continue
        if not math.isnan(row.rate_per_coin):
            steps = _slope(float(of.iloc[0].initial_rate), float(row.rate_per_coin))
        elif row.complete == "yes" and math.isnan(steps[-1][1]):
            steps[-1] = (*steps[-1][:1], math.inf, steps[-1][2])
        found.append((row.as_of or "undated", steps, row.complete == "yes"))
    if not found:
        found.append(("no tiers", [(0.0, math.nan, max_leverage(name))], False))
    return found


def _slope(rate, per_coin):
    """Where the rate rises with every coin (Deribit): fine steps up to a billion dollars."""
    edges = [0.0, *(10 ** (4 + i / 20) for i in range(101))]
    return [(low, high, 1 / (rate + per_coin * high / entry_price())) for low, high in zip(edges, edges[1:])]


def allowed(name, value):
    """Maximum leverage for a position of this value; 0: no position that large; None: no source says."""
    _, steps, complete = captures(name)[0]
    for _, high, top in steps:
        if math.isnan(high):
            return None
        if value <= high * (1 + EDGE):
            return top
    return 0.0 if complete else None


@lru_cache(maxsize=None)
def _as_of(name, *names):
    """When these fields of an exchange are from, those that are known."""
    known = [fact(name, field) for field in names]
    return tuple(one.as_of for one in known if one.value is not None)


@lru_cache(maxsize=None)
def size_as_of(name):
    """When the figures are from by which `may` answers: the maximum, and the tiers if there are any."""
    when = captures(name)[0][0]
    tiers = {"no tiers": (), "undated": ("",)}.get(when, (when,))
    return (*_as_of(name, "max_leverage"), *tiers)


def may(name, value, leverage):
    """True, False or None (not known): does the exchange allow this leverage for this value?"""
    top = allowed(name, value)
    if top is None:
        return None if leverage <= max_leverage(name) else False
    return leverage <= top


# --- one trade through all of them
def trade(name, side, margin, leverage, days=0):
    """The trade at one exchange: what the tables let us compute; the rest is None, with a word in `why`.

    gone: share of the margin that fees and funding take, 1 at the most. used_up: the day on which that is all of it,
    None if it does not come to that; the position is liquidated sooner, for something must remain. funding: what is
    paid until then.
    """
    value = margin * leverage
    coins = quantity(margin, leverage, entry_price())
    venue = _venue(name)
    offered = may(name, value, leverage)
    if offered is False:
        top = allowed(name, value)
        why = f"at most {times(top)}" if top else f"at most {times(venue.max_leverage)}" if top is None else "too large"
        nothing = dict.fromkeys(("fee", "funding", "gone", "used_up", "distance", "end", "needed"))
        return Result(name=name, offered=False, why=why, **nothing)
    fee = None if venue.taker_fee is None else trading_fee(value, venue.taker_fee)
    funding = sign(side) * value * funding_a_day() * days
    gone, used_up = None if fee is None else (2 * fee + funding) / margin, None
    if gone is not None and gone >= 1 - 1e-12:
        gone, used_up = 1.0, max(0.0, margin - 2 * fee) / (value * funding_a_day())
        funding = min(funding, max(0.0, margin - 2 * fee))
    end, needed = _end(venue, side, coins, leverage)
    distance = None if end is None else price_move(entry_price(), end)
    return Result(
        name=name, offered=offered, why="not known" if None in (fee, end) else "", fee=fee, funding=funding, gone=gone,
        used_up=used_up, distance=distance, end=end, needed=needed,
    )  # fmt: skip


def trades(side, margin, leverage, days=0):
    """The trade at each of the eight exchanges, in their order: a list, see `trade`."""
    return [trade(name, side, margin, leverage, days) for name in COURSE]


@lru_cache(maxsize=None)
def rules_of(name):
    """The rules of the BTC contract in dollars; None where a part is not known."""
    try:
        return exchange(name).rules("BTC")
    except ValueError:
        return None


def _end(venue, side, coins, leverage):
    """(liquidation price, margin with the reserve some exchanges ask for); (None, None) if rule or tier is unknown."""
    rules = rules_of(venue.name)
    if rules is None:
        return None, None
    try:
        needed = position_margin(side, entry_price(), coins, leverage, rules)
        return liquidation_price(side, entry_price(), coins, needed, rules), needed
    except ValueError:  # larger than the tiers that are known
        return None, None


def trades_dates(found, cost=False, ends=False, funding=False):
    """When the figures are from that these trades rest on: whether they are offered, what they cost, where they end."""
    texts = [funding_as_of()] * funding + [*data.TABLES[data.SNAPSHOT].as_of] * ends
    for t in found:
        fields = ["taker_fee"] * (cost and t.fee is not None)
        if ends and t.end is not None:
            fields += ["maintenance_rate", "maintenance_basis", "closing_fee_basis"]
            fields += ["taker_fee"] * (not cost and _venue(t.name).closing_fee_basis != "none")
        texts += [*size_as_of(t.name), *_as_of(t.name, *fields)]
    return dates.of(texts)


def _left_out(trades, field):
    """Who is not in the comparison, and why."""
    absent = [t.name for t in trades if t.offered is False]
    unknown = [t.name for t in trades if t.offered is not False and getattr(t, field) is None]
    unknown += [
        f"{t.name} (whether for that size)" for t in trades if t.offered is None and getattr(t, field) is not None
    ]
    return f" Not offered: {', '.join(absent) or 'none'}. Not known: {', '.join(unknown) or 'none'}."


def table(side, margin, leverage, days):
    """The trade as a DataFrame, one exchange a row; a cell that no source fills is empty (nan)."""
    import pandas as pd

    rows, found = {}, trades(side, margin, leverage, days)
    for t in found:
        rows[t.name] = {
            "posted": t.needed, "liquidation": t.end, "move to it": t.distance and 100 * t.distance, "fee in": t.fee,
            "fee out": t.fee, "funding": t.funding, "of margin": t.gone and 100 * t.gone, "remark": t.why or "",
        }  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index").astype({key: float for key in list(rows["MEXC"])[:-1]})
    frame.index.name = "exchange"
    frame.attrs["as_of"] = asdict(trades_dates(found, cost=True, ends=True, funding=True))
    return frame


# --- pictures
SOURCES = f"pages, API answers and public test data, collected until {month_in_words(LAST_MONTH)}"


class Titled(Picture):
    """A picture whose title says the point and moves; under it what is shown, at the bottom right the source."""

    under = ""
    source = SOURCES

    def head(self):
        style = palette.TITLE | {"fontsize": palette.NORMAL + 1}
        self.title = self.add_text(self.figure, 0.02, 1 - 0.1 / self.height, "", **style)
        self.figure.text(0.02, 1 - 0.43 / self.height, self.under, va="top", **palette.QUIET)
        if self.source:
            self.figure.text(0.98, 0.06 / self.height, self.source, ha="right", **palette.QUIET)


class Rows(Titled):
    """Eight rows, a name at the left of each and a word at the right."""

    height = 4.9
    refused = "not offered: {}"
    box = (0.145, 0.17, 0.595, 0.62)

    def rows(self):
        axes = self.axes = palette.tidy(self.figure.add_axes(self.box), grid="x")
        axes.set(ylim=(len(COURSE) - 0.5, -0.5), yticks=[])
        left, bottom, width, high = self.box
        self.heights = [bottom + high - high * (row + 0.5) / len(COURSE) for row in range(len(COURSE))]
        self.names = [self.figure.text(0.02, y, "", va="center", **palette.PLAIN) for y in self.heights]
        self.values = [
            self.add_text(self.figure, 0.98, y, "", va="center", ha="right", **palette.STRONG) for y in self.heights
        ]
        self.blank = boxes(self, axes, facecolor=palette.PAPER, edgecolor=palette.MUTED, hatch=palette.HELD)

    def order(self, r):
        """The exchanges from top to bottom: their names are drawn again only when it changes."""
        return tuple(t.name for t in r.trades)

    def frame(self, r):
        return self.order(r)

    def reframe(self, r):
        for text, name in zip(self.names, self.order(r)):
            text.set_text(name)

    def fill(self, boxes, ends):
        """ends: {row: (from, to)}."""
        half = 0.31
        fill(boxes, [(a, row - half, b, row + half) for row, (a, b) in ends.items() if b > a])

    def label(self, row, t, missing, known):
        """The number of the row, or a word where there is none."""
        word = known if not missing else self.refused.format(t.why) if t.offered is False else "not known"
        self.values[row].set(text=word, color=palette.MUTED if missing else palette.INK)
