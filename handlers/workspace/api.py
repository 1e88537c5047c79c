"""The part of Slack's Web API that the bot uses, and the response URLs, over HTTP.

Arguments come as a query, a form or JSON, mixed as slack_sdk sends them. Methods and their errors
after https://docs.slack.dev/reference/methods.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from handlers.workspace import payloads
from handlers.workspace.conversation import Core
from handlers.workspace.state import (
    BOT,
    TEAM,
    TEAM_NAME,
    YOU,
    Args,
    Channel,
    Message,
    Refused,
    User,
    bearer,
    between,
    content,
    one_page,
    read_arguments,
    truthy,
)
from handlers.workspace.state import direct as direct_of
from handlers.workspace.workflows import Workflows

# --- people and conversations ------------------------------------------------------------


Payload = dict[str, Any]


def user_object(user: User, offset: int) -> Payload:
    """A user as users.info shows it; ``offset`` is the zone's, in seconds from UTC."""
    return {
        "id": user.id,
        "team_id": TEAM,
        "name": user.name,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_offset": offset,
        "is_bot": user.is_bot,
        "is_admin": user.role == "admin",
        "is_owner": False,
        "is_restricted": user.role == "guest",
        "profile": {"real_name": user.real_name, "display_name": user.name, "team": TEAM},
    }


def channel_object(channel: Channel) -> Payload:
    """A conversation as conversations.info shows it."""
    shared: Payload = {
        "id": channel.id,
        "is_im": channel.is_im,
        "is_private": channel.is_im or channel.is_private,
        "is_channel": not channel.is_im,
        "context_team_id": TEAM,
    }
    if channel.is_im:
        return {**shared, "user": (channel.members or ("",))[0]}
    return {**shared, "name": channel.name, "is_member": True}


# --- the Web API -------------------------------------------------------------------------


class WebApi:
    """Answers the Web API, its methods by name."""

    def __init__(self, core: Core, workflows: Workflows, token: str) -> None:
        """``token`` is the bot's, which each call must carry."""
        self._core = core
        self._token = token
        self._messages, self._conversation = core.messages, core.conversation
        self.url = ""
        self._methods: dict[str, Callable[[Args], Args]] = {
            **core.panel.methods(),
            **core.objects.methods(),
            "auth.test": self._auth_test,
            "blocks.validate": self._validate,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.info": self._info,
            "conversations.open": self._open,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "files.getUploadURLExternal": core.files.address,
            "files.completeUploadExternal": self._complete,
            "users.info": self._user,
            **core.views.methods(),
            **workflows.methods(),
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
        if method not in self._methods:
            raise Refused("unknown_method")
        if not token:
            raise Refused("not_authed")
        if token != self._token:
            raise Refused("invalid_auth")
        try:
            return web.json_response({"ok": True, **self._methods[method](args)})
        except Refused as refused:
            self._show_refusal(method, args, refused)
            raise

    async def _hook(self, request: web.Request) -> web.Response:
        try:
            self._respond(request.match_info["key"], await read_arguments(request))
        except Refused as refused:
            status = 404 if refused.word.endswith("_url") else 400
            return web.json_response(refused.answer(), status=status)
        return web.Response(text="ok")

    def _respond(self, key: str, args: Args) -> None:
        hook = self._core.hooks.use(key)
        old = self._messages.get(hook.channel, hook.ts) if hook.ts else None
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
        """Show on the page why the bot could not post."""
        if method.startswith("chat.") and args.get("channel") in self._core.channels:
            self._conversation.note(
                args["channel"], f"Dragoman's {method} was refused: {refused}", only_for=YOU
            )

    # --- methods --------------------------------------------------------------------------

    def _auth_test(self, args: Args) -> Args:
        return {
            "url": self.url,
            "team": TEAM_NAME,
            "team_id": TEAM,
            "user": self._core.users[self._core.bot_user].name,
            "user_id": self._core.bot_user,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    def _validate(self, args: Args) -> Args:
        content(args | {"text": "validated"})
        return {}

    def _post_message(self, args: Args) -> Args:
        room = self._channel(args, "channel")
        said = content(args)
        message = self._conversation.post(room.id, said, thread_ts=self._thread(room.id, args))
        self._core.panel.answered(message.root)
        return {
            "channel": room.id,
            "ts": message.ts,
            "message": payloads.message_object(message),
        }

    def _post_ephemeral(self, args: Args) -> Args:
        room = self._channel(args, "channel")
        user = args.get("user")
        if user not in self._core.users:
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
        return self._core.files.complete(args, room.id if room else None)

    def _info(self, args: Args) -> Args:
        return {"channel": channel_object(self._channel(args, "channel"))}

    def _open(self, args: Args) -> Args:
        if args.get("users") is None:
            return {"channel": {"id": self._channel(args, "channel").id}}
        room = direct_of(self._core.channels, str(args["users"]))
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
        user = self._core.users.get(str(args.get("user")))
        if user is None:
            raise Refused("user_not_found")
        offset = datetime.now(ZoneInfo(user.tz)).utcoffset()
        return {"user": user_object(user, int(offset.total_seconds()) if offset else 0)}

    # --- what methods share ---------------------------------------------------------------

    def _channel(self, args: Args, name: str) -> Channel:
        # A person's id stands for their direct messages.
        if room := direct_of(self._core.channels, str(args.get(name))):
            return room
        if args.get(name) not in self._core.channels:
            raise Refused("channel_not_found")
        return self._core.channels[args[name]]

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
        if old.user != self._core.bot_user:
            raise Refused(otherwise)
        return old


async def _answering(
    request: web.Request, work: Callable[[Args], Awaitable[web.Response]]
) -> web.Response:
    try:
        return await work(await read_arguments(request))
    except Refused as refused:
        return web.json_response(refused.answer())
