"""Pictures of chapter 2."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from leverage_lab import dates
from leverage_lab.classroom import palette
from leverage_lab.classroom.canvas import Picture
from leverage_lab.classroom.models import liquidation as models
from leverage_lab.classroom.pictures import (
    Headline, bars_a_candle, boxes, broken, drawn_as, fill, left_of, percent_ticks, price_labels, round_ticks, short_moment, source_line, time_ticks, view,
)  # fmt: skip
from leverage_lab.market import lasting
from leverage_lab.words import money, percent, plain, price, times

WORD = {"fontsize": palette.NORMAL, "va": "center"}
SMALL_WORD = {"fontsize": palette.SMALL, "va": "center"}
BACKED = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1}


def apart(wanted, gap, low, high):
    """Places near `wanted` (falling order), at least `gap` apart and within low … high."""
    places = []
    for place in wanted:
        places.append(min(place, places[-1] - gap if places else high))
    for i in range(len(places) - 1, -1, -1):
        places[i] = max(places[i], low if i == len(places) - 1 else places[i + 1] + gap)
    return places


def hatched(axes, x, y, width, height, colour=palette.LOSS, hatch=palette.HELD, ground=palette.PAPER, line=1.5):
    return axes.add_patch(Rectangle((x, y), width, height, facecolor=ground, edgecolor=colour, hatch=hatch, linewidth=line))


class ClosedEarly(Picture):
    """The price on its way from entry to bankruptcy, and beside it, to the same scale, the margin it eats."""

    height = 4.7

    def draw(self):
        self.headline = Headline(self, ("price", "return on margin", "account"))
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.74))
        axes.set(xlim=(0, 1), ylim=(-1.13, 0.13))
        axes.axis("off")
        axes.add_patch(Rectangle((0, -1.13), 0.51, 0.13, facecolor=palette.LOST_GROUND, edgecolor="none"))
        axes.plot([0, 0.51], [0, 0], color=palette.MUTED, linewidth=1.5)
        axes.text(0.51, 0.05, f"entry {price(models.ENTRY)}", color=palette.MUTED, ha="right", parse_math=False, **WORD)
        axes.plot([0, 0.51], [-1, -1], color=palette.LOSS, linewidth=2, linestyle=":")
        self.bankrupt = self.moving(axes.text(0.51, -1.065, "", color=palette.LOSS_TEXT, ha="right", **WORD))
        self.band = self.moving(hatched(axes, 0, -1, 0.51, 0, line=0))
        self.line = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=3.5)[0])
        self.ends = self.moving(axes.text(0.51, 0, "", color=palette.LOSS_TEXT, ha="right", fontweight="bold", **WORD))
        self.path = self.moving(axes.plot([], [], color=palette.INK, linewidth=3.5)[0])
        self.after = self.moving(axes.plot([], [], color=palette.INK, linewidth=1.5, linestyle=":")[0])
        self.dot = self.moving(axes.plot([], [], color=palette.INK, marker="o", markersize=11)[0])
        self.now = self.moving(axes.text(0.075, 0, "", color=palette.INK, fontweight="bold", **WORD))
        # The margin: the same height as the way from entry to bankruptcy.
        self.lost = self.moving(axes.add_patch(Rectangle((0.55, 0), 0.12, 0, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0)))
        self.room = self.moving(axes.add_patch(Rectangle((0.55, 0), 0.12, 0, **palette.ROOM_BAR)))
        self.held = self.moving(hatched(axes, 0.55, -1, 0.12, 0))
        self.fee = self.moving(axes.add_patch(Rectangle((0.55, -1), 0.12, 0, facecolor=palette.MUTED, linewidth=0)))
        self.shut = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=3.5)[0])
        axes.text(0.55, 0.05, f"margin {money(models.MARGIN)}", color=palette.MUTED, parse_math=False, **WORD)
        style = {"lost": palette.LOSS_TEXT, "room left": palette.INK, "maintenance": palette.LOSS_TEXT, "closing fee": palette.MUTED}
        self.words = {name: self.moving(axes.text(0.695, 0, "", color=colour, **WORD)) for name, colour in style.items()}

    def move(self, r):
        self.headline.show(*r.headline)
        share = models.MARGIN  # one margin is the height 1
        line = -(share - r.held - r.fee) / share
        now = min(max(r.move * r.leverage, -1.11), 0.1)
        self.bankrupt.set_text(f"bankruptcy {price(r.bankrupt)}")
        self.band.set_height(1 + line)
        self.line.set_data([0, 0.51], [line, line])
        self.ends.set(text=f"liquidation {price(r.ends)}", y=line + 0.055)
        stop = max(now, line) if r.closed else now
        self.path.set_data([0.05, 0.05], [0, stop])
        self.after.set_data([0.05, 0.05], [stop, now])
        inside = -1.11 < now < 0.1
        self.dot.set_data([0.05], [now])
        self.dot.set_marker("o" if inside else "v" if now < 0 else "^")
        # Its price stands beside the dot, but clear of the words at the lines.
        y = now if now > -0.1 or now < line - 0.1 else max(now, line + 0.16)
        self.now.set(text=price(round(r.now)), y=-1.065 if y < -0.93 else 0.05 if y > -0.09 else y)
        lost = min(r.lost, share) / share
        self.lost.set(y=-lost, height=lost)
        self.room.set(y=line, height=max(0.0, -lost - line), visible=-lost > line)
        need = (r.held + r.fee) / share
        fee = r.fee / share
        self.held.set(y=-1 + fee, height=need - fee)
        self.fee.set(height=fee)
        self.shut.set_data([0.535, 0.685] if r.closed else [], [line, line] if r.closed else [])
        parts = []
        if lost > 0.001:
            parts.append(("lost", -lost / 2, f"lost {money(r.lost)}"))
        if r.gained:
            parts.append(("lost", -0.02, f"gained {money(r.gained)}"))
        parts.append(("room left", (-lost + line) / 2, f"room left {money(max(r.room, 0.0))}" if not r.closed else "room left $0"))
        if r.held:
            parts.append(("maintenance", -1 + fee + (need - fee) / 2, f"maintenance {money(r.held)}"))
        if r.fee:
            parts.append(("closing fee", -1 + fee / 2, f"closing fee {money(r.fee)}"))
        for text in self.words.values():
            text.set_text("")
        for (name, _, words), y in zip(parts, apart([y for _, y, _ in parts], 0.1, -1.06, -0.05)):
            self.words[name].set(text=words, y=y)
        self.words["lost"].set_color(palette.GAIN_TEXT if r.gained else palette.LOSS_TEXT)


class WayLeft(Picture):
    """Of the way to bankruptcy, the part that is left before liquidation: one column for each leverage."""

    height = 4.3

    def draw(self):
        self.title = self.moving(self.figure.text(0.02, 0.975, "", fontsize=palette.NORMAL + 3, fontweight="bold", color=palette.INK, va="top"))
        self.figure.text(
            0.02, 0.885, "column: the whole way from the entry down to bankruptcy", fontsize=palette.SMALL, color=palette.MUTED, va="top"
        )
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.77))
        axes.set(xlim=(-0.62, 7.85), ylim=(-1.32, 0.12))
        axes.axis("off")
        axes.text(-0.6, 0.04, "entry", color=palette.MUTED, ha="left", va="bottom", fontsize=palette.SMALL)
        axes.plot([-0.6, 7.8], [0, 0], color=palette.MUTED, linewidth=1.5)
        axes.plot([-0.6, 7.8], [-1, -1], color=palette.LOSS, linewidth=2, linestyle=":")
        # One artist for all columns of a kind; the last column is the learner's own.
        self.places = [*((place, 0.46) for place in range(len(models.COLUMNS))), (7.3, 0.5)]
        self.rooms = boxes(self, axes, **palette.ROOM_BAR)
        self.helds = boxes(self, axes, facecolor=palette.PAPER, edgecolor=palette.LOSS, hatch=palette.HELD, linewidth=1)
        self.fees = boxes(self, axes, facecolor=palette.MUTED)
        self.lines = self.moving(axes.add_collection(LineCollection([], colors=palette.LOSS, linewidths=3)))
        for (x, _), rung in zip(self.places, models.COLUMNS):
            axes.text(x, -1.06, f"−{percent(1 / rung)}", color=palette.LOSS_TEXT, ha="center", va="top", fontsize=palette.SMALL)
            axes.text(x, -1.19, times(rung), color=palette.INK, ha="center", va="top", fontsize=palette.NORMAL, fontweight="bold")
        self.words = [self.moving(axes.text(x, 0, "", ha="center", color=palette.INK, **SMALL_WORD | {"fontsize": 11})) for x, _ in self.places]
        self.own_end = self.moving(axes.text(7.3, -1.06, "", color=palette.LOSS_TEXT, ha="center", va="top", fontsize=palette.SMALL))
        self.own_name = self.moving(axes.text(7.3, -1.19, "", color=palette.FIRST, ha="center", va="top", fontsize=palette.NORMAL, fontweight="bold"))
        axes.text(7.3, 0.04, "yours", color=palette.FIRST, ha="center", va="bottom", fontsize=palette.SMALL, fontweight="bold")

    def move(self, r):
        left = r.left / r.way
        parts = [*r.columns.values(), (left, r.held / r.way, r.left)]
        rooms, helds, fees, lines = [], [], [], []
        for (x, half), (room, held, distance), word in zip(self.places, parts, self.words):
            fee = -1 + max(0.0, 1 - room - held)
            for group, low, high in ((rooms, -room, 0), (helds, fee, fee + held), (fees, -1, fee)):
                if high - low > 1e-9:
                    group.append((x - half, low, x + half, high))
            lines.append([(x - half, -room), (x + half, -room)])
            word.set(text=f"−{percent(distance)}" if room > 1e-9 else "none", y=-room / 2 if room > 0.14 else -room - 0.1)
        for kind, among in ((self.rooms, rooms), (self.helds, helds), (self.fees, fees)):
            fill(kind, among)
        self.lines.set_segments(lines)
        self.own_end.set_text(f"−{percent(r.way)}")
        self.own_name.set_text(times(r.leverage))
        self.title.set_text(f"{times(r.leverage)}: {percent(left)} of the way is left" if left > 1e-9 else f"{times(r.leverage)}: nothing of the way is left")


RIGHT = 8.114  # the logarithm of $130 million


class Tiers(Picture):
    """The liquidation line over the size of a position: it climbs towards the entry."""

    height = 4.4

    def draw(self):
        title = {"fontsize": palette.NORMAL + 2, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.title = self.moving(self.figure.text(0.02, 0.975, "", **title))
        self.figure.text(0.02, 0.89, "price move that closes a long, by its size · dashed: at the first tier's rate", fontsize=palette.SMALL, color=palette.MUTED, va="top")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.14, 0.165, 0.805, 0.65)), grid="")
        axes.set(xlim=(4, RIGHT), ylim=(-1.12, 0.1), yticks=[])  # x: logarithm of the size; y: share of the way to bankruptcy
        axes.set_xticks([4, 5, 6, 7, 8], ["$10,000", "$100,000", "$1 million", "$10 million", "$100 million"])
        self.source = self.moving(self.figure.text(0.98, 0.012, "", fontsize=palette.SMALL, color=palette.MUTED, ha="right", va="bottom"))
        self.ticks = []
        for share in (0, -0.25, -0.5, -0.75, -1):
            axes.axhline(share, color=palette.GRID, linewidth=1)
            self.ticks.append((share, self.moving(axes.text(3.94, share, "", ha="right", color=palette.MUTED, **SMALL_WORD))))
        self.band = self.moving(axes.add_collection(PolyCollection([], facecolors=palette.PAPER, edgecolors=palette.LOSS, hatch=palette.HELD, linewidths=0)))
        self.forbidden = self.moving(axes.add_patch(Rectangle((8, -1), 1, 1, facecolor=palette.GRID, edgecolor="none")))
        axes.axhline(0, color=palette.MUTED, linewidth=1.5)
        axes.text(4.05, 0.045, "entry", color=palette.MUTED, **SMALL_WORD)
        axes.axhline(-1, color=palette.LOSS, linewidth=2, linestyle=":")
        axes.text(4.05, -1.06, "bankruptcy", color=palette.LOSS_TEXT, **SMALL_WORD)
        self.flat = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=1.5, linestyle="--")[0])
        self.line = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=3.5)[0])
        self.limit = self.moving(axes.text(8.08, -0.14, "", color=palette.INK, ha="right", **SMALL_WORD))
        self.drop = self.moving(axes.plot([], [], color=palette.INK, linewidth=1.5)[0])
        self.dot = self.moving(axes.plot([], [], color=palette.INK, marker="o", markersize=11, linestyle="")[0])
        self.word = self.moving(axes.text(4, 0, "", color=palette.INK, fontweight="bold", bbox=BACKED, **WORD))

    def move(self, r):
        self.source.set_text(f"{r.exchange}, BTC, " + (dates.shown(r.as_of) if r.as_of else "no date") + "; a coin at $100,000")
        line = models.tier_line(r.exchange, r.leverage) * r.leverage
        seen = ~np.isnan(line)
        x, y = np.log10(models.SIZES[seen]), line[seen]
        end = min(np.log10(r.allowed), RIGHT)
        self.band.set_verts([[(x[0], -1), *zip(x, y), (end, y[-1]), (end, -1)]])
        self.line.set_data([*x, end], [*y, y[-1]])
        self.flat.set_data([4, end], [r.plainly * r.leverage] * 2)
        self.forbidden.set(x=end, width=RIGHT - end)
        self.limit.set_text(f"no {times(r.leverage)} here" if end < 7.3 else "")  # no longer than the grey ground is wide
        for share, text in self.ticks:
            text.set_text(percent(share / r.leverage, signed=True))
        at = np.log10(r.position)
        if not r.ok:
            self.title.set_text(f"{_million(r.position)}: more than {r.exchange} allows at {times(r.leverage)}")
            self.drop.set_data([at, at], [-1, 0])
            self.dot.set(data=([at], [-0.82]), marker="X")
            self.word.set(text="not allowed", x=at + (0.1 if at < 7.35 else -0.1), y=-0.82, ha="left" if at < 7.35 else "right")
            return
        height = r.move * r.leverage
        self.title.set_text(f"{_million(r.position)} at {times(r.leverage)}: closed at {percent(r.move, signed=True)}")
        self.drop.set_data([at, at], [0, height])
        self.dot.set(data=([at], [height]), marker="o")
        right = at < 6
        self.word.set(text=f"tier {r.tier}", x=at + (0.08 if right else -0.08), y=min(height + 0.1, -0.09), ha="left" if right else "right")


def _million(value):
    return money(value) if value < 1e6 else f"${plain(value / 1e6, 6)} million"


class MarkOrLast(Picture):
    """Three hours of 3 February 2025, or another market: trades as candles, the mark as a line, and one line that ends it."""

    height = 4.9
    EVERY = 3  # minutes in a candle
    LOW, HIGH, LAST = -0.083, 0.006, 183  # moves at bottom and top, the place at the right edge

    def draw(self):
        self.title = self.moving(self.figure.text(0.02, 0.978, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"))
        self.candles_are = self.figure.text(0.02, 0.9, "candles: your exchange's trades (last price)", fontsize=palette.SMALL, color=palette.MUTED, va="top")
        self.line_is = self.figure.text(0.58, 0.9, "thick line: the mark price", fontsize=palette.SMALL, color=palette.INK, va="top", fontweight="bold")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.105, 0.175, 0.855, 0.655)), grid="y")
        axes.set(xlim=(-2, self.LAST), ylim=(self.LOW, self.HIGH))
        axes.set_xticks([0, 30, 60, 90, 120, 150, 180], ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00"])
        percent_ticks(axes.yaxis, [-0.08, -0.06, -0.04, -0.02, 0])
        self.source = self.figure.text(0.98, 0.012, "3 February 2025, UTC, after BTC/USD minutes of Bitstamp by ff137, CC BY 4.0", fontsize=palette.SMALL, color=palette.MUTED, ha="right", va="bottom")
        self.bottom, self.top, self.left, self.right, self.every, self.unit = self.LOW, self.HIGH, -2, self.LAST, self.EVERY, 1.0
        self.ground = self.moving(axes.axhspan(self.LOW, -0.05, facecolor=palette.LOST_GROUND, edgecolor="none"))
        self.wicks = self.moving(axes.add_collection(LineCollection([], colors=palette.MUTED, linewidths=1)))
        self.falls = self.moving(axes.add_collection(LineCollection([], colors=palette.MUTED, linewidths=5)))
        self.rises = self.moving(axes.add_collection(LineCollection([], colors=palette.MUTED, linewidths=5)))
        self.hollow = self.moving(axes.add_collection(LineCollection([], colors=palette.PAPER, linewidths=3)))
        self.line = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=3.5)[0])
        self.mark = self.moving(axes.plot([], [], color=palette.INK, linewidth=2.5)[0])
        self.word = self.moving(axes.text(1, 0, "", color=palette.LOSS_TEXT, fontweight="bold", va="top", fontsize=palette.NORMAL))
        self.cross = self.moving(axes.plot([], [], color=palette.LOSS, marker="X", markersize=15, markeredgecolor=palette.PAPER, linestyle="")[0])
        self.touch = self.moving(axes.plot([], [], marker="o", markersize=17, markerfacecolor="none", markeredgecolor=palette.MUTED, markeredgewidth=2.5, linestyle="")[0])

    def frame(self, r):
        return id(r.market)

    def reframe(self, r):
        if (market := r.market) is None:
            return
        last = int(market.arrays["at"][-1]) + 1
        self.bottom, self.top = view(1, r.chart["low"], r.chart["high"], *((r.own_mark["low"], r.own_mark["high"]) if r.own_mark else ()))
        self.left, self.right, self.every = -0.011 * last, 1.011 * last, bars_a_candle(last)
        self.unit = (self.top - self.bottom) / (self.HIGH - self.LOW)
        self.candles_are.set_text(f"candles of {lasting(self.every * market.step)}: trades")
        self.line_is.set(text="thick line: the mark price" if r.own_mark else "thick line: mean of closes", x=0.52)
        self.source.set_text(source_line(self, market))
        self.axes.set(xlim=(self.left, self.right), ylim=(self.bottom, self.top))
        self.axes.set_xticks(*time_ticks(market))
        ticks, _ = round_ticks(self.bottom, self.top)
        percent_ticks(self.axes.yaxis, [tick + 0.0 for tick in ticks])
        edge = left_of(self, [percent(tick, signed=True) for tick in ticks], 0.105)
        self.axes.set_position((edge, 0.175, 0.96 - edge, 0.655))

    def move(self, r):
        at = np.arange(len(r.mark)) if r.market is None else r.market.arrays["at"]
        whole = len(at) - len(at) % self.every if r.market is None else len(at)
        starts, first, low, high, last = drawn_as({name: row[:whole] for name, row in r.chart.items()}, at[:whole], self.every)
        middle = starts + self.every / 2
        up = last > first
        self.wicks.set_segments(_uprights(middle, low, high))
        self.falls.set_segments(_uprights(middle[~up], last[~up], first[~up]))
        self.rises.set_segments(_uprights(middle[up], first[up], last[up]))
        thin = 0.0004 * self.unit
        self.hollow.set_segments(_uprights(middle[up], first[up] + thin, last[up] - thin)[: up.sum()])
        if r.own_mark:  # from candle to candle, and to the two lows that are spoken of
            begins, *_, ended = drawn_as(r.own_mark, at, self.every)
            lows = [n for n in (r.closed, int(r.own_mark["low"].argmin())) if n is not None]
            self.mark.set_data(*broken(np.append(begins + self.every, at[lows] + 0.5), np.append(ended, r.own_mark["low"][lows]), self.every))
        elif r.market:
            self.mark.set_data(*broken(at + 1, r.mark))
        else:
            self.mark.set_data(at + 1, r.mark)
        shown = max(r.line, self.bottom + 0.002 * self.unit)
        self.ground.set(y=self.bottom, height=max(0.0, r.line - self.bottom))
        self.line.set_data([self.left, self.right], [r.line, r.line])
        off = r.line < self.bottom + 0.0015 * self.unit
        margin = 1 if r.market is None else 0.005 * self.right
        below = shown > self.bottom + 0.011 * self.unit
        if r.market is None:
            right = r.line > -0.03  # the candles are at the left there
        else:  # where fewer candles are in the way, and no cross
            foot = shown - 0.009 * self.unit if below else shown
            hidden = (r.chart["low"] < foot + 0.009 * self.unit) & (r.chart["high"] > foot)
            ends = at > 0.65 * self.right, at < 0.35 * self.right
            one, other = (hidden[end].sum() + 0.2 * len(at) * bool(r.closed is not None and end[r.closed]) for end in ends)
            right = one < other
        self.word.set(
            text=f"liquidation {percent(r.line, signed=True)}" + (" ↓" if off else ""), x=self.right - margin if right else margin, ha="right" if right else "left",
            y=shown + (-0.0025 if below else 0.006) * self.unit,
        )  # fmt: skip
        end = () if r.closed is None else (at[r.closed] + 1, r.mark[r.closed]) if not r.own_mark else (at[r.closed] + 0.5, min(r.line, r.own_mark["high"][r.closed]))
        self.cross.set_data(end[:1], end[1:])
        self.touch.set_data([] if r.touched is None else [at[r.touched] + 0.5], [] if r.touched is None else [max(r.line, self.bottom)])
        if r.closed is None:
            self.title.set_text("Open: the mark did not reach the line" + (", your chart did" if r.by_chart else ""))
        else:
            when = f"at {r.closed // 60:02}:{r.closed % 60:02}" if r.market is None else f"{'at ' * r.market.one_day}{short_moment(r.market, r.closed)}"
            self.title.set_text(f"Closed {when} by the mark" + ("" if r.by_chart else ", not by your chart"))


def _uprights(x, low, high):
    return np.stack([np.stack([x, low], axis=1), np.stack([x, high], axis=1)], axis=1)


class Crash(Picture):
    """Candles of a crash, or of another market, with the lines at which positions of six leverages are closed."""

    height = 4.9

    def draw(self):
        self.title = self.moving(self.figure.text(0.02, 0.978, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"))
        self.candles_are = self.figure.text(0.02, 0.9, "one candle an hour, BTC/USD; grey lines end where that leverage was closed", fontsize=palette.SMALL, color=palette.MUTED, va="top")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.12, 0.155, 0.755, 0.675)), grid="y")
        self.source = self.figure.text(0.98, 0.012, "trades at Bitstamp, hours UTC, as published by CryptoDataDownload", fontsize=palette.SMALL, color=palette.MUTED, ha="right", va="bottom")
        self.wicks = axes.add_collection(LineCollection([], colors=palette.INK, linewidths=1.2))
        self.falls = axes.add_collection(LineCollection([], colors=palette.INK, linewidths=7))
        self.rises = axes.add_collection(LineCollection([], colors=palette.INK, linewidths=7))
        self.hollow = axes.add_collection(LineCollection([], colors=palette.PAPER, linewidths=4.5))
        self.before = self.moving(axes.add_patch(Rectangle((-1, 0), 1, 1, facecolor=palette.PAPER, alpha=0.75, edgecolor="none")))
        self.entry = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=1.5)[0])
        self.entry_word = self.moving(axes.text(0, 0, "entry", color=palette.MUTED, clip_on=False, **SMALL_WORD))
        self.rungs, self.marks, self.names = {}, {}, {}
        for rung in models.RUNGS:
            self.rungs[rung] = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=1.5, linestyle="--")[0])
            self.marks[rung] = self.moving(axes.plot([], [], color=palette.MUTED, marker="X", markersize=9, linestyle="")[0])
            self.names[rung] = self.moving(axes.text(0, 0, "", color=palette.MUTED, clip_on=False, **SMALL_WORD))
        self.line = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=3.5)[0])
        self.word = self.moving(axes.text(0, 0, "", color=palette.LOSS_TEXT, fontweight="bold", **WORD))
        self.cross = self.moving(axes.plot([], [], color=palette.LOSS, marker="X", markersize=16, markeredgecolor=palette.PAPER, linestyle="")[0])

    RANGES = {"2020": (3550, 8600, (4000, 5000, 6000, 7000, 8000)), "2021": (28_000, 46_500, (30_000, 34_000, 38_000, 42_000, 46_000))}

    def frame(self, r):
        return r.crash, id(r.market)

    def reframe(self, r):
        if r.market is None:
            bottom, top, ticks = self.RANGES[r.crash]
            at, every = np.arange(len(r.names)), 1
        else:
            bottom, top = view(r.bars["open"][0], r.bars["low"], r.bars["high"])
            ticks, tick = round_ticks(bottom, top)
            at = r.market.arrays["at"]
            every = bars_a_candle(int(at[-1]) + 1)
        self.at, self.bottom, self.top, self.length = at, bottom, top, int(at[-1]) + 1
        starts, first, low, high, last = drawn_as(r.bars, at, every)
        x, up, thin = starts + (every - 1) / 2, last > first, 0.006 * (top - bottom)
        self.wicks.set_segments(_uprights(x, low, high))
        self.falls.set_segments(_uprights(x[~up], last[~up], first[~up]))
        self.rises.set_segments(_uprights(x[up], first[up], last[up]))
        self.hollow.set_segments(_uprights(x[up], first[up] + thin, np.maximum(last[up] - thin, first[up] + thin)))
        wide = 7 if len(x) < 30 else 5 if len(x) < 50 else 4  # points
        for group, width in ((self.falls, 2 * wide - 4), (self.rises, 2 * wide - 4), (self.hollow, 2 * wide - 6.5)):
            group.set_linewidths(width)
        self.axes.set_xlim(-0.7, max(self.length - 0.3, x[-1] + 0.7 * every if every > 1 else 0))
        if r.market is None:
            places = [k * len(x) // 4 for k in range(4)]  # as many ticks in every frame, so that none is left over
            self.axes.set_xticks(places, [f"{int(r.names[hour][8:10])} {r.names[hour][11:]}" for hour in places])
            labels = [money(tick) for tick in ticks]
        else:
            self.candles_are.set_text(f"candles of {lasting(every * r.market.step)}; grey lines end where that leverage was closed")
            self.source.set_text(source_line(self, r.market))
            self.axes.set_xticks(*time_ticks(r.market, 5))
            labels = price_labels(ticks, tick)
            edge = left_of(self, labels, 0.12)
            self.axes.set_position((edge, 0.155, 0.85 - edge, 0.675))
        self.axes.set_yticks(ticks, labels)
        self.axes.set_ylim(bottom, top)

    def move(self, r):
        bottom, top = self.bottom, self.top
        start, end = self.at[r.hour] - 0.5, self.length - 0.5
        level, gap = r.bars["open"][r.hour], 0.062 * (top - bottom)
        self.before.set(x=-0.7, y=bottom, width=start + 0.7, height=top - bottom)
        self.entry.set_data([start, end], [level, level])
        edge = level * (1 + r.line)
        own = bottom < edge < top
        names = [(level, self.entry_word), (min(max(edge, bottom), top), self.word)]  # to be spread, so that none stands on another
        for rung, (line, gone) in r.rungs.items():
            y = level * (1 + line)
            inside = bottom < y < top and rung != r.leverage
            self.rungs[rung].set_data([start, end if gone is None else self.at[gone]] if inside else [], [y, y] if inside else [])
            self.marks[rung].set_data([self.at[gone]] if inside and gone is not None else [], [y] if inside and gone is not None else [])
            self.names[rung].set_text(times(rung) if inside else "")
            names += [(y, self.names[rung])] if inside else []
        self.line.set_data([start, end if r.gone is None else self.at[r.gone]] if own else [], [edge, edge] if own else [])
        self.cross.set_data([self.at[r.gone]] if r.gone is not None else [], [min(max(edge, bottom), top)] if r.gone is not None else [])
        self.word.set_text(times(r.leverage) + ("" if own else " ↓" if edge < bottom else " ↑"))
        names.sort(key=lambda name: -name[0])
        for (_, text), y in zip(names, apart([y for y, _ in names], gap, bottom + gap / 2, top - gap / 2)):
            text.set(x=end + 0.012 * self.length, y=y)
        dead = "" if r.gone is None else f", {r.gone - r.hour + 1} h after the entry" if r.market is None else f", {r.held} after the entry"
        self.title.set_text(f"{times(r.leverage)} {r.side}: " + ("still open at the end" if r.gone is None else f"closed{dead}"))


class Venue(Picture):
    """A small exchange: longs and their margin, shorts with their rank lights, the fund, and the sum of all."""

    height = 5.2

    def draw(self):
        self.title = self.moving(self.figure.text(0.02, 0.98, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"))
        axes = self.axes = self.figure.add_axes((0.02, 0.02, 0.96, 0.89))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        axes.text(0, 0.965, "longs", color=palette.FIRST, fontweight="bold", **WORD)
        axes.text(0.19, 0.965, "left of the margin", color=palette.MUTED, **SMALL_WORD)
        axes.text(0.52, 0.965, "shorts", color=palette.SECOND_TEXT, fontweight="bold", **WORD)
        axes.text(0.7, 0.965, "rank", color=palette.MUTED, **SMALL_WORD)
        axes.text(0.83, 0.965, "coins still held", color=palette.MUTED, **SMALL_WORD)
        self.longs, self.shorts = {}, {}
        for place, (name, (leverage, _, _)) in enumerate(models.LONGS.items()):
            y = 0.885 - 0.085 * place
            axes.text(0, y, f"{name} {times(leverage)}", color=palette.INK, **SMALL_WORD)
            axes.add_patch(Rectangle((0.19, y - 0.027), 0.16, 0.054, facecolor=palette.PAPER, edgecolor=palette.MUTED, linewidth=1))
            bar = self.moving(axes.add_patch(Rectangle((0.19, y - 0.027), 0, 0.054, **palette.ROOM_BAR)))
            word = self.moving(axes.text(0.36, y, "", **SMALL_WORD))
            self.longs[name] = bar, word, 0.16
        for place, (name, (leverage, coins, _)) in enumerate(models.SHORTS.items()):
            y = 0.885 - 0.085 * place
            axes.text(0.52, y, f"{name} {times(leverage)}", color=palette.INK, **SMALL_WORD)
            lights = [self.moving(axes.plot([], [], "s", color=palette.SECOND, markersize=9, markeredgecolor=palette.SECOND_TEXT)[0])]
            for light in range(5):
                axes.plot([0.706 + 0.022 * light], [y], "s", markersize=9, markerfacecolor=palette.GRID, markeredgecolor=palette.MUTED)
            lights[0].set_ydata([])
            axes.add_patch(Rectangle((0.83, y - 0.027), 0.11, 0.054, facecolor=palette.PAPER, edgecolor=palette.MUTED, linewidth=1))
            bar = self.moving(axes.add_patch(Rectangle((0.83, y - 0.027), 0, 0.054, **palette.SECOND_BAR)))
            word = self.moving(axes.text(0.95, y, "", color=palette.INK, **SMALL_WORD))
            self.shorts[name] = lights[0], bar, word, y, coins
        axes.plot([0, 1], [0.295, 0.295], color=palette.GRID, linewidth=1.5)
        axes.text(0, 0.225, "insurance fund", color=palette.INK, **WORD)
        axes.add_patch(Rectangle((0.27, 0.195), 0.46, 0.06, facecolor=palette.PAPER, edgecolor=palette.MUTED, linewidth=1))
        self.fund = self.moving(axes.add_patch(Rectangle((0.27, 0.195), 0, 0.06, facecolor=palette.GAIN, linewidth=0)))
        self.fund_start = self.moving(axes.plot([], [], color=palette.INK, linewidth=2)[0])
        self.fund_word = self.moving(axes.text(0.75, 0.225, "", color=palette.INK, fontweight="bold", **WORD))
        axes.text(0, 0.125, "closed so far", color=palette.INK, **WORD)
        self.by_book = self.moving(axes.add_patch(Rectangle((0.27, 0.095), 0, 0.06, facecolor=palette.MUTED, linewidth=0)))
        self.by_adl = self.moving(axes.add_patch(Rectangle((0.27, 0.095), 0, 0.06, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0)))
        self.closed_word = self.moving(axes.text(0.28, 0.125, "", color=palette.INK, **WORD))
        axes.text(0, 0.03, "all money together", color=palette.INK, **WORD)
        self.total = self.moving(axes.text(0.27, 0.03, "", color=palette.INK, fontweight="bold", **WORD))

    def move(self, r):
        hit = sum(r.open.get(name, 0.0) < coins - 1e-9 for name, (_, coins, _) in models.SHORTS.items())
        self.title.set_text(f"{percent(r.move, signed=True)}: {len(r.ends)} of {len(models.LONGS)} longs closed, {hit} of {len(models.SHORTS)} shorts deleveraged")
        for name, (bar, word, wide) in self.longs.items():
            leverage, coins, entry = models.LONGS[name]
            if name in r.ends:
                bar.set(width=0, visible=False)
                word.set(text="closed" if r.ends[name] == "market" else "by ADL", color=palette.LOSS_TEXT)
            else:
                share = r.worth[name] / (coins * entry / leverage)
                bar.set(width=wide * share, visible=True)
                word.set(text=percent(share, decimals=0), color=palette.INK)
        for name, (light, bar, word, y, coins) in self.shorts.items():
            held, count = r.open.get(name, 0.0), r.lights.get(name, 0)
            light.set_data([0.706 + 0.022 * k for k in range(count)], [y] * count)
            bar.set(width=0.11 * held / coins, visible=held > 0)
            word.set_text(plain(held, 1) if held else "out")
        full = 45
        self.fund.set_width(0.46 * min(r.fund / full, 1))
        self.fund_start.set_data([0.27 + 0.46 * r.start_fund / full] * 2, [0.185, 0.265])
        self.fund_word.set_text(money(round(r.fund, 2)))
        scale = 0.46 / 40
        self.by_book.set_width(scale * r.market)
        self.by_adl.set(x=0.27 + scale * r.market, width=scale * r.adl)
        where = 0.27 + scale * (r.market + r.adl) + 0.015
        parts = [f"book {plain(r.market, 1)}"] * (r.market > 1e-9) + [f"ADL {plain(r.adl, 1)}"] * (r.adl > 1e-9)
        self.closed_word.set(text=", ".join(parts) + " coins" if parts else "none", x=where)
        self.total.set_text(f"{money(r.total)}, as at the start")


class Lifetime(Picture):
    """How many positions are still open, over time on a logarithmic scale: measured, bell curve, simulated."""

    height = 4.7

    def draw(self):
        self.title = self.moving(self.figure.text(0.02, 0.978, "", fontsize=palette.NORMAL + 2, fontweight="bold", color=palette.INK, va="top"))
        self.figure.text(0.02, 0.9, "positions still open, of 100", fontsize=palette.SMALL, color=palette.MUTED, va="top")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.085, 0.155, 0.9, 0.68)), grid="both")
        axes.set(xscale="log", xlim=(0.5, 3300), ylim=(-4, 106))
        axes.minorticks_off()
        axes.set_xticks([1, 4, 8, 24, 72, 168, 720, 2160], ["1 h", "4 h", "8 h", "1 day", "3 d", "1 week", "30 d", "90 d"])
        axes.set_yticks([0, 25, 50, 75, 100])
        axes.axhline(50, color=palette.MUTED, linewidth=1.5, linestyle=":")
        axes.text(0.56, 46.5, "half are gone", color=palette.MUTED, ha="left", va="top", fontsize=palette.SMALL, bbox=BACKED)
        self.figure.text(
            0.98, 0.012, "BTC/USD at Bitstamp, 39,955 starting hours, May 2018 to March 2023", fontsize=palette.SMALL, color=palette.MUTED, ha="right", va="bottom"
        )
        self.curve = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=2.5, linestyle="--")[0])
        self.walked = self.moving(axes.plot([], [], color=palette.SECOND_TEXT, linewidth=0, marker="D", markersize=9, markerfacecolor=palette.PAPER, markeredgewidth=2)[0])
        self.measured = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3, marker="o", markersize=8)[0])
        self.names = [
            self.moving(self.figure.text(x, 0.9, text, fontsize=palette.SMALL, color=colour, va="top", fontweight=weight))
            for x, text, colour, weight in ((0.4, "● measured", palette.FIRST, "bold"), (0.57, "- - bell curve", palette.MUTED, "normal"), (0.74, "", palette.SECOND_TEXT, "bold"))
        ]

    def move(self, r):
        self.title.set_text(f"{times(r.leverage)} {r.side}, closed by a move of {percent(r.distance)}")
        self.curve.set_data(models.TIMES, 100 * r.curve)
        self.measured.set_data(r.at, [100 * share for share in r.measured])
        self.walked.set_data(r.at, [100 * share for share in r.walked])
        self.names[2].set_text("◇ simulated")
