"""What waits at the same time is done at once, and each hears how its own ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.errors import StoreUnavailable
from handlers.inbox import WriteBatcher


class Store:
    """Doubles numbers; the first call waits until it may go on."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.may = threading.Event()

    def one(self, item: int) -> int:
        return self.many([item])[0]

    def many(self, items: Sequence[int]) -> list[int]:
        self.calls.append(list(items))
        self.may.wait(10)
        if 13 in items:
            raise StoreUnavailable("The store is busy.")
        return [2 * item for item in items]


async def _begun(together: WriteBatcher[int, int], *items: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(together.write(item)) for item in items]
    await asyncio.sleep(0.01)
    return tasks


async def test_what_waits_goes_together() -> None:
    store = Store()
    together = WriteBatcher(store.one, store.many, "test")
    tasks = await _begun(together, 1)
    tasks += await _begun(together, 2, 3, 4)
    store.may.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert store.calls == [[1], [2, 3, 4]]
    assert await together.write(5) == 10
    together.shutdown()


async def test_who_is_gone_holds_nobody_up_and_a_failure_is_of_its_batch() -> None:
    store = Store()
    together = WriteBatcher(store.one, store.many, "test")
    tasks = await _begun(together, 1)
    gone, left = await _begun(together, 2, 3)
    gone.cancel()
    store.may.set()
    assert await left == 6
    assert await tasks[0] == 2
    with pytest.raises(StoreUnavailable):
        await together.write(13)
    assert await together.write(7) == 14
    together.shutdown()
