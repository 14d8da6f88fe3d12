"""What a panel shows, computed: pure functions of the control values, one module a chapter.

A model returns a `Result`: the numbers its picture needs and one plain sentence that holds them.
"""

from types import SimpleNamespace


class Result(SimpleNamespace):
    """Numbers by name, and `sentence`."""
