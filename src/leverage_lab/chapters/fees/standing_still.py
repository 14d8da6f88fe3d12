"""How does funding bring the liquidation price closer while the market price stands still?"""

import numpy as np

from leverage_lab.chapters.fees.shared import A_DAY, MARGIN, PRICE, after_sign, bill, title
from leverage_lab.checks import ceil, sign
from leverage_lab.fees import funding_over_path, funding_payment
from leverage_lab.leverage import quantity
from leverage_lab.liquidation import Rules, crossing_price, maintenance_margin
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import SignedRate, leverage, side
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, money, percent, plain, times

DAYS = 30
STILL_RULES = Rules(0.004, "mark")


def model(side, leverage, rate):
    """The price stands still, funding is paid out of the margin, and the liquidation price moves."""
    coins = quantity(MARGIN, leverage, PRICE)
    payments = funding_over_path(side, coins, np.full(DAYS * A_DAY, PRICE), rate)
    margins = MARGIN - np.concatenate([[0.0], np.cumsum(payments)])
    need = maintenance_margin(coins, PRICE, STILL_RULES)
    dead = np.flatnonzero(margins <= need * (1 + 1e-9))
    end = int(dead[0]) if len(dead) else None
    last = end if end is not None else len(margins) - 1
    prices = crossing_price(side, PRICE, coins, margins[: last + 1], STILL_RULES)
    moves = np.maximum(prices, 0) / PRICE - 1  # below a price of 0 there is nothing
    once, left = payments[0], margins[last]
    what = (
        "nothing is paid" if once == 0 else f"it {'pays' if once > 0 else 'receives'} {money(abs(once))} every 8 hours"
    )
    begin = (
        f"{money(MARGIN)} at {times(leverage)}, {side}, {money(coins * PRICE)}; at a rate of"
        f" {percent(rate, signed=True, decimals=3)} {what}. At the start the liquidation price is"
        f" {percent(abs(moves[0]))} away."
    )
    if end is not None:
        days = end / A_DAY
        then = (
            f"After {end} settlements, {money(MARGIN - left)} in all, on day {plain(days, decimals=1)}, it has reached"
            f" the price, which has not moved: liquidated, with {money(left)} of margin left and {money(need)}"
            " required."
        )
    elif once > 0:
        then = f"After {DAYS} days it is {percent(abs(moves[-1]))} away and {money(left)} of the margin is left."
    else:
        then = f"After {DAYS} days the margin is {money(left)}" + (
            f" and the liquidation price is {percent(abs(moves[-1]))} away." if once else ", and nothing has changed."
        )
    return Result(
        side=side, leverage=leverage, coins=coins, moves=moves, days=np.arange(last + 1) / A_DAY,
        end=None if end is None else end / A_DAY, left=left, margins=margins, start=abs(moves[0]),
        sentence=f"{begin} {then}",
    )  # fmt: skip


def computed(r):
    """The day on which funding has used up all but the maintenance margin; else the liquidation price after 30 days."""
    value, signed = r.coins * PRICE, sign(r.side) * r.coins * PRICE
    rate, keep = percent(r.rate, decimals=3), percent(STILL_RULES.maintenance)
    payment, rules = call(funding_payment, r.side, r.coins, PRICE, r.rate), call(Rules, STILL_RULES.maintenance)
    once, need, count = signed * r.rate, value * STILL_RULES.maintenance, DAYS * A_DAY
    first = f"payment of a {r.side} = {money(signed)} × {after_sign(rate)} every 8 hours = {bill(once)}"
    if r.end is not None:
        steps = (
            first,
            f"maintenance margin = position × maintenance rate = {money(value)} × {keep} = {money(need)}",
            "settlements to liquidation = (margin − maintenance margin) / payment, rounded up",
            f"= ({money(MARGIN)} − {money(need)}) / {money(once)}, rounded up: {plain(A_DAY * r.end)}",
            f"day = {plain(A_DAY * r.end)} / {A_DAY} = {plain(r.end, decimals=1)}",
        )
        line = f"ceil((100 - {call(maintenance_margin, r.coins, PRICE, rules)}) / {payment}) / {A_DAY}"
        return Computed(steps, line, (ceil, maintenance_margin, Rules, funding_payment), float(r.end))
    now, s = PRICE * (1 + r.moves[-1]), "−" if r.side == "long" else "+"
    steps = (
        first,
        f"margin after {DAYS} days = {money(MARGIN)} − {count} × ({money(signed)} × {rate}) = {money(r.left)}",
        f"liquidation price = (entry {s} margin / quantity) / (1 {s} maintenance rate)",
        f"= ({money(PRICE)} {s} {money(r.left)} / {plain(r.coins)}) / (1 {s} {keep}) = {money(now)}"
        + ("" if now else ": not above 0, so there is none"),
        f"distance = {money(now)} / {money(PRICE)} − 1 = {percent(r.moves[-1], signed=True)}",
    )
    end = call(crossing_price, r.side, PRICE, r.coins, Code(f"100 - {count} * {payment}"), rules)
    return Computed(steps, f"max(0, {end})", (crossing_price, funding_payment, Rules), float(now))


