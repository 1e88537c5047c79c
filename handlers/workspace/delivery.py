"""Deliveries to the app: signed, timed out after three seconds, and retried, as Slack does.

Signing: https://docs.slack.dev/authentication/verifying-requests-from-slack. Retries (events only:
at once, after a minute, after five): https://docs.slack.dev/apis/events-api, "Error handling".
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

RETRY_AFTER = (0.0, 60.0, 300.0)
TIMEOUT = 3.0

Sort = Literal["event", "command", "interactivity"]


class Delivery(NamedTuple):
    """One attempt: what was sent, and the outcome.

    ``status`` is None and ``reason`` one of Slack's words (http_timeout, connection_failed,
    http_error) if the app did not take it; ``attempt`` counts from 0.
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
        """Return whether the app acknowledged it."""
        return not self.reason


def sign(secret: str, timestamp: str, body: str) -> str:
    """Return the ``v0=`` signature of a body sent at ``timestamp`` (whole seconds, as text)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Deliverer:
    """Sends to the connected app.

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
        self.request_url: str | None = None

    async def start(self) -> None:
        """Open the client; it uses no environment proxy, since the app is on this machine."""
        self._session = aiohttp.ClientSession(timeout=self._timeout)

    async def stop(self) -> None:
        """End the retries under way, and close the client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def event(
        self, payload: dict[str, Any], report: Callable[[Delivery, float], None]
    ) -> None:
        """Deliver an event: the first attempt now, further ones in the background.

        ``report(delivery, wait)`` is called for each failed attempt, and for a successful one after
        that; ``wait`` is the seconds until the next attempt, negative if there is none.
        """
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        first = await self.send("event", body)
        if first.taken:
            return
        self.spawn(self._again(body, first, report))

    async def settled(self) -> None:
        """Wait until no delivery is under way any more."""
        # Check the tasks themselves: they leave the set one turn of the loop later, and gather() of
        # finished tasks need not give that turn.
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
        """Send one signed attempt; ``reason`` says why the one before it failed."""
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
        status, failed, answer = await self._post(headers, body)
        return Delivery(sort, attempt, headers, body, status, failed, answer)

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
        return response.status, "http_error", answer

    async def _again(
        self, body: str, last: Delivery, report: Callable[[Delivery, float], None]
    ) -> None:
        for attempt, wait in enumerate(self._retry_after, start=1):
            report(last, wait)
            await asyncio.sleep(wait)
            last = await self.send("event", body, attempt=attempt, reason=last.reason)
            if last.taken:
                break
        report(last, -1.0)
