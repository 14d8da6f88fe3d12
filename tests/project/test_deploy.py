"""deploy/: the chart's keys, numbers that follow from measured ones, links that lead where they should."""

import importlib.util
import json
import re
import types
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
VALUES = yaml.safe_load((DEPLOY / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8"))
FIGURES = json.loads((DEPLOY / "measured.json").read_text(encoding="utf-8"))

_spec = importlib.util.spec_from_file_location("load_hub", ROOT / "benchmarks" / "load_hub.py")
load_hub = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(load_hub)

# From the chart's jupyterhub/values.schema.yaml (4.x), which refuses any other key: those it leaves open end in "*".
SCHEMA = {
    "hub": {
        "config": "*",
        "extraConfig": "*",
        "extraEnv": "*",
        "concurrentSpawnLimit": int,
        "activeServerLimit": int,
        "resources": "*",
    },
    "proxy": {
        "https": {"enabled": bool, "type": str, "hosts": list, "letsencrypt": {"contactEmail": str, "acmeServer": str}}
    },
    "singleuser": {
        "image": {"name": str, "tag": str, "pullPolicy": str, "pullSecrets": list},
        "defaultUrl": str,
        "memory": {"guarantee": (int, float, str), "limit": (int, float, str)},
        "cpu": {"guarantee": (int, float), "limit": (int, float)},
        "storage": {"type": str, "capacity": str, "homeMountPath": str, "dynamic": "*", "static": "*"},
        "startTimeout": int,
        "extraEnv": "*",
        "cmd": (str, list),
        "networkPolicy": "*",
    },
    "scheduling": {
        "userScheduler": {"enabled": bool, "replicas": int},
        "podPriority": {
            "enabled": bool,
            "globalDefault": bool,
            "defaultPriority": int,
            "imagePullerPriority": int,
            "userPlaceholderPriority": int,
        },
        "userPlaceholder": {"enabled": bool, "replicas": int, "resources": "*"},
    },
    "prePuller": {
        "hook": {"enabled": bool, "pullOnlyOnChanges": bool},
        "continuous": {"enabled": bool},
        "extraImages": "*",
    },
    "cull": {
        "enabled": bool,
        "users": bool,
        "adminUsers": bool,
        "removeNamedServers": bool,
        "timeout": int,
        "every": int,
        "concurrency": int,
        "maxAge": int,
    },
}


def strangers(values, schema, path=""):
    """Keys the schema does not know, and values of another type."""
    for key, value in values.items():
        here = f"{path}.{key}".strip(".")
        if key not in schema:
            yield f"{here}: no such key"
        elif isinstance(schema[key], dict):
            yield from strangers(value, schema[key], here) if isinstance(value, dict) else [f"{here}: not a mapping"]
        elif schema[key] != "*" and (
            not isinstance(value, schema[key]) or (isinstance(value, bool) and schema[key] is not bool)
        ):
            yield f"{here}: {value!r}"


def test_every_value_has_a_key_of_the_chart():
    assert list(strangers(VALUES, SCHEMA)) == []


def test_a_key_out_of_place_would_be_seen():
    assert list(
        strangers(
            {"cull": {"timeOut": 1}, "singleuser": {"memory": "1G"}, "prePuller": {"hook": {"enabled": 1}}}, SCHEMA
        )
    ) == [
        "cull.timeOut: no such key",
        "singleuser.memory: not a mapping",
        "prePuller.hook.enabled: 1",
    ]


def megabytes(text):
    return int(re.fullmatch(r"(\d+)M", text)[1])


def test_memory_and_processor_follow_from_what_was_measured():
    memory, cpu = VALUES["singleuser"]["memory"], VALUES["singleuser"]["cpu"]
    assert megabytes(memory["guarantee"]) == load_hub.guarantee(FIGURES)
    assert megabytes(memory["limit"]) == load_hub.limit(FIGURES)
    assert FIGURES["cpu_moving_cores"] <= cpu["guarantee"] <= 4 * FIGURES["cpu_moving_cores"]
    assert cpu["limit"] >= 1  # else a start is slower than the one measured


def test_the_measurement_is_one_of_twenty_without_a_failure():
    assert FIGURES["run"]["learners"] == FIGURES["started"] == 20 and FIGURES["failures"] == []
    assert [step["learners"] for step in FIGURES["steps"]] == [5, 10, 15, 20]


def test_the_table_of_machines_is_reckoned_from_it():
    rows = re.findall(r"^\| (\d+) \| (\d+) cores, (\d+) GB \| (\d+) \|$", README, flags=re.M)
    assert [int(learners) for learners, *_ in rows] == [10, 20, 30, 50, 100, 200]
    for learners, cores, memory, count in rows:
        assert (int(cores), int(memory)) == load_hub.needed(int(learners), FIGURES)
        assert int(count) == load_hub.nodes(int(learners), FIGURES)


def test_numbers_in_the_text_are_the_measured_ones():
    last = FIGURES["steps"][-1]
    for words in (
        f"a server takes {FIGURES['server_mb']:.0f} MB and a kernel {FIGURES['kernel_mb']:.0f} MB",
        f"a start {FIGURES['cpu_start_s']:.1f} s of processor time",
        f"{last['cores_per_learner']:.2f} of a core",
        f"limits.memory {load_hub.limit(FIGURES) / 1024:g}G",
    ):
        assert words in " ".join(README.split()), words


def test_all_doors_lead_to_chapter_0():
    """The class's link, the chart's default address and TLJH's: the same repository, branch and notebook."""
    config = types.SimpleNamespace(Spawner=types.SimpleNamespace())
    exec((DEPLOY / "tljh_config.py").read_text(encoding="utf-8"), {"get_config": lambda: config})
    link = re.search(r"^    HUB(/hub/user-redirect/git-pull\?\S+)$", README, flags=re.M)[1]
    doors = [link, VALUES["singleuser"]["defaultUrl"], config.Spawner.default_url]
    wanted = {
        "repo": ["https://github.com/OWNER/leverage-lab"],
        "branch": ["main"],
        "depth": ["1"],
        "urlpath": ["lab/tree/leverage-lab/notebooks/00-start-here.ipynb"],
    }
    for door in doors:
        assert urlsplit(door).path.endswith("/git-pull") and parse_qs(urlsplit(door).query) == wanted
    assert (ROOT / wanted["urlpath"][0].removeprefix("lab/tree/leverage-lab/")).exists()


def test_nobody_gets_in_unasked():
    assert VALUES["hub"]["config"]["JupyterHub"]["authenticator_class"] != "dummy"
    assert VALUES["hub"]["config"]["NativeAuthenticator"]["open_signup"] is False
    assert VALUES["proxy"]["https"]["enabled"] is True
    for key in ("uid", "allowPrivilegeEscalation", "networkPolicy", "cloudMetadata"):
        assert key not in VALUES["singleuser"]  # the chart's own: no root, no way up, no cluster network


def test_nbgitpuller_is_the_one_the_load_test_used():
    pinned = re.search(r"nbgitpuller==(\S+)", (ROOT / "Makefile").read_text())[1]
    assert FIGURES["versions"]["nbgitpuller"] == pinned
    for file in ("README.md", "image.dockerfile"):
        assert re.findall(r"nbgitpuller==(\S+)", (DEPLOY / file).read_text()) == [pinned]


def test_the_folder_of_fonts_is_the_same_in_image_and_hub():
    built = re.search(r"MPLCONFIGDIR=(\S+)", (DEPLOY / "image.dockerfile").read_text())[1]
    assert VALUES["singleuser"]["extraEnv"]["MPLCONFIGDIR"] == built
    assert f"--target-repo-dir {Path(built).parent}" in README
