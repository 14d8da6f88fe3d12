"""Up to which position size does an exchange allow this leverage?"""

import math
from functools import lru_cache

import numpy as np
from matplotlib.patches import Polygon

from leverage_lab import dates
from leverage_lab.chapters.exchanges.shared import Titled, allowed, captures, may, size_as_of
from leverage_lab.exchanges import exchanges, max_leverage
from leverage_lab.liquidation import EDGE
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Choice, Slider, ladder, leverage
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, times


@lru_cache(maxsize=None)
def all_sizes_dates():
    return dates.of([text for name in exchanges() for text in size_as_of(name)])


def model(name, position, leverage):
    """One exchange's stairs with a position on them, and how the others stand to it."""
    top, answer = allowed(name, position), may(name, position, leverage)
    verdicts = {other: may(other, position, leverage) for other in exchanges()}
    yes, no, unknown = ([other for other, said in verdicts.items() if said is kind] for kind in (True, False, None))
    when, steps, complete = captures(name)[0]
    of = {"undated": "undated tiers", "no tiers": "no tiers known"}.get(when, f"tiers of {dates.in_words(when)}")
    most, size = times(max_leverage(name)), f"a position of {money(position)}"
    told = f"its maximum is {most}; for {size} it is {times(top or 0)}."
    if top is None:
        told = f"its maximum is {most}; no source says whether that applies to {money(position)}."
    elif top == 0:
        told = f"its maximum is {most}; {size} is larger than its last tier, which ends at {money(steps[-1][1])}."
    allow = f"{len(yes)} allow" if len(yes) > 1 else "1 allows" if yes else "none allows"
    return Result(
        top=top, answer=answer, steps=steps, complete=complete, captures=captures(name)[1:],
        maximum=max_leverage(name), counts=(len(yes), len(no), len(unknown)), dates=all_sizes_dates(),
        sentence=(
            f"{name} ({of}): {told} Of {len(verdicts)} exchanges {allow} {times(leverage)} at that size{_named(yes)},"
            f" {len(no)} {'does' if len(no) == 1 else 'do'} not, for {len(unknown)} it is not known{_named(unknown)}."
        ),
    )  # fmt: skip


def computed(r):
    """The tier in which the position lies, and where the last one ends that allows the leverage."""
    size, asked, (yes, no, unknown) = money(r.position), times(r.leverage), r.counts
    place = sum(high * (1 + EDGE) < r.position for _, high, _ in r.steps[:-1])
    tiers = ", then ".join(f"{times(top)} {_to(high)}" for _, high, top in r.steps[place : place + 2])
    ends = [_to(high) for _, high, top in r.steps if top >= r.leverage]
    return Computed(
        steps=(
            f"maximum leverage = that of the position's tier ({r.name}, BTC)",
            f"{tiers}: {_found(r)}",
            f"{asked} is allowed {ends[-1] if ends else 'for no size'}" + ", as far as known" * (not r.complete),
            f"by the tiers of each: {yes} of {len(exchanges())} exchanges allow {asked} for {size}, {no} do not,"
            f" for {unknown} not known",
        ),
        python=call(allowed, r.name, r.position),
        uses=(allowed,),
        number=r.top,
    )


def _to(end):
    """Where a tier ends, in words."""
    return "without a limit" if math.isinf(end) else "to an unknown size" if math.isnan(end) else f"up to {money(end)}"


def _found(r):
    if r.top == 0:
        return f"{money(r.position)} is larger than the last tier"
    return f"for {money(r.position)} {'not known' if r.top is None else f'it is {times(r.top)}'}"


def _named(names):
    return f" ({', '.join(names)})" if names else ""


SIZES = {1e4: "$10,000", 1e5: "$100,000", 1e6: "$1m", 1e7: "$10m", 1e8: "$100m", 1e9: "$1bn"}
LEFT, RIGHT, LOW, HIGH = 1e4, 1e9, 0.9, 900


