"""Text of messages: the only place where words become Slack's markup.

A ``Text`` is a sequence of runs, each with its characters and how they are shown. A ``str`` is
never markup: put into a ``Text``, it is shown character by character, no matter who wrote it. So it
cannot ping, link, embed, break a line, or turn the direction of text beside it. Markup comes only
from the functions here (``bold``, ``link``, ``code`` …), and blocks take a ``Text`` and no
``str``: a builder that concatenates raw text does not pass mypy.

mrkdwn has entities for ``& < >`` and no escape for its formatting characters
(https://docs.slack.dev/messaging/formatting-message-text). A ``* _ ~ ` `` that could open or close
formatting is therefore written as a look-alike there; inside a word (``snake_case``) it does
nothing and stays. A paragraph that holds a quote, or anything else that would be altered so, is a
rich_text block instead (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block): nothing
is parsed in it, and what is copied from it is what the source has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any, Literal
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from handlers.blocks.limits import URL

# --- words as str: cleaned, trimmed, and read from what Slack delivers -------------------


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
    """Drop characters that are invisible or steer their neighbours; collapse runs of space."""
    return _SPACE.sub(" ", _STEERING.sub("", _CONTROL.sub("", text)))


def one_line(text: str) -> str:
    """Clean a text, and drop the space around it."""
    return clean(text).strip()


def verbatim(text: str) -> str:
    """Return a text unchanged, except for characters that are invisible or steer their neighbours.

    A line break becomes a space: it would end the isolation of right-to-left text, and let a quote
    look like our own lines.
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
    # Right-to-left text ends before what comes after it.
    kept = kept[: max(limit - len(ELLIPSIS) - _unended(kept), 0)]
    return kept + ELLIPSIS + END_ISOLATE * _unended(kept)


def _unended(text: str) -> int:
    return max(text.count(ISOLATE) - text.count(END_ISOLATE), 0)


def _joins(before: str, after: str) -> bool:
    joiner = "\u200d"
    return joiner in (before, after) or unicodedata.category(after) in {"Mn", "Me", "Sk", "Mc"}


