"""Three coins instead of one on a cross wallet: what was that worth on the evening of 10 October 2025?"""

from functools import cache

import numpy as np
from matplotlib.lines import Line2D

from leverage_lab import data
from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import RULES, WALLET, _cents, _change, bet, opened
from leverage_lab.margin import walk
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline, percent_ticks
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import after_sign, call, literal, money, percent

TABLE = "crash_2025-10-10_closes"
COINS = tuple(data.TABLES[TABLE].columns)[1:]
AT_LEVERAGE = 10.0  # sets margin aside; in cross mode it moves nothing else


@cache
def moves():
    """(times of day, {coin: move since 20:30}), one a minute, as the table has them: it has no gap."""
    table = data.load(TABLE)
    return tuple(table.time_utc.str[-5:]), {coin: (table[coin] / table[coin].iloc[0] - 1).to_numpy() for coin in COINS}


def together(*coins):
    """Move since 20:30 of equal amounts of these coins, minute by minute."""
    return np.mean([moves()[1][coin] for coin in coins], axis=0)


def model(each, first, second, third):
    """Three cross longs of `each` dollars on a wallet of $1,000, and the same money in one of the three alone."""
    times, moved = moves()
    coins = (first, second, third)
    r = Result(coins=coins, times=times, paths=[together(coin) for coin in coins], mix=together(*coins))
    at = int(r.mix.argmin())
    r.lowest, r.alone = float(r.mix[at]), [float(path.min()) for path in r.paths]
    r.worth = _cents(3 * each * (r.lowest - sum(r.alone) / 3))
    # A common move at which 1,000 + 3 each × move is down to 0.5 % of what the coins are worth then.
    r.end = (RULES.maintenance - WALLET / (3 * each)) / (1 - RULES.maintenance)
    account = opened(WALLET, *(bet(coin, "long", each, AT_LEVERAGE, "cross") for coin in coins))
    walked = walk(account, {coin: ENTRY * (1 + moved[coin]) for coin in coins})
    r.change = _cents(float(walked.equity[-1]) - WALLET)
    r.closed = walked.events[0].step if walked.events else None
    r.fates = ["closed" if low <= r.end else "open" for low in r.alone]
    fate = "open to the end" if r.closed is None else f"closed at {times[r.closed]}"
    listed = ", ".join(
        f"{coin} {percent(low, signed=True)} ({told})" for coin, low, told in zip(coins, r.alone, r.fates)
    )
    r.sentence = (
        f"Three cross longs of {money(each)}, {', '.join(coins[:2])} and {third}, on a wallet of {money(WALLET)}, 10"
        f" October 2025, 20:30 to 22:29 UTC. At the worst, at {times[at]}, all three together were at"
        f" {percent(r.lowest, signed=True)}, {money(3 * each * r.lowest)} on paper: {fate},"
        f" {_change(r.change, WALLET)}. All of it in one coin, at its worst: {listed}; on average"
        f" {percent(sum(r.alone) / 3, signed=True)}. All three together lost {money(r.worth)} less than that average,"
        f" {money(-each * sum(r.alone))}."
    )
    return r


def computed(r):
    """The average loss in one coin, each at its own worst, less the loss of all three together at theirs."""
    at, mean = int(r.mix.argmin()), sum(r.alone) / 3
    paths = [path[at] for path in r.paths]
    terms = [" + ".join(after_sign(percent(move, decimals=4)) for move in moved) for moved in (paths, r.alone)]
    loss, less = percent(-mean, decimals=4), percent(-r.lowest, decimals=4)
    steps = (
        "saved = loss in one coin, on average − loss in all three, each at its worst",
        f"all three, the worst of {len(r.times)} minutes, {r.times[at]}: {', '.join(r.coins)}, at their closing prices",
        f"({terms[0]}) / 3 = {percent(r.lowest, decimals=4)}",
        f"each at its own worst: ({terms[1]}) / 3 = {percent(mean, decimals=4)}",
        f"saved = 3 × {money(r.each)} × ({loss} − {less}) = {money(r.worth)}",
    )
    one = f"sum(together(coin).min() for coin in {literal(r.coins)})"
    line = f"float({literal(r.each)} * (3 * {call(together, *r.coins)}.min() - {one}))"
    return Computed(steps, line, (together,), 3 * r.each * (r.lowest - mean))


