"""Tokens and clients: which token to call Slack with, for which workspace.

If one workspace gave its token in the settings, there is only that one. If many installed the app,
Slack's library keeps their tokens in tables of the store, and nothing is kept in memory.
``acting_for`` sets the workspace of a task: every call through ``TeamClient`` uses that
workspace's token, or fails. https://docs.slack.dev/authentication/using-token-rotation
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import SettingsError
from bot.models import Installed, Request
from bot.settings import Settings
from bot.store.store import Store
from handlers.errors import APP_REMOVED, TOKEN_REFUSED, Undeliverable, refusal_of

# --- the tokens of workspaces ------------------------------------------------------------


log = logging.getLogger(__name__)

EARLY_MINUTES = 120
"""How long before its expiry a token is renewed; tokens last twelve hours."""

_AT_ONCE = 10**6  # minutes: renew it however long it would last


class Tokens:
    """The tokens, by workspace; ``client`` has no token of its own."""

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
        self._installations = SQLAlchemyInstallationStore(client_id, cast("Any", store.connections))
        self._rotator = AsyncTokenRotator(
            client_id=client_id, client_secret=client_secret, client=client
        )
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._reported: set[tuple[str, str]] = set()

    # --- installing and leaving -------------------------------------------------------

    async def save(self, installation: Installation) -> Installed:
        """Store an installation's tokens, and note its workspace; raises StoreError."""
        one = _installed_of(installation, self._now())
        await asyncio.to_thread(self._installations.save, installation)
        await asyncio.to_thread(self._store.installations.put, one)
        self._reported = {pair for pair in self._reported if pair[0] != one.workspace}
        log.warning("installed in %s %r by %s", one.workspace, one.name, one.person)
        return one

    async def leave(self, workspace: str) -> None:
        """Forget the tokens of a workspace or organisation; nothing is sent there any more."""
        left = await asyncio.to_thread(self._store.installations.leave, workspace, self._now())
        if left:
            log.warning("removed from %s", ", ".join(left))

    async def is_installed(self, workspace: str, organisation: str | None = None) -> bool:
        """Return whether a workspace has installed the app; raises StoreError.

        ``organisation`` is one that installed the app as a whole and that the workspace belongs to:
        the workspace's first request is noted as its installation.
        """
        return await asyncio.to_thread(self._is_installed, workspace, organisation)

    def _is_installed(self, workspace: str, organisation: str | None) -> bool:
        known = self._store.installations.of(workspace)
        if known is not None and known.here:
            return True
        whole = self._store.installations.of(organisation) if organisation else None
        if whole is None or not whole.here or not workspace:
            return False
        joined = {"workspace": workspace, "since": self._now(), "begun_at": None, "name": ""}
        self._store.installations.put(whole.model_copy(update=joined))
        return True

    # --- tokens -----------------------------------------------------------------------

    async def of(self, workspace: str) -> str:
        """Return the token of a workspace; empty if it has not installed the app.

        A token that is about to expire is renewed first. Raises StoreError.
        """
        bot = await self._bot(workspace)
        if bot is None or not _expires(bot, EARLY_MINUTES):
            return bot.bot_token if bot else ""
        return await self._renew(workspace, bot)

    async def refused(self, workspace: str, token: str, word: str) -> str:
        """Return a valid token after Slack refused one with this error, or empty if there is none.

        Without one, messages waiting to be sent there are closed; a workspace that revoked the
        token counts as having left.
        """
        if word not in TOKEN_REFUSED:
            return ""
        bot = await self._bot(workspace)
        if bot is not None and bot.bot_token != token:
            return bot.bot_token
        if bot is not None and word == "token_expired" and bot.bot_refresh_token:
            fresh = await self._renew(workspace, bot, _AT_ONCE)
            if fresh != token:
                return fresh
        if (workspace, word) not in self._reported:
            self._reported.add((workspace, word))
            log.error(
                "Slack refuses the token of %s (%s): nothing more is sent there until the app is"
                " reinstalled",
                workspace,
                word,
            )
        if word in APP_REMOVED:
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
        return self._installations.find_bot(
            enterprise_id=known.organisation,
            team_id=None if known.org_wide else workspace,
            is_enterprise_install=known.org_wide,
        )

    async def _renew(self, workspace: str, old: Bot, early: int = EARLY_MINUTES) -> str:
        """Exchange a token; others who do so, here or in another process, get the same one."""
        async with self._locks[old.team_id or old.enterprise_id or workspace]:
            bot = await self._bot(workspace)
            if bot is None or bot.bot_token != old.bot_token:
                return bot.bot_token if bot else ""
            try:
                fresh = await self._rotator.perform_bot_token_rotation(
                    bot=bot, minutes_before_expiration=early
                )
            except (SlackTokenRotationError, aiohttp.ClientError, TimeoutError, OSError) as error:
                return await self._after_failed_renewal(workspace, bot, error)
            if fresh is None:
                return bot.bot_token
            await asyncio.to_thread(self._installations.save_bot, fresh)
            return fresh.bot_token

    async def _after_failed_renewal(self, workspace: str, old: Bot, error: Exception) -> str:
        """Return the token after a failed exchange: a newer one, or the old one while valid."""
        bot = await self._bot(workspace)
        if bot is None or bot.bot_token != old.bot_token:
            return bot.bot_token if bot else ""
        log.warning("the token of %s is not renewed: %s", workspace, type(error).__name__)
        if _expires(old, 0) and not isinstance(error, SlackTokenRotationError):
            raise error  # Slack is away; it may be back before the retries end
        return old.bot_token


