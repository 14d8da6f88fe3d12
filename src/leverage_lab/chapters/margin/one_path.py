"""Isolated or cross: which of them survives the same price path, and at what cost?"""

from functools import cache

import numpy as np

from leverage_lab import data
from leverage_lab.chapters.margin.shared import (
    BOLD,
    COLOUR,
    ENTRY,
    MODES,
    NAME,
    QUIET,
    WALLET,
    _cents,
    _change,
    _ends,
    bet,
    ends_of,
    opened,
)
from leverage_lab.margin import walk
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline, percent_ticks
from leverage_lab.panelkit.controls import Choice, leverage, margin, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent, times

# --- one path, two modes --------------------------------------------------------------------------
PATHS = ("falls and comes back", "falls and goes on", "3 February 2025", "12–13 March 2020", "19 May 2021")


MADE = PATHS[:2]


@cache
def path(name):
    """(time, move since the start, unit of time). The first two are drawn by hand, the others are trades of BTC/USD."""
    if name in MADE:
        knots = {
            "falls and comes back": (0, -0.03, -0.12, -0.05, 0.04),
            "falls and goes on": (0, -0.03, -0.12, -0.2, -0.55),
        }[name]
        time = np.linspace(0, 100, 201)
        wobble = 0.006 * np.sin(time * 0.9) * np.sin(np.pi * time / 100)
        return time, np.interp(time, (0, 20, 45, 65, 100), knots) + wobble, "steps"
    if name == PATHS[2]:
        bars, unit, width = data.load("btc_1min_2025-02-03"), "minutes", 1
    else:
        bars, unit, width = data.load("btc_1h_crash_windows"), "hours", 1
        bars = bars[bars.time_utc.str.startswith("2020" if "2020" in name else "2021")]
    # Within a bar: against its body first (a rising bar's low before its high, a falling bar's high before its low).
    rising = (bars.close >= bars.open).to_numpy()
    first, second = np.where(rising, bars.low, bars.high), np.where(rising, bars.high, bars.low)
    prices = np.column_stack([bars.open, first, second, bars.close]).ravel()
    time = (np.arange(len(bars))[:, None] + np.array([0, 0.3, 0.7, 1])).ravel() * width
    return time, prices / prices[0] - 1, unit


def model(side, margin, leverage, name):
    """The same position walks the same path in both modes, on a wallet of $1,000."""
    time, moves, unit = path(name)
    prices = ENTRY * (1 + moves)
    r = Result(
        side=side,
        margin=margin,
        leverage=leverage,
        name=name,
        time=time,
        moves=moves,
        unit=unit,
        line={},
        closed={},
        end={},
        change={},
    )
    for mode in MODES:
        account = opened(WALLET, bet("X", side, margin * leverage, leverage, mode))
        walked = walk(account, {"X": prices})
        r.line[mode] = walked.equity
        r.closed[mode] = walked.events[0].step if walked.events else None
        r.change[mode] = _cents(float(walked.equity[-1]) - WALLET)
        r.end[mode] = ends_of(account)["X", side]
    low, high = moves.min(), moves.max()
    told = [f"{mode.capitalize()} (ends {_ends(r.end[mode])}): {_fate(r, mode)}" for mode in MODES]
    r.sentence = (
        f"{times(leverage)} {side}, {money(margin)} of a wallet of {money(WALLET)}, {_where(name)}: between {percent(low, signed=True)} and "
        f"{percent(high, signed=True)} on the way, {percent(moves[-1], signed=True)} at the end. {' '.join(told)}"
    )
    return r


def _where(name):
    return f"a path drawn by hand that {name}" if name in MADE else f"BTC on {name}, as traded"


def _fate(r, mode):
    if r.closed[mode] is None:
        return f"open to the end, {_change(r.change[mode], WALLET)} ({money(r.line[mode].min() - WALLET, signed=True)} at the worst)."
    return f"closed at {percent(r.moves[r.closed[mode]], signed=True)}, {_change(r.change[mode], WALLET)}."


DASH = {"isolated": "-", "cross": "--"}


LEAST, MOST = -60, 1340  # dollars that are shown


