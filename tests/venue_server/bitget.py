"""Bitget: API v2, mix (futures) market endpoints. Candles oldest first, funding newest first, numbers as strings."""

from .answers import BLOCKED, Refusal, Unknown, limited, number
from .world import HOUR, MINUTE, text

VENUE = "Bitget"
HOSTS = ("api.bitget.com",)
STEPS = {
    "1m": 1,
    "3m": 3,
    "5m": 5,
    "15m": 15,
    "30m": 30,
    "1H": 60,
    "2H": 120,
    "4H": 240,
    "6Hutc": 360,
    "12Hutc": 720,
    "1Dutc": 1440,
}
RECENT_DAYS = {1: 30, 3: 30, 5: 30, 15: 52, 30: 62, 60: 83, 120: 120, 240: 240, 360: 360}  # by minutes of a bar
ROWS = {"candles": 1000, "history-candles": 200, "history-mark-candles": 200}

ERRORS = {
    "404": (404, {"code": "40404", "msg": "Request URL NOT FOUND", "requestTime": 0, "data": None}),
    "429": (429, {"code": "429", "msg": "Too Many Requests", "requestTime": 0, "data": None}),
    "500": (500, {"code": "40725", "msg": "service return an error", "requestTime": 0, "data": None}),
    "403": (403, BLOCKED),
    "error": (200, {"code": "40725", "msg": "service return an error", "requestTime": 0, "data": None}),
}


def answer(world, host, path, query):
    if path == "/api/v2/public/time":
        return done(world, {"serverTime": text(world.now_ms)})
    part = path.removeprefix("/api/v2/mix/market/")
    questions = {
        "contracts": lambda: [contract(name, world) for name in asked(world, query)],
        "query-position-lever": lambda: tiers(world, one_of(world, query)),
        "current-fund-rate": lambda: [current(world, name) for name in asked(world, query)],
        "funding-time": lambda: [due(world, one_of(world, query))],
        "tickers": lambda: [ticker(world, name) for name in asked(world, query)],
        "history-fund-rate": lambda: history(world, one_of(world, query), query),
        **{endpoint: lambda: candles(world, one_of(world, query), part, query) for endpoint in ROWS},
    }
    if part not in questions:
        raise Unknown
    return done(world, questions[part]())


def done(world, data):
    return {"code": "00000", "msg": "success", "requestTime": world.now_ms, "data": data}


def product(name):
    return "USDC-FUTURES" if name.endswith("PERP") else "USDT-FUTURES" if name.endswith("USDT") else "COIN-FUTURES"


def asked(world, query):
    kind = query.get("productType", "").upper()
    names = [name for name in world.listed(VENUE) if product(name) == kind]
    if "symbol" in query and query["symbol"] not in names:
        raise Refusal(
            400, {"code": "40034", "msg": f"Parameter {query['symbol']} does not exist", "requestTime": 0, "data": None}
        )
    return [query["symbol"]] if "symbol" in query else names


def one_of(world, query):
    if "symbol" not in query:
        raise Refusal(
            400, {"code": "400172", "msg": "Parameter verification failed symbol", "requestTime": 0, "data": None}
        )
    return asked(world, query)[0]


def contract(name, world):
    one = world.contracts[VENUE][name]
    quote = {"USDT-FUTURES": "USDT", "USDC-FUTURES": "USDC", "COIN-FUTURES": "USD"}[product(name)]
    margin = [quote] if quote != "USD" else [one.asset, "ETH"]
    return {
        "symbol": name, "baseCoin": one.asset, "quoteCoin": quote, "buyLimitPriceRatio": "0.05",
        "sellLimitPriceRatio": "0.05",
        "feeRateUpRatio": "0.005", "makerFeeRate": text(one.maker), "takerFeeRate": text(one.taker),
        "openCostUpRatio": "0.01",
        "supportMarginCoins": margin, "minTradeNum": "0.001", "priceEndStep": "1", "volumePlace": "3",
        "pricePlace": "7",
        "sizeMultiplier": "0.001", "symbolType": "perpetual", "minTradeUSDT": "5", "maxSymbolOrderNum": "200",
        "maxProductOrderNum": "1000", "maxPositionNum": "150", "symbolStatus": "normal", "offTime": "-1",
        "limitOpenTime": "-1",
        "deliveryTime": "", "deliveryStartTime": "", "deliveryPeriod": "", "launchTime": "",
        "fundInterval": text(one.interval_hours),
        "minLever": "1", "maxLever": text(one.max_leverage), "posLimit": "0.1", "maintainTime": "",
        "maxMarketOrderQty": "220",
        "maxOrderQty": "1200",
    }  # fmt: skip


