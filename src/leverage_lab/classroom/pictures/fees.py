"""Pictures of chapter 4: what a position costs while the price stands still."""

from functools import cache

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from leverage_lab.claims import LOAN
from leverage_lab.classroom import palette
from leverage_lab.classroom.canvas import Picture
from leverage_lab.classroom.models.fees import DAYS, LONGEST, MARGIN, TIMES, clock_lines, interest_in_words, printed, to_liquidation
from leverage_lab.classroom.pictures import Headline
from leverage_lab.words import amount, money, percent, plain, times

TITLE = {"fontsize": palette.NORMAL + 2, "fontweight": "bold", "color": palette.INK, "va": "top"}
SMALL = {"fontsize": palette.SMALL, "color": palette.MUTED}
STRONG = {"fontsize": palette.NORMAL, "fontweight": "bold", "color": palette.INK}


def title(picture, below=""):
    """A line at the top that moves, and a quiet one under it that does not."""
    if below:
        picture.figure.text(0.02, 0.885, below, va="top", **SMALL)
    return picture.moving(picture.figure.text(0.02, 0.975, "", **TITLE))


class Waterfall(Picture):
    """The margin at the left, what each cost takes off, and what is left at the right."""

    height = 4.6
    COSTS = ("opening fee", "spread", "funding", "closing fee")

    def draw(self):
        self.headline = Headline(self, ("price", "return on margin"))
        self.figure.text(0.98, 0.02, "fees: OKX, lowest tier, 2026-11; spread and funding: 0.01 %, examples", ha="right", **SMALL)
        axes = self.axes = palette.tidy(self.figure.add_axes((0.075, 0.155, 0.915, 0.62)))
        axes.set(xlim=(-0.5, 5.5), ylim=(0, 172))
        axes.set_yticks([0, 50, 100, 150], ["$0", "$50", "$100", "$150"])
        axes.set_xticks(range(6), ["margin", *self.COSTS, "left"])
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        axes.add_patch(Rectangle((-0.36, 0), 0.72, MARGIN, color=palette.FIRST, linewidth=0))
        axes.text(0, MARGIN + 3, money(MARGIN), ha="center", va="bottom", **STRONG)
        loss = {"facecolor": palette.LOSS, "edgecolor": palette.PAPER, "hatch": "xx", "linewidth": 0}
        self.joints = [self.moving(axes.plot([], [], color=palette.MUTED, linewidth=1, linestyle=":")[0]) for _ in range(5)]
        self.bars = [self.moving(axes.add_patch(Rectangle((x - 0.36, 0), 0.72, 0, **loss))) for x in range(1, 5)]
        self.gain = self.moving(axes.add_patch(Rectangle((2.64, 0), 0.72, 0, color=palette.GAIN, linewidth=0)))
        self.left = self.moving(axes.add_patch(Rectangle((4.64, 0), 0.72, 0, color=palette.FIRST, linewidth=0)))
        self.values = [self.moving(axes.text(x, 0, "", ha="center", va="bottom", **STRONG)) for x in range(1, 6)]

    def move(self, r):
        self.headline.show(0.0, r.change)
        level = MARGIN
        self.gain.set_height(0)
        for place, name in enumerate(self.COSTS):
            cost = r.costs[name]
            after = max(0.0, level - cost)
            low, high = min(level, after), max(level, after)
            self.joints[place].set_data([place + 0.36, place + (0.64 if cost else 1.36)], [level, level])
            self.bars[place].set(y=low, height=high - low if cost >= 0 else 0)
            if cost < 0:
                self.gain.set(y=low, height=high - low)
            self.values[place].set(text=money(-cost, signed=True) if cost else "$0", y=high + 3, color=palette.change_colour(-cost))
            level = after
        self.joints[4].set_data([4.36, 4.64], [level, level])
        self.left.set_height(level)
        self.values[4].set(text=money(max(r.left, 0.0)), y=level + 3, color=palette.INK if r.left > 0 else palette.LOSS_TEXT)


