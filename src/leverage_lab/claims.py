"""What the two articles claim, checked: `python -m leverage_lab.audit --claims`.

Every verdict comes out of a computation with the course's own functions or of a dated table, and so
does every number in its sentence; the claimed values are read from data/article_claims.csv. Where a
price is needed it is that of the snapshot of 4 August 2025. A quantity does not matter: it cancels.

    holds                    as the article says
    holds with a condition   right, but for something it leaves out
    outdated                 was right, at a date that is known
    wrong                    a number says otherwise
    advice                   an opinion; the sentence gives numbers to judge it by
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from leverage_lab import backstop, dates, fees, strategies, survival
from leverage_lab.checks import choice
from leverage_lab.data import asset, load
from leverage_lab.exchanges import COURSE, exchange, exchanges, fact, max_leverage
from leverage_lab.leverage import initial_margin, notional, pnl, price_for_roe, price_move, quantity, roe
from leverage_lab.liquidation import Rules, bankruptcy_price, liquidation_price
from leverage_lab.margin import Account, Holding, liquidate
from leverage_lab.words import amount, money, percent, plain, times

VERDICTS = ("holds", "holds with a condition", "outdated", "wrong", "advice")
EXAMPLE_MARGIN, EXAMPLE_LEVERAGE = 10, 500  # the leverage article's position: $10 at 500x
LOAN = {"margin": 10_000, "leverage": 10, "rate": 0.0003, "days": 3, "split": 0.5}  # the fee article's


@dataclass(frozen=True)
class Verdict:
    """One claim and what came of it. said: the number the article gives, None if it gives none."""

    id: str
    claim: str
    said: float | None
    verdict: str
    sentence: str


def check(claim):
    """The Verdict on one claim, "L01" … "F11"; ValueError with one sentence for another word."""
    choice("claim", claim, tuple(CHECKS))
    return next(_verdict(row) for row in load("article_claims").itertuples() if row.id == claim)


def verdicts():
    """All Verdicts, in the order of the table."""
    return [_verdict(row) for row in load("article_claims").itertuples()]


def table():
    """All Verdicts as a DataFrame by id; it says when the figures of exchanges are from that they rest on."""
    import pandas as pd

    frame = pd.DataFrame(verdicts()).set_index("id")
    facts = [fact(name, "max_leverage") for name in exchanges()]
    facts += [
        fact("MEXC", field)
        for field in ("maintenance_rate", "maintenance_basis", "taker_fee", "funding_interval_hours")
    ]
    as_of = [known.as_of for known in facts if known.value is not None] + list(load("margin_interest").as_of)
    frame.attrs["as_of"] = asdict(dates.of(as_of, whole=True))
    return frame


def _verdict(row):
    numbers = [float(part) for part in row.article_value.split("-")] if row.article_value else [None]
    said = numbers[0] if len(numbers) == 1 else tuple(numbers)
    verdict, sentence = CHECKS[row.id](said)
    return Verdict(row.id, row.claim, said, verdict, dates.in_words(sentence))


def report():
    """The verdicts as lines of text, and how many of each."""
    found = verdicts()
    lines = [f"{v.id}  {v.verdict}: {v.claim}\n     {v.sentence}" for v in found]
    counts = ", ".join(f"{sum(v.verdict == word for v in found)} {word}" for word in VERDICTS)
    return [*lines, "", f"{len(found)} claims: {counts}."]


# --- the position of the leverage article ---------------------------------------------------------


def _entry():
    return asset("BTC").price


def _coins():
    return quantity(EXAMPLE_MARGIN, EXAMPLE_LEVERAGE, _entry())


def _rules(basis=None):
    """MEXC's rules as its help pages have them, with the rate of its first tier."""
    mexc = exchange("MEXC")
    return Rules(mexc.maintenance_rate, basis or mexc.maintenance_basis)


