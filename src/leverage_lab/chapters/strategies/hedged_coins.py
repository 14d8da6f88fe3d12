"""Coins and a short of the same size: what does the hedge keep, and what can still end it?"""

import numpy as np

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.strategies.shared import HOLDING, RATE, TAKER, Figures, summed
from leverage_lab.leverage import price_move
from leverage_lab.liquidation import Rules
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Dot, percent_ticks
from leverage_lab.panelkit.controls import Rate, Slider, leverage, move, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.strategies import hedge_over_path
from leverage_lab.words import call, money, percent, plain, times

COINS = HOLDING / ENTRY
FUNDING = 0.0001  # every eight hours, all of it counted at the last price


def _path(ends, peak):
    """The prices at the start, at the highest before, at the end; ends: one move or an array of them."""
    return np.round(ENTRY * (1 + np.stack([0 * ends, np.maximum(np.maximum(ends, peak), 0), ends], axis=-1)), 9)


def _rates(days):
    """The funding rates of the two steps of such a path."""
    return [0.0, round(3 * days * FUNDING, 12)]


def _together(leverage, ends, peak, days):
    """Coins worth HOLDING and a short of the same size, closed at each of `ends` after the price had been at `peak`."""
    ends = np.atleast_1d(np.asarray(ends, dtype=float))
    rules, rates = Rules(RATE, "mark"), np.broadcast_to(_rates(days), (len(ends), 2))
    return hedge_over_path(COINS, HOLDING / leverage, _path(ends, peak), rules, TAKER, TAKER, rates)


def model(leverage, move, peak, days):
    """$10,000 of coins and a short future of the same size: what the price does to both."""
    days = int(days)
    held = _together(leverage, move, peak, days)
    spot, future, total, funding, fees = (
        float(values[0, -1]) for values in (held.spot_pnl, held.future_pnl, held.total, held.funding_paid, held.fees)
    )
    end = float(price_move(ENTRY, np.ravel(held.liquidation_price)[0]))
    gone = bool(np.ravel(held.liquidated_at)[0] >= 0)
    margin = HOLDING / leverage
    top = max(move, peak, 0)
    way = f"The price ends at {percent(move, signed=True)}"
    if top > max(move, 0):
        way = f"The price was as high as {percent(top, signed=True)} and ends at {percent(move, signed=True)}"
    costs = f"fees {money(-fees, signed=True)}"
    if gone:
        of_it = f"the short was liquidated at {percent(end, signed=True)} and its {money(margin)} is lost, {costs}"
    else:
        of_it = (
            f"price move {money(future, signed=True)}, {costs}, funding {money(-funding, signed=True)}"
            f" in {days} days; liquidation at {percent(end, signed=True)}"
        )
    return Result(
        peak=top, gone=gone, liquidation=end, spot=spot, short=total - spot, total=total, margin=margin, fees=fees,
        funding=-funding,
        sentence=(
            f"{money(HOLDING)} of coins and a short of the same size at {times(leverage)}, {money(margin)} of margin."
            f" {way}: coins {money(spot, signed=True)}, short {money(total - spot, signed=True)} ({of_it}). Together"
            f" {money(total, signed=True)}."
        ),
    )  # fmt: skip


def computed(r):
    """Coins, short, fees and funding, each by itself, and their sum."""
    leverage, value, end, fee = plain(r.leverage, 4), money(HOLDING), money(HOLDING * (1 + r.move)), percent(TAKER)
    move, short = f"({percent(r.move, signed=True, decimals=4)})", r.short + r.fees - r.funding
    liquidation, top = (percent(x, signed=True) for x in (r.liquidation, r.peak))
    own = f"short = −{value} × {move} = {money(short)}; fees = {fee} × {value} + {fee} × {end} = {money(r.fees)}"
    paid = f"funding = days × 3 × rate × value = {r.days} × 3 × {percent(FUNDING)} × {end} = {money(r.funding)}"
    if r.gone:
        own = f"short: the price was at {top}, so it is liquidated and its margin lost, {money(short)}"
        paid = f"fee to open = {fee} × {value} = {money(r.fees)}; after a liquidation no funding is counted"
    path, rules = _path(r.move, r.peak).tolist(), call(Rules, RATE, "mark")
    return Computed(
        steps=(
            "distance of the liquidation = (1 + 1 / leverage) / (1 + maintenance rate) − 1",
            f"= (1 + 1 / {leverage}) / (1 + {percent(RATE)}) − 1 = {liquidation}",
            f"coins = {value} × {move} = {money(r.spot)}",
            own,
            paid,
            f"together = {summed(money, r.spot, short, -r.fees, r.funding)} = {money(r.total, signed=True)}",
        ),
        python=call(hedge_over_path, COINS, r.margin, path, rules, TAKER, TAKER, _rates(r.days)) + ".total[-1]",
        uses=(hedge_over_path, Rules),
        number=r.total,
    )


