"""A learner's own file of candles, as exchanges, brokers and spreadsheets write them.

    from_csv("mine.csv")

What a file does not say is asked for in one sentence; nothing is read silently as something else. Where the reader had
to decide something (no column names, say), it prints what it decided.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from os import PathLike
from pathlib import Path
from statistics import mode
from zipfile import BadZipFile, ZipFile, is_zipfile

from leverage_lab.candles import DAY, NEWEST, OLDEST, Candles, Prices, as_utc, check_bar, check_order

PRICES = Prices._fields
MARKS = tuple(f"mark_{name}" for name in PRICES)
STARTS = tuple(
    "timeopen time_open open_time opentime kline_open_time time_period_start period_start "
    "start_time time_start start_at start".split()
)
TIMES = STARTS + tuple(
    "time timestamp time_utc datetime datetime_utc gmt_time unix unix_timestamp unix_time "
    "ts t date date_utc local_time".split()
)
ENDS = tuple(
    "timeclose time_close close_time closetime time_period_end period_end end_time time_end end_at end".split()
)
INSTRUMENTS = tuple(
    "symbol ticker tic instrument instrument_name inst_id instid pair coin asset market contract name exchange".split()
)
ALSO = {
    **{letter: name for letter, name in zip("ohlc", PRICES)},
    **{f"price_{name}": name for name in PRICES},
    **{f"{name}_price": name for name in PRICES},
    "openprice": "open", "highprice": "high", "lowprice": "low", "closeprice": "close", "close/last": "close",
}  # fmt: skip
# Files without column names: who writes them so.
ORDERS = {
    ("time", "open", "high", "low", "close"): "Binance, Kraken, HistData and others",
    ("time", "volume", "close", "high", "low", "open"): "Gate",
    ("time", "symbol", "period", "open", "high", "low", "close"): "Bybit",
    ("date", "time", "open", "high", "low", "close"): "MetaTrader",
}
SECOND = {  # what stands in the second column then
    "open": re.compile(""),
    "volume": re.compile(r"[\d.]+$"),
    "symbol": re.compile("[A-Za-z]"),
    "time": re.compile(r"\d+:"),
}
EMPTY = ("", "null", "nan", "none", "na", "n/a", "-", "--")
DATES = ("%d.%m.%Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")
_GERMAN = re.compile(r"\d{1,3}(\.\d{3}){2,}(,\d+)?")  # 1.234.567,8
NOISE = 1e-9  # of a price: 0.30000000000000004 is 0.3


def from_csv(path, name=None, jumps=False):
    """Candles from a CSV: columns time, open, high, low, close, and mark_open … mark_close if there are any.

    time: the start of the bar, as a date and time (UTC unless it says otherwise) or in seconds, milliseconds,
    microseconds or nanoseconds since 1970. Rows in either order; a row without prices is a missing bar. Other columns
    are ignored. The file may be zipped. name: what sentences call the market; without it the file's name.
    jumps: True if the price did jump tenfold from bar to bar.
    """
    if not isinstance(path, (str, PathLike)) or not str(path).strip():
        raise ValueError(f"from_csv takes the path of a file such as 'my-candles.csv', got {path!r:.60}")
    path, said = Path(path), []
    head, body = _table(path.name, _text(path), said)
    _one_instrument(path.name, head, body)
    rows, times = _rows(path.name, head, body, said)
    if len(rows) < 2:
        raise ValueError(f"{path.name}: must have at least 2 rows below the header, got {len(rows)}")
    step = _step(path.name, rows, times)
    if {"homenotional", "foreignnotional"} <= set(head):
        for row in rows:
            row["time"] -= step
        said.append("times are read as the ends of the bars, as BitMEX writes them")
    _open_at_the_close_before(rows, said)
    for row in rows:
        for prefix in ("", "mark_")[: 2 if MARKS[0] in row else 1]:
            check_bar(f"{path.name}, row {row['row']}", tuple(row[prefix + field] for field in PRICES), prefix)
    if not jumps:
        _no_jump(path.name, rows)
    columns = [tuple(row[field] for row in rows) for field in PRICES]
    mark = Prices(*(tuple(row[field] for row in rows) for field in MARKS)) if MARKS[0] in rows[0] else None
    times = tuple(row["time"] for row in rows)
    found = Candles(name or path.stem[:60] or "your own", times, step, *columns, mark=mark, source=path.name[:60])
    if said:
        print(f"{path.name}: {'; '.join(said)}.")
    return found


# --- the text -------------------------------------------------------------------------------------


def _text(path):
    """What stands in the file, or in the one file of a zip."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        raise ValueError(f"there is no file {str(path)!r} (looked for in {Path.cwd()})") from None
    except OSError as error:
        raise ValueError(f"{path.name}: not a readable CSV table ({error})") from None
    if is_zipfile(BytesIO(found)):
        found = _unzipped(path.name, found)
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if found.startswith(mark):
            with suppress(UnicodeDecodeError):
                return found.decode(encoding)
    if found[1:20:2].count(0) > 8:  # UTF-16 that does not say so
        with suppress(UnicodeDecodeError):
            return found.decode("utf-16-le")
    if sum(byte > 127 for byte in found) < 0.05 * len(found):  # an old Windows table with a few letters of its own
        with suppress(UnicodeDecodeError):
            return found.decode("cp1252")
    raise ValueError(f"{path.name}: not a readable CSV table; save it as “CSV UTF-8”")


