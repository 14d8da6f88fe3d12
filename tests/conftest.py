"""Nobody's stored answers are read or written by a test; notebooks run from here find none either."""

import pytest


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"
