"""Workspaces that come and leave, and everything that is deleted of one that left."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, String, Table, insert, select

from bot.errors import BadWorkspace
from bot.models import SEED, Installed, Outgoing
from bot.store.installations import (
    LEFT,
    TOKENS,
    installed,
    slack_bots,
    slack_installations,
    slack_oauth_states,
)
from bot.store.retention import SHARED, owned_tables
from bot.store.store import Store
from bot.store.tables import Utc, change, metadata
from tests.arrivals import open_store
from tests.unsent import unsent

pytestmark = pytest.mark.usefixtures("each_store")

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
OURS, THEIRS = "T0OURS", "T0THEIRS"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def came(workspace: str = OURS, **more: Any) -> Installed:
    return Installed(workspace=workspace, name="Desk", person="U1", since=NOW, **more)


def notice(workspace: str, key: str, place: str = "C1") -> Outgoing:
    return Outgoing(
        workspace=workspace, key=key, kind="notice", place=place, content={"said": "x"}, due_at=NOW
    )


def row_of(table: Table, workspace: str, n: int) -> dict[str, Any]:
    """A row of any table, as its columns are; all that name a workspace name this one."""
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = datetime if isinstance(column.type, Utc) else column.type.python_type
        row[column.name] = {
            str: f"{column.name}-{n}",
            int: n,
            bool: False,
            float: 0.5,
            bytes: b"x",
            date: date(2026, 1, 1),
            datetime: NOW,
        }.get(kind, f"{column.name}-{n}")
        if isinstance(column.type, String) and column.type.length:
            row[column.name] = f"{n}".rjust(column.type.length, "x")
    row["workspace"] = workspace
    if "team" in row:
        row["team"] = workspace
    if table is change:
        row["seq"] += 1_000_000  # beside those that the counter gives
    if table.name == "evidence":
        row |= {"start": 1, "end": 2}
    return row


def fill(store: Store, workspace: str, n: int) -> None:
    """A row in every table that a workspace has a part in."""
    made: dict[str, dict[str, Any]] = {}
    with store._write() as connection:
        for table in [installed, *reversed(owned_tables())]:
            row = made[table.name] = row_of(table, workspace, n)
            for key in table.foreign_keys:
                row[key.parent.name] = made[key.column.table.name][key.column.name]
            connection.execute(insert(table), row)


def counts(store: Store, workspace: str) -> dict[str, int]:
    with store._read() as connection:
        return {
            table.name: len(
                connection.execute(select(table).where(table.c.workspace == workspace)).all()
            )
            for table in [installed, *owned_tables()]
        }


def test_every_table_is_a_workspaces_or_known_to_be_none() -> None:
    """A table that is added later belongs to a workspace, and is emptied with it."""
    assert {one.name for one in (installed, *owned_tables(), *SHARED)} == set(metadata.tables)
    for table in owned_tables():
        assert "workspace" in table.columns, f"{table.name}: whose is it?"
    assert {one.name for one in SHARED} == {"counter", "mark", *(one.name for one in TOKENS)}


def test_what_refers_to_others_is_emptied_before_those() -> None:
    order = [table.name for table in owned_tables()]
    for table in owned_tables():
        for key in table.foreign_keys:
            assert order.index(table.name) < order.index(key.column.table.name) or (
                key.column.table is table
            )


def test_everything_of_one_goes_and_nothing_of_another(store: Store) -> None:
    fill(store, OURS, 1)
    fill(store, THEIRS, 2)
    before = counts(store, THEIRS)
    assert set(counts(store, OURS).values()) == {1}
    store.installations.leave(OURS, NOW)
    while store.deletion.delete_some(OURS, most=1):
        pass
    left = counts(store, OURS)
    assert {name for name, n in left.items() if n} == {"change"}
    assert counts(store, THEIRS) == before
    assert not store.deletion.has_data(OURS)
    assert store.deletion.has_data(THEIRS)
    with store._read() as connection:
        rows = connection.execute(
            select(change.c.kind, change.c.key, change.c.op).where(change.c.workspace == OURS)
        ).all()
    assert ("article", "id-1", "delete") in [tuple(row) for row in rows]


def test_what_a_team_follows_over_other_articles_goes_too(store: Store) -> None:
    """Before several workspaces were served, one drew on the articles of the command line."""
    fill(store, "local", 1)
    with store._write() as connection:
        for table in owned_tables():
            if "team" in table.c:
                connection.execute(table.update().values(team=OURS))
    while store.deletion.delete_some(OURS):
        pass
    left = counts(store, "local")
    assert {name for name, n in left.items() if not n} == {
        *(table.name for table in owned_tables() if "team" in table.c),
        "digested",
        *(
            table.name
            for table in owned_tables()
            if any("team" in key.column.table.c for key in table.foreign_keys)
        ),
    }


def test_the_actors_of_all_stay(store: Store) -> None:
    with pytest.raises(BadWorkspace, match="all workspaces share"):
        store.deletion.delete_some(SEED)


def test_who_comes_back_while_it_is_deleted_begins_anew(store: Store) -> None:
    store.installations.put(came())
    store.installations.mark_notes_loaded(OURS, NOW)
    store.installations.leave(OURS, NOW)
    fill_articles = row_of(metadata.tables["article"], OURS, 1)
    with store._write() as connection:
        connection.execute(insert(metadata.tables["article"]), fill_articles)
        connection.execute(
            insert(metadata.tables["watch"]), row_of(metadata.tables["watch"], OURS, 1)
        )
    assert store.deletion.delete_some(OURS, most=1)
    store.installations.put(came())
    back = store.installations.of(OURS)
    assert back is not None
    assert back.here
    assert back.deleting
    while store.deletion.delete_some(OURS, most=1):
        pass
    again = store.installations.of(OURS)
    assert again is not None
    assert (again.here, again.deleting, again.begun_at) == (True, False, None)


def test_who_leaves_is_sent_nothing_and_its_tokens_are_gone(store: Store) -> None:
    store.installations.put(came())
    store.installations.put(came(THEIRS))
    values = {"client_id": "1", "app_id": "A", "is_enterprise_install": False, "installed_at": NOW}
    with store._write() as connection:
        for workspace in (OURS, THEIRS):
            for table in (slack_bots, slack_installations):
                row = values | {"team_id": workspace, "bot_token": "xoxb-1"}
                more = {"user_id": "U1"} if table is slack_installations else {}
                connection.execute(insert(table), row | more)
    store.outbox.put([notice(OURS, "a"), notice(THEIRS, "a")], NOW)
    store.inbox.record(OURS, "brief", "1", {"text": "Qatar"}, NOW)
    assert store.installations.leave(OURS, NOW) == [OURS]
    assert store.installations.leave(OURS, NOW + timedelta(days=1)) == []
    assert store.outbox.ended(OURS, "a") == ("failed", LEFT)
    assert [one.key for one in unsent(store, THEIRS)] == ["a"]
    assert store.inbox.claim_some(NOW, timedelta(seconds=30), 5) == []
    with store._read() as connection:
        for table in (slack_bots, slack_installations):
            assert list(connection.execute(select(table.c.team_id)).scalars()) == [THEIRS]
    left = store.installations.of(OURS)
    assert left is not None
    assert left.left_at == NOW
    store.installations.put(came())
    assert [one.here for one in store.installations.all()] == [True, True]


def test_an_organisation_leaves_with_what_it_brought(store: Store) -> None:
    store.installations.put(came("E1", organisation="E1", org_wide=True))
    store.installations.put(came("T1", organisation="E1", org_wide=True))
    store.installations.put(came("T2", organisation="E1"))
    store.installations.put(came("T3", organisation="E2", org_wide=True))
    store.outbox.put([notice("T1", "a"), notice("T2", "b")], NOW)
    assert store.installations.leave("E1", NOW) == ["E1", "T1"]
    assert {one.workspace: one.here for one in store.installations.all()} == {
        "E1": False,
        "T1": False,
        "T2": True,
        "T3": True,
    }
    assert store.outbox.ended("T1", "a") == ("failed", LEFT)
    assert store.outbox.ended("T2", "b") is None


def test_what_is_being_sent_is_left_to_who_sends_it(store: Store) -> None:
    store.outbox.put([notice(OURS, "a"), notice(OURS, "b", "C2")], NOW)
    (ours,) = store.outbox.claim(NOW, timedelta(minutes=1), 1)
    assert store.installations.cancel_pending(OURS, "invalid_auth", NOW) == 1
    assert store.outbox.sent(ours, "1.0", NOW)


@pytest.mark.sqlite
def test_the_tables_of_slacks_library_are_as_it_wants_them(tmp_path: Path) -> None:
    theirs = MetaData()
    pairs = (
        (slack_bots, SQLAlchemyInstallationStore.build_bots_table(theirs, "slack_bots")),
        (
            slack_installations,
            SQLAlchemyInstallationStore.build_installations_table(theirs, "slack_installations"),
        ),
        (
            slack_oauth_states,
            SQLAlchemyOAuthStateStore.build_oauth_states_table(theirs, "slack_oauth_states"),
        ),
    )
    for ours, wanted in pairs:
        assert {(c.name, c.nullable) for c in ours.columns} == {
            (c.name, c.nullable) for c in wanted.columns
        }
        kinds = {c.name: c.type.python_type for c in wanted.columns}
        assert {c.name: c.type.python_type for c in ours.columns} == kinds
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "dragoman.db")
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert {one.name for one, _ in pairs} <= names
