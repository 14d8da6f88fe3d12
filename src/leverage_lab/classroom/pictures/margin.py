"""Pictures of chapter 3. Isolated is blue with a wall (a thick line) at its margin, cross is orange and has none."""

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from leverage_lab.classroom import palette
from leverage_lab.classroom.canvas import Picture
from leverage_lab.classroom.models.margin import COINS, LOCKED, MADE, WALLET
from leverage_lab.classroom.pictures import Headline, percent_ticks
from leverage_lab.words import money, percent

COLOUR = {"isolated": palette.FIRST, "cross": palette.SECOND}
NAME = {"isolated": palette.FIRST, "cross": palette.SECOND_TEXT}
DASH = {"isolated": "-", "cross": "--"}
PATCH = {
    "lost": {"facecolor": palette.LOSS, "edgecolor": palette.PAPER, "hatch": "xx", "linewidth": 0},
    "gain": {"facecolor": palette.GAIN, "edgecolor": palette.PAPER, "hatch": "..", "linewidth": 0},
    "free": {"facecolor": palette.BORROWED, "edgecolor": palette.FIRST, "linewidth": 1},
    "isolated": {"facecolor": palette.FIRST, "edgecolor": "none"},
    "cross": palette.SECOND_BAR,
    "required": {"facecolor": palette.PAPER, "edgecolor": palette.INK, "hatch": palette.HELD, "linewidth": 1},
}
BOLD = {"fontsize": palette.NORMAL, "fontweight": "bold"}
QUIET = {"fontsize": palette.SMALL, "color": palette.MUTED}


def _bar(picture, axes, kind, y, height, x=0.0, width=0.0, moving=True):
    patch = axes.add_patch(Rectangle((x, y), width, height, **PATCH[kind]))
    return picture.moving(patch) if moving else patch


def _place(patch, x, width):
    patch.set(x=x, width=max(0.0, width), visible=width > 0)  # an empty one would cost its hatching all the same


def _gone(value):
    return f"lost {money(-value)}" if value < 0 else f"gained {money(value)}" if value > 0 else "no change"


class TwoModes(Picture):
    """The wallet as a bar, twice: behind a wall in isolated mode, as one piece in cross mode."""

    height = 4.3
    FULL, DEEP = 0.82, 0.24  # width of the wallet (a gain has the rest), height of a bar
    ROWS = {"isolated": 0.62, "cross": 0.11}
    INSIDE = {"isolated": "behind the wall: not touched", "cross": "all of it stands behind the position"}

    def draw(self):
        self.headline = Headline(self, ("price", "wallet, isolated", "wallet, cross"))
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.76))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        self.bars, self.words, self.inside = {}, {}, {}
        for mode, y in self.ROWS.items():
            axes.text(0, y + self.DEEP + 0.02, mode, color=NAME[mode], va="bottom", **BOLD)
            _bar(self, axes, "free" if mode == "isolated" else "cross", y, self.DEEP, 0, self.FULL, moving=False)
            self.bars[mode] = {kind: _bar(self, axes, kind, y, self.DEEP) for kind in ("isolated", "lost", "gain")}
            self.inside[mode] = self.moving(axes.text(self.FULL - 0.015, y + self.DEEP / 2, self.INSIDE[mode], ha="right", va="center", fontsize=palette.NORMAL, color=palette.INK))
            above, below = (y + self.DEEP + 0.02, "bottom"), (y - 0.03, "top")
            self.words[mode] = [
                self.moving(axes.text(x, level, "", fontsize=palette.NORMAL, va=va, ha=ha))
                for x, (level, va), ha in ((0.165, above, "left"), (1, above, "right"), (0, below, "left"), (self.FULL, below, "right"))
            ]
        self.wall = self.moving(axes.plot([], [], color=palette.INK, linewidth=5, solid_capstyle="butt")[0])
        self.set_aside = self.moving(axes.plot([], [], color=palette.INK, linewidth=2, linestyle=":")[0])

    def move(self, r):
        self.headline.show(r.move, *(r.change[mode] / r.account for mode in self.ROWS))
        unit = self.FULL / r.account
        locked = r.margin * unit
        for mode, bars in self.bars.items():
            change = r.change[mode] * unit
            _place(bars["isolated"], 0, locked if mode == "isolated" else 0)
            _place(bars["lost"], 0, -change)
            _place(bars["gain"], self.FULL, min(change, 1 - self.FULL))
            used = max(locked if mode == "isolated" else 0, -change)
            self.inside[mode].set_visible(used < self.FULL - (0.38 if mode == "isolated" else 0.48))
            state, where, left, right = self.words[mode]
            state.set(text="closed" if r.closed[mode] else "open", color=palette.LOSS_TEXT if r.closed[mode] else palette.INK)
            end = r.end[mode]
            where.set_text(f"liquidation at {percent(end, signed=True)}" if end > -1 + 1e-9 else "no liquidation before 0")
            left.set(text=_gone(r.change[mode]), color=palette.change_colour(r.change[mode]))
            right.set_text(f"now {money(r.account + r.change[mode])}")
        low, high = self.ROWS["isolated"], self.ROWS["isolated"] + self.DEEP
        self.wall.set_data([locked, locked], [low - 0.02, high + 0.02])
        low, high = self.ROWS["cross"], self.ROWS["cross"] + self.DEEP
        self.set_aside.set_data([locked, locked], [low, high])