RUNGS = np.geomspace(2, 500, 200)


class Ways(Picture):
    """How far up the costs reach, how far down liquidation is, over the leverage; both scales in factors of ten."""

    height = 4.6

    def draw(self):
        self.title = title(self, "distance from the entry; upwards, each line of the grid is ten times the last")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.125, 0.145, 0.83, 0.64)), grid="both")
        axes.set(xscale="log", yscale="log", xlim=(2, 500), ylim=(4e-6, 1.2))
        axes.minorticks_off()
        ticks = (0.00001, 0.0001, 0.001, 0.01, 0.1, 1)
        axes.set_yticks(ticks, [percent(tick, decimals=3) for tick in ticks])
        rungs = (2, 5, 10, 20, 50, 100, 200, 500)
        axes.set_xticks(rungs, [times(rung) for rung in rungs])
        axes.set_xlabel("leverage", fontsize=palette.SMALL, color=palette.MUTED, loc="left")
        self.figure.text(0.98, 0.02, "maintenance 0.1 %: MEXC's API documentation, undated", ha="right", **SMALL)
        axes.plot(RUNGS, to_liquidation(RUNGS), color=palette.LOSS, linewidth=4)
        axes.text(8, 0.17, "down to liquidation", va="bottom", fontsize=palette.NORMAL, fontweight="bold", color=palette.LOSS_TEXT)
        self.costs = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3)[0])
        self.spread = self.moving(axes.plot([], [], color=palette.SECOND_TEXT, linewidth=2.5, linestyle="--")[0])
        edge = [withStroke(linewidth=11, foreground=palette.FIRST)]
        self.way = self.moving(axes.plot([], [], color=palette.ROOM, linewidth=9, solid_capstyle="butt", zorder=1.5, clip_on=False, path_effects=edge)[0])
        self.dots = self.moving(axes.plot([], [], "o", color=palette.INK, markersize=9, zorder=5, clip_on=False)[0])
        word = {"fontsize": palette.NORMAL, "fontweight": "bold"}
        self.costs_name = self.moving(axes.text(2.15, 0, "up to pay fees and spread", color=palette.FIRST, va="bottom", **word))
        self.spread_name = self.moving(axes.text(2.15, 0, "the spread alone", color=palette.SECOND_TEXT, va="top", **word))

    def move(self, r):
        self.title.set_text(f"At {times(r.leverage)} the costs are {percent(r.share, decimals=1)} of the way to liquidation")
        self.costs.set_data([2, 500], [r.up, r.up])
        self.spread.set_data([2, 500], [r.spread, r.spread])
        self.costs_name.set_y(r.up * 1.2)
        self.spread_name.set_y(r.spread / 1.25)
        self.way.set_data([r.leverage, r.leverage], [r.up, r.down])
        self.dots.set_data([r.leverage, r.leverage], [r.up, r.down])


