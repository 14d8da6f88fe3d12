"""Isolated or cross: which of them survives the same price path, and at what cost?"""

import numpy as np

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import (
    MADE,
    MODES,
    NAME,
    PATHS,
    WALLET,
    _cents,
    _change,
    _ends,
    bet,
    ends_of,
    in_both_modes,
    opened,
    path,
)
from leverage_lab.margin import walk
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline, apart, percent_ticks
from leverage_lab.panelkit.controls import Choice, leverage, margin, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, literal, money, percent, times


def model(side, margin, leverage, name):
    """The same position walks the same path in both modes, on a wallet of $1,000."""
    time, moves, unit = path(name)
    r = Result(time=time, moves=moves, unit=unit, line={}, closed={}, end={}, change={})
    for mode in MODES:
        account = opened(WALLET, bet("X", side, margin * leverage, leverage, mode))
        walked = walk(account, {"X": ENTRY * (1 + moves)})
        r.line[mode] = walked.equity
        r.closed[mode] = walked.events[0].step if walked.events else None
        r.change[mode] = _cents(float(walked.equity[-1]) - WALLET)
        r.end[mode] = ends_of(account)["X", side]
    where = f"a path drawn by hand that {name}" if name in MADE else f"BTC on {name}, as traded"
    told = [f"{mode.capitalize()} (liquidation {_ends(r.end[mode])}): {_fate(r, mode)}" for mode in MODES]
    low, high, last = (percent(move, signed=True) for move in (moves.min(), moves.max(), moves[-1]))
    r.sentence = (
        f"{times(leverage)} {side}, {money(margin)} of a wallet of {money(WALLET)}, {where}: between {low} and {high} "
        f"on the way, {last} at the end. {' '.join(told)}"
    )
    return r


def _fate(r, mode):
    change, step = _change(r.change[mode], WALLET), r.closed[mode]
    if step is None:
        return f"open to the end, {change} ({money(r.line[mode].min() - WALLET, signed=True)} at the worst)."
    return f"closed at {percent(r.moves[step], signed=True)}, {change}."


def computed(r):
    """Where both end, and what both have lost: where the path first gets there, or at its end."""
    closed = {mode: step is not None for mode, step in r.closed.items()}
    moves = {mode: r.moves[-1 if step is None else step] for mode, step in r.closed.items()}
    steps = in_both_modes(r.side, r.margin, r.leverage, WALLET, closed, moves)
    account = call(opened, WALLET, call(bet, "X", r.side, round(r.margin * r.leverage, 9), r.leverage, "cross"))
    line = f'float(walk({account}, {{"X": 100 * (1 + {call(path, r.name)}[1])}}).equity[-1]) - {literal(WALLET)}'
    return Computed(steps, line, (walk, opened, bet, path), float(r.line["cross"][-1]) - WALLET)


DASH = {"isolated": "-", "cross": "--"}
LEAST, MOST = -60, 1340  # dollars that are shown
CROSS = {"markeredgecolor": palette.INK, "markersize": 11, "zorder": 5}
SMALL_STRONG = palette.STRONG | {"fontsize": palette.SMALL}
BESIDE = 1.03  # where the texts beside the lines begin, in widths of a chart


