"""What the bot sends in tests, checked: Slack's limits, the models of the SDK, names that ping.

Each method that the bot calls has its check here; one that has none is a problem by itself, so
that whatever is sent anew is looked at first.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.metadata import EntityCustomField, EntityMetadata
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.blocks import limits
from handlers.blocks.native import CHART, TABLE
from handlers.workspace.delivery import Delivery
from tests.workspace import Call

Json = dict[str, Any]

POWER = re.compile(r"<(?:[@!]|#(?!C|G))")
"""What pings somebody or has Slack write words of its own; a channel may be named."""

PROMPTS = 4
LOADING = 10  # loading_messages of a status
ALT = 1000  # characters of alt_txt
SECRET = {"token", "client_secret", "client_id"}


def broken(call: Call) -> list[str]:
    """Every limit that what a call sends breaks, and what in it Slack or its SDK would not know."""
    check = _CHECKS.get(call.method)
    if check is None:
        return [f"{call.method} is a method that tests/payloads.py knows nothing of"]
    args = {key: value for key, value in call.args.items() if key not in SECRET}
    return [*_unknown(call.method, args), *check(args)]


def answered(delivery: Delivery) -> list[str]:
    """What is wrong with what an acknowledgement carries: errors of a form, or another form."""
    if not delivery.taken or not delivery.answer.strip() or delivery.sort == "event":
        return []
    answer = json.loads(delivery.answer)
    if delivery.sort == "command":
        return _message(answer)
    action = answer.get("response_action")
    view = json.loads(dict(parse_qsl(delivery.body))["payload"]).get("view") or {}
    if action == "errors":
        inputs = {one.get("block_id") for one in view.get("blocks") or () if "element" in one}
        errors = answer.get("errors") or {}
        found = [f"no input {name!r} stands in the form" for name in set(errors) - inputs]
        found += [f"nothing is said of {name!r}" for name, said in errors.items() if not said]
        return found or ([] if errors else ["errors without an error"])
    return [] if action is None else [f"response_action {action!r}"]


def parsed(node: object) -> Iterator[str]:
    """Every text of blocks in which Slack looks for mentions, links and marks."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield str(node["text"])
        for child in node.values():
            yield from parsed(child)
    elif isinstance(node, list):
        for child in node:
            yield from parsed(child)


def spoken(args: Mapping[str, Any]) -> Iterator[str]:
    """Every text of a call in which Slack looks for names: of blocks, and beside them."""
    for key in ("text", "initial_comment", "error"):
        if args.get(key):
            yield str(args[key])
    yield from (str(value) for value in (args.get("outputs") or {}).values())
    yield from parsed({**args, "view": _json(args.get("view"))})


# --- what each method takes -----------------------------------------------------------


def _message(args: Mapping[str, Any]) -> list[str]:
    if args.get("delete_original"):
        return []
    found = limits.problems(args)
    for number, block in enumerate(args.get("blocks") or (), start=1):
        found += [f"block {number}: {one}" for one in _lost(block)]
    metadata = args.get("metadata")
    if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
        found.append("metadata is an event_type and an event_payload")
    return found


def _in_a_room(args: Mapping[str, Any]) -> list[str]:
    return [*_needed(args, "channel"), *_message(args)]


def _for_one(args: Mapping[str, Any]) -> list[str]:
    return [*_needed(args, "channel", "user"), *_message(args)]


def _instead(args: Mapping[str, Any]) -> list[str]:
    return [*_needed(args, "channel", "ts"), *_message(args)]


def _view(args: Mapping[str, Any]) -> list[str]:
    view = _json(args.get("view"))
    if not isinstance(view, dict):
        return ["view is no object"]
    found = (limits.home_problems if view.get("type") == "home" else limits.modal_problems)(view)
    for number, block in enumerate(view.get("blocks") or (), start=1):
        found += [f"block {number}: {one}" for one in _lost(block)]
    try:
        View(**view).validate_json()
    except (SlackObjectFormationError, TypeError, ValueError) as error:
        found.append(str(error))
    return found


