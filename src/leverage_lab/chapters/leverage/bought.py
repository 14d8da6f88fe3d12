"""What do margin and leverage buy, and what does a price move do to the position, the margin and the account?"""

from leverage_lab.chapters.leverage.shared import Bought, _happened, _outcome, computed
from leverage_lab.panelkit.controls import Slider, ladder, leverage, margin, move
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.words import money, times


def model(account, margin, leverage, move):
    """What margin and leverage buy, and what a price move does to it."""
    r = _outcome("long", margin, leverage, move, account)
    r.sentence = f"{money(margin)} at {times(leverage)} is a position of {money(r.notional)}. {_happened(r)}"
    return r


# Chapter 1
bought = Recipe(
    model,
    Bought,
    [
        Slider("account", "account", ladder(100, 10_000), 100, "$"),
        margin(100, 10),
        leverage(1, 500, 500),
        move(-0.01, 0.01, 0.0005, 0.002),
    ],
    computed,
)
