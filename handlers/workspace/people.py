"""What people do besides talking: click, fill in forms, open tabs, share files, use shortcuts.

After https://docs.slack.dev/reference/interaction-payloads (block_actions, view_submission,
shortcuts) and https://docs.slack.dev/surfaces/modals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlers.workspace import payloads, views
from handlers.workspace.calls import Hook, Refused
from handlers.workspace.conversation import Core
from handlers.workspace.delivery import Delivery
from handlers.workspace.state import YOU, WorkspaceError, direct
from handlers.workspace.views import action, checked, find, values

Json = dict[str, Any]
Filled = Mapping[str, object]
"""The values of the inputs, by block: a text, or a list of them."""

REQUIRED = "Please complete this required field."
NOT_OPEN = "This form is no longer open."
SHORTCUTS = {"add_to_dragoman": "Add to Dragoman", "brief_on_this": "Brief me on this"}
"""The message shortcuts of the app, by callback id."""


class People:
    """Acts as a person: opens tabs, clicks, fills in forms, shares files, uses shortcuts."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._messages, self._conversation = core.messages, core.conversation
        self._views, self._files = core.views, core.files

    async def tab(self, user: str, tab: str) -> None:
        """Open ``messages`` or ``home``; raises WorkspaceError for another tab or person."""
        if tab not in ("messages", "home"):
            raise WorkspaceError(f"Dragoman has no tab {tab}.", about=tab)
        room = direct(self._core.channels, user)
        if room is None:
            raise WorkspaceError(f"There is nobody called {user} here.", about=user)
        opened = {
            "type": "app_home_opened",
            "user": user,
            "channel": room.id,
            "tab": tab,
            "context": payloads.app_context(self._conversation.in_view.get(user, "")),
            "event_ts": self._messages.next_ts(),
        }
        await self._conversation.event(opened)

    # --- clicks under messages ------------------------------------------------------------

    async def click(
        self,
        channel: str,
        ts: str,
        action_id: str,
        chosen: object,
        block_id: str,
        *,
        user: str = YOU,
    ) -> Delivery:
        """Use an element of a message that ``user`` sees; return its delivery.

        ``chosen`` is the value of a button, or the choice: a text, or a list of them.
        """
        room, author = self._conversation.room(channel), self._conversation.person(user)
        message = self._messages.get(room.id, ts)
        if message is None or message.only_for not in (None, author.id):
            raise WorkspaceError(f"There is no message {ts} in {room.title}.", about=ts)
        element = find(message.blocks, block_id, action_id)
        if element is None:
            raise WorkspaceError(f"Message {ts} has no button {action_id}.", about=ts)
        payload = payloads.block_actions(
            action(element, block_id, views.listed(chosen), self._messages.next_ts()),
            user=author,
            channel=room,
            message=message,
            trigger_id=self._views.trigger(author.id),
            response_url=self._core.hooks.new(
                Hook(channel=room.id, user=author.id, ts=ts, thread_ts=message.thread_ts)
            ),
        )
        delivery = await self._deliver(payload)
        if not delivery.taken:
            self._conversation.failed(
                "That button", delivery, room.id, author.id, message.thread_ts
            )
        return delivery

    async def open_object(self, channel: str, ts: str, number: int, *, user: str = YOU) -> None:
        """Open an object that a link of a message unfurled to; the app presents its details."""
        room, author = self._conversation.room(channel), self._conversation.person(user)
        message = self._messages.get(room.id, ts)
        if message is None or not 0 <= number < len(message.unfurls):
            raise WorkspaceError(f"Message {ts} has no such object.", about=ts)
        await self._conversation.event(self._core.objects.open(message, number, author.id))

    # --- modals and Home ------------------------------------------------------------------

    async def submit(self, user: str, view_id: str, said: Filled) -> Delivery | None:
        """Submit the modal with the given values; return its delivery.

        None, and nothing is sent, if Slack itself finds a problem: ``errors`` of the views say
        which. Raises WorkspaceError if no such modal is open, or an option is not one of its own.
        """
        view = self._views.of(user)
        if view is None or view["id"] != view_id:
            raise WorkspaceError(NOT_OPEN, about=view_id)
        if wrong := _problems(view, said):
            self._views.wrong(user, wrong)
            return None
        payload = payloads.view_submission(
            view,
            _state(view, said),
            user=self._core.users[user],
            trigger_id=self._views.trigger(user),
        )
        delivery = await self._deliver(payload)
        self._answered(user, view, delivery)
        return delivery

    async def click_view(
        self,
        user: str,
        view_id: str,
        block_id: str,
        action_id: str,
        chosen: object,
        said: Filled,
    ) -> Delivery:
        """Use an element of a modal or of Home; ``said`` is the values of the inputs next to it.

        Raises WorkspaceError if there is no such element.
        """
        view = self._views.get(user, view_id)
        element = find(view["blocks"], block_id, action_id) if view else None
        if view is None or element is None:
            raise WorkspaceError("That has changed in the meantime: look again.", about=action_id)
        payload = payloads.view_actions(
            action(element, block_id, views.listed(chosen), self._messages.next_ts()),
            view=view,
            values=_state(view, said),
            user=self._core.users[user],
            trigger_id=self._views.trigger(user),
        )
        delivery = await self._deliver(payload)
        if not delivery.taken:
            trouble = "That did not get through. Is Dragoman's server running? Then try again."
            raise WorkspaceError(trouble, about=action_id)
        return delivery

    def close(self, user: str) -> None:
        """Close the modal without submitting it."""
        self._views.close(user)

    async def _deliver(self, payload: Json) -> Delivery:
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        return await self._core.deliverer.form("interactivity", fields)

    def _answered(self, user: str, view: Json, delivery: Delivery) -> None:
        if not delivery.taken:
            self._views.wrong(user, {"": "We had some trouble connecting. Try again?"})
            return
        try:
            answer = json.loads(delivery.answer) if delivery.answer.strip() else {}
        except json.JSONDecodeError:
            answer = {"response_action": "not JSON"}
        if not isinstance(answer, dict):
            answer = {"response_action": "not an object"}
        try:
            self._follow(user, view, answer)
        except Refused as refused:
            self._views.wrong(user, {"": f"Dragoman's answer was refused: {refused}"})

    def _follow(self, user: str, view: Json, answer: Json) -> None:
        """Apply the app's answer to the modal."""
        match answer.get("response_action"):
            case "errors":
                errors = {str(k): str(v) for k, v in (answer.get("errors") or {}).items()}
                self._views.wrong(user, errors)
            case "update":
                self._views.replace(user, view, checked(answer.get("view"), "modal"))
            case "clear":
                self._views.close(user)
            case None:
                # The app may have opened another modal over it during the submission.
                before = self._views.of(user)
                if before is not None and before["id"] == view["id"]:
                    self._views.close(user)
            case other:
                words = f"Dragoman answered {other!r}, which is not supported here."
                self._views.wrong(user, {"": words})

    # --- files and shortcuts --------------------------------------------------------------

    async def share(
        self,
        channel: str,
        name: str,
        content: bytes,
        text: str = "",
        *,
        user: str = YOU,
        thread_ts: str | None = None,
    ) -> str:
        """Post a file with a text; return the message's ``ts``."""
        if not name or not content:
            raise WorkspaceError("The file is empty: choose another.", about=channel)
        self._conversation.room(channel)
        return await self._conversation.say(
            channel,
            text,
            user=user,
            thread_ts=thread_ts,
            files=(self._files.given(name, content),),
        )

    async def shortcut(
        self, channel: str, ts: str, *, user: str = YOU, callback: str = "add_to_dragoman"
    ) -> Delivery:
        """Use a message shortcut; return its delivery."""
        room, author = self._conversation.room(channel), self._conversation.person(user)
        message = self._messages.get(room.id, ts)
        if message is None or message.only_for is not None or message.kind != "message":
            raise WorkspaceError(f"There is no message {ts} in {room.title}.", about=ts)
        hook = self._core.hooks.new(Hook(channel=room.id, user=author.id, thread_ts=message.root))
        payload = payloads.message_action(
            callback,
            user=author,
            channel=room,
            message=message,
            trigger_id=self._views.trigger(author.id),
            response_url=hook,
        )
        delivery = await self._deliver(payload)
        if not delivery.taken:
            what = SHORTCUTS.get(callback, callback)
            self._conversation.failed(what, delivery, room.id, author.id, message.thread_ts)
        return delivery


def _state(view: Json, said: Filled) -> Json:
    """Return the state of the filled-in inputs; other inputs have their initial value."""
    filled = {name: views.listed(value) for name, value in said.items()}
    return values(view["blocks"], filled)


def _problems(view: Json, said: Filled) -> dict[str, str]:
    """Return the problems of missing values, by block."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        if block.get("type") != "input":
            continue
        name = block["block_id"]
        text = views.listed(said.get(name))
        if not text and not block.get("optional"):
            found[name] = REQUIRED
    return found
