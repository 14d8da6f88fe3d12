"""Binance: USDⓈ-M futures, fapi v1. Leverage brackets and fees are not public here, so they are not in it."""

from .answers import Refusal, Unknown, limited, number
from .world import HOUR, MINUTE, text

VENUE = "Binance"
HOSTS = ("fapi.binance.com",)
STEPS = {
    "1m": 1,
    "3m": 3,
    "5m": 5,
    "15m": 15,
    "30m": 30,
    "1h": 60,
    "2h": 120,
    "4h": 240,
    "6h": 360,
    "8h": 480,
    "12h": 720,
    "1d": 1440,
}

ERRORS = {
    "404": (404, "<html><body><h2>404 Not found</h2></body></html>"),
    "429": (429, {"code": -1003, "msg": "Too many requests; current limit of IP is 2400 requests per minute."}),
    "500": (500, {"code": -1000, "msg": "An unknown error occurred while processing the request."}),
    "403": (451, {"code": 0, "msg": "Service unavailable from a restricted location according to the terms of use."}),
    "error": (200, {"code": -1001, "msg": "Internal error; unable to process your request. Please try again."}),
}


def answer(world, host, path, query):
    match path.removeprefix("/fapi/v1/"):
        case "ping":
            return {}
        case "time":
            return {"serverTime": world.now_ms}
        case "exchangeInfo":
            symbols = [symbol(name, one) for name, one in world.listed(VENUE).items()]
            return {
                "timezone": "UTC",
                "serverTime": world.now_ms,
                "rateLimits": [],
                "exchangeFilters": [],
                "symbols": symbols,
            }
        case "premiumIndex":
            if "symbol" in query:
                return premium(world, known(world, query))
            return [premium(world, name) for name in world.listed(VENUE)]
        case "fundingInfo":
            return [info(name, one) for name, one in world.listed(VENUE).items() if one.interval_hours != 8]
        case "fundingRate":
            return history(world, known(world, query), query)
        case "klines":
            return klines(world, known(world, query), query, mark=False)
        case "markPriceKlines":
            return klines(world, known(world, query), query, mark=True)
    raise Unknown


def known(world, query):
    if query.get("symbol") not in world.listed(VENUE):
        raise Refusal(400, {"code": -1121, "msg": "Invalid symbol."})
    return query["symbol"]


def symbol(name, one):
    pair, _, date = name.partition("_")
    quote = pair[-4:]
    return {
        "symbol": name, "pair": pair, "contractType": "CURRENT_QUARTER" if date else "PERPETUAL",
        "deliveryDate": 1_798_185_600_000 if date else 4_133_404_800_000, "onboardDate": 1_569_398_400_000,
        "status": "TRADING",
        "maintMarginPercent": "2.5000", "requiredMarginPercent": "5.0000", "baseAsset": one.asset, "quoteAsset": quote,
        "marginAsset": quote, "pricePrecision": 7, "quantityPrecision": 3, "baseAssetPrecision": 8, "quotePrecision": 8,
        "underlyingType": "COIN", "underlyingSubType": [], "triggerProtect": "0.0500", "liquidationFee": "0.012500",
        "marketTakeBound": "0.05", "orderTypes": ["LIMIT", "MARKET"], "timeInForce": ["GTC", "IOC"],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.0000001", "maxPrice": "5000000", "tickSize": "0.0000001"},
            {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "1000", "stepSize": "0.001"},
            {"filterType": "MIN_NOTIONAL", "notional": "50"},
        ],
    }  # fmt: skip


def premium(world, name):
    price = world.mark(VENUE, name, world.now_ms // MINUTE * MINUTE - MINUTE, MINUTE)[3]
    return {
        "symbol": name, "markPrice": text(price), "indexPrice": text(price), "estimatedSettlePrice": text(price),
        "lastFundingRate": text(world.running_rate(VENUE, name)), "interestRate": "0.00010000",
        "nextFundingTime": world.next_settlement(VENUE, name), "time": world.now_ms,
    }  # fmt: skip


def info(name, one):
    """Only contracts whose interval, cap or floor was changed are listed there."""
    return {
        "symbol": name, "adjustedFundingRateCap": "0.02000000", "adjustedFundingRateFloor": "-0.02000000",
        "fundingIntervalHours": one.interval_hours, "disclaimer": False, "updateTime": None,
    }  # fmt: skip


def history(world, name, query):
    """Oldest first: from startTime on if it is given, else the newest."""
    since, limit = number(query, "startTime"), limited(query, "limit", 100, 1000)
    rates = world.settled(VENUE, name, since, number(query, "endTime"))
    rates = rates[-limit:] if since is None else rates[:limit]
    price = world.contracts[VENUE][name].price
    return [
        {"symbol": name, "fundingTime": ms, "fundingRate": text(rate), "markPrice": text(price)} for ms, rate in rates
    ]


def klines(world, name, query, mark):
    if query.get("interval") not in STEPS:
        raise Refusal(400, {"code": -1120, "msg": "Invalid interval."})
    limit = number(query, "limit", 500)
    if not 1 <= limit <= 1500:
        raise Refusal(400, {"code": -1130, "msg": "Data sent for parameter 'limit' is not valid."})
    step = STEPS[query["interval"]] * MINUTE
    since = number(query, "startTime")
    rows = []
    for ms in world.times(step, since, number(query, "endTime"), limit, newest=since is None):
        bar = world.mark(VENUE, name, ms, step) + (0.0,) if mark else world.candle(VENUE, name, ms, step)
        rows.append([ms, *map(text, bar), ms + step - 1, text(bar[3] * bar[4]), step // HOUR + 1, "0", "0", "0"])
    return rows
