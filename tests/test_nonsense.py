"""Every public function of the money modules, called with nonsense: one sentence, or a right finite answer.

Never another exception, a warning of numpy, or a nan that its docstring does not name.
"""

import inspect
import math
import warnings
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from leverage_lab import backstop, exchanges, fees, leverage, liquidation, margin, orders, strategies, survival
from leverage_lab.liquidation import Ladder, Rules

MODULES = (leverage, liquidation, margin, backstop, fees, survival, exchanges, strategies, orders)
WIDTHS = ("float16", "float32", "float64", "longdouble", "int8", "int16", "int32", "int64", "uint8", "uint64")
NONSENSE = [
    None, "text", "", b"bytes", True, np.True_, 1j, math.nan, math.inf, -math.inf, -1, 0, -0.0, 1e308, -1e308, 5e-324,
        10**400,
    Decimal("2.5"), Decimal("NaN"), Decimal("1e400"), Fraction(5, 2), *(np.dtype(width).type(2) for width in WIDTHS),
    np.float32(math.nan), [], (), {}, {"a": 1}, {1, 2}, object(), len, [1.0, math.nan], [None], ["1"], [[1], [1, 2]],
    np.array([]), np.array(2.0), np.array([True]), np.array(["1"]), np.array([1, None]), np.ones((2, 3)),
        np.array([1e308, 1e-308]),
    pd.Series([1.0, 2.0], index=[7, 7]), pd.Series(["long", "x"]), np.ma.array([1.0, 2.0], mask=[0, 1]),
        np.datetime64("2025-01-01"),
    range(3), "a\nb", "x" * 500, slice(None), [10**400], np.array([3 + 1j]),
]  # fmt: skip

LADDER = Rules(
    Ladder((0, 150), (0.01, 0.02), cap=1e9), closing_fee_rate=0.001, closing_fee_basis="bankruptcy", tick=0.5
)
HELD = margin.Holding("X", "long", 100, 1, 10, LADDER)
OWN = margin.Holding("Y", "short", 100, 1, 10, LADDER, "isolated", 9.0)
BOOK = margin.Account(50, [HELD, OWN])
MARKS = {"X": 100.0, "Y": 100.0}
WALKED = survival.simulate(20, [1, 24], 0.8)
TRADERS = [backstop.Trader("l", "long", 100, 10, 100), backstop.Trader("s", "short", 95, 5, 50)]


def venue():
    return backstop.Venue(TRADERS, 5)


