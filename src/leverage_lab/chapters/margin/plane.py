"""A cross account with two positions: at which pairs of prices is it liquidated?"""

from functools import cache

import numpy as np
from matplotlib.patches import Polygon

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import RULES, _cents, _end, bet, ends_of, opened
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import percent_ticks
from leverage_lab.panelkit.controls import Choice, Slider, ladder, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import after_sign, call, money, percent

EACH, AT = 3000.0, 20.0
LOW, HIGH = -0.6, 0.6  # moves of ETH that the picture shows


def book(side, account):
    """The cross account: $3,000 long BTC and $3,000 of ETH."""
    return opened(account, bet("BTC", "long", EACH, AT, "cross"), bet("ETH", side, EACH, AT, "cross"))


@cache
def edge(side, account, eth):
    """BTC's move at which the account is closed while ETH stands at the move `eth`: below −1 no price does it."""
    marks = {"BTC": np.array([ENTRY, 2 * ENTRY]), "ETH": np.full(2, ENTRY * (1 + eth))}
    gap = book(side, account).cross_equity(marks) - book(side, account).requirement(marks)
    return float(-gap[0] / (gap[1] - gap[0]))


def model(side, account, btc, eth):
    """A cross account with $3,000 long BTC and $3,000 of ETH: where in the plane of both moves it is closed."""
    held, marks = book(side, account), {"BTC": ENTRY * (1 + btc), "ETH": ENTRY * (1 + eth)}
    have, need = held.cross_equity(marks), held.requirement(marks)
    r = Result(side=side, account=account, btc=btc, eth=eth, equity=have, required=need, dead=bool(have <= need))
    r.edge = [edge(side, account, end) for end in (LOW, HIGH)]
    r.stated = {} if r.dead else {symbol: _end(price) for (symbol, _), price in held.liquidation_prices(marks).items()}
    r.first = {symbol: end for (symbol, _), end in ends_of(held).items()}
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
    place = "at no price" if end != end else "at 0" if end <= -1 + 1e-9 else percent(end, signed=True)
    return f"{symbol} {place}"


def computed(r):
    """BTC's place on the line, with ETH where it is."""
    paper, value, rate = (1 if r.side == "long" else -1) * EACH * r.eth, EACH * (1 + r.eth), RULES.maintenance
    at = r.edge[0] + (r.edge[1] - r.edge[0]) * (r.eth - LOW) / (HIGH - LOW)
    fate = "closed" if r.dead else "open" if at > -1 else "open, and no price of BTC closes it"
    steps = (
        "liquidated where wallet + PnL of both = maintenance rate × value of both",
        f"ETH {r.side}: PnL = {'' if r.side == 'long' else '−'}{money(EACH)} × {after_sign(percent(r.eth))}"
        f" = {money(paper, signed=True)}, value {money(value)}",
        "BTC move = (rate × (position + value of ETH) − wallet − PnL of ETH) / (position × (1 − rate))",
        f"= ({percent(rate)} × ({money(EACH)} + {money(value)}) − {money(r.account)} − {after_sign(money(paper))})"
        f" / ({money(EACH)} × (1 − {percent(rate)}))",
        f"= {percent(at, signed=True)}; BTC is at {percent(r.btc, signed=True)}: {fate}",
    )
    return Computed(steps, call(edge, r.side, r.account, r.eth), (edge,), at)


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
        ground = Polygon([[0, 0]], facecolor=palette.LOST_GROUND, edgecolor="none", zorder=0)
        self.closed = self.moving(axes.add_patch(ground))
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.word = self.add_text(
            axes, 0, 0, "closed", ha="center", va="center", **palette.STRONG | {"color": palette.LOSS_TEXT}
        )
        dotted = {"color": palette.INK, "linewidth": 1.8, "linestyle": ":"}
        self.guides = {symbol: self.add_line(axes, **dotted) for symbol in ("BTC", "ETH")}
        self.ends = self.add_line(axes, "s", color=palette.LOSS, markersize=8)
        self.dot = self.add_line(axes, "o", color=palette.INK, markersize=12, zorder=5)
        self.names = {
            symbol: self.add_text(axes, 0, 0, "", color=palette.INK, fontsize=palette.SMALL, zorder=4)
            for symbol in ("BTC", "ETH")
        }

    def move(self, r):
        low, high, (x0, x1) = LOW, HIGH, r.edge
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
        y = -0.5 if r.side == "long" else 0.5
        self.word.set(x=-0.42, y=y, visible=x0 + (x1 - x0) * (y - low) / (high - low) > -0.32)

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
    computed,
)
