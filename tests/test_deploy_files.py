"""Container, compose and Kubernetes of deploy/, as far as their files can be tested without a container engine."""

from __future__ import annotations

import gzip
import os
import re
import runpy
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.load_serving import NGINX_FOLDER
from monitor.paths import ROOT

DEPLOY = ROOT / "deploy"


def documents(folder: Path) -> list[Any]:
    return [d for p in sorted(folder.glob("*.yaml")) for d in yaml.safe_load_all(p.read_text(encoding="utf-8")) if d]


def pods() -> dict[str, Mapping[str, Any]]:
    made = {}
    for d in documents(DEPLOY / "kubernetes"):
        if d["kind"] == "Deployment":
            made[d["metadata"]["name"]] = d["spec"]["template"]["spec"]
        elif d["kind"] == "CronJob":
            made[d["metadata"]["name"]] = d["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return made


def test_kubernetes_pods_may_do_nothing_but_their_work() -> None:
    kinds = {d["kind"] for d in documents(DEPLOY / "kubernetes")}
    assert kinds >= {"Deployment", "Service", "Ingress", "PodDisruptionBudget", "HorizontalPodAutoscaler", "CronJob"}
    assert kinds >= {"NetworkPolicy", "PersistentVolumeClaim", "ConfigMap"} and "Secret" not in kinds
    assert set(pods()) == {"app", "site", "refresh", "publish", "backup", "health"}
    for name, pod in pods().items():
        about = pod["securityContext"]
        assert about["runAsNonRoot"] and about["runAsUser"] > 0 and about["seccompProfile"], name
        assert pod["automountServiceAccountToken"] is False
        known = {v["name"] for v in pod["volumes"]}
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            held = container["securityContext"]
            assert held["readOnlyRootFilesystem"] and not held["allowPrivilegeEscalation"], name
            assert held["capabilities"] == {"drop": ["ALL"]} and container["resources"]["limits"]["memory"]
            assert {m["name"] for m in container["volumeMounts"]} <= known
    app = pods()["app"]["containers"][0]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert app[probe]["httpGet"]["path"] == "/_stcore/health"
    for job in (d for d in documents(DEPLOY / "kubernetes") if d["kind"] == "CronJob"):
        assert job["spec"]["concurrencyPolicy"] == "Forbid"
    assert not re.search(r"(?i)password: *\S", (DEPLOY / "kubernetes" / "settings.yaml").read_text())


def test_kubernetes_and_nginx_say_the_same_headers() -> None:
    maps = {d["metadata"]["name"]: d["data"] for d in documents(DEPLOY / "kubernetes") if d["kind"] == "ConfigMap"}
    said = maps["regiomonitor-headers"]
    found = re.findall(
        r'^add_header (\S+) (?:"([^"]*)"|([^$\s;]+)) always;', (NGINX_FOLDER / "headers.conf").read_text(), re.M
    )
    wanted = {name: a or b for name, a, b in found}
    policy = re.search(r'csp_app \{\s+default "(.*?)"', (NGINX_FOLDER / "csp.conf").read_text())
    assert policy and said["Content-Security-Policy"] == policy[1]
    assert {k: said[k] for k in wanted} == wanted and len(wanted) >= 5
    template = (NGINX_FOLDER / "nginx.conf.template").read_text()
    assert f'https "{said["Strict-Transport-Security"]}"' in template


def test_compose_locks_every_container_of_ours_and_holds_no_secret() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    made = yaml.safe_load(text)
    ours = {name: s for name, s in made["services"].items() if "regiomonitor" in s["image"]}
    assert {"proxy", "app-1", "app-2", "app-3", "voorbereiden", "verversen", "publiceren", "kopie"} <= set(ours)
    for name, service in made["services"].items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {v.split(":")[0] for v in service["volumes"]} - {"${TLS_FOLDER"} <= set(made["volumes"]), name
    assert made["networks"]["binnen"]["internal"] is True and made["services"]["database"]["networks"] == ["binnen"]
    # Every variable has a default, or compose refuses to start without it.
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert set(re.findall(r"\$\{([A-Z_]+):\?", text)) == {"DATABASE_PASSWORD", "COOKIE_SECRET"}
    assert not re.search(r"\$\{[A-Z_]+\}", text)
    example = (DEPLOY / "voorbeeld.env").read_text(encoding="utf-8")
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.M))
    assert set(given) <= asked
    assert not any(v for k, v in given.items() if re.search("PASSWORD|SECRET|CLIENT", k))


