"""Installing the app in a workspace, and what happens when it is removed.

Bolt's flow installs (https://docs.slack.dev/authentication/installing-with-oauth). This module adds
the pages, the store access in a thread, and states that are valid once, in the browser that began,
for ten minutes. The data of a workspace that left is kept for a grace period (``bot.workspaces``).
https://docs.slack.dev/reference/events/app_uninstalled
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from html import escape
from typing import Any, cast

import aiohttp
from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
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
from handlers.auth import Tokens
from handlers.context import Answer, Context
from handlers.payloads import organisation_of, workspace_of

# --- scopes ------------------------------------------------------------------------------


SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "links:read",
    "links:write",
    "users:read",
)
"""The scopes to request when a workspace installs the app."""


# --- pages -------------------------------------------------------------------------------


_STYLE = (
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.2rem;"
    "color:#1d1c1d;background:#fff}h1{font-size:1.5rem}"
    "a.button{display:inline-block;padding:.7rem 1.4rem;border-radius:.5rem;background:#1f3a4d;"
    "color:#fff;text-decoration:none;font-weight:600}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#1a1d21}a{color:#7ab8e0}"
    "a.button{background:#3d6b8a}}"
)

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Load nothing, forbid framing of the pages, and send no referrer."""

_AGAIN = "Start again"

_REASONS = {
    "access_denied": "Dragoman was not installed, because permission was declined. Nothing was"
    " changed.",
    "invalid_browser": "The installation was started in another browser, or its cookie is missing."
    " Start again here, and allow cookies.",
    "invalid_state": "This installation was started more than ten minutes ago, or its link was used"
    " already.",
    "missing_code": "Slack's response was incomplete, so nothing was installed.",
    "invalid_code": "Slack rejected the code: it was used already, or Dragoman's client id, client"
    " secret or redirect address are not those of the app.",
    "storage_error": "Slack agreed, but Dragoman could not save the installation. Try again in a"
    " moment.",
    "unreachable": "Slack could not be reached. Try again in a moment.",
    "invalid_team_for_non_distributed_app": "The app is not distributed yet: the person who runs"
    " Dragoman must turn on Public Distribution in its settings on Slack.",
    "invalid_scope": "The app asks for a permission that its settings on Slack lack: the person who"
    " runs Dragoman must paste in the latest manifest.",
}
"""The message for each reason why nothing was installed."""


def install_page(url: str) -> str:
    """Return the page with the button that leads to Slack's consent page."""
    return html_page(
        "Install Dragoman",
        "<p>Dragoman briefs a team on actors and events, every line with its source. Next, Slack"
        " asks you to allow it, and in which workspace.</p>"
        f'<p><a class="button" href="{escape(url)}">Add to Slack</a></p>',
    )


def success_page(name: str, team: str | None) -> str:
    """Return the page that confirms the installation and explains how to begin."""
    client = f"https://app.slack.com/client/{escape(team)}" if team else "https://app.slack.com/"
    return html_page(
        f"Dragoman is installed in {name}",
        "<p>Type <b>/brief Qatar</b> in any channel. To mention it in a channel, invite it there:"
        " <b>/invite @Dragoman</b>. It starts with sample notes; add your own links, files and"
        " feeds.</p>"
        f'<p><a class="button" href="{client}">Open Slack</a></p>',
    )


def failure_page(reason: str) -> str:
    """Return the page on why nothing was installed; ``reason`` is Bolt's or Slack's error."""
    said = _REASONS.get(reason) or f"Slack said “{reason[:80]}”, so nothing was installed."
    return html_page(
        "Dragoman was not installed",
        f'<p>{escape(said)}</p><p><a class="button" href="install">{_AGAIN}</a></p>',
    )


