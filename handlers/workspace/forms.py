"""A modal as HTML: its blocks, its inputs, and what is wrong with what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from handlers.workspace import mrkdwn
from handlers.workspace.mrkdwn import NOBODY, Names
from handlers.workspace.render import block_html

Json = Mapping[str, Any]


def form_html(view: Json, errors: Mapping[str, str], names: Names = NOBODY) -> Markup:
    """What stands between the title of a modal and its buttons."""
    parts = [
        _input(block, errors.get(block["block_id"], ""))
        if block.get("type") == "input"
        else block_html(block, names)
        for block in view["blocks"]
    ]
    if whole := errors.get("", ""):
        parts.append(_error("all", whole))
    return Markup("\n").join(parts)


def _input(block: Json, error: str) -> Markup:
    element, name = block["element"], block["block_id"]
    label = mrkdwn.plain(block["label"]["text"])
    if block.get("optional"):
        label += Markup(' <span class="optional">(optional)</span>')
    told = [f"e-{name}"] if error else []
    told += [f"h-{name}"] if block.get("hint") else []
    aria = Markup(' aria-describedby="{}"').format(" ".join(told)) if told else Markup()
    if error:
        aria += Markup(' aria-invalid="true"')
    if element["type"] == "radio_buttons":
        inside = _radios(element, name, label, aria)
    elif element["type"] == "static_select":
        inside = _labelled(name, label, _select(element, name, aria))
    else:
        inside = _labelled(name, label, _text(element, name, aria))
    hint = block.get("hint")
    after = (
        Markup('<p class="hint-words" id="h-{}">{}</p>').format(name, mrkdwn.plain(hint["text"]))
        if hint
        else Markup()
    )
    return Markup('<div class="b-input">{}{}{}</div>').format(inside, after, _error(name, error))


def _labelled(name: str, label: Markup, control: Markup) -> Markup:
    return Markup('<label for="f-{}">{}</label>{}').format(name, label, control)


def _radios(element: Json, name: str, label: Markup, aria: Markup) -> Markup:
    first = (element.get("initial_option") or {}).get("value")
    options = Markup().join(
        Markup(
            '<label class="radio"><input type="radio" name="{}" value="{}"{}> {}</label>'
        ).format(
            name,
            option["value"],
            Markup(" checked") if option["value"] == first else "",
            mrkdwn.plain(option["text"]["text"]),
        )
        for option in element["options"]
    )
    return Markup("<fieldset{}><legend>{}</legend>{}</fieldset>").format(aria, label, options)


def _select(element: Json, name: str, aria: Markup) -> Markup:
    first = (element.get("initial_option") or {}).get("value")
    options = Markup().join(
        Markup('<option value="{}"{}>{}</option>').format(
            option["value"],
            Markup(" selected") if option["value"] == first else "",
            mrkdwn.plain(option["text"]["text"]),
        )
        for option in element["options"]
    )
    empty = Markup() if first else Markup('<option value=""></option>')
    return Markup('<select id="f-{}" name="{}"{}>{}{}</select>').format(
        name, name, aria, empty, options
    )


def _text(element: Json, name: str, aria: Markup) -> Markup:
    value, most = element.get("initial_value") or "", int(element.get("max_length") or 3000)
    if element.get("multiline"):
        return Markup(
            '<textarea id="f-{}" name="{}" maxlength="{}" rows="3"{}>{}</textarea>'
        ).format(name, name, most, aria, value)
    return Markup('<input type="text" id="f-{}" name="{}" maxlength="{}" value="{}"{}>').format(
        name, name, most, value, aria
    )


def _error(name: str, error: str) -> Markup:
    if not error:
        return Markup()
    return Markup('<p class="error" id="e-{}" role="alert">{}</p>').format(name, error)