class ThreePositions(Picture):
    """Three positions on one wallet: three rooms with walls, or one room for all."""

    height = 4.3
    FULL, DEEP = 0.82, 0.24
    ROWS = {"isolated": 0.62, "cross": 0.11}

    def draw(self):
        self.headline = Headline(self, ("wallet, isolated", "wallet, cross"))
        axes = self.axes = self.figure.add_axes((0.02, 0.03, 0.96, 0.76))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        unit, self.states = self.FULL / WALLET, {}
        for mode, y in self.ROWS.items():
            axes.text(0, y + self.DEEP + 0.02, mode, color=NAME[mode], va="bottom", **BOLD)
            _bar(self, axes, "free" if mode == "isolated" else "cross", y, self.DEEP, 0, self.FULL, moving=False)
            for n, coin in enumerate(COINS):
                x = (n + 0.5) * LOCKED * unit
                if mode == "isolated":
                    _bar(self, axes, "isolated", y, self.DEEP, n * LOCKED * unit, LOCKED * unit, moving=False)
                self.states[mode, coin] = self.moving(axes.text(x, y - 0.03, "", ha="center", va="top", fontsize=palette.NORMAL))
        axes.text(self.FULL, self.ROWS["isolated"] - 0.03, f"free {money(WALLET - 3 * LOCKED)}", ha="right", va="top", fontsize=palette.NORMAL, color=palette.MUTED)
        self.asked = self.moving(axes.text(self.FULL, self.ROWS["cross"] - 0.03, "", ha="right", va="top", fontsize=palette.NORMAL, color=palette.MUTED))
        y = self.ROWS["isolated"]
        self.lost = {coin: _bar(self, axes, "lost", y, self.DEEP) for coin in COINS}
        self.gain = _bar(self, axes, "gain", y, self.DEEP)
        for n in range(1, 4):
            self.moving(axes.plot([n * LOCKED * unit] * 2, [y - 0.02, y + self.DEEP + 0.02], color=palette.INK, linewidth=4, solid_capstyle="butt")[0])
        y = self.ROWS["cross"]
        self.all_lost, self.all_gain = _bar(self, axes, "lost", y, self.DEEP), _bar(self, axes, "gain", y, self.DEEP)
        self.required = _bar(self, axes, "required", y, self.DEEP)
        self.totals = {mode: self.moving(axes.text(1, y + self.DEEP + 0.02, "", ha="right", va="bottom", fontsize=palette.NORMAL)) for mode, y in self.ROWS.items()}

    def move(self, r):
        self.headline.show(*(r.change[mode] / WALLET for mode in self.ROWS))
        unit = self.FULL / WALLET
        for n, coin in enumerate(COINS):
            _place(self.lost[coin], n * LOCKED * unit, -r.own[coin] * unit)
            for mode in self.ROWS:
                closed = coin in r.closed[mode]
                self.states[mode, coin].set(text=f"{coin} {'closed' if closed else 'open'}", color=palette.LOSS_TEXT if closed else palette.INK)
        gained = sum(max(own, 0) for own in r.own.values()) * unit
        _place(self.gain, self.FULL, min(gained, 1 - self.FULL))
        change = r.change["cross"] * unit
        _place(self.all_lost, 0, -change)
        _place(self.all_gain, self.FULL, min(change, 1 - self.FULL))
        _place(self.required, self.FULL - r.required * unit, r.required * unit)
        self.required.set_visible(not r.closed["cross"])
        self.asked.set_text("" if r.closed["cross"] else f"required {money(r.required)}")
        for mode, text in self.totals.items():
            text.set(text=f"{_gone(r.change[mode])}, now {money(WALLET + r.change[mode])}", color=palette.change_colour(r.change[mode]))


