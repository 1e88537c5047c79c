"""Bolt's app, as we use it: who is let in, in whose name, and what a failure answers."""

from __future__ import annotations

import logging
import os
import traceback
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreError
from handlers.speaking import speaking_for
from handlers.tokens import Tokens
from handlers.whence import organisation_of, workspace_of

log = logging.getLogger(__name__)

NOT_HERE = (
    "Dragoman is not installed in this workspace any more. Ask whoever looks after its apps to"
    " install it again: what it had read is kept for a while."
)

NOT_NOW = (
    "I can write nothing down at the moment, so I have not taken this in. Please give it again in"
    " a few minutes. Whoever runs me finds in the log what is wrong."
)

LEAVING = ("app_uninstalled", "tokens_revoked")
"""Events that tell that a workspace left; it is asked nothing about them."""

_UNREAD = (AttributeError, LookupError, TypeError, ValueError)
"""What reading a request raises that lacks something, or has in its place what is none. A
listener reads and writes down, no more: what is done with it is done later, by the inbox."""


class Bolt(AsyncApp):
    """Works on a request in the name of the workspace that it is from.

    With ``tokens`` nobody is let in but who has installed us; the others are told so where
    Slack shows them an answer.
    """

    tokens: Tokens | None = None

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Hand a request to whoever listens to it."""
        body: dict[str, Any] = req.body
        workspace = workspace_of(body)
        with speaking_for(workspace):
            try:
                let_in = await self._is_let_in(body, workspace)
            except StoreError as error:
                return _in_words(body, not_taken_in(error))
            if not let_in:
                log.info("a request of %s, which has not installed it", workspace or "nobody")
                return _sent_away(body)
            return _in_words(body, await super().async_dispatch(req))

    async def _is_let_in(self, body: dict[str, Any], workspace: str) -> bool:
        event = body.get("event") or {}
        if self.tokens is None or body.get("type") == "url_verification":
            return True
        if event.get("type") in LEAVING:
            return True
        return await self.tokens.is_installed(workspace, organisation_of(body))


def _sent_away(body: dict[str, Any]) -> BoltResponse:
    """What Slack shows of an acknowledgement: a command's text, and a form closed."""
    if "command" in body:
        words: dict[str, Any] = {"response_type": "ephemeral", "text": NOT_HERE}
        return BoltResponse(status=200, body=words)
    if body.get("type") == "view_submission":
        return BoltResponse(status=200, body={"response_action": "clear"})
    return BoltResponse(status=200, body="")


def _in_words(body: dict[str, Any], answer: BoltResponse) -> BoltResponse:
    """Say in words that a command is not taken in: Slack sends those but once, and would show
    no more than the number of an error."""
    if answer.status != 503 or "command" not in body:
        return answer
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": NOT_NOW})


def not_taken_in(error: Exception) -> BoltResponse:
    """What Slack is answered where a request could not be written down: it sends it again."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    if isinstance(error, _UNREAD):
        log.error("a request cannot be read: %s", _where(error))
        return BoltResponse(status=400, body="")
    if isinstance(error, StoreError):
        log.error("not taken in, Slack will send it again: %s", error)
        return BoltResponse(status=503, body="")
    log.error("not taken in", exc_info=error)
    return BoltResponse(status=500, body="")


def _where(error: Exception) -> str:
    """The kind of an error and where in our code it rose, without what was read."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if f"{os.sep}handlers{os.sep}" in one.filename]
    last = (ours or list(frames))[-1:]
    return " ".join([type(error).__name__, *(f"in {one.name}, line {one.lineno}" for one in last)])


def bolt_app(client: AsyncWebClient, token: str, secret: str, tokens: Tokens | None) -> Bolt:
    """Make the app; ``token`` is the one workspace's, or empty where there are ``tokens``."""
    # Bolt reads the token from the environment as well and warns that it has two.
    quiet = logging.getLogger("dragoman.bolt")
    quiet.setLevel(logging.ERROR)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # No call to auth.test: requests are taken in while Slack's API is away, too.
        given = token or "xoxb-of-its-workspace"
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=given)

    app = Bolt(
        name="dragoman",
        logger=quiet,
        client=client,
        signing_secret=secret,
        authorize=authorize,
        process_before_response=True,  # a listener writes down before Slack is answered
        raise_error_for_unhandled_request=True,
        ignoring_self_events_enabled=False,  # ask.addressed leaves out every bot
        attaching_conversation_kwargs_enabled=False,
        attaching_function_token_enabled=False,
        ssl_check_enabled=False,
    )
    app.tokens = tokens

    @app.error
    async def failed(error: Exception) -> BoltResponse:
        return not_taken_in(error)

    return app
