"""A modal or a Home as HTML: its blocks, its inputs, and what is wrong with what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from handlers.workspace import mrkdwn
from handlers.workspace.controls import field, is_group, unsupported
from handlers.workspace.mrkdwn import NOBODY, Names
from handlers.workspace.render import block_html

Json = Mapping[str, Any]


def form_html(view: Json, errors: Mapping[str, str], names: Names = NOBODY) -> Markup:
    """What stands between the title of a view and its buttons."""
    parts = [
        _input(block, errors.get(block["block_id"], ""), names)
        if block.get("type") == "input"
        else block_html(block, names)
        for block in view["blocks"]
    ]
    if whole := errors.get("", ""):
        parts.append(_error("all", whole))
    return Markup("\n").join(parts)


def _input(block: Json, error: str, names: Names) -> Markup:
    element, name = block["element"], block["block_id"]
    label = mrkdwn.plain(block["label"]["text"])
    if block.get("optional"):
        label += Markup(' <span class="optional">(optional)</span>')
    told = [f"e-{name}"] if error else []
    told += [f"h-{name}"] if block.get("hint") else []
    aria = Markup(' aria-describedby="{}"').format(" ".join(told)) if told else Markup()
    if error:
        aria += Markup(' aria-invalid="true"')
    control = field(block, names, aria) or unsupported(str(element["type"]))
    if is_group(element):
        inside = Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(label, control)
    else:
        inside = Markup('<label for="f-{}">{}</label>{}').format(name, label, control)
    hint = block.get("hint")
    after = (
        Markup('<p class="hint-words" id="h-{}">{}</p>').format(name, mrkdwn.plain(hint["text"]))
        if hint
        else Markup()
    )
    return Markup('<div class="b-input">{}{}{}</div>').format(inside, after, _error(name, error))


def _error(name: str, error: str) -> Markup:
    if not error:
        return Markup()
    return Markup('<p class="error" id="e-{}" role="alert">{}</p>').format(name, error)
