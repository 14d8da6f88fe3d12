"""A market's candles, fetched page by page. Finished days are cached on disk and not fetched again.

    <cache>/okx/contracts.csv                      its perpetuals: contract, symbol
    <cache>/okx/BTC-USDT-SWAP/1m/2026-11-21.csv    a day (UTC)

<cache> is LEVERAGE_LAB_CACHE, else the user's own cache folder. It may be deleted: then the days are fetched again.
"""

from __future__ import annotations

import csv
import difflib
import os
import re
import sys
import time
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from io import StringIO
from pathlib import Path

from leverage_lab.candles import DAY, STEPS, Candles, Prices, check_bar, check_order, day, sentence
from leverage_lab.files import write_atomically
from leverage_lab.live import venues
from leverage_lab.words import clock

# Bars per request (Bitget: for older ones); ENDS: exchanges that want to be told where to end.
PAGE = {"MEXC": 2000, "Binance": 1000, "OKX": 300, "Bybit": 1000, "Bitget": 200, "KuCoin": 200, "Kraken": 2000}
ENDS = ("MEXC", "Binance", "Bybit")
MARKED = ("MEXC", "Binance", "OKX", "Bybit", "Bitget", "Kraken")  # the others publish no candles of their mark price

PATIENCE = 120  # seconds to wait for another notebook that fetches the same market
SETTLED = 3600  # seconds after which a finished day without its last bar will not get one
JUMP = 10  # no price changes by more than this factor from one bar to the next

HEADER = ("time", *Prices._fields, *(f"mark_{name}" for name in Prices._fields))

seconds = time.time  # tests replace it
sleep = time.sleep


class Unavailable(Exception):
    """Why there are no candles, in one sentence."""


def now():
    """Seconds since 1970, whole."""
    return int(seconds())


def cache():
    """The folder of the candle cache."""
    own = os.environ.get("LEVERAGE_LAB_CACHE")
    if not own:
        from platformdirs import user_cache_dir  # JupyterLab brings it

        own = user_cache_dir("leverage-lab", appauthor=False)
    asked = os.environ.get(venues.OVERRIDE)  # a test server: its answers are cached apart from the exchanges'
    return Path(own) / re.sub(r"\W+", "-", asked) if asked else Path(own)


def fetch(name, symbol, start, end, step):
    """(Candles of the bars that begin from `start` to before `end`, sentences about them or "").

    Cached days are not fetched again. If the exchange breaks off: the bars before the break. Unavailable
    where there are none; ValueError for a symbol that is not listed.
    """
    asked = Exchange(name)
    contract, pair = asked.perpetual(symbol)
    market, size = pair.partition(":")[0], STEPS[step]
    days = Days(asked.folder / re.sub(r"[^\w-]", "_", contract) / step, size)
    rows, problem = [], ""
    try:
        for page in _pages(asked, pair, step, days, start, end):
            rows += page
    except (Unavailable, ModuleNotFoundError) as broken:
        problem = str(broken)
    rows = [row for row in rows if start <= row[0] < end]
    if len(rows) < 2:
        raise Unavailable(problem or f"{asked.name} has no candles of {market} in this time")
    columns = list(zip(*rows))
    marked = name in MARKED and None not in columns[5]
    ends = rows[-1][0] + size
    said = (
        [f"{sentence(problem)} The bars before it are shown, until {clock(ends)} on {day(ends)} UTC."]
        if problem
        else []
    )
    if name in MARKED and not marked:
        said.append(
            f"{asked.name} has no mark price for {columns[5].count(None):,} of these {len(rows):,} bars, "
            "so none is used."
        )
    if days.problem:
        said.append(
            f"These candles cannot be stored in {cache()} ({days.problem}); LEVERAGE_LAB_CACHE names another folder."
        )
    mark = Prices(*columns[5:]) if marked else None
    return Candles(
        f"{market} at {asked.name}"[:60], columns[0], size, *columns[1:5], mark=mark, source=venues.venue(name).source
    ), " ".join(said)


