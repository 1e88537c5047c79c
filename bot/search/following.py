"""An index that follows the store while an intake goes on.

What cannot be found yet is stored all the same: a full disk under the index ends no intake.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TypeVar

from bot.errors import StoreUnavailable
from bot.search.index import PassageIndex
from bot.store.store import Store

log = logging.getLogger(__name__)

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
    follows = True

    def told(report: Told) -> None:
        nonlocal follows
        if next(batches) % FOLLOWED == 0:
            follows = follows and followed(partial(passages.catch_up, store))
        if progress is not None:
            progress(report)

    return told


def followed(catch_up: Callable[[], object]) -> bool:
    """Have an index take in what is new; False, and a word in the log, where it cannot yet."""
    try:
        catch_up()
    except StoreUnavailable as error:
        log.warning("what was stored is not found yet. %s", error)
        return False
    return True
