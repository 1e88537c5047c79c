"""Replies as the desk might give them, and what a message made of one shows."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from bot.models import (
    ActorType,
    Answer,
    Brief,
    Line,
    Match,
    Snippet,
    Status,
)
from handlers.blocks import limits
from handlers.blocks.layout import Payload

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ZERO_WIDTH = re.compile("[\u2060\u2068\u2069]")


def snippet(quote: str = "Iran met Qatar.", n: int = 0, **more: Any) -> Snippet:
    values: dict[str, Any] = {
        "quote": quote,
        "start": 0,
        "end": len(quote),
        "article": f"a{n}",
        "revision": 1,
        "title": "",
        "publisher": "jpost.com",
        "url": "https://jpost.com/a",
        "published": datetime(2026, 3, 28, 22, 30, tzinfo=UTC),
        "published_precision": "day",
    }
    return Snippet(**(values | more))


def line(quote: str = "Iran met Qatar.", n: int = 0, **more: Any) -> Line:
    of_line = {key: more.pop(key) for key in list(more) if key in Line.model_fields}
    return Line(snippet=snippet(quote, n, **more), **of_line)


def match(name: str = "Qatar", query: str = "Quatar", kind: ActorType = ActorType.STATE) -> Match:
    return Match(
        query=query,
        actor=f"{kind.value}:{name.casefold()}",
        name=name,
        type=kind,
        alias=name,
        how="typo",
        score=0.9,
        why="one letter more",
    )


def sentence(n: int, words: int = 40) -> str:
    return " ".join(f"word{n}x{k}" for k in range(words)) + "."


def brief(**more: Any) -> Brief:
    values: dict[str, Any] = {
        "query": "Quatar",
        "subjects": (match(),),
        "as_of": NOW,
        "articles": 6,
        "sources": 3,
        "newest": date(2026, 3, 28),
        "in_short": (line(sentence(0), 0, sources=3),),
        "planned": (line(sentence(1), 1, actor="the Emir", act="to visit", target="Tehran"),),
        "happened": tuple(
            line(
                sentence(n),
                n,
                actor="Iran",
                act="met",
                target="Qatar",
                event_date=date(2026, 3, 30 - n),
                date_precision="day",
                sources=2,
                status=Status.HAPPENED,
            )
            for n in (2, 3, 4, 5)
        ),
        "undated": (line(sentence(6), 6, published=None, publisher=None, original_source="j.com"),),
        "more": (line(sentence(7), 7),),
    }
    return Brief(**(values | more))


def texts(payload: Payload) -> str:
    """What blocks show, with marks as mrkdwn has them, that of rich_text as well."""
    return "\n".join(shown for block in payload["blocks"] for shown in _shown(block))


def _shown(block: Payload) -> Iterator[str]:
    if block["type"] != "rich_text":
        yield from limits.texts(block)
        return
    for part in block["elements"]:
        yield "".join(
            marked("".join(map(_element, same)), style)
            for style, same in groupby(part["elements"], key=lambda one: one.get("style", {}))
        )


def _element(element: Payload) -> str:
    if element["type"] == "channel":
        return f"<#{element['channel_id']}>"
    text: str = element["text"]
    return f"<{element['url']}|{text}>" if element["type"] == "link" else text


def marked(text: str, style: Mapping[str, bool]) -> str:
    """Text with the marks of a style around it."""
    for name, mark in (("code", "`"), ("bold", "*"), ("italic", "_")):
        text = f"{mark}{text}{mark}" if style.get(name) else text
    return text


def buttons(payload: Payload) -> list[Payload]:
    return [e for b in payload["blocks"] if b["type"] == "actions" for e in b["elements"]]


def offered(element: Payload) -> list[str]:
    """The action of a button, or those that a menu stands for."""
    options = element.get("options")
    return [one["value"] for one in options] if options else [element["action_id"]]


def actions(payload: Payload) -> list[str]:
    """All that can be clicked on, in order."""
    return [action for one in buttons(payload) for action in offered(one)]


def quotes(text: str) -> list[str]:
    return [ZERO_WIDTH.sub("", found) for found in re.findall("“([^”]*)”", text)]


def answer(**more: Any) -> Answer:
    values: dict[str, Any] = {
        "query": "who moved to Turkey?",
        "subjects": (match("Türkiye", "Turkey"),),
        "as_of": NOW,
        "answered": True,
        "lines": (line("Leaders of Hamas left Doha for Turkey.", actor="Hamas", act="left for"),),
    }
    return Answer(**(values | more))
