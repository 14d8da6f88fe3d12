"""Coins as the margin of an inverse short on them: what is left of the price, and what can still liquidate it?"""

import numpy as np

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.strategies.shared import HOLDING, RATE, Figures, summed
from leverage_lab.leverage import notional, price_move
from leverage_lab.liquidation import Rules, equity, liquidation_price
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.charts import Dot, percent_ticks
from leverage_lab.panelkit.controls import Slider, move, steps
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import Code, call, literal, money, percent, plain, price

COINS = HOLDING / ENTRY
MOVES = np.linspace(-0.9, 3, 391)


def _margin(face, funding):
    """The coins, with the funding that an inverse short of `face` dollars has received."""
    return round(COINS + funding * notional(face, ENTRY, "inverse"), 12)


def _worth(share, funding, prices):
    """The short's liquidation price (nan: none), and the dollars all is worth at these prices; 0 once liquidated."""
    face = share * HOLDING  # the size of an inverse contract is in dollars
    if not face:
        return np.nan, COINS * prices
    margin = _margin(face, funding)
    end = liquidation_price("short", ENTRY, face, margin, Rules(RATE, "mark"), contract="inverse")
    left = prices * equity("short", ENTRY, face, margin, prices, "inverse")
    return end, np.where(prices >= (np.inf if np.isnan(end) else end), 0.0, left)


def model(short, move, funding):
    """$10,000 of coins back an inverse short. short: its share of them; funding: received, as a share of the short."""
    now = round(ENTRY * (1 + move), 9)
    end, worth = _worth(short, funding, now)
    worth, alone = float(worth), COINS * now
    received = funding * short * HOLDING
    gone = now >= end
    if not short:
        short_says = "there is no short"
    elif np.isnan(end):
        short_says = "the short has no liquidation price"
    elif gone:
        short_says = (
            f"the short was liquidated at {percent(price_move(ENTRY, end), signed=True)}, and its margin was the coins"
        )
    else:
        short_says = f"the short is liquidated at {percent(price_move(ENTRY, end), signed=True)}"
    paid = f"funding {money(received, signed=True)}, " if received else ""
    return Result(
        now=now, alone=alone, worth=worth, liquidation=end, gone=bool(gone), received=received,
        sentence=(
            f"Coins worth {money(HOLDING)} are the margin of an inverse short of {money(short * HOLDING)}, before fees."
            f" The price ends at {percent(move, signed=True)}: the coins alone are worth {money(alone)}, "
            f"coins and short {money(worth)} ({paid}{short_says})."
        ),
    )  # fmt: skip


def computed(r):
    """The coins that are left after the short's profit or loss in coins, times the price."""
    face, entry, now, have = r.short * HOLDING, price(ENTRY), price(r.now), f"coins = {money(HOLDING)} / {price(ENTRY)}"
    if not face:
        steps = (
            f"{have} = {plain(COINS)}, no short",
            f"worth = coins × price = {plain(COINS)} × {now} = {money(r.worth)}",
        )
        return Computed(steps, call(notional, COINS, r.now), (notional,), r.worth)
    margin, size = _margin(face, r.funding), money(face)
    shown, short = (lambda number: plain(number, 4)), ("short", ENTRY, face, margin)
    coins = shown(margin)
    if r.received:
        have = f"coins = those held + funding / entry = {summed(shown, COINS, r.received / ENTRY)}"
    if r.gone:
        steps = (
            f"{have} = {coins}",
            "liquidation price = short × (1 − maintenance rate) / (short / entry − coins)",
            f"= {size} × (1 − {percent(RATE)}) / ({size} / {entry} − {coins}) = {price(r.liquidation)}",
            f"the price, {now}, is not below it: liquidated; the margin was the coins, so nothing is left",
        )
        line = call(liquidation_price, *short, call(Rules, RATE, "mark"), "inverse")
        return Computed(steps, line, (liquidation_price, Rules), float(r.liquidation))
    change = (1 / r.now - 1 / ENTRY) * face
    steps = (
        f"{have} = {coins}",
        "PnL of an inverse short, in coins = short × (1 / price − 1 / entry)",
        f"= {size} × (1 / {now} − 1 / {entry}) = {shown(change)}",
        "worth = (coins + PnL) × price",
        f"= ({summed(shown, margin, change)}) × {now} = {money(r.worth)}",
    )
    line = f"{literal(r.now)} * {call(equity, *short, r.now, 'inverse')}"
    return Computed(steps, Code(line), (equity,), r.worth)


class CoinsAsMargin(Picture):
    """What coins are worth alone, and with an inverse short on them, over the price at the end."""

    height = 4.6

    def draw(self):
        self.figures = Figures(self, ("coins alone", "coins and short", "liquidation"))
        axes = self.axes = self.add_chart(0.135, 0.14, 0.83, 0.62, grid="both")
        axes.set(xlim=(-0.9, 3), ylim=(-1500, 41_000))
        percent_ticks(axes.xaxis, [-0.5, 0, 1, 2, 3])
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        ticks = (0, 10_000, 20_000, 30_000, 40_000)
        axes.set_yticks(ticks, [money(tick) for tick in ticks])
        axes.set_xlabel("move of the price at the end", **palette.QUIET)
        axes.plot(MOVES, HOLDING * (1 + MOVES), color=palette.FIRST, linewidth=2.5, linestyle="--")
        alone = palette.STRONG | {"color": palette.FIRST, "ha": "right"}
        self.alone = self.add_text(axes, 0, 0, "coins alone", **alone)
        self.name = self.add_text(axes, 0, 0, "coins and short", **palette.STRONG)
        self.end = self.add_line(axes, color=palette.LOSS, linewidth=4)
        self.both = self.add_line(axes, color=palette.INK, linewidth=4)
        self.end_name = self.add_text(axes, 0, 42_800, **palette.STRONG | {"color": palette.LOSS_TEXT, "va": "center"})
        self.dot = Dot(self, axes, money)

    def move(self, r):
        at = price_move(ENTRY, r.liquidation) if r.liquidation == r.liquidation else np.nan
        words = ("none", palette.INK) if np.isnan(at) else (percent(at, signed=True), palette.LOSS_TEXT)
        self.figures.show((money(r.alone), palette.INK), (money(r.worth), palette.INK), words)
        _, worth = _worth(r.short, r.funding, ENTRY * (1 + MOVES))
        self.both.set_data(MOVES, worth)
        right = at - 0.06 if 0.9 < at < 1.85 else 1.75  # names keep off the liquidation's line, and off both others
        self.alone.set_position((right, HOLDING * (1 + right) + 1500))
        left = at + 0.06 if at < 2 else 0.85
        along = worth[(MOVES > left) & (MOVES < left + 1.05)]
        below = along.min() > 5000
        self.name.set(x=left, y=along.min() - 1200 if below else along.max() + 1200, va="top" if below else "bottom")
        seen = at <= 3
        self.end.set_data(*(([at, at], [-1500, 41_000]) if seen else ([], [])))
        self.end_name.set(text="liquidation" if seen else "", x=at if seen else 0, ha="right" if at > 2.6 else "center")
        self.dot.move(r.move, r.worth)


coins_as_margin = Recipe(
    model,
    CoinsAsMargin,
    [
        Slider("short", "short ÷ coins", steps(0, 2, 0.1), 1, "%"),
        move(-0.9, 3, 0.1, 0),
        Slider("funding", "funding so far", steps(-0.4, 0.4, 0.02), 0, "%"),
    ],
    computed,
)
