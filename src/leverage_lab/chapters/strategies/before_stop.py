"""Which comes first when the price slides or jumps: the stop or the liquidation?"""

import numpy as np

from leverage_lab import data
from leverage_lab.chapters.strategies.shared import Figures, _mexc, _mexc_dates, _stop, joined
from leverage_lab.leverage import price_move, quantity
from leverage_lab.liquidation import ROUNDING, Rules
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import apart
from leverage_lab.panelkit.controls import Rate, leverage, side, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.strategies import stop_check, stop_loss
from leverage_lab.words import call, money, percent, plain, price, times

SCALP = 10.0  # dollars of margin of the article's scalp


def model(side, leverage, stop, jump):
    """The article's scalp, $10 of margin: what comes first when the price slides or jumps against it."""
    s, entry = (1 if side == "long" else -1), data.asset("BTC").price
    rules, taker = Rules(_mexc().maintenance_rate, "entry"), _mexc().taker_fee
    coins = quantity(SCALP, leverage, entry)

    def at(distance):
        return entry * (1 - s * distance)

    check = stop_check(side, entry, at(stop), coins, SCALP, rules)
    end, bankruptcy = check.liquidation_distance, check.bankruptcy_distance
    nearer = min(stop, end)
    slid = 0.5 * nearer if jump else nearer
    jumped = jump > 0 and slid + jump >= nearer * (1 - 1e-12)
    landed = max(slid + jump, nearer) if jumped else nearer
    lost = stop_loss(side, entry, at(stop), coins, SCALP, [at(landed)], rules, taker, taker)
    planned = SCALP * leverage * stop
    if jumped:
        move = f"The price jumps {percent(jump)} and is {percent(landed)} away"
    elif jump:
        move = f"A jump of {percent(jump)} is too short to reach either, and the price slides on"
    else:
        move = f"The price {'falls' if s > 0 else 'rises'} without a jump"
    how, cost = f"the stop is filled at {price(lost.price)}", "fees included"
    if lost.first != "stop":
        how, cost = "the position is liquidated", f"all of the margin and {money(lost.loss - SCALP)} to open"
    tie = abs(check.room) <= ROUNDING and not jumped
    if tie:
        how = "stop and liquidation are at one price; nobody knows which comes first, and we count the tie against you"
    levels = {"entry": 0.0, "stop": stop, "liquidation": end, "bankruptcy": bankruptcy}
    return Result(
        side=side, levels=levels, prices={name: at(level) for name, level in levels.items()}, first=lost.first, tie=tie,
        slid=slid, landed=landed, reached=at(landed), jumped=jumped, out=-s * price_move(entry, lost.price),
        planned=planned, lost=lost.loss, margin=SCALP,
        dates=_mexc_dates("maintenance_rate", "taker_fee", what="MEXC's rates and the price", price=True),
        sentence=(
            f"{money(SCALP)} at {times(leverage)}, {side} from {price(entry)}: stop {percent(stop)} away, "
            f"liquidation {percent(end)}, bankruptcy {percent(bankruptcy)}. {move}: {how}. Margin × leverage × stop"
            f" says {money(planned)}; you lose {money(lost.loss)}, {cost}."
        ),
    )  # fmt: skip


