"""Models of chapter 1 (and of the first panel of chapter 0)."""

from leverage_lab import data
from leverage_lab.classroom.models import Result
from leverage_lab.leverage import (
    account_change,
    compounded,
    gain_to_recover,
    isolated_pnl,
    notional,
    pnl,
    price_for_roe,
    price_move,
    quantity,
    roe,
)
from leverage_lab.words import amount, money, percent, plain, price, times

ENTRY = 100.0  # where only the percentages count, the price starts at 100


def _outcome(side, margin, leverage, move, account):
    """One isolated linear position after a price move; the numbers most panels share."""
    if margin > account:
        raise ValueError(f"margin must be at most the account of {money(account)}, got {money(margin)}")
    now = ENTRY * (1 + move)
    coins = quantity(margin, leverage, ENTRY)
    paper = pnl(side, coins, ENTRY, now)
    kept = isolated_pnl(side, coins, ENTRY, now, margin)
    return Result(
        side=side,
        margin=margin,
        leverage=leverage,
        move=move,
        account=account,
        notional=notional(coins, ENTRY),
        paper=paper,
        pnl=kept,
        roe=kept / margin,
        account_change=account_change(kept, account),
        gone_at=-1 / leverage if side == "long" else 1 / leverage,
        gone=paper <= -margin * (1 - 1e-12),
    )


def _moved(move):
    if move == 0:
        return "The price stands still"
    return f"The price {'rises' if move > 0 else 'falls'} {percent(abs(move))}"


def _happened(r):
    """The second half of most sentences: what the move did, in dollars and in three percentages."""
    if r.gone and r.paper < -r.margin * (1 + 1e-9):
        return (
            f"{_moved(r.move)}: {money(r.paper, signed=True)} on paper, but the margin was used up at "
            f"{percent(r.gone_at, signed=True)} and the position closed. {money(r.margin)} is lost: "
            f"−100\u00a0% of the margin, {percent(r.account_change, signed=True)} of the {money(r.account)} account."
        )
    end = " The margin is used up." if r.gone else ""
    return (
        f"{_moved(r.move)}: {money(r.pnl, signed=True)}, which is {percent(r.roe, signed=True)} of the margin and "
        f"{percent(r.account_change, signed=True)} of the {money(r.account)} account, before fees.{end}"
    )


def first_touch(margin, leverage):
    """Chapter 0: what one percent against you does."""
    r = _outcome("long", margin, leverage, -0.01, account=1000)
    r.sentence = f"{money(margin)} at {times(leverage)} moves {money(r.notional)}. {_happened(r)}"
    return r


def bought(account, margin, leverage, move):
    """What margin and leverage buy, and what a price move does to it."""
    r = _outcome("long", margin, leverage, move, account)
    r.sentence = f"{money(margin)} at {times(leverage)} is a position of {money(r.notional)}. {_happened(r)}"
    return r


def payoff(side, leverage, move):
    """Return on margin over the price move, long and short."""
    r = _outcome(side, 100.0, leverage, move, account=1000)
    other = _outcome("short" if side == "long" else "long", 100.0, leverage, move, account=1000)
    r.sentence = (
        f"{times(leverage)} {side} with $100 of margin. {_happened(r)} "
        f"A {other.side} would stand at {percent(other.roe, signed=True)} of its margin."
    )
    return r


POSITION, MARGIN, WALLET = 5000.0, 100.0, 1000.0


def same_position(leverage, move):
    """The same $5,000 position at any leverage: only the margin, and the price where it ends, change."""
    r = _outcome("long", POSITION / leverage, leverage, move, WALLET)
    r.lines = {rung: POSITION / rung for rung in (5, 20, 100)}
    r.sentence = f"{money(POSITION)} at {times(leverage)} locks {money(r.margin)} of the {money(WALLET)}. {_happened(r)}"
    return r


def same_margin(leverage, move):
    """The same $100 of margin at any leverage: the position, and so every dollar figure, grows."""
    r = _outcome("long", MARGIN, leverage, move, WALLET)
    r.lines = {rung: MARGIN for rung in (5, 20, 100)}
    r.sentence = f"{money(MARGIN)} at {times(leverage)} is a position of {money(r.notional)}. {_happened(r)}"
    return r


