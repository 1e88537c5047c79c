"""The part of Slack's Web API that the bot uses, file uploads, and the response URLs, over HTTP.

Arguments come as a query, a form or JSON, mixed as slack_sdk sends them. Methods and their errors
after https://docs.slack.dev/reference/methods. A file is kept in memory, and offered on the page.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_type
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from aiohttp import web

from handlers.workspace import payloads
from handlers.workspace.calls import (
    Args,
    Content,
    Hook,
    Hooks,
    Refused,
    bearer,
    between,
    content,
    one_page,
    read_arguments,
    truthy,
)
from handlers.workspace.conversation import Conversation
from handlers.workspace.delivery import Sockets
from handlers.workspace.state import (
    APP,
    BOT,
    TEAM,
    TEAM_NAME,
    YOU,
    Channel,
    Message,
    Messages,
    User,
)
from handlers.workspace.state import direct as direct_of
from handlers.workspace.views import Panel, Views

# --- people and conversations ------------------------------------------------------------


Payload = dict[str, Any]


def user_object(user: User, offset: int) -> Payload:
    """A user as users.info shows it; ``offset`` is the zone's, in seconds from UTC."""
    return {
        "id": user.id,
        "team_id": TEAM,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": False,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": offset,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_admin": user.role == "admin",
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.role == "guest",
        "is_ultra_restricted": False,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "team": TEAM,
            **({"bot_id": BOT, "api_app_id": APP} if user.is_bot else {}),
        },
    }


def channel_object(channel: Channel) -> Payload:
    """A conversation as conversations.info shows it."""
    shared: Payload = {
        "id": channel.id,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_archived": False,
        "is_private": channel.is_im or channel.is_private,
        "is_channel": not channel.is_im,
        "is_group": False,
        "is_ext_shared": False,
        "context_team_id": TEAM,
    }
    if channel.is_im:
        return {**shared, "user": (channel.members or ("",))[0], "is_open": True}
    return {
        **shared,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_member": True,
        "is_general": False,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": 2,
    }


# --- files -------------------------------------------------------------------------------


@dataclass
class File:
    """A file; ``content`` is None until its bytes have come.

    ``fields`` are what its person filled in, where it is an article written on the page.
    """

    id: str
    name: str
    length: int
    alt: str = ""
    content: bytes | None = None
    shown: bool = False
    fields: dict[str, str] | None = None


