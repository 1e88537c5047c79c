"""Every limit of Slack's that a message of Dragoman can meet, and what breaks one.

Sources: the Block Kit reference (https://docs.slack.dev/reference/block-kit), its pages
on blocks, block elements and composition objects; for the text of a message
https://docs.slack.dev/reference/methods/chat.postMessage. Lengths are in characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

BLOCKS = 50  # blocks in one message
BLOCK_ID = 255  # unique within a message
ACTION_ID = 255  # unique within its block
SECTION_TEXT = 3000
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75  # plain_text only; a phone shows about 30
BUTTON_VALUE = 2000
ANY_TEXT = 3000  # a text object that has no tighter limit of its own
URL = 3000  # of a link
MESSAGE_TEXT = 40_000  # longer text is cut by Slack
MESSAGE_TEXT_ADVISED = 4000  # what Slack advises
MODAL_BLOCKS = 100  # and in one Home
MODAL_TITLE = 24  # plain_text only; so are the words on its two buttons
PRIVATE_METADATA = 3000
CALLBACK_ID = 255
LABEL = 2000
HINT = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
RADIO_OPTIONS = 10
SELECT_OPTIONS = 100
OVERFLOW_OPTIONS = 5  # plain_text only
RESPONSE_URL_USES = 5  # a response_url answers five times …
RESPONSE_URL_SECONDS = 1800  # … within half an hour
ALL_BLOCK_TEXT = 10_000
"""Ours: text of all blocks together. Slack refuses about 13,200 (`msg_blocks_too_long`)."""

STYLES = {"primary", "danger"}

_LINK = re.compile(r"<(https?:[^|>\s]*)")


def problems(payload: Mapping[str, Any]) -> list[str]:
    """Say in words every limit that a message payload breaks; empty when Slack takes it.

    ``payload`` is what is sent: ``text``, ``blocks``, …; a block type that Dragoman does
    not use is a problem too, because nothing here knows its limits.
    """
    text, blocks = payload.get("text"), payload.get("blocks") or []
    found: list[str] = []
    if not isinstance(text, str) or not text.strip():
        found.append("text is missing: notifications and screen readers would show nothing")
    else:
        found += _too_long("text", text, MESSAGE_TEXT)
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        return [*found, "blocks is not a list"]
    found += _blocks(blocks, BLOCKS)
    total = sum(len(text) for text in texts(blocks)) + sum(map(len, _addresses(blocks)))
    if total >= ALL_BLOCK_TEXT:
        found.append(f"{total} characters of block text; fewer than {ALL_BLOCK_TEXT}")
    return found


def modal_problems(view: Mapping[str, Any]) -> list[str]:
    """Say in words every limit that a modal breaks; empty when Slack opens it.

    https://docs.slack.dev/reference/views/modal-views
    """
    blocks = view.get("blocks") or []
    found = _text("title", view.get("title"), MODAL_TITLE, plain=True)
    has_input = any(isinstance(b, Mapping) and b.get("type") == "input" for b in blocks)
    if has_input and "submit" not in view:
        found.append("a modal with an input needs submit")
    for name in sorted({"submit", "close"} & set(view)):
        found += _text(name, view[name], MODAL_TITLE, plain=True)
    return found + _view("modal", view)


def home_problems(view: Mapping[str, Any]) -> list[str]:
    """Say in words every limit that a Home breaks; empty when Slack publishes it."""
    return _view("home", view)


def _view(kind: str, view: Mapping[str, Any]) -> list[str]:
    blocks = view.get("blocks")
    found = [] if view.get("type") == kind else [f"type is {view.get('type')!r}, not {kind!r}"]
    if not isinstance(blocks, Sequence) or isinstance(blocks, str) or not blocks:
        return [*found, f"a {kind} needs blocks"]
    found += _too_long("private_metadata", view.get("private_metadata", ""), PRIVATE_METADATA)
    found += _too_long("callback_id", view.get("callback_id", ""), CALLBACK_ID)
    return found + _blocks(blocks, MODAL_BLOCKS, view=True)


def texts(node: object) -> Iterator[str]:
    """Yield every text that blocks show, in order."""
    if isinstance(node, Mapping):
        if node.get("type") in {"mrkdwn", "plain_text"} and isinstance(node.get("text"), str):
            yield node["text"]
            return
        if node.get("type") == "rich_text":
            yield from map(rich_words, node.get("elements") or ())
            return
        for key in ("text", "elements", "accessory"):
            yield from texts(node.get(key))
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for child in node:
            yield from texts(child)


def _addresses(blocks: Sequence[object]) -> Iterator[str]:
    """Yield the addresses of links in rich_text, which count and are in none of its texts."""
    for block in blocks:
        if isinstance(block, Mapping) and block.get("type") == "rich_text":
            for part in block.get("elements") or ():
                for element in part.get("elements") or () if isinstance(part, Mapping) else ():
                    yield str(element.get("url") or "")


def rich_words(element: object) -> str:
    """Return the visible text of an element of rich_text."""
    if not isinstance(element, Mapping):
        return ""
    if "elements" in element:
        return "".join(map(rich_words, element["elements"]))
    return str(element.get("text") or element.get("url") or element.get("channel_id") or "")


def _blocks(blocks: Sequence[object], most: int, *, view: bool = False) -> list[str]:
    found = [f"{len(blocks)} blocks; at most {most}"] if len(blocks) > most else []
    ids = Counter(b["block_id"] for b in blocks if isinstance(b, Mapping) and b.get("block_id"))
    found += [f"block_id {name!r} stands {n} times" for name, n in ids.items() if n > 1]
    for n, block in enumerate(blocks, start=1):
        found += [f"block {n}: {problem}" for problem in _block(block, view=view)]
    return found


def _block(block: object, *, view: bool = False) -> list[str]:
    if not isinstance(block, Mapping):
        return ["is not an object"]
    checks = {**_CHECKS, "input": _input} if view else _CHECKS
    check = checks.get(str(block.get("type")))
    if check is None:
        return [f"type {block.get('type')!r} is not one that Dragoman sends"]
    found = _too_long("block_id", block.get("block_id", ""), BLOCK_ID) + check(block)
    return found or _as_the_sdk_sees_it(block)


def _as_the_sdk_sees_it(block: Mapping[str, Any]) -> list[str]:
    try:
        parsed = Block.parse(dict(block))
        if parsed is None:
            return ["slack_sdk cannot parse it"]
        parsed.validate_json()
    except (SlackObjectFormationError, TypeError, ValueError, KeyError) as error:
        return [str(error)]
    return []


def _section(block: Mapping[str, Any]) -> list[str]:
    found = _text("section text", block.get("text"), SECTION_TEXT)
    return found + (_element(block["accessory"]) if "accessory" in block else [])


def _context(block: Mapping[str, Any]) -> list[str]:
    elements = block.get("elements") or []
    found = _count("context elements", elements, CONTEXT_ELEMENTS)
    for element in elements:
        found += _text("context text", element, ANY_TEXT)
    return found


def _actions(block: Mapping[str, Any]) -> list[str]:
    elements = block.get("elements") or []
    found = _count("actions elements", elements, ACTIONS_ELEMENTS)
    for element in elements:
        found += _element(element)
    ids = Counter(e.get("action_id") for e in elements if isinstance(e, Mapping))
    found += [f"action_id {name!r} stands {n} times" for name, n in ids.items() if name and n > 1]
    return found


def _input(block: Mapping[str, Any]) -> list[str]:
    found = _text("label", block.get("label"), LABEL, plain=True)
    if "hint" in block:
        found += _text("hint", block["hint"], HINT, plain=True)
    element = block.get("element")
    kind = element.get("type") if isinstance(element, Mapping) else None
    if not isinstance(element, Mapping) or kind not in _INPUTS:
        return [*found, f"element {kind!r} is not one of {', '.join(_INPUTS)}"]
    found += _too_long("action_id", element.get("action_id", ""), ACTION_ID)
    most = _INPUTS[str(kind)]
    return found + (_options(element, most) if most else [])


def _options(element: Mapping[str, Any], most: int, *, plain: bool = False) -> list[str]:
    options, found = element.get("options") or [], []
    if groups := element.get("option_groups"):
        found += _count("option groups", groups, most)
        for group in groups:
            found += _text("label of a group", group.get("label"), OPTION_TEXT, plain=True)
            found += _count("options of a group", group["options"], most)
            options = [*options, *group["options"]]
    else:
        found += _count("options", options, most)
    for option in options:
        if not isinstance(option, Mapping) or not isinstance(option.get("value"), str):
            found.append("an option needs a text and a value")
            continue
        found += _text("option text", option.get("text"), OPTION_TEXT, plain=plain)
        found += _too_long("option value", option["value"], OPTION_VALUE)
    first = element.get("initial_option")
    if first is not None and first not in options:
        found.append("initial_option is none of the options")
    values = Counter(o.get("value") for o in options if isinstance(o, Mapping))
    return found + [f"option value {v!r} stands {n} times" for v, n in values.items() if n > 1]


def _divider(block: Mapping[str, Any]) -> list[str]:
    extra = sorted(set(block) - {"type", "block_id"})
    return [f"a divider has no {', '.join(extra)}"] if extra else []


def _element(element: object) -> list[str]:
    kind = element.get("type") if isinstance(element, Mapping) else None
    if not isinstance(element, Mapping) or kind not in ("button", "overflow"):
        return [f"element {kind!r} is neither a button nor an overflow menu"]
    if kind == "overflow":
        return _overflow(element)
    found = _text("button text", element.get("text"), BUTTON_TEXT, plain=True)
    if not element.get("action_id"):
        found.append("a button needs an action_id, or nothing handles its click")
    found += _too_long("action_id", element.get("action_id", ""), ACTION_ID)
    found += _too_long("button value", element.get("value", ""), BUTTON_VALUE)
    if element.get("style") is not None and element["style"] not in STYLES:
        found.append(f"button style {element['style']!r} is neither primary nor danger")
    return found


def _overflow(element: Mapping[str, Any]) -> list[str]:
    found = [] if element.get("action_id") else ["a menu needs an action_id"]
    found += _too_long("action_id", element.get("action_id", ""), ACTION_ID)
    return found + _options(element, OVERFLOW_OPTIONS, plain=True)


def _text(what: str, text: object, limit: int, *, plain: bool = False) -> list[str]:
    if not isinstance(text, Mapping) or not isinstance(text.get("text"), str):
        return [f"{what} is not a text object"]
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if text.get("type") not in kinds:
        return [f"{what} is {text.get('type')!r}; it must be {' or '.join(sorted(kinds))}"]
    if not text["text"].strip():
        return [f"{what} is empty"]
    found = _too_long(what, text["text"], limit)
    if text["type"] == "mrkdwn":
        for url in _LINK.findall(text["text"]):
            found += _too_long("link", url, URL)
    return found


def _rich_text(block: Mapping[str, Any]) -> list[str]:
    parts = block.get("elements") or []
    found = _count("rich_text elements", parts, BLOCKS)
    for part in parts:
        if not isinstance(part, Mapping) or part.get("type") != "rich_text_section":
            found.append("rich_text holds sections alone")
            continue
        found += [] if part.get("elements") else ["a section of rich_text holds nothing"]
        for element in part.get("elements") or ():
            found += _rich_element(element)
        found += _too_long("rich_text", rich_words(part), SECTION_TEXT)
    return found


def _rich_element(element: object) -> list[str]:
    kind = element.get("type") if isinstance(element, Mapping) else None
    if not isinstance(element, Mapping) or kind not in _RICH:
        return [f"rich_text element {kind!r} is not one of {', '.join(_RICH)}"]
    found = [] if element.get(_RICH[str(kind)]) else [f"a {kind} of rich_text is empty"]
    return found + (_url("link", element.get("url")) if kind == "link" else [])


def _url(what: str, url: object) -> list[str]:
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        return [f"{what} is not an http or https address"]
    return _too_long(what, url, URL)


def _count(what: str, elements: Sequence[object], most: int) -> list[str]:
    if not elements:
        return [f"no {what}; at least one"]
    return [f"{len(elements)} {what}; at most {most}"] if len(elements) > most else []


def _too_long(what: str, text: object, limit: int) -> list[str]:
    if not isinstance(text, str):
        return [f"{what} is not text"]
    return [f"{what} is {len(text)} characters; at most {limit}"] if len(text) > limit else []


_INPUTS = {
    "multi_users_select": 0,
    "plain_text_input": 0,
    "radio_buttons": RADIO_OPTIONS,
    "static_select": SELECT_OPTIONS,
}
"""The inputs that Dragoman uses, and how many options each takes."""

_RICH = {"text": "text", "link": "text", "channel": "channel_id"}
"""The elements of rich_text that Dragoman sends, none of which pings, and what each must hold."""

_CHECKS = {
    "rich_text": _rich_text,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
}
