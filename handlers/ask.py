"""Mentions and direct messages: a question, or a brief, answered where it was asked.

Slack sends a post that names us up to twice, as ``app_mention`` and as ``message``, and
each of them again when it heard no acknowledgement. All of them are one request, by
channel and ``ts``, once the post is found to be addressed to us.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, NamedTuple

from bot.answer.followups import asks_for_more, looks_like_follow_up
from bot.models import Request, SentReply
from handlers import panel
from handlers.asking import Asked, Before, Said
from handlers.blocks.mrkdwn import plain_text
from handlers.crew import Crew
from handlers.errors import reference
from handlers.landed import Mark
from handlers.whence import workspace_of

SURFACE = "message"

_BY_PEOPLE = {None, "file_share", "thread_broadcast"}
_MENTION = re.compile(r"<[@!]")
_BRIEF = re.compile(r"^/?brief(?:\s+|$)", re.I)


class Post(NamedTuple):
    """A post addressed to us; ``thread`` is where the answer goes, None is beside it."""

    workspace: str
    place: str
    ts: str
    thread: str | None
    person: str
    text: str


def addressed(body: dict[str, Any]) -> Post | None:
    """Read an event; None where it is not a person's post addressed to us.

    Posts of bots (ours too), edits, deletions, joins and talk among others are not.
    """
    event = body.get("event") or {}
    us = our_user(body)
    person, text = str(event.get("user") or ""), event.get("text") or ""
    if not by_a_person(event) or person == us or not event.get("channel"):
        return None
    private = event.get("type") == "message" and event.get("channel_type") == "im"
    named = event.get("type") == "app_mention" or bool(us and without(us, text) != text)
    if not private and not named:
        return None
    thread = event.get("thread_ts") or (None if private else event.get("ts"))
    said = without(us, text) if us or named else text
    return Post(workspace_of(body), event["channel"], event["ts"], thread, person, plain_text(said))


def asking_on(body: dict[str, Any]) -> Post | None:
    """Read a post in a channel's thread that mentions nobody; None for others.

    Whether it asks on is for ``asks_on`` to say.
    """
    event = body.get("event") or {}
    us, text, thread = our_user(body), event.get("text") or "", event.get("thread_ts")
    if event.get("type") != "message" or event.get("channel_type") == "im" or not thread:
        return None
    person = str(event.get("user") or "")
    if not by_a_person(event) or not us or person == us or _MENTION.search(text):
        return None
    return Post(workspace_of(body), event["channel"], event["ts"], thread, person, plain_text(text))


async def asks_on(crew: Crew, post: Post) -> bool:
    """Whether a post in a thread that mentions nobody is for us, and not talk among people.

    It is if it follows directly after the answer to a question of the same person, and asks
    on. Where Slack does not show the thread it is not.
    """
    if post.thread is None:
        return False
    last = await crew.asking.before(post.workspace, SURFACE, post.place, post.thread)
    if last is None or last.person != post.person:
        return False
    if not await crew.asking.asks_on(post.workspace, post.place, post.text, last):
        return False
    return await _is_taken(crew, post, post.ts) or await _is_next(crew, post, last)


async def _is_next(crew: Crew, post: Post, last: Before) -> bool:
    """Whether nobody posted between what was asked last and a post, but us and who asks on."""
    if post.thread is None or float(post.ts) < float(last.ts):
        return False
    found = await crew.sender.between(post.place, post.thread, last.ts, post.ts)
    people = [one for one in found or () if by_a_person(one)]
    return found is not None and all(
        [one["user"] == post.person and await _is_taken(crew, post, one["ts"]) for one in people]
    )


async def _is_taken(crew: Crew, post: Post, ts: str) -> bool:
    """Whether the post with this ``ts`` in the same place was taken for a question to us."""
    look = crew.asking.desk.store.inbox.knows
    return await asyncio.to_thread(look, post.workspace, SURFACE, f"{post.place}:{ts}")


def by_a_person(event: dict[str, Any]) -> bool:
    """Whether a person wrote a post just now: no bot, no edit, no deletion, nothing of Slack's."""
    if event.get("bot_id") or event.get("subtype") not in _BY_PEOPLE or event.get("hidden"):
        return False
    return bool(event.get("user")) and event["user"] != "USLACKBOT"


