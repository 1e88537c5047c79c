"""Workspaces that come and go: who comes gets the notes, who left is deleted after a while."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.desk import Desk
from bot.errors import BadWorkspace
from bot.models import Installed
from bot.store.retention import DELETED_AT_ONCE
from bot.store.store import Store

log = logging.getLogger(__name__)


class Coming:
    """Looks who came and who left; every process may, and none does harm to another's work."""

    def __init__(
        self,
        desk: Desk,
        *,
        grace: timedelta,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``grace`` is how long it is kept what is stored of who left."""
        self._desk = desk
        self._grace = grace
        self._now = now

    def look(self) -> int:
        """Do what is due, a step of it at a time; returns how many rows were deleted."""
        done = 0
        for one in self._desk.store.installations.all():
            if one.deleting or self._is_over(one):
                done += delete_step(self._desk, one.workspace)
            elif one.here and one.begun_at is None and one.workspace != one.organisation:
                self._begin(one)
        return done

    def _is_over(self, one: Installed) -> bool:
        return one.left_at is not None and self._now() >= one.left_at + self._grace

    def _begin(self, one: Installed) -> None:
        """Read the notes for who came; those that are there already are left alone."""
        self._desk.ingest_seeds(now=self._now(), workspace=one.workspace, facts_later=True)
        self._desk.store.installations.mark_notes_loaded(one.workspace, self._now())


def delete_step(desk: Desk, workspace: str, most: int = DELETED_AT_ONCE) -> int:
    """Delete some of what is stored of a workspace; returns how many rows, 0 at the end."""
    done = desk.store.deletion.delete_some(workspace, most)
    if not done:
        desk.purge()
        log.warning("what was stored of %s is deleted", workspace)
    return done


def delete(desk: Desk, workspace: str, now: datetime) -> int:
    """Delete now all that is stored of a workspace, its tokens too; returns how many rows.

    Raises BadWorkspace where nothing is known of it.
    """
    store = desk.store
    if store.installations.of(workspace) is None and not store.deletion.has_data(workspace):
        raise BadWorkspace(
            f"Nothing is stored of a workspace {workspace}: `dragoman workspaces list` has them.",
            about=workspace,
        )
    store.installations.leave(workspace, now)
    rows = 0
    while done := delete_step(desk, workspace):
        rows += done
    return rows


def feed_recipients(store: Store, workspace: str, admins: Sequence[str]) -> Sequence[str]:
    """Who is told of a workspace's feeds that died: who installed it there, else ``admins``."""
    known = store.installations.of(workspace)
    return admins if known is None else ([known.person] if known.here and known.person else [])
