"""A real JupyterHub for `make load`: on loopback only, in a folder of its own, gone when it is left.

Servers run as processes of this machine (SimpleLocalProcessSpawner), anybody with the run's own
password may log in: good for measuring, not for a class. deploy/ says how a class is served.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from make_env import as_root

PROXY = "configurable-http-proxy@5.3.0"  # the hub's own proxy; it comes from npm alone
MARK = "LEVERAGE_LAB_LOAD"  # in the environment of every process of a run, so that none is forgotten
AT_ONCE = 64  # servers that may start at the same time, as in Zero to JupyterHub; who comes then is asked to come again
RETRY = (2, 5)  # seconds after which; JupyterHub's own 30 to 60 would measure patience
POLL = 5  # seconds until the hub notices that a server has died; JupyterHub's own are 30

CONFIG = """
c = get_config()
given = {given}
c.JupyterHub.bind_url = "http://127.0.0.1:%d" % given["ports"][0]
c.JupyterHub.hub_bind_url = "http://127.0.0.1:%d" % given["ports"][1]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:%d" % given["ports"][2]
c.ConfigurableHTTPProxy.command = given["proxy"]
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.log_level = "WARN"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = given["password"]
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = given["homes"] + "/{{username}}"
c.Spawner.cmd = given["server"]
c.Spawner.default_url = given["default_url"]
c.Spawner.environment = given["environment"]
c.Spawner.poll_interval = given["poll"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # a crowded machine is slow, not broken
c.JupyterHub.concurrent_spawn_limit = given["at_once"]
c.JupyterHub.spawn_throttle_retry_range = tuple(given["retry"])
"""


class NoHub(Exception):
    """One sentence: what is missing to start a hub, or why it did not start."""


@dataclass
class Hub:
    """A running JupyterHub."""

    url: str
    password: str
    homes: Path  # one folder a learner
    course: str  # address of the git repository behind the class's link
    process: subprocess.Popen
    mark: str
    left: list = field(default_factory=list)  # what was still there at the end, and had to be killed

    def processes(self):
        """All processes of this hub: itself, its proxy, servers, kernels."""
        return marked(self.mark)

    def of(self, learner):
        """(the learner's server or None, kernels): processes, told apart by their commands."""
        own = [process for process in self.processes() if seen(process, "environ").get("JUPYTERHUB_USER") == learner]
        kernels = [process for process in own if "ipykernel_launcher" in seen(process, "cmdline")]
        servers = [process for process in own if "jupyterhub.singleuser" in seen(process, "cmdline")]
        return (servers[0] if servers else None), kernels


def seen(process, what):
    """A property of a process that may end at any moment."""
    try:
        return getattr(process, what)()
    except psutil.Error:
        return {} if what == "environ" else []


def marked(mark):
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and seen(process, "environ").get(MARK) == mark
    ]


@contextmanager
def running(folder, ahead=True, at_once=AT_ONCE):
    """JupyterHub with everything it writes in `folder`; ends with all its servers and kernels."""
    folder = Path(folder)
    mark = secrets.token_hex(8)
    homes = folder / "homes"
    homes.mkdir()
    ports, address = free_ports(3), course(folder / "leverage-lab")
    given = {
        "ports": ports,
        "proxy": proxy(folder / "proxy"),
        "password": secrets.token_hex(8),
        "homes": str(homes),
        "server": [sys.executable, "-m", "jupyterhub.singleuser", *as_root()],
        "default_url": (
            "/git-pull?"
            + urlencode(
                {
                    "repo": address,
                    "branch": "main",
                    "depth": 1,
                    "urlpath": "lab/tree/leverage-lab/notebooks/00-start-here.ipynb",
                }
            )
        ),
        "environment": {
            MARK: mark,
            "JUPYTER_PREFER_ENV_PATH": "1",
            "MPLCONFIGDIR": str(folder / "matplotlib"),  # as in the image: else every learner has the fonts listed anew
            "LEVERAGE_LAB_AHEAD": "1" if ahead else "0",
        },
        "at_once": at_once,
        "retry": RETRY,
        "poll": POLL,
    }
    (folder / "jupyterhub_config.py").write_text(CONFIG.format(given=repr(given)), encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "LEVERAGE_LAB"))}
    env |= {"PYTHONPATH": str(ROOT / "src"), MARK: mark}
    warm_up(env | given["environment"])
    command = [sys.executable, "-m", "jupyterhub", "--config", str(folder / "jupyterhub_config.py")]
    with open(folder / "hub.log", "w", encoding="utf-8") as log:
        # A session of its own: Ctrl-C is ours, and the hub is then told to stop.
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    hub = Hub(f"http://127.0.0.1:{ports[0]}", given["password"], homes, address, process, mark)
    try:
        wait_for(hub, folder / "hub.log")
        yield hub
    finally:
        stop(hub)


