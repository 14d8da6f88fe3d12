"""Fresh numbers, asked of a server on this machine that answers like seven exchanges and breaks like them
(venue_server).

The client is the real one. What is right comes from the server's own invented world, never from the code under test.
"""

import itertools
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from types import SimpleNamespace

import pytest
from soak import few
from venue_server import FAULTS, Tier, VenueServer, World

from leverage_lab import data
from leverage_lab.live import answers, refresh, venues
from leverage_lab.live.compare import WRITTEN, read, write
from leverage_lab.live.venues import ASKED, VENUES

live = pytest.mark.live
COUNTED = {"MEXC", "OKX"}  # tiers in contracts


@pytest.fixture
def server(monkeypatch):
    """The server, and clients that do not wait: what they would wait for is in `server.slept`."""
    with VenueServer() as running:
        running.slept = []
        monkeypatch.setenv(venues.OVERRIDE, running.base)
        made = venues.client

        def quick(name, timeout=0.5):
            client = made(name, timeout)
            client.enableRateLimit = False
            return client

        monkeypatch.setattr(refresh, "client", quick)
        monkeypatch.setattr(
            answers, "patiently", lambda client, ask: venues.patiently(client, ask, running.slept.append)
        )
        yield running


def ask(server, *names):
    return refresh.ask(names, server.world.now_ms / 1000)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def expected(server, venue, symbol):
    """What is right of one contract, straight from the world: {part: value}; parts that need a key are None."""
    one, hidden = server.world.contracts[venue][symbol], answers.NOT_PUBLIC.get(venue, ())
    size = one.contract_size if venue in COUNTED else 1
    tiers = [(round(tier.floor * size, 9), round(tier.cap * size, 9), tier.rate) for tier in one.tiers]
    if venue == "Kraken":
        tiers[-1] = (*tiers[-1][:1], None, tiers[-1][2])  # it prints where a tier begins, not where the last ends
    return {
        "max_leverage": None if "highest leverage" in hidden else one.max_leverage,
        "fees": None if "fees" in hidden else (one.maker, one.taker),
        "tiers": None if "tiers" in hidden else tiers,
        "interval_hours": one.interval_hours,
        "rates": [(ms / 1000, rate) for ms, rate in one.rates[-3:]],
    }


def got(answer):
    """The same of an answer."""
    return {
        "max_leverage": answer.max_leverage,
        "fees": answer.fees,
        "tiers": (
            answer.tiers
            and [(round(tier.floor, 9), tier.cap and round(tier.cap, 9), tier.rate) for tier in answer.tiers]
        ),
        "interval_hours": answer.interval_hours,
        "rates": answer.rates and list(answer.rates),
    }


def near(value, right):
    if isinstance(right, dict):
        return value.keys() == right.keys() and all(near(value[name], right[name]) for name in right)
    if isinstance(right, (list, tuple)):
        return value is not None and len(value) == len(right) and all(map(near, value, right))
    return (
        value == right if None in (value, right) else value == pytest.approx(right, rel=1e-3)
    )  # 1/57 as 0.01754 and back


@live
@pytest.mark.parametrize("venue", ASKED)
def test_every_figure_is_the_exchanges_own(server, venue):
    found, problems = ask(server, venue)
    assert problems == [] and [answer.symbol for answer in found] == list(VENUES[venue].contracts)
    for answer in found:
        right, seen = expected(server, venue, answer.symbol), got(answer)
        assert {part: seen[part] for part in seen if not near(seen[part], right[part])} == {}, answer.symbol
        assert answer.problems == ()
    assert {asked.venue for asked in server.asked} == {venue}


@live
@pytest.mark.parametrize("venue", ASKED)
def test_a_contract_that_is_traded_at_1x_alone(server, venue):
    """Its one tier asks for the whole value: an initial margin of exactly 1."""
    symbol = VENUES[venue].contracts[2]
    one = server.world.contracts[venue][symbol]
    one.max_leverage, one.tiers = 1, [Tier(0, 50_000, 1, 0.5)]
    found, _ = ask(server, venue)
    assert near(got(found[2]), expected(server, venue, symbol)) and found[2].problems == ()


