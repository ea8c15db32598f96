"""compose.yaml and what it mounts, checked as far as that goes without a container engine."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lookalike.core.metrics import Metrics
from lookalike.core.settings import Settings, read_settings
from tests.conftest import ROOT
from tests.support.prometheus import samples

DEPLOY = ROOT / "deploy"
GRAFANA = DEPLOY / "grafana"


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


COMPOSE = read(DEPLOY / "compose.yaml")
DASHBOARD = json.loads((GRAFANA / "dashboards" / "lookalike.json").read_text(encoding="utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def test_the_file_is_one_that_compose_reads() -> None:
    program, file = str(Path(sys.executable).with_name("check-jsonschema")), str(DEPLOY / "compose.yaml")
    command = [program, "--builtin-schema", "vendor.compose-spec", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_bot_is_set_up_with_settings_that_exist() -> None:
    given = COMPOSE["services"]["bot"]["environment"]

    assert {name.lower() for name in given} <= set(Settings.model_fields)
    read_settings(given)


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_everything_a_service_uses_is_there(name: str) -> None:
    service = COMPOSE["services"][name]
    for mount in service["volumes"]:
        source = mount.split(":")[0]
        assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])


def test_nothing_can_be_reached_from_outside_but_by_whoever_runs_it() -> None:
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert "outside" not in COMPOSE["services"]["mongodb"]["networks"]


def test_the_bot_is_confined_as_the_readme_runs_it() -> None:
    bot, readme = COMPOSE["services"]["bot"], (DEPLOY / "README.md").read_text(encoding="utf-8")

    assert (bot["read_only"], bot["tmpfs"], bot["cap_drop"]) == (True, "/tmp", ["ALL"])  # noqa: S108 - in the image
    for option in ("--read-only", "--tmpfs /tmp", "--cap-drop ALL", f"--stop-timeout {bot['stop_grace_period'][:-1]}"):
        assert option in readme


def test_prometheus_asks_the_bot_where_it_listens() -> None:
    (job,) = read(DEPLOY / "prometheus.yml")["scrape_configs"]
    port = COMPOSE["services"]["bot"]["environment"]["METRICS_LISTEN"].rpartition(":")[2]

    assert job["static_configs"] == [{"targets": [f"bot:{port}"]}]


def test_grafana_finds_its_data_and_its_dashboard() -> None:
    (source,) = read(GRAFANA / "provisioning" / "datasources" / "prometheus.yaml")["datasources"]
    (provider,) = read(GRAFANA / "provisioning" / "dashboards" / "lookalike.yaml")["providers"]
    mounts = dict(mount.split(":")[:2] for mount in COMPOSE["services"]["grafana"]["volumes"])

    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {source["uid"]}
    assert mounts["./grafana/dashboards"] == provider["options"]["path"]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


async def test_the_dashboard_asks_for_metrics_that_the_bot_has() -> None:
    exposed = set()
    for metrics in (Metrics(), Metrics("lookalike_page")):
        metrics.update("message")
        metrics.answer("match")
        metrics.failure("poll")
        metrics.observe("answer", 1.0)
        metrics.states(workers=1)
        exposed |= {name.partition("{")[0] for name in samples((await metrics.text()).decode())}

    asked = {name for query in QUERIES for name in re.findall(r"\b(?:lookalike|process)_\w+", query)}
    assert len(asked) > 5
    assert asked <= exposed


def test_the_dashboard_asks_for_states_and_stages_that_the_code_sets() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "lookalike").rglob("*.py"))
    values = {one for query in QUERIES for text in re.findall(r'=~?"([^"]*)"', query) for one in text.split("|")}

    assert len(values) > 8
    assert {one for one in values if not re.search(rf'"{one}"|\b{one}=', code)} == set()