def outline(steps, complete):
    """Points of a stair from left to right: (known, unknown), each with x and y."""
    known, unknown = [], []
    for low, high, top in steps:
        low = max(low, LEFT)
        if math.isnan(high):
            unknown = [(low, top), (RIGHT, top)]
        else:
            known += [(low, top), (min(high, RIGHT), top)]
    if known and not unknown and known[-1][0] < RIGHT:
        if complete:
            known.append((known[-1][0], LOW))
        else:
            unknown = [known[-1], (RIGHT, known[-1][1])]
    return known, unknown


class Stairs(Titled):
    """Maximum leverage over position size: one exchange's stairs, and the learner's position."""

    height = 4.9
    under = "blue: allowed · dashes: other captures · dots: not known"

    def draw(self):
        self.head()
        axes = self.axes = self.add_chart(0.075, 0.2, 0.9, 0.62, grid="both")
        axes.set(xscale="log", yscale="log", xlim=(LEFT, RIGHT), ylim=(LOW, HIGH))
        axes.minorticks_off()
        axes.set_xticks(list(SIZES), list(SIZES.values()), parse_math=False)
        axes.get_xticklabels()[0].set_ha("left"), axes.get_xticklabels()[-1].set_ha("right")
        axes.set_xlabel("size of the position (m: million, bn: billion)", **palette.QUIET)
        axes.set_yticks([1, 5, 20, 50, 125, 500], ["1x", "5x", "20x", "50x", "125x", "500x"])
        room = Polygon([(LEFT, LOW)], facecolor=palette.BORROWED, edgecolor="none", zorder=0)
        self.room = self.moving(axes.add_patch(room))
        self.others = self.add_line(axes, color=palette.SECOND_TEXT, linewidth=2, linestyle="--", zorder=2)
        self.line = self.add_line(axes, color=palette.FIRST, linewidth=4, solid_joinstyle="miter", zorder=3)
        self.unknown = self.add_line(axes, color=palette.FIRST, linewidth=3, linestyle=":", zorder=3)
        self.point = self.add_line(axes, markersize=12, markeredgewidth=2.5, clip_on=False, zorder=5)
        style = palette.STRONG | {"va": "center", "ha": "center", "bbox": palette.GROUND | {"pad": 1.5}}
        self.word = self.add_text(axes, LEFT, 1, "", zorder=4, **style)

    def move(self, r):
        known, unknown = outline(r.steps, r.complete)
        self.line.set_data(*zip(*known) if known else ([], []))
        self.unknown.set_data(*zip(*unknown) if unknown else ([], []))
        self.room.set_xy([(LEFT, LOW), *known, (known[-1][0], LOW)] if known else [(LEFT, LOW), (LEFT, LOW)])
        other = [[*outline(steps, complete)[0], (np.nan, np.nan)] for _, steps, complete in r.captures]
        self.others.set_data(*zip(*sum(other, [])) if other else ([], []))
        x, y = r.position, r.leverage
        word, marker, colour, fill = {
            True: ("allowed", "o", palette.INK, palette.INK),
            False: ("not allowed", "X", palette.LOSS_TEXT, palette.LOSS),
            None: ("not known", "o", palette.INK, palette.PAPER),
        }[r.answer]
        self.point.set_data([x], [y])
        self.point.set(marker=marker, color=colour, markerfacecolor=fill)
        # Above a cross and below a dot there are no stairs in the way; at the edges the word keeps within the picture.
        above = r.answer is False or y < 2.5
        self.word.set_position((min(max(x, LEFT * 12), RIGHT / 12), y * 1.8 if above else y / 1.8))
        self.word.set(text=f"yours at {times(y)}: {word}", color=colour)
        self.title.set_text(f"{r.name}: up to {times(r.maximum)}; {_found(r)}")


stairs = Recipe(
    model,
    Stairs,
    [
        Choice("name", "exchange", exchanges(), "Binance"),
        Slider("position", "position", ladder(10_000, 1_000_000_000), 20_000, "$"),
        leverage(1, 500, 125),
    ],
    computed,
)
