"""Where did $100 of margin go while the price stood still?"""

import math

import numpy as np
from matplotlib.patches import Rectangle

from leverage_lab.chapters.fees.shared import (
    A_DAY,
    MARGIN,
    PRICE,
    USUAL,
    after_sign,
    bill,
    days,
    fee_rates,
    okx_dates,
    title,
)
from leverage_lab.checks import sign
from leverage_lab.fees import funding_payment, trading_fee
from leverage_lab.leverage import notional, quantity
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, leverage, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, literal, money, percent, plain, plural, times

SPREAD = 0.0001  # between the best bid and the best offer, in the waterfall


def model(side, leverage, orders, days):
    """Where $100 of margin went while the price stood still."""
    days = int(days)
    coins = quantity(MARGIN, leverage, PRICE)
    value = notional(coins, PRICE)
    fee = trading_fee(value, fee_rates()[orders])
    funding = A_DAY * days * funding_payment(side, coins, PRICE, USUAL)
    crossed = value * SPREAD if orders == "taker" else 0.0
    costs = {"opening fee": fee, "spread": crossed, "funding": funding, "closing fee": fee}
    total = sum(costs.values())
    left = MARGIN - total
    spread = f" the spread {money(costs['spread'])}" if costs["spread"] else " and no spread is paid"
    paid = "cost" if funding >= 0 else "bring"
    held = f" {A_DAY * days} settlements of funding in {plural(days, 'day')} {paid} {money(abs(funding))}."
    held = held if days else " It is closed before the first funding."
    if left > 0:
        back = f"comes back for {money(MARGIN)}" if left > MARGIN else f"of {money(MARGIN)} is left"
        back = f"{money(left)} {back}"
        end = f" {back}, {percent(-total / MARGIN, signed=True)} of the margin, and the price has not moved."
    else:
        back = f"all of the {money(MARGIN)} is lost"
        more = "the whole margin:" if left > -0.005 else f"more than the margin of {money(MARGIN)}:"
        end = (
            f" That is {money(total)} in all, {more} the position is liquidated earlier, and {percent(1)} of its margin"
            " is lost."
        )
    return Result(
        costs=costs, left=left, back=back, levels=MARGIN - np.cumsum([0.0, *costs.values()]), dates=okx_dates(),
        sentence=(
            f"{money(MARGIN)} at {times(leverage)} is a {side} of {money(value)}. {orders.capitalize()} orders cost"
            f" {money(fee)} to open and {money(fee)} to close,{spread}.{held}{end}"
        ),
    )  # fmt: skip


def computed(r):
    """The margin, less one cost after the other."""
    value, rate, settled = MARGIN * r.leverage, fee_rates()[r.orders], A_DAY * int(r.days)
    fee, spread, funding, _ = r.costs.values()
    paid = f"{money(value)} × {percent(SPREAD)}" if spread else "none with maker orders"
    more = "" if r.left > 0 else ": nothing, because a position loses at most its margin"
    payment = call(funding_payment, r.side, value / PRICE, PRICE, USUAL)
    crossed = f" - {literal(value)} * {SPREAD}" if spread else ""
    return Computed(
        steps=(
            f"position = margin × leverage = {money(MARGIN)} × {plain(r.leverage)} = {money(value)}",
            f"fee = position × rate = {money(value)} × {percent(rate)} = {money(fee)}, paid twice",
            f"spread = {paid} = {money(spread)}",
            f"funding of a {r.side} = {money(sign(r.side) * value)} × {percent(USUAL)} × {settled} = {bill(funding)}",
            "left = margin − 2 × fee − spread − funding",
            f"= {money(MARGIN)} − 2 × {money(fee)} − {money(spread)} − {after_sign(money(funding))}"
            f" = {money(r.left)}{more}",
        ),
        python=f"max(0, 100 - 2 * {call(trading_fee, value, rate)}{crossed} - {settled} * {payment})",
        uses=(trading_fee, funding_payment),
        number=max(0.0, float(r.left)),
    )


