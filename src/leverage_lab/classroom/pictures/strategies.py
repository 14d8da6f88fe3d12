"""Pictures of chapter 6."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from leverage_lab.classroom import palette
from leverage_lab.classroom.canvas import Picture
from leverage_lab.classroom.models.strategies import ACCOUNTS, HOURS, TRADES, hedge_lines, needed, reached_grid, share_in_words
from leverage_lab.classroom.pictures import Dot, broken, left_of, percent_ticks, price_labels, round_ticks, source_line, time_ticks, view
from leverage_lab.market import lasting
from leverage_lab.words import money, percent, plain, price, times

SMALL = {"fontsize": palette.SMALL, "color": palette.MUTED}
GROUND = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1}


class Figures:
    """Large words in a row at the top left, a small one under each; the numbers need not be percentages."""

    def __init__(self, picture, labels, places=(0.02, 0.35, 0.68)):
        self.texts = []
        for label, x in zip(labels, places):
            picture.figure.text(x, 0.88, label, va="top", **SMALL)
            self.texts.append(picture.moving(picture.figure.text(x, 0.985, "", fontsize=palette.BIG, fontweight="bold", va="top")))

    def show(self, *values):
        """values: (words, colour), one for each label."""
        for text, (words, colour) in zip(self.texts, values, strict=True):
            text.set(text=words, color=colour)


def apart(heights, gap):
    """The same heights, moved as little as needed so that no two are nearer than `gap`; order kept."""
    order = np.argsort(heights, kind="stable")
    placed = np.array(heights, dtype=float)[order]
    for _ in range(60):
        short = gap - np.diff(placed)
        if (short <= 1e-9).all():
            break
        push = np.maximum(short, 0) / 2
        placed[:-1] -= push
        placed[1:] += push
    result = np.empty(len(placed))
    result[order] = placed
    return result


def joined(lines):
    """Several lines (x, y) as one with gaps: one artist is drawn much faster than many."""
    points = [part for x, y in lines for part in (np.array([x, y], dtype=float), [[np.nan], [np.nan]])]
    return np.concatenate(points, axis=1) if points else ([], [])


class Sized(Picture):
    """The account as one bar with what is locked and what is at risk; below, how far stop and liquidation are."""

    height = 4.4

    def draw(self):
        self.figures = Figures(self, ("at risk", "position", "locked as margin"))
        axes = self.axes = self.figure.add_axes((0.02, 0.42, 0.96, 0.36))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        axes.text(0, 0.98, "your account", va="top", **SMALL)
        self.account = self.moving(axes.text(1, 0.98, "", ha="right", va="top", fontsize=palette.NORMAL, color=palette.INK, fontweight="bold"))
        axes.add_patch(Rectangle((0, 0.48), 1, 0.3, **palette.ROOM_BAR))
        self.locked = self.moving(axes.add_patch(Rectangle((0, 0.48), 0, 0.3, facecolor=palette.FIRST, edgecolor=palette.BORROWED, hatch=palette.HELD, linewidth=0)))
        self.lost = self.moving(axes.add_patch(Rectangle((0, 0.3), 0, 0.14, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0)))
        self.cost = self.moving(axes.text(0, 0.24, "", va="top", fontsize=palette.SMALL, color=palette.LOSS_TEXT))
        self.free = self.moving(axes.text(1, 0.24, "", ha="right", va="top", **SMALL))
        ruler = self.ruler = palette.tidy(self.figure.add_axes((0.06, 0.14, 0.9, 0.2)), grid="x")
        ruler.set(xscale="log", xlim=(0.004, 1.1), ylim=(0, 1), yticks=[])
        ruler.xaxis.set_minor_locator(NullLocator())
        ruler.set_xticks([0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1], [percent(-x) for x in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)])
        ruler.set_xlabel("distance from the entry, the price falling to the right", labelpad=2, **SMALL)
        self.stop = self.moving(ruler.plot([], [], color=palette.INK, linewidth=2.5, linestyle="-.")[0])
        self.end = self.moving(ruler.plot([], [], color=palette.LOSS, linewidth=4)[0])
        self.stop_name = self.moving(ruler.text(0, 1.05, "stop", va="bottom", fontsize=palette.NORMAL, color=palette.INK, fontweight="bold"))
        self.end_name = self.moving(ruler.text(0, 1.05, "liquidation", va="bottom", fontsize=palette.NORMAL, color=palette.LOSS_TEXT, fontweight="bold"))

    def move(self, r):
        self.figures.show((money(r.risk), palette.LOSS_TEXT), (money(r.notional), palette.INK), (money(r.locked) if r.fits else "too much", palette.FIRST if r.fits else palette.LOSS_TEXT))
        self.account.set_text(money(r.account))
        self.locked.set_width(min(r.locked / r.account, 1))
        self.lost.set_width(r.risk / r.account)
        self.cost.set_text("what the stop costs" if r.stopped else "planned; the stop never fires")
        self.free.set_text(f"free: {money(r.account - r.locked)}" if r.fits else "nothing is free")
        self.stop.set_data([r.stop, r.stop], [0, 1])
        self.end.set_data([r.liquidation, r.liquidation], [0, 1])
        # The nearer one's name stands to the left of its line, the other's to the right.
        low, high = (self.stop_name, self.end_name) if r.stopped else (self.end_name, self.stop_name)
        near, far = sorted((r.stop, r.liquidation))
        left = near > 0.012  # room for a word at the left edge
        low.set(x=near * (0.97 if left else 1), ha="right" if left else "left")
        right = far < 0.25
        high.set(x=far * (1.03 if right else 1), ha="left" if right else "right")
        if not left and far < near * 3.2:
            high.set(x=near * 3.2, ha="left")


class BeforeStop(Picture):
    """A price that slides or jumps into stop, liquidation and bankruptcy; below, the loss planned and the real one."""

    height = 4.9
    MARKS = {
        "entry": (palette.MUTED, 1.5, "-", palette.MUTED),
        "stop": (palette.INK, 2, "-.", palette.INK),
        "liquidation": (palette.LOSS, 4, "-", palette.LOSS_TEXT),
        "bankruptcy": (palette.LOSS, 2, ":", palette.LOSS_TEXT),
    }

    def draw(self):
        self.figures = Figures(self, ("comes first", "planned", "lost, with fees"), places=(0.02, 0.42, 0.68))
        axes = self.axes = self.figure.add_axes((0.02, 0.27, 0.96, 0.54))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        self.ground = self.moving(axes.add_patch(Rectangle((0, 0), 0.52, 0, facecolor=palette.LOST_GROUND, edgecolor="none")))
        self.lines, self.names = {}, {}
        self.leads = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=0.8)[0])  # all four in one: each artist costs time
        for name, (colour, width, dash, ink) in self.MARKS.items():
            self.lines[name] = self.moving(axes.plot([0, 0.52], [0, 0], color=colour, linewidth=width, linestyle=dash)[0])
            self.names[name] = self.moving(axes.text(0.565, 0, "", va="center", fontsize=palette.NORMAL, color=ink, fontweight="bold" if name != "entry" else "normal"))
        self.path = self.moving(axes.plot([], [], color=palette.INK, linewidth=2.5)[0])
        self.hop = self.moving(axes.plot([], [], color=palette.INK, linewidth=1.5, linestyle=(0, (1, 2)))[0])
        self.out = self.moving(axes.plot([], [], marker="X", color=palette.LOSS, markersize=13, markeredgecolor=palette.PAPER, linestyle="")[0])
        bars = self.bars = self.figure.add_axes((0.02, 0.02, 0.96, 0.2))
        bars.set(xlim=(0, 1), ylim=(0, 1))
        bars.axis("off")
        bars.text(0, 0.72, "planned", va="center", **SMALL)
        bars.text(0, 0.22, "lost", va="center", **SMALL)
        self.planned = self.moving(bars.add_patch(Rectangle((0.12, 0.55), 0, 0.34, facecolor=palette.BORROWED, edgecolor=palette.MUTED, linewidth=1)))
        self.lost = self.moving(bars.add_patch(Rectangle((0.12, 0.05), 0, 0.34, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0)))
        # Both move with the bars only to be drawn after them: a long one reaches under them.
        self.moving(bars.plot([0.72, 0.72], [0, 0.95], color=palette.INK, linewidth=1.5)[0])
        self.moving(bars.text(0.73, 0.72, "the whole margin, $10", va="center", **SMALL))

    def move(self, r):
        stop = r.first == "stop"
        self.figures.show(("stop" if stop else "liquidation", palette.INK if stop else palette.LOSS_TEXT), (money(r.planned), palette.INK), (money(r.lost), palette.LOSS_TEXT))
        deepest = 1.12 * max(*r.levels.values(), r.landed)
        up = r.side == "short"

        def height(distance):
            part = 0.1 + 0.86 * distance / deepest
            return part if up else 1 - part

        heights = {name: height(distance) for name, distance in r.levels.items()}
        labels = apart(list(heights.values()), 0.1)
        shift = max(0.0, 0.04 - labels.min()) - max(0.0, labels.max() - 0.96)
        for (name, y), at in zip(heights.items(), labels + shift):
            self.lines[name].set_ydata([y, y])
            self.names[name].set(y=at, text=f"{name} {price(r.prices[name])}")
        self.leads.set_data(joined((np.array([0.52, 0.555]), np.array([y, at])) for y, at in zip(heights.values(), labels + shift)))
        broke = heights["liquidation"]
        self.ground.set(y=broke if up else 0, height=(1 - broke) if up else broke)
        x = np.linspace(0, 0.26, 40)
        slide = r.slid * (x / 0.26 + 0.12 * np.sin(np.pi * x / 0.26) * np.sin(40 * x))
        self.path.set_data(x, height(slide))
        self.hop.set_data(*(([0.26, 0.27], [height(r.slid), height(r.landed)]) if r.jumped else ([], [])))
        self.out.set_data([0.27 if r.jumped else 0.26], [height(r.landed)])
        if not r.jumped and r.slid < r.landed:
            self.path.set_data([*x, 0.3], [*height(slide), height(r.landed)])
            self.out.set_data([0.3], [height(r.landed)])
        scale = 0.6 / r.margin
        self.planned.set_width(min(r.planned * scale, 0.87))
        self.lost.set_width(min(r.lost * scale, 0.87))


class Minutes(Picture):
    """Three hours of real minutes: each minute's first price, marked by whether a stop below it was touched."""

    height = 4.4

    def draw(self):
        title = {"fontsize": palette.NORMAL + 1, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.title = self.moving(self.figure.text(0.02, 0.975, "", **title))
        self.opened = self.figure.text(0.02, 0.9, "one position opened at each minute's first price, 3 February 2025", va="top", **SMALL)
        axes = self.axes = palette.tidy(self.figure.add_axes((0.115, 0.165, 0.865, 0.66)))
        axes.set(xlim=(-3, 184), ylim=(91_000, 98_600))
        axes.set_xticks([0, 60, 120, 180], ["00:00", "01:00", "02:00", "03:00"])
        axes.set_yticks([92_000, 94_000, 96_000, 98_000], ["$92,000", "$94,000", "$96,000", "$98,000"])
        self.price = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=1.5, linestyle="--")[0])
        self.kept = self.moving(axes.plot([], [], "o", color=palette.FIRST, markersize=6, zorder=4)[0])
        self.hit = self.moving(axes.plot([], [], "v", color=palette.LOSS, markersize=6)[0])
        self.key = [
            (axes.plot([6], [92_400], "o", color=palette.FIRST, markersize=8)[0], axes.text(10, 92_400, "still open", va="center", fontsize=palette.NORMAL, color=palette.FIRST)),
            (axes.plot([6], [91_600], "v", color=palette.LOSS, markersize=8)[0], axes.text(10, 91_600, "stopped", va="center", fontsize=palette.NORMAL, color=palette.LOSS_TEXT)),
        ]
        self.source = self.figure.text(0.98, 0.012, "UTC; trades of BTC/USD at Bitstamp, minutes by ff137 (CC BY 4.0)", ha="right", **SMALL)

    def frame(self, r):
        return id(r.market)

    def reframe(self, r):
        if (market := r.market) is None:
            return
        self.opened.set_text(f"one position opened with the first price of each bar of {lasting(market.step)}")
        self.source.set_text(source_line(self, market))
        last = int(market.arrays["at"][-1])
        bottom, top = view(r.opens[0], r.opens)
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
        at = np.arange(len(r.opens)) if r.market is None else r.market.arrays["at"]
        self.price.set_data(*((at, r.opens) if r.market is None else broken(at, r.opens)))
        if r.market:
            self.hit.set_zorder(5 if 2 * r.count < r.starts else 2)  # the fewer lie on top
        starts, opens = at[r.places], r.opens[r.places]
        self.kept.set_data(starts[~r.touched], opens[~r.touched])
        self.hit.set_data(starts[r.touched], opens[r.touched])