def tiers(world, name):
    return [
        {
            "symbol": name, "level": text(level), "startUnit": text(tier.floor), "endUnit": text(tier.cap),
            "leverage": text(tier.max_leverage), "keepMarginRate": text(tier.rate),
        }
        for level, tier in enumerate(world.contracts[VENUE][name].tiers, 1)
    ]  # fmt: skip


def current(world, name):
    return {
        "symbol": name, "fundingRate": text(world.running_rate(VENUE, name)),
        "fundingRateInterval": text(world.contracts[VENUE][name].interval_hours),
        "nextUpdate": text(world.next_settlement(VENUE, name)), "minFundingRate": "-0.003", "maxFundingRate": "0.003",
    }  # fmt: skip


def due(world, name):
    interval = text(world.contracts[VENUE][name].interval_hours)
    return {"symbol": name, "nextFundingTime": text(world.next_settlement(VENUE, name)), "ratePeriod": interval}


def ticker(world, name):
    price = text(world.mark(VENUE, name, world.now_ms // MINUTE * MINUTE - MINUTE, MINUTE)[3])
    return {
        "symbol": name, "lastPr": price, "askPr": price, "bidPr": price, "bidSz": "1", "askSz": "1", "high24h": price,
        "low24h": price,
        "ts": text(world.now_ms), "change24h": "0.01", "baseVolume": "60000", "quoteVolume": "5000000000",
        "usdtVolume": "5000000000",
        "openUtc": price, "changeUtc24h": "0.01", "indexPrice": price,
        "fundingRate": text(world.running_rate(VENUE, name)),
        "holdingAmount": "50000", "deliveryStartTime": None, "deliveryTime": None, "deliveryStatus": "",
        "open24h": price,
        "markPrice": price,
    }  # fmt: skip


def history(world, name, query):
    size, page = limited(query, "pageSize", 20, 100), number(query, "pageNo", 1)
    rates = world.settled(VENUE, name)[::-1][(page - 1) * size : page * size]
    return [{"symbol": name, "fundingRate": text(rate), "fundingTime": text(ms)} for ms, rate in rates]


def candles(world, name, endpoint, query):
    """Of more bars than the limit the newest; endTime excluded; the recent endpoint forgets after some weeks."""
    if query.get("granularity") not in STEPS:
        raise Refusal(
            400, {"code": "400171", "msg": "Parameter verification failed granularity", "requestTime": 0, "data": None}
        )
    minutes = STEPS[query["granularity"]]
    step, since, until = minutes * MINUTE, number(query, "startTime"), number(query, "endTime")
    if endpoint == "candles" and minutes in RECENT_DAYS:
        since = max(since or 0, world.now_ms - RECENT_DAYS[minutes] * 24 * HOUR)
    mark = "mark" in endpoint or query.get("kLineType", "").upper() == "MARK"
    rows = []
    for ms in world.times(
        step, since, None if until is None else until - 1, limited(query, "limit", 100, ROWS[endpoint])
    ):
        bar = world.mark(VENUE, name, ms, step) + (0.0,) if mark else world.candle(VENUE, name, ms, step)
        rows.append([text(ms), *map(text, bar), text(bar[3] * bar[4])])
    return rows