# A good value for each name of an argument; what is another elsewhere stands below.
GOOD = {
    "side": "long", "quantity": 1.5, "price": 90.0, "entry_price": 100.0, "exit_price": 110.0, "mark_price": 95.0,
    "stop_price": 99.0, "margin": 20.0, "leverage": 10.0, "contract": "linear", "roe": 0.5, "pnl": 5.0,
    "account": 100.0, "equity": 50.0, "loss": 0.5, "returns": [0.1, -0.5], "rules": LADDER, "added_margin": 1.0,
    "funding_paid": 0.5, "other_unrealised_pnl": 0.5, "tick": 0.5, "other_maintenance_margin": 0.5, "value": 1000.0,
    "rate": 0.001, "opening_fee_rate": 0.001, "closing_fee_rate": 0.002, "fees_paid": 0.5,
    "mark_prices": [100.0, 101.0], "rates": 0.001, "hours_opened_at": 7.5, "hours_held": 9.0, "interval_hours": 8.0,
    "accrual": "started", "unit_hours": 1.0, "clock_offset_hours": 0.25, "borrowed": 100.0, "period_hours": 24.0,
    "daily_rate": 0.001, "asset_value": 100.0, "days": 3.0, "margin_split": 0.5, "basis": "whole", "amount": 5.0,
    "move": 0.05, "hours": 24.0, "annual_volatility": 0.8, "maintenance_rate": 0.004, "paths": 20, "seed": 1,
    "years": "2018 to 2023", "premium": 0.002, "interest": 0.0001, "clamp": 0.0005, "extremes": WALKED,
    "shares": [0.1, 0.6], "risk": 0.01, "path": [100.0, 99.0, 80.0], "fill": "path", "liquidation_price": 85.0,
    "holding": 2.0, "spot_open": 100.0, "spot_close": 110.0, "funding_rates": 0.001, "rise": 0.2, "spread": 0.01,
    "gain": 2.0, "cost": 0.1, "win_rate": 0.5, "bankruptcy_price": 90.0, "rule": "bitmex", "marks": MARKS,
    "residual_to": "fund", "step": 0, "symbol": "BTC", "name": "Binance", "as_of": "2026", "field": "max_leverage",
    "names": ["Binance"], "dates": [None], "contracts": 10.0, "prices": (100.0, 90.0), "fund": 5.0,
    "index_price": 100.0, "last_price": 99.0, "time_left": 0.5, "funding_rate": 0.001, "maintenance": 0.01,
    "maintenance_basis": "mark", "closing_fee_basis": "mark", "tier": 1.0, "maintenance_deduction": 0.0,
    "floors": (0, 10), "deductions": None, "cap": None, "measure": "value", "tiers": [[0, None, 0.01, 0]],
    "mode": "isolated", "cross_wallet": 50.0, "positions": [HELD, OWN], "hedge": "both legs", "max_leverage": 100.0,
    "table": [dict(zip(exchanges.LADDER_COLUMNS, ("a", 1, 0, 10, 0.01, 0)))], "size": 5.0, "traders": TRADERS,
    "book": [(99, 5)], "how": "adl", "column": "price", "money": 20.0, "others": 0.5, "facts": [], "what": "",
    "frame": None, "haircut": 0.1, "fraction": 0.1, "limit": 98.0, "last": 99.0, "position": 2.0, "trigger": 99.0,
    "bars": [[100.0, 99.0], [101.0, 99.0], [99.0, 98.0], [99.0, 98.0]], "watched": None, "callback": 0.01, "depth": 1e6,
}  # fmt: skip
OTHERS = {
    (margin.liquidate, "account"): BOOK, (margin.walk, "account"): BOOK, (margin.same_share_prices, "account"): BOOK,
    (margin.collateral_liquidation_price, "account"): margin.Account(0, [margin.Holding("X", "long", 100, 1, 10)]),
    (margin.walk, "paths"): {"X": [100.0, 99.0], "Y": [100.0, 120.0]},
    (survival.simulate, "hours"): [1, 24], (survival.median_between, "hours"): [1, 24],
    (strategies.hedge_over_path, "path"): [100.0, 101.0], (liquidation.round_to_tick, "price"): 90.2,
    (exchanges.contracts_to_coin, "name"): "OKX", (exchanges.contracts_to_coin, "price"): None,
    (Ladder, "rates"): (0.01, 0.02), (liquidation.mark_price, "basis"): 0.5,
}  # fmt: skip
# nan and inf that a docstring names.
MAY_BE_NAN = {
    "price_for_roe", "margin_ratio", "bankruptcy_price", "crossing_price", "liquidation_price", "round_to_tick",
    "break_even_price", "median_hours", "max_leverage_for_stop", "fixed_stop", "stop_loss", "stop_check", "hedge",
    "hedge_over_path", "needed_win_rate", "adl_score", "liquidation_prices", "liquidation_range", "same_share_prices",
    "walk", "collateral_liquidation_price", "queue", "median_between", "liquidate", "Ladder", "of", "growth_per_trade",
    "max_position", "limit_order", "stop_order", "trailing_stop", "Position", "Rules", "Holding", "Account",
}  # fmt: skip


