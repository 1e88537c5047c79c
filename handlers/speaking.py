"""In whose name Slack is called: with the token of the workspace whose request is worked on.

Where one workspace gave its token there is but that. Where many installed us, ``speaking_for``
says for which of them a task works, and whatever it calls through ``Speaking`` – messages,
profiles, files – goes with the token of that one, or fails: never with another's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.refusals import of_api

_workspace: ContextVar[str] = ContextVar("workspace", default="")


@contextmanager
def speaking_for(workspace: str) -> Iterator[None]:
    """Call Slack in the name of a workspace, here and in the tasks that are begun here."""
    before = _workspace.set(workspace)
    try:
        yield
    finally:
        _workspace.reset(before)


def in_whose_name() -> str:
    """The workspace in whose name Slack is called; empty where that is nobody's yet."""
    return _workspace.get()


class Keys(Protocol):
    """Who has the tokens of workspaces."""

    async def of(self, workspace: str) -> str:
        """The token of a workspace; empty where it has none."""

    async def refused(self, workspace: str, token: str, word: str) -> str:
        """Slack refused a token with this word: another that is good, or empty."""


class Plain(AsyncWebClient):
    """Calls Slack without a token, as installing does: with the app's own id and secret."""

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        """Call a method; ``auth`` is put in words here, because the SDK's way is going away."""
        if (auth := call.pop("auth", None)) is not None:
            word = aiohttp.encode_basic_auth(auth["client_id"], auth["client_secret"])
            call["headers"] = {**(call.get("headers") or {}), "Authorization": word}
        return await super().api_call(api_method, **call)


class Speaking(AsyncWebClient):
    """Calls Slack with the token of whom it is speaking for.

    Raises SlackApiError with ``account_inactive`` where that is nobody who has installed us.
    """

    def __init__(self, keys: Keys, plain: AsyncWebClient) -> None:
        """``plain`` is a client without a token, which knows where Slack is."""
        super().__init__(
            base_url=plain.base_url,
            timeout=plain.timeout,
            retry_handlers=list(plain.retry_handlers),
        )
        self.proxy = plain.proxy
        self._keys = keys

    async def token_now(self) -> str:
        """The token of whom it is speaking for; empty where there is none."""
        return await self._keys.of(_workspace.get())

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        """Call a method; a call that has a token of its own goes with that."""
        if "token" in (call.get("params") or {}):
            return await super().api_call(api_method, **call)
        token = await self.token_now()
        if not token:
            raise _nobody(self, api_method)
        try:
            return await self._with(token).api_call(api_method, **call)
        except SlackApiError as error:
            workspace, word = _workspace.get(), of_api(error).word
            another = await self._keys.refused(workspace, token, word)
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


def _nobody(client: AsyncWebClient, method: str) -> SlackApiError:
    """As Slack says it of a workspace that removed the app."""
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
