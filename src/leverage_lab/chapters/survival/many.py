"""400 accounts make the same 100 trades with an edge: how many end in profit?"""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from leverage_lab.chapters.strategies import shared
from leverage_lab.chapters.strategies.shared import Figures
from leverage_lab.chapters.survival.shared import ACCOUNTS, STAKE, START, TRADES, accounts, scalp
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Slider, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.strategies import expectancy, growth_per_trade
from leverage_lab.words import Code, call, money, percent, plain, times

LEVERAGES = np.arange(5.0, 501.0)  # for the curve of growth


def _best(growth):
    """Where a typical account grows most and from where on it shrinks (leverages, nan: nowhere), and both in words."""
    if growth.max() <= 0:
        return np.nan, np.nan, "A typical account shrinks at every leverage from 5x on."
    best, below = LEVERAGES[growth.argmax()], LEVERAGES[growth.argmax() :][growth[growth.argmax() :] < 0]
    most = f"A typical account grows most at {times(best)}, by {percent(growth.max())} a trade"
    return best, *((below[0], f"{most}; from {times(below[0])} on it shrinks.") if len(below) else (np.nan, f"{most}."))


def model(leverage, stop, target, edge):
    """400 accounts, 100 trades each, a tenth of the account as margin. edge: wins beyond those without direction."""
    distance, liquidated, chance, gain, loss = map(float, scalp(leverage, stop, target, edge))
    mean = chance * gain - (1 - chance) * loss if gain <= 0 else expectancy(chance, gain, loss)
    values = accounts(leverage, stop, target, edge)
    ends = np.sort(values[:, -1])
    losing, median = float((ends < START).mean()), float(np.median(ends))
    growth = growth_per_trade(STAKE, *scalp(LEVERAGES, stop, target, edge)[2:])
    best_leverage, shrinks, grows = _best(growth)
    out = (
        f"{'liquidation' if liquidated else 'a stop'} {percent(distance)} away{', before the stop,' * bool(liquidated)}"
    )
    return Result(
        distance=distance, liquidated=liquidated, chance=chance, gain=gain, loss=loss, expectancy=mean, values=values,
        losing=losing, median=median, best=float(ends[-1]), worst=float(ends[0]),
        dates=shared._mexc_dates("maintenance_rate", "taker_fee", what="MEXC's rates"),
        growth=growth, best_leverage=best_leverage, shrinks=shrinks,
        sentence=(
            f"{times(leverage)} with {out} and a target {percent(target * stop)} away: {percent(chance, decimals=1)} of"
            f" the trades are won. On average a trade brings {percent(mean, signed=True)} of its margin after fees."
            f" After {TRADES} trades "
            f"{shared.share_in_words(losing)} of {ACCOUNTS} accounts are below {money(START)}; the median account has"
            f" {money(median)}, the worst {money(ends[0])}, the best {money(ends[-1])}. {grows}"
        ),
    )  # fmt: skip


def computed(r):
    """The share of accounts that end below the start: what a trade does to each, and a count."""
    rate, leverage, edge = (
        shared._mexc().taker_fee,
        plain(r.leverage),
        f"{'−' if r.edge < 0 else '+'} {percent(abs(r.edge))}",
    )
    fee, far, aim = (percent(x, decimals=3) for x in (rate, r.distance, r.target * r.stop))
    lost = f"leverage × (stop + fees) = {leverage} × ({far} + {fee} + {fee} × (1 − {far}))"
    if r.liquidated or r.loss >= 1 + r.leverage * rate:
        lost = f"1 + leverage × fee = {percent(1)} + {leverage} × {fee}"
    gained = f"leverage × (target − fees) = {leverage} × ({aim} − {fee} − {fee} × (1 + {aim}))"
    won, lose = (f"× {plain(1 + STAKE * part, 5)}" for part in (r.gain, -r.loss))
    chance = f"distance / (distance + target) × (1 + edge) = {far} / ({far} + {aim}) × (1 {edge})"
    return Computed(
        steps=(
            f"won = {chance} = {percent(r.chance)}",
            f"gain / margin = {gained} = {percent(r.gain)}",
            f"loss / margin = {lost} = {percent(r.loss)}",
            f"the margin is {percent(STAKE)} of the account: a win makes it {won}, a loss {lose}",
            f"counted: of {ACCOUNTS} accounts with {TRADES} trades each, drawn by chance, those below {money(START)}",
            f"share = {round(ACCOUNTS * r.losing)} / {ACCOUNTS} = {percent(r.losing)}",
        ),
        python=Code(f"({call(accounts, r.leverage, r.stop, r.target, r.edge)}[:, -1] < {START:.0f}).mean()"),
        uses=(accounts,),
        number=r.losing,
    )


SHOWN = 60  # of the accounts are drawn; all are counted
LOW, HIGH = 8, 15_000  # dollars; a line that leaves stays at the edge
BOLD = palette.STRONG | {"va": "center"}


