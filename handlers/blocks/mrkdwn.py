"""Text of others, shown as text: Slack's mrkdwn without its powers.

Slack has no escape for its formatting characters; only ``& < >`` have entities
(https://docs.slack.dev/messaging/formatting-message-text). Zero-width characters beside
them are taken for a word boundary by some clients and so may even switch formatting on.
What is certain is a look-alike, so a ``* _ ~ ` `` that could open or close formatting
becomes one; inside a word (``snake_case``) it stays, because there it does nothing.
Nothing that passes through here can ping, link, embed or turn the direction of what
stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from handlers.blocks.limits import URL

ELLIPSIS = "…"

_SCANNED = 20_000
"""Characters of a text in which the best stretch is looked for; no sentence is longer."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKALIKES = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_BAR = "∣"
_FORMATTING = re.compile(r"(?<![^\W_])[*_~`]+|[*_~`]+(?![^\W_])|`+")
_COMMAND = re.compile(
    r"ˋ((?:/[a-z]+|dragoman [a-z]+|for me)(?:[ :.\w“”-]*[\w”])?)ˋ",
    re.ASCII,
)
_EMOJI = re.compile(r"(?<![A-Za-z0-9]):(?=[a-z0-9_+'-]+:(?![A-Za-z0-9]))")
# Embeddings, overrides and isolates steer their neighbours; the marks LRM, RLM and ALM do not.
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_ISOLATE, _END_ISOLATE, _WORD_JOINER = "\u2068", "\u2069", "\u2060"
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}$")
_CUT_LINK = re.compile(r"<[^>]*$")


def one_line(text: str) -> str:
    """Drop what no reader sees or what steers its neighbours; every run of space is one."""
    return _SPACE.sub(" ", _STEERING.sub("", _CONTROL.sub("", text))).strip()


def escape(text: str) -> str:
    """Show ``text`` as it is, on one line; trim before, never after, escaping."""
    text = one_line(text)
    shown = "".join(_ENTITIES.get(c, c) for c in _EMOJI.sub("∶", _plain(text)))
    if shown.startswith("&gt;"):
        shown = _WORD_JOINER + shown  # at the start of a line it would be a block quote
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return f"{_ISOLATE}{shown}{_END_ISOLATE}"
    return shown


def spoken(text: str) -> str:
    """Show a sentence of ours as ``escape`` does, with the commands that it names as code.

    What others wrote may stand in it: only what looks like one of our commands becomes code,
    in which Slack sees no formatting.
    """
    return _COMMAND.sub(r"`\1`", escape(text))


def fitted(text: str, limit: int, show: Callable[[str], str] = escape) -> str:
    """Escape as much of ``text`` as takes at most ``limit`` characters when escaped."""
    most = limit
    while len(shown := show(trim(text, most))) > limit:
        most = min(most - 1, most * limit // len(shown))
    return shown


def _plain(text: str) -> str:
    return _FORMATTING.sub(lambda m: "".join(_LOOKALIKES[c] for c in m.group()), text)


def quote(text: str) -> str:
    """Put ``text`` between quotation marks, escaped."""
    return f"“{escape(text)}”"


def bold(shown: str, text: str) -> str:
    """Put ``text`` (plain, escaped here) in bold where ``shown``, mrkdwn, has it first."""
    words = escape(text)
    if not words.strip() or "\n" in words:
        return shown
    return re.sub(
        rf"(?<!\w){re.escape(words)}(?!\w)", lambda found: f"*{found[0]}*", shown, count=1
    )


def link(url: str | None, text: str) -> str:
    """Link ``text`` (plain, escaped here) to ``url``; without a usable url, the text alone.

    Usable is http or https with a host and at most 3000 characters; whatever would end
    the link or the line is percent-encoded, and a bar in the words, which may end them,
    becomes a look-alike.
    """
    address = _address(url or "")
    return f"<{address}|{escape(text).replace('|', _BAR)}>" if address else escape(text)


def _address(url: str) -> str | None:
    url = url.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    safe = "".join(percent(c, safe="") if _unsafe_in_link(c) else c for c in url)
    safe = safe.replace("&", "&amp;")
    return safe if usable and len(safe) <= URL else None


def _unsafe_in_link(character: str) -> bool:
    category = unicodedata.category(character)
    return character in '<>|"`\\^{}*' or category[0] in "ZC"


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
    return kept + ELLIPSIS + _END_ISOLATE * _unended(kept)


def _unended(text: str) -> int:
    return max(text.count(_ISOLATE) - text.count(_END_ISOLATE), 0)


def _joins(before: str, after: str) -> bool:
    joiner = "\u200d"
    return joiner in (before, after) or unicodedata.category(after) in {"Mn", "Me", "Sk", "Mc"}


def excerpt(text: str, words: int = 25, *, focus: Iterable[str] = (), limit: int = 300) -> str:
    """Quote at most ``words`` words of ``text``: the stretch that holds most of ``focus``.

    What is kept is verbatim; an ellipsis stands where something was left out. Of equally
    good stretches the earliest is taken. ``limit`` is in characters, for scripts that
    write no spaces.
    """
    spans = [match.span() for match in re.finditer(r"\S+", text[:_SCANNED])]
    if len(text) > _SCANNED and len(spans) > 1:
        spans.pop()  # a word cut in two
    if not spans:
        return ""
    first, last = 0, len(spans) - 1
    if len(spans) > words:
        first = _best_start([text[a:b].casefold() for a, b in spans], words, focus)
        last = first + words - 1
    kept = text[spans[first][0] : spans[last][1]]
    before = ELLIPSIS if first > 0 else ""
    whole = last == len(spans) - 1 and len(text) <= _SCANNED
    after = "" if whole else ELLIPSIS
    room = limit - len(before)
    return before + (trim(kept, room) if len(kept) > room else kept + after)


def _best_start(tokens: list[str], words: int, focus: Iterable[str]) -> int:
    wanted = {part for text in focus for part in text.casefold().split() if len(part) > 1}
    hits = [frozenset(w for w in wanted if w in token) for token in tokens]
    best, best_score = 0, -1
    for start in range(len(tokens) - words + 1):
        score = len(frozenset().union(*hits[start : start + words]))
        if score > best_score:
            best, best_score = start, score
    return best


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
