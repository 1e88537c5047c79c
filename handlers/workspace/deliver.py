"""Deliveries to the app: signed as Slack signs, given three seconds, tried again as Slack does.

Signing: https://docs.slack.dev/authentication/verifying-requests-from-slack. Retries (events
only: at once, after a minute, after five): https://docs.slack.dev/apis/events-api, "Error
handling".
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

import aiohttp

from handlers.workspace.sockets import Sockets

RETRY_AFTER = (0.0, 60.0, 300.0)
TIMEOUT = 3.0

Sort = Literal["event", "command", "interactivity"]


class Delivery(NamedTuple):
    """One attempt: what was sent, and how it went.

    ``status`` is None and ``reason`` one of Slack's words (http_timeout,
    connection_failed, http_error) where the app did not take it; ``attempt`` counts from 0.
    """

    sort: Sort
    attempt: int
    headers: dict[str, str]
    body: str
    status: int | None
    reason: str
    answer: str

    @property
    def taken(self) -> bool:
        """Whether the app acknowledged it."""
        return not self.reason


def sign(secret: str, timestamp: str, body: str) -> str:
    """The ``v0=`` signature of a body sent at ``timestamp`` (whole seconds, as text)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Deliverer:
    """Sends to the connected app; keeps every attempt in ``log``.

    ``retry_after`` are the waits in seconds before each further attempt at an event, and
    ``timeout`` the seconds that an attempt may take.
    """

    def __init__(
        self,
        *,
        signing_secret: str,
        clock: Callable[[], float],
        retry_after: Sequence[float] = RETRY_AFTER,
        timeout: float = TIMEOUT,
    ) -> None:
        self._secret = signing_secret
        self._clock = clock
        self._retry_after = tuple(retry_after)
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.sockets = Sockets()
        self.request_url: str | None = None
        self.log: list[Delivery] = []

    async def start(self) -> None:
        """Open the client; no environment proxy is used, the app is on this machine."""
        self._session = aiohttp.ClientSession(timeout=self._timeout)

    async def stop(self) -> None:
        """End what is still being retried, and close the client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def event(self, payload: dict[str, Any], told: Callable[[Delivery, float], None]) -> None:
        """Deliver an event: the first attempt now, further ones in the background.

        ``told(delivery, wait)`` hears of each attempt that failed, and of one taken after
        that; ``wait`` is the seconds until the next attempt, negative where there is none.
        """
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        first = await self.send("event", body)
        if first.taken:
            return
        self.spawn(self._again(body, first, told))

    async def settled(self) -> None:
        """Wait until nothing is being delivered any more."""
        # Asked of the tasks: they leave the set a turn of the loop later, and gather() of
        # finished ones need not give that turn.
        while under_way := [task for task in self._tasks if not task.done()]:
            await asyncio.gather(*under_way)

    def spawn(self, work: Awaitable[None]) -> None:
        """Run ``work`` until it is done or the workspace stops."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def form(self, sort: Sort, fields: dict[str, str]) -> Delivery:
        """Deliver a command or an interaction, once, as Slack does."""
        return await self.send(sort, urlencode(fields))

    async def send(self, sort: Sort, body: str, *, attempt: int = 0, reason: str = "") -> Delivery:
        """One signed attempt; ``reason`` says why the one before it failed."""
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json"
            if sort == "event"
            else "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "*/*",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        if self.sockets.connected:
            seconds = self._timeout.total or TIMEOUT
            how = await self.sockets.send(sort, body, attempt, reason, seconds)
        else:
            how = await self._post(headers, body)
        status, failed, answer = how
        delivery = Delivery(sort, attempt, headers, body, status, failed, answer)
        self.log.append(delivery)
        return delivery

    async def _post(self, headers: dict[str, str], body: str) -> tuple[int | None, str, str]:
        if self.request_url is None or self._session is None:
            return None, "connection_failed", ""
        try:
            async with self._session.post(
                self.request_url, data=body.encode(), headers=headers, allow_redirects=False
            ) as response:
                answer = await response.text(errors="replace")
        except TimeoutError:
            return None, "http_timeout", ""
        except aiohttp.ClientError:
            return None, "connection_failed", ""
        if 200 <= response.status < 300:
            return response.status, "", answer
        # The app may forbid further attempts; the log still shows that it did not take it.
        final = response.headers.get("X-Slack-No-Retry") == "1"
        return response.status, "no_retry" if final else "http_error", answer

    async def _again(
        self, body: str, last: Delivery, told: Callable[[Delivery, float], None]
    ) -> None:
        waits = () if last.reason == "no_retry" else self._retry_after
        for attempt, wait in enumerate(waits, start=1):
            told(last, wait)
            await asyncio.sleep(wait)
            last = await self.send("event", body, attempt=attempt, reason=last.reason)
            if last.taken or last.reason == "no_retry":
                break
        told(last, -1.0)
