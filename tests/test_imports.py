"""What an import loads, not how long it takes: money needs no table or picture library,
a panel no second way to draw."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import leverage_lab

MONEY = sorted(path.stem for path in Path(leverage_lab.__file__).parent.glob("*.py") if path.stem != "__init__")


def loaded(code):
    """Names of all modules that a fresh Python has loaded after `code`."""
    found = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(found.stdout.splitlines()[-1]))


def test_money_loads_no_table_or_picture_library():
    seen = loaded("\n".join(f"import leverage_lab.{name}" for name in MONEY))
    assert {f"leverage_lab.{name}" for name in MONEY} <= seen
    assert not seen & {"pandas", "matplotlib", "PIL", "ipywidgets", "IPython", "leverage_lab.classroom"}


# As in a browser that cannot fetch them. Each value by hand: see the remark beside it.
WITHOUT = {
    "leverage.roe('long', 10, 100, 110)": 1,  # ten times ten percent
    "leverage.pnl('short', 1, 100, 80, 'inverse')": 0.0025,  # 1/80 − 1/100
    "liquidation.liquidation_price('long', 100, 1, 10, liquidation.Rules(0.005))": 90 / 0.995,
    "liquidation.bankruptcy_price('short', 100, 1, 10)": 110,
    "fees.trading_fee(1000, 0.0005)": 0.5,
    "fees.interest(1000, 0.0001, 1, 2.5)": 0.3,  # three hours begun
    # all 20 are lost
    "margin.Account(20, [margin.Holding('X', 'long', 100, 1, 10)]).liquidation_prices({'X': 100})['X', 'long']": 80,
    "strategies.size_from_risk('long', 1000, 0.05, 200, 196).quantity": 12.5,  # 50 at risk, 4 a coin
    "survival.adverse_move(20)": 0.05,
    "survival.chance_reached('short', 0.01, 1, 1)": 0.3517,  # 2 Φ(−ln 1.01 √8760)
    "backstop.adl_score('long', 100, 120, 90)": 0.8,  # 20 % at 4x: 120 of value for 30 of equity
    "dates.of(['2025-08', '', '2024']).undated": 1,
    "sum(found.met for found in audit.audit(data.folder() / 'published_examples.csv'))": 270,
}


@pytest.fixture(scope="module")
def without():
    """What the calls give in a Python where pandas and matplotlib cannot be imported."""
    code = "import json, sys\nfor name in ('pandas', 'matplotlib'): sys.modules[name] = None\n"
    code += f"from leverage_lab import {', '.join(MONEY)}\nprint(json.dumps([{', '.join(WITHOUT)}]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip(WITHOUT, json.loads(done.stdout)))


@pytest.mark.parametrize("call", WITHOUT)
def test_money_needs_no_table_or_picture_library(without, call):
    assert without[call] == pytest.approx(WITHOUT[call], rel=1e-3 if "chance" in call else 1e-9)


def test_the_classroom_draws_without_pyplot_and_its_windows():
    seen = loaded(
        "import leverage_lab.classroom\nfrom leverage_lab.classroom import panels\npanel = "
        "panels.bought()\npanel.picture().png(panel.result)"
    )
    assert "leverage_lab.panelkit.canvas" in seen and "matplotlib.figure" in seen
    assert not seen & {
        "matplotlib.pyplot",
        "matplotlib.animation",
        "scipy",
        "tkinter",
        "pytest",
        "nbformat",
        "nbclient",
    }
