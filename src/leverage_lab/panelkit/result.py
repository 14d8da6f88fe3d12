"""What a panel shows, computed: pure functions of the control values, one module a chapter.

A model returns a `Result`: the numbers its picture needs and one plain sentence that holds them.
"""

from types import SimpleNamespace

from leverage_lab.dates import Dates


class Result(SimpleNamespace):
    """Numbers by name, and `sentence`; `dates` (leverage_lab.dates) where figures come from a table.

    Where the sentence itself says which days of the past it tells of, there is none.
    """

    dates = Dates()
