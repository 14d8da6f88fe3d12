"""KuCoin: futures API v1."""

from .answers import Refusal, Unknown, number
from .world import HOUR, MINUTE

VENUE = "KuCoin"
HOSTS = ("api-futures.kucoin.com",)
STEPS = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 10080)
ROWS = 200  # 500 in newer pages of the documentation; who asks for less gets along with both
RATES = 100

ERRORS = {
    "404": (404, {"code": "404000", "msg": "Url Not Found"}),
    "429": (429, {"code": "429000", "msg": "Too Many Requests"}),
    "500": (500, {"code": "500000", "msg": "Internal Server Error"}),
    "403": (403, {"code": "400302", "msg": "Our services are currently unavailable in your region."}),
    "error": (200, {"code": "500000", "msg": "Internal Server Error"}),
}


def answer(world, host, path, query):
    part = path.removeprefix("/api/v1/")
    if part == "timestamp":
        return done(world.now_ms)
    if part == "contracts/active":
        return done([contract(world, name) for name in world.listed(VENUE)])
    if part == "kline/query":
        return done(klines(world, known(world, query.get("symbol")), query))
    if part == "contract/funding-rates":
        return done(history(world, known(world, query.get("symbol")), query))
    match part.split("/"):
        case ["contracts", "risk-limit", name]:
            return done(tiers(world, known(world, name)))
        case ["contracts", name]:
            return done(contract(world, known(world, name)))
        case ["funding-rate", name, "current"]:
            return done(current(world, known(world, name)))
    raise Unknown


def done(data):
    return {"code": "200000", "data": data}


def known(world, name):
    if name not in world.listed(VENUE):
        raise Refusal(200, {"code": "100001", "msg": "Contract does not exist"})
    return name


def contract(world, name):
    """Inverse contracts end in USDM, dated ones in a month letter and the year."""
    one = world.contracts[VENUE][name]
    inverse, dated = one.contract_size < 0, not name.endswith("M")
    quote, due = "USD" if inverse else "USDT", world.next_settlement(VENUE, name)
    funding = {
        "fundingFeeRate": world.running_rate(VENUE, name), "predictedFundingFeeRate": None,
        "fundingRateGranularity": one.interval_hours * HOUR, "currentFundingRateGranularity": one.interval_hours * HOUR,
        "nextFundingRateTime": due - world.now_ms, "nextFundingRateDateTime": due,
        "fundingFeeSettleMethod": "FROM_BALANCE",
    }  # fmt: skip
    if dated:
        funding = dict.fromkeys(funding)
    return {
        "symbol": name, "rootSymbol": quote, "type": "FFICSX" if dated else "FFWCSX",
        "firstOpenDate": 1_585_555_200_000,
        "expireDate": 1_798_185_600_000 if dated else None, "settleDate": None, "baseCurrency": one.asset,
        "quoteCurrency": quote,
        "settleCurrency": one.asset if inverse else quote, "maxOrderQty": 1_000_000, "maxPrice": 1_000_000.0,
        "lotSize": 1,
        "tickSize": 0.0000001, "indexPriceTickSize": 0.0000001, "multiplier": one.contract_size,
        "initialMargin": round(1 / one.max_leverage, 6), "maintainMargin": one.tiers[0].rate if one.tiers else 0.02,
        "maxRiskLimit": one.tiers[0].cap if one.tiers else 100, "minRiskLimit": one.tiers[0].cap if one.tiers else 100,
        "riskStep": 50_000,
        "makerFeeRate": one.maker, "takerFeeRate": one.taker, "takerFixFee": 0, "makerFixFee": 0, "settlementFee": None,
        "isDeleverage": True, "isQuanto": False, "isInverse": inverse, "markMethod": "FairPrice",
        "fairMethod": "FundingRate",
        "status": "Open", **funding, "openInterest": "8000000", "turnoverOf24h": 5.0e8, "volumeOf24h": 60000.0,
        "markPrice": one.price, "indexPrice": one.price, "lastTradePrice": one.price, "maxLeverage": one.max_leverage,
        "sourceExchanges": ["okex", "binance", "kucoin"], "lowPrice": one.price, "highPrice": one.price,
        "priceChgPct": 0.01,
        "supportCross": True, "k": 490, "m": 300, "f": 1.3, "mmrLimit": 0.3, "mmrLevConstant": one.max_leverage,
    }  # fmt: skip


def tiers(world, name):
    return [
        {
            "symbol": name, "level": level, "maxRiskLimit": tier.cap, "minRiskLimit": tier.floor,
            "maxLeverage": tier.max_leverage,
            "initialMargin": round(1 / tier.max_leverage, 6), "maintainMargin": tier.rate,
        }
        for level, tier in enumerate(world.contracts[VENUE][name].tiers, 1)
    ]  # fmt: skip


def current(world, name):
    one = world.contracts[VENUE][name]
    due, step = world.next_settlement(VENUE, name), one.interval_hours * HOUR
    return {
        "symbol": f".{name}FPI8H", "granularity": step, "timePoint": due - step,
        "value": world.running_rate(VENUE, name),
        "dailyInterestRate": 0.0003, "fundingRateCap": 0.003, "fundingRateFloor": -0.003, "period": 1,
        "fundingTime": due,
    }  # fmt: skip


def history(world, name, query):
    if number(query, "from") is None or number(query, "to") is None:
        raise Refusal(200, {"code": "100001", "msg": "from and to are required"})
    rates = world.settled(VENUE, name, number(query, "from"), number(query, "to"))[::-1][:RATES]
    return [{"symbol": name, "fundingRate": rate, "timepoint": ms} for ms, rate in rates]


def klines(world, name, query):
    """Oldest first; of more bars those nearest to `from`, or without it the newest."""
    if number(query, "granularity") not in STEPS:
        raise Refusal(200, {"code": "100001", "msg": "granularity is invalid"})
    step, since = number(query, "granularity") * MINUTE, number(query, "from")
    rows = []
    for ms in world.times(step, since, number(query, "to"), ROWS, newest=since is None):
        bar = world.candle(VENUE, name, ms, step)
        rows.append([ms, *bar, bar[3] * bar[4]])
    return rows