@live
def test_more_than_the_whole_value_is_no_initial_margin(server):
    server.fail("KuCoin", "risk-limit", "value", None, field="initialMargin", to=1.01)
    found, _ = ask(server, "KuCoin")
    assert found[0].tiers is None and found[0].problems == (
        "KuCoin, XBTUSDTM, tiers: initial margin rate must be above 0 and at most 1, got 1.01",
    )


@live
def test_nobody_is_asked_for_more_than_is_needed(server, monkeypatch):
    """Markets once, tiers and funding for each of three contracts, at most: an exchange counts."""
    monkeypatch.setattr(refresh, "client", partial(refresh.client, timeout=60))  # nothing is asked twice for being late
    ask(server, *ASKED)
    counts = {name: sum(asked.venue == name for asked in server.asked) for name in ASKED}
    assert all(count <= 12 for count in counts.values()), counts
    assert not [asked.path for asked in server.asked if asked.venue == "MEXC" and "contract" not in asked.path], (
        "its spot markets too"
    )


@live
def test_pages_that_do_not_end_are_left(server, monkeypatch):
    """Bybit's list comes in pages, and ccxt turns them as long as there is a next one."""
    monkeypatch.setattr(venues, "MANY", 2)
    found, problems = ask(server, "Bybit")
    assert found == [] and problems == ["Bybit is left out: its pages do not end"] and len(server.asked) == 3


# --- whatever an exchange does

ENDPOINTS = {  # what is in the path of the question for markets, tiers, funding
    "MEXC": ("contract/detail", None, "funding_rate"),
    "Binance": ("exchangeInfo", None, "fundingRate"),
    "OKX": ("public/instruments", "position-tiers", "funding-rate-history"),
    "Bybit": ("instruments-info", "risk-limit", "funding/history"),
    "Bitget": ("mix/market/contracts", "position-lever", "history-fund-rate"),
    "KuCoin": ("contracts/active", "risk-limit", "funding-rates"),
    "Kraken": ("instruments", None, "historicalfundingrates"),
}
FIELDS = {  # fields that carry figures: markets, tiers, funding
    "MEXC": (
        ("maxLeverage", "takerFeeRate", "riskIncrMmr", "contractSize", "maintenanceMarginRate"),
        (),
        ("fundingRate", "settleTime"),
    ),
    "Binance": (("symbol",), (), ("fundingRate", "fundingTime")),
    "OKX": (("lever", "ctVal"), ("mmr", "maxSz", "maxLever"), ("realizedRate", "fundingTime")),
    "Bybit": (
        ("maxLeverage",),
        ("riskLimitValue", "maintenanceMargin", "maxLeverage"),
        ("fundingRate", "fundingRateTimestamp"),
    ),
    "Bitget": (("maxLever", "takerFeeRate"), ("keepMarginRate", "endUnit", "leverage"), ("fundingRate", "fundingTime")),
    "KuCoin": (
        ("maxLeverage", "takerFeeRate"),
        ("maintainMargin", "maxRiskLimit", "maxLeverage"),
        ("fundingRate", "timepoint"),
    ),
    "Kraken": (("initialMargin", "maintenanceMargin"), (), ("relativeFundingRate", "timestamp")),
}
SIZES = {
    ("contractSize", "1000000"),
    ("ctVal", "1000000"),
}  # as small coins have: shown as a change of size, see test_compare
MAY_BE_NOTHING = {"takerFeeRate", "riskIncrMmr", "fundingRate", "realizedRate", "relativeFundingRate"}
ABSURD = ("0", "1000000", "-5", "NaN", "abc", None)
NOT_NAMED = {("Kraken", "historicalfundingrates")}  # this answer does not say which contract it is about


def faults():
    for venue, endpoints in ENDPOINTS.items():
        for place, part in enumerate(endpoints):
            if part is None:
                continue
            for how in FAULTS:
                if how in ("renamed", "missing"):
                    yield from ((venue, part, how, {"field": field}) for field in FIELDS[venue][place])
                elif how == "value":
                    values = [
                        (field, to)
                        for field, to in itertools.product(FIELDS[venue][place], ABSURD)
                        if to != "0" or field not in MAY_BE_NOTHING
                    ]
                    yield from (
                        (venue, part, how, {"field": field, "to": to})
                        for field, to in values
                        if (field, to) not in SIZES
                    )
                elif not (how == "wrong symbol" and (venue, part) in NOT_NAMED):
                    yield venue, part, how, {"seconds": 2} if how == "slow" else {}


ALL_FAULTS = list(faults())


