"""Exchanges as sets of rules: the tables as printed, two dates side by side, published liquidation prices,
misprints named."""

import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage_lab import data
from leverage_lab import exchanges as ex
from leverage_lab.exchanges import (
    COURSE,
    Flaw,
    compare,
    contracts_to_coin,
    exchange,
    fact,
    ladder_errors,
    max_leverage,
    max_position,
)
from leverage_lab.liquidation import Ladder, Rules, liquidation_price, position_margin

ROOT = Path(__file__).resolve().parents[1]
OURS = (
    "exchanges",
    "leverage_history",
    "ladders",
    "tiers",
    "tiers_published",
    "fees",
    "funding",
    "margin_interest",
    "risk_evidence",
    "collateral",
)
NAMES = (
    "'MEXC', 'Binance', 'OKX', 'Bybit', 'Bitget', 'KuCoin', 'Kraken', 'Coinbase', 'BitMEX', 'Deribit', 'Gate', "
    "'Hyperliquid' or 'dYdX'"
)
NAN = math.nan


def tier_rows(ladder_id):
    """The rows of one ladder as lists, nan for an empty cell."""
    table = data.load("tiers")
    return table[table.ladder_id == ladder_id].drop(columns=["ladder_id", "tier"]).values.tolist()


# --- the tables, as their sources print them ------------------------------------------------------

PRINTED = {  # floor, cap, max leverage, initial rate, maintenance rate, deduction
    # Binance API leverage brackets in freqtrade 2026.9 (file of 2026-09-29), BTCUSDT
    "binance-btcusdt-2026-09-29": [
        [0, 300_000, 150, NAN, 0.004, 0], [300_000, 800_000, 100, NAN, 0.005, 300],
            [800_000, 3e6, 75, NAN, 0.0065, 1_500],
        [3e6, 12e6, 50, NAN, 0.01, 12_000], [12e6, 70e6, 25, NAN, 0.02, 132_000],
            [70e6, 100e6, 20, NAN, 0.025, 482_000],
        [100e6, 230e6, 10, NAN, 0.05, 2_982_000], [230e6, 480e6, 5, NAN, 0.1, 14_482_000],
            [480e6, 600e6, 4, NAN, 0.125, 26_482_000],
        [600e6, 800e6, 3, NAN, 0.15, 41_482_000], [800e6, 1.2e9, 2, NAN, 0.25, 121_482_000],
            [1.2e9, 1.8e9, 1, NAN, 0.5, 421_482_000],
    ],
    # Binance announcement of 2021-03-18, BTCUSDT (no deductions printed)
    "binance-btcusdt-2021-03-18": [
        [0, 50_000, 125, 0.008, 0.004, NAN], [50_000, 250_000, 100, 0.01, 0.005, NAN],
            [250_000, 1e6, 50, 0.02, 0.01, NAN],
        [1e6, 10e6, 20, 0.05, 0.025, NAN], [10e6, 20e6, 10, 0.1, 0.05, NAN], [20e6, 50e6, 5, 0.2, 0.1, NAN],
        [50e6, 100e6, 4, 0.25, 0.125, NAN], [100e6, 200e6, 3, 0.333, 0.15, NAN], [200e6, 300e6, 2, 0.5, 0.25, NAN],
        [300e6, 500e6, 1, 1, 0.5, NAN],
    ],
    # Bitget announcement of 2025-09-26, BTCUSDT
    "bitget-btcusdt-2025-09-26": [
        [0, 200_000, 150, NAN, 0.004, NAN], [200_000, 1e6, 100, NAN, 0.005, NAN], [1e6, 5e6, 75, NAN, 0.007, NAN],
        [5e6, 15e6, 50, NAN, 0.01, NAN], [15e6, 50e6, 25, NAN, 0.02, NAN], [50e6, 100e6, 20, NAN, 0.03, NAN],
        [100e6, 150e6, 10, NAN, 0.06, NAN], [150e6, 300e6, 5, NAN, 0.12, NAN], [300e6, 500e6, 4, NAN, 0.15, NAN],
        [500e6, 700e6, 3, NAN, 0.2, NAN], [700e6, 900e6, 2, NAN, 0.3, NAN], [900e6, 1.2e9, 1, NAN, 0.6, NAN],
    ],
    # Bybit risk-limit endpoint, first three tiers, 2026-10-01; leverage read on the test network
    "bybit-btcusdt-2026-10-01": [
        [0, 300_000, 150, 0.0066, 0.0033, 0], [300_000, 2e6, 100, 0.01, 0.005, 510],
            [2e6, 2.6e6, NAN, NAN, 0.0056, 1_710],
    ],
    # KuCoin API sample, XBTUSDTM, isolated
    "kucoin-xbtusdtm-undated": [
        [0, 100_000, 125, 0.008, 0.004, NAN], [100_000, 500_000, 100, 0.01, 0.005, NAN],
            [500_000, 1e6, 75, 0.014, 0.007, NAN],
        [1e6, 2e6, 50, 0.02, 0.01, NAN], [2e6, 3e6, 30, 0.034, 0.017, NAN], [3e6, 5e6, 20, 0.05, 0.025, NAN],
        [5e6, 8e6, 10, 0.1, 0.05, NAN], [8e6, 12e6, 5, 0.2, 0.1, NAN], [12e6, 20e6, 4, 0.25, 0.125, NAN],
        [20e6, 30e6, 3, 0.334, 0.167, NAN], [30e6, 40e6, 2, 0.5, 0.25, NAN], [40e6, 50e6, 1, 1, 0.5, NAN],
    ],
    # Kraken inverse futures margin schedule, contracts of 1 dollar
    "kraken-pi_xbtusd-undated": [
        [0, 500_000, 50, 0.02, 0.01, NAN], [500_000, 1e6, 25, 0.04, 0.02, NAN], [1e6, 3e6, 17, 0.06, 0.03, NAN],
        [3e6, 6e6, 10, 0.1, 0.05, NAN], [6e6, 12e6, 6.7, 0.15, 0.075, NAN], [12e6, 20e6, 4, 0.25, 0.125, NAN],
        [20e6, 50e6, 3.33, 0.3, 0.15, NAN], [50e6, 75e6, 2.5, 0.4, 0.2, NAN],
    ],
    # Kraken multi-collateral margin schedule, class A, dollars
    "kraken-pf_xbtusd-undated": [
        [0, 1e6, 50, 0.02, 0.01, NAN], [1e6, 2e6, 25, 0.04, 0.02, NAN], [2e6, 5e6, 20, 0.05, 0.025, NAN],
        [5e6, 10e6, 10, 0.1, 0.05, NAN],
        [10e6, 20e6, 5, 0.2, 0.1, NAN], [20e6, 60e6, 3.33, 0.3, 0.15, NAN], [60e6, NAN, 2, 0.5, 0.25, NAN],
    ],
    # MEXC, in contracts of 0.0001 BTC: 50,000 · 310,000 · 480,000 · 2,800,000 · 17,500,000 · 19,000,000
    "mexc-btc_usdt-undated-tiers": [
        [0, 5, 500, NAN, NAN, NAN], [5, 31, 200, NAN, NAN, NAN], [31, 48, 100, NAN, NAN, NAN],
        [48, 280, 50, NAN, NAN, NAN], [280, 1750, 20, NAN, NAN, NAN], [1750, 1900, 10, NAN, NAN, NAN],
    ],
    # 4,500,000 × 0.0001
    "mexc-btc_usdt-undated-docs": [[0, 450, 500, 0.002, 0.001, NAN]],
    # 1,600,000 × 0.01, 1,050,000 × 1, 2,600,000 × 1, 5,000 × 0.1
    "mexc-ltc_usdt-undated": [[0, 16_000, 200, 0.005, 0.004, NAN]],
    "mexc-xrp_usdt-undated": [[0, 1_050_000, 200, 0.005, 0.004, NAN]],
    "mexc-ada_usdt-undated": [[0, 2_600_000, 200, 0.005, 0.004, NAN]],
    "okx-eth-usdt-swap-undated": [[0, 500, 100, 0.01, 0.004, NAN]],
    # 1/80 and 1/40 are half of 1/40 and 1/20; 150 million dollars
    "hyperliquid-btc-undated": [[0, 150e6, 40, 0.025, 0.0125, NAN], [150e6, NAN, 20, 0.05, 0.025, NAN]],
}  # fmt: skip


