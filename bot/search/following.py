"""An index that follows the store while an intake goes on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from bot.search.index import PassageIndex
from bot.store.store import Store

Told = TypeVar("Told")

FOLLOWED = 5
"""Batches after which the index takes them in: each time costs it a commit of its own."""


def following(
    passages: PassageIndex, store: Store, progress: Callable[[Told], None] | None
) -> Callable[[Told], None]:
    """Return what is to be told of each batch: it tells ``progress``, and lets the index follow.

    What the workers read in the meantime is waiting to be stored when it is done.
    """
    batches = count(1)

    def told(report: Told) -> None:
        if next(batches) % FOLLOWED == 0:
            passages.catch_up(store)
        if progress is not None:
            progress(report)

    return told
