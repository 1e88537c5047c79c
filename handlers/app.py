"""The Slack app: how Slack's requests reach it, its listeners, and the modules that answer.

By HTTP the signature is checked first, then size and format
(https://docs.slack.dev/authentication/verifying-requests-from-slack). Bodies are parsed here, by
their content type, and handed to Bolt as Socket Mode would hand them: Bolt's own parser takes any
form that holds the word *payload* for an interaction. In Socket Mode Slack's requests arrive on a
connection that we open (https://docs.slack.dev/apis/events-api/using-socket-mode).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.errors import SettingsError, StoreError
from bot.models import Request, SentReply
from bot.settings import Settings
from handlers import (
    actions,
    curation,
    digest,
    home,
    install,
    links,
    messages,
    objects,
    panel,
    steps,
    watch,
)
from handlers.asking import Asking, Conversations
from handlers.auth import (
    SOCKET_MODE_SETTING,
    Credentials,
    Tokens,
    acting_for,
    check_installed,
    credentials,
    is_loopback,
    token_of,
)
from handlers.context import Answer, Context, Panels
from handlers.errors import refusal_of
from handlers.inbox import Inbox, apologise
from handlers.intake import FileDownloads, Intake
from handlers.outbox import Outbox
from handlers.payloads import (
    MOST_LEVELS,
    is_too_deep,
    organisation_of,
    schema_problem,
    workspace_of,
)
from handlers.people import People, Profiles
from handlers.sender import GAP, Pace, Sender

# --- Bolt --------------------------------------------------------------------------------


log = logging.getLogger(__name__)

NOT_HERE = (
    "Dragoman is no longer installed in this workspace. Ask an admin to install it again; its data"
    " is kept for a while."
)

NOT_NOW = (
    "I cannot save anything at the moment, so this command was not accepted. Please try again in a"
    " few minutes. An admin can find the reason in the log."
)

LEAVING_EVENTS = ("app_uninstalled", "tokens_revoked")
"""Events that report that a workspace left; the workspace is not checked for them."""

_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)
"""Errors from reading a request with missing or malformed fields. A listener only reads and
stores a request: the inbox does the work later."""


class Bolt(AsyncApp):
    """Handles a request on behalf of the workspace that it is from.

    With ``tokens`` only workspaces that installed the app are let in; the others get a message
    where Slack shows them an answer.
    """

    tokens: Tokens | None = None

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Hand a request to its listener."""
        body: dict[str, Any] = req.body
        workspace = workspace_of(body)
        with acting_for(workspace):
            try:
                let_in = await self._is_let_in(body, workspace)
            except StoreError as error:
                return _command_in_words(body, error_response(error))
            if not let_in:
                log.info("a request of %s, which has not installed it", workspace or "nobody")
                return _not_installed_response(body)
            return _command_in_words(body, await super().async_dispatch(req))

    async def _is_let_in(self, body: dict[str, Any], workspace: str) -> bool:
        event = body.get("event") or {}
        if self.tokens is None or body.get("type") == "url_verification":
            return True
        if event.get("type") in LEAVING_EVENTS:
            return True
        return await self.tokens.is_installed(workspace, organisation_of(body))


def _not_installed_response(body: dict[str, Any]) -> BoltResponse:
    """Return the response to a workspace that has not installed the app: text, or a closed form."""
    if "command" in body:
        words: dict[str, Any] = {"response_type": "ephemeral", "text": NOT_HERE}
        return BoltResponse(status=200, body=words)
    if body.get("type") == "view_submission":
        return BoltResponse(status=200, body={"response_action": "clear"})
    return BoltResponse(status=200, body="")


def _command_in_words(body: dict[str, Any], answer: BoltResponse) -> BoltResponse:
    """Say in words that a command was not accepted: Slack sends commands only once, and would
    show no more than an error number."""
    if answer.status != 503 or "command" not in body:
        return answer
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": NOT_NOW})


