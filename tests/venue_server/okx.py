"""OKX: API v5. Everything newest first, every number a string; `before` and `after` exclude the moment they name."""

from .answers import BLOCKED, Refusal, Unknown, limited, number
from .world import HOUR, MINUTE, text

VENUE = "OKX"
HOSTS = ("www.okx.com",)
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
RECENT = 1440  # bars that the endpoint of recent candles keeps
ROWS = {"candles": 300, "history-candles": 300, "mark-price-candles": 100, "history-mark-price-candles": 100}

ERRORS = {
    "404": (404, {"code": "404", "msg": "Not Found", "data": []}),
    "429": (429, {"code": "50011", "msg": "Too Many Requests", "data": []}),
    "500": (500, {"code": "50026", "msg": "System error. Try again later", "data": []}),
    "403": (403, BLOCKED),
    "error": (200, {"code": "50001", "msg": "Service temporarily unavailable. Try again later", "data": []}),
}


def answer(world, host, path, query):
    part = path.removeprefix("/api/v5/")
    if part == "public/time":
        return done([{"ts": text(world.now_ms)}])
    if part == "public/instruments":
        swaps = world.listed(VENUE) if query.get("instType") == "SWAP" else {}
        return done([instrument(name, one) for name, one in swaps.items() if query.get("instId") in (None, name)])
    if part == "public/position-tiers":
        return done(tiers(world, query))
    if part == "public/funding-rate":
        names = list(world.listed(VENUE)) if query.get("instId") == "ANY" else [known(world, query)]
        return done([current(world, name) for name in names])
    if part == "public/funding-rate-history":
        return done(history(world, known(world, query), query))
    if part.removeprefix("market/") in ROWS:
        return done(candles(world, known(world, query), part.removeprefix("market/"), query))
    raise Unknown


def done(data):
    return {"code": "0", "msg": "", "data": data}


def known(world, query):
    if query.get("instId") not in world.listed(VENUE):
        raise Refusal(200, {"code": "51001", "msg": "Instrument ID doesn't exist", "data": []})
    return query["instId"]


def family(name):
    return name.removesuffix("-SWAP")


def instrument(name, one):
    base, quote, _ = name.split("-")
    linear = quote != "USD"
    return {
        "instType": "SWAP", "instId": name, "instFamily": family(name), "uly": family(name), "baseCcy": "",
        "quoteCcy": "",
        "settleCcy": quote if linear else base, "ctVal": text(one.contract_size), "ctMult": "1",
        "ctValCcy": base if linear else "USD",
        "ctType": "linear" if linear else "inverse", "lever": text(one.max_leverage), "tickSz": "0.0000001",
        "lotSz": "0.01",
        "minSz": "0.01", "maxLmtSz": "100000000", "maxMktSz": "20000", "state": "live", "listTime": "1573557408000",
        "expTime": "",
        "optType": "", "stk": "", "alias": "", "category": "1", "groupId": "1", "instIdCode": 10_461,
        "ruleType": "normal",
    }  # fmt: skip


def tiers(world, query):
    for name, one in world.listed(VENUE).items():
        if query.get("instType") == "SWAP" and family(name) in (query.get("uly"), query.get("instFamily")):
            return [
                {
                    "instType": "SWAP", "instId": "", "instFamily": family(name), "uly": family(name),
                    "tier": text(level),
                    "minSz": text(tier.floor if level == 1 else round(tier.floor + 0.01, 2)), "maxSz": text(tier.cap),
                    "mmr": text(tier.rate), "imr": text(round(1 / tier.max_leverage, 6)),
                    "maxLever": text(tier.max_leverage),
                    "optMgnFactor": "0", "baseMaxLoan": "", "quoteMaxLoan": "", "ts": "",
                }
                for level, tier in enumerate(one.tiers, 1)
            ]  # fmt: skip
    raise Refusal(200, {"code": "51014", "msg": "Index doesn't exist.", "data": []})


def current(world, name):
    """fundingTime: when the rate now running is paid; the interval is from there to nextFundingTime."""
    due = world.next_settlement(VENUE, name)
    return {
        "instType": "SWAP", "instId": name, "method": "current_period", "formulaType": "withRate",
        "fundingRate": text(world.running_rate(VENUE, name)), "nextFundingRate": "", "fundingTime": text(due),
        "nextFundingTime": text(due + world.contracts[VENUE][name].interval_hours * HOUR), "minFundingRate": "-0.00375",
        "maxFundingRate": "0.00375", "settState": "settled", "settFundingRate": text(world.settled(VENUE, name)[-1][1]),
        "premium": "0.0001", "interestRate": "0.0001", "impactValue": "20000", "ts": text(world.now_ms),
    }  # fmt: skip


def history(world, name, query):
    before, after = number(query, "before"), number(query, "after")
    rates = world.settled(VENUE, name, None if before is None else before + 1, None if after is None else after - 1)
    return [
        {
            "instType": "SWAP", "instId": name, "method": "current_period", "formulaType": "withRate",
            "fundingRate": text(rate), "realizedRate": text(rate), "fundingTime": text(ms),
        }
        for ms, rate in rates[::-1][: limited(query, "limit", 400, 400)]
    ]  # fmt: skip


def candles(world, name, endpoint, query):
    bar = query.get("bar", "1m")
    if bar not in STEPS:
        raise Refusal(200, {"code": "51000", "msg": "Parameter bar error", "data": []})
    step, before, after = STEPS[bar] * MINUTE, number(query, "before"), number(query, "after")
    since = None if before is None else before + 1
    if not endpoint.startswith("history"):
        since = max(since or 0, world.now_ms - RECENT * step)
    limit = limited(query, "limit", 100, ROWS[endpoint])
    rows = []
    for ms in reversed(world.times(step, since, None if after is None else after - 1, limit)):
        confirm = "1" if ms + step <= world.now_ms else "0"
        if "mark" in endpoint:
            rows.append([text(ms), *map(text, world.mark(VENUE, name, ms, step)), confirm])
            continue
        *prices, volume = world.candle(VENUE, name, ms, step)
        size = world.contracts[VENUE][name].contract_size
        rows.append(
            [text(ms), *map(text, prices), text(volume / size), text(volume), text(volume * prices[3]), confirm]
        )
    return rows
