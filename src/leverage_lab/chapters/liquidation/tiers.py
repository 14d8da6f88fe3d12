"""Why is the same long liquidated earlier when it is larger?"""

from itertools import pairwise, zip_longest

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from leverage_lab import dates
from leverage_lab.chapters.liquidation.shared import ENTRY, SIZES, floors_of, largest, tier_line, tiers_of, without_fee
from leverage_lab.exchanges import exchange, of_facts
from leverage_lab.leverage import price_move
from leverage_lab.liquidation import Rules, liquidation_price, maintenance_margin
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import round_ticks
from leverage_lab.panelkit.controls import Choice, Slider, ladder, leverage
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, money, percent, plain, price, times

LADDERS = ("Binance", "OKX", "Bitget", "KuCoin")
RIGHT = 8.114  # the logarithm of $130 million


def model(exchange, leverage, position):
    """The same long, ten dollars or ten million: a larger one must keep a larger share."""
    rules, first, ladder, known = tiers_of(exchange)
    allowed, coins, margin = largest(exchange, leverage), position / ENTRY, position / leverage
    plainly = liquidation_price("long", ENTRY, coins, margin, first)
    r = Result(
        allowed=allowed, plainly=price_move(ENTRY, plainly), ok=position <= allowed, as_of=known.as_of, move=np.nan,
        dates=of_facts([known], f"{exchange}'s tiers"),
        sentence=(
            f"{exchange} allows {times(leverage)} on BTC up to {money(allowed)}; a position of {money(position)} needs "
            "less leverage."
        ),
    )  # fmt: skip
    if not r.ok:
        return r
    ends = liquidation_price("long", ENTRY, coins, margin, rules)
    need = maintenance_margin(coins, ENTRY, rules)
    r.move, r.tier = price_move(ENTRY, ends), ladder.tier(coins if ladder.measure == "quantity" else position)
    r.share = need / position
    r.sentence = (
        f"{money(position)} at {times(leverage)} on {exchange} is in tier {r.tier} of {len(ladder.rates)}:"
        f" {money(need)} is required, {percent(r.share)} of the position. It is closed at"
        f" {percent(r.move, signed=True)}{without_fee(exchange)}."
    )
    if r.tier > 1:
        r.sentence += f" At the first tier's {percent(ladder.rates[0])} it would be {percent(r.plainly, signed=True)}."
    return r


def computed(r):
    """The move that liquidates, with the rate and the deduction of the tier that holds there."""
    if not r.ok:
        most = f"largest position at {times(r.leverage)} on {r.exchange}, by its tiers: {money(r.allowed)}"
        more = f"{money(r.position)} is more: this position cannot be opened, so it has no liquidation price"
        return Computed((most, more), call(largest, r.exchange, r.leverage), (largest,), float(r.allowed))
    rules, _, ladder, _ = tiers_of(r.exchange)
    coins, margin, ends = r.position / ENTRY, r.position / r.leverage, ENTRY * (1 + r.move)
    at_mark = rules.maintenance_basis == "mark"
    size = coins if ladder.measure == "quantity" else coins * (ends if at_mark else ENTRY)
    rate, deduction = (float(one) for one in ladder.at(size))
    less, keep = f"{money(r.position)} − {money(margin)}", f"rate {percent(rate)}, deduction {money(deduction)}"
    steps = [
        f"quantity = position / entry = {money(r.position)} / {price(ENTRY)} = {plain(coins, 6)}",
        f"margin = position / leverage = {money(r.position)} / {plain(r.leverage)} = {money(margin)}",
        f"tier {ladder.tier(size)} holds at the {'liquidation' if at_mark else 'entry'} price: {keep}",
    ]
    if at_mark:
        steps.append("liquidation price = (position − margin − deduction) / (quantity × (1 − rate))")
        filled = f"({less} − {money(deduction)}) / ({plain(coins, 6)} × (1 − {percent(rate)}))"
    else:
        steps.append("liquidation price = (position − margin + position × rate − deduction) / quantity")
        filled = f"({less} + {money(r.position)} × {percent(rate)} − {money(deduction)}) / {plain(coins, 6)}"
    move = f"price move = {price(ends)} / {price(ENTRY)} − 1 = {percent(r.move, signed=True)}{without_fee(r.exchange)}"
    steps += [f"= {filled} = {price(ends)}", move]
    own = call(Rules, Code(f'{call(exchange, r.exchange)}.ladder("BTC")'), rules.maintenance_basis)
    line = call(price_move, ENTRY, call(liquidation_price, "long", ENTRY, coins, margin, own))
    return Computed(tuple(steps), line, (price_move, liquidation_price, Rules, exchange), float(r.move))


