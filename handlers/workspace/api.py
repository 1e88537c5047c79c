"""The part of Slack's Web API that the bot uses, and the response URLs, over HTTP.

Arguments come as a query, a form or JSON, mixed as slack_sdk sends them. Methods and their
errors after https://docs.slack.dev/reference/methods.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aiohttp import web

from handlers.workspace import payloads, profiles
from handlers.workspace.acts import Acts
from handlers.workspace.arguments import Args, bearer, read, truthy
from handlers.workspace.compose import Refused, content
from handlers.workspace.files import Files
from handlers.workspace.hooks import Hook, Hooks
from handlers.workspace.paging import between, page
from handlers.workspace.panel import Panel
from handlers.workspace.sockets import Sockets
from handlers.workspace.state import BOT, TEAM, TEAM_NAME, YOU, Channel, Message, Messages, User
from handlers.workspace.state import direct as direct_of
from handlers.workspace.views import Views


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
        acts: Acts,
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
        self._acts = acts
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
            args = await read(request)
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
            self._acts.delete(old)
            return
        said = content(args)
        if truthy(args, "replace_original") and old is not None:
            self._acts.edit(old, said)
            return
        alone = args.get("response_type", "ephemeral") != "in_channel"
        self._acts.post(
            hook.channel,
            said,
            thread_ts=args.get("thread_ts") or hook.thread_ts,
            only_for=hook.user if alone else None,
        )

    def _show_refusal(self, method: str, args: Args, refused: Refused) -> None:
        """What the bot could not post is told on the page, or nobody would see why."""
        if method.startswith("chat.") and args.get("channel") in self._channels:
            self._acts.note(
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
        message = self._acts.post(
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
        message = self._acts.post(
            room.id, said, thread_ts=self._thread(room.id, args), only_for=str(user)
        )
        return {"message_ts": message.ts}

    def _update(self, args: Args) -> Args:
        old = self._own(args, "cant_update_message")
        message = self._acts.edit(old, content(args))
        return {
            "channel": old.channel,
            "ts": old.ts,
            "text": message.text,
            "message": payloads.message_object(message),
        }

    def _delete(self, args: Args) -> Args:
        old = self._own(args, "cant_delete_message")
        self._acts.delete(old)
        return {"channel": old.channel, "ts": old.ts}

    def _complete(self, args: Args) -> Args:
        room = self._channel(args, "channel_id") if args.get("channel_id") else None
        return self._files.complete(args, room.id if room else None)

    def _info(self, args: Args) -> Args:
        return {"channel": profiles.channel_object(self._channel(args, "channel"))}

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
        shown, more = page(list(reversed(between(top, args))), args, 100)
        return {"messages": [payloads.message_object(m) for m in shown], **more}

    def _replies(self, args: Args) -> Args:
        room = self._channel(args, "channel")
        parent = self._messages.get(room.id, str(args.get("ts", "")))
        if parent is None or parent.only_for is not None:
            raise Refused("thread_not_found")
        thread = [m for m in self._messages.public(room.id) if m.root == parent.root]
        shown, more = page(thread[:1] + between(thread[1:], args), args, 1000)
        return {"messages": [payloads.message_object(m) for m in shown], **more}

    def _user(self, args: Args) -> Args:
        user = self._users.get(str(args.get("user")))
        if user is None:
            raise Refused("user_not_found")
        offset = datetime.now(ZoneInfo(user.tz)).utcoffset()
        return {"user": profiles.user_object(user, int(offset.total_seconds()) if offset else 0)}

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
        return await work(await read(request))
    except Refused as refused:
        return web.json_response(refused.answer())
