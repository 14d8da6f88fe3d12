"""The server of venue_server/, asked by the real ccxt client: what it answers is what its world says,
and its faults look like faults."""

import ast
import http.client
import json
import math
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from venue_server import FAULTS, VenueServer, World
from venue_server.world import HOUR, MINUTE, NOW_MS

from leverage_lab.live import venues

pytestmark = pytest.mark.live
ccxt = pytest.importorskip("ccxt")

ALL = list(venues.ASKED)
WITH_TIERS = ["MEXC", "OKX", "Bybit", "Bitget", "KuCoin", "Kraken"]
WITH_MARK = ["MEXC", "Binance", "OKX", "Bybit", "Bitget", "Kraken"]


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    """No name is looked up: a question to anybody else ends in a failure."""

    def refuse(host, *rest, **more):
        if host != "127.0.0.1":
            raise AssertionError(f"asked for {host}")
        return lookup(host, *rest, **more)

    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def server():
    with VenueServer() as running:
        yield running


@pytest.fixture
def client(server, monkeypatch):
    """A client by the venue's name, its clock the world's, its markets loaded; it doesn't wait between questions."""
    monkeypatch.setenv(venues.OVERRIDE, server.base)

    def make(name, load=True, timeout=5):
        made = venues.client(name, timeout=timeout)
        made.enableRateLimit = False
        made.milliseconds = lambda: server.world.now_ms
        made.seconds = lambda: server.world.now_ms // 1000
        if load:
            made.load_markets()
        return made

    return make


def perpetual(client, contract):
    """The market ccxt made of one contract; some ids are a spot pair's too."""
    (market,) = (one for one in client.markets_by_id[contract] if one["swap"])
    return market


def exact(value):
    return pytest.approx(value, rel=1e-9)


# --- contracts -------------------------------------------------------------------------------------------------

LEVERAGE = {
    "Binance": None,
    "Kraken": lambda market: 1 / float(market["info"]["marginLevels"][0]["initialMargin"]),
}
FEES = {
    "MEXC": ("makerFeeRate", "takerFeeRate"),
    "Bitget": ("makerFeeRate", "takerFeeRate"),
    "KuCoin": ("makerFeeRate", "takerFeeRate"),
}


@pytest.mark.parametrize("name", ALL)
def test_the_three_contracts_come_with_the_worlds_numbers(client, server, name):
    asked = client(name)
    for contract in venues.VENUES[name].contracts:
        market, said = perpetual(asked, contract), server.world.contracts[name][contract]
        assert market["contractSize"] == exact(said.contract_size)
        read = LEVERAGE.get(name, lambda one: one["limits"]["leverage"]["max"])
        if read is not None:
            assert read(market) == pytest.approx(said.max_leverage, rel=1e-6)
        if name in FEES:
            assert [float(market["info"][field]) for field in FEES[name]] == [said.maker, said.taker]


@pytest.mark.parametrize("name", ["Binance", "OKX", "Bybit"])
def test_where_the_exchange_sends_no_fees_ccxt_has_some_of_its_own(client, name):
    market = perpetual(client(name), venues.VENUES[name].contracts[0])
    assert market["taker"] > 0
    assert [field for field in market["info"] if "fee" in field.lower()] in (
        [],
        ["liquidationFee"],
        ["deliveryFeeRate"],
    )


def test_krakens_fees_stand_in_a_schedule_of_their_own_in_percent(client, server):
    asked = client("Kraken")
    schedules = {one["uid"]: one for one in asked.public_get_feeschedules()["feeSchedules"]}
    for contract in venues.VENUES["Kraken"].contracts:
        first = schedules[perpetual(asked, contract)["info"]["feeScheduleUid"]]["tiers"][0]
        said = server.world.contracts["Kraken"][contract]
        assert (float(first["makerFee"]) / 100, float(first["takerFee"]) / 100) == (
            exact(said.maker),
            exact(said.taker),
        )


