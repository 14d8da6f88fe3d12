"""Chapter 2: who pays when a liquidation goes wrong: the insurance fund, then the winners.

A position is taken over with what is left of its margin and closed in the market. Better than the
bankruptcy price (where the margin would be exactly used up): something remains, for the fund or for
the trader. Worse: the fund pays. Fund empty: auto-deleveraging (ADL): positions of the other
side are closed against it, at its bankruptcy price, the best ranked first. Nobody left: the loss is
uncovered, and this is said, not hidden.

`adl_score`, `adl_queue` and `adl_lights` work on numbers or arrays. `Venue` is the ledger: every trade is
posted to both of its sides, every payment to payer and receiver, in exact fractions (a float
counts as the decimal it prints as), so that not a cent appears or gets lost. `replay` is a small
10 October 2025. Money: quote (linear) or coins (inverse); quantity: coins, or dollars of face value (inverse).

Left out: trading fees, partial liquidation by tiers, funds that hold what they took over for a while or
stop paying early (OKX: down 30 % within 8 hours), exchanges that deleverage at the mark price (OKX, Hyperliquid).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from statistics import median

from leverage_lab.checks import FINITE, NOT_NEGATIVE, POSITIVE, Range, choice, number, numbers
from leverage_lab.leverage import CONTRACTS, SIDES, sign
from leverage_lab.checks import RATE
from leverage_lab.liquidation import bankruptcy_price
from leverage_lab.numeric import pick

ADL_RULES = ("bitmex", "return", "hyperliquid")
REST_TO = ("fund", "trader")
WAYS = ("market", "adl", "exchange")
FUND, MARKET, EXCHANGE = "insurance fund", "market", "exchange"


# --- ranking ------------------------------------------------------------------------------------


def adl_score(side, entry_price, mark_price, bankruptcy_price, rule="bitmex", contract="linear"):
    """The number by which a position stands in the queue for auto-deleveraging: the highest is closed first.

    With PnL% = (mark value − entry value) / |entry value|, signed by the side, and effective leverage =
    |mark value| / (mark value − bankrupt value):
    "bitmex": PnL% × effective leverage in profit, PnL% / effective leverage in loss (BitMEX and
    MEXC, help pages on auto-deleveraging, both undated);
    "return": PnL% alone, leverage does not count (KuCoin for cross margin, undated help page);
    "hyperliquid": mark / entry × notional / account value (Hyperliquid documentation, "Auto-deleveraging",
    undated); printed without a side: for a short we read entry / mark, or the best would stand last.

    Scalars or arrays that broadcast; prices in dollars a coin (a linear long with more margin than value
    has a bankruptcy price below 0). nan where the effective leverage does not exist: the mark price is at
    or beyond the bankruptcy price. ValueError on bad input.
    """
    choice("rule", rule, ADL_RULES)
    choice("contract", contract, CONTRACTS)
    s, entry, mark, bankrupt = numbers(
        side=(sign(side), FINITE),
        entry_price=(entry_price, POSITIVE),
        mark_price=(mark_price, POSITIVE),
        bankruptcy_price=(bankruptcy_price, FINITE if contract == "linear" else POSITIVE),
    )
    gain = s * (mark / entry - 1) if contract == "linear" else s * (1 - entry / mark)
    room = s * (1 - bankrupt / mark) if contract == "linear" else s * (mark / bankrupt - 1)
    return _score(rule, gain, 1 / pick(room > 0, room, math.nan), pick(s > 0, mark / entry, entry / mark))


def adl_queue(scores):
    """Places of one side's positions in the order of deleveraging: an array of indices, first to be closed first.

    scores: a row of adl_score's results. Equal scores keep their order; nan is not in the queue.
    """
    import numpy as np

    scores = _scores(scores)
    return np.argsort(-scores, kind="stable")[: np.count_nonzero(scores == scores)]  # nan sorts last


def adl_lights(scores):
    """Lights of the indicator, an array: 5 for the first 20 % of the queue, 4 for the next, … 1; 0: not in the queue.

    scores: a row of one side's adl_score results. The steps of 20 % are BitMEX's (undated help page).
    """
    import numpy as np

    order = adl_queue(scores)
    lights = np.zeros(len(_scores(scores)), dtype=int)
    lights[order] = _lights(np.arange(len(order)), len(order))
    return lights


def _score(rule, gain, leverage, growth):
    if rule == "return":
        return gain
    if rule == "hyperliquid":
        return growth * leverage
    return pick(gain > 0, gain * leverage, gain / leverage)


def _lights(place, of):
    return 5 - 5 * place // of


def _scores(scores):
    import numpy as np

    try:
        array = np.asarray(scores, dtype=float)
    except (TypeError, ValueError):
        array = np.array(math.inf)
    if array.ndim != 1 or np.isinf(array).any():
        raise ValueError(f"scores must be one row of finite numbers (nan: not in the queue), got {scores!r}")
    return array


# --- accounts, and the ledger they share ----------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """One trader with one isolated position. quantity: coins, or dollars of face value; margin: quote, or coins."""

    name: str
    side: str
    entry_price: float
    quantity: float
    margin: float

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name.strip() or self.name in (FUND, MARKET, EXCHANGE):
            raise ValueError(f"name must be a word other than {FUND!r}, {MARKET!r} and {EXCHANGE!r}, got {self.name!r}")
        choice("side", self.side, SIDES)
        for key in ("entry_price", "quantity", "margin"):
            object.__setattr__(self, key, _one(key, getattr(self, key), POSITIVE))


@dataclass(frozen=True)
class Close:
    """One trade of a liquidation: who took the other side, and what it meant to them.

    how: "market" (a bid or offer of the book), "adl" or "exchange" (nobody left). notional: value at the price
    of the trade. gain: what this trade gives the other side, against the mark price (below 0: takes). pnl: what a
    deleveraged trader realises, against the entry price; score, leverage (effective): theirs; nan unless deleveraged.
    """

    how: str
    name: str
    price: float
    quantity: float
    notional: float
    gain: float
    pnl: float = math.nan
    score: float = math.nan
    leverage: float = math.nan


@dataclass(frozen=True)
class Liquidation:
    """What became of one liquidated position.

    result: what closing brought against the bankruptcy price, the surplus (+) or loss (−). It goes to_fund
    (below 0: the fund pays; the liquidation fee is in it) and to_trader; uncovered is a loss that nobody paid: the
    exchange owes it to the winners, or must share it among all. book: what is left of it, best first.
    """

    account: Account
    mark_price: float
    bankruptcy_price: float
    closes: tuple
    result: float
    to_fund: float
    to_trader: float
    fee: float
    uncovered: float
    fund_before: float
    fund_after: float
    book: tuple

    def notional(self, how):
        """Value closed in one way ("market", "adl" or "exchange"), at the prices of the trades."""
        choice("how", how, WAYS)
        return sum(close.notional for close in self.closes if close.how == how)


@dataclass
class _Position:
    """An open position, exact. Prices as u: the price (linear) or −1/price (inverse), so that PnL = s q (u − entry)."""

    s: int
    entry: Fraction
    quantity: Fraction
    margin: Fraction

    def equity(self, u):
        return self.margin + self.s * self.quantity * (u - self.entry)

    @property
    def bankrupt(self):
        return self.entry - self.s * self.margin / self.quantity

    def close(self, quantity, u):
        """Close a part: its share of the margin, and its profit or loss, come out."""
        share = self.margin * quantity / self.quantity
        self.quantity -= quantity
        self.margin -= share
        return share + self.s * quantity * (u - self.entry)


class Venue:
    """One contract on one exchange: accounts, insurance fund, and the market, which is everybody else.

    accounts: Account objects with different names; the market holds the other side of what does not cancel
    among them, so that contracts always add up to zero. fund: what the insurance fund begins with. rule:
    how ADL ranks, see adl_score. rest_to: who keeps what is left between liquidation and bankruptcy
    price: "fund" (Bybit, BitMEX, KuCoin) or "trader" (Binance, Kraken). Then liquidation_fee, a rate on the
    value closed in the market, goes to the fund first, as far as the rest reaches.
    """

    def __init__(self, accounts, fund=0, contract="linear", rule="bitmex", rest_to="fund", liquidation_fee=0):
        self.contract = choice("contract", contract, CONTRACTS)
        self.rule = choice("rule", rule, ADL_RULES)
        self.rest_to = choice("rest to", rest_to, REST_TO)
        self._fund = _exact("fund", fund, NOT_NEGATIVE)
        self._fee = _exact("liquidation fee", liquidation_fee, RATE)
        if self._fee and rest_to == "fund":
            raise ValueError(f"liquidation fee must be 0 where the fund keeps the rest, got {liquidation_fee:.15g}")
        self._given, self._open, self._paid, self._uncovered = {}, {}, {}, Fraction(0)
        self._outside = {MARKET: [Fraction(0), Fraction(0)], EXCHANGE: [Fraction(0), Fraction(0)]}  # money, contracts
        for one in _row("accounts", accounts):
            if not isinstance(one, Account):
                raise ValueError(f"accounts must be a list of Account, got {one!r}")
            if one.name in self._given:
                raise ValueError(f"names must differ, got {one.name!r} twice")
            entry, quantity, margin = (Fraction(repr(x)) for x in (one.entry_price, one.quantity, one.margin))
            position = _Position(sign(one.side), self._turn(entry), quantity, margin)
            self._given[one.name], self._open[one.name], self._paid[one.name] = one, position, Fraction(0)
            self._trade(MARKET, -position.s * quantity, position.entry)

    @property
    def fund(self):
        """What the insurance fund has now."""
        return float(self._fund)

    @property
    def uncovered(self):
        """All losses so far that nobody paid."""
        return float(self._uncovered)

    def accounts(self):
        """The open positions, a tuple of Account with what is left of quantity and margin."""
        return tuple(self._account(name) for name in self._open)

    def balances(self, price):
        """What everyone has if positions are valued at `price`: {name: money}, with fund, market and exchange.

        An account has its margin, its profit or loss, and what was paid out to it; market and exchange start at 0.
        """
        return {name: float(money) for name, money in self._balances(self._u("price", price)).items()}

    def total(self, price):
        """The sum of `balances`, exact (a Fraction): margins + fund of the beginning, at any price and any time."""
        return sum(self._balances(self._u("price", price)).values())

    def queue(self, side, mark_price):
        """One side's ADL queue at `mark_price`, first to be closed first: a list of dicts.

        name, score, lights (5 to 1), pnl_share (PnL%), leverage (effective), bankruptcy_price (nan if there is
        none). A position without equity is not in the queue. Equal scores keep the order of the accounts.
        """
        ranked = self._ranked(sign(choice("side", side, SIDES)), self._u("mark price", mark_price))
        rows = []
        for place, (score, name, gain, leverage) in enumerate(ranked):
            one = self._account(name)
            broke = bankruptcy_price(side, one.entry_price, one.quantity, one.margin, contract=self.contract)
            rows.append({"name": name, "score": float(score), "lights": _lights(place, len(ranked))})
            rows[-1] |= {"pnl_share": float(gain), "leverage": float(leverage), "bankruptcy_price": broke}
        return rows

    def due(self, mark_price, maintenance_rate):
        """Names whose equity is down to maintenance_rate × value at the mark price: to be liquidated, the worst first."""
        u, rate = self._u("mark price", mark_price), _exact("maintenance rate", maintenance_rate, RATE)
        due = {}
        for name, one in self._open.items():
            equity, value = one.equity(u), one.quantity * abs(u)
            if equity <= rate * value:
                due[name] = equity / value
        return sorted(due, key=due.get)

    def liquidate(self, name, mark_price, book):
        """Close the position of `name` now (when, is for the caller to say) and post who gains and who pays: a Liquidation.

        mark_price: ranks and values the others. book: where the market trades against it, a list of
        (price, quantity), bids for a long and offers for a short, in any order (a quantity may be inf);
        one number is a price for any quantity; [] is no market at all.

        Four steps, each for what the one before left open: 1. the book, best price first; prices worse than
        the bankruptcy price only as far as the surplus so far and the fund can pay; 2. ADL at the bankruptcy
        price (a position that this would bankrupt in turn is passed over); 3. the rest of the book at any
        price; 4. the exchange itself, at the mark price. ValueError, before anything is posted, on bad
        input and for a position that has no bankruptcy price because its margin covers any loss.
        """
        if not isinstance(name, str) or name not in self._open:
            raise ValueError(f"name must be an account with an open position, got {name!r}")
        mark, levels = self._u("mark price", mark_price), self._levels(book)
        position, account, before = self._open[name], self._account(name), self._fund
        s, bankrupt = position.s, position.bankrupt
        if not (bankrupt > 0 if self.contract == "linear" else bankrupt < 0):
            got = f"{account.margin:.15g}"
            raise ValueError(f"the margin of {name!r} must be small enough for a bankruptcy price, got {got}")
        levels.sort(key=lambda level: -s * level[0])
        closes, result, value = [], Fraction(0), Fraction(0)

        def close(how, other, quantity, u, **more):
            nonlocal result, value
            result += position.close(quantity, u)  # margin + PnL of the part: 0 at the bankruptcy price
            value += quantity * abs(u) if how == "market" else 0
            gain = float(s * quantity * (mark - u))
            closes.append(Close(how, other, self._price(u), float(quantity), float(quantity * abs(u)), gain, **more))

        def sell(at_any_price):
            for level in levels:
                u, quantity = level[0], min(position.quantity, level[1])
                loss = s * (bankrupt - u)
                affordable = quantity if at_any_price or loss <= 0 else min(quantity, (self._fund + result) / loss)
                if affordable:
                    level[1] -= affordable
                    self._trade(MARKET, s * affordable, u)
                    close("market", MARKET, affordable, u)

        sell(at_any_price=False)
        for score, other, _, leverage in self._ranked(-s, mark):
            against = self._open[other]
            quantity = min(position.quantity, against.quantity)
            if not quantity or against.equity(bankrupt) < 0:
                continue
            pnl = -s * quantity * (bankrupt - against.entry)
            self._paid[other] += against.close(quantity, bankrupt)
            if not against.quantity:
                del self._open[other]
            close("adl", other, quantity, bankrupt, pnl=float(pnl), score=float(score), leverage=float(leverage))
        sell(at_any_price=True)
        if position.quantity:
            self._trade(EXCHANGE, s * position.quantity, mark)
            close("exchange", EXCHANGE, position.quantity, mark)
        del self._open[name]

        fee = min(max(result, 0), self._fee * value)
        to_fund = fee if self.rest_to == "trader" and result > 0 else max(result, -before)
        to_trader = max(result - to_fund, 0)
        uncovered = to_fund + to_trader - result
        self._fund += to_fund
        self._paid[name] += to_trader
        self._outside[EXCHANGE][0] -= uncovered
        self._uncovered += uncovered
        money = (float(amount) for amount in (result, to_fund, to_trader, fee, uncovered, before, self._fund))
        left = tuple((self._price(u), float(depth)) for u, depth in levels if depth)
        return Liquidation(account, self._price(mark), self._price(bankrupt), tuple(closes), *money, left)

    def _turn(self, price):
        """price → u and back."""
        return price if self.contract == "linear" else -1 / price

    def _u(self, name, price):
        return self._turn(_exact(name, price, POSITIVE))

    def _price(self, u):
        return float(self._turn(u))

    def _trade(self, who, contracts, u):
        """Post a trade to who is no account: contracts in, their price out."""
        self._outside[who][0] -= contracts * u
        self._outside[who][1] += contracts

    def _account(self, name):
        return replace(self._given[name], quantity=float(self._open[name].quantity), margin=float(self._open[name].margin))

    def _balances(self, u):
        have = {name: paid + (self._open[name].equity(u) if name in self._open else 0) for name, paid in self._paid.items()}
        return have | {FUND: self._fund} | {who: money + contracts * u for who, (money, contracts) in self._outside.items()}

    def _ranked(self, s, u):
        """(score, name, PnL%, effective leverage) of one side's positions, best first, exact."""
        rows = []
        for name, one in self._open.items():
            equity = one.equity(u)
            if one.s == s and equity > 0:
                gain, leverage = s * (u - one.entry) / abs(one.entry), one.quantity * abs(u) / equity
                growth = u / one.entry if (s > 0) == (self.contract == "linear") else one.entry / u
                rows.append((_score(self.rule, gain, leverage, growth), name, gain, leverage))
        return sorted(rows, key=lambda row: -row[0])

    def _levels(self, book):
        try:
            rows = list(book)
        except TypeError:
            rows = [(_one("book", book, POSITIVE), math.inf)]
        levels = []
        for row in rows:
            if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != 2:
                raise ValueError(f"book must be a price or a list of (price, quantity), got {row!r} in it")
            endless = isinstance(row[1], float) and row[1] == math.inf
            depth = math.inf if endless else _exact("quantity of the book", row[1], POSITIVE)
            levels.append([self._u("price of the book", row[0]), depth])
        return levels