def _room(leverage=EXAMPLE_LEVERAGE, rules=None):
    """Distance of a long's liquidation price from the entry, a fraction."""
    entry = _entry()
    coins = quantity(EXAMPLE_MARGIN, leverage, entry)
    return -price_move(entry, liquidation_price("long", entry, coins, EXAMPLE_MARGIN, rules or _rules()))


def _same(computed, said):
    return abs(computed - said) <= 1e-9 * abs(said)


def _controls(said):
    value = notional(_coins(), _entry())
    return (
        _either(_same(value, said)),
        (
            f"{money(EXAMPLE_MARGIN)} × {EXAMPLE_LEVERAGE} = {money(value)}: that is {amount(_coins(), 'BTC')} at"
            f" {money(_entry())}."
        ),
    )


def _returns(said):
    up = _entry() * 1.002
    gain, known = roe("long", EXAMPLE_LEVERAGE, _entry(), up), fact("MEXC", "taker_fee")
    taker = known.value
    net = fees.realised_pnl("long", _coins(), _entry(), up, taker, taker) / EXAMPLE_MARGIN
    verdict = "holds with a condition" if _same(gain, said) and net < gain else _either(_same(gain, said))
    return (
        verdict,
        (
            f"+0.2 % × {EXAMPLE_LEVERAGE} is {percent(gain)} of the margin before fees. MEXC's taker fee is"
            f" {percent(taker)} each way ({known.as_of}); that leaves {percent(net)}, {money(net * EXAMPLE_MARGIN)} of"
            f" {money(gain * EXAMPLE_MARGIN)}."
        ),
    )


def _liquidates(said):
    gone = -price_move(_entry(), price_for_roe("long", EXAMPLE_LEVERAGE, _entry(), -1))
    verdict = "holds" if _same(_room(), said) else "holds with a condition" if _room() < said else "wrong"
    return (
        verdict,
        (
            f"After a fall of {percent(gone)} (the bankruptcy price) the {money(EXAMPLE_MARGIN)} is used up. But with a"
            f" maintenance rate of {percent(_rules().maintenance)} the position is liquidated after only"
            f" {percent(_room())}: {money(_room() * _entry())} on {money(_entry())}."
        ),
    )


def _stop_risks(said):
    stop, taker = 0.999 * _entry(), exchange("MEXC").taker_fee
    check = strategies.stop_check("long", _entry(), stop, _coins(), EXAMPLE_MARGIN, _rules())
    filled = -fees.realised_pnl("long", _coins(), _entry(), stop, taker, taker)
    return (
        _either(check.first == "stop" and filled <= said),
        (
            f"The price move alone costs {money(-pnl('long', _coins(), _entry(), stop))}; with MEXC's taker fees the"
            f" loss is {money(filled)}, more than the article says, even if the stop is filled. And liquidation is"
            f" {percent(check.liquidation_distance)} away, at the trigger price of the stop; if that comes first,"
            f" {money(EXAMPLE_MARGIN)} is lost."
        ),
    )


def _judge_by(leverage):
    move = survival.adverse_move(leverage, 0.004)
    early, late = (percent(survival.measured("long", move, 24, years), decimals=1) for years in survival.TABLES)
    return f"at {times(leverage)} ({percent(move)} away) {early} and {late}"


def _advice(said):
    leverages = said if isinstance(said, tuple) else (said,)
    told = "; ".join(_judge_by(leverage) for leverage in leverages)
    return (
        "advice",
        (
            "Share of BTC longs liquidated within a day (maintenance 0.4 %), over all opening hours of "
            f"{survival.EARLIER} and of {survival.LATER}: {told}."
        ),
    )


# --- the maxima -----------------------------------------------------------------------------------


