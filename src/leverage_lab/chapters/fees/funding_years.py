"""What did it cost to hold a long for a month or a year, since 2019?"""

from datetime import date, timedelta
from functools import cache

import numpy as np

from leverage_lab import data, dates
from leverage_lab.chapters.fees.shared import A_DAY, PRICE, after_sign, bill, title
from leverage_lab.chapters.months import Month, after, since
from leverage_lab.checks import sign
from leverage_lab.fees import funding_over_path, funding_payment
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, leverage, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, money, percent, plain, times

TABLE = "btc_funding_daily_2019_2026"
VALUE = 10_000.0  # of the position, kept at that
HELD = {"30 days": 30, "90 days": 90, "a year": 365}
FIRST, LAST = "2019-10", "2025-02"  # months to begin in: a year from the last one is still in the table


@cache
def daily():
    """(first day, mean funding rate for 8 hours of each day since): one row a day, without a gap."""
    table = data.load(TABLE)
    return date.fromisoformat(table.date.iloc[0]), table.mean_rate_8h.to_numpy()


def window(start, held):
    """(number of the first day, rates) of so many days from the first of month `start`, counted from FIRST."""
    first, rates = daily()
    at = (date.fromisoformat(after(FIRST, start) + "-01") - first).days
    return at, rates[at : at + held]


def model(side, leverage, start, held):
    """What funding took from a long, or brought a short, over the days of a real market."""
    at, rates = window(int(start), HELD[held])
    paid = np.cumsum(funding_over_path(side, VALUE / PRICE, np.full(len(rates), PRICE), A_DAY * rates))
    share = paid[-1] / VALUE
    begin = daily()[0] + timedelta(days=at)
    below = int((rates < 0).sum())
    own = VALUE / leverage
    does = f"paid {money(paid[-1])}" if paid[-1] > 0 else f"received {money(-paid[-1])}"
    return Result(
        at=at,
        paid=paid / VALUE,
        share=share,
        below=below,
        mean=rates.mean(),
        title=f"{held.capitalize()} from {dates.shown(after(FIRST, int(start)))}: {side} {does}",
        of_margin=leverage * share,
        dates=data.whole(TABLE),
        sentence=(
            f"A {side} of {money(VALUE)} in BTC, opened on {dates.shown(begin.isoformat())} and kept at that value for"
            f" {len(rates)} days, {does} in funding: {percent(abs(share))} of the position. At {times(leverage)} that"
            f" is {percent(abs(leverage * share))} of a margin of {money(own)}. On {below} of the {len(rates)} days"
            " shorts paid."
        ),
    )


def computed(r):
    """The position × the sum of all the rates, which is three times the days × their mean."""
    held, days, paid = HELD[r.held], len(r.paid), VALUE * r.share
    mean = percent(r.mean, decimals=6)
    return Computed(
        steps=(
            f"mean of the rates for 8 hours on these {days} days (Binance): {mean}",
            f"settlements = {A_DAY} a day × {days} days = {plain(A_DAY * days)}",
            f"funding of a {r.side} = {'−' * (r.side == 'short')}position × mean rate × settlements",
            f"= {money(sign(r.side) * VALUE)} × {after_sign(mean)} × {plain(A_DAY * days)} = {bill(paid)}",
            f"of the margin: {money(paid)} / ({money(VALUE)} / {plain(r.leverage)}) = {percent(r.of_margin)}",
        ),
        python=call(funding_payment, r.side, VALUE / PRICE, PRICE, Code(f"{A_DAY} * {call(window, r.start, held)}[1]"))
        + ".sum()",
        uses=(funding_payment, window),
        number=float(paid),
    )


class Years(Picture):
    """Funding of every day since 2019, and what it came to in the days held."""

    height = 4.9

    def draw(self):
        first, rates = daily()
        self.title = title(self, "above: each day's rate for 8 hours (Binance); below: paid so far")
        top = self.top = self.add_chart(0.105, 0.5, 0.865, 0.31)
        top.set(xlim=(0, len(rates)), ylim=(-0.0014, 0.0018))
        top.set_yticks([-0.001, 0, 0.001], ["−0.1 %", "0 %", "+0.1 %"])
        years = range(2020, 2027)
        top.set_xticks([(date(year, 1, 1) - first).days for year in years], [str(year) for year in years])
        every = np.arange(len(rates))
        top.fill_between(every, 0, np.maximum(rates, 0), color=palette.LOSS, linewidth=0)
        top.fill_between(every, 0, np.minimum(rates, 0), color=palette.GAIN, linewidth=0)
        top.axhline(0, color=palette.MUTED, linewidth=0.8)
        top.text(0.995, 0.95, "above 0: longs pay", transform=top.transAxes, ha="right", va="top", **palette.QUIET)
        top.text(0.995, 0.05, "below 0: shorts pay", transform=top.transAxes, ha="right", va="bottom", **palette.QUIET)
        self.window = self.add_bar(top, 0, -0.0014, 0, 0.0032, facecolor="none", edgecolor=palette.INK, linewidth=2)
        axes = self.axes = self.add_chart(0.105, 0.115, 0.865, 0.28)
        axes.axhline(0, color=palette.MUTED, linewidth=0.8)
        axes.set_xlabel("days held", **palette.QUIET)
        self.line = self.add_line(axes, color=palette.FIRST, linewidth=3)
        self.value = self.add_text(axes, 0, 0, "", ha="right", va="bottom", **palette.STRONG)

    def frame(self, r):
        return len(r.paid)

    def reframe(self, r):
        held = len(r.paid)
        most = self.most = {30: 0.096, 90: 0.18, 365: 0.36}[held]  # the axis: the same for every month
        self.axes.set(xlim=(0, held * 1.02), ylim=(-most, most))
        self.axes.set_yticks(
            [-most / 1.2, 0, most / 1.2], [percent(y, signed=True) for y in (-most / 1.2, 0, most / 1.2)]
        )
        ticks = (0, 120, 240, 365) if held == 365 else range(0, held + 1, held // 3)  # always four
        self.axes.set_xticks(ticks, [str(tick) for tick in ticks])

    def move(self, r):
        self.title.set_text(r.title)
        self.window.set(x=r.at, width=len(r.paid))
        self.line.set_data(np.arange(len(r.paid) + 1), np.concatenate([[0.0], r.paid]))
        up = r.share < 0  # the words stand where the line is not
        self.value.set(
            text=f"{percent(abs(r.share))} of the position, {percent(abs(r.of_margin))} of the margin",
            x=len(r.paid),
            y=self.most * (0.4 if up else -0.4),
            va="bottom" if up else "top",
        )


funding_years = Recipe(
    model,
    Years,
    [
        side(),
        leverage(1, 50, 3),
        Month("start", "opened in", tuple(range(since(FIRST, LAST) + 1)), 15, whole=True, first=FIRST),
        Choice("held", "held for", tuple(HELD), "a year"),
    ],
    computed,
)
