"""The money floor over arrays, against plain Python and against copying the same bytes: part of `make bench`.

Two peers in the same run. A plain loop, in the shape in which open-source trading bots compute it (each
tier's price until one lies in its tier; a ceiling of hours; a path walked step by step), on a
part of the data and scaled up. And one copy of all arrays that go in and come out: no code that
reads and writes them can be quicker.
"""

import math
import time
import tracemalloc

import numpy as np

from leverage_lab import fees, liquidation, survival

MILLION = 1_000_000
PATHS, HOURS, LEVERAGES = 100_000, 24, 50


def best(action, rounds=5):
    """Least seconds of some rounds: what the machine's other work adds is left out."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def peak(action):
    """Bytes that are held at most while it runs."""
    tracemalloc.start()
    action()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def line(name, action, loop, part, arrays):
    """One row of the table. loop: the plain peer on `part` of the work; arrays: all that goes in and out."""
    took, plain, copied = best(action), best(loop, 2) / part, best(lambda: [array.copy() for array in arrays])
    size = sum(array.nbytes for array in arrays)
    print(
        f"{name:<42}{1000 * took:>7.0f} ms{plain / took:>7.0f}x{took / copied:>8.1f}x"
        f"{size / 1e6:>8.0f} MB{peak(action) / 1e6:>8.0f} MB"
    )


def liquidations(draw):
    ladder = liquidation.Ladder(
        (0, 3e5, 8e5, 3e6, 12e6, 7e7, 1e8, 2.3e8, 4.8e8, 6e8, 8e8),
        (0.004, 0.005, 0.0065, 0.01, 0.02, 0.025, 0.05, 0.1, 0.125, 0.15, 0.25),
    )
    rules = liquidation.Rules(ladder)
    side = np.where(draw.random(MILLION) < 0.5, "long", "short")
    price, quantity = draw.uniform(1e4, 1e5, MILLION), draw.uniform(0.001, 50, MILLION)
    margin = price * quantity / draw.uniform(2, 40, MILLION) + liquidation.maintenance_margin(quantity, price, rules)
    tiers = [{"min": low, "max": top, "rate": rate, "amount": amount} for low, top, rate, amount in ladder.tiers]
    part = MILLION // 50

    def one(tier, way, e, q, wallet):
        return (wallet + tier["amount"] - way * q * e) / (q * tier["rate"] - way * q)

    def tool(s, e, q, wallet):
        for tier in tiers:
            found = one(tier, 1 if s == "long" else -1, e, q, wallet)
            if tier["min"] < found * q <= tier["max"]:
                return found
        return None

    def loop():
        for s, e, q, wallet in zip(
            side[:part].tolist(), price[:part].tolist(), quantity[:part].tolist(), margin[:part].tolist()
        ):
            tool(s, e, q, wallet)

    def action():
        return liquidation.liquidation_price(side, price, quantity, margin, rules)

    signs = np.ones(MILLION, dtype=np.int8)  # the sides, as a peer would keep them
    line("1,000,000 liquidation prices, 11 tiers", action, loop, 1 / 50, [signs, price, quantity, margin, action()])


def accruals(draw):
    borrowed, rate, hours = (
        draw.uniform(10, 1e5, MILLION),
        draw.uniform(1e-5, 1e-3, MILLION),
        draw.uniform(0, 2000, MILLION),
    )
    part = MILLION // 50

    def loop():
        for amount, daily, held in zip(borrowed[:part].tolist(), rate[:part].tolist(), hours[:part].tolist()):
            amount * daily * math.ceil(held) / 24

    def action():
        return fees.interest(borrowed, rate, 24, hours)

    line("1,000,000 interest accruals, started hours", action, loop, 1 / 50, [borrowed, rate, hours, action()])


def survivals(draw):
    moves = survival.adverse_move(np.linspace(2, 200, LEVERAGES), 0.004)
    steps = np.exp(np.cumsum(draw.normal(0, 0.006, (PATHS // 1000, HOURS)), axis=1)).tolist()

    def loop():
        for path in steps:
            for move in moves.tolist():
                for price in path:
                    if price <= 1 - move:
                        break

    def action():
        paths = survival.simulate(PATHS, HOURS, 0.6, between_steps=False)
        return survival.share_reached(paths, "long", moves, HOURS)

    walked = np.ones((PATHS, HOURS))  # what a peer would hold: every path in full
    line(f"{LEVERAGES} leverages, {PATHS:,} new paths of {HOURS} h", action, loop, 1 / 1000, [walked])


def main():
    draw = np.random.default_rng(1)
    print(f"{'money over arrays':<42}{'time':>10}{'loop':>8}{'copy':>9}{'in, out':>11}{'peak':>11}")
    liquidations(draw)
    accruals(draw)
    survivals(draw)
    print("loop: how many times faster than plain Python; copy: how many times one copy of the same bytes it takes\n")


if __name__ == "__main__":
    main()