class OnePath(Picture):
    """One price path, and the account on it in both modes."""

    height = 5.2

    def draw(self):
        self.headline = Headline(self, ("price", "wallet, isolated", "wallet, cross"))
        # Texts that stand beside a line stand to the right of both pictures.
        self.price = self.add_chart(0.115, 0.49, 0.6, 0.3)
        self.money = self.add_chart(0.115, 0.135, 0.6, 0.29)
        self.price.set_xticklabels([])
        self.unit = self.money.set_xlabel("", **QUIET)
        self.source = self.figure.text(0.98, 0.012, "", ha="right", **QUIET)
        self.made = self.price.plot([], [], color=palette.INK, linewidth=2)[0]
        self.traded = self.price.plot([], [], color=palette.MUTED, linewidth=1.6, linestyle=(0, (4, 1)))[0]
        self.price.axhline(0, color=palette.MUTED, linewidth=1)
        self.money.axhline(WALLET, color=palette.MUTED, linewidth=1)
        self.ends, self.lines, self.crosses, self.names = {}, {}, {}, {}
        for mode in COLOUR:
            self.ends[mode] = self.add_line(self.price, color=palette.LOSS, linewidth=3, linestyle=DASH[mode])
            self.lines[mode] = self.add_line(self.money, color=NAME[mode], linewidth=3, linestyle=DASH[mode])
            self.crosses[mode] = self.add_line(
                self.price, "X", color=COLOUR[mode], markeredgecolor=palette.INK, markersize=11, zorder=5
            )
            self.names[mode] = [
                self.add_text(axes, 1.03, 0.5, "", transform=axes.transAxes, va="center", color=colour, **BOLD)
                for axes, colour in ((self.price, palette.LOSS_TEXT), (self.money, NAME[mode]))
            ]
            self.names[mode].append(
                self.add_text(self.price, 1.03, 0.5, "", transform=self.price.transAxes, va="center", **QUIET)
            )

    def frame(self, r):
        return r.name

    def reframe(self, r):
        low, high = r.moves.min(), r.moves.max()
        pad = 0.08 * (high - low)
        self.price.set(xlim=(0, r.time[-1]), ylim=(low - pad, high + pad))
        self.money.set(xlim=(0, r.time[-1]))
        step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / s <= 5)
        percent_ticks(
            self.price.yaxis, [n * step for n in range(int(np.ceil((low - pad) / step)), int((high + pad) / step) + 1)]
        )
        self.price.set_xticks(self.money.get_xticks(), [])
        self.price.set_xlim(0, r.time[-1])
        self.money.set_ylim(LEAST, MOST)
        self.money.set_yticks([0, 500, 1000], ["$0", "$500", "$1,000"])
        own = r.name in MADE
        (self.made if own else self.traded).set_data(r.time, r.moves)
        (self.traded if own else self.made).set_data([], [])
        self.unit.set_text(f"{r.unit} since the entry")
        self.source.set_text("path drawn by hand" if own else f"trades of BTC/USD at Bitstamp, {r.name}")

    def move(self, r):
        self.headline.show(r.moves[-1], *(r.change[mode] / WALLET for mode in COLOUR))
        low, high = self.price.get_ylim()
        spots = {}
        for mode in COLOUR:
            end, step = r.end[mode], r.closed[mode]
            seen = low < end < high
            self.ends[mode].set_data([0, r.time[-1]] if seen else [], [end, end] if seen else [])
            self.crosses[mode].set_data(([], []) if step is None else ([r.time[step]], [r.moves[step]]))
            height = np.clip(r.line[mode], LEAST, MOST)
            self.lines[mode].set_data(r.time, height)
            place = (end - low) / (high - low) if end == end else -1
            spots[mode] = min(max(place, 0.06), 0.94), (height[-1] - LEAST) / (MOST - LEAST)
        ends, gap = [spots[mode][0] for mode in COLOUR], 0.34
        drawn = [low < r.end[mode] < high for mode in COLOUR]
        if drawn == [True, False]:  # the name of a line that is drawn stays at it, the other one makes room
            ends[1] = _beside(ends[0], gap, above=r.end["cross"] > high)
        elif drawn == [False, True]:
            ends[0] = _beside(ends[1], gap, above=r.end["isolated"] > high)
        else:
            ends = _apart(*ends, gap)
        apart = [ends, _apart(*(spots[mode][1] for mode in COLOUR), 0.2)]
        for m, mode in enumerate(COLOUR):
            end = r.end[mode]
            word = (
                "at no price"
                if not end > -1 + 1e-9
                else "far above ↑"
                if end > 10
                else percent(end, signed=True) + (" ↓" if end < low else " ↑" if end > high else "")
            )
            self.names[mode][0].set(text="liquidation", position=(1.03, apart[0][m] + 0.075))
            self.names[mode][2].set(text=f"{mode} {word}", position=(1.03, apart[0][m] - 0.075))
            value = WALLET + r.change[mode]
            self.names[mode][1].set(
                text=f"{mode} {money(round(value))}" + " ↑" * (value > MOST), position=(1.03, apart[1][m])
            )


def _beside(line, gap, above, low=0.1, high=0.92):
    """A height `gap` above or below that of a line, where there is room."""
    return line + gap if line - gap < low or above and line + gap < high else line - gap


def _apart(a, b, gap, low=0.1, high=0.92):
    """Two heights at least `gap` from each other, each near where it was."""
    if abs(a - b) < gap:
        middle = (a + b) / 2
        a, b = (middle + gap / 2, middle - gap / 2) if a >= b else (middle - gap / 2, middle + gap / 2)
    shift = max(low - min(a, b), 0) - max(max(a, b) - high, 0)
    return min(max(a + shift, low), high), min(max(b + shift, low), high)


one_path = Recipe(
    model,
    OnePath,
    [side(), margin(500, 100), leverage(1, 50, 20), Choice("name", "path", PATHS, PATHS[0])],
)