def _pages(asked, pair, step, days, start, end):
    """The bars of each day: a cached day at once, others page by page; a finished day whole, to be cached."""
    bar, page, last = None, PAGE[asked.name] * STEPS[step], None
    try:
        for begin in range(start // DAY * DAY, end, DAY):
            over = begin + DAY <= now()
            with days.locked() if over else nullcontext():  # one notebook fetches a day; a second one finds it cached
                rows = days.read(begin)
                if rows is not None:
                    yield rows
                    last = rows[-1]
                    continue
                rows, last = [], last or (days.read(begin - DAY) or [None])[-1]
                first, stop = (begin, begin + DAY) if over else (max(begin, start), end)
                bar = bar or _progress(end - first, STEPS[step], f"{pair.partition(':')[0]} at {asked.name}")
                for at in range(first, stop, page):
                    rows += (new := asked.bars(pair, step, at, min(at + page, stop), last))
                    last = new[-1] if new else last
                    yield new
                    if bar:
                        bar.update((min(at + page, stop) - at) // STEPS[step])
                if rows and over and (rows[-1][0] + STEPS[step] == begin + DAY or now() >= begin + DAY + SETTLED):
                    days.write(begin, rows)
    finally:
        if bar:
            bar.close()


def _progress(length, step, words):
    """A progress bar that appears only after two seconds; None without tqdm."""
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return None
    return tqdm(total=length // step, desc=words, unit=" bars", delay=2, file=sys.stderr)


# Fetching


class Exchange:
    """One exchange: its perpetuals and their bars, with retries. The client is made when it is first needed."""

    def __init__(self, name):
        self.name = venues.venue(name).name
        self.folder = cache() / self.name.lower()
        self._client = None

    def perpetual(self, symbol):
        """(the contract as the exchange writes it, ccxt's symbol), cached if possible. ValueError names near ones."""
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
        listed = sorted(
            (market["id"], market["symbol"]) for market in markets if market.get("swap") and market.get("linear")
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self.folder / "contracts.csv", _csv([("contract", "symbol"), *listed]))
        except OSError:
            pass  # it is fetched again next time
        return listed

    def bars(self, symbol, step, start, stop, before):
        """[(time, open, high, low, close, the mark's four or None)] from `start` to before `stop`.

        before: the bar before them, or None.
        """
        trades = self._span(symbol, step, start, stop, {}) or self._span(
            symbol, step, start, stop, {}
        )  # an empty answer may be a slip: once more
        marks = self._span(symbol, step, start, stop, {"price": "mark"}) if self.name in MARKED and trades else {}
        rows = [(at, *trades[at], *(marks.get(at) or (None,) * 4)) for at in sorted(trades)]
        for last, row in zip([before, *rows], rows):
            self._believable(last, row, STEPS[step])
        return rows

    def _span(self, symbol, step, start, stop, params):
        """{time: (open, high, low, close)}. An exchange may send fewer than asked for, from either end, or others:
        what is missing before and after is requested again, each span at most once more than it has bars."""
        found, size, spans = {}, STEPS[step], [(start, stop)]
        ends = self.name in ENDS
        while spans:
            at, end = spans.pop()
            more = params | ({"until": 1000 * end - 1} if ends else {})
            answer = self._asked(lambda client: client.fetch_ohlcv(symbol, step, 1000 * at, (end - at) // size, more))
            fresh = {row[0] / 1000: tuple(row[1:5]) for row in answer if at <= row[0] / 1000 < end}
            for begins in fresh:
                if begins % size:
                    raise Unavailable(
                        f"{self.name} answered with a bar that begins at {_utc(begins)}, within a step of {step}"
                    )
            if fresh:
                fresh = {int(begins): prices for begins, prices in fresh.items()}
                found |= fresh
                spans += [span for span in ((at, min(fresh)), (max(fresh) + size, end)) if span[0] < span[1]]
        return found

    def _believable(self, before, row, size):
        """Unavailable unless a bar is plausible after the one before it."""
        where = f"{self.name} answered with an impossible bar, {_utc(row[0])} UTC"
        try:
            check_bar(where, row[1:5])
            if row[5] is not None:
                check_bar(where, row[5:], "mark_")
        except ValueError as error:
            raise Unavailable(str(error)) from None
        neighbours = (
            [("its first price", row[1], "the previous price", before[4])]
            if before and before[0] + size == row[0]
            else []
        )
        neighbours += [("its mark price", row[8], "its last trade", row[4])] if row[5] is not None else []
        for what, value, beside, other in neighbours:
            if not 1 / JUMP <= value / other <= JUMP:
                raise Unavailable(f"{where}: {what} is {value:.6g}, {beside} {other:.6g}")

    def _asked(self, question):
        return _patiently(self.name, self._ready(), question)

    def _ready(self):
        """The client, with its markets loaded."""
        if self._client is None:
            client = venues.client(self.name)
            client.milliseconds = lambda: int(1000 * seconds())  # the same clock
            _patiently(self.name, client, lambda client: client.load_markets())
            self._client = client
        return self._client


def _patiently(name, client, question):
    """An exchange's answer, with retries. Unavailable says why there is none."""
    try:
        return venues.patiently(client, lambda: question(client), lambda pause: sleep(pause))
    except Exception as error:
        raise Unavailable(f"{name}: {venues.said(error)}") from None


def _utc(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%d %H:%M")


def _listed(symbol, listed):
    """The contract meant by "BTC/USDT", "BTC/USDT:USDT" or the exchange's own name for it; None if there is none."""
    if not isinstance(symbol, str):
        raise ValueError(f"symbol must be a market such as 'BTC/USDT', got {symbol!r}")
    wanted = symbol.strip().upper()
    full = wanted if ":" in wanted else f"{wanted}:{wanted.partition('/')[2]}"
    return next((pair for pair in listed if pair[0].upper() == wanted or pair[1].upper() == full), None)


def _near(symbol, listed):
    """Suggestions: the same coin against another, coins with a similar name, or how many there are."""
    wanted = symbol.strip().upper()
    base = re.split(r"[/_-]", wanted)[0]
    pairs = list(dict.fromkeys(pair.partition(":")[0] for _, pair in listed))
    coins = {pair: pair.partition("/")[0] for pair in pairs}
    alike = [base] if base in coins.values() else difflib.get_close_matches(base, sorted(set(coins.values())), 3)
    near = [pair for pair in pairs if coins[pair] in alike] or [
        pair for pair in pairs if wanted.startswith(coins[pair])
    ]
    return f"; similar ones are {', '.join(near[:4])}" if near else f"; it lists {len(pairs):,}"


# The cache


class Days:
    """The cache of one market and step: a file for each finished day. A damaged file counts as missing."""

    def __init__(self, folder, step):
        self.folder, self.step, self.problem = folder, step, ""

    @contextmanager
    def locked(self):
        """Lock these files against other notebooks and threads; a lock ends with the process that holds it."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / ".lock", timeout=PATIENCE)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise Unavailable(
                "another notebook has been fetching the same candles for two minutes: try again later"
            ) from None
        except (OSError, NotImplementedError):
            pass  # no locks on this disk: better two writers at once than none
        try:
            yield
        finally:
            lock.release()

    def read(self, begin):
        """The bars of the day that begins then; None if it is not cached."""
        try:
            lines = self._file(begin).read_bytes().decode().splitlines()
            if tuple(lines[0].split(",")) != HEADER:
                raise ValueError("not a file of candles")
            rows = [self._row(begin, cells) for cells in csv.reader(lines[1:])]
            for before, row in zip(rows, rows[1:]):
                check_order("", before[0], row[0], self.step)
            return rows or None
        except (OSError, ValueError, IndexError, csv.Error):
            return None

    def _row(self, begin, cells):
        at, *prices = _seconds(cells[0]), *(float(cell) if cell else None for cell in cells[1:])
        if len(prices) != 8 or at // DAY * DAY != begin or at % self.step:
            raise ValueError("a row that is none")
        check_bar("", prices[:4])
        if prices[4:] != [None] * 4:
            check_bar("", prices[4:])
        return (at, *prices)

    def write(self, begin, rows):
        """Cache a day; if that fails, `problem` says why."""
        try:
            write_atomically(
                self._file(begin),
                _csv(
                    [
                        HEADER,
                        *((_utc(row[0]), *("" if value is None else repr(value) for value in row[1:])) for row in rows),
                    ]
                ),
            )
        except OSError as error:
            self.problem = error.strerror or str(error)

    def _file(self, begin):
        return self.folder / f"{_utc(begin)[:10]}.csv"


def _seconds(text):
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc).timestamp())


def _csv(rows):
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
