"""What several panels of this chapter use."""

from collections import namedtuple
from datetime import datetime, timezone
from functools import cache
from statistics import fmean

import numpy as np
from matplotlib.collections import LineCollection

from leverage_lab.backstop import Trader, Venue
from leverage_lab.candles import Candles, bundled
from leverage_lab.checks import choice
from leverage_lab.exchanges import exchange, fact, max_position
from leverage_lab.leverage import pnl, price_move
from leverage_lab.liquidation import Rules, crossing_price, liquidation_price
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import (
    drawn_as,
    left_of,
    price_labels,
    round_ticks,
    source_line,
    time_ticks,
    view,
)
from leverage_lab.panelkit.controls import Slider, ladder
from leverage_lab.panelkit.result import Computed
from leverage_lab.words import Code, call, clock, lasting, literal, percent, plain, plural, price

ENTRY = 100_000.0  # a round price of one coin


MAINTENANCE, FEE = 0.005, 0.0006  # rates of the first panel


# --- risk tiers -------------------------------------------------------------------------------------

SIZES = np.geomspace(1e4, 1.3e8, 300)


@cache
def tiers_of(name):
    """(Rules with the exchange's own ladder, rules with its first rate for all sizes, its tiers, their dates)."""
    its = exchange(name)
    ladder = its.ladder("BTC")
    basis = its.maintenance_basis or "mark"
    return Rules(ladder, basis), Rules(ladder.rates[0], basis), ladder, fact(name, "ladder")


def without_fee(name):
    """Words that the prices of the tiers leave out this exchange's closing fee; "" if it takes none."""
    return ", its closing fee not counted" if exchange(name).rules("BTC").closing_fee_rate else ""


def floors_of(name):
    """Where an exchange's tiers begin, an array of dollars, with a coin at $100,000."""
    ladder = tiers_of(name)[2]
    return np.array(ladder.floors) * (ENTRY if ladder.measure == "quantity" else 1)


@cache
def tier_line(name, leverage):
    """The fall that liquidates a long (a fraction below 0) for each of SIZES; nan where the leverage is not allowed."""
    rules = tiers_of(name)[0]
    allowed = largest(name, leverage)
    sizes = np.minimum(SIZES, allowed)
    coins = sizes / ENTRY
    ends = crossing_price("long", ENTRY, coins, sizes / leverage, rules)
    return np.where(SIZES <= allowed, np.minimum(price_move(ENTRY, ends), 0.0), np.nan)


@cache
def largest(name, leverage):
    """The largest position this leverage is allowed for, in dollars, with a coin at $100,000."""
    ladder = exchange(name).ladder("BTC")
    unit = ENTRY if ladder.measure == "quantity" else 1.0
    return min(max_position(name, "BTC", leverage, price=ENTRY) or ladder.cap * unit, ladder.cap * unit)


# --- a small exchange ------------------------------------------------------------------------------

# A small exchange: a coin at $100. Name: (leverage, coins, entry price). Longs and shorts hold 40 coins each.
LONGS = {"Ana": (50, 6, 100), "Ben": (40, 5, 100), "Cem": (30, 5, 100), "Dia": (25, 6, 100)}
LONGS |= {"Eli": (15, 4, 100), "Fay": (10, 6, 100), "Gus": (5, 8, 100)}
SHORTS = {"Ida": (20, 5, 100), "Jon": (10, 6, 101), "Kai": (6, 8, 104)}
SHORTS |= {"Lea": (4, 6, 100), "Max": (2, 8, 110), "Noa": (1, 7, 102)}
BOOKS = {"deep": 4.0, "thin": 0.4, "empty": 0.0}  # coins at each 0.2 % below the mark
MAINTENANCE_RATE = 0.01
FALLS = 30  # steps of half a percent