def _maximum(name, condition=""):
    """Of one exchange: holds if it is the newest known, on condition if it is that of a region, outdated if an older
    row has it, else wrong."""

    def check(said):
        known = fact(name, "max_leverage")
        history = load("leverage_history")
        history = history[history.exchange == name]
        rows = history[history.max_leverage == said].sort_values("as_of", ascending=False)
        regions = history[history.symbol.str.endswith(")")].sort_values("as_of", ascending=False)
        now = f"{times(known.value)} ({_seen(known)})"
        if said == known.value:
            return (
                "holds with a condition" if condition else "holds"
            ), f"{name} allows {times(known.value)} on its BTC perpetual ({_seen(known)}){condition}."
        if len(regions) and regions.max_leverage.iloc[0] == said:
            here = regions.iloc[0]
            where = here.symbol.partition("(")[2].removesuffix(")")
            return (
                "holds with a condition",
                f"{name} allows {times(said)} in the {where} ({_seen(here)}); elsewhere the newest figure is {now}.",
            )
        if len(rows):
            last = rows.iloc[0]
            seen = (
                f"last seen {'on' if len(last.as_of) == 10 else 'in'} {_seen(last)}"
                if last.as_of
                else "on an undated page"
            )
            return "outdated", f"{name} had {times(said)} on {last.symbol}, {seen}. The newest figure for BTC is {now}."
        return "wrong", f"No source shows {times(said)} at {name}. The newest figure is {now}."

    return check


def _others(names):
    return {name: max_leverage(name) for name in names if name != "MEXC" and max_leverage(name)}


def _seen(known):
    """When and where a figure was seen."""
    return f"{known.as_of or 'undated'}: {dates.undated(known.source)}"


def _alone_above(said):
    eight, all_ = _others(COURSE), _others(exchanges())
    best = max(eight, key=eight.get)
    more = {name: value for name, value in all_.items() if value > said}
    verdict = "wrong" if max(eight.values()) > said else "holds with a condition" if more else "holds"
    told = ", ".join(f"{name} {times(value)}" for name, value in more.items())
    return (
        verdict,
        (
            f"Of the course's eight exchanges, MEXC has {times(max_leverage('MEXC'))} and the next highest is {best}"
            f" with {times(eight[best])}. Outside the eight: {told or 'none'}."
        ),
    )


def _second_highest(said):
    top, eight, all_ = max_leverage("MEXC"), _others(COURSE), _others(exchanges())
    share, widest = max(eight.values()) / top, max(all_.values()) / top
    verdict = "wrong" if share >= said else "holds with a condition" if widest >= said else "holds"
    name = max(all_, key=all_.get)
    return (
        verdict,
        (
            f"Among the eight exchanges the second highest is {times(max(eight.values()))}: {percent(share)} of"
            f" {times(top)}. With {name} ({times(all_[name])}) it is {percent(widest)}."
        ),
    )


def _highest(said):
    all_ = {**_others(exchanges()), "MEXC": max_leverage("MEXC")}
    name = max(all_, key=all_.get)
    known = fact(name, "max_leverage")
    beyond = (
        load("risk_evidence").set_index("topic").loc["highest leverage on offer outside the exchanges of these tables"]
    )
    verdict = (
        "wrong" if name != "MEXC" or all_[name] != said else "holds with a condition" if beyond.low > said else "holds"
    )
    return (
        verdict,
        (
            f"Of the {len(all_)} exchanges in the tables, {name} has the most: {times(all_[name])} ({_seen(known)})."
            f" Outside them, {beyond.publisher}, a decentralised exchange, offered {times(beyond.low)} on BTC"
            f" ({beyond.as_of}: press)."
        ),
    )


# --- mechanics ------------------------------------------------------------------------------------


def _distance(said):
    rate = exchange("MEXC").taker_fee
    with_fee = _room(rules=Rules(_rules().maintenance, "entry", rate, "entry"))
    return (
        _either(abs(_room() - said) <= 0.1 * said),
        (
            f"{percent(said)} is the distance to the bankruptcy price. Maintenance of {percent(_rules().maintenance)}"
            f" reduces it to {percent(_room())}; where a closing fee of {percent(rate)} must remain as well,"
            f" {percent(with_fee)} is left."
        ),
    )


