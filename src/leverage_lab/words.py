"""Numbers as a reader sees them, and back: money, percent, prices, counts, times.

Thousands with commas, minus as −, percent with a space. The space is a no-break one, so that a
number and its unit stay on one line.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from decimal import ROUND_HALF_UP, Decimal
from unicodedata import normalize

SPACE = "\u00a0"
MINUS = "\u2212"


def plain(value, decimals=2, significant=3):
    """A number with commas and at most `decimals`; small ones keep `significant` digits. No trailing zeros; half up."""
    if not math.isfinite(value):
        raise ValueError(f"a number to print must be finite, got {value}")
    if value and abs(value) < 10 ** (significant - 1 - decimals):
        decimals = significant - 1 - math.floor(math.log10(abs(value)))
    text = f"{rounded(abs(value), decimals):,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 and text != "0" else "") + text


def rounded(value, decimals):
    """Rounded as by hand: 0.125 to 0.13, and 39.975 to 39.98 though the float is 39.97499…; unchanged from 1e15 on."""
    if abs(value) >= 1e15:
        return value
    return Decimal(repr(round(float(value), decimals + 6))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def money(value, signed=False):
    """$5,000 · $4.50 · −$10 · $0.0012. signed: a gain gets its + too."""
    cents = abs(value) < 1_000_000
    return _signed(_dollar(_whole_cents(plain(value, decimals=2 if cents else 0))), value, signed)


def price(value):
    """A price with as many digits as its size asks for: $114,400 · $0.7379 · $0.00001232."""
    return _dollar(_whole_cents(plain(value, decimals=2 if value >= 100 else 4, significant=4)))


def percent(value, signed=False, decimals=2):
    """A fraction as percent: 0.002 is 0.2 %, −0.617 is −61.7 %."""
    return _signed(plain(100 * value, decimals=decimals, significant=2) + SPACE + "%", value, signed)


def times(value):
    """Leverage: 500x, 12.5x."""
    return plain(value, decimals=2) + "x"


def amount(value, unit, signed=False):
    """An amount of a coin, six digits: 0.0437063 BTC."""
    text = plain(value, decimals=max(0, 5 - math.floor(math.log10(abs(value)))) if value else 0)
    return _signed(text + SPACE + unit, value, signed)


def plural(count, one, many=None):
    """A count with its word: 1 day, 2 days, 1,440 minutes. many: where an s is not enough ("one is", "many are")."""
    return f"{plain(count)} {one if count == 1 else many or one + 's'}"


def clock(seconds):
    """14:05, the time of day of seconds since a midnight or since 1970 (UTC)."""
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}"


def lasting(seconds):
    """A duration in words: 5 minutes, 3 hours, 2 hours 5 minutes, 30 seconds, 2 days."""
    if seconds and seconds % 86_400 == 0:
        return plural(seconds // 86_400, "day")
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    return " ".join(plural(count, word) for count, word in parts if count) or "no time"


def with_article(shown):
    """The number with its article, as read aloud: a 20x, an 8x, an 11x, an $18,000. To start with it: .capitalize()."""
    whole = re.match(r"\$?([\d,]*)", shown)[1].replace(",", "")
    vowel = whole.startswith("8") or (whole[:2] in ("11", "18") and len(whole) % 3 == 2)
    return f"{'an' if vowel else 'a'} {shown}"


def sentence(text):
    """Words, or an error's, as a sentence: with a capital letter and a full stop."""
    return f"{str(text)[0].upper()}{str(text)[1:]}."


def after_sign(shown):
    """A number after × or another sign: a negative one in brackets, (−1 %)."""
    return f"({shown})" if shown.startswith(MINUS) else shown


# What Python reads


class Code(str):
    """A piece of Python."""


def literal(value):
    """A number or text as one types it in Python: 0.005, 100, "long", None; read back, it is the same."""
    if isinstance(value, Code):
        return value
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if value is None or isinstance(value, bool):
        return repr(value)
    number = float(value)
    return repr(int(number) if number.is_integer() and abs(number) < 1e15 else number)


def call(function, *values, **named):
    """A call as one types it: pnl("long", 2, 100, 90). Values may be lists, or calls themselves."""
    parts = [literal(value) for value in values] + [f"{name}={literal(value)}" for name, value in named.items()]
    return Code(f"{function.__name__}({', '.join(parts)})")


# What a person types

UNITS = dict.fromkeys(("$", "us$", "usd", "usdt", "usdc", "dollar", "dollars"), "$")
UNITS |= dict.fromkeys(("%", "percent", "per cent", "pct", "p.c"), "%")
UNITS |= dict.fromkeys(("x", "times", "fold", ":1"), "x") | {"\u20bf": "BTC"}
BASIS_POINTS = ("bp", "bps", "basis point", "basis points")
SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
LONGEST = 80
ABOUT = r"^(=|\u2248|~|(ca|circa|c|about|around|roughly|approx|approximately)\b\.?)\s*"
UNIT = r"per cent|p\.c|basis points?|us\$|[%$\u20ac\u00a3\u20bf]|:\s*1(?![\d.,])|[a-z]{1,12}"
ONE = re.compile(
    rf"([+-]?)\s*({UNIT})?\s*([+-]?)([\d.,]+(?:e[+-]?\d+)?)\s*(?:({'|'.join(SCALES)})(?![a-z]))?[\s-]*({UNIT})?",
    re.IGNORECASE,
)
SUM = re.compile(r"(us\$|\$)?\s*([-\d.,()+*/^\s]+?)\s*(us\$|\$|[a-z]{1,12})?", re.IGNORECASE)


