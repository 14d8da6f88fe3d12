"""MEXC: contract API v1 and the list of spot symbols, which ccxt asks for too."""

from .answers import BLOCKED, Refusal, Unknown, limited, number
from .world import MINUTE

VENUE = "MEXC"
HOSTS = ("api.mexc.com", "contract.mexc.com")
STEPS = {"Min1": 1, "Min5": 5, "Min15": 15, "Min30": 30, "Min60": 60, "Hour4": 240, "Hour8": 480, "Day1": 1440}
ROWS = 2000

ERRORS = {
    "404": (404, {"success": False, "code": 404, "message": "Not found"}),
    "429": (429, {"success": False, "code": 510, "message": "Requests are too frequent, please try again later"}),
    "500": (500, {"success": False, "code": 500, "message": "Internal error"}),
    "403": (403, BLOCKED),
    "error": (200, {"success": False, "code": 500, "message": "Internal error"}),
}


def answer(world, host, path, query):
    if path == "/api/v3/exchangeInfo":
        return {"timezone": "UTC", "serverTime": world.now_ms, "rateLimits": [], "symbols": [spot("BTC"), spot("ETH")]}
    if path == "/api/v1/contract/detail":
        listed = world.listed(VENUE)
        if "symbol" in query:
            return done(detail(query["symbol"], known(world, query["symbol"])))
        return done([detail(name, one) for name, one in listed.items()])
    part = path.removeprefix("/api/v1/contract/")
    if part == "funding_rate/history":
        return done(history(world, query))
    if part.startswith("funding_rate/"):
        return done(current(world, part.split("/")[1]))
    for prefix, mark in (("kline/fair_price/", True), ("kline/", False)):
        if part.startswith(prefix) and "/" not in part.removeprefix(prefix):
            return done(klines(world, part.removeprefix(prefix), query, mark))
    raise Unknown


def done(data):
    return {"success": True, "code": 0, "data": data}


def known(world, name):
    try:
        return world.listed(VENUE)[name]
    except KeyError:
        raise Refusal(200, {"success": False, "code": 1001, "message": "Contract does not exist"}) from None


def spot(asset):
    return {
        "symbol": f"{asset}USDT", "status": "1", "baseAsset": asset, "baseAssetPrecision": 6, "quoteAsset": "USDT",
        "quotePrecision": 2,
        "quoteAssetPrecision": 2, "baseCommissionPrecision": 6, "quoteCommissionPrecision": 2,
        "orderTypes": ["LIMIT", "MARKET"],
        "isSpotTradingAllowed": True, "isMarginTradingAllowed": False, "quoteAmountPrecision": "1",
        "baseSizePrecision": "0.000001",
        "permissions": ["SPOT"], "filters": [], "maxQuoteAmount": "4000000", "makerCommission": "0.0007",
        "takerCommission": "0.0009",
    }  # fmt: skip


def detail(name, one):
    """The limits either level by level (CUSTOM) or as a first level and what each further one adds (INCREASE)."""
    base, quote = name.split("_")
    first = one.tiers[0]
    custom = [
        {
            "level": level,
            "maxVol": tier.cap,
            "mmr": tier.rate,
            "imr": 1 / tier.max_leverage,
            "maxLeverage": tier.max_leverage,
        }
        for level, tier in enumerate(one.tiers, 1)
    ]
    adds = increments(one.tiers)
    shape = {"riskLimitMode": "CUSTOM", "riskLimitCustom": custom} if adds is None else {"riskLimitMode": "INCREASE"}
    volume, maintenance, initial = adds or (0, 0, 0)
    return {
        "symbol": name, "displayNameEn": f"{name} PERPETUAL", "positionOpenType": 3, "baseCoin": base,
        "quoteCoin": quote,
        "settleCoin": quote, "futureType": 1, "contractSize": one.contract_size, "minLeverage": 1,
        "maxLeverage": one.max_leverage,
        "countryConfigContractMaxLeverage": 0, "priceScale": 1, "volScale": 0, "amountScale": 4, "priceUnit": 0.1,
        "volUnit": 1,
        "minVol": 1, "maxVol": first.cap, "bidLimitPriceRate": 0.2, "askLimitPriceRate": 0.2,
        "takerFeeRate": one.taker, "makerFeeRate": one.maker,
        "maintenanceMarginRate": first.rate, "initialMarginRate": 1 / one.max_leverage,
        "riskBaseVol": one.tiers[-1].cap if adds is None else first.cap, "riskIncrVol": volume,
        "riskLongShortSwitch": 0,
        "riskIncrMmr": maintenance, "riskIncrImr": initial, "riskLevelLimit": 1 if adds is None else len(one.tiers),
        "priceCoefficientVariation": 0.004, "state": 0, "isNew": False, "isHot": False, "isHidden": False,
        "riskLimitType": "BY_VOLUME", **shape, "apiAllowed": True, "isZeroFeeRate": one.taker == 0,
    }  # fmt: skip


def increments(tiers):
    """What each level adds (volume, maintenance, initial), if they all add the same; else None."""
    pairs = list(zip(tiers, tiers[1:], strict=False))
    adds = {
        (b.cap - a.cap, round(b.rate - a.rate, 8), round(1 / b.max_leverage - 1 / a.max_leverage, 6)) for a, b in pairs
    }
    return adds.pop() if len(adds) == 1 else None


def current(world, name):
    one = known(world, name)
    return {
        "symbol": name, "fundingRate": world.running_rate(VENUE, name), "maxFundingRate": 0.0018,
        "minFundingRate": -0.0018,
        "collectCycle": one.interval_hours, "nextSettleTime": world.next_settlement(VENUE, name),
        "timestamp": world.now_ms,
    }  # fmt: skip


def history(world, query):
    name = query.get("symbol", "")
    one = known(world, name)
    newest = world.settled(VENUE, name)[::-1]
    size, page = limited(query, "page_size", 20, 1000), number(query, "page_num", 1)
    rows = [
        {"symbol": name, "fundingRate": rate, "settleTime": ms, "collectCycle": one.interval_hours}
        for ms, rate in newest[(page - 1) * size : page * size]
    ]
    return {
        "pageSize": size,
        "totalCount": len(newest),
        "totalPage": -(-len(newest) // size),
        "currentPage": page,
        "resultList": rows,
    }


def klines(world, name, query, mark):
    known(world, name)
    if query.get("interval", "Min1") not in STEPS:
        raise Refusal(200, {"success": False, "code": 600, "message": "Parameter error"})
    step = STEPS[query.get("interval", "Min1")] * MINUTE
    since, until = (
        1000 * value if value is not None else None for value in (number(query, "start"), number(query, "end"))
    )
    times = world.times(step, since, until, ROWS, newest=since is None)
    bars = [world.mark(VENUE, name, ms, step) + (0.0,) if mark else world.candle(VENUE, name, ms, step) for ms in times]
    columns = {word: [bar[place] for bar in bars] for place, word in enumerate(("open", "high", "low", "close", "vol"))}
    return {"time": [ms // 1000 for ms in times], **columns, "amount": [bar[3] * bar[4] for bar in bars]}