def _spread(said):
    eats = {width: width / _room() for width in (0.0001, 0.00001)}
    told = ", ".join(
        f"a spread of {percent(width, decimals=3)} takes {percent(share)} of it" for width, share in eats.items()
    )
    significant = [share >= 0.05 for share in eats.values()]
    verdict = "holds" if all(significant) else "holds with a condition" if any(significant) else "wrong"
    return (
        verdict,
        f"The distance to liquidation is {percent(_room())} of the price: {told}. So it depends on the coin.",
    )


def _deleveraged(said):
    """BitMEX's and MEXC's ranking, on two shorts in profit: the larger gain, and the larger gain × leverage."""
    mark = 90.0
    shorts = {"3x from 110": (110.0, 3), "50x from 95": (95.0, 50)}
    broke = {
        name: bankruptcy_price("short", entry, 1, initial_margin(1, entry, L)) for name, (entry, L) in shorts.items()
    }
    score = {name: backstop.adl_score("short", entry, mark, broke[name]) for name, (entry, _) in shorts.items()}
    gain = {name: -price_move(entry, mark) for name, (entry, _) in shorts.items()}
    first, richest = max(score, key=score.get), max(gain, key=gain.get)
    verdict = "holds" if first == richest else "holds with a condition"
    return (
        verdict,
        (
            f"BitMEX, MEXC and Hyperliquid rank by gain × leverage. At a mark price of {money(mark)}, a short at"
            f" {first} with a gain of {percent(gain[first])} of the price is closed before one at {richest} with"
            f" {percent(gain[richest])}: the scores are {plain(score[first])} and {plain(score[richest])}. KuCoin and"
            " OKX do the same (late 2025); Bitget (September 2025) and Kraken (March 2026) differ."
        ),
    )


def _rare(said):
    table = load("hyperliquid_adl_2025-10-10")
    events, moved = int(table.adl_events.sum()), table.adl_notional_usd.sum()
    share = moved / (moved + table.liq_notional_usd.sum())
    verdict = "holds with a condition" if events else "holds"
    return (
        verdict,
        (
            f"It is the last resort, but it is not always rare. On 10 October 2025, in the {len(table)} coins of"
            f" Hyperliquid in the table, {events:,} auto-deleveragings closed positions worth {money(moved)} within 12"
            f" minutes, {percent(share)} of all that was closed by force."
        ),
    )


def _isolated(said):
    lost, fee = _lost("isolated"), fees.trading_fee(notional(_coins(), _entry()), exchange("MEXC").taker_fee)
    return (
        ("wrong" if lost > EXAMPLE_MARGIN * (1 + 1e-12) else "holds with a condition"),
        (
            f"A wallet of {money(10 * EXAMPLE_MARGIN)}, of which {money(EXAMPLE_MARGIN)} is isolated margin, and BTC"
            f" down 20 %: {money(lost)} of margin is lost. The wallet also pays the fee for opening ({money(fee)} at"
            " MEXC) and may pay funding; and where margin is added automatically (a setting), that is lost as well."
        ),
    )


def _cross(said):
    lost = _lost("cross")
    return (
        _either(_same(lost, 10 * EXAMPLE_MARGIN)),
        (
            f"The same position in cross mode, with {money(10 * EXAMPLE_MARGIN)} in the wallet and BTC down 20 %:"
            f" {money(lost)} is lost, the whole wallet."
        ),
    )


def _lost(mode):
    held = Holding("BTC", "long", _entry(), _coins(), EXAMPLE_LEVERAGE, _rules(), mode=mode)
    account = Account(10 * EXAMPLE_MARGIN).open(held, {"BTC": _entry()})
    after, _ = liquidate(account, {"BTC": 0.8 * _entry()})
    return account.wallet - after.wallet


