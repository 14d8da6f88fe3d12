"""What several panels of this chapter use."""

from functools import partial

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from leverage_lab.leverage import account_change, isolated_pnl, notional, pnl, quantity, roe
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Dot, Headline, percent_ticks
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import after_sign, call, money, percent, plain, times

ENTRY = 100.0  # where only the percentages count, the price starts at 100


def _outcome(side, margin, leverage, move, account):
    """One isolated linear position after a price move; the numbers most panels share."""
    if margin > account:
        raise ValueError(f"margin must be at most the account of {money(account)}, got {money(margin)}")
    now = ENTRY * (1 + move)
    coins = quantity(margin, leverage, ENTRY)
    paper = pnl(side, coins, ENTRY, now)
    kept = isolated_pnl(side, coins, ENTRY, now, margin)
    return Result(
        side=side,
        margin=margin,
        leverage=leverage,
        move=move,
        account=account,
        notional=notional(coins, ENTRY),
        paper=paper,
        pnl=kept,
        roe=kept / margin,
        account_change=account_change(kept, account),
        gone_at=-1 / leverage if side == "long" else 1 / leverage,
        gone=paper <= -margin * (1 - 1e-12),
    )


def _moved(move):
    if move == 0:
        return "The price does not move"
    return f"The price {'rises' if move > 0 else 'falls'} {percent(abs(move))}"


def _happened(r):
    """The second half of most sentences: what the move did, in dollars and in three percentages."""
    if r.gone and r.paper < -r.margin * (1 + 1e-9):
        return (
            f"{_moved(r.move)}: {money(r.paper, signed=True)} on paper, but the margin was used up at "
            f"{percent(r.gone_at, signed=True)} and the position closed. {money(r.margin)} is lost: "
            f"−100\u00a0% of the margin, {percent(r.account_change, signed=True)} of the {money(r.account)} account."
        )
    end = " The margin is used up." if r.gone else ""
    return (
        f"{_moved(r.move)}: {money(r.pnl, signed=True)}, which is {percent(r.roe, signed=True)} of the margin and "
        f"{percent(r.account_change, signed=True)} of the {money(r.account)} account, before fees.{end}"
    )


def computed(r):
    """What the move wins or loses of one isolated long."""
    steps = [
        f"position = margin × leverage = {money(r.margin)} × {plain(r.leverage)} = {money(r.notional)}",
        "long: PnL = position × price move",
        f"= {money(r.notional)} × {after_sign(percent(r.move))} = {money(r.paper, signed=True)}",
    ]
    if r.gone:
        steps.append(f"{AT_MOST_THE_MARGIN}: {money(r.pnl)}")
    for whole, money_of, share in (("margin", r.margin, r.roe), ("account", r.account, r.account_change)):
        steps.append(f"of the {whole}: {money(r.pnl, signed=True)} / {money(money_of)} = {percent(share, signed=True)}")
    coins = call(quantity, r.margin, r.leverage, ENTRY)
    line = call(isolated_pnl, r.side, coins, ENTRY, moved_to(r.move), r.margin)
    return Computed(tuple(steps), line, (isolated_pnl, quantity), float(r.pnl))


AT_MOST_THE_MARGIN = "an isolated position loses at most its margin"


def moved_to(move):
    """The price after a move as one types it: without the last bits of a float."""
    return round(ENTRY * (1 + move), 12)


POSITION, MARGIN, WALLET = 5000.0, 100.0, 1000.0


def account_line(margin, leverage, moves):
    """Change of the account in dollars over an array of price moves: what the pair's picture draws."""
    return isolated_pnl("long", quantity(margin, leverage, ENTRY), ENTRY, ENTRY * (1 + moves), margin)


