"""Chapters 6 and 7: leverage as a tool. Size from risk, the stop against the liquidation, hedge, scalp.

Linear positions, money in dollars; a cost or loss is positive. Arguments, units and errors as in leverage.py; a path is
an array of prices, time along its last axis (further axes are further paths). Prices are those of one market: on an
exchange a stop usually watches the last price and liquidation the mark price.

The formulas are ours, from the two equations of `liquidation.py` and `fees.py`; notation as there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import reduce
from typing import Annotated, Any, Literal

import numpy as np

from leverage_lab.checks import (
    POSITIVE,
    FeeRate,
    Finite,
    NotNegative,
    Positive,
    PriceOrNan,
    Range,
    Share,
    Side,
    checked,
    first_place,
    fit_together,
    number,
    short,
)  # fmt: skip
from leverage_lab.fees import funding_over_path, realised_pnl, trading_fee
from leverage_lab.leverage import notional, pnl
from leverage_lab.liquidation import (
    NO_RULES,
    ROUNDING,
    Rules,
    bankruptcy_price,
    equity,
    liquidation_price,
    position_margin,
    requirement,
    round_to_tick,
)  # fmt: skip

Fill = Literal["path", "stop"]


# --- size from risk


@dataclass(frozen=True)
class Sizing:
    """A position sized so that its stop costs what was decided beforehand (numbers or arrays).

    quantity: coins; notional: at the entry; price_loss, opening_fee, closing_fee: the parts of the loss at the stop.
    """

    quantity: Any
    notional: Any
    price_loss: Any
    opening_fee: Any
    closing_fee: Any

    @property
    def fees(self) -> Any:
        """Both fees together."""
        return self.opening_fee + self.closing_fee

    @property
    def loss(self) -> Any:
        """What the stop costs: price loss and fees."""
        return self.price_loss + self.fees


@checked
def size_from_risk(
    side: Side, account: Positive, risk: Annotated[Any, Range(low=0, high=1, open_low=True)], entry_price: Positive,
    stop_price: Positive, opening_fee_rate: FeeRate = 0, closing_fee_rate: FeeRate = 0,
) -> Sizing:  # fmt: skip
    """The position that loses exactly risk × account at its stop, both fees included: a Sizing.

    q = risk × account / (loss of one coin at the stop, fees included). Leverage does not enter: what a trade
    risks does not depend on leverage, as long as the stop fires before the liquidation (`stop_check`).
    account: everything there, in dollars; risk: above 0, at most 1.
    """
    _on_the_losing_side("stop price", side, entry_price, stop_price)
    one = -realised_pnl(side, 1.0, entry_price, stop_price, opening_fee_rate, closing_fee_rate)
    number("loss of a quantity of 1 at the stop, after rebates", one, POSITIVE)
    q = risk * account / one
    value, exit_value = q * notional(1.0, entry_price), q * notional(1.0, stop_price)
    fees = trading_fee(value, opening_fee_rate), trading_fee(exit_value, closing_fee_rate)
    return Sizing(q, value, -q * pnl(side, 1.0, entry_price, stop_price), *fees)


# --- the stop against the liquidation


@dataclass(frozen=True)
class StopCheck:
    """Which comes first, the stop or the liquidation (numbers or arrays).

    Distances are fractions of the entry price, in the losing direction. nan: no such price (a long with more margin
    than value); 1: only if the coin becomes worthless.
    """

    stop_price: Any
    liquidation_price: Any
    stop_distance: Any
    liquidation_distance: Any
    bankruptcy_distance: Any

    @property
    def room(self) -> Any:
        """From the stop to the liquidation, above 0 if the stop is first."""
        return self.liquidation_distance - self.stop_distance

    @property
    @checked
    def first(self) -> Any:
        """Which of the words "stop" and "liquidation" (arrays: an array of them). A tie counts against the trader."""
        return np.where(self.room <= ROUNDING, "liquidation", "stop")


@checked
def stop_check(
    side: Side, entry_price: Positive, stop_price: Positive, quantity: Positive, margin: Finite, rules: Rules
) -> StopCheck:
    """Does the stop fire before the exchange liquidates the isolated position? A StopCheck.

    margin: of the position (`position_margin` gives it from the leverage); rules: the exchange's Rules, with
    their tick if prices are rounded. ValueError if the stop is not on the losing side of the entry, or if the
    position is liquidated at entry.

    At 500x with 0.1 % maintenance liquidation is 1/500 − 0.1 % = 0.1 % away: a tie with a stop 0.1 % away, if
    maintenance is on the entry value. On the mark value a long's is 0.1001 % away and a short's 0.0999 %.
    """
    _on_the_losing_side("stop price", side, entry_price, stop_price)
    end = liquidation_price(side, entry_price, quantity, margin, rules)
    bankrupt = bankruptcy_price(side, entry_price, quantity, margin, rules)
    distances = (side * (1 - price / entry_price) for price in (stop_price, end, bankrupt))
    return StopCheck(stop_price, end, *distances)


@checked
def margin_to_survive(
    side: Side, entry_price: Positive, quantity: Positive, price: Positive, rules: Rules = NO_RULES
) -> Finite:
    """The isolated margin whose liquidation price is `price`: with less, the position is liquidated before.

    price: on the losing side of the entry. Equity − requirement is a straight line in the margin, so two values of it
    give its root. Where maintenance jumps at a tier's edge, no edge in between may be too much. A tick is left out.
    """
    _on_the_losing_side("price", side, entry_price, price)
    value = notional(quantity, entry_price)
    places, ladder = [price], rules.maintenance
    if rules.tier_moves:
        ladder.check(value)  # too large to be opened? Once open, it may leave the ladder at either end
        rules = rules.uncapped
        if not ladder.continuous:
            edges = [edge * (1 + nudge) / quantity for edge in ladder.floors[1:] for nudge in (-ROUNDING, ROUNDING)]
            low, high = np.minimum(price, entry_price), np.maximum(price, entry_price)
            places += [np.minimum(np.maximum(edge, low), high) for edge in edges]

    def spare(margin, at):
        need = requirement(side, entry_price, quantity, margin, at, rules)
        return equity(side, entry_price, quantity, margin, at) - need

    margins = (value * spare(0.0, at) / (spare(0.0, at) - spare(value, at)) for at in places)
    return reduce(np.maximum, margins)


@checked
def max_leverage_for_stop(
    side: Side, entry_price: Positive, stop_price: Positive, rules: Rules, quantity: Positive = 1
) -> Any:
    """The leverage up to which the stop fires first: at it liquidation is at the stop, below it farther away.

    1 / L = distance of the stop + maintenance rate with maintenance on the entry value; in general the root of
    `position_margin` = `margin_to_survive`, both straight lines in 1 / L. With a tick, the last leverage whose
    rounded liquidation price is still beyond the stop. quantity counts with tiers and deductions only. nan where
    not even 1x will do; inf where any leverage will (a deduction that exceeds the requirement).
    """
    _on_the_losing_side("stop price", side, entry_price, stop_price)
    target = stop_price
    if rules.tick is not None:
        target = round_to_tick(target, rules.tick, side) - side * rules.tick
    exists = target > 0
    need = margin_to_survive(side, entry_price, quantity, np.where(exists, target, stop_price), rules)
    at_1, at_2 = (position_margin(side, entry_price, quantity, L, rules) for L in (1, 2))
    rise = 2 * (at_1 - at_2)  # margin = reserve + rise / L
    room = need - (at_1 - rise)
    found = np.where(room > 0, rise / np.where(room > 0, room, 1.0), np.inf)
    return np.where(exists & (found >= 1 - ROUNDING), np.maximum(found, 1.0), np.nan)


# --- a stop along a path


@dataclass(frozen=True)
class Exit:
    """How a position with a stop ended (numbers for one path, arrays for many).

    first: "stop", "liquidation" or "none"; index: step of the path, −1 where it ends without either; price:
    where it was closed, nan where it was not; loss: by `stop_loss`, fees included, nan where it was not closed.
    """

    first: Any
    index: Any
    price: Any
    loss: Any = math.nan


@checked
def fixed_stop(
    side: Side, path: Any, stop_price: Positive, fill: Fill = "path", liquidation_price: PriceOrNan | None = None
) -> Exit:
    """A stop at a fixed price, along a path: an Exit.

    side, stop_price, liquidation_price: one, or one for each path. fill: "path", nothing happens between two
    prices, so the stop is filled at the first price at or beyond it, and a jump over stop and liquidation is a
    liquidation; "stop", prices pass through everything between, so it is filled at its own price.
    liquidation_price: None or nan is never. Stop and liquidation at one price: nobody knows which is first (they may
    even watch different prices), so the tie counts against the trader.
    """
    end = np.nan if liquidation_price is None else liquidation_price
    path = _path(path, side=side, stop_price=stop_price, liquidation_price=end)
    s, stop, end = _each_path(side), _each_path(stop_price), _each_path(end)
    hair = ROUNDING * end  # a tie, too, where the two differ by the last bits of a float
    stopped, gone = s * path <= s * stop, s * path <= s * end + hair
    if fill == "stop":
        gone = gone & ~(stopped & (s * stop > s * end + hair))
    stopped = stopped & ~gone
    stopped, gone, path = np.broadcast_arrays(stopped, gone, path)
    over = stopped | gone
    ended, index = over.any(axis=-1), over.argmax(axis=-1)

    def there(values):
        return np.take_along_axis(values, index[..., None], axis=-1)[..., 0]

    stop_first = there(stopped)
    filled = there(path) if fill == "path" else stop[..., 0]
    first = np.where(ended, np.where(stop_first, "stop", "liquidation"), "none")
    price = np.where(ended, np.where(stop_first, filled, end[..., 0]), np.nan)
    return Exit(first, np.where(ended, index, -1), price)


@checked
def stop_loss(
    side: Side, entry_price: Positive, stop_price: Positive, quantity: Positive, margin: Positive, path: Any,
    rules: Rules = NO_RULES, opening_fee_rate: FeeRate = 0, closing_fee_rate: FeeRate = 0, fill: Fill = "path",
) -> Exit:  # fmt: skip
    """Does a tight stop prevent a large loss? The loss along a path, with its gaps: an Exit.

    An isolated position with a fixed stop, filled as `fixed_stop` says. If the stop comes first, the loss is
    that of the fill and the closing fee, but at most the margin; if the liquidation does, it is the
    margin (where an exchange gives back what is left, a little less). The opening fee is paid on top.
    """
    _on_the_losing_side("stop price", side, entry_price, stop_price)
    path = _path(
        path, side=side, entry_price=entry_price, stop_price=stop_price, quantity=quantity, margin=margin,
        opening_fee_rate=opening_fee_rate, closing_fee_rate=closing_fee_rate,
    )  # fmt: skip
    end = liquidation_price(side, entry_price, quantity, margin, rules)
    out = fixed_stop(side, path, stop_price, fill, end)
    first = np.asarray(out.first)
    stopped, liquidated = first == "stop", first == "liquidation"
    exit_price = np.where(stopped, out.price, entry_price)
    lost = np.minimum(-realised_pnl(side, quantity, entry_price, exit_price, 0, closing_fee_rate), margin)
    lost = np.where(liquidated, margin, np.where(stopped, lost, np.nan))
    return replace(out, loss=lost + trading_fee(notional(quantity, entry_price), opening_fee_rate))


# --- a spot holding hedged by a short future


@dataclass(frozen=True)
class Hedge:
    """The result of coins held and a future of as many coins sold short against them (numbers or arrays).

    fees and funding_paid are costs (funding_paid below 0: received). liquidation_price: of the short, nan where
    there is none; liquidated_at: the step at which it was reached, −1 never.
    """

    spot_pnl: Any
    future_pnl: Any
    funding_paid: Any
    fees: Any
    liquidation_price: Any = math.nan
    liquidated_at: Any = -1

    @property
    def direction(self) -> Any:
        """What the move of the price did: spot + future. 0 while the holding is hedged."""
        return self.spot_pnl + self.future_pnl

    @property
    def total(self) -> Any:
        """Spot + future − funding paid − fees."""
        return self.direction - self.funding_paid - self.fees


@checked
def hedge(
    holding: Positive, spot_open: Positive, spot_close: Positive, opening_fee_rate: FeeRate = 0,
    closing_fee_rate: FeeRate = 0, funding_paid: Finite = 0,
) -> Hedge:  # fmt: skip
    """Coins held and a short future of as many, from opening to closing, if nothing liquidates it: a Hedge.

    The future trades at the spot price. What remains is −funding − fees. holding: coins.
    """
    opening = trading_fee(notional(holding, spot_open), opening_fee_rate)
    closing = trading_fee(notional(holding, spot_close), closing_fee_rate)
    spot, future = holding * (spot_close - spot_open), pnl("short", holding, spot_open, spot_close)
    return Hedge(spot, future, funding_paid, opening + closing)


@checked
def hedge_over_path(
    holding: Positive, margin: Positive, path: Any, rules: Rules = NO_RULES, opening_fee_rate: FeeRate = 0,
    closing_fee_rate: FeeRate = 0, funding_rates: Any = 0,
) -> Hedge:  # fmt: skip
    """The same along a path, with the short's own liquidation: a Hedge of arrays, step by step.

    Each step says what there would be if all were closed then; the last is the result. Once the future is at the
    liquidation price its margin is lost, funding ends, and the whole holding follows the price again: a
    hedge at high leverage removes direction only up to there (`margin_for_rise`). margin: of the short, isolated.
    funding_rates: one, or one for each step after the opening; above 0 the short receives. Funding goes to the
    wallet, not to the margin. holding, margin and fee rates: one, or one for each path.
    """
    rates = number("funding rates", funding_rates)
    path = _path(
        path, holding=holding, margin=margin, opening_fee_rate=opening_fee_rate, closing_fee_rate=closing_fee_rate,
        funding_rates=rates[..., 0] if np.ndim(rates) > 1 else 0.0,
    )  # fmt: skip
    steps = path.shape[-1] - 1
    if np.ndim(rates) and rates.shape[-1] != steps:
        each = f"funding rates must be one, or one for each of the {steps} steps after the opening"
        raise ValueError(f"{each}, got {rates.shape[-1]}")
    end = liquidation_price("short", path[..., 0], holding, margin, rules)
    holding, margin = _each_path(holding), _each_path(margin)
    gone = np.logical_or.accumulate(path >= _each_path(end), axis=-1)
    paid = funding_over_path("short", holding, path[..., 1:], rates)
    paid = np.where(gone[..., 1:], 0.0, paid)
    paid = np.cumsum(np.concatenate([np.zeros((*paid.shape[:-1], 1)), paid], axis=-1), axis=-1)
    closing_fee_rate = np.where(gone, 0.0, _each_path(closing_fee_rate))
    held = hedge(holding, path[..., :1], path, _each_path(opening_fee_rate), closing_fee_rate, paid)
    future, at = np.where(gone, -margin, held.future_pnl), np.where(gone.any(axis=-1), gone.argmax(axis=-1), -1)
    return replace(held, future_pnl=future, liquidation_price=end, liquidated_at=at)


@checked
def margin_for_rise(rise: Positive, quantity: Positive, entry_price: Positive, rules: Rules = NO_RULES) -> Finite:
    """The margin with which a short survives a rise of the price by `rise`, a fraction: liquidation is exactly there.

    q e (rise + (1 + rise) × maintenance rate) with maintenance on the mark value, in dollars. The little
    capital that a hedge at high leverage needs is enough for a little rise only.
    """
    return margin_to_survive("short", entry_price, quantity, entry_price * (1 + rise), rules)


# --- the arithmetic of a scalp


@checked
def needed_win_rate(gain: Positive, loss: Positive, cost: NotNegative = 0) -> Any:
    """The share of trades to be won to break even: (loss + cost) / (gain + loss); nan where even all are too few.

    gain, loss: what a trade brings or takes, above 0, in one unit (money, or shares of the margin); cost: of
    each trade, won or lost.
    """
    return np.where(cost <= gain, (loss + cost) / (gain + loss), np.nan)


@checked
def expectancy(win_rate: Share, gain: Positive, loss: Positive, cost: NotNegative = 0) -> Finite:
    """What a trade brings on average: win rate × gain − (1 − win rate) × loss − cost, in the unit of these."""
    return win_rate * gain - (1 - win_rate) * loss - cost


@checked
def growth_per_trade(fraction: NotNegative, win_rate: Share, gain: Finite, loss: Positive) -> Any:
    """The account's growth, on average over many trades: p ln(1 + f w) + (1 − p) ln(1 − f l), per trade.

    The median account has e^(growth × trades) of its start. fraction f: value of the position as a share of the account
    at each trade; gain w (below 0: costs exceed it), loss l: of the value. −inf where a trade may take all.
    """
    won, lost = 1 + fraction * gain, 1 - fraction * loss
    lives = (won > 0) & (lost > 0)
    won, lost = (np.log(np.where(lives, left, 1.0)) for left in (won, lost))
    return np.where(lives, win_rate * won + (1 - win_rate) * lost, -np.inf)


@checked
def best_fraction(win_rate: Share, gain: Positive, loss: Positive) -> Finite:
    """The fraction at which `growth_per_trade` is highest: p / l − (1 − p) / w, 0 without an edge.

    Kelly, "A New Interpretation of Information Rate", Bell System Technical Journal 35(4), 1956. At about twice as
    much the account no longer grows.
    """
    return np.maximum(win_rate / loss - (1 - win_rate) / gain, 0.0)


def _on_the_losing_side(name, side, entry_price, price):
    """ValueError where the price is not below the entry of a long, above that of a short."""
    wrong = side * (entry_price - price) <= 0
    if np.any(wrong):
        place, where = first_place(wrong)
        e, p = (np.broadcast_to(x, np.shape(wrong))[place] for x in (entry_price, price))
        what = "below the entry price of a long and above that of a short"
        raise ValueError(f"{name} must be {what}, got {p:.15g} with entry price {e:.15g}{where}")


def _path(path, **beside):
    """`path`, checked; `beside`: arguments that are one, or one for each path."""
    path = number("path", path, POSITIVE)
    if not np.size(path) or not np.ndim(path):
        got = short(list(path)) if np.ndim(path) else f"{path:.15g}"
        raise ValueError(f"path must be an array of at least one price, got {got}")
    fit_together(path=path[..., 0], **beside)
    return path


def _each_path(value):
    """One value for all steps of a path."""
    return np.asarray(value)[..., None]
