"""Who pays when a liquidated position leaves a loss that its margin does not cover?"""

from matplotlib.patches import Rectangle

from leverage_lab.chapters.liquidation.shared import BOOKS, FALLS, LONGS, MAINTENANCE_RATE, SHORTS, fall
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, plain, price, times

LIGHTS = [0.706 + 0.022 * k for k in range(5)]  # where they are


def model(move, book, fund):
    """Seven longs, six shorts, a book and a fund, after a fall: who is closed, and who pays."""
    place = min(int(-move * 200 + 1e-9), FALLS)
    now = fall(book, fund)[place]
    closed, hit = len(now["ends"]), [name for name in SHORTS if now["taken"].get(name, 0) > 1e-9]
    ways = [f"{plain(now['market'])} coins into the book"] * (now["market"] > 1e-9)
    ways += [f"{plain(now['adl'])} coins against shorts, by deleveraging"] * (now["adl"] > 1e-9)
    what = f"{closed} of {len(LONGS)} longs closed{': ' * bool(ways)}{', '.join(ways)}."
    if closed and not BOOKS[book]:
        go = "they go" if closed > 1 else "it goes"
        what += f" Nobody bids: there is no price at which the fund could help, so {go} to the shorts at once."
    what += f" {len(hit)} of {len(SHORTS)} shorts deleveraged{': ' * bool(hit)}{', '.join(hit)}."
    what += f" First in the queue: {', then '.join(now['queue'][:2])}." if now["queue"] else ""
    moved = ", as at the start" if abs(now["fund"] - fund) < 0.005 else f"; it began with {money(fund)}"
    return Result(
        move=-place / 200, start_fund=float(fund), hit=hit, **now | {"total": float(now["total"])},
        sentence=(
            f"A coin at {money(now['mark'])} ({percent(-place / 200, signed=True)}), book {book}. {what} "
            f"The fund holds {money(round(now['fund'], 2))}{moved}. "
            f"All money together: {money(now['total'])}, as at the start."
        ),
    )  # fmt: skip


def computed(r):
    """What is in the fund: what it began with, and the results of all closes in the book."""
    steps = ["result = dollars got in the book − coins sold there × bankruptcy price: the fund receives it, or pays it"]
    for name in list(r.sold)[-1:]:
        (leverage, _, entry), (coins, got, result) = LONGS[name], r.sold[name]
        bankrupt = price(entry * (1 - 1 / leverage))
        steps.append(f"{name}, the last: bankruptcy price = {money(entry)} × (1 − 1 / {leverage}) = {bankrupt}")
        steps.append(f"result = ${plain(got, 4)} − {plain(coins, 6)} × {bankrupt} = {price(result)}")
    results = [result for *_, result in r.sold.values()]
    if results:
        steps.append("results: " + ", ".join(f"{name} {price(result)}" for name, (*_, result) in r.sold.items()))
    else:
        steps.append(f"no long's equity is down to {percent(MAINTENANCE_RATE)} of its value: none is closed")
    total = sum(results)
    shown = f"({price(total)})" if total < 0 else price(total)
    steps.append(f"fund = start + all results = {money(r.start_fund)} + {shown} = {money(round(r.fund, 2))}")
    if r.adl > 1e-9:
        adl = f"the other {plain(r.adl, 4)} coins, by ADL at the bankruptcy price: result $0"
        steps.append(f"{adl}; deleveraged: {', '.join(r.hit)}")
    line = f'{call(fall, r.book, r.start_fund)}[{round(-200 * r.move)}]["fund"]'
    return Computed(tuple(steps), line, (fall,), float(r.fund))