def error_response(error: Exception) -> BoltResponse:
    """Return the response if a request could not be stored: Slack then sends it again."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    if isinstance(error, _UNREADABLE):
        log.error("a request cannot be read: %s", _where(error))
        return BoltResponse(status=400, body="")
    if isinstance(error, StoreError):
        log.error("not taken in, Slack will send it again: %s", error)
        return BoltResponse(status=503, body="")
    log.error("not taken in", exc_info=error)
    return BoltResponse(status=500, body="")


def _where(error: Exception) -> str:
    """Return the kind of an error and where in our code it was raised, without the data read."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if f"{os.sep}handlers{os.sep}" in one.filename]
    last = (ours or list(frames))[-1:]
    return " ".join([type(error).__name__, *(f"in {one.name}, line {one.lineno}" for one in last)])


def bolt_app(client: AsyncWebClient, token: str, secret: str, tokens: Tokens | None) -> Bolt:
    """Make the app; ``token`` is the single workspace's, or empty if there are ``tokens``."""
    # Bolt reads the token from the environment as well and warns that it has two.
    quiet = logging.getLogger("dragoman.bolt")
    quiet.setLevel(logging.ERROR)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # No call to auth.test: requests are accepted while Slack's API is down, too.
        given = token or "xoxb-of-its-workspace"
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=given)

    app = Bolt(
        name="dragoman",
        logger=quiet,
        client=client,
        signing_secret=secret,
        authorize=authorize,
        process_before_response=True,  # a listener stores before Slack is answered
        raise_error_for_unhandled_request=True,
        ignoring_self_events_enabled=False,  # payloads.addressed leaves out every bot
        attaching_conversation_kwargs_enabled=False,
        attaching_function_token_enabled=False,
        ssl_check_enabled=False,
    )
    app.tokens = tokens

    @app.error
    async def failed(error: Exception) -> BoltResponse:
        return error_response(error)

    return app


# --- HTTP --------------------------------------------------------------------------------


PATHS = ("/slack/events", "/slack/commands", "/slack/interactivity")
BODY_BYTES = 1_000_000

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


class BadBody(ValueError):
    """A body that is neither the form nor the JSON that its content type claims."""


def web_app(
    app: AsyncApp, signing_secret: str, more: Iterable[web.RouteDef] = ()
) -> web.Application:
    """Make the web application: Slack's requests by POST to PATHS, GET /healthz, and ``more``.

    Without a secret only health checks are accepted.
    Answers 413 to a body above a million bytes, 401 to a signature that is wrong or more than five
    minutes old, 400 to a body that does not match its content type, and else as Bolt does.
    """
    face = web.Application(client_max_size=BODY_BYTES)
    face.add_routes([web.get("/healthz", _healthz), *more])
    if signing_secret:
        take = _request_handler(app, SignatureVerifier(signing_secret))
        face.add_routes([web.post(path, take) for path in PATHS])
    return face


