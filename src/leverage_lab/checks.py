"""Bad input gets one sentence that names the value and the allowed range.

What an argument may be stands once, as its annotation: type hint, check and documentation in one.

    @checked
    def notional(quantity: Positive, price: Positive, contract: Contract = "linear") -> Finite:
        return quantity * price if contract == "linear" else quantity / price

`Positive` takes a number or an array, `Positive[float]` one number, `Positive[int]` a whole number.
Below the decorator a formula is plain numpy; plain numbers go in and come out as Python's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from functools import cache, wraps
from inspect import signature
from numbers import Real
from typing import Annotated, Any, Literal, ParamSpec, TypeVar, cast, get_args, get_origin, get_type_hints

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")  # left open: a number or an array of numbers


@dataclass(frozen=True)
class Range:
    """The numbers that are allowed: from `low` to `high`, without an end that is `open`; inf only if `endless`."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    endless: bool = False

    def holds(self, value: Any) -> Any:
        """True where `value` (scalar or array) is inside, and finite unless the range is endless."""
        above = value > self.low if self.open_low else value >= self.low
        below = value < self.high if self.open_high else value <= self.high
        if type(value) is float or type(value) is np.float64:
            return bool(above and below and (math.isfinite(value) or self.endless))
        return above & below & (self.endless | (value > -math.inf) & (value < math.inf))

    def __str__(self) -> str:
        low = f"{'above' if self.open_low else 'at least'} {self.low:,.10g}"
        high = f"{'below' if self.open_high else 'at most'} {self.high:,.10g}"
        if math.isinf(self.high):
            return "a finite number" if math.isinf(self.low) else low
        if math.isinf(self.low):
            return high
        if self.open_low or self.open_high:
            return f"{low} and {high}"
        return f"from {self.low:,.10g} to {self.high:,.10g}"


FINITE = Range()
POSITIVE = Range(low=0, open_low=True)
NOT_NEGATIVE = Range(low=0)
LEVERAGE = Range(low=1)
SHARE = Range(low=0, high=1)
RATE = Range(low=0, high=1, open_high=True)
FEE = Range(low=-1, high=1, open_high=True)  # below 0: a rebate


# --- one value ------------------------------------------------------------------------------------


def number(name: str, value: Any, allowed: Range = FINITE) -> Any:
    """`value`, scalar or array-like, as a float or a float array; ValueError with one sentence if it is neither."""
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            value = float(value)
        except OverflowError:
            raise ValueError(f"{name} must be {allowed}, got a number of more than 308 digits") from None
        if not allowed.holds(value):
            raise ValueError(f"{name} must be {allowed}, got {value:.15g}")
        return value
    if value is None or isinstance(value, (str, bytes, bool)):
        raise ValueError(f"{name} must be a number{_also(allowed)}, got {short(value)}")
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "iufO" or np.ma.is_masked(value):  # no truths, words, dates or complex numbers
            raise TypeError
        array = array.astype(float, copy=False)
    except (TypeError, ValueError, ArithmeticError):
        what = f"a number or an array of numbers{_also(allowed)}"
        raise ValueError(f"{name} must be {what}, got {short(value)}") from None
    if array.size and not (allowed.holds(array.min()) and allowed.holds(array.max())):  # nan spreads to both
        place, where = first_place(~allowed.holds(array))
        raise ValueError(f"{name} must be {allowed}, got {array[place]:.15g}{where}")
    return array if array.ndim else float(array)


def one(name: str, value: Any, allowed: Range = FINITE) -> float:
    """`value` as one float; ValueError with one sentence if it is none, or an array."""
    value = number(name, value, allowed)
    if not isinstance(value, float):
        raise ValueError(f"{name} must be one number, got an array of shape {value.shape}")
    return value


def whole(name: str, value: Any, allowed: Range = FINITE) -> int:
    """`value` as one int; ValueError with one sentence if it is none."""
    value = one(name, value, allowed)
    if value != int(value):
        raise ValueError(f"{name} must be a whole number, got {value:.15g}")
    return int(value)


def price_or_nan(name: str, value: Any) -> Any:
    """`value` as a float or a float array, at least 0 or nan: a price that may not exist."""
    try:
        missing = np.isnan(value)
    except (TypeError, ValueError):
        missing = np.array(False)
    if not missing.any():
        return number(name, value, NOT_NEGATIVE)
    return number(name, np.where(missing, 0.0, value), NOT_NEGATIVE) + np.where(missing, np.nan, 0.0)


