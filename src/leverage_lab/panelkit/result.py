"""What a panel shows, computed: pure functions of the control values, one module a chapter.

A model returns a `Result`: the numbers its picture needs and one plain sentence that holds them.
"""

from types import SimpleNamespace
from typing import Any, NamedTuple

from leverage_lab.dates import Dates


class Result(SimpleNamespace):
    """Numbers by name, and `sentence`; `dates` (leverage_lab.dates) where figures come from a table.

    Where the sentence itself says which days of the past it tells of, there is none.
    """

    dates = Dates()


class Computed(NamedTuple):
    """How a panel's main number comes about, and a line of Python that gives it.

    steps: at most six lines, the formula in words first, then with the numbers of the moment. python: an expression;
    uses: the functions it calls. number: what it gives, None if there is no such number (the last step says why).
    """

    steps: tuple[str, ...]
    python: str
    uses: tuple
    number: Any

    def code(self):
        """What one can paste into a cell."""
        imports = [f"from {function.__module__} import {function.__name__}" for function in self.uses]
        return "\n".join([*imports, self.python])
