"""How is this computed? The line of Python that a panel prints gives its number, wherever the controls stand."""

import math
import random
from contextlib import suppress

import pytest

from leverage_lab.classroom import panels

MIXED = 12


def states(panel, seed):
    """Control values: each control at its corners, then random ones."""
    corners = {name: control.corners() for name, control in panel.controls.items()}
    draw = random.Random(seed)
    mixed = [{name: draw.choice(values) for name, values in corners.items()} for _ in range(MIXED)]
    return [{}, *({name: value} for name, values in corners.items() for value in values), *mixed]


def moved(name):
    """The panel in each of these states; a model may refuse a combination."""
    panel = panels.ALL[name]()
    start = dict(panel.values)
    for values in states(panel, name):
        with suppress(ValueError):
            panel.set(**start | values)
            yield values, panel


def evaluated(code):
    *imports, expression = code.splitlines()
    space = {}
    exec("\n".join(imports), space)
    return eval(expression, space)


@pytest.mark.parametrize("name", panels.ALL)
def test_the_line_of_python_gives_the_number(name):
    for values, panel in moved(name):
        computed = panel.computed
        got = evaluated(computed.code())
        want = computed.number
        assert type(want) in (int, float, str, bool, type(None)), values
        if isinstance(want, float) and math.isnan(want):
            want = None
        got = None if isinstance(got, float) and math.isnan(got) else got
        assert got == (pytest.approx(want, rel=1e-9, abs=1e-12) if isinstance(want, float) else want), values


@pytest.mark.parametrize("name", panels.ALL)
def test_the_steps_are_few_and_short(name):
    for values, panel in moved(name):
        steps, python, *_ = panel.computed
        assert 2 <= len(steps) <= 6 and all(len(step) <= 110 for step in steps), values
        assert len(python) <= 160 and "\n" not in python and "np." not in python, values