class VenueTable(Picture):
    """A small exchange: longs and their margin, shorts with their rank lights, the fund, and the sum of all."""

    height = 5.2
    FULL, WIDE, COIN = 45, 0.46, 0.46 / 40  # dollars of a full fund; widths of a wide bar and of a coin in it

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.98, **palette.TITLE)
        axes = self.axes = self.figure.add_axes((0.02, 0.02, 0.96, 0.89), xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        small, strong, word = ({"va": "center"} | style for style in (palette.QUIET, palette.STRONG, palette.PLAIN))
        axes.text(0, 0.965, "longs", **strong | {"color": palette.FIRST})
        axes.text(0.52, 0.965, "shorts", **strong | {"color": palette.SECOND_TEXT})
        for x, text in ((0.19, "left of the margin"), (0.7, "rank"), (0.83, "coins still held")):
            axes.text(x, 0.965, text, **small)
        self.longs, self.shorts = {}, {}
        for place, name in enumerate(LONGS):
            self.longs[name] = self._row(place, 0, name, 0.19, 0.16, palette.ROOM_BAR)
        for place, name in enumerate(SHORTS):
            y = 0.885 - 0.085 * place
            axes.plot(LIGHTS, [y] * 5, "s", markersize=9, mfc=palette.GRID, mec=palette.MUTED)
            lights = self.add_line(axes, "s", markersize=9, color=palette.SECOND, mec=palette.SECOND_TEXT)
            self.shorts[name] = lights, *self._row(place, 0.52, name, 0.83, 0.11, palette.SECOND_BAR), y
        axes.plot([0, 1], [0.295, 0.295], color=palette.GRID, linewidth=1.5)
        for y, text in ((0.225, "insurance fund"), (0.125, "closed so far"), (0.03, "all money together")):
            axes.text(0, y, text, **word)
        self._box(0.27, 0.195, self.WIDE, 0.06)
        self.fund = self.add_bar(axes, 0.27, 0.195, 0, 0.06, facecolor=palette.GAIN, linewidth=0)
        self.fund_start = self.add_line(axes, color=palette.INK, linewidth=2)
        self.fund_word = self.add_text(axes, 0.75, 0.225, **strong)
        self.by_book = self.add_bar(axes, 0.27, 0.095, 0, 0.06, facecolor=palette.MUTED, linewidth=0)
        self.by_adl = self.add_bar(axes, 0.27, 0.095, 0, 0.06, **palette.LOSS_BAR)
        self.closed_word = self.add_text(axes, 0.28, 0.125, **word)
        self.total = self.add_text(axes, 0.27, 0.03, **strong)

    def _row(self, place, x, name, left, wide, style):
        """A trader's name, an empty box with a bar that fills it, and a word: (bar, word)."""
        y, small = 0.885 - 0.085 * place, palette.QUIET | {"va": "center", "color": palette.INK}
        self.axes.text(x, y, f"{name} {times((LONGS | SHORTS)[name][0])}", **small)
        self._box(left, y - 0.027, wide, 0.054)
        bar = self.add_bar(self.axes, left, y - 0.027, 0, 0.054, **style)
        return bar, self.add_text(self.axes, left + wide + 0.01, y, **small)

    def _box(self, x, y, wide, high):
        self.axes.add_patch(
            Rectangle((x, y), wide, high, facecolor=palette.PAPER, edgecolor=palette.MUTED, linewidth=1)
        )

    def move(self, r):
        what = f"{len(r.ends)} of {len(LONGS)} longs closed, {len(r.hit)} of {len(SHORTS)} shorts deleveraged"
        self.title.set_text(f"{percent(r.move, signed=True)}: {what}")
        for name, (bar, word) in self.longs.items():
            share = r.left.get(name, 0)
            bar.set(width=0.16 * share, visible=name not in r.ends)
            end = {"market": "closed", "adl": "by ADL"}.get(r.ends.get(name))
            word.set(text=end or percent(share, decimals=0), color=palette.LOSS_TEXT if end else palette.INK)
        for name, (lights, bar, word, y) in self.shorts.items():
            held, count = r.open.get(name, 0.0), r.lights.get(name, 0)
            lights.set_data(LIGHTS[:count], [y] * count)
            bar.set(width=0.11 * held / SHORTS[name][1], visible=held > 0)
            word.set_text(plain(held, 1) if held else "out")
        self.fund.set_width(self.WIDE * min(r.fund / self.FULL, 1))
        self.fund_start.set_data([0.27 + self.WIDE * r.start_fund / self.FULL] * 2, [0.185, 0.265])
        self.fund_word.set_text(money(round(r.fund, 2)))
        self.by_book.set_width(self.COIN * r.market)
        self.by_adl.set(x=0.27 + self.COIN * r.market, width=self.COIN * r.adl)
        parts = [f"book {plain(r.market, 1)}"] * (r.market > 1e-9) + [f"ADL {plain(r.adl, 1)}"] * (r.adl > 1e-9)
        text = ", ".join(parts) + " coins" if parts else "none"
        self.closed_word.set(text=text, x=0.27 + self.COIN * (r.market + r.adl) + 0.015)
        self.total.set_text(f"{money(r.total)}, as at the start")


venue = Recipe(
    model,
    VenueTable,
    [
        Slider("move", "price move", steps(-0.15, 0, 0.005), -0.02, "%"),
        Choice("book", "order book", tuple(BOOKS), "deep"),
        Slider("fund", "fund", (0, 2, 5, 10, 15, 20, 30, 40), 10, "$"),
    ],
    computed,
)
