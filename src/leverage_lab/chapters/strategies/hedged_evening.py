"""10 October 2025: what did coins and a short on them do while the perpetual left the spot price?"""

import numpy as np

from leverage_lab import data
from leverage_lab.chapters.strategies.shared import EVENINGS, HOLDING, Figures, evening, gained, joined, summed
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import price_labels, round_ticks, view
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, clock, money, percent, plain, price

SOURCES = {
    "ATOM": "UTC; trades of Binance ATOMUSD_PERP and of Coinbase spot",
    "BTC": "UTC; Binance's mark price of BTCUSD_PERP, trades of Gemini spot",
}


def model(coin, opened, held):
    """$10,000 of coins and a short of the same size on the perpetual, at the last prices of two minutes."""
    times, future, highs, spot = evening(coin)
    minute = opened + held
    coins, short = (float(values[minute]) for values in gained(coin, opened))
    then, now = clock(int(times[opened])), clock(int(times[minute]))
    prices = spot_then, future_then, spot_now, future_now = [row[n] for n in (opened, minute) for row in (spot, future)]
    gaps = int(np.isnan(spot).sum())
    silent = [at for at, traded in ((then, spot_then), (now, spot_now)) if np.isnan(traded)]
    apart = future_now / spot_now - 1
    worst = max(0.0, highs[opened + 1 : minute + 1].max(initial=0) / future_then - 1)
    start = f"{coin}, 10 October 2025: {money(HOLDING)} of coins and a short of the same size, opened at {then}"
    missing = f" In {gaps} of 120 minutes spot had no trade; there is a gap." if gaps else ""
    if silent:
        told = f". At {silent[0]} spot had no trade: nobody can say what the two were worth together."
    else:
        told = (
            f" (spot {price(spot_then)}, perpetual {price(future_then)}). At {now} spot is {price(spot_now)},"
            f" the perpetual {price(future_now)}, {percent(abs(apart))} {'below' if apart < 0 else 'above'} it:"
            f" coins {money(coins, signed=True)}, short {money(short, signed=True)}, together"
            f" {money(coins + short, signed=True)} before fees and funding. On the way the perpetual rose by at most"
            f" {percent(worst)} against the short."
        )
    return Result(
        minute=minute, now=now, prices=prices, coins=coins, short=short, total=coins + short, worst=worst,
        dates=data.whole(EVENINGS[coin][0], "Minutes"), sentence=start + told + missing,
    )  # fmt: skip


def computed(r):
    """What the coins and the short gained, each by itself, and both together."""
    (spot, future, spot_now, future_now), line = r.prices, Code(f"sum({call(gained, r.coin, r.opened)})[{r.minute}]")
    formula = "together = coins × (spot now − spot then) − coins × (perpetual now − perpetual then)"
    if r.total != r.total:
        unknown = "spot had no trade in one of the two minutes, so there is no price and no such number"
        return Computed((formula, unknown), line, (gained,), r.total)
    coins, value = plain(HOLDING / spot, 6), money(HOLDING)
    steps = (
        f"coins, held and sold short = {value} / spot then = {value} / {price(spot)} = {coins}",
        formula,
        f"coins: {coins} × ({price(spot_now)} − {price(spot)}) = {money(r.coins)}",
        f"short: −{coins} × ({price(future_now)} − {price(future)}) = {money(r.short)}",
        f"together = {summed(money, r.coins, r.short)} = {money(r.total, signed=True)}",
    )
    return Computed(steps, line, (gained,), r.total)


NAMES = {  # of the lines: minute, price, word
    "ATOM": ((96, 3.4, "spot"), (96, 2.35, "perpetual")),
    "BTC": ((70, 115_400, "spot"), (56, 105_300, "perpetual, mark price")),
}


