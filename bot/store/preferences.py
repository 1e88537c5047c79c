"""What people, places and workspaces prefer: a row a choice, none where it is left as it is."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import Column, Connection, String, Table, Text, bindparam, delete, insert, select

from bot.models import (
    PersonPreferences,
    PlacePreferences,
    PreferenceOf,
    Preferences,
    WorkspacePreferences,
)
from bot.store.tables import metadata

log = logging.getLogger(__name__)

P = TypeVar("P", PersonPreferences, PlacePreferences, WorkspacePreferences)

# ``workspace`` is the Slack workspace that people and places are in; ``value`` is JSON.
preference = Table(
    "preference",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("owner", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

_MINE = (
    (preference.c.workspace == bindparam("w"))
    & (preference.c.kind == bindparam("k"))
    & (preference.c.owner == bindparam("o"))
)
_OF = select(preference.c.name, preference.c.value).where(_MINE)
_FORGET = delete(preference).where(_MINE)
_KINDS: dict[type[Preferences], PreferenceOf] = {
    PersonPreferences: "person",
    PlacePreferences: "place",
    WorkspacePreferences: "workspace",
}

_Connect = Callable[[], AbstractContextManager[Connection]]


class Preferring:
    """Part of the Store, at ``store.preferences``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def person(self, workspace: str, person: str) -> PersonPreferences:
        """How somebody in a Slack workspace reads."""
        return self._of(PersonPreferences, workspace, person)

    def place(self, workspace: str, place: str) -> PlacePreferences:
        """What holds in a place of a Slack workspace."""
        return self._of(PlacePreferences, workspace, place)

    def workspace(self, workspace: str) -> WorkspacePreferences:
        """What holds in a whole Slack workspace."""
        return self._of(WorkspacePreferences, workspace, workspace)

    def put(self, workspace: str, owner: str, wanted: Preferences) -> None:
        """Keep what somebody, a place or a workspace prefers, in place of what it did.

        What is left as it is takes no row, so that a later default holds for it.
        """
        mine = {"w": workspace, "k": _KINDS[type(wanted)], "o": owner}
        chosen = wanted.model_dump(mode="json", exclude_defaults=True)
        rows = [
            {
                "workspace": workspace,
                "kind": mine["k"],
                "owner": owner,
                "name": name,
                "value": json.dumps(value),
            }
            for name, value in chosen.items()
        ]
        with self._write() as connection:
            connection.execute(_FORGET, mine)
            if rows:
                connection.execute(insert(preference), rows)

    def _of(self, what: type[P], workspace: str, owner: str) -> P:
        values = {"w": workspace, "k": _KINDS[what], "o": owner}
        with self._read() as connection:
            rows = connection.execute(_OF, values).all()
        found = {row.name: json.loads(row.value) for row in rows if row.name in what.model_fields}
        try:
            return what.model_validate(found)
        except ValidationError as error:
            # Only valid ones are written: this was by a release that knew another choice.
            bad = {str(one["loc"][0]) for one in error.errors()}
            log.warning("%s of %s are left as they are: %s", what.__name__, owner, ", ".join(bad))
            return what.model_validate({k: v for k, v in found.items() if k not in bad})