def test_the_image_holds_what_the_app_reads_and_no_more() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    stages = text.split("FROM ${BASE}")
    assert "USER 10001:10001" in stages[-1] and "HEALTHCHECK" in stages[-1] and "ADD " not in text
    assert "health.py" in stages[-1] and not re.search("(?i)password|secret|token", text)
    kept = re.findall(r"^!(\S+)$", (ROOT / ".containerignore").read_text(encoding="utf-8"), re.M)
    assert {"app.py", "serve.py", "pages", "ui", "monitor", "static", "requirements.txt"} <= set(kept)
    for pattern in kept:
        assert list(ROOT.glob(pattern)), pattern
    assert not {"tests", "data/eigen", "data/logboek", ".streamlit", "data"} & set(kept)
    assert (ROOT / ".dockerignore").readlink() == Path(".containerignore")


def test_start_makes_a_sign_in_that_only_the_app_reads(tmp_path: Path) -> None:
    start = runpy.run_path(str(DEPLOY / "container" / "start.py"))
    assert start["sign_in"]({}) == ""
    names = list(start["SIGN_IN"].values())
    given = {name: f'waarde "{k}" \\ één' for k, name in enumerate(names)}
    assert tomllib.loads(start["sign_in"](given))["auth"] == dict(zip(start["SIGN_IN"], given.values(), strict=True))
    with pytest.raises(SystemExit, match=names[-1]):
        start["sign_in"]({k: v for k, v in given.items() if k != names[-1]})
    path = start["keep"]("[auth]\n", tmp_path / "map")
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_prepare_fills_an_empty_volume_once(tmp_path: Path) -> None:
    folder = tmp_path / "cijfers" / "snapshot"
    folder.parent.mkdir()
    prepare = runpy.run_path(str(DEPLOY / "container" / "prepare.py"))
    assert "staan nu in" in prepare["figures"](folder)
    shipped = ROOT / "data" / "snapshot"
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {p.name: p.read_bytes() for p in shipped.iterdir()}
    (folder / "areas.parquet").write_bytes(b"van het bureau")
    assert "blijven" in prepare["figures"](folder) and (folder / "areas.parquet").read_bytes() == b"van het bureau"
    assert [p.name for p in folder.parent.iterdir()] == ["snapshot"]


def test_a_site_is_compressed_beforehand_and_only_what_changed(tmp_path: Path) -> None:
    compress = runpy.run_path(str(DEPLOY / "container" / "compress.py"))["compress"]
    page, small = tmp_path / "a" / "index.html", tmp_path / "klein.txt"
    page.parent.mkdir()
    page.write_text("welvaart " * 500, encoding="utf-8")
    small.write_text("kort", encoding="utf-8")
    (tmp_path / "weg.html.gz").write_bytes(b"van een pagina die er niet meer is")
    assert compress(tmp_path) == 1 and compress(tmp_path) == 0
    assert gzip.decompress((page.parent / "index.html.gz").read_bytes()) == page.read_bytes()
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["index.html", "index.html.gz", "klein.txt"]
    page.write_text("anders " * 500, encoding="utf-8")
    os.utime(page, ns=(1, 1))
    assert compress(tmp_path) == 1


def test_the_manual_names_every_setting() -> None:
    told = (ROOT / "docs" / "uitrol.md").read_text(encoding="utf-8")
    asked = set(re.findall(r"^([A-Z_]+)=\$\{\1:-", (NGINX_FOLDER / "start.sh").read_text(encoding="utf-8"), re.M))
    asked |= set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    asked |= set(runpy.run_path(str(DEPLOY / "container" / "start.py"))["SIGN_IN"].values())
    asked -= {"NGINX", "MIME", "HTTPS_PROXY", "LISTEN"} | {k for k in asked if k.startswith("AUTH_")}
    assert {k for k in asked if f"`{k}`" not in told} == set()


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl")
def test_kustomize_puts_it_together() -> None:
    done = subprocess.run(
        ["kubectl", "kustomize", str(DEPLOY / "kubernetes")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\nkind: ") + done.stdout.startswith("kind: ") >= 20
