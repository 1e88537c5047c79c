"""What people do besides talking: click, fill in forms, open tabs, share files, use shortcuts.

After https://docs.slack.dev/reference/interaction-payloads (block_actions, view_submission,
shortcuts) and https://docs.slack.dev/surfaces/modals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from handlers.workspace import inputs, payloads
from handlers.workspace.api import Files
from handlers.workspace.calls import Hook, Hooks, Refused
from handlers.workspace.conversation import Conversation
from handlers.workspace.delivery import Deliverer, Delivery
from handlers.workspace.inputs import action, find, values
from handlers.workspace.state import (
    APP,
    TEAM,
    YOU,
    Channel,
    Message,
    Messages,
    User,
    WorkspaceError,
    direct,
)
from handlers.workspace.views import Views, checked, opened_event, started_event

# --- articles written on the page --------------------------------------------------------


ARTICLE_FIELDS = ("title", "text", "publisher", "date")
"""What is filled in; all but the text may be empty."""


def article_file(fields: Mapping[str, str]) -> tuple[str, bytes]:
    """The name and the bytes of a Markdown file with front matter.

    ``fields`` are those of ``FIELDS``; raises WorkspaceError where there is no text, or a date
    that is none.
    """
    said = {key: value.strip() for key, value in fields.items()}
    if not said["text"]:
        raise WorkspaceError("The article has no text: write a sentence or two.", about="text")
    matter: dict[str, object] = {k: said[k] for k in ("title", "publisher") if said[k]}
    if said["date"]:
        try:
            matter["date"] = date.fromisoformat(said["date"])
        except ValueError as error:
            raise WorkspaceError(f"{said['date']} is no day.", about="date") from error
    head = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False) if matter else ""
    name = "-".join(re.findall(r"\w+", said["title"].lower())[:6])[:60] or "article"
    return f"{name}.md", f"---\n{head}---\n\n{said['text']}\n".encode()


# --- tabs and chats ----------------------------------------------------------------------


class Tabs:
    """Opens tabs and chats as a person, and tells the app so."""

    def __init__(
        self,
        *,
        messages: Messages,
        channels: Mapping[str, Channel],
        conversation: Conversation,
        bot_user: str,
    ) -> None:
        self._messages = messages
        self._channels = channels
        self._conversation = conversation
        self._bot_user = bot_user

    async def tab(self, user: str, tab: str) -> None:
        """Open ``messages`` or ``home``; raises WorkspaceError for another tab or person."""
        if tab not in ("messages", "home"):
            raise WorkspaceError(f"Dragoman has no tab {tab}.", about=tab)
        room = self._room(user)
        await self._conversation.event(opened_event(user, room.id, self._messages.next_ts(), tab))

    async def chat(self, user: str) -> str:
        """Begin a new chat as the older assistant view does; returns the ts of its thread."""
        room, ts = self._room(user), self._messages.next_ts()
        self._messages.put(
            Message(channel=room.id, ts=ts, user=self._bot_user, text="New Assistant Thread")
        )
        await self._conversation.event(started_event(user, room.id, ts, self._messages.next_ts()))
        return ts

    def _room(self, user: str) -> Channel:
        room = direct(self._channels, user)
        if room is None:
            raise WorkspaceError(f"There is nobody called {user} here.", about=user)
        return room


# --- clicks under messages ---------------------------------------------------------------


class MessageClicks:
    """Uses the elements of messages as a person; keeps what each person chose."""

    def __init__(
        self,
        *,
        messages: Messages,
        conversation: Conversation,
        deliverer: Deliverer,
        hooks: Hooks,
        views: Views,
    ) -> None:
        self._messages = messages
        self._conversation = conversation
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
        room, author = self._conversation.room(channel), self._conversation.person(user)
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
            self._conversation.failed(
                "That button", delivery, room.id, author.id, message.thread_ts
            )
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


# --- modals and Home ---------------------------------------------------------------------


Json = dict[str, Any]
Filled = Mapping[str, object]
"""The values of the inputs, by block: a text, or a list of them."""

REQUIRED = "Please complete this required field."
NOT_OPEN = "This form is not open any more."


class ViewActions:
    """Fills in, sends, clicks in and closes views as a person."""

    def __init__(
        self,
        *,
        views: Views,
        messages: Messages,
        users: Mapping[str, User],
        deliverer: Deliverer,
    ) -> None:
        self._views = views
        self._messages = messages
        self._users = users
        self._deliverer = deliverer
        self._chosen: dict[tuple[str, str, str], list[str]] = {}  # view, block, action

    async def submit(self, user: str, view_id: str, said: Filled) -> Delivery | None:
        """Send the modal with what was filled in; returns its delivery.

        None, and nothing is sent, where Slack itself finds something wrong: ``errors`` of the
        views say what. Raises WorkspaceError where no such modal is open or an option is none
        of its own.
        """
        view = self._views.of(user)
        if view is None or view["id"] != view_id:
            raise WorkspaceError(NOT_OPEN, about=view_id)
        if wrong := _problems(view, said):
            self._views.wrong(user, wrong)
            return None
        payload = payloads.view_submission(
            view,
            self._state(view, said),
            user=self._users[user],
            trigger_id=self._views.trigger(user),
        )
        delivery = await self._deliver(payload)
        self._answered(user, view, delivery)
        return delivery

    async def click(
        self,
        user: str,
        view_id: str,
        block_id: str,
        action_id: str,
        chosen: object,
        said: Filled,
    ) -> Delivery:
        """Use an element of a modal or of Home; ``said`` is the values of the inputs next to it.

        Raises WorkspaceError where there is no such element.
        """
        view = self._views.get(user, view_id)
        element = find(view["blocks"], block_id, action_id) if view else None
        if view is None or element is None:
            raise WorkspaceError("That was changed meanwhile: look again.", about=action_id)
        picked = inputs.listed(chosen)
        if element["type"] in inputs.STATEFUL:
            self._chosen[view_id, block_id, action_id] = picked
        payload = payloads.view_actions(
            action(element, block_id, picked, self._messages.next_ts()),
            view=view,
            values=self._state(view, said),
            user=self._users[user],
            trigger_id=self._views.trigger(user),
        )
        delivery = await self._deliver(payload)
        if not delivery.taken:
            trouble = "That did not get through. Is Dragoman's server running? Then try again."
            raise WorkspaceError(trouble, about=action_id)
        return delivery

    async def close(self, user: str, *, everything: bool = False) -> None:
        """Take the modal away unsent, and say so to an app that wants to know."""
        for view in self._views.close(user, everything=everything):
            if view.get("notify_on_close"):
                await self._deliver(
                    payloads.view_closed(view, user=self._users[user], cleared=everything)
                )

    def _state(self, view: Json, said: Filled) -> Json:
        """What is chosen and filled in, also outside inputs, where each click was sent alone."""
        inside = {b["block_id"] for b in view["blocks"] if b.get("type") == "input"}

        def chosen(block: str, element: Json) -> list[str] | None:
            if block in inside:
                return inputs.listed(said[block]) if block in said else None
            return self._chosen.get((view["id"], block, element["action_id"]))

        return values(view["blocks"], chosen)

    async def _deliver(self, payload: Json) -> Delivery:
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        return await self._deliverer.form("interactivity", fields)

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
        """Do with the modal what the app answers."""
        match answer.get("response_action"):
            case "errors":
                errors = {str(k): str(v) for k, v in (answer.get("errors") or {}).items()}
                self._views.wrong(user, errors)
            case "update":
                self._views.replace(user, view, checked(answer.get("view"), "modal"))
            case "push":
                self._views.lay_over(user, checked(answer.get("view"), "modal"))
            case "clear":
                self._views.close(user, everything=True)
            case None:
                # The app may have put another over it while it was being sent.
                before = self._views.of(user)
                if before is not None and before["id"] == view["id"]:
                    self._views.close(user)
            case other:
                words = f"Dragoman answered {other!r}, which this workspace has not."
                self._views.wrong(user, {"": words})


def _problems(view: Json, said: Filled) -> dict[str, str]:
    """What is missing or malformed, by block."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        if block.get("type") != "input":
            continue
        name = block["block_id"]
        text = inputs.listed(said.get(name))
        if not text and not block.get("optional"):
            found[name] = REQUIRED
        elif problem := inputs.wrong(block["element"], text):
            found[name] = problem
    return found


# --- files and shortcuts -----------------------------------------------------------------


ASKED = "@Dragoman read this"
SHORTCUTS = {"add_to_dragoman": "Add to Dragoman", "brief_on_this": "Brief me on this"}
"""The message shortcuts of the app, by callback id."""


class Sharing:
    """Shares files and uses shortcuts as a person."""

    def __init__(
        self,
        *,
        messages: Messages,
        conversation: Conversation,
        files: Files,
        deliverer: Deliverer,
        hooks: Hooks,
        views: Views,
    ) -> None:
        self._messages = messages
        self._conversation = conversation
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
        self._conversation.room(channel)
        return await self._conversation.say(
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
        words = text or ("" if self._conversation.room(channel).is_im else ASKED)
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
        room, author = self._conversation.room(channel), self._conversation.person(user)
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
            self._conversation.failed(what, delivery, room.id, author.id, message.thread_ts)
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