def ours(module):
    """(name, callable, what to call it on) of all that a module defines and does not hide, methods included."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield name, thing
        elif isinstance(thing, type) and thing.__name__ in ("Position", "Rules", "Ladder", "Holding", "Account"):
            yield name, thing


METHODS = {
    "Position": lambda: leverage.Position("long", 100, 1, 5), "Ladder": lambda: LADDER.maintenance,
    "Holding": lambda: OWN, "Account": lambda: BOOK, "Venue": venue, "Exchange": lambda: exchanges.exchange("Binance"),
}  # fmt: skip
FUNCTIONS = [
    (f"{m.__name__[13:]}.{name}", thing, None)
    for m in MODULES
    for name, thing in ours(m)
    if name not in ("of_facts", "dated")
]
for make in METHODS.values():
    kind = type(make())
    for name, thing in vars(kind).items():
        if inspect.isfunction(thing) and not name.startswith("_"):
            FUNCTIONS.append((f"{kind.__name__}.{name}", thing, make))
FUNCTIONS.append(("Venue", backstop.Venue, None))


def arguments(thing, make):
    names = [name for name in inspect.signature(thing).parameters if name != "self"]
    given = {name: OTHERS.get((thing, name), GOOD.get(name)) for name in names}
    if make is not None and isinstance(make(), (margin.Account, backstop.Venue)):
        given |= {
            name: value
            for name, value in {"symbol": "Y", "side": "short", "name": "l", "price": 90.0}.items()
            if name in given
        }
        if make() is BOOK and thing.__name__ == "liquidation_range":
            given["symbol"] = "X"
        if thing.__name__ == "open":
            given["holding"] = margin.Holding("X", "short", 100, 0.5, 10)
    if thing in (margin.Holding, backstop.Trader):
        given["name" if thing is backstop.Trader else "symbol"] = "a"
    if thing is backstop.Trader:
        given["side"] = "long"
    return given


def finite(value):
    """False where a nan or an infinity is in what came out."""
    if isinstance(value, (float, np.floating)):
        return math.isfinite(value)
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "fc" or bool(np.isfinite(value).all())
    if isinstance(value, (list, tuple)):
        return all(map(finite, value))
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    if is_dataclass(value) and not isinstance(value, type):
        return all(finite(getattr(value, field.name)) for field in fields(value))
    return True


@pytest.mark.parametrize("name, thing, make", FUNCTIONS, ids=[name for name, _, _ in FUNCTIONS])
def test_nonsense_gets_one_sentence_or_a_right_answer(name, thing, make):
    good = arguments(thing, make)
    on = [] if make is None else [make()]
    thing(*on, **good)
    for argument in good:
        for bad in NONSENSE:
            on = [] if make is None else [make()]
            told = f"{name}({argument}={bad!r})"
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try:
                    result = thing(*on, **good | {argument: bad})
                except ValueError as error:
                    sentence = str(error)
                    assert sentence and "\n" not in sentence and len(sentence) < 600, told
                    assert any(word in sentence for word in ("must", "liquidated", "not known", "known")), (
                        f"{told}: {sentence}"
                    )
                    continue
                except Exception as error:
                    raise AssertionError(f"{told}: {type(error).__name__}: {error}") from error
            if isinstance(bad, (Decimal, Fraction, np.number)) and name != "Venue":
                plain = thing(*([] if make is None else [make()]), **good | {argument: float(bad)})
                assert repr(plain) == repr(result), f"{told} is not what a float gives"
            assert finite(result) or name.split(".")[-1] in MAY_BE_NAN, f"{told}: {result}"
            assert "np." not in repr(result) or isinstance(result, np.ndarray) or "array(" in repr(result), (
                f"{told}: {result!r}"
            )


def test_arrays_of_two_lengths_get_one_sentence():
    for name, thing, make in FUNCTIONS:
        good = arguments(thing, make)
        numbers = [key for key, value in good.items() if isinstance(value, float)]
        for one, other in zip(numbers, numbers[1:]):
            on = [] if make is None else [make()]
            try:
                thing(*on, **good | {one: [good[one]] * 2, other: [good[other]] * 3})
            except ValueError as error:
                assert "\n" not in str(error) and ("must" in str(error)), f"{name}: {error}"
                assert "broadcast" not in str(error), f"{name}: {error}"
