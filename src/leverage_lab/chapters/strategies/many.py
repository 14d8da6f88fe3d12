"""400 accounts make the same 100 trades with an edge: how many end in profit?"""

from functools import cache

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from leverage_lab import survival
from leverage_lab.chapters.strategies.shared import (
    SMALL,
    Figures,
    _mexc,
    _mexc_dates,
    _stop,
    _target,
    joined,
    share_in_words,
)
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Slider, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.strategies import expectancy
from leverage_lab.words import money, percent, times

TRADES, ACCOUNTS, STAKE, START = 100, 400, 0.1, 1000.0


@cache
def _luck():
    """One seeded random number for each trade of each account: the same luck in every state of the panel."""
    return np.random.default_rng(2025).random((ACCOUNTS, TRADES))


def model(leverage, stop, target, edge):
    """400 accounts, 100 trades each: a tenth of the account as margin, a stop and a target, and an edge: how much more often than without direction the target comes first."""
    fee = _mexc().taker_fee
    room = survival.adverse_move(leverage, _mexc().maintenance_rate)
    liquidated = room <= stop * (1 + 1e-12)
    distance = min(room, stop)
    aim = target * stop
    fair = distance / (distance + aim)
    chance = min(fair * (1 + edge), 1.0)
    gain = leverage * (aim - fee - fee * (1 + aim))
    loss = 1 + leverage * fee if liquidated else leverage * (stop + fee + fee * (1 - stop))
    loss = min(loss, 1 + leverage * fee)
    mean = chance * gain - (1 - chance) * loss if gain <= 0 else expectancy(chance, gain, loss)
    steps = np.where(_luck() < chance, 1 + STAKE * gain, 1 - STAKE * loss)
    values = np.concatenate([np.full((ACCOUNTS, 1), START), START * np.cumprod(steps, axis=1)], axis=1)
    ends = np.sort(values[:, -1])
    losing = float((ends < START * (1 - 1e-9)).mean())
    median = float(np.median(ends))
    out = f"no stop but liquidation {percent(room)} away" if liquidated else f"a stop {percent(stop)} away"
    return Result(
        leverage=leverage,
        chance=chance,
        expectancy=mean,
        values=values,
        losing=losing,
        median=median,
        best=float(ends[-1]),
        worst=float(ends[0]),
        dates=_mexc_dates("maintenance_rate", "taker_fee", what="MEXC's rates"),
        liquidated=liquidated,
        sentence=(
            f"{times(leverage)} with {out}, a target {percent(aim)} away, {percent(chance, decimals=1)} won. On average a trade brings {percent(mean, signed=True)} of its margin after fees. "
            f"After {TRADES} trades {share_in_words(losing)} of {ACCOUNTS} accounts are below {money(START)}; the median has {money(median)}, the worst {money(ends[0])}, the best {money(ends[-1])}."
        ),
    )


SHOWN = 60  # of the accounts are drawn; all are counted


LOW, HIGH = 8, 15_000  # dollars; a line that leaves stays at the edge


class Many(Picture):
    """Many accounts through the same trades: how many lose, and the one in the middle."""

    height = 4.7

    def draw(self):
        self.figures = Figures(
            self, ("of the accounts lose", "the median has", "a trade brings, of its margin"), places=(0.02, 0.33, 0.62)
        )
        axes = self.axes = self.add_chart(0.135, 0.14, 0.655, 0.62)
        axes.set(yscale="log", xlim=(0, TRADES), ylim=(LOW, HIGH), xticks=range(0, TRADES + 1, 25))
        axes.yaxis.set_minor_locator(NullLocator())
        ticks = (10, 100, 1000, 10_000)
        axes.set_yticks(ticks, [money(tick) for tick in ticks])
        axes.set_xlabel(f"trades so far; {SHOWN} of {ACCOUNTS} accounts drawn, all counted", **SMALL)
        self.steps = np.arange(0, TRADES + 1, 2)
        self.lost = self.add_line(axes, color=palette.LOSS, linewidth=0.8)
        self.won = self.add_line(axes, color=palette.GAIN, linewidth=0.8)
        axes.axhline(1000, color=palette.INK, linewidth=1)
        self.middle = self.add_line(axes, color=palette.INK, linewidth=3.5)
        self.name = self.add_text(
            axes, TRADES + 2, 0, "median", va="center", fontsize=palette.NORMAL, fontweight="bold", color=palette.INK
        )
        side = self.side = self.figure.add_axes((0.925, 0.14, 0.05, 0.62))
        side.set(xlim=(0, 1), ylim=(0, 1))
        side.axis("off")
        side.add_patch(Rectangle((0, 0), 1, 1, color=palette.GAIN, linewidth=0))
        self.share = self.add_bar(
            side, 0, 0, 1, 0, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0
        )
        self.figure.text(0.95, 0.1, "lose", ha="center", va="center", fontsize=palette.SMALL, color=palette.LOSS_TEXT)
        self.figure.text(0.95, 0.79, "gain", ha="center", va="center", fontsize=palette.SMALL, color=palette.GAIN_TEXT)

    def move(self, r):
        self.figures.show(
            (share_in_words(r.losing), palette.LOSS_TEXT if r.losing else palette.INK),
            (money(r.median), palette.INK),
            (percent(r.expectancy, signed=True), palette.change_colour(r.expectancy)),
        )
        seen = np.clip(r.values[:SHOWN, self.steps], LOW, HIGH)
        below = r.values[:SHOWN, -1] < 1000
        for lines, rows in ((self.lost, seen[below]), (self.won, seen[~below])):
            lines.set_data(joined((self.steps, row) for row in rows))
        middle = np.clip(np.median(r.values, axis=0), LOW, HIGH)
        self.middle.set_data(np.arange(TRADES + 1), middle)
        self.name.set_y(min(max(middle[-1], 9), 13_000))
        self.share.set_height(r.losing)


many = Recipe(
    model,
    Many,
    [
        leverage(5, 500, 200),
        _stop(0.0005, 0.02, 0.003),
        _target(),
        Slider("edge", "edge", steps(-0.2, 0.4, 0.02), 0, "%"),
    ],
)