@live
@pytest.mark.parametrize("venue", ASKED)
def test_whatever_an_exchange_does_no_wrong_figure_gets_through(server, monkeypatch, venue):
    """Each fault at each endpoint of the exchange, all the time: what is not answered rightly is left out and named."""
    monkeypatch.setitem(VENUES, venue, replace(VENUES[venue], contracts=VENUES[venue].contracts[:1]))
    (symbol,) = VENUES[venue].contracts
    right = expected(server, venue, symbol)
    own = few((fault for fault in ALL_FAULTS if fault[0] == venue), 12)
    harmless = []
    for _, part, how, more in own:
        server.calm()
        server.fail(venue, part, how, None, **more)
        found, problems = ask(server, venue)
        case = f"{part}, {how}, {more}"
        seen = got(found[0]) if found else dict.fromkeys(right)
        wrong = {name: value for name, value in seen.items() if value is not None and not near(value, right[name])}
        assert not wrong, f"{case}: {wrong}"
        told = problems + [problem for answer in found for problem in answer.problems]
        missing = [name for name in right if right[name] is not None and seen[name] is None]
        assert not missing or told, f"{case}: {missing} is missing, and no sentence says so"
        assert all(venue in sentence and len(sentence) < 200 and "http" not in sentence for sentence in told), case
        if not missing and not told:
            harmless.append(case)
    # Fields that no figure of ours is read from, or not for this contract, may do what they like;
    # hardly more than that.
    assert len(harmless) <= len(own) / 4, harmless


def test_the_faults_are_counted():
    """The number that README and notes give."""
    assert len(ALL_FAULTS) == 548


@live
@pytest.mark.parametrize(
    "how, more",
    [
        ("503", {}),
        ("truncated", {}),
        ("403", {}),
        ("hang up", {}),
        ("slow", {"seconds": 2}),
        ("value", {"field": "lever", "to": "0"}),
    ],
)
def test_one_exchange_failing_does_not_lose_the_others(server, how, more):
    server.fail("OKX", "", how, None, **more)
    found, problems = ask(server, "Bybit", "OKX", "Kraken")
    whole = {
        answer.venue
        for answer in found
        if near(got(answer)["max_leverage"], expected(server, answer.venue, answer.symbol)["max_leverage"])
    }
    assert whole == {"Bybit", "Kraken"}
    assert problems + [problem for answer in found for problem in answer.problems if answer.venue == "OKX"]


@live
def test_waiting_as_long_as_the_exchange_says(server):
    server.fail("OKX", "position-tiers", "429", times=2, seconds=7)
    found, _ = ask(server, "OKX")
    assert server.slept == [7, 7] and found[0].problems == () and found[0].tiers


@live
def test_but_not_for_ever(server):
    server.fail("OKX", "position-tiers", "429", times=None, seconds=86_400)
    found, _ = ask(server, "OKX")
    assert max(server.slept) == venues.LONGEST and len(server.slept) == 9, "three times for each of three contracts"
    assert found[0].tiers is None and found[0].max_leverage == 100
    assert found[0].problems == ("OKX, BTC-USDT-SWAP, tiers: it asks us to wait too long (too many requests)",)


@live
def test_absurd_values_are_named(server):
    """One sentence: exchange, contract, what, the value and what is allowed."""
    server.fail("Bybit", "instruments-info", "value", None, field="maxLeverage", to="1000000")
    server.fail("Bybit", "risk-limit", "value", None, field="maintenanceMargin", to="5")
    found, _ = ask(server, "Bybit")
    assert found[0].problems == (
        "Bybit, BTCUSDT, highest leverage: highest leverage must be from 1 to 1,000, got 1000000",
        "Bybit, BTCUSDT, tiers: maintenance rate must be above 0 and below 1, got 5",
    )


@live
def test_percent_in_place_of_fractions_is_not_taken(server):
    """Bybit's documentation shows maintenance and initial margin of an inverse contract in percent."""
    for tier in server.world.contracts["Bybit"]["RVNUSDT"].tiers:
        tier.rate, tier.deduction = tier.rate * 10, tier.deduction * 10
    found, _ = ask(server, "Bybit")
    assert found[2].tiers is None and found[2].problems == (
        "Bybit, RVNUSDT, tiers: tier 1 of the answer requires 0.2 at 25x: more than the whole margin",
    )


