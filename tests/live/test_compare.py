"""Old beside new, and the way into the tables: compared with what stands in the files,
read here without the package's help."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak import SOAK, few

from leverage_lab import data, exchanges
from leverage_lab.live.answers import Answer, Tier
from leverage_lab.live.compare import WRITTEN, Change, cell, compare, read, write

DAY = "2026-11-22"
pytestmark = pytest.mark.live


def compared(answers, folder, day=DAY, **more):
    """Compared with the tables in `folder`."""
    return compare(answers, read(folder), day, **more)


def put(folder, *answers, day=DAY):
    """Compared, and written there."""
    found = compared(answers, folder, day)
    write(found.tables, read(folder), folder)
    return found


@pytest.fixture
def tables(tmp_path):
    """A copy of data/ to be changed."""
    return shutil.copytree(data.folder(), tmp_path / "data")


def text(folder, name):
    return (folder / f"{name}.csv").read_text(encoding="utf-8")


def rows(folder, name):
    return list(csv.DictReader(io.StringIO(text(folder, name))))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def bybit(**more):
    return Answer("Bybit", "BTCUSDT", "BTC", **more)


def lines_added(folder, result, name):
    """The lines that the result adds, after making sure that it takes none away and moves none."""
    old, new = text(folder, name).splitlines(), result.tables[name].splitlines()
    rest = iter(new)
    assert all(line in rest for line in old), "an old line is gone or moved"
    for line in old:
        new.remove(line)
    return new


def test_what_is_as_it_was_gives_nothing(tables):
    """150x stands there, dated 2026-09-17: 66 days old."""
    result = compared([bybit(max_leverage=150.0)], tables)
    assert (result.changes, result.tables, result.confirmed, result.unchanged) == ([], {}, [], 1)


def test_a_new_figure_is_a_new_row_above_the_old_ones(tables):
    result = compared([bybit(max_leverage=100.0)], tables)
    assert result.changes == [Change("Bybit", "BTCUSDT", "highest leverage", "150", "2026-09-17", "100")]
    assert list(result.tables) == ["leverage_history"]
    (line,) = lines_added(tables, result, "leverage_history")
    assert line.startswith(f"Bybit,BTCUSDT,BTC,100,{DAY},") and "asked on 2026-11-22" in line
    whole = result.tables["leverage_history"].splitlines()
    assert whole[whole.index(line) + 1].startswith("Bybit,BTCUSDT,BTC,150,2026-09-17")


def test_a_contract_not_seen_before_comes_below_the_others_of_its_exchange(tables):
    result = compared([Answer("Bybit", "RVNUSDT", "RVN", max_leverage=25.0)], tables)
    (line,) = lines_added(tables, result, "leverage_history")
    whole = result.tables["leverage_history"].splitlines()
    assert whole[whole.index(line) - 1].startswith("Bybit,BTCPERP") and whole[whole.index(line) + 1].startswith(
        "Bitget,"
    )
    assert result.changes == [Change("Bybit", "RVNUSDT", "highest leverage", "", "", "25")]


@pytest.mark.parametrize("age, confirmed", [("2026-03-16", True), ("2026-03-17", True), ("2026-05-26", False)])
def test_an_old_row_is_confirmed_with_the_new_date(tables, age, confirmed):
    """180 days before 22 November 2026 is 26 May."""
    path = tables / "leverage_history.csv"
    path.write_text(path.read_text().replace("BTCUSDT,BTC,150,2026-09-17", f"BTCUSDT,BTC,150,{age}"))
    result = compared([bybit(max_leverage=150.0)], tables)
    assert result.changes == [] and bool(result.confirmed) == confirmed == bool(result.tables)
    assert not confirmed or len(lines_added(tables, result, "leverage_history")) == 1


@pytest.mark.parametrize(
    "old, new, jump",
    [
        ("150", "100", False),
        ("150", "75", False),
        ("150", "74.9", True),
        ("150", "300", False),
        ("150", "301", True),
        ("0", "0.0002", True),
        ("0", "0", False),
        ("-0.0001", "0.0001", False),
        ("", "500", False),
        ("", "0", False),
    ],
)
def test_what_more_than_doubles_or_halves_is_marked(old, new, jump):
    assert Change("X", "Y", "z", old, "", new).jump is jump


def tiers_of(ladder):
    """A ladder of the table as an answer would have it."""
    value = {True: None, False: float}
    cells = ("floor", "cap", "max_leverage", "initial_rate", "rate", "deduction")
    return tuple(
        Tier(*(None if row[key] == "" else value[False](row[key]) for key in cells))
        for row in rows(data.folder(), "tiers")
        if row["ladder_id"] == ladder
    )


def test_tiers_cell_by_cell(tables):
    """Bitget's tiers of 2025-09-26, the fourth changed: rate 1 % to 3 %, and a cap; two cells, one of them tripled."""
    old = tiers_of("bitget-btcusdt-2025-09-26")
    new = (
        *old[:3],
        replace(old[3], rate=0.03, cap=20e6),
        replace(old[4], floor=20e6, rate=0.035),
        replace(old[5], rate=0.04),
        *old[6:],
    )
    result = compared([Answer("Bitget", "BTCUSDT", "BTC", tiers=new, unit="USDT")], tables)
    told = {(change.what, change.old, change.new): change.jump for change in result.changes}
    assert told == {
        ("tier 4, cap (USDT)", "15000000", "20000000"): False, ("tier 4, rate", "0.01", "0.03"): True,
        ("tier 5, rate", "0.02", "0.035"): False, ("tier 6, rate", "0.03", "0.04"): False,
    }  # fmt: skip
    assert sorted(result.tables) == ["ladders", "tiers"]
    (ladder,) = lines_added(tables, result, "ladders")
    assert ladder.startswith(f"bitget-btcusdt-{DAY},Bitget,BTCUSDT,BTC,linear,USDT,")
    assert lines_added(tables, result, "tiers")[3] == f"bitget-btcusdt-{DAY},4,5000000,20000000,50,,0.03,"
    page = result.page()
    assert (
        "| **!** | BTCUSDT | tier 4, rate | 0.01 | 2025-09-26 | 0.03 |" in page
        and "4 changes, 1 of them large" in page
        and "| 5000000 | 20000000 | 50 | – | 0.03 | – |" in page
    )


