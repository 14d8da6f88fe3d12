"""Tables: what is in them, what the dictionary says of them, and what a damaged one is told."""

import csv
import json
import math
import re

import pytest

from leverage_lab import data
from leverage_lab.live.schema import check

README = (data.folder() / "README.md").read_text(encoding="utf-8")


def sections():
    """{table name: its section of data/README.md}"""
    parts = re.split(r"^## (\S+)\.csv$", README, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def test_every_table_is_known_documented_and_there():
    on_disk = {path.stem for path in data.folder().glob("*.csv")}
    assert on_disk == set(data.TABLES) == set(sections())


@pytest.mark.parametrize("name", data.TABLES)
def test_the_dictionary_has_every_column_and_says_where_it_is_from(name):
    section = sections()[name]
    documented = re.findall(r"^\| (\w+) \|", section, flags=re.M)
    assert documented == ["column", *data.TABLES[name].columns]
    for word in ("as of", "source", "licence"):
        assert re.search(rf"^- \*\*{word}\*\*: \S", section, flags=re.M), f"{name}: no {word}"
    if len(data.TABLES[name].as_of) == 1 and name != "article_claims":
        assert f"**as of**: {data.TABLES[name].as_of[0]}" in section


def test_the_snapshot_as_printed():
    table = data.load("price_snapshot_2025-08-04")
    assert len(table) == 30
    assert data.asset("BTC").price == 114_400 and data.asset("btc ").change_24h == pytest.approx(0.0068)
    assert data.asset("SHIB").price == 0.00001232
    assert data.asset("TON").change_24h == pytest.approx(-0.0285)


def test_the_claims_keep_the_digits_the_articles_print():
    claims = data.load("article_claims").set_index("id")
    assert len(claims) == 37
    assert claims.loc["F06", "article_value"] == "4.50" and claims.loc["L02", "article_value"] == "1.00"


def test_a_loaded_table_is_the_readers_own():
    mine = data.load("article_claims")
    mine["claim"] = ""
    assert data.load("article_claims")["claim"].str.len().min() > 0


def test_unknown_names():
    with pytest.raises(ValueError, match="asset must be one of BTC, ETH, .*; got 'DOGGO'"):
        data.asset("DOGGO")
    with pytest.raises(
        ValueError, match="table must be 'price_snapshot_2025-08-04', 'article_claims', .*, got 'prices'"
    ):
        data.load("prices")


HEADER = "asset,symbol,price_usd,change_24h_percent\n"
NAME = "price_snapshot_2025-08-04"
DAMAGED = [  # what a learner is told of the file, and what a maintainer is told who changed it
    ("", "not a readable CSV table", "the source is empty$"),
    (HEADER, "must have at least one row below the header", "number of rows is 0, the minimum is 1$"),
    (
        "asset,symbol,price\nA,B,1\n",
        "row 1: the columns must be asset, symbol, price_usd, change_24h_percent; got asset, symbol, price$",
        "column change_24h_percent: There is a missing label",
    ),
    (
        HEADER + "A,AA,1,2\nB,BB,zero,2\n",
        "row 3, column price_usd: must be a number, got 'zero'$",
        "row 3, column price_usd: .*number.*, got 'zero'$",
    ),
    (HEADER + "A,,1,2\n", "row 2, column symbol: must not be empty$", "row 2, column symbol: .*required"),
    (
        HEADER + "A,AA,1\n",
        "row 2, column change_24h_percent: must not be empty$",
        "row 2, column change_24h_percent: .*required",
    ),
    (HEADER + "A,AA,1,2\nB,BB,1,2,3\n", "not a readable CSV table", "row 3: .* extra value"),
    (HEADER + "\x00\x01", r"not a readable CSV table \(it holds a NUL byte\)$", ""),
    (b"\xff\xfe\x00\x89PNG", "not a readable CSV table", ""),
    (HEADER.replace(",", ";") + "A;AA;1;2\n", "row 1: the columns must be", "column symbol: "),
]
UNTRUE = [  # it can be read, but not be: only a maintainer is told, for nobody else can make it so
    (HEADER + "A,AA,0,2\n", "row 2, column price_usd: .*exclusiveMinimum.*0.*, got '0'$"),
    (HEADER + "A,AA,nan,2\n", "row 2, column price_usd: .*, got 'nan'$"),
    (HEADER + "A,AA,1,-101\n", "row 2, column change_24h_percent: .*minimum.*-100.*, got '-101'$"),
    (HEADER + "A,AA,1,2\nB,AA,1,2\n", "row 3, column symbol: the same as in the row at position 2, got 'AA'$"),
]


def write(folder, text):
    file = folder / f"{NAME}.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize("text, sentence, _", DAMAGED)
def test_damaged_tables_name_file_row_and_column(tmp_path, text, sentence, _):
    with pytest.raises(ValueError, match=rf"^{NAME}\.csv[:,] {sentence}"):
        data.read(write(tmp_path, text), data.TABLES[NAME])


@pytest.mark.live
@pytest.mark.parametrize("text, sentence", [(text, sentence) for text, _, sentence in DAMAGED] + UNTRUE)
def test_a_changed_table_is_checked_against_the_schema(tmp_path, text, sentence):
    with pytest.raises(ValueError, match=rf"^{NAME}\.csv[:,] ?{sentence}") as said:
        check(write(tmp_path, text))
    assert "\n" not in str(said.value)


@pytest.mark.live
@pytest.mark.parametrize("name", data.TABLES)
def test_every_table_fits_the_schema(name):
    check(data.folder() / f"{name}.csv")


@pytest.mark.parametrize("name", data.TABLES)
def test_every_number_is_finite_and_no_cell_has_space_around_it(name):
    """Table Schema takes NaN and INF for numbers."""
    with open(data.folder() / f"{name}.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert all(cell == cell.strip() for cell in row.values()), row
            assert all(
                math.isfinite(float(row[column] or 0))
                for column, kind in data.TABLES[name].columns.items()
                if kind == "number"
            ), row


def test_one_list_of_exchanges():
    """The schema has it once for each table; Table Schema knows no references."""
    described = json.loads((data.folder() / "schema.json").read_text(encoding="utf-8"))["resources"]
    lists = {
        tuple(field["constraints"]["enum"])
        for table in described
        for field in table["schema"]["fields"]
        if field["name"] == "exchange"
    }
    assert lists == {
        data.EXCHANGES,
        (*data.EXCHANGES, "Crypto.com"),
    }, "Crypto.com lends, and has no futures in these tables"


def test_a_missing_file(tmp_path):
    with pytest.raises(ValueError, match="t.csv: there is no such file"):
        data.read(tmp_path / "t.csv", data.TABLES["article_claims"])


@pytest.mark.live
@pytest.mark.parametrize("name, text, sentence", [
    ("article_claims", "id,article,kind,claim,article_value,unit,met_in\nX1,spot,fact,a,,,1\n",
     r"article_claims.csv, row 2, column article: .*\['leverage', 'fee'\].*, got 'spot'$"),
    ("exchanges", "exchange,field,value,as_of,read,source,link,note\nMtGox,a,b,,2026-11,c,,\n",
     "exchanges.csv, row 2, column exchange: .*'MEXC', 'Binance'.*, got 'MtGox'$"),
    ("exchanges", "exchange,field,value,as_of,read,source,link,note\nMEXC,a,b,2025-13,2026-11,c,,\n",
     "exchanges.csv, row 2, column as_of: .*pattern.*, got '2025-13'$"),
])  # fmt: skip
def test_a_word_outside_the_list(tmp_path, name, text, sentence):
    (tmp_path / f"{name}.csv").write_text(text)
    with pytest.raises(ValueError, match=sentence):
        check(tmp_path / f"{name}.csv")