class Waterfall(Picture):
    """The margin at the left, what each cost takes off, and what is left at the right."""

    height = 4.6
    COSTS = ("opening fee", "spread", "funding", "closing fee")
    FLOORS = (98, 94, 90, 80, 70, 50)  # where the axis may begin, so that a small cost is seen

    def draw(self):
        self.title = title(self, "where the margin goes while the price stands still")
        dated = f"fees: OKX, lowest tier, {okx_dates().newest or 'no date'}"
        words = f"{dated}; spread {percent(SPREAD)}, funding {percent(USUAL)}: examples"
        self.figure.text(0.98, 0.02, words, ha="right", **palette.QUIET)
        axes = self.axes = self.add_chart(0.105, 0.155, 0.885, 0.66)
        axes.set(xlim=(-0.5, 5.5))
        axes.set_xticks(range(6), ["margin", *self.COSTS, "left"])
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        axes.add_patch(Rectangle((-0.36, 0), 0.72, MARGIN, color=palette.FIRST, linewidth=0))
        self.margin = axes.text(0, 0, money(MARGIN), ha="center", va="bottom", **palette.STRONG)
        self.joints = [self.add_line(axes, color=palette.MUTED, linewidth=1, linestyle=":") for _ in range(5)]
        self.bars = [self.add_bar(axes, x - 0.36, 0, 0.72, 0, **palette.LOSS_BAR) for x in range(1, 5)]
        self.gain = self.add_bar(axes, 2.64, 0, 0.72, 0, color=palette.GAIN, linewidth=0)
        self.left = self.add_bar(axes, 4.64, 0, 0.72, 0, color=palette.FIRST, linewidth=0)
        self.values = [self.add_text(axes, x, 0, "", ha="center", va="bottom", **palette.STRONG) for x in range(1, 6)]
        self.cut = self.add_line(axes, color=palette.PAPER, linewidth=4)
        self.begins = self.add_text(axes, 2.5, 0, "", ha="center", va="bottom", **palette.QUIET)

    def frame(self, r):
        """(where the axis begins, the highest tick)."""
        low, high = max(0.0, min(r.levels)), max(r.levels)
        floor = next((floor for floor in self.FLOORS if low - floor >= 0.35 * (high - floor)), 0.0)
        step = (MARGIN - floor) / 2
        return floor, MARGIN + step * math.ceil((high - MARGIN) / step - 1e-9)

    def reframe(self, r):
        floor, top = self.frame(r)
        self.room = top - floor
        self.axes.set_ylim(floor, top + 0.15 * self.room)
        ticks = np.arange(floor, top + 1e-9, (MARGIN - floor) / 2)
        self.axes.set_yticks(ticks, [money(tick) for tick in ticks])
        self.margin.set_y(MARGIN + 0.02 * self.room)
        self.begins.set(
            text=f"bars cut: the axis begins at {money(floor)}" if floor else "", y=floor + 0.02 * self.room
        )
        y = floor + 0.06 * self.room
        self.cut.set_data(*([-0.4, 0.4, np.nan, 4.6, 5.4], [y, y, np.nan, y, y]) if floor else ([], []))

    def move(self, r):
        self.title.set_text(f"The price stood still: {r.back}")
        levels, pad = np.maximum(0.0, r.levels), 0.02 * self.room
        self.gain.set_height(0)
        for place, (cost, level, after) in enumerate(zip(r.costs.values(), levels, levels[1:])):
            self.joints[place].set_data([place + 0.36, place + (0.64 if cost else 1.36)], [level, level])
            self.bars[place].set(y=after, height=max(0.0, level - after))
            if cost < 0:
                self.gain.set(y=level, height=after - level)
            word = money(-cost, signed=True) if cost else "$0"
            self.values[place].set(text=word, y=max(level, after) + pad, color=palette.change_colour(-cost))
        self.joints[4].set_data([4.36, 4.64], [levels[4]] * 2)
        self.left.set_height(levels[4])
        color = palette.INK if r.left > 0 else palette.LOSS_TEXT
        self.values[4].set(text=money(levels[4]), y=levels[4] + pad, color=color)


fee_waterfall = Recipe(
    model,
    Waterfall,
    [side(), leverage(1, 500, 50), Choice("orders", "orders", ("taker", "maker"), "taker"), days(7, 0)],
    computed,
)
