"""Block Kit as HTML, as Slack would show it: pure functions, one for each type of block.

What the page cannot show is said so in a box, never left out in silence. Nothing is loaded
from elsewhere: an image is shown as its words and a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from handlers.workspace import mrkdwn
from handlers.workspace.controls import live
from handlers.workspace.mrkdwn import NOBODY, Names
from handlers.workspace.rich_text import rich_text

Json = Mapping[str, Any]


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


def _text(item: Json, names: Names) -> Markup:
    if item["type"] == "mrkdwn":
        return mrkdwn.html(item["text"], names)
    return mrkdwn.plain(item["text"], emoji=item.get("emoji", True))


def _header(block: Json, names: Names) -> Markup:
    return Markup('<h3 class="b-header">{}</h3>').format(_text(block["text"], names))


def _section(block: Json, names: Names) -> Markup:
    parts = Markup()
    if block.get("text"):
        parts += Markup('<div class="b-text">{}</div>').format(_text(block["text"], names))
    if block.get("fields"):
        fields = Markup().join(
            Markup('<div class="b-field">{}</div>').format(_text(field, names))
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
            _image_words(item) if item["type"] == "image" else _text(item, names)
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
    title = _text(block["title"], names) if block.get("title") else Markup()
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