@pytest.mark.parametrize("ladder_id", PRINTED)
def test_tiers_as_printed(ladder_id):
    np.testing.assert_array_equal(np.array(tier_rows(ladder_id)), np.array(PRINTED[ladder_id], dtype=float))


def test_okx_contracts_in_coins():
    """A contract is 0.01 BTC: 1,000 · 5,000 · 20,000 · 40,000 · … · 500,000 contracts,
    0.5 % more a tier from the third."""
    rows = tier_rows("okx-btc-usdt-swap-2025-12-29")
    assert [row[1] for row in rows] == [10, 50, *range(200, 5_001, 200)]
    assert [row[0] for row in rows] == [0, *(row[1] for row in rows[:-1])]
    assert [row[4] for row in rows] == pytest.approx([0.004, 0.005, *(0.0075 + 0.005 * n for n in range(25))])
    assert rows[0][2:4] == [100, 0.01] and rows[1][2:4] == [66.66, 0.015] and rows[26][2:4] == [7.14, 0.14]


def test_mexc_tiers_follow_the_rule_in_the_answer():
    """15,000 contracts, then 200,000 more a tier; 0.5 % and 0.8 % more a tier; leverage 1 / initial rate,
    to two digits."""
    for n, (floor, cap, lever, initial, rate, deduction) in enumerate(tier_rows("mexc-btc_usdt-2025-05")):
        assert cap == pytest.approx((15_000 + 200_000 * n) * 0.0001) and floor == pytest.approx(
            max(0, cap - 20) if n else 0
        )
        assert initial == pytest.approx(0.0025 + 0.008 * n) and rate == pytest.approx(0.0015 + 0.005 * n)
        assert lever == pytest.approx(1 / initial, abs=0.005) and math.isnan(deduction)
    assert n == 12


def test_how_many_rows():
    tiers, ladders = data.load("tiers"), data.load("ladders")
    assert len(data.load("tiers_published")) == 141 and data.load("tiers_published").ladder_id.nunique() == 11
    assert list(tiers.ladder_id.unique()) == list(ladders.ladder_id)
    sizes = tiers.groupby("ladder_id").size()
    assert (
        sizes["bybit-btcperp-2025-12-29"] == 30
        and sizes["bybit-btcusdt-undated-page"] == 20
        and sizes["okx-bonk-usdt-swap-2025-12-29"] == 14
    )
    assert (
        sizes["binance-ethusdt-2026-09-29"] == 12
        and sizes["gate-btc_usdt-undated-help"] == 8
        and sizes["bitget-ethusd-2025-07-23"] == 13
    )


def test_ladders_that_two_sources_print_agree():
    """Bybit's page and its endpoint; Binance's announcement, with deductions computed, and a gist that prints them."""
    published = data.load("tiers_published").set_index("ladder_id")
    page = data.load("tiers").set_index("ladder_id").loc["bybit-btcusdt-undated-page"]
    columns = ["floor", "cap", "rate", "deduction"]
    np.testing.assert_array_equal(page[columns], published.loc["bybit-btcusdt-2026-08-05", columns][:20])
    announced, gist = exchange("Binance", "2021-03-18").ladder(), published.loc["binance-btcusdt-2021", columns]
    np.testing.assert_allclose(np.array(announced.tiers), gist[["floor", "cap", "rate", "deduction"]], rtol=1e-12)


def test_bitget_before_and_after_differ_in_the_first_tier_only():
    before, after = tier_rows("bitget-btcusdt-2025-09-25"), tier_rows("bitget-btcusdt-2025-09-26")
    assert before[0][:3] == [0, 200_000, 125] and after[0][:3] == [0, 200_000, 150]
    np.testing.assert_array_equal(np.array(before[1:]), np.array(after[1:]))


def test_tiers_hang_together():
    """Numbered from 1, without gap, leverage falling, and maintenance always below initial margin."""
    tiers, kinds = data.load("tiers"), data.load("ladders").set_index("ladder_id")
    assert ladder_errors(tiers) == []
    for ladder_id, rows in tiers.groupby("ladder_id"):
        known = rows.max_leverage.dropna()
        assert (known.diff().dropna() < 0).all(), ladder_id
        assert ((rows.rate * rows.max_leverage).dropna() < 1).all(), ladder_id
        assert ((rows.initial_rate * rows.max_leverage - 1).dropna().abs() < 0.051).all(), (
            ladder_id
        )  # KuCoin: 1.4 % for 75x
        assert rows.cap.iloc[:-1].notna().all(), ladder_id
        assert rows.deduction.isna().all() or kinds.reading[ladder_id] == "marginal", ladder_id
        kind = kinds.loc[ladder_id]
        assert kind.exchange.lower() == ladder_id.split("-")[0] and (kind.as_of or "undated") in ladder_id
        if kind.unit == kind.asset:
            assert kind.contract == "linear" and kind.exchange in ("MEXC", "OKX") and kind.contract_size > 0


FEES = [
    ("MEXC", 0, 0.0002),  # MEXC Learn, 2025-09-02
    ("Binance", 0.0002, 0.0005),  # copy of Binance's table, undated
    ("OKX", 0.0002, 0.0005),  # ccxt 4.5.90
    ("Bybit", 0.0002, 0.00055),  # copy of the Bybit help centre
    ("Bitget", 0.0002, 0.0006),  # Bitget help centre, 2025-01-16, not ccxt's 0.04 %
    ("KuCoin", 0.0002, 0.0006),  # KuCoin support, 2026-03-26
    ("Kraken", 0.0002, 0.0005),  # Kraken support, 2023
    ("Coinbase", None, None),
    ("BitMEX", None, None),
    ("Gate", 0, 0.0005),
    ("Hyperliquid", 0.00015, 0.00045),
    ("dYdX", 0.0001, 0.0005),
]


@pytest.mark.parametrize("name, maker, taker", FEES)
def test_fees_as_printed(name, maker, taker):
    assert (exchange(name).maker_fee, exchange(name).taker_fee) == (maker, taker)


def test_fees_change_with_the_date():
    for name, day, fees in (
        ("MEXC", None, (0, 0.0002)),
        ("MEXC", "2024-06", (0, 0.0001)),
        ("MEXC", "2024-01-12", (None, None)),
    ):
        venue = exchange(name, day)  # the second: MEXC Learn, 2024-01-13
        assert (venue.maker_fee, venue.taker_fee) == fees
    assert exchange("Binance", "2025").taker_fee is None and exchange("MEXC", "2023").taker_fee is None


def test_loans_and_funding_as_printed():
    """A worked example of each page comes out of the row beside it."""
    loans = data.load("margin_interest").set_index("product")
    mexc, binance, dynamic, bybit = (
        loans.loc[name]
        for name in ("spot margin", "spot margin (dynamic rates)", "spot margin (unified account)", "spot margin")
    )
    mexc, binance = mexc[mexc.exchange == "MEXC"].iloc[0], mexc[mexc.exchange == "Binance"].iloc[0]
    assert 0.1 * (1 + 20 * mexc.rate) == pytest.approx(0.100066) and mexc.period_hours == 1  # MEXC blog
    assert 1000 * binance.rate / binance.period_hours * 2 == pytest.approx(0.01666667, abs=5e-9)  # Binance, 2019
    dynamic, bybit = loans.loc["spot margin (dynamic rates)"], loans.loc["spot margin (unified account)"]
    assert 1000 * dynamic.rate / dynamic.period_hours * 2 == pytest.approx(0.02)  # Binance, 2024
    assert 10_000 * bybit.rate / bybit.period_hours * 2 == pytest.approx(0.167, abs=5e-4)  # Bybit
    article = loans.loc['"leverage fee" of the fee article']
    assert 100_000 * article.rate / article.period_hours * 24 == pytest.approx(30)  # the article prints 3
    kraken = loans.loc["spot margin BTC/USD, long"]
    assert (kraken.rate, kraken.opening_rate, kraken.period_hours) == (0.00025, 0.00025, 4)
    assert loans[loans.asset == "ETH"].interest_free.iloc[0] == 5
    funding = data.load("funding")
    observed = funding[funding.kind == "observation"]
    assert list(observed.value.astype(float)) == [0.0001515032, -0.0000236017]
    for field in ("interval_hours", "interest_per_day", "rate"):
        assert pd.to_numeric(funding[funding.field == field].value).notna().all()