def read_number(text):
    """What a person typed, as (number, unit). ValueError if it is no number.

    Reads 5,000 · 5 000 · 12,34,567 · $5,000 · USD 5000 · 5k · 20 million · 20x · x20 · 20:1 · 0,05 · −3 · minus 3 ·
    5 % and 500 bps (both 0.05) · about 5 · 1e-5 · 10 USDT · 120*40*0.0005. unit: "%", "$", "x", a word in capitals such
    as "BTC", or "".
    """
    return readings(text)[0]


def readings(text):
    """All possible readings, the likeliest first: "4,725" is 4725, or 4.725 where people write a decimal comma."""
    raw = str(text).strip()
    tidy = re.sub("[\u2013\u2014\u2212]", "-", normalize("NFKC", raw[: LONGEST + 1]))  # full-width signs too
    tidy = re.sub(r"(?<=\w|[%$])\s*[.!]$", "", re.sub(ABOUT, "", tidy, flags=re.IGNORECASE))
    tidy = re.sub(r"^(minus|plus)\s+", lambda word: {"m": "-", "p": "+"}[word[1][0].lower()], tidy, flags=re.IGNORECASE)
    tidy = re.sub(r"(?<=\d)[\s_\u202f\u00a0'\u2019](?=\d{3}(?!\d))", "", tidy)
    tidy = re.sub(r"(?<=[\d)])\s*[x\u00d7\u00b7]\s*(?=[\d(])", "*", tidy, flags=re.IGNORECASE).replace("\u00d7", "x")
    found = [] if len(tidy) > LONGEST else _one(tidy) or _sum(tidy)
    if not found or not all(math.isfinite(value) for value, _ in found):
        raise ValueError(f"that is not a number: {raw!r}")
    return found


def _one(tidy):
    """Readings of one number with its sign and unit; [] if it is none."""
    match = ONE.fullmatch(tidy)
    if not match or (match[1] and match[3]):
        return []
    unit, before, points = _unit(match[6]), _unit(match[2]), (match[6] or "").lower() in BASIS_POINTS
    if before and unit not in ("", before):  # $5 USD says it twice, $5 % is nothing
        return []
    unit = "%" if points else unit or before
    scale = SCALES.get((match[5] or "").lower(), 1) * (-1 if "-" in (match[1], match[3]) else 1)
    scale /= 10_000 if points else 100 if unit == "%" else 1
    try:
        return [(scale * float(digits), unit) for digits in _decimals(match[4])]
    except ValueError:
        return []


def _sum(tidy):
    """The reading of a small calculation such as 120*40*0.0005, with at most one unit; [] if it is none."""
    match = SUM.fullmatch(tidy)
    if not match or (match[1] and match[3]) or _unit(match[3]) == "%":
        return []
    plain_digits = re.sub(r"\d[\d.,]*", lambda number: _decimals(number[0])[0], match[2]).replace("^", "**")
    try:
        return [(_computed(ast.parse(plain_digits.strip(), mode="eval").body), _unit(match[1] or match[3]))]
    except (SyntaxError, ValueError, ArithmeticError, KeyError):
        return []


SIGNS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def _computed(node):
    """The value of a calculation, in floats; all but +, −, *, / and powers of numbers raises ValueError or KeyError."""
    if isinstance(node, ast.BinOp):
        value = SIGNS[type(node.op)](_computed(node.left), _computed(node.right))
        if isinstance(value, float):  # no root of a negative number
            return value
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.UnaryOp):
        return -_computed(node.operand)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    raise ValueError("not a calculation")


def _unit(word):
    word = re.sub(r":\s*1", ":1", (word or "").lower())
    return UNITS.get(word, word.upper())


def _decimals(digits):
    """The digits with a decimal point and without thousands, as Python reads them: one or two ways."""
    if re.fullmatch(r"[1-9]\d{0,2}[,.]\d{3}", digits):
        thousands, decimal = re.sub("[,.]", "", digits), digits.replace(",", ".")
        return [thousands, decimal] if "," in digits else [decimal, thousands]
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d*)?(e[+-]?\d+)?", digits, re.IGNORECASE):  # 12,34,567 too
        return [digits.replace(",", "")]
    if re.fullmatch(r"[1-9]\d{0,2}((\.\d{3})+,\d+|(\.\d{3}){2,})", digits):
        return [digits.replace(".", "").replace(",", ".")]
    return [digits.replace(",", ".") if digits.count(",") == 1 and "." not in digits else digits]


def _whole_cents(text):
    """$4.5 is written $4.50."""
    return text + "0" if re.fullmatch(r".?[\d,]+\.\d", text) else text


def _dollar(text):
    return MINUS + "$" + text[1:] if text.startswith(MINUS) else "$" + text


def _signed(text, value, signed):
    return "+" + text if signed and value > 0 else text
