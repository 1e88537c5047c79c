"""Whose data the command line works on, where it is installed, and deleting all of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from bot.cli import main
from bot.desk import DATABASE
from bot.models import Installed
from bot.store.installations import slack_bots
from bot.store.store import Store
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
WITHOUT = {
    "backup": "is about the whole store",
    "copy": "is about the whole store",
    "demo": "has a workspace of its own",
    "doctor": "is about all of it",
    "feeds test": "stores nothing",
    "migrate": "is about the whole store",
    "reindex": "is about the whole store",
    "restore": "is about the whole store",
    "serve": "serves all",
    "thin": "is about the whole store",
    "worker": "works for all",
    "workspaces delete": "names it",
    "workspaces list": "lists them",
}
"""Commands that are about no workspace's data, and why."""

NARROWED = {"export", "feedback export", "forget"}
"""Commands that tell of all workspaces, unless one of Slack's is named."""


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    desk_at(made).close()
    return made


@pytest.fixture(autouse=True)
def _ours(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DRAGOMAN_DATA", str(folder))
    monkeypatch.delenv("DRAGOMAN_WORKSPACE", raising=False)


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args), catch_exceptions=False)


def test_every_command_says_whose_data_it_works_on() -> None:
    named = dict(commands(main))
    told = {
        name: next((p for p in one.params if p.name == "workspace"), None)
        for name, one in named.items()
    }
    without = {name for name, option in told.items() if not isinstance(option, click.Option)}
    assert without == set(WITHOUT)
    for name, option in told.items():
        if isinstance(option, click.Option) and name not in NARROWED:
            assert option.callback is not None, f"{name}: DRAGOMAN_WORKSPACE says nothing to it"


def test_a_workspace_is_named_by_option_or_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = run("brief", "Qatar", "--workspace", TEAM)
    assert "missiles" in ours.output
    assert "missiles" not in run("brief", "Qatar").output
    monkeypatch.setenv("DRAGOMAN_WORKSPACE", TEAM)
    assert run("brief", "Qatar").output == ours.output
    assert "missiles" not in run("brief", "Qatar", "--workspace", "local").output
    monkeypatch.setenv("DRAGOMAN_WORKSPACE", "acme")
    wrong = run("brief", "Qatar")
    assert wrong.exit_code == 1
    assert "DRAGOMAN_WORKSPACE is 'acme'" in wrong.output


def test_what_is_read_for_one_is_not_anothers(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Norway met Peru in Lima on Monday.", encoding="utf-8")
    assert run("ingest", str(tmp_path / "note.txt"), "--workspace", "T0OTHER").exit_code == 0
    asked = ("ask", "who met Peru?")
    assert "Norway" in run(*asked, "--workspace", "T0OTHER").output
    assert "Norway met" not in run(*asked, "--workspace", TEAM).output
    assert run("feeds", "import", "--seeds", "--workspace", "T0OTHER").exit_code == 0
    assert "No feed is followed" in run("feeds", "list", "--workspace", TEAM).output
    assert "due" in run("feeds", "list", "--workspace", "T0OTHER").output


def test_installations_are_listed_and_tokens_are_not(folder: Path) -> None:
    assert "No workspace has installed it" in run("workspaces", "list").output
    with Store.open(f"sqlite:///{folder / DATABASE}") as store:
        _installed(store)
    told = run("workspaces", "list").output.splitlines()
    assert told == [
        "T0LEFT  Left Desk · since 2026-04-01 12:00 UTC, by U0ADA; left 2026-04-02, kept for 30"
        " days from then",
        "T0NEWS  News[31m · since 2026-04-01 12:00 UTC, by U0ADA",
        "T0ORG1  without a name, of the organisation E0ORG · since 2026-04-01 12:00 UTC, by U0ADA",
    ]
    rows = json.loads(run("workspaces", "list", "--json").output)
    assert [row["workspace"] for row in rows] == ["T0LEFT", "T0NEWS", "T0ORG1"]
    assert "xoxb" not in json.dumps(rows)


def _installed(store: Store) -> None:
    came = {"person": "U0ADA", "since": NOW}
    store.installations.put(Installed(workspace="T0NEWS", name="News\x1b[31m", **came))
    store.installations.put(Installed(workspace="T0LEFT", name="Left  Desk", **came))
    more = {"organisation": "E0ORG", "org_wide": True}
    store.installations.put(Installed(workspace="T0ORG1", **came, **more))
    values = {"client_id": "1", "app_id": "A", "is_enterprise_install": False, "installed_at": NOW}
    with store.connections.begin() as connection:
        row = {**values, "team_id": "T0NEWS", "bot_token": "xoxb-1"}
        connection.execute(insert(slack_bots), row)
    store.installations.leave("T0LEFT", NOW + timedelta(days=1))


def test_all_of_one_is_deleted_only_when_told_twice(folder: Path) -> None:
    refused = run("workspaces", "delete", TEAM)
    assert refused.exit_code == 1
    assert "add --yes" in refused.output
    assert "missiles" in run("brief", "Qatar", "--workspace", TEAM).output
    done = run("workspaces", "delete", TEAM, "--yes")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"Deleted all data of {TEAM}: ")
    gone = run("brief", "Qatar", "--workspace", TEAM).output
    assert "The store is empty" in gone
    again = run("workspaces", "delete", TEAM, "--yes")
    assert again.exit_code == 1
    assert "Nothing is stored of a workspace" in again.output
    shared = run("workspaces", "delete", "*", "--yes")
    assert shared.exit_code == 1
    assert "all workspaces share" in shared.output
    with Store.open(f"sqlite:///{folder / DATABASE}") as store:
        assert store.actors("local")
