"""“Brief me on this”: whom a message names, briefed on to whoever asks, alone."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.models import Asker, Request, SentReply
from bot.read.mentions import find_mentions
from handlers import clicks
from handlers.asking import STILL_READING, Asked, Said
from handlers.blocks.chosen import whom
from handlers.blocks.mrkdwn import plain_text
from handlers.blocks.notes import sentence
from handlers.crew import Crew
from handlers.whence import workspace_of

SURFACE = "shortcut"
SHORTCUT = "brief_on_this"

PAIR = 2
"""Of so many actors at most a message's brief is about all; of more, one is chosen."""

_READ = 40_000
_TYPED_WORDS = 12


class Named(NamedTuple):
    """Somebody whom a message names: the words, whom they mean, and that one's own name."""

    words: str
    actor: str
    name: str


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take the shortcut in."""

    @app.message_shortcut(SHORTCUT)
    async def use(ack: Any, body: dict[str, Any]) -> None:
        await crew.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], _kept(body))
        await ack()


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    message = body["message"]
    return {
        "text": _words(message),
        "person": body["user"]["id"],
        "place": body["channel"]["id"],
        "ts": message["ts"],
        "thread": message.get("thread_ts"),
        "response_url": body.get("response_url"),
    }


def _words(message: dict[str, Any]) -> str:
    """The words of a message, whoever posted it: feeds post theirs attached."""
    parts = [message.get("text")]
    for attached in message.get("attachments") or ():
        shown = [attached.get(key) for key in ("pretext", "title", "text")]
        parts += shown if any(shown) else [attached.get("fallback")]
    return plain_text("\n".join(part for part in parts if part))[:_READ]


async def answer(crew: Crew, request: Request) -> SentReply:
    """Find whom the message names, and brief on them, or ask on whom."""
    order = request.payload
    asked = Asked("brief", "", order["person"], order["place"], alone=True)

    def work(asker: Asker) -> Said:
        found = named(crew.asking.desk, asker.workspace, order["text"])
        if not found:
            words = "I find no name in this message that I know. Type one: `/brief Qatar`."
            return Said(sentence(words), "", asker.now)
        if len(found) > PAIR:
            return Said(whom([(one.name, one.actor) for one in found]), "", asker.now)
        query = " ".join(one.words for one in found)
        meant = {one.words: one.actor for one in found}
        about = asked._replace(query=query, meant=meant)
        return crew.asking.said(about, asker, request.workspace)

    ready = await crew.asking.notes_read(request)
    said = await crew.asking.work(request, asked, work)
    if not ready and not said.tells:
        said = said._replace(payload=sentence(STILL_READING))
    ts = await clicks.beside(crew, request, said)
    return crew.sent(request, asked, said, ts)


def named(desk: Desk, workspace: str, text: str) -> list[Named]:
    """Whom a text names, the most often named first.

    What is written as in an article is found as in one; in a short message that holds no such
    name, what is typed as in a question.
    """
    index = desk.actors(workspace)
    mentions = find_mentions("", text, index)
    first = {one.actor: one for one in reversed(mentions)}
    often = Counter(one.actor for one in mentions)
    found = [
        Named(text[first[actor].start : first[actor].end], actor, index.name(actor))
        for actor in sorted(first, key=lambda actor: (-often[actor], first[actor].start))
    ]
    if found or len(text.split()) > _TYPED_WORDS:
        return found
    sure = [one for one in index.in_query(text) if one.verdict == "sure"]
    return [
        Named(text[one.start : one.end], one.matches[0].actor, one.matches[0].name) for one in sure
    ]