def test_funding_intervals_stand_the_same_in_both_tables():
    funding = data.load("funding")
    for name in ex.exchanges():
        rows = funding[(funding.exchange == name) & (funding.field == "interval_hours")]
        assert float(rows.value.iloc[0]) == exchange(name).funding_interval_hours, name
    assert exchange("Deribit").funding_interval_hours == 0 and exchange("Kraken").funding_interval_hours == 1


def test_risk_evidence_as_printed():
    rows = data.load("risk_evidence").set_index("topic")
    assert tuple(rows.loc["accounts that lose money, CFD", ["low", "high"]]) == (74, 89)  # ESMA, 2018
    assert rows.loc["EU cap on retail CFD leverage: cryptocurrencies", "high"] == 2
    assert rows.loc["day traders who lost", "low"] == 97
    assert (rows.low.dropna() <= rows.high.reindex(rows.low.dropna().index).fillna(math.inf)).all()
    assert rows.low.isna().sum() == 3 and rows.loc[rows.low.isna(), "high"].isna().all()


# --- links and words ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OURS)
def test_addresses_stand_in_the_link_column_only_and_are_allowed(name):
    allowed = set((ROOT / "tests" / "allowed_links.txt").read_text().splitlines())
    for row in data.load(name).to_dict("records"):
        link = row.pop("link", "")
        if link:
            assert re.match(r"https://([\w.-]+)(/|$)", link)[1] in allowed, link
        words = " ".join(str(value) for value in row.values())
        assert "://" not in words
        hosts = re.findall(r"\b(?:[a-z0-9-]+\.)+(?!json\b|csv\b|py\b)[a-z]{2,}\b", words, flags=re.I)
        assert set(hosts) <= {"Crypto.com"}, hosts


@pytest.mark.parametrize("name", sorted(set(OURS) - {"tiers", "tiers_published", "risk_evidence"}))
def test_every_row_has_a_source_and_says_what_is_missing(name):
    for row in data.load(name).to_dict("records"):
        assert len(row["source"]) > 5
        assert row.get("value", "known") or row["note"], row


@pytest.mark.parametrize("name", [name for name in OURS if "read" in data.TABLES[name].columns])
def test_every_row_says_when_it_was_read_and_that_is_not_before_its_date(name):
    for row in data.load(name).to_dict("records"):
        assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", row["read"]), row
        assert row["as_of"][: len(row["read"])] <= row["read"][: len(row["as_of"])] or not row["as_of"], row


def test_a_rate_without_a_date_has_the_date_at_which_it_was_seen_again():
    """KuCoin's twelve tiers have no date; its first rate, 0.4 %, was answered on a known day. Kraken's was not."""
    assert (
        fact("KuCoin", "maintenance_rate").value == 0.004 and fact("KuCoin", "maintenance_rate").as_of == "2025-12-26"
    )
    assert fact("Kraken", "maintenance_rate").value == 0.01 and fact("Kraken", "maintenance_rate").as_of == ""
    assert exchange("KuCoin").ladder().floors[1] == 100_000  # its tiers stay those without a date


def test_every_exchange_has_every_field_once_or_says_it_is_not_known():
    table = data.load("exchanges")
    words = {name for name in ex.FIELDS if name not in ("max_leverage", "maintenance_rate", "maker_fee", "taker_fee")}
    section = (data.folder() / "README.md").read_text().split("## exchanges.csv")[1].split("\n## ")[0]
    assert set(table.field) == words == {word for word in words if f"`{word}`" in section}
    for name, rows in table.groupby("exchange"):
        assert set(rows.field) == (words if name in COURSE else words - {"claimed_max_leverage"}), name
    assert set(table[table.field == "maintenance_basis"].value) == {"entry", "mark", ""}
    assert set(table[table.field == "closing_fee_basis"].value) == {"none", "mark", "bankruptcy", ""}
    assert pd.to_numeric(table[table.field.isin(ex.NUMBERS) & (table.value != "")].value).notna().all()


@pytest.mark.parametrize("name, keys", [
    ("exchanges", ["exchange", "field"]),
    ("leverage_history", ["exchange", "symbol"]),
    ("ladders", ["exchange", "symbol"]),
    ("fees", ["exchange", "region", "product", "market", "tier"]),
])  # fmt: skip
def test_dated_rows_stand_newest_first(name, keys):
    for key, rows in data.load(name).groupby(keys):
        days = [day for day, note in zip(rows.as_of, rows.note) if day and "out of date" not in note]
        assert days == sorted(days, reverse=True), key


# --- dates side by side ---------------------------------------------------------------------------


def test_the_course_has_eight_exchanges_of_thirteen():
    assert COURSE == ("MEXC", "Binance", "OKX", "Bybit", "Bitget", "KuCoin", "Kraken", "Coinbase")
    assert ex.exchanges()[:8] == COURSE and ex.exchanges()[8:] == ("BitMEX", "Deribit", "Gate", "Hyperliquid", "dYdX")


def test_the_articles_maxima_against_todays():
    """Only two of the eight figures hold today; Binance's and Bitget's were right when the article's figures were
    taken."""
    side_by_side = compare(COURSE, "max_leverage", (None,))
    claimed = compare(COURSE, "claimed_max_leverage", (None,))
    assert [claimed[name][0] for name in COURSE] == [500, 125, 125, 200, 125, 100, 50, 10]
    assert [side_by_side[name][0] for name in COURSE] == [500, 150, 100, 150, 150, 125, 50, 50]
    assert compare(["Binance", "Bitget", "Coinbase"], "max_leverage", ["2025-08-14", "2025-09-25", "2025-09-26"]) == {
        "Binance": (125, 150, 150),
        "Bitget": (None, 125, 150),
        "Coinbase": (10, 50, 50),
    }
    assert compare("okx", "max_leverage", "2026") == {"OKX": (100,)}
    assert compare("okx", "taker_fee", None) == {"OKX": (0.0005,)}


DATED = [
    *[("Binance", day, 125) for day in ("2021-03-18", "2022", "2025-03-27", "2025-08-30")],
    *[("Binance", day, 150) for day in ("2025-08-31", "2025-08", "2025", "2026-11-21", None)],
    ("Binance", "2021-03-17", None),
    *[
        ("MEXC", day, lever)
        for day, lever in (("2025-04", None), ("2025-05", 400), ("2025-05-01", 400), ("2026-02-26", 500), (None, 500))
    ],
    *[
        ("Coinbase", day, lever)
        for day, lever in (("2023-12-27", None), ("2023-12-28", 10), ("2025-09-02", 20), ("2025-09-03", 50), (None, 50))
    ],
    *[("Deribit", day, lever) for day, lever in (("2022-01-10", 100), ("2022-01-11", 50), ("2022-01", 50), (None, 50))],
    *[
        ("BitMEX", day, lever)
        for day, lever in (("2020-05-04", None), ("2023", 100), ("2024-03-31", 100), ("2024-04", 250), (None, 250))
    ],
    *[
        ("Bybit", day, lever) for day, lever in (("2024", 100), ("2026-09-16", 100), ("2026-09-17", 150))
    ],  # not BTCPERP's 125
    *[("Kraken", day, 50) for day in ("2019-03-05", None)],
    ("OKX", "2025-12-28", None),
    ("Gate", None, 125),
    ("Gate", "2026", None),
]