LEAST, MOST = -60, 1340  # dollars that are shown


class OnePath(Picture):
    """One price path, and the account on it in both modes."""

    height = 5.2

    def draw(self):
        self.headline = Headline(self, ("price", "wallet, isolated", "wallet, cross"))
        # Texts that stand beside a line stand to the right of both pictures.
        self.price = palette.tidy(self.figure.add_axes((0.115, 0.49, 0.6, 0.3)))
        self.money = palette.tidy(self.figure.add_axes((0.115, 0.135, 0.6, 0.29)))
        self.price.set_xticklabels([])
        self.unit = self.money.set_xlabel("", **QUIET)
        self.source = self.figure.text(0.98, 0.012, "", ha="right", **QUIET)
        self.made = self.price.plot([], [], color=palette.INK, linewidth=2)[0]
        self.traded = self.price.plot([], [], color=palette.MUTED, linewidth=1.6, linestyle=(0, (4, 1)))[0]
        self.price.axhline(0, color=palette.MUTED, linewidth=1)
        self.money.axhline(WALLET, color=palette.MUTED, linewidth=1)
        self.ends, self.lines, self.crosses, self.names = {}, {}, {}, {}
        for mode in COLOUR:
            self.ends[mode] = self.moving(self.price.plot([], [], color=palette.LOSS, linewidth=3, linestyle=DASH[mode])[0])
            self.lines[mode] = self.moving(self.money.plot([], [], color=NAME[mode], linewidth=3, linestyle=DASH[mode])[0])
            self.crosses[mode] = self.moving(self.price.plot([], [], "X", color=COLOUR[mode], markeredgecolor=palette.INK, markersize=11, zorder=5)[0])
            self.names[mode] = [
                self.moving(axes.text(1.03, 0.5, "", transform=axes.transAxes, va="center", color=colour, **BOLD))
                for axes, colour in ((self.price, palette.LOSS_TEXT), (self.money, NAME[mode]))
            ]
            self.names[mode].append(self.moving(self.price.text(1.03, 0.5, "", transform=self.price.transAxes, va="center", **QUIET)))

    def frame(self, r):
        return r.name

    def reframe(self, r):
        low, high = r.moves.min(), r.moves.max()
        pad = 0.08 * (high - low)
        self.price.set(xlim=(0, r.time[-1]), ylim=(low - pad, high + pad))
        self.money.set(xlim=(0, r.time[-1]))
        step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / s <= 5)
        percent_ticks(self.price.yaxis, [n * step for n in range(int(np.ceil((low - pad) / step)), int((high + pad) / step) + 1)])
        self.price.set_xticks(self.money.get_xticks(), [])
        self.price.set_xlim(0, r.time[-1])
        self.money.set_ylim(LEAST, MOST)
        self.money.set_yticks([0, 500, 1000], ["$0", "$500", "$1,000"])
        own = r.name in MADE
        (self.made if own else self.traded).set_data(r.time, r.moves)
        (self.traded if own else self.made).set_data([], [])
        self.unit.set_text(f"{r.unit} since the entry")
        self.source.set_text("path drawn by hand" if own else f"trades of BTC/USD at Bitstamp, {r.name}")

    def move(self, r):
        self.headline.show(r.moves[-1], *(r.change[mode] / WALLET for mode in COLOUR))
        low, high = self.price.get_ylim()
        spots = {}
        for mode in COLOUR:
            end, step = r.end[mode], r.closed[mode]
            seen = low < end < high
            self.ends[mode].set_data([0, r.time[-1]] if seen else [], [end, end] if seen else [])
            self.crosses[mode].set_data(([], []) if step is None else ([r.time[step]], [r.moves[step]]))
            height = np.clip(r.line[mode], LEAST, MOST)
            self.lines[mode].set_data(r.time, height)
            place = (end - low) / (high - low) if end == end else -1
            spots[mode] = min(max(place, 0.06), 0.94), (height[-1] - LEAST) / (MOST - LEAST)
        ends, gap = [spots[mode][0] for mode in COLOUR], 0.34
        drawn = [low < r.end[mode] < high for mode in COLOUR]
        if drawn == [True, False]:  # the name of a line that is drawn stays at it, the other one makes room
            ends[1] = _beside(ends[0], gap, above=r.end["cross"] > high)
        elif drawn == [False, True]:
            ends[0] = _beside(ends[1], gap, above=r.end["isolated"] > high)
        else:
            ends = _apart(*ends, gap)
        apart = [ends, _apart(*(spots[mode][1] for mode in COLOUR), 0.2)]
        for m, mode in enumerate(COLOUR):
            end = r.end[mode]
            word = "at no price" if not end > -1 + 1e-9 else "far above ↑" if end > 10 else percent(end, signed=True) + (" ↓" if end < low else " ↑" if end > high else "")
            self.names[mode][0].set(text="liquidation", position=(1.03, apart[0][m] + 0.075))
            self.names[mode][2].set(text=f"{mode} {word}", position=(1.03, apart[0][m] - 0.075))
            value = WALLET + r.change[mode]
            self.names[mode][1].set(text=f"{mode} {money(round(value))}" + " ↑" * (value > MOST), position=(1.03, apart[1][m]))


