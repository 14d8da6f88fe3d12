"""Coinbase International Exchange: API v1. The greatest leverage is one over `base_imf`; fees are not public."""

from .answers import Refusal, Unknown, limited, number
from .world import HOUR, MINUTE, digits, iso, ms_of, text

VENUE = "Coinbase"
HOSTS = ("api.international.coinbase.com",)
STEPS = {
    "ONE_MINUTE": 1, "FIVE_MINUTE": 5, "FIFTEEN_MINUTE": 15, "THIRTY_MINUTE": 30, "ONE_HOUR": 60, "TWO_HOUR": 120, "SIX_HOUR": 360,
    "ONE_DAY": 1440,
}  # fmt: skip
ROWS = 300


def problem(status, title):
    return {"type": "about:blank", "title": title, "status": status, "detail": title, "instance": ""}


ERRORS = {
    "404": (404, problem(404, "Not Found")),
    "429": (429, problem(429, "Too Many Requests")),
    "500": (500, problem(500, "Internal Server Error")),
    "403": (403, problem(403, "Forbidden")),
    "error": (200, problem(503, "Service Unavailable")),
}


def answer(world, host, path, query):
    match path.strip("/").split("/"):
        case ["api", "v1", "instruments"]:
            return [instrument(world, name) for name in world.listed(VENUE)]
        case ["api", "v1", "instruments", name]:
            return instrument(world, known(world, name))
        case ["api", "v1", "instruments", name, "funding"]:
            return history(world, known(world, name), query)
        case ["api", "v1", "instruments", name, "candles"]:
            return {"aggregations": candles(world, known(world, name), query)}
    raise Unknown


def known(world, name):
    if name not in world.listed(VENUE):
        raise Refusal(404, problem(404, "Instrument not found"))
    return name


def identity(name):
    return text(100_000 + sum(map(ord, name)))


def instrument(world, name):
    one = world.contracts[VENUE][name]
    kind = "PERP" if name.endswith("-PERP") else "SPOT"
    price = text(world.mark(VENUE, name, world.now_ms // MINUTE * MINUTE - MINUTE, MINUTE)[3])
    return {
        "instrument_id": identity(name), "instrument_uuid": "", "symbol": name, "type": kind, "mode": "STANDARD",
        "base_asset_id": identity(one.asset), "base_asset_uuid": "", "base_asset_name": one.asset, "quote_asset_id": "1",
        "quote_asset_uuid": "", "quote_asset_name": "USDC", "base_increment": "0.0001", "quote_increment": "0.0000001",
        "price_band_percent": "0.05", "market_order_percent": "0.01", "qty_24hr": "60000", "notional_24hr": "5000000000",
        "avg_daily_qty": "60000", "avg_daily_notional": "5000000000", "avg_30day_notional": "150000000000", "avg_30day_qty": "1800000",
        "previous_day_qty": "60000", "open_interest": "1300", "position_limit_qty": "3000", "position_limit_adq_pct": "0.05",
        "position_notional_limit": "50000000", "open_interest_notional_limit": "500000000", "replacement_cost": "0.2",
        "base_imf": text(digits(1 / one.max_leverage)), "default_imf": text(digits(2 / one.max_leverage)), "min_notional_value": "10",
        "funding_interval": text(one.interval_hours * HOUR * 1_000_000), "trading_state": "TRADING", "base_asset_multiplier": "1.0",
        "underlying_type": "SPOT",
        "quote": {
            "best_bid_price": price, "best_bid_size": "1", "best_ask_price": price, "best_ask_size": "1", "trade_price": price,
            "trade_qty": "1", "index_price": price, "mark_price": price, "settlement_price": price, "limit_up": price, "limit_down": price,
            "predicted_funding": text(world.running_rate(VENUE, name)), "timestamp": iso(world.now_ms),
        },
    }  # fmt: skip


def history(world, name, query):
    limit, offset = limited(query, "result_limit", 25, 100), number(query, "result_offset", 0)
    rates = world.settled(VENUE, name)[::-1][offset : offset + limit]
    price = text(world.contracts[VENUE][name].price)
    rows = [{"instrument_id": identity(name), "funding_rate": text(rate), "mark_price": price, "event_time": iso(ms)} for ms, rate in rates]
    return {"pagination": {"result_limit": limit, "result_offset": offset}, "results": rows}


def candles(world, name, query):
    """Newest first; of more bars than 300 the newest."""
    if query.get("granularity") not in STEPS or "start" not in query:
        raise Refusal(400, problem(400, "Invalid granularity or start"))
    step = STEPS[query["granularity"]] * MINUTE
    until = ms_of(query["end"]) if "end" in query else None
    rows = []
    for ms in reversed(world.times(step, ms_of(query["start"]), until, ROWS)):
        opened, high, low, closed, volume = map(text, world.candle(VENUE, name, ms, step))
        rows.append({"start": iso(ms), "open": opened, "high": high, "low": low, "close": closed, "volume": volume})
    return rows
