"""Work Objects as the local workspace shows them: cards under links, and details in a dialog.

Slack shows details beside the conversation. Methods: chat.unfurl and entity.presentDetails; events:
link_shared and entity_details_requested. See
https://docs.slack.dev/messaging/work-objects-implementation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from handlers.workspace.state import Message, Messages, Refused
from handlers.workspace.views import Views

Json = dict[str, Any]

OPEN = "open_object"
"""The button under a card; the workspace handles it itself."""

NOT_FOUND = "There is nothing here that you may see."

_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>")
_TITLE = 24


def links_to(domain: str, text: str) -> list[str]:
    """Return the links in a post to ``domain``, a host with its port."""
    found = [link.replace("&amp;", "&") for link in _LINK.findall(text)]
    return [link for link in dict.fromkeys(found) if urlsplit(link).netloc == domain]


class Objects:
    """Unfurls links to ``domain``, and shows the details that the bot presents."""

    def __init__(self, messages: Messages, views: Views) -> None:
        self._messages = messages
        self._views = views
        self.domain = ""
        self._opened: dict[str, Json] = {}

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Return the Web API methods for objects."""
        return {"chat.unfurl": self._unfurl, "entity.presentDetails": self._present}

    def shared(self, message: Message) -> Json | None:
        """Return the ``link_shared`` event of a post; None if it has no link to the domain."""
        links = links_to(self.domain, message.text)
        if not links:
            return None
        return {
            "type": "link_shared",
            "user": message.user,
            "channel": message.channel,
            "message_ts": message.ts,
            "is_bot_user_member": True,
            "source": "conversations_history",
            "unfurl_id": f"{message.channel}.{message.ts}",
            "links": [{"url": url, "domain": urlsplit(url).hostname} for url in links],
            "event_ts": message.ts,
        }

    def open(self, message: Message, number: int, user: str) -> Json:
        """Return the ``entity_details_requested`` event of a click on a card."""
        entity = message.unfurls[number]
        trigger = self._views.trigger(user)
        self._opened[trigger] = entity["external_ref"]
        return {
            "type": "entity_details_requested",
            "user": user,
            "external_ref": entity["external_ref"],
            "entity_url": entity["url"],
            "app_unfurl_url": entity["app_unfurl_url"],
            "link": {"url": entity["url"], "domain": urlsplit(entity["url"]).hostname},
            "trigger_id": trigger,
            "user_locale": "en-US",
            "channel": message.channel,
            "message_ts": message.ts,
            "event_ts": self._messages.next_ts(),
        }

    def _unfurl(self, args: Json) -> Json:
        channel, ts = str(args.get("channel") or ""), str(args.get("ts") or "")
        if args.get("unfurl_id"):
            channel, _, ts = str(args["unfurl_id"]).partition(".")
        message = self._messages.get(channel, ts)
        if message is None:
            raise Refused("cannot_unfurl_message")
        entities = (args.get("metadata") or {}).get("entities") or []
        urls = set(links_to(self.domain, message.text))
        if not entities or any(one.get("app_unfurl_url") not in urls for one in entities):
            raise Refused("cannot_unfurl_url")
        self._messages.put(message.model_copy(update={"unfurls": tuple(entities)}))
        return {}

    def _present(self, args: Json) -> Json:
        trigger, entity = str(args.get("trigger_id") or ""), args.get("metadata")
        if trigger not in self._opened:
            raise Refused("invalid_trigger_id")
        if entity and entity.get("external_ref") != self._opened[trigger]:
            raise Refused("entity_metadata_does_not_match_trigger")
        blocks = list(details(entity)) if entity else [_section(NOT_FOUND)]
        kind = entity["entity_payload"]["attributes"]["display_type"] if entity else "Dragoman"
        title = {"type": "plain_text", "text": kind[:_TITLE]}
        self._views.open(
            {"trigger_id": trigger, "view": {"type": "modal", "title": title, "blocks": blocks}}
        )
        return {}


def cards(message: Message) -> list[Json]:
    """Return the cards under a message, as blocks: each with a button that opens it."""
    found: list[Json] = []
    for number, entity in enumerate(message.unfurls):
        button = {"type": "button", "text": {"type": "plain_text", "text": "Open"}}
        button |= {"action_id": OPEN, "value": str(number)}
        actions = {"type": "actions", "block_id": f"{OPEN}{number}", "elements": [button]}
        found += [*details(entity), actions]
    return found


def details(entity: Json) -> Iterator[Json]:
    """Yield an object as blocks: its title, then its properties in order."""
    payload = entity["entity_payload"]
    fields = payload.get("fields") or {}
    shown = {key: (key.capitalize(), _value(one)) for key, one in fields.items()}
    for one in payload.get("custom_fields") or ():
        shown[one["key"]] = (one["label"], _value(one))
    yield _section(payload["attributes"]["title"]["text"])
    for key in payload.get("display_order") or shown:
        label, value = shown[key]
        yield _section(f"{label}: {value}")


def _value(field: Json) -> str:
    value = field.get("value")
    if isinstance(value, list):
        return "\n".join(str(one.get("value") or one["entity_ref"]["title"]) for one in value)
    return str(value)


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "plain_text", "text": text[:3000]}}
