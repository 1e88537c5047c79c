"""Slack's newer blocks: collapsible containers, data tables, charts and feedback buttons.

A message is built of blocks that every workspace shows. A block may hold, under ``native``, its
replacement for workspaces that accept the newer type. ``native_form`` and ``plain_form`` make the
blocks to send, and ``handlers/sender.py`` decides which form a workspace gets.

Schemas: https://docs.slack.dev/reference/block-kit/blocks, its pages container-block,
data-table-block, data-visualization-block and context-actions-block, and
https://docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from handlers.blocks import limits
from handlers.blocks.limits import NATIVE
from handlers.blocks.text import Text, one_line, plain, raw, raw_number, rich_elements, trim

Payload = dict[str, Any]

CONTAINER, TABLE = "container", "data_table"
CHART, FEEDBACK_ROW = "data_visualization", "context_actions"
TYPES = frozenset({CONTAINER, TABLE, CHART, FEEDBACK_ROW})

GOOD, BAD = "good", "bad"
"""The actions that say whether a reply helped."""

FEEDBACK = "feedback"
"""The action of both feedback buttons; their values begin with ``good:`` or ``bad:``."""

PAGE_ROWS = 10
"""Rows of a table on one page; a phone shows about as many."""


# --- builders ----------------------------------------------------------------------------


def container(title: str, children: Sequence[Payload], *, collapsed: bool) -> Payload:
    """Return a part of a message under a title, which its reader opens and closes."""
    return {
        "type": CONTAINER,
        "title": plain(trim(title, limits.CONTAINER_TITLE)),
        "child_blocks": list(children),
        "is_collapsible": True,
        "default_collapsed": collapsed,
    }


def words(text: str | Text) -> Payload:
    """Return a text cell; a ``Text`` keeps its links and styles."""
    if isinstance(text, str) or not text:
        return raw(text if isinstance(text, str) else "")
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": rich_elements(text)}],
    }


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[Payload]]) -> Payload:
    """Return a table whose reader can sort it by each column and page through it.

    ``rows`` are cells, made by ``words`` and ``raw_number``, as many in each row as in ``header``.
    """
    return {
        "type": TABLE,
        "caption": one_line(caption),
        "page_size": PAGE_ROWS,
        "rows": [[words(name) for name in header], *map(list, rows)],
    }


def bar_chart(
    title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]], y_label: str
) -> Payload:
    """Return bars by label, side by side for each series; each series has a value a label."""
    drawn = [
        {
            "name": trim(name, limits.CHART_LABEL),
            "data": [
                {"label": label, "value": value}
                for label, value in zip(labels, values, strict=True)
            ],
        }
        for name, values in series.items()
    ]
    axes = {"categories": list(labels), "y_label": trim(y_label, limits.CHART_TITLE)}
    chart = {"type": "bar", "series": drawn, "axis_config": axes}
    return {"type": CHART, "title": trim(one_line(title), limits.CHART_TITLE), "chart": chart}


def samples() -> list[Payload]:
    """Return a block of each type, to check whether Slack accepts them."""
    thumbs = [
        {"action_id": action, "text": plain(sign), "value": "{}"}
        for action, sign in ((GOOD, "👍"), (BAD, "👎"))
    ]
    small = {"type": "context", "elements": [plain("x")]}
    return [
        container("x", [small], collapsed=True),
        table("x", ["x"], [[raw_number(1, "")]]),
        bar_chart("x", ["x"], {"x": [1]}, "x"),
        *_with_feedback_row({"type": "actions", "elements": thumbs}),
    ]


# --- both forms of a message -------------------------------------------------------------


def replacing(blocks: Sequence[Payload], native: Sequence[Payload]) -> list[Payload]:
    """Let ``native``, which holds one type of newer block, replace ``blocks``."""
    (kind,) = {one["type"] for one in native} & TYPES
    return [
        block | {NATIVE: {"type": kind, "blocks": [] if n else list(native)}}
        for n, block in enumerate(blocks)
    ]


def plain_form(payload: Payload) -> Payload:
    """Return the message in the blocks that every workspace shows."""
    return native_form(payload, TYPES)


def native_form(payload: Payload, refused: Collection[str] = ()) -> Payload:
    """Return the message with the newer blocks, except for the types that are ``refused``."""
    if "blocks" not in payload:
        return payload
    done: list[Payload] = []
    for block in payload["blocks"]:
        native = block.get(NATIVE)
        if native is not None and native["type"] not in refused:
            done += native["blocks"]
        else:
            shown = {key: value for key, value in block.items() if key != NATIVE}
            done += [shown] if FEEDBACK_ROW in refused else _with_feedback_row(shown)
    return payload | {"blocks": done}


def types_in(payload: Payload) -> set[str]:
    """Return the newer types of block that a message holds."""
    return {str(block.get("type")) for block in payload.get("blocks") or ()} & TYPES


def _with_feedback_row(block: Payload) -> list[Payload]:
    """Move 👍 and 👎 out of a row of buttons, into a row of their own."""
    elements = block.get("elements", ()) if block.get("type") == "actions" else ()
    thumbs = {one["action_id"]: one for one in elements if one.get("action_id") in (GOOD, BAD)}
    if len(thumbs) < 2:
        return [block]
    good, bad = (_feedback_button(thumbs[action]) for action in (GOOD, BAD))
    if max(len(good["value"]), len(bad["value"])) > limits.BUTTON_VALUE:
        return [block]
    element = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": good,
        "negative_button": bad,
    }
    rest = [one for one in elements if one.get("action_id") not in thumbs]
    row = [block | {"elements": rest}] if rest else []
    return [*row, {"type": FEEDBACK_ROW, "elements": [element]}]


def _feedback_button(button: Payload) -> Payload:
    kept = {key: button[key] for key in ("text", "accessibility_label") if key in button}
    return kept | {"value": f"{button['action_id']}:{button['value']}"}


def picked_feedback(value: str) -> tuple[str, str]:
    """Return the action and value of the button that was clicked in a feedback row.

    The value is empty if it cannot be read.
    """
    action, _, carried = value.partition(":")
    return (action, carried) if action in (GOOD, BAD) else (GOOD, "")
