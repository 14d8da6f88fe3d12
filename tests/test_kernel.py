"""Cells run out of order, in a real kernel with the settings that the set-up writes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """say(code): the last line of what a kernel shows, whose configuration is the set-up's."""
    config = tmp_path_factory.mktemp("ipython")
    sys.path.insert(0, str(ROOT / "tools"))
    import make_env

    make_env.settings(str(config))
    profile = config / "profile_default"
    profile.mkdir()
    (config / "etc" / "ipython" / "ipython_kernel_config.py").rename(profile / "ipython_kernel_config.py")
    env = os.environ | {"IPYTHONDIR": str(config)}
    manager, client = start_new_kernel(env=env, stderr=subprocess.DEVNULL)

    def say(code):
        shown = []
        client.execute_interactive(code, timeout=60, output_hook=lambda message: shown.extend(message["content"].get("traceback", [])))
        return shown[-1] if shown else ""

    yield say
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_before_the_setup_cell_and_after_it(said):
    assert said("panels.first_touch()").startswith("Run the setup cell first")
    assert said("1 / 0").endswith("division by zero")
    assert said("from leverage_lab.classroom import panels") == ""
    assert said("panels.first_touch(); position * 2").startswith("If a cell above makes position, run that first")


def test_the_extension_is_light():
    code = "import sys, leverage_lab.kernel; print(len([name for name in sys.modules if name.startswith(('numpy', 'pandas', 'IPython', 'leverage_lab.'))]))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "1"