def computed(r):
    """The loss: at the stop the move and both fees, at the liquidation the margin and the fee to open."""
    rate, fee, entry, s = (
        _mexc().maintenance_rate,
        _mexc().taker_fee,
        r.prices["entry"],
        "−" if r.side == "long" else "+",
    )
    leverage, position = plain(r.leverage, 4), money(SCALP * r.leverage)
    stop, end, landed, move = (percent(x, decimals=4) for x in (r.stop, r.levels["liquidation"], r.landed, r.out))
    came = "a tie, counted against you" if r.tie else "the stop is first" if r.first == "stop" else "liquidated"
    words, numbers = "margin + fee to open", f"{money(SCALP)} + {percent(fee)} × {position}"
    if r.first == "stop":
        words = f"position × (move + fee to open + fee to close × (1 {s} move))"
        numbers = f"{position} × ({move} + {percent(fee)} + {percent(fee)} × (1 {s} {move}))"
    coins, rules = call(quantity, SCALP, r.leverage, entry), call(Rules, rate, "entry")
    return Computed(
        steps=(
            f"distance of the liquidation = 1 / leverage − maintenance rate = 1 / {leverage} − {percent(rate)} = {end}",
            f"stop {stop} away; the price {'jumps' if r.jumped else 'slides'} to {landed} away: {came}",
            f"position = margin × leverage = {money(SCALP)} × {leverage} = {position}",
            f"loss = {words}",
            f"= {numbers} = {money(r.lost)}",
        ),
        python=call(stop_loss, r.side, entry, r.prices["stop"], coins, SCALP, [r.reached], rules, fee, fee) + ".loss",
        uses=(stop_loss, quantity, Rules),
        number=float(r.lost),
    )


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
        self.ground = self.add_bar(axes, 0, 0, 0.52, 0, facecolor=palette.LOST_GROUND, edgecolor="none")
        self.lines, self.names = {}, {}
        self.leads = self.add_line(axes, color=palette.MUTED, linewidth=0.8)  # all four in one: each artist costs time
        for name, (colour, width, dash, ink) in self.MARKS.items():
            self.lines[name] = self.add_line(axes, color=colour, linewidth=width, linestyle=dash)
            style = palette.PLAIN if name == "entry" else palette.STRONG
            self.names[name] = self.add_text(axes, 0.565, 0, va="center", **style | {"color": ink})
        self.path = self.add_line(axes, color=palette.INK, linewidth=2.5)
        self.hop = self.add_line(axes, color=palette.INK, linewidth=1.5, linestyle=(0, (1, 2)))
        self.out = self.add_line(axes, "X", color=palette.LOSS, markersize=13, markeredgecolor=palette.PAPER)
        bars = self.bars = self.figure.add_axes((0.02, 0.02, 0.96, 0.2))
        bars.set(xlim=(0, 1), ylim=(0, 1))
        bars.axis("off")
        for y, word in ((0.72, "planned"), (0.22, "lost")):
            bars.text(0, y, word, va="center", **palette.QUIET)
        plain = {"facecolor": palette.BORROWED, "edgecolor": palette.MUTED, "linewidth": 1}
        self.planned = self.add_bar(bars, 0.12, 0.55, 0, 0.34, **plain)
        self.lost = self.add_bar(bars, 0.12, 0.05, 0, 0.34, **palette.LOSS_BAR)
        # Both move with the bars only to be drawn after them: a long one reaches under them.
        self.moving(bars.plot([0.72, 0.72], [0, 0.95], color=palette.INK, linewidth=1.5)[0])
        self.add_text(bars, 0.73, 0.72, "the whole margin, $10", va="center", **palette.QUIET)

    def move(self, r):
        first = ("a tie" if r.tie else r.first, palette.INK if r.first == "stop" else palette.LOSS_TEXT)
        self.figures.show(first, (money(r.planned), palette.INK), (money(r.lost), palette.LOSS_TEXT))
        deepest = 1.12 * max(*r.levels.values(), r.landed)
        up = r.side == "short"
        height = lambda distance: (not up) + (1 if up else -1) * (0.1 + 0.86 * distance / deepest)
        heights = {name: height(distance) for name, distance in r.levels.items()}
        labels = apart(list(heights.values()), 0.1, 0.04, 0.96)
        for (name, y), at in zip(heights.items(), labels):
            self.lines[name].set_data([0, 0.52], [y, y])
            self.names[name].set(y=at, text=f"{name} {price(r.prices[name])}")
        self.leads.set_data(joined(([0.52, 0.555], ends) for ends in zip(heights.values(), labels)))
        broke = heights["liquidation"]
        self.ground.set(y=broke if up else 0, height=(1 - broke) if up else broke)
        x = np.linspace(0, 0.26, 40)
        slide = r.slid * (x / 0.26 + 0.12 * np.sin(np.pi * x / 0.26) * np.sin(40 * x))
        self.path.set_data(x, height(slide))
        self.hop.set_data(*(([0.26, 0.27], [height(r.slid), height(r.landed)]) if r.jumped else ([], [])))
        short_jump = not r.jumped and r.slid < r.landed
        if short_jump:
            self.path.set_data([*x, 0.3], [*height(slide), height(r.landed)])
        self.out.set_data([0.3 if short_jump else 0.27 if r.jumped else 0.26], [height(r.landed)])
        for bar, dollars in ((self.planned, r.planned), (self.lost, r.lost)):
            bar.set_width(min(0.6 * dollars / r.margin, 0.87))


JUMP = Rate("jump", "jump", steps(0, 0.012, 0.0005), 0, "%")
before_stop = Recipe(model, BeforeStop, [side(), leverage(20, 500, 500), _stop(0.0002, 0.01, 0.001), JUMP], computed)