def _opens(args: Mapping[str, Any]) -> list[str]:
    return [*_needed(args, "trigger_id"), *_view(args)]


def _publishes(args: Mapping[str, Any]) -> list[str]:
    return [*_needed(args, "user_id"), *_view(args)]


def _prompts(args: Mapping[str, Any]) -> list[str]:
    prompts = args.get("prompts") or []
    found = _needed(args, "channel_id")
    if not 0 < len(prompts) <= PROMPTS:
        found.append(f"{len(prompts)} prompts; 1 to {PROMPTS}")
    if any(set(one) != {"title", "message"} or not all(one.values()) for one in prompts):
        found.append("a prompt is a title and a message")
    return found


def _status(args: Mapping[str, Any]) -> list[str]:
    found = _needed(args, "channel_id", "thread_ts", "status")
    loading = args.get("loading_messages") or []
    if len(loading) > LOADING or not all(isinstance(one, str) and one for one in loading):
        found.append(f"loading_messages are texts, at most {LOADING}")
    return found


def _address(args: Mapping[str, Any]) -> list[str]:
    found = _needed(args, "filename", "length")
    if len(str(args.get("alt_txt") or "")) > ALT:
        found.append(f"alt_txt is {len(args['alt_txt'])} characters; at most {ALT}")
    if not re.fullmatch(r"[\w.-]{1,255}", str(args.get("filename"))):
        found.append(f"a file is called {args.get('filename')!r}")
    return found


def _file(args: Mapping[str, Any]) -> list[str]:
    found = _needed(args, "files", "channel_id")
    if len(str(args.get("initial_comment") or "")) > limits.MESSAGE_TEXT_ADVISED:
        found.append("initial_comment is longer than Slack advises")
    listed = _json(args.get("files"))
    if not listed or any(set(one) - {"id", "title", "highlight_type"} for one in listed):
        found.append("a file is an id and a title")
    return found


STRINGS = {"string", "slack#/types/date", "slack#/types/timestamp"}
"""The types of a property whose words may be a link."""

LISTED = {"string", "integer", "slack#/types/channel_id", "slack#/types/user"}
LISTED |= {"slack#/types/entity_ref"}
STATUSES = {"restricted", "internal_error", "not_found", "custom", "custom_partial_view"}


def _unfurl(args: Mapping[str, Any]) -> list[str]:
    entities = (args.get("metadata") or {}).get("entities") or []
    found = [] if entities else ["nothing is unfurled"]
    names = ("unfurl_id", "source") if "unfurl_id" in args else ("channel", "ts")
    found += _needed(args, *names)
    for one in entities:
        found += [*_needed(one, "app_unfurl_url"), *_entity(one)]
    return found


def _details(args: Mapping[str, Any]) -> list[str]:
    found = _needed(args, "trigger_id")
    if error := args.get("error"):
        return found + ([] if error.get("status") in STATUSES else [f"status {error}"])
    return [*found, *_entity(args.get("metadata") or {})]


def _entity(entity: Mapping[str, Any]) -> list[str]:
    """What is wrong with a Work Object.

    https://docs.slack.dev/messaging/work-objects-implementation#entity-payload-schema
    """
    found = _needed(entity, "entity_type", "entity_payload", "external_ref", "url")
    if found:
        return found
    payload = entity["entity_payload"]
    try:
        model = EntityMetadata(**entity)
        model.validate_json()
        found += _missing(entity, model.to_dict(), "entity")
        customs = [EntityCustomField(**one) for one in payload.get("custom_fields") or ()]
        for one in customs:
            one.validate_json()
    except (SlackObjectFormationError, TypeError, ValueError) as error:
        return [*found, str(error)]
    if entity["entity_type"].endswith("/item") and "fields" in payload:
        found.append("an item has no fields")
    if not payload["attributes"]["title"]["text"]:
        found.append("it has no title")
    for field in payload["custom_fields"]:
        found += _property(field)
    keys = [*payload.get("fields", {}), *(one["key"] for one in payload["custom_fields"])]
    if sorted(payload["display_order"]) != sorted(set(keys)):
        found.append("display_order does not name each property once")
    return found