ENDS = np.linspace(-0.5, 1.0, 151)


class Hedged(Picture):
    """Coins, the short against them, and both together, over the price at the end."""

    height = 4.6

    def draw(self):
        self.figures = Figures(self, ("coins", "short, with costs", "both together"))
        axes = self.axes = palette.tidy(self.figure.add_axes((0.135, 0.14, 0.83, 0.62)), grid="both")
        axes.set(xlim=(-0.5, 1), ylim=(-7000, 10_500))
        percent_ticks(axes.xaxis, [-0.5, -0.25, 0, 0.25, 0.5, 1])
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        axes.set_yticks([-5000, 0, 5000, 10_000], [money(v, signed=True) for v in (-5000, 0, 5000, 10_000)])
        axes.set_xlabel("move of the price at the end", **SMALL)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.end = self.moving(axes.axvline(0.1, color=palette.LOSS, linewidth=4))
        self.spot = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=2.5)[0])
        self.short = self.moving(axes.plot([], [], color=palette.SECOND_TEXT, linewidth=2.5, linestyle="--")[0])
        self.both = self.moving(axes.plot([], [], color=palette.INK, linewidth=4)[0])
        name = {"fontsize": palette.NORMAL, "fontweight": "bold", "va": "center"}
        axes.text(0.76, 8900, "coins", color=palette.FIRST, ha="right", **name)
        self.end_name = self.moving(axes.text(0, -6300, "liquidation", color=palette.LOSS_TEXT, **name))
        self.short_name = self.moving(axes.text(-0.46, 0, "short", color=palette.SECOND_TEXT, **name))
        self.both_name = self.moving(axes.text(-0.42, 0, "both", color=palette.INK, **name))
        self.dot = Dot(self, axes, lambda value: "")

    def move(self, r):
        tell = lambda value: (money(round(value, 2) + 0.0, signed=True), palette.change_colour(round(value, 2)))  # noqa: E731
        self.figures.show(tell(r.spot), tell(r.short), tell(r.total))
        for line, heights in zip((self.spot, self.short, self.both), hedge_lines(r.leverage, ENDS, r.peak if r.peak > max(r.move, 0) else 0.0, r.days)):
            line.set_data(ENDS, heights)
        short, both = (line.get_ydata()[8] for line in (self.short, self.both))
        self.short_name.set_y(max(max(short, both) + 700 if abs(short - both) > 1500 else both + 800, -5000))
        self.both_name.set_y(max(both - 700, -6500))
        gone = r.liquidation <= 1
        self.end.set(xdata=[min(r.liquidation, 2)] * 2)
        self.end_name.set(text="liquidation" if gone else "", x=r.liquidation + (0.015 if r.liquidation < 0.6 else -0.015), ha="left" if r.liquidation < 0.6 else "right")
        self.dot.move(r.move, r.total)


