"""Modals, Home and the agent panel as the app opened and published them, and their inputs.

Methods: https://docs.slack.dev/reference/methods/views.open, views.publish,
assistant.threads.setSuggestedPrompts and assistant.threads.setStatus. Elements and their state:
https://docs.slack.dev/reference/block-kit/block-elements and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload. A choice is a
list of texts: option values, user ids, or words. The module renders what Dragoman sends, and a
little more; ``handlers.blocks.limits`` checks each view.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from handlers.blocks.limits import home_problems, modal_problems
from handlers.workspace import payloads
from handlers.workspace.state import APP, BOT, TEAM, YOU, Message, Messages, Refused, WorkspaceError

Json = dict[str, Any]

# --- elements ----------------------------------------------------------------------------


STATEFUL = {"static_select", "radio_buttons", "multi_users_select", "plain_text_input"}
"""The elements whose state Slack sends with every interaction beside them."""


def listed(said: object) -> list[str]:
    """Turn a choice of the page or a test into a list of non-empty texts."""
    if said is None or isinstance(said, str):
        said = [said or ""]
    if not isinstance(said, Sequence):
        raise WorkspaceError(f"{said!r} cannot be chosen.", about=str(said))
    return [str(one).strip() for one in said if str(one).strip()]


def state_of(element: Mapping[str, Any], said: Sequence[str]) -> Json:
    """Return the state of an element; raises WorkspaceError for an option it does not have."""
    kind, first = str(element["type"]), said[0] if said else None
    state: Json = {"type": kind}
    if kind == "multi_users_select":
        state["selected_users"] = list(said)
    elif kind == "plain_text_input":
        state["value"] = first
    else:
        state["selected_option"] = _option(element, first) if first else None
    return state


def initial_of(element: Mapping[str, Any]) -> list[str]:
    """Return the initial value of an element."""
    kind = str(element["type"])
    if kind == "multi_users_select":
        return listed(element.get("initial_users") or [])
    if kind == "plain_text_input":
        return listed(element.get("initial_value"))
    return [str(one["value"]) for one in [element.get("initial_option")] if one]


def options(element: Mapping[str, Any]) -> Iterator[Json]:
    """Yield the options of an element, including those of its groups."""
    yield from element.get("options") or []
    for group in element.get("option_groups") or []:
        yield from group["options"]


def _option(element: Mapping[str, Any], value: str) -> Json:
    for option in options(element):
        if option.get("value") == value:
            return dict(option)
    raise WorkspaceError(f"There is no option {value} to choose.", about=value)


Blocks = Sequence[Mapping[str, Any]]

_NOT_REPORTED = ("options", "option_groups", "positive_button", "negative_button")
_ROWS = ("actions", "context_actions")


def _elements(blocks: Blocks) -> Iterator[tuple[str, Json]]:
    """Yield every element of blocks with the id of its block, in order."""
    for block in blocks:
        yield from _elements(block.get("child_blocks") or ())
        found = block.get("elements", []) if block.get("type") in _ROWS else []
        for element in [*found, block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and element.get("action_id"):
                yield str(block.get("block_id", "")), element


def find(blocks: Blocks, block_id: str, action_id: str) -> Json | None:
    """Return the element of that block and action, or None."""
    wanted = (block_id, action_id)
    return next((e for block, e in _elements(blocks) if (block, e["action_id"]) == wanted), None)


def values(blocks: Blocks, said: Mapping[str, Sequence[str]]) -> Json:
    """Return the state of inputs as Slack sends it: by block and action.

    ``said`` holds the choices by block; an input that is not in it has its initial value.
    """
    found: Json = {}
    for block, element in _elements(blocks):
        if element["type"] in STATEFUL:
            state = state_of(element, said.get(block, initial_of(element)))
            found.setdefault(block, {})[element["action_id"]] = state
    return found


def action(element: Mapping[str, Any], block_id: str, said: Sequence[str], ts: str) -> Json:
    """Return an element as the interaction payload reports its use."""
    kept = {
        key: value
        for key, value in element.items()
        if key not in _NOT_REPORTED and not key.startswith("initial_")
    }
    done = {**kept, "block_id": block_id, "action_ts": ts}
    if element["type"] in ("button", "feedback_buttons"):
        return done | ({"value": said[0]} if said else {})
    return done | state_of(element, said)


# --- the agent panel ---------------------------------------------------------------------


PROMPTS, LOADING = 4, 10


class Panel:
    """The prompts and statuses that the bot set in its panel.

    ``prompts`` are the latest for the bot's messages or a thread there; ``statuses`` are what the
    bot is doing, by thread. ``changed`` gets the channel concerned.
    """

    def __init__(self, changed: Callable[[str], None] = lambda _channel: None) -> None:
        self._changed = changed
        self.prompts: list[dict[str, str]] = []
        self.statuses: dict[str, str] = {}

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Return the Web API methods for the panel."""
        return {
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._set_prompts,
        }

    def _set_prompts(self, args: Json) -> Json:
        prompts = args.get("prompts")
        if not isinstance(prompts, list) or not 0 < len(prompts) <= PROMPTS:
            raise Refused("invalid_arguments", (f"prompts must be 1 to {PROMPTS}",))
        if any(not one.get("title") or not one.get("message") for one in prompts):
            raise Refused("invalid_arguments", ("a prompt needs a title and a message",))
        self.prompts = [dict(one) for one in prompts]
        self._tell(args)
        return {}

    def _set_status(self, args: Json) -> Json:
        thread, status = args.get("thread_ts"), args.get("status")
        if not thread or not isinstance(status, str):
            raise Refused("invalid_arguments", ("thread_ts and status are needed",))
        if len(args.get("loading_messages") or ()) > LOADING:
            raise Refused("invalid_arguments", (f"loading_messages must be at most {LOADING}",))
        self.statuses[str(thread)] = status
        self._tell(args)
        return {}

    def _tell(self, args: Json) -> None:
        if channel := args.get("channel_id"):
            self._changed(str(channel))

    def answered(self, thread: str) -> None:
        """Remove the status of a thread, as an answer in it does."""
        self.statuses.pop(thread, None)


