"""Buttons: a name chosen among several, and More. Both replace the message they stand in.

All that is needed is in the button's value, so a button of before a restart works.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from slack_bolt.async_app import AsyncApp

from bot.models import Request, SentReply
from handlers.asking import Asked, Said
from handlers.blocks.brief import MORE
from handlers.blocks.notes import CHOOSE, sentence
from handlers.crew import Crew
from handlers.send import Spent

log = logging.getLogger(__name__)

SURFACE = "action"


class Value(BaseModel):
    """What a button of ours carries."""

    do: Literal["brief", "ask"]
    q: str = Field(min_length=1)
    as_of: AwareDatetime | None = None
    meant: tuple[tuple[str, str], ...] = ()


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in."""

    async def click(ack: Any, body: dict[str, Any]) -> None:
        await crew.inbox.take(body["team"]["id"], SURFACE, body["trigger_id"], _kept(body))
        await ack()

    app.action(MORE)(click)
    app.action(re.compile(rf"^{CHOOSE}:\d+$"))(click)


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    container, action = body.get("container") or {}, body["actions"][0]
    return {
        "action": action["action_id"],
        "value": action.get("value") or "",
        "person": body["user"]["id"],
        "place": container.get("channel_id") or body["channel"]["id"],
        "ts": container.get("message_ts"),
        "alone": bool(container.get("is_ephemeral")),
        "response_url": body.get("response_url"),
    }


async def answer(crew: Crew, request: Request) -> SentReply:
    """Work out the new message and put it in place of the old one."""
    click = request.payload
    try:
        value = Value.model_validate(json.loads(click["value"]))
    except (ValueError, ValidationError):
        asked = Asked("brief", "", click["person"], click["place"])
        said = _outdated(crew.now())
    else:
        whole = click["action"] == MORE
        asked = Asked(
            value.do,
            value.q,
            click["person"],
            click["place"],
            value.as_of,
            whole,
            dict(value.meant),
            alone=click["alone"],
        )
        said = await crew.asking.ask(request, asked)
    ts = await _replace(crew, request, said)
    return crew.sent(request, asked, said, ts)


def _outdated(now: datetime) -> Said:
    return Said(sentence("This button is older than I am: please ask again."), "", now)


async def _replace(crew: Crew, request: Request, said: Said) -> str | None:
    click, until = request.payload, request.lease_until
    ts: str | None = None if click["alone"] else click["ts"]
    if click["response_url"]:
        how = {"replace_original": True}
        try:
            await crew.sender.respond(click["response_url"], said.payload, until, how)
        except Spent:
            log.info("the response URL is spent: we were away for more than half an hour")
        else:
            return ts
    if ts:
        await crew.sender.update(click["place"], ts, said.payload, until)
    else:
        await crew.sender.whisper(click["place"], click["person"], said.payload, until)
    return ts
