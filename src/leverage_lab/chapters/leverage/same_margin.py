"""What does more leverage do if the margin stays the same?"""

from leverage_lab.chapters.leverage.shared import MARGIN, WALLET, Pair, _happened, _outcome, computed
from leverage_lab.panelkit.controls import leverage, move
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.words import money, times


def model(leverage, move):
    """The same $100 of margin at any leverage: the position, and so every dollar figure, grows."""
    r = _outcome("long", MARGIN, leverage, move, WALLET)
    r.lines = {rung: MARGIN for rung in (5, 20, 100)}
    r.sentence = f"{money(MARGIN)} at {times(leverage)} is a position of {money(r.notional)}. {_happened(r)}"
    return r


same_margin = Recipe(model, Pair, [leverage(5, 100, 20), move(-0.1, 0.1, 0.005, -0.02)], computed)
