"""A market's candles, asked for page by page and kept on disk: what is kept is not asked for again.

    <cache>/okx/contracts.csv                            its perpetuals: contract, symbol
    <cache>/okx/BTC-USDT-SWAP/1m/2026-11-21.csv          a day that is over (UTC), whole
    <cache>/okx/BTC-USDT-SWAP/1m/2026-11-22.part.csv     a day that is not, from midnight on; grows by whole rows

<cache> is LEVERAGE_LAB_CACHE, else the user's own cache folder. Deleting any of it costs only the asking again.
"""

from __future__ import annotations

import csv
import difflib
import os
import re
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timezone
from io import StringIO
from pathlib import Path

from leverage_lab.files import write_whole
from leverage_lab.live import venues
from leverage_lab.market import DAY, STEPS, Candles, Prices, check_bar, check_order, clock, day, sentence

# Bars that an exchange gives at a time (Bitget: of older ones), and whether it wants to be told where to end.
PAGE = {"MEXC": 2000, "Binance": 1000, "OKX": 300, "Bybit": 1000, "Bitget": 200, "KuCoin": 200, "Kraken": 2000}
ENDS = ("MEXC", "Binance", "Bybit")
MARKED = ("MEXC", "Binance", "OKX", "Bybit", "Bitget", "Kraken")  # the others publish no candles of their mark price

PATIENCE = 120  # seconds for another notebook that asks for the same market
SETTLED = 3600  # seconds after which a day that ended without its last bar gets none any more
JUMP = 10  # from one bar to the next no price grows or shrinks by more than this factor

HEADER = ("time", *Prices._fields, *(f"mark_{name}" for name in Prices._fields))

seconds = time.time  # a test has a clock of its own
sleep = time.sleep


class Unavailable(Exception):
    """Why there are no candles, in one sentence."""


def now():
    """Seconds since 1970, whole."""
    return int(seconds())


def cache():
    """The folder in which candles are kept."""
    own = os.environ.get("LEVERAGE_LAB_CACHE")
    if not own:
        from platformdirs import user_cache_dir  # JupyterLab brings it

        own = user_cache_dir("leverage-lab", appauthor=False)
    asked = os.environ.get(venues.OVERRIDE)  # others than the exchanges: apart from what these have said
    return Path(own) / re.sub(r"\W+", "-", asked) if asked else Path(own)


def fetch(name, symbol, start, end, step):
    """(Candles, what is to be said of them, "" if nothing) of the bars that begin from `start` until before `end`.

    What was kept is used; only the rest is asked for. If that breaks off: the bars before the break. Unavailable where
    there are none; ValueError for a symbol that is not listed.
    """
    asked = Exchange(name)
    contract, pair = asked.perpetual(symbol)
    days = Days(asked.folder / re.sub(r"[^\w-]", "_", contract) / step, STEPS[step])
    problem = ""
    try:
        _fill(asked, pair, days, step, start, end)
    except _Broken as broken:
        problem, end = str(broken), min(end, broken.at)
    rows = days.rows(start, end)
    words = f"{pair.partition(':')[0]} at {asked.name}"
    if len(rows) < 2:
        raise Unavailable(problem or f"{asked.name} has no candles of {pair.partition(':')[0]} in this time")
    columns = list(zip(*rows))
    marked = name in MARKED and None not in columns[5]
    said = f"{sentence(problem)} What was kept is shown, until {clock(rows[-1][0] + days.step)} on {day(rows[-1][0] + days.step)} UTC." if problem else ""
    if name in MARKED and not marked:
        said = f"{said} {asked.name} has no mark price for {columns[5].count(None):,} of these {len(rows):,} bars, so none is used.".strip()
    mark = Prices(*columns[5:]) if marked else None
    return Candles(words[:60], columns[0], days.step, *columns[1:5], mark=mark, source=venues.venue(name).source), said


class _Broken(Exception):
    def __init__(self, why, at):
        super().__init__(why)
        self.at = at


