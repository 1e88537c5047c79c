"""Block Kit and mrkdwn as HTML, as Slack would show them: pure, and safe whatever the text holds.

Every text passes through ``markupsafe.escape``; links are http, https or mailto. Anything that the
page cannot show is named in a box, never left out silently. Syntax of mrkdwn:
https://docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from handlers.workspace import views

# --- mrkdwn ------------------------------------------------------------------------------


class Names(NamedTuple):
    """Names for the ids in a text, and the reader's time zone (an IANA name).

    ``bots`` are the users that are bots.
    """

    users: Mapping[str, str]
    channels: Mapping[str, str]
    tz: str = "UTC"
    bots: frozenset[str] = frozenset()


NOBODY = Names({}, {})
NONE = Markup()

TAGS = {
    "p": Markup("<p>{}</p>"),
    "blockquote": Markup("<blockquote>{}</blockquote>"),
    "code": Markup("<code>{}</code>"),
    "strong": Markup("<strong>{}</strong>"),
    "em": Markup("<em>{}</em>"),
    "s": Markup("<s>{}</s>"),
    "mention": Markup('<span class="mention">{}</span>'),
}

_MARKS = {"*": "strong", "_": "em", "~": "s"}
# A styled stretch may hold whole <...> tokens, whose own * _ ~ do not end it.
_STYLED = "|".join(
    rf"(?<![\w{re.escape(c)}]){re.escape(c)}(?P<{tag}>(?=\S)(?:<[^<>\n]*>|[^\n<{re.escape(c)}])+?"
    rf"(?<=\S)){re.escape(c)}(?![\w{re.escape(c)}])"
    for c, tag in _MARKS.items()
)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`|<(?P<token>[^<>\n]+)>|"
    + _STYLED
    + r"|(?P<bare>https?://[^\s<>|*`]+[^\s<>|*`_~.,;:!?)\]}'\"])"
)
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_BREAK = Markup("<br>")


def mrkdwn_html(text: str, names: Names = NOBODY) -> Markup:
    """Render mrkdwn as paragraphs and quotes."""
    done: list[Markup] = []
    lines = text.strip("\n").split("\n") if text.strip("\n") else []
    for quoted, group in groupby(lines, key=lambda line: bool(_QUOTE.match(line))):
        shown = [
            _inline(_QUOTE.sub("", line, count=1) if quoted else line, names) for line in group
        ]
        done.append(TAGS["blockquote" if quoted else "p"].format(_BREAK.join(shown)))
    return NONE.join(done)


def plain_html(text: str) -> Markup:
    """Render a plain_text object, in which only line breaks mean anything."""
    return _BREAK.join(escape(line) for line in _unescaped(text).split("\n"))


def link(url: str, label: str | Markup) -> Markup:
    """Render a link that opens in a new tab; a URL of another scheme is shown as text."""
    if not re.match(r"(?:https?://|mailto:)[^\s]", url, re.IGNORECASE):
        return escape(label) if label else escape(url)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        url, label or url
    )


def _inline(text: str, names: Names) -> Markup:
    done: list[Markup] = []
    at = 0
    for found in _INLINE.finditer(text):
        done.append(escape(_unescaped(text[at : found.start()])))
        done.append(_piece(found, names))
        at = found.end()
    done.append(escape(_unescaped(text[at:])))
    return NONE.join(done)


def _piece(found: re.Match[str], names: Names) -> Markup:
    kind, inner = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "code":
        return TAGS["code"].format(_unescaped(inner))
    if kind == "token":
        return _token(inner, names)
    if kind == "bare":
        return link(_unescaped(inner), _unescaped(inner))
    return TAGS[kind].format(_inline(inner, names))


def _token(inner: str, names: Names) -> Markup:
    body, _, label = inner.partition("|")
    label = _unescaped(label)
    if body.startswith("@"):
        return TAGS["mention"].format("@" + (names.users.get(body[1:]) or label or body[1:]))
    if body.startswith("#"):
        return TAGS["mention"].format("#" + (names.channels.get(body[1:]) or label or body[1:]))
    if body.startswith("!"):
        return TAGS["mention"].format(label or "@" + body[1:])
    return link(_unescaped(body), label or _unescaped(body))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- controls ----------------------------------------------------------------------------


Json = Mapping[str, Any]


def live(element: Json, block_id: str, names: Names = NOBODY) -> Markup:
    """Render an element whose use is sent to the app at once."""
    kind = str(element["type"])
    if kind == "button":
        return _button(element, block_id)
    if kind == "overflow":
        return _menu(element, block_id)
    if kind == "feedback_buttons":
        action = {"action_id": element.get("action_id", "")}
        buttons = NONE.join(
            _button(element[name] | action, block_id)
            for name in ("positive_button", "negative_button")
        )
        return Markup('<span class="feedback">{}</span>').format(buttons)
    keys = _keys(element, block_id) + Markup(' data-live aria-label="Choose"')
    shown = _control(element, f"{block_id}|{element.get('action_id', '')}", "", names, keys)
    return shown or unsupported(kind)


def field(block: Json, names: Names, aria: Markup) -> Markup | None:
    """Render the element of an input block; None if this page does not know it."""
    element, name = block["element"], block["block_id"]
    keys = Markup('data-field="{}" data-action="{}"').format(name, element.get("action_id", ""))
    return _control(element, name, f"f-{name}", names, keys + aria)


def unsupported(kind: str) -> Markup:
    """Render the placeholder for an element that the page does not know."""
    return Markup('<p class="unsupported">Unsupported element: {}</p>').format(kind)


def _keys(element: Json, block_id: str, value: object = None) -> Markup:
    """Return the attributes that the page sends back when an element is used."""
    keys = Markup('data-block="{}" data-action="{}"').format(
        block_id, str(element.get("action_id", ""))
    )
    return keys if value is None else keys + Markup(' data-value="{}"').format(str(value))


def _button(element: Json, block_id: str) -> Markup:
    style = element.get("style")
    look = f"button {style}" if style in ("primary", "danger") else "button"
    named = element.get("accessibility_label")
    aria = Markup(' aria-label="{}"').format(named) if named else NONE
    return Markup('<button type="button" class="{}"{} {}>{}</button>').format(
        look,
        aria,
        _keys(element, block_id, element.get("value")),
        plain_html(element["text"]["text"]),
    )


def _menu(element: Json, block_id: str) -> Markup:
    items = NONE.join(
        Markup('<button type="button" class="item" {}>{}</button>').format(
            _keys(element, block_id, option["value"]), plain_html(option["text"]["text"])
        )
        for option in element["options"]
    )
    return Markup(
        '<details class="menu"><summary class="button" aria-label="More actions">⋯</summary>'
        '<div class="menu-items">{}</div></details>'
    ).format(items)


def _control(element: Json, name: str, key: str, names: Names, attrs: Markup) -> Markup | None:
    """Render one control or group; ``key`` is the id that its label refers to."""
    kind = str(element["type"])
    if kind not in views.STATEFUL:
        return None
    first = views.initial_of(element)
    if kind == "radio_buttons":
        return _checks(name, _choices(element, names), first, attrs, one=True)
    if kind == "multi_users_select":
        boxes = _checks(name, _choices(element, names), first, attrs, one=False)
        label = f"Choose ({len(first)})" if first else "Choose"
        return Markup('<details class="many"><summary>{}</summary>{}</details>').format(
            label, boxes
        )
    attrs = (Markup(' id="{}" name="{}" ').format(key, name) if key else Markup(" ")) + attrs
    if kind == "static_select":
        return _select(element, names, first, attrs)
    return _text(element, (first or [""])[0], attrs)


def _choices(element: Json, names: Names) -> list[tuple[str, str]]:
    """Return the choices of an element: its options, or people; each a value and its label."""
    if element["type"] == "multi_users_select":
        return [(key, name) for key, name in names.users.items() if key not in names.bots]
    return [(str(one["value"]), str(one["text"]["text"])) for one in views.options(element)]


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
            plain_html(label),
        )
        for value, label in choices
    )
    return Markup('<div class="checks" role="group" {}>{}</div>').format(attrs, boxes)


def _select(element: Json, names: Names, first: list[str], attrs: Markup) -> Markup:
    def shown(choices: Iterable[tuple[str, str]]) -> Markup:
        return NONE.join(
            Markup('<option value="{}"{}>{}</option>').format(
                value, Markup(" selected") if value in first else NONE, plain_html(label)
            )
            for value, label in choices
        )

    inside = NONE.join(
        Markup('<optgroup label="{}">{}</optgroup>').format(
            group["label"]["text"],
            shown((str(one["value"]), one["text"]["text"]) for one in group["options"]),
        )
        for group in element.get("option_groups") or ()
    )
    empty = NONE if first else Markup('<option value=""></option>')
    return Markup("<select{}>{}{}</select>").format(
        attrs, empty, inside or shown(_choices(element, names))
    )


def _text(element: Json, first: str, attrs: Markup) -> Markup:
    attrs += Markup(' maxlength="{}"').format(int(element.get("max_length") or 3000))
    if element.get("multiline"):
        return Markup('<textarea rows="3"{}>{}</textarea>').format(attrs, first)
    return Markup('<input type="text" value="{}"{}>').format(first, attrs)


# --- blocks ------------------------------------------------------------------------------


_STYLES = {"bold": "strong", "italic": "em", "strike": "s", "code": "code"}


def _rich_text(block: Json, names: Names) -> Markup:
    return NONE.join(
        TAGS["p"].format(NONE.join(_rich_element(element, names) for element in part["elements"]))
        for part in block["elements"]
    )


def _rich_element(element: Json, names: Names) -> Markup:
    match kind := element["type"]:
        case "text":
            shown = _BREAK.join(escape(line) for line in element["text"].split("\n"))
        case "link":
            shown = link(element["url"], element.get("text") or element["url"])
        case "channel":
            key = element["channel_id"]
            shown = TAGS["mention"].format("#" + names.channels.get(key, key))
        case _:
            return Markup('<span class="unsupported">Unsupported element: {}</span>').format(kind)
    for style, tag in _STYLES.items():
        if element.get("style", {}).get(style):
            shown = TAGS[tag].format(shown)
    return shown


def message_html(text: str, blocks: Iterable[Json], names: Names = NOBODY) -> Markup:
    """Render a message's blocks, or its text if it has none."""
    shown = [block_html(block, names) for block in blocks]
    return Markup("\n").join(shown) if shown else mrkdwn_html(text, names)


