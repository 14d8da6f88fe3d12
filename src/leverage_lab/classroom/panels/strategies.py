"""Panels of chapter 6."""

from functools import partial

from leverage_lab.classroom.controls import Choice, Rate, Slider, ladder, leverage, move, side, steps
from leverage_lab.classroom.models import strategies as models
from leverage_lab.classroom.panel import Panel
from leverage_lab.classroom.pictures import strategies as pictures

FAR = tuple(round(stop / 1e4, 6) for stop in (2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200))


def _stop(low, high, start):
    return Rate("stop", "stop distance", tuple(stop for stop in FAR if low <= stop <= high), start, "%")


def _target():
    return Slider("target", "target ÷ stop", (0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4), 2, "")


sized = partial(
    Panel,
    models.sized,
    pictures.Sized,
    [
        Slider("account", "account", ladder(100, 10_000), 1000, "$"),
        leverage(1, 100, 5),
        Rate("risk", "risk a trade", steps(0.005, 0.05, 0.005), 0.01, "%"),
        Rate("stop", "stop distance", (0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1), 0.02, "%"),
    ],
)
before_stop = partial(
    Panel,
    models.before_stop,
    pictures.BeforeStop,
    [side(), leverage(20, 500, 500), _stop(0.0002, 0.01, 0.001), Rate("jump", "jump", steps(0, 0.012, 0.0005), 0, "%")],
)

def _held(most=30, label="minutes held"):
    return Slider("minutes", label, tuple(stop for stop in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30) if stop <= most), 1, whole=True)


stopped_minutes = partial(
    Panel,
    models.stopped_minutes,
    pictures.Minutes,
    [side(), _stop(0.0005, 0.02, 0.001), _held()],
    market=lambda candles: [side(), _stop(0.0005, 0.02, 0.001), _held(len(candles), "minutes held" if candles.step == 60 else "bars held")],
)
hedged_coins = partial(
    Panel,
    models.hedged,
    pictures.Hedged,
    [
        leverage(1, 100, 10),
        move(-0.5, 1, 0.05, 0),
        Rate("peak", "highest before", steps(0, 1, 0.05), 0, "%"),
        Slider("days", "days held", steps(0, 90, 10), 30, whole=True),
    ],
)
held = partial(Panel, models.held, pictures.Held, [side(), leverage(2, 200, 10), Choice("time", "time held", tuple(models.HOURS), "1 day")])
win_rate = partial(
    Panel,
    models.win_rate,
    pictures.WinRate,
    [Rate("fee", "fee each way", steps(0, 0.001, 0.0001), 0.0002, "%"), _stop(0.0002, 0.02, 0.001), _target()],
)
many = partial(
    Panel,
    models.many,
    pictures.Many,
    [leverage(5, 500, 200), _stop(0.0005, 0.02, 0.003), _target(), Slider("edge", "edge", steps(-0.2, 0.4, 0.02), 0, "%")],
)
evidence = partial(
    Panel,
    models.evidence,
    pictures.Evidence,
    [Choice("study", "study", tuple(models.STUDIES), "CFDs, EU"), Slider("people", "people", steps(10, 100, 10), 100, whole=True)],
)
