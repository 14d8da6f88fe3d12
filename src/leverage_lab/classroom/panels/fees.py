"""Panels of chapter 4."""

from functools import partial

from leverage_lab.classroom.controls import Choice, Rate, SignedRate, Slider, leverage, side, steps
from leverage_lab.classroom.models import fees as models
from leverage_lab.classroom.panel import Panel
from leverage_lab.classroom.pictures import fees as pictures


def days(high, start, low=0):
    return Slider("days", "days", steps(low, high, 1), start, whole=True)


fee_waterfall = partial(
    Panel, models.fee_waterfall, pictures.Waterfall, [side(), leverage(1, 500, 50), Choice("orders", "orders", ("taker", "maker"), "taker"), days(7, 0)]
)
way_to_pay = partial(
    Panel,
    models.way_to_pay,
    pictures.Ways,
    [
        leverage(2, 500, 50),
        Rate("fee", "fee each way", steps(0, 0.001, 0.00005), 0.0005, "%"),
        Rate("spread", "spread", (0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001), 0.0001, "%"),
    ],
)
settlements = partial(
    Panel,
    models.settlements,
    pictures.Settled,
    [
        Slider("opened", "opened at, hour", steps(0, 23.5, 0.5), 7.5),
        Slider("held", "hours held", steps(0.5, 24, 0.5), 1),
        Choice("interval", "settled every", tuple(models.INTERVALS), "8 hours"),
    ],
)
standing_still = partial(
    Panel,
    models.standing_still,
    pictures.Still,
    [
        side(),
        leverage(10, 125, 50),
        SignedRate(
            "rate",
            "funding, 8 hours",
            (-0.0005, -0.0003, -0.0002, -0.0001, -0.00005, 0.0, 0.00005, 0.0001, 0.00015, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.00375),
            0.0003,
            "%",
        ),
    ],
)
loan_clocks = partial(
    Panel,
    models.loan_clocks,
    pictures.Clocks,
    [
        Slider("minute", "lent at 13:…", steps(0, 55, 5), 50, whole=True),
        Slider("held", "minutes held", steps(5, 360, 5), 65, whole=True),
        Choice("basis", "charged on", tuple(models.CHARGED), "loan"),
    ],
)
fee_article = partial(
    Panel,
    models.fee_article,
    pictures.Decade,
    [
        leverage(2, 50, 10),
        days(30, 3, low=1),
        Rate("split", "margin split", steps(0.05, 1, 0.05), 0.5, "%"),
        Choice("basis", "charged on", tuple(models.CHARGED), "whole"),
    ],
)
holding_cost = partial(
    Panel,
    models.holding_cost,
    pictures.Holding,
    [side(), leverage(2, 100, 10), SignedRate("rate", "funding, 8 hours", steps(-0.0002, 0.0002, 0.00005), 0.0001, "%"), days(5, 3, low=1)],
)