LEVERAGES = tuple(np.geomspace(2, 200, 60))


class Held(Picture):
    """A map of leverage and holding time: the share that was liquidated, with lines of equal shares."""

    height = 4.9

    def draw(self):
        title = {"fontsize": palette.NORMAL + 1, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.title = self.moving(self.figure.text(0.02, 0.975, "", **title))
        self.figure.text(0.02, 0.91, "share liquidated, of 39,955 measured hours; lines of equal share", va="top", **SMALL)
        axes = self.axes = palette.tidy(self.figure.add_axes((0.1, 0.19, 0.87, 0.62)), grid="")
        self.columns = np.log(list(HOURS.values()))
        axes.set(xlim=(self.columns[0], self.columns[-1]), ylim=(np.log(2), np.log(200)))
        axes.set_xticks(self.columns, ["1 h", "4 h", "8 h", "1 day", "3 d", "1 week", "30 d", "90 d"])
        rungs = (2, 5, 10, 25, 50, 100, 200)
        axes.set_yticks(np.log(rungs), [times(rung) for rung in rungs])
        for label, place in ((axes.get_xticklabels()[0], "left"), (axes.get_xticklabels()[-1], "right")):
            label.set_horizontalalignment(place)
        self.shades = LinearSegmentedColormap.from_list("loss", [palette.PAPER, palette.LOSS], N=20)
        self.drawn = []
        source = "15 May 2018 to 5 March 2023, hourly trades of BTC/USD at Bitstamp"
        self.figure.text(0.98, 0.012, source, ha="right", **SMALL)
        self.cell = self.moving(axes.plot([], [], "o", markersize=17, markerfacecolor="none", markeredgecolor=palette.INK, markeredgewidth=3, clip_on=False, zorder=6)[0])
        self.rings = self.moving(axes.plot([], [], "o", markersize=22, markerfacecolor="none", markeredgecolor=palette.PAPER, markeredgewidth=2, clip_on=False, zorder=5)[0])
        self.cross = self.moving(axes.plot([], [], color=palette.INK, linewidth=1, linestyle=":", zorder=4)[0])

    def frame(self, r):
        return r.side

    def reframe(self, r):
        for artist in self.drawn:
            artist.remove()
        grid = reached_grid(r.side, LEVERAGES)
        rows, levels = np.log(LEVERAGES), (0.01, 0.1, 0.5, 0.9)
        fill = self.axes.contourf(self.columns, rows, grid, levels=np.linspace(0, 1, 21), cmap=self.shades)
        lines = self.axes.contour(self.columns, rows, grid, levels=levels, colors=palette.INK, linewidths=(1, 1, 2.5, 1))
        names = []
        for level in levels:  # each line's name stands where it crosses its own column
            column = {0.01: 2, 0.1: 4, 0.5: 5, 0.9: 6}[level]
            x = (self.columns[column] + self.columns[column - 1]) / 2
            middle = (grid[:, column] + grid[:, column - 1]) / 2
            row = rows[np.abs(middle - level).argmin()]
            word = f"{percent(level)}: half" if level == 0.5 else percent(level)
            names.append(self.axes.text(x, row, word, ha="center", va="center", fontsize=palette.SMALL, color=palette.INK, bbox=GROUND | {"pad": 2}))
        self.drawn = [fill, lines, *names]

    def move(self, r):
        self.title.set_text(f"{times(r.leverage)} {r.side}, {r.time}: {share_in_words(r.share)} liquidated")
        x, y = np.log(HOURS[r.time]), np.log(r.leverage)
        for mark in (self.cell, self.rings):
            mark.set_data([x], [y])
        self.cross.set_data([self.columns[0], x, x], [y, y, np.log(2)])


class WinRate(Picture):
    """The share of trades that must be won, over the distance of the stop; what a price without direction gives."""

    height = 4.4
    STOPS = np.geomspace(0.0002, 0.05, 120)

    def draw(self):
        self.figures = Figures(self, ("must be won", "without direction", "points for the fees"))
        axes = self.axes = palette.tidy(self.figure.add_axes((0.115, 0.145, 0.85, 0.62)), grid="both")
        axes.set(xscale="log", xlim=(0.0002, 0.05), ylim=(0, 1.04))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks([0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05], [percent(x) for x in (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)])
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [percent(x) for x in (0, 0.25, 0.5, 0.75, 1)])
        axes.set_xlabel("distance of the stop", **SMALL)
        self.band = self.moving(axes.fill_between([], [], facecolor=palette.LOST_GROUND, edgecolor=palette.LOSS, hatch="xx", linewidth=0))
        self.fair = self.moving(axes.axhline(0.5, color=palette.MUTED, linewidth=2, linestyle="--"))
        self.curve = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3.5)[0])
        self.fair_name = self.moving(axes.text(0.048, 0, "without direction", ha="right", va="top", fontsize=palette.NORMAL, color=palette.MUTED))
        self.name = self.moving(axes.text(0.048, 0, "must be won", ha="right", va="bottom", fontsize=palette.NORMAL, fontweight="bold", color=palette.FIRST))
        self.dot = Dot(self, axes, lambda value: "")

    def move(self, r):
        can = r.need == r.need
        self.figures.show(
            (share_in_words(r.need) if can else "over 100\u00a0%", palette.INK if can else palette.LOSS_TEXT),
            (share_in_words(r.fair), palette.MUTED),
            (f"+{r.points}" if can else "", palette.LOSS_TEXT),
        )
        wanted = needed(r.fee, self.STOPS, r.target)
        clear = np.where(np.isnan(wanted), 1.0, wanted)
        self.curve.set_data(self.STOPS, wanted)
        self.band.set_verts([np.column_stack([[*self.STOPS, *self.STOPS[::-1]], [*clear, *np.full(len(clear), r.fair)]])])
        self.fair.set_ydata([r.fair, r.fair])
        self.fair_name.set_y(r.fair - 0.02)
        self.name.set_y(np.interp(0.015, self.STOPS, clear) + 0.02)  # above the curve along the whole word
        self.dot.move(r.stop, r.need if can else 1.0)


