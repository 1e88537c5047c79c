"""The people who ask: their Slack profiles and their preferences."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.models import PersonPreferences
from bot.store.store import Store
from handlers.errors import refusal_of

log = logging.getLogger(__name__)

_KEPT = timedelta(hours=12)
_KEPT_AFTER_FAILURE = timedelta(minutes=1)
_PEOPLE = 10_000
_SECONDS = 3
_HIDDEN = {"user_not_found", "user_not_visible"}  # Slack's errors for people of other workspaces


class Profile(NamedTuple):
    """Facts from a profile: the IANA name of the time zone, whether the person is a guest of the
    workspace or from another one, whether they run this workspace, and their display name, empty
    if Slack does not give it."""

    tz: str
    guest: bool = False
    admin: bool = False
    name: str = ""


class Profiles:
    """Looks people up and caches them for half a day; ``fallback`` is the zone if that fails."""

    def __init__(
        self, client: AsyncWebClient, fallback: str, *, now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._fallback = fallback
        self._now = now
        self._known: dict[tuple[str, str], tuple[Profile, datetime]] = {}
        self._looking: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def of(self, workspace: str, person: str) -> str:
        """Return the IANA name of a person's time zone; an answer never fails for lack of it."""
        return (await self.person(workspace, person)).tz

    async def person(self, workspace: str, person: str) -> Profile:
        """Return the profile of somebody; with the fallback zone if Slack names none.

        Then they count as a member, unless Slack does not show them to us. ``person`` is empty if
        nobody asks, as in a workflow that runs on a schedule.
        """
        if not person:
            return Profile(self._fallback)
        # If several tasks wait for the same profile, one of them fetches it.
        lock = self._looking.setdefault((workspace, person), asyncio.Lock())
        async with lock:
            found, until = self._known.get((workspace, person), (Profile(""), self._now()))
            return found if self._now() < until else await self._look(workspace, person)

    async def _look(self, workspace: str, person: str) -> Profile:
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await self._client.users_info(user=person)
            user = answer["user"]
            tz = _usable(user.get("tz"), self._fallback)
            guest, admin = is_guest(user, workspace), is_admin(user, workspace)
            found = Profile(tz, guest, admin, display_name(user))
            kept = _KEPT
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("no profile of %s: %s", person, type(error).__name__)
            hidden = isinstance(error, SlackApiError) and refusal_of(error).word in _HIDDEN
            found, kept = Profile(self._fallback, guest=hidden), _KEPT_AFTER_FAILURE
        if len(self._known) >= _PEOPLE:
            self._known.clear()
        self._known[workspace, person] = (found, self._now() + kept)
        return found


class People:
    """Facts about people: from their profiles, their preferences, and the settings.

    ``admins`` are the people who may set how far sources are trusted.
    """

    def __init__(self, store: Store, profiles: Profiles, admins: Collection[str] = ()) -> None:
        self._store = store
        self._profiles = profiles
        self.admins = frozenset(admins)

    async def profile(self, workspace: str, person: str) -> Profile:
        """Return the Slack profile of somebody."""
        return await self._profiles.person(workspace, person)

    async def time_zone(self, workspace: str, person: str, seconds: float) -> str:
        """Return the time zone of a person; UTC if it is not known within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                chosen = (await self.preferences(workspace, person)).tz
                return chosen or await self._profiles.of(workspace, person)
        except TimeoutError:
            return "UTC"

    async def preferences(self, workspace: str, person: str) -> PersonPreferences:
        """Return the preferences of somebody; raises StoreError."""
        return await asyncio.to_thread(self._store.preferences.person, workspace, person)

    async def is_admin(self, workspace: str, person: str) -> bool:
        """Return whether somebody runs the workspace, by Slack or by ``DRAGOMAN_ADMINS``."""
        return person in self.admins or (await self.profile(workspace, person)).admin

    async def is_guest(self, workspace: str, person: str) -> bool:
        """Return whether somebody is a guest, who may ask but change nothing for others."""
        return (await self.profile(workspace, person)).guest

    async def display_name(self, workspace: str, person: str) -> str:
        """Return the display name of somebody, which does not ping them as a mention would."""
        return (await self.profile(workspace, person)).name or "a member of this workspace"


def is_guest(user: dict[str, Any], workspace: str) -> bool:
    """Return whether a profile is a guest's, or from a workspace connected to this one.

    https://docs.slack.dev/reference/objects/user-object
    """
    if user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger"):
        return True
    workspaces = {user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", ())}
    return bool(user.get("team_id")) and workspace not in workspaces


def is_admin(user: dict[str, Any], workspace: str) -> bool:
    """Return whether a profile is that of an admin or owner of the workspace.

    Admins of a workspace connected to this one are guests here.
    """
    runs = user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")
    return bool(runs) and not is_guest(user, workspace)


def display_name(user: dict[str, Any]) -> str:
    """Return the name that a profile's posts appear under; it is text that somebody typed."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return next((str(name) for name in (*names, user.get("name")) if name), "")


def _usable(tz: str | None, fallback: str) -> str:
    try:
        return ZoneInfo(tz).key if tz else fallback
    except (ValueError, OSError, KeyError):
        log.warning("slack names a time zone that is not known here: %r", tz)
        return fallback
