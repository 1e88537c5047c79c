"""What lets us speak to Slack, from settings: one workspace's token, or each one's own."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SettingsError
from bot.settings import Settings
from bot.store.store import Store
from handlers.speaking import Plain, Speaking
from handlers.tokens import Tokens

CALL_SECONDS = 10
"""How long one call may take; well below the lease of a request."""


class Keys(NamedTuple):
    """``client`` calls Slack, ``token_now`` is the token that it does so with.

    ``token`` is that of the one workspace, or empty where there are ``tokens`` of many, who
    install us on the ``pages``. ``secret`` is what Slack signs with.
    """

    client: AsyncWebClient
    token_now: Callable[[], Awaitable[str]]
    token: str
    secret: str
    tokens: Tokens | None = None
    pages: Sequence[web.RouteDef] = ()


def keys(settings: Settings, store: Store, now: Callable[[], datetime]) -> Keys:
    """Read them; calls nobody. Raises SettingsError where one is missing, or one too many."""
    check_tokens(settings)
    if not settings.by_oauth:
        token, secret = _needed(settings, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")

        async def token_now() -> str:
            return token

        return Keys(client_of(settings, AsyncWebClient, token), token_now, token, secret)
    if settings.slack_bot_token is not None:
        raise SettingsError(
            "SLACK_BOT_TOKEN is the token of one workspace, SLACK_CLIENT_ID lets many install"
            " Dragoman: leave one of the two out.",
            about="SLACK_BOT_TOKEN",
        )
    from handlers import oauth  # only where many workspaces may install it

    ours, hush, secret = _needed(
        settings, "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"
    )
    plain = client_of(settings, Plain)
    tokens = Tokens(store, plain, ours, hush, now=now)
    speaking = Speaking(tokens, plain)
    pages = oauth.routes(oauth.flow(settings, store, tokens, plain, now))
    return Keys(speaking, speaking.token_now, "", secret, tokens, pages)


SOCKET_MODE_SETTING = "SLACK_APP_TOKEN"
"""The setting of the app-level token, for Socket Mode."""


def token_of(settings: Settings, name: str) -> str:
    """The token that a setting holds, without blanks around it; empty where it is not set.

    Raises SettingsError where it cannot be such a token; the token itself is not told.
    """
    given = _text(getattr(settings, name.lower()))
    kind, start, form = _FORMS[name]
    if not given or form.fullmatch(given):
        return given
    if given.strip("\"'“”‘’`<>") != given:
        why = "it has quotes or brackets around it"
    elif given.startswith(start):
        why = "it is cut short, or has a character that no token has"
    else:
        found = (what for other, what in _OTHERS.items() if given.startswith(other))
        why = next(found, "it does not begin so")
    raise SettingsError(
        f"{name} must be the {kind}, {start}…, of your Slack app, but {why}.", about=name
    )


def check_tokens(settings: Settings) -> None:
    """Raise SettingsError where a token is set that cannot be what it should be."""
    for name in _FORMS:
        token_of(settings, name)


_FORMS = {
    "SLACK_BOT_TOKEN": ("bot token", "xoxb-", re.compile(r"(?:xoxe\.)?xoxb-[\w.-]+", re.ASCII)),
    "SLACK_APP_TOKEN": ("app-level token", "xapp-", re.compile(r"xapp-[\w.-]+", re.ASCII)),
}
_OTHERS = {
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
    """A client of Slack's Web API as the settings name it; it calls nobody yet."""
    client = kind(
        token=token,
        base_url=str(settings.slack_api_url),
        timeout=CALL_SECONDS,
        retry_handlers=[],
    )
    if is_loopback(client.base_url):
        client.proxy = None
    return client


def _needed(settings: Settings, *names: str) -> list[str]:
    values = [_text(getattr(settings, name.lower())) for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if token_of(settings, SOCKET_MODE_SETTING):  # nothing is taken by HTTP, so nothing is signed
        missing = [name for name in missing if name != "SLACK_SIGNING_SECRET"]
    if missing:
        all_ = "both are" if len(names) == 2 else "they are"
        raise SettingsError(
            f"{' and '.join(missing)} must be set: {all_} on the pages of your Slack app. "
            "To try Dragoman without Slack, run `dragoman demo`.",
            about=missing[0],
        )
    return values


def _text(value: SecretStr | str | None) -> str:
    secret = value.get_secret_value() if isinstance(value, SecretStr) else value
    return (secret or "").strip()


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine; no proxy is asked for those."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}
