"""One arithmetic for plain numbers and arrays.

Plain numbers stay plain (a slider's callback never loads numpy), arrays broadcast: a formula is
written once, with `pick` where a plain function would say `if`.
"""

from __future__ import annotations

import math


def is_array(value):
    """True for whatever numpy would treat as an array; False for a plain number or truth."""
    return not isinstance(value, (bool, int, float))


def pick(condition, yes, no):
    """`yes` where `condition` holds, else `no` (scalar or arrays). Both are computed: guard divisions."""
    if not is_array(condition):
        return yes if condition else no
    import numpy as np

    return np.where(condition, yes, no)


def largest(*values):
    """The largest of the values, place by place."""
    return _fold(max, "maximum", values)


def smallest(*values):
    """The smallest of the values, place by place."""
    return _fold(min, "minimum", values)


def ratio(top, bottom):
    """top / bottom, nan where bottom is 0."""
    safe = pick(bottom == 0, math.nan, bottom)
    return top / safe


def ceil(value, step=1.0):
    """Up to the next multiple of `step`, forgiving the last bits of a float (0.1 + 0.2 is 0.3)."""
    return 0.0 - floor(-value, step)


def floor(value, step=1.0):
    """Down to the next multiple of `step`, with the same forgiveness."""
    steps = value / step
    up = steps + largest(1e-9, 1e-12 * abs(steps))
    if not is_array(up):
        return step * (float(math.floor(up)) if math.isfinite(up) else up)
    import numpy as np

    return step * np.floor(up)


def _fold(plain, name, values):
    values = iter(values)
    result = next(values)
    for value in values:
        if is_array(result) or is_array(value):
            import numpy as np

            result = getattr(np, name)(result, value)
        else:
            result = plain(result, value)
    return result
