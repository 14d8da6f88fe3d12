"""Bad input gets one sentence that names the value and the allowed range.

Plain numbers never touch numpy: they are checked and returned as floats, so that a slider's
callback stays quick and numpy is loaded only when somebody passes an array.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real


@dataclass(frozen=True)
class Range:
    """The numbers that are allowed: from `low` to `high`, an end left out if it is `open`."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False

    def holds(self, value):
        """True where `value` (scalar or array) is finite and inside."""
        above = value > self.low if self.open_low else value >= self.low
        below = value < self.high if self.open_high else value <= self.high
        return above & below & (value > -math.inf) & (value < math.inf)

    def __str__(self):
        low, high = f"{self.low:,.10g}", f"{self.high:,.10g}"
        if math.isinf(self.low) and math.isinf(self.high):
            return "a finite number"
        if math.isinf(self.high):
            return f"above {low}" if self.open_low else f"at least {low}"
        if math.isinf(self.low):
            return f"below {high}" if self.open_high else f"at most {high}"
        if self.open_low or self.open_high:
            return f"{'above' if self.open_low else 'at least'} {low} and {'below' if self.open_high else 'at most'} {high}"
        return f"from {low} to {high}"


FINITE = Range()
POSITIVE = Range(low=0, open_low=True)
NOT_NEGATIVE = Range(low=0)
LEVERAGE = Range(low=1)


def number(name, value, allowed=FINITE):
    """`value` as a float, or as a float array if it is one; ValueError with one sentence if not.

    name: what a reader calls it. value: scalar or array-like. allowed: a Range.
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            value = float(value)
        except OverflowError:
            raise ValueError(f"{name} must be {allowed}, got a number of more than 308 digits") from None
        if not allowed.holds(value):
            raise ValueError(f"{name} must be {allowed}, got {value:.15g}")
        return value
    if value is None or isinstance(value, (str, bytes, bool)):
        raise ValueError(f"{name} must be a number{_also(allowed)}, got {value!r}")
    import numpy as np

    try:
        array = np.asarray(value)
        if array.dtype.kind in "bSU":
            raise TypeError
        array = array.astype(float, copy=False)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number or an array of numbers{_also(allowed)}, got {_short(value)}") from None
    if array.size and not (allowed.holds(array.min()) and allowed.holds(array.max())):  # nan spreads to both
        wrong = ~allowed.holds(array)
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f" (at position {', '.join(map(str, place))})" if place else ""
        raise ValueError(f"{name} must be {allowed}, got {array[place]:.15g}{where}")
    return array if array.ndim else float(array)


def numbers(**named):
    """Check several values at once: `numbers(margin=(margin, POSITIVE), …)`, in that order.

    Returns them as `number` does; ValueError also when array shapes do not fit together.
    """
    values = [number(name.replace("_", " "), value, allowed) for name, (value, allowed) in named.items()]
    shapes = [value.shape for value in values if not isinstance(value, float)]
    if len(set(shapes)) > 1:
        import numpy as np

        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            sizes = ", ".join(f"{name.replace('_', ' ')} {getattr(value, 'shape', ())}" for name, value in zip(named, values))
            raise ValueError(f"the arrays must have shapes that fit together, got {sizes}") from None
    return values


def choice(name, value, allowed):
    """`value` if it is one of `allowed`; ValueError that lists them if not."""
    if isinstance(value, str) and value in allowed:
        return value
    raise ValueError(f"{name} must be {_either(allowed)}, got {_short(value)}")


def _either(allowed):
    words = [repr(word) for word in allowed]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _also(allowed):
    return "" if allowed == FINITE else f", {allowed}"


def _short(value):
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"