SHOWN = 60  # of the accounts are drawn; all are counted
LOW, HIGH = 8, 15_000  # dollars; a line that leaves stays at the edge


class Many(Picture):
    """Many accounts through the same trades: how many lose, and the one in the middle."""

    height = 4.7

    def draw(self):
        self.figures = Figures(self, ("of the accounts lose", "the median has", "a trade brings, of its margin"), places=(0.02, 0.33, 0.62))
        axes = self.axes = palette.tidy(self.figure.add_axes((0.135, 0.14, 0.655, 0.62)))
        axes.set(yscale="log", xlim=(0, TRADES), ylim=(LOW, HIGH), xticks=range(0, TRADES + 1, 25))
        axes.yaxis.set_minor_locator(NullLocator())
        ticks = (10, 100, 1000, 10_000)
        axes.set_yticks(ticks, [money(tick) for tick in ticks])
        axes.set_xlabel(f"trades so far; {SHOWN} of {ACCOUNTS} accounts drawn, all counted", **SMALL)
        self.steps = np.arange(0, TRADES + 1, 2)
        self.lost = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=0.8)[0])
        self.won = self.moving(axes.plot([], [], color=palette.GAIN, linewidth=0.8)[0])
        axes.axhline(1000, color=palette.INK, linewidth=1)
        self.middle = self.moving(axes.plot([], [], color=palette.INK, linewidth=3.5)[0])
        self.name = self.moving(axes.text(TRADES + 2, 0, "median", va="center", fontsize=palette.NORMAL, fontweight="bold", color=palette.INK))
        side = self.side = self.figure.add_axes((0.925, 0.14, 0.05, 0.62))
        side.set(xlim=(0, 1), ylim=(0, 1))
        side.axis("off")
        side.add_patch(Rectangle((0, 0), 1, 1, color=palette.GAIN, linewidth=0))
        self.share = self.moving(side.add_patch(Rectangle((0, 0), 1, 0, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0)))
        self.figure.text(0.95, 0.1, "lose", ha="center", va="center", fontsize=palette.SMALL, color=palette.LOSS_TEXT)
        self.figure.text(0.95, 0.79, "gain", ha="center", va="center", fontsize=palette.SMALL, color=palette.GAIN_TEXT)

    def move(self, r):
        self.figures.show(
            (share_in_words(r.losing), palette.LOSS_TEXT if r.losing else palette.INK), (money(r.median), palette.INK), (percent(r.expectancy, signed=True), palette.change_colour(r.expectancy))
        )
        seen = np.clip(r.values[:SHOWN, self.steps], LOW, HIGH)
        below = r.values[:SHOWN, -1] < 1000
        for lines, rows in ((self.lost, seen[below]), (self.won, seen[~below])):
            lines.set_data(joined((self.steps, row) for row in rows))
        middle = np.clip(np.median(r.values, axis=0), LOW, HIGH)
        self.middle.set_data(np.arange(TRADES + 1), middle)
        self.name.set_y(min(max(middle[-1], 9), 13_000))
        self.share.set_height(r.losing)


