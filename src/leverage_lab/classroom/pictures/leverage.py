"""Pictures of chapter 1 (and of the first panel of chapter 0)."""

from functools import partial

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from leverage_lab.classroom import palette
from leverage_lab.classroom.canvas import Picture
from leverage_lab.classroom.models.leverage import account_line, return_line
from leverage_lab.classroom.pictures import Dot, Headline, percent_ticks
from leverage_lab.words import money, percent, times

THREE = ("price", "return on margin", "account")


class Bought(Picture):
    """The position to scale with the margin as a slice of it, and the margin magnified below."""

    height = 4.2

    def draw(self):
        self.headline = Headline(self, THREE)
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.75))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        # Words stand still and numbers move: text is what a move spends its time on.
        word = {"fontsize": palette.NORMAL, "color": palette.MUTED, "va": "bottom"}
        number = {"fontsize": palette.NORMAL, "color": palette.INK, "va": "bottom", "fontweight": "bold"}
        axes.text(0, 0.88, "position", **word)
        self.position = self.moving(axes.text(0.125, 0.88, "", **number))
        axes.text(0.86, 0.88, "your share of it", ha="right", **word)
        self.share = self.moving(axes.text(1, 0.88, "", ha="right", **number))
        axes.add_patch(Rectangle((0, 0.64), 1, 0.22, facecolor=palette.BORROWED, edgecolor=palette.FIRST, hatch=palette.HELD, linewidth=0))
        self.slice = self.moving(axes.add_patch(Rectangle((0, 0.64), 0, 0.22, color=palette.FIRST)))
        # The lens: from the slice to the margin below, magnified to half the width; a gain fills the other half.
        self.lens = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=1)[0])
        self.lens_word = self.moving(axes.text(0.52, 0.4, "", **word))
        self.margin = self.moving(axes.text(0.85, 0.4, "", **number))
        self.left_bar = self.moving(axes.add_patch(Rectangle((0, 0.15), 0.5, 0.22, **palette.ROOM_BAR)))
        self.lost_bar = self.moving(
            axes.add_patch(Rectangle((0.5, 0.15), 0, 0.22, facecolor=palette.LOSS, edgecolor=palette.PAPER, hatch="xx", linewidth=0))
        )
        self.gain_bar = self.moving(axes.add_patch(Rectangle((0.5, 0.15), 0, 0.22, color=palette.GAIN, linewidth=0)))
        axes.add_line(Line2D([0.5, 0.5], [0.13, 0.39], color=palette.INK, linewidth=1.5))
        axes.text(0, 0.1, "still there", **word | {"va": "top"})
        self.left = self.moving(axes.text(0.148, 0.1, "", **number | {"va": "top"}))
        self.change = self.moving(axes.text(0.5, 0.1, "", **number | {"va": "top"}))

    def move(self, r):
        self.headline.show(r.move, r.roe, r.account_change)
        share = 1 / r.leverage
        self.position.set_text(money(r.notional))
        self.share.set_text(percent(share))
        self.slice.set_width(share)
        self.lens.set_data([0, 0, np.nan, share, 0.5], [0.64, 0.37, np.nan, 0.64, 0.37])
        wide = share >= 0.5  # then the lens leans to the right, and its bar is no larger than the slice
        self.lens_word.set(text="your margin" if wide else "your margin, magnified", x=0.02 if wide else 0.52)
        self.margin.set(text=money(r.margin), x=0.19 if wide else 0.85)
        part = max(-1.0, min(r.roe, 1.0)) / 2
        lost, gained = max(0.0, -part), max(0.0, part)
        self.left_bar.set(width=0.5 - lost, visible=lost < 0.5)  # of an empty one the edge would be left
        self.lost_bar.set(x=0.5 - lost, width=lost)
        self.gain_bar.set_width(gained)
        self.left.set_text(money(r.margin + min(r.pnl, 0)))
        word = f"gained {money(r.pnl)}{' →' if r.roe > 1 + 1e-9 else ''}" if r.pnl > 0 else f"lost {money(-r.pnl)}" if r.pnl < 0 else ""
        self.change.set(text=word, color=palette.change_colour(r.pnl), ha="left" if r.pnl > 0 else "right")


MOVES = np.linspace(-0.1, 0.1, 401)