def our_user(body: dict[str, Any]) -> str:
    """The user that we are there; empty where Slack does not say."""
    mine = [a for a in body.get("authorizations") or [] if a.get("is_bot", True)]
    return str(mine[0].get("user_id") or "") if mine else ""


def without(us: str, text: str) -> str:
    """Take our name out; where we do not know it, the first name in a post that names us."""
    if us:
        return re.sub(rf"<@{re.escape(us)}(?:\|[^>]*)?>", " ", text)
    return re.sub(r"<@[^>]*>", " ", text, count=1)


def wanted(text: str) -> tuple[str, str]:
    """Tell a brief from a question: ``brief Qatar`` and ``/brief Qatar`` are briefs."""
    text = " ".join(text.split())
    query = _BRIEF.sub("", text)
    return ("brief", query) if query != text else ("ask", text)


async def take(crew: Crew, post: Post) -> None:
    """Write a post down that is to be answered."""
    await crew.inbox.take(post.workspace, SURFACE, f"{post.place}:{post.ts}", post._asdict())


async def before(crew: Crew, post: Post) -> str | None:
    """What was asked before in this thread, or just now in the direct messages.

    A thread of ours stands under a post that we answered, or under a message of ours; None
    where it is no thread of ours. Beside threads only what says that it leads on does.
    """
    if post.thread is not None and post.thread != post.ts:
        last = await crew.asking.before(post.workspace, SURFACE, post.place, post.thread)
        return last.query if last else None
    if post.thread is None and looks_like_follow_up(post.text):
        return await crew.asking.lately(post.workspace, post.place, post.person)
    return None


async def answer(crew: Crew, request: Request) -> SentReply:
    """Work out and send the reply to one post."""
    post = Post(**request.payload)
    if await wants_no_reply(crew, post):
        return silence(crew, request, post)
    # A direct message, by what Slack calls its rooms, is seen by nobody else.
    async with panel.working(crew, post.place, post.thread):
        asked, said = await worked_out(crew, request, post, alone=post.place.startswith("D"))
    return crew.sent(request, asked, said, await send(crew, request, post, said))


async def wants_no_reply(crew: Crew, post: Post) -> bool:
    """Whether a post is thanks, or some other remark that people leave without a reply."""
    do, text = wanted(post.text)
    return do == "ask" and await crew.asking.intent(post.workspace, post.place, text) == "remark"


def silence(crew: Crew, request: Request, post: Post) -> SentReply:
    """What the store keeps of a post that was left without a reply."""
    asked = Asked("ask", "", post.person, post.place)
    return crew.sent(request, asked, Said({}, "", crew.now()), None)


async def worked_out(
    crew: Crew, request: Request, post: Post, *, alone: bool
) -> tuple[Asked, Said]:
    """What a post asks, and the reply to it; ``alone`` tells its reader what changed, too."""
    do, query = wanted(post.text)
    asked = Asked("brief" if do == "brief" else "ask", query, post.person, post.place, alone=alone)
    if do == "ask" and (earlier := await before(crew, post)):
        more = asks_for_more(query)
        asked = asked._replace(query=earlier, whole=True) if more else asked._replace(after=earlier)
    said = await crew.asking.ask(request, asked)
    if post.thread is not None and said.query:
        last = Before(said.query, post.person, post.ts)
        crew.asking.remember(request.workspace, post.place, post.thread, last)
    return asked, said


async def send(crew: Crew, request: Request, post: Post, said: Said) -> str | None:
    """Post a reply where the post asked for it; returns its ``ts``."""
    mark = Mark(reference(request), post.ts, doubted=request.attempts > 1)
    return await crew.sender.post(
        post.place, said.payload, request.lease_until, post.thread, mark, post.person
    )