# --- modals and Home ---------------------------------------------------------------------


TRIGGER_SECONDS = 3.0

VIEW = "view"
"""What watchers get when a modal or a Home changed, in place of a channel."""


@dataclass
class _Trigger:
    user: str
    until: float
    used: bool = False


class Views:
    """The modal and the Home of each person, and the triggers that may open modals."""

    def __init__(self, *, messages: Messages, clock: Callable[[], float]) -> None:
        self._messages = messages
        self._clock = clock
        self._triggers: dict[str, _Trigger] = {}
        self._modals: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        """The last view that the app published for each person."""
        self.errors: dict[str, dict[str, str]] = {}
        """The problems of the last submission, by person and block."""

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Return the Web API methods for views."""
        return {
            "views.open": self.open,
            "views.publish": self.publish,
        }

    def trigger(self, user: str) -> str:
        """Return a new trigger, valid once, for three seconds."""
        now = self._clock()
        self._triggers = {k: t for k, t in self._triggers.items() if t.until + 60 > now}
        key = f"{int(now * 1000)}.0.{secrets.token_hex(16)}"
        self._triggers[key] = _Trigger(user, now + TRIGGER_SECONDS)
        return key

    def open(self, args: Json) -> Json:
        """Answer ``views.open``; raises Refused with Slack's error."""
        trigger, view = self._pulled(args), checked(args.get("view"), "modal")
        trigger.used = True
        self._modals[trigger.user] = whole = self._whole(view, _new_id())
        self._changed(trigger.user)
        return {"view": whole}

    def publish(self, args: Json) -> Json:
        """Answer ``views.publish``; raises Refused."""
        user, view = str(args.get("user_id") or ""), checked(args.get("view"), "home")
        if not user:
            raise Refused("invalid_arguments", ("user_id is missing",))
        old = self.homes.get(user)
        if args.get("hash") and (old is None or args["hash"] != old["hash"]):
            raise Refused("hash_conflict")
        whole = self._whole(view, old["id"] if old else _new_id())
        self.homes[user] = whole
        self._messages.tell(VIEW)
        return {"view": whole}

    def of(self, user: str = YOU) -> Json | None:
        """Return the modal that somebody has open, or None."""
        return self._modals.get(user)

    def get(self, user: str, view_id: str) -> Json | None:
        """Return somebody's modal or Home, if it has that id."""
        for view in (self.of(user), self.homes.get(user)):
            if view is not None and view["id"] == view_id:
                return view
        return None

    def close(self, user: str) -> None:
        """Close the modal, if one is open."""
        if self._modals.pop(user, None) is not None:
            self._changed(user)

    def wrong(self, user: str, errors: dict[str, str]) -> None:
        """Show what is wrong with a submission, by block; the empty block is the whole."""
        self.errors[user] = errors
        self._messages.tell(VIEW)

    def _pulled(self, args: Json) -> _Trigger:
        trigger = self._triggers.get(str(args.get("trigger_id") or ""))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._clock() > trigger.until:
            raise Refused("expired_trigger_id")
        return trigger

    def _whole(self, view: Json, key: str) -> Json:
        return {
            **view,
            "id": key,
            "root_view_id": key,
            "previous_view_id": None,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "hash": f"{int(self._clock())}.{secrets.token_hex(4)}",
            "blocks": list(payloads.with_ids(view["blocks"], key)),
            "state": {"values": {}},
        }

    def _changed(self, user: str) -> None:
        self.errors.pop(user, None)
        self._messages.tell(VIEW)


