"""The rich_text block as HTML: sections, lists, quotes and preformatted text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from handlers.workspace import mrkdwn
from handlers.workspace.mrkdwn import EMOJI, TAGS, Names

Json = Mapping[str, Any]

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