# --- 10 October 2025 in small -------------------------------------------------------------------

# BTC on 10 October 2025: high of the day (CoinShares), then open, low and close of the five minutes from 21:15 UTC.
# And what was gone from the order books. All of it stands in data/liquidation_events.csv.
OCTOBER_10 = (122_574, 112_209, 103_800, 103_975)
DEPTH_LOST = 0.98


@dataclass(frozen=True)
class Replay:
    """rows: one dict a step; liquidations: pairs (step, Liquidation), in order; venue: as it is at the end."""

    rows: tuple
    liquidations: tuple
    venue: Venue

    def first(self, column):
        """The first step in which a column of the rows is above 0, or "fund" has fallen to 0; nan if there is none."""
        choice("column", column, tuple(self.rows[0]))
        return next((row["step"] for row in self.rows if (row[column] > 0) != (column == "fund")), math.nan)

    def summary(self):
        """What the published reports count, as a dict.

        liquidations, adl_closes: counts; market_notional, adl_notional: money; adl_share: of the two together, a
        fraction; adl_profitable: share of the ADL closes that realise a profit; adl_median_leverage: effective,
        median over these closes; fund_high, fund_end, uncovered: money. nan for a share or median of nothing.
        """
        market, adl = (sum(row[column] for row in self.rows) for column in ("market_notional", "adl_notional"))
        closes = [close for _, one in self.liquidations for close in one.closes if close.how == "adl"]
        return {
            "liquidations": len(self.liquidations),
            "adl_closes": len(closes),
            "market_notional": market,
            "adl_notional": adl,
            "adl_share": adl / (market + adl) if market + adl else math.nan,
            "adl_profitable": sum(close.pnl > 0 for close in closes) / len(closes) if closes else math.nan,
            "adl_median_leverage": median(close.leverage for close in closes) if closes else math.nan,
            "fund_high": max(row["fund"] for row in self.rows),
            "fund_end": self.venue.fund,
            "uncovered": self.venue.uncovered,
        }