@pytest.mark.parametrize("name, day, lever", DATED)
def test_leverage_by_date(name, day, lever):
    assert (
        max_leverage(name, "BTC", day)
        == exchange(name, day).max_leverage
        == fact(name, "max_leverage", day).value
        == lever
    )


@pytest.mark.parametrize("name, symbol, day, lever", [
    ("OKX", "ETH", "2021-12", 125), ("OKX", "ETH", None, 100), ("OKX", "eth-usdt-swap ", None, 100),
    # by the ladder, not in the history
    ("OKX", "BONK", None, 20), ("OKX", "BONK", "2025-12-28", None), ("OKX", "XYZ", None, None),
    ("Binance", "BTCUSDC", None, 125), ("Binance", "DOGE", "2026-09-28", None), ("Binance", "DOGE", "2026", 75),
    ("Bybit", "BTCPERP", None, 125), ("Kraken", "PI_XBTUSD (retail)", None, 2), ("Kraken", "PF_XBTUSD (EEA)", None, 10),
    ("Coinbase", "BTC futures (EEA)", None, 10), ("Coinbase", "BTC futures (EEA)", "2026-03-08", None),
    ("OKX", "BTC-USD-SWAP", "2023-06-15", 125), ("OKX", "BTC-USDC-SWAP", "2023-08-22", 125),
    ("OKX", "BTC-USDC-SWAP", None, 75),
    ("KuCoin", "XBTUSDTM", "2025-12-25", None), ("KuCoin", "XBTUSDTM", "2025-12-26", 125),
])  # fmt: skip
def test_leverage_of_other_contracts(name, symbol, day, lever):
    assert max_leverage(name, symbol, day) == lever
    assert max_leverage(name) == max_leverage(name, "BTC") is not None


def test_a_fact_has_its_date_source_link_and_note():
    now = fact("binance", "max_leverage")
    assert (
        (now.value, now.as_of) == (150, "2026-09-29")
        and "freqtrade" in now.source
        and now.link.endswith("/freqtrade/freqtrade")
    )
    assert now.note == "first tier up to 300,000 USDT"
    assert (
        fact("Kraken", "maintenance_basis").link.startswith("https://support.kraken.com/")
        and "7,481" in fact("Kraken", "maintenance_basis").note
    )
    assert fact("Coinbase", "trigger_price") == ex.Fact(None, "", "pages read for this table", "", "not found")
    assert (
        fact("BitMEX", "claimed_max_leverage")
        == ex.Fact()
        == fact("BitMEX", "taker_fee")
        == fact("BitMEX", "maintenance_rate")
    )
    assert fact("KuCoin", "taker_fee").source == "KuCoin support, VIP fee table, 2026-03-26"
    assert fact("Binance", "maintenance_rate", "2025-04") == ex.Fact(
        0.004,
        "2025-03-27",
        "leverage brackets of the Binance API, as shipped with freqtrade 2025.3",
        "https://github.com/freqtrade/freqtrade",
        "",
    )
    assert fact("MEXC", "max_leverage", "2025-05").source == "test data of gocryptotrader, MEXC contract details"


def test_undated_words_hold_at_any_date_and_undated_numbers_do_not():
    old = exchange("Binance", "2018")
    assert (old.name, old.as_of) == ("Binance", "2018")
    assert old.maintenance_basis == "mark" and old.margin_modes == "cross; isolated" and old.claimed_max_leverage == 125
    assert old.funding_interval_hours is None and old.liquidation_fee_rate is None and old.trigger_price is None
    assert exchange("Binance").funding_interval_hours == 8 and exchange("Binance").liquidation_fee_rate == 0.0125


def test_rules_that_changed():
    assert [exchange("Bybit", day).maintenance_basis for day in ("2019", "2023", "2026-08-05", "2026-08-06")] == [
        None,
        "entry",
        "entry",
        "mark",
    ]
    assert [exchange("Bybit", day).closing_fee_basis for day in ("2023", None)] == ["none", "bankruptcy"]
    assert [exchange("KuCoin", day).closing_fee_basis for day in ("2021-06", "2025-12-31")] == ["bankruptcy", "none"]
    assert [exchange("Kraken", day).maintenance_basis for day in ("2020", "2026-03-16", "2026-03-17", None)] == [
        "entry",
        "entry",
        "mark",
        "mark",
    ]
    assert [exchange("Deribit", day).liquidation_fee_rate for day in ("2022-01-10", "2022-01-11")] == [0.005, 0.0075]
    assert [exchange("BitMEX", day).maintenance_rate for day in ("2019", "2023", "2024-04", None)] == [
        None,
        0.004,
        None,
        None,
    ]
    assert [exchange("Bitget", day).maintenance_rate for day in ("2025-09-24", "2025-09-25")] == [None, 0.004]
    assert [exchange("MEXC", day).maintenance_rate for day in ("2025-05", None)] == [0.0015, 0.001]
    assert exchange("Bybit", "2026-09").maintenance_rate is None and exchange("Bybit").maintenance_rate == 0.0033


# --- what is known, and what is not ---------------------------------------------------------------

