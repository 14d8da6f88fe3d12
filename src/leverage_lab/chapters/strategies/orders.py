"""The same long, closed by an order of each kind: which closes it, when, and at which price?"""

from collections import namedtuple

from leverage_lab.chapters.liquidation.shared import CandleChart
from leverage_lab.chapters.strategies.shared import DAYS, HOLDING, minutes_of, traded
from leverage_lab.leverage import pnl
from leverage_lab.orders import limit_order, market_order, stop_order, trailing_stop
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.charts import apart, boxes, fill
from leverage_lab.panelkit.controls import Choice, Rate, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, money, percent, price

KINDS = ("market", "limit", "post-only", "stop-market", "stop-limit", "trailing stop")
# sent, filled: bars of the day, None for never; gain: dollars at the fill or, where open, at the last price.
Ended = namedtuple("Ended", "sent filled price gain")


def model(day, start, distance, offset, by):
    """A long of $10,000, opened with the first price of a bar, and what becomes of each order to close it."""
    market = traded(day)
    bars, watched = minutes_of(day, by, start)
    entry, last = float(bars[0, 0]), float(bars[3, -1])
    trigger, target = entry * (1 - distance), entry * (1 + distance)
    limit = trigger * (1 - offset)
    found = (
        market_order("long", bars), limit_order("long", target, bars), limit_order("long", entry, bars),
        stop_order("long", trigger, bars, watched), stop_order("long", trigger, bars, watched, limit),
        trailing_stop("long", distance, bars, watched),
    )  # fmt: skip
    ended = {}
    for kind, one in zip(KINDS, found):
        bars_at = (None if bar < 0 else start + bar for bar in (one.triggered, one.filled))
        gain = pnl("long", HOLDING / entry, entry, last if one.filled < 0 else one.price)
        ended[kind] = Ended(*bars_at, one.price, gain)
    told = ". ".join(f"{kind.capitalize()}: {_told(market, kind, ended[kind])}" for kind in KINDS)
    seen = "the last price" if by == "last" else DAYS[day][2]
    return Result(
        market=market, beside=(), ended=ended, entry=entry, trigger=trigger, limit=limit, target=target,
        touched=stop_order("long", trigger, bars).triggered >= 0,
        sentence=(
            f"{market.name}: a long of {money(HOLDING)} from {price(entry)}, {market.moment(start)}; stops "
            f"at {price(trigger)} by {seen}. {told}. In doubt against you; no fees."
        ),
    )  # fmt: skip


def _gain(e):
    return f"{money(e.gain, signed=True)} ({percent(e.gain / HOLDING, signed=True)})"


def _told(market, kind, e):
    """What happened to an order, in words; the picture has the percentages."""
    gain = money(e.gain, signed=True)
    if e.filled is not None:
        at = f" at {price(e.price)}" if kind.startswith(("stop", "trailing")) else ""
        return f"{market.moment(e.filled)}{at}, {gain}"
    sent = f"triggered {market.moment(e.sent)}, " if kind == "stop-limit" and e.sent is not None else ""
    return f"{'not triggered' if e.sent is None else f'{sent}unfilled'}, {gain}"


def computed(r):
    """How the stop-limit order, the one with two conditions, is found."""
    e = r.ended["stop-limit"]
    first, then = ("none" if bar is None else r.market.moment(bar) for bar in (e.sent, e.filled))
    entry, trigger, limit = map(price, (r.entry, r.trigger, r.limit))
    away, offset = (percent(rate, decimals=3) for rate in (r.distance, r.offset))
    bars = Code(f"*{call(minutes_of, r.day, r.by, r.start)}")
    return Computed(
        steps=(
            f"trigger price = entry × (1 − trigger distance) = {entry} × (1 − {away}) = {trigger}",
            f"limit = trigger price × (1 − limit offset) = {trigger} × (1 − {offset}) = {limit}",
            f"triggered in the first minute whose low ({r.by} price) is {trigger} or beyond: {first}",
            f"filled in that minute if its worst price is {limit} or better",
            f"if not, in the first later one whose high is better than {limit}; filled in: {then}",
        ),
        python=Code(f"{call(stop_order, 'long', r.trigger, bars, limit=r.limit)}.price"),
        uses=(stop_order, minutes_of),
        number=None if e.filled is None else e.price,
    )


