"""Panels of chapters 0 and 1."""

from functools import partial

from leverage_lab import data
from leverage_lab.classroom.controls import Choice, Slider, ladder, leverage, margin, move, side, steps
from leverage_lab.classroom.models import leverage as models
from leverage_lab.classroom.panel import Panel
from leverage_lab.classroom.pictures import leverage as pictures

# Chapter 0
first_touch = partial(Panel, models.first_touch, pictures.Bought, [margin(1000, 10), leverage(1, 500, 20)])

# Chapter 1
bought = partial(
    Panel,
    models.bought,
    pictures.Bought,
    [Slider("account", "account", ladder(100, 10_000), 100, "$"), margin(100, 10), leverage(1, 500, 500), move(-0.01, 0.01, 0.0005, 0.002)],
)
payoff = partial(Panel, models.payoff, pictures.Payoff, [side(), leverage(1, 100, 10), move(-0.1, 0.1, 0.005, 0.03)])
same_position = partial(Panel, models.same_position, pictures.Pair, [leverage(5, 100, 20), move(-0.1, 0.1, 0.005, -0.02)])
same_margin = partial(Panel, models.same_margin, pictures.Pair, [leverage(5, 100, 20), move(-0.1, 0.1, 0.005, -0.02)])
room = partial(
    Panel,
    models.room,
    pictures.Room,
    [Choice("asset", "asset", tuple(data.assets()), "BTC"), margin(1000, 10), leverage(1, 500, 500)],
)
inverse = partial(Panel, models.inverse, pictures.Inverse, [side(), leverage(1, 5, 1), move(-0.7, 1.5, 0.05, 0.5)])
rounds = partial(
    Panel,
    models.rounds,
    pictures.Rounds,
    [leverage(1, 20, 1), Slider("move", "price move", steps(0, 0.5, 0.01), 0.5, "%"), Slider("pairs", "rounds", steps(1, 10, 1), 1, whole=True)],
)
