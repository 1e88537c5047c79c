"""The store's connections, lent to a library that brings statements of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

_Connect = Callable[[], AbstractContextManager[Connection]]


class Lent:
    """Stands in for an Engine where a library asks one for ``begin`` and ``connect`` alone.

    So it takes its turn to write as all others do, and its failures are told in our words.
    """

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self.begin = write
        """Opens a transaction that writes, and commits it in the end."""
        self.connect = read
        """Opens a transaction that reads."""