def _property(field: Mapping[str, Any]) -> list[str]:
    found = _needed(field, "key", "label", "type")
    kind, value = field.get("type"), field.get("value")
    if value is None or value == "":
        found.append(f"{field.get('key')} has no value")
    if "link" in field and kind not in STRINGS:
        found.append(f"a {kind} has no link")
    if "long" in field and kind != "string":
        found.append(f"a {kind} is not long")
    if kind == "integer" and not isinstance(value, int):
        found.append(f"{value!r} is no integer")
    if kind == "slack#/types/date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        found.append(f"{value!r} is no date")
    if kind == "array":
        found += [] if field.get("item_type") in LISTED and value else ["an array of what?"]
        for one in value or ():
            reference = one.get("entity_ref") or {}
            found += _needed(reference, "entity_url", "external_ref", "title")
    return found


def _with(*names: str) -> Callable[[Mapping[str, Any]], list[str]]:
    return lambda args: _needed(args, *names)


_CHECKS: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "apps.connections.open": _with(),
    "assistant.threads.setStatus": _status,
    "assistant.threads.setSuggestedPrompts": _prompts,
    "auth.test": _with(),
    "blocks.validate": lambda args: limits.problems({"text": "x", "blocks": _json(args["blocks"])}),
    "chat.postEphemeral": _for_one,
    "chat.postMessage": _in_a_room,
    "chat.update": _instead,
    "chat.delete": _with("channel", "ts"),
    "chat.unfurl": _unfurl,
    "conversations.history": _with("channel"),
    "conversations.info": _with("channel"),
    "conversations.open": _with("users"),
    "conversations.replies": _with("channel", "ts"),
    "entity.presentDetails": _details,
    "files.completeUploadExternal": _file,
    "files.getUploadURLExternal": _address,
    "functions.completeError": _with("function_execution_id", "error"),
    "functions.completeSuccess": _with("function_execution_id", "outputs"),
    "oauth.v2.access": _with(),
    "response_url": _message,
    "users.info": _with("user"),
    "views.open": _opens,
    "views.publish": _publishes,
}


# --- what they share ------------------------------------------------------------------


def _needed(args: Mapping[str, Any], *names: str) -> list[str]:
    return [f"{name} is missing" for name in names if not args.get(name)]


def _unknown(method: str, args: Mapping[str, Any]) -> list[str]:
    """Arguments that the SDK's own method does not know."""
    if method == "response_url":
        known = set(inspect.signature(AsyncWebhookClient.send).parameters) | {"thread_ts"}
    else:
        call = getattr(AsyncWebClient, method.replace(".", "_"))
        known = set(inspect.signature(call).parameters)
    # The SDK has no name for these yet; Slack's reference does.
    known |= {"alt_txt"} if method == "files.getUploadURLExternal" else set()
    return [f"{method} knows no {name}" for name in sorted(set(args) - known)]


def _lost(block: Mapping[str, Any]) -> list[str]:
    """What of a block the SDK's model does not keep, because it knows no such thing."""
    if block.get("type") in {TABLE, CHART}:  # it has no model of these yet
        return []
    try:
        parsed = Block.parse(dict(block))
        kept = parsed.to_dict() if parsed is not None else block
    except (SlackObjectFormationError, TypeError, ValueError, KeyError) as error:
        return [str(error)]
    return list(_missing(block, kept, ""))


def _missing(given: Any, kept: Any, where: str) -> Iterator[str]:
    if isinstance(given, Mapping) and isinstance(kept, Mapping):
        for key, value in given.items():
            if key in kept:
                yield from _missing(value, kept[key], f"{where}.{key}")
            elif value is not None:
                yield f"slack_sdk knows no {where}.{key}"
    elif isinstance(given, list) and isinstance(kept, list):
        if len(given) != len(kept):
            yield f"slack_sdk leaves something of {where} out"
        for one, other in zip(given, kept, strict=False):
            yield from _missing(one, other, where)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
