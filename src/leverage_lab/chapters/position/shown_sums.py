"""The sum behind a number, in money and with the numbers of the position it is shown of."""

from __future__ import annotations

import re
from functools import partial

from leverage_lab import leverage, liquidation
from leverage_lab.words import MINUS, amount, money, percent, plain

PRICES = ("liquidation_price", "bankruptcy_price", "break_even_price")


def priced(position, value):
    """A number with as many digits as the one shown."""
    digits = next((n for n in range(12) if 10.0**-n <= position.unit * 1.001), 12)
    text = plain(value, digits, 1)
    text += "0" if re.fullmatch(r".*\.\d", text) else ""  # $4.40, not $4.4
    if position.kind in PRICES or position.contract == "linear":
        return f"{MINUS}${text[1:]}" if text.startswith(MINUS) else f"${text}"
    return f"{text} {position.asset or 'coins'}"


def paid(position, value):
    return money(value) if position.contract == "linear" else amount(value, position.asset or "coins")


def share(value):
    return percent(value, decimals=4)


def derived(position, hit):
    """The sum behind a number, in money, with the numbers of this position."""
    x, rules = position.example(hit.rules, hit.extra), hit.rules
    quantity, in_money = x.inputs.get("quantity", 1.0), partial(paid, position)
    value = leverage.notional(quantity, x.entry, x.contract)
    kind = position.kind
    if kind == "unrealised_pnl":
        return f"From {_p(x.entry)} to {_p(x.mark)} on {plain(quantity, 8)} that is {in_money(hit.value)}."
    if kind == "trading_fee":
        return f"{share(rules['fee_rate'])} of {in_money(value)} is {in_money(hit.value)}."
    if kind == "initial_margin":
        reserve = hit.value - value / x.inputs["leverage"]
        kept = f" and {in_money(reserve)} kept for the closing fee" if reserve > 1e-12 * value else ""
        return f"{in_money(value)} / {plain(x.inputs['leverage'])} = {in_money(value / x.inputs['leverage'])}{kept}."
    if kind == "maintenance_margin":
        return f"{in_money(hit.value)} = {_required(position, x, rules, x.mark)}."
    if kind == "break_even_price":
        gain = leverage.pnl(x.side, quantity, x.entry, hit.value, x.contract)
        what = plain(quantity, 8) if "quantity" in x.inputs else "one coin" if x.contract == "linear" else "one dollar"
        return f"From {_p(x.entry)} to {_p(hit.value)} {what} gains {in_money(gain)}: as much as the fees cost."
    return _left(position, x, rules, hit.value)


def _left(position, x, rules, price):
    """Margin less loss leaves what is required, at a liquidation or bankruptcy price."""
    in_money = partial(paid, position)
    setting = x.rules()[0] if x.kind == "liquidation_price" else x.fee_rules()
    margin, (others, need) = x.margin(setting), x.others()
    loss = -leverage.pnl(x.side, x.quantity, x.entry, price, x.contract)
    one = "" if "quantity" in x.inputs else f"For one {'coin' if x.contract == 'linear' else 'dollar'}: "
    moved = "lost" if loss >= 0 else "gained"
    sums = f"{one}At that price the margin of {in_money(margin)} has {moved} {in_money(abs(loss))}"
    if others or need:
        sums += f", the other positions have {in_money(others)} and need {in_money(need)}"
    left = margin - loss + others - need
    if x.kind == "bankruptcy_price":
        return f"{sums}{f', and {in_money(left)} pays the closing fee' if left > 1e-9 * margin else ': all of it'}."
    return f"{sums}; the {in_money(left)} left is {_required(position, x, rules, price)}."


def _required(position, x, rules, price):
    """0.5 % of $118,616 − $50 + a closing fee of $2."""
    if "maintenance_margin" in rules:
        return "the maintenance margin that is shown"
    at = x.entry if rules["maintenance_basis"] == "entry" else price
    value = leverage.notional(x.quantity, at, x.contract)
    text = f"{share(rules['maintenance_rate'])} of {paid(position, value)}"
    if rules.get("maintenance_deduction"):
        text += f" − {paid(position, rules['maintenance_deduction'])}"
    if "closing_fee_basis" not in rules:
        return text
    if x.kind == "maintenance_margin":
        fee = x.closing_fee(price)
    else:
        setting, margin = x.rules()[0], x.margin(x.rules()[0])
        at = (x.side, x.entry, x.quantity, margin, price)
        fee = float(liquidation.closing_fee(*at, setting, x.contract, x.others()[0]))
    return f"{text} + a closing fee of {paid(position, fee)}"


def _p(value):
    return f"${plain(value, 4, 6)}"
