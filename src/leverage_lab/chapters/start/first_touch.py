"""What does one percent against you do?"""

from leverage_lab.chapters.leverage.shared import Bought, _happened, _outcome, computed
from leverage_lab.panelkit.controls import leverage, margin
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.words import money, times


def model(margin, leverage):
    """Chapter 0: what one percent against you does."""
    r = _outcome("long", margin, leverage, -0.01, account=1000)
    r.sentence = f"{money(margin)} at {times(leverage)} moves {money(r.notional)}. {_happened(r)}"
    return r


# Chapter 0
first_touch = Recipe(model, Bought, [margin(1000, 10), leverage(1, 500, 20)], computed)