def _beside(line, gap, above, low=0.1, high=0.92):
    """A height `gap` above or below that of a line, where there is room."""
    return line + gap if line - gap < low or above and line + gap < high else line - gap


def _apart(a, b, gap, low=0.1, high=0.92):
    """Two heights at least `gap` from each other, each near where it was."""
    if abs(a - b) < gap:
        middle = (a + b) / 2
        a, b = (middle + gap / 2, middle - gap / 2) if a >= b else (middle - gap / 2, middle + gap / 2)
    shift = max(low - min(a, b), 0) - max(max(a, b) - high, 0)
    return min(max(a + shift, low), high), min(max(b + shift, low), high)


class Adding(Picture):
    """How far the price may fall: as opened, with money added, and in cross mode; the price cuts across all three."""

    height = 4.5
    ROWS = {"as opened": 0.72, "with more margin": 0.38, "cross": 0.04}
    DEEP, LOW, LEFT, RIGHT = 0.19, -0.64, 0.02, 0.7

    def draw(self):
        self.headline = Headline(self, ("price", "wallet, as opened", "wallet, with more"))
        axes = self.axes = self.figure.add_axes((0.02, 0.135, 0.96, 0.63))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        for move in (0, -0.2, -0.4, -0.6):
            axes.plot([self._x(move)] * 2, [0, 0.96], color=palette.GRID, linewidth=1, zorder=0)
            axes.text(self._x(move), -0.02, percent(move), ha="center", va="top", **QUIET)
        axes.text(self._x(-0.32), -0.11, "move of the price since the entry", ha="center", va="top", **QUIET)
        self.bars, self.ends, self.words = {}, {}, {}
        for name, y in self.ROWS.items():
            colour = palette.SECOND_TEXT if name == "cross" else palette.FIRST
            axes.text(0.74, y + 0.19, name, color=colour, va="center", **BOLD)
            self.bars[name] = {kind: _bar(self, axes, kind, y, self.DEEP) for kind in ("isolated", "cross", "free", "lost")}
            self.bars[name]["free"].set(**palette.ROOM_BAR)
            self.ends[name] = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=4, solid_capstyle="butt")[0])
            self.words[name] = [self.moving(axes.text(0.74, y + level, "", va="center", fontsize=size)) for level, size in ((0.1, palette.NORMAL), (0.01, palette.SMALL))]
        self.now = self.moving(axes.plot([], [], color=palette.INK, linewidth=2.5)[0])
        self.mark = self.moving(axes.text(0, 0.98, "", color=palette.INK, fontsize=palette.NORMAL, va="bottom"))

    def _x(self, move):
        return self.LEFT + (self.RIGHT - self.LEFT) * max(move, self.LOW) / self.LOW

    def move(self, r):
        self.headline.show(r.move, *(r.change[name] / WALLET for name in ("as opened", "with more margin")))
        first = self._x(r.end["as opened"])
        for name, y in self.ROWS.items():
            end = r.end[name] if r.end[name] == r.end[name] else -1.0
            x, zero, now = self._x(end), self._x(0), self._x(r.move)
            bars = self.bars[name]
            _place(bars["isolated"], zero, 0 if name == "cross" else min(first, x) - zero)
            _place(bars["cross"], zero, x - zero if name == "cross" else 0)
            spare = max(first, now)  # what is lost has no edge under it
            _place(bars["free"], spare, x - spare if name == "with more margin" else 0)
            _place(bars["lost"], zero, min(now, x) - zero)
            inside = end > self.LOW
            self.ends[name].set_data([x, x] if inside else [], [y - 0.03, y + self.DEEP + 0.03] if inside else [])
            state, stake = self.words[name]
            closed = r.closed[name]
            state.set(text=f"{'closed' if closed else 'open'}, {money(r.change[name], signed=True)}", color=palette.LOSS_TEXT if closed else palette.INK)
            stake.set(text=f"{money(r.stake[name])} at stake", color=palette.MUTED)
        self.now.set_data([self._x(r.move)] * 2, [0, 0.97])
        self.mark.set(text=f"price {percent(r.move, signed=True)}", x=self._x(r.move), ha="left" if r.move > -0.3 else "right")


