"""Nobody's stored answers are read or written by a test; notebooks run from here find none either."""

import os
from importlib.util import find_spec

import pytest
from hypothesis import Phase, settings

settings.register_profile("course", deadline=None)  # a busy machine is no failure
settings.register_profile(  # for `make mutate`, thousands of runs: each the same, and a failure is enough
    "mutate", deadline=None, derandomize=True, max_examples=25, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "course"))


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def pytest_collection_modifyitems(items):
    if os.environ.get("LEVERAGE_LAB_NETWORK") != "1":
        for item in items:
            if item.get_closest_marker("network"):
                item.add_marker(pytest.mark.skip(reason="downloads packages: LEVERAGE_LAB_NETWORK=1 runs it"))
    if not (find_spec("ccxt") and find_spec("frictionless")):
        live = [item for item in items if item.get_closest_marker("live")]
        if live and os.environ.get("LEVERAGE_LAB_LIVE") == "required":
            raise pytest.UsageError(
                "LEVERAGE_LAB_LIVE=required, but ccxt or frictionless is not installed: python tools/make_env.py live"
            )
        for item in live:
            item.add_marker(
                pytest.mark.skip(
                    reason="asks exchanges (on this machine) or checks tables: tools/make_env.py live installs what that takes"
                )
            )