UNKNOWN = {
    "MEXC": ["negative_balance", "liquidation_fee_rate", "ladder_above"],
    "Binance": [],
    "OKX": ["negative_balance", "liquidation_fee_rate", "ladder_above"],
    "Bitget": ["negative_balance", "liquidation_fee_rate"],
    "Kraken": ["position_modes", "adl_close_price", "liquidation_fee_rate"],
    "Coinbase": ["margin_modes", "position_modes", "trigger_price", "maintenance_rate", "closing_fee_basis",
                 "negative_balance", "adl_rank", "adl_close_price", "maker_fee", "taker_fee", "liquidation_fee_rate",
                 "ladder"],
    "Deribit": ["position_modes", "trigger_price", "maintenance_basis", "closing_fee_basis", "negative_balance",
                "adl_rank", "adl_close_price", "maker_fee", "taker_fee"],
    "dYdX": ["position_modes", "trigger_price", "partial_liquidation", "negative_balance", "adl_rank",
             "adl_close_price", "ladder_reading", "ladder_above"],
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_said(name):
    assert exchange(name).unknown() == UNKNOWN[name]


def test_what_was_not_known_at_an_earlier_date():
    assert exchange("BitMEX").unknown()[-1] == "ladder" and exchange("BitMEX", "2023").unknown()[-2:] == [
        "ladder_reading",
        "ladder_above",
    ]
    assert (
        "trigger_price" in exchange("Binance", "2018").unknown()
        and "trigger_price" not in exchange("Binance").unknown()
    )


@pytest.mark.parametrize("name", ex.exchanges())
def test_unknown_fields_are_none_and_the_others_are_not(name):
    known = exchange(name)
    for field in ex.FIELDS:
        expected = field in known.unknown() or (field == "claimed_max_leverage" and name not in COURSE)
        assert (getattr(known, field) is None) == expected, field


BUILDABLE = {
    "MEXC": ("linear", "entry", "none"),
    "Binance": ("linear", "mark", "none"),
    "OKX": ("linear", "mark", "mark"),
    "Bybit": ("linear", "mark", "bankruptcy"),
    "Bitget": ("linear", "mark", "mark"),
    "KuCoin": ("linear", "entry", "none"),
    "Kraken": ("inverse", "mark", "none"),
    "Gate": ("linear", "mark", "mark"),
    "Hyperliquid": ("linear", "mark", "none"),
    "dYdX": ("linear", "mark", "none"),
}


@pytest.mark.parametrize("name", BUILDABLE)
def test_rules_are_built_from_the_table(name):
    contract, basis, fee_basis = BUILDABLE[name]
    rules = exchange(name).rules("BTC", contract)
    assert (rules.maintenance_basis, rules.closing_fee_basis, rules.tick) == (basis, fee_basis, None)
    assert rules.closing_fee_rate == (0 if fee_basis == "none" else exchange(name).taker_fee)
    assert isinstance(rules.maintenance, Ladder) and rules.maintenance.rates[0] == exchange(name).maintenance_rate
    assert rules.maintenance == exchange(name).ladder("BTC", contract)


NOT_BUILDABLE = [
    ("Coinbase", "linear", None, "Coinbase: maintenance, closing_fee_basis, closing_fee_rate of BTC (linear) not"
     " known: give what you know to rules(); tiers known: none"),
    ("BitMEX", "inverse", None, "BitMEX: maintenance, closing_fee_rate of BTC (inverse) not known: give what you know "
        "to rules(); tiers known: none"),
    ("BitMEX", "inverse", "2023", "BitMEX on 2023: closing_fee_rate of BTC (inverse) not known: give what you know to "
        "rules(); tiers known: XBTUSD (inverse)"),
    ("Binance", "inverse", None, "Binance: maintenance of BTC (inverse) not known: give what you know to rules(); "
     "tiers known: BTCUSDT (linear), ETHUSDT (linear), DOGEUSDT (linear), 1000PEPEUSDT (linear), BTCUSDC (linear)"),
    ("OKX", "linear", "2026-01", "OKX on 2026-01: closing_fee_rate of BTC (linear) not known: give what you know to "
        "rules(); "
     "tiers known: BTC-USDT-SWAP (linear), BONK-USDT-SWAP (linear), ETH-USDT-SWAP (linear)"),
]  # fmt: skip


@pytest.mark.parametrize("name, contract, day, sentence", NOT_BUILDABLE)
def test_rules_name_everything_that_is_missing(name, contract, day, sentence):
    with pytest.raises(ValueError) as error:
        exchange(name, day).rules("BTC", contract)
    assert str(error.value) == sentence


def test_what_is_not_known_can_be_given_and_what_is_known_replaced():
    assert exchange("Coinbase").rules(
        maintenance=0.01, maintenance_basis="mark", closing_fee_basis="entry", closing_fee_rate=0.0003
    ) == Rules(0.01, "mark", 0.0003, "entry")
    assert exchange("Coinbase").rules(maintenance=0.01, maintenance_basis="mark", closing_fee_basis="none") == Rules(
        0.01, "mark"
    )
    assert exchange("OKX").rules(closing_fee_rate=0.0003).closing_fee_rate == 0.0003
    assert exchange("Binance").rules(maintenance_basis="entry").maintenance_basis == "entry"
    assert exchange("Binance").rules(closing_fee_basis="mark").closing_fee_rate == 0.0005
    assert (
        exchange("Coinbase", "2024")
        .rules(maintenance=0, maintenance_basis="mark", closing_fee_basis="none")
        .maintenance
        == 0
    )


# As read in the pages and answers that the rows name.
DATED_FACTS = [
    ("Binance", "liquidation_fee_rate", 0.0125, "2026-09-15"),
    ("Binance", "funding_interval_hours", 8, "2026-09-15"),
    ("Binance", "taker_fee", 0.0005, "2026-10-12"),
    ("Bybit", "taker_fee", 0.00055, "2026-10-16"),
    ("Kraken", "taker_fee", 0.0005, "2026-10-12"),
    ("Kraken", "funding_interval_hours", 1, "2026-09-10"),
    ("OKX", "adl_rank", "return of the position × effective leverage", "2025-11-05"),
    ("Bitget", "maintenance_basis", "mark", "2025-11-10"),
    ("MEXC", "taker_fee", 0.0002, "2025-09-02"),  # the newest that MEXC itself has dated
]


@pytest.mark.parametrize("name, field, value, day", DATED_FACTS)
def test_a_fact_comes_with_the_day_of_its_source(name, field, value, day):
    known = fact(name, field)
    assert (known.value, known.as_of) == (value, day)


def test_kucoin_ranks_by_leverage_too_since_october_2025():
    assert (
        fact("KuCoin", "adl_rank").value
        == "return of the position × effective leverage; when losing ÷ effective leverage"
    )
    assert fact("KuCoin", "adl_rank", "2025-10-08").value == "return of the position"  # the undated page


def test_ladders_are_read_as_the_exchange_reads_them():
    binance, okx, bitget, kraken = (
        exchange("Binance").ladder(),
        exchange("OKX").ladder(),
        exchange("Bitget").ladder(),
        exchange("Kraken").ladder(contract="inverse"),
    )
    assert (
        binance.measure == "value"
        and binance.continuous
        and binance.deductions[:3] == (0, 300, 1_500)
        and binance.cap == 1.8e9
    )
    assert (
        okx.measure == "quantity" and set(okx.deductions) == {0} and okx.floors[:3] == (0, 10, 50) and okx.cap == 5_000
    )
    # Bitget's notice of 10 November 2025, by slices, before its fee of 0.06 %: $330,000 need 800 + 650; before, 1,650.
    assert bitget.measure == "value" and 330_000 * bitget.at(330_000)[0] - bitget.at(330_000)[1] == pytest.approx(1_450)
    assert set(exchange("Bitget", "2025-09-25").ladder().deductions) == {0}
    # Kraken, each slice at its own rate: 1,500,000 dollars need 5,000 + 10,000 + 15,000; 0.03 × 1,500,000 − 15,000
    assert kraken.measure == "quantity" and kraken.at(1_500_000) == (0.03, pytest.approx(15_000))
    assert exchange("Hyperliquid").ladder().tiers[1] == (150e6, math.inf, 0.025, 1_875_000)
    assert exchange("Bitget").ladder("ETH", "inverse").measure == "quantity"
    linear = exchange("Kraken").ladder()  # its other contract
    assert (
        linear.measure == "value"
        and linear.continuous
        # 1m × 1 %, + 2m × 0.5 %, + 5m × 2.5 %, + 10m × 5 %, + 20m × 5 %, + 60m × 10 %
        and linear.deductions == pytest.approx((0, 10_000, 20_000, 145_000, 645_000, 1_645_000, 7_645_000))
        and exchange("Kraken").rules().maintenance == linear
    )
    assert exchange("Bybit").ladder("BTCPERP").cap == 100e6 and exchange("Bybit").ladder("btc").cap == 2.6e6
    assert exchange("Gate").ladder().cap == 1e6 and exchange("MEXC").ladder().cap == 450
    # Deribit: 1 % and 0.005 % a coin: 1.05 % for 10 BTC
    deribit = exchange("Deribit").ladder("BTC", "inverse", size=10)
    assert deribit.rates == (pytest.approx(0.0105),) and deribit.floors == (0,) and deribit.cap == math.inf
    assert exchange("Deribit").rules(
        "BTC", "inverse", size=10, maintenance_basis="mark", closing_fee_basis="none"
    ).maintenance.rates[0] == pytest.approx(0.0105)


# --- liquidation prices that exchanges print come out of their rules ------------------------------


def test_binance_sample_position():
    """Binance API documentation, GET positionRisk: 20 BTC at 6,563.665, liquidation price 5,930.78;
    second tier of that year."""
    rules = exchange("Binance", "2021-03-18").rules()
    assert liquidation_price("long", 6563.665, 20, 13200.70726908, rules) == pytest.approx(5930.78, abs=0.005)


def test_kucoin_page():
    """KuCoin support, insurance fund: 40x long of 1 BTC at 40,000: 39,160."""
    rules = exchange("KuCoin").rules()
    assert liquidation_price("long", 40_000, 1, position_margin("long", 40_000, 1, 40, rules), rules) == pytest.approx(
        39_160
    )


def test_mexc_page():
    """MEXC blog: 25x long of 0.1 BTC at 50,000 with 0.4 %: 48,200."""
    rules = exchange("MEXC").rules(maintenance=0.004)
    assert liquidation_price("long", 50_000, 0.1, 200, rules) == pytest.approx(48_200)


def test_okx_sample_position():
    """OKX API documentation: 10x long of 10 dollars at 2,566.31 (0.8 %): 2,352.8496681818233,
    within its tick of 0.01."""
    rules = exchange("OKX").rules("ETH", "inverse", maintenance=0.008)
    price = liquidation_price("long", 2566.31, 10, 10 / 2566.31 / 10, rules, "inverse")
    assert price == pytest.approx(2352.8496681818233, abs=0.0101)


def test_bybit_page():
    """Bybit help centre, UTA trading rules (2026-08-06): 50x long of 1 BTC at 40,000 with 3,000 added (0.5 %):
    36,380.25."""
    rules = exchange("Bybit").rules(maintenance=0.005)
    margin = position_margin("long", 40_000, 1, 50, rules, added_margin=3_000)
    assert liquidation_price("long", 40_000, 1, margin, rules) == pytest.approx(36_380.25, abs=0.005)


def test_kraken_page():
    """Kraken support, Equity Protection Process: 1,000 contracts at 8,000 on 0.01 BTC: 7,481.

    By hand: 0.135 BTC = 1,010 / p on the mark value, p = 7,481.48; on the entry value it would be 1,000 / 0.13375 =
    7,476.64.
    """
    rules = exchange("Kraken").rules("BTC", "inverse")
    assert liquidation_price("long", 8_000, 1_000, 0.01, rules, "inverse") == pytest.approx(1_010 / 0.135)
    assert int(1_010 / 0.135) == 7_481
    older = exchange("Kraken", "2020").rules("BTC", "inverse", closing_fee_basis="none")
    assert liquidation_price("long", 8_000, 1_000, 0.01, older, "inverse") == pytest.approx(1_000 / 0.13375)


def test_hyperliquid_sample_position():
    """Hyperliquid API documentation: 0.0335 ETH at 2,986.3 on 4.981226 (1 %): 2,866.26936529."""
    rules = exchange("Hyperliquid").rules(maintenance=0.01)
    assert liquidation_price("long", 2986.3, 0.0335, 4.981226, rules) == pytest.approx(2866.26936529, abs=3e-5)


@pytest.mark.parametrize("name, price", [
    ("Bitget", 45_000 / (1 - 0.004 - 0.0006)),  # (e q − M) / (q (1 − rate − fee))
    ("Gate", 45_000 / (1 - 0.004 - 0.0005)),
    ("OKX", 45_000 / (1 - 0.004 - 0.0005)),
    ("Binance", 45_000 / (1 - 0.004)),
    ("dYdX", 45_000 / (1 - 0.012)),
    ("Hyperliquid", 45_000 / (1 - 0.0125)),
    ("MEXC", 45_000 + 0.001 * 50_000),
    ("KuCoin", 45_000 + 0.004 * 50_000),
    ("Bybit", 45_000 / (1 - 0.0033)),
])  # fmt: skip
def test_one_trade_on_nine_exchanges(name, price):
    """A 10x long of 1 BTC at 50,000: by hand, in each first tier."""
    rules = exchange(name).rules()
    margin = position_margin("long", 50_000, 1, 10, rules)
    assert liquidation_price("long", 50_000, 1, margin, rules) == pytest.approx(price, rel=1e-12)


# --- positions and contracts ----------------------------------------------------------------------


@pytest.mark.parametrize("args, value", [
    (("Binance", "BTC", 150), 300_000), (("Binance", "BTC", 101), 300_000), (("Binance", "BTC", 100), 800_000),
        (("Binance", "BTC", 1), 1.8e9),
    (("Binance", "BTC", 125, "linear", None, "2025-03-27"), 50_000),
    (("Bybit", "BTC", 100), 2e6), (("Bybit", "BTC", 150), 300_000),
    (("Bybit", "BTC", 99), None),  # tiers above the third are not known
    (("OKX", "BTC", 100, "linear", 100_000), 1e6),  # 10 BTC
    (("OKX", "BTC", 7.14, "linear", 100_000), 5e8), (("OKX", "BTC", 7, "linear", 100_000), None),
    (("MEXC", "BTC", 500, "linear", 100_000), 5e5), (("MEXC", "BTC", 10, "linear", 2), 3_800),
    (("MEXC", "BTC", 400, "linear", 100_000, "2025-06"), 1.5e5),
    (("Kraken", "BTC", 50, "inverse"), 500_000), (("Kraken", "BTC", 50), 1e6), (("Kraken", "BTC", 20), 5e6),
    (("Kraken", "BTC", 3), 60e6), (("Kraken", "BTC", 2), math.inf),
    (("Hyperliquid", "BTC", 40), 150e6), (("Hyperliquid", "BTC", 20), math.inf), (("Hyperliquid", "BTC", 1), math.inf),
    (("Coinbase", "BTC", 10), None), (("dYdX", "BTC", 50), None), (("Gate", "BTC", 125), 1e6),
        (("Gate", "BTC", 124), None),
    (("BitMEX", "BTC", 250, "inverse"), None), (("BitMEX", "BTC", 250), None),
])  # fmt: skip
def test_the_largest_position_a_leverage_is_allowed_for(args, value):
    assert max_position(*args) == value


def walked(side, tiers, size, margin):
    """The value at which a position of value `size` is liquidated, tier by tier from the definition;
    None where it cannot begin.

    tiers: (floor, cap, rate, deduction); a value on an edge belongs to the tier below. Rate on the value at the price.
    """
    s = 1 if side == "long" else -1
    rate, deduction = next((rate, deduction) for low, high, rate, deduction in tiers if size <= high)
    if margin < (rate * size - deduction) * (1 - 1e-12):
        return None
    for low, high, rate, deduction in reversed(tiers) if s > 0 else tiers:
        if (low >= size) if s > 0 else (high < size):
            continue  # not on its way
        at_once = min(size, high) if s > 0 else max(size, low)
        met = (size - s * margin - s * deduction) / (1 - s * rate)  # margin + s (met − size) = rate × met − deduction
        if s * (at_once - met) <= 1e-12 * size:
            return at_once  # the requirement jumps at this edge
        if (met > low) if s > 0 else (met <= high):
            return met
    return 0.0


def test_at_every_edge_of_every_ladder():
    """A dollar below, on and above each edge, at each maximum leverage and one below it, long and short:
    the walk from the definition."""
    cases = 0
    for name in ex.exchanges():
        try:
            ladder = exchange(name).ladder("BTC")
        except ValueError:
            continue
        if ladder.measure == "quantity":
            continue  # the tier does not move with the price: nothing to walk through
        tiers = [
            (low, math.inf if high == ladder.cap else high, rate, deduction)
            for low, high, rate, deduction in ladder.tiers
        ]
        maxima = {
            row.max_leverage for row in ex._tiers(ex._ladder_row(name, "BTC", "linear", None, "rate").ladder_id)
        } | {100, 50, 20, 10, 5, 3, 2, 1.5}
        for edge in (*ladder.floors[1:], ladder.cap if ladder.cap < math.inf else ladder.floors[-1] + 1):
            for size in (edge - 1, edge, edge + 1):
                for leverage in sorted(filter(lambda most: most == most, maxima)):
                    for side in ("long", "short"):
                        if not 0 < size <= ladder.cap:
                            continue
                        coins, margin = size / 100_000, size / leverage
                        expected = walked(side, tiers, size, margin)
                        if expected is None:
                            with pytest.raises(ValueError, match="liquidated at entry"):
                                liquidation_price(side, 100_000, coins, margin, Rules(ladder))
                        else:
                            found = liquidation_price(side, 100_000, coins, margin, Rules(ladder)) * coins
                            assert found == pytest.approx(expected, rel=1e-9), (name, side, size, leverage)
                            cases += 1
    assert cases > 1000


def test_contracts_in_coins():
    assert (
        contracts_to_coin("MEXC", "BTC", 50_000) == 5 == contracts_to_coin("MEXC", "BTC", 50_000, price=100_000)
    )  # 0.0001 BTC
    assert contracts_to_coin("MEXC", "ltc_usdt", 250) == 2.5 and contracts_to_coin("mexc", "XRP", 7) == 7
    assert contracts_to_coin("OKX", "ETH", 5_000) == 500 and contracts_to_coin("OKX", "BTC", 0) == 0
    assert (
        contracts_to_coin("Kraken", "BTC", 1_000, 8_000) == 0.125
    )  # Kraken support: 1,000 contracts at 8,000 are 0.125 BTC
    np.testing.assert_allclose(contracts_to_coin("OKX", "BTC", [1_000, 5_000]), [10, 50])
    np.testing.assert_allclose(
        contracts_to_coin("Kraken", "PI_XBTUSD", [[1_000], [2_000]], [8_000, 10_000]), [[0.125, 0.1], [0.25, 0.2]]
    )


# --- the check of ladders -------------------------------------------------------------------------


def test_the_two_misprints_are_named():
    found = ladder_errors(data.load("tiers_published"))
    assert [(flaw.ladder, flaw.tier, flaw.kind) for flaw in found] == [
        ("binance-btcusdt-2021-copy-with-typo", n, "deduction") for n in (4, 5)
    ]
    assert [str(flaw) for flaw in found] == [
        (
            "binance-btcusdt-2021-copy-with-typo, tier 4 (row 80): the deduction printed is 16,300, but 1,000,000 ×"
            " (0.02 − 0.01) + 1,300 = 11,300"
        ),
        (
            "binance-btcusdt-2021-copy-with-typo, tier 5 (row 81): the deduction printed is 266,300, but 10,000,000 × "
            "(0.05 − 0.02) + 16,300 = 316,300"
        ),
    ]
    line = (data.folder() / "tiers_published.csv").read_text().splitlines()[79]
    assert line.startswith("binance-btcusdt-2021-copy-with-typo,4,1000000,10000000,0.02,16300")


GOOD = [
    ("a", 1, 0, 100, 0.01, 0),
    ("a", 2, 100, 300, 0.02, 1),
    ("b", 1, 0, None, 0.5, ""),
    ("a", 3, 300, NAN, 0.05, 10),
]


def table(rows):
    return [dict(zip(ex.LADDER_COLUMNS, row)) for row in rows]


@pytest.mark.parametrize("place, column, value, kind, sentence", [
    (1, "tier", 3, "number", "a, tier 3 (row 3): the tier after 1 must be 2"),
    (0, "tier", 2, "number", "a, tier 2 (row 2): the tier after 0 must be 1"),
    (2, "floor", 5, "start", "b, tier 1 (row 4): the first tier must begin at 0, not at 5"),
    (1, "floor", 110, "gap", "a, tier 2 (row 3): leaves a gap: tier 1 ends at 100, this one begins at 110"),
    (1, "floor", 90, "overlap", "a, tier 2 (row 3): overlaps: tier 1 ends at 100, this one begins at 90"),
    (1, "cap", 100, "empty", "a, tier 2 (row 3): must end above its floor 100, not at 100"),
    (1, "rate", 0.005, "rate", "a, tier 2 (row 3): the rate falls from 0.01 to 0.005"),
    (1, "deduction", 2, "deduction", "a, tier 2 (row 3): the deduction printed is 2, but 100 × (0.02 − 0.01) + 0 = 1"),
    (0, "deduction", 2, "deduction", "a, tier 1 (row 2): the deduction printed is 2, but 0 × (0.01 − 0) + 0 = 0"),
    (0, "cap", None, "overlap", "a, tier 2 (row 3): overlaps: tier 1 ends at inf, this one begins at 100"),
])  # fmt: skip
def test_each_flaw_is_named_with_ladder_and_row(place, column, value, kind, sentence):
    assert ladder_errors(table(GOOD)) == []
    rows = table(GOOD)
    rows[place][column] = value
    found = ladder_errors(rows)
    assert found[0].kind == kind and str(found[0]) == sentence
    assert found[0] == Flaw(
        rows[place]["ladder_id"] if kind != "overlap" else "a",
        found[0].tier,
        found[0].row,
        kind,
        sentence.split(": ", 1)[1],
    )


def test_unknown_rates_and_deductions_are_no_flaw_and_equal_rates_neither():
    assert (
        ladder_errors(
            table([("a", 1, 0, 100, None, None), ("a", 2, 100, 200, 0.02, 7), ("a", 3, 200, 300, 0.02, None)])
        )
        == []
    )
    assert ladder_errors(table([("a", 1, 0, 100, 0.01, None), ("a", 2, 100, 200, 0.02, 1.0)])) == []
    assert ladder_errors(pd.DataFrame(table(GOOD))) == [] == ladder_errors(tuple(table(GOOD)))


def test_a_misprint_in_the_ninth_digit_is_seen():
    rows = [("a", 1, 0, 10_000_000, 0.01, 0), ("a", 2, 10_000_000, None, 0.03, 200_000)]
    assert ladder_errors(table(rows)) == []
    assert len(ladder_errors(table([rows[0], (*rows[1][:5], 200_000.001)]))) == 1
    assert ladder_errors(table([rows[0], (*rows[1][:5], 200_000.0001)])) == []
    assert (
        ladder_errors(table([("a", 1, 0, 1, 0.01, 1e-9)])) == [] != ladder_errors(table([("a", 1, 0, 1, 0.01, 1.5e-9)]))
    )


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 40)), min_size=2, max_size=12), st.data())
def test_any_ladder_passes_and_any_changed_deduction_is_found(steps, draw):
    """Caps and rates in whole steps; the deductions added up slice by slice, not by the recurrence."""
    caps = np.cumsum([step for step, _ in steps]).tolist()
    rates = (np.cumsum([rate for _, rate in steps]) / 1000).tolist()
    floors = [0, *caps[:-1]]
    paid = [
        sum((min(cap, top) - low) * rate for low, top, rate in zip(floors, caps, rates) if low < cap) for cap in caps
    ]
    rows = table(
        ("x", n, low, top, rate, round(rate * top - full, 9))
        for n, (low, top, rate, full) in enumerate(zip(floors, caps, rates, paid), 1)
    )
    assert ladder_errors(rows) == []
    place = draw.draw(st.integers(0, len(rows) - 1))
    rows[place]["deduction"] += 1
    assert [flaw.tier for flaw in ladder_errors(rows)] == [n for n in (place + 1, place + 2) if n <= len(rows)]


