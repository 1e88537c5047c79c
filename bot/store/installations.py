"""Workspaces that installed Dragoman, and those that left: nothing is sent to them any more.

The last three tables hold tokens. Slack's library reads and writes them
(``slack_sdk.oauth.installation_store.sqlalchemy``, ``slack_sdk.oauth.state_store.sqlalchemy``),
so their names and columns are its own; its times are UTC without saying so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from bot.models import Installed
from bot.store.inbox import request
from bot.store.instants import Utc
from bot.store.outbox import outgoing
from bot.store.sql import upsert
from bot.store.tables import metadata

installed = Table(
    "installed",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("organisation", String),
    Column("org_wide", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("person", String, nullable=False),
    Column("since", Utc, nullable=False),
    Column("left_at", Utc),
    Column("begun_at", Utc),
    Column("deleting", Boolean, nullable=False),
    Index(None, "organisation"),
)

slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String, nullable=False),
    Column("app_id", String, nullable=False),
    Column("enterprise_id", String),
    Column("enterprise_name", Text),
    Column("team_id", String),
    Column("team_name", Text),
    Column("bot_token", Text),
    Column("bot_id", String),
    Column("bot_user_id", String),
    Column("bot_scopes", Text),
    Column("bot_refresh_token", Text),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index(None, "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String, nullable=False),
    Column("app_id", String, nullable=False),
    Column("enterprise_id", String),
    Column("enterprise_name", Text),
    Column("enterprise_url", Text),
    Column("team_id", String),
    Column("team_name", Text),
    Column("bot_token", Text),
    Column("bot_id", String),
    Column("bot_user_id", String),
    Column("bot_scopes", Text),
    Column("bot_refresh_token", Text),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", String, nullable=False),
    Column("user_token", Text),
    Column("user_scopes", Text),
    Column("user_refresh_token", Text),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", Text),
    Column("incoming_webhook_channel", Text),
    Column("incoming_webhook_channel_id", Text),
    Column("incoming_webhook_configuration_url", Text),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", String),
    Column("installed_at", DateTime, nullable=False),
    Index(None, "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String, nullable=False),
    Column("expire_at", DateTime, nullable=False),
    Index(None, "state"),
)

TOKENS = (slack_bots, slack_installations, slack_oauth_states)
"""Kept by Slack's library; their rows go when a workspace leaves, and not with its data."""


LEFT = "it is not installed there any more"

_Connect = Callable[[], AbstractContextManager[Connection]]

_IS = installed.c.workspace == bindparam("w")
_ONE = select(installed).where(_IS)
_ALL = select(installed).order_by(installed.c.since, installed.c.workspace)
_HERE = installed.c.left_at.is_(None)
_LEAVE = update(installed).where(_IS, _HERE).values(left_at=bindparam("now"))
_BROUGHT = select(installed.c.workspace).where(
    installed.c.organisation == bindparam("o"), installed.c.org_wide, _HERE
)
_BEGUN = update(installed).where(_IS).values(begun_at=bindparam("now"))
_OPEN_REQUESTS = request.c.state.in_(("new", "working"))
_TAKEN_OVER = ("organisation", "org_wide", "name", "person", "since", "left_at")


class Installations:
    """Part of the Store, at ``store.installations``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def put(self, one: Installed) -> None:
        """Record an installation; a workspace that had left is back, with all it had."""
        with self._write() as connection:
            statement = upsert(connection.dialect.name, installed, _TAKEN_OVER)
            connection.execute(statement, one.model_dump())

    def of(self, workspace: str) -> Installed | None:
        """What is known of a workspace; None of one that never installed it, or is deleted."""
        with self._read() as connection:
            row = connection.execute(_ONE, {"w": workspace}).mappings().one_or_none()
        return Installed.model_validate(dict(row)) if row else None

    def all(self) -> list[Installed]:
        """Every workspace that is known, by when it was installed there."""
        with self._read() as connection:
            rows = connection.execute(_ALL).mappings().all()
        return [Installed.model_validate(dict(row)) for row in rows]

    def leave(self, workspace: str, now: datetime) -> list[str]:
        """Note that a workspace left, forget its tokens, and end what waits to be sent there.

        An organisation leaves with all workspaces that it brought. Returns those that left.
        """
        with self._write() as connection:
            gone = [workspace, *connection.execute(_BROUGHT, {"o": workspace}).scalars()]
            left = [
                one
                for one in dict.fromkeys(gone)
                if connection.execute(_LEAVE, {"w": one, "now": now}).rowcount
            ]
            for table in (slack_bots, slack_installations):
                org = (table.c.enterprise_id == workspace) & table.c.team_id.is_(None)
                connection.execute(delete(table).where(or_(table.c.team_id == workspace, org)))
            _end(connection, left or [workspace], LEFT, now)
        return left

    def cancel_pending(self, workspace: str, why: str, now: datetime) -> int:
        """Cancel what waits to be sent in a workspace; returns how many messages that was."""
        with self._write() as connection:
            return _end(connection, [workspace], why, now)

    def mark_notes_loaded(self, workspace: str, now: datetime) -> None:
        """Record that a workspace has the notes that come with Dragoman."""
        with self._write() as connection:
            connection.execute(_BEGUN, {"w": workspace, "now": now})


def _end(connection: Connection, workspaces: Sequence[str], why: str, now: datetime) -> int:
    """What somebody is sending just now is left to them."""
    free = or_(outgoing.c.lease_until.is_(None), outgoing.c.lease_until < now)
    sent = connection.execute(
        update(outgoing)
        .where(outgoing.c.workspace.in_(workspaces), outgoing.c.state == "waiting", free)
        .values(state="failed", lease_until=None, ended_at=now, error=why)
    )
    free = or_(request.c.lease_until.is_(None), request.c.lease_until < now)
    asked = connection.execute(
        update(request)
        .where(request.c.workspace.in_(workspaces), _OPEN_REQUESTS, free)
        .values(state="failed", payload="{}", lease_until=None, ended_at=now, error=why)
    )
    return sent.rowcount + asked.rowcount