@live
def test_tiers_counted_in_another_way_are_not_taken(server):
    server.fail("MEXC", "contract/detail", "value", None, field="riskLimitType", to="BY_VALUE")
    found, _ = ask(server, "MEXC")
    assert found[0].tiers is None and found[0].max_leverage == 400
    assert found[0].problems == ("MEXC, BTC_USDT, tiers: tiers must be counted BY_VOLUME, got 'BY_VALUE'",)


@live
@pytest.mark.parametrize(
    "field, to, part, words",
    [
        (
            "countryConfigContractMaxLeverage",
            20,
            "max_leverage",
            "highest leverage: capped at 20x for the country it is asked from",
        ),
        ("feeRateMode", "TIERED", "fees", "fees: not one lasting rate for all, but TIERED and BASE"),
        ("feeRateType", "TEMP", "fees", "fees: not one lasting rate for all, but NORMAL and TEMP"),
    ],
)
def test_what_mexc_says_with_a_condition_is_not_taken_for_all(server, monkeypatch, field, to, part, words):
    """The documented fields of its contract list that bind a figure to a country, a tier or a time."""
    known = answers.markets

    def with_field(made):
        found = known(made)
        found["BTC_USDT"]["info"][field] = to
        return found

    monkeypatch.setattr(refresh, "markets", with_field)
    found, _ = ask(server, "MEXC")
    assert getattr(found[0], part) is None and found[0].problems == (f"MEXC, BTC_USDT, {words}",)
    assert getattr(found[1], part) is not None


@live
def test_tiers_left_over_from_another_mode_are_not_taken(server, monkeypatch):
    known = answers.markets

    def with_leftover(made):
        found = known(made)
        found["ETH_USDT"]["info"]["riskLimitCustom"] = [
            {"level": 1, "maxVol": 9, "mmr": 0.002, "imr": 0.004, "maxLeverage": 250}
        ]
        return found

    monkeypatch.setattr(refresh, "markets", with_leftover)
    found, _ = ask(server, "MEXC")
    assert near(got(found[1])["tiers"], expected(server, "MEXC", "ETH_USDT")["tiers"])


@live
def test_a_contract_with_one_tier_for_all_sizes(server, monkeypatch):
    """At MEXC: no step of risk, so the first tier is the only one, whatever the count of levels says."""
    known = answers.markets

    def without_steps(made):
        found = known(made)
        found["ETH_USDT"]["info"]["riskIncrVol"] = 0
        return found

    monkeypatch.setattr(refresh, "markets", without_steps)
    found, _ = ask(server, "MEXC")
    assert near(got(found[1])["tiers"], expected(server, "MEXC", "ETH_USDT")["tiers"][:1])


@live
def test_one_settlement_a_day_is_enough(server):
    one = server.world.contracts["Bybit"]["RVNUSDT"]
    midnight = server.world.now_ms // 86_400_000 * 86_400_000
    one.rates = [(midnight - day * 86_400_000, 0.0001 * (day + 1)) for day in (3, 2, 1, 0)]
    found, _ = ask(server, "Bybit")
    assert found[2].interval_hours == 24 and found[2].rates[-1] == (midnight / 1000, 0.0001)


@live
def test_a_contract_that_does_not_settle_any_more_gives_nothing(server):
    """Listed still, but nobody was paid for 60 days: an exchange that has closed may answer for years."""
    one = server.world.contracts["Kraken"]["PF_XBTUSD"]
    one.rates = [(ms - 60 * 86_400_000, rate) for ms, rate in one.rates]
    found, _ = ask(server, "Kraken")
    assert found[0].max_leverage is None and found[1].max_leverage == 45
    assert found[0].problems == (
        "Kraken, PF_XBTUSD: fewer than two settled funding rates of the last two days: its rows stay as they are",
    )


@live
def test_a_settlement_that_is_missing_changes_no_interval(server):
    del server.world.contracts["Bybit"]["BTCUSDT"].rates[-2]
    found, _ = ask(server, "Bybit")
    assert found[0].interval_hours is None and found[0].problems == (
        "Bybit, BTCUSDT, funding: the last settlements lie 8 and 16 hours apart",
    )