def choice(name: str, value: Any, allowed: Any) -> str:
    """`value` if it is one of `allowed`; ValueError that lists them if not."""
    if isinstance(value, str) and value in allowed:
        return value
    *others, last = map(repr, allowed)
    words = f"{', '.join(others)} or {last}" if others else last
    raise ValueError(f"{name} must be {words}, got {short(value)}")


def sign(side: Any) -> Any:
    """+1 for "long", −1 for "short"; an array of words gives an array of signs, which it also takes."""
    if isinstance(side, str):
        return 1 if choice("side", side, SIDES) == "long" else -1
    if type(side) is np.int8 and side in (1, -1):
        return side
    if isinstance(side, np.ndarray) and side.dtype == np.int8 and np.all(np.abs(side) == 1):
        return side
    try:
        words = np.asarray(side)
    except ValueError:  # rows of different lengths
        words = np.array(None)
    if not words.ndim and isinstance(words.item(), str):
        return sign(words.item())
    if not words.ndim or words.size and words.dtype.kind not in "UOT":
        choice("side", side, SIDES)
    is_long, is_short = words == "long", words == "short"
    if not np.all(is_long | is_short):
        choice("side", str(words[~(is_long | is_short)].flat[0]), SIDES)
    return 2 * np.asarray(is_long, dtype=np.int8) - 1


def fit_together(**values: Any) -> None:
    """ValueError that names the shapes of all these numbers, unless those of the arrays broadcast."""
    shapes = {value.shape for value in values.values() if type(value) is np.ndarray}
    if len(shapes) > 1:
        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            numeric = {name: x for name, x in values.items() if isinstance(x, (np.ndarray, np.generic, float))}
            sizes = ", ".join(f"{name.replace('_', ' ')} {np.shape(x)}" for name, x in numeric.items())
            raise ValueError(f"the arrays must have shapes that fit together, got {sizes}") from None


def sequence(name: str, values: Any, what: str = "a list") -> list[Any]:
    """`values` as a list; ValueError with one sentence if it has no parts, or is a word. what: how it is asked for."""
    if not isinstance(values, (str, bytes)):
        try:
            return list(values)
        except TypeError:
            pass
    raise ValueError(f"{name} must be {what}, got {short(values)}")


def first_place(wrong: np.ndarray) -> tuple[tuple[int, ...], str]:
    """Where an array is first true: its index, and in words for the end of a sentence ("" for one number)."""
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    return place, f" (at position {', '.join(map(str, place))})" if place else ""


def short(value: Any) -> str:
    """`value` as Python prints it, on one line of at most 40 characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else text[:37] + "…"


def _also(allowed):
    return "" if allowed == FINITE else f", {allowed}"


# --- all arguments --------------------------------------------------------------------------------

Finite = Annotated[T, FINITE]
Positive = Annotated[T, POSITIVE]
NotNegative = Annotated[T, NOT_NEGATIVE]
Leverage = Annotated[T, LEVERAGE]
Share = Annotated[T, SHARE]
Rate = Annotated[T, RATE]
FeeRate = Annotated[T, FEE]
PriceOrNan = Annotated[T, price_or_nan]
# "long", "short" or an array of these; the formula gets the sign, +1 or −1.
Side = Annotated[Any, lambda name, side: sign(side)]
Word = Literal["long", "short"]
Contract = Literal["linear", "inverse"]
SIDES, CONTRACTS = get_args(Word), get_args(Contract)


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Check each annotated argument before `function` runs, and that the shapes of arrays fit together.

    ValueError with one sentence. A result annotated as finite is; numbers beyond what a float can hold are refused.
    """
    parameters, plain = signature(function).parameters, cast(Any, function)
    names, defaults = tuple(parameters), {p.name: p.default for p in parameters.values() if p.default is not p.empty}

    @wraps(function)
    def call(*args: P.args, **named: P.kwargs) -> Any:
        values = {**defaults, **dict(zip(names, args)), **named}
        if len(values) != len(names) or len(args) > len(names) or not named.keys().isdisjoint(names[: len(args)]):
            return function(*args, **named)  # Python says what is missing, or too much
        converted = _converted(function, values)
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                result = _plain(plain(**values | converted))
        except ArithmeticError:
            raise _beyond(converted) from None
        if type(result) is float and not math.isfinite(result) and _plan(function)[1]:
            raise _beyond(converted)
        return result

    return call


