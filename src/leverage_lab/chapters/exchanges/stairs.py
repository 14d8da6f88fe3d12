"""Up to which position size does an exchange allow this leverage?"""

import math
from functools import lru_cache

import numpy as np
from matplotlib.patches import Polygon

from leverage_lab import dates
from leverage_lab.chapters.exchanges.shared import Titled, allowed, captures, may, size_as_of
from leverage_lab.exchanges import exchanges, max_leverage
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Choice, Slider, ladder, leverage
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, times


@lru_cache(maxsize=None)
def all_sizes_dates():
    return dates.of([text for name in exchanges() for text in size_as_of(name)])


def model(name, position, leverage):
    """One exchange's stairs with a position on them, and how the others stand to it."""
    top, answer = allowed(name, position), may(name, position, leverage)
    verdicts = {other: may(other, position, leverage) for other in exchanges()}
    yes, no, unknown = (
        [other for other, verdict in verdicts.items() if verdict is kind] for kind in (True, False, None)
    )
    when, steps, complete = captures(name)[0]
    of = {"undated": "undated tiers", "no tiers": "no tiers known"}.get(when, f"tiers of {dates.in_words(when)}")
    if top is None:
        head = (
            f"{name} ({of}): {times(max_leverage(name))} is its maximum; whether that holds for {money(position)} no"
            " source says."
        )
    elif top == 0:
        head = (
            f"{name} ({of}): its maximum is {times(max_leverage(name))}; a position of {money(position)} is larger than"
            f" its last tier, which ends at {money(steps[-1][1])}."
        )
    else:
        head = (
            f"{name} ({of}): its maximum is {times(max_leverage(name))}; for a position of {money(position)} it is"
            f" {times(top)}."
        )
    allow = f"{len(yes)} allow" if len(yes) > 1 else "1 allows" if yes else "none allows"
    return Result(
        name=name, position=position, leverage=leverage, top=top, answer=answer, when=when, steps=steps,
        complete=complete, captures=captures(name)[1:], maximum=max_leverage(name), first_end=steps[0][1],
        counts=(len(yes), len(no), len(unknown)), dates=all_sizes_dates(),
        sentence=(
            f"{head} Of {len(verdicts)} exchanges {allow} {times(leverage)} at that size{_named(yes)}, {len(no)}"
            f" {'does' if len(no) == 1 else 'do'} not, for {len(unknown)} it is not known{_named(unknown)}."
        ),
    )  # fmt: skip


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
    """Maximum leverage over position size: one exchange's stairs, all others faint, and the learner's position."""

    height = 4.9
    under = "dashes: other captures · dots: not known · thin: the other exchanges"

    def draw(self):
        self.head()
        axes = self.axes = self.add_chart(0.075, 0.2, 0.9, 0.62, grid="both")
        axes.set(xscale="log", yscale="log", xlim=(LEFT, RIGHT), ylim=(LOW, HIGH))
        axes.minorticks_off()
        axes.set_xticks(list(SIZES), list(SIZES.values()), parse_math=False)
        axes.get_xticklabels()[0].set_ha("left"), axes.get_xticklabels()[-1].set_ha("right")
        axes.set_xlabel("size of the position (m: million, bn: billion)", **palette.QUIET)
        axes.set_yticks([1, 5, 20, 50, 125, 500], ["1x", "5x", "20x", "50x", "125x", "500x"])
        for name in exchanges():
            known, _ = outline(*captures(name)[0][1:])
            axes.plot(*zip(*known) if known else ([], []), color=palette.MUTED, linewidth=0.7, zorder=1)
        self.room = self.moving(
            axes.add_patch(Polygon([(LEFT, LOW)], facecolor=palette.BORROWED, edgecolor="none", zorder=0))
        )
        self.others = self.add_line(axes, color=palette.SECOND_TEXT, linewidth=2, linestyle="--", zorder=2)
        self.line = self.add_line(axes, color=palette.FIRST, linewidth=4, solid_joinstyle="miter", zorder=3)
        self.unknown = self.add_line(axes, color=palette.FIRST, linewidth=3, linestyle=":", zorder=3)
        self.drop = self.add_line(axes, color=palette.INK, linewidth=1, linestyle=":", zorder=4)
        self.point = self.add_line(axes, markersize=12, markeredgewidth=2.5, clip_on=False, zorder=5)
        ground = palette.GROUND | {"pad": 1.5}
        self.word = self.add_text(axes, 1e4, 1, "", va="center", zorder=6, bbox=ground, **palette.STRONG)

    def move(self, r):
        known, unknown = outline(r.steps, r.complete)
        self.line.set_data(*zip(*known) if known else ([], []))
        self.unknown.set_data(*zip(*unknown) if unknown else ([], []))
        self.room.set_xy([(LEFT, LOW), *known, (known[-1][0], LOW)] if known else [(LEFT, LOW), (LEFT, LOW)])
        dashes = [
            point for _, steps, complete in r.captures for point in [*outline(steps, complete)[0], (np.nan, np.nan)]
        ]
        self.others.set_data([x for x, _ in dashes], [y for _, y in dashes])
        x, y = r.position, r.leverage
        self.drop.set_data([x, x], [LOW, y])
        self.point.set_data([x], [y])
        word, marker, colour, fill = {
            True: ("allowed", "o", palette.INK, palette.INK),
            False: ("not allowed", "X", palette.LOSS_TEXT, palette.LOSS),
            None: ("not known", "o", palette.INK, palette.PAPER),
        }[r.answer]
        self.point.set(marker=marker, color=colour, markerfacecolor=fill)
        right = x > 1e7
        self.word.set(
            x=x / 1.25 if right else x * 1.25,
            y=1.35 if y > 2.5 else 4.5,
            ha="right" if right else "left",
            text=f"yours at {times(y)}: {word}",
            color=colour,
        )
        if r.top is None:
            self.title.set_text(f"{r.name}: {times(r.maximum)} at the most; for {money(r.position)} not known")
        elif r.top == 0:
            self.title.set_text(f"{r.name}: {times(r.maximum)} at the most; {money(r.position)} is past the last tier")
        else:
            self.title.set_text(
                f"{r.name}: {times(r.maximum)} at the most; for {money(r.position)} it is {times(r.top)}"
            )


stairs = Recipe(
    model,
    Stairs,
    [
        Choice("name", "exchange", exchanges(), "Binance"),
        Slider("position", "position", ladder(10_000, 1_000_000_000), 20_000, "$"),
        leverage(1, 500, 125),
    ],
)