class Settled(Picture):
    """A position on the clock, and the moments at which funding is settled."""

    height = 3.3

    def draw(self):
        self.title = title(self, "two days; triangles: the moments at which funding is settled")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.035, 0.18, 0.93, 0.6)), grid="")
        axes.set(xlim=(-0.4, 48.4), ylim=(0, 1), yticks=[])
        axes.set_xticks(range(0, 49, 8), [f"{hour % 24}:00" for hour in range(0, 49, 8)])
        axes.set_xlabel("time of day (UTC)", fontsize=palette.SMALL, color=palette.MUTED)
        axes.plot([0, 48], [0.12, 0.12], color=palette.MUTED, linewidth=1.5)
        self.drops = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=2)[0])
        self.all = self.moving(axes.plot([], [], "^", color=palette.MUTED, markerfacecolor=palette.PAPER, markersize=10)[0])
        self.met = self.moving(axes.plot([], [], "^", color=palette.LOSS, markersize=13, zorder=5)[0])
        self.bar = self.moving(axes.add_patch(Rectangle((0, 0.42), 0, 0.28, color=palette.FIRST)))
        self.name = self.moving(axes.text(0, 0.74, "", va="bottom", **STRONG | {"color": palette.FIRST}))

    def move(self, r):
        self.title.set_text(f"{r.count} settlement{'s' * (r.count != 1)} met: {money(r.paid)} paid" if r.count else "No settlement met: nothing paid")
        self.bar.set(x=r.opened, width=max(r.held, 0.12))
        right = r.opened + r.held > 24
        self.name.set(text=f"open {plain(r.held)} h", x=r.opened + r.held if right else r.opened, ha="right" if right else "left")
        self.all.set_data(r.ticks, np.full(len(r.ticks), 0.12))
        self.met.set_data(r.met, np.full(len(r.met), 0.12))
        self.drops.set_data([x for t in r.met for x in (t, t, np.nan)], [y for _ in r.met for y in (0.12, 0.7, np.nan)])


class Still(Picture):
    """A flat price, and the liquidation price that funding moves. The height is in parts of the first distance of the two."""

    height = 4.6

    def draw(self):
        self.title = title(self, "the price stands still; funding is settled every 8 hours, out of the margin")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.125, 0.14, 0.845, 0.65)))
        axes.set(xlim=(0, DAYS), xticks=range(0, DAYS + 1, 5), yticks=[])
        axes.set_xlabel("days since the entry", fontsize=palette.SMALL, color=palette.MUTED)
        axes.axhline(0, color=palette.INK, linewidth=3)
        self.heights = [self.moving(axes.text(-0.4, 0, "", ha="right", va="center", **SMALL)) for _ in range(3)]
        self.price = axes.text(29.8, 0, "price", ha="right", **STRONG)
        self.room = self.moving(axes.fill_between([0, 0], [0, 0], [0, 0], step="post", facecolor=palette.ROOM, alpha=0.35, linewidth=0))
        self.line = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=4, drawstyle="steps-post")[0])
        self.name = self.moving(axes.text(0.3, 0, "liquidation", fontsize=palette.NORMAL, fontweight="bold", color=palette.LOSS_TEXT))
        self.cross = self.moving(axes.plot([], [], "X", color=palette.LOSS, markeredgecolor=palette.PAPER, markersize=17, zorder=6)[0])
        self.edge = self.moving(axes.plot([], [], color=palette.LOSS, markersize=12, zorder=6)[0])

    def frame(self, r):
        return r.side

    def reframe(self, r):
        s = 1 if r.side == "long" else -1
        self.axes.set_ylim(*sorted((-1.5 * s, 0.35 * s)))
        self.axes.set_yticks([0, -s / 2, -s], ["", "", ""])
        self.price.set(y=s * 0.06, va="bottom" if s > 0 else "top")

    def move(self, r):
        moves, days = r.moves / r.start, r.days
        for text, part in zip(self.heights, (0, 0.5, 1)):
            text.set(text=percent(part * r.moves[0], signed=True), y=part * moves[0])
        self.line.set_data(days, moves)
        away = abs(moves[-1]) <= 1 + 1e-9  # the name stands on the side which the line leaves
        self.name.set(y=moves[0] * (1.07 if away else 0.93), va="top" if away == (moves[0] < 0) else "bottom")
        low, high = self.axes.get_ylim()
        inside = np.clip(moves, low, high)
        self.room.set_data(days, np.zeros(len(days)), inside)
        gone = r.end is not None
        self.cross.set_data([r.end] if gone else [], [0] if gone else [])
        out = moves[-1] < low or moves[-1] > high
        at = days[np.flatnonzero((moves < low) | (moves > high))[0]] if out else 0
        self.edge.set_data([at] if out else [], [(low * 0.96 if moves[-1] < low else high * 0.96)] if out else [])
        self.edge.set_marker("v" if moves[-1] < low else "^")
        if gone:
            self.title.set_text(f"Liquidated on day {plain(r.end, decimals=1)}, and the price has not moved")
        else:
            self.title.set_text(f"Still open after {DAYS} days, margin {money(MARGIN)} → {money(r.left)}")


