"""What a person sees of the workspace: rooms, messages as HTML, threads, Home and forms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from handlers.blocks.limits import problems
from handlers.workspace import payloads
from handlers.workspace.clock import Clock
from handlers.workspace.mrkdwn import Names
from handlers.workspace.panel import Panel
from handlers.workspace.render import message_html
from handlers.workspace.state import YOU, Channel, Message, Messages, User

Json = dict[str, Any]


class Shown:
    """Reads the workspace as one of its people."""

    def __init__(
        self,
        *,
        messages: Messages,
        users: Mapping[str, User],
        channels: Mapping[str, Channel],
        panel: Panel,
        clock: Clock | None,
    ) -> None:
        self._messages = messages
        self._users = users
        self._channels = channels
        self._panel = panel
        self.clock = clock

    def person(self, key: str | None) -> User:
        """Whoever has that id, by default U0YOU; raises HTTPNotFound."""
        user = self._users.get(key or YOU)
        if user is None or user.is_bot:
            raise web.HTTPNotFound(text=f"There is nobody called {key} here.")
        return user

    def people(self) -> list[User]:
        """Everybody whom one may be here."""
        return [user for user in self._users.values() if not user.is_bot]

    def rooms(self, user: User) -> list[Channel]:
        """The channels that somebody is in, and their messages with the bot."""
        return [room for room in self._channels.values() if room.has(user)]

    def room(self, user: User, key: str | None) -> Channel:
        """The channel of that id, by default the first; raises HTTPNotFound."""
        rooms = self.rooms(user)
        found = next((r for r in rooms if r.id == key), None) if key else rooms[0]
        if found is None:
            raise web.HTTPNotFound(text=f"There is no channel {key} here.")
        return found

    def entered(self, user: User, key: str | None) -> Channel:
        """The same for one who comes as somebody else: they begin where that one may be."""
        room = self._channels.get(key or "")
        if room is not None and not room.has(user):
            raise web.HTTPFound(f"/?as={user.id}")
        return self.room(user, key)

    def names(self, user: User) -> Names:
        """What ids are called, and what time it is for somebody."""
        return Names(
            {key: one.real_name for key, one in self._users.items()},
            {key: room.name for key, room in self._channels.items()},
            user.tz,
            self.now(user),
            frozenset(key for key, one in self._users.items() if one.is_bot),
        )

    def now(self, user: User) -> datetime:
        """The time here, in somebody's zone."""
        now = self.clock.now() if self.clock else datetime.now(UTC)
        return now.astimezone(ZoneInfo(user.tz))

    def channel(self, room: Channel, user: User) -> list[Json]:
        """What stands in a channel itself: no replies but those sent there as well."""
        seen = self._messages.seen_by(room.id, user.id, page=True)
        roots = {m.ts for m in seen if not m.thread_ts}
        top = [m for m in seen if m.root == m.ts or m.broadcast or m.root not in roots]
        return self._items(top, seen, user)

    def thread(self, room: Channel, user: User, root: str) -> list[Json]:
        """A message and its replies."""
        seen = self._messages.seen_by(room.id, user.id, page=True)
        inside = [m for m in seen if m.root == root]
        return self._items(inside, [], user) if inside else []

    def prompts(self, thread: str | None) -> list[dict[str, str]]:
        """What the bot suggests to ask in its messages, or in a thread of them."""
        return self._panel.prompts_in.get(thread, []) if thread else self._panel.prompts

    def status(self, thread: str) -> str:
        """What the bot says that it is doing in a thread; empty where nothing."""
        return self._panel.statuses.get(thread, "")

    def _items(
        self, messages: Sequence[Message], seen: Sequence[Message], user: User
    ) -> list[Json]:
        names, items, day = self.names(user), [], None
        for message in messages:
            item = self._item(message, names)
            item["mine"] = message.user == user.id and message.kind == "message"
            item["replies"] = self._replies(message, seen, names.tz)
            item["status"] = self.status(message.ts)
            item["first_of_day"] = item["moment"].date() != day
            day = item["moment"].date()
            items.append(item)
        return items

    def _replies(self, message: Message, seen: Sequence[Message], tz: str) -> Json | None:
        """How many replies stand under a message, and when the last came."""
        under = [m for m in seen if m.thread_ts == message.ts and m.kind == "message"]
        if message.thread_ts or not under:
            return None
        last = datetime.fromtimestamp(float(under[-1].ts), ZoneInfo(tz))
        return {"count": len(under), "last": last, "ts": under[-1].ts}

    def _item(self, message: Message, names: Names) -> Json:
        """What the template shows of one message."""
        payload = payloads.message_object(message)
        return {
            "message": message,
            "author": self._users[message.user],
            "moment": datetime.fromtimestamp(float(message.ts), ZoneInfo(names.tz)),
            "html": message_html(message.text, message.blocks, names),
            "json": json.dumps(payload, indent=2, ensure_ascii=False),
            "problems": problems(payload) if message.bot_id else [],
        }
