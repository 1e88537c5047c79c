"""What people give the bot beside words: files that they share, and the message shortcut.

Shapes after https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.
"""

from __future__ import annotations

import json
from typing import Any

from handlers.workspace import payloads
from handlers.workspace.acts import Acts
from handlers.workspace.article import article_file
from handlers.workspace.deliver import Deliverer, Delivery
from handlers.workspace.files import Files
from handlers.workspace.hooks import Hook, Hooks
from handlers.workspace.state import (
    APP,
    TEAM,
    YOU,
    Channel,
    Message,
    Messages,
    User,
    WorkspaceError,
)
from handlers.workspace.views import Views

ASKED = "@Dragoman read this"
SHORTCUTS = {"add_to_dragoman": "Add to Dragoman", "brief_on_this": "Brief me on this"}
"""The message shortcuts of the app, by callback id."""


class Giving:
    """Shares files and uses shortcuts as a person."""

    def __init__(
        self,
        *,
        messages: Messages,
        acts: Acts,
        files: Files,
        deliverer: Deliverer,
        hooks: Hooks,
        views: Views,
    ) -> None:
        self._messages = messages
        self._acts = acts
        self._files = files
        self._deliverer = deliverer
        self._hooks = hooks
        self._views = views

    async def share(
        self,
        channel: str,
        name: str,
        content: bytes,
        text: str = "",
        *,
        user: str = YOU,
        thread_ts: str | None = None,
        key: str | None = None,
    ) -> str:
        """Post a file with words; returns the message's ``ts``.

        ``key`` is the id of a file that was posted before, and was changed.
        """
        if not name or not content:
            raise WorkspaceError("The file is empty: choose another.", about=channel)
        self._acts.room(channel)
        return await self._acts.say(
            channel, text, user, thread_ts, (self._files.given(name, content, key),)
        )

    async def drop(
        self,
        channel: str,
        name: str,
        content: bytes,
        text: str = "",
        *,
        user: str = YOU,
        thread_ts: str | None = None,
    ) -> str:
        """Post a file that was attached or dropped on the page; returns the message's ``ts``.

        In a channel a file without words comes with those that have the bot read it.
        """
        words = text or ("" if self._acts.room(channel).is_im else ASKED)
        return await self.share(channel, name, content, words, user=user, thread_ts=thread_ts)

    async def article(
        self, channel: str, fields: dict[str, str], *, user: str = YOU, key: str | None = None
    ) -> str:
        """Give the bot an article to read, or with ``key`` an edit of one that was given.

        Returns the message's ``ts``; raises WorkspaceError for what is no article.
        """
        name, content = article_file(fields)
        if key is not None and self.written(key) is None:
            raise WorkspaceError("There is no such article to edit.", about=key)
        ts = await self.share(channel, name, content, ASKED, user=user, key=key)
        message = self._messages.get(channel, ts)
        for file in message.files if message else ():
            if found := self._files.get(file["id"]):
                found.fields = dict(fields)
        return ts

    def written(self, key: str) -> dict[str, str] | None:
        """What was filled in of an article written here; None where it was not."""
        file = self._files.get(key)
        return file.fields if file else None

    async def shortcut(
        self, channel: str, ts: str, *, user: str = YOU, callback: str = "add_to_dragoman"
    ) -> Delivery:
        """Use a message shortcut; returns how its delivery went."""
        room, author = self._acts.room(channel), self._acts.person(user)
        message = self._messages.get(room.id, ts)
        if message is None or message.only_for is not None or message.kind != "message":
            raise WorkspaceError(f"There is no message {ts} in {room.title}.", about=ts)
        hook = self._hooks.new(Hook(channel=room.id, user=author.id, thread_ts=message.root))
        payload = message_action(
            callback,
            user=author,
            channel=room,
            message=message,
            trigger_id=self._views.trigger(author.id),
            response_url=hook,
        )
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        delivery = await self._deliverer.form("interactivity", fields)
        if not delivery.taken:
            what = SHORTCUTS.get(callback, callback)
            self._acts.failed(what, delivery, room.id, author.id, message.thread_ts)
        return delivery


def message_action(
    callback: str,
    *,
    user: User,
    channel: Channel,
    message: Message,
    trigger_id: str,
    response_url: str,
) -> dict[str, Any]:
    """The interaction payload of a message shortcut."""
    return {
        "type": "message_action",
        "token": payloads.TOKEN,
        "callback_id": callback,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "action_ts": message.ts,
        "message_ts": message.ts,
        "api_app_id": APP,
        "team": {"id": TEAM, "domain": "local"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM},
        "message": payloads.message_object(message),
    }
