"""What pictures share: labels that are kept apart."""

import pytest

from leverage_lab.panelkit.charts import apart


@pytest.mark.parametrize(
    "wanted, within, places",
    [
        ([3, 1], {}, [3, 1]),  # far enough
        ([0, 0], {}, [-0.5, 0.5]),  # half the gap each
        ([0.2, 0], {}, [0.6, -0.4]),  # the mean stays 0.1, the order too
        ([0, 0, 5], {}, [-0.5, 0.5, 5]),  # who touches nobody stays
        ([0, 0.2, 1.1], {}, [-17 / 30, 13 / 30, 43 / 30]),  # mean 13/30
        ([0, 0], {"low": 0}, [0, 1]),
        ([4, 4, 4], {"high": 4}, [2, 3, 4]),
        ([9], {"low": 0, "high": 4}, [4]),
    ],
)
def test_labels_are_kept_a_gap_of_one_apart(wanted, within, places):
    assert apart(wanted, 1, **within) == pytest.approx(places)
