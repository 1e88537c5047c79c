"""Alerts ask for metrics that there are, and the runbook says what to do about each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.cli import main
from bot.desk import Desk
from bot.health.probes import Health
from bot.telemetry import counts
from tests.deployed import DEPLOY, documents
from tests.stocked import desk_at

RULES: list[dict[str, Any]] = [
    rule for group in documents("alerts.yaml")[0]["groups"] for rule in group["rules"]
]
COMMAND = re.compile(r"(?:^|bin/|-- |worker )dragoman ([a-z]+)\b")
RUNBOOK = (DEPLOY / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(tmp_path_factory.mktemp("alerts"))
    yield opened
    opened.close()


async def linked() -> bool:
    return True


async def labels_of(desk: Desk) -> dict[str, set[str]]:
    """Each name of a sample that is told, with its labels."""
    health = Health(desk, linked)
    try:
        text = (await health.metrics()).decode()
    finally:
        health.close()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    for metric in counts.ALL:  # those with labels have no sample before they count
        (family,) = metric.collect()
        names = [f"{family.name}{end}" for end in ("_bucket", "_count", "_sum", "_total")]
        kinds = {"counter": names[3:], "histogram": names[:3], "gauge": [family.name]}
        for name in kinds[family.type]:
            found.setdefault(name, set()).update(getattr(metric, "_labelnames", ()), {"le"})
    return found


async def test_every_metric_and_label_of_an_alert_is_told(desk: Desk) -> None:
    told = await labels_of(desk)
    for rule in RULES:
        names = set(re.findall(r"\b(?:dragoman|process)_\w+", rule["expr"]))
        assert names, rule["alert"]
        assert names <= set(told), rule["alert"]
        asked = set(re.findall(r'(\w+)=~?"', rule["expr"]))
        for grouped in re.findall(r"\bby \(([^)]*)\)", rule["expr"]):
            asked |= set(re.findall(r"\w+", grouped))
        assert asked <= set().union(*(told[name] for name in names)), rule["alert"]
        spoken = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert spoken <= asked | {"instance", "job"}, rule["alert"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_is_whole_and_in_the_runbook(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["alert"].startswith("Dragoman")
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["expr"].count("(") == rule["expr"].count(")")
    (row,) = re.findall(rf"^\| `{rule['alert']}` \|(.+)\|$", RUNBOOK, re.MULTILINE)
    meaning, to_do = row.split("|")
    assert meaning.strip()
    assert to_do.strip()


def test_the_runbook_has_no_alert_of_old() -> None:
    named = set(re.findall(r"`(Dragoman[A-Z]\w+)`", RUNBOOK))
    assert named == {rule["alert"] for rule in RULES}


def test_links_of_the_runbook_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[\w-]*)?\)", RUNBOOK)
    assert links
    for link in links:
        assert link.startswith("https://") or (DEPLOY / link).exists(), link
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in RUNBOOK.splitlines()
        if line.startswith("#")
    }
    for anchor in re.findall(r"\]\(#([\w-]+)\)", RUNBOOK):
        assert anchor in headings, anchor


def test_commands_of_the_runbook_are_there() -> None:
    """Where something is run: in code, or after the program's folder or `--` of kubectl."""
    code = re.findall(r"^```\w*\n(.*?)^```", RUNBOOK, re.DOTALL | re.MULTILINE)
    code += re.findall(r"`([^`\n]+)`", RUNBOOK)
    lines = [line for part in code for line in part.splitlines()]
    run = [found[1] for line in lines for found in COMMAND.finditer(line)]
    assert len(run) > 10
    assert set(run) <= set(main.list_commands(click.Context(main)))