def _hedges(said):
    rise, rules = 0.1, _rules()
    result = strategies.hedge(1, _entry(), 1.1 * _entry(), opening_fee_rate=0.0002, closing_fee_rate=0.0002)
    needed = strategies.margin_for_rise(rise, 1, _entry(), rules)
    have = initial_margin(1, _entry(), 100)
    gone = price_move(_entry(), liquidation_price("short", _entry(), 1, have, rules))
    verdict = (
        "holds with a condition"
        if abs(result.direction) < 1e-6 * _entry() and gone < rise
        else _either(result.direction == 0)
    )
    return (
        verdict,
        (
            f"The direction is gone ({money(abs(round(result.direction, 2)))} left of a rise of 10 %); fees of"
            f" {money(result.fees)} and funding remain. But a 100x short with {money(have)} of margin is itself"
            f" liquidated after +{percent(gone)}; to survive +10 % it needs {money(needed)}.{_no_end()}"
        ),
    )


def _no_end():
    """The other hedge of chapter 7: one coin as the margin of an inverse short of 1x."""
    end = liquidation_price("short", _entry(), _entry(), 1, _rules("mark"), contract="inverse")
    return (
        " With the coins themselves as margin of a 1x inverse short (maintenance at the mark price), no rise"
        " liquidates it."
        if math.isnan(end)
        else ""
    )


def _tight_stop(said):
    stops = {
        share: strategies.stop_check("long", _entry(), (1 - share) * _entry(), _coins(), EXAMPLE_MARGIN, _rules())
        for share in (0.0005, 0.001)
    }
    within = [share for share, check in stops.items() if check.first == "stop"]
    verdict = "wrong" if not within else "holds" if len(within) == len(stops) else "holds with a condition"
    return (
        verdict,
        (
            f"At {times(EXAMPLE_LEVERAGE)} only a stop closer than {percent(_room())} is triggered before liquidation."
            f" One {percent(0.0005)} away is; one {percent(0.001)} away is at the liquidation price itself and may come"
            " too late. And if the price jumps over both, nothing is left."
        ),
    )


# --- the fee article ------------------------------------------------------------------------------


def _trade(price=25_000):
    """Value of the fee article's trade: 10,000 at 10x."""
    return notional(quantity(LOAN["margin"], LOAN["leverage"], price), price)


def _fee(days=1, split=1.0, basis="whole"):
    return fees.leverage_fee(LOAN["margin"], LOAN["leverage"], LOAN["rate"], days, split, basis)


def _trade_amount(said):
    price, wrong = _entry(), _entry() * LOAN["leverage"]
    return (
        _either(_same(wrong, _trade())),
        (
            f"Price × leverage leaves out the quantity: {money(price)} × 10 is {money(wrong)}, however large the trade"
            f" is. The value is margin × leverage, here {money(_trade())}."
        ),
    )


def _trade_value(said):
    return _either(_same(_trade(), said)), f"{money(LOAN['margin'])} × {LOAN['leverage']} = {money(_trade())}."


def _interest_of(days=1, split=1.0):
    def check(said):
        fee = _fee(days, split)
        sum_ = (
            f"{money(_trade())} × {percent(LOAN['rate'])}"
            + (f" × {days} days" if days > 1 else "")
            + (f" × {percent(split)}" if split < 1 else "")
        )
        return _either(_same(fee, said)), f"{sum_} = {money(fee)}, {plain(fee / said)} times what the article prints."

    return check


def _in_coin(said):
    fee = _fee(LOAN["days"], LOAN["split"])
    right = fee / 25_000
    return (
        _either(_same(right, said)),
        (
            f"{money(fee)} / {money(25_000)} = {amount(right, 'BTC')}, {plain(right / said)} times what the article"
            " prints: the earlier mistake is still in it."
        ),
    )


def _loans(**where):
    table = load("margin_interest")
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def _by_the_day(said):
    day, hour = (_loans(exchange="MEXC", accrual="started", accrual_unit_hours=unit) for unit in (24, 1))
    old = [row for row in day.itertuples() if row.product.startswith("spot")]
    new = [row for row in hour.itertuples()]
    verdict = "outdated" if old and new else "holds" if old else "wrong"
    return (
        verdict,
        (
            f"MEXC's first loans worked like that ({_seen(old[0])}). Now every started hour counts ({new[0].source}),"
            " and a future involves no loan at all."
        ),
    )