class Evidence(Picture):
    """So many people, one mark each: who lost, and who lost in some of the counts."""

    height = 4.4

    def draw(self):
        title = {"fontsize": palette.NORMAL + 2, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.title = self.moving(self.figure.text(0.02, 0.975, "", **title))
        self.who = self.moving(self.figure.text(0.02, 0.89, "", va="top", **SMALL))
        axes = self.axes = self.figure.add_axes((0.02, 0.09, 0.62, 0.72))
        axes.set(xlim=(-0.6, 9.6), ylim=(9.6, -0.6))
        axes.axis("off")
        key = self.figure.add_axes((0.66, 0.3, 0.32, 0.4))
        key.set(xlim=(0, 1), ylim=(0, 3))
        key.axis("off")
        self.marks = []
        for row, (marker, face, word, ink) in enumerate(
            (("X", palette.LOSS, "lost", palette.LOSS_TEXT), ("X", palette.PAPER, "lost, by some counts", palette.LOSS_TEXT), ("o", palette.FIRST, "did not lose", palette.FIRST))
        ):
            style = {"marker": marker, "color": palette.LOSS if marker == "X" else palette.FIRST, "markerfacecolor": face, "linestyle": "", "markersize": 14}
            self.marks.append(self.moving(axes.plot([], [], **style)[0]))
            key.plot([0.06], [2.5 - row], **style)
            key.text(0.15, 2.5 - row, word, va="center", fontsize=palette.NORMAL, color=ink)
        self.source = self.moving(self.figure.text(0.98, 0.012, "", ha="right", **SMALL))

    def move(self, r):
        self.title.set_text(f"{r.told} lost")
        self.who.set_text(r.who)
        self.source.set_text(r.source)
        places = np.arange(r.people)
        for marks, chosen in zip(self.marks, (places[: r.few], places[r.few : r.more], places[r.more :])):
            marks.set_data(chosen % 10, chosen // 10)
