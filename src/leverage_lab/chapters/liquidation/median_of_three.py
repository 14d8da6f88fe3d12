"""Why is the mark price the median of three prices, and not one of them or their mean?"""

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.liquidation.shared import MAINTENANCE, line_of
from leverage_lab.checks import choice
from leverage_lab.liquidation import mark_price
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent

LEVERAGE = 10
RULES = ("median", "mean", "last", "index")
ROWS = ("price 1: index", "price 2: index + basis", "last trade")


def mark_by(rule, index, last, basis):
    """The mark price by a rule: "median" as exchanges publish it; for comparison "mean", or "last" or "index" alone.

    index, last: prices; basis: average of the order book's middle − index, in the unit of the prices.
    """
    choice("rule", rule, RULES)
    three = index, index + basis, last
    return {"median": mark_price(index, last, basis), "mean": sum(three) / 3, "last": last, "index": index}[rule]


def model(last, book, index, rule):
    """Three prices of a coin that was at $100, and the mark made of them. book: the average basis, a share of $100."""
    at, basis = ENTRY * (1 + index), ENTRY * book
    prices = at, at + basis, ENTRY * (1 + last)
    mark, line = mark_by(rule, at, prices[2], basis), ENTRY * (1 + line_of("long", LEVERAGE))
    name = {"median": "the median", "mean": "the mean", "last": "the last trade alone", "index": "the index alone"}[
        rule
    ]
    end = "is closed" if mark <= line else "stays open"
    return Result(
        prices=prices, mark=mark, line=line, closed=mark <= line,
        sentence=(
            f"Index {money(prices[0])}, index and average basis {money(prices[1])}, last trade {money(prices[2])}. "
            f"By {name} the mark is {money(mark)}, {percent(mark / ENTRY - 1, signed=True)}: "
            f"a 10x long from {money(ENTRY)} (liquidation at {money(line)}) {end}."
        ),
    )  # fmt: skip


def computed(r):
    """The mark made of the three prices, and the liquidation price it is compared with."""
    index, second, last = r.prices
    basis = ENTRY * r.book
    low, middle, high = map(money, sorted(r.prices))
    made = {
        "median": f"median = the middle one of {low}, {middle}, {high}",
        "mean": f"mean = ({money(index)} + {money(second)} + {money(last)}) / 3",
        "last": "last trade alone = price 3",
        "index": "index alone = price 1",
    }
    signed = f"({money(basis)})" if basis < 0 else money(basis)
    steps = (
        f"price 1 = index = {money(index)}; price 3 = last trade = {money(last)}",
        f"price 2 = index + average basis = {money(index)} + {signed} = {money(second)}",
        f"mark = {made[r.rule]} = {money(r.mark)}",
        "liquidation price = entry × (1 − 1 / leverage) / (1 − maintenance rate)",
        f"= {money(ENTRY)} × (1 − 1 / {LEVERAGE}) / (1 − {percent(MAINTENANCE)}) = {money(r.line)}",
        f"the mark is {'at or below it: the long is closed' if r.closed else 'above it: the long stays open'}",
    )
    return Computed(steps, call(mark_by, r.rule, index, last, basis), (mark_by,), float(r.mark))


class Three(Picture):
    """Three prices as dots on one scale, the mark as a line through them, and the liquidation price of a 10x long."""

    height = 3.6

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.97, **palette.TITLE)
        axes = self.axes = self.add_chart(0.3, 0.14, 0.67, 0.62, grid="x")
        axes.set(xlim=(38, 122), ylim=(-0.6, 2.9))
        axes.set_xticks(range(40, 121, 20), [money(tick) for tick in range(40, 121, 20)])
        axes.set_yticks([2, 1, 0], ROWS)
        line = ENTRY * (1 + line_of("long", LEVERAGE))
        axes.axvspan(38, line, facecolor=palette.LOST_GROUND, edgecolor="none")
        axes.plot([line, line], [-0.6, 2.9], color=palette.LOSS, linewidth=3.5)
        self.mark = self.add_line(axes, color=palette.INK, linewidth=2.5)
        ground = palette.GROUND | {"facecolor": palette.LOST_GROUND}  # the mark's line may run there
        word = palette.STRONG | {"color": palette.LOSS_TEXT}
        self.add_text(axes, 39, -0.45, f"closed at {money(line)} or less", bbox=ground, **word)
        self.word = self.add_text(axes, 0, 3.15, va="center", clip_on=False, **palette.STRONG)
        self.dots = [self.add_line(axes, "o", markersize=13, color=palette.FIRST, mec=palette.PAPER) for _ in ROWS]

    def move(self, r):
        for row, (dot, price) in enumerate(zip(self.dots, r.prices)):
            dot.set_data([price], [2 - row])
        self.mark.set_data([r.mark, r.mark], [-0.6, 2.9])
        at_left = r.mark > 100
        self.word.set(text=f"mark {money(r.mark)}", x=r.mark, ha="right" if at_left else "left")
        self.title.set_text(
            f"By {'the ' * (r.rule != 'last')}{r.rule}{' trade' * (r.rule == 'last')}: mark {money(r.mark)}, "
            f"the long {'is closed' if r.closed else 'stays open'}"
        )


def _off(name, label, start):
    return Slider(name, label, steps(-0.3, 0.1, 0.01), start, "%")


median_of_three = Recipe(
    model,
    Three,
    [
        _off("last", "last trade", -0.3),
        _off("book", "average basis", 0.0),
        _off("index", "index", 0.0),
        Choice("rule", "mark by", RULES, "median"),
    ],
    computed,
)