def _unzipped(file, found):
    try:
        with ZipFile(BytesIO(found)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
            if any(name.startswith("xl/") for name in names):
                raise ValueError(f"{file}: an Excel workbook; save it as “CSV UTF-8”")
            if len(names) != 1:
                raise ValueError(f"{file}: a zip must hold one CSV, got {len(names)} files")
            return archive.read(names[0])
    except (BadZipFile, RuntimeError, NotImplementedError, OSError) as error:  # damaged, or locked by a password
        raise ValueError(f"{file}: the zip cannot be opened ({error})") from None


# --- columns --------------------------------------------------------------------------------------


def _table(file, text, said):
    """(column names, [(line number, cells)]) of what stands below the names; lines above them are skipped."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise ValueError(f"{file}: the file is empty")
    for place, (_, line) in enumerate(lines[:5]):
        used = _separator(line)
        head = _names(_cells(file, line, used))
        if set(PRICES) <= set(head) and _time_columns(head):
            body = [(n, _cells(file, line, used)) for n, line in lines[place + 1 :]]
            _once(file, head)
            return head, [
                (n, cells) for n, cells in body if _names(cells) != head
            ]  # months joined, each with its names
    used = _separator(lines[0][1])
    body = [(n, _cells(file, line, used)) for n, line in lines]
    if len(body[0][1]) >= 5 and re.match(r"\s*\d", body[0][1][0]):
        return _unnamed(file, body, said), body
    head = _names(body[0][1])
    if set(PRICES) <= set(head) and set(ENDS) & set(head):
        end = next(name for name in ENDS if name in head)
        raise ValueError(f"{file}: the start of each bar is needed, in a column named time; found only its end, {end}")
    missing = ["time"] * (not _time_columns(head)) + [column for column in PRICES if column not in head]
    raise ValueError(f"{file}: columns missing: {', '.join(missing)}; found: {', '.join(head)}")


def _separator(line):
    """A price may hold a comma, so another sign that separates five cells comes first."""
    return next((sign for sign in "\t;|" if line.count(sign) >= 4), max(",;\t|", key=line.count))


def _cells(file, line, used):
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=used, skipinitialspace=True))]
    except csv.Error as error:  # such as a line of a million letters
        raise ValueError(f"{file}: not a readable CSV table ({error})") from None


def _names(cells):
    """Names as one writes them: small letters, no units in brackets, the usual word for each."""
    names = [re.sub(r"\s*\(.*\)$|[<>*]", "", cell).strip().lower().replace(" ", "_") for cell in cells]
    if {"open", "high", "low"} <= set(names) and "close" not in names:  # Investing.com and others
        names = ["close" if name in ("price", "last") else name for name in names]
    if names[:1] == [""] and not _time_columns(names):  # pandas' index
        names[0] = "time"
    return [ALSO.get(name, name) for name in names]


def _once(file, head):
    twice = [name for name, count in Counter(head).items() if count > 1 and name in (*PRICES, *MARKS)]
    if twice:
        raise ValueError(f"{file}: {', '.join(twice)} must be one column each, but there are two or more of that name")
    marks = [mark for mark in MARKS if mark in head]
    if 0 < len(marks) < 4 or (not marks and "mark" in head):
        found = ", ".join(marks or ["mark"])
        raise ValueError(f"{file}: a mark price needs the columns {', '.join(MARKS)}; found {found}")


def _time_columns(head):
    """The column that says when a bar began, or two: date and time of day."""
    if "date" in head and "time" in head and not set(STARTS) & set(head):
        return ["date", "time"]
    return [column for column in TIMES if column in head][:1]


def _unnamed(file, body, said):
    """Column names for a file without: the one known order in which every bar can be a bar."""
    fit, width = [], max(len(cells) for _, cells in body)
    for order in ORDERS:
        head = order + ("",) * (width - len(order))
        with suppress(ValueError, IndexError):
            read = _price_reader(file, head, body)
            for _, cells in body:
                if not SECOND[order[1]].match(cells[1]):
                    raise ValueError
                bar = [read("", name, cells[head.index(name)]) for name in PRICES]
                check_bar("", _without_noise(bar))
            fit.append(head)
    if len(fit) != 1:
        raise ValueError(
            f"{file}: the first line must name the columns (time, open, high, low, close), "
            f"got {', '.join(body[0][1])[:60]}"
        )
    head = list(fit[0])
    names = tuple(filter(None, head))
    said.append(f"no line of column names; read as {', '.join(names)}, the order of {ORDERS[names]}")
    return head


def _one_instrument(file, head, body):
    for column in INSTRUMENTS:
        if column in head:
            place = head.index(column)
            found = list(dict.fromkeys(cells[place] for _, cells in body if len(cells) > place and cells[place]))
            if len(found) > 1:
                listed = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
                raise ValueError(f"{file}: must hold one market, but column {column} names {len(found)}: {listed}")


# --- cells ----------------------------------------------------------------------------------------


def _rows(file, head, body, said):
    """Bars as {"row", "time", prices}, oldest first, without rows that have no price; and the times of all rows."""
    used = [*PRICES, *(mark for mark in MARKS if mark in head)]
    when = [head.index(column) for column in _time_columns(head)]
    if len(when) == 2 and not any(":" in cells[when[1]] for _, cells in body if len(cells) > when[1]):
        when = when[1:]  # date and time each say it all
    read, day_first = _price_reader(file, head, body), _day_first(file, [cells[when[0]] for _, cells in body])
    rows, times = [], []
    for n, cells in body:
        named = dict(zip(head, cells))
        where = f"{file}, row {n}"
        row = {"row": n, "time": _time(where, " ".join(cells[place] for place in when), day_first)}
        times.append(row["time"])
        if all(named.get(column, "").lower() in EMPTY for column in used):
            continue
        prices = [read(where, column, named.get(column, "")) for column in used]
        row |= dict(zip(used, _without_noise(prices[:4]) + (_without_noise(prices[4:]) if prices[4:] else [])))
        rows.append(row)
    if empty := len(times) - len(rows):
        said.append(f"{empty:,} row{'s' * (empty > 1)} without prices left out")
    return sorted(rows, key=lambda row: row["time"]), sorted(times)


def _price_reader(file, head, body):
    """A function that reads a price, by how all the prices of the file are written."""
    places = [place for place, name in enumerate(head) if name in (*PRICES, *MARKS)]
    written = [_bare(cells[place]) for _, cells in body for place in places if len(cells) > place]
    commas = [cell for cell in written if "," in cell]
    thousands, point = ",", "."
    if any(0 <= cell.rfind(".") < cell.rfind(",") for cell in commas) or any(map(_GERMAN.fullmatch, written)):
        thousands, point = ".", ","
    elif commas and not any("." in cell or cell.count(",") > 1 for cell in commas):
        if all(re.fullmatch(r"[1-9]\d{0,2},\d{3}", cell) for cell in commas):
            either = f"{commas[0].replace(',', '')} or {commas[0].replace(',', '.')}"
            raise ValueError(
                f"{file}: {commas[0]} can mean {either}: write prices with a point and without thousands commas"
            )
        thousands, point = ".", ","

    grouped = re.compile(rf"\d{{1,3}}(\{thousands}\d{{2,3}})*\{thousands}\d{{3}}(\{point}\d*)?")

    def read(where, column, cell):
        text = _bare(cell)
        try:
            if thousands in text and not grouped.fullmatch(text):
                raise ValueError
            return float(text.replace(thousands, "").replace(point, "."))
        except ValueError:
            raise ValueError(f"{where}, column {column}: must be a number, got {cell!r}") from None

    return read


def _bare(cell):
    return re.sub(r"[\s'’_$€£\u202f\u00a0]", "", cell)


def _day_first(file, cells):
    """Do dates with slashes begin with the day? Told by the numbers above 12; None where none has slashes."""
    pairs = [
        tuple(map(int, found.groups())) for cell in cells if (found := re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d", cell))
    ]
    if not pairs:
        return None
    day, month = any(first > 12 for first, _ in pairs), any(second > 12 for _, second in pairs)
    if day == month:
        raise ValueError(
            f"{file}: dates must be written year first, such as 2026-11-21: {cells[0]!r} can mean the day or the month"
            " first"
        )
    return day


def _time(where, cell, day_first):
    """Seconds since 1970 of what stands in a cell."""
    seconds = _moment(cell, day_first)
    if seconds is None:
        raise ValueError(
            f"{where}, column time: must be a time such as '2026-11-21 14:00' or seconds since 1970, got {cell!r}"
        )
    if not OLDEST <= seconds < NEWEST:
        raise ValueError(f"{where}, column time: must be between 2009 and 2100, got {cell!r}")
    return math.floor(seconds)


def _moment(cell, day_first):
    """The same, or None: a number since 1970 by its size, else a date, with or without a time of day."""
    if re.fullmatch(
        r"20\d{6}(\d{4}|\d{6})?", cell
    ):  # 20250131, 202501311400: no number since 1970 has 8, 12 or 14 digits
        cell = f"{cell[:8]} {cell[8:]}".strip()
    else:
        with suppress(ValueError):
            number = float(cell)
            size = next((size for limit, size in ((1e11, 1), (1e14, 1e3), (1e17, 1e6)) if number < limit), 1e9)
            return number / size if number == number else None
    text = re.sub(r"\s*(UTC|GMT)(?=$|[+-])", "", cell)
    text = re.sub(r"^(\d{4})[./](\d{1,2})[./](\d{1,2})", r"\1-\2-\3", text)
    text = re.sub(r"^(\d{8}) (\d\d)(\d\d)(\d\d)?$", r"\1 \2:\3:\g<4>", text).rstrip(":")
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)(?= |$)", r"\1-\2-\3", text)
    with suppress(ValueError):
        return as_utc(datetime.fromisoformat(text)).timestamp()
    date, _, clock = (
        text.partition(" ") if text[:1].isdigit() and not re.match(r"\d+ [A-Za-z]", text) else (text, "", "")
    )
    slashes = {True: ("%d/%m/%Y", "%d-%m-%Y"), False: ("%m/%d/%Y", "%m-%d-%Y"), None: ()}[day_first]
    for pattern in (*slashes, *DATES):
        with suppress(ValueError):
            day = datetime.strptime(date, pattern).date()
            moment = datetime.fromisoformat(f"{day} {clock.strip()}" if clock else f"{day}")
            return as_utc(moment).timestamp()
    return None


# --- bars -----------------------------------------------------------------------------------------


def _without_noise(bar):
    """Four prices, the highest and the lowest put right where they are off by the last bits of a float only."""
    opened, high, low, close = bar
    if 0 < max(bar) - high <= NOISE * max(bar):
        high = max(bar)
    if 0 < low - min(bar) <= NOISE * low:
        low = min(bar)
    return [opened, high, low, close]


def _open_at_the_close_before(rows, said):
    """BitMEX and others write the close before as the open: outside the bar, the nearest price in it is taken."""
    moved = 0
    for before, row in zip(rows, rows[1:]):
        if row["open"] == before["close"] and not row["low"] <= row["open"] <= row["high"]:
            row["open"] = min(max(row["open"], row["low"]), row["high"])
            moved += 1
    if moved:
        said.append(
            f"in {moved:,} of {len(rows):,} bars the open was the previous close, outside the bar's low and high: "
            "the nearer of the two is used"
        )


def _step(file, rows, times):
    """Seconds from bar to bar; ValueError unless the bars may follow one another."""
    steps = [now - before for before, now in zip(times, times[1:])]
    days = {step / DAY for step in steps}
    if len(days) > 1 and all(28 <= count <= 31 or count > 58 for count in days):
        raise ValueError(f"{file}: bars must all be equally long, at most a week each, got bars of a month")
    step = mode(steps) or 1
    for before, now in zip(rows, rows[1:]):
        check_order(f"{file}, row {now['row']}", before["time"], now["time"], step)
    return step


def _no_jump(file, rows):
    for before, now in zip(rows, rows[1:]):
        ratio = now["open"] / before["close"]
        if not 0.1 < ratio < 10:
            raise ValueError(
                f"{file}, row {now['row']}: the price jumps from {before['close']:g} to {now['open']:g} "
                "from one bar to the next. If this is not a mistake and the file holds one market, add jumps=True"
            )