@cache
def fall(book, fund):
    """The small exchange at every half percent of a fall of 15 %: a tuple of dicts, the first at the start.

    What was closed and how, and what everyone has then. book: a name of BOOKS; fund: dollars at the start. sold:
    {name: (coins sold in the book, dollars got for them, dollars to the fund)}; flows: {name: {who took over: coins}}.
    """
    choice("book", book, tuple(BOOKS))
    accounts = [
        Trader(name, side, float(entry), float(coins), coins * entry / leverage)
        for side, group in (("long", LONGS), ("short", SHORTS))
        for name, (leverage, coins, entry) in group.items()
    ]
    venue, states, ends, taken, by = Venue(accounts, fund), [], {}, {}, {"market": 0.0, "adl": 0.0}
    sold, flows = {}, {}
    for step in range(FALLS + 1):
        mark = 100.0 - step / 2
        levels = [(round(mark * (1 - 0.002 * k), 6), BOOKS[book]) for k in range(1, 26)] if BOOKS[book] else []
        while due := venue.due(mark, MAINTENANCE_RATE):
            one = venue.liquidate(due[0], mark, levels)
            levels, ends[due[0]] = list(one.book), "market"
            bids = [close for close in one.closes if close.how == "market"]
            sums = sum(bid.quantity for bid in bids), sum(bid.notional for bid in bids), one.to_fund
            sold[due[0]] = tuple(map(float, sums))
            flows[due[0]] = dict.fromkeys((close.name for close in one.closes), 0.0)
            for close in one.closes:
                flows[due[0]][close.name] += close.quantity
                by[close.how] += close.quantity
                if close.how == "adl":
                    ends[due[0]], taken[close.name] = "adl", taken.get(close.name, 0.0) + close.quantity
        queue, now = venue.queue("short", mark), venue.traders()
        states.append({
            "mark": mark, "ends": dict(ends), "sold": dict(sold), "flows": dict(flows), "taken": dict(taken),
            **by, "fund": venue.fund,
            "total": venue.total(mark), "open": {one.name: one.quantity for one in now}, "uncovered": venue.uncovered,
            "left": {one.name: 1 + pnl(one.side, one.quantity, one.entry_price, mark) / one.margin for one in now},
            "queue": [row["name"] for row in queue], "lights": {row["name"]: int(row["lights"]) for row in queue},
        })  # fmt: skip
    return tuple(states)


# --- a position on a market's candles --------------------------------------------------------------

market_named = cache(bundled)

LEVERAGE = Slider("leverage", "leverage", (1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, *ladder(2, 100)), 2, "x")


def start_bar(candles, name="hour"):
    """At most 200 stops, however many bars there are; the box takes any."""
    last = len(candles) - 1
    every = -(-last // 200)
    return Slider(name, "start bar", (*range(0, last, every), last), 0, whole=True)


def line_of(side, leverage):
    """The move from the entry to the liquidation price, a fraction: isolated, maintenance 0.5 % of the value there."""
    return price_move(1, liquidation_price(side, 1, 1, 1 / leverage, Rules(MAINTENANCE)))


def follow(market, side, level, start):
    """From bar `start` (from 0) of Candles on: the first that reached the price `level` against a position, or None.

    A pair: the number of that bar, and the worst price for the position from `start` on. side: "long" or "short".
    """
    prices = market.arrays["low" if side == "long" else "high"][start:]
    hit = prices <= level if side == "long" else prices >= level
    return start + int(hit.argmax()) if hit.any() else None, float(prices.min() if side == "long" else prices.max())


def mark_of(market, averaged=None):
    """The mark price of Candles, as Candles: their own or, where they have none, the mean of so many last closes."""
    means = (fmean(market.close[max(0, n - averaged + 1) : n + 1]) for n in range(len(market)))
    mark = market.mark or [tuple(means)] * 4
    return Candles(market.name, market.times, market.step, *mark)


# Two prices from one minute on, as candles and as a line. words: what they are called; opened_at: the one to open at.
Pair = namedtuple("Pair", "name prices words opened_at rule")

THIN = "the last price of Binance's ATOMUSD_PERP, a thin market; its mark price is not known"
EVENING = {  # coin: the perpetual's price and spot, what that price is called, and what it is
    "BTC": ("BTC mark", "BTC spot", "mark price", "Binance's own mark price of BTCUSD_PERP"),
    "ATOM": ("ATOM perpetual", "ATOM spot", "last price", THIN),
}


@cache
def evening(coin):
    """The minutes of 10 October 2025 of one coin: spot, and the perpetual's price beside it."""
    perpetual, name, word, rule = EVENING[coin]
    spot = market_named(name)
    empty = f" ({spot.gaps} minutes without a trade)" if spot.gaps else ""
    words, rule = ("spot price", word), f"The thick line is {rule}."
    return Pair(f"{spot.name}, {spot.period}{empty}", (spot, market_named(perpetual)), words, 1, rule)


@cache
def own_pair(market, averaged):
    """A market's trades, and its mark price or, where that is not known, a mean of closes."""
    if market.mark:
        rule = f"The mark is the exchange's own mark price ({market.source})."
    else:
        closes = f"{plural(averaged, 'close')} ({lasting(averaged * market.step)})"
        rule = f"The mark is not in these candles: the mean of the last {closes} is used instead."
    prices = market, mark_of(market, averaged)
    return Pair(f"{market.name}, {market.period}{market.missing}", prices, ("trade", "mark"), 0, rule)


OWN = Code("prices")  # what a learner's own candles are called in the line of Python


def first_reached(r, code, bars, start, entry, hit, word):
    """How the bar that liquidates is found: the first, from bar `start` on, whose price reaches the liquidation price.

    code: what gives `bars`, the Candles that count; hit: the bar, or None; word: what their price is called.
    """
    level, long = entry * (1 + line_of(r.side, r.leverage)), r.side == "long"
    sign, far, beyond = ("−", "lowest", "or less") if long else ("+", "highest", "or more")
    extremes = bars.low if long else bars.high
    count = plural(len(bars) - start, "bar")
    if hit is None:
        worst = (min if long else max)(extremes[start:])
        found = f"none: the {far} of all is {price(worst)}, so the position is never liquidated (None)"
    else:
        found = f"found: bar {hit} (counted from 0), at {bars.moment(hit)}: {price(extremes[hit])}"
    steps = [
        f"{r.side}: liquidation price = entry × (1 {sign} 1 / leverage) / (1 {sign} maintenance rate)",
        f"= {price(entry)} × (1 {sign} 1 / {plain(r.leverage)}) / (1 {sign} {percent(MAINTENANCE)}) = {price(level)}",
        f"sought: of {count} from {bars.moment(start)} on, the first whose {far} {word} is {price(level)} {beyond}",
        found,
    ]
    if OWN in code:
        steps.append("prices: the candles you gave to use()")
    entry_times = f"{literal(entry)} * (1 + {call(line_of, r.side, r.leverage)})"
    line = f"{call(follow, code, r.side, Code(entry_times), start)}[0]"
    reads = () if code == OWN else (mark_of,) if OWN in code else (market_named,)
    return Computed(tuple(steps), line, (follow, line_of, *reads), hit)


MOST_CANDLES = 72  # in a picture; of more bars, several share a candle


def bars_a_candle(steps):
    """How many bars share a candle so that a picture has at most MOST_CANDLES; at most 60."""
    return next((many for many in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 24, 30) if steps <= MOST_CANDLES * many), 60)


