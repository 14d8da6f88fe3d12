"""A cross account with two positions: at which pairs of prices is it liquidated?"""

from functools import cache

import numpy as np
from matplotlib.patches import Polygon

from leverage_lab.chapters.margin.shared import ENTRY, _cents, _end, bet, ends_of, opened
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import percent_ticks
from leverage_lab.panelkit.controls import Choice, Slider, ladder, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent

# --- two coins: a line, not a number --------------------------------------------------------------
EACH, AT = 3000.0, 20.0


def model(side, account, btc, eth):
    """A cross account with $3,000 long BTC and $3,000 of ETH: where in the plane of both moves it is closed."""
    book = opened(account, bet("BTC", "long", EACH, AT, "cross"), bet("ETH", side, EACH, AT, "cross"))
    marks = {"BTC": ENTRY * (1 + btc), "ETH": ENTRY * (1 + eth)}
    have, need = book.cross_equity(marks), book.requirement(marks)
    r = Result(side=side, account=account, btc=btc, eth=eth, equity=have, required=need, dead=bool(have <= need))
    r.edge = edge(side, account)
    r.stated = {} if r.dead else {symbol: _end(price) for (symbol, _), price in book.liquidation_prices(marks).items()}
    r.first = {symbol: end for (symbol, _), end in ends_of(book).items()}
    start = (
        f"On a wallet of {money(account)}: {money(EACH)} long BTC, {money(EACH)} {side} ETH, cross. BTC"
        f" {percent(btc, signed=True)}, ETH {percent(eth, signed=True)} since the entry: "
    )
    if r.dead:
        r.change = -account
        r.sentence = (
            start + f"closed, all {money(account)} lost. The liquidation prices shown at the entry were"
            f" {_shown('BTC', r.first)} and {_shown('ETH', r.first)}."
        )
        return r
    r.change = _cents(have - account)
    r.sentence = (
        start
        + f"equity {money(have)}, required {money(need)}. Shown now as liquidation price: {_shown('BTC', r.stated)}, if"
        f" ETH stays where it is, and {_shown('ETH', r.stated)}, if BTC stays where it is; at the entry it was"
        f" {_shown('BTC', r.first)} and {_shown('ETH', r.first)}."
    )
    return r


def _shown(symbol, ends):
    end = ends[symbol]
    return (
        f"{symbol} at no price"
        if end != end
        else f"{symbol} at 0"
        if end <= -1 + 1e-9
        else f"{symbol} {percent(end, signed=True)}"
    )


@cache
def edge(side, account):
    """BTC moves at which the account is closed, over ETH moves of −100 % and +100 %: two ends of a straight line."""
    book = opened(account, bet("BTC", "long", EACH, AT, "cross"), bet("ETH", side, EACH, AT, "cross"))
    btc = np.array([ENTRY, 2 * ENTRY])
    ends = []
    for eth in (1e-9, 2 * ENTRY):
        marks = {"BTC": btc, "ETH": np.full(2, eth)}
        gap = book.cross_equity(marks) - book.requirement(marks)
        ends.append(float(-gap[0] / (gap[1] - gap[0])))
    return tuple(ends)


class Plane(Picture):
    """BTC's move across, ETH's upward: the account is closed on one side of a slanting line."""

    height = 5.6

    def draw(self):
        style = palette.TITLE | {"fontsize": palette.NORMAL + 1}
        self.figure.text(0.02, 0.975, "Liquidation: a line, not a number", **style)
        self.state = self.add_text(self.figure, 0.98, 0.975, "", ha="right", va="top", **palette.STRONG)
        self.figure.text(0.02, 0.91, "move of ETH", va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.1, 0.13, 0.86, 0.73, grid="both")
        axes.set(xlim=(-0.6, 0.78), ylim=(-0.6, 0.6))
        for axis in (axes.xaxis, axes.yaxis):
            percent_ticks(axis, [-0.5, -0.25, 0, 0.25, 0.5])
        axes.set_xlabel("move of BTC", **palette.QUIET)
        self.closed = self.moving(
            axes.add_patch(Polygon([[0, 0]], facecolor=palette.LOST_GROUND, edgecolor="none", zorder=0))
        )
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.word = self.add_text(
            axes, 0, 0, "closed", ha="center", va="center", **palette.STRONG | {"color": palette.LOSS_TEXT}
        )
        self.guides = {
            "BTC": self.add_line(axes, color=palette.INK, linewidth=1.8, linestyle=":"),
            "ETH": self.add_line(axes, color=palette.INK, linewidth=1.8, linestyle=":"),
        }
        self.ends = self.add_line(axes, "s", color=palette.LOSS, markersize=8)
        self.dot = self.add_line(axes, "o", color=palette.INK, markersize=12, zorder=5)
        self.names = {
            symbol: self.add_text(axes, 0, 0, "", color=palette.INK, fontsize=palette.SMALL, zorder=4)
            for symbol in ("BTC", "ETH")
        }

    def move(self, r):
        low, high = -0.6, 0.6
        at_low, at_high = r.edge

        def btc_at(eth):
            return at_low + (at_high - at_low) * (eth + 1) / 2

        x0, x1 = btc_at(low), btc_at(high)
        self.closed.set_xy([[-9, low], [x0, low], [x1, high], [-9, high]])
        self.line.set_data([x0, x1], [low, high])
        state = f"closed, {money(r.change)}" if r.dead else f"open, {money(r.change, signed=True)}"
        self.state.set(text=state, color=palette.LOSS_TEXT if r.dead else palette.INK)
        self.dot.set(
            data=([r.btc], [r.eth]), marker="X" if r.dead else "o", color=palette.LOSS if r.dead else palette.INK
        )
        ends = []
        for symbol, guide in self.guides.items():
            end = r.stated.get(symbol, np.nan)
            seen = low < end < high
            x, y = (end, r.eth) if symbol == "BTC" else (r.btc, end)
            guide.set_data(*((([r.btc, x], [r.eth, y])) if seen else ([], [])))
            if seen:
                ends.append((x, y))
            self._name(symbol, end, seen, x, y, r)
        self.ends.set_data([x for x, _ in ends], [y for _, y in ends])
        self.word.set(x=-0.42, y=-0.5 if r.side == "long" else 0.5)
        self.word.set_visible(btc_at(-0.5 if r.side == "long" else 0.5) > -0.32)

    def _name(self, symbol, end, seen, x, y, r):
        """Beside its square: on the closed side, or on the other where there is no place for it."""
        text, down = self.names[symbol], -1 if r.side == "long" else 1
        text.set_text(f"{symbol} {percent(end, signed=True)}" if seen else "")
        if symbol == "BTC":
            fits, closed = x > -0.32, (x - 0.03, y + 0.012 * down)
        else:
            fits, closed = x > -0.32 and abs(y + 0.075 * down) < 0.56, (x + 0.01, y + 0.075 * down)
        text.set(position=closed if fits else (x + 0.03, y - 0.06 * down), ha="right" if fits else "left", va="center")


plane = Recipe(
    model,
    Plane,
    [
        Choice("side", "ETH side", ("long", "short"), "long"),
        Slider("account", "wallet", ladder(500, 3000), 1000, "$"),
        Slider("btc", "BTC move", steps(-0.5, 0.5, 0.01), 0, "%"),
        Slider("eth", "ETH move", steps(-0.5, 0.5, 0.01), 0, "%"),
    ],
)
