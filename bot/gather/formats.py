"""What an open file holds: the records of a text, a Markdown, JSON or JSONL file, or a page.

The kind of a file is told by its name and, where the name does not tell, by how it begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import yaml

from bot.errors import BadRecord, UnreadableFile
from bot.gather.decode import decode, refuse_binary
from bot.gather.streams import Stream

_MAX_FRONT = 64 * 1024
"""Characters of front matter; more is not front matter."""

KINDS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".html": "page", ".htm": "page", ".xhtml": "page", ".pdf": "page",
}  # fmt: skip
_FENCE = re.compile(r"-{3}[ \t]*\r?\n")
_FENCE_END = re.compile(r"^(?:-{3}|\.{3})[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_HEADING = re.compile(r"\s*#[ \t]+(\S[^\r\n]*?)[ \t#]*(?:\r?\n|\Z)")
_OBJECT = re.compile(rb'\s*\{\s*["}]')
_LIST = re.compile(rb"\s*\[\s*[\[{\]]")
_PAGE = re.compile(
    rb"%PDF-|\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<(?:\?xml\s|rss\b|feed\b|rdf:)", re.IGNORECASE)


_Found = tuple[dict[str, object] | BadRecord | bytes, str, bool]
"""A record or why it is none, or a web page or PDF, which must be taken apart elsewhere;
its place, and whether it is alone in its file."""


def records(raw: BinaryIO, origin: str, name: str) -> Iterator[_Found]:
    """The records of one file, each with its place and whether it is alone in the file."""
    stream = Stream(raw, about=origin)
    refuse_binary(stream.head[:512], about=origin)
    kind = kind_of(name) or "unknown"
    if _PAGE.match(stream.head) or kind == "page":
        return iter([(stream.whole(), origin, True)])
    if _XML.match(stream.head):
        raise UnreadableFile(
            "it looks like XML; save its article as plain text (UTF-8) and give that file",
            about=origin,
        )
    if kind not in ("text", "markdown"):
        kind = _sniff(stream.head, kind)
    if kind == "jsonl":
        return _json_lines(stream)
    text = decode(stream.whole(), about=origin)
    if kind == "json":
        return _json_whole(text, origin)
    if kind == "markdown":
        return iter([(_markdown(text, origin), origin, True)])
    return iter([({"text": text}, origin, True)])


def _json_lines(stream: Stream) -> Iterator[_Found]:
    for number, line in stream.lines():
        place = f"{stream.about}:{number}"
        if isinstance(line, BadRecord):
            yield line, place, False
        elif line.strip():
            yield _parsed(line, place), place, False


def _parsed(line: bytes, place: str) -> dict[str, object] | BadRecord:
    try:
        return _object(json.loads(line.decode("utf-8")), place)
    except UnicodeDecodeError as error:
        return BadRecord(
            f"the line is not UTF-8 (byte {error.start + 1}); save the file as UTF-8", about=place
        )
    except RecursionError:
        return BadRecord("the line is nested too deeply to be an article", about=place)
    except json.JSONDecodeError as error:
        reason = (
            f"the line is not JSON: {error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
        )
        return BadRecord(reason, about=place)
    except ValueError as error:  # a number of more digits than Python reads
        return BadRecord(f"the line cannot be read: {error}", about=place)


def _json_whole(text: str, origin: str) -> Iterator[_Found]:
    """One object, a list of them, or ``{"articles": [...]}``; items are numbered from 1."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise UnreadableFile("it is nested too deeply to hold articles", about=origin) from error
    except ValueError as error:
        raise UnreadableFile(f"it is not JSON: {error}", about=origin) from error
    articles = value.get("articles") if isinstance(value, dict) else value
    if not isinstance(articles, list):
        return iter([(_object(value, origin), origin, True)])
    if not articles:
        raise UnreadableFile("its list of articles is empty", about=origin)
    places = ((item, f"{origin}#{n}") for n, item in enumerate(articles, start=1))
    return ((_object(item, place), place, False) for item, place in places)


def _object(value: object, place: str) -> dict[str, object] | BadRecord:
    if isinstance(value, dict):
        return value
    return BadRecord('it is not an object with a "text" key, so not an article', about=place)


def _markdown(text: str, origin: str) -> dict[str, object] | BadRecord:
    """Front matter and text; the text begins right after the closing fence or the heading."""
    record: dict[str, object] = {}
    if fence := _FENCE.match(text):
        end = _FENCE_END.search(text, fence.end(), fence.end() + _MAX_FRONT)
        if end is None:
            return BadRecord('its front matter has no closing line "---"', about=origin)
        front = _yaml(text[fence.end() : end.start()])
        if isinstance(front, str):
            return BadRecord(f"its front matter is not YAML: {front}", about=origin)
        record, text = front, text[end.end() :]
    if not record.get("title") and (heading := _HEADING.match(text)):
        record, text = {**record, "title": heading[1]}, text[heading.end() :]
    return {**record, "text": text}


def _yaml(front: str) -> dict[str, object] | str:
    """The front matter, or what is wrong with it. Every scalar stays as it was typed."""
    try:
        # BaseLoader makes strings, lists and mappings, nothing else: as safe as the safe
        # loader, and it leaves "2024-13-40" or the id 007 for us to judge.
        value = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        return " ".join(str(error).split())[:200]
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        return "it is not made of lines like `title: ...`"
    return {str(k): None if v in ("~", "null") else v for k, v in value.items()}


def _sniff(head: bytes, kind: str) -> str:
    """Tell JSONL from JSON, and both from text, by how a file begins."""
    if _LIST.match(head):
        return "json"
    if kind == "jsonl":
        return kind
    if not _OBJECT.match(head):
        if kind == "json":
            return kind
        return "markdown" if head.startswith((b"---\n", b"---\r\n")) else "text"
    first, _, rest = head.lstrip().partition(b"\n")
    several = first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
    # A first line that fills the whole head is one long record of JSONL or a JSON file on
    # one line: read as JSONL it is understood either way.
    return "jsonl" if several or (kind == "unknown" and len(first) == len(head)) else "json"


def kind_of(name: str) -> str | None:
    """What a file's name says it is: text, markdown, json, jsonl or page, or None."""
    suffix = Path(name.lower().removesuffix(".gz")).suffix
    return KINDS.get(suffix)