def account_line(margin, leverage, moves):
    """Change of the account in dollars over an array of price moves: what the pair's picture draws."""
    return isolated_pnl("long", quantity(margin, leverage, ENTRY), ENTRY, ENTRY * (1 + moves), margin)


STABLECOINS = ("USDT", "USDC", "USDe", "DAI")  # of the snapshot


def room(asset, margin, leverage):
    """How much of a coin that is, and how often a day's move was larger than the room."""
    coin = data.asset(asset)
    coins = quantity(margin, leverage, coin.price)
    width = 1 / leverage
    changes = {symbol: a.change_24h for symbol, a in data.assets().items()}
    further = [symbol for symbol, change in changes.items() if abs(change) > width * (1 + 1e-12)]
    stable = [symbol for symbol in STABLECOINS if symbol not in further]
    if len(stable) > (len(changes) - len(further)) / 2:  # then the number says more about dollars than about prices
        stayed = f" Of the {len(changes) - len(further)} that did not, {len(stable)} are stablecoins ({', '.join(stable)}), made to stay at a dollar."
    else:
        stayed = ""
    if coin.change_24h:
        own = f"{coin.name} moved {percent(coin.change_24h, signed=True)}, {plain(abs(coin.change_24h) / width)} times that room"
    else:
        own = f"{coin.name} did not move"
    return Result(
        asset=coin,
        coins=coins,
        room=width,
        changes=changes,
        further=further,
        dates=data.whole(data.SNAPSHOT, "Prices"),
        sentence=(
            f"{money(margin)} at {times(leverage)} buys {amount(coins, coin.symbol)} at {price(coin.price)}, a position of "
            f"{money(notional(coins, coin.price))}. A move of {percent(width)} against you uses up the margin. In the 24 hours before "
            f"4 August 2025 {own}; of all {len(changes)} assets {len(further)} moved further than {percent(width)}.{stayed}"
        ),
    )


def inverse(side, leverage, move):
    """The same bet in dollars (linear) and in coins (inverse)."""
    now = ENTRY * (1 + move)
    linear, coin = (max(-1.0, roe(side, leverage, ENTRY, now, contract)) for contract in ("linear", "inverse"))
    ends = [price_for_roe(side, leverage, ENTRY, -1, contract) for contract in ("linear", "inverse")]
    linear_end, inverse_end = (_end(end) for end in ends)
    return Result(
        side=side,
        leverage=leverage,
        move=move,
        linear=linear,
        inverse=coin,
        sentence=(
            f"{times(leverage)} {side}. {_moved(move)}: {percent(linear, signed=True)} of the margin in dollars on the linear contract, "
            f"{percent(coin, signed=True)} of the margin in coins on the inverse one. "
            f"The margin is used up {linear_end} (linear) and {inverse_end} (inverse)."
        ),
    )


def _end(at):
    if at != at:
        return "at no price"
    if at == 0:
        return "only if the coin becomes worthless"
    return f"at {percent(price_move(ENTRY, at), signed=True)}"


def return_line(side, leverage, moves, contract):
    """Return on margin over an array of price moves, never below −1."""
    return roe(side, leverage, ENTRY, ENTRY * (1 + moves), contract).clip(min=-1)


def rounds(leverage, move, pairs):
    """All of $100 staked again and again: up by `move`, then down by `move`."""
    pairs = int(pairs)
    steps = [roe("long", leverage, ENTRY, ENTRY * (1 + (move if i % 2 == 0 else -move))) for i in range(2 * pairs)]
    returns = [max(-1.0, step) for step in steps]
    values = [100 * compounded(returns[:n]) for n in range(len(returns) + 1)]
    spot = [100 * compounded(([move, -move] * pairs)[:n]) for n in range(len(returns) + 1)]
    left, kept = values[-1], spot[-1]
    times_word = "once" if pairs == 1 else f"{pairs} times"
    if left <= 0:
        back = "No gain brings back nothing."
    elif left < 100 * (1 - 1e-12):
        back = f"To be back at $100 takes {percent(gain_to_recover(1 - left / 100), signed=True)}."
    else:
        back = "Nothing moved, nothing is lost."
    return Result(
        leverage=leverage,
        move=move,
        values=values,
        spot=spot,
        sentence=(
            f"{percent(move, signed=True)}, then {percent(-move)}, {times_word}, all of it staked at {times(leverage)} each time: "
            f"$100 becomes {money(left)} ({money(kept)} without leverage). {back}"
        ),
    )
