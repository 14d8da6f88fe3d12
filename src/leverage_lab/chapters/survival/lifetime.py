"""How long does a position stay open at this leverage, in years as volatile as these?"""

import numpy as np

from leverage_lab import data, survival
from leverage_lab.chapters.survival.shared import PATHS, paths
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Rate, leverage, side, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, percent, plain, times

LIFE_MAINTENANCE = 0.001
TIMES = np.geomspace(0.5, 2160, 45)
BELL, CLUSTERS = "bell curve", "clusters"
# Every 5 %, and those of the text: the two counts have 81 % and 55 %, the days of 2025 had 43 %.
VOLATILITIES = tuple(sorted({*steps(0.2, 1.2, 0.05), 0.43, 0.81}))


def span(hours):
    """Hours in words."""
    if hours < 1:
        return f"{plain(60 * hours, 1)} minutes"
    if hours == 1:
        return "1 hour"
    return f"{plain(hours, 1)} hours" if hours < 48 else f"{plain(hours / 24, 1)} days"


def counted(side, move, years):
    """(the horizons, shares still open, between which two half were gone) of the starting hours of these years."""
    hours = survival.measured_hours(years)
    gone = survival.measured(side, move, np.array(hours), years)
    return hours, (1 - gone).tolist(), survival.median_between(hours, gone)


def half_gone(after, by):
    """The same in words."""
    if by == np.inf:
        return f"fewer than half were gone after {span(after)}"
    return f"half were gone {f'within {span(by)}' if after == 0 else f'between {span(after)} and {span(by)}'}"


def model(side, leverage, volatility, kind):
    """How many of many such positions are still open, over time: measured in two stretches of years, and by a model."""
    move = survival.adverse_move(leverage, LIFE_MAINTENANCE)
    known = {years: counted(side, move, years) for years in survival.TABLES}
    told = "; ".join(
        f"of {survival.STARTS[years]:,} opened in {years}, {percent(shares[hours.index(24)], decimals=1)} were open"
        f" after a day, and {half_gone(*between)}"
        for years, (hours, shares, between) in known.items()
    )
    after, by = zip(*(between for *_, between in known.values()))
    half = survival.median_hours(side, move, volatility)
    if kind == BELL:
        at, shares = TIMES, 1 - survival.chance_reached(side, move, TIMES, volatility)
        tells = f"the bell curve says that half are gone after {span(half)}"
    else:
        at, walked = np.array(survival.measured_hours()), paths(volatility)
        shares = 1 - survival.share_reached(walked, side, move, at)
        day = percent(shares[at == 24][0], decimals=1)
        tells = f"{day} of {PATHS:,} simulated paths with clusters are open after a day"
    return Result(
        distance=move, both=half_gone(min(after), max(by)), half=half, curve=(at, shares),
        measured={years: (hours, shares) for years, (hours, shares, _) in known.items()},
        dates=data.span(survival.TABLES.values(), "Measured hours"),
        sentence=(
            f"At {times(leverage)} a {side} is liquidated after a {'fall' if side == 'long' else 'rise'} of"
            f" {percent(move)}. {told[0].upper()}{told[1:]}. "
            f"At a yearly volatility of {percent(volatility)}, {tells}."
        ),
    )  # fmt: skip


