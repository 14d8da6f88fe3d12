"""A sweep over many cases: `make soak` runs every one, `make test` a fixed few of them, spread over all."""

import os

SOAK = os.environ.get("LEVERAGE_LAB_SOAK") == "1"


def few(cases, count):
    """The first case, and others at even distances up to `count`; all of them in a soak. The same ones each time."""
    cases = list(cases)
    return cases if SOAK else cases[:: max(1, -(-len(cases) // count))]
