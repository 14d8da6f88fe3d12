"""The same values, the same picture: in every process, whatever order Python gives its sets."""

import json
import os
import subprocess
import sys
from pathlib import Path

from soak import few

from leverage_lab.classroom import panels

TOOLS = Path(__file__).parents[2] / "tools"
NAMES = sorted({"room", *few(panels.ALL, 10)})  # a set of markers was drawn in `room` once


def test_no_picture_and_no_sentence_depends_on_the_order_of_a_set():
    command = [sys.executable, "-c", f"import json, net; print(json.dumps(net.states({NAMES})))"]
    runs = [
        subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": str(TOOLS), "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE
        )
        for seed in "12"
    ]
    one, other = (json.loads(run.communicate()[0]) for run in runs)
    assert len(one) > 10 * len(NAMES)
    assert [key for key in one if one[key] != other[key]] == []
