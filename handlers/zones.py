"""The time zones of the people who ask, as their Slack profiles have them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

_KEPT = timedelta(hours=12)
_KEPT_AFTER_FAILURE = timedelta(minutes=1)
_PEOPLE = 10_000
_SECONDS = 3


class Zones:
    """Looks a person's zone up and keeps it for half a day; ``fallback`` where that fails."""

    def __init__(
        self, client: AsyncWebClient, fallback: str, *, now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._fallback = fallback
        self._now = now
        self._known: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def of(self, workspace: str, person: str) -> str:
        """The IANA name of a person's time zone; an answer never fails for want of it."""
        tz, until = self._known.get((workspace, person), ("", self._now()))
        if self._now() < until:
            return tz
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await self._client.users_info(user=person)
            tz, kept = _usable(answer["user"].get("tz"), self._fallback), _KEPT
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("no time zone of %s: %s", person, type(error).__name__)
            tz, kept = self._fallback, _KEPT_AFTER_FAILURE
        if len(self._known) >= _PEOPLE:
            self._known.clear()
        self._known[workspace, person] = (tz, self._now() + kept)
        return tz


def _usable(tz: str | None, fallback: str) -> str:
    try:
        return ZoneInfo(tz).key if tz else fallback
    except (ValueError, OSError, KeyError):
        log.warning("slack names a time zone that is not known here: %r", tz)
        return fallback
