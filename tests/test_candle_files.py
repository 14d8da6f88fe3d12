"""Files of candles as they are found: each kind is read rightly or refused in one sentence,
never read as something else."""

import zipfile

import pytest

from leverage_lab.candle_files import from_csv

BARS = ((100.0, 101.5, 99.5, 101.0), (101.0, 102.0, 100.5, 100.8), (100.8, 101.2, 99.9, 100.1))
START = 1735689600  # 2025-01-01 00:00 UTC


def written(folder, text, encoding="utf-8"):
    path = folder / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return path


def lines(*moments, head="time,open,high,low,close", row="{t},{o},{h},{l},{c}"):
    rows = [row.format(t=t, **dict(zip("ohlc", bar))) for t, bar in zip(moments, BARS)]
    return "\n".join([head, *rows] if head else rows) + "\n"


def bars(found):
    return tuple(zip(found.open, found.high, found.low, found.close))


MINUTES, HOURS, DAYS = ([START + n * step for n in range(3)] for step in (60, 3600, 86_400))
KINDS = {
    # without a line of column names, in the order of who writes them
    "Binance spot, microseconds": (
        lines(*[t * 10**6 for t in MINUTES], head="",
            row="{t},{o},{h},{l},{c},12.5,1735689659999999,1250.0,5,6.1,610.0,0"),
        60,
    ),
    "Kraken": (lines(*MINUTES, head="", row="{t},{o},{h},{l},{c},0.5,3"), 60),
    "Gate: volume, close, high, low, open": (lines(*HOURS, head="", row="{t},5123.7,{c},{h},{l},{o}"), 3600),
    "Bybit": (lines(*MINUTES, head="", row="{t},BTCUSDT,1,{o},{h},{l},{c},7"), 60),
    "Bybit for MetaTrader": (lines("2025.01.01 00:00", "2025.01.01 00:01", "2025.01.01 00:02", head="",
    row="{t},{o},{h},{l},{c},7"), 60),
    "MetaTrader 4": (lines("2025.01.01,00:00", "2025.01.01,00:01", "2025.01.01,00:02", head="",
    row="{t},{o},{h},{l},{c},7"), 60),
    "HistData": (lines("20250101 000000", "20250101 000100", "20250101 000200", head="", row="{t};{o};{h};{l};{c};0"),
    60),
    # columns
    "MetaTrader 5": (
        lines("2025.01.01\t00:00:00", "2025.01.01\t01:00:00", "2025.01.01\t02:00:00",
              head="<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>", row="{t}\t{o}\t{h}\t{l}\t{c}\t5"),
        3600,
    ),
    "date and time of day": (
        lines("2025-01-01,00:00:00", "2025-01-01,01:00:00", "2025-01-01,02:00:00", head="Date,Time,Open,High,Low,Close",
            row="{t},{o},{h},{l},{c}"),
        3600,
    ),
    "a timestamp at the bar's end beside timeOpen": (
        lines("2025-01-01", "2025-01-02", "2025-01-03", head="timeOpen;timeClose;name;open;high;low;close;timestamp",
              row='"{t}T00:00:00.000Z";"{t}T23:59:59.999Z";2781;{o};{h};{l};{c};"{t}T23:59:59.999Z"'),
        86_400,
    ),
    "pandas' index without a name": (lines(*("2025-01-01", "2025-01-02", "2025-01-03"),
    head=",Open,High,Low,Close,Volume", row="{t},{o},{h},{l},{c},5"), 86_400),
    "CoinAPI": (lines("2025-01-01T00:00:00", "2025-01-01T00:01:00", "2025-01-01T00:02:00",
                      head="time_period_start;time_period_end;price_open;price_high;price_low;price_close",
                          row="{t}.0000000Z;x;{o};{h};{l};{c}"), 60),
    "Investing.com": (
        lines("01/01/2025", "01/02/2025", "01/13/2025", head='"Date","Price","Open","High","Low","Vol."',
            row='"{t}","{c}","{o}","{h}","{l}","1K"').replace("01/13", "01/03")
        + '"01/13/2025","1","1","1","1","1K"\n',
        None,
    ),
    "letters": (lines(*MINUTES, head="t,o,h,l,c,v", row="{t},{o},{h},{l},{c},1"), 60),
    "two months joined, each "
    "with its names": (lines(*MINUTES[:2]) + lines(MINUTES[2]).replace("100.0,101.5,99.5,101.0",
    "100.8,101.2,99.9,100.1"), 60),
    # times
    "20250101": (lines(20250101, 20250102, 20250103), 86_400),
    "202501010000": (lines(202501010000, 202501010001, 202501010002), 60),
    "day first, points": (lines("01.01.2025 00:00:00.000", "01.01.2025 01:00:00.000", "01.01.2025 02:00:00.000"), 3600),
    "Dukascopy, local": (lines("01.01.2025 01:00:00.000 GMT+0100", "01.01.2025 02:00:00.000 GMT+0100",
    "01.01.2025 03:00:00.000 GMT+0100"), 3600),
    "words": (lines('"Jan 01, 2025"', '"Jan 02, 2025"', '"Jan 03, 2025"'), 86_400),
    "nanoseconds": (lines(*[t * 10**9 for t in HOURS]), 3600),
    "milliseconds joined to microseconds": (lines(HOURS[0] * 1000, HOURS[1] * 10**6, HOURS[2] * 10**6), 3600),
    "a week": (lines("2025-01-01", "2025-01-08", "2025-01-15"), 7 * 86_400),
    # numbers
    "decimal commas": (lines(*DAYS, head="time;open;high;low;close", row="{t};{o};{h};{l};{c}").replace(".", ","),
    86_400),
    "dollar signs": (lines(*DAYS, row="{t},${o},${h},$ {l},{c}"), 86_400),
}  # fmt: skip