class HedgedEvening(Picture):
    """Spot and perpetual minute by minute; below, what coins and short together have gained since they were opened."""

    height = 5.6

    def draw(self):
        self.figures = Figures(self, ("coins", "short", "both together"))
        self.axes = self.add_chart(0.135, 0.45, 0.835, 0.35)
        self.below = self.add_chart(0.135, 0.12, 0.835, 0.23)
        for axes in (self.axes, self.below):
            axes.set(xlim=(-2, 121))
            axes.set_xticks(range(0, 121, 30), ["20:30", "21:00", "21:30", "22:00", "22:30"])
        self.below.axhline(0, color=palette.MUTED, linewidth=1)
        self.spot = self.axes.plot([], [], color=palette.FIRST, linewidth=2.5)[0]
        self.future = self.axes.plot([], [], color=palette.SECOND_TEXT, linewidth=2.5, linestyle="--")[0]
        strong = palette.STRONG | {"va": "center", "ha": "left"}
        named = strong | {"bbox": palette.GROUND, "zorder": 5}
        self.names = [
            self.add_text(self.axes, 0, 0, **named | {"color": c}) for c in (palette.FIRST, palette.SECOND_TEXT)
        ]
        self.below.text(0.03, 0.82, "both together", transform=self.below.transAxes, **strong)
        self.source = self.figure.text(0.98, 0.012, "", ha="right", **palette.QUIET)
        quiet = palette.QUIET | {"va": "bottom"}
        self.opened = self.add_text(self.axes, 0, 0, "opened", ha="right", **quiet)
        self.now = self.add_text(self.axes, 0, 0, **quiet)
        self.when = self.add_line(self.axes, color=palette.MUTED, linewidth=1.5, linestyle=":")
        self.both = self.add_line(self.below, color=palette.INK, linewidth=3)
        self.dots = self.add_line(self.axes, "o", color=palette.INK, markersize=8)
        self.dot = self.add_line(self.below, "o", color=palette.INK, markersize=10)

    def frame(self, r):
        return r.coin

    def reframe(self, r):
        _, future, _, spot = evening(r.coin)
        for line, prices in ((self.spot, spot), (self.future, future)):
            line.set_data(np.arange(len(prices)), prices)
        for name, (x, y, word) in zip(self.names, NAMES[r.coin]):
            name.set(x=x, y=y, text=word)
        bottom, top = view(spot[0], future, spot[np.isfinite(spot)])
        ticks, tick = round_ticks(bottom, top)
        self.axes.set(ylim=(bottom, top))
        self.axes.set_yticks(ticks, price_labels(ticks, tick))
        ticks = [-8000, 0, 8000] if r.coin == "ATOM" else [-800, 0, 800]
        self.below.set(ylim=(1.25 * ticks[0], 1.25 * ticks[2]))
        self.below.set_yticks(ticks, [money(tick, signed=True) for tick in ticks])
        self.source.set_text(SOURCES[r.coin])

    def move(self, r):
        tell = lambda value: (
            (money(value, signed=True), palette.change_colour(value)) if value == value else ("?", palette.INK)
        )
        self.figures.show(tell(r.coins), tell(r.short), tell(r.total))
        together = sum(gained(r.coin, r.opened))[r.opened :]
        self.both.set_data(r.opened + np.arange(len(together)), together)
        ends = self.axes.get_ylim()
        self.when.set_data(joined(([n, n], ends) for n in (r.opened, r.minute)))
        self.opened.set_position((r.opened - 1, ends[1]))
        late = r.minute > 108
        self.now.set(text=r.now, x=r.minute + (-1 if late else 1), y=ends[1], ha="right" if late else "left")
        self.dots.set_data([r.opened, r.opened, r.minute, r.minute], r.prices)
        self.dot.set_data([r.minute], [r.total])


hedged_evening = Recipe(
    model,
    HedgedEvening,
    [
        Choice("coin", "coin", tuple(EVENINGS), "ATOM"),
        Slider("opened", "opened, minutes after 20:30", steps(0, 59, 1), 0, whole=True),
        Slider("held", "minutes held", steps(1, 60, 1), 51, whole=True),
    ],
    computed,
)
