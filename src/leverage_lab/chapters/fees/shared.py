"""What several panels of this chapter use."""

from functools import cache

from leverage_lab import data
from leverage_lab.claims import LOAN
from leverage_lab.exchanges import exchange, fact, of_facts
from leverage_lab.panelkit import palette
from leverage_lab.panelkit.controls import Slider, steps
from leverage_lab.words import MINUS, money, plain

PRICE = 100.0  # it stands still


MARGIN = 100.0  # so that a dollar is a percent of it


USUAL = 0.0001  # funding for 8 hours: the interest part of Binance's and Bybit's rule (0.03 % a day)


A_DAY = 3  # settlements, every 8 hours


def hours_word(hours):
    return "half an hour" if hours == 0.5 else "1 hour" if hours == 1 else f"{plain(hours)} hours"


def after_sign(text):
    """A number as it follows a sign of arithmetic: a negative one in brackets."""
    return f"({text})" if text.startswith(MINUS) else text


def bill(value):
    """A cost at the end of a step: a negative one is received."""
    return money(value) + (": received" if value < 0 else "")


OWN, TIMES, DAILY = float(LOAN["margin"]), LOAN["leverage"], LOAN["rate"]  # the fee article's case


@cache
def printed_daily():
    """What the fee article prints for a day's interest, in dollars (claim F03)."""
    return float(data.load("article_claims").set_index("id").article_value["F03"])


@cache
def article_dates():
    return data.whole("article_claims", "Our transcript of the article")


@cache
def fee_rates():
    """Maker and taker rate of the waterfall: OKX perpetuals, lowest tier, as in data/fees.csv."""
    okx = exchange("OKX")
    return {"maker": okx.maker_fee, "taker": okx.taker_fee}


@cache
def okx_dates():
    """When these are from. Spread and funding are examples, and the picture says so."""
    return of_facts([fact("OKX", "maker_fee"), fact("OKX", "taker_fee")], "OKX's fees")


def title(picture, below=""):
    """A line at the top that moves, and a quiet one under it that does not."""
    if below:
        picture.figure.text(0.02, 0.885, below, va="top", **palette.QUIET)
    return picture.add_text(picture.figure, 0.02, 0.975, "", **palette.TITLE)


def days(high, start, low=0):
    return Slider("days", "days", steps(low, high, 1), start, whole=True)