_INBOUND = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain_text(text: str) -> str:
    """Turn text that Slack delivers into what its writer typed: no entities, no ``<…|…>``.

    A mention of a person becomes its label or nothing, a link its label or address.
    """
    text = _INBOUND.sub(_typed, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _typed(match: re.Match[str]) -> str:
    target, label = match.group(1), match.group(2)
    if target.startswith(("@", "#", "!")):
        return label.lstrip("@#") if label else ""
    return label or target.removeprefix("mailto:")


# --- text with markup --------------------------------------------------------------------


_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOKALIKES = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_BAR = "∣"
_FORMATTING = re.compile(r"(?<![^\W_])[*_~`]+|[*_~`]+(?![^\W_])|`+")
_EMOJI = re.compile(r"(?<![A-Za-z0-9]):(?=[a-z0-9_+'-]+:(?![A-Za-z0-9]))")
_COMMAND = re.compile(
    r"`((?:/[a-z]+|dragoman [a-z]+|for me)(?:[ :./\w“”-]*[\w”])?)`",
    re.ASCII,
)
_CHANNEL = re.compile(r"[CGD][A-Z0-9]+")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_WORD_JOINER = "\u2060"


@dataclass(frozen=True)
class _Run:
    """Characters shown in one way; ``ready`` is mrkdwn that a ``Text`` was rendered to before."""

    text: str
    kind: Literal["text", "quote", "code", "channel", "break", "ready"] = "text"
    bold: bool = False
    italic: bool = False
    url: str = ""

    @cached_property
    def mrkdwn(self) -> str:
        if self.kind == "channel":
            return f"<#{self.text}>"
        if self.kind in ("break", "ready"):
            return self.text
        if self.kind == "code":
            return f"`{_entities(self.text.replace('`', _LOOKALIKES['`']))}`"
        shown = _entities(_EMOJI.sub("∶", _FORMATTING.sub(_look_alike, self.text)))
        if shown.startswith("&gt;"):
            shown = _WORD_JOINER + shown  # at the start of a line it would be a block quote
        if self.url:
            return f"<{_entities(self.url)}|{shown.replace('|', _BAR)}>"
        return shown

    @cached_property
    def altered(self) -> bool:
        """Return whether mrkdwn shows characters other than these."""
        same = _entities(self.text)
        shown = f"<{_entities(self.url)}|{same}>" if self.url else same
        return self.kind in ("text", "quote") and self.mrkdwn != shown

    @property
    def element(self) -> dict[str, Any]:
        """Return its rich_text element."""
        marks = {"bold": self.bold, "italic": self.italic, "code": self.kind == "code"}
        style = {name: True for name, on in marks.items() if on}
        styled: dict[str, Any] = {"style": style} if style else {}
        if self.kind == "channel":
            return {"type": "channel", "channel_id": self.text} | styled
        if self.url:
            return {"type": "link", "url": self.url, "text": self.text} | styled
        return {"type": "text", "text": self.text} | styled


@dataclass(frozen=True)
class Text:
    """The words of a message; made by the functions of this module, rendered by ``mrkdwn``.

    Its length is that of its mrkdwn, in characters; one without characters is false.
    """

    runs: tuple[_Run, ...] = ()

    @cached_property
    def mrkdwn(self) -> str:
        """Return the mrkdwn to send: in text objects, and beside blocks."""
        done = []
        for italic, runs in groupby(self.runs, key=lambda run: run.italic):
            inner = ""
            for bold, same in groupby(runs, key=lambda run: run.bold):
                words = "".join(run.mrkdwn for run in same)
                inner += f"*{words}*" if bold else words
            done.append(f"_{inner}_" if italic else inner)
        return "".join(done)

    @cached_property
    def elements(self) -> list[dict[str, Any]] | None:
        """Return the elements of rich_text, each quote in its own elements.

        None if mrkdwn shows the same characters, or the text was rendered before.
        """
        kinds = {run.kind for run in self.runs}
        if "ready" in kinds or not ("quote" in kinds or any(run.altered for run in self.runs)):
            return None
        return rich_elements(self)

    def __len__(self) -> int:
        return len(self.mrkdwn)

    def __format__(self, spec: str) -> str:
        raise TypeError("a Text is no str: put it together with say() or lines()")


NOTHING = Text()


def say(*parts: str | Text) -> Text:
    """Concatenate the parts; a ``str`` is shown verbatim, with runs of space collapsed."""
    runs: list[_Run] = []
    for part in parts:
        runs += part.runs if isinstance(part, Text) else _plain(clean(part))
    return Text(tuple(runs))


def joined(separator: str, parts: Iterable[str | Text]) -> Text:
    """Join the non-empty parts with ``separator`` between them."""
    done: list[str | Text] = []
    for part in parts:
        if part:
            done += [separator, part] if done else [part]
    return say(*done)


def lines(*parts: str | Text) -> Text:
    """Put each non-empty part on its own line."""
    runs: list[_Run] = []
    for part in (say(part) for part in parts):
        if part:
            runs += [_Run("\n", "break")] if runs else []
            runs += part.runs
    return Text(tuple(runs))


def bold(text: str | Text) -> Text:
    """Show in bold."""
    return Text(tuple(replace(run, bold=True) for run in _stripped(text).runs))


def italic(text: str | Text) -> Text:
    """Show in italics."""
    return Text(tuple(replace(run, italic=True) for run in _stripped(text).runs))


def code(text: str) -> Text:
    """Show as code, such as a command to type."""
    words = one_line(text)
    return Text((_Run(words, "code"),) if words else ())


def channel(name: str) -> Text:
    """Name a channel by its id, as a link to it; other text is shown as it is."""
    return Text((_Run(name, "channel"),)) if _CHANNEL.fullmatch(name) else say(name)


def link(url: str | None, text: str) -> Text:
    """Link ``text`` to ``url``; without a usable url, the text alone.

    Usable is http or https with a host and at most 3000 characters; whatever would end the
    link or the line is percent-encoded.
    """
    words = _stripped(text)
    address = _address(url or "")
    return Text(tuple(replace(run, url=address) for run in words.runs)) if address else words


def quote(text: str) -> Text:
    """Put ``text`` between quotation marks."""
    return say("“", one_line(text), "”")


def quoted(text: str, strong: str = "") -> Text:
    """Put words of an article between quotation marks, the first ``strong`` in bold."""
    words, strong = verbatim(text), verbatim(strong)
    found = re.search(rf"(?<!\w){re.escape(strong)}(?!\w)", words) if strong else None
    start, end = found.span() if found else (0, 0)
    parts = [(words[:start], False), (words[start:end], True), (words[end:], False)]
    runs = [_Run(part, "quote", bold=strong) for part, strong in parts if part]
    return say("“", _isolated(runs), "”")


def strong(text: str) -> Text:
    """Show words of an article in bold, without quotation marks."""
    words = verbatim(text)
    return _isolated([_Run(words, "quote", bold=True)] if words else [])


def spoken(text: str) -> Text:
    """Show one of our sentences, with the commands that it names between backticks as code.

    It may contain text that others wrote: only text that looks like our commands becomes code.
    """
    parts = _COMMAND.split(one_line(text))
    return say(*(code(part) if n % 2 else part for n, part in enumerate(parts)))


def fitted(text: str, limit: int, show: Callable[[str], Text] = say) -> Text:
    """Show as much of ``text`` as takes at most ``limit`` characters of mrkdwn."""
    text, most = one_line(text), limit
    while len(shown := show(trim(text, most))) > limit:
        most = min(most - 1, most * limit // len(shown))
    return shown


def cut(text: Text, limit: int) -> Text:
    """Shorten a text to at most ``limit`` characters of mrkdwn, the ellipsis included.

    Links, code and names of channels are kept whole or dropped.
    """
    if len(text) <= limit:
        return text
    runs = list(text.runs)
    while runs:
        last = runs.pop()
        kept = Text(tuple(runs))
        room = limit - len(kept)
        if last.kind in ("text", "quote", "ready") and not last.url and room > len(ELLIPSIS):
            most = room
            while most > len(ELLIPSIS):
                short = _closed((*runs, replace(last, text=trim(last.text, most))))
                if len(short) <= limit:
                    return short
                most = min(most - 1, most * limit // len(short))
        short = _closed((*runs, _Run(ELLIPSIS)))
        if len(short) <= limit:
            return short
    return NOTHING


def text_of(payload: Mapping[str, Any], *, without: re.Pattern[str] | None = None) -> Text:
    """Return the text sent with the blocks of a message that was built here, for use elsewhere.

    Leaves out matches of ``without``.
    """
    text = str(payload.get("text") or "")
    return Text((_Run(without.sub("", text) if without else text, "ready"),))


def mrkdwn(text: Text) -> dict[str, Any]:
    """Return a mrkdwn text object in which Slack does not detect names or addresses."""
    return {"type": "mrkdwn", "text": text.mrkdwn, "verbatim": True}


def plain(text: str) -> dict[str, Any]:
    """Return a text object without markup, on one line."""
    return {"type": "plain_text", "text": one_line(text), "emoji": False}


def raw(text: str) -> dict[str, Any]:
    """Return a table cell without markup, with a dash if it is empty."""
    return {"type": "raw_text", "text": one_line(text) or "–"}


def raw_number(value: int, shown: str) -> dict[str, Any]:
    """Return a table cell that is sorted by ``value`` and reads ``shown``, or the value."""
    return {"type": "raw_number", "value": value, "text": one_line(shown) or str(value)}


def rich_elements(text: Text) -> list[dict[str, Any]]:
    """Return the rich_text elements for a text that was not rendered before."""
    done: list[dict[str, Any]] = []
    for quoted, runs in groupby(text.runs, key=lambda run: run.kind == "quote"):
        found = [run.element for run in runs]
        done += found if quoted else _merged(found)
    return done


def _merged(elements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join neighbouring texts that are shown the same way."""
    done: list[dict[str, Any]] = []
    for element in elements:
        last = done[-1] if done else {}
        if element["type"] == "text" and {**last, "text": ""} == {**element, "text": ""}:
            done[-1] = last | {"text": last["text"] + element["text"]}
        else:
            done.append(element)
    return done


def _closed(runs: Iterable[_Run]) -> Text:
    """End right-to-left text where a text was cut before its end."""
    kept = tuple(runs)
    shown = "".join(run.text for run in kept)
    missing = max(shown.count(ISOLATE) - shown.count(END_ISOLATE), 0)
    return Text((*kept, *(_Run(END_ISOLATE) for _ in range(missing))))


def _stripped(text: str | Text) -> Text:
    return text if isinstance(text, Text) else say(one_line(text))


def _plain(text: str) -> tuple[_Run, ...]:
    if _runs_from_right(text):
        text = f"{ISOLATE}{text}{END_ISOLATE}"
    return (_Run(text),) if text else ()


def _isolated(runs: Sequence[_Run]) -> Text:
    """Keep right-to-left runs from turning the text beside them."""
    turned = any(_runs_from_right(run.text) for run in runs)
    return Text((_Run(ISOLATE), *runs, _Run(END_ISOLATE)) if turned else tuple(runs))


def _runs_from_right(text: str) -> bool:
    if text.isascii():
        return False
    return any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in set(text))


def _entities(text: str) -> str:
    return text.translate(_ENTITIES)


def _look_alike(found: re.Match[str]) -> str:
    return "".join(_LOOKALIKES[c] for c in found.group())


def _address(url: str) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    safe = "".join(percent(c, safe="") if _unsafe_in_link(c) else c for c in url)
    return safe if usable and len(_entities(safe)) <= URL else ""


def _unsafe_in_link(character: str) -> bool:
    category = unicodedata.category(character)
    return character in '<>|"`\\^{}*' or category[0] in "ZC"
