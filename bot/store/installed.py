"""Which workspaces installed Dragoman, and which left: of those nothing waits to be sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from bot.models import Installed
from bot.store.installed_tables import installed, slack_bots, slack_installations
from bot.store.outbox import outgoing
from bot.store.requests import request
from bot.store.sql import upsert

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


class Installs:
    """Part of the Store, at ``store.installed``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def put(self, one: Installed) -> None:
        """Note that a workspace installed it; one that had left is back, with all it had."""
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

    def silence(self, workspace: str, why: str, now: datetime) -> int:
        """End what waits to be sent in a workspace; returns how much that was."""
        with self._write() as connection:
            return _end(connection, [workspace], why, now)

    def begun(self, workspace: str, now: datetime) -> None:
        """Note that a workspace has the notes that Dragoman comes with."""
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