@cache
def _lines(minute, basis):
    return clock_lines(minute, basis)


class Clocks(Picture):
    """What the same loan costs under different clocks, over the time it is held."""

    height = 4.6
    STYLES = {
        "exact": {"color": palette.MUTED, "linewidth": 1.5},
        "own started": {"color": palette.FIRST, "linewidth": 4.5},
        "wall started": {"color": palette.SECOND_TEXT, "linewidth": 2.8, "linestyle": "--"},
        "wall completed": {"color": palette.INK, "linewidth": 2.5, "linestyle": "-."},
    }
    WORDS = {
        "exact": "by the second",
        "own started": "each started hour",
        "wall started": "the same, wall clock",
        "wall completed": "full hours, wall clock",
        "day": "each started day",
    }

    def draw(self):
        self.title = title(self, "what the loan has cost, over the time it is held")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.065, 0.14, 0.555, 0.65)), grid="both")
        axes.set(xlim=(0, LONGEST), ylim=(-0.15, 9.2), xticks=range(LONGEST + 1))
        axes.set_yticks([0, 2, 4, 6, 8], ["$0", "$2", "$4", "$6", "$8"])
        axes.set_xlabel("hours held", fontsize=palette.SMALL, color=palette.MUTED)
        self.now = self.moving(axes.plot([], [], color=palette.INK, linewidth=1)[0])
        self.lines = {name: self.moving(axes.plot([], [], clip_on=True, **style)[0]) for name, style in self.STYLES.items()}
        self.dots = self.moving(axes.plot([], [], "o", color=palette.INK, markersize=8, zorder=6)[0])
        self.values = {}
        for row, (name, word) in enumerate(self.WORDS.items()):
            y = 0.76 - 0.148 * row
            self.figure.text(0.705, y, word, va="center", **SMALL)
            self.values[name] = self.moving(self.figure.text(0.705, y - 0.058, "", va="center", **STRONG))
            if name in self.STYLES:
                key = axes.plot([0.65, 0.693], [y - 0.028] * 2, transform=self.figure.transFigure, clip_on=False, **self.STYLES[name])[0]
                key.set_zorder(1)

    def move(self, r):
        for name, (hours, dollars) in _lines(r.minute, r.basis).items():
            self.lines[name].set_data(hours, dollars)
        self.now.set_data([r.hours, r.hours], [0, 9.2])
        self.dots.set_data([r.hours] * 4, [r.sums[name][1] for name in self.STYLES])
        for name, text in self.values.items():
            units, sum_ = r.sums[name]
            text.set_text(f"{interest_in_words(sum_)} · {plain(units)} h")
        minutes = round(60 * r.hours)
        cheapest = min(sum_ for _, sum_ in r.sums.values())
        self.title.set_text(f"{minutes // 60} h {minutes % 60:02} min, borrowed at 13:{int(r.minute):02}: {interest_in_words(cheapest)} to {money(r.sums['day'][1])}")