class Tiers(Picture):
    """The liquidation price over the size of a position: it climbs towards the entry."""

    height = 4.4

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE)
        under = "price move that closes a long, by size · dashed: first tier's rate · grey: not allowed"
        self.figure.text(0.02, 0.89, under, va="top", **palette.QUIET)
        self.source = self.add_text(self.figure, 0.98, 0.012, ha="right", va="bottom", **palette.QUIET)
        axes = self.axes = self.add_chart(0.14, 0.165, 0.805, 0.65, grid="")
        # x: logarithm of the size; y: share of the distance to bankruptcy
        axes.set(xlim=(4, RIGHT), ylim=(-1.12, 0.15), yticks=[])
        axes.set_xticks([4, 5, 6, 7, 8], ["$10,000", "$100,000", "$1 million", "$10 million", "$100 million"])
        side = palette.QUIET | {"ha": "right", "va": "center"}
        axes.text(3.94, 0, "entry", **side)
        axes.text(3.94, 0.09, "tier", **side)
        self.ticks = [self.add_text(axes, 3.94, -1, **side) for _ in range(6)]
        self.grid = self.moving(axes.add_collection(LineCollection([], colors=palette.GRID, linewidths=1, zorder=0.5)))
        self.edges = self.moving(axes.add_collection(LineCollection([], colors=palette.MUTED, linewidths=0.8)))
        self.numbers = [self.add_text(axes, 4, 0.09, ha="center", va="center", **palette.QUIET) for _ in range(12)]
        hatched = {"facecolors": palette.PAPER, "edgecolors": palette.LOSS, "hatch": palette.HELD, "linewidths": 0}
        self.band = self.moving(axes.add_collection(PolyCollection([], **hatched)))
        self.forbidden = self.add_bar(axes, 8, -1, 1, 1, facecolor=palette.GRID, edgecolor="none")
        axes.axhline(0, color=palette.MUTED, linewidth=1.5)
        axes.axhline(-1, color=palette.LOSS, linewidth=2, linestyle=":")
        axes.text(4.05, -1.06, "bankruptcy", va="center", fontsize=palette.SMALL, color=palette.LOSS_TEXT)
        self.flat = self.add_line(axes, color=palette.MUTED, linewidth=1.5, linestyle="--")
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=3.5)
        self.limit = self.add_text(axes, 8.08, -0.14, **side | {"color": palette.INK})
        self.drop = self.add_line(axes, color=palette.INK, linewidth=1.5)
        self.dot = self.add_line(axes, color=palette.INK, marker="o", markersize=11, linestyle="")
        self.word = self.add_text(axes, 4, 0, va="center", bbox=palette.GROUND, **palette.STRONG)

    def _scales(self, r, end):
        """Percents at the left, the numbers of the tiers at the top."""
        shares = [tick * r.leverage for tick in round_ticks(-1 / r.leverage, 0)[0] if tick * r.leverage > -0.93]
        self.grid.set_segments([[(4, share), (RIGHT, share)] for share in shares])
        for text, share in zip_longest(self.ticks, [-1, *shares], fillvalue=0):
            text.set(y=share, text=percent(share / r.leverage, signed=True) if share else "")
        floors = [4, *(x for x in np.log10(floors_of(r.exchange)[1:]) if x < end), end]
        self.edges.set_segments([[(x, -1), (x, 0.15)] for x in floors[1:-1]])
        for n, (text, (low, top)) in enumerate(zip_longest(self.numbers, pairwise(floors), fillvalue=(4, 4)), 1):
            text.set(x=(low + top) / 2, text=str(n) if top - low > 0.09 * len(str(n)) else "")

    def move(self, r):
        day = dates.shown(r.as_of) if r.as_of else "no date"
        self.source.set_text(f"{r.exchange}, BTC, {day}; a coin at $100,000")
        line = tier_line(r.exchange, r.leverage) * r.leverage
        seen = ~np.isnan(line)
        x, y = np.log10(SIZES[seen]), line[seen]
        end = min(np.log10(r.allowed), RIGHT)
        self.band.set_verts([[(x[0], -1), *zip(x, y), (end, y[-1]), (end, -1)]])
        self.line.set_data([*x, end], [*y, y[-1]])
        self.flat.set_data([4, end], [r.plainly * r.leverage] * 2)
        self.forbidden.set(x=end, width=RIGHT - end)
        self.limit.set_text(f"no {times(r.leverage)} here" if r.ok and end < 7.3 else "")  # the grey ground holds it
        self._scales(r, end)
        at, million = np.log10(r.position), f"${plain(r.position / 1e6, 6)} million"
        million = million if r.position >= 1e6 else money(r.position)
        height, left = (r.move * r.leverage, at >= 6) if r.ok else (-0.82, at >= 7.35)
        self.drop.set_data([at, at], [0, height if r.ok else -1])
        self.dot.set(data=([at], [height]), marker="o" if r.ok else "X")
        self.word.set(x=at - 0.1 if left else at + 0.1, y=height, ha="right" if left else "left")
        if r.ok:
            self.title.set_text(f"{million} at {times(r.leverage)}: closed at {percent(r.move, signed=True)}")
            self.word.set(text=f"tier {r.tier}", y=min(height + 0.1, -0.09))
        else:
            self.title.set_text(f"{million}: more than {r.exchange} allows at {times(r.leverage)}")
            self.word.set_text("not allowed")


SIZE = Slider("position", "position", ladder(10_000, 100_000_000), 10_000, "$")

tiers = Recipe(model, Tiers, [Choice("exchange", "exchange", LADDERS, "Binance"), leverage(2, 100, 20), SIZE], computed)
