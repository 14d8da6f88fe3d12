"""Nobody's stored answers are read or written by a test, and no numbers drawn by another one; notebooks run from here
find none either.
What runs only when asked for."""

import os
from importlib.util import find_spec

import pytest
from hypothesis import Phase, settings
from soak import SOAK

from leverage_lab.classroom.exercises import exercise_book

# A busy machine is no failure. Each run draws the same examples, but for the soak, which looks for new ones.
settings.register_profile("course", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("soak", deadline=None, max_examples=300)
settings.register_profile(  # for `make mutate`, many runs: a failure is enough
    "mutate", deadline=None, derandomize=True, max_examples=25, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "soak" if SOAK else "course"))
LIVE = "asks exchanges (on this machine) or checks tables: tools/make_env.py live installs what that takes"


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(exercise_book, "numbers", {})
    monkeypatch.setattr(exercise_book, "seen", {})
    return tmp_path / "progress.json"


def marked(items, name):
    return [item for item in items if item.get_closest_marker(name)]


def pytest_collection_modifyitems(config, items):
    if not SOAK and (soak := marked(items, "soak")):
        config.hook.pytest_deselected(items=soak)
        items[:] = [item for item in items if item not in soak]
    if os.environ.get("LEVERAGE_LAB_NETWORK") != "1":
        for item in marked(items, "network"):
            item.add_marker(pytest.mark.skip(reason="downloads packages: LEVERAGE_LAB_NETWORK=1 runs it"))
    if not (find_spec("ccxt") and find_spec("frictionless")) and (live := marked(items, "live")):
        if os.environ.get("LEVERAGE_LAB_LIVE") == "required":
            raise pytest.UsageError(
                "LEVERAGE_LAB_LIVE=required, but ccxt or frictionless is not installed: python tools/make_env.py live"
            )
        for item in live:
            item.add_marker(pytest.mark.skip(reason=LIVE))
