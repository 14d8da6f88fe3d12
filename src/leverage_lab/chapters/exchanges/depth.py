"""From which size on does a market order cost more by slippage than by its fee?"""

import math

from leverage_lab.orders import WITHIN, size_at_slippage, slippage
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import apart
from leverage_lab.panelkit.controls import Rate, Slider, ladder, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, price

MID = 100  # dollars a coin


def model(size, depth, spread, fee):
    """A market order to buy: what it pays above the mid price, beside its fee; and the size at which both are equal."""
    slip, equal = slippage(size, spread, depth), size_at_slippage(fee, spread, depth)
    last = spread / 2 + WITHIN * size / depth
    if equal:
        more = f"Slippage is more than the fee from {money(equal)} on"
    else:
        more = "Half the spread alone is as much as the fee, so slippage is more at any size"
    return Result(
        slip=slip, last=last, equal=equal,
        sentence=(
            f"In a model of a book, not an exchange's own ({money(depth)} offered within 1\u00a0% of the best price, "
            f"evenly; spread {percent(spread, decimals=3)}; mid price {money(MID)}), a market order of {money(size)} "
            f"pays {price(MID * (1 + slip))} on average and {price(MID * (1 + last))} for its last coin. Slippage from "
            f"the mid price: {percent(slip, decimals=4)}, {money(size * slip)}. Fee: "
            f"{percent(fee, decimals=3)}, {money(size * fee)}. {more}."
        ),
    )  # fmt: skip


def computed(r):
    """The slippage of this order, and the size at which it is as much as the fee."""
    half, size, depth, fee = (
        percent(r.spread / 2, decimals=4),
        money(r.size),
        money(r.depth),
        percent(r.fee, decimals=3),
    )
    slip = percent(r.slip, decimals=4)
    return Computed(
        steps=(
            "slippage = spread / 2 + 1 % × order / (2 × depth): on average half the distance to the last coin",
            f"= {half} + 1 % × {size} / (2 × {depth}) = {slip}",
            f"in dollars: {size} × {slip} = {money(r.size * r.slip)}; fee: {size} × {fee} = {money(r.size * r.fee)}",
            "equal where order = 2 × depth × (fee − spread / 2) / 1 %, if the fee is more than spread / 2",
            f"= 2 × {depth} × ({fee} − {half}) / 1 % = {money(r.equal)}"
            if r.equal
            else f"here the fee, {fee}, is not more than {half}: slippage is more at any size",
        ),
        python=call(size_at_slippage, r.fee, r.spread, r.depth),
        uses=(size_at_slippage,),
        number=r.equal,
    )


def _round_up(value):
    """The next number for the end of an axis, half of which is a round one, too."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.2, 1.6, 2, 3, 4, 6, 8, 10) if step * power >= value * (1 - 1e-9))


class Costs(Picture):
    """Slippage against the size of the order, a rising line, and the fee, a level one; where they cross; this order."""

    height = 4.6

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.975, **palette.TITLE)
        self.note = self.add_text(self.figure, 0.02, 0.895, va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.115, 0.155, 0.655, 0.655)
        axes.set_xlabel("size of the order", **palette.QUIET)
        self.fee = self.add_line(axes, color=palette.FIRST, linewidth=3, linestyle="--")
        self.slip = self.add_line(axes, color=palette.LOSS, linewidth=3)
        self.down = self.add_line(axes, color=palette.INK, linewidth=1.5, linestyle=":")
        self.equal = self.add_line(axes, "o", markersize=15, mfc="none", mec=palette.INK, mew=2)
        self.own = self.add_line(axes, "o", markersize=10, color=palette.INK, zorder=5, clip_on=False)
        inks = palette.FIRST, palette.LOSS_TEXT
        self.words = [self.add_text(axes, 0, 0, va="center", **palette.STRONG | {"color": ink}) for ink in inks]

    def frame(self, r):
        right = _round_up(1.2 * max(r.size, r.equal))
        return right, _round_up(max(1.1 * r.fee, slippage(right, r.spread, r.depth)))

    def reframe(self, r):
        self.right, self.top = self.frame(r)
        self.axes.set(xlim=(0, self.right), ylim=(0, self.top))
        halves = [n / 2 for n in range(3)]
        self.axes.set_xticks([half * self.right for half in halves], [_short(half * self.right) for half in halves])
        self.axes.set_yticks(
            [half * self.top for half in halves], [percent(half * self.top, decimals=3) for half in halves]
        )

    def move(self, r):
        ends = r.fee, slippage(self.right, r.spread, r.depth)
        self.fee.set_data([0, self.right], [r.fee] * 2)
        self.slip.set_data([0, self.right], [r.spread / 2, ends[1]])
        self.down.set_data([r.size] * 2, [0, max(r.slip, r.fee)])
        self.own.set_data([r.size] * 2, [r.slip, r.fee])
        self.equal.set_data([r.equal] if r.equal else [], [r.fee] if r.equal else [])
        places = apart(ends, 0.09 * self.top, 0.02 * self.top, self.top)
        for word, place, name in zip(self.words, places, ("fee", "slippage")):
            word.set(text=f" {name}", x=self.right, y=place)
        than = "more than" if r.slip > r.fee else "less than" if r.slip < r.fee else "as much as"
        self.title.set_text(f"Slippage {money(r.size * r.slip)}, {than} the fee, {money(r.size * r.fee)}")
        equal = f"○ equal at {money(r.equal)}" if r.equal else "slippage is more at any size"
        self.note.set_text(f"● your order, {money(r.size)}; {equal}; in a model of a book")


def _short(dollars):
    """$250k, $2m: for an axis."""
    for unit, word in ((1e6, "m"), (1e3, "k")):
        if dollars >= unit:
            return f"${dollars / unit:g}{word}"
    return f"${dollars:g}"


depth = Recipe(
    model,
    Costs,
    [
        Slider("size", "order", ladder(1000, 10_000_000), 250_000, "$"),
        Slider("depth", "depth", ladder(500_000, 200_000_000), 2_000_000, "$"),
        Rate("spread", "spread", (0.00001, 0.00002, 0.00005, *steps(0.0001, 0.002, 0.0001)), 0.0002, "%"),
        Rate("fee", "taker fee", steps(0.0001, 0.001, 0.00005), 0.0005, "%"),
    ],
    computed,
)