@live
def test_an_initial_margin_that_belies_the_leverage_is_not_taken(server):
    server.fail("KuCoin", "risk-limit", "value", None, field="initialMargin", to=0.8)
    found, _ = ask(server, "KuCoin")
    assert (
        found[0].tiers is None
        and "tier 1 of the answer asks for 0.8 at 115x: one of them is wrong" in found[0].problems[0]
    )


@live
def test_an_exchange_that_has_closed_is_not_asked(server, tables, capsys):
    refresh.main(words(tables))
    assert {asked.venue for asked in server.asked} == set(ASKED) == set(VENUES) - {"Coinbase"}
    assert "- Coinbase International Exchange has been read-only since 2026-10-01" in capsys.readouterr().out
    assert refresh.main(words(tables, "--exchange", "coinbase")) == 2
    assert capsys.readouterr().err.startswith(
        "refresh: Coinbase International Exchange has been read-only since 2026-10-01"
    )


@live
def test_tiers_with_a_gap_are_not_taken(server):
    server.world.contracts["Bitget"]["BTCUSDT"].tiers[2].floor += 50_000  # the second ends at 300,000
    found, _ = ask(server, "Bitget")
    assert found[0].tiers is None and found[1].tiers
    assert found[0].problems == (
        (
            "Bitget, BTCUSDT, tiers: tier 3 of the answer: leaves a gap: tier 2 ends "
            "at 300,000, this one begins at 350,000"
        ),
    )


@live
def test_a_rate_that_is_not_settled_yet_is_not_taken(server):
    """Asked at 03:00 by our clock, the exchange already has the rates of 08:00 and 12:00."""
    found, _ = refresh.ask(("Bybit",), server.world.now_ms / 1000 - 9 * 3600)
    assert found[0].rates == tuple(
        (ms / 1000, rate) for ms, rate in server.world.contracts["Bybit"]["BTCUSDT"].rates[-4:-1]
    )


@live
def test_a_contract_that_is_gone_is_said(server):
    server.world.contracts["KuCoin"]["WAXPUSDTM"].listed = False
    found, _ = ask(server, "KuCoin")
    assert [answer.problems for answer in found] == [
        (),
        (),
        ("KuCoin lists no WAXPUSDTM (any more): its rows stay as they are",),
    ]


@live
def test_an_exchange_that_contradicts_itself_is_said(server):
    server.world.contracts["Bitget"]["BTCUSDT"].max_leverage = 125
    found, _ = ask(server, "Bitget")
    assert found[0].problems == (
        "Bitget, BTCUSDT: 125x for the contract, 120x in its first tier: look at it before you commit",
    )


@live
def test_it_asks_no_faster_than_the_exchange_allows(monkeypatch):
    """Kraken's client waits between questions; a lower bound holds on a busy machine too."""
    with VenueServer() as server:
        monkeypatch.setenv(venues.OVERRIDE, server.base)
        refresh.ask(("Kraken",), server.world.now_ms / 1000)
        times = [asked.time for asked in server.asked]
        pause = venues.client("Kraken").rateLimit / 1000
        assert pause >= 0.1 and min(after - before for before, after in zip(times, times[1:])) > 0.8 * pause


# --- the command


