"""How does a premium become a funding rate?"""

from functools import cache

import numpy as np

from leverage_lab import data, dates
from leverage_lab.chapters.fees.shared import A_DAY, PRICE, USUAL, after_sign, bill, title
from leverage_lab.fees import funding_payment, funding_rate
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, SignedRate, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent

VALUE = 10_000.0
CLAMP = 0.0005
EDGE = 0.005  # the picture's
CAPS = {"Binance, BTC": ("Binance", "BTCUSDT"), "OKX, BTC": ("OKX", "BTC (USDT, USD)"), "none": None}


@cache
def cap_of(name):
    """(the cap as a fraction or None, its Dates): a row of data/funding.csv."""
    if CAPS[name] is None:
        return None, dates.Dates()
    table = data.load("funding")
    exchange, symbol = CAPS[name]
    row = table[(table.exchange == exchange) & (table.symbol == symbol) & (table.field == "cap")].iloc[0]
    return float(row.value), dates.of([row.as_of], what=f"{exchange}'s cap")


def rate_word(rate):
    return percent(rate, signed=True, decimals=3)


def model(premium, cap):
    """The funding rate of a premium, by the usual rule, and what it costs."""
    limit, when = cap_of(cap)
    free = funding_rate(premium, USUAL, CLAMP)
    rate = funding_rate(premium, USUAL, CLAMP, limit)
    flat = abs(USUAL - premium) <= CLAMP + 1e-12
    if flat:
        why = f"That is within {percent(CLAMP)} of the interest of {percent(USUAL)}, so the rate is the interest"
    else:
        why = (
            f"That is more than {percent(CLAMP)} from the interest of {percent(USUAL)}, so the rate is the premium"
            f" moved {percent(CLAMP)} towards the interest: {rate_word(free)}"
        )
    capped = rate != free
    if capped:
        why += f", and the cap of {percent(limit, decimals=3)} cuts it to {rate_word(rate)}"
    paid = funding_payment("long", VALUE / PRICE, PRICE, rate)
    pays = f"pays {money(paid)}" if paid > 0 else f"receives {money(-paid)}" if paid < 0 else "pays nothing"
    where = "above" if premium > 0 else "below"
    place = f"{percent(abs(premium), decimals=3)} {where} the coin" if premium else "at the price of the coin"
    return Result(
        limit=limit,
        rate=rate,
        flat=flat,
        capped=capped,
        year=A_DAY * 365 * rate,
        dates=when,
        sentence=(
            f"The contract trades {place}. {why}. A long of {money(VALUE)} {pays} for 8 hours; a year at this rate"
            f" would be {percent(abs(A_DAY * 365 * rate))} of the position."
        ),
    )


def computed(r):
    """The rule with its clamp, then the cap."""
    free = funding_rate(r.premium, USUAL, CLAMP)
    premium, added, rate = (percent(part, decimals=3) for part in (r.premium, free - r.premium, r.rate))
    limited = f"limited to ±{percent(CLAMP)}"
    cap = "no cap: the rate stays" if r.limit is None else f"cap ±{percent(r.limit, decimals=3)}: the rate is"
    return Computed(
        steps=(
            f"rate = premium + (interest − premium), with the bracket {limited}; then the cap applies",
            f"interest − premium = {percent(USUAL)} − {after_sign(premium)} = {rate_word(USUAL - r.premium)}",
            f"{limited}: {rate_word(free - r.premium)}",
            f"premium + this = {premium} + {after_sign(added)} = {rate_word(free)}",
            f"{cap} {rate_word(r.rate)} for 8 hours",
            f"funding of a long = position × rate = {money(VALUE)} × {after_sign(rate)} = {bill(VALUE * r.rate)}",
        ),
        python=call(funding_rate, r.premium, USUAL, CLAMP, *[] if r.limit is None else [r.limit]),
        uses=(funding_rate,),
        number=float(r.rate),
    )


class Rule(Picture):
    """The rate over the premium: a flat part, two slopes, and the cap."""

    height = 4.6
    GRID = np.array(sorted({*np.linspace(-EDGE, EDGE, 201), USUAL - CLAMP, USUAL + CLAMP}))

    def draw(self):
        self.title = title(self, "the rate for 8 hours; dashed: if it were simply the premium")
        axes = self.axes = self.add_chart(0.105, 0.145, 0.865, 0.65, grid="both")
        axes.set(xlim=(-1.04 * EDGE, 1.04 * EDGE), ylim=(-EDGE, EDGE))
        ticks = (-0.004, -0.002, 0, 0.002, 0.004)
        axes.set_xticks(ticks, [rate_word(tick) for tick in ticks])
        axes.set_yticks(ticks, [rate_word(tick) for tick in ticks])
        axes.set_xlabel("premium: contract above the coin", **palette.QUIET)
        axes.axvspan(USUAL - CLAMP, USUAL + CLAMP, color=palette.BORROWED, linewidth=0)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        axes.plot([-EDGE, EDGE], [-EDGE, EDGE], color=palette.MUTED, linewidth=1.2, linestyle="--")
        axes.text(
            USUAL + CLAMP + 0.0001, -0.0012, f"shaded: here the rate\nis the interest, {percent(USUAL)}", va="top",
            fontsize=palette.SMALL, color=palette.FIRST,
        )  # fmt: skip
        self.caps = [self.add_line(axes, color=palette.LOSS, linewidth=1.5, linestyle=":") for _ in range(2)]
        self.cap_name = self.add_text(
            axes, -EDGE * 0.97, 0, "", va="bottom", fontsize=palette.SMALL, color=palette.LOSS_TEXT
        )
        self.rule = self.add_line(axes, color=palette.FIRST, linewidth=3.5)
        self.drop = self.add_line(axes, color=palette.INK, linewidth=1)
        self.dot = self.add_line(axes, "o", color=palette.INK, markersize=10, zorder=6)
        self.value = self.add_text(axes, 0, 0, "", ha="center", bbox=palette.GROUND, **palette.STRONG)

    def move(self, r):
        self.title.set_text(f"Premium {rate_word(r.premium)}: funding {rate_word(r.rate)}")
        self.rule.set_data(self.GRID, funding_rate(self.GRID, USUAL, CLAMP, r.limit))
        for line, sign in zip(self.caps, (1, -1)):
            line.set_data(*([], []) if r.limit is None else ([-EDGE, EDGE], [sign * r.limit] * 2))
        self.cap_name.set(
            text="" if r.limit is None else f"cap {percent(r.limit, decimals=3)}", y=(r.limit or 0) + 0.0001
        )
        self.drop.set_data([r.premium] * 2, [0, r.rate])
        self.dot.set_data([r.premium], [r.rate])
        up = r.rate > 0  # the words stand at the foot of the line, on the free side of the axis
        x = min(max(r.premium, -0.88 * EDGE), 0.88 * EDGE)
        self.value.set(text=rate_word(r.rate), x=x, y=-0.0003 if up else 0.0003, va="top" if up else "bottom")


funding_rule = Recipe(
    model,
    Rule,
    [
        SignedRate("premium", "premium", steps(-EDGE, EDGE, 0.0001), 0.003, "%"),
        Choice("cap", "cap", tuple(CAPS), "Binance, BTC"),
    ],
    computed,
)