class Still(Picture):
    """A flat price, and the liquidation price that funding moves. Heights are in parts of their first distance."""

    height = 4.6
    SCALES = (1, 2, 3, 5, 10, 20, 50, 100)  # how many first distances the middle of the picture holds

    def draw(self):
        self.title = title(self, "the price stands still; funding is settled every 8 hours, out of the margin")
        axes = self.axes = self.add_chart(0.14, 0.14, 0.83, 0.65)
        axes.set(xlim=(0, DAYS), xticks=range(0, DAYS + 1, 5), yticks=[])
        axes.set_xlabel("days since the entry", **palette.QUIET)
        axes.axhline(0, color=palette.INK, linewidth=3)
        self.heights = [self.add_text(axes, -0.4, 0, "", ha="right", va="center", **palette.QUIET) for _ in range(3)]
        self.price = axes.text(29.8, 0, "price", ha="right", **palette.STRONG)
        self.room = self.moving(
            axes.fill_between([0, 0], [0, 0], [0, 0], step="post", facecolor=palette.ROOM, alpha=0.35, linewidth=0)
        )
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=4, drawstyle="steps-post")
        self.name = self.add_text(axes, 0.3, 0, "liquidation price", **palette.STRONG | {"color": palette.LOSS_TEXT})
        self.cross = self.add_line(
            axes, "X", color=palette.LOSS, markeredgecolor=palette.PAPER, markersize=17, zorder=6
        )

    def _scale(self, r):
        """The line may leave the middle by a third, which the frame leaves free."""
        far = abs(r.moves[-1]) / r.start
        return next(scale for scale in self.SCALES if far <= 1.35 * scale)

    def frame(self, r):
        return r.side, self._scale(r)

    def reframe(self, r):
        s, scale = (1 if r.side == "long" else -1), self._scale(r)
        self.axes.set_ylim(*sorted((-1.5 * s * scale, 0.35 * s * scale)))
        self.axes.set_yticks([0, -s * scale / 2, -s * scale], ["", "", ""])
        self.price.set(y=s * scale * 0.06, va="bottom" if s > 0 else "top")

    def move(self, r):
        moves, scale, s = r.moves / r.start, self._scale(r), (1 if r.side == "long" else -1)
        for text, part in zip(self.heights, (0, scale / 2, scale)):
            text.set(text=percent(part * r.moves[0], signed=True), y=-s * part)
        self.line.set_data(r.days, moves)
        if abs(moves[-1]) > 1 + 1e-9:  # the line leaves the price: its name stands at the right, in the room
            y = moves[np.searchsorted(r.days, 0.75 * DAYS)]
            self.name.set(x=29.8, y=y + 0.05 * s * scale, ha="right", va="bottom" if s > 0 else "top")
        else:
            self.name.set(x=0.3, y=moves[0] - 0.07 * s, ha="left", va="top" if s > 0 else "bottom")
        self.room.set_data(r.days, np.zeros(len(r.days)), moves)
        gone = r.end is not None
        self.cross.set_data([r.end] if gone else [], [0] if gone else [])
        if gone:
            self.title.set_text(f"Liquidated on day {plain(r.end, decimals=1)}, and the price has not moved")
        else:
            self.title.set_text(f"Still open after {DAYS} days, margin {money(MARGIN)} → {money(r.left)}")


RATES = (-50, -30, -20, -10, -5, 0, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 375)  # in 0.001 %


standing_still = Recipe(
    model,
    Still,
    [
        side(),
        leverage(10, 125, 50),
        SignedRate("rate", "funding (8 hours)", tuple(float(f"{rate}e-5") for rate in RATES), 0.0003, "%"),
    ],
    computed,
)