def _title(r):
    """What the stops did, in a line."""
    stop, limited = r.ended["stop-market"], r.ended["stop-limit"]
    if stop.sent is None:
        return f"Stop not triggered{', though the last price was there' * r.touched}"
    if limited.filled == stop.filled:
        return f"Both stops close at {r.market.moment(stop.filled)}"
    then = "never filled" if limited.filled is None else f"filled at {r.market.moment(limited.filled)}"
    return f"Stop-limit order: triggered at {r.market.moment(limited.sent)}, {then}"


LEVELS = {"target": (palette.GAIN_TEXT, "-"), "trigger": (palette.LOSS_TEXT, "-"), "its limit": (palette.INK, "--")}


class Lanes(CandleChart):
    """Candles with the prices of the orders; below them a lane for each order: how long the position was open."""

    height, left, right_edge = 5.5, 0.175, 0.68

    def draw(self):
        super().draw()
        self.levels = [self.add_line(self.axes, color=c, linestyle=style, linewidth=2) for c, style in LEVELS.values()]
        self.words = [self.add_text(self.axes, 0, 0, va="center", fontsize=12, color=c) for c, _ in LEVELS.values()]
        lanes = self.lanes = self.add_chart(self.left, 0.07, self.right_edge - self.left, 0.37, grid="")
        lanes.set(ylim=(5.6, -0.6), xticks=[], yticks=range(6), yticklabels=KINDS)
        self.open, self.waiting = (boxes(self, lanes, **style) for style in (palette.ROOM_BAR, palette.LOSS_BAR))
        mark = {"color": palette.INK, "clip_on": False, "zorder": 5}
        self.sent = self.add_line(lanes, "D", markersize=12, mfc=palette.PAPER, mew=2, **mark)
        self.filled = self.add_line(lanes, "o", markersize=7, **mark)
        self.gains = [self.add_text(lanes, 1, row, va="center", fontsize=palette.SMALL) for row in range(6)]
        self.note.set_text("bar: position open; hatched: triggered, still open; ◇ triggered; ● filled")

    def reframe(self, r):
        super().reframe(r)
        self.axes.set_position((self.left, 0.5, self.right_edge - self.left, 0.345))
        self.lanes.set_xlim(self.axes.get_xlim())

    def move(self, r):
        begin, end, room = self.at[r.start] - 0.5, self.axes.get_xlim()[1], self.top - self.bottom
        self.fade(begin + 0.5)
        values = [r.target, r.trigger, r.limit]
        places = apart(values, 0.1 * room, self.bottom + 0.04 * room, self.top - 0.04 * room)
        for name, value, place, line, word in zip(LEVELS, values, places, self.levels, self.words):
            seen = self.bottom < value < self.top
            line.set_data([begin, end] if seen else [], [value] * 2 if seen else [])
            arrow = "" if seen else " ↓" if value < self.bottom else " ↑"
            word.set(text=f" {name} {price(value)}{arrow}", x=end, y=place)
        whole, waited, sent, filled = [], [], [], []
        for row, e in enumerate(r.ended.values()):
            stop = end if e.filled is None else self.at[e.filled] + 0.5
            change = stop if e.sent is None or row < 3 else self.at[e.sent] + 0.5
            whole.append((begin, row - 0.2, change, row + 0.2))
            waited.append((change, row - 0.2, stop, row + 0.2))
            sent += [(change, row)] * (row > 2 and e.sent is not None)
            filled += [(stop, row)] * (e.filled is not None)
            self.gains[row].set(text=f"  {_gain(e)}", x=end, color=palette.change_colour(e.gain))
        fill(self.open, whole), fill(self.waiting, waited)
        self.sent.set_data(*zip(*sent) if sent else ([], []))
        self.filled.set_data(*zip(*filled))
        self.title.set_text(_title(r))


orders = Recipe(
    model,
    Lanes,
    [
        Choice("day", "day", tuple(DAYS), "BTC, 10 Oct 2025"),
        Slider("start", "start bar", steps(0, 100, 1), 0, whole=True),
        Rate("distance", "trigger distance", steps(0.0025, 0.1, 0.0025), 0.0075, "%"),
        Rate("offset", "limit offset", steps(0, 0.02, 0.0005), 0.001, "%"),
        Choice("by", "trigger by", ("last", "mark"), "last"),
    ],
    computed,
)
