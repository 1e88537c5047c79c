"""Workspaces that installed Dragoman, and those that left and get no more messages.

The last three tables hold tokens. Slack's library reads and writes them
(``slack_sdk.oauth.installation_store.sqlalchemy``, ``slack_sdk.oauth.state_store.sqlalchemy``),
so it defines their names and columns; its times are UTC, but naive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.models import Installed
from bot.store.engine import Repository
from bot.store.inbox import request
from bot.store.outbox import outgoing
from bot.store.sql import WORKSPACE, upsert
from bot.store.tables import Utc, metadata, optional, required

installed = sa.Table(
    "installed",
    metadata,
    sa.Column("workspace", sa.String, primary_key=True),
    sa.Column("organisation", sa.String),
    sa.Column("org_wide", sa.Boolean, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("person", sa.String, nullable=False),
    sa.Column("since", Utc, nullable=False),
    *optional(Utc, "left_at", "begun_at"),
    sa.Column("deleting", sa.Boolean, nullable=False),
    sa.Index(None, "organisation"),
)

slack_bots = sa.Table(
    "slack_bots",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    *required(sa.String, "client_id", "app_id"),
    sa.Column("enterprise_id", sa.String),
    sa.Column("enterprise_name", sa.Text),
    sa.Column("team_id", sa.String),
    *optional(sa.Text, "team_name", "bot_token"),
    *optional(sa.String, "bot_id", "bot_user_id"),
    *optional(sa.Text, "bot_scopes", "bot_refresh_token"),
    sa.Column("bot_token_expires_at", sa.DateTime),
    sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
    sa.Column("installed_at", sa.DateTime, nullable=False),
    sa.Index(None, "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_installations = sa.Table(
    "slack_installations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    *required(sa.String, "client_id", "app_id"),
    sa.Column("enterprise_id", sa.String),
    *optional(sa.Text, "enterprise_name", "enterprise_url"),
    sa.Column("team_id", sa.String),
    *optional(sa.Text, "team_name", "bot_token"),
    *optional(sa.String, "bot_id", "bot_user_id"),
    *optional(sa.Text, "bot_scopes", "bot_refresh_token"),
    sa.Column("bot_token_expires_at", sa.DateTime),
    sa.Column("user_id", sa.String, nullable=False),
    *optional(sa.Text, "user_token", "user_scopes", "user_refresh_token"),
    sa.Column("user_token_expires_at", sa.DateTime),
    *optional(
        sa.Text,
        "incoming_webhook_url",
        "incoming_webhook_channel",
        "incoming_webhook_channel_id",
        "incoming_webhook_configuration_url",
    ),
    sa.Column("is_enterprise_install", sa.Boolean, nullable=False),
    sa.Column("token_type", sa.String),
    sa.Column("installed_at", sa.DateTime, nullable=False),
    sa.Index(None, "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_oauth_states = sa.Table(
    "slack_oauth_states",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("expire_at", sa.DateTime, nullable=False),
    sa.Index(None, "state"),
)

TOKENS = (slack_bots, slack_installations, slack_oauth_states)
"""Tables of Slack's library; their rows go when a workspace leaves, not with its data."""


LEFT = "it is not installed there any more"


_IS = installed.c.workspace == WORKSPACE
_ONE = sa.select(installed).where(_IS)
_ALL = sa.select(installed).order_by(installed.c.since, installed.c.workspace)
_HERE = installed.c.left_at.is_(None)
_LEAVE = sa.update(installed).where(_IS, _HERE).values(left_at=sa.bindparam("now"))
_BROUGHT = sa.select(installed.c.workspace).where(
    installed.c.organisation == sa.bindparam("o"), installed.c.org_wide, _HERE
)
_BEGUN = sa.update(installed).where(_IS).values(begun_at=sa.bindparam("now"))
_TAKEN_OVER = ("organisation", "org_wide", "name", "person", "since", "left_at")


class Installations(Repository):
    """The workspaces that installed Dragoman; part of the Store, at ``store.installations``."""

    def put(self, one: Installed) -> None:
        """Record an installation; a workspace that had left gets back all its data."""
        with self._write() as connection:
            statement = upsert(connection.dialect.name, installed, _TAKEN_OVER)
            connection.execute(statement, one.model_dump())

    def of(self, workspace: str) -> Installed | None:
        """Return the installation of a workspace; None if it never installed, or is deleted."""
        row = self._first(_ONE, {"w": workspace})
        return Installed.model_validate(row._asdict()) if row else None

    def all(self) -> list[Installed]:
        """Return every known workspace, by time of installation."""
        return [Installed.model_validate(row._asdict()) for row in self._all(_ALL)]

    def leave(self, workspace: str, now: datetime) -> list[str]:
        """Record that a workspace left, delete its tokens, and cancel its waiting messages.

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
                connection.execute(
                    sa.delete(table).where(sa.or_(table.c.team_id == workspace, org))
                )
            _end(connection, left or [workspace], LEFT, now)
        return left

    def cancel_pending(self, workspace: str, why: str, now: datetime) -> int:
        """Cancel the waiting messages and requests of a workspace; return how many."""
        with self._write() as connection:
            return _end(connection, [workspace], why, now)

    def mark_notes_loaded(self, workspace: str, now: datetime) -> None:
        """Record that a workspace has the notes that Dragoman ships with."""
        with self._write() as connection:
            connection.execute(_BEGUN, {"w": workspace, "now": now})


def _end(connection: sa.Connection, workspaces: Sequence[str], why: str, now: datetime) -> int:
    """Cancel what waits in these workspaces, except what a process is sending right now."""
    ended = 0
    for table, still_open, emptied in (
        (outgoing, ["waiting"], {}),
        (request, ["new", "working"], {"payload": "{}"}),
    ):
        free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until < now)
        ended += connection.execute(
            sa.update(table)
            .where(table.c.workspace.in_(workspaces), table.c.state.in_(still_open), free)
            .values(state="failed", lease_until=None, ended_at=now, error=why, **emptied)
        ).rowcount
    return ended
