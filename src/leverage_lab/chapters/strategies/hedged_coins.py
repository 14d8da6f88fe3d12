"""Coins and a short of the same size: what does the hedge keep, and what can still end it?"""

import numpy as np

from leverage_lab.chapters.strategies.shared import ENTRY, HOLDING, RATE, TAKER, Figures
from leverage_lab.leverage import price_move
from leverage_lab.liquidation import Rules
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Dot, percent_ticks
from leverage_lab.panelkit.controls import Rate, Slider, leverage, move, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.strategies import hedge_over_path
from leverage_lab.words import money, percent, times


# --- the hedge
def _together(leverage, ends, peak, days, funding=0.0001):
    """Coins worth HOLDING and a short of as many, closed at each of `ends` after the price had been at `peak`."""
    ends = np.atleast_1d(np.asarray(ends, dtype=float))
    tops = np.maximum(np.maximum(ends, peak), 0)
    path = np.stack([np.ones_like(ends), 1 + tops, 1 + ends], axis=-1) * ENTRY
    rates = np.broadcast_to([0.0, 3 * days * funding], (len(ends), 2))
    return hedge_over_path(
        HOLDING / ENTRY,
        HOLDING / leverage,
        path,
        rules=Rules(RATE, "mark"),
        opening_fee_rate=TAKER,
        closing_fee_rate=TAKER,
        funding_rates=rates,
    )


def hedge_lines(leverage, moves, peak, days):
    """Spot, short and both together in dollars over the price move at the end: what the picture draws."""
    result = _together(leverage, moves, peak, days)
    return result.spot_pnl[:, -1], (result.total - result.spot_pnl)[:, -1], result.total[:, -1]


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
    way = (
        f"The price has been {percent(top, signed=True)} away and ends at {percent(move, signed=True)}"
        if top > max(move, 0)
        else f"The price ends at {percent(move, signed=True)}"
    )
    if gone:
        of_it = (
            f"the short was liquidated at {percent(end, signed=True)} and its {money(margin)} is gone, fees"
            f" {money(-fees, signed=True)}"
        )
    else:
        of_it = (
            f"the price brings {money(future, signed=True)}, fees {money(-fees, signed=True)}, funding"
            f" {money(-funding, signed=True)} in {days} days; liquidation at {percent(end, signed=True)}"
        )
    return Result(
        leverage=leverage,
        move=move,
        peak=top,
        days=days,
        gone=gone,
        liquidation=end,
        spot=spot,
        short=total - spot,
        total=total,
        margin=margin,
        sentence=(
            f"{money(HOLDING)} of coins and a short of as many at {times(leverage)}, {money(margin)} of margin. {way}:"
            f" coins {money(spot, signed=True)}, short {money(total - spot, signed=True)} ({of_it}). Together"
            f" {money(total, signed=True)}."
        ),
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
        axes.text(0.76, 8900, "coins", ha="right", **name | {"color": palette.FIRST})
        self.end_name = self.add_text(axes, 0, -6300, "liquidation", **name | {"color": palette.LOSS_TEXT})
        self.short_name = self.add_text(axes, -0.46, 0, "short", **name | {"color": palette.SECOND_TEXT})
        self.both_name = self.add_text(axes, -0.42, 0, "both", **name)
        self.dot = Dot(self, axes, lambda value: "")

    def move(self, r):
        tell = lambda value: (money(round(value, 2) + 0.0, signed=True), palette.change_colour(round(value, 2)))
        self.figures.show(tell(r.spot), tell(r.short), tell(r.total))
        for line, heights in zip(
            (self.spot, self.short, self.both),
            hedge_lines(r.leverage, ENDS, r.peak if r.peak > max(r.move, 0) else 0.0, r.days),
        ):
            line.set_data(ENDS, heights)
        short, both = (line.get_ydata()[8] for line in (self.short, self.both))
        self.short_name.set_y(max(max(short, both) + 700 if abs(short - both) > 1500 else both + 800, -5000))
        self.both_name.set_y(max(both - 700, -6500))
        gone = r.liquidation <= 1
        self.end.set(xdata=[min(r.liquidation, 2)] * 2)
        self.end_name.set(
            text="liquidation" if gone else "",
            x=r.liquidation + (0.015 if r.liquidation < 0.6 else -0.015),
            ha="left" if r.liquidation < 0.6 else "right",
        )
        self.dot.move(r.move, r.total)


hedged_coins = Recipe(
    model,
    Hedged,
    [
        leverage(1, 100, 10),
        move(-0.5, 1, 0.05, 0),
        Rate("peak", "highest before", steps(0, 1, 0.05), 0, "%"),
        Slider("days", "days held", steps(0, 90, 10), 30, whole=True),
    ],
)
