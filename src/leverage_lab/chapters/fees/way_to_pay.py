"""Which is closer: the price that covers the costs, or the price that liquidates?"""

from functools import cache

import numpy as np
from matplotlib.patheffects import withStroke

from leverage_lab.chapters.fees.shared import MARGIN, PRICE, title
from leverage_lab.exchanges import exchange, fact, of_facts
from leverage_lab.fees import break_even_price
from leverage_lab.leverage import quantity
from leverage_lab.liquidation import Rules, crossing_price
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Rate, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, plain, times


@cache
def first_tier():
    """MEXC's maintenance by its help pages, at its first tier's rate (API documentation, undated); as the claims."""
    mexc = exchange("MEXC")
    return Rules(mexc.maintenance_rate, mexc.maintenance_basis)


@cache
def first_tier_dates():
    return of_facts([fact("MEXC", "maintenance_rate"), fact("MEXC", "maintenance_basis")], "MEXC's maintenance")


def to_pay(fee, spread):
    """How far the quotes must rise until buying at the offer and selling at the bid pays both fees."""
    return break_even_price("long", PRICE, fee, fee) / (PRICE * (1 - spread)) - 1


def to_liquidation(leverage):
    """Distance of a long's liquidation price from its entry; leverage may be an array."""
    coins = quantity(MARGIN, leverage, PRICE)
    return 1 - crossing_price("long", PRICE, coins, MARGIN, first_tier()) / PRICE


def model(leverage, fee, spread):
    """How far up to cover the costs, and how far down to liquidation."""
    up, down = to_pay(fee, spread), to_liquidation(leverage)
    share, by_spread = up / down, spread / down
    return Result(
        leverage=leverage,
        up=up,
        down=down,
        spread=spread,
        share=share,
        by_spread=by_spread,
        dates=first_tier_dates(),
        sentence=(
            f"A fee of {percent(fee, decimals=3)} each way and a spread of {percent(spread, decimals=3)}: the price"
            f" must rise {percent(up, decimals=3)} to cover them, {money(up * MARGIN * leverage)} on a long of"
            f" {money(MARGIN * leverage)}. At {times(leverage)} the liquidation price is {percent(down)} below, so the"
            f" costs are {percent(share, decimals=1)} of that distance, the spread alone"
            f" {percent(by_spread, decimals=1)}."
        ),
    )


def computed(r):
    """The rise that covers the costs, divided by the distance to liquidation."""
    fee, spread, rate = (percent(part, decimals=3) for part in (r.fee, r.spread, first_tier().maintenance))
    up, down = (percent(part, decimals=4) for part in (r.up, r.down))
    return Computed(
        steps=(
            "rise that covers the costs = (1 + fee) / ((1 − fee) × (1 − spread)) − 1",
            f"= (1 + {fee}) / ((1 − {fee}) × (1 − {spread})) − 1 = {up}",
            f"fall to liquidation = 1 / leverage − maintenance rate = 1 / {plain(r.leverage)} − {rate} = {down}",
            "costs as a share of the distance to liquidation = rise / fall",
            f"= {up} / {down} = {percent(r.share, decimals=1)}",
        ),
        python=f"{call(to_pay, r.fee, r.spread)} / {call(to_liquidation, r.leverage)}",
        uses=(to_pay, to_liquidation),
        number=float(r.share),
    )


RUNGS = np.geomspace(2, 500, 200)


class Ways(Picture):
    """How far up the costs reach, how far down liquidation is, over the leverage; both scales in factors of ten."""

    height = 4.6

    def draw(self):
        self.title = title(self, "distance from the entry; each grid line up is ten times the one below")
        axes = self.axes = self.add_chart(0.125, 0.145, 0.83, 0.64, grid="both")
        axes.set(xscale="log", yscale="log", xlim=(2, 500), ylim=(4e-6, 1.2))
        axes.minorticks_off()
        ticks = (0.00001, 0.0001, 0.001, 0.01, 0.1, 1)
        axes.set_yticks(ticks, [percent(tick, decimals=3) for tick in ticks])
        rungs = (2, 5, 10, 20, 50, 100, 200, 500)
        axes.set_xticks(rungs, [times(rung) for rung in rungs])
        axes.set_xlabel("leverage", loc="left", **palette.QUIET)
        rate = percent(first_tier().maintenance)
        when = first_tier_dates().newest or "undated"
        self.figure.text(
            0.98, 0.02, f"maintenance {rate}: MEXC's API documentation, {when}", ha="right", **palette.QUIET
        )
        axes.plot(RUNGS, to_liquidation(RUNGS), color=palette.LOSS, linewidth=4)
        axes.text(8, 0.17, "down to liquidation", va="bottom", **palette.STRONG | {"color": palette.LOSS_TEXT})
        self.costs = self.add_line(axes, color=palette.FIRST, linewidth=3)
        self.spread = self.add_line(axes, color=palette.SECOND_TEXT, linewidth=2.5, linestyle="--")
        edge = [withStroke(linewidth=11, foreground=palette.FIRST)]
        self.way = self.add_line(
            axes, color=palette.ROOM, linewidth=9, solid_capstyle="butt", zorder=1.5, clip_on=False, path_effects=edge
        )
        self.dots = self.add_line(axes, "o", color=palette.INK, markersize=9, zorder=5, clip_on=False)
        first, second = (palette.STRONG | {"color": colour} for colour in (palette.FIRST, palette.SECOND_TEXT))
        self.costs_name = self.add_text(axes, 2.15, 0, "up to cover fees and spread", va="bottom", **first)
        self.spread_name = self.add_text(axes, 2.15, 0, "the spread alone", va="top", **second)

    def move(self, r):
        self.title.set_text(
            f"At {times(r.leverage)} costs are {percent(r.share, decimals=1)} of the distance to liquidation"
        )
        self.costs.set_data([2, 500], [r.up, r.up])
        self.spread.set_data([2, 500], [r.spread, r.spread])
        self.costs_name.set_y(r.up * 1.2)
        self.spread_name.set_y(r.spread / 1.25)
        self.way.set_data([r.leverage, r.leverage], [r.up, r.down])
        self.dots.set_data([r.leverage, r.leverage], [r.up, r.down])


way_to_pay = Recipe(
    model,
    Ways,
    [
        leverage(2, 500, 50),
        Rate("fee", "fee each way", steps(0, 0.001, 0.00005), 0.0005, "%"),
        Rate("spread", "spread", (0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001), 0.0001, "%"),
    ],
    computed,
)
