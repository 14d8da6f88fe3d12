"""All panels of the course, one module a chapter: each joins a model, a picture and controls.

`panels.bought()` gives a fresh panel; `panels.bought(leverage=20)` one that starts elsewhere; `panels.crash().use(candles)` one
on other prices (leverage_lab.market).
"""

from functools import partial

from leverage_lab.classroom.panels import exchanges, fees, leverage, liquidation, margin, strategies

CHAPTERS = (leverage, liquidation, margin, fees, exchanges, strategies)

ALL = {name: recipe for chapter in CHAPTERS for name, recipe in vars(chapter).items() if isinstance(recipe, partial)}
globals().update(ALL)  # panels.bought, whichever chapter it is from
