"""Bybit: API v5, linear category. Newest first; lists in pages with nextPageCursor ("" on the last)."""

from .answers import BLOCKED, Refusal, Unknown, limited, number
from .world import MINUTE, text

VENUE = "Bybit"
HOSTS = ("api.bybit.com",)
STEPS = {
    "1": 1,
    "3": 3,
    "5": 5,
    "15": 15,
    "30": 30,
    "60": 60,
    "120": 120,
    "240": 240,
    "360": 360,
    "720": 720,
    "D": 1440,
}
PAGE = 20  # instruments a page; the exchange's is up to 1000, which it too had to split
TIER_PAGE = 15  # symbols a page of risk limits

ERRORS = {
    "404": (404, {"retCode": 404, "retMsg": "Request path not found", "result": {}, "retExtInfo": {}, "time": 0}),
    "429": (
        429,
        {
            "retCode": 10006,
            "retMsg": "Too many visits. Exceeded the API Rate Limit.",
            "result": {},
            "retExtInfo": {},
            "time": 0,
        },
    ),
    "500": (500, {"retCode": 10016, "retMsg": "Internal server error", "result": {}, "retExtInfo": {}, "time": 0}),
    "403": (403, BLOCKED),
    "error": (200, {"retCode": 10016, "retMsg": "Service is restarting", "result": {}, "retExtInfo": {}, "time": 0}),
}


def answer(world, host, path, query):
    part = path.removeprefix("/v5/market/")
    if part == "time":
        return done(world, {"timeSecond": text(world.now_ms // 1000), "timeNano": text(world.now_ms * 1_000_000)})
    questions = {
        "instruments-info": instruments,
        "risk-limit": risk_limits,
        "tickers": tickers,
        "funding/history": history,
        "kline": klines,
        "mark-price-kline": klines,
    }
    if part not in questions or not path.startswith("/v5/market/"):
        raise Unknown
    if query.get("category") not in ("linear", "inverse", "spot", "option"):
        raise refused("Illegal category")
    return done(world, {"category": query["category"], **questions[part](world, part, query)})


def done(world, result):
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": world.now_ms}


def refused(why):
    return Refusal(200, {"retCode": 10001, "retMsg": f"params error: {why}", "result": {}, "retExtInfo": {}, "time": 0})


def asked(world, query):
    """The contracts of the question: all of the category or one of them."""
    listed = world.listed(VENUE) if query["category"] == "linear" else {}
    if "symbol" not in query:
        return list(listed)
    if query["symbol"] not in listed:
        raise refused("Symbol Is Invalid")
    return [query["symbol"]]


def one_of(world, query):
    names = asked(world, query)
    if "symbol" not in query:
        raise refused("Symbol Is Invalid")
    return names[0]


def page(names, query, size):
    """The names of this page and the cursor of the next."""
    start = number(query, "cursor", 0)
    return names[start : start + size], text(start + size) if start + size < len(names) else ""


def instruments(world, _, query):
    names = [] if query.get("status", "Trading") != "Trading" else asked(world, query)
    names, cursor = page(names, query, min(PAGE, limited(query, "limit", 500, 1000)))
    return {"list": [instrument(name, world.contracts[VENUE][name]) for name in names], "nextPageCursor": cursor}


def instrument(name, one):
    quote = "USDC" if name.endswith("PERP") else "USDT"
    return {
        "symbol": name, "contractType": "LinearPerpetual", "status": "Trading", "baseCoin": one.asset,
        "quoteCoin": quote,
        "launchTime": "1585526400000", "deliveryTime": "0", "deliveryFeeRate": "", "priceScale": "2",
        "leverageFilter": {"minLeverage": "1", "maxLeverage": f"{one.max_leverage:.2f}", "leverageStep": "0.01"},
        "priceFilter": {"minPrice": "0.0000001", "maxPrice": "1999999.80", "tickSize": "0.0000001"},
        "lotSizeFilter": {
            "maxOrderQty": "1190.000", "minOrderQty": "0.001", "qtyStep": "0.001", "postOnlyMaxOrderQty": "1190.000",
            "maxMktOrderQty": "500.000", "minNotionalValue": "5",
        },
        "unifiedMarginTrade": True, "fundingInterval": one.interval_hours * 60, "settleCoin": quote,
        "copyTrading": "both",
        "upperFundingRate": "0.005", "lowerFundingRate": "-0.005", "isPreListing": False, "preListingInfo": None,
    }  # fmt: skip


def risk_limits(world, _, query):
    """All tiers of one symbol, or of 15 symbols a page."""
    names, cursor = page(asked(world, query), query, TIER_PAGE)
    rows = []
    for name in names:
        for level, tier in enumerate(world.contracts[VENUE][name].tiers, 1):
            rows.append(
                {
                    "id": level, "symbol": name, "riskLimitValue": text(tier.cap), "maintenanceMargin": text(tier.rate),
                    "initialMargin": text(round(1 / tier.max_leverage, 6)), "isLowestRisk": int(level == 1),
                    "maxLeverage": f"{tier.max_leverage:.2f}", "mmDeduction": text(tier.deduction) if level > 1 else "",
                }
            )  # fmt: skip
    return {"list": rows, "nextPageCursor": cursor}


def tickers(world, _, query):
    rows = []
    for name in asked(world, query):
        price = text(world.price(VENUE, name, world.now_ms))
        rows.append(
            {
                "symbol": name, "lastPrice": price, "indexPrice": price, "markPrice": price, "prevPrice24h": price,
                "price24hPcnt": "0.0100", "highPrice24h": price, "lowPrice24h": price, "prevPrice1h": price,
                "openInterest": "50000",
                "openInterestValue": "4000000000", "turnover24h": "5000000000", "volume24h": "60000",
                "fundingRate": text(world.running_rate(VENUE, name)),
                "nextFundingTime": text(world.next_settlement(VENUE, name)),
                "predictedDeliveryPrice": "", "basisRate": "", "deliveryFeeRate": "", "deliveryTime": "0",
                "ask1Size": "1",
                "bid1Price": price, "ask1Price": price, "bid1Size": "1", "basis": "",
                "fundingIntervalHour": text(world.contracts[VENUE][name].interval_hours), "fundingCap": "0.005",
            }
        )  # fmt: skip
    return {"list": rows}


def history(world, _, query):
    since, until = number(query, "startTime"), number(query, "endTime")
    if since is not None and until is None:
        raise refused("endTime is required with startTime")
    name = one_of(world, query)
    rates = world.settled(VENUE, name, since, until)[::-1][: limited(query, "limit", 200, 200)]
    return {
        "list": [{"symbol": name, "fundingRate": text(rate), "fundingRateTimestamp": text(ms)} for ms, rate in rates]
    }


def klines(world, endpoint, query):
    name = one_of(world, query)
    if query.get("interval") not in STEPS:
        raise refused("Invalid period!")
    step, since, until = STEPS[query["interval"]] * MINUTE, number(query, "start"), number(query, "end")
    limit = limited(query, "limit", 200, 1000)
    rows = []
    for ms in reversed(world.times(step, since, until, limit, newest=since is None or until is not None)):
        if endpoint == "kline":
            bar = world.candle(VENUE, name, ms, step)
            rows.append([text(ms), *map(text, bar), text(bar[3] * bar[4])])
        else:
            rows.append([text(ms), *map(text, world.mark(VENUE, name, ms, step))])
    return {"symbol": name, "list": rows}
