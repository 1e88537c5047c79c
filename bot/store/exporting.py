"""All that is stored of a workspace, row by row, to be taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, select

from bot.models import LOCAL, SEED
from bot.store.alike import near_copy, shingle
from bot.store.deleting import owned, whose
from bot.store.installed_tables import installed
from bot.store.pacing import pace
from bot.store.tables import change

LEFT_OUT = (change, pace, shingle, near_copy)
"""What only this store needs: its log, its turns, and what texts are compared by."""

_FETCHED = 500
_Connect = Callable[[], AbstractContextManager[Connection]]


class Exporting:
    """Part of the Store, at ``store.exporting``."""

    def __init__(self, read: _Connect) -> None:
        self._read = read

    def rows(self, workspace: str) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
        """Each table with its rows of a workspace, in the order of their keys, as of now.

        Take all rows of a table before the next one. Where nobody has installed Dragoman, what
        is asked in Slack is about ``local``, whatever the workspace is called there.
        """
        with self._read() as connection:
            alone = workspace == LOCAL and connection.execute(select(installed)).first() is None
            for table in sorted((*owned(), installed), key=lambda one: one.name):
                if table in LEFT_OUT:
                    continue
                mine = table.c.workspace != SEED if alone else whose(table, workspace)
                asked = select(table).where(mine).order_by(*table.primary_key.columns)
                found = connection.execute(asked.execution_options(yield_per=_FETCHED))
                yield table.name, (dict(row) for row in found.mappings())