def computed(r):
    """By the bell curve, hours until half are gone; with clusters, the share that is open after a day."""
    steps = [
        f"distance = 1 / leverage − maintenance rate = 1 / {plain(r.leverage)} − {percent(LIFE_MAINTENANCE)}"
        f" = {percent(r.distance, decimals=4)}"
    ]
    for years, (hours, shares) in r.measured.items():
        still = percent(shares[hours.index(24)], decimals=1)
        steps.append(f"counted, {years}: of {survival.STARTS[years]:,} positions {still} are open after 24 hours")
    move = call(survival.adverse_move, r.leverage, LIFE_MAINTENANCE)
    if r.kind == BELL:
        sign = -1 if r.side == "long" else 1
        way = percent(abs(np.log1p(sign * r.distance)), decimals=4)
        hour = percent(r.volatility / np.sqrt(survival.HOURS_A_YEAR), decimals=4)
        after = f"{plain(r.half, 1)} hours" + f" = {span(r.half)}" * (r.half < 1 or r.half >= 48)
        steps += [
            f"bell curve: b = |ln(1 {'+' if sign > 0 else '−'} {percent(r.distance, decimals=4)})| = {way}",
            f"σ = volatility of an hour = {percent(r.volatility)} / √{survival.HOURS_A_YEAR:,} = {hour}",
            f"half are gone after (b / (0.67449 × σ))² = ({way} / (0.67449 × {hour}))² = {after}",
        ]
        line = call(survival.median_hours, r.side, move, r.volatility)
        return Computed(tuple(steps), line, (survival.median_hours, survival.adverse_move), float(r.half))
    at, shares = r.curve
    day = float(shares[at == 24][0])
    count = f"{plain(round(PATHS * day))} of {PATHS:,}"
    steps += [
        f"simulated: paths with clusters at a yearly volatility of {percent(r.volatility)}",
        f"still open after 24 hours: {count}, which is {percent(day, decimals=1)}",
    ]
    line = f"1 - {call(survival.share_reached, call(paths, r.volatility), r.side, move, 24)}"
    return Computed(tuple(steps), line, (survival.share_reached, survival.adverse_move, paths), day)


class Lifetime(Picture):
    """How many positions are still open, over time on a logarithmic scale: two counts, and one model."""

    height = 4.7

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.978, **palette.TITLE)
        self.figure.text(0.02, 0.9, "still open, of 100", va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.085, 0.155, 0.9, 0.68, grid="both")
        axes.set(xscale="log", xlim=(0.5, 3300), ylim=(-4, 106), yticks=[0, 25, 50, 75, 100])
        axes.minorticks_off()
        words = ["1 h", "4 h", "8 h", "1 day", "3 d", "1 week", "30 d", "90 d"]
        axes.set_xticks(survival.measured_hours(), words)
        axes.axhline(50, color=palette.MUTED, linewidth=1.5, linestyle=":")
        axes.text(0.56, 46.5, "half are gone", va="top", bbox=palette.GROUND, **palette.QUIET)
        source = "hourly trades at Bitstamp (39,955 starting hours) and Binance (17,158)"
        self.figure.text(0.98, 0.012, source, ha="right", va="bottom", **palette.QUIET)
        self.curve = self.add_line(
            axes, color=palette.INK, linewidth=2, linestyle="--", markersize=9, markerfacecolor=palette.PAPER
        )
        looks = {survival.EARLIER: ("o", "●", palette.FIRST), survival.LATER: ("s", "■", palette.SECOND_TEXT)}
        self.measured = {}
        for x, (years, (marker, mark, colour)) in zip((0.27, 0.49), looks.items(), strict=True):
            self.measured[years] = self.add_line(axes, color=colour, linewidth=3, marker=marker, markersize=8)
            self.figure.text(
                x, 0.9, f"{mark} {years}", va="top", fontweight="bold", **palette.QUIET | {"color": colour}
            )
        self.name = self.add_text(
            self.figure, 0.985, 0.9, ha="right", va="top", fontsize=palette.SMALL, color=palette.INK
        )

    def move(self, r):
        self.title.set_text(f"{times(r.leverage)} {r.side}: {r.both}")
        for years, (hours, shares) in r.measured.items():
            self.measured[years].set_data(hours, [100 * share for share in shares])
        at, shares = r.curve
        self.curve.set_data(at, 100 * shares)
        self.curve.set_marker("" if r.kind == BELL else "D")
        self.name.set_text(f"{'- -' if r.kind == BELL else '◇'} {r.kind}, {percent(r.volatility)}")


lifetime = Recipe(
    model,
    Lifetime,
    [
        side(),
        leverage(2, 500, 100),
        Rate("volatility", "volatility", VOLATILITIES, 0.81, "%"),
        Choice("kind", "model", (BELL, CLUSTERS), BELL),
    ],
    computed,
)
