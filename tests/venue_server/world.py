"""What the exchanges would say: contracts with invented numbers, and candles made by arithmetic alone."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

MINUTE = 60_000
HOUR = 60 * MINUTE
NOW_MS = 1_795_348_800_000  # 2026-11-22 12:00 UTC


@dataclass
class Tier:
    """One step of a risk limit table; floor and cap in the exchange's own unit.

    Contracts at MEXC and OKX, quote value at Binance, Bybit, Bitget, KuCoin and Kraken.
    """

    floor: float
    cap: float
    max_leverage: float
    rate: float  # maintenance
    deduction: float = 0.0


@dataclass
class Contract:
    """One contract; `rates` are settled funding rates as (unix ms, rate), newest last."""

    asset: str
    price: float
    contract_size: float
    max_leverage: float
    maker: float
    taker: float
    interval_hours: int
    tiers: list = field(default_factory=list)
    rates: list = field(default_factory=list)
    listed: bool = True


def chance(*what):
    """A number from 0 up to 1, always the same for the same words."""
    return zlib.crc32(" ".join(map(str, what)).encode()) / 2**32


def digits(value, places=7):
    return float(f"{value:.{places}g}")


def text(value):
    """A number as exchanges write it in JSON strings: no exponent."""
    return format(Decimal(repr(value)), "f")


def iso(ms):
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ms_of(moment):
    """Unix milliseconds of an ISO 8601 time."""
    return round(datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() * 1000)


class World:
    """contracts[venue][name]; the first three of a venue are those the course asks for.

    now_ms: the time there. Set on, it lets candles appear and the running one grow;
    settled rates are as listed in the contracts.
    """

    def __init__(self, contracts=None, now_ms=NOW_MS):
        self.now_ms = now_ms
        self.contracts = default_contracts(now_ms) if contracts is None else contracts
        self.first_ms = now_ms - 400 * 24 * HOUR  # no candle is older

    def listed(self, venue):
        return {name: one for name, one in self.contracts.get(venue, {}).items() if one.listed}

    def price(self, venue, name, ms):
        """The last price at a moment, to the minute: a slow wave and a little noise."""
        minute = ms // MINUTE
        phase = 2 * math.pi * chance(venue, name)
        wave = 0.03 * math.sin(minute / 400 + phase) + 0.004 * (chance(venue, name, "price", minute) - 0.5)
        return self.contracts[venue][name].price * (1 + wave)

    def candle(self, venue, name, ms, step_ms):
        """(open, high, low, close, volume) of the bar that begins at `ms`; a bar that runs ends at now_ms."""
        end = min(ms + step_ms, self.now_ms)
        opened, closed = self.price(venue, name, ms), self.price(venue, name, end)
        high = max(opened, closed) * (1 + 0.003 * chance(venue, name, "high", ms, end))
        low = min(opened, closed) * (1 - 0.003 * chance(venue, name, "low", ms, end))
        volume = (1 + 99 * chance(venue, name, "volume", ms)) * (end - ms) / MINUTE
        return tuple(digits(value) for value in (opened, high, low, closed, volume))

    def mark(self, venue, name, ms, step_ms):
        """(open, high, low, close) of the mark price: near the candle, its extremes tamer."""
        opened, high, low, closed, _ = self.candle(venue, name, ms, step_ms)
        shift = 1 + 0.0004 * (chance(venue, name, "mark", ms) - 0.5)
        top, bottom = max(opened, closed), min(opened, closed)
        return tuple(digits(value * shift) for value in (opened, (high + top) / 2, (low + bottom) / 2, closed))

    def times(self, step_ms, since=None, until=None, limit=None, newest=True):
        """Beginnings of bars from since to until (both included), oldest first; of too many the newest (or oldest)."""
        first = -(-max(since if since is not None else 0, self.first_ms) // step_ms) * step_ms
        last = min(until if until is not None else self.now_ms, self.now_ms - 1) // step_ms * step_ms
        if limit is not None and newest:
            first = max(first, last - (limit - 1) * step_ms)
        elif limit is not None:
            last = min(last, first + (limit - 1) * step_ms)
        return list(range(first, last + 1, step_ms))

    def settled(self, venue, name, since=None, until=None):
        """Settled rates between two moments (both included), oldest first; none from the future."""
        last = self.now_ms if until is None else min(until, self.now_ms)
        return [(ms, rate) for ms, rate in self.contracts[venue][name].rates if (since or 0) <= ms <= last]

    def running_rate(self, venue, name):
        """The rate that is not settled yet."""
        return rate_at(venue, name, self.next_settlement(venue, name))

    def next_settlement(self, venue, name):
        step = self.contracts[venue][name].interval_hours * HOUR
        return (self.now_ms // step + 1) * step


def rate_at(venue, name, ms):
    return round(0.0006 * (chance(venue, name, "rate", ms) - 0.4), 8)


def ladder(levels, cap, growth, leverage, rate):
    """Tiers whose cap grows and whose leverage falls; deductions keep the maintenance margin unbroken."""
    tiers, floor, deduction, last = [], 0, 0.0, rate
    for level in range(levels):
        now = round(rate * (1 + 0.5 * level), 6)
        deduction += floor * (now - last)
        tiers.append(Tier(floor, cap, max(1, math.floor(leverage / (1 + 0.5 * level))), now, round(deduction, 4)))
        floor, last, cap = cap, now, math.ceil(cap * growth)
    return tiers


def to_one(tiers):
    """The same with a last tier at 1x, as the largest positions of some exchanges have:
    an initial margin of the whole value."""
    floor, before = tiers[-1].cap, tiers[-1]
    return [*tiers, Tier(floor, 2 * floor, 1, 0.5, round(before.deduction + floor * (0.5 - before.rate), 4))]


def stairs(levels, base, step, leverage, rate, step_rate):
    """MEXC's other way: every level adds the same volume and the same margin rates (initial: twice the maintenance)."""
    tiers, floor = [], 0
    for level in range(levels):
        initial = 1 / leverage + 2 * step_rate * level
        cap = base + level * step
        tiers.append(Tier(floor, cap, digits(1 / initial), round(rate + step_rate * level, 8)))
        floor = cap
    return tiers