def block_html(block: Json, names: Names = NOBODY) -> Markup:
    """Render one block; an unknown type, or a block not formed as Slack's, becomes a box."""
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
        return mrkdwn_html(item["text"], names)
    return plain_html(item["text"])


def _section(block: Json, names: Names) -> Markup:
    text, side = _text_object(block["text"], names), NONE
    if block.get("accessory"):
        side = Markup('<div class="b-side">{}</div>').format(
            live(block["accessory"], str(block.get("block_id", "")), names)
        )
    return Markup('<div class="b-section"><div class="b-main">{}</div>{}</div>').format(text, side)


def _context(block: Json, names: Names) -> Markup:
    items = NONE.join(
        Markup('<div class="b-item">{}</div>').format(_text_object(item, names))
        for item in block["elements"]
    )
    return Markup('<div class="b-context">{}</div>').format(items)


def _actions(block: Json, names: Names) -> Markup:
    elements = NONE.join(
        live(element, str(block.get("block_id", "")), names) for element in block["elements"]
    )
    return Markup('<div class="b-actions">{}</div>').format(elements)


def _container(block: Json, names: Names) -> Markup:
    inside = NONE.join(block_html(child, names) for child in block["child_blocks"])
    title = plain_html(block["title"]["text"])
    if not block.get("is_collapsible"):
        return Markup('<div class="b-container"><strong>{}</strong>{}</div>').format(title, inside)
    opened = NONE if block.get("default_collapsed") else Markup(" open")
    return Markup(
        '<details class="b-container"{}><summary>{}</summary><div class="body">{}</div></details>'
    ).format(opened, title, inside)


