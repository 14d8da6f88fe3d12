"""Make .venv with the pinned packages and this checkout; start JupyterLab.

    python tools/make_env.py            set up .venv, or find it up to date
    python tools/make_env.py lab        the same, then open the first notebook
    python tools/make_env.py app [N]    the same, with Voilà: the panels (of chapter N) without any code
    python tools/make_env.py browser    the same, then add the browser-test packages
    python tools/make_env.py live       the same, then add what asks the exchanges for fresh numbers
    python tools/make_env.py settings   only the settings of JupyterLab, kernels and servers, in this Python (Binder)
    python tools/make_env.py uv ...     run .venv's uv with pip's index and certificate

NEWEST=1 makes .venv-newest instead, with the newest packages that pyproject.toml admits.
`lab` and `app` heed NO_BROWSER=1 and PORT=. With a folder `wheels` (the offline kit), packages come from there.

Standard library only, and no newer syntax than Python 3.6, so that a Python
too old for the course still gets as far as saying so.
"""

import errno
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys

OLDEST, LATEST = (3, 11), (3, 14)  # beyond the latest, some pinned packages have no wheels
UV = "uv==0.13.9"  # takes seconds where pip takes a minute
NEED_MB = 700  # a new .venv, with some to spare
PINNED = ("requirements.txt", "requirements-test.txt")  # Binder and hubs take the first alone

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NEWEST = os.environ.get("NEWEST", "") not in ("", "0")
NAME = ".venv-newest" if NEWEST else ".venv"
VENV = os.path.join(ROOT, NAME)
WHEELS = os.path.join(ROOT, "wheels")  # the offline kit contains all packages
WINDOWS = os.name == "nt"
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "leverage-lab.stamp")

# No news toast and no update check: the pins decide the version, not JupyterLab.
# And a notebook saved with its widgets shows its panels when it is reopened, not "model not found".
OVERRIDES = """{
  "@jupyterlab/apputils-extension:notification": {
    "fetchNews": "false",
    "checkForUpdates": false
  },
  "@jupyter-widgets/jupyterlab-manager:plugin": {
    "saveState": true
  }
}
"""
# Explains errors such as a cell run before the setup cell, and imports ahead (src/leverage_lab/kernel.py).
KERNELS = """c = get_config()
c.IPKernelApp.extensions = ["leverage_lab.kernel"]
"""
# JupyterLab and Voila send each message at once. TCP would else hold one back until the page's machine acknowledges the
# one before, and that waits for 40 ms on Linux, more elsewhere: it hit a quarter of all first touches (benchmarks/).
SERVERS = """from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class AtOnce(ZMQChannelsWebsocketConnection):
    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()
c.ServerApp.kernel_websocket_connection_class = c.Voila.kernel_websocket_connection_class = AtOnce
"""
# For a server: .venv's kernel, not one of the same name in the home folder.
SERVER = {"JUPYTER_PREFER_ENV_PATH": "1"}
# What a task adds to .venv: in words, and its requirements files.
ADDED = {
    "app": ("what the app needs", "app"),
    "browser": ("the browser-test packages", "app", "browser"),
    "live": ("what asks the exchanges", "live"),
}


class Stop(Exception):
    """Ends the set-up with one sentence for the reader."""


def say(text):
    print(text, flush=True)


def environment():
    env = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"):
        env.pop(name, None)  # they would lead Python or uv out of .venv
    return env


def run(command, extra=None):
    """Run quietly in ROOT, showing progress; return (ok, all its output)."""
    env = environment()
    env.update(extra or {})
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    seconds = 0
    while True:
        try:
            output = process.communicate(timeout=20)[0]
            return process.returncode == 0, output.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            seconds += 20
            say("      still at it after %d s ..." % seconds)


