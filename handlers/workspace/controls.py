"""Buttons, menus and inputs as HTML: pure.

``live`` is an element under a message or in Home: using it is told to the app at once.
``field`` is the element of an input, sent with its form. What is chosen in either is sent as
``inputs`` reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from handlers.workspace import inputs, mrkdwn
from handlers.workspace.mrkdwn import NOBODY, Names

Json = Mapping[str, Any]
Choices = Iterable[tuple[str, str]]
"""What may be chosen: the value and its words."""

NONE = Markup()

_TYPED = {
    "datepicker": "date",
    "timepicker": "time",
    "url_text_input": "url",
    "email_text_input": "email",
    "number_input": "number",
}


def live(element: Json, block_id: str, names: Names = NOBODY) -> Markup:
    """An element that tells the app at once."""
    kind = str(element["type"])
    if kind == "button":
        return _button(element, block_id)
    if kind == "overflow":
        return _menu(element, block_id)
    keys = keys_of(element, block_id) + Markup(" data-live") + confirming(element)
    label = words(element.get("placeholder")) or "Choose"
    aria = Markup(' aria-label="{}"').format(label)
    shown = _control(element, f"{block_id}|{element.get('action_id', '')}", "", names, keys + aria)
    return shown or unsupported(kind)


def field(block: Json, names: Names, aria: Markup) -> Markup | None:
    """The element of an input block; None where this page does not know it."""
    element, name = block["element"], block["block_id"]
    keys = Markup('data-field="{}" data-action="{}"').format(name, element.get("action_id", ""))
    if block.get("dispatch_action"):
        keys += Markup(' data-block="{}" data-live').format(name)
    return _control(element, name, f"f-{name}", names, keys + aria)


def is_group(element: Json) -> bool:
    """Whether an element is several controls, which no single label can be of."""
    return element["type"] in inputs.MANY or element["type"] == "radio_buttons"


def unsupported(kind: str) -> Markup:
    """What stands where the page cannot show an element."""
    return Markup('<p class="unsupported">Unsupported element: {}</p>').format(kind)


def keys_of(element: Json, block_id: str, value: object = None) -> Markup:
    """What the page sends back when an element is used."""
    keys = Markup('data-block="{}" data-action="{}"').format(
        block_id, str(element.get("action_id", ""))
    )
    return keys if value is None else keys + Markup(' data-value="{}"').format(str(value))


def confirming(element: Json) -> Markup:
    """The question that Slack asks before it tells the app, where there is one."""
    asked = element.get("confirm")
    if not asked:
        return NONE
    return Markup(' data-confirm="{}"').format(f"{words(asked['title'])}\n{words(asked['text'])}")


def words(text: Json | None) -> str:
    """The words of a text object; empty where there is none."""
    return str(text["text"]) if text else ""


def _button(element: Json, block_id: str) -> Markup:
    style = element.get("style")
    look = f"button {style}" if style in ("primary", "danger") else "button"
    label = mrkdwn.plain(element["text"]["text"], emoji=element["text"].get("emoji", True))
    keys = keys_of(element, block_id, element.get("value")) + confirming(element)
    if element.get("url"):
        href = mrkdwn.link(element["url"], label)
        return Markup('<span class="{}" {}>{}</span>').format(look, keys, href)
    named = element.get("accessibility_label")
    aria = Markup(' aria-label="{}"').format(named) if named else NONE
    return Markup('<button type="button" class="{}"{} {}>{}</button>').format(
        look, aria, keys, label
    )


def _menu(element: Json, block_id: str) -> Markup:
    items = NONE.join(
        Markup('<a class="item" href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
            option["url"], mrkdwn.plain(words(option["text"]))
        )
        if str(option.get("url", "")).startswith(("https://", "http://"))
        else Markup('<button type="button" class="item" {}{}>{}</button>').format(
            keys_of(element, block_id, option["value"]),
            confirming(element),
            mrkdwn.plain(words(option["text"])),
        )
        for option in element["options"]
    )
    return Markup(
        '<details class="menu"><summary class="button" aria-label="More actions">⋯</summary>'
        '<div class="menu-items">{}</div></details>'
    ).format(items)


def _control(element: Json, name: str, key: str, names: Names, attrs: Markup) -> Markup | None:
    """One control or group; ``key`` is its id where a label is for it."""
    kind, first = str(element["type"]), inputs.initial(element) if _known(element) else []
    if kind in ("radio_buttons", "checkboxes"):
        return _checks(name, _options(element), first, attrs, one=kind == "radio_buttons")
    if kind in inputs.MANY:
        boxes = _checks(name, _choices(element, names), first, attrs, one=False)
        label = words(element.get("placeholder")) or "Choose"
        chosen = sum(value in first for value, _ in _choices(element, names))
        told = f"{label} ({chosen})" if chosen else label
        return Markup('<details class="many"><summary>{}</summary>{}</details>').format(told, boxes)
    ident = Markup(' id="{}" name="{}"').format(key, name) if key else NONE
    if kind == "static_select" or (kind.endswith("_select") and _known(element)):
        return _select(element, names, first, ident + Markup(" ") + attrs)
    if kind in _TYPED or kind == "plain_text_input":
        return _text(element, (first or [""])[0], ident + Markup(" ") + attrs)
    return None


def _known(element: Json) -> bool:
    return element["type"] in inputs.STATEFUL


def _options(element: Json) -> list[tuple[str, Markup]]:
    shown = []
    for option in inputs.options(element):
        text = option["text"]
        label = mrkdwn.html(text["text"]) if text["type"] == "mrkdwn" else mrkdwn.plain(words(text))
        if option.get("description"):
            told = mrkdwn.plain(words(option["description"]))
            label += Markup('<span class="told">{}</span>').format(told)
        shown.append((str(option["value"]), label))
    return shown


def _choices(element: Json, names: Names) -> list[tuple[str, str]]:
    """What a menu offers: its options, or people or channels."""
    kind = str(element["type"]).removeprefix("multi_")
    if kind == "users_select":
        return [(key, name) for key, name in names.users.items() if key not in names.bots]
    if kind in ("conversations_select", "channels_select"):
        return [(k, f"#{n}") for k, n in names.channels.items() if not k.startswith("D")]
    return [(str(one["value"]), words(one["text"])) for one in inputs.options(element)]


def _checks(
    name: str, choices: Iterable[tuple[str, str]], first: list[str], attrs: Markup, *, one: bool
) -> Markup:
    boxes = NONE.join(
        Markup(
            '<label class="radio"><input type="{}" name="{}" value="{}"{}> <span>{}</span></label>'
        ).format(
            "radio" if one else "checkbox",
            name,
            value,
            Markup(" checked") if value in first else NONE,
            label,
        )
        for value, label in choices
    )
    return Markup('<div class="checks" role="group" {}>{}</div>').format(attrs, boxes)


def _select(element: Json, names: Names, first: list[str], attrs: Markup) -> Markup:
    def shown(choices: Choices) -> Markup:
        return NONE.join(
            Markup('<option value="{}"{}>{}</option>').format(
                value, Markup(" selected") if value in first else NONE, mrkdwn.plain(label)
            )
            for value, label in choices
        )

    if groups := element.get("option_groups"):
        inside = NONE.join(
            Markup('<optgroup label="{}">{}</optgroup>').format(
                words(group["label"]),
                shown((str(o["value"]), words(o["text"])) for o in group["options"]),
            )
            for group in groups
        )
    else:
        inside = shown(_choices(element, names))
    empty = Markup('<option value="">{}</option>').format(words(element.get("placeholder")))
    return Markup("<select{}>{}{}</select>").format(attrs, NONE if first else empty, inside)


def _text(element: Json, first: str, attrs: Markup) -> Markup:
    kind = str(element["type"])
    hint = words(element.get("placeholder"))
    attrs += Markup(' placeholder="{}"').format(hint) if hint else NONE
    if kind in ("plain_text_input", "url_text_input", "email_text_input"):
        attrs += Markup(' maxlength="{}"').format(int(element.get("max_length") or 3000))
    if element.get("multiline"):
        return Markup('<textarea rows="3"{}>{}</textarea>').format(attrs, first)
    if kind == "number_input":
        attrs += Markup(' step="{}"').format("any" if element.get("is_decimal_allowed") else "1")
        for side in ("min", "max"):
            if element.get(f"{side}_value") is not None:
                attrs += Markup(' {}="{}"').format(side, element[f"{side}_value"])
    return Markup('<input type="{}" value="{}"{}>').format(_TYPED.get(kind, "text"), first, attrs)
