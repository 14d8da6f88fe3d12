"""Who pays when a liquidated position leaves a loss that its margin does not cover?"""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from leverage_lab.chapters.liquidation.shared import BOOKS, FALLS, LONGS, SHORTS, fall
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, plain, plural, price, times

ALONG = np.linspace(0, 1, 30)  # of a band
LIGHTS = [0.709 + 0.022 * k for k in range(5)]  # where they are


def model(move, book, fund):
    """Seven longs, six shorts, a book and a fund, after a fall: who is closed, and who pays."""
    place = min(int(-move * 200 + 1e-9), FALLS)
    now = fall(book, fund)[place]
    closed, hit = len(now["ends"]), [name for name in SHORTS if now["taken"].get(name, 0) > 1e-9]
    ways = [f"{plain(now['market'])} coins into the book"] * (now["market"] > 1e-9)
    ways += [f"{plain(now['adl'])} coins against shorts, by deleveraging"] * (now["adl"] > 1e-9)
    what = f"{closed} of {len(LONGS)} longs closed{': ' * bool(ways)}{', '.join(ways)}."
    if closed and not BOOKS[book]:
        what += " Nobody bids: there is no price at which the fund could help, so "
        what += f"{'they go' if closed > 1 else 'it goes'} to the shorts at once."
    what += f" {len(hit)} of {len(SHORTS)} shorts deleveraged{': ' * bool(hit)}{', '.join(hit)}."
    what += f" First in the queue: {', then '.join(now['queue'][:2])}." if now["queue"] else ""
    has, gain = money(round(now["fund"], 2)), now["fund"] - fund
    moved = ", as at the start" if abs(gain) < 0.005 else f"; it began with {money(fund)}"
    title = f"{plural(closed, 'long')} closed, the fund {'grows' if gain > 0 else 'falls'} to {has}"
    if hit:
        title = f"{'the fund is empty' if BOOKS[book] else 'nobody bids'}, {plural(len(hit), 'short')} deleveraged"
    return Result(
        title=title if closed else "no long is closed",
        move=-place / 200, start_fund=float(fund), hit=hit, **now | {"total": float(now["total"])},
        sentence=(
            f"A coin at {money(now['mark'])} ({percent(-place / 200, signed=True)}), book {book}. {what} "
            f"The fund holds {has}{moved}. All money together: {money(now['total'])}, as at the start."
        ),
    )  # fmt: skip


def computed(r):
    """What is in the fund: what it began with, and the results of all closes in the book."""
    total = sum(result for *_, result in r.sold.values())
    lines = ["result = dollars got in the book − coins sold there × bankruptcy price: the fund receives it, or pays it"]
    for name in list(r.sold)[-1:]:
        (leverage, _, entry), (coins, got, result) = LONGS[name], r.sold[name]
        bankrupt = price(entry * (1 - 1 / leverage))
        lines += [
            f"{name}, the last: bankruptcy price = {money(entry)} × (1 − 1 / {leverage}) = {bankrupt}",
            f"result = ${plain(got, 4)} − {plain(coins, 6)} × {bankrupt} = {price(result)}",
            f"results: {', '.join(f'{who} {price(result)}' for who, (*_, result) in r.sold.items())}",
        ]
    shown = f"({price(total)})" if total < 0 else price(total)
    lines.append(f"fund = start + all results = {money(r.start_fund)} + {shown} = {money(round(r.fund, 2))}")
    if r.hit:
        lines.append(f"the other {plain(r.adl, 4)} coins, by ADL ({', '.join(r.hit)}) at the bankruptcy price: $0")
    line = f'{call(fall, r.book, r.start_fund)}[{round(-200 * r.move)}]["fund"]'
    return Computed(tuple(lines), line, (fall,), float(r.fund))


