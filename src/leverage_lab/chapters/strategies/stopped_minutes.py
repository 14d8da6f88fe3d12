"""How often would a stop at this distance have been hit in real minutes?"""

from functools import cache

import numpy as np

from leverage_lab.candles import bundled, effective_spread
from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.strategies.shared import _mexc, _mexc_dates, _stop, share_in_words, stopped
from leverage_lab.liquidation import Rules
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import broken, left_of, price_labels, round_ticks, source_line, time_ticks, view
from leverage_lab.panelkit.controls import Slider, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.strategies import max_leverage_for_stop
from leverage_lab.words import Code, call, lasting, percent, plural, times

_three_hours = cache(bundled)  # of 3 February 2025


def _spread(candles, stop):
    """Roll's estimate of the spread, in a sentence; nothing if bars are few, missing or long, or the closes trend."""
    minutes = len(candles) > 3 and not candles.gaps and candles.step <= 60
    spread = effective_spread(candles.arrays["close"]) if minutes else np.nan
    if np.isnan(spread):
        return ""
    than = f"{percent(spread, decimals=3)}, {'more' if spread > stop else 'less'} than the stop's distance"
    return f" Roll's estimate of the spread in these minutes is {than}."


def model(side, stop, minutes, market=None):
    """Real minutes: a position opened at the first price of each; was its stop touched in time? minutes: bars held."""
    candles, s = market or _three_hours(), 1 if side == "long" else -1
    places, touched = stopped(side, stop, minutes, candles)
    starts, count = len(places), int(touched.sum())
    rate = _mexc().maintenance_rate
    cap = max_leverage_for_stop(side, ENTRY, ENTRY * (1 - s * stop), Rules(rate, "entry"))
    if market is None:
        within = f"within {plural(minutes, 'minute')}"
        what = f"BTC, 3 February 2025, 00:00 to 03:00 UTC: a {side} opened with each minute's first price"
    else:
        within = f"within {lasting(minutes * market.step)}"
        each = f"a {side} opened with the first price of each bar of {lasting(market.step)}"
        what = f"{market.name}, {market.period}{market.missing}: {each}"
    told = f"{count:,} of {starts:,} were stopped, {share_in_words(count / starts)}" if starts else NOBODY_KNOWS
    return Result(
        candles=candles.arrays, places=places, touched=touched, count=count, starts=starts, told=told,
        dates=_mexc_dates("maintenance_rate", what="MEXC's maintenance rate"), within=within, market=market,
        sentence=(
            f"{what}, its stop {percent(stop)} away. {within.capitalize()} {told}.{_spread(candles, stop)}"
            f" Such a stop comes before the liquidation at any leverage below {times(cap)} (maintenance"
            f" {percent(rate)})."
        ),
    )  # fmt: skip


def computed(r):
    """How many were stopped, counted, and their share."""
    stop = percent(r.stop, decimals=4)
    sign, price, beyond = ("−", "lowest", "below") if r.side == "long" else ("+", "highest", "above")
    candles, uses = (Code("prices"), (stopped,)) if r.market else (call(bundled, "minutes"), (stopped, bundled))
    return Computed(
        steps=(
            f"stop price = first price × (1 {sign} stop distance) = first price × (1 {sign} {stop})",
            f"counted as stopped: the {r.side}s whose {price} price {r.within} was at the stop price or {beyond} it",
            f"share = stopped / opened: {r.told}",
            *(["prices: the candles you gave to use()"] if r.market else []),
        ),
        python=Code(f"{call(stopped, r.side, r.stop, r.minutes, candles)}[1].sum()"),
        uses=uses,
        number=r.count,
    )


NOBODY_KNOWS = "none can be followed: too many bars are missing"


class Minutes(Picture):
    """Three hours of real minutes: each minute's first price, marked by whether a stop below it was touched."""

    height = 4.4

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE | {"fontsize": palette.NORMAL + 1})
        self.opened = self.figure.text(
            0.02, 0.9, "one position opened at each minute's first price, 3 February 2025", va="top", **palette.QUIET
        )
        axes = self.axes = self.add_chart(0.115, 0.165, 0.865, 0.66)
        axes.set(xlim=(-3, 184), ylim=(91_000, 98_600))
        axes.set_xticks([0, 60, 120, 180], ["00:00", "01:00", "02:00", "03:00"])
        axes.set_yticks([92_000, 94_000, 96_000, 98_000], ["$92,000", "$94,000", "$96,000", "$98,000"])
        self.price = self.add_line(axes, color=palette.MUTED, linewidth=1.5, linestyle="--")
        self.kept = self.add_line(axes, "o", color=palette.FIRST, markersize=6, zorder=4)
        self.hit = self.add_line(axes, "v", color=palette.LOSS, markersize=6)
        self.key = []
        for y, marker, colour, word, ink in (
            (92_400, "o", palette.FIRST, "still open", palette.FIRST),
            (91_600, "v", palette.LOSS, "stopped", palette.LOSS_TEXT),
        ):
            text = axes.text(10, y, word, va="center", fontsize=palette.NORMAL, color=ink)
            self.key.append((axes.plot([6], [y], marker, color=colour, markersize=8)[0], text))
        self.source = self.figure.text(
            0.98, 0.012, "UTC; trades of BTC/USD at Bitstamp, minutes by ff137 (CC BY 4.0)", ha="right", **palette.QUIET
        )

    def frame(self, r):
        return id(r.market)

    def reframe(self, r):
        if (market := r.market) is None:
            return
        self.opened.set_text(f"one position opened with the first price of each bar of {lasting(market.step)}")
        self.source.set_text(source_line(self, market))
        last, opens = int(r.candles["at"][-1]), r.candles["open"]
        bottom, top = view(opens[0], opens)
        ticks, tick = round_ticks(bottom, top)
        labels = price_labels(ticks, tick)
        edge = left_of(self, labels, 0.115)
        self.axes.set_position((edge, 0.165, 0.98 - edge, 0.66))
        foot = 0.12 * (top - bottom)  # for the key
        self.axes.set(xlim=(-0.017 * last, 1.022 * last), ylim=(bottom - foot, top))
        self.axes.set_xticks(*time_ticks(market))
        self.axes.set_yticks(ticks, labels)
        for (mark, word), x in zip(self.key, (0.01, 0.22)):
            mark.set_data([x * last], [bottom - 0.4 * foot])
            word.set_position(((x + 0.02) * last, bottom - 0.4 * foot))
        for marks in (self.kept, self.hit):
            marks.set_markersize(6 if last < 200 else 4 if last < 800 else 2.5)

    def move(self, r):
        self.title.set_text(f"{r.count:,} of {r.starts:,} {r.side}s stopped {r.within}")
        at, opens = r.candles["at"], r.candles["open"]
        self.price.set_data(*broken(at, opens))
        if r.market:
            self.hit.set_zorder(5 if 2 * r.count < r.starts else 2)  # the fewer lie on top
        starts, opens = at[r.places], opens[r.places]
        self.kept.set_data(starts[~r.touched], opens[~r.touched])
        self.hit.set_data(starts[r.touched], opens[r.touched])


def _controls(most=30, label="minutes held"):
    held = tuple(stop for stop in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30) if stop <= most)
    return [side(), _stop(0.0005, 0.02, 0.001), Slider("minutes", label, held, 1, whole=True)]


stopped_minutes = Recipe(
    model,
    Minutes,
    _controls(),
    computed,
    market=lambda candles: _controls(len(candles), "minutes held" if candles.step == 60 else "bars held"),
)
