"""What Slack sends to an app: pure functions from the workspace to payloads.

Shapes after https://docs.slack.dev/apis/events-api (the envelope),
/reference/events/message and app_mention, /interactivity/implementing-slash-commands and
/reference/interaction-payloads/block_actions-payload.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlers.workspace.state import APP, TEAM, Channel, Message, User

Payload = dict[str, Any]

TOKEN = "local-verification-token"  # noqa: S105 - Slack still sends one; nothing may trust it
_URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]}'\"]")


def typed(text: str, people: Mapping[str, User]) -> str:
    """Typed text as Slack stores it: ``& < >`` escaped, mentions and URLs in ``<>``."""
    return _URL.sub(r"<\g<0>>", _mentions(escaped(text), people))


def escaped(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _mentions(text: str, people: Mapping[str, User]) -> str:
    ids = {one.name.casefold(): one.id for one in people.values()}

    def mention(found: re.Match[str]) -> str:
        known = ids.get(found[1].casefold())
        return f"<@{known}>" if known else found[0]

    return re.sub(r"(?<![\w@])@(\w+)", mention, text)


def message_object(message: Message) -> Payload:
    """A message as the Web API and events show it."""
    shown: Payload = {
        "type": "message",
        "user": message.user,
        "team": TEAM,
        "ts": message.ts,
        "text": message.text,
        "blocks": list(message.blocks),
        "thread_ts": message.thread_ts,
        "bot_id": message.bot_id,
        "app_id": APP if message.bot_id else None,
        "metadata": message.metadata,
        "files": list(message.files),
        "edited": {"user": message.user, "ts": message.edited_ts} if message.edited_ts else None,
        "is_ephemeral": True if message.only_for else None,
    }
    return {key: value for key, value in shown.items() if value not in (None, [])}


def message_event(message: Message, channel: Channel) -> Payload:
    """The ``message`` event of a message just written, in a channel or a direct message."""
    shared = {"subtype": "file_share"} if message.files and not message.bot_id else {}
    return {
        **message_object(message),
        **shared,
        "channel": channel.id,
        "channel_type": _channel_type(channel),
        "event_ts": message.ts,
    }


def app_context(viewed: str) -> Payload:
    """The entities of what somebody has in view: a channel's id, or ``CHANNEL:TS`` of a message."""
    channel, _, ts = viewed.partition(":")
    entities: list[Payload] = [{"type": "slack#/types/channel_id", "value": channel}]
    if ts:
        message = {"channel_id": channel, "message_ts": ts}
        entities.insert(0, {"type": "slack#/types/message_context", "value": message})
    return {"entities": [{**one, "team_id": TEAM} for one in entities]} if viewed else {}


def mention_event(message: Message, channel: Channel) -> Payload:
    """The ``app_mention`` event that Slack sends beside the ``message`` event of the same post."""
    event = message_event(message, channel)
    del event["channel_type"]
    event.pop("subtype", None)
    return {**event, "type": "app_mention"}


def changed_event(message: Message, old: Message, channel: Channel, ts: str) -> Payload:
    """The ``message_changed`` event of an edit."""
    return {**_hidden("message_changed", old, channel, ts), "message": message_object(message)}


def deleted_event(old: Message, channel: Channel, ts: str) -> Payload:
    """The ``message_deleted`` event of a deleted message."""
    return {**_hidden("message_deleted", old, channel, ts), "deleted_ts": old.ts}


def _hidden(subtype: str, old: Message, channel: Channel, ts: str) -> Payload:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": _channel_type(channel),
        "ts": ts,
        "event_ts": ts,
        "previous_message": message_object(old),
    }


def envelope(event: Payload, *, event_id: str, time: int, bot_user: str) -> Payload:
    """The ``event_callback`` around an event; ``time`` is in seconds since 1970."""
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": time,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def command_form(
    command: str, text: str, *, user: User, channel: Channel, trigger_id: str, response_url: str
) -> dict[str, str]:
    """The form fields of a slash command."""
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": "local",
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def block_actions(
    action: Payload,
    *,
    user: User,
    channel: Channel,
    message: Message,
    trigger_id: str,
    response_url: str,
) -> Payload:
    """The interaction payload of a click; an ephemeral message is not included itself."""
    container: Payload = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload: Payload = {
        "type": "block_actions",
        **_by(user),
        "container": container,
        "trigger_id": trigger_id,
        "channel": _named(channel),
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [action],
    }
    if message.only_for is None:
        payload["message"] = message_object(message)
    return payload


def message_action(
    callback: str,
    *,
    user: User,
    channel: Channel,
    message: Message,
    trigger_id: str,
    response_url: str,
) -> Payload:
    """The interaction payload of a message shortcut."""
    return {
        "type": "message_action",
        **_by(user),
        "callback_id": callback,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "action_ts": message.ts,
        "message_ts": message.ts,
        "channel": _named(channel),
        "message": message_object(message),
    }


def view_submission(view: Payload, values: Payload, *, user: User, trigger_id: str) -> Payload:
    """The interaction payload of a submitted form; ``values`` by block and action."""
    return {
        "type": "view_submission",
        **_by(user),
        "trigger_id": trigger_id,
        "view": {**view, "state": {"values": values}},
        "response_urls": [],
    }


def view_actions(
    action: Payload, *, view: Payload, values: Payload, user: User, trigger_id: str
) -> Payload:
    """The interaction payload of a click in a modal or in Home."""
    return {
        "type": "block_actions",
        **_by(user),
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger_id,
        "view": {**view, "state": {"values": values}},
        "actions": [action],
    }


def _named(channel: Channel) -> Payload:
    return {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name}


def _by(user: User) -> Payload:
    """The user, team and app: the part common to all interactions."""
    return {
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM},
        "team": {"id": TEAM, "domain": "local"},
        "api_app_id": APP,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def with_ids(blocks: list[Payload], ts: str) -> tuple[Payload, ...]:
    """The blocks with the ``block_id`` and ``action_id`` that Slack gives where none is given."""
    done: list[Payload] = []
    for number, given in enumerate(blocks):
        block = {"block_id": f"b{ts[-6:]}{number}", **given}
        if block.get("type") == "actions":
            block["elements"] = [
                {"action_id": f"a{place}", **element}
                for place, element in enumerate(block.get("elements", []))
            ]
        elif block.get("type") == "input" and isinstance(block.get("element"), dict):
            block["element"] = {"action_id": "a0", **block["element"]}
        elif isinstance(block.get("accessory"), dict):
            block["accessory"] = {"action_id": "a0", **block["accessory"]}
        done.append(block)
    return tuple(done)


def _channel_type(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "group" if channel.is_private else "channel"