def _data_table(block: Json, names: Names) -> Markup:
    header, *rows = block["rows"]
    heads = NONE.join(
        Markup('<th scope="col"><button type="button" data-sort="{}">{}</button></th>').format(
            column, cell["text"]
        )
        for column, cell in enumerate(header)
    )
    body = NONE.join(
        Markup("<tr>{}</tr>").format(NONE.join(_cell(cell, names) for cell in row)) for row in rows
    )
    return Markup(
        '<div class="b-table" role="region" tabindex="0" aria-label="{caption}"><table>'
        "<caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    ).format(caption=block["caption"], heads=heads, body=body)


def _cell(cell: Json, names: Names) -> Markup:
    if cell["type"] == "rich_text":
        return Markup("<td>{}</td>").format(_rich_text(cell, names))
    if cell["type"] == "raw_number":
        return Markup('<td class="number" data-value="{}">{}</td>').format(
            cell["value"], cell["text"]
        )
    return Markup("<td>{}</td>").format(cell["text"])


_CHART_LABELS = 4
"""The most labels under the bars of a chart: a phone has no room for more."""


def _chart(block: Json, _names: Names) -> Markup:
    """Render bars for each series of a chart, side by side; screen readers read its figures out."""
    chart = block["chart"]
    if chart["type"] != "bar":
        return unsupported(f"{chart['type']} chart")
    series, labels = chart["series"], chart["axis_config"]["categories"]
    most = max((abs(point["value"]) for one in series for point in one["data"]), default=0) or 1
    wide = len(series) + 1  # for each label: a bar for each series, and a gap
    bars = NONE.join(
        _bar(at * wide + n, n, one, at, most)
        for at in range(len(labels))
        for n, one in enumerate(series)
    )
    apart = -(-len(labels) // _CHART_LABELS)
    below = NONE.join(
        Markup("<span>{}</span>").format(label if at % apart == 0 else "")
        for at, label in enumerate(labels)
    )
    legend = NONE.join(
        Markup('<span class="legend series-{}">{}</span>').format(n, one["name"])
        for n, one in enumerate(series)
    )
    said = "; ".join(
        f"{one['name']}: " + ", ".join(f"{p['label']} {p['value']}" for p in one["data"])
        for one in series
    )
    return Markup(
        '<figure class="b-chart"><figcaption>{}</figcaption><p class="legends">{}</p>'
        '<svg class="plot" role="img" aria-label="{}" viewBox="0 0 {} 100"'
        ' preserveAspectRatio="none">{}</svg><div class="labels">{}</div></figure>'
    ).format(block["title"], legend, said, wide * len(labels), bars, below)


def _bar(x: int, n: int, series: Json, at: int, most: float) -> Markup:
    point = series["data"][at]
    height = round(100 * abs(point["value"]) / most)
    return Markup(
        '<rect class="series-{}" x="{}" y="{}" width="1" height="{}"><title>{}</title></rect>'
    ).format(n, x, 100 - height, height, f"{series['name']}, {point['label']}: {point['value']}")


_BLOCKS: dict[str, Callable[[Json, Names], Markup]] = {
    "container": _container,
    "context_actions": _actions,
    "data_table": _data_table,
    "data_visualization": _chart,
    "section": _section,
    "context": _context,
    "divider": lambda _block, _names: Markup('<hr class="b-divider">'),
    "actions": _actions,
    "rich_text": _rich_text,
}


# --- modals and Home ---------------------------------------------------------------------


def form_html(view: Json, errors: Mapping[str, str], names: Names = NOBODY) -> Markup:
    """Render the blocks of a view, between its title and its buttons."""
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
    label = plain_html(block["label"]["text"])
    if block.get("optional"):
        label += Markup(' <span class="optional">(optional)</span>')
    described_by = [f"e-{name}"] if error else []
    described_by += [f"h-{name}"] if block.get("hint") else []
    aria = Markup(' aria-describedby="{}"').format(" ".join(described_by)) if described_by else NONE
    if error:
        aria += Markup(' aria-invalid="true"')
    control = field(block, names, aria) or unsupported(str(element["type"]))
    if element["type"] in ("radio_buttons", "multi_users_select"):
        inside = Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(label, control)
    else:
        inside = Markup('<label for="f-{}">{}</label>{}').format(name, label, control)
    hint = block.get("hint")
    after = (
        Markup('<p class="hint-words" id="h-{}">{}</p>').format(name, plain_html(hint["text"]))
        if hint
        else NONE
    )
    return Markup('<div class="b-input">{}{}{}</div>').format(inside, after, _error(name, error))


def _error(name: str, error: str) -> Markup:
    if not error:
        return NONE
    return Markup('<p class="error" id="e-{}" role="alert">{}</p>').format(name, error)