def check_fields(record: Any) -> None:
    """The same for the annotated fields of a dataclass: call it first in its `__post_init__`."""
    fields = vars(record)  # frozen or not
    fields.update({name: _plain(value) for name, value in _converted(type(record), fields).items()})


@cache
def _plan(annotated: Any) -> tuple[dict[str, Any], bool]:
    """({argument: check}, is the result finite): words and objects are checked first, then numbers in their order."""
    hints = get_type_hints(annotated, include_extras=True)
    result = hints.pop("return", None)
    checks = {name: _check(name.replace("_", " "), hint) for name, hint in hints.items()}
    numeric = {name for name, hint in hints.items() if _annotated(hint)}
    order = sorted((name for name in checks if checks[name]), key=lambda name: name in numeric)
    return {name: checks[name] for name in order}, result is not None and _annotated(result) is not None


def _annotated(hint):
    """The Annotated part of a hint, None where it has none."""
    return next((part for part in (hint, *get_args(hint)) if get_origin(part) is Annotated), None)


def _check(name, hint):
    """A function that checks and converts one value, by its annotation; None where any value will do."""
    if type(None) in get_args(hint):
        check: Any = _check(name, next(part for part in get_args(hint) if part is not type(None)))
        return check and (lambda value: None if value is None else check(value))
    if get_origin(hint) is Literal:
        words = get_args(hint)
        return lambda value: choice(name, value, words)
    if get_origin(hint) is Annotated:
        kind, allowed = get_args(hint)
        if not isinstance(allowed, Range):
            return lambda value: _numpy(allowed(name, value))
        if kind is float or kind is int:
            return lambda value: (one if kind is float else whole)(name, value, allowed)
        return lambda value: _number(name, value, allowed)
    if is_dataclass(hint):
        return lambda value: _instance(name, value, hint)
    return None


def _converted(annotated, values):
    """The values that have a check, checked and converted."""
    found = {name: check(values[name]) for name, check in _plan(annotated)[0].items()}
    fit_together(**found)
    return found


def _number(name, value, allowed):
    """The common case first: one float that is allowed."""
    if (type(value) is float or type(value) is np.float64) and allowed.holds(value):
        return np.float64(value)
    return _numpy(number(name, value, allowed))


def _numpy(value):
    """Numpy's own numbers say when they overflow; Python's do not."""
    return np.float64(value) if type(value) is float else np.int8(value) if type(value) is int else value


def _plain(value: Any) -> Any:
    """Python's own numbers and words in the place of numpy's, also in a tuple and in the fields of a dataclass."""
    if type(value) is float:
        return value
    if isinstance(value, (np.generic, np.ndarray)):
        return value if value.ndim else value.item()
    if type(value) is tuple:
        return tuple(map(_plain, value))
    if is_dataclass(value):
        for name, part in vars(value).items():
            if isinstance(part, (np.generic, np.ndarray)) and not part.ndim:
                vars(value)[name] = part.item()
    return value


def _instance(name, value, kind):
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be {kind.__name__}(...), got {short(value)}")
    return value


def _beyond(values):
    """The error for numbers that are each allowed and together beyond what a float can hold."""
    given = {name: np.ravel(value) for name, value in values.items() if isinstance(value, (float, np.ndarray))}
    given = {name: abs(value[value != 0]) for name, value in given.items()}
    ends = {name: max(value, key=lambda x: abs(math.log10(x))) for name, value in given.items() if value.size}
    far = {name: end for name, end in ends.items() if not 1e-100 < end < 1e100} or ends
    said = ", ".join(f"{name.replace('_', ' ')} {end:.6g}" for name, end in far.items())
    finite = "the result must be a finite number, below 1.8e308"
    return ValueError(f"{finite}, but is too large or too small to calculate with {said or 'these numbers'}")


# --- rounding -------------------------------------------------------------------------------------


def ceil(value: Any, step: Any = 1.0) -> Any:
    """Up to the next multiple of `step`, forgiving the last bits of a float (0.1 + 0.2 is 0.3)."""
    return 0.0 - floor(-value, step)


def floor(value: Any, step: Any = 1.0) -> Any:
    """Down to the next multiple of `step`, with the same forgiveness."""
    steps = value / step
    return step * np.floor(steps + np.maximum(1e-9, 1e-12 * abs(steps)))
