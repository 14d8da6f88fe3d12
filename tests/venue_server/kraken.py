"""Kraken futures: derivatives API v3 (v4 for past funding) and charts v1."""

from .answers import BLOCKED, Refusal, Unknown, number
from .world import MINUTE, digits, iso, text

VENUE = "Kraken"
HOSTS = ("futures.kraken.com",)
STEPS = {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "4h": 240, "12h": 720, "1d": 1440}
ROWS = 2000


def problem(word):
    return {"result": "error", "error": word, "serverTime": "2026-11-22T12:00:00.000Z"}


ERRORS = {
    "404": (404, problem("notFound")),
    "429": (429, problem("apiLimitExceeded")),
    "500": (500, problem("Server Error")),
    "403": (403, BLOCKED),
    "error": (200, problem("Unavailable")),
}


def answer(world, host, path, query):
    match path.strip("/").split("/"):
        case ["derivatives", "api", "v3", "instruments"]:
            return done(world, instruments=[instrument(world, name) for name in world.listed(VENUE)])
        case ["derivatives", "api", "v3", "tickers"]:
            return done(world, tickers=[ticker(world, name) for name in world.listed(VENUE)])
        case ["derivatives", "api", "v3", "feeschedules"]:
            return done(world, feeSchedules=schedules(world))
        case ["derivatives", "api", "v4" | "v3", "historicalfundingrates"]:
            return done(world, rates=history(world, query.get("symbol")))
        case ["api", "charts", "v1", ("trade" | "mark" | "spot") as kind, name, step]:
            return candles(world, kind, name, step, query)
    raise Unknown


def done(world, **data):
    return {"result": "success", **data, "serverTime": moment(world.now_ms)}


def moment(ms):
    return iso(ms).replace("Z", ".000Z")


def known(world, name):
    if name not in world.listed(VENUE):
        raise Refusal(200, problem("contractNotFound"))
    return name


def schedule_id(one):
    """One schedule for each pair of first fees."""
    return f"{round(one.maker * 1e6):08d}-0000-4000-8000-{round(one.taker * 1e6):012d}"


def instrument(world, name):
    one = world.contracts[VENUE][name]
    kind = {"PF": "flexible_futures", "PI": "futures_inverse", "FF": "flexible_futures", "FI": "futures_inverse"}[
        name[:2]
    ]
    unit = "numNonContractUnits" if kind == "flexible_futures" else "contracts"
    dated = {"lastTradingTime": "2026-12-25T16:00:00.000Z"} if name.count("_") == 2 else {}
    return {
        "symbol": name, "pair": f"{one.asset}:USD", "base": one.asset, "quote": "USD", "type": kind, "underlying": "",
        **dated,
        "tickSize": 0.0000001, "contractSize": one.contract_size, "tradeable": True, "impactMidSize": 1,
        "maxPositionSize": 1_000_000,
        "openingDate": "2022-03-15T14:00:00.000Z", "marginLevels": levels(one.tiers, unit, 1),
        "fundingRateCoefficient": 8, "maxRelativeFundingRate": 0.001, "contractValueTradePrecision": 4,
        "postOnly": False,
        "feeScheduleUid": schedule_id(one), "mtf": False, "category": "Layer 1", "tags": [], "tradfi": False,
        "retailMarginLevels": levels(one.tiers[:1], unit, 5),
    }  # fmt: skip


def levels(tiers, unit, times):
    """Only where a level begins; professional clients' rates, retail clients' higher by `times`."""
    return [
        {
            unit: tier.floor,
            "initialMargin": digits(times / tier.max_leverage),
            "maintenanceMargin": digits(times * tier.rate),
        }
        for tier in tiers
    ]


def schedules(world):
    """Fees in percent, by 30 days' volume in dollars."""
    pairs = {schedule_id(one): one for one in world.listed(VENUE).values()}
    return [
        {
            "uid": uid,
            "name": f"Schedule {number_}",
            "tiers": [
                {
                    "makerFee": digits(100 * part * one.maker),
                    "takerFee": digits(100 * part * one.taker),
                    "usdVolume": volume,
                }
                for volume, part in ((0.0, 1), (100_000.0, 0.75), (1_000_000.0, 0.5))
            ],
        }
        for number_, (uid, one) in enumerate(pairs.items(), 1)
    ]


def ticker(world, name):
    """Funding here is an amount of dollars for one contract and hour: rate times mark price."""
    price = world.mark(VENUE, name, world.now_ms // MINUTE * MINUTE - MINUTE, MINUTE)[3]
    settled = world.settled(VENUE, name)
    funding = {
        "fundingRate": digits(price * settled[-1][1], 15),
        "fundingRatePrediction": digits(price * world.running_rate(VENUE, name), 15),
    } if name.startswith("P") else {}  # fmt: skip
    return {
        "tag": "perpetual" if name.startswith("P") else "quarter", "pair": f"{world.contracts[VENUE][name].asset}:USD",
        "symbol": name,
        "last": price, "lastTime": moment(world.now_ms), "lastSize": 1, "markPrice": price, "indexPrice": price,
        "bid": price,
        "bidSize": 1, "ask": price, "askSize": 1, "vol24h": 60_000, "volumeQuote": 5.0e8, "openInterest": 5000,
        "open24h": price,
        "high24h": price, "low24h": price, "suspended": False, "postOnly": False, "change24h": 1.0, **funding,
    }  # fmt: skip


def history(world, name):
    """The whole past at once, oldest first: in dollars, and relative to the price."""
    price = world.contracts[VENUE][known(world, name)].price
    return [
        {"timestamp": moment(ms), "fundingRate": digits(price * rate, 12), "relativeFundingRate": rate}
        for ms, rate in world.settled(VENUE, name)
    ]


def candles(world, kind, name, step, query):
    if step not in STEPS or known(world, name) is None:
        raise Refusal(400, {"status": "BAD_REQUEST", "errors": [{"message": "unknown resolution"}]})
    length = STEPS[step] * MINUTE
    since, until = (
        1000 * value if value is not None else None for value in (number(query, "from"), number(query, "to"))
    )
    times = world.times(length, since, until, ROWS, newest=since is None)
    rows = []
    for ms in times:
        bar = world.candle(VENUE, name, ms, length) if kind == "trade" else world.mark(VENUE, name, ms, length) + (0,)
        rows.append({"time": ms, **dict(zip(("open", "high", "low", "close", "volume"), map(text, bar), strict=True))})
    return {
        "candles": rows,
        "more_candles": bool(times) and times[-1] + length <= min(until or world.now_ms, world.now_ms - 1),
    }
