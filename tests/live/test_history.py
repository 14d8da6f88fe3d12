"""Candles of an exchange: the real ccxt against a server on the loopback, whose arithmetic is the truth here."""

import socket
import subprocess
import sys
import threading
from email.utils import formatdate
from functools import partial
from types import SimpleNamespace

import pytest
from venue_server import VenueServer

from leverage_lab import market
from leverage_lab.live import history, venues
from leverage_lab.market import bundled, candles

DAY = 86_400
PAIRS = {"Kraken": "BTC/USD"}
UNMARKED = ("KuCoin",)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """An empty cache, and nobody waits."""
    monkeypatch.setenv("LEVERAGE_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LEVERAGE_LAB_API", raising=False)
    waited = []
    monkeypatch.setattr(history, "sleep", waited.append)
    return waited


@pytest.fixture
def server(monkeypatch):
    pytest.importorskip("ccxt")
    with VenueServer() as server:
        monkeypatch.setenv("LEVERAGE_LAB_API", server.base)
        monkeypatch.setattr(history, "seconds", lambda: server.world.now_ms / 1000)
        own = venues.client

        def quick(*arguments, **named):
            client = own(*arguments, **named)
            client.rateLimit = 1  # milliseconds between questions: here nobody minds
            return client

        monkeypatch.setattr(venues, "client", quick)
        yield server


def asked(server):
    """How often candles were asked for."""
    return sum(
        "candle" in one.path.lower() or "kline" in one.path.lower() or "charts" in one.path for one in server.asked
    )


def truth(server, venue, contract, times, step):
    bars = [server.world.candle(venue, contract, 1000 * time, 1000 * step)[:4] for time in times]
    marks = [tuple(server.world.mark(venue, contract, 1000 * time, 1000 * step)) for time in times]
    return bars, marks


def holds(server, found, venue="OKX", contract="BTC-USDT-SWAP", first="2026-11-21 00:00", last=None):
    """Every bar from the first to the last that has ended, and every price, as the server's arithmetic has it."""
    start = history._seconds(first)
    end = server.world.now_ms // 1000 // found.step * found.step if last is None else history._seconds(last)
    assert list(found.times) == list(range(start, end, found.step)) and found.gaps == 0
    bars, marks = truth(server, venue, contract, found.times, found.step)
    assert list(zip(found.open, found.high, found.low, found.close)) == bars
    if venue in UNMARKED:
        assert found.mark is None
    else:
        assert list(zip(*found.mark)) == marks
    return True


def files(step="1m", name="okx/BTC-USDT-SWAP"):
    return sorted(path.name for path in (history.cache() / name / step).glob("*.csv"))


# Fetched, and as it should be


@pytest.mark.parametrize("venue", venues.ASKED)
def test_every_exchange_in_several_pages(server, capsys, venue):
    found = candles(PAIRS.get(venue, "BTC/USDT"), exchange=venue.lower(), since="2026-11-19", step="5m")
    assert holds(server, found, venue, venues.VENUES[venue].contracts[0], "2026-11-19 00:00")
    assert (
        found.name == f"{PAIRS.get(venue, 'BTC/USDT')} at {venue}"
        and found.source == venues.VENUES[venue].source
        and not capsys.readouterr().out
    )
    past = candles(PAIRS.get(venue, "BTC/USDT"), exchange=venue, since="2026-11-19", until="today", step="5m")
    before = len(server.asked)
    assert (
        candles(venues.VENUES[venue].contracts[0].lower(), exchange=venue, since="2026-11-19", until="today", step="5m")
        == past
    )  # by the contract's own name
    assert len(server.asked) == before and past.times == found.times[:864]  # three whole days were kept


@pytest.mark.parametrize("step", ["1m", "15m", "1h"])
def test_every_step(server, step):
    assert holds(server, candles("BTC/USDT", exchange="OKX", since="yesterday", step=step))


def test_minutes_in_many_pages_and_three_days_in_their_files(server):
    found = candles("BTC/USDT", exchange="OKX", since="2026-11-20 18:30", until="2026-11-22 03:00")
    assert holds(server, found, first="2026-11-20 18:30", last="2026-11-22 03:00")
    assert files() == ["2026-11-20.csv", "2026-11-21.csv"]


