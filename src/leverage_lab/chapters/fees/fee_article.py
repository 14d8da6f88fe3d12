"""Where does the fee article's calculation go wrong?"""

from leverage_lab.chapters.fees.shared import (
    CHARGED,
    DAILY,
    OWN,
    STRONG,
    TIMES,
    article_dates,
    days,
    lent,
    printed,
    title,
)
from leverage_lab.claims import LOAN
from leverage_lab.fees import leverage_fee, to_coin
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Rate, leverage, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import amount, money, percent, times

COIN = 25_000.0


def model(leverage, days, split, basis):
    """The fee article's calculation, step by step, beside what it prints."""
    days = int(days)
    whole = leverage_fee(OWN, leverage, DAILY, days, split, CHARGED[basis])
    steps = [
        lent(basis, leverage),
        leverage_fee(OWN, leverage, DAILY, 1, 1, CHARGED[basis]),
        leverage_fee(OWN, leverage, DAILY, days, 1, CHARGED[basis]),
        whole,
        to_coin(whole, COIN),
    ]
    same = (leverage, days, split, basis) == (TIMES, LOAN["days"], LOAN["split"], "whole")
    if same:
        end = f"The article prints {money(printed()['F06'])} and {amount(printed()['F07'], 'BTC')}."
    else:
        end = f"The crosses belong to the article's own case, {times(TIMES)}, {LOAN['days']} days and a split of {percent(LOAN['split'])}."
    return Result(
        steps=steps,
        dates=article_dates(),
        days=days,
        split=split,
        same=same,
        sentence=(
            f"{money(OWN)} at {times(leverage)}: {money(steps[0])} is charged {percent(DAILY)} a day, {money(steps[1])}; in {days} {'day' if days == 1 else 'days'} "
            f"{money(steps[2])}; with a split of {percent(split)} {money(whole)}, or {amount(steps[4], 'BTC')} at {money(COIN)}. {end}"
        ),
    )


class Decade(Picture):
    """The fee article's steps: what it prints and what comes out, on a scale of factors of ten."""

    height = 4.8
    ROWS = ("charged on", "a day", "in all days", "after the split", "in BTC")
    CLAIMS = ("F02", "F03", "F04", "F06", "F07")

    def draw(self):
        self.title = title(
            self, f"cross: as printed in the article, for {times(TIMES)} and {LOAN['days']} days; dot: computed"
        )
        axes = self.axes = self.add_chart(0.2, 0.145, 0.785, 0.67, grid="x")
        axes.set(xscale="log", xlim=(2e-6, 8e6), ylim=(4.62, -0.5))
        axes.minorticks_off()
        ticks = [10.0**power for power in range(-5, 7)]
        names = {1e-4: "0.0001", 1e-2: "0.01", 1.0: "1", 1e2: "100", 1e4: "10,000", 1e6: "1,000,000"}
        axes.set_xticks(ticks, [names.get(tick, "") for tick in ticks])
        axes.set_xlabel(
            "dollars (last row: BTC); each line of the grid is ten times the last",
            fontsize=palette.SMALL,
            color=palette.MUTED,
        )
        axes.set_yticks(range(5), self.ROWS)
        axes.tick_params(axis="y", labelcolor=palette.INK)
        self.gaps = [self.add_line(axes, color=palette.LOSS, linewidth=1.5, linestyle=":") for _ in self.ROWS]
        for row, claim in enumerate(self.CLAIMS):
            value = printed()[claim]
            axes.text(
                value,
                row + 0.17,
                self._show(row, value),
                ha="center",
                va="top",
                fontsize=palette.NORMAL,
                color=palette.LOSS_TEXT,
            )
        self.dots = self.add_line(axes, "o", color=palette.FIRST, markersize=13, zorder=5)
        crosses = axes.plot(
            [printed()[claim] for claim in self.CLAIMS],
            range(5),
            "X",
            color=palette.LOSS,
            markersize=11,
            markeredgecolor=palette.PAPER,
            zorder=6,
        )[0]
        self.moving(crosses)  # only to be drawn on a dot in the same place, not under it
        self.values = [
            self.add_text(axes, 1, row - 0.15, "", ha="center", va="bottom", **STRONG | {"color": palette.FIRST})
            for row in range(5)
        ]

    @staticmethod
    def _show(row, value):
        return amount(value, "BTC") if row == 4 else money(value)

    def move(self, r):
        self.dots.set_data(r.steps, range(5))
        for row, (value, claim) in enumerate(zip(r.steps, self.CLAIMS)):
            self.values[row].set(text=self._show(row, value), x=value)
            self.gaps[row].set_data([printed()[claim], value] if r.same else [], [row, row] if r.same else [])
        if r.same:
            self.title.set_text("One slip of the decimal point, carried through four lines")
        else:
            self.title.set_text(
                f"{money(r.steps[3])} in {r.days} {'day' if r.days == 1 else 'days'}, {amount(r.steps[4], 'BTC')}"
            )


fee_article = Recipe(
    model,
    Decade,
    [
        leverage(2, 50, 10),
        days(30, 3, low=1),
        Rate("split", "margin split", steps(0.05, 1, 0.05), 0.5, "%"),
        Choice("basis", "charged on", tuple(CHARGED), "whole"),
    ],
)
