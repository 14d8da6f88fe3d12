"""Long and short of the same coin at once: is that free of risk?"""

import numpy as np

from leverage_lab.chapters.margin.shared import (
    COLOUR,
    ENTRY,
    MODES,
    NAME,
    WALLET,
    _cents,
    _change,
    _moved,
    bet,
    ending,
    ends_of,
    fate,
    moved_to,
    opened,
)
from leverage_lab.margin import walk
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Headline, percent_ticks
from leverage_lab.panelkit.controls import Rate, leverage, move, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import after_sign, call, literal, money, percent, plain, times

LEG = 2000.0


def both_legs(leverage, mode):
    """The account with both."""
    return opened(WALLET, *(bet("X", side, LEG, leverage, mode) for side in ("long", "short")))


def model(leverage, move, back):
    """$2,000 long and $2,000 short of one coin: the price goes to `move` and comes back by the share `back`."""
    out = np.linspace(0, move, 61)
    moves = np.concatenate([out, np.linspace(move, move * (1 - back), 61)[1:]])
    prices = ENTRY * (1 + moves)
    r = Result(leverage=leverage, move=move, back=back, moves=moves, line={}, change={}, closed={}, range={})
    for mode in MODES:
        account = both_legs(leverage, mode)
        walked = walk(account, {"X": prices})
        r.line[mode] = walked.equity - WALLET
        r.change[mode] = _cents(float(walked.equity[-1]) - WALLET)
        r.closed[mode] = [event.side for event in walked.events]
        r.range[mode] = ends_of(account)["X", "long"], ends_of(account)["X", "short"]
        if mode == "cross":
            r.required = account.requirement({"X": prices[-1]})
    closed = r.closed["isolated"]  # never both: the price does not come back further than to the entry
    at = percent(r.range["isolated"][0 if move < 0 else 1], signed=True)
    told = f"the {closed[0]} is closed at {at}, its {money(LEG / leverage)} lost" if closed else "both legs stay open"
    r.sentence = (
        f"{money(LEG)} long and {money(LEG)} short of one coin at {times(leverage)}. {_moved('The price', move)} and"
        f" comes back {percent(back)} of the way, to {percent(moves[-1], signed=True)}. Isolated: {told}; at the end"
        f" {_change(r.change['isolated'], WALLET)}. Cross: both open, {_change(r.change['cross'], WALLET)};"
        f" {money(r.required)} is required of the {money(WALLET)}."
    )
    return r


def computed(r):
    """What each leg has won or lost, isolated, and both together."""
    margin, now = LEG / r.leverage, r.moves[-1]
    steps, legs = (
        [f"margin of each leg = position / leverage = {money(LEG)} / {plain(r.leverage)} = {money(margin)}"],
        [],
    )
    steps += [f"liquidation, {side}: {ending(side, margin, LEG / ENTRY)}" for side in ("long", "short")]
    for side, way in (("long", 1), ("short", -1)):
        closed = side in r.closed["isolated"]
        steps.append(fate(side, closed, side, LEG, r.move if closed else now, margin))
        legs.append(-margin if closed else _cents(way * LEG * now))
    together = " + ".join(after_sign(money(leg)) for leg in legs)
    steps.append(f"isolated: {together} = {money(r.change['isolated'])}; cross: both open, together $0")
    prices = f"[{literal(moved_to(r.move))}, {literal(moved_to(now))}]"
    line = f'float(walk({call(both_legs, r.leverage, "isolated")}, {{"X": {prices}}}).equity[-1]) - {literal(WALLET)}'
    return Computed(tuple(steps), line, (walk, both_legs), float(r.line["isolated"][-1]))


class Hedged(Picture):
    """Change of the wallet over the price: out on one line, back on another, if a leg is closed on the way."""

    height = 4.6
    LEAST, TOP = -480, 860

    def draw(self):
        self.headline = Headline(self, ("price now", "wallet, isolated", "wallet, cross"))
        axes = self.axes = self.add_chart(0.125, 0.145, 0.835, 0.63, grid="both")
        axes.set(xlim=(-0.44, 0.44), ylim=(self.LEAST, self.TOP))
        percent_ticks(axes.xaxis, [-0.4, -0.2, 0, 0.2, 0.4])
        axes.set_yticks([-400, 0, 400, 800], [money(v, signed=True) for v in (-400, 0, 400, 800)])
        axes.set_xlabel("move of the price since the entry", **palette.QUIET)
        self.figure.text(0.02, 0.775, "change of the wallet", va="bottom", **palette.QUIET)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.ends = [self.add_line(axes, color=palette.LOSS, linewidth=3) for _ in range(2)]
        below = {"color": palette.LOSS_TEXT, "va": "bottom", "fontsize": palette.SMALL}
        self.end_names = [self.add_text(axes, 0, self.LEAST, "", **below) for _ in range(2)]
        self.cross = self.add_line(axes, color=palette.SECOND_TEXT, linewidth=5, linestyle="--")
        self.line = self.add_line(axes, color=palette.FIRST, linewidth=3.5)
        self.turn = self.add_line(
            axes, "o", color=palette.PAPER, markeredgecolor=palette.FIRST, markeredgewidth=2, markersize=8
        )
        self.arrow = self.add_line(axes, color=palette.FIRST, markersize=13)
        self.shut = self.add_line(axes, "X", color=palette.LOSS, markeredgecolor=palette.INK, markersize=12, zorder=5)
        dots = (("cross", "D"), ("isolated", "o"))
        self.dots = {
            mode: self.add_line(axes, mark, color=COLOUR[mode], markeredgecolor=palette.INK, markersize=11, zorder=6)
            for mode, mark in dots
        }
        clear = {"color": palette.PAPER, "linewidth": 14, "solid_capstyle": "butt"}  # where a line crosses a name
        self.clear = {mode: self.add_line(axes, **clear) for mode in COLOUR}
        self.names = {
            mode: self.add_text(axes, 0, 0, mode, va="center", **palette.STRONG | {"color": NAME[mode]})
            for mode in COLOUR
        }

    def move(self, r):
        now, mine = r.moves[-1], r.change["isolated"]
        self.headline.show(now, *(r.change[mode] / WALLET for mode in ("isolated", "cross")))
        for line, name, end, (side, ha, gap) in zip(
            self.ends, self.end_names, r.range["isolated"], (("long", "right", -0.01), ("short", "left", 0.01))
        ):
            line.set_data([end, end], [self.LEAST, self.TOP])
            name.set(text=f"liquidation, {side}", x=end + gap, ha=ha)
        # It comes back on the same road; twice, its dashes would close up.
        self.cross.set_data(r.moves[:61], r.line["cross"][:61])
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


both_sides = Recipe(
    model,
    Hedged,
    [leverage(5, 50, 10), move(-0.4, 0.4, 0.01, -0.2), Rate("back", "comes back", steps(0, 1, 0.05), 0, "%")],
    computed,
)
