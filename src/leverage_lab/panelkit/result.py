"""What a panel shows, computed: pure functions of the control values, one module a chapter.

A model returns a `Result`: the numbers its picture needs and one plain sentence that holds them.
"""

from html import escape
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
        names = {}
        for function in self.uses:
            names.setdefault(function.__module__, []).append(function.__name__)
        imports = [f"from {module} import {', '.join(sorted(found))}" for module, found in names.items()]
        return "\n".join([*imports, self.python])

    def lines(self):
        """As the page takes it: the Python, then the steps."""
        return [self.code(), *self.steps]

    def html(self):
        """The same for readers without a kernel, closed at first."""
        steps = "".join(f"<li>{escape(step)}</li>" for step in self.steps)
        code = f"<pre><code>{escape(self.code(), quote=False)}</code></pre>"
        return f"\n<details><summary>How is this computed?</summary><ol>{steps}</ol>{code}</details>"