def stop(hub):
    """The hub stops its servers, its proxy and itself; what is left after that is killed and remembered."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # a second Ctrl-C would leave servers behind
    hub.process.terminate()
    try:
        hub.process.wait(60)
    except subprocess.TimeoutExpired:
        pass
    end = time.monotonic() + 10  # a kernel ends when it finds its server gone
    while (left := hub.processes()) and time.monotonic() < end:
        time.sleep(0.2)
    hub.left = [" ".join(seen(process, "cmdline"))[:120] for process in left]
    for process in left:
        try:
            process.kill()
        except psutil.Error:
            pass
    psutil.wait_procs(left, timeout=10)
    hub.process.wait(10)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def proxy(folder):
    """The command that starts configurable-http-proxy, installed into `folder` by npm."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        raise NoHub(
            "JupyterHub's proxy comes from npm, and npm was not found: install Node.js 20 or newer (it brings npm)."
        )
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()
    if not version[1:].partition(".")[0].isdigit() or int(version[1:].partition(".")[0]) < 20:
        raise NoHub(f"JupyterHub's proxy needs Node.js 20 or newer, and this is {version or 'broken'}.")
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    done = subprocess.run(
        [npm, "install", *quiet, "--prefix", str(folder), PROXY],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise NoHub(f"npm could not install {PROXY}: {(done.stderr.strip().splitlines() or ['it gave no reason'])[0]}")
    return [node, str(folder / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy")]


def warm_up(env):
    """Bytecode and the list of fonts, as an image brings them: the first learner is no builder."""
    code = "import jupyterhub.singleuser, jupyterlab.labapp, nbgitpuller.pull, ipykernel.kernelapp, "
    code += "leverage_lab.classroom.panels, matplotlib.font_manager"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    if done.returncode:
        raise NoHub(
            "Something a server needs cannot be imported: "
            + (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        )


def course(folder):
    """A git repository of what a learner gets; returns its address."""
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "my-progress*", "*.egg-info")
    for part in ("notebooks", "data", "src"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    shutil.copy(ROOT / ".gitignore", folder)
    git = ["git", "-C", str(folder), "-c", "user.name=course", "-c", "user.email=", "-c", "commit.gpgsign=false"]
    try:
        for words in (["init", "--quiet", "-b", "main"], ["add", "-A"], ["commit", "--quiet", "-m", "course"]):
            subprocess.run([*git, *words], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise NoHub("A class gets the course by git, and git was not found: install it.") from None
    except subprocess.CalledProcessError as error:
        raise NoHub(f"git could not store the course: {error.stderr.strip()}") from None
    return folder.as_uri()


def wait_for(hub, log, seconds=60):
    """Until the hub answers through its proxy."""
    import httpx

    end = time.monotonic() + seconds
    while time.monotonic() < end and hub.process.poll() is None:
        try:
            if httpx.get(f"{hub.url}/hub/api/", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise NoHub("JupyterHub did not start:\n" + log.read_text(encoding="utf-8")[-2000:])


def kill(process):
    """As when memory runs out: no time to say goodbye."""
    os.kill(process.pid, signal.SIGKILL)


def progress(hub, learner):
    """What the learner's file of progress holds."""
    return json.loads(
        (hub.homes / learner / "leverage-lab" / "notebooks" / "my-progress.json").read_text(encoding="utf-8")
    )