def short_moment(market, n):
    """The start of bar n, short: 14:05, or 21 Nov 14:05."""
    day = datetime.fromtimestamp(market.times[n], timezone.utc)
    return clock(market.times[n]) if market.one_day else f"{day.day} {day:%b} {clock(market.times[n])}"


class CandleChart(Picture):
    """A market's candles, what is before the entry faded: title, a line that says what is drawn, and the source."""

    height, ink, right_edge = 4.9, palette.INK, 0.96

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.978, **palette.TITLE)
        self.note = self.figure.text(0.02, 0.9, "", va="top", **palette.QUIET)
        self.source = self.figure.text(0.98, 0.012, "", ha="right", va="bottom", **palette.QUIET)
        axes = self.axes = self.add_chart(0.12, 0.155, self.right_edge - 0.12, 0.675, grid="y")
        self.wicks, self.falls, self.rises, self.hollow = (
            axes.add_collection(LineCollection([], colors=colour)) for colour in (*[self.ink] * 3, palette.PAPER)
        )
        self.wicks.set_linewidths(1.2)
        self.before = self.add_bar(axes, -1, 0, 1, 1, facecolor=palette.PAPER, alpha=0.75, edgecolor="none")

    def frame(self, r):
        return id(r.market)

    def reframe(self, r):
        """Candles of r.market, on axes that hold them, r.beside (arrays of other prices) and all its time."""
        market, bars = r.market, r.market.arrays
        self.at, self.length = bars["at"], int(bars["at"][-1]) + 1
        self.every = every = bars_a_candle(self.length)
        self.bottom, self.top = view(bars["open"][0], bars["low"], bars["high"], *r.beside)
        starts, first, low, high, last = drawn_as(bars, self.at, every)
        x, up, thin = starts + (every - 1) / 2, last > first, 0.006 * (self.top - self.bottom)
        self.wicks.set_segments(uprights(x, low, high))
        self.falls.set_segments(uprights(x[~up], last[~up], first[~up]))
        self.rises.set_segments(uprights(x[up], first[up], last[up]))
        self.hollow.set_segments(uprights(x[up], first[up] + thin, np.maximum(last[up] - thin, first[up] + thin)))
        wide = 7 if len(x) < 30 else 5 if len(x) < 50 else 4  # points
        for group, width in ((self.falls, 2 * wide - 4), (self.rises, 2 * wide - 4), (self.hollow, 2 * wide - 6.5)):
            group.set_linewidths(width)
        self.axes.set_xlim(-0.7, max(self.length - 0.3, x[-1] + 0.7 * every if every > 1 else 0))
        self.candles_of = lasting(every * market.step)
        self.source.set_text(source_line(self, market))
        self.axes.set_xticks(*time_ticks(market, 5))
        ticks, tick = round_ticks(self.bottom, self.top)
        labels = price_labels(ticks, tick)
        edge = left_of(self, labels, 0.12)
        self.axes.set_position((edge, 0.155, self.right_edge - edge, 0.675))
        self.axes.set_yticks(ticks, labels)
        self.axes.set_ylim(self.bottom, self.top)

    def fade(self, place):
        """Fade what was before the bar at `place`."""
        self.before.set(x=-0.7, y=self.bottom, width=place + 0.2, height=self.top - self.bottom)


def uprights(x, low, high):
    """Upright segments for a LineCollection: one at each x, from low to high."""
    return np.stack([np.stack([x, low], axis=1), np.stack([x, high], axis=1)], axis=1)