def return_line(side, leverage, moves, contract):
    """Return on margin over an array of price moves, never below −1."""
    return roe(side, leverage, ENTRY, ENTRY * (1 + moves), contract).clip(min=-1)


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
        word = palette.PLAIN | {"color": palette.MUTED, "va": "bottom"}
        number = palette.STRONG | {"va": "bottom"}
        axes.text(0, 0.88, "your share", **word)
        self.share = self.add_text(axes, 0.165, 0.88, "", **number)
        axes.text(0.79, 0.88, "position", ha="right", **word)
        self.position = self.add_text(axes, 1, 0.88, "", ha="right", **number)
        edge = {"edgecolor": palette.FIRST, "linewidth": 1}
        axes.add_patch(Rectangle((0, 0.64), 1, 0.22, facecolor=palette.BORROWED, **edge))
        self.slice = self.add_bar(axes, 0, 0.64, 0, 0.22, facecolor=palette.FIRST, **edge)
        # The lens: from the slice to the margin below, magnified to half the width; a gain fills the other half.
        self.lens = self.add_line(axes, color=palette.MUTED, linewidth=1)
        self.lens_word = self.add_text(axes, 0.52, 0.4, "", **word)
        self.factor = self.add_text(axes, 0.02, 0.4, "", va="bottom", **palette.QUIET)
        self.margin = self.add_text(axes, 0.85, 0.4, "", **number)
        self.left_bar = self.add_bar(axes, 0, 0.15, 0.5, 0.22, **palette.ROOM_BAR)
        self.lost_bar = self.add_bar(axes, 0.5, 0.15, 0, 0.22, **palette.LOSS_BAR)
        self.gain_bar = self.add_bar(axes, 0.5, 0.15, 0, 0.22, color=palette.GAIN, linewidth=0)
        axes.add_line(Line2D([0.5, 0.5], [0.13, 0.39], color=palette.INK, linewidth=1.5))
        axes.text(0, 0.1, "still there", **word | {"va": "top"})
        self.left = self.add_text(axes, 0.148, 0.1, "", **number | {"va": "top"})
        self.change = self.add_text(axes, 0.5, 0.1, "", **number | {"va": "top"})

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
        self.factor.set_text("" if wide else f"{plain(0.5 / share, 1)} times as wide")
        part = max(-1.0, min(r.roe, 1.0)) / 2
        lost, gained = max(0.0, -part), max(0.0, part)
        self.left_bar.set(width=0.5 - lost, visible=lost < 0.5)  # of an empty one the edge would be left
        self.lost_bar.set(x=0.5 - lost, width=lost)
        self.gain_bar.set_width(gained)
        self.left.set_text(money(r.margin + min(r.pnl, 0)))
        word = (
            f"gained {money(r.pnl)}{' →' if r.roe > 1 + 1e-9 else ''}"
            if r.pnl > 0
            else f"lost {money(-r.pnl)}"
            if r.pnl < 0
            else ""
        )
        self.change.set(text=word, color=palette.change_colour(r.pnl), ha="left" if r.pnl > 0 else "right")


MOVES = np.linspace(-0.1, 0.1, 401)


class Pair(Picture):
    """Change of a $1,000 account over the price move, at three leverages and at the chosen one."""

    height = 4.4
    RUNGS = ((5, ":"), (20, "--"), (100, "-."))

    def draw(self):
        self.headline = Headline(self, THREE)
        self.figure.text(0.02, 0.75, "change of the account; ✕: where a line stops", va="bottom", **palette.QUIET)
        axes = self.axes = self.add_chart(0.125, 0.145, 0.835, 0.59, grid="both")
        axes.set_xlim(-0.1, 0.1)
        percent_ticks(axes.xaxis, [-0.1, -0.05, 0, 0.05, 0.1])
        axes.set_xlabel("move of the price since the entry", **palette.QUIET)
        axes.axhline(0, color=palette.MUTED, linewidth=1)
        self.rungs = []
        for leverage, dash in self.RUNGS:
            (line,) = axes.plot([], [], color=palette.MUTED, linewidth=1.5, linestyle=dash)
            name = axes.text(0, 0, times(leverage), bbox=palette.GROUND | {"pad": 0.5}, **palette.QUIET)
            self.rungs.append((leverage, line, name))
        mark = {"color": palette.LOSS, "markeredgecolor": palette.INK}
        self.stops = self.add_line(axes, "X", markersize=9, **mark, zorder=4)
        self.stop = self.add_line(axes, "X", markersize=12, **mark, zorder=4)
        self.line = self.add_line(axes, color=palette.FIRST, linewidth=3.5)
        self.name = self.add_text(axes, -0.0985, 480, va="top", **palette.STRONG | {"color": palette.FIRST})
        self.dot = Dot(self, axes, partial(money, signed=True))

    def frame(self, r):
        return *r.lines.items(), r.leverage if r.leverage in dict(self.RUNGS) else None

    def reframe(self, r):
        heights = {leverage: account_line(r.lines[leverage], leverage, MOVES) for leverage, _, _ in self.rungs}
        fan = heights[5][-1] != heights[20][-1]  # lines that part on the right are named there, others on the left
        ticks = (-MARGIN, 0, 200, 400) if fan else (-500, -250, 0, 250, 500)
        self.axes.set_ylim(-160 if fan else -560, 560)
        self.axes.set_yticks(ticks, [money(value, signed=True) for value in ticks])
        kept = [leverage for leverage in heights if leverage != r.leverage and 1 / leverage <= 0.1]
        self.stops.set_data([-1 / leverage for leverage in kept], [-r.lines[leverage] for leverage in kept])
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
        inside = r.gone_at >= -0.1
        self.stop.set_data([r.gone_at] if inside else [], [-r.margin] if inside else [])
        self.dot.move(r.move, r.pnl)