async def check_installed(tokens: Tokens | None, request: Request) -> None:
    """Raise Undeliverable if a request's workspace left before the answer."""
    if tokens is not None and not await tokens.is_installed(request.workspace):
        raise Undeliverable("The workspace removed the app.", about="account_inactive")


def _expires(bot: Bot, minutes: int) -> bool:
    """Return whether a token expires within so many minutes; most never expire."""
    until = bot.bot_token_expires_at
    return until is not None and until <= time.time() + minutes * 60


def _installed_of(installation: Installation, now: datetime) -> Installed:
    """Describe an installation: that of a workspace, or of a whole organisation."""
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


# --- clients -----------------------------------------------------------------------------


_workspace: ContextVar[str] = ContextVar("workspace", default="")


@contextmanager
def acting_for(workspace: str) -> Iterator[None]:
    """Call Slack for a workspace, here and in tasks that start here."""
    before = _workspace.set(workspace)
    try:
        yield
    finally:
        _workspace.reset(before)


def current_team() -> str:
    """Return the workspace that Slack is called for; empty if none is set yet."""
    return _workspace.get()


class PlainClient(AsyncWebClient):
    """Calls Slack without a token, as installing does: with the app's own id and secret."""

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        """Call a method; build the ``auth`` header here: the SDK is dropping its own way."""
        if (auth := call.pop("auth", None)) is not None:
            word = aiohttp.encode_basic_auth(auth["client_id"], auth["client_secret"])
            call["headers"] = {**(call.get("headers") or {}), "Authorization": word}
        return await super().api_call(api_method, **call)


class TeamClient(AsyncWebClient):
    """Calls Slack with the token of the workspace that ``acting_for`` names.

    Raises SlackApiError with ``account_inactive`` if that workspace has not installed us.
    """

    def __init__(self, tokens: Tokens, plain: AsyncWebClient) -> None:
        """``plain`` is a client without a token, which has Slack's address."""
        super().__init__(
            base_url=plain.base_url,
            timeout=plain.timeout,
            retry_handlers=list(plain.retry_handlers),
        )
        self.proxy = plain.proxy
        self._tokens = tokens

    async def token_now(self) -> str:
        """Return the token of the current workspace; empty if it has none."""
        return await self._tokens.of(_workspace.get())

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        """Call a method; a call that has its own token uses that one."""
        if "token" in (call.get("params") or {}):
            return await super().api_call(api_method, **call)
        token = await self.token_now()
        if not token:
            raise _not_installed(self, api_method)
        try:
            return await self._with(token).api_call(api_method, **call)
        except SlackApiError as error:
            workspace, word = _workspace.get(), refusal_of(error).word
            if word == "access_denied" and api_method.startswith("functions."):
                raise  # it concerns one workflow run: the token works for all else
            another = await self._tokens.refused(workspace, token, word)
            if not another:
                raise
            return await self._with(another).api_call(api_method, **call)

    def _with(self, token: str) -> AsyncWebClient:
        client = AsyncWebClient(
            token=token,
            base_url=self.base_url,
            timeout=self.timeout,
            retry_handlers=list(self.retry_handlers),
        )
        client.proxy = self.proxy
        return client


def _not_installed(client: AsyncWebClient, method: str) -> SlackApiError:
    """Make the error that Slack gives for a workspace that removed the app."""
    answer = AsyncSlackResponse(
        client=client,
        http_verb="POST",
        api_url=f"{client.base_url}{method}",
        req_args={},
        data={"ok": False, "error": "account_inactive"},
        headers={},
        status_code=200,
    )
    why = "The workspace has not installed the app."
    return SlackApiError(why, answer)  # type: ignore[no-untyped-call]  # the SDK has no types for it


# --- credentials from settings -----------------------------------------------------------


CALL_SECONDS = 10
"""How long one call may take; well below the lease of a request."""


