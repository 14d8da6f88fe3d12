"""What does more leverage do if the position stays the same?"""

from leverage_lab.chapters.leverage.shared import POSITION, WALLET, Pair, _happened, _outcome, computed
from leverage_lab.panelkit.controls import leverage, move
from leverage_lab.panelkit.panel import Recipe
from leverage_lab.words import money, plain, times


def model(leverage, move):
    """The same $5,000 position at any leverage: only the margin, and the price where it ends, change."""
    r = _outcome("long", POSITION / leverage, leverage, move, WALLET)
    r.lines = {rung: POSITION / rung for rung in (5, 20, 100)}
    r.sentence = (
        f"{money(POSITION)} at {times(leverage)} locks {money(r.margin)} of the {money(WALLET)}. {_happened(r)}"
    )
    return r


def from_position(r):
    """The same, but here the margin follows from the position."""
    whole = computed(r)
    margin = f"margin = position / leverage = {money(POSITION)} / {plain(r.leverage)} = {money(r.margin)}"
    return whole._replace(steps=(margin, *whole.steps[1:]))


same_position = Recipe(model, Pair, [leverage(5, 100, 20), move(-0.1, 0.1, 0.005, -0.02)], from_position)