# --- bad input ------------------------------------------------------------------------------------

DAY = "must be a date such as '2025', '2025-08' or '2025-08-14', got"
BAD = [
    (lambda: exchange("Foo"), f"exchange must be {NAMES}, got 'Foo'"),
    (lambda: exchange(None), f"exchange must be {NAMES}, got None"),
    (lambda: exchange(7), f"exchange must be {NAMES}, got 7"),
    (lambda: exchange("MEXC", "2025-13"), f"as of {DAY} '2025-13'"),
    (lambda: exchange("MEXC", "2025-02-30"), f"as of {DAY} '2025-02-30'"),
    (lambda: exchange("MEXC", "25"), f"as of {DAY} '25'"),
    (lambda: exchange("MEXC", 2025), f"as of {DAY} 2025"),
    (lambda: exchange("MEXC", "2025-8"), f"as of {DAY} '2025-8'"),
    (lambda: max_leverage("MEXC", "BTC", "today"), f"as of {DAY} 'today'"),
    (lambda: max_leverage("Foo"), f"exchange must be {NAMES}, got 'Foo'"),
    (lambda: max_leverage("MEXC", 5), "symbol must be a coin or a contract such as 'BTC', got 5"),
    (lambda: fact("MEXC", "fee", None), "field must be 'max_leverage', 'claimed_max_leverage', 'margin_modes',"
     " 'position_modes', 'contract_types', 'trigger_price', 'maintenance_rate', 'maintenance_basis',"
     " 'closing_fee_basis', 'partial_liquidation', 'insurance_fund', 'negative_balance', 'adl_rank',"
     " 'adl_close_price', 'funding_interval_hours', 'maker_fee', 'taker_fee', 'liquidation_fee_rate' or 'ladder',"
     " got 'fee'"),
    (lambda: compare(["MEXC", "Foo"], "taker_fee", [None]), f"exchange must be {NAMES}, got 'Foo'"),
    (lambda: compare(None, "taker_fee", [None]), f"exchange must be {NAMES}, got None"),
    (lambda: compare(["MEXC"], "taker_fee", ["soon"]), f"as of {DAY} 'soon'"),
    (lambda: exchange("Bitget").ladder("ETH"), "Bitget: no maintenance tiers are known for ETH (linear); "
     "tiers known: BTCUSDT (linear), 1000SATSUSDT (linear), ETHUSD (inverse)"),
    (lambda: exchange("Bitget", "2025-08").ladder(), "Bitget on 2025-08: no maintenance tiers are known for BTC "
        "(linear); tiers known: ETHUSD (inverse)"),
    (lambda: exchange("OKX").ladder("BONK"), "OKX counts the tiers of BONK-USDT-SWAP in contracts, and the size of "
        "one is not known"),
    (lambda: exchange("OKX").ladder("BTC", "spot"), "contract must be 'linear' or 'inverse', got 'spot'"),
    (lambda: exchange("OKX").rules("BTC", None, maintenance=0.01), "contract must be 'linear' or 'inverse', got None"),
    (lambda: exchange("OKX").rules(maintenance=-1), "maintenance rate must be at least 0 and below 1, got -1"),
    (lambda: exchange("OKX").rules(maintenance_basis="last"), "maintenance basis must be 'mark' or "
        "'entry', got 'last'"),
    (lambda: exchange("OKX").rules(closing_fee_rate=math.nan), "closing fee rate must be at least 0 and below "
        "1, got nan"),
    (lambda: exchange("Deribit").ladder("BTC", "inverse"), "the maintenance rate of Deribit's BTC-PERPETUAL grows "
        "with the position: give its size in coins"),
    (lambda: exchange("Deribit").ladder("BTC", "inverse", 0), "size must be above 0, got 0"),
    (lambda: exchange("Deribit").ladder("BTC", "inverse", [1, 2]), "size must be one number, got an "
        "array of shape (2,)"),
    (lambda: max_position("Binance", "BTC", [1, 2]), "leverage must be one number, got an array of shape (2,)"),
    (lambda: ladder_errors(table([("a", 1, [0, 1], 1, 0, 0)])), "row 2, floor must be one number, got an array of "
        "shape (2,)"),
    (lambda: ladder_errors(table([("a", 1, 0, [1, 2], 0, 0)])), "row 2, cap must be one number, got an array of "
        "shape (2,)"),
    (lambda: max_position("Binance", "BTC", 151), "leverage must be from 1 to 150, got 151"),
    (lambda: max_position("Binance", "BTC", 0.5), "leverage must be from 1 to 150, got 0.5"),
    (lambda: max_position("Binance", "BTC", math.nan), "leverage must be from 1 to 150, got nan"),
    (lambda: max_position("OKX", "BTC", 100), "OKX counts the tiers of BTC-USDT-SWAP in BTC: a price is needed, "
        "got None"),
    (lambda: max_position("OKX", "BTC", 100, price=0), "price must be above 0, got 0"),
    (lambda: max_position("Binance", "BTC", 100, price="x"), "price must be a number, above 0, got 'x'"),
    (lambda: max_position("OKX", "BONK", 20), "OKX counts the tiers of BONK-USDT-SWAP in contracts, and the size of "
        "one is not known"),
    (lambda: max_position("OKX", "BTC", 100, "quanto"), "contract must be 'linear' or 'inverse', got 'quanto'"),
    (lambda: contracts_to_coin("OKX", "BONK", 3), "OKX: the contract size of BONK is not known; known: BTC-USDT-SWAP, "
        "ETH-USDT-SWAP"),
    (lambda: contracts_to_coin("Binance", "BTC", 3), "Binance: the contract size of BTC is not known; known: none"),
    (lambda: contracts_to_coin("Kraken", "BTC", 3), "a contract of PI_XBTUSD is 1 USD: a price is needed, got None"),
    (lambda: contracts_to_coin("Kraken", "BTC", 3, 0), "price must be above 0, got 0"),
    (lambda: contracts_to_coin("MEXC", "BTC", -3), "contracts must be at least 0, got -3"),
    (lambda: contracts_to_coin("MEXC", "BTC", [1, math.inf]), "contracts must be at least 0, got inf (at position 1)"),
    (lambda: contracts_to_coin("MEXC", None, 1), "symbol must be a coin or a contract such as 'BTC', got None"),
    (lambda: contracts_to_coin("Kraken", "BTC", [1, 2], [1, 2, 3]), "the arrays must have shapes that fit together, "
        "got contracts (2,), price (3,)"),
    (lambda: ladder_errors(5), "a table of tiers must be a DataFrame or a list of dicts with at least one row, got 5"),
    (lambda: ladder_errors([]), "a table of tiers must be a DataFrame or a list of dicts "
        "with at least one row, got []"),
    (lambda: ladder_errors([5]), "a table of tiers must have the columns ladder_id, tier, floor, cap, rate, deduction; "
     "row 2 lacks ladder_id, tier, floor, cap, rate, deduction"),
    (lambda: ladder_errors([*table(GOOD), {"ladder_id": "a", "tier": 1, "floor": 0, "cap": 1}]),
     "a table of tiers must have the columns ladder_id, tier, floor, cap, rate, "
     "deduction; row 6 lacks rate, deduction"),
    (lambda: ladder_errors(table([("a", 1, "x", 1, 0, 0)])), "row 2, floor must be a number, at least 0, got 'x'"),
    (lambda: ladder_errors(table([("a", 1, 0, "x", 0, 0)])), "row 2, cap must be a number, at least 0, got 'x'"),
    (lambda: ladder_errors(table([("a", 1, 0, 1, 0, 0), ("a", 2, 1, -5, 0, 0)])), "row 3, cap must be at least "
        "0, got -5"),
    (lambda: ladder_errors(table([("a", None, 0, 1, 0, 0)])), "row 2, tier must be a number, at least 0, got None"),
]  # fmt: skip


