"""The HTTP face: signatures first, then size and form, then Bolt.

Signing: https://docs.slack.dev/authentication/verifying-requests-from-slack. Bodies are
parsed here, by their content type, and handed to Bolt as Socket Mode would hand them:
Bolt's own parser takes any form that holds the word *payload* for an interaction.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from handlers.shapes import DEEPEST, is_too_deep, what_is_wrong

log = logging.getLogger(__name__)

PATHS = ("/slack/events", "/slack/commands", "/slack/interactivity")
BODY_BYTES = 1_000_000

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


class NotOurs(ValueError):
    """A body that is neither the form nor the JSON that its content type says."""


def web_app(
    app: AsyncApp, signing_secret: str, more: Iterable[web.RouteDef] = ()
) -> web.Application:
    """Make the web application: Slack's requests by POST to PATHS, GET /healthz, and ``more``.

    Without a secret nothing is taken but the question for health.
    Answers 413 to a body above a million bytes, 401 to a signature that is wrong or more
    than five minutes old, 400 to a body that is not what it says, and else what Bolt does.
    """
    face = web.Application(client_max_size=BODY_BYTES)
    face.add_routes([web.get("/healthz", _healthz), *more])
    if signing_secret:
        take = _taking(app, SignatureVerifier(signing_secret))
        face.add_routes([web.post(path, take) for path in PATHS])
    return face


def _taking(
    app: AsyncApp, verifier: SignatureVerifier
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def take(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if not signed(verifier, raw, request):
            return _refusal(401, "The signature is wrong or too old.")
        try:
            body = parse(raw, request.content_type)
        except NotOurs as error:
            return _refusal(400, str(error))
        if (wrong := what_is_wrong(body)) is not None:
            # Before Bolt, which looks into a body as soon as it has one.
            log.warning("a request is not of the shape that Slack's have, at %s", wrong)
            return _refusal(400, f"The body is not of the shape that Slack's have: {wrong}.")
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        try:
            bolt = AsyncBoltRequest(
                body=body, query=request.query_string, headers=headers, mode="socket_mode"
            )
        except (AttributeError, LookupError, TypeError, ValueError):
            # What nobody listens to here has any shape, and Bolt looks into it all the same.
            log.warning("a request is not of a shape that Bolt reads")
            return _refusal(400, "The body is not of the shape that Slack's have.")
        return await to_aiohttp_response(await app.async_dispatch(bolt))

    return take


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _refusal(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)


def signed(verifier: SignatureVerifier, raw: bytes, request: web.Request) -> bool:
    """Whether Slack signed these bytes within the last five minutes."""
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
    """Read a body as its content type says; raises NotOurs with a sentence."""
    text = raw.decode()
    if content_type == _JSON:
        body = _object(text, "The body is not a JSON object.")
        if not isinstance(body.get("event", {}), dict):
            raise NotOurs("The event in the body is not a JSON object.")
        return body
    if content_type != _FORM:
        raise NotOurs(f"The body is {content_type}; it must be a form or JSON.")
    try:
        form = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict"))
    except ValueError as error:
        raise NotOurs("The body is not a form.") from error
    if not form:
        raise NotOurs("The body is empty.")
    if "payload" in form and "command" not in form:
        return _object(form["payload"], "The payload of the form is not a JSON object.")
    return form


def _object(text: str, otherwise: str) -> dict[str, Any]:
    if is_too_deep(text):
        raise NotOurs(f"{otherwise.rstrip('.')} that is nested up to {DEEPEST} levels deep.")
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise NotOurs(otherwise) from error
    if not isinstance(found, dict):
        raise NotOurs(otherwise)
    return found
