"""Panels of chapter 3."""

from functools import partial

from leverage_lab.classroom.controls import Choice, Rate, Slider, ladder, leverage, margin, move, side, steps
from leverage_lab.classroom.models import margin as models
from leverage_lab.classroom.panel import Panel
from leverage_lab.classroom.pictures import margin as pictures

two_modes = partial(
    Panel,
    models.two_modes,
    pictures.TwoModes,
    [Slider("account", "wallet", ladder(750, 5000), 1000, "$"), margin(500, 100), leverage(1, 100, 20), move(-0.95, 0.2, 0.01, -0.15)],
)
three_positions = partial(
    Panel,
    models.three_positions,
    pictures.ThreePositions,
    [leverage(2, 50, 10), *(Slider(coin.lower(), f"{coin} move", steps(-0.6, 0.2, 0.01), start, "%") for coin, start in zip(models.COINS, (0, 0, -0.3)))],
)
one_path = partial(
    Panel,
    models.one_path,
    pictures.OnePath,
    [side(), margin(500, 100), leverage(1, 50, 20), Choice("name", "path", models.PATHS, models.PATHS[0])],
)
adding = partial(
    Panel,
    models.adding,
    pictures.Adding,
    [margin(400, 100), leverage(2, 50, 20), Slider("added", "added", steps(0, 600, 20), 100, "$"), move(-0.6, 0, 0.01, -0.08)],
)
both_sides = partial(
    Panel,
    models.hedged,
    pictures.Hedged,
    [leverage(5, 50, 10), move(-0.4, 0.4, 0.01, -0.2), Rate("back", "comes back", steps(0, 1, 0.05), 0, "%")],
)
plane = partial(
    Panel,
    models.plane,
    pictures.Plane,
    [
        Choice("side", "ETH side", ("long", "short"), "long"),
        Slider("account", "wallet", ladder(500, 3000), 1000, "$"),
        Slider("btc", "BTC move", steps(-0.5, 0.5, 0.01), 0, "%"),
        Slider("eth", "ETH move", steps(-0.5, 0.5, 0.01), 0, "%"),
    ],
)