@cache
def settled_rates(venue, name, hours, now_ms, number=260):
    step = hours * HOUR
    last = now_ms // step * step
    return tuple((ms, rate_at(venue, name, ms)) for ms in range(last - (number - 1) * step, last + 1, step))


# asset, price, contract size, greatest leverage, maker, taker, hours, tiers
INVENTED = {
    "MEXC": {
        "BTC_USDT": ("BTC", 81_250.0, 0.0001, 400, 0.0001, 0.0004, 8, to_one(ladder(6, 60_000, 2, 400, 0.0012))),
        "ETH_USDT": ("ETH", 2_710.0, 0.01, 250, 0.0001, 0.0004, 8, stairs(5, 250_000, 200_000, 250, 0.002, 0.002)),
        "BIO_USDT": ("BIO", 0.0612, 1, 50, 0.0001, 0.0004, 4, stairs(3, 400_000, 300_000, 50, 0.01, 0.01)),
        "SOL_USDT": ("SOL", 141.0, 0.1, 200, 0.0, 0.0002, 8, ladder(4, 90_000, 2, 200, 0.0025)),
        "BTC_USDC": ("BTC", 81_240.0, 0.0001, 75, 0.0, 0.0001, 8, ladder(3, 20_000, 3, 75, 0.006)),
    },
    "Binance": {
        "BTCUSDT": ("BTC", 81_260.0, 1, 125, 0.0002, 0.0005, 8, to_one(ladder(10, 300_000, 2, 125, 0.004))),
        "ETHUSDT": ("ETH", 2_711.0, 1, 100, 0.0002, 0.0005, 8, ladder(9, 200_000, 2, 100, 0.005)),
        "1000PEPEUSDT": ("1000PEPE", 0.00731, 1, 75, 0.0002, 0.0005, 4, ladder(6, 10_000, 3, 75, 0.0065)),
        "BTCUSDC": ("BTC", 81_255.0, 1, 100, 0.0, 0.0004, 8, []),
        "BTCUSDT_261225": ("BTC", 81_700.0, 1, 50, 0.0002, 0.0005, 8, []),
        "SOLUSDT": ("SOL", 141.1, 1, 100, 0.0002, 0.0005, 8, []),
    },
    "OKX": {
        "BTC-USDT-SWAP": ("BTC", 81_245.0, 0.01, 100, 0.0002, 0.0005, 8, to_one(ladder(12, 15_000, 1.5, 100, 0.004))),
        "ETH-USDT-SWAP": ("ETH", 2_709.0, 0.1, 75, 0.0002, 0.0005, 8, ladder(8, 9_000, 2, 75, 0.0055)),
        "BONK-USDT-SWAP": ("BONK", 0.0000131, 100_000, 50, 0.0002, 0.0005, 4, ladder(5, 1_200, 3, 50, 0.01)),
        "BTC-USD-SWAP": ("BTC", 81_230.0, 100, 80, 0.0002, 0.0005, 8, ladder(4, 50_000, 2, 80, 0.005)),
        "BTC-USDC-SWAP": ("BTC", 81_235.0, 0.0001, 60, 0.0002, 0.0005, 8, ladder(3, 500_000, 2, 60, 0.006)),
    },
    "Bybit": {
        "BTCUSDT": ("BTC", 81_255.0, 1, 100, 0.0001, 0.0006, 8, to_one(ladder(40, 2_000_000, 1.1, 100, 0.005))),
        "ETHUSDT": ("ETH", 2_712.0, 1, 90, 0.0001, 0.0006, 8, ladder(20, 1_500_000, 1.2, 90, 0.0055)),
        "RVNUSDT": ("RVN", 0.0113, 1, 25, 0.0001, 0.0006, 4, ladder(4, 20_000, 2, 25, 0.02)),
        "BTCPERP": ("BTC", 81_250.0, 1, 80, 0.0001, 0.0006, 8, ladder(5, 1_000_000, 2, 80, 0.006)),
        **{
            f"C{one}USDT": (f"C{one}", 1.0 * one, 1, 10 + one, 0.0001, 0.0006, 4, ladder(3, 5_000, 2, 10 + one, 0.02))
            for one in range(10, 50)  # so that lists come in pages
        },
    },
    "Bitget": {
        "BTCUSDT": ("BTC", 81_247.0, 1, 120, 0.0002, 0.0006, 8, to_one(ladder(9, 150_000, 2, 120, 0.004))),
        "ETHUSDT": ("ETH", 2_708.0, 1, 110, 0.0002, 0.0006, 8, ladder(8, 100_000, 2, 110, 0.0045)),
        "1000SATSUSDT": ("1000SATS", 0.0000353, 1, 30, 0.0002, 0.0006, 4, ladder(5, 5_000, 3, 30, 0.015)),
        "BTCPERP": ("BTC", 81_243.0, 1, 70, 0.0001, 0.0003, 8, ladder(3, 80_000, 2, 70, 0.006)),
        "BTCUSD": ("BTC", 81_241.0, 1, 65, 0.0002, 0.0006, 8, ladder(3, 80_000, 2, 65, 0.006)),
    },
    "KuCoin": {
        "XBTUSDTM": ("XBT", 81_252.0, 0.001, 115, 0.0002, 0.0006, 8, to_one(ladder(8, 100_000, 2, 115, 0.004))),
        "ETHUSDTM": ("ETH", 2_707.0, 0.01, 95, 0.0002, 0.0006, 8, ladder(7, 80_000, 2, 95, 0.005)),
        "WAXPUSDTM": ("WAXP", 0.0171, 10, 40, 0.0002, 0.0006, 4, ladder(4, 5_000, 2, 40, 0.0125)),
        "XBTUSDM": ("XBT", 81_238.0, -1, 85, 0.0002, 0.0006, 8, ladder(3, 20, 2, 85, 0.006)),
        "XBTMZ26": ("XBT", 81_600.0, -1, 15, 0.0002, 0.0006, 8, []),
        "SOLUSDTM": ("SOL", 140.9, 0.1, 45, 0.0002, 0.0006, 8, ladder(3, 50_000, 2, 45, 0.01)),
    },
    "Kraken": {
        "PF_XBTUSD": ("XBT", 81_220.0, 1, 50, 0.0002, 0.0005, 1, to_one(ladder(6, 500_000, 3, 50, 0.01))),
        "PF_ETHUSD": ("ETH", 2_706.0, 1, 45, 0.0002, 0.0005, 1, ladder(5, 400_000, 3, 45, 0.011)),
        "PF_PEPEUSD": ("PEPE", 0.00000729, 1, 15, 0.0002, 0.0005, 1, ladder(4, 60_000, 3, 15, 0.03)),
        "PI_XBTUSD": ("XBT", 81_215.0, 1, 35, 0.0003, 0.0006, 1, ladder(3, 500_000, 2, 35, 0.015)),
        "FF_XBTUSD_261225": ("XBT", 81_650.0, 1, 30, 0.0003, 0.0006, 1, ladder(3, 400_000, 2, 30, 0.015)),
        "PF_SOLUSD": ("SOL", 140.7, 1, 20, 0.0002, 0.0005, 1, ladder(3, 90_000, 3, 20, 0.025)),
    },
}


def default_contracts(now_ms=NOW_MS):
    return {
        venue: {
            name: Contract(
                *numbers[:7], [replace(one) for one in numbers[7]], list(settled_rates(venue, name, numbers[6], now_ms))
            )
            for name, numbers in contracts.items()
        }
        for venue, contracts in INVENTED.items()
    }
