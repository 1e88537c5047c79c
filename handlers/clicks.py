"""Clicks on buttons: what each carries, and where what it asks for goes.

All that is needed is in the button's value, so a button of before a restart works. One that
is older than what we read says so to the person who clicked, and leaves the message as it is.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from bot.models import Request
from handlers.asking import Rendered, UserQuery
from handlers.blocks.notes import sentence
from handlers.context import Context
from handlers.errors import Undeliverable, reference
from handlers.payloads import workspace_of
from handlers.sender import DeliveryMark, ResponseUrlExpired

log = logging.getLogger(__name__)

Listener = Callable[[Any, dict[str, Any]], Awaitable[None]]


class ButtonValue(BaseModel):
    """What a button of ours carries: what was asked, as of when, and who was taken for whom."""

    do: Literal["brief", "ask"]
    q: str = Field(min_length=1)
    as_of: AwareDatetime | None = None
    meant: tuple[tuple[str, str], ...] = ()


def listener(context: Context, surface: str) -> Listener:
    """What stores a click as a request of ``surface``, and only then acknowledges it."""

    async def click(ack: Any, body: dict[str, Any]) -> None:
        await context.inbox.take(
            workspace_of(body), surface, body["trigger_id"], click_record(body)
        )
        await ack()

    return click


def click_record(body: dict[str, Any]) -> dict[str, Any]:
    """What is stored of a click; ``alone`` says that one person sees the message."""
    container, action = body.get("container") or {}, body["actions"][0]
    return {
        "action": action["action_id"],
        "value": action.get("value") or "",
        "person": body["user"]["id"],
        "home": body["user"].get("team_id"),
        "place": container.get("channel_id") or body["channel"]["id"],
        "ts": container.get("message_ts"),
        "thread": container.get("thread_ts"),
        "alone": bool(container.get("is_ephemeral")),
        "response_url": body.get("response_url"),
    }


def button_value(click: dict[str, Any]) -> ButtonValue | None:
    """The value of the button that was clicked; None where it is none that we read."""
    try:
        return ButtonValue.model_validate(json.loads(click["value"]))
    except (ValueError, ValidationError):
        return None


def query_of(click: dict[str, Any], value: ButtonValue, *, whole: bool = False) -> UserQuery:
    """What a click asks for, in the place and by the person of it."""
    return UserQuery(
        value.do,
        value.q,
        click["person"],
        click["place"],
        value.as_of,
        whole,
        dict(value.meant),
        alone=click["alone"],
    )


def no_query(click: dict[str, Any]) -> UserQuery:
    """What replaces the question of a click that cannot be read or is refused."""
    return UserQuery("brief", "", click["person"], click["place"])


def outdated_button(now: datetime) -> Rendered:
    """Say that a button is older than what we read."""
    return Rendered(sentence("This button is older than I am: please ask again."), "", now)


async def replace_message(context: Context, request: Request, said: Rendered) -> str | None:
    """Put a message in place of the one clicked on; returns its ``ts``, None if ephemeral."""
    click, until = request.payload, request.lease_until
    ts: str | None = None if click["alone"] else click["ts"]
    if click["response_url"]:
        how = {"replace_original": True}
        try:
            await context.sender.respond(click["response_url"], said.payload, until, how)
        except ResponseUrlExpired:
            log.info("the response URL is spent: we were away for more than half an hour")
        else:
            return ts
    if ts:
        await context.sender.update(click["place"], ts, said.payload, until)
    else:
        await context.sender.post_ephemeral(click["place"], click["person"], said.payload, until)
    return ts


async def answer_alone(context: Context, request: Request, said: Rendered) -> str | None:
    """Answer the person who clicked, alone; returns the ``ts`` of a direct message."""
    click, until = request.payload, request.lease_until
    thread = click.get("thread")
    if click["place"].startswith("D"):
        mark = DeliveryMark(reference(request), click["ts"], doubted=request.attempts > 1)
        try:
            return await context.sender.post(click["place"], said.payload, until, thread, mark)
        except Undeliverable:
            if not click["response_url"]:  # with it, we are let into messages of others
                raise
    payload = said.payload | ({"thread_ts": thread} if thread else {})
    url, place, person = click["response_url"], click["place"], click["person"]
    await context.sender.answer_alone(url, place, person, payload, until)
    return None