def test_a_panel_on_yesterdays_candles(server):
    """The way of a learner: fetched, put in, and the sentence says whose prices and whose mark these are."""
    from leverage_lab.classroom import panels

    panel = panels.mark_or_last(leverage=100).use(candles("BTC/USDT", exchange="okx", since="yesterday"))
    assert panel.sentence.startswith(
        "BTC/USDT at OKX, 21 November 2026, 00:00 to 22 November 2026, 12:00 UTC: 100x long from $"
    )
    assert "The mark is the exchange's own mark price (OKX API v5)." in panel.sentence and list(panel.values) == [
        "side",
        "leverage",
        "start",
    ]


def test_a_kept_day_is_a_file_one_can_use(server):
    """Whoever wants to may give it to from_csv: the same bars, mark and all."""
    found = candles("BTC/USDT", exchange="OKX", since="yesterday", until="today", step="5m")
    own = market.from_csv(history.cache() / "okx" / "BTC-USDT-SWAP" / "5m" / "2026-11-21.csv")
    assert (own.times, own.open, own.high, own.low, own.close, own.mark, own.step) == (
        found.times,
        found.open,
        found.high,
        found.low,
        found.close,
        found.mark,
        found.step,
    )


def test_the_running_bar_is_left_out(server):
    server.world.now_ms += 30_000  # 12:00:30
    found = candles("BTC/USDT", exchange="OKX", since="today")
    assert holds(server, found, first="2026-11-22 00:00") and history._utc(found.times[-1]) == "2026-11-22 11:59"
    server.world.now_ms += 45_000  # 12:01:15: what was running has ended
    found = candles("BTC/USDT", exchange="OKX", since="today")
    assert holds(server, found, first="2026-11-22 00:00") and history._utc(found.times[-1]) == "2026-11-22 12:00"


# What is kept is not asked for again


def test_only_the_rest_is_asked_for(server):
    candles("BTC/USDT", exchange="OKX", since="2026-11-20", until="2026-11-21", step="5m")
    before = len(server.asked)
    assert holds(server, candles("BTC/USDT", exchange="OKX", since="2026-11-20", step="5m"), first="2026-11-20 00:00")
    spans = [int(one.query["before"]) for one in server.asked[before:] if "candles" in one.path]
    assert spans and min(spans) >= 1000 * history._seconds("2026-11-20 23:55")


def test_a_day_of_which_a_part_is_wanted_is_kept_whole(server):
    assert holds(
        server,
        candles("BTC/USDT", exchange="OKX", since="2026-11-21 10:00", until="2026-11-21 11:00"),
        first="2026-11-21 10:00",
        last="2026-11-21 11:00",
    )
    before = asked(server)
    assert (
        holds(
            server, candles("BTC/USDT", exchange="OKX", since="2026-11-21", until="2026-11-22"), last="2026-11-22 00:00"
        )
        and asked(server) == before
    )


def test_a_day_that_is_over_is_never_asked_for_again(server):
    candles("BTC/USDT", exchange="OKX", since="yesterday")
    server.world.now_ms += DAY * 1000
    before = asked(server)
    found = candles("BTC/USDT", exchange="OKX", since="2026-11-21", until="2026-11-22")
    assert holds(server, found, last="2026-11-22 00:00") and asked(server) == before
    assert holds(server, candles("BTC/USDT", exchange="OKX", since="2026-11-21"))
    assert files() == ["2026-11-21.csv", "2026-11-22.csv"]


