"""The files of deploy/ say what the code reads, and the tools that use them accept them."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from ptce_server import Operations
from ptce_server.settings import from_environment
from scripts import find_nginx
from scripts.nginx_upstreams import upstreams

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
KUBERNETES = (DEPLOY / "kubernetes" / "atlas.yaml").read_text()
UNIT = (DEPLOY / "systemd" / "atlas@.service").read_text()
GUIDE = (ROOT / "docs" / "exploitation.md").read_text()
OBJECTS: list[dict[str, Any]] = list(yaml.safe_load_all(KUBERNETES))
#: Told to nginx, to PostgreSQL, to the makefile or to the tests, not to a replica.
NOT_OURS = {"PTCE_CHROMIUM"}
VARIABLE = re.compile(r"\b(?:PTCE|STREAMLIT)_[A-Z][A-Z_]*[A-Z]\b")


def kind(name: str, called: str = "atlas") -> dict[str, Any]:
    return next(o for o in OBJECTS if o["kind"] == name and o["metadata"]["name"] == called)


def copied() -> list[str]:
    """What the last stage copies out of the project."""
    last = CONTAINERFILE[CONTAINERFILE.rindex("\nFROM ") :]
    return [source for line in re.findall(r"(?m)^COPY (?!--from)(.+)$", last) for source in line.split()[:-1]]


def sources() -> Iterator[Path]:
    for source in copied():
        found = sorted(ROOT.glob(source))
        assert found, f"rien à copier : {source}"
        for path in found:
            yield from [path] if path.is_file() else (p for p in path.rglob("*") if p.is_file())


def test_the_image_has_every_module_it_imports() -> None:
    ours = {p.stem for p in ROOT.glob("*.py")} | {p.parent.name for p in ROOT.glob("*/*.py")}
    given = {Path(source).stem for source in copied()}
    imported = set()
    for path in sources():
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    imported |= {name.name.partition(".")[0] for name in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    imported.add(node.module.partition(".")[0])
    assert imported & ours <= given
    assert {"ptce_data", "ptce_ui"} <= imported & ours


def test_the_image_takes_what_is_versioned_and_nothing_of_readers() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("ce dossier n’est pas un dépôt git")
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text().split()
    assert {"var", "tests", "static/gen", "static/own", "deploy/*.env", "**/__pycache__"} <= set(ignored)
    tops = {source.partition("/")[0] for source in copied()}
    assert not tops & {"tests", "benchmarks", "deploy", "var", "scripts", "build"}
    for pattern in (
        "static/own/x.json",
        "var/atlas.db",
        "static/gen/x",
        ".streamlit/secrets.toml",
        "deploy/atlas.env",
    ):
        assert not any(fnmatch(pattern, source) for source in copied() if "/" in source and "*" not in source)
        assert any(fnmatch(pattern, line) or pattern.startswith(f"{line}/") for line in ignored)


def test_the_image_is_no_root_and_says_when_it_is_ready() -> None:
    user = re.search(r"(?m)^USER (\S+)$", CONTAINERFILE)
    assert user is not None and user[1] == "10001"
    assert "--uid 10001" in CONTAINERFILE
    assert "STOPSIGNAL SIGTERM" in CONTAINERFILE
    port = re.search(r"(?m)^EXPOSE (\d+)$", CONTAINERFILE)
    assert port is not None and f'"--server.port", "{port[1]}"' in CONTAINERFILE
    probe = yaml.safe_load(CONTAINERFILE.partition("HEALTHCHECK")[2].partition("CMD ")[2].partition("\n")[0])
    assert COMPOSE["services"]["atlas-1"]["healthcheck"]["test"] == ["CMD", *probe]
    assert f"127.0.0.1:{port[1]}/readyz" in probe[-1]


def read_by_us() -> set[str]:
    """Environment variables that the code names, and those of Streamlit's options."""
    from streamlit import config

    named = {
        name
        for folder in ("ptce_api", "ptce_data", "ptce_server", "ptce_store", "ptce_ui")
        for path in (ROOT / folder).rglob("*.py")
        for name in VARIABLE.findall(path.read_text())
    }
    options = (key for section in config.get_config_options() for key in [section])
    return named | {"STREAMLIT_" + re.sub(r"(?<=[a-z])(?=[A-Z])|\.", "_", key).upper() for key in options}


