"""The doctor's Slack checks: whether tokens work, their scopes, and the clock difference."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DragomanError, SettingsError
from bot.health.doctor import apart
from bot.models import Finding, Level
from bot.settings import Settings
from bot.store.store import Store
from handlers.auth import Credentials, client_of, credentials, token_of
from handlers.blocks.native import samples
from handlers.errors import INVALID_BLOCKS, refusal_of
from handlers.install import SCOPES

SHOWN = 20
"""Workspaces to check the tokens of: the most recently installed."""


async def examine_slack(
    settings: Settings, store: Store | None, now: datetime
) -> AsyncIterator[Finding]:
    """Check the token from the settings, or the tokens of the installed workspaces."""
    if not (settings.by_oauth or settings.slack_bot_token):
        yield _slack(
            "note",
            "No token is set: Dragoman works only on the command line and in `dragoman demo`.",
            "To connect it to Slack, see README.md.",
        )
        return
    if store is None:
        yield _slack("note", "Not checked, because the store cannot be used.")
        return
    try:
        given = credentials(settings, store, lambda: now)
    except SettingsError as error:
        yield _slack("wrong", error.message, error.hint)
        return
    if settings.by_oauth:
        of_tokens = _installed(settings, store, given, now)
    else:
        of_tokens = _token(settings, given.token, "SLACK_BOT_TOKEN", now)
    found = []
    async for one in of_tokens:
        found.append(one)
        yield one
    async for one in _socket(settings):
        if one not in found:  # report an unreachable Slack once
            yield one


async def _installed(
    settings: Settings, store: Store, given: Credentials, now: datetime
) -> AsyncIterator[Finding]:
    here = [one for one in store.installations.all() if one.here]
    if not here:
        yield _slack(
            "note",
            "No workspace has installed it.",
            "Open /slack/install in a browser, at Dragoman's public address.",
        )
    for one in here[-SHOWN:]:
        if given.tokens is None or (one.org_wide and one.organisation != one.workspace):
            continue  # it uses its organisation's token
        try:
            token = await given.tokens.of(one.workspace)
        except (DragomanError, aiohttp.ClientError, TimeoutError, OSError) as error:
            said = f"The token of {one.workspace} cannot be renewed: {type(error).__name__}."
            yield _slack("wrong", said, "Try again in a moment.")
            continue
        async for found in _token(settings, token, f"the token of {one.workspace}", now):
            yield found


async def _token(
    settings: Settings, token: str, name: str, now: datetime
) -> AsyncIterator[Finding]:
    client = client_of(settings, AsyncWebClient, token)
    try:
        answer: Any = await client.auth_test()
    except SlackApiError as error:
        word = refusal_of(error).word
        do = "Reinstall the app, and set its Bot User OAuth Token."
        yield _slack("wrong", f"Slack refuses {name} ({word}).", do)
        return
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        yield _unreachable(settings, error)
        return
    said = f"{name} is good: {answer.get('user', 'a bot')} in {answer.get('team', 'a workspace')}."
    yield _slack("well", said)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    yield _scopes(headers.get("x-oauth-scopes"), name)
    if date := headers.get("date"):
        yield apart(parsedate_to_datetime(date), now, "Slack")
    yield await _blocks(client, name)


async def _blocks(client: AsyncWebClient, name: str) -> Finding:
    """Check whether the token's workspace accepts the newer types of block."""
    try:
        await client.blocks_validate(blocks=samples())
    except SlackApiError as error:
        refused = refusal_of(error)
        if refused.word in INVALID_BLOCKS:
            said = f"Slack does not take every newer type of block with {name}."
            return _slack("note", said, "Nothing: plain blocks are sent in their place.")
        said = f"Slack does not say which blocks it takes with {name} ({refused.word})."
        return _slack("note", said)
    return _slack("well", f"Slack takes tables, charts and parts that fold with {name}.")


def _unreachable(settings: Settings, error: Exception) -> Finding:
    return _slack(
        "wrong",
        f"{settings.slack_api_url} cannot be reached: {type(error).__name__}.",
        "Check this machine's network access, its proxy, and SLACK_API_URL.",
    )


def _scopes(given: str | None, name: str) -> Finding:
    if given is None:
        said = f"Slack does not say what {name} may do."
        return Finding(area="scopes", level="note", said=said)
    has = {one.strip() for one in given.split(",") if one.strip()}
    if missing := [one for one in SCOPES if one not in has]:
        scopes = "scope" if len(missing) == 1 else "scopes"
        return Finding(
            area="scopes",
            level="wrong",
            said=f"{name} lacks the {scopes} {', '.join(missing)}.",
            do="Add the scopes of deploy/manifest.yaml to the app, and reinstall it.",
        )
    if more := sorted(has - set(SCOPES)):
        return Finding(
            area="scopes",
            level="note",
            said=f"{name} may do more than it needs: {', '.join(more)}.",
            do="Keep only the scopes of deploy/manifest.yaml, and reinstall the app.",
        )
    return Finding(area="scopes", level="well", said=f"{name} may do what it needs, and no more.")


async def _socket(settings: Settings) -> AsyncIterator[Finding]:
    if not (token := token_of(settings, "SLACK_APP_TOKEN")):
        return
    try:
        await client_of(settings, AsyncWebClient).apps_connections_open(app_token=token)
    except SlackApiError as error:
        yield _slack(
            "wrong",
            f"Slack refuses SLACK_APP_TOKEN ({refusal_of(error).word}).",
            "Create an app-level token with connections:write, and turn on Socket Mode.",
        )
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        yield _unreachable(settings, error)
    else:
        yield _slack("well", "SLACK_APP_TOKEN opens a connection.")


def _slack(level: Level, said: str, do: str = "") -> Finding:
    return Finding(area="slack", level=level, said=said, do=do)
