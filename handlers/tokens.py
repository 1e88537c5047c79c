"""The tokens of the workspaces that installed us: kept, made anew in time, forgotten.

Slack's library keeps them, in tables of the store; nothing is kept in memory, so that every
process knows at once who came, whose token is another, and who left.
https://docs.slack.dev/authentication/using-token-rotation
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.models import Installed, Request
from bot.store.store import Store
from handlers.errors import Undeliverable
from handlers.refusals import GONE, LOCKED_OUT

log = logging.getLogger(__name__)

EARLY_MINUTES = 120
"""A token is made anew so long before it expires; they last twelve hours."""

_AT_ONCE = 10**6  # minutes: however long it would last


class Tokens:
    """The tokens, by workspace; ``client`` has none of its own."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        client_id: str,
        client_secret: str,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._now = now
        self._kept = SQLAlchemyInstallationStore(client_id, cast("Any", store.connections))
        self._rotator = AsyncTokenRotator(
            client_id=client_id, client_secret=client_secret, client=client
        )
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._told: set[tuple[str, str]] = set()

    # --- coming and going -------------------------------------------------------------

    async def save(self, installation: Installation) -> Installed:
        """Keep what an installation gave, and note whose it is; raises StoreError."""
        one = _installed(installation, self._now())
        await asyncio.to_thread(self._kept.save, installation)
        await asyncio.to_thread(self._store.installations.put, one)
        self._told = {told for told in self._told if told[0] != one.workspace}
        log.warning("installed in %s %r by %s", one.workspace, one.name, one.person)
        return one

    async def leave(self, workspace: str) -> None:
        """Forget a workspace's tokens, or an organisation's; nothing is sent there any more."""
        left = await asyncio.to_thread(self._store.installations.leave, workspace, self._now())
        if left:
            log.warning("removed from %s", ", ".join(left))

    async def is_installed(self, workspace: str, organisation: str | None = None) -> bool:
        """Whether a workspace has installed us; raises StoreError.

        With ``organisation`` it asks as one of those for which the whole of that did: the first
        time it does so, it is noted as come.
        """
        return await asyncio.to_thread(self._is_installed, workspace, organisation)

    def _is_installed(self, workspace: str, organisation: str | None) -> bool:
        known = self._store.installations.of(workspace)
        if known is not None and known.here:
            return True
        whole = self._store.installations.of(organisation) if organisation else None
        if whole is None or not whole.here or not workspace:
            return False
        came = {"workspace": workspace, "since": self._now(), "begun_at": None, "name": ""}
        self._store.installations.put(whole.model_copy(update=came))
        return True

    # --- tokens -----------------------------------------------------------------------

    async def of(self, workspace: str) -> str:
        """The token of a workspace; empty where it has not installed us.

        One that is about to expire is made anew first. Raises StoreError.
        """
        bot = await self._bot(workspace)
        if bot is None or not _expires(bot, EARLY_MINUTES):
            return bot.bot_token if bot else ""
        return await self._anew(workspace, bot)

    async def refused(self, workspace: str, token: str, word: str) -> str:
        """Slack refused a token with this word: another that is good, or empty.

        Where there is none, what waits to be sent there is ended; who took the token back has
        left.
        """
        if word not in LOCKED_OUT:
            return ""
        bot = await self._bot(workspace)
        if bot is not None and bot.bot_token != token:
            return bot.bot_token
        if bot is not None and word == "token_expired" and bot.bot_refresh_token:
            fresh = await self._anew(workspace, bot, _AT_ONCE)
            if fresh != token:
                return fresh
        if (workspace, word) not in self._told:
            self._told.add((workspace, word))
            log.error(
                "Slack refuses the token of %s (%s): nothing more is sent there until it is"
                " installed anew",
                workspace,
                word,
            )
        if word in GONE:
            known = await asyncio.to_thread(self._store.installations.of, workspace)
            whole = known.organisation if known and known.org_wide else None
            await self.leave(whole or workspace)
        else:
            silence = self._store.installations.cancel_pending
            await asyncio.to_thread(silence, workspace, f"Slack says {word}", self._now())
        return ""

    async def _bot(self, workspace: str) -> Bot | None:
        return await asyncio.to_thread(self._find, workspace)

    def _find(self, workspace: str) -> Bot | None:
        known = self._store.installations.of(workspace)
        if known is None or not known.here:
            return None
        return self._kept.find_bot(
            enterprise_id=known.organisation,
            team_id=None if known.org_wide else workspace,
            is_enterprise_install=known.org_wide,
        )

    async def _anew(self, workspace: str, old: Bot, early: int = EARLY_MINUTES) -> str:
        """Exchange a token; who else does so, here or in another process, has the same then."""
        async with self._turns[old.team_id or old.enterprise_id or workspace]:
            bot = await self._bot(workspace)
            if bot is None or bot.bot_token != old.bot_token:
                return bot.bot_token if bot else ""
            try:
                fresh = await self._rotator.perform_bot_token_rotation(
                    bot=bot, minutes_before_expiration=early
                )
            except (SlackTokenRotationError, aiohttp.ClientError, TimeoutError, OSError) as error:
                return await self._kept_on(workspace, bot, error)
            if fresh is None:
                return bot.bot_token
            await asyncio.to_thread(self._kept.save_bot, fresh)
            return fresh.bot_token

    async def _kept_on(self, workspace: str, old: Bot, error: Exception) -> str:
        """A token that could not be exchanged: another process did, or it is used to its end."""
        bot = await self._bot(workspace)
        if bot is None or bot.bot_token != old.bot_token:
            return bot.bot_token if bot else ""
        log.warning("the token of %s is not made anew: %s", workspace, type(error).__name__)
        if _expires(old, 0) and not isinstance(error, SlackTokenRotationError):
            raise error  # Slack is away; it may be back before anybody gives up
        return old.bot_token


async def still_installed(tokens: Tokens | None, request: Request) -> None:
    """Raise Undeliverable where a request's workspace left before it was answered."""
    if tokens is not None and not await tokens.is_installed(request.workspace):
        raise Undeliverable("The workspace removed the app.", about="account_inactive")


def _expires(bot: Bot, minutes: int) -> bool:
    """Whether a token is no good any more in so many minutes; most never expire."""
    until = bot.bot_token_expires_at
    return until is not None and until <= time.time() + minutes * 60


def _installed(installation: Installation, now: datetime) -> Installed:
    """Whose an installation is: a workspace's, or a whole organisation's."""
    whole = bool(installation.is_enterprise_install)
    workspace = installation.enterprise_id if whole else installation.team_id
    name = installation.enterprise_name if whole else installation.team_name
    return Installed(
        workspace=str(workspace or ""),
        organisation=installation.enterprise_id or None,
        org_wide=whole,
        name=name or "",
        person=installation.user_id,
        since=now,
        # An organisation reads nothing itself, and so needs no notes.
        begun_at=now if whole else None,
    )
