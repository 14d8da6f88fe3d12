"""The classroom: what a learner sees and touches. The only part that knows ipywidgets and matplotlib.

In a notebook: panels.bought() · predict(id, panel) · check(id, answer) · hint(id) · solution(id) ·
redraw(id) · progress() · inventory("before"). None of them raises in front of a learner.
"""

from leverage_lab.classroom import panels
from leverage_lab.classroom.lesson import check, hint, inventory, predict, progress, redraw, selfcheck, solution

__all__ = ["check", "hint", "inventory", "panels", "predict", "progress", "redraw", "selfcheck", "solution"]
