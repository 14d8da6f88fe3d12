"""What does holding the fee article's $100,000 position really cost?"""

from leverage_lab.chapters.fees.shared import (
    A_DAY,
    DAILY,
    OWN,
    PRICE,
    TIMES,
    after_sign,
    article_dates,
    bill,
    days,
    printed_daily,
    title,
)
from leverage_lab.checks import sign
from leverage_lab.fees import CLOCKS, funding_payment, interest
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import SignedRate, leverage, side, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, plain, plural, times


def model(side, leverage, rate, days):
    """What holding the article's $100,000 costs: as printed, as computed, as a loan, as a future."""
    days = int(days)
    value = OWN * TIMES
    own = value / leverage
    loan = interest(value - own, DAILY, 24, 24 * days, **CLOCKS["started hour"])
    funding = A_DAY * days * funding_payment(side, value / PRICE, PRICE, rate)
    bars = [printed_daily() * days, value * DAILY * days, loan, funding]
    does = "pays" if funding > 0 else "receives" if funding < 0 else "pays nothing,"
    return Result(
        bars=bars,
        dates=article_dates(),
        days=days,
        side=side,
        sentence=(
            f"{money(value)} held for {plural(days, 'day')} at {times(leverage)}, {money(own)} of it your own. The"
            f" article prints {money(bars[0])}, its own formula gives {money(bars[1])}; a spot loan of"
            f" {money(value - own)} costs {money(loan)}. A future's leverage is not lent: the {side} {does}"
            f" {money(abs(funding))} in funding, {percent(-funding / own, signed=True)} of the margin."
        ),
    )


def computed(r):
    """Funding on a future, and beside it the interest on the loan."""
    value, rate = OWN * TIMES, percent(r.rate, decimals=3)
    own, paid = value / r.leverage, r.bars[3]
    return Computed(
        steps=(
            f"own money = position / leverage = {money(value)} / {plain(r.leverage)} = {money(own)}",
            "spot loan = (position − own money) × daily rate × days",
            f"= ({money(value)} − {money(own)}) × {percent(DAILY)} × {r.days} = {money(r.bars[2])}",
            f"funding of a {r.side} = {'−' * (r.side == 'short')}position × rate × settlements ({A_DAY} a day)",
            f"= {money(sign(r.side) * value)} × {after_sign(rate)} × {A_DAY * r.days} = {bill(paid)}",
            f"PnL in percent of the margin = {money(-paid)} / {money(own)} = {percent(-paid / own, signed=True)}",
        ),
        python=f"{A_DAY * r.days} * {call(funding_payment, r.side, value / PRICE, PRICE, r.rate)}",
        uses=(funding_payment,),
        number=float(paid),
    )


class Holding(Picture):
    """Four answers to the question what holding $100,000 costs, as bars."""

    height = 4.2
    ROWS = ("the article prints", "its own formula gives", "a spot loan costs", "funding on a future")

    def draw(self):
        self.title = title(self, "received to the right, paid to the left")
        axes = self.axes = self.add_chart(0.29, 0.11, 0.69, 0.69, grid="x")
        axes.set(xlim=(-460, 460), ylim=(3.55, -0.55))
        axes.set_xticks([-300, -150, 0, 150, 300], ["−$300", "−$150", "$0", "+$150", "+$300"])
        axes.set_yticks(range(4), self.ROWS)
        axes.tick_params(axis="y", labelcolor=palette.INK)
        axes.axvline(0, color=palette.INK, linewidth=1.5)
        self.bars = [
            self.add_bar(axes, 0, row - 0.29, 0, 0.58, **(palette.LOSS_BAR if row > 1 else palette.BORROWED_BAR))
            for row in range(4)
        ]
        self.gain = self.add_bar(axes, 0, 2.71, 0, 0.58, color=palette.GAIN, linewidth=0)
        self.values = [self.add_text(axes, 0, row, "", va="center", **palette.STRONG) for row in range(4)]

    def move(self, r):
        for row, (bar, text, cost) in enumerate(zip(self.bars, self.values, r.bars)):
            bar.set_width(min(-cost, 0.0))
            text.set(
                text=money(-cost, signed=True) if cost else "$0",
                x=-cost + (8 if cost < 0 else -8),
                ha="left" if cost < 0 else "right",
            )
            text.set_color(palette.change_colour(-cost) if row > 1 else palette.INK)
        self.gain.set_width(max(-r.bars[3], 0.0))
        funding = money(-r.bars[3], signed=True) if r.bars[3] else "$0"
        self.title.set_text(f"{plural(r.days, 'day')}: spot loan {money(-r.bars[2])}, {r.side} future {funding}")


holding_cost = Recipe(
    model,
    Holding,
    [
        side(),
        leverage(2, 100, 10),
        SignedRate("rate", "funding, 8 hours", steps(-0.0002, 0.0002, 0.00005), 0.0001, "%"),
        days(5, 3, low=1),
    ],
    computed,
)
