"""Panels of chapter 2."""

from functools import partial

from leverage_lab.classroom.controls import Choice, Rate, Slider, ladder, leverage, side, steps
from leverage_lab.classroom.models import liquidation as models
from leverage_lab.classroom.panel import Panel
from leverage_lab.classroom.pictures import liquidation as pictures

# Finer near the entry, so that every leverage has steps on its way down.
FALLS = (*steps(-0.3, -0.1, 0.025), *steps(-0.095, -0.03, 0.005), *steps(-0.0275, -0.01, 0.0025), *steps(-0.009, 0.002, 0.001), 0.005, 0.01)
SWITCH = (models.OFF, models.ON)

closed_early = partial(
    Panel,
    models.closed_early,
    pictures.ClosedEarly,
    [leverage(2, 150, 20), Slider("move", "price move", FALLS, -0.03, "%"), Choice("maintenance", "maintenance", SWITCH, "off"), Choice("fee", "closing fee", SWITCH, "off")],
)
way_left = partial(
    Panel,
    models.way_left,
    pictures.WayLeft,
    [leverage(2, 500, 500), Rate("maintenance", "maintenance", steps(0, 0.01, 0.0005), 0.001, "%"), Rate("fee", "closing fee", steps(0, 0.001, 0.0001), 0, "%")],
)
tiers = partial(
    Panel,
    models.tiers,
    pictures.Tiers,
    [Choice("exchange", "exchange", models.LADDERS, "Binance"), leverage(2, 100, 20), Slider("position", "position", ladder(10_000, 100_000_000), 10_000, "$")],
)
MARK_LEVERAGE = Slider("leverage", "leverage", (5, 8, 10, *range(12, 21), 25, 30, 40, 50, 75, 100), 17, "x")
AVERAGED = Slider("averaged", "mark: closes", steps(1, 15, 1), 3, whole=True)
CRASH_LEVERAGE = Slider("leverage", "leverage", (1.5, 1.6, 1.7, 1.8, 1.9, *ladder(2, 50)), 2, "x")


def _start_bar(candles):
    """At most 200 stops, however many bars there are; the box takes any."""
    last = len(candles) - 1
    every = -(-last // 200)
    return Slider("hour", "start bar", (*range(0, last, every), last), 0, whole=True)


mark_or_last = partial(
    Panel,
    models.mark_or_last,
    pictures.MarkOrLast,
    [MARK_LEVERAGE, Slider("own", "your chart", steps(-0.2, 0.2, 0.01), -0.15, "%"), AVERAGED],
    market=lambda candles: [MARK_LEVERAGE] if candles.mark else [MARK_LEVERAGE, AVERAGED],  # your chart is this market
)
crash = partial(
    Panel,
    models.crash,
    pictures.Crash,
    [Choice("crash", "crash", tuple(models.CRASHES), "2020"), side(), CRASH_LEVERAGE, Slider("hour", "start hour", steps(0, 23, 1), 0, whole=True)],
    market=lambda candles: [side(), CRASH_LEVERAGE, _start_bar(candles)],
)
venue = partial(
    Panel,
    models.venue,
    pictures.Venue,
    [
        Slider("move", "price move", steps(-0.15, 0, 0.005), -0.02, "%"),
        Choice("book", "order book", tuple(models.BOOKS), "deep"),
        Slider("fund", "fund", (0, 2, 5, 10, 15, 20, 30, 40), 10, "$"),
    ],
)
lifetime = partial(
    Panel,
    models.lifetime,
    pictures.Lifetime,
    [side(), leverage(2, 500, 100), Choice("simulated", "simulated", tuple(models.SIMULATED), "clusters")],
)