def test_whole_tiers_that_came_or_went_take_one_line(tables):
    old = tiers_of("bitget-btcusdt-2025-09-26")
    fewer = compared([Answer("Bitget", "BTCUSDT", "BTC", tiers=old[:4], unit="USDT")], tables)
    assert [(change.what, change.old, change.new) for change in fewer.changes] == [("tiers 5 to 12", "8 tiers", "")]
    more = compared(
        [Answer("Bitget", "BTCUSDT", "BTC", tiers=(*old, Tier(old[-1].cap, 2e9, 1.0, None, 0.9)), unit="USDT")], tables
    )
    assert [(change.what, change.old, change.new) for change in more.changes] == [("tier 13", "", "1 tier")]


def test_the_rule_of_reading_goes_on_with_the_new_ladder(tables):
    """OKX's rates count for the whole position: no answer says so, but the tables do."""
    new = tuple(replace(tier, rate=round(tier.rate + 0.001, 6)) for tier in tiers_of("okx-btc-usdt-swap-2025-12-29"))
    result = compared([Answer("OKX", "BTC-USDT-SWAP", "BTC", tiers=new, unit="BTC", contract_size=0.01)], tables)
    (line,) = lines_added(tables, result, "ladders")
    row = dict(zip(rows(tables, "ladders")[0], next(csv.reader([line]))))
    assert (
        row["reading"] == "whole"
        and row["note"] == "reading as in okx-btc-usdt-swap-2025-12-29"
        and row["contract_size"] == "0.01"
    )


def test_a_contract_new_to_the_tables_is_read_as_its_exchange_reads_the_others(tables):
    """And the row says from where that is; an exchange of which no reading is known gives none."""
    bitcoin = next(row for row in rows(tables, "ladders") if row["exchange"] == "Bybit" and row["contract"] == "linear")
    tiers = (Tier(0, 1e6, 90.0, 0.0111, 0.0055, 0.0),)
    result = compared(
        [
            Answer("Bybit", "ETHUSDT", "ETH", tiers=tiers, unit="USDT"),
            Answer("KuCoin", "SOLUSDTM", "SOL", tiers=tiers, unit="USDT"),
        ],
        tables,
    )
    new = [dict(zip(bitcoin, next(csv.reader([line])))) for line in lines_added(tables, result, "ladders")]
    assert [(row["symbol"], row["reading"], row["note"]) for row in new] == [
        ("ETHUSDT", bitcoin["reading"], f"reading as in {bitcoin['ladder_id']}"),
        ("SOLUSDTM", "", ""),
    ]
    assert bitcoin["reading"] == "marginal"