class Many(Picture):
    """Many accounts through the same trades: how many lose, the one in the middle, and its growth at every leverage."""

    height = 5.0

    def draw(self):
        labels = ("of the accounts lose", "median account", "a trade brings, of its margin")
        self.figures = Figures(self, labels, places=(0.02, 0.33, 0.62))
        axes = self.axes = self.add_chart(0.135, 0.445, 0.655, 0.35)
        axes.set(yscale="log", xlim=(0, TRADES), ylim=(LOW, HIGH), xticks=range(0, TRADES + 1, 25))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.set_yticks((10, 100, 1000, 10_000), [money(tick) for tick in (10, 100, 1000, 10_000)])
        axes.set_xlabel(f"trades so far; {SHOWN} of {ACCOUNTS} accounts drawn, all counted", **palette.QUIET)
        self.steps = np.arange(0, TRADES + 1, 2)
        self.lost = self.add_line(axes, color=palette.LOSS, linewidth=0.8)
        self.won = self.add_line(axes, color=palette.GAIN, linewidth=0.8)
        axes.axhline(1000, color=palette.INK, linewidth=1)
        self.middle = self.add_line(axes, color=palette.INK, linewidth=3.5)
        self.name = self.add_text(axes, TRADES + 2, 0, "median", **BOLD)
        side = self.side = self.figure.add_axes((0.925, 0.445, 0.05, 0.35))
        side.set(xlim=(0, 1), ylim=(0, 1))
        side.axis("off")
        side.add_patch(Rectangle((0, 0), 1, 1, color=palette.GAIN, linewidth=0))
        self.share = self.add_bar(side, 0, 0, 1, 0, **palette.LOSS_BAR)
        for y, word, colour in ((0.416, "lose", palette.LOSS_TEXT), (0.819, "gain", palette.GAIN_TEXT)):
            self.figure.text(0.95, y, word, ha="center", va="center", fontsize=palette.SMALL, color=colour)
        axes = self.growth = self.add_chart(0.135, 0.12, 0.84, 0.185, grid="x")
        axes.set(xscale="log", xlim=(4.8, 520), ylim=(-1.7, 1.7))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks((5, 10, 20, 50, 100, 200, 500), [times(x) for x in (5, 10, 20, 50, 100, 200, 500)])
        axes.set_yticks([0], [percent(0)])
        axes.set_xlabel("leverage, and the growth of a typical account in the long run", **palette.QUIET)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.shrinks = self.add_line(axes, color=palette.LOSS, linewidth=2.5, linestyle="--")
        self.grows = self.add_line(axes, color=palette.GAIN, linewidth=4)
        self.best = self.add_text(axes, 5, 1.4, **BOLD | {"color": palette.GAIN_TEXT})
        self.dot = self.add_line(axes, color=palette.INK, markersize=10)
        self.now = self.add_text(axes, 5, -1.4, bbox=palette.GROUND, **BOLD)

    def move(self, r):
        lose, median = (
            (shared.share_in_words(r.losing), palette.LOSS_TEXT if r.losing else palette.INK),
            money(r.median),
        )
        brings = percent(r.expectancy, signed=True), palette.change_colour(r.expectancy)
        self.figures.show(lose, (median, palette.INK), brings)
        seen = np.clip(r.values[:SHOWN, self.steps], LOW, HIGH)
        below = r.values[:SHOWN, -1] < 1000
        for lines, rows in ((self.lost, seen[below]), (self.won, seen[~below])):
            lines.set_data(shared.joined((self.steps, row) for row in rows))
        middle = np.clip(np.median(r.values, axis=0), LOW, HIGH)
        self.middle.set_data(np.arange(TRADES + 1), middle)
        self.name.set_y(min(max(middle[-1], 9), 13_000))
        self.share.set_height(r.losing)
        most, now = r.growth.max(), np.interp(r.leverage, LEVERAGES, r.growth)
        heights = r.growth / (most if most > 0 else 0.002)  # where nothing grows: in fifths of a percent
        self.grows.set_data(LEVERAGES, np.where(heights >= 0, heights, np.nan))
        self.shrinks.set_data(LEVERAGES, np.where((heights < 0) & (heights > -1.7), heights, np.nan))
        beside = lambda x: {"x": x / 1.07, "ha": "right"} if x > 60 else {"x": x * 1.07, "ha": "left"}
        words = f"best at {times(r.best_leverage)}: {percent(most, signed=True)} a trade" if most > 0 else ""
        self.best.set(text=words, **beside(r.best_leverage if most > 0 else 5))
        height = np.interp(r.leverage, LEVERAGES, heights)
        self.dot.set(data=([r.leverage], [max(height, -1.4)]), marker="v" if height < -1.4 else "o")
        self.now.set(text=f"{percent(now, signed=True)} a trade" if height < -1.4 else "", **beside(r.leverage))


EDGE = Slider("edge", "edge", steps(-0.2, 0.4, 0.02), 0, "%")
many = Recipe(model, Many, [leverage(5, 500, 200), shared._stop(0.0005, 0.02, 0.003), shared._target(), EDGE], computed)
