"""What does a price move return on the margin, long and short?"""

from functools import partial

from leverage_lab.chapters.leverage.shared import (
    AT_MOST_THE_MARGIN,
    ENTRY,
    MOVES,
    THREE,
    _happened,
    _outcome,
    moved_to,
    return_line,
)
from leverage_lab.leverage import roe
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Dot, Headline, percent_ticks
from leverage_lab.panelkit.controls import leverage, move, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed
from leverage_lab.words import after_sign, call, money, percent, plain, times


def model(side, leverage, move):
    """Return on margin over the price move, long and short."""
    r = _outcome(side, 100.0, leverage, move, account=1000)
    other = _outcome("short" if side == "long" else "long", 100.0, leverage, move, account=1000)
    r.sentence = (
        f"{times(leverage)} {side} with $100 of margin. {_happened(r)} "
        f"A {other.side} would be at {percent(other.roe, signed=True)} of its margin."
    )
    return r


def computed(r):
    """The return on margin, and what it is in dollars."""
    sign = "" if r.side == "long" else "−"
    steps = [
        f"{r.side}: return on margin = {sign}leverage × price move",
        f"= {sign}{plain(r.leverage)} × {after_sign(percent(r.move))} = {percent(r.paper / r.margin, signed=True)}",
        f"PnL = margin × return = {money(r.margin)} × {after_sign(percent(r.roe))} = {money(r.pnl, signed=True)}",
        f"of the account: {money(r.pnl, signed=True)} / {money(r.account)} = {percent(r.account_change, signed=True)}",
    ]
    if r.gone:
        steps.insert(2, f"{AT_MOST_THE_MARGIN}: {percent(r.roe)}")
    line = f"max({call(roe, r.side, r.leverage, ENTRY, moved_to(r.move))}, -1)"
    return Computed(tuple(steps), line, (roe,), float(r.roe))


class Payoff(Picture):
    """Return on margin over the price move: two mirrored lines with a floor at −100 %."""

    height = 4.4

    def draw(self):
        self.headline = Headline(self, THREE)
        self.figure.text(0.02, 0.75, "return on margin", va="bottom", **palette.QUIET)
        axes = self.axes = self.add_chart(0.115, 0.145, 0.835, 0.59, grid="both")
        axes.set(xlim=(-0.1, 0.1), ylim=(-1.3, 1.6))
        percent_ticks(axes.xaxis, [-0.1, -0.05, 0, 0.05, 0.1])
        percent_ticks(axes.yaxis, [-1, 0, 1])
        axes.set_xlabel("move of the price since the entry", **palette.QUIET)
        axes.axhspan(-1.3, -1, facecolor=palette.LOST_GROUND, edgecolor="none")
        axes.text(
            0.0985, -1.16, "margin used up", fontsize=palette.SMALL, color=palette.LOSS_TEXT, ha="right", va="center"
        )
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.lines = {
            "long": self.add_line(axes, color=palette.FIRST),
            "short": self.add_line(axes, color=palette.SECOND_TEXT),
        }
        style = palette.PLAIN | {"va": "center", "zorder": 6, "bbox": palette.GROUND}
        self.names = {
            "long": self.add_text(axes, 0, 0, "long", **style | {"color": palette.FIRST}),
            "short": self.add_text(axes, 0, 0, "short", **style | {"color": palette.SECOND_TEXT}),
        }
        self.drop = self.add_line(axes, color=palette.INK, linewidth=1, linestyle=":")
        self.dot = Dot(self, axes, partial(percent, signed=True))

    def move(self, r):
        self.headline.show(r.move, r.roe, r.account_change)
        for one, line in self.lines.items():
            chosen = one == r.side
            line.set_data(MOVES, return_line(one, r.leverage, MOVES, "linear").clip(max=1.75))
            line.set(linewidth=3.5 if chosen else 2, linestyle="-" if chosen else "--")
            # The name is where the line crosses +80 % or leaves at the side: outside a steep line, above a flat one.
            toward, x, steep = (1 if one == "long" else -1), min(0.8 / r.leverage, 0.092), r.leverage > 25
            self.names[one].set(
                x=toward * (x + 0.006 if steep else x - 0.004),
                y=min(r.leverage * x, 0.8) + (0 if steep else 0.14),
                ha="left" if steep == (toward > 0) else "right",
                fontweight="bold" if chosen else "normal",
            )
        self.drop.set_data([r.move, r.move], [0, min(r.roe, 1.5)])
        self.dot.move(r.move, r.roe)


payoff = Recipe(model, Payoff, [side(), leverage(1, 100, 10), move(-0.1, 0.1, 0.005, 0.03)], computed)
