"""What people do in the workspace, and what each act sends to the app."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from handlers.workspace import payloads
from handlers.workspace.calls import Content, Hook, Hooks, Refused, content
from handlers.workspace.delivery import Deliverer, Delivery
from handlers.workspace.state import BOT, HOUSE, Channel, Message, Messages, User, WorkspaceError
from handlers.workspace.views import Views

REASONS = {
    "http_timeout": "did not answer within 3 seconds", "connection_failed": "cannot be reached",
    "http_error": "answered with an error", "no_retry": "refused it",
}  # fmt: skip


class Conversation:
    """Says, commands and clicks: each writes what is seen, and delivers it signed."""

    def __init__(
        self,
        *,
        messages: Messages,
        users: Mapping[str, User],
        channels: Mapping[str, Channel],
        deliverer: Deliverer,
        hooks: Hooks,
        views: Views,
        bot_user: str,
        clock: Callable[[], float],
    ) -> None:
        self._messages = messages
        self._users = users
        self._channels = channels
        self._deliverer = deliverer
        self._hooks = hooks
        self._views = views
        self._bot_user = bot_user
        self._clock = clock
        self._troubles: dict[tuple[str, str], str] = {}  # of a message: the ts of its notice

    # --- people ---------------------------------------------------------------------------

    async def say(
        self,
        channel: str,
        text: str,
        user: str,
        thread_ts: str | None,
        files: tuple[dict[str, Any], ...] = (),
        *,
        broadcast: bool = False,
    ) -> str:
        """Post as a person; returns the message's ``ts`` once the app took it or failed to."""
        room, author = self.room(channel), self.person(user)
        if not text.strip() and not files:
            raise WorkspaceError("The message is empty: type something to send.", about=channel)
        if thread_ts is not None and self._messages.get(room.id, thread_ts) is None:
            raise WorkspaceError(
                f"There is no message {thread_ts} in {room.title} to reply to.", about=thread_ts
            )
        message = self._messages.put(
            Message(
                channel=room.id,
                ts=self._messages.next_ts(),
                user=author.id,
                text=payloads.typed(text, self._users),
                typed=text,
                files=files,
                thread_ts=self._root(room.id, thread_ts),
                broadcast=broadcast and thread_ts is not None,
            )
        )
        events = [payloads.message_event(message, room)]
        if not room.is_im and f"<@{self._bot_user}>" in message.text:
            events.insert(0, payloads.mention_event(message, room))
        await asyncio.gather(*(self.event(event, message) for event in events))
        return message.ts

    async def command(self, channel: str, text: str, user: str, command: str) -> Delivery:
        """Use a slash command; returns how its one delivery went."""
        room, author = self.room(channel), self.person(user)
        self.note(room.id, f"{command} {text}".strip(), only_for=author.id, echo=author.id)
        hook = self._hooks.new(Hook(channel=room.id, user=author.id))
        fields = payloads.command_form(
            command,
            payloads.escaped(text),
            user=author,
            channel=room,
            trigger_id=self._views.trigger(author.id),
            response_url=hook,
        )
        delivery = await self._deliverer.form("command", fields)
        if not delivery.taken:
            self.failed(command, delivery, room.id, author.id, None)
            return delivery
        try:
            self._acked(delivery.answer, room, author)
        except Refused as refused:
            self.note(room.id, f"{command} was answered badly: {refused}", only_for=author.id)
        return delivery

    async def revise(self, channel: str, ts: str, text: str, user: str) -> None:
        """Edit a message that ``user`` wrote, and deliver the event of it."""
        room, old = self.room(channel), self._own(channel, ts, user)
        if not text.strip():
            raise WorkspaceError("The message is empty: type something to send.", about=ts)
        words = payloads.typed(text, self._users)
        if words == old.text:
            return
        now = self._messages.next_ts()
        message = self._messages.put(
            old.model_copy(update={"text": words, "typed": text, "edited_ts": now})
        )
        await self.event(payloads.changed_event(message, old, room, now), message)

    async def withdraw(self, channel: str, ts: str, user: str) -> None:
        """Delete a message that ``user`` wrote, and deliver the event of it."""
        room, old = self.room(channel), self._own(channel, ts, user)
        self._messages.drop(room.id, ts)
        await self.event(payloads.deleted_event(old, room, self._messages.next_ts()))

    def _own(self, channel: str, ts: str, user: str) -> Message:
        message = self._messages.get(channel, ts)
        if message is None or message.user != user or message.kind != "message":
            raise WorkspaceError("That is no message of yours.", about=ts)
        return message

    # --- the bot --------------------------------------------------------------------------

    def post(
        self,
        channel: str,
        said: Content,
        *,
        thread_ts: str | None = None,
        only_for: str | None = None,
        broadcast: bool = False,
        files: tuple[dict[str, Any], ...] = (),
    ) -> Message:
        """Write a message of the bot's; one that all can see goes back to it as an event."""
        ts = self._messages.next_ts()
        message = self._messages.put(
            Message(
                channel=channel,
                ts=ts,
                user=self._bot_user,
                bot_id=BOT,
                text=said.text,
                blocks=payloads.with_ids(said.blocks, ts),
                metadata=said.metadata,
                files=files,
                thread_ts=self._root(channel, thread_ts),
                broadcast=broadcast and thread_ts is not None,
                only_for=only_for,
            )
        )
        if only_for is None:
            self._tell(payloads.message_event(message, self._channels[channel]), message)
        return message

    def edit(self, old: Message, said: Content) -> Message:
        """Replace what a message of the bot's says."""
        now = self._messages.next_ts()
        message = self._messages.put(
            old.model_copy(
                update={
                    "text": said.text,
                    "blocks": payloads.with_ids(said.blocks, old.ts),
                    "metadata": said.metadata or old.metadata,
                    "edited_ts": now,
                }
            )
        )
        if message.only_for is None:
            room = self._channels[message.channel]
            self._tell(payloads.changed_event(message, old, room, now), message)
        return message

    def delete(self, old: Message) -> None:
        """Take a message of the bot's away."""
        self._messages.drop(old.channel, old.ts)
        if old.only_for is None:
            room = self._channels[old.channel]
            self._tell(payloads.deleted_event(old, room, self._messages.next_ts()), old)

    def note(
        self,
        channel: str,
        text: str,
        *,
        only_for: str,
        echo: str | None = None,
        thread_ts: str | None = None,
        ts: str | None = None,
    ) -> str:
        """Words of the workspace's own, or the echo of what ``echo`` typed, for one person.

        ``ts`` replaces the note written then; returns the note's ``ts``.
        """
        note = self._messages.put(
            Message(
                channel=channel,
                ts=ts or self._messages.next_ts(),
                user=echo or HOUSE,
                text=payloads.escaped(text),
                only_for=only_for,
                thread_ts=thread_ts,
                kind="echo" if echo else "notice",
            )
        )
        return note.ts

    def _acked(self, answer: str, room: Channel, author: User) -> None:
        """The body of a command's acknowledgement is itself an answer, where there is one."""
        if not answer.strip():
            return
        try:
            said: Any = json.loads(answer)
        except json.JSONDecodeError:
            said = {"text": answer}
        if isinstance(said, dict) and said:
            alone = said.get("response_type") != "in_channel"
            self.post(room.id, content(said), only_for=author.id if alone else None)

    async def event(self, event: dict[str, Any], message: Message | None = None) -> None:
        """Deliver an event, of a message where it is of one; returns after the first attempt."""

        def told(delivery: Delivery, wait: float) -> None:
            if message is not None and message.bot_id is None:
                self._trouble(message, delivery, wait)

        payload = payloads.envelope(
            event,
            event_id="Ev" + secrets.token_hex(5).upper(),
            time=int(self._clock()),
            bot_user=self._bot_user,
        )
        await self._deliverer.event(payload, told)

    def _tell(self, event: dict[str, Any], message: Message) -> None:
        self._deliverer.spawn(self.event(event, message))

    def failed(
        self, what: str, delivery: Delivery, channel: str, user: str, root: str | None
    ) -> None:
        """Tell the person who did something that it did not get through."""
        words = f"{_trouble(what, delivery)} Is its server running? Then try again."
        self.note(channel, words, only_for=user, thread_ts=root)

    def _trouble(self, message: Message, delivery: Delivery, wait: float) -> None:
        """One notice a message, however many attempts; gone once the message got through."""
        key = (message.channel, message.ts)
        ts = self._troubles.get(key)
        if delivery.taken:
            if ts is not None and self._messages.get(message.channel, ts):
                self._messages.drop(message.channel, ts)
            return
        if wait < 0:
            then = "It is not tried again."
        else:
            then = f"It is tried again {f'in {wait:.0f} seconds' if wait else 'now'}."
        self._troubles[key] = self.note(
            message.channel,
            f"{_trouble('Your message', delivery)} {then}",
            only_for=message.user,
            thread_ts=message.thread_ts,
            ts=ts,
        )

    def _root(self, channel: str, thread_ts: str | None) -> str | None:
        parent = self._messages.get(channel, thread_ts) if thread_ts else None
        return parent.root if parent else thread_ts

    def room(self, channel: str) -> Channel:
        """The channel of that id; raises WorkspaceError."""
        if channel not in self._channels:
            raise WorkspaceError(f"There is no channel {channel} here.", about=channel)
        return self._channels[channel]

    def person(self, user: str) -> User:
        """The person with that id; raises WorkspaceError."""
        if user not in self._users:
            raise WorkspaceError(f"There is nobody called {user} here.", about=user)
        return self._users[user]


def _trouble(what: str, delivery: Delivery) -> str:
    status = f" (HTTP {delivery.status})" if delivery.status else ""
    return f"{what} did not get through: Dragoman {REASONS[delivery.reason]}{status}."