def test_every_variable_that_is_told_is_read() -> None:
    texts = [p.read_text() for p in DEPLOY.rglob("*") if p.is_file() and p.name in versioned_names()]
    told = set(VARIABLE.findall("\n".join([*texts, GUIDE])))
    assert told - read_by_us() - NOT_OURS == set()
    settings = set(VARIABLE.findall(from_environment.__doc__ or ""))
    assert len(settings) == 7
    assert settings <= set(VARIABLE.findall(GUIDE)), "docs/exploitation.md nomme chaque réglage"


def versioned_names() -> set[str]:
    """`atlas.env` and the like hold an operator's secrets: not read here."""
    return {p.name for p in DEPLOY.rglob("*") if p.suffix != ".env" or p.name == "exemple.env"}


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


def test_every_host_waits_longer_than_a_replica_takes_to_stop() -> None:
    image = dict(re.findall(r"(PTCE_STOP_\w+)=(\d+)", CONTAINERFILE))
    ours = seconds(image["PTCE_STOP_DELAY"]) + seconds(image["PTCE_STOP_TIMEOUT"])
    assert seconds(COMPOSE["services"]["atlas-1"]["stop_grace_period"]) >= ours + 5
    pod = kind("StatefulSet")["spec"]["template"]["spec"]
    env = {e["name"]: e.get("value") for e in pod["containers"][0]["env"]}
    theirs = seconds(env["PTCE_STOP_DELAY"]) + seconds(env["PTCE_STOP_TIMEOUT"])
    assert pod["terminationGracePeriodSeconds"] >= theirs + 5
    unit = dict(re.findall(r"(PTCE_STOP_TIMEOUT|TimeoutStopSec)=(\d+)", UNIT))
    assert seconds(unit["TimeoutStopSec"]) >= seconds(unit["PTCE_STOP_TIMEOUT"]) + 5


def test_compose_names_the_replicas_that_nginx_asks() -> None:
    services = COMPOSE["services"]
    replicas = {
        service["environment"]["PTCE_REPLICA"]: f"{name}:8501"
        for name, service in services.items()
        if "PTCE_REPLICA" in service.get("environment", {})
    }
    assert len(replicas) == 2
    assert (DEPLOY / "nginx" / "upstreams.conf").read_text() == upstreams(replicas)
    assert (
        services["nginx"]["ports"] == ["8080:80"]
        and "listen 80;" in (DEPLOY / "nginx/listen.conf").read_text()
    )
    for mount in services["nginx"]["volumes"]:
        assert (DEPLOY / mount.partition(":")[0]).exists(), mount
    written = {mount.partition(":")[0] for mount in services["atlas-1"]["tmpfs"]}
    assert written == {"/tmp", *(f"/atlas/static/{name}" for name in ("gen", "own", "vendor"))}
    assert services["atlas-1"]["read_only"] and services["atlas-1"]["cap_drop"] == ["ALL"]
    # PostgreSQL is reached by the replicas alone, nginx by everybody.
    assert COMPOSE["networks"]["derriere"]["internal"] and services["base"]["networks"] == ["derriere"]
    assert "ports" not in services["base"] and "ports" not in services["atlas-1"]


def test_kubernetes_asks_what_answers_and_lets_a_pod_do_little() -> None:
    paths = {route.path for route in Operations(lambda: None, ROOT).routes()}  # type: ignore[arg-type,return-value,attr-defined]
    pods = [o["spec"]["template"]["spec"] for o in OBJECTS if o["kind"] in ("StatefulSet", "Deployment")]
    replica = pods[0]["containers"][0]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert replica[probe]["httpGet"]["path"] in paths
    assert replica["livenessProbe"]["httpGet"]["path"] == "/healthz", (
        "une base arrêtée ne tue aucune réplique"
    )
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"]
        for container in [*pod.get("initContainers", ()), *pod["containers"]]:
            allowed = container["securityContext"]
            assert allowed["readOnlyRootFilesystem"] and allowed["capabilities"]["drop"] == ["ALL"]
            assert not allowed["allowPrivilegeEscalation"]
            assert "memory" in container["resources"]["limits"]
            volumes = {volume["name"] for volume in pod["volumes"]}
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
    mounts = {m["mountPath"] for m in replica["volumeMounts"]}
    assert mounts == {m.partition(":")[0] for m in COMPOSE["services"]["atlas-1"]["tmpfs"]}