class Hedged(Picture):
    """Change of the wallet over the price: out on one line, back on another, if a leg is closed on the way."""

    height = 4.6
    LEAST, TOP = -480, 860

    def draw(self):
        self.headline = Headline(self, ("price now", "wallet, isolated", "wallet, cross"))
        axes = self.axes = palette.tidy(self.figure.add_axes((0.125, 0.145, 0.835, 0.63)), grid="both")
        axes.set(xlim=(-0.44, 0.44), ylim=(self.LEAST, self.TOP))
        percent_ticks(axes.xaxis, [-0.4, -0.2, 0, 0.2, 0.4])
        axes.set_yticks([-400, 0, 400, 800], [money(v, signed=True) for v in (-400, 0, 400, 800)])
        axes.set_xlabel("move of the price since the entry", **QUIET)
        self.figure.text(0.02, 0.775, "change of the wallet", va="bottom", **QUIET)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.ends = [self.moving(axes.plot([], [], color=palette.LOSS, linewidth=3)[0]) for _ in range(2)]
        self.end_names = [self.moving(axes.text(0, self.LEAST, "", color=palette.LOSS_TEXT, va="bottom", fontsize=palette.SMALL)) for _ in range(2)]
        self.cross = self.moving(axes.plot([], [], color=palette.SECOND_TEXT, linewidth=5, linestyle="--")[0])
        self.line = self.moving(axes.plot([], [], color=palette.FIRST, linewidth=3.5)[0])
        self.turn = self.moving(axes.plot([], [], "o", color=palette.PAPER, markeredgecolor=palette.FIRST, markeredgewidth=2, markersize=8)[0])
        self.arrow = self.moving(axes.plot([], [], color=palette.FIRST, markersize=13)[0])
        self.shut = self.moving(axes.plot([], [], "X", color=palette.LOSS, markeredgecolor=palette.INK, markersize=12, zorder=5)[0])
        dots = (("cross", "D"), ("isolated", "o"))
        self.dots = {mode: self.moving(axes.plot([], [], mark, color=COLOUR[mode], markeredgecolor=palette.INK, markersize=11, zorder=6)[0]) for mode, mark in dots}
        self.clear = {mode: self.moving(axes.plot([], [], color=palette.PAPER, linewidth=14, solid_capstyle="butt")[0]) for mode in COLOUR}  # where a line crosses a name
        self.names = {mode: self.moving(axes.text(0, 0, mode, color=NAME[mode], va="center", **BOLD)) for mode in COLOUR}

    def move(self, r):
        now, mine = r.moves[-1], r.change["isolated"]
        self.headline.show(now, *(r.change[mode] / WALLET for mode in ("isolated", "cross")))
        for line, name, end, (side, ha, gap) in zip(self.ends, self.end_names, r.range["isolated"], (("long", "right", -0.01), ("short", "left", 0.01))):
            line.set_data([end, end], [self.LEAST, self.TOP])
            name.set(text=f"liquidation, {side}", x=end + gap, ha=ha)
        self.cross.set_data(r.moves[:61], r.line["cross"][:61])  # it comes back on the same road; twice, its dashes would close up
        self.line.set_data(r.moves, r.line["isolated"])
        for mode, dot in self.dots.items():
            dot.set_data([now], [r.change[mode]])
        closed = bool(r.closed["isolated"])
        at = r.range["isolated"][0 if r.move < 0 else 1]
        self.shut.set_data([at] if closed else [], [0] if closed else [])
        turned = closed and r.back > 0
        self.turn.set_data([r.move] if turned else [], [r.line["isolated"][60]] if turned else [])
        middle = 60 + 18  # in the first half of the way back, beside the cross
        self.arrow.set(marker=">" if r.move < 0 else "<")
        shown = turned and abs(r.move * r.back) > 0.05
        self.arrow.set_data([r.moves[middle]] if shown else [], [r.line["isolated"][middle]] if shown else [])
        # Names stand beside the dots, on the side the line does not come from.
        came = 1 if r.move > 0 else -1
        side = came if r.back == 0 else -came
        side = -side if abs(now + 0.2 * side) > 0.44 else side
        ha, up = "left" if side > 0 else "right", 0 <= mine < 700
        self.names["isolated"].set(position=(now + 0.024 * side, mine + (60 if up else -60)), ha=ha)
        self.names["cross"].set(position=(now + 0.024 * side, -60 if mine >= 0 else 60), ha=ha)
        for (mode, name), width in zip(self.names.items(), (0.13, 0.085)):
            x, y = name.get_position()
            self.clear[mode].set_data([x, x + width * side], [y, y])


