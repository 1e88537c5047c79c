"""Block Kit as HTML, as Slack would show it: blocks, rich_text, controls and forms; pure.

What the page cannot show is said so in a box, never left out in silence. Nothing is loaded from
elsewhere: an image is shown as its words and a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from handlers.workspace import inputs, mrkdwn
from handlers.workspace.mrkdwn import EMOJI, NOBODY, TAGS, Names

# --- controls ----------------------------------------------------------------------------


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
    """What is shown where the page cannot show an element."""
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


# --- rich_text ---------------------------------------------------------------------------


_STYLES = {"bold": "strong", "italic": "em", "strike": "s", "code": "code"}
_FRAMES = {
    "rich_text_section": TAGS["p"],
    "rich_text_quote": TAGS["blockquote"],
    "rich_text_preformatted": TAGS["pre"],
}


def rich_text(elements: Iterable[Json], names: Names) -> Markup:
    """The elements of a rich_text block, in order."""
    return Markup().join(_outer(element, names) for element in elements)


def _outer(element: Json, names: Names) -> Markup:
    kind = element["type"]
    if kind == "rich_text_list":
        tag = "ol" if element.get("style") == "ordered" else "ul"
        items = Markup().join(
            TAGS["li"].format(_run(item["elements"], names)) for item in element["elements"]
        )
        return TAGS[tag].format(items)
    if kind not in _FRAMES:
        return Markup('<p class="unsupported">Unsupported element: {}</p>').format(kind)
    return _FRAMES[kind].format(_run(element["elements"], names))


def _run(elements: Iterable[Json], names: Names) -> Markup:
    return Markup().join(_inner(element, names) for element in elements)


def _inner(element: Json, names: Names) -> Markup:
    shown = _piece(element, names)
    for style, tag in _STYLES.items():
        if element.get("style", {}).get(style):
            shown = TAGS[tag].format(shown)
    return shown


def _piece(element: Json, names: Names) -> Markup:
    match kind := element["type"]:
        case "text":
            return Markup("<br>").join(escape(line) for line in element["text"].split("\n"))
        case "link":
            return mrkdwn.link(element["url"], element.get("text") or element["url"])
        case "emoji":
            return escape(EMOJI.get(element["name"], f":{element['name']}:"))
        case "user":
            return _mention("@", names.users, element["user_id"])
        case "channel":
            return _mention("#", names.channels, element["channel_id"])
        case "broadcast":
            return TAGS["mention"].format("@" + element["range"])
        case "usergroup":
            return TAGS["mention"].format("@" + element["usergroup_id"])
        case "date":
            stamp, form = str(element["timestamp"]), element["format"]
            fallback = str(element.get("fallback") or "")
            words = mrkdwn.date_words(stamp, form, names.tz, names.now) or fallback
            url = element.get("url")
            return mrkdwn.link(url, words) if url else escape(words)
    return Markup('<span class="unsupported">Unsupported element: {}</span>').format(kind)


def _mention(sign: str, known: Mapping[str, str], key: str) -> Markup:
    return TAGS["mention"].format(sign + known.get(key, key))


# --- blocks ------------------------------------------------------------------------------


def message_html(text: str, blocks: Iterable[Json], names: Names = NOBODY) -> Markup:
    """A message's blocks, or its text where it has none."""
    shown = [block_html(block, names) for block in blocks]
    return Markup("\n").join(shown) if shown else mrkdwn.html(text, names)


def block_html(block: Json, names: Names = NOBODY) -> Markup:
    """One block; an unknown type, or one that is not formed as Slack's, becomes a box."""
    kind = str(block.get("type"))
    show = _BLOCKS.get(kind)
    if show is None:
        return Markup('<p class="unsupported">Unsupported block: {}</p>').format(kind)
    try:
        return show(block, names)
    except (AttributeError, KeyError, TypeError, IndexError):
        return Markup('<p class="unsupported">Malformed block: {}</p>').format(kind)


def _text_object(item: Json, names: Names) -> Markup:
    if item["type"] == "mrkdwn":
        return mrkdwn.html(item["text"], names)
    return mrkdwn.plain(item["text"], emoji=item.get("emoji", True))


def _header(block: Json, names: Names) -> Markup:
    return Markup('<h3 class="b-header">{}</h3>').format(_text_object(block["text"], names))


def _section(block: Json, names: Names) -> Markup:
    parts = Markup()
    if block.get("text"):
        parts += Markup('<div class="b-text">{}</div>').format(_text_object(block["text"], names))
    if block.get("fields"):
        fields = Markup().join(
            Markup('<div class="b-field">{}</div>').format(_text_object(field, names))
            for field in block["fields"]
        )
        parts += Markup('<div class="b-fields">{}</div>').format(fields)
    side = Markup()
    if block.get("accessory"):
        side = Markup('<div class="b-side">{}</div>').format(
            _element(block["accessory"], str(block.get("block_id", "")), names)
        )
    return Markup('<div class="b-section"><div class="b-main">{}</div>{}</div>').format(parts, side)


def _context(block: Json, names: Names) -> Markup:
    items = Markup().join(
        Markup('<div class="b-item">{}</div>').format(
            _image_words(item) if item["type"] == "image" else _text_object(item, names)
        )
        for item in block["elements"]
    )
    return Markup('<div class="b-context">{}</div>').format(items)


def _actions(block: Json, names: Names) -> Markup:
    elements = Markup().join(
        _element(element, str(block.get("block_id", "")), names) for element in block["elements"]
    )
    return Markup('<div class="b-actions">{}</div>').format(elements)


def _image(block: Json, names: Names) -> Markup:
    title = _text_object(block["title"], names) if block.get("title") else Markup()
    return Markup('<figure class="b-image"><figcaption>{}</figcaption>{}</figure>').format(
        title, _image_words(block)
    )


def _image_words(image: Json) -> Markup:
    """An image that was uploaded here; of one that is elsewhere the words alone, and a link."""
    if key := re.search(r"/page/file/(\w+)$", str((image.get("slack_file") or {}).get("url", ""))):
        return Markup('<img class="picture" src="/page/file/{}" alt="{}">').format(
            key[1], image.get("alt_text") or ""
        )
    words = Markup("Image: {}").format(image.get("alt_text") or "without words")
    return mrkdwn.link(str(image.get("image_url", "")), words)


def _element(element: Json, block_id: str, names: Names) -> Markup:
    if element["type"] == "image":
        return _image_words(element)
    return live(element, block_id, names)


_BLOCKS: dict[str, Callable[[Json, Names], Markup]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": lambda _block, _names: Markup('<hr class="b-divider">'),
    "actions": _actions,
    "image": _image,
    "rich_text": lambda block, names: rich_text(block["elements"], names),
}


# --- modals and Home ---------------------------------------------------------------------


def form_html(view: Json, errors: Mapping[str, str], names: Names = NOBODY) -> Markup:
    """What is shown between the title of a view and its buttons."""
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