def test_bybits_list_of_contracts_comes_in_pages(client, server):
    asked = client("Bybit")
    pages = [one for one in server.asked if one.path == "/v5/market/instruments-info" and "status" not in one.query]
    assert len(pages) == 3 and set(asked.markets_by_id) == set(server.world.contracts["Bybit"])


@pytest.mark.parametrize("name", ALL)
def test_a_contract_no_longer_listed_is_in_no_list_and_refused_by_name(client, server, name):
    contract = venues.VENUES[name].contracts[2]
    asked = client(name)
    symbol = perpetual(asked, contract)["symbol"]
    server.world.contracts[name][contract].listed = False
    assert contract not in client(name).markets_by_id
    with pytest.raises((ccxt.ExchangeError, ccxt.ExchangeNotAvailable)):
        asked.fetch_ohlcv(symbol, "1h", NOW_MS - 5 * HOUR, 3)


# --- tiers -----------------------------------------------------------------------------------------------------


def tiers_of(client, name, symbol):
    """(floor, cap, rate, leverage) as the exchange sent them; MEXC's from `info`,
    for ccxt reads only one of its two ways."""
    if name == "MEXC":
        return mexc_tiers(client.markets[symbol]["info"])
    if name == "Kraken":
        tiers = client.fetch_leverage_tiers([symbol])[symbol]
    else:
        tiers = client.fetch_market_leverage_tiers(symbol)
    return [(one["minNotional"], one["maxNotional"], one["maintenanceMarginRate"], one["maxLeverage"]) for one in tiers]


def mexc_tiers(info):
    rows, floor = [], 0
    if info["riskLimitMode"] == "CUSTOM":
        for one in info["riskLimitCustom"]:
            rows.append((floor, one["maxVol"], one["mmr"], one["maxLeverage"]))
            floor = one["maxVol"]
        return rows
    for level in range(int(info["riskLevelLimit"])):
        cap = float(info["riskBaseVol"]) + level * float(info["riskIncrVol"])
        initial = float(info["initialMarginRate"]) + level * float(info["riskIncrImr"])
        rows.append(
            (floor, cap, float(info["maintenanceMarginRate"]) + level * float(info["riskIncrMmr"]), 1 / initial)
        )
        floor = cap
    return rows


@pytest.mark.parametrize("name", WITH_TIERS)
def test_tiers_come_back_as_the_world_has_them(client, server, name):
    asked = client(name)
    for contract in venues.VENUES[name].contracts:
        got = tiers_of(asked, name, perpetual(asked, contract)["symbol"])
        said = server.world.contracts[name][contract].tiers
        assert len(got) == len(said)
        for (floor, cap, rate, leverage), tier in zip(got, said, strict=True):
            assert float(floor) == pytest.approx(tier.floor, abs=0.011)  # OKX begins a lot later
            assert cap is None or float(cap) == exact(tier.cap)
            assert float(rate) == pytest.approx(tier.rate, rel=1e-6)
            assert float(leverage) == pytest.approx(tier.max_leverage, rel=1e-5)


def test_mexc_writes_its_tiers_in_both_ways_and_ccxt_reads_neither_rightly(client):
    asked = client("MEXC")
    modes = {
        contract: perpetual(asked, contract)["info"]["riskLimitMode"] for contract in venues.VENUES["MEXC"].contracts
    }
    assert set(modes.values()) == {"CUSTOM", "INCREASE"}
    unified = asked.fetch_leverage_tiers()
    assert [one["maxNotional"] for one in unified["BTC/USDT:USDT"]] == [None]
    assert unified["ETH/USDT:USDT"][0]["maxNotional"] == 200_000  # the step, not riskBaseVol