class Payoff(Picture):
    """Return on margin over the price move: two mirrored lines with a floor at −100 %."""

    height = 4.4

    def draw(self):
        self.headline = Headline(self, THREE)
        axes = self.axes = palette.tidy(self.figure.add_axes((0.115, 0.145, 0.835, 0.63)), grid="both")
        axes.set(xlim=(-0.1, 0.1), ylim=(-1.3, 1.6))
        percent_ticks(axes.xaxis, [-0.1, -0.05, 0, 0.05, 0.1])
        percent_ticks(axes.yaxis, [-1, 0, 1])
        axes.set_xlabel("move of the price since the entry", fontsize=palette.SMALL, color=palette.MUTED)
        axes.axhspan(-1.3, -1, facecolor=palette.LOST_GROUND, edgecolor="none")
        axes.text(0.0985, -1.16, "margin used up", fontsize=palette.SMALL, color=palette.LOSS_TEXT, ha="right", va="center")
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.lines = {
            "long": self.moving(axes.plot([], [], color=palette.FIRST)[0]),
            "short": self.moving(axes.plot([], [], color=palette.SECOND_TEXT)[0]),
        }
        self.names = {
            "long": self.moving(axes.text(0, 0, "long", fontsize=palette.NORMAL, color=palette.FIRST, va="center", zorder=6)),
            "short": self.moving(axes.text(0, 0, "short", fontsize=palette.NORMAL, color=palette.SECOND_TEXT, va="center", zorder=6)),
        }
        self.drop = self.moving(axes.plot([], [], color=palette.INK, linewidth=1, linestyle=":")[0])
        self.dot = Dot(self, axes, partial(percent, signed=True))

    def move(self, r):
        self.headline.show(r.move, r.roe, r.account_change)
        for side, line in self.lines.items():
            chosen = side == r.side
            line.set_data(MOVES, return_line(side, r.leverage, MOVES, "linear").clip(max=1.75))
            line.set(linewidth=3.5 if chosen else 2, linestyle="-" if chosen else "--")
            # The name stands where the line crosses +120 % or leaves at the side: outside a steep line, above a flat one.
            toward, x, steep = (1 if side == "long" else -1), min(1.2 / r.leverage, 0.092), r.leverage > 25
            self.names[side].set(
                x=toward * (x + 0.006 if steep else x - 0.004), y=min(r.leverage * x, 1.2) + (0 if steep else 0.14),
                ha="left" if steep == (toward > 0) else "right", fontweight="bold" if chosen else "normal",
            )
        self.drop.set_data([r.move, r.move], [0, min(r.roe, 1.5)])
        self.dot.move(r.move, r.roe)


class Pair(Picture):
    """Change of a $1,000 account over the price move, at three leverages and at the chosen one."""

    height = 4.4
    RUNGS = ((5, ":"), (20, "--"), (100, "-."))

    def draw(self):
        self.headline = Headline(self, THREE)
        axes = self.axes = palette.tidy(self.figure.add_axes((0.125, 0.145, 0.835, 0.63)), grid="both")
        axes.set(xlim=(-0.1, 0.1), ylim=(-560, 560))
        percent_ticks(axes.xaxis, [-0.1, -0.05, 0, 0.05, 0.1])
        axes.set_yticks([-500, -250, 0, 250, 500], [money(v, signed=True) for v in (-500, -250, 0, 250, 500)])
        axes.set_xlabel("move of the price since the entry", fontsize=palette.SMALL, color=palette.MUTED)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.rungs = []
        for leverage, dash in self.RUNGS:
            (line,) = axes.plot([], [], color=palette.MUTED, linewidth=1.5, linestyle=dash)
            ground = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 0.5}
            name = axes.text(0, 0, times(leverage), fontsize=palette.SMALL, color=palette.MUTED, bbox=ground)
            self.rungs.append((leverage, line, name))
        axes.text(-0.0985, 470, "change of your account", fontsize=palette.SMALL, color=palette.MUTED, va="top")
        self.line = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3.5)[0])
        self.name = self.moving(axes.text(-0.0985, 400, "", fontsize=palette.NORMAL, fontweight="bold", color=palette.FIRST, va="top"))
        self.dot = Dot(self, axes, partial(money, signed=True))

    def frame(self, r):
        return *r.lines.items(), r.leverage if r.leverage in dict(self.RUNGS) else None

    def reframe(self, r):
        heights = {leverage: account_line(r.lines[leverage], leverage, MOVES) for leverage, _, _ in self.rungs}
        fan = heights[5][-1] != heights[20][-1]  # lines that part on the right are named there, others on the left
        for leverage, line, name in self.rungs:
            line.set_data(MOVES, heights[leverage])
            name.set_visible(leverage != r.leverage)  # else the own line lies on it
            seen = np.flatnonzero(heights[leverage] < 500)[-1] if fan else 0
            x, y = MOVES[seen], heights[leverage][seen]
            if fan:
                name.set(x=x - 0.002, y=y + 14, ha="right", va="bottom")
            else:
                name.set(x=x + 0.0015, y=y - 14 if y > -450 else y + 40, ha="left", va="top")

    def move(self, r):
        self.headline.show(r.move, r.roe, r.account_change)
        self.line.set_data(MOVES, account_line(r.margin, r.leverage, MOVES))
        self.name.set_text(f"at {times(r.leverage)}")
        self.dot.move(r.move, r.pnl)


