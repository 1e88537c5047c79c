"""What is known of agent panels, and what is under way for them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Panels:
    """``open`` are the workspaces in which there is a panel, as far as this process saw."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that Slack's acknowledgement need not wait for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