def told_upstreams() -> str:
    """What the command in the manifest's first lines writes."""
    command = re.search(r"nginx_upstreams\.py (.+?) >", KUBERNETES)
    assert command is not None
    return upstreams(dict(pair.split("=") for pair in command[1].split()))


def test_kubernetes_names_the_replicas_that_nginx_asks() -> None:
    spec = kind("StatefulSet")["spec"]
    env = {e["name"]: e for e in spec["template"]["spec"]["containers"][0]["env"]}
    assert env["PTCE_REPLICA"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"
    for number in range(spec["replicas"]):
        name = f"atlas-{number}"
        service = kind("Service", name)["spec"]
        assert service["selector"] == {"statefulset.kubernetes.io/pod-name": name}
        assert f"server {name}:{service['ports'][0]['port']} " in told_upstreams()
    assert f"atlas-{spec['replicas']}" not in told_upstreams()
    assert kind("Service", spec["serviceName"])["spec"]["clusterIP"] == "None"


@pytest.mark.parametrize("place", ["deploy", "kubernetes"])
def test_nginx_reads_its_configuration(place: str, tmp_path: Path) -> None:
    program = find_nginx.find()
    if program is None:
        pytest.skip("nginx n’est pas installé (python scripts/find_nginx.py)")
    shutil.copytree(DEPLOY / "nginx", tmp_path / "atlas")
    shutil.copy(DEPLOY / "security-headers.conf", tmp_path)
    parts = tmp_path / "atlas"
    if place == "kubernetes":
        (parts / "upstreams.conf").write_text(told_upstreams())
        for name, text in kind("ConfigMap", "atlas-nginx-site")["data"].items():
            (parts / name).write_text(text)
    # Names are looked up when nginx starts, and a port may be taken.
    whole = (
        (parts / "nginx.conf")
        .read_text()
        .replace("/run/", f"{tmp_path}/")
        .replace("/var/log/nginx", str(tmp_path))
    )
    (tmp_path / "nginx.conf").write_text(whole.replace("    include      mime.types;\n", ""))
    for name, pattern, new in (
        ("upstreams.conf", r"server atlas-\d:", "server 127.0.0.1:"),
        ("listen.conf", r"listen \d+;", f"listen unix:{tmp_path}/s;"),
        ("listen.conf", r"/var/log/nginx/access\.log|/dev/stdout", str(tmp_path / "journal")),
        ("site.conf", r"/var/cache/nginx", str(tmp_path)),
    ):
        text = (parts / name).read_text()
        changed = re.sub(pattern, new, text)
        assert changed != text, (name, pattern)
        (parts / name).write_text(changed)
    (tmp_path / "journal").touch()
    done = subprocess.run(
        [program, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def tool(name: str) -> str:
    """A program of `make deployfiles`."""
    found = shutil.which(name, path=os.environ.get("PTCE_DEPLOY_TOOLS", str(ROOT / "build/deploy/bin")))
    if found is None:
        pytest.skip(f"{name} n’est pas installé (make deployfiles)")
    return found


def test_kubernetes_knows_every_field() -> None:
    done = subprocess.run(
        [tool("kubernetes-validate"), "--strict", DEPLOY / "kubernetes" / "atlas.yaml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (done.stdout + done.stderr).count(" passed ") == len(OBJECTS)


def test_compose_knows_every_field() -> None:
    done = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_systemd_takes_the_unit_and_finds_it_well_shut(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze n’est pas installé (paquet systemd)")
    unit = tmp_path / "atlas@.service"
    # The only thing that is missing here: the installed atlas.
    unit.write_text(UNIT.replace("/opt/atlas-ptce/.venv/bin/streamlit", "/bin/true"))
    done = subprocess.run([program, "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    shut = subprocess.run(
        [program, "security", "--offline=true", "--threshold=20", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shut.returncode == 0, shut.stdout[-200:]


def test_the_guide_names_commands_that_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", GUIDE)) <= targets
    for path in re.findall(r"`((?:deploy|scripts|docs)/[^` *]+)`", GUIDE):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"python (scripts/\S+\.py)", GUIDE):
        assert (ROOT / path).exists(), path