@pytest.mark.parametrize("call, sentence", BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_bad_input_gets_one_sentence(call, sentence):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == sentence


@pytest.mark.parametrize("cell, sentence", [
    ("2025-13", "t.csv, row 2, column as_of: it must be a date such as '2025', "
        "'2025-08' or '2025-08-14', got '2025-13'"),
    ("undated", "t.csv, row 2, column as_of: it must be a date such as '2025', "
        "'2025-08' or '2025-08-14', got 'undated'"),
])  # fmt: skip
def test_a_damaged_date_names_file_row_and_column(tmp_path, cell, sentence):
    (tmp_path / "t.csv").write_text(f"exchange,field,value,as_of,read,source,link,note\nMEXC,a,b,{cell},2026,c,,\n")
    with pytest.raises(ValueError) as error:
        data.read(tmp_path / "t.csv", data.TABLES["exchanges"])
    assert str(error.value) == sentence
    (tmp_path / "t.csv").write_text("exchange,field,value,as_of,read,source,link,note\nMEXC,a,,,2026,c,,\n")
    assert len(data.read(tmp_path / "t.csv", data.TABLES["exchanges"])) == 1


def test_importing_it_reads_no_table_and_loads_no_pandas():
    code = "import sys, leverage_lab.exchanges; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_a_margin_rate_that_rises_with_each_coin_limits_the_position():
    """Deribit, by hand: 2 % and 0.005 % more with each BTC. 25x asks 4 %, so 0.02 / 0.00005 = 400 BTC; 50x asks 2 %,
    so none."""
    assert max_position("Deribit", "BTC", 25, "inverse", price=100_000) == pytest.approx(40_000_000)
    assert max_position("Deribit", "BTC", 50, "inverse", price=100_000) == 0
    with pytest.raises(
        ValueError, match="Deribit counts the tiers of BTC-PERPETUAL in BTC: a price is needed, got None"
    ):
        max_position("Deribit", "BTC", 25, "inverse")