class Plane(Picture):
    """BTC's move across, ETH's upward: the account is closed on one side of a slanting line."""

    height = 5.6

    def draw(self):
        self.figure.text(0.02, 0.975, "Liquidation: a line, not a number", fontsize=palette.NORMAL + 1, fontweight="bold", color=palette.INK, va="top")
        self.state = self.moving(self.figure.text(0.98, 0.975, "", ha="right", va="top", **BOLD))
        self.figure.text(0.02, 0.91, "move of ETH", va="top", **QUIET)
        axes = self.axes = palette.tidy(self.figure.add_axes((0.1, 0.13, 0.86, 0.73)), grid="both")
        axes.set(xlim=(-0.6, 0.78), ylim=(-0.6, 0.6))
        for axis in (axes.xaxis, axes.yaxis):
            percent_ticks(axis, [-0.5, -0.25, 0, 0.25, 0.5])
        axes.set_xlabel("move of BTC", **QUIET)
        self.closed = self.moving(axes.add_patch(Polygon([[0, 0]], facecolor=palette.LOST_GROUND, edgecolor="none", zorder=0)))
        self.line = self.moving(axes.plot([], [], color=palette.LOSS, linewidth=3.5)[0])
        self.word = self.moving(axes.text(0, 0, "closed", color=palette.LOSS_TEXT, ha="center", va="center", **BOLD))
        self.guides = {"BTC": self.moving(axes.plot([], [], color=palette.INK, linewidth=1.8, linestyle=":")[0]), "ETH": self.moving(axes.plot([], [], color=palette.INK, linewidth=1.8, linestyle=":")[0])}
        self.ends = self.moving(axes.plot([], [], "s", color=palette.LOSS, markersize=8)[0])
        self.dot = self.moving(axes.plot([], [], "o", color=palette.INK, markersize=12, zorder=5)[0])
        self.names = {symbol: self.moving(axes.text(0, 0, "", color=palette.INK, fontsize=palette.SMALL, zorder=4)) for symbol in ("BTC", "ETH")}

    def move(self, r):
        low, high = -0.6, 0.6
        at_low, at_high = r.edge

        def btc_at(eth):
            return at_low + (at_high - at_low) * (eth + 1) / 2

        x0, x1 = btc_at(low), btc_at(high)
        self.closed.set_xy([[-9, low], [x0, low], [x1, high], [-9, high]])
        self.line.set_data([x0, x1], [low, high])
        state = f"closed, {money(r.change)}" if r.dead else f"open, {money(r.change, signed=True)}"
        self.state.set(text=state, color=palette.LOSS_TEXT if r.dead else palette.INK)
        self.dot.set(data=([r.btc], [r.eth]), marker="X" if r.dead else "o", color=palette.LOSS if r.dead else palette.INK)
        ends = []
        for symbol, guide in self.guides.items():
            end = r.stated.get(symbol, np.nan)
            seen = low < end < high
            x, y = (end, r.eth) if symbol == "BTC" else (r.btc, end)
            guide.set_data(*((([r.btc, x], [r.eth, y])) if seen else ([], [])))
            if seen:
                ends.append((x, y))
            self._name(symbol, end, seen, x, y, r)
        self.ends.set_data([x for x, _ in ends], [y for _, y in ends])
        self.word.set(x=-0.42, y=-0.5 if r.side == "long" else 0.5)
        self.word.set_visible(btc_at(-0.5 if r.side == "long" else 0.5) > -0.32)

    def _name(self, symbol, end, seen, x, y, r):
        """Beside its square: on the closed side, or on the other where there is no place for it."""
        text, down = self.names[symbol], -1 if r.side == "long" else 1
        text.set_text(f"{symbol} {percent(end, signed=True)}" if seen else "")
        if symbol == "BTC":
            fits, closed = x > -0.32, (x - 0.03, y + 0.012 * down)
        else:
            fits, closed = x > -0.32 and abs(y + 0.075 * down) < 0.56, (x + 0.01, y + 0.075 * down)
        text.set(position=closed if fits else (x + 0.03, y - 0.06 * down), ha="right" if fits else "left", va="center")
