"""Continue in DM: the same reply in the direct messages with whoever asked, to be asked on.

What is typed there next, in its thread or soon after it, follows what was asked.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.models import Request, SentReply
from handlers import clicks
from handlers.asking import Said
from handlers.blocks.buttons import DIRECT
from handlers.blocks.notes import GUEST, sentence
from handlers.crew import Crew
from handlers.errors import Undeliverable, reference
from handlers.landed import Mark

SURFACE = "direct"


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in."""
    app.action(DIRECT)(clicks.listener(crew, SURFACE))


async def answer(crew: Crew, request: Request) -> SentReply:
    """Post the reply in the direct messages, and say in place where it is."""
    click, until = request.payload, request.lease_until
    value = clicks.read(click)
    asked, said = clicks.nothing_asked(click), clicks.outdated(crew.now())
    if value is None:
        await clicks.beside(crew, request, said)
        return crew.sent(request, asked, said, None)
    if await crew.asking.is_guest(request.workspace, click["person"]):
        await clicks.beside(crew, request, Said(sentence(GUEST), "", crew.now()))
        return crew.sent(request, asked, said, None)
    try:
        opened = await crew.sender.call("conversations.open", until, users=click["person"])
    except Undeliverable as error:
        words = f"Slack does not let me write to you directly ({error.about}): ask me there."
        await clicks.beside(crew, request, Said(sentence(words), value.q, crew.now()))
        return crew.sent(request, asked, said, None)
    # Asked there, so that nothing which is told in this channel alone goes along.
    place = str(opened["channel"]["id"])
    asked = clicks.asked(click, value)._replace(place=place, alone=True)
    said = await crew.asking.ask(request, asked)
    mark = Mark(reference(request), click["ts"], doubted=request.attempts > 1)
    ts = await crew.sender.post(place, said.payload, until, None, mark)
    words = "It is in your direct messages with me: ask on there."
    await clicks.beside(crew, request, said._replace(payload=sentence(words)))
    return crew.sent(request, asked, said, ts)
