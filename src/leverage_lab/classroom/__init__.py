"""The classroom: what notebooks import.

In a notebook: panels.bought() · predict(id, panel) · check(id, answer) · hint(id) · solution(id) ·
redraw(id) · practice() · progress() · verdict("L03") · inventory("before") · before_and_after() · audit_card() ·
decide(id, verdict) · record() · workbench(), for a position of your own · show(table) · present(), for a projector.
None of them raises in front of a learner.
"""

from IPython import get_ipython

from leverage_lab import kernel
from leverage_lab.chapters.position.workbench import workbench
from leverage_lab.classroom import panels, tables
from leverage_lab.classroom.lesson import (
    audit_card,
    before_and_after,
    check,
    decide,
    hint,
    inventory,
    my_exchange_shows,
    practice,
    predict,
    progress,
    record,
    redraw,
    selfcheck,
    solution,
    verdict,
)
from leverage_lab.classroom.present import present
from leverage_lab.classroom.tables import show

__all__ = [
    "audit_card",
    "before_and_after",
    "check",
    "decide",
    "hint",
    "inventory",
    "my_exchange_shows",
    "panels",
    "practice",
    "predict",
    "present",
    "progress",
    "record",
    "redraw",
    "selfcheck",
    "show",
    "solution",
    "verdict",
    "workbench",
]

if shell := get_ipython():
    kernel.explain_errors(shell, kernel.ABOVE)
    tables.register(shell)
