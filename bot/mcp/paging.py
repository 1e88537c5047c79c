"""Pages of lists: a cursor names the last row returned, so new rows shift nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from bot.errors import BadQuery

T = TypeVar("T")

STALE = (
    "The cursor is of another call, or what it points to is gone: repeat the call without a cursor."
)


class Part(NamedTuple, Generic[T]):
    """Some items of a list; ``next_cursor`` is None if they are the last ones."""

    items: Sequence[T]
    next_cursor: str | None


def page(
    items: Sequence[T], key: Callable[[T], str], limit: int, cursor: str | None, call: str
) -> Part[T]:
    """Cut a page of ``limit`` items out of a list.

    ``key`` identifies an item, ``call`` the list: the tool and its arguments. Raises BadQuery for
    a cursor of another list.
    """
    first = 0
    if cursor is not None:
        last = read_cursor(cursor, call)
        first = 1 + next((at for at, one in enumerate(items) if key(one) == last), -1)
        if not first:
            raise BadQuery(STALE, about="cursor")
    some = items[first : first + limit]
    more = first + limit < len(items)
    return Part(some, make_cursor(key(some[-1]), call) if more else None)


def make_cursor(last: str, call: str) -> str:
    """Return a cursor that continues after the item with the key ``last``."""
    packed = json.dumps([_digest(call), last], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode()


def read_cursor(cursor: str, call: str) -> str:
    """Return the key of the item that a cursor continues after; raise BadQuery."""
    try:
        of, last = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadQuery(STALE, about="cursor") from error
    if of != _digest(call) or not isinstance(last, str):
        raise BadQuery(STALE, about="cursor")
    return last


def _digest(call: str) -> str:
    return hashlib.sha256(call.encode()).hexdigest()[:12]
