"""Sources: the articles that a reply draws on, for whoever asks alone."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.models import Asker, Request, SentReply
from handlers import clicks
from handlers.asking import Asked, Said, lines_of
from handlers.blocks.buttons import SOURCES
from handlers.blocks.notes import sentence
from handlers.blocks.sources import sources_message
from handlers.crew import Crew

SURFACE = "sources"


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in."""
    app.action(SOURCES)(clicks.listener(crew, SURFACE))


async def answer(crew: Crew, request: Request) -> SentReply:
    """Work the reply out anew, and list whence its lines are."""
    click = request.payload
    value = clicks.read(click)
    if value is None:
        asked, said = clicks.nothing_asked(click), clicks.outdated(crew.now())
    else:
        asked = clicks.asked(click, value)
        said = await crew.asking.work(request, asked, lambda asker: _listed(crew, asker, asked))
    ts = await clicks.beside(crew, request, said)
    return crew.sent(request, asked, said, ts)


def _listed(crew: Crew, asker: Asker, asked: Asked) -> Said:
    desk = crew.asking.desk
    put = desk.brief if asked.do == "brief" else desk.ask
    lines = lines_of(put(asker, asked.query, meant=asked.meant))
    as_of = asker.as_of or asker.now
    if not lines:
        words = "Nothing that is stored bears on this any more: please ask again."
        return Said(sentence(words), "", as_of)
    return Said(sources_message(asked.query, lines, tz=asker.tz), "", as_of)