class Files:
    """Everything uploaded; ``url`` is where the workspace is served."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._all: dict[str, File] = {}
        self.url = ""

    def routes(self) -> list[web.RouteDef]:
        """Where the bytes come in, and where a person takes them."""
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
        told = [self._told(one) for one in files]
        if channel is not None:
            for one in files:
                one.shown = True
            said = Content(str(args.get("initial_comment") or ""), [], None)
            self._conversation.post(channel, said, files=tuple(told))
        return {"files": told}

    def given(self, name: str, content: bytes, key: str | None = None) -> dict[str, Any]:
        """Take a file that a person shares; returns what Slack tells of it.

        ``key`` is the id of a file that was given before and is now this.
        """
        key = key or "F0" + secrets.token_hex(4).upper()
        file = File(key, name, len(content), "", content, True)
        self._all[key] = file
        return self._told(file)

    def get(self, key: str) -> File | None:
        """The file of that id, or None."""
        return self._all.get(key)

    def _uploaded(self, one: Any) -> File:
        file = self._all.get(str(one.get("id"))) if isinstance(one, dict) else None
        if file is None or file.content is None:
            raise Refused("file_not_found")
        return file

    def _told(self, file: File) -> dict[str, Any]:
        return {
            "id": file.id,
            "name": file.name,
            "title": file.name,
            "size": file.length,
            "mimetype": _told_type(file),
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
    """Pictures are shown; whatever else comes is only handed out."""
    picture = (file.content or b"").startswith(b"\x89PNG\r\n\x1a\n")
    return "image/png" if picture else "application/octet-stream"


def _told_type(file: File) -> str:
    """What Slack says of a type: by the name, but of a picture by what it holds."""
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


# --- the Web API -------------------------------------------------------------------------


class Call(NamedTuple):
    """One call that the Web API received; a response URL is the method ``response_url``."""

    method: str
    args: Args


class Fault(NamedTuple):
    """A refusal to be given to the next call of a method, with seconds to wait if any."""

    method: str
    error: str
    retry_after: int | None


class WebApi:
    """Answers the Web API; every call is kept in ``calls``, ``faults`` are used up in order."""

    def __init__(
        self,
        *,
        token: str,
        sockets: Sockets,
        panel: Panel,
        messages: Messages,
        users: Mapping[str, User],
        channels: Mapping[str, Channel],
        conversation: Conversation,
        hooks: Hooks,
        views: Views,
        files: Files,
        bot_user: str,
    ) -> None:
        self._token = token
        self._sockets = sockets
        self._panel = panel
        self._messages = messages
        self._users = users
        self._channels = channels
        self._conversation = conversation
        self._hooks = hooks
        self._files = files
        self._bot_user = bot_user
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.url = ""
        self._methods: dict[str, Callable[[Args], Args]] = {
            "api.test": lambda args: {"args": args},
            **panel.methods(),
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.info": self._info,
            "conversations.open": self._open,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "files.getUploadURLExternal": files.address,
            "files.completeUploadExternal": self._complete,
            "users.info": self._user,
            **views.methods(),
        }

    def routes(self) -> list[web.RouteDef]:
        """The routes of the Web API and of response URLs."""
        return [
            web.route("*", "/api/{method}", self._handle),
            web.post("/hooks/{key}", self._hook),
        ]

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        return await _answering(request, lambda args: self._call(method, args, request))

    async def _call(self, method: str, args: Args, request: web.Request) -> web.Response:
        token = str(args.pop("token", "")) or bearer(request)
        self.calls.append(Call(method, args))
        if method not in self._methods and method != "apps.connections.open":
            raise Refused("unknown_method")
        if method != "api.test" and not token:
            raise Refused("not_authed")
        if method == "apps.connections.open":
            return web.json_response({"ok": True, **self._sockets.open(token)})
        if method != "api.test" and token != self._token:
            raise Refused("invalid_auth")
        fault = next((f for f in self.faults if f.method == method), None)
        if fault is not None:
            self.faults.remove(fault)
            return _fault(fault)
        try:
            return web.json_response({"ok": True, **self._methods[method](args)})
        except Refused as refused:
            self._show_refusal(method, args, refused)
            raise

    async def _hook(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        try:
            args = await read_arguments(request)
            self.calls.append(Call("response_url", args))
            self._respond(self._hooks.use(key), args)
        except Refused as refused:
            status = 404 if refused.word.endswith("_url") else 400
            return web.json_response(refused.answer(), status=status)
        return web.Response(text="ok")

    def _respond(self, hook: Hook, args: Args) -> None:
        old = self._messages.get(hook.channel, hook.ts) if hook.ts else None
        if truthy(args, "delete_original"):
            if old is None:
                raise Refused("message_not_found")
            self._conversation.delete(old)
            return
        said = content(args)
        if truthy(args, "replace_original") and old is not None:
            self._conversation.edit(old, said)
            return
        alone = args.get("response_type", "ephemeral") != "in_channel"
        self._conversation.post(
            hook.channel,
            said,
            thread_ts=args.get("thread_ts") or hook.thread_ts,
            only_for=hook.user if alone else None,
        )

    def _show_refusal(self, method: str, args: Args, refused: Refused) -> None:
        """What the bot could not post is told on the page, or nobody would see why."""
        if method.startswith("chat.") and args.get("channel") in self._channels:
            self._conversation.note(
                args["channel"], f"Dragoman's {method} was refused: {refused}", only_for=YOU
            )

    # --- methods --------------------------------------------------------------------------

    def _auth_test(self, args: Args) -> Args:
        return {
            "url": self.url,
            "team": TEAM_NAME,
            "team_id": TEAM,
            "user": self._users[self._bot_user].name,
            "user_id": self._bot_user,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    def _post_message(self, args: Args) -> Args:
        room = self._channel(args, "channel")
        said = content(args)
        message = self._conversation.post(
            room.id,
            said,
            thread_ts=self._thread(room.id, args),
            broadcast=truthy(args, "reply_broadcast"),
        )
        self._panel.answered(message.root)
        return {
            "channel": room.id,
            "ts": message.ts,
            "message": payloads.message_object(message),
        }

    def _post_ephemeral(self, args: Args) -> Args:
        room = self._channel(args, "channel")
        user = args.get("user")
        if user not in self._users:
            raise Refused("user_not_in_channel")
        said = content(args)
        message = self._conversation.post(
            room.id, said, thread_ts=self._thread(room.id, args), only_for=str(user)
        )
        return {"message_ts": message.ts}

    def _update(self, args: Args) -> Args:
        old = self._own(args, "cant_update_message")
        message = self._conversation.edit(old, content(args))
        return {
            "channel": old.channel,
            "ts": old.ts,
            "text": message.text,
            "message": payloads.message_object(message),
        }

    def _delete(self, args: Args) -> Args:
        old = self._own(args, "cant_delete_message")
        self._conversation.delete(old)
        return {"channel": old.channel, "ts": old.ts}

    def _complete(self, args: Args) -> Args:
        room = self._channel(args, "channel_id") if args.get("channel_id") else None
        return self._files.complete(args, room.id if room else None)

    def _info(self, args: Args) -> Args:
        return {"channel": channel_object(self._channel(args, "channel"))}

    def _open(self, args: Args) -> Args:
        if args.get("users") is None:
            return {"channel": {"id": self._channel(args, "channel").id}}
        room = direct_of(self._channels, str(args["users"]))
        if room is None:
            raise Refused("user_not_found")
        return {"channel": {"id": room.id}}

    def _history(self, args: Args) -> Args:
        room = self._channel(args, "channel")
        top = [m for m in self._messages.public(room.id) if m.root == m.ts]
        shown, more = one_page(list(reversed(between(top, args))), args, 100)
        return {"messages": [payloads.message_object(m) for m in shown], **more}

    def _replies(self, args: Args) -> Args:
        room = self._channel(args, "channel")
        parent = self._messages.get(room.id, str(args.get("ts", "")))
        if parent is None or parent.only_for is not None:
            raise Refused("thread_not_found")
        thread = [m for m in self._messages.public(room.id) if m.root == parent.root]
        shown, more = one_page(thread[:1] + between(thread[1:], args), args, 1000)
        return {"messages": [payloads.message_object(m) for m in shown], **more}

    def _user(self, args: Args) -> Args:
        user = self._users.get(str(args.get("user")))
        if user is None:
            raise Refused("user_not_found")
        offset = datetime.now(ZoneInfo(user.tz)).utcoffset()
        return {"user": user_object(user, int(offset.total_seconds()) if offset else 0)}

    # --- what methods share ---------------------------------------------------------------

    def _channel(self, args: Args, name: str) -> Channel:
        # A person's id stands for the direct messages with them.
        if room := direct_of(self._channels, str(args.get(name))):
            return room
        if args.get(name) not in self._channels:
            raise Refused("channel_not_found")
        return self._channels[args[name]]

    def _thread(self, channel: str, args: Args) -> str | None:
        thread_ts = args.get("thread_ts")
        if thread_ts and self._messages.get(channel, str(thread_ts)) is None:
            raise Refused("thread_not_found")
        return str(thread_ts) if thread_ts else None

    def _own(self, args: Args, otherwise: str) -> Message:
        room = self._channel(args, "channel")
        old = self._messages.get(room.id, str(args.get("ts", "")))
        if old is None or old.only_for is not None:
            raise Refused("message_not_found")
        if old.user != self._bot_user:
            raise Refused(otherwise)
        return old


def _fault(fault: Fault) -> web.Response:
    if fault.retry_after is None:
        return web.json_response({"ok": False, "error": fault.error})
    headers = {"Retry-After": str(fault.retry_after)}
    return web.json_response({"ok": False, "error": fault.error}, status=429, headers=headers)


async def _answering(
    request: web.Request, work: Callable[[Args], Awaitable[web.Response]]
) -> web.Response:
    try:
        return await work(await read_arguments(request))
    except Refused as refused:
        return web.json_response(refused.answer())
