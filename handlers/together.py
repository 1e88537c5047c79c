"""Writes that wait at the same time go to the store in one transaction.

While articles are read in, each transaction waits for its turn; a burst of requests would wait
for as many turns as there are requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Does one thing at a time in a thread of its own, or all that wait at once.

    ``one`` does one, ``many`` several in one transaction, and returns a result for each.
    """

    def __init__(
        self, one: Callable[[A], R], many: Callable[[Sequence[A]], list[R]], name: str
    ) -> None:
        self._one = one
        self._many = many
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._queue: list[tuple[A, asyncio.Future[R]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def do(self, item: A) -> R:
        """Do it, with what waits beside it; returns its result, or raises what was raised."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._queue.append((item, done))
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve(), name="together")
        return await done

    def shutdown(self) -> None:
        """Finish what is being done; nothing more may come."""
        self._pool.shutdown()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            batch, self._queue = self._queue, []
            try:
                results = await loop.run_in_executor(
                    self._pool, self._all, [item for item, _ in batch]
                )
            except Exception as error:  # noqa: BLE001 - each of those who wait raises it
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for (_, done), result in zip(batch, results, strict=True):
                if not done.done():  # who waited may have been cancelled
                    done.set_result(result)

    def _all(self, items: Sequence[A]) -> list[R]:
        return self._many(items) if len(items) > 1 else [self._one(item) for item in items]
