"""What changes if the profit is paid in coins (inverse) instead of dollars (linear)?"""

import numpy as np

from leverage_lab.chapters.leverage.shared import AT_MOST_THE_MARGIN, ENTRY, _moved, moved_to, return_line
from leverage_lab.leverage import price_for_roe, price_move, roe
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Dot, Headline, percent_ticks
from leverage_lab.panelkit.controls import leverage, move, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, percent, plain, price, times


def model(side, leverage, move):
    """The same bet in dollars (linear) and in coins (inverse)."""
    now = ENTRY * (1 + move)
    linear, coin = (max(-1.0, roe(side, leverage, ENTRY, now, contract)) for contract in ("linear", "inverse"))
    ends = [price_for_roe(side, leverage, ENTRY, -1, contract) for contract in ("linear", "inverse")]
    linear_end, inverse_end = (_end(end) for end in ends)
    return Result(
        linear=linear,
        inverse=coin,
        sentence=(
            f"{times(leverage)} {side}. {_moved(move)}: {percent(linear, signed=True)} of the margin in dollars on the"
            f" linear contract, {percent(coin, signed=True)} of the margin in coins on the inverse one. The margin is"
            f" used up {linear_end} (linear) and {inverse_end} (inverse)."
        ),
    )


def _end(at):
    if at != at:
        return "at no price"
    if at == 0:
        return "only if the coin becomes worthless"
    return f"at {percent(price_move(ENTRY, at), signed=True)}"


def computed(r):
    """Both returns: the price's gain is divided by the entry price, or by the price now."""
    now, sign, lost = ENTRY * (1 + r.move), "" if r.side == "long" else "−", f"{AT_MOST_THE_MARGIN}: −100\u00a0%"
    shown = [f"{price(now)} / {price(ENTRY)} − 1", f"1 − {price(ENTRY)} / {price(now)}"]
    values = [roe(r.side, r.leverage, ENTRY, now, contract) for contract in ("linear", "inverse")]
    linear, coins = (
        f"= {sign}{plain(r.leverage)} × ({terms}) = {percent(value, signed=True)}"
        for terms, value in zip(shown, values)
    )
    steps = (
        f"linear: return in dollars = {sign}leverage × (price / entry − 1)",
        linear,
        *[lost] * (values[0] < -1),
        f"inverse: return in coins = {sign}leverage × (1 − entry / price)",
        coins,
        *[lost] * (values[1] < -1),
    )
    line = f"max({call(roe, r.side, r.leverage, ENTRY, moved_to(r.move), 'inverse')}, -1)"
    return Computed(steps, line, (roe,), float(r.inverse))


WIDE_MOVES = np.linspace(-0.7, 1.5, 441)


class Inverse(Picture):
    """Return on margin of a linear and an inverse contract, each in its own money."""

    height = 4.4

    def draw(self):
        self.headline = Headline(self, ("price", "linear, in dollars", "inverse, in coins"))
        which = "return on margin: of dollars (linear), of coins (inverse)"
        self.figure.text(0.02, 0.75, which, va="bottom", **palette.QUIET)
        axes = self.axes = self.add_chart(0.115, 0.145, 0.835, 0.59, grid="both")
        axes.set(xlim=(-0.7, 1.5), ylim=(-1.3, 2.6))
        percent_ticks(axes.xaxis, [-0.5, 0, 0.5, 1, 1.5])
        percent_ticks(axes.yaxis, [-1, 0, 1, 2])
        axes.set_xlabel("move of the price since the entry", **palette.QUIET)
        axes.axhspan(-1.3, -1, facecolor=palette.LOST_GROUND, edgecolor="none")
        axes.text(
            1.48, -1.15, "margin used up", fontsize=palette.SMALL, color=palette.LOSS_TEXT, ha="right", va="center"
        )
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        style = palette.STRONG | {"va": "center"}
        self.curves = {
            "linear": (
                self.add_line(axes, color=palette.FIRST, linewidth=3),
                self.add_text(axes, 0, 0, "linear", **style | {"color": palette.FIRST}),
            ),
            "inverse": (
                self.add_line(axes, color=palette.SECOND_TEXT, linewidth=3, linestyle="--"),
                self.add_text(axes, 0, 0, "inverse", **style | {"color": palette.SECOND_TEXT}),
            ),
        }
        self.dots = [Dot(self, axes, lambda value: "", mark) for mark in ("o", "D")]  # their values stand above

    def move(self, r):
        self.headline.show(r.move, r.linear, r.inverse)
        long = r.side == "long"
        for contract, (line, name) in self.curves.items():
            heights = return_line(r.side, r.leverage, WIDE_MOVES, contract)
            line.set_data(WIDE_MOVES, heights.clip(max=2.8))
            # Names on the winning side, where the curves have parted: the upper one's above, the other's below.
            upper = (contract == "linear") == long
            seen = np.flatnonzero((heights < 2.2) & (WIDE_MOVES < 1.1) & (WIDE_MOVES > -0.6))
            at = seen[-1] if long else seen[0]
            left = upper if long else not upper and heights[0] > 2  # beside a steep curve, on its outer side
            below = -0.25 if long or left else -0.3 - 0.15 * r.leverage
            name.set(
                x=WIDE_MOVES[at] + (-0.03 if left else 0.03),
                y=heights[at] + (0.15 if upper else below),
                ha="right" if left else "left",
            )
        for dot, height in zip(self.dots, (r.linear, r.inverse)):
            dot.move(r.move, height)


inverse = Recipe(model, Inverse, [side(), leverage(1, 5, 1), move(-0.7, 1.5, 0.05, 0.5)], computed)