def test_bybits_deductions_and_the_pages_of_all_its_tiers(client, server):
    asked = client("Bybit")
    said = server.world.contracts["Bybit"]
    rows = asked.fetch_market_leverage_tiers("BTC/USDT:USDT")
    assert [float(one["info"]["mmDeduction"] or 0) for one in rows] == [
        tier.deduction for tier in said["BTCUSDT"].tiers
    ]
    server.asked.clear()
    assert {symbol: len(rows) for symbol, rows in asked.fetch_leverage_tiers().items()} == {
        perpetual(asked, contract)["symbol"]: len(one.tiers) for contract, one in said.items()
    }
    assert len(server.asked) == -(-len(said) // 15)


@pytest.mark.parametrize("name", ["Binance"])
def test_tiers_that_are_not_public_are_not_asked_for(client, server, name):
    asked = client(name)
    server.asked.clear()
    with pytest.raises((ccxt.AuthenticationError, ccxt.NotSupported)):
        asked.fetch_leverage_tiers()
    assert not server.asked


# --- funding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_running_funding_rate(client, server, name):
    asked = client(name)
    for contract in venues.VENUES[name].contracts:
        got = asked.fetch_funding_rate(perpetual(asked, contract)["symbol"])
        if name == "Kraken":  # its ticker: the rate of the hour that runs was settled at its beginning
            assert got["fundingRate"] == pytest.approx(server.world.settled(name, contract)[-1][1], rel=1e-6)
        else:
            assert got["fundingRate"] == server.world.running_rate(name, contract)
            assert got["fundingTimestamp"] in (server.world.next_settlement(name, contract), None)


HOURS = {
    "MEXC": lambda client, market: int(client.fetch_funding_rate(market["symbol"])["info"]["collectCycle"]),
    "Binance": (
        lambda client, market: {
            one["symbol"]: one["fundingIntervalHours"] for one in client.fapipublic_get_fundinginfo()
        }.get(market["id"], 8)
    ),
    "OKX": lambda client, market: (lambda info: (int(info["nextFundingTime"]) - int(info["fundingTime"])) / HOUR)(
        client.fetch_funding_rate(market["symbol"])["info"]
    ),
    "Bybit": lambda client, market: int(market["info"]["fundingInterval"]) / 60,
    "Bitget": lambda client, market: int(market["info"]["fundInterval"]),
    "KuCoin": lambda client, market: int(market["info"]["fundingRateGranularity"]) / HOUR,
    "Kraken": lambda client, market: (  # no field says it: the distance of the settled rates
        (lambda rates: (rates[-1]["timestamp"] - rates[-2]["timestamp"]) / HOUR)(
            client.fetch_funding_rate_history(market["symbol"])
        )
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_hours_between_settlements(client, server, name):
    asked = client(name)
    for contract in venues.VENUES[name].contracts:
        assert (
            float(HOURS[name](asked, perpetual(asked, contract)))
            == server.world.contracts[name][contract].interval_hours
        )


def test_binance_lists_only_intervals_that_were_changed(client):
    asked = client("Binance")
    assert asked.fetch_funding_interval("1000PEPE/USDT:USDT")["interval"] == "4h"
    with pytest.raises(ccxt.NullResponse):
        asked.fetch_funding_interval("BTC/USDT:USDT")


def pages_of_rates(asked, name, symbol, size):
    """The newest 2 × size settled rates, asked in the way each exchange pages."""
    first = asked.fetch_funding_rate_history(symbol, limit=size)
    oldest = first[0]["timestamp"]
    if name == "Kraken":
        return asked.fetch_funding_rate_history(symbol)[-2 * size :]
    params = {
        "MEXC": {"page_num": 2},
        "Bitget": {"pageNo": 2},
        "OKX": {"after": oldest},
    }.get(name, {"until": oldest - 1})
    return asked.fetch_funding_rate_history(symbol, limit=size, params=params) + first


@pytest.mark.parametrize("name", ALL)
def test_settled_rates_over_two_pages(client, server, name):
    asked = client(name)
    for contract in venues.VENUES[name].contracts:
        rates = pages_of_rates(asked, name, perpetual(asked, contract)["symbol"], 90)
        assert [(one["timestamp"], one["fundingRate"]) for one in rates] == server.world.contracts[name][
            contract
        ].rates[-180:]


# --- candles ---------------------------------------------------------------------------------------------------

ROWS = {"MEXC": 2000, "Binance": 1000, "OKX": 300, "Bybit": 1000, "Bitget": 1000, "KuCoin": 200, "Kraken": 2000}
NO_UNTIL = {
    "KuCoin",
    "Kraken",
}  # ccxt sends it on as it is, and nobody there knows it; it makes an end of since and limit


def candles(asked, name, symbol, since, step, size, params=None, now=NOW_MS):
    """Page after page from `since` to now, each with its end where ccxt knows the parameter.

    The end is a millisecond before the next bar begins: Bybit counts a bar that begins at the end,
    and of one bar too many it leaves out the oldest.
    """
    rows = []
    while since < now:
        until = {} if name in NO_UNTIL else {"until": since + size * step - 1}
        page = asked.fetch_ohlcv(symbol, {MINUTE: "1m", HOUR: "1h"}[step], since, size, {**until, **(params or {})})
        page = [row for row in page if since <= row[0] < since + size * step]
        if not page:
            break
        rows += page
        since = page[-1][0] + step
    return rows


@pytest.mark.parametrize("name", ALL)
def test_candles_over_several_pages(client, server, name):
    asked, world = client(name), server.world
    world.now_ms += 20_000  # a bar is running
    contract = venues.VENUES[name].contracts[0]
    since = NOW_MS - 640 * MINUTE
    server.asked.clear()
    rows = candles(asked, name, perpetual(asked, contract)["symbol"], since, MINUTE, 200, now=world.now_ms)
    times = range(since, world.now_ms, MINUTE)
    assert rows == [[ms, *world.candle(name, contract, ms, MINUTE)] for ms in times]
    assert len(server.asked) == 4
    world.now_ms += 40_000
    assert rows[-1][1:] != list(world.candle(name, contract, times[-1], MINUTE)), "the last bar was not finished"
    assert rows[-2][1:] == list(world.candle(name, contract, times[-2], MINUTE))


@pytest.mark.parametrize("name", WITH_MARK)
def test_mark_candles_over_several_pages(client, server, name):
    asked, world = client(name), server.world
    contract = venues.VENUES[name].contracts[1]
    since = NOW_MS - 250 * HOUR
    rows = candles(asked, name, perpetual(asked, contract)["symbol"], since, HOUR, 100, {"price": "mark"})
    assert [row[:5] for row in rows] == [
        [ms, *world.mark(name, contract, ms, HOUR)] for ms in range(since, NOW_MS, HOUR)
    ]
    assert not any(row[5] for row in rows)


@pytest.mark.parametrize("name", ALL)
def test_no_page_is_longer_than_the_exchange_allows(client, server, name):
    asked = client(name)
    symbol = perpetual(asked, venues.VENUES[name].contracts[0])["symbol"]
    rows = asked.fetch_ohlcv(symbol, "1m", NOW_MS - 3000 * MINUTE if name != "OKX" else NOW_MS - 1000 * MINUTE, 5000)
    assert len(rows) == ROWS[name]


def test_okx_recent_candles_go_back_1440_bars_and_the_history_further(client, server):
    asked = client("OKX")
    since = NOW_MS - 3000 * MINUTE
    assert asked.fetch_ohlcv("BTC/USDT:USDT", "1m", since, 3)[0] == [
        since,
        *server.world.candle("OKX", "BTC-USDT-SWAP", since, MINUTE),
    ]
    assert server.asked[-1].path.endswith("history-candles")
    assert asked.fetch_ohlcv("BTC/USDT:USDT", "1m", since, 3, {"type": "Candles"}) == []


T, M = NOW_MS - 600 * MINUTE, MINUTE
RAW = {  # path and query; where the rows are; the time of a row; the times expected, as sent
    "MEXC": (f"api.mexc.com/api/v1/contract/kline/BTC_USDT?interval=Min1&start={T // 1000}&end={(T + 2 * M) // 1000}",
             lambda said: said["data"]["time"], lambda row: 1000 * row, [T, T + M, T + 2 * M]),
    "Binance": (f"fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime={T}&endTime={T + 2 * M}",
                lambda said: said, lambda row: row[0], [T, T + M, T + 2 * M]),
    "OKX": (f"www.okx.com/api/v5/market/candles?instId=BTC-USDT-SWAP&bar=1m&before={T}&after={T + 3 * M}",
            lambda said: said["data"], lambda row: int(row[0]), [T + 2 * M, T + M]),
    "OKX, of many": ("www.okx.com/api/v5/market/candles?instId=BTC-USDT-SWAP&bar=1m"
        f"&before={T}&after={T + 9 * M}&limit=2",
                     lambda said: said["data"], lambda row: int(row[0]), [T + 8 * M, T + 7 * M]),
    "OKX, funding": ("www.okx.com/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP"
                     f"&before={NOW_MS - 20 * HOUR}&after={NOW_MS - 4 * HOUR}", lambda said: said["data"],
                     lambda row: int(row["fundingTime"]), [NOW_MS - 12 * HOUR]),
    "Bybit": (f"api.bybit.com/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1&start={T}&end={T + 2 * M}",
              lambda said: said["result"]["list"], lambda row: int(row[0]), [T + 2 * M, T + M, T]),
    "Bybit, of many": ("api.bybit.com/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1"
        f"&start={T}&end={T + 9 * M}&limit=2",
                       lambda said: said["result"]["list"], lambda row: int(row[0]), [T + 9 * M, T + 8 * M]),
    "Bitget": ("api.bitget.com/api/v2/mix/market/candles?symbol=BTCUSDT&productType=USDT-FUTURES&granularity=1m"
               f"&startTime={T}&endTime={T + 2 * M}", lambda said: said["data"], lambda row: int(row[0]), [T, T + M]),
    "KuCoin": (f"api-futures.kucoin.com/api/v1/kline/query?symbol=XBTUSDTM&granularity=1&from={T}&to={T + 2 * M}",
               lambda said: said["data"], lambda row: row[0], [T, T + M, T + 2 * M]),
    "Kraken": (f"futures.kraken.com/api/charts/v1/trade/PF_XBTUSD/1m?from={T // 1000}&to={(T + 2 * M) // 1000}",
               lambda said: said["candles"], lambda row: row["time"], [T, T + M, T + 2 * M]),
}  # fmt: skip


@pytest.mark.parametrize("case", RAW)
def test_which_rows_are_sent_and_in_what_order(server, case):
    """Newest first at OKX and Bybit; OKX leaves out both ends, Bitget the later one, the others none."""
    path, rows, moment, expected = RAW[case]
    with urllib.request.urlopen(f"{server.base}/{path}", timeout=5) as answer:
        assert [moment(row) for row in rows(json.load(answer))] == expected


def test_candles_are_the_same_each_time_and_another_contracts_are_others(server):
    world = server.world
    one = world.candle("OKX", "BTC-USDT-SWAP", NOW_MS - HOUR, HOUR)
    opened, high, low, closed, volume = one
    assert (
        one
        == world.candle("OKX", "BTC-USDT-SWAP", NOW_MS - HOUR, HOUR)
        != world.candle("OKX", "ETH-USDT-SWAP", NOW_MS - HOUR, HOUR)
    )
    assert low <= min(opened, closed) <= max(opened, closed) <= high and volume > 0
    assert world.mark("OKX", "BTC-USDT-SWAP", NOW_MS - HOUR, HOUR) != one[:4]


def test_a_world_of_another_day():
    """The tables and candles of a world end at its own present, whatever the clock of the machine says."""
    world = World(now_ms=NOW_MS + 1000 * HOUR + 12_345)
    for name, contracts in world.contracts.items():
        for contract, said in contracts.items():
            assert 0 <= world.now_ms - said.rates[-1][0] < said.interval_hours * HOUR
            assert world.times(MINUTE, limit=1) == [world.now_ms // MINUTE * MINUTE], (name, contract)
    assert world.contracts["OKX"]["BTC-USDT-SWAP"] is not World().contracts["OKX"]["BTC-USDT-SWAP"]


# --- faults ----------------------------------------------------------------------------------------------------

MORE = {
    "slow": {"seconds": 30},
    "renamed": {"field": "fundingRate"},
    "missing": {"field": "fundingRate"},
    "value": {"field": "fundingRate", "to": "NaN"},
}
RAISED = {  # at every exchange the same, by venues.client; what the exchanges say in words of their own, ccxt reads
    "429": dict.fromkeys(ALL, ccxt.RateLimitExceeded),
    "500": dict.fromkeys(ALL, ccxt.ExchangeNotAvailable),
    "503": dict.fromkeys(ALL, ccxt.ExchangeNotAvailable),
    "truncated": dict.fromkeys(ALL, ccxt.NetworkError),
    "html": dict.fromkeys(ALL, ccxt.NetworkError),
    "empty": dict.fromkeys(ALL, ccxt.NetworkError),
    "slow": {"OKX": ccxt.RequestTimeout},
    "hang up": {"OKX": ccxt.NetworkError, "MEXC": ccxt.NetworkError},
    "error": {"OKX": ccxt.OnMaintenance, "Bybit": ccxt.ExchangeError, "KuCoin": ccxt.ExchangeNotAvailable},
    "403": {"Bybit": ccxt.RateLimitExceeded, "KuCoin": ccxt.ExchangeError},
}


@pytest.mark.parametrize(("how", "name"), [(how, name) for how in RAISED for name in RAISED[how]])
def test_what_is_raised_at_a_fault(client, server, how, name):
    asked = client(name)
    asked.timeout = 300 if how == "slow" else 5000
    symbol = perpetual(asked, venues.VENUES[name].contracts[0])["symbol"]
    server.fail(name, "", how, **MORE.get(how, {}))
    since = NOW_MS - 49 * HOUR
    with pytest.raises(ccxt.BaseError) as raised:
        asked.fetch_funding_rate_history(symbol, since, 100)
    assert type(raised.value) is RAISED[how][name]
    assert asked.fetch_funding_rate_history(symbol, since, 100), "once, and then it is over"


@pytest.mark.parametrize("how", ["renamed", "missing", "value"])
def test_a_field_that_changed(client, server, how):
    asked = client("Bitget")
    server.fail("Bitget", "history-fund-rate", how, **MORE[how])
    (rate,) = {str(one["fundingRate"]) for one in asked.fetch_funding_rate_history("BTC/USDT:USDT", limit=3)}
    assert rate == ("nan" if how == "value" else "None")


@pytest.mark.parametrize(
    ("to", "unified"), [("0", 1), ("1000000", 1_000_000), ("-5", 1), (None, 1), ("abc", ValueError)]
)
def test_a_value_that_makes_no_sense_comes_through_or_ends_the_whole_list(client, server, to, unified):
    """Only `info` says what came: OKX's limits are raised to one by ccxt,
    and a word ends load_markets with a ValueError."""
    server.fail("OKX", "instruments", "value", field="lever", to=to)
    if unified is ValueError:
        with pytest.raises(ValueError, match="abc"):
            client("OKX")
    else:
        market = perpetual(client("OKX"), "BTC-USDT-SWAP")
        assert (market["info"]["lever"], market["limits"]["leverage"]["max"]) == (to, unified)


def test_the_answer_for_another_contract(client, server):
    asked = client("OKX")
    server.fail("OKX", "", "wrong symbol", times=2)
    tiers = asked.fetch_market_leverage_tiers("BTC/USDT:USDT")
    assert {one["info"]["uly"] for one in tiers} == {"ETH-USDT"} and {one["symbol"] for one in tiers} == {
        "BTC/USDT:USDT"
    }
    assert asked.fetch_funding_rate_history("BTC/USDT:USDT") == []


def test_a_list_without_the_contract_asked_for(client, server):
    server.fail("OKX", "instruments", "wrong symbol")
    assert "BTC-USDT-SWAP" not in client("OKX").markets_by_id


@pytest.mark.parametrize("name", ALL)
def test_a_redirect_is_not_followed(client, server, name):
    """Nobody but the exchange is asked, whatever it answers."""
    asked = client(name)
    symbol = perpetual(asked, venues.VENUES[name].contracts[0])["symbol"]
    server.fail(name, "", "moved")
    with pytest.raises(ccxt.BaseError):
        asked.fetch_funding_rate_history(symbol, NOW_MS - 49 * HOUR, 100)
    assert "elsewhere" not in [question.host for question in server.asked]


def test_faults_are_counted_by_venue_and_path_and_forgotten_when_told(server):
    def status(path):
        try:
            with urllib.request.urlopen(f"{server.base}/{path}", timeout=5) as answer:
                return answer.status, None
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers.get("Retry-After")

    okx, binance = "www.okx.com/api/v5/public/time", "fapi.binance.com/fapi/v1/time"
    server.fail("OKX", "public/time", "429", times=2, seconds=7)
    assert [status(okx), status(binance), status(okx), status(okx)] == [
        (429, "7"),
        (200, None),
        (429, "7"),
        (200, None),
    ]
    server.fail("OKX", "public/time", "503", times=None)
    assert [status(okx)[0] for _ in range(3)] == [503] * 3
    server.calm()
    assert status(okx) == (200, None)
    assert (
        status("www.okx.com/api/v5/asset/currencies")[0] == 404 and server.asked[-1].path == "/api/v5/asset/currencies"
    )
    with pytest.raises(ValueError, match="fault 'flood'"):
        server.fail("OKX", "", "flood")
    with pytest.raises(ValueError, match="needs field"):
        server.fail("OKX", "", "renamed")
    with pytest.raises(ValueError, match="venue 'Okx'"):
        server.fail("Okx", "", "500")


def test_every_fault_of_the_list_can_be_had(server):
    for how in FAULTS:
        server.fail("OKX", "public/time", how, **{**MORE.get(how, {}), **({"seconds": 0.01} if how == "slow" else {})})
        try:
            with urllib.request.urlopen(f"{server.base}/www.okx.com/api/v5/public/time", timeout=5) as answer:
                answer.read()
        except (OSError, http.client.HTTPException):
            pass  # an HTTP status is an OSError to urllib
    assert not any(fault.left for fault in server._faults)


# --- what the client sends --------------------------------------------------------------------------------------

HEADERS = {"Host", "User-Agent", "Accept-Encoding", "Accept", "Connection"}


@pytest.mark.parametrize("name", ALL)
def test_no_key_no_broker_and_no_referral_goes_out(client, server, name):
    asked = client(name)
    symbol = perpetual(asked, venues.VENUES[name].contracts[0])["symbol"]
    asked.fetch_ohlcv(symbol, "1h", NOW_MS - 5 * HOUR, 3)
    asked.fetch_funding_rate_history(symbol, limit=3)
    if name in WITH_TIERS and name not in ("MEXC", "Kraken"):
        asked.fetch_market_leverage_tiers(symbol)
    assert server.asked and {one.venue for one in server.asked} == {name}
    for one in server.asked:
        assert set(one.headers) <= HEADERS and one.headers["User-Agent"] == "leverage-lab"
        words = " ".join([*one.query, *map(str, one.query.values()), one.path]).lower()
        assert not [
            word
            for word in ("key", "sign", "broker", "refer", "partner", "rcode", "source", "channel")
            if word in words
        ]


def test_the_server_needs_nothing_but_the_standard_library():
    for path in (Path(__file__).parents[1] / "venue_server").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            assert all(one.split(".")[0] in sys.stdlib_module_names for one in names), path


def test_the_worlds_tiers_make_an_unbroken_maintenance_margin(server):
    """The invented deductions follow the rule the exchanges publish: no jump where a tier begins."""
    for contracts in server.world.contracts.values():
        for one in contracts.values():
            for a, b in zip(one.tiers, one.tiers[1:], strict=False):
                assert a.cap == b.floor and b.max_leverage <= a.max_leverage and b.rate > a.rate
                if b.deduction:
                    assert math.isclose(a.rate * b.floor - a.deduction, b.rate * b.floor - b.deduction, rel_tol=1e-6)
