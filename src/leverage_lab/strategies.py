"""Chapter 6: leverage as a tool. Size from risk, the stop against the liquidation, hedge, trailing stop, scalp.

Plain numbers or arrays that broadcast together; a path is an array of prices, time along its last axis
(further axes are further paths). Rates, distances, moves and risks are fractions. Money is in the settlement
currency: dollars (linear) or coins (inverse); only the hedge is all in dollars. A cost or loss is positive.
ValueError with one sentence on bad input. Prices are those of one market: on an exchange a stop usually
watches the last price and liquidation the mark price; give the difference you expect as `buffer`.

The formulas are ours, from the two equations of `liquidation.py` and `fees.py`.
Notation as there: s = +1 long, −1 short, e entry, V(p) value at price p, fo and f rates of the opening and
the closing fee.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from leverage_lab.checks import FINITE, LEVERAGE, NOT_NEGATIVE, POSITIVE, Range, choice, number, numbers
from leverage_lab.checks import FEE
from leverage_lab.fees import break_even_price, funding_over_path, realised_pnl, trading_fee
from leverage_lab.leverage import CONTRACTS, notional, pnl, sign
from leverage_lab.liquidation import (
    NO_RULES,
    ROUNDING,
    Ladder,
    Rules,
    bankruptcy_price,
    equity,
    liquidation_price,
    position_margin,
    requirement,
    round_to_tick,
)
from leverage_lab.numeric import floor, is_array, largest, pick, smallest
from leverage_lab.words import percent, price as dollars

RISK = Range(low=0, high=1, open_low=True)
PART = Range(low=0, high=1, open_high=True)
DISTANCE = Range(low=0, high=1, open_low=True, open_high=True)
SHARE = Range(low=0, high=1)
FILLS = ("path", "stop")


# --- size from risk


@dataclass(frozen=True)
class Sizing:
    """A position so large that its stop costs what was decided beforehand (numbers or arrays).

    quantity: coins (linear) or dollars of face value (inverse); notional: at the entry; exit_price: where
    the stop is filled, slippage included; price_loss, opening_fee, closing_fee: the parts of the loss there.
    """

    quantity: float
    notional: float
    exit_price: float
    price_loss: float
    opening_fee: float
    closing_fee: float

    @property
    def fees(self):
        """Both fees together."""
        return self.opening_fee + self.closing_fee

    @property
    def loss(self):
        """What the stop costs: price loss and fees."""
        return self.price_loss + self.fees

    def leverage(self, margin):
        """The leverage this position needs on `margin`: notional / margin. Below 1, no leverage is needed.

        It changes what is locked up and where liquidation waits, not what the stop costs.
        """
        return self.notional / number("margin", margin, POSITIVE)


def size_from_risk(
    side, account, risk, entry_price, stop_price, opening_fee_rate=0, closing_fee_rate=0, contract="linear",
    slippage=0, step=None,
):  # fmt: skip
    """The position that loses exactly risk × account at its stop, both fees included: a Sizing.

    q = risk × account / (loss of one unit at the stop, fees included). Leverage is not in it: what a trade
    risks does not depend on leverage, as long as the stop fires before the liquidation (`stop_check`).
    account: everything there, in the settlement currency; risk: above 0, at most 1. slippage: how much
    worse than the stop it is filled, a fraction of the stop price. step: the quantity is rounded down to
    a multiple of it, so that never more is risked; it is 0 where a single step would risk too much.
    """
    s, entry_price, stop_price, account, risk, opening_fee_rate, closing_fee_rate, slippage, *steps = _checked(
        contract, side, entry_price, "stop_price", stop_price,
        account=(account, POSITIVE),
        risk=(risk, RISK),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        slippage=(slippage, PART),
        **_given(step=(step, POSITIVE)),
    )  # fmt: skip
    exit_price = stop_price * (1 - s * slippage)
    one = -realised_pnl(side, 1.0, entry_price, exit_price, opening_fee_rate, closing_fee_rate, contract)
    number("loss of a quantity of 1 at the stop, after rebates", one, POSITIVE)
    q = risk * account / one
    if steps:
        q = floor(q, steps[0])
    value, exit_value = q * notional(1.0, entry_price, contract), q * notional(1.0, exit_price, contract)
    return Sizing(
        quantity=q,
        notional=value,
        exit_price=exit_price,
        price_loss=-q * pnl(side, 1.0, entry_price, exit_price, contract),
        opening_fee=trading_fee(value, opening_fee_rate),
        closing_fee=trading_fee(exit_value, closing_fee_rate),
    )


# --- the stop against the liquidation


@dataclass(frozen=True)
class StopCheck:
    """Which comes first, the stop or the liquidation (numbers or arrays).

    Distances are fractions of the entry price, in the losing direction. nan: no such price (a 1x inverse
    short has no liquidation); 1: only if the coin becomes worthless. room: from the stop on to the
    liquidation, 0 or below if the stop comes too late.
    """

    stop_price: float
    liquidation_price: float
    stop_distance: float
    liquidation_distance: float
    bankruptcy_distance: float
    buffer: float

    @property
    def room(self):
        """Distance of the liquidation − distance of the stop."""
        return self.liquidation_distance - self.stop_distance

    @property
    def first(self):
        """Which of the words "stop" and "liquidation" (arrays: an array of them); at one price it is the liquidation."""
        return pick(self.room <= ROUNDING, "liquidation", "stop")

    @property
    def enough(self):
        """True where the stop comes first by more than the buffer."""
        return pick(self.room <= self.buffer + ROUNDING, False, True)

    @property
    def warning(self):
        """One sentence where the stop is not enough, else ""; for arrays how many of them are not."""
        if is_array(self.room):
            late = self.room.size - int(self.enough.sum())
            of = f"{late} of {self.room.size} stops"
            return f"{of} do not fire before the liquidation with the buffer asked for." if late else ""
        if self.enough:
            return ""
        stop = f"The stop at {dollars(self.stop_price)} is {percent(self.stop_distance, decimals=4)} from the entry"
        end = f"liquidation at {dollars(self.liquidation_price)} is {percent(self.liquidation_distance, decimals=4)} away"
        if self.first == "stop":
            room = percent(self.room, decimals=4)
            return f"{stop}, {end}: {room} between them, where {percent(self.buffer, decimals=4)} is asked for."
        where = "at the same price" if abs(self.room) <= ROUNDING else "nearer"
        return f"{stop}, but {end}, {where}: the stop never fires first."


def stop_check(side, entry_price, stop_price, quantity, margin, rules, contract="linear", buffer=0):
    """Does the stop fire before the exchange liquidates the isolated position? A StopCheck.

    margin: what the position has (`position_margin` gives it from the leverage); rules: the exchange's
    Rules, with their tick if prices are rounded. buffer: room wanted beyond the stop, a fraction of the
    entry price, for gaps and for a mark price that differs from the last one. ValueError if the stop is not
    on the losing side of the entry, or if the position is liquidated at entry.

    At 500x with 0.1 % maintenance on the entry value liquidation is 1/500 − 0.1 % = 0.1 % away, so a stop
    0.1 % away never fires first. With maintenance on the mark value it is 0.1001 % for a long (the stop is
    first, by a ten-thousandth of a percent of the price) and 0.0999 % for a short (it is not).
    """
    s, entry_price, stop_price, buffer = _checked(
        contract, side, entry_price, "stop_price", stop_price, buffer=(buffer, NOT_NEGATIVE)
    )
    end = liquidation_price(side, entry_price, quantity, margin, rules, contract)
    bankrupt = bankruptcy_price(side, entry_price, quantity, margin, rules, contract)
    distances = (s * (1 - price / entry_price) for price in (stop_price, end, bankrupt))
    return StopCheck(stop_price, end, *distances, buffer)


def margin_to_survive(side, entry_price, quantity, price, rules=NO_RULES, contract="linear"):
    """The isolated margin whose liquidation price is `price`: with less, the position is gone before.

    price: on the losing side of the entry. Equity − requirement is a straight line in the margin, so two
    values of it give its root. Where maintenance jumps at a tier's edge, no edge on the way may be too much.
    A tick is left out.
    """
    if not isinstance(rules, Rules):
        raise ValueError(f"rules must be Rules(...), got {rules!r}")
    _, entry_price, price, quantity = _checked(
        contract, side, entry_price, "price", price, quantity=(quantity, POSITIVE)
    )
    value = notional(quantity, entry_price, contract)
    places, ladder = [price], rules.maintenance
    if isinstance(ladder, Ladder) and ladder.measure == "value" and rules.maintenance_basis == "mark":
        ladder.tier(value)  # too large to be opened? Once open, it may leave the ladder at either end
        rules = replace(rules, maintenance=replace(ladder, floors=(0.0, *ladder.floors[1:]), cap=math.inf))
        if not ladder.continuous:
            edges = [edge * (1 + nudge) for edge in ladder.floors[1:] for nudge in (-ROUNDING, ROUNDING)]
            edges = [edge / quantity if contract == "linear" else quantity / edge for edge in edges]
            low, high = smallest(price, entry_price), largest(price, entry_price)
            places += [smallest(largest(edge, low), high) for edge in edges]

    def spare(margin, at):
        need = requirement(side, entry_price, quantity, margin, at, rules, contract)
        return equity(side, entry_price, quantity, margin, at, contract) - need

    return largest(*(value * spare(0.0, at) / (spare(0.0, at) - spare(value, at)) for at in places))


def max_leverage_for_stop(side, entry_price, stop_price, rules, buffer=0, contract="linear", quantity=1):
    """The leverage up to which the stop fires first: at it liquidation is at the stop, below it farther away.

    1 / L = distance of the stop + maintenance rate for a linear position with maintenance on the entry value;
    in general the root of `position_margin` = `margin_to_survive`, both straight lines in 1 / L. With a tick,
    the last leverage whose rounded liquidation price is still beyond the stop. buffer as in `stop_check`.
    quantity counts with tiers and deductions only. nan where not even 1x will do; inf where any
    leverage will (a deduction that exceeds the requirement).
    """
    s, entry_price, stop_price, buffer, quantity = _checked(
        contract, side, entry_price, "stop_price", stop_price, buffer=(buffer, NOT_NEGATIVE), quantity=(quantity, POSITIVE)
    )
    target = stop_price - s * buffer * entry_price
    if isinstance(rules, Rules) and rules.tick is not None:
        target = round_to_tick(target, rules.tick, side) - s * rules.tick
    exists = target > 0
    need = margin_to_survive(side, entry_price, quantity, pick(exists, target, stop_price), rules, contract)
    at_1, at_2 = (position_margin(side, entry_price, quantity, L, rules, contract) for L in (1, 2))
    rise = 2 * (at_1 - at_2)  # margin = reserve + rise / L
    room = need - (at_1 - rise)
    found = pick(room > 0, rise / pick(room > 0, room, 1.0), math.inf)
    return pick(exists & (found >= 1 - ROUNDING), largest(found, 1.0), math.nan)


# --- stops along a path


@dataclass(frozen=True)
class Exit:
    """How a position with a stop ended (numbers for one path, arrays for many).

    first: "stop", "liquidation" or "none"; index: step of the path, −1 where it ends without either; price:
    where it was closed, nan where it was not; level: the stop's own path, nan before it is active.
    """

    first: str
    index: int
    price: float
    level: object


def trailing_stop(side, path, distance, activation=None, fill="path", liquidation_price=None):
    """A stop that follows the best price so far at `distance`, a fraction of it, and never goes back: an Exit.

    Long: stop = highest price so far × (1 − distance); short: lowest × (1 + distance). side, distance,
    activation, liquidation_price: one, or one for each path. activation: the price from which on the stop
    exists; None: from the start. fill: "path", nothing happens between two prices, so the stop is filled at the
    first price at or beyond it, and a jump over stop and liquidation is a liquidation; "stop", prices pass through
    everything between, so it is filled at its own level. liquidation_price: None or nan is never.
    """
    path = _path("path", path)
    _, s, distance, *start = numbers(
        path=(path[..., 0], POSITIVE),
        side=(sign(side), FINITE),
        distance=(distance, DISTANCE),
        **_given(activation=(activation, POSITIVE)),
    )
    import numpy as np

    s, distance = _each_path(s), _each_path(distance)
    best = np.maximum.accumulate(s * path, axis=-1)
    level = s * best * (1 - s * distance)
    if start:
        level = np.where(best >= s * _each_path(start[0]), level, np.nan)
    return _walk(s, path, level, fill, liquidation_price)


def fixed_stop(side, path, stop_price, fill="path", liquidation_price=None):
    """A stop that stays where it is, along a path: an Exit. Arguments as in `trailing_stop`."""
    path = _path("path", path)
    _, s, stop_price = numbers(
        path=(path[..., 0], POSITIVE), side=(sign(side), FINITE), stop_price=(stop_price, POSITIVE)
    )
    return _walk(_each_path(s), path, _each_path(stop_price), fill, liquidation_price)


@dataclass(frozen=True)
class StopLoss:
    """What a stop really cost (numbers for one path, arrays for many).

    exit: the Exit; planned_loss: had it been filled at its price; loss: as it was, fees included, at most margin
    and opening fee. nan where the path ends with the position still open.
    """

    exit: Exit
    planned_loss: float
    loss: float

    @property
    def excess(self):
        """Loss − planned loss: what the gap, or the liquidation, has added."""
        return self.loss - self.planned_loss


def stop_loss(
    side, entry_price, stop_price, quantity, margin, path, rules=NO_RULES, contract="linear",
    opening_fee_rate=0, closing_fee_rate=0, fill="path",
):  # fmt: skip
    """Does a tight stop prevent a large loss? The loss along a path, with its gaps: a StopLoss.

    An isolated position with a fixed stop, filled as `trailing_stop` says. If the stop comes first, the loss is
    that of the fill and the closing fee, but at most the margin; if the liquidation does, it is the
    margin (where an exchange gives back what is left, a little less). The opening fee is paid besides.
    """
    path = _path("path", path)
    _, entry_price, stop_price, quantity, margin, opening_fee_rate, closing_fee_rate, _ = _checked(
        contract, side, entry_price, "stop_price", stop_price,
        quantity=(quantity, POSITIVE),
        margin=(margin, POSITIVE),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        path=(path[..., 0], POSITIVE),
    )  # fmt: skip
    end = liquidation_price(side, entry_price, quantity, margin, rules, contract)
    out = fixed_stop(side, path, stop_price, fill, end)
    stopped, liquidated = out.first == "stop", out.first == "liquidation"
    rates = (0, closing_fee_rate, contract)
    lost = -realised_pnl(side, quantity, entry_price, pick(stopped, out.price, entry_price), *rates)
    lost = pick(liquidated, margin, pick(stopped, smallest(lost, margin), math.nan))
    planned = -realised_pnl(side, quantity, entry_price, stop_price, *rates)
    opening = trading_fee(notional(quantity, entry_price, contract), opening_fee_rate)
    return StopLoss(out, planned + opening, lost + opening)


# --- a spot holding hedged by a short future


@dataclass(frozen=True)
class Hedge:
    """What became of coins held and a future sold against them, all in dollars (numbers or arrays).

    fees and funding_paid are costs (funding_paid below 0: received). basis: what the future gained on the spot
    price; exposure: the coins whose price still counts; liquidation_price: of the short, nan where there is
    none; liquidated_at: the step at which it was reached, −1 never.
    """

    spot_pnl: float
    future_pnl: float
    funding_paid: float
    fees: float
    basis: float
    exposure: float
    liquidation_price: float = math.nan
    liquidated_at: int = -1

    @property
    def direction(self):
        """What the move of the price did: spot + future − basis. 0 while the whole holding is hedged."""
        return self.spot_pnl + self.future_pnl - self.basis

    @property
    def total(self):
        """Spot + future − funding paid − fees; the same as direction + basis − funding paid − fees."""
        return self.spot_pnl + self.future_pnl - self.funding_paid - self.fees


def hedge(
    holding, spot_open, spot_close, future_open=None, future_close=None, quantity=None, contract="linear",
    opening_fee_rate=0, closing_fee_rate=0, funding_paid=0,
):  # fmt: skip
    """Coins held and a short future against them, from opening to closing, if nothing liquidates it: a Hedge.

    What remains is direction + basis − funding − fees. With p spot, x future, h coins sold (Q / x0 inverse):
    direction = (holding − h) (p1 − p0); basis = h ((x0 − p0) − (x1 − p1)) linear, Q (p1/x1 − p0/x0) inverse.
    holding: coins; future_open, future_close: the spot prices if left out; quantity: coins (linear) or dollars of
    face value (inverse), the whole holding at future_open if left out. funding_paid: in the settlement currency.
    Inverse: coins that the future gains or loses are counted at the last spot price.
    """
    choice("contract", contract, CONTRACTS)
    future_open = spot_open if future_open is None else future_open
    future_close = spot_close if future_close is None else future_close
    holding, p0, p1, x0, x1, q, opening_fee_rate, closing_fee_rate, funding_paid = numbers(
        holding=(holding, POSITIVE),
        spot_open=(spot_open, POSITIVE),
        spot_close=(spot_close, POSITIVE),
        future_open=(future_open, POSITIVE),
        future_close=(future_close, POSITIVE),
        quantity=(holding if quantity is None else quantity, POSITIVE),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        funding_paid=(funding_paid, FINITE),
    )
    inverse = contract == "inverse"
    if inverse and quantity is None:
        q = holding * x0
    coin = p1 if inverse else 1.0  # dollars for one unit of the settlement currency
    fees = [trading_fee(notional(q, x, contract), rate) for x, rate in ((x0, opening_fee_rate), (x1, closing_fee_rate))]
    return Hedge(
        spot_pnl=holding * (p1 - p0),
        future_pnl=pnl("short", q, x0, x1, contract) * coin,
        funding_paid=funding_paid * coin,
        fees=(fees[0] + fees[1]) * coin,
        basis=q * (p1 / x1 - p0 / x0) if inverse else q * ((x0 - p0) - (x1 - p1)),
        exposure=holding - (q / x0 if inverse else q),
    )


def hedge_over_path(
    holding, margin, spot_path, future_path=None, quantity=None, rules=NO_RULES, contract="linear",
    opening_fee_rate=0, closing_fee_rate=0, funding_rates=0,
):  # fmt: skip
    """The same along a path, with the short's own liquidation: a Hedge of arrays, step by step.

    Each step says what there would be if all were closed then; the last is the result. Once the future is at the
    liquidation price its margin is lost, funding ends, and the whole holding follows the price again: a
    hedge at high leverage takes direction away only up to there (`margin_for_rise`).
    margin: of the short, isolated: dollars (linear), or coins of the holding, at most all of them (inverse).
    funding_rates: one, or one for each step after the opening; above 0 the short receives. Funding goes to the
    wallet, not to the margin. Inverse: coins gained or lost are counted at the spot price of the step.
    holding, margin, quantity and fee rates: one, or one for each path.
    """
    choice("contract", contract, CONTRACTS)
    spot = _path("spot path", spot_path)
    future = spot if future_path is None else _path("future path", future_path)
    steps = spot.shape[-1] - 1
    if future.shape[-1] != steps + 1:
        raise ValueError(f"future path must have as many prices as spot path, {steps + 1}, got {future.shape[-1]}")
    whole = quantity is None
    holding, margin, quantity, opening_fee_rate, closing_fee_rate, entry, _ = numbers(
        holding=(holding, POSITIVE),
        margin=(margin, POSITIVE),
        quantity=(holding if whole else quantity, POSITIVE),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        future_path=(future[..., 0], POSITIVE),
        spot_path=(spot[..., 0], POSITIVE),
    )
    rates = number("funding rates", funding_rates)
    if is_array(rates) and rates.shape[-1] != steps:
        raise ValueError(
            f"funding rates must be one, or one for each of the {steps} steps after the opening, got {rates.shape[-1]}"
        )
    if contract == "inverse":
        number("share of the holding that is margin", margin / holding, RISK)
        quantity = holding * entry if whole else quantity
    end = liquidation_price("short", entry, quantity, margin, rules, contract)
    import numpy as np

    holding, margin, quantity = _each_path(holding), _each_path(margin), _each_path(quantity)
    gone = np.logical_or.accumulate(future >= _each_path(end), axis=-1)
    paid = funding_over_path("short", quantity, future[..., 1:], rates, contract)
    paid = np.where(gone[..., 1:], 0.0, paid)
    paid = np.cumsum(np.concatenate([np.zeros((*paid.shape[:-1], 1)), paid], axis=-1), axis=-1)
    closing_fee_rate = np.where(gone, 0.0, _each_path(closing_fee_rate))
    held = hedge(
        holding, spot[..., :1], spot, future[..., :1], future, quantity, contract,
        _each_path(opening_fee_rate), closing_fee_rate, paid,
    )  # fmt: skip
    coin, coins_lost = (1.0, 0.0) if contract == "linear" else (spot, margin)
    at = np.where(gone.any(axis=-1), gone.argmax(axis=-1), -1)
    return replace(
        held,
        future_pnl=np.where(gone, -margin * coin, held.future_pnl),
        basis=np.where(gone, 0.0, held.basis),
        exposure=np.where(gone, holding - coins_lost, held.exposure),
        liquidation_price=end,
        liquidated_at=at if at.ndim else int(at),
    )


def margin_for_rise(rise, quantity, entry_price, rules=NO_RULES, contract="linear"):
    """The margin with which a short survives a rise of the price by `rise`, a fraction: liquidation is exactly there.

    q e (rise + (1 + rise) × maintenance rate) for a linear short with maintenance on the mark value. The little
    capital that a hedge at high leverage needs is enough for a little rise only. In the settlement currency.
    """
    rise, entry_price = numbers(rise=(rise, POSITIVE), entry_price=(entry_price, POSITIVE))
    return margin_to_survive("short", entry_price, quantity, entry_price * (1 + rise), rules, contract)


# --- the arithmetic of a scalp


@dataclass(frozen=True)
class RoundTrip:
    """What opening and closing cost while the market stands still: of the value, of the margin (fractions), and
    break_even_move: the move in the trade's favour that pays for it, nan where none does.
    """

    of_value: float
    of_margin: float
    break_even_move: float


def cost_of_round_trip(leverage, opening_fee_rate, closing_fee_rate, spread=0, side="long", contract="linear"):
    """Fees and spread of a round trip: a RoundTrip. Without spread (fo + f) L of the margin: 2 × taker × L.

    spread: (ask − bid) / entry price: entered at the one, left at the other. Of the value it all costs
    spread + fo + f (1 − s spread) linear, and L times as much of the margin.
    """
    choice("contract", contract, CONTRACTS)
    s, leverage, opening_fee_rate, closing_fee_rate, spread = numbers(
        side=(sign(side), FINITE),
        leverage=(leverage, LEVERAGE),
        opening_fee_rate=(opening_fee_rate, FEE),
        closing_fee_rate=(closing_fee_rate, FEE),
        spread=(spread, PART),
    )
    other_side = 1 - s * spread
    cost = -realised_pnl(side, 1.0, 1.0, other_side, opening_fee_rate, closing_fee_rate, contract)
    even = break_even_price(side, 1.0, opening_fee_rate, closing_fee_rate, contract)
    return RoundTrip(cost, leverage * cost, s * (even / other_side - 1))


def needed_win_rate(gain, loss, cost=0):
    """The share of trades to be won to break even: (loss + cost) / (gain + loss); nan where even all are too few.

    gain, loss: what a trade brings or takes, above 0, in one unit (money, or shares of the margin); cost: of
    each trade, won or lost.
    """
    gain, loss, cost = numbers(gain=(gain, POSITIVE), loss=(loss, POSITIVE), cost=(cost, NOT_NEGATIVE))
    return pick(cost <= gain, (loss + cost) / (gain + loss), math.nan)


def expectancy(win_rate, gain, loss, cost=0):
    """What a trade brings on average: win rate × gain − (1 − win rate) × loss − cost, in the unit of these."""
    win_rate, gain, loss, cost = numbers(
        win_rate=(win_rate, SHARE), gain=(gain, POSITIVE), loss=(loss, POSITIVE), cost=(cost, NOT_NEGATIVE)
    )
    return win_rate * gain - (1 - win_rate) * loss - cost


# --- parts


def _checked(contract, side, entry_price, name, price, **others):
    """[s, entry price, price, *others], checked: the price must be on the losing side of the entry."""
    choice("contract", contract, CONTRACTS)
    s, entry_price, price, *others = numbers(
        side=(sign(side), FINITE), entry_price=(entry_price, POSITIVE), **{name: (price, POSITIVE)}, **others
    )
    wrong = s * (entry_price - price) <= 0
    if wrong.any() if is_array(wrong) else wrong:
        where, e, p = "", entry_price, price
        if is_array(wrong):
            import numpy as np

            place = tuple(int(i) for i in np.argwhere(wrong)[0])
            e, p = (float(np.broadcast_to(x, wrong.shape)[place]) for x in (e, p))
            where = f" (at position {', '.join(map(str, place))})"
        raise ValueError(
            f"{name.replace('_', ' ')} must be below the entry price of a long and above that of a short, "
            f"got {p:.15g} with entry price {e:.15g}{where}"
        )
    return s, entry_price, price, *others


def _given(**named):
    """The values to check that are not None."""
    return {name: value for name, value in named.items() if value[0] is not None}


def _path(name, path):
    path = number(name, path, POSITIVE)
    if not is_array(path) or not path.size:
        raise ValueError(f"{name} must be an array of at least one price, got {path if is_array(path) else f'{path:.15g}'}")
    return path


def _each_path(value):
    """One value for all steps of a path."""
    import numpy as np

    return np.asarray(value)[..., None]


def _walk(s, path, level, fill, liquidation_price):
    """The Exit of the first step at or beyond the stop's level or the liquidation price."""
    choice("fill", fill, FILLS)
    import numpy as np

    stopped = s * path <= s * level
    end = _each_path(_maybe_never(liquidation_price, stopped.shape[:-1]))
    gone = s * path <= s * end
    if fill == "path":
        stopped = stopped & ~gone
    else:
        gone = gone & ~(stopped & (s * level > s * end))
        stopped = stopped & ~gone
    path, level, stopped, gone = np.broadcast_arrays(path, level, stopped, gone)
    over = stopped | gone
    ended, index = over.any(axis=-1), over.argmax(axis=-1)

    def there(values):
        return np.take_along_axis(values, index[..., None], axis=-1)[..., 0]

    stop_first = there(stopped)
    first = np.where(ended, np.where(stop_first, "stop", "liquidation"), "none")
    filled = there(path if fill == "path" else level)
    price = np.where(ended, np.where(stop_first, filled, end[..., 0]), np.nan)
    index = np.where(ended, index, -1)
    if index.ndim == 0:
        return Exit(str(first), int(index), float(price), level)
    return Exit(first, index, price, level)


def _maybe_never(liquidation_price, stops):
    """A liquidation price as the engine gives it, nan where there is none (None: none at all), for stops of a shape."""
    import numpy as np

    if liquidation_price is None:
        return math.nan
    try:
        never = np.isnan(liquidation_price)
    except (TypeError, ValueError):
        return number("liquidation price", liquidation_price, NOT_NEGATIVE)
    known = np.where(never, 1.0, liquidation_price) if np.any(never) else liquidation_price
    _, known = numbers(stops=(np.zeros(stops), FINITE), liquidation_price=(known, NOT_NEGATIVE))
    return np.where(never, np.nan, known)
