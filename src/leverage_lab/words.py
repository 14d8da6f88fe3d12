"""Numbers as a reader sees them, and back: money, percent, prices, times.

Thousands with commas, minus as −, percent with a space. The space is a no-break one, so that a
number and its unit stay on one line.
"""

from __future__ import annotations

import math
import re

SPACE = "\u00a0"
MINUS = "\u2212"


def plain(value, decimals=2, significant=3):
    """A number with commas and at most `decimals`; small ones keep `significant` digits. No trailing zeros."""
    if not math.isfinite(value):
        raise ValueError(f"a number to print must be finite, got {value}")
    if value and abs(value) < 10 ** (significant - 1 - decimals):
        decimals = significant - 1 - math.floor(math.log10(abs(value)))
    text = f"{abs(value):,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 and text != "0" else "") + text


def money(value, signed=False):
    """$5,000 · $4.50 · −$10 · $0.0012. signed: a gain gets its + too."""
    cents = abs(value) < 1_000_000
    text = plain(value, decimals=2 if cents else 0)
    if re.fullmatch(r".?[\d,]+\.\d", text):
        text += "0"
    return _signed(_dollar(text), value, signed)


def price(value):
    """A price with as many digits as its size asks for: $114,400 · $0.7379 · $0.00001232."""
    return _dollar(plain(value, decimals=2 if value >= 100 else 4, significant=4))


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


DOLLARS = {"$", "usd", "usdt", "usdc", "dollar", "dollars"}


def read_number(text):
    """What a person typed, as (number, unit). ValueError if it is no number.

    Understands 5,000 · 5 000 · $5,000 · 20x · 0,05 · −3 · 5 % (gives 0.05) · 1e-5 · 10 USDT.
    unit: "%", "$", "x", another word in capitals such as "BTC", or "" where none stands.
    """
    raw = str(text).strip()
    tidy = raw.replace(MINUS, "-").replace("×", "x")
    tidy = re.sub(r"(?<=\d)[\s_\u202f\u00a0](?=\d{3}(?!\d))", "", tidy)
    match = re.fullmatch(
        r"([+-]?)\s*(\$?)\s*([+-]?)([\d.,]+(?:e[+-]?\d+)?)\s*(%|\$|[a-z]{1,12})?", tidy, re.IGNORECASE
    )
    if not match or (match[1] and match[3]) or (match[2] and match[5]):
        raise ValueError(f"that is not a number: {raw!r}")
    digits = _without_commas(match[4])
    try:
        value = float((match[1] or match[3]) + digits)
    except ValueError:
        raise ValueError(f"that is not a number: {raw!r}") from None
    word = (match[2] or match[5] or "").lower()
    unit = "%" if word in ("%", "percent") else "$" if word in DOLLARS else "x" if word == "x" else word.upper()
    return (value / 100 if unit == "%" else value), unit


def _without_commas(digits):
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?(e[+-]?\d+)?", digits, re.IGNORECASE):
        return digits.replace(",", "")
    return digits.replace(",", ".") if digits.count(",") == 1 and "." not in digits else digits


def _dollar(text):
    return MINUS + "$" + text[1:] if text.startswith(MINUS) else "$" + text


def _signed(text, value, signed):
    return "+" + text if signed and value > 0 else text