def reason(output):
    """The sentence for a failure that the reader can cure, or None."""

    def has(*words):
        return re.search("|".join(words), output, re.I)

    if has("no space left", "os error 28", "errno 28", "disk quota", "not enough space", "os error 112"):
        return "The disk is full: free about %d MB and run the same command again." % NEED_MB
    if has("permission denied", "read-only file system", "access is denied"):
        return "%s cannot be written: check the permissions of this folder." % ROOT
    if has(
        "name resolution",
        "name or service not known",
        "nodename nor servname",
        "getaddrinfo",
        "dns error",
        "error sending request",
        "connection refused",
        "network is unreachable",
        "newconnectionerror",
        "timed out",
        "proxyerror",
        "failed to connect",
    ):
        return "The package index cannot be reached: check the network and run the same command again."
    if has("certificate"):
        return (
            "The package index's certificate is not trusted here: "
            "set pip's `cert` option to your network's certificate file."
        )
    return None


def tail(output, lines=12):
    return "\n".join("      " + line for line in output.strip().splitlines()[-lines:])


def fingerprint():
    """A hash that changes when the environment must be rebuilt; it includes the path, as .venv cannot be moved."""
    digest = hashlib.sha256(("%s %s %s\n" % (sys.version_info[:2], UV, ROOT)).encode("utf-8", "surrogateescape"))
    digest.update((OVERRIDES + KERNELS + SERVERS).encode())
    for name in (*PINNED, "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def read_stamp():
    """(python version, fingerprint) of a finished .venv that still starts, or None."""
    try:
        with open(STAMP) as file:
            version, mark = file.read().split()
        subprocess.check_output([PYTHON, "-c", ""], env=environment(), stderr=subprocess.STDOUT)
        return version, mark
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def remove(path):
    if os.path.islink(path) or os.path.isfile(path):
        os.remove(path)
    elif os.path.isdir(path):
        shutil.rmtree(path)


def pip_settings():
    """pip's configuration translated for uv, which does not read it."""
    ok, output = run([PYTHON, "-m", "pip", "config", "list"])
    found = dict(re.findall(r"^(\S+?)='?(.*?)'?\s*$", output, re.M)) if ok else {}

    def setting(name):  # pip's own order: environment, then [install], then [global]
        for section in (":env:", "install", "global"):
            if found.get("%s.%s" % (section, name)):
                return found["%s.%s" % (section, name)]

    settings = {}
    if setting("index-url") and not (os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL")):
        settings["UV_DEFAULT_INDEX"] = setting("index-url")
    if setting("cert") and not os.environ.get("SSL_CERT_FILE"):
        settings["SSL_CERT_FILE"] = setting("cert")
    return settings


def install(what):
    """Install with uv; with pip where uv cannot, as behind a mirror set up for pip alone."""
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    if os.path.isdir(WHEELS):
        what = ["--no-index", "--find-links", WHEELS] + what
        pip += ["--no-index", "--find-links", WHEELS]
    ok, output = run([PYTHON, "-m", "uv", "--version"])
    if not ok:
        ok, output = run(pip + [UV])
        if not ok and reason(output):
            raise Stop(reason(output))
    if ok:
        ok, output = run([PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON] + what, pip_settings())
    if not ok:
        if reason(output) and "disk" in reason(output):
            raise Stop(reason(output))
        say(tail(output, 3))
        say("      uv could not do it (see above), so pip tries: this takes a few minutes ...")
        ok, output = run(pip + what)
    if not ok and os.path.isdir(WHEELS):
        say(tail(output))
        raise Stop(
            "The folder wheels lacks a package for this machine and Python %d.%d: START.txt says which it is for."
            % sys.version_info[:2]
        )
    if not ok:
        say(tail(output))
        raise Stop(reason(output) or "The packages could not be installed: the lines above say why.")


def set_up():
    version = "%d.%d" % sys.version_info[:2]
    stamp = read_stamp()
    if stamp == (version, fingerprint()) and not NEWEST:
        return
    try:
        if not stamp or stamp[0] != version:
            create()
        else:
            say("1/3 %s is there, but the list of packages has changed ..." % NAME)
            remove(STAMP)  # an interrupted update must not count as finished
        if NEWEST:
            say("2/3 installing the newest packages: about a minute ...")
            install(["--upgrade", "-e", ".[lab,test,live]"])  # exchanges change, and ccxt with them
        else:
            say("2/3 installing the pinned packages (about 100 MB the first time): about a minute ...")
            install([word for name in PINNED for word in ("-r", name)] + ["-e", "."])
        say("3/3 setting up JupyterLab ...")
        relative_link()
        settings(VENV)
        with open(STAMP, "w") as file:
            file.write("%s %s\n" % (version, fingerprint()))
    except OSError as error:
        raise Stop(reason(str(error)) or "The set-up broke off: %s." % error)


def settings(prefix):
    """JupyterLab's, the kernels' and the servers' settings for the Python that lives in `prefix`."""
    for folder, name, text in (
        (("share", "jupyter", "lab", "settings"), "overrides.json", OVERRIDES),
        (("etc", "ipython"), "ipython_kernel_config.py", KERNELS),
        (("etc", "jupyter"), "jupyter_server_config.py", SERVERS),
        (("etc", "jupyter"), "voila.py", SERVERS),
    ):
        folder = os.path.join(prefix, *folder)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def relative_link():
    """Point the editable install at src/ by a relative path.

    Until Python 3.13, a .pth file is read in the system's own encoding, so that an
    absolute path with, say, an umlaut in it can keep Python from starting.
    """
    if WINDOWS:
        site = os.path.join(VENV, "Lib", "site-packages")
    else:
        site = os.path.join(VENV, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")
    for name in os.listdir(site):
        if re.match(r"_?(editable_impl_)?leverage_lab.*\.pth$", name):
            with open(os.path.join(site, name), "w") as file:
                file.write(os.path.relpath(os.path.join(ROOT, "src"), site) + "\n")


def create():
    try:
        import ensurepip  # noqa: F401  Debian splits both off into a package of its own
        import venv  # noqa: F401
    except ImportError:
        raise Stop(
            "This Python has no venv module: on Debian or Ubuntu, `sudo apt install python%d.%d-venv` brings it."
            % sys.version_info[:2]
        )
    if os.path.lexists(VENV):
        say("1/3 making %s anew (the one here is unfinished or for another Python) ..." % NAME)
        remove(VENV)
    else:
        say("1/3 creating %s with Python %s ..." % (NAME, sys.version.split()[0]))
    os.mkdir(VENV)  # says at once whether the folder can be written
    if shutil.disk_usage(VENV).free < NEED_MB * 10**6:
        os.rmdir(VENV)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    ok, output = run([sys.executable, "-m", "venv", VENV])
    if not ok:
        say(tail(output))
        raise Stop(reason(output) or "Python could not create %s: the lines above say why." % NAME)


def free_port(usual):
    """PORT= or the default port; if it is taken, the next free one, with a message."""
    asked = os.environ.get("PORT") or str(usual)
    if not asked.isdigit() or not 1024 <= int(asked) <= 65535:
        raise Stop("PORT must be a number from 1024 to 65535, got %s." % asked)
    for port in range(int(asked), min(int(asked) + 50, 65536)):
        with socket.socket() as probe:
            if not WINDOWS:  # Windows would bind to a port in use
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port != int(asked):
            say("Port %s is in use: taking %d." % (asked, port))
        return port
    raise Stop("The ports from %s on are all in use: name another with PORT=." % asked)


def no_browser():
    return os.environ.get("NO_BROWSER", "") not in ("", "0")


def start(command):
    """Hand this process over to a program of .venv."""
    env = dict(environment(), **SERVER)
    env.setdefault(
        "JUPYTERLAB_WORKSPACES_DIR",  # no tabs left open in other projects
        os.path.join(VENV, "share", "jupyter", "lab", "workspaces"),
    )
    os.chdir(ROOT)
    if WINDOWS:
        try:
            return subprocess.call(command, env=env)
        except KeyboardInterrupt:
            return 0
    os.execve(PYTHON, command, env)


# The commands that start servers, for `make lab` and `make app` as for tests, benches and screenshots:
# flags of only some of them would hide what a learner gets.


def as_root():
    return ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def lab_command(python, port, browser):
    """JupyterLab on the folder it is started in. Its pings keep their defaults: a timeout no longer than
    their interval cuts every connection at the first of them."""
    return (
        [
            python,
            "-m",
            "jupyterlab",
            "--port=%d" % port,
            "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb",
            # Loaded, it shows warnings for developers.
            "--ServerApp.jpserver_extensions={'voila.server_extension': False}",
            "--ServerApp.answer_yes=True",  # Ctrl-C ends it without asking
            "--KernelManager.transport_encryption=auto",  # else each kernel warns that it has none
            # Tornado reads those defaults, in milliseconds, as seconds and warns at the first page.
            "--ServerApp.logging_config={'loggers': {'tornado.general': {'level': 'ERROR'}}}",
            "--log-level=WARN",
            "--LabApp.log_level=WARN",
        ]
        + as_root()
        + ([] if browser else ["--no-browser"])
    )


def voila_command(python, port, browser, folder, template):
    """Voilà on the notebooks in `folder`, with a template of our own whose tree page is the front page."""
    return [
        python,
        "-m",
        "voila",
        folder,
        "--port=%d" % port,
        "--template=" + template,
        "--classic-tree",
        "--Voila.ip=127.0.0.1",
        "--Voila.log_level=ERROR",  # it warns of its own defaults
        "--MappingKernelManager.cull_idle_timeout=1800",  # a closed page's kernel ends after half an hour
        "--KernelManager.transport_encryption=auto",
    ] + ([] if browser else ["--no-browser"])


def lab():
    port = free_port(8888)
    announce("JupyterLab")
    return start(lab_command(PYTHON, port, not no_browser()))


def app(chapter):
    """The panels as pages without code."""
    port = free_port(8866)
    announce("the app")
    return start([PYTHON, "tools/app.py", "--port=%d" % port] + (["--no-browser"] if no_browser() else []) + chapter)


def announce(what):
    if no_browser():
        say("Starting %s; its address follows, and Ctrl-C here ends it." % what)
    else:
        say("Starting %s in your browser; Ctrl-C here ends it. (No page? NO_BROWSER=1 prints its address.)" % what)


def add(task):
    """Install what a task needs in addition, unless it is installed."""
    words, lists = ADDED[task][0], ["requirements-%s.txt" % name for name in ADDED[task][1:]]
    digest = hashlib.sha256(fingerprint().encode())
    for name in lists:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    stamp = os.path.join(VENV, "leverage-lab-%s.stamp" % task)
    if not NEWEST and os.path.isfile(stamp):
        with open(stamp) as file:
            if file.read() == digest.hexdigest():
                return
    say("Adding %s ..." % words)
    install([word for name in lists for word in ("-r", name)])
    with open(stamp, "w") as file:
        file.write(digest.hexdigest())


def main(arguments):
    if not OLDEST <= sys.version_info[:2] <= LATEST:
        raise Stop(
            "Leverage Lab needs Python %d.%d to %d.%d, and this is Python %s (%s)."
            % (OLDEST + LATEST + (sys.version.split()[0], sys.executable))
        )
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a path that the terminal cannot show is no reason to fail
    task = arguments[0] if arguments else "setup"
    if task == "uv":
        return subprocess.call([PYTHON, "-m"] + arguments, cwd=ROOT, env=dict(environment(), **pip_settings()))
    if task == "settings":
        return settings(sys.prefix)
    if task not in ("setup", "lab", "app", "browser", "live") or len(arguments) > (2 if task == "app" else 1):
        raise Stop("Say `make_env.py`, or with one word after it: lab, app, browser, live, settings.")
    set_up()
    if task in ADDED:
        add(task)
    if task == "lab":
        return lab()
    if task == "app":
        return app(arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.stderr.write("%s\n" % stop)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; the same command goes on later.\n")
        sys.exit(130)