def _request_handler(
    app: AsyncApp, verifier: SignatureVerifier
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def take(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if not signed(verifier, raw, request):
            return _refusal(401, "The signature is wrong or too old.")
        try:
            body = parse(raw, request.content_type)
        except BadBody as error:
            return _refusal(400, str(error))
        if (wrong := schema_problem(body)) is not None:
            # Before Bolt, which inspects a body as soon as it has one.
            log.warning("a request is not of the shape that Slack's have, at %s", wrong)
            return _refusal(400, f"The body is not of the shape that Slack's have: {wrong}.")
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        try:
            bolt = AsyncBoltRequest(
                body=body, query=request.query_string, headers=headers, mode="socket_mode"
            )
        except (AttributeError, LookupError, TypeError, ValueError):
            # A request without a listener may have any shape, and Bolt inspects it all the same.
            log.warning("a request is not of a shape that Bolt reads")
            return _refusal(400, "The body is not of the shape that Slack's have.")
        return await to_aiohttp_response(await app.async_dispatch(bolt))

    return take


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _refusal(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)


def signed(verifier: SignatureVerifier, raw: bytes, request: web.Request) -> bool:
    """Return whether Slack signed these bytes within the last five minutes."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
        return False
    try:
        body = raw.decode()
    except UnicodeDecodeError:
        return False  # Slack signs text
    return verifier.is_valid(body, timestamp[:20], signature)


def parse(raw: bytes, content_type: str) -> dict[str, Any]:
    """Parse a body by its content type; raises BadBody with a sentence."""
    text = raw.decode()
    if content_type == _JSON:
        body = _json_object(text, "The body is not a JSON object.")
        if not isinstance(body.get("event", {}), dict):
            raise BadBody("The event in the body is not a JSON object.")
        return body
    if content_type != _FORM:
        raise BadBody(f"The body is {content_type}; it must be a form or JSON.")
    try:
        form = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict"))
    except ValueError as error:
        raise BadBody("The body is not a form.") from error
    if not form:
        raise BadBody("The body is empty.")
    if "payload" in form and "command" not in form:
        return _json_object(form["payload"], "The payload of the form is not a JSON object.")
    return form


def _json_object(text: str, otherwise: str) -> dict[str, Any]:
    if is_too_deep(text):
        raise BadBody(f"{otherwise.rstrip('.')} that is nested up to {MOST_LEVELS} levels deep.")
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # an unpaired surrogate is not text
    except (ValueError, RecursionError) as error:
        raise BadBody(otherwise) from error
    if not isinstance(found, dict):
        raise BadBody(otherwise)
    return found


# --- Socket Mode -------------------------------------------------------------------------


PING_SECONDS = 10.0
_LOST_SECONDS = 60.0
"""How long without a connection until another address is requested: addresses expire."""


def _one_line_records(record: logging.LogRecord) -> bool:
    """Cut records of Slack's library to one line: each attempt fails in the same place."""
    record.msg, record.args = " ".join(record.getMessage().split()), None
    record.exc_info = record.exc_text = record.stack_info = None
    return True


_quiet = logging.getLogger("dragoman.socket")
_quiet.setLevel(logging.ERROR)
_quiet.addFilter(_one_line_records)


class SocketLink:
    """The connection of Socket Mode, or none."""

    def __init__(self) -> None:
        self.client: SocketModeClient | None = None

    async def is_up(self) -> bool:
        """Return whether Slack can reach us through the connection now."""
        return self.client is not None and await self.client.is_connected()


@asynccontextmanager
async def socket_mode(
    app: AsyncApp,
    token: str,
    link: SocketLink | None = None,
    *,
    ping_seconds: float = PING_SECONDS,
    lost_seconds: float = _LOST_SECONDS,
) -> AsyncIterator[None]:
    """Keep a connection to Slack while the context is open; ``link`` reports whether it is up.

    Raises SettingsError if Slack refuses the token; if Slack cannot be reached, retries until it
    can.
    """
    await _check_token(app.client, token)
    kept = _keep_connected(app, token, link or SocketLink(), ping_seconds, lost_seconds)
    task = asyncio.create_task(kept, name="socket")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _check_token(client: AsyncWebClient, token: str) -> None:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        refused = refusal_of(error)
        if refused.later:
            return
        raise SettingsError(
            f"Slack refuses SLACK_APP_TOKEN ({refused.word}): it must be an app-level token, "
            "xapp-..., with the scope connections:write, of an app with Socket Mode turned on.",
            about="SLACK_APP_TOKEN",
        ) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("Slack cannot be reached yet: %s", type(error).__name__)


async def _keep_connected(
    app: AsyncApp, token: str, link: SocketLink, ping_seconds: float, lost_seconds: float
) -> None:
    while True:
        handler = AsyncSocketModeHandler(app, token, logger=_quiet, ping_interval=ping_seconds)
        if is_loopback(app.client.base_url):
            handler.client.proxy = None
        connecting = asyncio.create_task(_connect(handler))
        link.client = handler.client
        try:
            await _until_lost(handler, lost_seconds)
        finally:
            link.client = None
            # The client retries one address forever; closing it ends that.
            connecting.cancel()
            await asyncio.wait([connecting])
            await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt has no types for it
        log.warning("the connection to Slack is lost; another is opened")


async def _connect(handler: AsyncSocketModeHandler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types for it


async def _until_lost(handler: AsyncSocketModeHandler, lost_seconds: float) -> None:
    """Return once there has been no connection for so long."""
    clock = asyncio.get_running_loop().time
    since = clock()
    while clock() - since < lost_seconds:
        await asyncio.sleep(lost_seconds / 10)
        if await handler.client.is_connected():
            since = clock()


# --- the app -----------------------------------------------------------------------------


SURFACES = (
    actions,
    curation,
    digest,
    home,
    install,
    links,
    messages,
    objects,
    panel,
    steps,
    watch,
)
"""The surfaces: each module listens, and answers the requests that it took in."""

ANSWERS: dict[str, Answer] = {
    surface: answer for module in SURFACES for surface, answer in module.ANSWERS.items()
}


@dataclass(frozen=True)
class SlackApp:
    """The app, not yet serving: ``web`` is what an HTTP server serves.

    ``inbox`` answers requests; ``outbox`` posts messages that nobody asked for.
    """

    bolt: AsyncApp
    web: web.Application
    inbox: Inbox
    asking: Asking
    intake: Intake
    outbox: Outbox
    panels: Panels
    app_token: str = ""
    link: SocketLink = field(default_factory=SocketLink)

    def linked(self) -> AbstractAsyncContextManager[None]:
        """Keep the Socket Mode connection while the context is open; no-op without an app token.

        Raises SettingsError if Slack refuses the token.
        """
        return (
            socket_mode(self.bolt, self.app_token, self.link) if self.app_token else nullcontext()
        )

    async def is_linked(self) -> bool | None:
        """Return whether Socket Mode is connected; None if Slack's requests come by HTTP."""
        return await self.link.is_up() if self.app_token else None

    def start(self) -> None:
        """Start working, including on requests and messages left over from before."""
        self.inbox.start()
        self.outbox.start()

    async def stop(self) -> None:
        """Finish or give back the work under way; the desk itself is not closed."""
        await asyncio.gather(self.inbox.stop(), self.outbox.stop())
        await self.panels.stop()
        await asyncio.to_thread(self.intake.close)
        await asyncio.to_thread(self.asking.close)


def build_app(
    settings: Settings,
    desk: Desk,
    *,
    workspace: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    poll_seconds: float = 2.0,
    gap: timedelta = GAP,
) -> SlackApp:
    """Build the app from settings, without any call.

    ``gap`` is the least time between two messages in a place.
    ``workspace`` is the source of articles; None means the Slack workspace that asks.
    Raises SettingsError if a token or a secret is missing.
    """
    given = credentials(settings, desk.store, now)
    people = People(
        desk.store, Profiles(given.client, settings.dragoman_tz, now=now), settings.admins
    )
    pace = Pace(desk.store.pacing, gap=gap, now=now, sleep=sleep) if gap else None
    sender = Sender(given.client, pace=pace, now=now, sleep=sleep)
    context = Context(
        inbox=Inbox(
            desk.store,
            lambda request: _answered(context, request),
            lease=timedelta(seconds=settings.dragoman_lease_seconds),
            excuse=lambda request, why: _excused(context, request, why),
            now=now,
            poll_seconds=poll_seconds,
        ),
        asking=Asking(desk, people, now=now, workspace=workspace),
        sender=sender,
        now=now,
        intake=Intake(desk, settings),
        files=FileDownloads(given.token_now, given.client.base_url),
        panels=Panels(),
        people=people,
        conversations=Conversations(desk.store, now),
        client=given.client,
        address=settings.address,
        tokens=given.tokens,
    )
    outbox = Outbox(desk.store, sender, given.tokens, now=now, poll_seconds=poll_seconds)
    return _app(settings, given, context, outbox)


def _app(settings: Settings, given: Credentials, context: Context, outbox: Outbox) -> SlackApp:
    """Connect Bolt to all listeners, and make the app that serves it."""
    bolt = bolt_app(given.client, given.token, given.secret, given.tokens)
    for module in SURFACES:
        module.listen(bolt, context)
    return SlackApp(
        bolt=bolt,
        web=web_app(bolt, given.secret, [*given.pages, *objects.page_routes(context.address)]),
        inbox=context.inbox,
        asking=context.asking,
        intake=context.intake,
        outbox=outbox,
        panels=context.panels,
        app_token=token_of(settings, SOCKET_MODE_SETTING),
    )


async def _answered(context: Context, request: Request) -> SentReply:
    with acting_for(request.workspace):
        await check_installed(context.tokens, request)
        return await ANSWERS[request.surface](context, request)


async def _excused(context: Context, request: Request, why: Exception) -> None:
    with acting_for(request.workspace):
        if request.surface == steps.SURFACE:
            await steps.give_up(context, request)
            return
        await apologise(context.sender, context.now, request, why)
