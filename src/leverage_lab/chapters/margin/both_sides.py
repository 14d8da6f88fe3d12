"""Long and short of the same coin at once: is that free of risk?"""

import numpy as np

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.shared import (
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
from leverage_lab.panelkit.charts import apart, percent_ticks
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
    r = Result(leverage=leverage, move=move, back=back, moves=moves, line={}, change={}, closed={})
    for mode in MODES:
        account = both_legs(leverage, mode)
        walked = walk(account, {"X": prices})
        r.line[mode] = walked.equity - WALLET
        r.change[mode] = _cents(float(walked.equity[-1]) - WALLET)
        r.closed[mode] = [event.side for event in walked.events]
        if mode == "cross":
            r.required = account.requirement({"X": prices[-1]})
        else:
            r.at = ends_of(account)["X", "short" if move > 0 else "long"]
            over = np.arange(len(moves)) >= (walked.events[0].step if walked.events else len(moves))
    closed = r.closed["isolated"]  # never both: the price does not come back further than to the entry
    r.legs = {
        side: np.where(over & (side in closed), -LEG / leverage, way * LEG * moves)
        for side, way in (("long", 1), ("short", -1))
    }
    lost = f"closed at {percent(r.at, signed=True)}, its {money(LEG / leverage)} lost"
    told = f"the {closed[0]} is {lost}" if closed else "both legs stay open"
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
    steps = [f"margin of each leg = position / leverage = {money(LEG)} / {plain(r.leverage)} = {money(margin)}"]
    steps += [f"liquidation, {side}: {ending(side, margin, LEG / ENTRY)}" for side in r.legs]
    for side in r.legs:
        closed = side in r.closed["isolated"]
        steps.append(fate(side, closed, side, LEG, r.move if closed else now, margin))
    together = " + ".join(after_sign(money(_cents(leg[-1]))) for leg in r.legs.values())
    steps.append(f"isolated: {together} = {money(r.change['isolated'])}; cross: both open, together $0")
    prices = f"[{literal(moved_to(r.move))}, {literal(moved_to(now))}]"
    line = f'float(walk({call(both_legs, r.leverage, "isolated")}, {{"X": {prices}}}).equity[-1]) - {literal(WALLET)}'
    return Computed(tuple(steps), line, (walk, both_legs), float(r.line["isolated"][-1]))


class Hedged(Picture):
    """The price, out and back; below it the change of the wallet in both modes, and of the two isolated legs."""

    height = 5.4
    LEGS = {"long": ":", "short": "-."}

    def draw(self):
        self.title = self.add_text(self.figure, 0.02, 0.98, **palette.TITLE | {"fontsize": palette.NORMAL + 1})
        self.figure.text(0.02, 0.905, "move of the price", va="top", **palette.QUIET)
        self.figure.text(0.02, 0.475, "change of the wallet, and of each leg if isolated", va="top", **palette.QUIET)
        price = self.price = self.add_chart(0.115, 0.535, 0.57, 0.31)
        dollars = self.money = self.add_chart(0.115, 0.08, 0.57, 0.34)
        for axes, ticks in ((price, ["", "", ""]), (dollars, ["entry", "turn", "end"])):
            axes.set_xlim(0, 2)
            axes.set_xticks([0, 1, 2], ticks)
            axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.end = self.add_line(price, color=palette.LOSS, linewidth=3)
        self.after = self.add_line(price, color=palette.LOSS, linewidth=1.5, linestyle=":")
        self.path = self.add_line(price, color=palette.INK, linewidth=3)
        self.shut = self.add_line(
            price, "X", color=palette.LOSS, markeredgecolor=palette.INK, markersize=12, zorder=5, clip_on=False
        )
        leg = {"color": palette.MUTED, "linewidth": 2}
        self.lines = {side: self.add_line(dollars, linestyle=dash, **leg) for side, dash in self.LEGS.items()}
        self.lines["isolated"] = self.add_line(dollars, color=NAME["isolated"], linewidth=4)
        self.lines["cross"] = self.add_line(dollars, color=NAME["cross"], linewidth=2.5, linestyle="--")
        name = palette.PLAIN | {"va": "center"}
        self.names = {
            line: self.add_text(dollars, 2.05, 0, "", **name | {"color": palette.MUTED}) for line in self.LEGS
        }
        for mode in MODES:
            self.names[mode] = self.add_text(dollars, 2.05, 0, "", **name | palette.STRONG | {"color": NAME[mode]})
        self.now = self.add_text(price, 2.05, 0, "", **name | palette.STRONG)
        self.where = self.add_text(price, 2.05, 0, "", **name | {"color": palette.LOSS_TEXT, "fontsize": palette.SMALL})

    def frame(self, r):
        return next(reach for reach in (0.1, 0.2, 0.4) if abs(r.move) <= reach), 1 if r.move > 0 else -1

    def reframe(self, r):
        reach, way = self.frame(r)
        self.price.set_ylim(*sorted((-0.1 * way * reach, 1.1 * way * reach)))
        percent_ticks(self.price.yaxis, [way * step * reach for step in (0, 0.5, 1)])
        most = LEG * reach
        self.money.set_ylim(-1.15 * most, 1.15 * most)
        self.money.set_yticks([-most, 0, most], [money(value, signed=True) for value in (-most, 0, most)])

    def move(self, r):
        time, (low, high), top = np.linspace(0, 2, len(r.moves)), self.price.get_ylim(), self.money.get_ylim()[1]
        closed, now = r.closed["isolated"], r.moves[-1]
        happened = f"The {closed[0]} is closed on the way" if closed else "Both legs stay open"
        self.title.set_text(f"{happened}: isolated {money(r.change['isolated'], signed=True)}, cross $0")
        self.path.set_data(time, r.moves)
        seen, stop = low < r.at < high, r.at / r.move if closed else 2
        for line, where in ((self.end, [0, stop]), (self.after, [stop, 2]), (self.shut, [stop] if closed else [])):
            line.set_data(where if seen else [], [r.at] * len(where) if seen else [])
        beside, away = apart([now, r.at], 0.13 * (high - low), low, high) if seen else (now, r.at)
        self.now.set(text=f"price {percent(now, signed=True)}", y=beside)
        what = f"{closed[0]} closed at" if closed else "liquidation"
        self.where.set(text=f"{what} {percent(r.at, signed=True)}" if seen else "", y=away)
        values = r.legs | r.line
        for (name, line), y in zip(values.items(), apart([v[-1] for v in values.values()], 0.26 * top, -top, top)):
            self.lines[name].set_data(time, line)
            self.names[name].set(text=f"{name} {money(_cents(line[-1]), signed=True)}", y=y)


both_sides = Recipe(
    model,
    Hedged,
    [leverage(5, 50, 10), move(-0.4, 0.4, 0.01, -0.2), Rate("back", "comes back", steps(0, 1, 0.05), 0, "%")],
    computed,
)