def replay(
    seed=10, traders=40, prices=OCTOBER_10, steps=(60, 60, 4), fund_share=0.0005, depth_share=0.1, depth_lost=DEPTH_LOST,
    maintenance_rate=0.005, rule="bitmex",
):  # fmt: skip
    """A small 10 October 2025: leveraged longs meet a falling price, first with a full order book, then with an empty one.

    traders: so many longs at 2x to 50x and as many shorts at 0.05x to 5x, of the same sizes, drawn with `seed`
    (leverage evenly over its logarithm; opened near prices[0], at most half of the margin won or lost since).
    prices: the mark price goes in straight lines from one to the next, in so many `steps` each. The book of
    each step has bids every 0.2 % down to −10 %; within 1 % lie depth_share of all longs' coins, and from
    prices[1] on depth_lost of that is missing. fund_share: fund at the start, as a share of all longs' notional.
    rule: see adl_score; liquidation when equity is down to maintenance_rate × value; the fund keeps the rest.

    The price path is given, positions are drawn, all else is computed. Nothing is fitted to the published
    shares: compare the shape, not the digits. Returns a Replay; its rows have step, price, depth (coins within
    1 %), liquidations, market_notional, adl_notional, exchange_notional, adl_closes, fund, uncovered (both so
    far), longs and shorts (still open).
    """
    seed, traders = _whole("seed", seed, 0), _whole("traders", traders, 1)
    fund_share, depth_share = _one("fund share", fund_share, NOT_NEGATIVE), _one("depth share", depth_share, NOT_NEGATIVE)
    depth_lost = _one("depth lost", depth_lost, Range(low=0, high=1))
    _one("maintenance rate", maintenance_rate, Range(low=0, high=0.01, open_high=True))
    path, calm = _path(prices, steps)
    accounts = _crowd(Random(seed), traders, path[0])
    coins = sum(one.quantity for one in accounts[:traders])
    venue = Venue(accounts, round(fund_share * coins * path[0], 2), rule=rule)
    rows, liquidations = [], []
    for step, price in enumerate(path):
        depth = depth_share * coins * (1 if step <= calm else 1 - depth_lost)
        book = [(price * (1 - 0.002 * k), depth / 5) for k in range(1, 51)] if depth else []
        now = []
        while due := venue.due(price, maintenance_rate):
            now.append(venue.liquidate(due[0], price, book))
            book = now[-1].book
        liquidations += [(step, one) for one in now]
        sides = [one.s for one in venue._open.values()]
        row = {"step": step, "price": price, "depth": depth, "liquidations": len(now)}
        row |= {f"{how}_notional": sum(one.notional(how) for one in now) for how in WAYS}
        row |= {"adl_closes": sum(close.how == "adl" for one in now for close in one.closes)}
        row |= {"fund": venue.fund, "uncovered": venue.uncovered, "longs": sides.count(1), "shorts": sides.count(-1)}
        rows.append(row)
    return Replay(tuple(rows), tuple(liquidations), venue)


