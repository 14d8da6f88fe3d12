"""When figures are from: the line below every table and panel, and what is said once they are old."""

import csv
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas
import pytest
from IPython.core.formatters import DisplayFormatter

from leverage_lab import claims, data, dates
from leverage_lab.classroom import panels, tables
from leverage_lab.data import EXCHANGES
from leverage_lab.exchanges import dated, fact

ROOT = Path(__file__).resolve().parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LATER = "2031-05-05"  # every figure is old


def rows(name):
    with open(data.folder() / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the words


@pytest.mark.parametrize(
    "texts, line",
    [
        ([], ""),
        (["2025-08-04"], "Figures: 4 August 2025."),
        (["2025-08-14"] * 3, "Figures: 14 August 2025."),
        (["2026-09", "2025-03-27", "2025-03"], "Figures: 27 March 2025 to September 2026."),  # 2025-03: the 31st
        (["2025-03", "", "2026-09", ""], "Figures: March 2025 to September 2026; 2 of 4 without a date."),
        (["2025", "2025-12-30"], "Figures: 30 December 2025 to 2025."),
        ([""], "The source has no date."),
        (["", float("nan"), None], "The sources have no date."),
    ],
)
def test_the_line(texts, line):
    assert dates.of(texts).line() == line


def test_the_line_of_a_record_of_a_part_and_of_some_figures():
    two = ["2020-03-12", "2021-05-19"]
    assert dates.of(two, record=True, what="Trades").line() == "Trades: 12 March 2020 to 19 May 2021."
    assert dates.of(two, whole=True, what="Fees").line() == "Fees: between 12 March 2020 and 19 May 2021."
    assert dates.of(two[:1], whole=True, what="Fees").line() == "Fees: 12 March 2020."
    assert dates.of(["2025", ""], what="OKX's fees").line() == "OKX's fees: 2025; 1 of 2 without a date."
    assert dates.of([""], what="KuCoin's tiers").line() == "KuCoin's tiers: the source has no date."


def test_a_date_in_words():
    assert [dates.shown(text) for text in ("2025-08-04", "2026-11", "2019")] == [
        "4 August 2025",
        "November 2026",
        "2019",
    ]
    assert (
        dates.in_words("Binance (2025-03-27), not 2024-13, read 2026-11; 2020-2025, 12:00")
        == "Binance (27 March 2025), not 2024-13, read November 2026; 2020-2025, 12:00"
    )
    assert (
        dates.undated("MEXC Learn, fees, 2025-09-02") == "MEXC Learn, fees"
        and dates.undated("Bitget, 2025-01-16; the same on the page linked") == "Bitget; the same on the page linked"
    )
    assert dates.undated("a copy, undated") == "a copy" and dates.undated("a page of 2025") == "a page of 2025"


# The day that is 180 days after the last one meant, from a calendar; the next day is the first on which it is said.
@pytest.mark.parametrize(
    "as_of, fresh, old, said",
    [
        ("2025-01-01", date(2025, 6, 30), date(2025, 7, 1), "That was 181 days ago:"),
        ("2024-01-01", date(2024, 6, 29), date(2024, 6, 30), "That was 181 days ago:"),  # a leap year
        ("2024-02", date(2024, 8, 27), date(2024, 8, 28), "That was at least 181 days ago:"),  # from 29 February
        ("2023-02", date(2023, 8, 27), date(2023, 8, 28), "That was at least 181 days ago:"),  # from 28 February
        ("2024", date(2025, 6, 29), date(2025, 6, 30), "That was at least 181 days ago:"),  # from 31 December
        ("2025-12", date(2026, 6, 29), date(2026, 6, 30), "That was at least 181 days ago:"),
    ],
)
def test_old_after_180_days(as_of, fresh, old, said):
    known = dates.of([as_of])
    assert known.age(fresh) == "" and known.age(old).startswith(said)
    assert dates.of([as_of, "2031-01"]).age(old).startswith("The oldest is ")  # one old figure is enough
    assert dates.of([as_of], record=True).age(old) == ""


def test_a_day_to_come_is_not_old():
    assert dates.of(["2026-11"]).age(date(2026, 11, 22)) == ""


def test_undated_is_never_taken_for_fresh():
    today = date(2025, 8, 20)
    assert dates.of(["", ""]).age(today).startswith("Figures without a date may be old:")
    assert dates.of(["2025-08-14", ""]).age(today).startswith("Figures without a date may be old:")
    assert (
        dates.of(["2020-08-14", ""])
        .age(today)
        .startswith("That was 1,832 days ago, and figures without a date may be older:")
    )  # 5 years, 6 days; a leap day in 2024


def test_every_sentence_ends_in_what_to_do_and_does_not_shout():
    for texts in (["2019"], [""], ["2019", ""], ["2019", "2020", ""]):
        said = dates.of(texts).age(date(2026, 1, 1))
        assert (
            said.endswith(": check with the exchange before you rely on it.")
            and said.count(".") == 1
            and not re.search(r"(?i)!|warning|danger|outdated|stale", said)
        )


def test_today_is_the_real_one_or_the_one_a_test_sets(monkeypatch):
    monkeypatch.delenv("LEVERAGE_LAB_TODAY", raising=False)
    assert dates.now() >= date(2026, 11, 1)
    monkeypatch.setenv("LEVERAGE_LAB_TODAY", "2025-03-01")
    assert dates.now() == date(2025, 3, 1) and dates.of(["2024-09-02"]).age() == "" and dates.of(["2024-09-01"]).age()


# --- tables


def test_dates_that_stand_beside_a_table_are_those_in_it():
    ends = {
        "btc_1h_crash_windows": [row["time_utc"][:10] for row in rows("btc_1h_crash_windows")],
        "crash_2025-10-10_closes": [row["time_utc"][:10] for row in rows("crash_2025-10-10_closes")],
        "liquidation_events": [row["date"] for row in rows("liquidation_events")],
        "btc_1min_2025-02-03": [
            str(pandas.Timestamp(int(row["timestamp"]), unit="s").date()) for row in rows("btc_1min_2025-02-03")
        ],
    }
    for name, found in ends.items():
        assert data.TABLES[name].as_of == tuple(sorted({min(found), max(found)})), name
    ids = {row["ladder_id"] for row in rows("tiers_published")}
    named = {
        re.search(r"20\d\d(-\d\d-\d\d)?", f"{id} {row['source']}")
        for id in ids
        for row in rows("tiers_published")
        if row["ladder_id"] == id
    }
    assert len(data.TABLES["tiers_published"].as_of) == len(ids) == 11 and {found[0] for found in named if found} | {
        ""
    } == set(data.TABLES["tiers_published"].as_of)


@pytest.mark.parametrize("name", data.TABLES)
def test_every_table_says_when_it_is_from(name):
    """By the CSV: oldest, newest and undated rows, those without a value left out."""
    known = data.whole(name)
    assert (
        known.figures
        and re.search(r"^[A-Z][\w ]+: .*\b20\d\d\b", known.line())
        and not re.search(r"\d-\d", known.line())
    )
    table = rows("ladders" if name == "tiers" else name)
    if "as_of" in table[0]:
        found = [row["as_of"] for row in table if row.get("value", "1")]
        assert (known.figures, known.undated) == (len(found), found.count("")) and {known.oldest, known.newest} <= set(
            found
        )
        assert known.oldest <= min(filter(None, found)) and known.newest[:7] == max(found)[:7]
    assert data.load(name).attrs["as_of"] == data.load(name).copy().attrs["as_of"]


def test_what_happened_does_not_go_stale_and_what_changes_does():
    changing = {name for name in data.TABLES if data.whole(name).age(date(2031, 5, 5))}
    assert changing == {
        "exchanges",
        "leverage_history",
        "ladders",
        "tiers",
        "fees",
        "funding",
        "margin_interest",
        "collateral",
    }


def test_the_rows_shown_count_and_else_the_whole_table():
    fees = data.load("fees")
    bybit = fees[(fees.exchange == "Bybit") & (fees["product"] == "perpetual") & (fees.region == "Türkiye")]
    (said,) = {
        row["as_of"]
        for row in rows("fees")
        if row["region"] == "Türkiye" and row["exchange"] == "Bybit" and row["product"] == "perpetual"
    }
    for shown in (bybit, bybit[["taker", "as_of"]], bybit.set_index("as_of"), bybit.iloc[0], bybit.as_of):
        assert data.when(shown).line() == f"Fees: {dates.shown(said)}."
    assert (
        data.when(bybit[["taker"]]).line()
        == data.when(bybit.taker).line()
        == data.whole("fees").line().replace(": ", ": between ").replace(" to ", " and ")
    )
    assert data.when(pandas.DataFrame({"as_of": ["2025"]})) is data.when(pandas.Series([1.0])) is None


def test_what_is_not_known_has_no_date_to_miss():
    """Coinbase's trigger price is not known: it is no undated figure. OKX's is one."""
    facts = [fact(name, "trigger_price") for name in ("OKX", "Coinbase", "KuCoin")]
    assert facts[1].value is None
    table = dated(pandas.DataFrame(facts), *facts)
    kucoin = max(
        row["as_of"] for row in rows("exchanges") if (row["exchange"], row["field"]) == ("KuCoin", "trigger_price")
    )
    assert (
        data.when(table).line()
        == data.when(table[["source"]]).line()
        == f"Figures: {dates.shown(kucoin)}; 1 of 2 without a date."
    )
    shown = next(
        cell for cell in nbformat.read(BOOKS[5], as_version=4).cells if 'fact(name, "taker_fee")' in cell.source
    )
    table = shown.outputs[0].data["text/html"]
    assert "Coinbase" in table and "Figures: " in table and "without a date" not in table  # Coinbase has no figure


# --- what a notebook shows


@pytest.fixture
def shown(monkeypatch):
    """shown(thing, today): its HTML in an IPython where the classroom has been loaded."""
    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    tables.register(shell)

    def show(thing, today="2026-11-22"):
        monkeypatch.setenv("LEVERAGE_LAB_TODAY", today)
        return shell.display_formatter.format(thing)[0].get("text/html")

    return show


def test_a_table_is_shown_as_ever_with_its_dates_below(shown):
    fees = data.load("fees").query("exchange == 'KuCoin'")
    html = shown(fees, "2026-11-22")
    assert html.startswith(fees._repr_html_()) and "<small>Fees: " in html
    assert re.sub(tables.AGE, r"\1", shown(fees, LATER)) == re.sub(tables.AGE, r"\1", html)  # the same but for its age
    assert "ll-age" in shown(fees, LATER) and "days ago" in shown(fees, LATER)
    assert "ll-age" not in shown(data.load("btc_1h_crash_windows"), LATER)
    fees = fees.assign(as_of="2025-08-04")
    assert "ll-age" not in shown(fees, "2026-01-31") and "That was 181 days ago" in shown(
        fees, "2026-02-01"
    )  # 180 and 181 days after 4 August


def test_a_column_is_shown_with_its_dates_too(shown):
    html = shown(data.load("fees").taker, LATER)
    assert html.startswith("<pre>0") and "Fees: between " in html and "ll-age" in html


def test_other_tables_are_left_alone(shown):
    own = pandas.DataFrame({"as_of": ["2019"], "value": [1]})
    assert shown(own) == own._repr_html_() and shown(pandas.Series([1])) is None
    for attrs in (
        {"as_of": "2019"},
        {"as_of": {"oldest": 3}},
        {"as_of": {"oldest": 3, "newest": None, "figures": 1, "undated": 0, "record": 0, "whole": 0, "what": ""}},
    ):
        own.attrs = attrs
        assert shown(own[["value"]]).startswith(own[["value"]]._repr_html_())


def test_a_damaged_date_does_not_stand_in_a_learners_way(shown):
    fees = data.load("fees").head(2)
    fees["as_of"] = ["yesterday", 7]
    assert shown(fees).startswith(fees._repr_html_())
    fees.columns = [fees.columns[0]] * len(fees.columns)
    assert shown(fees).startswith(fees._repr_html_())


REASONS = {}  # {first line of a cell: why its table needs no date}


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_stored_table_says_its_date_and_no_age(path):
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            assert "ll-age" not in html and "days ago" not in html and "days old" not in html
            if "<table" in html and cell.source.splitlines()[0] not in REASONS:
                assert re.search(
                    r"</table>\n<p><small>[^<]*(\b20\d\d|no date)[^<]*</small></p>$", html
                ) and not re.search(r"20\d\d-\d\d", re.sub("<img .*?>", "", html)), cell.source


def test_the_age_is_there_live_and_gone_when_a_notebook_is_saved(tmp_path, monkeypatch):
    from execute_notebooks import execute, normalise

    monkeypatch.setenv("LEVERAGE_LAB_TODAY", LATER)
    code = [
        "from leverage_lab import data\nfrom leverage_lab.classroom import panels",
        'data.load("fees").head(3)',
        "panels.maxima()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in code])
    execute(notebook, tmp_path)
    table, panel = (cell.outputs[0].data["text/html"] for cell in notebook.cells[1:])
    assert "Fees: " in table and re.search(tables.AGE, table) and "Figures: " in panel and "days old" not in panel
    kept = normalise(notebook).cells[1].outputs[0].data["text/html"]
    assert kept == re.sub(tables.AGE, r"\1", table) != table


# --- panels

WITHOUT = {
    "a formula": (
        "first_touch bought payoff same_position same_margin inverse rounds closed_early way_left venue "
        "two_modes three_positions adding both_sides plane collateral median_of_three settlements standing_still sized "
        "hedged_coins coins_as_margin win_rate depth"
    ),
    "its sentence says which days": "orders crash one_path mark_or_last fall_together evidence",
}


def test_panels_without_dates_are_these():
    without = {name for name, recipe in panels.ALL.items() if not recipe().result.dates.line()}
    assert without == {name for names in WITHOUT.values() for name in names.split()}


def test_a_formula_reads_no_table_that_goes_stale():
    """In a fresh Python: which tables are read by panels that say no date."""
    code = """
import json, sys
from leverage_lab import data
from leverage_lab.classroom import panels
data.assets.cache_clear(), data._loaded.cache_clear()
seen, real = [], data._loaded
data._loaded = lambda name: seen.append(name) or real(name)
for name in sys.argv[1:]:
    panel = panels.ALL[name]()
    for control in panel.controls.values():
        for value in control.corners():
            panel.reset().set(**{control.name: value})
print(json.dumps(sorted(set(seen))))
"""
    names = [name for names in WITHOUT.values() for name in names.split()]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    read = json.loads(done.stdout)
    assert read and all(data.TABLES[name].record for name in read), read


def newest_tiers(exchange):
    """as_of of the newest BTC ladder with maintenance rates, by the CSV alone."""
    rated = {row["ladder_id"] for row in rows("tiers") if row["tier"] == "1" and row["rate"]}
    return next(
        row["as_of"]
        for row in rows("ladders")
        if row["exchange"] == exchange and row["asset"] == "BTC" and row["ladder_id"] in rated
    )


def test_a_panels_line_changes_with_its_controls():
    panel, seen = panels.tiers(), set()
    for name in panel.controls["exchange"].options:
        panel.set(exchange=name)
        as_of = newest_tiers(name)
        assert panel.widget.dates[0] == f"{name}'s tiers: {dates.shown(as_of) if as_of else 'the source has no date'}."
        seen.add(as_of)
    assert len(seen) == 4 and "" in seen


# The contract on BTC whose maximum leverage the panels show.
MAIN = {
    "MEXC": "BTC_USDT",
    "Binance": "BTCUSDT",
    "OKX": "BTC-USDT-SWAP",
    "Bybit": "BTCUSDT",
    "Bitget": "BTCUSDT",
    "KuCoin": "XBTUSDTM",
    "Kraken": "PI_XBTUSD",
    "Coinbase": "BTC-PERP",
}


@pytest.mark.parametrize("month, as_of", [(94, "2026-11"), (79, "2025-08"), (40, "2022-05")])
def test_the_maxima_of_a_month_are_no_younger_than_it(month, as_of):
    newest = {}
    for row in rows("leverage_history"):
        if MAIN.get(row["exchange"]) == row["symbol"] and row["as_of"] and row["as_of"][:7] <= as_of:
            newest.setdefault(row["exchange"], row["as_of"])
    known = panels.maxima(month=month).result.dates
    assert (known.oldest, known.newest, known.figures, known.undated) == (
        min(newest.values()),
        max(newest.values()),
        len(newest),
        0,
    )


def test_a_trade_counts_the_figures_it_rests_on():
    """At $5,000 and 50x with no day held: maximum and tiers of eight exchanges, the fees of those that allow it."""
    result = panels.one_trade(days=0).result
    charged = [t.name for t in result.trades if t.fee is not None]
    fees = {}
    for row in rows("fees"):
        if row["product"] == "perpetual" and not row["region"]:
            fees.setdefault(row["exchange"], row["as_of"])
    maxima = {}
    for row in rows("leverage_history"):
        maxima.setdefault(row["exchange"], row["as_of"])
    capped = {row["ladder_id"] for row in rows("tiers") if row["max_leverage"]}
    tiers = {}
    for row in rows("ladders"):
        if row["asset"] == "BTC" and row["ladder_id"] in capped:
            tiers.setdefault(row["exchange"], row["as_of"])
    eight = [t.name for t in result.trades]
    found = (
        [fees[name] for name in charged]
        + [maxima[name] for name in eight]
        + [tiers[name] for name in eight if name in tiers]
    )
    assert (result.dates.figures, result.dates.undated) == (len(found), found.count(""))
    assert result.dates.oldest == min(filter(None, found)) and result.dates.newest == max(found)
    held = panels.one_trade(days=1).result.dates
    funding = next(row["as_of"] for row in rows("funding") if row["field"] == "interest_per_day")
    assert held.figures == result.dates.figures + 1 and held.oldest == min(funding, result.dates.oldest)


def test_live_a_panel_says_how_old_its_figures_are_and_stored_it_does_not(monkeypatch):
    for today, said in (
        ("2026-09-30", ""),
        (LATER, "That was 1,679 days ago:"),
    ):  # 2026-09-29 to 2031-05-05: 4 years, 218 days, a leap day
        monkeypatch.setenv("LEVERAGE_LAB_TODAY", today)
        panel = panels.tiers()
        assert (
            panel.widget.dates[0] == "Binance's tiers: 29 September 2026."
            and panel.widget.dates[1].startswith(said)
            and bool(panel.widget.dates[1]) == bool(said)
        )
        assert "</p>\n<p><small>Binance&#x27;s tiers: 29 September 2026.</small></p>\n<details>" in panel.still()
        assert "2026" not in panel.sentence and panel._repr_mimebundle_()[0]["text/plain"] == panel.sentence


def test_what_was_said_of_one_day_is_not_told_how_old_it_is(monkeypatch):
    """The room of 4 August 2025 is an example of that day: no footnote on top of its date."""
    monkeypatch.setenv("LEVERAGE_LAB_TODAY", LATER)
    assert panels.room().widget.dates == ["Prices: 4 August 2025.", ""]


def test_states_fetched_ahead_have_their_own_dates(monkeypatch):
    months, sent = panels.maxima(), []
    monkeypatch.setattr(months.widget, "send", lambda content, buffers: sent.extend(content["ahead"]))
    months.widget._handle_custom_msg({"ahead": "month", "stops": [20, 40, 78, 94]}, [])
    assert [state["dates"][0] for state in sent] == [
        panels.maxima(month=month).result.dates.line() for month in (20, 40, 78, 94)
    ]
    assert len({state["dates"][0] for state in sent}) == 4


def test_the_verdicts_rest_on_maxima_and_loans():
    """The maxima of 13 exchanges, four rules of MEXC, every loan of the table."""
    known = data.when(claims.table()[["verdict"]])
    loans = [row["as_of"] for row in rows("margin_interest")]
    assert known.whole and not known.record and known.figures == len(EXCHANGES) + 4 + len(loans)
    assert known.oldest == min(filter(None, loans)) and known.undated >= loans.count("") and known.age(date(2031, 1, 1))


def test_an_undated_study_says_so():
    undated = [row["topic"] for row in rows("risk_evidence") if not row["as_of"] and not row["period"]]
    assert undated == ["customers who lose money, CFD"]
    assert (
        panels.evidence(study="CFDs, UK").result.dates.line() == "The source has no date."
        and panels.evidence(study="CFDs, UK").result.dates.age() == ""
    )


def test_two_counts_say_from_when_to_when():
    counts = ("btc_first_passage_2018_2023", "btc_first_passage_2023_2026")
    known = data.span(counts, "Measured hours")
    assert known.line() == "Measured hours: 15 May 2018 to 26 July 2026."
    assert known.record and known.age(date(2031, 5, 5)) == "" and panels.lifetime().result.dates == known
    assert not data.span([*counts, "article_claims"], "x").record or data.TABLES["article_claims"].record