def test_another_size_of_a_contract_is_a_change_of_its_own(tables):
    """No answer can show that a size is absurd (small coins come by the million): the page does."""
    same = tiers_of("okx-btc-usdt-swap-2025-12-29")
    result = compared([Answer("OKX", "BTC-USDT-SWAP", "BTC", tiers=same, unit="BTC", contract_size=1000.0)], tables)
    assert (
        result.changes == [Change("OKX", "BTC-USDT-SWAP", "size of a contract", "0.01", "2025-12-29", "1000")]
        and result.changes[0].jump
    )


def test_fees_change_only_where_the_lowest_tier_does(tables):
    same = compared([Answer("KuCoin", "XBTUSDTM", "BTC", fees=(0.0002, 0.0006))], tables)
    assert same.tables == {} and same.unchanged == 2
    other = compared([Answer("KuCoin", "XBTUSDTM", "BTC", fees=(0.0002, 0.00055))], tables)
    assert [(change.what, change.old, change.new) for change in other.changes] == [("taker fee", "0.0006", "0.00055")]
    (line,) = lines_added(tables, other, "fees")
    assert line.startswith("KuCoin,,perpetual,XBTUSDTM,base,,0.0002,0.00055,,2026-11-22")


def test_the_interval_of_bitcoin_is_the_exchanges_and_others_have_their_own_rows(tables):
    eight, four = (
        Answer("Bybit", "BTCUSDT", "BTC", interval_hours=8.0),
        Answer("Bybit", "RVNUSDT", "RVN", interval_hours=4.0),
    )
    result = compared([eight, four], tables)
    assert [(change.symbol, change.what, change.old, change.new) for change in result.changes] == [
        ("RVNUSDT", "hours between settlements", "", "4")
    ]
    assert len(result.confirmed) == 1, "the eight hours stood there without a date"
    again = compared([Answer("Bybit", "BTCUSDT", "BTC", interval_hours=8.0), replace(four, interval_hours=8.0)], tables)
    assert again.changes == [] and "funding" not in again.tables, (
        "eight hours for the small coin are what is known of the exchange"
    )


def test_observed_rates_are_rows_of_their_own_once(tables):
    found = bybit(rates=((1_795_305_600, 0.0001), (1_795_334_400, -0.000025)))  # 2026-11-22, 00:00 and 08:00 UTC
    result = compared([found], tables)
    new = list(csv.reader(lines_added(tables, result, "funding")))
    assert [(line[2], line[4], line[5], line[8]) for line in new] == [
        ("BTCUSDT", "-0.000025", DAY, "08:00 UTC"),
        ("BTCUSDT", "0.0001", DAY, "00:00 UTC"),
    ]
    assert result.changes == [] and len(result.rates) == 2
    put(tables, found)
    assert compared([found], tables).tables == {}


def test_rows_that_would_not_fit_cost_only_their_exchange(tables):
    broken = Answer("OKX", "BTC-USDT-SWAP", "", max_leverage=50.0)  # a row without a coin cannot be loaded
    result = compared([broken, bybit(max_leverage=100.0)], tables)
    assert [change.venue for change in result.changes] == ["Bybit"]
    assert result.problems == [
        'OKX is left out, its rows do not fit: leverage_history.csv, row 26, column asset: constraint "required" is '
        "\"True\", got ''"
    ]


