"""Installing: the page with the button, Slack's question back, and what came of it.

Bolt's flow does it (https://docs.slack.dev/authentication/installing-with-oauth); ours are the
pages, the store behind a thread, and that a state is good once, in the browser that began, for
ten minutes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

import aiohttp
from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.sqlalchemy_utils import normalize_datetime_for_db
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreError
from bot.settings import Settings
from bot.store.store import Store
from handlers import install_pages as pages
from handlers.scopes import SCOPES
from handlers.tokens import Tokens

log = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

STATE_SECONDS = 600
"""How long somebody may take to say yes."""

_quiet = logging.getLogger("dragoman.oauth")
_quiet.setLevel(logging.ERROR)


class States(AsyncOAuthStateStore):
    """States in the store: given out, and good once."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._kept = SQLAlchemyOAuthStateStore(
            STATE_SECONDS, cast("Any", store.connections), logger=_quiet
        )

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Give a state out; raises StoreError."""
        return await asyncio.to_thread(self._issue)

    async def async_consume(self, state: str) -> bool:
        """Take a state back; False where it is none, was used, or is too old."""
        return await asyncio.to_thread(self._consume, state)

    def _issue(self) -> str:
        self._forget()  # those of people who never answered
        return self._kept.issue()

    def _forget(self) -> None:
        table, now = self._kept.oauth_states, normalize_datetime_for_db(self._now())
        with self._store.connections.begin() as connection:
            connection.execute(table.delete().where(table.c.expire_at <= now))

    def _consume(self, state: str) -> bool:
        # Slack's library looks first and deletes then, so that two might use one.
        self._forget()
        table = self._kept.oauth_states
        with self._store.connections.begin() as connection:
            return connection.execute(table.delete().where(table.c.state == state)).rowcount == 1


class Installations(AsyncInstallationStore):
    """Where Bolt puts what an installation gave."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def async_save(self, installation: Installation) -> None:
        """Keep it; raises StoreError."""
        await self._tokens.save(installation)


class Flow(AsyncOAuthFlow):
    """Bolt's flow with our page."""

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Show the page with the button."""
        return pages.install(url)


def flow(
    settings: Settings,
    store: Store,
    tokens: Tokens,
    client: AsyncWebClient,
    now: Callable[[], datetime],
) -> Flow:
    """Make the flow from settings; ``client`` has no token of its own."""
    secret, back = settings.slack_client_secret, settings.slack_redirect_url
    return Flow(
        client=client,
        logger=_quiet,
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=secret.get_secret_value() if secret else "",
            scopes=list(SCOPES),
            user_scopes=[],
            redirect_uri=str(back) if back else None,
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            authorization_url=str(settings.slack_authorize_url),
            callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
            installation_store=Installations(tokens),
            state_store=States(store, now),
            state_expiration_seconds=STATE_SECONDS,
            logger=_quiet,
        ),
    )


def routes(oauth: Flow) -> list[web.RouteDef]:
    """The two pages."""
    return [
        web.get(INSTALL, _page(oauth.handle_installation)),
        web.get(REDIRECT, _page(oauth.handle_callback)),
    ]


def _page(
    work: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def show(request: web.Request) -> web.StreamResponse:
        try:
            told = await work(await to_bolt_request(request))
        except StoreError as error:
            log.error("the store failed while somebody installed it: %s", error)  # noqa: TRY400
            told = _told(503, pages.failure("storage_error"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack cannot be reached to install it: %s", type(error).__name__)
            told = _told(502, pages.failure("unreachable"))
        answer = await to_aiohttp_response(told)
        answer.headers.update(pages.HEADERS)
        return answer

    return show


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    one = args.installation
    name = one.enterprise_name if one.is_enterprise_install else one.team_name
    return _told(200, pages.success(name or "your workspace", one.team_id), _spent(args))


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    log.warning("not installed: %s", args.reason[:100])
    return _told(args.suggested_status_code, pages.failure(args.reason), _spent(args))


def _spent(args: AsyncSuccessArgs | AsyncFailureArgs) -> str:
    return args.settings.state_utils.build_set_cookie_for_deletion()


def _told(status: int, page: str, cookie: str | None = None) -> BoltResponse:
    headers: dict[str, Any] = {"Content-Type": "text/html; charset=utf-8"}
    if cookie:
        headers["Set-Cookie"] = [cookie]
    return BoltResponse(status=status, body=page, headers=headers)
