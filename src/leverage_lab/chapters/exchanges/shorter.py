"""What does less leverage on the same position buy: how much distance, how much time?"""

import math
from functools import lru_cache

from leverage_lab import survival
from leverage_lab.chapters.exchanges.shared import SMALL
from leverage_lab.exchanges import fact, of_facts
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, ladder, leverage
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Result
from leverage_lab.words import money, percent, times

RATE = 0.001  # maintenance rate of the last picture: MEXC's first tier, as its API documentation prints it


# --- what a higher maximum buys
HOURS = {"1 hour": 1, "8 hours": 8, "1 day": 24, "1 week": 168}


@lru_cache(maxsize=None)
def closed_line(hours):
    """[(leverage, share of longs that were reached)] for every measured move that a leverage of 5x to 500x leaves, maintenance at RATE."""
    moves = [move for move in survival.measured_moves() if 5 <= 1 / (move + RATE) <= 500]
    return [(1 / (move + RATE), survival.measured("long", move, hours)) for move in moves]


@lru_cache(maxsize=None)
def _maintenance():
    """Where RATE is from."""
    return fact("MEXC", "maintenance_rate")


def closed_share(leverage, hours):
    """Share of longs reached, between two measured moves in proportion to the logarithm of the move: (share, exactly measured)."""
    move = survival.adverse_move(leverage, RATE)
    moves = survival.measured_moves()
    above = next((other for other in moves if other >= move * (1 - 1e-9)), moves[-1])
    if abs(above - move) < 1e-9:
        return survival.measured("long", above, hours), True
    below = moves[moves.index(above) - 1]
    part = math.log(move / below) / math.log(above / below)
    low, high = (survival.measured("long", m, hours) for m in (below, above))
    return low + part * (high - low), False


def model(position, leverage, time):
    """The same position at another leverage: less to put down, a shorter way to liquidation, a shorter life."""
    share, exact = closed_share(leverage, HOURS[time])
    needed, before = position / leverage, position / 100
    move = survival.adverse_move(leverage, RATE)
    told = "fewer than 0.1\u00a0%" if share < 0.001 else f"{'' if exact else 'about '}{percent(share, decimals=1)}"
    if leverage == 100:
        beside = "the leverage the others are set beside"
    elif leverage > 100:
        beside = f"{money(before - needed)} less than at 100x"
    else:
        beside = f"{money(needed - before)} more than at 100x"
    return Result(
        position=position, leverage=leverage, time=time, hours=HOURS[time], margin=needed, move=move, share=share, exact=exact,
        dates=of_facts([_maintenance()], "MEXC's maintenance rate"),
        sentence=(
            f"{money(position)} of BTC at {times(leverage)}: {money(needed)} of margin, {beside}. Liquidation is {percent(move)} away (maintenance "
            f"{percent(RATE)}). Of longs opened at 39,955 starting hours of 2018 to 2023, {told} "
            f"saw the price fall that far within {time}."
        ),
    )  # fmt: skip


class Shorter(Picture):
    """Share of longs that liquidation has reached, over the leverage; what was put down above it."""

    height = 4.6

    def draw(self):
        self.figure.text(
            0.98, 0.013, "hourly BTC/USD of Bitstamp, 2018 to 2023 (CryptoDataDownload)", ha="right", **SMALL
        )
        self.big = []
        for x, word in ((0.02, "to put down"), (0.36, "to liquidation"), (0.68, "")):
            self.big.append(
                self.add_text(
                    self.figure, x, 0.985, "", fontsize=palette.BIG, fontweight="bold", color=palette.INK, va="top"
                )
            )
            label = self.figure.text(x, 0.885, word, va="top", **SMALL)
        self.within = self.moving(label)
        axes = self.axes = self.add_chart(0.095, 0.21, 0.88, 0.56, grid="both")
        axes.set(xscale="log", xlim=(4.6, 545), ylim=(0, 1))
        axes.minorticks_off()
        axes.set_xticks([5, 10, 20, 50, 100, 200, 500], ["5x", "10x", "20x", "50x", "100x", "200x", "500x"])
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [percent(part) for part in (0, 0.25, 0.5, 0.75, 1)])
        axes.text(4.9, 0.965, "share of longs reached by liquidation", va="top", **SMALL)
        axes.set_xlabel("leverage", **SMALL)
        axes.axvline(100, color=palette.MUTED, linewidth=1.5, linestyle="--")
        self.line = self.add_line(axes, color=palette.LOSS, linewidth=2.5, marker="o", markersize=6)
        self.drop = self.add_line(axes, color=palette.INK, linewidth=1, linestyle=":")
        self.dot = self.add_line(axes, "o", color=palette.INK, markersize=12, clip_on=False, zorder=5)

    def move(self, r):
        points = closed_line(r.hours)
        self.line.set_data([x for x, _ in points], [y for _, y in points])
        self.drop.set_data([r.leverage, r.leverage], [0, r.share])
        self.dot.set_data([r.leverage], [r.share])
        for text, word in zip(
            self.big,
            (
                money(r.margin),
                percent(r.move),
                percent(r.share, decimals=1) if r.share >= 0.001 else "below 0.1\u00a0%",
            ),
        ):
            text.set_text(word)
        self.big[2].set_color(palette.LOSS_TEXT)
        self.within.set_text(f"closed within {r.time}")


shorter = Recipe(
    model,
    Shorter,
    [
        Slider("position", "position", ladder(1000, 1_000_000), 50_000, "$"),
        leverage(5, 500, 100),
        Choice("time", "within", tuple(HOURS), "1 hour"),
    ],
)
