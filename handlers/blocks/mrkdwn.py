"""Words as ``str``: cleaned, trimmed, and read from what Slack delivers."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"

# Embeddings, overrides and isolates steer their neighbours; the marks LRM, RLM and ALM do not.
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r"\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}$")
_CUT_LINK = re.compile(r"<[^>]*$")


def clean(text: str) -> str:
    """Drop what no reader sees or what steers its neighbours; every run of space is one."""
    return _SPACE.sub(" ", _STEERING.sub("", _CONTROL.sub("", text)))


def one_line(text: str) -> str:
    """Clean a text, and drop the space around it."""
    return clean(text).strip()


def verbatim(text: str) -> str:
    """Leave a text as it is, but for what no reader sees or what steers its neighbours.

    A line break is one space: it would end the isolation of what runs from right to left, and
    let a quote look like lines of ours.
    """
    return _STEERING.sub("", _CONTROL.sub("", _BREAK.sub(" ", text))).strip()


def trim(text: str, limit: int) -> str:
    """Cut ``text`` to ``limit`` characters at a word boundary, the ellipsis included.

    Never through an entity, a link or a combined character; a single word longer than
    the limit is cut inside. A text that fits comes back unchanged.
    """
    if len(text) <= limit:
        return text
    end = max(limit - len(ELLIPSIS), 0)
    if not text[end].isspace():
        space = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end))
        end = space if space > 0 else end
    while end > 0 and _joins(text[end - 1], text[end]):
        end -= 1
    kept = _CUT_LINK.sub("", _CUT_ENTITY.sub("", text[:end])).rstrip()
    # What runs from right to left ends before what comes after it.
    kept = kept[: max(limit - len(ELLIPSIS) - _unended(kept), 0)]
    return kept + ELLIPSIS + END_ISOLATE * _unended(kept)


def _unended(text: str) -> int:
    return max(text.count(ISOLATE) - text.count(END_ISOLATE), 0)


def _joins(before: str, after: str) -> bool:
    joiner = "\u200d"
    return joiner in (before, after) or unicodedata.category(after) in {"Mn", "Me", "Sk", "Mc"}


_INBOUND = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain_text(text: str) -> str:
    """Turn what Slack delivers into what its writer typed: no entities, no ``<…|…>``.

    A mention of a person becomes its label or nothing, a link its label or address.
    """
    text = _INBOUND.sub(_typed, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _typed(match: re.Match[str]) -> str:
    target, label = match.group(1), match.group(2)
    if target.startswith(("@", "#", "!")):
        return label.lstrip("@#") if label else ""
    return label or target.removeprefix("mailto:")