def _fill(asked, pair, days, step, start, end):
    """Ask for all that is not kept, a page at a time; _Broken says where it stopped."""
    at, bar = start // DAY * DAY, None
    try:
        while True:
            with days.alone():  # one page is one notebook's; a second one goes on where it ends
                at = days.standing(at)
                if at >= end:
                    break
                bar = bar or _progress(end - at, days.step, f"{pair.partition(':')[0]} at {asked.name}")
                stop = min(at + PAGE[asked.name] * days.step, end)
                days.add(asked.bars(pair, step, at, stop, days.last(at)))
                days.close(at, stop)
            if bar:
                bar.update((stop - at) // days.step)
            at = stop
    except (Unavailable, ModuleNotFoundError) as error:
        raise _Broken(str(error), at) from None
    except OSError as error:
        raise _Broken(f"candles cannot be kept in {cache()} ({error.strerror or error}); LEVERAGE_LAB_CACHE names another folder", at) from None
    finally:
        if bar:
            bar.close()


def _progress(length, step, words):
    """A bar that shows itself only if it takes longer than two seconds; None without tqdm."""
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return None
    return tqdm(total=length // step, desc=words, unit=" bars", delay=2, file=sys.stderr)


# Asking


class Exchange:
    """One exchange: its perpetuals, and their bars, asked with patience. The client is made when it is first needed."""

    def __init__(self, name):
        self.name = venues.venue(name).name
        self.folder = cache() / self.name.lower()
        self._client = None

    def perpetual(self, symbol):
        """(the contract as the exchange writes it, ccxt's symbol); from disk if it is there. ValueError names near ones."""
        kept = self._kept()
        if not (found := _listed(symbol, kept)):
            kept = self._listing()
            found = _listed(symbol, kept)
        if not found:
            raise ValueError(f"{self.name} lists no perpetual {symbol!r}{_near(symbol, kept)}")
        return found

    def _kept(self):
        try:
            with open(self.folder / "contracts.csv", encoding="utf-8", newline="") as file:
                return [tuple(row) for row in csv.reader(file) if len(row) == 2][1:]
        except (OSError, ValueError, csv.Error):
            return []

    def _listing(self):
        markets = self._ready().markets.values()
        listed = sorted((market["id"], market["symbol"]) for market in markets if market.get("swap") and market.get("linear"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / "contracts.csv", _csv([("contract", "symbol"), *listed]))
        except OSError:
            pass  # it is asked for again next time
        return listed

    def bars(self, symbol, step, start, stop, before):
        """[(time, open, high, low, close, and the mark's four or None)] from `start` to before `stop`; before: the last bar kept, or None."""
        trades = self._span(symbol, step, start, stop, {}) or self._span(symbol, step, start, stop, {})  # nothing at all may be a slip
        marks = self._span(symbol, step, start, stop, {"price": "mark"}) if self.name in MARKED and trades else {}
        rows = [(at, *trades[at], *(marks.get(at) or (None,) * 4)) for at in sorted(trades)]
        for last, row in zip([before, *rows], rows):
            self._believable(last, row, STEPS[step])
        return rows

    def _span(self, symbol, step, start, stop, params):
        """{time: (open, high, low, close)}. An exchange may give fewer than it was asked for, from either end, or others: it
        is asked for what is still missing before and after, and each span at most once more than it has bars."""
        found, size, spans = {}, STEPS[step], [(start, stop)]
        ends = self.name in ENDS
        while spans:
            at, end = spans.pop()
            more = params | ({"until": 1000 * end - 1} if ends else {})
            answer = self._asked(lambda client: client.fetch_ohlcv(symbol, step, 1000 * at, (end - at) // size, more))
            fresh = {row[0] / 1000: tuple(row[1:5]) for row in answer if at <= row[0] / 1000 < end}
            for begins in fresh:
                if begins % size:
                    raise Unavailable(f"{self.name} answered with a bar that begins at {_utc(begins)}, within a step of {step}")
            if fresh:
                fresh = {int(begins): prices for begins, prices in fresh.items()}
                found |= fresh
                spans += [span for span in ((at, min(fresh)), (max(fresh) + size, end)) if span[0] < span[1]]
        return found

    def _believable(self, before, row, size):
        """Unavailable unless a bar can be true beside the one before it."""
        where = f"{self.name} answered with a bar that cannot be, {_utc(row[0])} UTC"
        try:
            check_bar(where, row[1:5])
            if row[5] is not None:
                check_bar(where, row[5:], "mark_")
        except ValueError as error:
            raise Unavailable(str(error)) from None
        neighbours = [("its first price", row[1], "the price before it", before[4])] if before and before[0] + size == row[0] else []
        neighbours += [("its mark price", row[8], "its last trade", row[4])] if row[5] is not None else []
        for what, value, beside, other in neighbours:
            if not 1 / JUMP <= value / other <= JUMP:
                raise Unavailable(f"{where}: {what} is {value:.6g}, {beside} {other:.6g}")

    def _asked(self, question):
        return _patiently(self.name, self._ready(), question)

    def _ready(self):
        """The client, which knows its markets."""
        if self._client is None:
            client = venues.client(self.name)
            client.milliseconds = lambda: int(1000 * seconds())  # one clock
            _patiently(self.name, client, lambda client: client.load_markets())
            self._client = client
        return self._client


def _patiently(name, client, question):
    """What an exchange answers, asked with patience. Unavailable says why not."""
    try:
        return venues.patiently(client, lambda: question(client), lambda pause: sleep(pause))
    except Exception as error:  # noqa: BLE001  what ccxt makes of an answer that it cannot read may be any of Python's errors
        raise Unavailable(f"{name}: {venues.said(error)}") from None


def _utc(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%d %H:%M")


def _listed(symbol, listed):
    """The contract meant by "BTC/USDT", "BTC/USDT:USDT" or the exchange's own name for it; None if it is not there."""
    if not isinstance(symbol, str):
        raise ValueError(f"symbol must be a market such as 'BTC/USDT', got {symbol!r}")
    wanted = symbol.strip().upper()
    full = wanted if ":" in wanted else f"{wanted}:{wanted.partition('/')[2]}"
    return next((pair for pair in listed if pair[0].upper() == wanted or pair[1].upper() == full), None)


def _near(symbol, listed):
    """Words to go on with: the same coin against another, coins that are written like it, or how many there are."""
    wanted = symbol.strip().upper()
    base = re.split(r"[/_-]", wanted)[0]
    pairs = list(dict.fromkeys(pair.partition(":")[0] for _, pair in listed))
    coins = {pair: pair.partition("/")[0] for pair in pairs}
    alike = [base] if base in coins.values() else difflib.get_close_matches(base, sorted(set(coins.values())), 3)
    near = [pair for pair in pairs if coins[pair] in alike] or [pair for pair in pairs if wanted.startswith(coins[pair])]
    return f"; near it are {', '.join(near[:4])}" if near else f"; it lists {len(pairs):,}"


# Keeping


class Days:
    """The files of one market and step, one for each day. A row is written once; what cannot be read is put aside and asked for anew."""

    def __init__(self, folder, step):
        self.folder, self.step = folder, step

    @contextmanager
    def alone(self):
        """With no other notebook or thread in these files; a lock ends with the process that holds it."""
        from filelock import FileLock, Timeout

        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock", timeout=PATIENCE)
        try:
            lock.acquire()
        except Timeout:
            raise Unavailable("another notebook has been fetching the same candles for two minutes: try again later") from None
        except (OSError, NotImplementedError):
            pass  # no locks on this disk: better two at once than none
        try:
            yield
        finally:
            lock.release()

    def standing(self, at):
        """The first moment from `at` on that is not kept."""
        while True:
            begin = at // DAY * DAY
            if self._read(self._file(begin)) is not None:
                at = begin + DAY
                continue
            part = self._read(self._part(begin)) or []
            at = max(at, part[-1][0] + self.step) if part else at
            if part and part[-1][0] + self.step >= begin + DAY:  # stopped just before it got its name
                self._finish(begin)
                continue
            return at

    def last(self, at):
        """The last bar kept that ends by `at`, or None."""
        rows = [row for begin in (at // DAY * DAY, at // DAY * DAY - DAY) for row in self._day(begin) if row[0] < at]
        return max(rows) if rows else None

    def add(self, rows):
        """Append bars to their days' files, each day's at once; a torn last line is dropped first."""
        for begin in sorted({row[0] // DAY * DAY for row in rows}):
            part = self._part(begin)
            kept = self._read(part) or []
            fresh = [row for row in rows if row[0] // DAY * DAY == begin and (not kept or row[0] > kept[-1][0])]
            whole = part.read_bytes() if part.exists() else b""
            whole = whole[: whole.rfind(b"\n") + 1]
            text = _csv([*([] if whole else [HEADER]), *((_utc(row[0]), *("" if value is None else repr(value) for value in row[1:])) for row in fresh)])
            with open(part, "r+b" if part.exists() else "wb") as file:
                file.truncate(len(whole))
                file.seek(len(whole))
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())

    def close(self, start, stop):
        """Days that were asked for to their end, of which no more will come."""
        for begin in range(start // DAY * DAY, stop // DAY * DAY, DAY):
            if self._read(self._part(begin)) and now() >= begin + DAY + SETTLED:
                self._finish(begin)

    def rows(self, start, end):
        """All bars kept from `start` to before `end`."""
        return [row for begin in range(start // DAY * DAY, end, DAY) for row in self._day(begin) if start <= row[0] < end]

    def _day(self, begin):
        part = self._read(self._part(begin))  # first: it may get its name meanwhile
        kept = self._read(self._file(begin))
        return part or [] if kept is None else kept

    def _finish(self, begin):
        os.replace(self._part(begin), self._file(begin))

    def _file(self, begin):
        return self.folder / f"{_utc(begin)[:10]}.csv"

    def _part(self, begin):
        return self.folder / f"{_utc(begin)[:10]}.part.csv"

    def _read(self, file):
        """The rows of a file; None if there is none. One that is damaged is renamed, as if it were not there."""
        try:
            whole = file.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return self._rows(whole, file)
        except (ValueError, IndexError, csv.Error):
            os.replace(file, file.with_name(f"{file.name.removesuffix('.csv')}.damaged.csv"))
            return None

    def _rows(self, whole, file):
        lines, grows = whole[: whole.rfind(b"\n") + 1].decode("utf-8").splitlines(), file.name.endswith(".part.csv")
        if not lines and grows:
            return []
        if not lines or tuple(lines[0].split(",")) != HEADER or not (grows or whole.endswith(b"\n")):
            raise ValueError("not a file of candles")
        rows, begin = [], _seconds(f"{file.name[:10]} 00:00")
        for cells in csv.reader(lines[1:]):
            at, *prices = _seconds(cells[0]), *(float(cell) if cell else None for cell in cells[1:])
            if len(prices) != 8 or at // DAY * DAY != begin or at % self.step:
                raise ValueError("a row that is none")
            check_bar("", prices[:4])
            if prices[4:] != [None] * 4:
                check_bar("", prices[4:])
            if rows:
                check_order("", rows[-1][0], at, self.step)
            rows.append((at, *prices))
        return rows


def _seconds(text):
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc).timestamp())


def _csv(rows):
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
