"""What a search for the rules behind a number found, in sentences: each rule set with its sum, never more than that."""

from __future__ import annotations

from dataclasses import replace

from leverage_lab.chapters.position import named_rules as named
from leverage_lab.chapters.position.shown_sums import PRICES, derived, paid, priced, share
from leverage_lab.chapters.position.would_be import margin, with_rate
from leverage_lab.data import EXCHANGES
from leverage_lab.exchanges import fact
from leverage_lab.leverage import notional
from leverage_lab.words import percent, plain, plural

LISTED = 3  # matches that get a sentence of their own
ASKED = {"taker_fee": "taker fee", "maintenance_basis": "maintenance basis", "closing_fee_basis": "closing fee"}


def told(position, found):
    """Paragraphs: what gives the number or what would have to be, how much that proves, what the tables lack."""
    shown = priced(position, position.shown)
    lines = _matched(position, found, shown) if found.matches else _not_matched(position, found, shown)
    proves = (
        [_proves(found)] if found.tried and position.kind != "unrealised_pnl" else []
    )  # it follows from the prices alone
    return [*lines, *proves, *_lacking(position)]


def _matched(position, found, shown):
    count = len(found.matches)
    lead = "One rule set gives" if count == 1 else f"{count} rule sets give"
    it = "it" if count == 1 else "one of them"
    yield f"**{lead} {shown}.** Your exchange's own page must say whether it uses {it}."
    groups = {}  # sets that differ in a fee only and give the same
    for hit in found.matches:
        key = *(part.words for part in hit.parts[:-1]), f"{hit.value:.9g}"
        groups.setdefault(key, []).append(hit)
    for hit, *same in list(groups.values())[:LISTED]:
        cancels = (
            " Another closing fee, or none, changes nothing: it is kept in the margin, so it cancels out."
            if same
            else ""
        )
        yield f"**{shown}**: {rules_in_words(hit)}. {derived(position, hit)}{_rounded(position, hit)}{cancels}"
    if rest := sum(list(groups.values())[LISTED:], []):
        names = dict.fromkeys(hit.parts[0].words.split("'s ")[0] for hit in rest)
        among = ", ".join([name for name in names if name in EXCHANGES][:5])
        yield f"{len(rest)} more give it, farther from the tables{among and f', among them rules of {among}'}."


def rules_in_words(hit):
    """The parts of a rule set, each with its exchange and date."""
    parts = [part.words + (f" ({part.remark})" if part.remark else "") for part in hit.parts]
    rate = hit.rules.get("maintenance_rate")
    if rate is not None:
        parts[:2] = [*filter(None, parts[:1]), f"maintenance of {share(rate)} {parts[1]}"]
    return ", ".join(parts)


def _rounded(position, hit):
    """Which way the number shown is rounded, where that is not to the nearest."""
    off = position.shown - hit.value
    if abs(off) <= position.unit / 2 + 1e-9 * abs(position.shown):
        return ""
    exact = f"${plain(hit.value, 6)}" if position.kind in PRICES else plain(hit.value, 8)
    or_margin = ", or the margin you typed is rounded" if position.slack else ""
    return f" The exact result is {exact}; the number shown is rounded {'up' if off > 0 else 'down'}{or_margin}."


def _not_matched(position, found, shown):
    if not found.tried:
        yield "**No rule set in the tables gives such a number for this position.** Is one of the boxes wrong?"
        return
    yield f"**No rule set in the tables gives {shown}.**"
    for hit in found.rounds[:2]:
        yield f"This would give it: {_with_round(position, hit)}."
    for sentence, hit in found.slips[:1]:
        yield f"A known mistake gives it ({rules_in_words(hit)}): {sentence[0].lower()}{sentence[1:]}"
    for lead, hit in zip(("Nearest", "Next"), found.nearest):
        value = priced(position, hit.value)
        yield f"{lead}: {rules_in_words(hit)}; that is {value}. {_would_be(position, hit, shown)}"


def _with_round(position, hit):
    if not hit.extra:
        return f"{rules_in_words(hit)} (a round rate, which would have to be in your exchange's tiers)"
    more = "more" if hit.extra > 0 else "less"
    why = "added, received as funding or deducted by a tier" if hit.extra > 0 else "paid as funding or fees"
    return f"{rules_in_words(hit)}, if {paid(position, abs(hit.extra))} {more} had counted ({why})"


def _would_be(position, hit, shown):
    """What would have to be true for a rule set to give the number shown."""
    gap = position.shown - hit.value
    if position.kind == "trading_fee":
        x = position.example(hit.rules)
        rate = position.shown / notional(x.quantity, x.entry, x.contract)
        return f"For {shown} the fee would have to be {share(rate)}."
    if position.kind not in ("liquidation_price", "bankruptcy_price") or not position.shown > 0:
        return f"For {shown} the result would have to be {priced(position, abs(gap))} {'more' if gap > 0 else 'less'}."
    if margin(position, hit) <= 0:
        return f"No margin above 0 gives {shown}."
    more = "larger (margin added, funding received)" if hit.extra > 0 else "smaller (funding or fees paid from it)"
    by = paid(position, abs(hit.extra))
    if "quantity" not in position.inputs:
        by = percent(abs(hit.extra) / margin(position, replace(hit, extra=0.0)))
    text = f"For {shown} the margin would have to be {by} {more}"
    near = with_rate(position, hit) if position.kind == "liquidation_price" else None
    if near and 0 < (rate := near.rules["maintenance_rate"]) < 1:
        text += f", or the maintenance rate {share(rate)}"
    return f"{text}."


def _proves(found):
    """How often a number would be given by chance."""
    if found.chance >= 0.995:
        often = (
            "they give nearly every number near this one, so this proves nothing. Type more digits if there are more"
        )
    elif found.chance >= 0.01:
        often = f"they give about {round(100 * found.chance)} % of the numbers near this one"
    else:
        often = "they give fewer than 1 % of the numbers near this one"
    return f"{plural(found.tried, 'rule set was', 'rule sets were')} tried; {often}."


def _lacking(position):
    """What the tables do not have of the exchange named."""
    name = position.exchange
    if not name:
        return
    typed = {"taker_fee"} if position.taker_fee is not None else set()
    lacking = [words for field, words in ASKED.items() if field not in typed and fact(name, field).value is None]
    ladders = named.ladders(name)
    if not ladders:
        lacking.append("a maintenance rate that does not grow with each coin")
    elif position.asset and position.asset not in {tiers.asset for tiers in ladders}:
        lacking.append(f"tiers of {position.asset} (those of its other contracts were tried)")
    if lacking:
        yield f"Not known for {name}: {', '.join(lacking)}."
