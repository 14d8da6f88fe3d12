"""Seven of the eight exchanges, three perpetuals each, and their clients: public endpoints only, no keys, no orders.

ccxt knows the addresses, the pages of long answers and how often one may ask; what is in an answer is
read by answers.py. `LEVERAGE_LAB_API=http://127.0.0.1:8000` sends every question to that address instead,
with the exchange's host as the first part of the path (how the tests ask a server of their own).
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from leverage_lab.checks import choice

MISSING = "fresh numbers need one more package, ccxt: make live, or python -m pip install -e '.[live]' in the checkout"
OVERRIDE = "LEVERAGE_LAB_API"
PAUSES = (1, 2, 4)  # seconds before each retry
MANY = 5000  # answers per client: the largest job needs some 300
LONGEST = 30  # seconds to wait at most when an exchange says how long (Retry-After)


@dataclass(frozen=True)
class Venue:
    """One exchange: its class in ccxt, its perpetuals as it writes them (BTC, ETH, a small coin), its documentation."""

    name: str
    client: str
    contracts: tuple
    source: str
    link: str = ""
    options: dict = field(default_factory=dict)
    closed: str = ""  # why it is no longer asked


VENUES = {
    venue.name: venue
    for venue in (
        Venue(
            "MEXC",
            "mexc",
            ("BTC_USDT", "ETH_USDT", "BIO_USDT"),
            "MEXC contract API",
            "https://www.mexc.com/api-docs/futures/market-endpoints/get-contract-info",
        ),
        Venue(
            "Binance",
            "binanceusdm",
            ("BTCUSDT", "ETHUSDT", "1000PEPEUSDT"),
            "Binance USDⓈ-M futures API",
            "https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info",
        ),
        Venue(
            "OKX",
            "okx",
            ("BTC-USDT-SWAP", "ETH-USDT-SWAP", "BONK-USDT-SWAP"),
            "OKX API v5",
            "https://www.okx.com/docs-v5/en/",
            {"fetchMarkets": {"types": ["swap"]}},
        ),
        Venue(
            "Bybit",
            "bybit",
            ("BTCUSDT", "ETHUSDT", "RVNUSDT"),
            "Bybit API v5",
            "",
            {"fetchMarkets": {"types": ["linear"]}},
        ),
        Venue(
            "Bitget",
            "bitget",
            ("BTCUSDT", "ETHUSDT", "1000SATSUSDT"),
            "Bitget API v2",
            "",
            {"fetchMarkets": {"types": ["swap"]}},
        ),
        Venue(
            "KuCoin",
            "kucoinfutures",
            ("XBTUSDTM", "ETHUSDTM", "WAXPUSDTM"),
            "KuCoin futures API",
            "https://www.kucoin.com/docs-new",
        ),
        Venue(
            "Kraken",
            "krakenfutures",
            ("PF_XBTUSD", "PF_ETHUSD", "PF_PEPEUSD"),
            "Kraken futures API",
            "https://docs.kraken.com/api-reference/instrument-details/get-instruments",
        ),
        Venue(
            "Coinbase",
            "",
            (),
            "",
            closed=(
                "Coinbase International Exchange has been read-only since 2026-10-01 (it moved to Deribit), "
                "says its API documentation: it is not asked"
            ),
        ),
    )
}


ASKED = tuple(venue.name for venue in VENUES.values() if not venue.closed)


def venue(name):
    """The Venue of this name, in upper or lower case; ValueError lists the names, or says why it is not asked."""
    known = {word.upper(): word for word in VENUES}
    key = name.strip().upper() if isinstance(name, str) else name
    if key not in known:
        choice("exchange", name, ASKED)
    if VENUES[known[key]].closed:
        raise ValueError(VENUES[known[key]].closed)
    return VENUES[known[key]]


def client(name, timeout=10):
    """A ccxt client of one exchange: no keys, its own rate limit.

    timeout: seconds for one answer. ModuleNotFoundError with one sentence where the extra is not installed.
    """
    try:
        import ccxt
    except ModuleNotFoundError:
        raise ModuleNotFoundError(MISSING) from None
    asked = venue(name)
    made = getattr(ccxt, asked.client)(
        {"enableRateLimit": True, "timeout": round(1000 * timeout), "options": asked.options}
    )
    made.has["fetchCurrencies"] = False  # it needs keys, and we do not need it
    made.userAgent = "leverage-lab"
    made.session.max_redirects = 0  # no answer from another host
    made.fetch_spot_markets = lambda params={}: []  # MEXC's client loads them too, and fails if they do
    made.answers = 0
    made.on_rest_response = lambda status, reason, url, method, headers, body, *asked: _heard(
        made, status, headers, body
    )
    if base := os.environ.get(OVERRIDE):
        made.urls["api"] = _elsewhere(made.urls["api"], base.rstrip("/"))
    return made


def _heard(made, status, headers, body):
    """The same at every exchange: too busy, out of order, or half an answer, which ccxt takes for an empty list."""
    import ccxt

    made.last_response_headers = headers  # `patiently` looks for Retry-After there
    made.answers += 1
    if made.answers > MANY:
        raise ValueError("its pages do not end")  # not ccxt's error, which would be retried
    if status in (418, 429):
        raise ccxt.RateLimitExceeded(f"{made.id} {status}")
    if status >= 500:
        raise ccxt.ExchangeNotAvailable(f"{made.id} {status}")
    try:
        json.loads(body)
    except ValueError:
        if status == 200:
            raise ccxt.NetworkError(f"{made.id}: no JSON") from None
    return body.strip()


def patiently(made, ask, sleep=time.sleep):
    """The result of `ask()`, with up to three retries where they may help, no sooner than the exchange allows.

    made: the client. Raises the last error (`said` puts it into words).
    """
    import ccxt

    left = list(PAUSES)
    while True:
        made.last_response_headers = None
        try:
            return ask()
        except (ccxt.OperationFailed, ccxt.ExchangeError) as error:
            if isinstance(error, ccxt.ExchangeError) and type(error) is not ccxt.ExchangeError:
                raise  # ccxt has no name for some that pass, such as MEXC's 510, too many requests
            if isinstance(error, ccxt.RequestTimeout) or made.last_response_headers is None:
                left = left[:1]  # no network: do not wait long
            if not left:
                raise
        sleep(_wait(made, left.pop(0)))


def _wait(made, pause):
    """Seconds: as long as the exchange says (Retry-After), within reason."""
    asked = {name.lower(): value for name, value in (made.last_response_headers or {}).items()}.get("retry-after", "")
    try:
        wait = float(asked)
    except ValueError:
        try:
            wait = parsedate_to_datetime(asked).timestamp() - made.milliseconds() / 1000
        except (TypeError, ValueError):
            wait = pause
    return min(max(wait, pause), LONGEST)


def said(error):
    """What went wrong, in one short sentence without addresses or whole answers."""
    import ccxt

    kinds = (
        (ccxt.RateLimitExceeded, "it asks us to wait too long (too many requests)"),
        (ccxt.RequestTimeout, "no answer in time"),
        (ccxt.OnMaintenance, "it is under maintenance"),
        (ccxt.AuthenticationError, "it needs a key for this, or does not answer from where you are"),
        (ccxt.ExchangeNotAvailable, "it could not be reached, or does not answer from where you are"),
        (ccxt.NetworkError, "it could not be reached, or its answer did not come whole"),
        (ccxt.BadSymbol, "it does not know this contract"),
        (ccxt.NotSupported, "it does not publish this"),
        (ccxt.BaseError, "it refused the question"),
    )
    for kind, words in kinds:
        if isinstance(error, kind):
            return words
    return f"its answer cannot be read ({type(error).__name__})"


def _elsewhere(urls, base):
    """The same addresses below `base`, each with its host as the first part of the path."""
    if isinstance(urls, dict):
        return {name: _elsewhere(url, base) for name, url in urls.items()}
    return urls.replace("https://", f"{base}/")