def git(folder, *words):
    own = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    return subprocess.run(["git", "-C", str(folder), *own, *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def tables(tmp_path):
    """The tables in a repository of their own, committed."""
    folder = shutil.copytree(data.folder(), tmp_path / "data")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "data")
    git(tmp_path, "commit", "--quiet", "-m", "tables")
    return folder


def words(tables, *more):
    return ["--data", str(tables), "--page", str(tables.parent / "page.md"), *more]


def command(tables, *more, **environment):
    clean = {name: value for name, value in os.environ.items() if name != venues.OVERRIDE}
    return subprocess.run(
        [sys.executable, "-m", "leverage_lab.live.refresh", *words(tables, *more)],
        capture_output=True,
        text=True,
        env={**clean, **environment},
        timeout=120,
    )


@live
def test_the_command_shows_what_is_new_and_writes_it_for_git_to_show(tables):
    """Bybit's 150x of 2026-09-17 has become 100x, by the server; looked at again: nothing new."""
    before = contents(tables)
    with VenueServer(World(now_ms=round(datetime.now(timezone.utc).timestamp() * 1000))) as server:
        shown = command(tables, "--exchange", "bybit", "Kraken", LEVERAGE_LAB_API=server.base)
        today = f"{datetime.now(timezone.utc):%Y-%m-%d}"
        assert shown.returncode == 0, shown.stderr
        assert "|  | BTCUSDT | highest leverage | 150 | 2026-09-17 | 100 |" in shown.stdout
        assert f"**Not the exchanges' figures: {server.base} was asked in their place.**" in shown.stdout
        assert "- Kraken: fees (it needs a key)" in shown.stdout and "contract/s" in shown.stderr, "a progress bar"
        assert shown.stdout.endswith("git diff data shows it, git checkout data takes it back.\n")
        assert (tables.parent / "page.md").read_text() in shown.stdout
        after = contents(tables)
        assert f"Bybit,BTCUSDT,BTC,100,{today},".encode() in after["leverage_history.csv"]
        assert b"Bybit,BTCUSDT,BTC,150,2026-09-17," in after["leverage_history.csv"], "history stands"
        changed = sorted(name for name in after if after[name] != before[name])
        assert git(tables.parent, "diff", "--name-only").split() == [f"data/{name}" for name in changed]
        assert all(name in shown.stdout.partition("Written into ")[2] for name in changed)
        refused = command(tables, "--exchange", "Bybit", LEVERAGE_LAB_API=server.base)
        assert (refused.returncode, contents(tables)) == (
            2,
            after,
        ) and "refresh: data/ has changes that are not committed (" in refused.stderr
        git(tables.parent, "commit", "--quiet", "-am", "fresh")
        again = command(tables, "--exchange", "Bybit", "Kraken", LEVERAGE_LAB_API=server.base)
        assert (
            "0 changes, 0 of them" in again.stdout
            and "There is nothing to write" in again.stdout
            and contents(tables) == after
        )
        git(tables.parent, "checkout", "--quiet", "HEAD~1", "--", "data")
        assert contents(tables) == before


@live
@pytest.mark.parametrize("changed", ["fees.csv", "notes.txt"])
def test_what_is_not_committed_is_said_before_anybody_is_asked(server, tables, capsys, changed):
    with open(tables / changed, "a") as file:
        file.write("mine\n")
    before = contents(tables)
    assert refresh.main(words(tables)) == 2 and not server.asked and contents(tables) == before
    assert (
        capsys.readouterr().err
        == f"refresh: data/ has changes that are not committed (data/{changed}): commit them, or take them back with "
        "git checkout data\n"
    )


@live
@pytest.mark.parametrize("how", ["no repository", "ignored", "no git"])
def test_without_git_nothing_is_written(server, tables, capsys, monkeypatch, how):
    """As in the offline kit, and where the package was installed without the checkout."""
    if how == "no repository":
        shutil.rmtree(tables.parent / ".git")
    elif how == "ignored":
        git(tables.parent, "rm", "-r", "--quiet", "--cached", "data")
        (tables.parent / ".gitignore").write_text("data/\n")
    else:
        monkeypatch.setenv("PATH", "")
    before = contents(tables)
    assert refresh.main(words(tables)) == 2 and not server.asked and contents(tables) == before
    assert capsys.readouterr().err.startswith(
        "refresh: data/ is not kept by git, which shows and takes back what is written"
    )


@pytest.fixture
def today(server, monkeypatch):
    """The command has the clock of the server's world."""
    monkeypatch.setattr(refresh, "time", SimpleNamespace(time=lambda: server.world.now_ms / 1000))


@live
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("way", ["as it is", "relative", "by a link"])
def test_a_server_of_ones_own_never_writes_into_the_courses_tables(server, tables, capsys, monkeypatch, way):
    monkeypatch.setattr(data, "folder", lambda: tables)
    (tables.parent / "linked").symlink_to(tables)
    monkeypatch.chdir(tables.parent)
    before = contents(tables)
    folder = {"as it is": tables, "relative": "data", "by a link": "linked"}[way]
    assert refresh.main(["--exchange", "Bybit", "--data", str(folder), "--page", "page.md"]) == 0
    shown = capsys.readouterr().out
    assert (
        "| highest leverage | 150 | 2026-09-17 | 100 |" in shown
        and "Nothing is written: these are not the exchanges' figures." in shown
    )
    assert contents(tables) == before


@live
@pytest.mark.usefixtures("today")
def test_a_disk_that_is_full_is_said_and_git_has_the_rest(server, tables, capsys, monkeypatch):
    written = []

    def full(file, text):
        written.append(file.name)
        if file.name == "ladders.csv":
            raise OSError("No space left on device")

    monkeypatch.setattr("leverage_lab.live.compare.write_atomically", full)
    assert refresh.main(words(tables, "--exchange", "Bybit")) == 2 and written == ["tiers.csv", "ladders.csv"]
    assert capsys.readouterr().err.endswith(
        "refresh: No space left on device; git diff data shows what has been written, git checkout data takes it back\n"
    )


@live
def test_every_panel_draws_on_tables_of_another_year(tables, server):
    """All exchanges asked in February 2027, everything written: no panel breaks, and those with a month reach it."""
    with VenueServer(World(now_ms=1_802_260_800_000)) as later:  # 2027-02-10, 12:00 UTC
        server.world, os.environ[venues.OVERRIDE] = later.world, later.base
        texts = read(tables)
        found, answers = refresh.refresh(ASKED, texts, later.world.now_ms / 1000)
    assert len(answers) == 21 and set(found.tables) == set(WRITTEN)
    write(found.tables, texts, tables)
    code = f"""
import pathlib
from leverage_lab import data
data.folder = lambda: pathlib.Path({str(tables)!r})
from leverage_lab.classroom import panels
for name, panel in panels.ALL.items():
    made = panel()
    made.picture().png(made.result)
newest = panels.maxima(month=97)
print(newest.controls["month"].show(97), newest.result.then["Bybit"], panels.maxima(month=96).result.then["Bybit"])
print(newest.result.dates.line())
"""
    done = python(code)
    assert done.stderr == "" and done.stdout.splitlines()[0] == "2027-02 100.0 150.0", done.stderr
    assert done.stdout.splitlines()[1].endswith("to 10 February 2027.")


@live
def test_without_a_network_nothing_changes_and_it_says_so(server, tables, monkeypatch, capsys):
    before = contents(tables)
    with VenueServer() as gone:
        closed = gone.base
    monkeypatch.setenv(venues.OVERRIDE, closed)
    monkeypatch.setattr(venues, "PAUSES", (0, 0, 0))
    assert refresh.main(words(tables, "--exchange", "OKX")) == 1
    told = capsys.readouterr()
    assert (
        told.out == ""
        and "nobody answered (is there a network?)" in told.err
        and "- OKX is left out: it could not be reached" in told.err
    )
    assert contents(tables) == before


def test_an_unknown_exchange_is_said_before_anybody_is_asked(tables):
    done = command(tables, "--exchange", "Mt. Gox")
    assert (
        done.returncode == 2
        and done.stderr.startswith("refresh: exchange must be 'MEXC', 'Binance'")
        and "got 'Mt. Gox'" in done.stderr
    )


@live
def test_stopped_by_hand_it_says_so_in_a_sentence(tables, monkeypatch, capsys):
    def stop(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(refresh, "refresh", stop)
    assert refresh.main(words(tables)) == 130
    assert capsys.readouterr().err == "refresh: stopped; nothing has been touched\n"


# --- an extra: never needed, never in the way


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_importing_it_loads_no_client_and_opens_no_connection():
    """An audit hook sees every socket that Python opens."""
    done = python(
        "import sys\n"
        "sys.addaudithook(lambda name, given: sys.exit('socket') if name.startswith('socket.') else None)\n"
        "from leverage_lab.live import answers, compare, refresh, schema, venues\n"
        "assert not {'ccxt', 'tqdm', 'frictionless'} & set(sys.modules)"
    )
    assert (done.returncode, done.stderr) == (0, "")


@live
def test_without_the_extra_one_sentence_says_how_to_get_it(tables):
    done = python(
        "import sys\nsys.modules['ccxt'] = None\nfrom leverage_lab.live import "
        f"refresh\nsys.exit(refresh.main(['--data', {str(tables)!r}]))"
    )
    assert done.returncode == 2 and done.stderr == f"refresh: {venues.MISSING}\n"


def test_the_course_never_imports_it():
    """Whoever opens a notebook has neither ccxt nor anything of live/ in memory."""
    done = python(
        "import sys\nfrom leverage_lab import classroom\nfrom leverage_lab.classroom import panels\nprint([name for "
        "name in sys.modules if name.split('.')[0] in ('ccxt', 'tqdm') or 'leverage_lab.live' in name])"
    )
    assert done.stdout == "[]\n", done.stderr
