"""Nobody's stored answers are read or written by a test; notebooks run from here find none either."""

import pytest
from hypothesis import settings

settings.register_profile("course", deadline=None)  # a busy machine is no failure
settings.load_profile("course")


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("LEVERAGE_LAB_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"