@pytest.mark.parametrize(
    "value, shown",
    [
        (0.00005, "0.00005"),
        (1e-9, "0.000000001"),
        (125.0, "125"),
        (66.66, "66.66"),
        (1e15, "1000000000000000"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (None, ""),
    ],
)
def test_cells_have_no_exponent_and_no_noise(value, shown):
    assert cell(value) == shown


# --- writing

CHANGED = (
    Answer("Bitget", "BTCUSDT", "BTC", max_leverage=100.0,
        tiers=(Tier(0, 1e6, 100.0, None, 0.005), Tier(1e6, None, 50.0, None, 0.01)), unit="USDT", interval_hours=4.0,
           fees=(0.0001, 0.0005), rates=((1_795_305_600, 0.0001),)),
)  # fmt: skip


def test_what_is_new_is_written_and_nothing_else(tables):
    before = contents(tables)
    found = compared(CHANGED, tables)
    assert contents(tables) == before and set(found.tables) == set(WRITTEN)
    write(found.tables, read(tables), tables)
    after = contents(tables)
    assert {name: after[f"{name}.csv"].decode() for name in WRITTEN} == found.tables
    assert {name: text for name, text in after.items() if name[:-4] not in WRITTEN} == {
        name: text for name, text in before.items() if name[:-4] not in WRITTEN
    }
    assert compared(CHANGED, tables).tables == {}


def test_what_was_written_is_what_the_course_then_says(tables, monkeypatch):
    put(tables, *CHANGED)
    monkeypatch.setattr(data, "folder", lambda: tables)
    caches = (data._loaded, exchanges._table, exchanges._tiers)
    for cache in caches:
        cache.cache_clear()
    try:
        new = exchanges.exchange("Bitget")
        assert (new.max_leverage, new.maintenance_rate, new.funding_interval_hours, new.taker_fee) == (
            100,
            0.005,
            4,
            0.0005,
        )
        assert exchanges.exchange("Bitget", "2025-12-31").max_leverage == 150, "history stands"
        assert exchanges.max_position("Bitget", "BTC", 60) == 1e6
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()


def test_a_table_that_was_changed_while_the_exchanges_were_asked_stays(tables):
    """Somebody corrected a row, or pulled a branch, in the meantime: it must not be lost."""
    texts = read(tables)
    path = tables / "funding.csv"
    path.write_text(path.read_text().replace("some contracts every 4 hours", "some contracts every 4 or 2 hours"))
    before = contents(tables)
    with pytest.raises(ValueError, match="funding.csv was changed while the exchanges were asked: nothing is written"):
        write(compare(CHANGED, texts, DAY).tables, texts, tables)
    assert contents(tables) == before


@pytest.mark.skipif(os.name == "nt", reason="kills with a signal")
@pytest.mark.parametrize("moment", few(range(13), 4))
def test_a_kill_in_mid_write_leaves_each_table_old_or_new(tables, tmp_path, moment):
    """Killed at one of the twelve steps at which a file is synced or put in place (the thirteenth run is not
    killed)."""
    found = compared(CHANGED, tables)
    before = {name: text(tables, name) for name in WRITTEN}
    (tmp_path / "new.json").write_text(json.dumps([found.tables, read(tables)]))
    code = """
        import json, os, signal, sys
        from pathlib import Path
        from leverage_lab.live import compare
        left = [int(sys.argv[3])]
        def counted(real):
            def step(*given):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return real(*given)
            return step
        os.fsync, os.replace = counted(os.fsync), counted(os.replace)
        compare.write(*json.loads(Path(sys.argv[1]).read_text()), sys.argv[2])
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "new.json"), str(tables), str(moment)],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == (0 if moment == 12 else -signal.SIGKILL), ran.stderr
    now = {name: text(tables, name) for name in WRITTEN}
    new = [name for name in WRITTEN if now[name] == found.tables[name]]
    assert new == list(WRITTEN[: moment // 2]) and all(now[name] == before[name] for name in WRITTEN if name not in new)
    read(tables)
    known = {row["ladder_id"] for row in rows(tables, "tiers")}
    assert {row["ladder_id"] for row in rows(tables, "ladders")} <= known, "a ladder without tiers"


def test_invented_figures_say_so_in_every_row(tables):
    """Somebody tried it with a server of their own: wherever the rows end up, they do not pass for the exchange's."""
    found = compared(CHANGED, tables, asked="http://127.0.0.1:8000")
    assert "**Not the exchanges' figures: http://127.0.0.1:8000 was asked in their place.**" in found.page()
    new = [line for name in WRITTEN if name != "tiers" for line in lines_added(tables, found, name)]
    assert len(new) == 5 and all("invented, asked of http://127.0.0.1:8000 on 2026-11-22" in line for line in new)


@pytest.mark.parametrize(
    "broken, words",
    [
        (lambda text: text.replace("maker,taker", "maker,takes", 1), "fees.csv, column taker: "),
        (lambda text: text.splitlines()[0] + "\n", "fees.csv: number of rows is 0"),
        (lambda text: text.replace("2025-09-02", "2.9.2025", 1), "fees.csv, row 2, column as_of"),
    ],
    ids=["column", "empty", "date"],
)
def test_a_table_that_cannot_be_read_is_said_first(tables, broken, words):
    file = tables / "fees.csv"
    file.write_text(broken(file.read_text()))
    with pytest.raises(ValueError, match=words):
        read(tables)


def test_a_ladder_somebody_wrote_by_hand_on_the_same_day_stays(tables):
    put(tables, *CHANGED)
    file = tables / "ladders.csv"
    file.write_text(file.read_text().replace("asked on 2026-11-22", "by hand"))
    other = replace(CHANGED[0], tiers=(Tier(0, 2e6, 100.0, None, 0.005),))
    put(tables, other)
    assert [row["ladder_id"] for row in rows(tables, "ladders") if row["as_of"] == DAY] == [
        f"bitget-btcusdt-{DAY}-again",
        f"bitget-btcusdt-{DAY}",
    ]
    assert [row["cap"] for row in rows(tables, "tiers") if row["ladder_id"].endswith("again")] == ["2000000"]


def test_the_form_of_a_table_is_no_change(tables):
    file = tables / "fees.csv"
    file.write_text("\ufeff" + file.read_text().rstrip("\n"))  # as a spreadsheet may leave it
    assert compared([bybit(max_leverage=150.0)], tables).tables == {}


def test_a_new_contract_beside_the_one_that_is_shown_is_said(tables):
    result = compared([Answer("Kraken", "PF_XBTUSD", "BTC", max_leverage=20.0)], tables)
    assert result.problems == [
        "Kraken, PF_XBTUSD is new beside PI_XBTUSD: wherever the course speaks of BTC it goes on showing PI_XBTUSD"
    ]
    assert compared([Answer("Kraken", "PF_ETHUSD", "ETH", max_leverage=20.0)], tables).problems == []


def test_a_new_lowest_fee_says_what_becomes_of_the_others(tables):
    assert compared([Answer("KuCoin", "XBTUSDTM", "BTC", fees=(0.0002, 0.00055))], tables).problems == [
        "KuCoin: its other fee tiers are older, and are no longer listed beside the new lowest one"
    ]


def test_an_unusual_funding_rate_is_marked_and_its_time_is_rounded(tables):
    page = compared([bybit(rates=((1_795_305_599.998, 0.01), (1_795_334_400.003, 0.0001)))], tables).page()
    assert "- Bybit, BTCUSDT: 0.01 (2026-11-22 00:00 UTC) **!**; 0.0001 (2026-11-22 08:00 UTC)\n" in page


def test_an_interval_with_a_rule_of_its_own_changes_in_both_places(tables):
    result = compared([Answer("KuCoin", "XBTUSDTM", "BTC", interval_hours=4.0)], tables)
    assert sorted(result.tables) == ["exchanges", "funding"]


# --- the property: what is unchanged gives nothing

rates = st.floats(0.001, 0.9).map(lambda rate: round(rate, 5))


@st.composite
def answered(draw):
    """Any sensible answer of one exchange about its BTC contract and a small coin."""
    found = []
    for symbol, asset in (("BTCUSDT", "BTC"), ("RVNUSDT", "RVN")):
        caps = sorted(draw(st.sets(st.integers(1, 10**9), min_size=1, max_size=5)))
        steps = sorted(draw(st.lists(rates, min_size=len(caps), max_size=len(caps))))
        leverages = sorted(
            draw(
                st.lists(st.floats(1, 500).map(lambda value: round(value, 2)), min_size=len(caps), max_size=len(caps))
            ),
            reverse=True,
        )
        tiers = tuple(
            Tier(float(floor), float(cap), leverage, None, rate)
            for floor, cap, leverage, rate in zip([0, *caps], caps, leverages, steps)
        )
        fee = (
            draw(st.floats(-0.001, 0.001).map(lambda rate: round(rate, 6))),
            draw(st.floats(0, 0.001).map(lambda rate: round(rate, 6))),
        )
        settled = tuple(
            (1_795_305_600 + 28_800 * i, draw(st.floats(-0.05, 0.05).map(lambda rate: round(rate, 9))))
            for i in range(3)
        )
        found.append(
            Answer(
                draw(st.just("Bybit")),
                symbol,
                asset,
                max_leverage=leverages[0],
                fees=fee,
                tiers=tiers,
                unit="USDT",
                interval_hours=float(draw(st.sampled_from([1, 2, 4, 8]))),
                rates=settled,
            )
        )
    return found


@settings(max_examples=30 if SOAK else 5)  # each reads six tables several times
@given(answered())
def test_a_second_look_at_the_same_market_gives_nothing(tmp_path_factory, found):
    folder = tmp_path_factory.mktemp("data")
    for name in WRITTEN:
        shutil.copy(data.folder() / f"{name}.csv", folder)
    put(folder, *found)
    for day in (DAY, "2027-05-20"):  # 179 days later
        second = compared(found, folder, day)
        assert (second.changes, second.confirmed, second.rates, second.tables, second.problems) == ([], [], [], {}, [])
    later = compared(found, folder, "2027-05-22")  # 181 days later: the same figures, confirmed
    assert later.changes == [] and later.confirmed
