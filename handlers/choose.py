"""Buttons that ask for another reply: a name chosen among several, More, Since last week, and
actors that stand beside.

A message that only one person sees is replaced in place. Under one that others see, whoever
clicks is answered alone; only the person who asked may choose a name for everybody.
"""

from __future__ import annotations

import asyncio
import re

from slack_bolt.async_app import AsyncApp

from bot.models import Request, SentReply
from handlers import clicks
from handlers.blocks.buttons import MORE, RELATED, SINCE
from handlers.blocks.notes import CHOOSE
from handlers.crew import Crew

SURFACE = "action"


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in."""
    click = clicks.listener(crew, SURFACE)
    app.action(MORE)(click)
    app.action(SINCE)(click)
    app.action(re.compile(rf"^(?:{CHOOSE}|{RELATED}):\d+$"))(click)


async def answer(crew: Crew, request: Request) -> SentReply:
    """Work out the new message and put it where it belongs."""
    click = request.payload
    value = clicks.read(click)
    if value is None:
        said = clicks.outdated(crew.now())
        ts = await clicks.beside(crew, request, said)
        return crew.sent(request, clicks.nothing_asked(click), said, ts)
    asked = clicks.asked(click, value, whole=click["action"] == MORE)
    said = await crew.asking.ask(request, asked)
    in_place = await _is_theirs(crew, request)
    ts = await (clicks.replace if in_place else clicks.beside)(crew, request, said)
    return crew.sent(request, asked, said, ts)


async def _is_theirs(crew: Crew, request: Request) -> bool:
    """Whether whoever clicked may have the message replaced: nobody else reads it as it is."""
    click = request.payload
    kind = click["action"].partition(":")[0]
    if click["alone"]:
        return True
    if click["place"].startswith("D"):
        return kind in (MORE, CHOOSE)
    if kind != CHOOSE:
        return False
    look = crew.asking.desk.store.inbox.reply_at
    stands = await asyncio.to_thread(look, request.workspace, click["place"], click["ts"])
    return stands is None or stands.person == click["person"]
