"""What an import loads, not how long it takes: a plain number needs no array library, a panel no second way to draw."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import leverage_lab

MONEY = sorted(path.stem for path in Path(leverage_lab.__file__).parent.glob("*.py") if path.stem != "__init__")


def loaded(code):
    """Names of all modules that a fresh Python has loaded after `code`."""
    found = subprocess.run([sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"], capture_output=True, text=True, check=True)
    return set(json.loads(found.stdout.splitlines()[-1]))


def test_money_loads_no_array_table_or_picture_library():
    seen = loaded("\n".join(f"import leverage_lab.{name}" for name in MONEY))
    assert {f"leverage_lab.{name}" for name in MONEY} <= seen
    assert not seen & {"numpy", "pandas", "matplotlib", "PIL", "ipywidgets", "IPython", "leverage_lab.classroom"}


@pytest.mark.parametrize(
    "call", ["leverage.roe('long', 100, 110, 10)", "liquidation.liquidation_price('long', 100, 1, 10, liquidation.Rules(0.005))", "fees.trading_fee(1000, 0.0005)"]
)
def test_a_plain_number_loads_no_numpy(call):
    module = call.split(".")[0]
    assert "numpy" not in loaded(f"from leverage_lab import {module}\n{call}")


def test_the_classroom_draws_without_pyplot_and_its_windows():
    seen = loaded("import leverage_lab.classroom\nfrom leverage_lab.classroom import panels\npanel = panels.bought()\npanel.picture().png(panel.result)")
    assert "leverage_lab.classroom.canvas" in seen and "matplotlib.figure" in seen
    assert not seen & {"matplotlib.pyplot", "matplotlib.animation", "scipy", "tkinter", "pytest", "nbformat", "nbclient"}