STYLES = (
    {"color": palette.FIRST, "linestyle": "-"},
    {"color": palette.SECOND_TEXT, "linestyle": "--"},
    {"color": palette.MUTED, "linestyle": ":"},
)


class FallTogether(Picture):
    """The moves of three coins and of all three together, minute by minute, over one liquidation line for all."""

    height = 4.9
    LOWEST = -0.55

    def draw(self):
        self.headline = Headline(self, ("all three, lowest", "one alone, average", "wallet at the end"))
        axes = self.axes = self.add_chart(0.1, 0.135, 0.6, 0.635)
        axes.set(xlim=(0, 119), ylim=(self.LOWEST, 0.03))
        percent_ticks(axes.yaxis, [0, -0.1, -0.2, -0.3, -0.4, -0.5])
        axes.set_xticks([0, 30, 60, 90], ["20:30", "21:00", "21:30", "22:00"])
        source = "10 October 2025, UTC · BTC: Binance’s mark, others: Coinbase trades"
        self.figure.text(0.98, 0.015, source, ha="right", **palette.QUIET)
        self.end = self.add_line(axes, color=palette.LOSS, linewidth=3)
        self.lines = [self.add_line(axes, linewidth=2, **style) for style in STYLES]
        self.mix = self.add_line(axes, color=palette.INK, linewidth=3.5)
        self.cross = self.add_line(axes, "X", color=palette.LOSS, markeredgecolor=palette.INK, markersize=12, zorder=5)
        self.names = []
        above, under = {"color": palette.INK, "linewidth": 3.5}, {"color": palette.LOSS_TEXT, "linewidth": 3}
        for row, style in enumerate((above, *STYLES, under)):
            y = 0.735 - 0.13 * row
            self.figure.add_artist(Line2D([0.725, 0.77], [y, y], **{"linewidth": 2} | style))
            name = palette.STRONG | {"color": style["color"], "va": "center"}
            self.names.append((self.add_text(self.figure, 0.785, y, **name), self._below(y)))

    def _below(self, y):
        return self.add_text(self.figure, 0.785, y - 0.052, va="center", **palette.QUIET)

    def move(self, r):
        self.headline.show(r.lowest, sum(r.alone) / 3, r.change / WALLET)
        minutes, seen = np.arange(len(r.times)), r.end > self.LOWEST
        for line, path in zip((self.mix, *self.lines), (r.mix, *r.paths)):
            line.set_data(minutes, path)
        self.end.set_data(([0, 119], [r.end, r.end]) if seen else ([], []))
        self.cross.set_data(([], []) if r.closed is None else ([r.closed], [r.mix[r.closed]]))
        lows = zip((r.lowest, *r.alone), ("open" if r.closed is None else "closed", *r.fates))
        told = [
            *(f"{percent(low, signed=True)}: {fate}" for low, fate in lows),
            percent(r.end, signed=True) if r.end > -1 else "no fall",
        ]
        for (name, below), word, text in zip(
            self.names, ("all three", *(f"{coin} alone" for coin in r.coins), "closed below"), told
        ):
            name.set_text(word)
            below.set(text=text, color=palette.LOSS_TEXT if "closed" in text else palette.MUTED)


COIN = (("first", "ADA"), ("second", "DOGE"), ("third", "LINK"))
fall_together = Recipe(
    model,
    FallTogether,
    [
        Slider("each", "in each coin", steps(250, 3000, 250), 1500, "$"),
        *(Choice(name, f"{name} coin", COINS, start) for name, start in COIN),
    ],
    computed,
)