class OnePath(Picture):
    """One price path, and the account on it in both modes."""

    height = 5.2

    def draw(self):
        self.headline = Headline(self, ("price", "wallet, isolated", "wallet, cross"))
        price = self.price = self.add_chart(0.115, 0.42, 0.57, 0.37)
        dollars = self.money = self.add_chart(0.115, 0.135, 0.57, 0.23)
        self.unit = dollars.set_xlabel("", **palette.QUIET)
        self.source = self.figure.text(0.98, 0.012, "", ha="right", **palette.QUIET)
        self.made = price.plot([], [], color=palette.INK, linewidth=2)[0]
        self.traded = price.plot([], [], color=palette.MUTED, linewidth=1.6, linestyle=(0, (4, 1)))[0]
        price.axhline(0, color=palette.MUTED, linewidth=1)
        dollars.axhline(WALLET, color=palette.MUTED, linewidth=1)
        self.ends, self.after, self.lines, self.crosses, self.names = {}, {}, {}, {}, {}

        def name(axes, style, colour):
            return self.add_text(axes, BESIDE, 0.5, transform=axes.transAxes, va="center", **style | {"color": colour})

        for mode, colour in NAME.items():
            self.ends[mode] = self.add_line(price, color=palette.LOSS, linewidth=3, linestyle=DASH[mode])
            self.after[mode] = self.add_line(price, color=palette.LOSS, linewidth=1.5, linestyle=":")
            self.lines[mode] = self.add_line(dollars, color=colour, linewidth=3, linestyle=DASH[mode])
            self.crosses[mode] = self.add_line(price, "X", color=palette.SECOND if mode == "cross" else colour, **CROSS)
            above = name(price, palette.QUIET, palette.LOSS_TEXT), name(price, SMALL_STRONG, colour)
            self.names[mode] = (*above, name(dollars, palette.STRONG, colour))

    def frame(self, r):
        return r.name

    def reframe(self, r):
        low, high = r.moves.min(), r.moves.max()
        pad = 0.08 * (high - low)
        step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / s <= 5)
        ticks = range(int(np.ceil((low - pad) / step)), int((high + pad) / step) + 1)
        percent_ticks(self.price.yaxis, [n * step for n in ticks])
        self.money.set(xlim=(0, r.time[-1]), ylim=(LEAST, MOST))
        self.money.set_yticks([0, 500, 1000], ["$0", "$500", "$1,000"])
        self.price.set_xticks(self.money.get_xticks(), [])
        self.price.set(xlim=(0, r.time[-1]), ylim=(low - pad, high + pad))
        own = r.name in MADE
        (self.made if own else self.traded).set_data(r.time, r.moves)
        (self.traded if own else self.made).set_data([], [])
        self.unit.set_text(f"{r.unit} since the entry")
        self.source.set_text("path drawn by hand" if own else f"trades of BTC/USD at Bitstamp, {r.name}")

    def move(self, r):
        self.headline.show(r.moves[-1], *(r.change[mode] / WALLET for mode in MODES))
        low, high = self.price.get_ylim()
        lines = {mode: np.clip(r.line[mode], LEAST, MOST) for mode in MODES}
        last = apart([(lines[mode][-1] - LEAST) / (MOST - LEAST) for mode in MODES], 0.2, 0.1, 0.92)
        for mode, beside_price, beside_money in zip(MODES, self._beside(r, low, high), last):
            end, step, value = r.end[mode], r.closed[mode], WALLET + r.change[mode]
            stop = r.time[-1 if step is None else step]
            for line, span in ((self.ends[mode], [0, stop]), (self.after[mode], [stop, r.time[-1]])):
                line.set_data((span, [end, end]) if low < end < high else ([], []))
            self.crosses[mode].set_data(([], []) if step is None else ([r.time[step]], [r.moves[step]]))
            self.lines[mode].set_data(r.time, lines[mode])
            off = " ↓" if end < low else " ↑" if end > high else ""
            where = (
                "at no price" if not end > -1 + 1e-9 else "far above ↑" if end > 10 else percent(end, signed=True) + off
            )
            upper, lower, dollars = self.names[mode]
            upper.set(text="liquidation", position=(BESIDE, beside_price + 0.075))
            lower.set(text=f"{mode} {where}", position=(BESIDE, beside_price - 0.075))
            dollars.set(text=f"{mode} {money(round(value))}" + " ↑" * (value > MOST), position=(BESIDE, beside_money))

    def _beside(self, r, low, high, gap=0.34):
        """Heights of the names of both liquidation prices: one that is drawn keeps its place, the other makes room."""
        seen = [low < r.end[mode] < high for mode in MODES]
        wanted = np.nan_to_num([(r.end[mode] - low) / (high - low) for mode in MODES], nan=-1).clip(0.06, 0.94)
        if seen[0] == seen[1]:
            return apart(wanted, gap, 0.1, 0.92)
        here, other = (0, 1) if seen[0] else (1, 0)
        up = wanted[here] - gap < 0.1 or r.end[MODES[other]] > high and wanted[here] + gap < 0.92
        wanted[other] = wanted[here] + (gap if up else -gap)
        return wanted


one_path = Recipe(
    model, OnePath, [side(), margin(500, 100), leverage(1, 50, 20), Choice("name", "path", PATHS, PATHS[0])], computed
)