class WhoPays(Picture):
    """A small exchange: a closed long is a band, as high as its coins, into the order book or by ADL on to shorts."""

    height = 5.0
    FULL, WIDE, COIN = 45, 0.46, 0.054 / 8  # dollars of a full fund, width of its bar; height of a coin in a band
    LONG, BOOK, SHORT = 0.342, 0.43, 0.575  # where bands begin, and where they end

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.98, **palette.TITLE)
        axes = self.axes = self.figure.add_axes((0.02, 0.02, 0.96, 0.89), xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        self.small = palette.QUIET | {"va": "center", "color": palette.INK}
        strong = palette.STRONG | {"va": "center"}
        axes.text(0, 0.965, "longs", **strong | {"color": palette.FIRST})
        axes.text(0.585, 0.965, "shorts", **strong | {"color": palette.SECOND_TEXT})
        for x, text in ((0.12, "left of the margin"), (0.425, "book"), (0.7, "rank"), (0.83, "coins still held")):
            axes.text(x, 0.965, text, **self.small | {"color": palette.MUTED})
        for y, text in ((0.18, "insurance fund"), (0.05, "all money together")):
            axes.text(0, y, text, **self.small)
        self.rows = {name: 0.885 - 0.085 * n for group in (LONGS, SHORTS) for n, name in enumerate(group)}
        self._box(self.BOOK, 0.35, 0.04, 0.57)
        self.bands = [
            self.moving(axes.add_collection(PolyCollection([], facecolors=colour, edgecolors=palette.PAPER, zorder=3)))
            for colour in (palette.MUTED, palette.LOSS)
        ]
        self.book_word = self.add_text(axes, self.BOOK + 0.02, 0.315, ha="center", **self.small)
        self.adl_word = self.add_text(axes, 0.585, 0.375, **strong | {"color": palette.LOSS_TEXT})
        self.longs = {name: self._row(0, name, 0.12, 0.12, palette.ROOM_BAR) for name in LONGS}
        self.shorts = {name: self._row(0.585, name, 0.83, 0.1, palette.SECOND_BAR) for name in SHORTS}
        for y in list(self.rows.values())[len(LONGS) :]:
            axes.plot(LIGHTS, [y] * 5, "s", markersize=9, mfc=palette.GRID, mec=palette.MUTED)
        self.lights = self.add_line(axes, "s", markersize=9, color=palette.SECOND, mec=palette.SECOND_TEXT)
        axes.plot([0, 1], [0.265, 0.265], color=palette.GRID, linewidth=1.5)
        self._box(0.27, 0.15, self.WIDE, 0.06)
        self.fund = self.add_bar(axes, 0.27, 0.15, 0, 0.06, facecolor=palette.GAIN, linewidth=0)
        self.fund_start = self.add_line(axes, color=palette.INK, linewidth=2)
        self.fund_word = self.add_text(axes, 0.75, 0.18, **strong)
        self.total = self.add_text(axes, 0.27, 0.05, **strong)

    def _row(self, x, name, left, wide, style):
        """A trader's name, an empty box with a bar that fills it, and a word: (bar, word)."""
        y = self.rows[name]
        self.axes.text(x, y, f"{name} {times((LONGS | SHORTS)[name][0])}", **self.small)
        self._box(left, y - 0.027, wide, 0.054)
        bar = self.add_bar(self.axes, left, y - 0.027, 0, 0.054, **style)
        return bar, self.add_text(self.axes, left + wide + 0.01, y, **self.small)

    def _box(self, x, y, wide, high):
        self.axes.add_patch(Rectangle((x, y), wide, high, fc=palette.PAPER, ec=palette.MUTED, lw=1))

    def _outlines(self, flows):
        """Of the bands from each closed long: ([into the book], [on to shorts])."""
        found = [], []
        tops = {name: y + self.COIN * (LONGS | SHORTS)[name][1] / 2 for name, y in self.rows.items()}
        for name, taken in flows.items():
            for taker, coins in taken.items():
                high, y, adl = self.COIN * coins, tops[name], taker in SHORTS
                end, x = (tops[taker], self.SHORT) if adl else (y, self.BOOK)
                top = np.column_stack([self.LONG + (x - self.LONG) * ALONG, y + (end - y) * ALONG**2 * (3 - 2 * ALONG)])
                found[adl].append(np.concatenate([top, top[::-1] - (0, max(high, 0.005))]))  # the thinnest is seen too
                tops[name], tops[taker] = y - high, end - high
        return found

    def move(self, r):
        self.title.set_text(f"{percent(r.move, signed=True)}: {r.title}")
        for name, (bar, word) in self.longs.items():
            share = r.left.get(name, 0)
            bar.set(width=0.12 * share, visible=name not in r.ends)
            word.set_text("closed" if name in r.ends else percent(share, decimals=0))
        for band, outlines in zip(self.bands, self._outlines(r.flows)):
            band.set_verts(outlines)
        self.book_word.set_text(f"{plain(r.market, 1)} coins" if BOOKS[r.book] else "nobody bids")
        self.adl_word.set_text(f"{plain(r.adl, 1)} coins by ADL" if r.hit else "")
        for name, (bar, word) in self.shorts.items():
            held = r.open.get(name, 0.0)
            bar.set(width=0.1 * held / SHORTS[name][1], visible=held > 0)
            word.set_text(plain(held, 1) if held else "out")
        self.lights.set_data(*zip(*((x, self.rows[name]) for name in r.lights for x in LIGHTS[: r.lights[name]])))
        self.fund.set_width(self.WIDE * min(r.fund / self.FULL, 1))
        self.fund_start.set_data([0.27 + self.WIDE * r.start_fund / self.FULL] * 2, [0.14, 0.22])
        self.fund_word.set_text(money(round(r.fund, 2)))
        self.total.set_text(f"{money(r.total)}, as at the start")


venue = Recipe(
    model,
    WhoPays,
    [
        Slider("move", "price move", steps(-0.15, 0, 0.005), -0.02, "%"),
        Choice("book", "order book", tuple(BOOKS), "deep"),
        Slider("fund", "fund", (0, 2, 5, 10, 15, 20, 30, 40), 10, "$"),
    ],
    computed,
)
