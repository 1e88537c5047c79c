"""What people and the bot post, the files that they share, and the events sent to the app."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from mimetypes import guess_type
from typing import Any, NamedTuple

from aiohttp import web

from handlers.workspace import payloads, views
from handlers.workspace.delivery import Deliverer, Delivery
from handlers.workspace.state import (
    BOT,
    HOUSE,
    YOU,
    Args,
    Channel,
    Clock,
    Content,
    Hook,
    Hooks,
    Message,
    Messages,
    Refused,
    User,
    WorkspaceError,
    content,
    direct,
)
from handlers.workspace.views import Objects, Panel, Views, action, find, values

REASONS = {
    "http_timeout": "did not answer within 3 seconds", "connection_failed": "cannot be reached",
    "http_error": "answered with an error",
}  # fmt: skip


@dataclass
class Conversation:
    """Posts, commands and clicks: each writes what people see, and delivers the signed request."""

    messages: Messages
    users: Mapping[str, User]
    channels: Mapping[str, Channel]
    deliverer: Deliverer
    hooks: Hooks
    views: Views
    bot_user: str
    clock: Callable[[], float]
    objects: Objects
    troubles: dict[tuple[str, str], str] = field(default_factory=dict)
    """By message, the ``ts`` of the notice that its delivery failed."""

    in_view: dict[str, str] = field(default_factory=dict)
    """By person, what they have in view beside the panel; see ``payloads.app_context``."""

    # --- people ---------------------------------------------------------------------------

    async def say(
        self,
        channel: str,
        text: str,
        *,
        user: str = YOU,
        thread_ts: str | None = None,
        files: tuple[dict[str, Any], ...] = (),
    ) -> str:
        """Post as a person; return the message's ``ts`` once the app took it or failed to."""
        room, author = self.room(channel), self.person(user)
        if not text.strip() and not files:
            raise WorkspaceError("The message is empty: type something to send.", about=channel)
        if thread_ts is not None and self.messages.get(room.id, thread_ts) is None:
            raise WorkspaceError(
                f"There is no message {thread_ts} in {room.title} to reply to.", about=thread_ts
            )
        message = self.messages.put(
            Message(
                channel=room.id,
                ts=self.messages.next_ts(),
                user=author.id,
                text=payloads.typed(text, self.users),
                files=files,
                thread_ts=self._root(room.id, thread_ts),
            )
        )
        events = [payloads.message_event(message, room)]
        if not room.is_im and f"<@{self.bot_user}>" in message.text:
            events.insert(0, payloads.mention_event(message, room))
        if (shared := self.objects.shared(message)) is not None:
            events.append(shared)
        if room.is_im:
            events[0]["app_context"] = payloads.app_context(self.in_view.get(author.id, ""))
        await asyncio.gather(*(self.event(event, message) for event in events))
        return message.ts

    async def command(
        self, channel: str, text: str, *, user: str = YOU, command: str = "/brief"
    ) -> Delivery:
        """Use a slash command; return its delivery, which includes the app's acknowledgement."""
        room, author = self.room(channel), self.person(user)
        self.note(room.id, f"{command} {text}".strip(), only_for=author.id, echo=author.id)
        hook = self.hooks.new(Hook(channel=room.id, user=author.id))
        fields = payloads.command_form(
            command,
            payloads.escaped(text),
            user=author,
            channel=room,
            trigger_id=self.views.trigger(author.id),
            response_url=hook,
        )
        delivery = await self.deliverer.form("command", fields)
        if not delivery.taken:
            self.failed(command, delivery, room.id, author.id, None)
            return delivery
        try:
            self._acked(delivery.answer, room, author)
        except Refused as refused:
            self.note(room.id, f"{command} was answered badly: {refused}", only_for=author.id)
        return delivery

    # --- the bot --------------------------------------------------------------------------

    def post(
        self,
        channel: str,
        said: Content,
        *,
        thread_ts: str | None = None,
        only_for: str | None = None,
        files: tuple[dict[str, Any], ...] = (),
    ) -> Message:
        """Write a message by the bot; one that all can see goes back to the bot as an event."""
        ts = self.messages.next_ts()
        message = self.messages.put(
            Message(
                channel=channel,
                ts=ts,
                user=self.bot_user,
                bot_id=BOT,
                text=said.text,
                blocks=payloads.with_ids(said.blocks, ts),
                metadata=said.metadata,
                files=files,
                thread_ts=self._root(channel, thread_ts),
                only_for=only_for,
            )
        )
        if only_for is None:
            self._tell(payloads.message_event(message, self.channels[channel]), message)
        return message

    def edit(self, old: Message, said: Content) -> Message:
        """Replace the content of a message by the bot."""
        now = self.messages.next_ts()
        message = self.messages.put(
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
            room = self.channels[message.channel]
            self._tell(payloads.changed_event(message, old, room, now), message)
        return message

    def delete(self, old: Message) -> None:
        """Delete a message by the bot."""
        self.messages.drop(old.channel, old.ts)
        if old.only_for is None:
            room = self.channels[old.channel]
            self._tell(payloads.deleted_event(old, room, self.messages.next_ts()), old)

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
        """Write the workspace's own text, or the echo of what ``echo`` typed, for one person.

        ``ts`` is the note to replace, if any; returns the note's ``ts``.
        """
        note = self.messages.put(
            Message(
                channel=channel,
                ts=ts or self.messages.next_ts(),
                user=echo or HOUSE,
                text=payloads.escaped(text),
                only_for=only_for,
                thread_ts=thread_ts,
                kind="echo" if echo else "notice",
            )
        )
        return note.ts

    def _acked(self, answer: str, room: Channel, author: User) -> None:
        """Show the body of a command's acknowledgement, which is an answer if not empty."""
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
        """Deliver an event, about ``message`` if given; returns after the first attempt."""

        def report(delivery: Delivery, wait: float) -> None:
            if message is not None and message.bot_id is None:
                self._trouble(message, delivery, wait)

        payload = payloads.envelope(
            event,
            event_id="Ev" + secrets.token_hex(5).upper(),
            time=int(self.clock()),
            bot_user=self.bot_user,
        )
        await self.deliverer.event(payload, report)

    def _tell(self, event: dict[str, Any], message: Message) -> None:
        self.deliverer.spawn(self.event(event, message))

    def failed(
        self, what: str, delivery: Delivery, channel: str, user: str, root: str | None
    ) -> None:
        """Notify the person who acted that the delivery failed."""
        words = f"{_trouble(what, delivery)} Is its server running? Then try again."
        self.note(channel, words, only_for=user, thread_ts=root)

    def _trouble(self, message: Message, delivery: Delivery, wait: float) -> None:
        """Show one notice a message, however many attempts; remove it once the message arrives."""
        key = (message.channel, message.ts)
        ts = self.troubles.get(key)
        if delivery.taken:
            if ts is not None and self.messages.get(message.channel, ts):
                self.messages.drop(message.channel, ts)
            return
        if wait < 0:
            then = "It is not tried again."
        else:
            then = f"Trying again {f'in {wait:.0f} seconds' if wait else 'now'}."
        self.troubles[key] = self.note(
            message.channel,
            f"{_trouble('Your message', delivery)} {then}",
            only_for=message.user,
            thread_ts=message.thread_ts,
            ts=ts,
        )

    def _root(self, channel: str, thread_ts: str | None) -> str | None:
        parent = self.messages.get(channel, thread_ts) if thread_ts else None
        return parent.root if parent else thread_ts

    def room(self, channel: str) -> Channel:
        """Return the channel with that id; raises WorkspaceError."""
        if channel not in self.channels:
            raise WorkspaceError(f"There is no channel {channel} here.", about=channel)
        return self.channels[channel]

    def person(self, user: str) -> User:
        """Return the person with that id; raises WorkspaceError."""
        if user not in self.users:
            raise WorkspaceError(f"There is nobody called {user} here.", about=user)
        return self.users[user]


def _trouble(what: str, delivery: Delivery) -> str:
    status = f" (HTTP {delivery.status})" if delivery.status else ""
    return f"{what} did not get through: Dragoman {REASONS[delivery.reason]}{status}."


# --- files -------------------------------------------------------------------------------


@dataclass
class File:
    """A file; ``content`` is None until its bytes arrive."""

    id: str
    name: str
    length: int
    alt: str = ""
    content: bytes | None = None
    shown: bool = False


class Files:
    """All uploaded files; ``url`` is where the workspace is served."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._all: dict[str, File] = {}
        self.url = ""

    def routes(self) -> list[web.RouteDef]:
        """The routes for uploads and downloads."""
        return [
            web.post("/upload/{key}", self._take),
            web.get("/page/file/{key}", self._give),
        ]

    def address(self, args: Args) -> Args:
        """``files.getUploadURLExternal``."""
        name, length = str(args.get("filename") or ""), str(args.get("length") or "")
        if not name or not length.isdigit() or not int(length):
            raise Refused("invalid_arguments", ("filename and length are needed",))
        file = File(
            "F0" + secrets.token_hex(4).upper(), name, int(length), str(args.get("alt_txt") or "")
        )
        self._all[file.id] = file
        return {"upload_url": f"{self.url}/upload/{file.id}", "file_id": file.id}

    def complete(self, args: Args, channel: str | None) -> Args:
        """``files.completeUploadExternal``: show the files in ``channel``, if any is named."""
        files = [self._uploaded(one) for one in _listed(args.get("files"))]
        shown = [self._object(one) for one in files]
        if channel is not None:
            for one in files:
                one.shown = True
            said = Content(str(args.get("initial_comment") or ""), [], None)
            self._conversation.post(channel, said, files=tuple(shown))
        return {"files": shown}

    def given(self, name: str, content: bytes) -> dict[str, Any]:
        """Store a file that a person shares; return its description as Slack sends it."""
        file = File("F0" + secrets.token_hex(4).upper(), name, len(content), "", content, True)
        self._all[file.id] = file
        return self._object(file)

    def _uploaded(self, one: Any) -> File:
        file = self._all.get(str(one.get("id"))) if isinstance(one, dict) else None
        if file is None or file.content is None:
            raise Refused("file_not_found")
        return file

    def _object(self, file: File) -> dict[str, Any]:
        return {
            "id": file.id,
            "name": file.name,
            "title": file.name,
            "size": file.length,
            "mimetype": _media_type(file),
            "alt_txt": file.alt,
            "url_private": f"{self.url}/page/file/{file.id}",
            "permalink": f"{self.url}/page/file/{file.id}",
        }

    async def _take(self, request: web.Request) -> web.Response:
        file, content = self._all.get(request.match_info["key"]), await request.read()
        if file is None or len(content) != file.length:
            raise web.HTTPBadRequest(text="There is no such upload, or it has another length.")
        file.content = content
        return web.Response(text=f"OK - {file.length}")

    async def _give(self, request: web.Request) -> web.Response:
        file = self._all.get(request.match_info["key"])
        if file is None or not file.shown:
            raise web.HTTPNotFound(text="There is no such file.")
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in file.name)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=file.content, content_type=_type(file), headers=headers)


def _type(file: File) -> str:
    """Return the type to serve: pictures are shown inline, everything else is a download."""
    picture = (file.content or b"").startswith(b"\x89PNG\r\n\x1a\n")
    return "image/png" if picture else "application/octet-stream"


def _media_type(file: File) -> str:
    """Return the media type by a file's name, but that of a picture by its bytes."""
    shown = _type(file)
    guessed = guess_type(file.name)[0] or shown
    return shown if shown == "image/png" or guessed == "image/png" else guessed


def _listed(files: object) -> list[Any]:
    try:
        listed = json.loads(files) if isinstance(files, str) else files
    except ValueError as error:
        raise Refused("invalid_arguments", ("files is not JSON",)) from error
    if not isinstance(listed, list) or not listed:
        raise Refused("invalid_arguments", ("files must be a list",))
    return listed


# --- all of it together ------------------------------------------------------------------


class Core(NamedTuple):
    """The parts that the Web API, the page and the people's actions work on."""

    users: dict[str, User]
    channels: dict[str, Channel]
    messages: Messages
    deliverer: Deliverer
    hooks: Hooks
    views: Views
    panel: Panel
    objects: Objects
    conversation: Conversation
    files: Files
    bot_user: str


def make_core(
    users: dict[str, User],
    channels: dict[str, Channel],
    deliverer: Deliverer,
    clock: Callable[[], float],
    moved: Clock | None,
) -> Core:
    """Make the core parts; ``clock`` dates signatures, ``moved``, if any, dates messages."""
    bot_user = next(u.id for u in users.values() if u.is_bot and u.id != HOUSE)
    dated = moved.seconds if moved else clock
    messages, hooks = Messages(dated), Hooks(dated)
    views = Views(messages=messages, clock=clock)
    objects = Objects(messages, views)
    conversation = Conversation(
        messages, users, channels, deliverer, hooks, views, bot_user, clock, objects
    )
    panel, files = Panel(messages.tell), Files(conversation)
    return Core(
        users, channels, messages, deliverer, hooks, views, panel, objects, conversation, files,
        bot_user,
    )  # fmt: skip


# --- what people do besides talking ------------------------------------------------------


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

    async def follow_link(self, reference: Json, url: str, *, user: str = YOU) -> None:
        """Follow a link to an object; the app presents its details."""
        author = self._conversation.person(user)
        await self._conversation.event(self._core.objects.follow(reference, url, author.id))

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
