"""The objects that every handler works with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.models import Request, SentReply
from bot.store.store import Store
from handlers.asking import Asking, Conversations, Rendered, UserQuery, sent_reply
from handlers.auth import Tokens, current_team
from handlers.blocks.notes import sentence
from handlers.errors import NotNow, Undeliverable
from handlers.inbox import Inbox
from handlers.intake import FileDownloads, Intake
from handlers.people import People
from handlers.sender import EPHEMERAL, Sender

log = logging.getLogger(__name__)

_TELL_WITHIN = timedelta(seconds=2)
_TRY_WITHIN = timedelta(seconds=5)


class Panels:
    """What this process knows about panels.

    ``open`` are the workspaces that have one; ``views`` is what people have in view and since when,
    by workspace and person.
    """

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.views: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work that Slack's acknowledgement need not wait for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End the work under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@dataclass(frozen=True)
class Context:
    """The inbox takes requests in, asking works replies out, the sender delivers them.

    ``files`` fetches files that people share, and the intake reads them. ``client`` reads what
    people have in view. ``address`` is the public one, without a slash at its end; empty if none is
    set. ``tokens`` are those of the workspaces that installed the app; None if one workspace gave
    its token. ``refused`` are the workspaces, methods and reasons that ``attempt`` has logged.
    """

    inbox: Inbox
    asking: Asking
    sender: Sender
    now: Callable[[], datetime]
    intake: Intake
    files: FileDownloads
    panels: Panels
    people: People
    conversations: Conversations
    client: AsyncWebClient
    address: str = ""
    tokens: Tokens | None = None
    refused: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def desk(self) -> Desk:
        """Return the desk that answers questions."""
        return self.asking.desk

    @property
    def store(self) -> Store:
        """Return the store of that desk."""
        return self.asking.desk.store

    async def tell(self, words: str, url: str | None, place: str = "", person: str = "") -> None:
        """Notify one person at once, such as that no form could be opened.

        Goes through a response URL, or else to the place. If neither works, the message is logged.
        """
        until, payload = self.now() + _TELL_WITHIN, sentence(words)
        try:
            if url:
                await self.sender.respond(url, payload, until, EPHEMERAL)
            elif place:
                await self.sender.post_ephemeral(place, person, payload, until)
        except (NotNow, Undeliverable) as error:
            log.warning("and it could not be said: %s", error)

    async def attempt(self, method: str, **arguments: Any) -> bool:
        """Call a method that a workspace may lack and no reply needs; return whether it worked.

        A refusal, such as ``missing_scope`` or an expired trigger, is logged once a workspace.
        """
        try:
            await self.sender.call(method, self.now() + _TRY_WITHIN, **arguments)
        except NotNow as error:
            log.info("%s failed and is not tried again: %s", method, error)
            return False
        except Undeliverable as error:
            why = (current_team(), method, error.about)
            if why not in self.refused:
                self.refused.add(why)
                log.warning("%s is left out in this workspace: %s", method, error)
            return False
        return True

    def sent(self, request: Request, asked: UserQuery, said: Rendered, ts: str | None) -> SentReply:
        """Make the record that the store keeps of a reply that was just sent."""
        return sent_reply(request, asked, said, ts=ts, at=self.now())


Answer = Callable[[Context, Request], Awaitable[SentReply]]
"""Answers the requests of one surface; returns the record of the reply."""
