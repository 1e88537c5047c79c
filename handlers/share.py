"""Share to channel: what one person was told in a channel, shown to everybody there.

It is worked out anew for the channel, without what changed for one reader. Where we are not a
member it is shown through the response URL of the click.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.models import Request, SentReply
from handlers import clicks
from handlers.asking import Said
from handlers.blocks.buttons import SHARE
from handlers.blocks.notes import asked_by
from handlers.crew import Crew
from handlers.errors import Undeliverable, reference
from handlers.landed import Mark

SURFACE = "share"


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in."""
    app.action(SHARE)(clicks.listener(crew, SURFACE))


async def answer(crew: Crew, request: Request) -> SentReply:
    """Post the reply for everybody."""
    click = request.payload
    value = clicks.read(click)
    if value is None:
        asked, said = clicks.nothing_asked(click), clicks.outdated(crew.now())
        ts = await clicks.beside(crew, request, said)
        return crew.sent(request, asked, said, ts)
    asked = clicks.asked(click, value)._replace(alone=False)
    said = await crew.asking.ask(request, asked)
    name = await crew.asking.name(request.workspace, click["person"])
    said = said._replace(payload=asked_by(said.payload, name))
    ts = await _show(crew, request, said)
    return crew.sent(request, asked, said, ts)


async def _show(crew: Crew, request: Request, said: Said) -> str | None:
    click, until = request.payload, request.lease_until
    mark = Mark(reference(request), click["ts"], doubted=request.attempts > 1)
    try:
        return await crew.sender.post(click["place"], said.payload, until, click["thread"], mark)
    except Undeliverable:
        if not click["response_url"]:
            raise
    how = {"response_type": "in_channel", "replace_original": False}
    payload = said.payload | ({"thread_ts": click["thread"]} if click["thread"] else {})
    await crew.sender.respond(click["response_url"], payload, until, how, click["place"])
    return None
