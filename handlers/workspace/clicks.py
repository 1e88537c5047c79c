"""What people press and choose under messages, and what the app is told of it.

After https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

from __future__ import annotations

import json
from typing import Any

from handlers.workspace import inputs, payloads
from handlers.workspace.acts import Acts
from handlers.workspace.deliver import Deliverer, Delivery
from handlers.workspace.elements import action, find, values
from handlers.workspace.hooks import Hook, Hooks
from handlers.workspace.state import Message, Messages, WorkspaceError
from handlers.workspace.views import Views


class Clicks:
    """Uses the elements of messages as a person; keeps what each person chose."""

    def __init__(
        self,
        *,
        messages: Messages,
        acts: Acts,
        deliverer: Deliverer,
        hooks: Hooks,
        views: Views,
    ) -> None:
        self._messages = messages
        self._acts = acts
        self._deliverer = deliverer
        self._hooks = hooks
        self._views = views
        self._chosen: dict[tuple[str, ...], list[str]] = {}

    async def click(
        self, channel: str, ts: str, action_id: str, chosen: object, block_id: str, user: str
    ) -> Delivery:
        """Use an element of a message that ``user`` sees; returns how its delivery went.

        ``chosen`` is the value of a button, or what was chosen: a text, or a list of them.
        """
        room, author = self._acts.room(channel), self._acts.person(user)
        message = self._messages.get(room.id, ts)
        if message is None or message.only_for not in (None, author.id):
            raise WorkspaceError(f"There is no message {ts} in {room.title}.", about=ts)
        element = find(message.blocks, block_id, action_id)
        if element is None:
            raise WorkspaceError(f"Message {ts} has no button {action_id}.", about=ts)
        picked = inputs.listed(chosen)
        if element["type"] in inputs.STATEFUL:
            self._chosen[user, room.id, ts, block_id, action_id] = picked
        payload = payloads.block_actions(
            action(element, block_id, picked, self._messages.next_ts()),
            user=author,
            channel=room,
            message=message,
            trigger_id=self._views.trigger(author.id),
            response_url=self._hooks.new(
                Hook(channel=room.id, user=author.id, ts=ts, thread_ts=message.thread_ts)
            ),
            values=self._state(message, user),
        )
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        delivery = await self._deliverer.form("interactivity", fields)
        if not delivery.taken:
            self._acts.failed("That button", delivery, room.id, author.id, message.thread_ts)
        return delivery

    def _state(self, message: Message, user: str) -> dict[str, Any]:
        """What this person chose under a message, as far as it still offers it."""

        def chosen(block: str, element: dict[str, Any]) -> list[str] | None:
            key = (user, message.channel, message.ts, block, element["action_id"])
            picked = self._chosen.get(key)
            offered = {str(one.get("value")) for one in inputs.options(element)}
            gone = picked is not None and offered and not offered.issuperset(picked)
            return None if gone else picked

        return values(message.blocks, chosen)
