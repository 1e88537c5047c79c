"""Every limit of Slack's that a message of Dragoman can meet, and checks for them.

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
CONTAINER_TITLE = 150  # plain_text only
CONTAINER_BLOCKS = 10
TABLE_ROWS = 101  # with the header; at least 2
TABLE_COLUMNS = 20
TABLE_PAGE = 100  # rows of one page
TABLE_TEXT = 10_000  # characters of all cells of a message together
CHARTS = 2  # of a message; not in the reference, but Slack refuses a third
CHART_TITLE = 50  # and of the words at an axis
CHART_LABEL = 20  # of a category, and the name of a series
CHART_SERIES = 6
CHART_POINTS = 20  # of one series
CONTEXT_ACTIONS = 5
RESPONSE_URL_USES = 5  # a response_url answers five times …
RESPONSE_URL_SECONDS = 1800  # … within half an hour
ALL_BLOCK_TEXT = 10_000
"""Our own limit: text of all blocks together. Slack refuses about 13,200
(`msg_blocks_too_long`)."""

STYLES = {"primary", "danger"}

NATIVE = "native"
"""The key under which a block holds its replacement for workspaces that accept the newer type of
block. It is never sent."""

_LINK = re.compile(r"<(https?:[^|>\s]*)")


def problems(payload: Mapping[str, Any]) -> list[str]:
    """Return every limit that a message payload breaks, in words; empty if Slack accepts it.

    ``payload`` is what is sent: ``text``, ``blocks``, …; a block type that Dragoman does not use is
    a problem too, because nothing here knows its limits.
    """
    text, blocks = payload.get("text"), payload.get("blocks") or []
    found: list[str] = []
    if not isinstance(text, str) or not text.strip():
        found.append("text is missing: notifications and screen readers would show nothing")
    else:
        found += _too_long("text", text, MESSAGE_TEXT)
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        return [*found, "blocks is not a list"]
    plain = [_without_native(block) for block in blocks]
    found += _message_blocks(plain)
    return found if plain == list(blocks) else found + _message_blocks(_native(blocks))


def _without_native(block: object) -> object:
    if not isinstance(block, Mapping) or NATIVE not in block:
        return block
    return {key: value for key, value in block.items() if key != NATIVE}


def _native(blocks: Sequence[Any]) -> list[object]:
    """Return the blocks of the message as sent if Slack accepts every newer type."""
    return [
        one for block in blocks for one in (block[NATIVE]["blocks"] if NATIVE in block else [block])
    ]


def _message_blocks(blocks: Sequence[object]) -> list[str]:
    found = _blocks(blocks, BLOCKS)
    total = sum(len(text) for text in texts(blocks)) + sum(map(len, _addresses(blocks)))
    if total >= ALL_BLOCK_TEXT:
        found.append(f"{total} characters of block text; fewer than {ALL_BLOCK_TEXT}")
    kinds = Counter(str(block.get("type")) for block in blocks if isinstance(block, Mapping))
    if kinds["data_visualization"] > CHARTS:
        found.append(f"{kinds['data_visualization']} charts; at most {CHARTS}")
    return found


def modal_problems(view: Mapping[str, Any]) -> list[str]:
    """Return every limit that a modal breaks, in words; empty if Slack opens it.

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
    """Return every limit that a Home breaks, in words; empty if Slack publishes it."""
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
        if node.get("type") in _TEXT_OBJECTS and isinstance(node.get("text"), str):
            yield node["text"]
            return
        if node.get("type") == "rich_text":
            yield from map(rich_words, node.get("elements") or ())
            return
        if node.get("type") in {"data_table", "data_visualization"}:
            yield from _words_of_data(node)
            return
        for key in ("text", "elements", "accessory", "title", "child_blocks"):
            yield from texts(node.get(key))
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for child in node:
            yield from texts(child)