def adl_by_ticker():
    """Hyperliquid on 10 October 2025, 20 tickers, as published, with one column more: a DataFrame.

    adl_share: ADL notional / (notional liquidated in the market + ADL notional), a fraction.
    """
    from leverage_lab import data

    table = data.load("hyperliquid_adl_2025-10-10")
    table["adl_share"] = table["adl_notional_usd"] / (table["liq_notional_usd"] + table["adl_notional_usd"])
    return table


def _crowd(draw, traders, start):
    """Longs, then shorts of the same sizes: 1 to 100 coins, most of them small."""
    accounts, sizes = [], [round(1 + 99 * draw.random() ** 3, 3) for _ in range(traders)]
    for side, low, high in (("long", 2, 50), ("short", 0.05, 5)):
        for n, size in enumerate(sizes, start=1):
            leverage = low * (high / low) ** draw.random()
            entry = round(start * (1 + (2 * draw.random() - 1) * min(0.5 / leverage, 0.03)), 2)
            accounts.append(Account(f"{side} {n}", side, entry, size, round(size * entry / leverage, 2)))
    return accounts


def _path(prices, steps):
    """The price of every step, and how many steps the first leg has."""
    prices = [_one("prices", price, POSITIVE) for price in _row("prices", prices)]
    steps = [_whole("steps", count, 1) for count in _row("steps", steps)]
    if len(prices) < 2 or len(steps) != len(prices) - 1:
        raise ValueError(f"prices must be at least 2 and steps one fewer, got {len(prices)} prices and {len(steps)} steps")
    path = prices[:1]
    for start, end, count in zip(prices, prices[1:], steps):
        path += [start + (end - start) * k / count for k in range(1, count + 1)]
    return path, steps[0]


# --- bad input ------------------------------------------------------------------------------------


def _row(name, values):
    try:
        return list(values)
    except TypeError:
        raise ValueError(f"{name} must be a list, got {values!r}") from None


def _one(name, value, allowed):
    name = name.replace("_", " ")
    value = number(name, value, allowed)
    if not isinstance(value, float):
        raise ValueError(f"{name} must be one number, got an array of shape {value.shape}")
    return value


def _whole(name, value, low):
    value = _one(name, value, Range(low=low))
    if value != int(value):
        raise ValueError(f"{name} must be a whole number, got {value:.15g}")
    return int(value)


def _exact(name, value, allowed):
    """The decimal a float prints as, as a fraction."""
    return Fraction(repr(_one(name, value, allowed)))