def html_page(title: str, body: str) -> str:
    """Return one of our pages; ``body`` is HTML, and ``title`` plain text."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )


# --- the flow ----------------------------------------------------------------------------


log = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

STATE_SECONDS = 600
"""How long somebody may take to consent."""

_quiet = logging.getLogger("dragoman.oauth")
_quiet.setLevel(logging.ERROR)


class States(AsyncOAuthStateStore):
    """OAuth states in the store, each valid once."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._states = SQLAlchemyOAuthStateStore(
            STATE_SECONDS, cast("Any", store.connections), logger=_quiet
        )

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Issue a state; raises StoreError."""
        return await asyncio.to_thread(self._issue)

    async def async_consume(self, state: str) -> bool:
        """Consume a state; False if it is unknown, was used, or is too old."""
        return await asyncio.to_thread(self._consume, state)

    def _issue(self) -> str:
        self._forget()  # those of people who never answered
        return self._states.issue()

    def _forget(self) -> None:
        table, now = self._states.oauth_states, normalize_datetime_for_db(self._now())
        with self._store.connections.begin() as connection:
            connection.execute(table.delete().where(table.c.expire_at <= now))

    def _consume(self, state: str) -> bool:
        # Slack's library reads first and deletes then, so two requests might use the same state.
        self._forget()
        table = self._states.oauth_states
        with self._store.connections.begin() as connection:
            return connection.execute(table.delete().where(table.c.state == state)).rowcount == 1


class Installations(AsyncInstallationStore):
    """The store for Bolt's installations."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def async_save(self, installation: Installation) -> None:
        """Store the installation; raises StoreError."""
        await self._tokens.save(installation)


class InstallFlow(AsyncOAuthFlow):
    """Bolt's flow with our page."""

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Return the page with the button."""
        return install_page(url)


def install_flow(
    settings: Settings,
    store: Store,
    tokens: Tokens,
    client: AsyncWebClient,
    now: Callable[[], datetime],
) -> InstallFlow:
    """Make the flow from settings; ``client`` has no token of its own."""
    secret, back = settings.slack_client_secret, settings.slack_redirect_url
    return InstallFlow(
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


def install_routes(oauth: InstallFlow) -> list[web.RouteDef]:
    """Return the routes of the two pages."""
    return [
        web.get(INSTALL, _page_handler(oauth.handle_installation)),
        web.get(REDIRECT, _page_handler(oauth.handle_callback)),
    ]


def _page_handler(
    work: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def show(request: web.Request) -> web.StreamResponse:
        try:
            response = await work(await to_bolt_request(request))
        except StoreError as error:
            log.error("the store failed while somebody installed it: %s", error)  # noqa: TRY400
            response = _html_response(503, failure_page("storage_error"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack cannot be reached to install it: %s", type(error).__name__)
            response = _html_response(502, failure_page("unreachable"))
        answer = await to_aiohttp_response(response)
        answer.headers.update(PAGE_HEADERS)
        return answer

    return show


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    one = args.installation
    name = one.enterprise_name if one.is_enterprise_install else one.team_name
    return _html_response(
        200, success_page(name or "your workspace", one.team_id), _cookie_removal(args)
    )


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    log.warning("not installed: %s", args.reason[:100])
    return _html_response(
        args.suggested_status_code, failure_page(args.reason), _cookie_removal(args)
    )


def _cookie_removal(args: AsyncSuccessArgs | AsyncFailureArgs) -> str:
    return args.settings.state_utils.build_set_cookie_for_deletion()


def _html_response(status: int, page: str, cookie: str | None = None) -> BoltResponse:
    headers: dict[str, Any] = {"Content-Type": "text/html; charset=utf-8"}
    if cookie:
        headers["Set-Cookie"] = [cookie]
    return BoltResponse(status=status, body=page, headers=headers)


# --- leaving -----------------------------------------------------------------------------


def listen(app: AsyncApp, context: Context) -> None:
    """Record which workspace left before acknowledging it to Slack."""

    async def bots(event: dict[str, Any]) -> bool:
        return bool((event.get("tokens") or {}).get("bot"))

    async def left(ack: Any, body: dict[str, Any]) -> None:
        if context.tokens is None:
            log.error("the app was removed, or its token revoked: set another SLACK_BOT_TOKEN")
        elif (owner := organisation_of(body) or workspace_of(body)) and await _newest(
            context, body
        ):
            await context.tokens.leave(owner)
        await ack()

    app.event("app_uninstalled")(left)
    app.event("tokens_revoked", matchers=[bots])(left)


async def _newest(context: Context, body: dict[str, Any]) -> bool:
    """Return whether the app was not reinstalled since: Slack sends events late, and repeatedly."""
    store = context.store.installations
    known = await asyncio.to_thread(store.of, organisation_of(body) or workspace_of(body))
    happened = float(body.get("event_time") or 0)  # whole seconds
    return not (known and happened and known.since.timestamp() > happened + 1)


ANSWERS: dict[str, Answer] = {}
"""Leaving is recorded at once, and nobody gets an answer."""
