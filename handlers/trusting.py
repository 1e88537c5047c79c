"""*@Dragoman distrust NAME*: whoever runs a workspace says how far its sources are trusted."""

from __future__ import annotations

from bot.care import trusting
from bot.models import Asker, Request, SentReply
from handlers import ask
from handlers.asking import Asked, Said
from handlers.blocks.notes import sentence
from handlers.crew import Crew

SURFACE = "trust"

REFUSED = (
    "How far sources are trusted is for admins of Dragoman to say, and you are not one of them:"
    " ask an admin of this workspace."
)
ADMINS_HINT = "DRAGOMAN_ADMINS names them by their ids; yours is {person}."
"""For those who run the workspace."""


async def taken(crew: Crew, post: ask.Post) -> bool:
    """Write down a post that orders to trust a source, or not to; tell whether it does."""
    if trusting.order(post.text) is None:
        return False
    await crew.inbox.take(post.workspace, SURFACE, f"{post.place}:{post.ts}", post._asdict())
    return True


async def answer(crew: Crew, request: Request) -> SentReply:
    """Do what an admin orders, and say so where it was ordered."""
    post = ask.Post(**request.payload)
    # No words are kept: an order answers no question that may be asked on.
    asked = Asked("ask", "", post.person, post.place)
    said = await crew.asking.work(request, asked, lambda asker: _done(crew, post, asker))
    return crew.sent(request, asked, said, await ask.send(crew, request, post, said))


def _done(crew: Crew, post: ask.Post, asker: Asker) -> Said:
    order = trusting.order(post.text)
    if order is None or post.person not in crew.asking.admins:
        hint = f" {ADMINS_HINT.format(person=post.person)}" if asker.operator else ""
        return Said(sentence(f"{REFUSED}{hint}"), "", asker.now)
    desk = crew.asking.desk
    audiences = desk.library(asker).audiences
    done = trusting.trust(
        desk.store, asker.workspace, audiences, order, f"slack:{post.person}", asker.now
    )
    desk.catch_up()
    return Said(sentence(trusting.in_words(done)), "", asker.now)
