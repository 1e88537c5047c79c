"""What people open in the bot's own room: its messages, its Home, a new chat of the panel."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.workspace.acts import Acts
from handlers.workspace.panel import opened_event, started_event
from handlers.workspace.state import Channel, Message, Messages, WorkspaceError, direct


class Opening:
    """Opens tabs and chats as a person, and tells the app so."""

    def __init__(
        self, *, messages: Messages, channels: Mapping[str, Channel], acts: Acts, bot_user: str
    ) -> None:
        self._messages = messages
        self._channels = channels
        self._acts = acts
        self._bot_user = bot_user

    async def tab(self, user: str, tab: str) -> None:
        """Open ``messages`` or ``home``; raises WorkspaceError for another tab or person."""
        if tab not in ("messages", "home"):
            raise WorkspaceError(f"Dragoman has no tab {tab}.", about=tab)
        room = self._room(user)
        await self._acts.event(opened_event(user, room.id, self._messages.next_ts(), tab))

    async def chat(self, user: str) -> str:
        """Begin a new chat as the older assistant view does; returns the ts of its thread."""
        room, ts = self._room(user), self._messages.next_ts()
        self._messages.put(
            Message(channel=room.id, ts=ts, user=self._bot_user, text="New Assistant Thread")
        )
        await self._acts.event(started_event(user, room.id, ts, self._messages.next_ts()))
        return ts

    def _room(self, user: str) -> Channel:
        room = direct(self._channels, user)
        if room is None:
            raise WorkspaceError(f"There is nobody called {user} here.", about=user)
        return room