class Decade(Picture):
    """The fee article's steps: what it prints and what comes out, on a scale of factors of ten."""

    height = 4.8
    ROWS = ("charged on", "a day", "in all days", "after the split", "in BTC")
    CLAIMS = ("F02", "F03", "F04", "F06", "F07")

    def draw(self):
        self.title = title(self, f"cross: as printed in the article, for {times(TIMES)} and {LOAN['days']} days; dot: computed")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.2, 0.145, 0.785, 0.67)), grid="x")
        axes.set(xscale="log", xlim=(2e-6, 8e6), ylim=(4.62, -0.5))
        axes.minorticks_off()
        ticks = [10.0**power for power in range(-5, 7)]
        names = {1e-4: "0.0001", 1e-2: "0.01", 1.0: "1", 1e2: "100", 1e4: "10,000", 1e6: "1,000,000"}
        axes.set_xticks(ticks, [names.get(tick, "") for tick in ticks])
        axes.set_xlabel("dollars (last row: BTC); each line of the grid is ten times the last", fontsize=palette.SMALL, color=palette.MUTED)
        axes.set_yticks(range(5), self.ROWS)
        axes.tick_params(axis="y", labelcolor=palette.INK)
        self.gaps = [self.moving(axes.plot([], [], color=palette.LOSS, linewidth=1.5, linestyle=":")[0]) for _ in self.ROWS]
        for row, claim in enumerate(self.CLAIMS):
            value = printed()[claim]
            axes.text(value, row + 0.17, self._show(row, value), ha="center", va="top", fontsize=palette.NORMAL, color=palette.LOSS_TEXT)
        self.dots = self.moving(axes.plot([], [], "o", color=palette.FIRST, markersize=13, zorder=5)[0])
        crosses = axes.plot([printed()[claim] for claim in self.CLAIMS], range(5), "X", color=palette.LOSS, markersize=11, markeredgecolor=palette.PAPER, zorder=6)[0]
        self.moving(crosses)  # only to be drawn on a dot in the same place, not under it
        self.values = [self.moving(axes.text(1, row - 0.15, "", ha="center", va="bottom", **STRONG | {"color": palette.FIRST})) for row in range(5)]

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
            self.title.set_text(f"{money(r.steps[3])} in {r.days} {'day' if r.days == 1 else 'days'}, {amount(r.steps[4], 'BTC')}")


class Holding(Picture):
    """Four answers to the question what holding $100,000 costs, as bars."""

    height = 4.2
    ROWS = ("the article prints", "its own formula gives", "a spot loan costs", "funding on a future")

    def draw(self):
        self.title = title(self, "what comes in to the right, costs to the left")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.29, 0.11, 0.69, 0.69)), grid="x")
        axes.set(xlim=(-460, 460), ylim=(3.55, -0.55))
        axes.set_xticks([-300, -150, 0, 150, 300], ["−$300", "−$150", "$0", "+$150", "+$300"])
        axes.set_yticks(range(4), self.ROWS)
        axes.tick_params(axis="y", labelcolor=palette.INK)
        axes.axvline(0, color=palette.INK, linewidth=1.5)
        loss = {"facecolor": palette.LOSS, "edgecolor": palette.PAPER, "hatch": "xx", "linewidth": 0}
        told = {"facecolor": palette.BORROWED, "edgecolor": palette.FIRST, "hatch": palette.HELD, "linewidth": 0}
        self.bars = [self.moving(axes.add_patch(Rectangle((0, row - 0.29), 0, 0.58, **(loss if row > 1 else told)))) for row in range(4)]
        self.gain = self.moving(axes.add_patch(Rectangle((0, 2.71), 0, 0.58, color=palette.GAIN, linewidth=0)))
        self.values = [self.moving(axes.text(0, row, "", va="center", **STRONG)) for row in range(4)]

    def move(self, r):
        for row, (bar, text, cost) in enumerate(zip(self.bars, self.values, r.bars)):
            bar.set_width(min(-cost, 0.0))
            text.set(text=money(-cost, signed=True) if cost else "$0", x=-cost + (8 if cost < 0 else -8), ha="left" if cost < 0 else "right")
            text.set_color(palette.change_colour(-cost) if row > 1 else palette.INK)
        self.gain.set_width(max(-r.bars[3], 0.0))
        funding = money(-r.bars[3], signed=True) if r.bars[3] else "$0"
        self.title.set_text(f"{r.days} {'day' if r.days == 1 else 'days'}: spot loan {money(-r.bars[2])}, {r.side} future {funding}")