class Room(Picture):
    """A day's moves of 30 assets against the room that a leverage leaves."""

    height = 4.2

    def draw(self):
        title = {"fontsize": palette.NORMAL + 1, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.count = self.moving(self.figure.text(0.02, 0.975, "", **title))
        self.figure.text(0.02, 0.895, "change in 24 hours of 30 assets, one mark each", fontsize=palette.SMALL, color=palette.MUTED, va="top")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.03, 0.15, 0.94, 0.66)), grid="x")
        axes.set(xlim=(-0.11, 0.11), ylim=(-0.5, 8.2), yticks=[])
        percent_ticks(axes.xaxis, [-0.1, -0.05, 0, 0.05, 0.1])
        source = {"fontsize": palette.SMALL, "color": palette.MUTED, "ha": "right"}
        self.figure.text(0.98, 0.012, "a published price list", **source)  # the sentence has its day
        self.band = self.moving(axes.axvspan(-0.1, 0.1, facecolor=palette.ROOM, alpha=0.35, edgecolor="none"))
        self.edges = [self.moving(axes.axvline(x, color=palette.LOSS, linewidth=2)) for x in (-0.1, 0.1)]
        self.leader = self.moving(axes.plot([], [], color=palette.INK, linewidth=1)[0])
        self.inside = self.moving(axes.plot([], [], "o", color=palette.FIRST, markersize=9)[0])
        self.outside = self.moving(axes.plot([], [], "^", color=palette.LOSS, markersize=10)[0])
        self.ring = self.moving(axes.plot([], [], "o", markersize=18, markerfacecolor="none", markeredgecolor=palette.INK, markeredgewidth=2)[0])
        name = {"fontsize": palette.NORMAL, "color": palette.INK}
        self.name = self.moving(axes.text(0, 5.6, "", fontweight="bold", **name))
        self.words = self.moving(axes.text(0, 8.1, "", ha="center", va="top", **name))

    def move(self, r):
        width = min(r.room, 0.2)
        self.band.set(x=-width, width=2 * width)
        for edge, x in zip(self.edges, (-width, width)):
            edge.set_xdata([x, x])
        self.count.set_text(f"{len(r.further)} of {len(r.changes)} moved further than {percent(r.room)}")
        places = _stacked(r.changes)
        inside = [symbol for symbol in places if symbol not in r.further]
        for marks, symbols in ((self.inside, inside), (self.outside, r.further)):
            marks.set_data([places[symbol][0] for symbol in symbols], [places[symbol][1] for symbol in symbols])
        x, y = places[r.asset.symbol]
        self.ring.set_data([x], [y])
        self.leader.set_data([x, x], [y + 0.5, 6.3])
        right = x > 0.06 or x < width < x + 0.045  # not across the edge of the room
        self.name.set(x=x + (-0.002 if right else 0.002), ha="right" if right else "left")
        self.name.set_text(f"{r.asset.symbol} {percent(r.asset.change_24h, signed=True)}")
        self.words.set_text(f"room ±{percent(r.room)}")


def _stacked(changes):
    """Where each asset's mark stands: its change, and its place in the pile of those within ½ % of it."""
    piles, places = {}, {}
    for symbol, change in sorted(changes.items(), key=lambda item: item[1]):
        pile = piles.setdefault(round(change / 0.005), [])
        places[symbol] = (change, len(pile))
        pile.append(symbol)
    return places


WIDE_MOVES = np.linspace(-0.7, 1.5, 441)


