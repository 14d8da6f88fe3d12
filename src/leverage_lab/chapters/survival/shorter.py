"""What does less leverage on the same position buy: how much distance, how much time?"""

from functools import lru_cache

from leverage_lab import survival
from leverage_lab.exchanges import fact, of_facts
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.canvas import Picture
from leverage_lab.panelkit.controls import Choice, Slider, ladder, leverage
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.panelkit.result import Computed, Result
from leverage_lab.words import call, money, percent, plain, times

RATE = 0.001  # maintenance rate: MEXC's first tier, as its API documentation prints it
LEAST, MOST = 4.6, 545  # leverage in the picture: a little more than the control has
HOURS = {"1 hour": 1, "8 hours": 8, "1 day": 24, "1 week": 168}


@lru_cache(maxsize=None)
def closed_line(hours, years):
    """[(leverage, share of longs that were reached)] for every measured move within the picture."""
    moves = [move for move in survival.measured_moves() if LEAST <= 1 / (move + RATE) <= MOST]
    return [(1 / (move + RATE), survival.measured("long", move, hours, years)) for move in moves]


@lru_cache(maxsize=None)
def _maintenance():
    """Where RATE is from."""
    return fact("MEXC", "maintenance_rate")


def _told(share):
    return "fewer than 0.1\u00a0%" if share < 0.001 else percent(share, decimals=1)


def model(position, leverage, time):
    """The same position at another leverage: its margin, its distance to liquidation, the share that was closed."""
    needed, before = position / leverage, position / 100
    move = survival.adverse_move(leverage, RATE)
    shares = {years: survival.measured("long", move, HOURS[time], years) for years in survival.TABLES}
    early, late = shares.values()
    if leverage == 100:
        beside = "the leverage that the others are compared with"
    elif leverage > 100:
        beside = f"{money(before - needed)} less than at 100x"
    else:
        beside = f"{money(needed - before)} more than at 100x"
    return Result(
        hours=HOURS[time], margin=needed, move=move, shares=shares,
        dates=of_facts([_maintenance()], "MEXC's maintenance rate"),
        sentence=(
            f"{money(position)} of BTC at {times(leverage)}: {money(needed)} of margin, {beside}. Liquidation is"
            f" {percent(move)} away (maintenance {percent(RATE)}). Of longs opened at any hour of {survival.EARLIER},"
            f" {_told(early)} saw the price fall that far within {time}; of {survival.LATER}, {_told(late)}."
        ),
    )  # fmt: skip


def computed(r):
    """The distance, and the share of starting hours after which the price came that far."""
    years, moves = survival.EARLIER, survival.measured_moves()
    low = max(move for move in moves if move <= r.move * (1 + 1e-9))
    high = min(move for move in moves if move >= r.move * (1 - 1e-9))
    many, few = (percent(survival.measured("long", move, r.hours, years), decimals=3) for move in (low, high))
    count = (
        f"{years}: of {plain(survival.STARTS[years])} starting hours, {many} saw a fall of {percent(low)} in {r.time}"
    )
    way = [100 * move for move in (r.move, low, high)]
    between = (
        f"{count}, {few} one of {percent(high)}",
        f"{percent(r.move)} lies between: {many} − ({many} − {few}) × ln({plain(way[0], 4)} / {plain(way[1])})"
        f" / ln({plain(way[2])} / {plain(way[1])}) = {_told(r.shares[years])}",
    )
    return Computed(
        steps=(
            f"margin = position / leverage = {money(r.position)} / {plain(r.leverage)} = {money(r.margin)}",
            "distance to liquidation = 1 / leverage − maintenance rate"
            f" = 1 / {plain(r.leverage)} − {percent(RATE)} = {percent(r.move)}",
            *(between if low < high else (count,)),
            f"{survival.LATER}, counted in the same way from {plain(survival.STARTS[survival.LATER])} starting hours:"
            f" {_told(r.shares[survival.LATER])}",
        ),
        python=call(survival.measured, "long", call(survival.adverse_move, r.leverage, RATE), r.hours, years),
        uses=(survival.measured, survival.adverse_move),
        number=float(r.shares[years]),
    )


class Shorter(Picture):
    """Share of longs that were liquidated, over the leverage; above it margin and distance."""

    height = 4.6

    def draw(self):
        self.figure.text(
            0.98,
            0.013,
            "hourly trades: at Bitstamp to March 2023, at Binance from then on",
            ha="right",
            **palette.QUIET,
        )
        words = {0.02: ("margin", palette.INK), 0.27: ("distance", palette.INK)}
        words |= {0.52: (f"● {survival.EARLIER}", palette.FIRST), 0.77: (f"■ {survival.LATER}", palette.SECOND_TEXT)}
        self.big = [
            self.add_text(self.figure, x, 0.985, color=colour, **palette.FIGURE) for x, (_, colour) in words.items()
        ]
        for x, (word, _) in words.items():
            self.figure.text(x, 0.885, word, va="top", **palette.QUIET)
        axes = self.axes = self.add_chart(0.095, 0.21, 0.88, 0.56, grid="both")
        axes.set(xscale="log", xlim=(LEAST, MOST), ylim=(0, 1))
        axes.minorticks_off()
        axes.set_xticks([5, 10, 20, 50, 100, 200, 500], ["5x", "10x", "20x", "50x", "100x", "200x", "500x"])
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [percent(part) for part in (0, 0.25, 0.5, 0.75, 1)])
        self.within = self.add_text(axes, 4.9, 0.965, "", va="top", **palette.QUIET)
        axes.set_xlabel("leverage", **palette.QUIET)
        axes.axvline(100, color=palette.MUTED, linewidth=1.5, linestyle="--")
        self.lines = {
            survival.EARLIER: self.add_line(axes, color=palette.FIRST, linewidth=2.5, marker="o", markersize=6),
            survival.LATER: self.add_line(axes, color=palette.SECOND_TEXT, linewidth=2.5, marker="s", markersize=6),
        }
        self.drop = self.add_line(axes, color=palette.INK, linewidth=1, linestyle=":")
        self.dots = self.add_line(axes, "o", color=palette.INK, markersize=12, clip_on=False, zorder=5)

    def move(self, r):
        for years, line in self.lines.items():
            line.set_data(*zip(*closed_line(r.hours, years), strict=True))
        shares = list(r.shares.values())
        self.drop.set_data([r.leverage, r.leverage], [0, max(shares)])
        self.dots.set_data([r.leverage] * 2, shares)
        few = (percent(share, decimals=1) if share >= 0.001 else "< 0.1\u00a0%" for share in shares)
        for text, word in zip(self.big, (money(r.margin), percent(r.move), *few), strict=True):
            text.set_text(word)
        self.within.set_text(f"share of longs liquidated within {r.time}")


shorter = Recipe(
    model,
    Shorter,
    [
        Slider("position", "position", ladder(1000, 1_000_000), 50_000, "$"),
        leverage(5, 500, 100),
        Choice("time", "within", tuple(HOURS), "1 hour"),
    ],
    computed,
)
