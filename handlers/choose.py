"""Buttons that ask for another reply: a name chosen among several, More, Since last week, and
actors that stand beside. What only one person sees, and More, is replaced in place; under what
others see, another question is answered to whoever asked it.
"""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.models import Request, SentReply
from handlers import clicks
from handlers.blocks.brief import MORE
from handlers.blocks.buttons import RELATED, SINCE
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
    kind = click["action"].partition(":")[0]
    in_place = kind in (MORE, CHOOSE) or click["alone"]
    ts = await (clicks.replace if in_place else clicks.beside)(crew, request, said)
    return crew.sent(request, asked, said, ts)