def initial(view: Json) -> dict[str, list[str]]:
    """Return the values of the inputs of a modal when it opens, by block."""
    inputs = [block for block in view["blocks"] if block.get("type") == "input"]
    shown = ((name, initial_of(element)) for name, element in _elements(inputs))
    return {name: first for name, first in shown if first}


def checked(given: Any, kind: str) -> Json:
    """Return the view that the app sent; raises Refused if Slack would not show it."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except json.JSONDecodeError as error:
            raise Refused("invalid_arguments", ("view is not JSON",)) from error
    if not isinstance(given, dict):
        raise Refused("invalid_arguments", ("view is missing",))
    if given.get("type") != kind:
        raise Refused("invalid_arguments", (f"type is {given.get('type')!r}, not {kind!r}",))
    if broken := view_problems(given):
        raise Refused("invalid_arguments", tuple(broken))
    return given


def view_problems(view: Json) -> list[str]:
    """Return every limit of Slack's that a modal or a Home breaks, in words."""
    return home_problems(view) if view.get("type") == "home" else modal_problems(view)


def _new_id() -> str:
    return "V" + secrets.token_hex(5).upper()


# --- Work Objects ------------------------------------------------------------------------


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
        where = {"channel": message.channel, "message_ts": message.ts}
        where["app_unfurl_url"] = entity["app_unfurl_url"]
        return where | self.follow(entity["external_ref"], entity["url"], user)

    def follow(self, reference: Json, url: str, user: str) -> Json:
        """Return the ``entity_details_requested`` event of a click on a link to an object."""
        trigger = self._views.trigger(user)
        self._opened[trigger] = reference
        return {
            "type": "entity_details_requested",
            "user": user,
            "external_ref": reference,
            "entity_url": url,
            "link": {"url": url, "domain": urlsplit(url).hostname},
            "trigger_id": trigger,
            "user_locale": "en-US",
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
        blocks = list(details(entity)) if entity else [_rich([_text(NOT_FOUND)])]
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
        title = {"type": "plain_text", "text": _title(entity)}
        inside = [*_properties(entity), actions]
        found.append({"type": "container", "title": title, "child_blocks": inside})
    return found


def details(entity: Json) -> Iterator[Json]:
    """Yield an object as blocks: its title, then its properties in order."""
    yield _rich([_bold(_title(entity))])
    yield from _properties(entity)


def _title(entity: Json) -> str:
    return str(entity["entity_payload"]["attributes"]["title"]["text"])


def _properties(entity: Json) -> Iterator[Json]:
    payload = entity["entity_payload"]
    fields = payload.get("fields") or {}
    shown = {key: (key.capitalize(), one) for key, one in fields.items()}
    shown |= {one["key"]: (one["label"], one) for one in payload.get("custom_fields") or ()}
    for key in payload.get("display_order") or shown:
        label, field = shown[key]
        own_lines = field.get("long") or isinstance(field.get("value"), list)
        space = {"type": "text", "text": "\n" if own_lines else " "}
        yield _rich([_bold(f"{label}:"), space, *_value(field)])


def _value(field: Json) -> list[Json]:
    """Return a value as elements of rich text: references are links, dates are written out."""
    value, kind = field.get("value"), field.get("type")
    if isinstance(value, list):
        lines = [_item(one) for one in value]
        return lines[0] + [part for one in lines[1:] for part in (_NEW_LINE, *one)] if lines else []
    if kind == "slack#/types/date":
        value = _day(date.fromisoformat(str(value)))
    elif kind == "slack#/types/timestamp":
        moment = datetime.fromtimestamp(float(str(value)), UTC)
        value = f"{_day(moment)}, {moment:%H:%M} UTC"
    return [_text(str(value), field.get("link"))]


_NEW_LINE: Json = {"type": "text", "text": "\n"}


def _item(one: Json) -> list[Json]:
    to = one.get("entity_ref") or {"title": one.get("value"), "entity_url": None}
    return [_text("• "), _text(str(to["title"]), to["entity_url"])]


def _day(of: date) -> str:
    return f"{of.day} {of:%b %Y}"


def _text(words: str, url: str | None = None) -> Json:
    return {"type": "link", "url": url, "text": words} if url else {"type": "text", "text": words}


def _bold(words: str) -> Json:
    return {"type": "text", "text": words, "style": {"bold": True}}


def _rich(elements: list[Json]) -> Json:
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [section]}
