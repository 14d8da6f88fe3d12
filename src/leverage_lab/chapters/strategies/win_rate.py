"""Which win rate does a scalp need, and which does a price without direction give?"""

import numpy as np
from matplotlib.ticker import NullLocator

from leverage_lab.chapters.strategies.shared import Figures, _stop, _target, share_in_words
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Dot
from leverage_lab.panelkit.controls import Rate, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.strategies import needed_win_rate
from leverage_lab.words import call, percent, plain


# --- the arithmetic of a scalp
def needed(fee, stop, target):
    """Share of trades that must be won, for any stop distance (numbers or arrays)."""
    cost = 2 * fee
    return needed_win_rate(target * stop, stop, cost)


def model(fee, stop, target):
    """The win rate a scalp needs, against the one that a price without direction gives."""
    fair, need = needed(0.0, stop, target), float(needed(fee, stop, target))
    cost = 2 * fee
    points = plain(100 * (need - fair), 1, significant=1) if need == need else ""
    if need == need:
        more = f"{points} point more" if points == "1" else f"{points} points more"
        words = f"To break even, {share_in_words(need)} must be won: {more}, for the fees alone."
    else:
        words = f"No share of wins is enough (it would be over {percent(1)}): the fees are larger than the gain."
    return Result(
        fee=fee,
        stop=stop,
        target=target,
        fair=fair,
        need=need,
        points=points,
        sentence=(
            f"A stop {percent(stop)} away, a target {percent(target * stop)} away, fees of {percent(2 * fee)} for"
            f" opening and closing, {percent(cost / stop, decimals=1)} of the risk. A price without direction reaches"
            f" the target first in {share_in_words(fair)} of the trades. {words}"
        ),
    )


def computed(r):
    """The share to be won: what a loss costs over what lies between a loss and a gain."""
    stop, target, cost = r.stop, r.target * r.stop, 2 * r.fee
    near, far, fees = (percent(x, decimals=4) for x in (stop, target, cost))
    can, both = r.need == r.need, f"({near} + {far})"
    return Computed(
        steps=(
            f"target = {plain(r.target, 4)} × {near} = {far}; fees = 2 × {percent(r.fee, decimals=4)} = {fees}",
            f"without direction = stop / (stop + target) = {near} / {both} = {percent(r.fair)}",
            "must be won = (stop + fees) / (stop + target)",
            f"= ({near} + {fees}) / {both} = {percent((stop + cost) / (stop + target))}"
            + ("" if can else ": more than all, so no win rate is enough"),
            *([f"for the fees: {percent(r.need)} − {percent(r.fair)} = {r.points} percentage points"] if can else []),
        ),
        python=call(needed_win_rate, target, stop, cost),
        uses=(needed_win_rate,),
        number=r.need,
    )


class WinRate(Picture):
    """The share of trades that must be won, over the distance of the stop; what a price without direction gives."""

    height = 4.4
    STOPS = np.geomspace(0.0002, 0.05, 120)

    def draw(self):
        self.figures = Figures(self, ("must be won", "without direction", "points for the fees"))
        axes = self.axes = self.add_chart(0.115, 0.145, 0.85, 0.62, grid="both")
        axes.set(xscale="log", xlim=(0.0002, 0.05), ylim=(-0.04, 1.04))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks(
            [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05],
            [percent(x) for x in (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)],
        )
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [percent(x) for x in (0, 0.25, 0.5, 0.75, 1)])
        axes.set_xlabel("distance of the stop", **palette.QUIET)
        self.band = self.moving(
            axes.fill_between([], [], facecolor=palette.LOST_GROUND, edgecolor=palette.LOSS, hatch="xx", linewidth=0)
        )
        self.fair = self.moving(axes.axhline(0.5, color=palette.MUTED, linewidth=2, linestyle="--"))
        self.curve = self.add_line(axes, color=palette.FIRST, linewidth=3.5)
        self.fair_name = self.add_text(
            axes, 0.048, 0, "without direction", ha="right", va="top", fontsize=palette.NORMAL, color=palette.MUTED
        )
        bold = palette.STRONG | {"color": palette.FIRST}
        self.name = self.add_text(axes, 0.048, 0, "must be won", ha="right", va="bottom", **bold)
        self.dot = Dot(self, axes, lambda value: "")

    def move(self, r):
        can = r.need == r.need
        self.figures.show(
            (share_in_words(r.need) if can else "over 100\u00a0%", palette.INK if can else palette.LOSS_TEXT),
            (share_in_words(r.fair), palette.MUTED),
            (f"+{r.points}" if can else "–", palette.LOSS_TEXT),
        )
        wanted = needed(r.fee, self.STOPS, r.target)
        clear = np.where(np.isnan(wanted), 1.0, wanted)
        self.curve.set_data(self.STOPS, wanted)
        self.band.set_verts(
            [np.column_stack([[*self.STOPS, *self.STOPS[::-1]], [*clear, *np.full(len(clear), r.fair)]])]
        )
        self.fair.set_ydata([r.fair, r.fair])
        self.fair_name.set_y(r.fair - 0.035)
        self.name.set_y(np.interp(0.015, self.STOPS, clear) + 0.035)  # above the curve along the whole word
        self.dot.move(r.stop, r.need if can else 1.0)


win_rate = Recipe(
    model,
    WinRate,
    [Rate("fee", "fee each way", steps(0, 0.001, 0.0001), 0.0002, "%"), _stop(0.0002, 0.02, 0.001), _target()],
    computed,
)