class Credentials(NamedTuple):
    """``client`` calls Slack, and ``token_now`` returns the token that it uses.

    ``token`` is that of the single workspace, or empty if there are ``tokens`` of many, which
    install the app on the ``pages``. ``secret`` is the one that Slack signs with.
    """

    client: AsyncWebClient
    token_now: Callable[[], Awaitable[str]]
    token: str
    secret: str
    tokens: Tokens | None = None
    pages: Sequence[web.RouteDef] = ()


def credentials(settings: Settings, store: Store, now: Callable[[], datetime]) -> Credentials:
    """Read the credentials without any call; raises SettingsError if one is missing or extra."""
    check_tokens(settings)
    if not settings.by_oauth:
        token, secret = _required(settings, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")

        async def token_now() -> str:
            return token

        return Credentials(client_of(settings, AsyncWebClient, token), token_now, token, secret)
    if settings.slack_bot_token is not None:
        raise SettingsError(
            "Set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID to let many install"
            " Dragoman, but not both.",
            about="SLACK_BOT_TOKEN",
        )
    from handlers import install  # only where many workspaces may install it

    client_id, client_secret, secret = _required(
        settings, "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"
    )
    plain = client_of(settings, PlainClient)
    tokens = Tokens(store, plain, client_id, client_secret, now=now)
    client = TeamClient(tokens, plain)
    pages = install.install_routes(install.install_flow(settings, store, tokens, plain, now))
    return Credentials(client, client.token_now, "", secret, tokens, pages)


SOCKET_MODE_SETTING = "SLACK_APP_TOKEN"
"""The setting of the app-level token, for Socket Mode."""


def token_of(settings: Settings, name: str) -> str:
    """Return the token in a setting, without blanks around it; empty if it is not set.

    Raises SettingsError if it cannot be such a token; the error does not show the token.
    """
    given = _text(getattr(settings, name.lower()))
    kind, start, form = _FORMS[name]
    if not given or form.fullmatch(given):
        return given
    if given.strip("\"'“”‘’`<>") != given:
        why = "it has quotes or brackets around it"
    elif given.startswith(start):
        why = "it is cut short, or has an invalid character"
    else:
        found = (what for other, what in _OTHER_TOKENS.items() if given.startswith(other))
        why = next(found, f"it does not start with {start}")
    raise SettingsError(
        f"{name} must be the {kind}, {start}…, of your Slack app, but {why}.", about=name
    )


def check_tokens(settings: Settings) -> None:
    """Raise SettingsError if a token in the settings cannot be of its kind."""
    for name in _FORMS:
        token_of(settings, name)


_FORMS = {
    "SLACK_BOT_TOKEN": ("bot token", "xoxb-", re.compile(r"(?:xoxe\.)?xoxb-[\w.-]+", re.ASCII)),
    "SLACK_APP_TOKEN": ("app-level token", "xapp-", re.compile(r"xapp-[\w.-]+", re.ASCII)),
}
_OTHER_TOKENS = {
    "xoxp-": "it is a user token (xoxp-…)",
    "xoxe.xoxp-": "it is a user token (xoxe.xoxp-…)",
    "xoxe-": "it is a refresh token (xoxe-…)",
    "xoxa-": "it is a token of an older kind (xoxa-…)",
    "xoxb-": "it is a bot token (xoxb-…)",
    "xapp-": "it is an app-level token (xapp-…)",
}


def client_of(
    settings: Settings, kind: type[AsyncWebClient], token: str | None = None
) -> AsyncWebClient:
    """Return a client of Slack's Web API from the settings; it makes no call yet."""
    client = kind(
        token=token,
        base_url=str(settings.slack_api_url),
        timeout=CALL_SECONDS,
        retry_handlers=[],
    )
    if is_loopback(client.base_url):
        client.proxy = None
    return client


def _required(settings: Settings, *names: str) -> list[str]:
    values = [_text(getattr(settings, name.lower())) for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if token_of(settings, SOCKET_MODE_SETTING):  # no requests by HTTP, so none are signed
        missing = [name for name in missing if name != "SLACK_SIGNING_SECRET"]
    if missing:
        all_ = "both are" if len(names) == 2 else "they are"
        raise SettingsError(
            f"{' and '.join(missing)} must be set: {all_} in the settings of your Slack app. "
            "To try Dragoman without Slack, run `dragoman demo`.",
            about=missing[0],
        )
    return values


def _text(value: SecretStr | str | None) -> str:
    secret = value.get_secret_value() if isinstance(value, SecretStr) else value
    return (secret or "").strip()


def is_loopback(url: str) -> bool:
    """Return whether an address is on this machine; no proxy is used for those."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}
