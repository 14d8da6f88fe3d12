"""The same values, the same picture: in every process, whatever order Python gives its sets."""

import json
import os
import subprocess
import sys
from pathlib import Path

NET = Path(__file__).parents[2] / "tools" / "net.py"


def test_no_picture_and_no_sentence_depends_on_the_order_of_a_set(tmp_path):
    files = [tmp_path / "seed1.json", tmp_path / "seed2.json"]
    runs = [
        subprocess.Popen([sys.executable, NET, file], env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE)
        for file, seed in zip(files, "12")
    ]
    for run in runs:
        run.communicate()
        assert run.returncode == 0
    one, other = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    assert len(one) > 500
    assert [key for key in one if one[key] != other[key]] == []