def _words_of_data(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a table or a chart."""
    yield from (str(block[key]) for key in ("caption", "title") if key in block)
    for row in block.get("rows") or ():
        yield from texts(row)
    chart = block.get("chart") or {}
    for series in chart.get("series") or ():
        yield str(series.get("name"))
    axes = chart.get("axis_config") or {}
    yield from map(str, [*(axes.get("categories") or ()), *filter(None, [axes.get("y_label")])])


def _addresses(blocks: Sequence[object]) -> Iterator[str]:
    """Yield the addresses of links in rich_text, which count but are in none of its texts."""
    for block in blocks:
        if not isinstance(block, Mapping):
            continue
        yield from _addresses(block.get("child_blocks") or ())
        for row in block.get("rows") or ():
            yield from _addresses(row)
        if block.get("type") == "rich_text":
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
    if block.get("type") in _UNKNOWN_TO_THE_SDK:
        return found
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


def _container(block: Mapping[str, Any]) -> list[str]:
    children = block.get("child_blocks") or []
    found = _text("title of a container", block.get("title"), CONTAINER_TITLE, plain=True)
    found += _count("blocks in a container", children, CONTAINER_BLOCKS)
    for child in children:
        kind = child.get("type") if isinstance(child, Mapping) else None
        found += _block(child) if kind in _IN_CONTAINERS else [f"a container holds no {kind!r}"]
    return found


def _context_actions(block: Mapping[str, Any]) -> list[str]:
    elements = block.get("elements") or []
    found = _count("elements of context_actions", elements, CONTEXT_ACTIONS)
    for element in elements:
        kind = element.get("type") if isinstance(element, Mapping) else None
        if not isinstance(element, Mapping) or kind != "feedback_buttons":
            found.append(f"element {kind!r} of context_actions is not feedback_buttons")
            continue
        for name in ("positive_button", "negative_button"):
            button = element.get(name) or {}
            found += _text(name, button.get("text"), BUTTON_TEXT, plain=True)
            found += _too_long(f"value of {name}", button.get("value"), BUTTON_VALUE)
            label = button.get("accessibility_label", "")
            found += _too_long(f"label of {name}", label, BUTTON_TEXT)
        found += [] if element.get("action_id") else ["feedback_buttons need an action_id"]
        found += _too_long("action_id", element.get("action_id", ""), ACTION_ID)
    return found


def _data_table(block: Mapping[str, Any]) -> list[str]:
    rows = block.get("rows") or []
    found = _count("rows of a table", rows[1:], TABLE_ROWS - 1)
    found += [] if block.get("caption") else ["a table needs a caption"]
    if not 1 <= block.get("page_size", 1) <= TABLE_PAGE:
        found.append(f"page_size is {block['page_size']}; 1 to {TABLE_PAGE}")
    for row in rows:
        found += _count("columns of a table", row, TABLE_COLUMNS)
        if len(row) != len(rows[0]):
            found.append(f"{len(row)} cells in a row; {len(rows[0])} in the header")
        for cell in row:
            found += _cell(cell, header=row is rows[0])
    if (total := sum(len(text) for row in rows for text in texts(row))) > TABLE_TEXT:
        found.append(f"{total} characters in a table; at most {TABLE_TEXT}")
    return found


def _cell(cell: object, *, header: bool) -> list[str]:
    kind = cell.get("type") if isinstance(cell, Mapping) else None
    if not isinstance(cell, Mapping) or kind not in ("raw_text", "raw_number", "rich_text"):
        return [f"cell {kind!r} is none of raw_text, raw_number and rich_text"]
    if kind == "rich_text":
        return ["rich_text in the header of a table"] if header else _rich_text(cell)
    found = [] if cell.get("text") else ["a cell holds nothing"]
    if kind == "raw_number" and not isinstance(cell.get("value"), int | float):
        found.append("a raw_number needs a value")
    return found


def _chart(block: Mapping[str, Any]) -> list[str]:
    found = _too_long("title of a chart", block.get("title"), CHART_TITLE)
    found += [] if block.get("title") else ["a chart needs a title"]
    chart = block.get("chart") or {}
    if chart.get("type") != "bar":
        found.append(f"a chart of type {chart.get('type')!r} is not one that Dragoman sends")
    series, axes = chart.get("series") or [], chart.get("axis_config") or {}
    labels = axes.get("categories") or []
    found += _count("series of a chart", series, CHART_SERIES)
    found += _too_long("y_label", axes.get("y_label", ""), CHART_TITLE)
    for label in labels:
        found += _too_long("category", label, CHART_LABEL)
    names = Counter([*labels]) | Counter(one.get("name") for one in series)
    found += [f"{name!r} stands {n} times in a chart" for name, n in names.items() if n > 1]
    for one in series:
        found += _too_long("name of a series", one.get("name"), CHART_LABEL)
        data = one.get("data") or []
        found += _count("points of a series", data, CHART_POINTS)
        if [point.get("label") for point in data] != labels:
            found.append("the labels of a series are not the categories of its chart")
        if not all(isinstance(point.get("value"), int | float) for point in data):
            found.append("a point without a value")
    return found


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
"""The inputs that Dragoman uses, and how many options each accepts."""

_RICH = {"text": "text", "link": "text", "channel": "channel_id"}
"""The rich_text elements that Dragoman sends, none of which pings, and what each must hold."""

_TEXT_OBJECTS = {"mrkdwn", "plain_text", "raw_text", "raw_number"}

_IN_CONTAINERS = {"actions", "context", "divider", "rich_text", "section"}
"""The blocks that Dragoman puts into containers, of those that containers accept."""

_UNKNOWN_TO_THE_SDK = {"data_table", "data_visualization"}

_CHECKS = {
    "container": _container,
    "context_actions": _context_actions,
    "data_table": _data_table,
    "data_visualization": _chart,
    "rich_text": _rich_text,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
}