class Inverse(Picture):
    """Return on margin of a linear and an inverse contract, each in its own money."""

    height = 4.4

    def draw(self):
        self.headline = Headline(self, ("price", "linear, in dollars", "inverse, in coins"))
        axes = self.axes = palette.tidy(self.figure.add_axes((0.115, 0.145, 0.835, 0.63)), grid="both")
        axes.set(xlim=(-0.7, 1.5), ylim=(-1.3, 2.6))
        percent_ticks(axes.xaxis, [-0.5, 0, 0.5, 1, 1.5])
        percent_ticks(axes.yaxis, [-1, 0, 1, 2])
        axes.set_xlabel("move of the price since the entry", fontsize=palette.SMALL, color=palette.MUTED)
        axes.axhspan(-1.3, -1, facecolor=palette.LOST_GROUND, edgecolor="none")
        axes.text(1.48, -1.15, "margin used up", fontsize=palette.SMALL, color=palette.LOSS_TEXT, ha="right", va="center")
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        style = {"fontsize": palette.NORMAL, "fontweight": "bold", "va": "center"}
        self.curves = {
            "linear": (
                self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3)[0]),
                self.moving(axes.text(0, 0, "linear", color=palette.FIRST, **style)),
            ),
            "inverse": (
                self.moving(axes.plot([], [], color=palette.SECOND_TEXT, linewidth=3, linestyle="--")[0]),
                self.moving(axes.text(0, 0, "inverse", color=palette.SECOND_TEXT, **style)),
            ),
        }
        self.dots = [Dot(self, axes, lambda value: "", mark) for mark in ("o", "D")]  # their values stand above

    def move(self, r):
        self.headline.show(r.move, r.linear, r.inverse)
        long = r.side == "long"
        for contract, (line, name) in self.curves.items():
            heights = return_line(r.side, r.leverage, WIDE_MOVES, contract)
            line.set_data(WIDE_MOVES, heights.clip(max=2.8))
            # The names stand on the winning side, where the curves have parted: the upper one's above, the other's below.
            upper = (contract == "linear") == long
            seen = np.flatnonzero((heights < 2.2) & (WIDE_MOVES < 1.1) & (WIDE_MOVES > -0.6))
            at = seen[-1] if long else seen[0]
            left = upper if long else not upper and heights[0] > 2  # beside a steep curve, on its outer side
            below = -0.25 if long or left else -0.3 - 0.15 * r.leverage
            name.set(x=WIDE_MOVES[at] + (-0.03 if left else 0.03), y=heights[at] + (0.15 if upper else below), ha="right" if left else "left")
        for dot, height in zip(self.dots, (r.linear, r.inverse)):
            dot.move(r.move, height)


class Rounds(Picture):
    """What is left of $100 after rounds of the same move up and down."""

    height = 4.2

    def draw(self):
        title = {"fontsize": palette.BIG, "fontweight": "bold", "color": palette.INK, "va": "top"}
        self.title = self.moving(self.figure.text(0.02, 0.975, "", **title))
        self.figure.text(0.02, 0.865, "left of $100, all of it staked every time", fontsize=palette.SMALL, color=palette.MUTED, va="top")
        axes = self.axes = palette.tidy(self.figure.add_axes((0.1, 0.16, 0.7, 0.6)))
        axes.set(xlim=(0, 20), ylim=(0, 200), xticks=range(0, 21, 4))
        axes.set_yticks([0, 50, 100, 150, 200], ["$0", "$50", "$100", "$150", "$200"])
        axes.set_xlabel("moves so far, up and down by turns", fontsize=palette.SMALL, color=palette.MUTED)
        axes.axhline(100, color=palette.MUTED, linewidth=1)
        self.spot = self.moving(axes.plot([], [], color=palette.MUTED, linewidth=2, linestyle="--")[0])
        self.path = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3, marker="o", markersize=5)[0])
        name = {"fontsize": palette.NORMAL, "va": "center", "bbox": {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1}}
        self.spot_name = self.moving(axes.text(0, 0, "", color=palette.MUTED, **name))
        self.path_name = self.moving(axes.text(0, 0, "", color=palette.FIRST, fontweight="bold", **name))

    def move(self, r):
        self.path.set_data(range(len(r.values)), r.values)
        self.spot.set_data(range(len(r.spot)), r.spot)
        end, own, other = len(r.values) - 1 + 0.4, r.values[-1], r.spot[-1]
        apart = 9 if abs(own - other) < 18 else 0
        self.path_name.set(x=end, y=own - apart, text=f"{times(r.leverage)}: {money(own)}")
        self.spot_name.set(x=end, y=other + apart, text="" if r.leverage == 1 else f"1x: {money(other)}")
        self.title.set_text(f"{money(own)} left")
        self.title.set_color(palette.change_colour(round(own - 100, 9)))
