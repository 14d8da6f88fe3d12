"""Tables: what is in them, what the dictionary says of them, and what a damaged one is told."""

import re

import pytest

from leverage_lab import data

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
    with pytest.raises(ValueError, match="table must be 'price_snapshot_2025-08-04', 'article_claims', .*, got 'prices'"):
        data.load("prices")


HEADER = "asset,symbol,price_usd,change_24h_percent\n"
DAMAGED = [
    ("", r"t\.csv: not a readable CSV table"),
    (HEADER, r"t\.csv: must have at least one row below the header"),
    ("asset,symbol,price\nA,B,1\n", r"t\.csv, row 1: the columns must be asset, symbol, price_usd, change_24h_percent; got asset, symbol, price$"),
    (HEADER + "A,AA,1,2\nB,BB,zero,2\n", r"t\.csv, row 3, column price_usd: must be a number, got 'zero'"),
    (HEADER + "A,AA,0,2\n", r"t\.csv, row 2, column price_usd: it must be above 0, got 0"),
    (HEADER + "A,AA,nan,2\n", r"t\.csv, row 2, column price_usd: it must be above 0, got nan"),
    (HEADER + "A,AA,1,-101\n", r"t\.csv, row 2, column change_24h_percent: it must be at least -100, got -101"),
    (HEADER + "A,,1,2\n", r"t\.csv, row 2, column symbol: must not be empty"),
    (HEADER + "A,AA,1\n", r"t\.csv, row 2, column change_24h_percent: must be a number, got ''"),
    (HEADER + "A,AA,1,2\nB,AA,1,2\n", r"t\.csv, row 3, column symbol: 'AA' stands there twice"),
    (HEADER + "A,AA,1,2\nB,BB,1,2,3\n", r"t\.csv"),
    (HEADER + "\x00\x01", r"t\.csv"),
]


@pytest.mark.parametrize("text, sentence", DAMAGED)
def test_damaged_tables_name_file_row_and_column(tmp_path, text, sentence):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(ValueError, match=sentence):
        data.read(tmp_path / "t.csv", data.TABLES["price_snapshot_2025-08-04"])


def test_missing_and_binary_files(tmp_path):
    with pytest.raises(ValueError, match="t.csv: there is no such file"):
        data.read(tmp_path / "t.csv", data.TABLES["article_claims"])
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\x00\x89PNG")
    with pytest.raises(ValueError, match="t.csv"):
        data.read(tmp_path / "t.csv", data.TABLES["article_claims"])


def test_a_word_outside_the_list(tmp_path):
    (tmp_path / "t.csv").write_text("id,article,kind,claim,article_value,unit,met_in\nX1,spot,fact,a,,,1\n")
    with pytest.raises(ValueError, match="t.csv, row 2, column article: it must be 'leverage' or 'fee', got 'spot'"):
        data.read(tmp_path / "t.csv", data.TABLES["article_claims"])
