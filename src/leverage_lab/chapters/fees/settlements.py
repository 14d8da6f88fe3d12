"""Which funding settlements fall into the time a position is open?"""

import numpy as np

from leverage_lab.chapters.fees.shared import PRICE, USUAL, hours_word, title
from leverage_lab.fees import funding_payment, funding_settlements
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, literal, money, percent, plain, plural

VALUE = 10_000.0


INTERVALS = {"8 hours": 8, "4 hours": 4, "1 hour": 1, "all the time": 0}  # 0: it accrues, as on Kraken and Deribit


def time_of_day(hours):
    """7.5 is 7:30, 31.5 is 7:30 on the next day."""
    minutes = round(hours * 60)
    day = "" if minutes < 24 * 60 else " the next day"
    return f"{minutes // 60 % 24}:{minutes % 60:02}{day}"


def model(opened, held, interval):
    """Which funding times fall into the time a position is held."""
    every = INTERVALS[interval]
    by_time = funding_payment("long", VALUE / PRICE, PRICE, USUAL * held / 8)
    begin = f"A long of {money(VALUE)}, opened at {time_of_day(opened)}, closed at {time_of_day(opened + held)}:"
    if not every:
        told = f"funding accrues, so it pays {money(by_time)} for {hours_word(held)} ({percent(USUAL)} for 8 hours)."
        return Result(
            opened=opened, held=held, ticks=[], met=[], count=0, paid=by_time, accrues=True, sentence=f"{begin} {told}"
        )
    count = funding_settlements(opened, held, every)
    once = funding_payment("long", VALUE / PRICE, PRICE, USUAL * every / 8)
    ticks = np.arange(0, 49, every)
    met = ticks[(ticks > opened + 1e-9) & (ticks <= opened + held + 1e-9)]
    moments = (
        "no settlement falls" if count == 0 else f"{plural(count, 'settlement')} {'falls' if count == 1 else 'fall'}"
    )
    span = f"these {hours_word(held)}"
    if held <= 1:
        span = "this " + hours_word(held).removeprefix("1 ").replace("half an", "half")
    return Result(
        opened=opened,
        held=held,
        ticks=ticks,
        met=met,
        count=count,
        paid=count * once,
        accrues=False,
        sentence=(
            f"{begin} {moments} within {span}, so it pays {money(count * once)} ({percent(USUAL)} for 8 hours,"
            f" settled every {interval if every > 1 else 'hour'}). Charged by the minute it would be {money(by_time)}."
        ),
    )


def computed(r):
    """Settlements met × one payment, or a payment by the time."""
    every = INTERVALS[r.interval]
    payment = call(funding_payment, "long", VALUE / PRICE, PRICE, Code(f"{USUAL} * {literal(every or r.held)} / 8"))
    if not every:
        return Computed(
            steps=(
                "funding accrues all the time: funding = position × rate for 8 hours × hours held / 8",
                f"= {money(VALUE)} × {percent(USUAL)} × {plain(r.held)} / 8 = {money(r.paid)}",
            ),
            python=payment,
            uses=(funding_payment,),
            number=float(r.paid),
        )
    before, until = (int(hour / every + 1e-9) for hour in (r.opened, r.opened + r.held))
    return Computed(
        steps=(
            "settlements while open = those from midnight to the close − those from midnight to the opening",
            f"to the close: {plain(r.opened + r.held)} h / {every} h, rounded down: {until}",
            f"to the opening: {plain(r.opened)} h / {every} h, rounded down: {before}",
            f"while open: {until} − {before} = {r.count}",
            "funding = settlements × position × rate for 8 hours × interval / 8",
            f"= {r.count} × {money(VALUE)} × {percent(USUAL)} × {every} / 8 = {money(r.paid)}",
        ),
        python=f"{call(funding_settlements, r.opened, r.held, every)} * {payment}",
        uses=(funding_settlements, funding_payment),
        number=float(r.paid),
    )


class Settled(Picture):
    """A position on the clock, and the moments at which funding is settled."""

    height = 3.3

    def draw(self):
        self.title = title(self, "two days; triangles: settlements; a band: funding that accrues")
        axes = self.axes = self.add_chart(0.035, 0.18, 0.93, 0.6, grid="")
        axes.set(xlim=(-0.4, 48.4), ylim=(0, 1), yticks=[])
        axes.set_xticks(range(0, 49, 8), [f"{hour % 24}:00" for hour in range(0, 49, 8)])
        axes.set_xlabel("time of day (UTC)", **palette.QUIET)
        axes.plot([0, 48], [0.12, 0.12], color=palette.MUTED, linewidth=1.5)
        self.drops = self.add_line(axes, color=palette.LOSS, linewidth=2)
        self.all = self.add_line(axes, "^", color=palette.MUTED, markerfacecolor=palette.PAPER, markersize=10)
        self.met = self.add_line(axes, "^", color=palette.LOSS, markersize=13, zorder=5)
        self.bar = self.add_bar(axes, 0, 0.42, 0, 0.28, color=palette.FIRST)
        self.band = self.add_bar(axes, 0, 0.06, 0, 0.12, color=palette.LOSS)
        self.name = self.add_text(axes, 0, 0.74, "", va="bottom", **palette.STRONG | {"color": palette.FIRST})

    def move(self, r):
        settled = f"{plural(r.count, 'settlement')} while open: {money(r.paid)} paid"
        self.title.set_text(
            f"Accrued while open: {money(r.paid)} paid"
            if r.accrues
            else settled
            if r.count
            else "No settlement while open: nothing paid"
        )
        self.bar.set(x=r.opened, width=max(r.held, 0.12))
        self.band.set(x=r.opened, width=r.held, visible=r.accrues)
        right = r.opened + r.held > 24
        self.name.set(
            text=f"open {plain(r.held)} h", x=r.opened + r.held if right else r.opened, ha="right" if right else "left"
        )
        many = len(r.ticks) > 20  # every hour: smaller, so that they do not touch
        self.all.set_markersize(6 if many else 10)
        self.met.set_markersize(7 if many else 13)
        self.drops.set_linewidth(1 if many else 2)
        self.all.set_data(r.ticks, np.full(len(r.ticks), 0.12))
        self.met.set_data(r.met, np.full(len(r.met), 0.12))
        self.drops.set_data([x for t in r.met for x in (t, t, np.nan)], [y for _ in r.met for y in (0.12, 0.7, np.nan)])


settlements = Recipe(
    model,
    Settled,
    [
        Slider("opened", "opened at (hour)", steps(0, 23.5, 0.5), 7.5),
        Slider("held", "hours held", steps(0.5, 24, 0.5), 1),
        Choice("interval", "settled every", tuple(INTERVALS), "8 hours"),
    ],
    computed,
)