@pytest.mark.parametrize("text, step", KINDS.values(), ids=KINDS)
def test_each_kind_gives_the_bars_that_were_written(tmp_path, text, step):
    if step is None:  # month first, told by the 13th
        with pytest.raises(ValueError, match="jumps from 100.1 to 1 "):
            from_csv(written(tmp_path, text))
        found = from_csv(written(tmp_path, text), jumps=True)
        assert bars(found)[:3] == BARS and found.times == (*DAYS, START + 12 * 86_400)
        return
    found = from_csv(written(tmp_path, text))
    assert bars(found) == BARS
    assert found.times == tuple(START + n * step for n in range(3)) and found.step == step


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path, encoding):
    text = lines(*HOURS, head="time,open,high,low,close,Währung", row="{t},{o},{h},{l},{c},€") * 1
    assert bars(from_csv(written(tmp_path, "\ufeff" * (encoding == "utf-16-be") + text, encoding))) == BARS


def test_a_zip_of_one_file_is_opened(tmp_path):
    path = tmp_path / "BTCUSDT-1h-2025-01.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("BTCUSDT-1h-2025-01.csv", lines(*HOURS))
    assert bars(from_csv(path)) == BARS
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("second.csv", "x")
    with pytest.raises(ValueError, match=r"^BTCUSDT-1h-2025-01.zip: a zip must hold one CSV, got 2 files$"):
        from_csv(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    with pytest.raises(ValueError, match="an Excel workbook; save it as “CSV UTF-8”"):
        from_csv(path)
    path.write_bytes(path.read_bytes()[:-20] + b"PK\5\6" + b"\0" * 18)
    with pytest.raises(ValueError, match=r"^BTCUSDT-1h-2025-01.zip: "):
        from_csv(path)


def test_thousands_commas(tmp_path, capsys):
    rows = (
        'Date,Open,High,Low,Close\n2025-01-01,"42,100.5","42,900.5","41,900.5","42,300.5"\n'
        '2025-01-02,"42,101","42,901","41,901","42,301"\n'
    )
    assert from_csv(written(tmp_path, rows)).open == (42_100.5, 42_101)
    german = rows.replace(".", "#").replace('"42,', '"42.').replace('"41,', '"41.').replace("#", ",")
    assert from_csv(written(tmp_path, german)).open == (42_100.5, 42_101)
    assert from_csv(written(tmp_path, rows.replace('"42,', "\"42'").replace('"41,', "\"41'"))).open == (
        42_100.5,
        42_101,
    )
    with pytest.raises(
        ValueError, match=r"^mine.csv: 42,100 can mean 42100 or 42.100: write prices with a point and without"
    ):
        from_csv(written(tmp_path, rows.replace(".5", "")))
    assert capsys.readouterr().out == ""


def test_rows_without_a_trade_are_missing_bars(tmp_path, capsys):
    text = lines(*DAYS)
    for empty in ("null,null,null,null", ",,,", "NaN,NaN,NaN,NaN"):
        found = from_csv(written(tmp_path, text.replace("101.0,102.0,100.5,100.8", empty)))
        assert bars(found) == (BARS[0], BARS[2]) and found.times == (DAYS[0], DAYS[2])
        assert found.step == 86_400
        assert capsys.readouterr().out == "mine.csv: 1 row without prices left out.\n"


def test_one_bit_is_no_difference(tmp_path):
    rows = "time,open,high,low,close\n{},0.1,0.30000000000000004,0.1,0.3\n{},0.3,0.3,0.1,0.30000000000000004\n".format(
        *DAYS
    )
    assert from_csv(written(tmp_path, rows)).high == (0.30000000000000004, 0.30000000000000004)
    with pytest.raises(ValueError, match="row 3: high must be the highest"):
        from_csv(written(tmp_path, rows.replace("{},0.3,0.3".format(DAYS[1]), "{},0.3,0.2999".format(DAYS[1]))))


def test_bitmex_writes_the_end_of_the_bar_and_the_close_before(tmp_path, capsys):
    head = "timestamp,symbol,open,high,low,close,homeNotional,foreignNotional\n"
    rows = "2025-01-01T00:01:00Z,XBTUSD,100,101,99,100.5,1,1\n2025-01-01T00:02:00Z,XBTUSD,100.5,103,102,102.5,1,1\n"
    found = from_csv(written(tmp_path, head + rows))
    assert found.times == (START, START + 60)
    assert bars(found)[1] == (
        102,
        103,
        102,
        102.5,
    )  # 100.5 was the close before: nothing was traded there in this minute
    said = capsys.readouterr().out
    assert (
        "ends of the bars, as BitMEX writes them" in said and "in 1 of 2 bars the open was the previous close" in said
    )


def test_what_was_decided_is_said(tmp_path, capsys):
    from_csv(written(tmp_path, KINDS["Gate: volume, close, high, low, open"][0]))
    assert (
        capsys.readouterr().out
        == "mine.csv: no line of column names; read as time, volume, close, high, low, open, the order of Gate.\n"
    )


REFUSED = {
    "columns twice": (
        lines(*DAYS, head="time,open,high,low,close,Open,High", row="{t},{o},{h},{l},{c},50,60"),
        "mine.csv: open, high must be one column each, but there are two or more of that name",
    ),
    "two instruments": (
        lines(*DAYS, head="instrument_name,open,high,low,close,open_time",
            row="BTC,{o},{h},{l},{c},{t}").replace("BTC,100.8", "ETH,100.8"),
        "mine.csv: must hold one market, but column instrument_name names 2: BTC, ETH",
    ),
    "ten times from bar to bar": (
        lines(*DAYS).replace("101.0,102.0,100.5,100.8", "3.3,3.4,3.2,3.35"),
        "mine.csv, row 3: the price jumps from 101 to 3.3 from one bar to the next. If this is not a mistake and the "
        "file holds one market, add jumps=True",
    ),
    "the end of the bar alone": (
        lines(*DAYS, head="close_time,open,high,low,close"),
        "mine.csv: the start of each bar is needed, in a column named time; found only its end, close_time",
    ),
    "day or month": (
        lines("01/02/2025", "02/02/2025", "03/02/2025"),
        "mine.csv: dates must be written year first, such as 2026-11-21: '01/02/2025' can mean the day or the month"
        " first",
    ),
    "months": (
        lines("2025-01-01", "2025-02-01", "2025-03-01"),
        "mine.csv: bars must all be equally long, at most a week each, got bars of a month",
    ),
    "no known order": (
        lines(*MINUTES, head="", row="{t},{h},{o},{l},{c}"),
        "mine.csv: the first line must name the columns (time, open, high, low, close), got 1735689600, 101.5, 100.0, "
        "99.5, 101.0",
    ),
    "a price twice over": (lines(*DAYS).replace("101.0,102.0", "101.0.1,102.0"), "mine.csv, row 3, column open: must "
        "be a number, got '101.0.1'"),
}  # fmt: skip


@pytest.mark.parametrize("text, sentence", REFUSED.values(), ids=REFUSED)
def test_what_is_not_told_is_asked_for(tmp_path, text, sentence):
    with pytest.raises(ValueError) as error:
        from_csv(written(tmp_path, text))
    assert str(error.value).startswith(sentence)
