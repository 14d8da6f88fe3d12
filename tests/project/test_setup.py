"""The set-up's own promises: a port that is taken, settings that can be read, Binder's last step,
a kit's list of packages."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[2]
import kit
import make_env


def test_a_port_in_use_is_said_and_the_next_one_taken(monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        found = make_env.free_port(8888)
    assert found > port and capsys.readouterr().out == f"Port {port} is in use: taking {found}.\n"
    monkeypatch.setenv("PORT", str(found))
    assert make_env.free_port(8888) == found and capsys.readouterr().out == ""


FLAGS = (
    r"--(?:ServerApp|LabApp|Voila|IdentityProvider|\w*KernelManager)\.|--allow-root|ws_ping|websocket_ping|"
    r"tornado_settings|[\"']-m[\"'], [\"'](?:jupyterlab|voila|notebook)[\"']"
)


def test_servers_are_started_with_the_flags_of_one_place():
    """Tests, benches and screenshots see what a learner gets: a flag of their own once hid that every connection was
    cut. Only the installed package, which has no tools/, starts JupyterLab itself."""
    names = subprocess.run(
        ["git", "ls-files", "*.py", "*.sh", "Makefile", "postBuild", "*.yml", "*.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    flagged = {name for name in names if re.search(FLAGS, (ROOT / name).read_text(encoding="utf-8"))} - {
        "tests/project/test_setup.py"
    }
    assert flagged == {"tools/make_env.py", "src/leverage_lab/__main__.py"}


def test_what_is_there_is_not_added_again(monkeypatch, tmp_path, capsys):
    installed = []
    monkeypatch.setattr(make_env, "VENV", str(tmp_path))
    monkeypatch.setattr(make_env, "install", installed.append)
    make_env.add("app")
    make_env.add("app")
    assert (
        installed == [["-r", "requirements-app.txt"]] and capsys.readouterr().out == "Adding what the app needs ...\n"
    )
    monkeypatch.setattr(make_env, "fingerprint", lambda: "another set of packages")
    make_env.add("app")
    assert len(installed) == 2


@pytest.mark.parametrize("port", ("80", "70000", "eight", "-1", "8888.5"))
def test_a_port_that_cannot_be_is_one_sentence(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(make_env.Stop, match=f"PORT must be a number from 1024 to 65535, got {re.escape(port)}"):
        make_env.free_port(8888)


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_binders_last_step_runs_and_writes_the_settings(tmp_path):
    """In an environment of its own that borrows this one's packages."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", tmp_path / "v"], check=True
    )
    packages = subprocess.run(
        [sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    env = os.environ | {
        "PATH": f"{tmp_path / 'v' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{packages}{os.pathsep}{ROOT / 'src'}",
    }
    step = ROOT / "postBuild"
    assert os.access(step, os.X_OK)
    done = subprocess.run([step], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    overrides = json.loads((tmp_path / "v" / "share" / "jupyter" / "lab" / "settings" / "overrides.json").read_text())
    assert overrides["@jupyter-widgets/jupyterlab-manager:plugin"] == {"saveState": True}
    assert "leverage_lab.kernel" in (tmp_path / "v" / "etc" / "ipython" / "ipython_kernel_config.py").read_text()


@pytest.mark.parametrize("file, server", (("jupyter_server_config", "ServerApp"), ("voila", "Voila")))
def test_a_server_holds_no_message_back(monkeypatch, tmp_path, file, server):
    """Its setting, read as it reads it: on an open connection, TCP waits for nothing before the next message goes."""
    make_env.settings(tmp_path)
    config = PyFileConfigLoader(f"{file}.py", path=str(tmp_path / "etc" / "jupyter")).load_config()
    chosen, held = config[server].kernel_websocket_connection_class, []
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: "connected")

    class Connection(chosen):
        websocket_handler = None  # of any kind: this one knows no kernel

    class Handler(WebSocketHandler):
        def open(self):
            connection, own = Connection(), self.ws_connection.stream.socket
            connection.websocket_handler = self
            held.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            assert connection.connect() == "connected"
            held.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            self.close()

    async def once():
        listening = HTTPServer(Application([("/", Handler)]))
        listening.listen(0, "127.0.0.1")
        port = next(iter(listening._sockets.values())).getsockname()[1]
        page = await websocket_connect(f"ws://127.0.0.1:{port}/")
        assert await page.read_message() is None
        listening.stop()

    asyncio.run(once())
    assert held[0] == 0 and held[1] != 0


@pytest.mark.parametrize("name", ("windows", "linux-3.10", "windows-3.15", "bsd-3.12", "mac-3"))
def test_a_kit_for_no_known_machine_is_one_sentence(name):
    with pytest.raises(make_env.Stop, match=f"such as windows-3.12; got '{name}'"):
        kit.read(name)


def test_a_kit_takes_what_its_machine_needs():
    windows, _ = kit.wanted("windows", "3.12")
    linux, build = kit.wanted("linux", "3.11")
    names = [{re.split("[=<>]", pin)[0] for pin in pins} for pins in (windows, linux)]
    # requirements.txt, read by a person: pywinpty and colorama are for Windows, pexpect and ptyprocess are not;
    # overrides is for Pythons before 3.12
    assert names[0] - names[1] == {"pywinpty", "colorama"} and names[1] - names[0] == {
        "pexpect",
        "ptyprocess",
        "overrides",
    }
    assert {"pandas", "voila", "anywidget"} <= names[0] & names[1] and all("==" in pin for pin in [*windows, *linux])
    assert any(need.startswith("hatchling") for need in build) and any(need.startswith("uv==") for need in build)


def test_make_test_needs_nothing_but_what_make_lab_installs(tmp_path):
    """README's two commands: every test is found where `make browser` and `make live` were never run."""
    for name in ("playwright", "axe_playwright_python", "pypdf", "ccxt", "frictionless"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError('{name}')\n")
    more = ("tests/browser", "tests/live")  # what these packages are for
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "not browser", "-p", "no:cacheprovider", *more],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "LEVERAGE_LAB_LIVE"}
        | {"PYTHONPATH": str(tmp_path), "LEVERAGE_LAB_BROWSER": ""},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0 and "error" not in found.stdout.splitlines()[-1], found.stdout[-2000:]
