"""The arguments of a Web API call, from wherever slack_sdk puts them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from handlers.workspace.compose import Refused

Args = dict[str, Any]


def truthy(args: Args, name: str) -> bool:
    """A flag as JSON, a form or a query has it."""
    return args.get(name) in (True, 1, "1", "true", "True")


def bearer(request: web.Request) -> str:
    """The token of the Authorization header, empty where there is none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def read(request: web.Request) -> Args:
    """The arguments of a call from its query and body; raises Refused in Slack's words."""
    args: Args = dict(request.query)
    if not request.can_read_body:
        return args
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text())
        except ValueError as error:  # not UTF-8, or not JSON
            raise Refused("invalid_json") from error
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return args | body
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.post()
        args |= {k: v for k, v in form.items() if isinstance(v, str)}
        payload = args.pop("payload", None)  # how a response URL takes a form
        return args | _payload(payload) if isinstance(payload, str) else args
    raise Refused("invalid_post_type")


def _payload(payload: str) -> Args:
    try:
        body = json.loads(payload)
    except ValueError as error:
        raise Refused("invalid_payload") from error
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body