ENDS = np.linspace(-0.5, 1.0, 151)


class Hedged(Picture):
    """Coins, the short against them, and both together, over the price at the end."""

    height = 4.6

    def draw(self):
        self.figures = Figures(self, ("coins", "short, with costs", "both together"))
        axes = self.axes = self.add_chart(0.135, 0.14, 0.83, 0.62, grid="both")
        axes.set(xlim=(-0.5, 1), ylim=(-7000, 10_500))
        percent_ticks(axes.xaxis, [-0.5, -0.25, 0, 0.25, 0.5, 1])
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        axes.set_yticks([-5000, 0, 5000, 10_000], [money(v, signed=True) for v in (-5000, 0, 5000, 10_000)])
        axes.set_xlabel("move of the price at the end", **palette.QUIET)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.end = self.moving(axes.axvline(0.1, color=palette.LOSS, linewidth=4))
        self.spot = self.add_line(axes, color=palette.FIRST, linewidth=2.5)
        self.short = self.add_line(axes, color=palette.SECOND_TEXT, linewidth=2.5, linestyle="--")
        self.both = self.add_line(axes, color=palette.INK, linewidth=4)
        name = palette.STRONG | {"va": "center"}
        self.coins_name = self.add_text(axes, 0, 0, "coins", ha="right", **name | {"color": palette.FIRST})
        self.end_name = self.add_text(axes, 0, 0, "liquidation", **name | {"color": palette.LOSS_TEXT})
        self.short_name = self.add_text(axes, -0.46, 0, "short", **name | {"color": palette.SECOND_TEXT})
        self.both_name = self.add_text(axes, -0.42, 0, "both", **name)
        self.dot = Dot(self, axes, lambda value: "")

    def move(self, r):
        tell = lambda value: (money(round(value, 2) + 0.0, signed=True), palette.change_colour(round(value, 2)))
        self.figures.show(tell(r.spot), tell(r.short), tell(r.total))
        held = _together(r.leverage, ENDS, r.peak if r.peak > max(r.move, 0) else 0.0, r.days)
        lines = (self.spot, held.spot_pnl), (self.short, held.total - held.spot_pnl), (self.both, held.total)
        for line, dollars in lines:
            line.set_data(ENDS, dollars[:, -1])
        after, far = r.peak >= r.liquidation and r.peak > r.move, r.liquidation > 0.6
        place, side = (148, "right") if after else (4, "left")  # where the names stand: a flat short's at the right end
        short, both = (line.get_ydata()[place] for line in (self.short, self.both))
        below, above = (both - 2000, short + (700 if short < -5000 else -700)) if after else (both - 700, short + 700)
        for name, y in ((self.both_name, below), (self.short_name, above)):
            name.set(x=ENDS[place], y=y, ha=side, visible=y > -6700)
        self.coins_name.set_position((0.6, 7300) if 0.6 < r.liquidation < 0.79 else (0.76, 8900))
        self.end.set(xdata=[min(r.liquidation, 2)] * 2)
        self.end_name.set(
            text="liquidation" if r.liquidation <= 1 else "",
            x=r.liquidation + (-0.015 if far else 0.015),
            y=-6300 if not far else -4300 if after else -1500,  # where neither short nor both come
            ha="right" if far else "left",
        )
        self.dot.move(r.move, r.total)


hedged_coins = Recipe(
    model,
    Hedged,
    [
        leverage(1, 100, 10),
        move(-0.5, 1, 0.05, 0),
        Rate("peak", "peak on the way", steps(0, 1, 0.05), 0, "%"),
        Slider("days", "days held", steps(0, 90, 10), 30, whole=True),
    ],
    computed,
)