def test_a_day_without_its_last_bars_is_over_an_hour_later(server, monkeypatch):
    """Nobody traded in the last minutes: asked for again for an hour, then no more."""
    true = server.world.times
    monkeypatch.setattr(
        server.world,
        "times",
        lambda *a, **k: [
            ms
            for ms in true(*a, **k)
            if not history._seconds("2026-11-21 23:50") <= ms / 1000 < history._seconds("2026-11-22 00:00")
        ],
    )
    server.world.now_ms = 1000 * history._seconds("2026-11-22 00:30")
    found = candles("BTC/USDT", exchange="OKX", since="2026-11-21", until="2026-11-22", step="5m")
    assert len(found) == 286 and files("5m") == []
    server.world.now_ms += 3600_000
    assert candles("BTC/USDT", exchange="OKX", since="2026-11-21", until="2026-11-22", step="5m") == found and files(
        "5m"
    ) == ["2026-11-21.csv"]
    before = asked(server)
    assert (
        candles("BTC/USDT", exchange="OKX", since="2026-11-21", until="2026-11-22", step="5m") == found
        and asked(server) == before
    )


def test_a_gap_within_is_counted_and_not_an_end(server, monkeypatch):
    true, hole = server.world.times, range(history._seconds("2026-11-21 03:00"), history._seconds("2026-11-21 11:00"))
    monkeypatch.setattr(server.world, "times", lambda *a, **k: [ms for ms in true(*a, **k) if ms // 1000 not in hole])
    found = candles("BTC/USDT", exchange="OKX", since="2026-11-21", until="2026-11-22")
    assert found.gaps == 480 and len(found) == 960 and files() == ["2026-11-21.csv"]


class Stopped(BaseException):
    """A kernel that is interrupted or dies."""


@pytest.mark.parametrize("pages", [0, 3, 7])
def test_an_interrupted_fetch_loses_no_day_that_has_come(server, monkeypatch, pages):
    """Three days of 288 bars, 100 at a time: three pages a day, of trades and of marks."""
    monkeypatch.setitem(history.PAGE, "OKX", 100)
    bars, done = history.Exchange.bars, []

    def stops(*given):
        if len(done) == pages:
            raise Stopped
        done.append(given)
        return bars(*given)

    monkeypatch.setattr(history.Exchange, "bars", stops)
    with pytest.raises(Stopped):
        candles("BTC/USDT", exchange="OKX", since="2026-11-19", until="2026-11-22", step="5m")
    monkeypatch.setattr(history.Exchange, "bars", bars)
    assert files("5m") == ["2026-11-19.csv", "2026-11-20.csv"][: pages // 3]
    before = asked(server)
    assert holds(
        server,
        candles("BTC/USDT", exchange="OKX", since="2026-11-19", until="2026-11-22", step="5m"),
        first="2026-11-19 00:00",
        last="2026-11-22 00:00",
    )
    assert asked(server) - before == 2 * 3 * (3 - pages // 3)


DAMAGE = {
    "a word": (b",81", b",eighty", 1),
    "a bar that cannot be": (b"\n", b"\n2026-11-21 00:00,2,1,3,2,,,,\n", 1),
    "another day": (b"2026-11-21 10:05", b"2026-11-20 10:05", 1),
    "a row twice": (b"2026-11-21 10:05", b"2026-11-21 10:00", 1),
    "no table": (b"time,open", b"<html>", 1),
    "bytes": (b"2026-11-21 10:05", b"\xff\xfe", 1),
    "cut off": (None, None, -20),
    "empty": (None, None, 0),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_asked_for_anew(server, capsys, how):
    whole = candles("BTC/USDT", exchange="OKX", since="yesterday", step="5m")
    file = history.cache() / "okx" / "BTC-USDT-SWAP" / "5m" / "2026-11-21.csv"
    complete = file.read_bytes()
    old, new, count = DAMAGE[how]
    file.write_bytes(complete.replace(old, new, count) if old else complete[:count])
    assert file.read_bytes() != complete
    assert candles("BTC/USDT", exchange="OKX", since="yesterday", step="5m") == whole and file.read_bytes() == complete
    assert files("5m") == ["2026-11-21.csv"] and not capsys.readouterr().out


def test_two_threads_at_once_share_the_work(server):
    found, before = [], asked(server)
    work = [
        threading.Thread(
            target=lambda: found.append(candles("BTC/USDT", exchange="OKX", since="2026-11-20", until="2026-11-22"))
        )
        for _ in range(2)
    ]
    for one in work:
        one.start()
    for one in work:
        one.join(60)
    assert (
        len(found) == 2
        and found[0] == found[1]
        and holds(server, found[0], first="2026-11-20 00:00", last="2026-11-22 00:00")
    )
    assert asked(server) - before == 2 * (
        5 + 15
    )  # 1,440 minutes each: five pages of trades, three times as many of marks
    for name in ("2026-11-20.csv", "2026-11-21.csv"):
        lines = (history.cache() / "okx" / "BTC-USDT-SWAP" / "1m" / name).read_text().splitlines()
        assert lines == list(dict.fromkeys(lines)) and lines[1:] == sorted(lines[1:])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in another way")
@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
def test_a_process_killed_while_it_writes_leaves_no_half_day(server, call):
    """Killed outright as it writes the second day: the first is there, and no more than the rest is fetched."""
    code = (
        "import os, signal\nfrom leverage_lab.live import history\nfrom leverage_lab.market import candles\n"
        f"history.seconds = lambda: {server.world.now_ms / 1000}\nown, done = {call}, []\n"
        # the list of contracts is the first
        "def stops(*given):\n    done.append(1)\n    len(done) == 3 and os.kill(os.getpid(), signal.SIGKILL)\n    "
        "return own(*given)\n"
        f"{call} = stops\ncandles('BTC/USDT', exchange='OKX', since='2026-11-20', until='2026-11-22')"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == -9
    assert files() == ["2026-11-20.csv"]
    before = asked(server)
    assert holds(
        server,
        candles("BTC/USDT", exchange="OKX", since="2026-11-20", until="2026-11-22"),
        first="2026-11-20 00:00",
        last="2026-11-22 00:00",
    )
    assert asked(server) - before == 5 + 15


# What goes wrong and passes


@pytest.mark.parametrize("how", ["429", "500", "503", "hang up", "truncated", "html", "empty", "empty list", "error"])
@pytest.mark.parametrize("venue", ["OKX", "Binance", "MEXC", "Kraken"])
def test_an_error_that_passes_is_lived_through(server, capsys, place, venue, how):
    for part in {
        "OKX": ("instruments", "candles"),
        "Binance": ("exchangeInfo", "klines"),
        "MEXC": ("detail", "kline"),
        "Kraken": ("instruments", "charts"),
    }[venue]:
        if not (how == "empty list" and part in ("instruments", "exchangeInfo", "detail")):
            server.fail(venue, part, how)
    found = candles(PAIRS.get(venue, "BTC/USDT"), exchange=venue, since="today", step="5m")
    assert (
        holds(server, found, venue, venues.VENUES[venue].contracts[0], "2026-11-22 00:00")
        and not capsys.readouterr().out
    )
    assert len(place) == (0 if how == "empty list" else 2)


def test_half_an_answer_about_marks_is_no_missing_mark(server, capsys):
    server.fail("OKX", "mark-price-candles", "truncated")
    assert (
        holds(server, candles("BTC/USDT", exchange="OKX", since="today", step="5m"), first="2026-11-22 00:00")
        and not capsys.readouterr().out
    )


@pytest.mark.parametrize("says, waits", [(7, 7), (9999, 30), (0, 1)])
def test_it_waits_as_long_as_the_exchange_says(server, place, says, waits):
    server.fail("OKX", "candles", "429", seconds=says)
    assert holds(server, candles("BTC/USDT", exchange="OKX", since="today", step="5m"), first="2026-11-22 00:00")
    assert place == [waits]


def test_what_others_than_the_exchanges_said_is_kept_apart(monkeypatch):
    own = history.cache()
    monkeypatch.setenv("LEVERAGE_LAB_API", "http://127.0.0.1:8000")
    assert history.cache() == own / "http-127-0-0-1-8000"


def test_a_wait_until_a_date():
    at = 1_795_348_800

    def wait(pause, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return venues._wait(SimpleNamespace(last_response_headers=headers, milliseconds=lambda: 1000 * at), pause)

    assert wait(1, Retry_After=formatdate(at + 20, usegmt=True)) == 20
    assert wait(2, retry_after="soon") == 2 and wait(4) == 4


def test_a_slow_answer_is_asked_for_once_more(server, monkeypatch, place):
    monkeypatch.setattr(venues, "client", partial(venues.client, timeout=0.4))
    server.fail("OKX", "candles", "slow", seconds=1)
    assert holds(server, candles("BTC/USDT", exchange="OKX", since="today", step="5m"), first="2026-11-22 00:00")
    assert place == [1]


# What goes wrong and stays


NOTHING = "Shown instead: the course's own candles, BTC/USD at Bitstamp, 3 February 2025, 00:00 to 03:01 UTC.\n"
STAYS = ("429", "500", "503", "hang up", "truncated", "html", "empty", "403", "moved", "error", "empty list")


@pytest.mark.parametrize("how", STAYS)
def test_an_error_that_stays_gives_the_bundled_candles_and_a_sentence(server, capsys, how):
    candles("BTC/USDT", exchange="OKX", since="today", step="1h")  # the list of contracts is kept
    capsys.readouterr()
    server.fail("OKX", "candles", how, times=None)
    before = len(server.asked)
    assert candles("BTC/USDT", exchange="OKX", since="today", step="5m") == bundled()
    said = capsys.readouterr().out
    assert said.startswith(
        "OKX has no candles of BTC/USDT in this time. " if how == "empty list" else "OKX: it"
    ) and said.endswith(f". {NOTHING}")
    assert said.count("\n") == 1 and not any(word in said for word in ("Traceback", "http", "127.0.0.1", "{"))
    assert len(server.asked) - before <= 10  # it gives up


@pytest.mark.parametrize("how", ["429", "500", "truncated", "html", "403"])
def test_no_list_of_contracts_gives_the_bundled_candles_too(server, capsys, how):
    server.fail("OKX", "instruments", how, times=None)
    assert candles("BTC/USDT", exchange="OKX", since="today") == bundled()
    assert capsys.readouterr().out.endswith(NOTHING)


def test_what_was_kept_is_shown_when_the_network_goes(server, capsys):
    candles("BTC/USDT", exchange="OKX", since="yesterday", until="today")
    server.fail("OKX", "candles", "500", times=None)
    found = candles("BTC/USDT", exchange="OKX", since="yesterday")
    assert holds(server, found, last="2026-11-22 00:00")
    said = capsys.readouterr().out
    assert said.startswith("OKX: it ") and said.endswith(
        ". The bars before it are shown, until 00:00 on 22 November 2026 UTC.\n"
    )


def test_pages_that_came_before_it_broke_off_are_shown(server, capsys, monkeypatch):
    """In the middle of a day: the sentence says until when."""
    monkeypatch.setitem(history.PAGE, "OKX", 60)
    bars, done = history.Exchange.bars, []

    def breaks(*given):
        done.append(given)
        if len(done) == 8:  # 288 bars a day, 60 at a time: the third page of the second day, which begins at 10:00
            server.fail("OKX", "candles", "500", times=None)
        return bars(*given)

    monkeypatch.setattr(history.Exchange, "bars", breaks)
    found = candles("BTC/USDT", exchange="OKX", since="2026-11-20", until="2026-11-22", step="5m")
    assert holds(server, found, first="2026-11-20 00:00", last="2026-11-21 10:00")
    assert capsys.readouterr().out.endswith(
        ". The bars before it are shown, until 10:00 on 21 November 2026 UTC.\n"
    ) and files("5m") == ["2026-11-20.csv"]


def test_a_day_kept_behind_one_that_is_missing_is_not_joined_to_it(server, capsys):
    candles("BTC/USDT", exchange="OKX", since="2026-11-19", until="2026-11-20", step="15m")
    candles("BTC/USDT", exchange="OKX", since="2026-11-21", until="2026-11-22", step="15m")
    server.fail("OKX", "candles", "500", times=None)
    found = candles("BTC/USDT", exchange="OKX", since="2026-11-19", step="15m")
    assert (
        found.gaps == 0
        and history._utc(found.times[-1]) == "2026-11-19 23:45"
        and "until 00:00 on 20 November 2026" in capsys.readouterr().out
    )


@pytest.fixture
def nowhere(monkeypatch):
    """No network at all: an address where nobody listens."""
    pytest.importorskip("ccxt")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("LEVERAGE_LAB_API", f"http://127.0.0.1:{free.getsockname()[1]}")


@pytest.mark.parametrize("venue", venues.ASKED)
def test_no_network_at_all(nowhere, capsys, place, venue):
    assert candles("BTC/USDT", exchange=venue, since="yesterday") == bundled()
    said = capsys.readouterr().out
    assert said.startswith(f"{venue}: it could not be reached") and said.endswith(f". {NOTHING}")
    assert place == [1]  # one more try, and nobody is kept waiting


def test_the_extra_is_not_installed(monkeypatch, capsys):
    """Runs where it is not installed, too."""
    monkeypatch.setitem(sys.modules, "ccxt", None)
    assert candles("BTC/USDT", exchange="okx", since="yesterday") == bundled()
    said = capsys.readouterr().out
    assert "pip install -e" in said and "[live]" in said and said.endswith(NOTHING)


def test_what_is_kept_needs_neither_extra_nor_network(server, monkeypatch, capsys):
    found = candles("BTC/USDT", exchange="OKX", since="yesterday", until="today", step="5m")
    monkeypatch.setitem(sys.modules, "ccxt", None)
    assert (
        candles("BTC/USDT", exchange="OKX", since="yesterday", until="today", step="5m") == found
        and not capsys.readouterr().out
    )


def test_nothing_is_loaded_or_asked_by_an_import():
    code = (
        "import sys, socket\nsocket.socket.connect = None\nimport leverage_lab.market, "
        "leverage_lab.live.history\nprint(*sys.modules)"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(seen) & {"ccxt", "tqdm", "requests", "pandas", "platformdirs"}


def test_a_folder_that_cannot_be_written_is_named(server, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEVERAGE_LAB_CACHE", str(tmp_path / "file"))
    found = candles("BTC/USDT", exchange="OKX", since="yesterday", step="5m")
    assert holds(server, found), "they are shown all the same"
    said = capsys.readouterr().out
    assert said.startswith(f"These candles cannot be stored in {history.cache()} (") and said.endswith(
        "; LEVERAGE_LAB_CACHE names another folder.\n"
    )


# What is asked for wrongly


@pytest.mark.parametrize(
    "symbol, venue, sentence",
    [
        ("BTC/USD", "OKX", "OKX lists no perpetual 'BTC/USD'; similar ones are BTC/USDC, BTC/USDT"),
        ("BTC/USDT", "Kraken", "Kraken lists no perpetual 'BTC/USDT'; similar ones are BTC/USD"),
        ("BTCUSDT", "OKX", "OKX lists no perpetual 'BTCUSDT'; similar ones are BTC/USDC, BTC/USDT"),
        ("BTH/USDT", "OKX", "OKX lists no perpetual 'BTH/USDT'; similar ones are "),
        ("DOGE/USDT", "Binance", "Binance lists no perpetual 'DOGE/USDT'; it lists 5"),
        ("1000PEP/USDT", "Binance", "Binance lists no perpetual '1000PEP/USDT'; similar ones are 1000PEPE/USDT"),
    ],
)
def test_a_market_that_is_not_listed_names_near_ones(server, symbol, venue, sentence):
    with pytest.raises(ValueError) as error:
        candles(symbol, exchange=venue, since="yesterday")
    assert sentence in str(error.value).replace("BTC/USDT, BTC/USDC", "BTC/USDC, BTC/USDT")


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"exchange": "FTX"}, "exchange must be 'MEXC', 'Binance', 'OKX'"),
        ({"step": "2m"}, "step must be '1m', '5m', '15m' or '1h', got '2m'"),
        ({"since": "2999-01-01"}, "since must be before now"),
        ({"symbol": 12}, "symbol must be a market such as 'BTC/USDT', got 12"),
    ],
)
def test_bad_arguments_get_a_sentence_without_asking_anybody(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        candles(**{"symbol": "BTC/USDT", "exchange": "OKX", "since": "yesterday"} | change)


# Answers that cannot be true


@pytest.mark.parametrize(
    "venue, part, how, more, words",
    [
        ("Kraken", "trade", "value", {"field": "close", "to": "-5"}, "close must be above 0 and finite, got -5.0"),
        ("Kraken", "mark", "value", {"field": "low", "to": "0"}, "mark_low must be above 0 and finite, got 0.0"),
        ("Kraken", "mark", "wrong symbol", {}, "its mark price is "),
    ],
)
def test_absurd_bars_are_refused_and_not_kept(server, capsys, venue, part, how, more, words):
    server.fail(venue, part, how, times=None, **more)
    assert candles(PAIRS[venue], exchange=venue, since="today", step="5m") == bundled()
    said = capsys.readouterr().out
    assert f"{venue} answered with an impossible bar, 2026-11-22 00:00 UTC" in said and words in said
    assert files("5m", f"{venue.lower()}/{venues.VENUES[venue].contracts[0]}") == []


def test_another_contracts_candles_are_noticed_beside_those_kept(server, capsys):
    """ETH's prices after BTC's: a jump that no market makes. What was kept stays."""
    candles("BTC/USDT", exchange="OKX", since="yesterday", until="today", step="5m")
    server.fail("OKX", "candles", "wrong symbol", times=None)
    found = candles("BTC/USDT", exchange="OKX", since="yesterday", step="5m")
    assert holds(server, found, last="2026-11-22 00:00") and "its first price is" in capsys.readouterr().out
    assert (
        candles("BTC/USDT", exchange="OKX", since="today", step="5m") == bundled()
        and "its first price is" in capsys.readouterr().out
    )


def test_marks_that_are_missing_are_said(server, capsys):
    server.fail("OKX", "mark-price-candles", "empty list", times=None)
    found = candles("BTC/USDT", exchange="OKX", since="today", step="5m")
    assert found.mark is None and len(found) == 144
    assert capsys.readouterr().out == "OKX has no mark price for 144 of these 144 bars, so none is used.\n"


def test_a_bar_between_the_steps_is_refused(server, monkeypatch, capsys):
    true = server.world.times
    monkeypatch.setattr(server.world, "times", lambda *a, **k: [ms + 30_000 for ms in true(*a, **k)])
    assert candles("BTC/USDT", exchange="OKX", since="today", step="5m") == bundled()
    assert "OKX answered with a bar that begins at 2026-11-22 00:00, within a step of 5m" in capsys.readouterr().out


# An exchange may answer as it likes: it ends, and nothing is made up

SPAN = list(range(0, 60_000, 60))


@pytest.mark.parametrize(
    "answers, there",
    [
        (lambda wanted: wanted, 1000),
        (lambda wanted: wanted[:7], 1000),
        (lambda wanted: wanted[-7:], 1000),  # the newest of what was asked for
        (lambda wanted: wanted[:1], 1000),
        (lambda wanted: wanted[::-1], 1000),
        (lambda wanted: wanted + wanted, 1000),
        (lambda wanted: SPAN[:100], 100),  # always the same page
        (lambda wanted: SPAN[-100:], 100),
        (lambda wanted: [time - 6_000_000 for time in wanted], 0),
        (lambda wanted: [], 0),
        (lambda wanted: [time for time in wanted if time % 600], 900),
        (lambda wanted: [time for time in wanted if not 6000 <= time < 54_000], 200),
    ],
    ids=[
        "all",
        "a few",
        "the newest",
        "one",
        "backwards",
        "twice",
        "one page",
        "the last page",
        "others",
        "none",
        "holes",
        "a hole",
    ],
)
def test_whatever_an_exchange_answers_it_ends(answers, there):
    counted = []

    class Client:
        def fetch_ohlcv(self, symbol, step, since, limit, params):
            counted.append(since)
            wanted = [time for time in SPAN if since <= 1000 * time < since + 60_000 * limit]
            return [[1000 * time, 1.0, 2.0, 0.5, 1.0 + time, 9] for time in answers(wanted)]

    exchange = history.Exchange("Bybit")
    exchange._asked = lambda question: question(Client())
    found = exchange._span("BTC/USDT:USDT", "1m", 0, 60_000, {})
    assert len(found) == there and len(counted) <= 2 * len(SPAN) + 1
    assert all(prices[3] == 1.0 + time for time, prices in found.items())