def _on_the_whole(said):
    bases = set(_loans(exchange="MEXC").charged_on) - {"no loan", ""}
    own = [row.charged_on for row in _loans(exchange="MEXC").itertuples() if row.product.startswith("spot")]
    verdict = _either(set(own) == {"whole position value"})
    return (
        verdict,
        (
            f"MEXC's own pages charge interest on the {own[0]} ({len(own)} of {len(own)}):"
            f" {money(_fee(basis='borrowed'))} a day; on the whole it would be {money(_fee())}. The tables have"
            f" {len(bases)} ways to charge it; the other one is this article's."
        ),
    )


def _formula(said):
    whole, right = (_fee(LOAN["days"], basis=basis) for basis in ("whole", "borrowed"))
    return (
        _either(_same(whole, right)),
        (
            "Its first factor should be the borrowed part, and MEXC has no term “margin split”: as a plain share of 1"
            f" it changes nothing. {LOAN['days']} days cost {money(right)}, not {money(whole)}."
        ),
    )


def _what_it_costs(said):
    row = _loans(exchange="MEXC", product="perpetual futures").iloc[0]
    hours = exchange("MEXC").funding_interval_hours
    paid = fees.funding_payment("long", _trade() / _entry(), _entry(), 0.0001)
    liabilities = load("margin_interest").query("product.str.startswith('liabilities from derivatives')")
    lent = " and ".join(f"{name}, {day}" for name, day in dict(zip(liabilities.exchange, liabilities.as_of)).items())
    verdict = _either(row.charged_on != "no loan")
    return (
        verdict,
        (
            f"The leverage of a future is not lent ({row.source}, {row.as_of}); a negative balance may be ({lent})."
            f" Holding costs funding: at 0.01 % every {plain(hours)} hours that is {money(paid)} each time,"
            f" {money(paid * 24 / hours)} a day, and a short would receive it."
        ),
    )


def _varies(said):
    rows = [
        row for row in _loans().itertuples() if row.period_hours and row.rate == row.rate and "fee" not in row.product
    ]
    daily = [row.rate * 24 / row.period_hours for row in rows]
    verdict = "holds with a condition" if max(daily) > min(daily) else "wrong"
    return (
        verdict,
        (
            f"For loans, yes: the {len(daily)} rates in the tables run from {percent(min(daily), decimals=3)} to"
            f" {percent(max(daily), decimals=3)} a day, by coin, side and exchange. The leverage of the pair decides"
            " none of them."
        ),
    )


def _either(right):
    return "holds" if right else "wrong"


CHECKS = {
    "L01": _controls, "L02": _returns, "L03": _liquidates, "L04": _stop_risks, "L05": _advice,
    "L06": _maximum("MEXC"), "L07": _maximum("Binance"), "L08": _maximum("OKX"), "L09": _maximum("Bybit"),
    "L10": _maximum("Bitget"), "L11": _maximum("KuCoin"),
    "L12": _maximum(
        "Kraken", ", outside the regions with a lower cap (2x for retail clients in 2019, 10x in the EEA in May 2025)"
    ),
    "L13": _maximum("Coinbase"), "L14": _alone_above, "L15": _second_highest, "L16": _distance, "L17": _spread,
    "L18": _deleveraged, "L19": _rare, "L20": _isolated, "L21": _cross, "L22": _hedges, "L23": _tight_stop,
    "L24": _advice, "L25": _advice, "L26": _highest,
    "F01": _trade_amount, "F02": _trade_value, "F03": _interest_of(), "F04": _interest_of(LOAN["days"]),
    "F05": _by_the_day, "F06": _interest_of(LOAN["days"], LOAN["split"]), "F07": _in_coin, "F08": _on_the_whole,
    "F09": _formula, "F10": _what_it_costs, "F11": _varies,
}  # fmt: skip
