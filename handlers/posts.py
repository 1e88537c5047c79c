"""Posts, and what becomes of each: a question, again or not, links to read, or nothing."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers import ask, edits, links, panel
from handlers.crew import Crew
from handlers.trusting import taken


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take posts in; whatever is not for us is acknowledged and let go."""

    async def post(body: dict[str, Any]) -> None:
        if (change := edits.changed(body)) is not None:
            await edits.take(crew, *change)
            return
        found = ask.addressed(body)
        if found is not None:
            if await taken(crew, found):
                return
            given = links.addressed(body, found)
            if given is not None:
                await links.take(crew, given, f"{given.place}:{given.ts}")
            else:
                await ask.take(crew, _threaded(crew, found))
            return
        following = ask.asking_on(body)
        if following is not None and await ask.asks_on(crew, following):
            await ask.take(crew, following)
            return
        dropped = links.dropped(body)
        if dropped is not None and await links.is_wanted(crew, dropped):
            await links.take(crew, dropped, f"{dropped.place}:{dropped.ts}")

    app.event("app_mention")(post)
    app.event("message")(post)


def _threaded(crew: Crew, post: ask.Post) -> ask.Post:
    """A post with the thread that its answer belongs in: in a panel, each begins one."""
    begins = post.thread is None and panel.has_threads(crew, post.workspace, post.place)
    return post._replace(thread=post.ts) if begins else post
