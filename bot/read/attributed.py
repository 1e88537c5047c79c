"""Find the original source of an article: lines and datelines that name it.

Only statements about the text as a whole count: a dateline, or a line of its own at the beginning
or the end. *As Reuters reported* within a sentence is the source of that sentence only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_FIRST, _LAST = 3, 8
"""Non-empty lines examined at the beginning and at the end."""

_LONGEST = 200
_DATELINE = 120
"""Characters at the start of a text in which an agency in brackets is a dateline."""

AGENCIES = {
    "ap": "AP",
    "associated press": "AP",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "agence france presse": "AFP",
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "upi": "UPI",
    "united press international": "UPI",
    "dpa": "dpa",
    "ansa": "ANSA",
    "efe": "EFE",
    "tass": "TASS",
    "interfax": "Interfax",
    "xinhua": "Xinhua",
    "kyodo": "Kyodo",
    "kyodo news": "Kyodo",
    "yonhap": "Yonhap",
    "pti": "PTI",
    "press trust of india": "PTI",
    "ani": "ANI",
    "ians": "IANS",
    "anadolu": "Anadolu",
    "anadolu agency": "Anadolu",
    "irna": "IRNA",
    "wam": "WAM",
    "qna": "QNA",
    "bloomberg": "Bloomberg",
    "jta": "JTA",
    "pa": "PA",
    "pa media": "PA",
    "press association": "PA",
}
"""News agencies: spellings in credits, and the name under which each is counted."""

_SIGNED = "|".join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))
_SITE = r"(?:https?://)?(?:www\.)?(?:[\w-]{1,60}\.){1,4}[a-z]{2,24}(?:/\S{0,100})?"
_NAMED = r"(?:the\s)?[A-Z][\w'’&-]{0,40}(?:\s(?:[A-Z\d][\w'’&-]{0,40}|of|the|and|for|de)){0,5}"
_NAME = rf"(?P<name>{_SITE}|(?-i:{_NAMED})|{_SIGNED})"
_LEAVE = r"(?:on\s\w+\s\d{1,2}|and\s(?:is|was)\s(?:re)?published\b|with\spermission|under\sa\b)"
_END = rf"(?:[,.]?\s{_LEAVE}.{{0,90}})?\W*$"
_TEXT = r"(?:article|story|report|piece|post|column|essay|analysis|interview|commentary|version)"

_WHOLE = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\W*(?:this|the)\s(?:original\s)?{_TEXT}\s(?:has\s|was\s)?(?:been\s)?"
        rf"(?:first|originally)\s(?:appeared|published|posted|ran|printed|written)\s"
        rf"(?:on|in|by|at|for)\s{_NAME}{_END}",
        rf"\W*(?:first|originally)\s(?:appeared|published|posted|printed)\s(?:on|in|by|at)\s"
        rf"{_NAME}{_END}",
        rf"\W*(?:re)?(?:published|printed)\s(?:courtesy\sof|with\spermission\s(?:of|from)|from)\s"
        rf"{_NAME}{_END}",
    )
]
_AGENCY_LINES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\W*(?:as\s)?(?:first\s)?reported\sby\s(?:the\s)?(?P<name>{_SIGNED}|{_SITE})\W*$",
        rf"\W*(?:source|by|via|from|credit)\s?:?\s(?:the\s)?(?P<name>{_SIGNED})\W*$",
        rf"\W*source\s?:\s(?P<name>{_SITE})\W*$",
        rf"\W*(?:©|\(c\)|copyright)\s?(?:©\s?)?(?:\d{{4}}\s)?(?:by\s)?(?:the\s)?"
        rf"(?P<name>{_SIGNED})\b.{{0,90}}$",
    )
]
_ORIGINAL = re.compile(r"\s*original\s+source\s*:\s*(?P<name>\S.{0,120}?)\s*$", re.IGNORECASE)
_LINE = re.compile(r"[^\n]+")
_BRACKETS = re.compile(
    rf"(?!the\s)(?-i:[A-Z][^()\n]{{0,80}}\s)?\((?P<name>{_SIGNED})\)\s{{0,2}}(?:[-–—:]|--)",
    re.IGNORECASE,
)


class Attribution(NamedTuple):
    """The name of the original source, and the span of the line that says nothing else."""

    name: str
    line: tuple[int, int] | None


def attributed(text: str) -> Attribution | None:
    """Return the original source that a text names, if any.

    ``Original Source: …``, *first appeared on …*, *originally published by …*, *reported by* an
    agency, an agency's dateline, ``(AP) —``, or its copyright.
    """
    lines = list(_edges(text))
    for start, end in lines:
        if found := _ORIGINAL.match(text[start:end]):
            return Attribution(_plain(found["name"]), (start, end))
    for start, end in lines:
        for pattern in (*_WHOLE, *_AGENCY_LINES):
            if found := pattern.match(text[start:end]):
                return Attribution(_plain(found["name"]), (start, end))
    if found := _BRACKETS.match(text.lstrip()[:_DATELINE]):
        return Attribution(_plain(found["name"]), None)
    return None


def _edges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last non-empty lines, except long ones, which are paragraphs."""
    lines = [line.span() for line in _LINE.finditer(text) if not line[0].isspace()]
    for start, end in dict.fromkeys([*lines[:_FIRST], *lines[-_LAST:]]):
        if end - start <= _LONGEST:
            yield start, end


def _plain(name: str) -> str:
    """Return an agency's usual name, the host of an address, or else the name unchanged."""
    name = name.strip().rstrip(".,;")
    known = AGENCIES.get(name.removeprefix("the ").removeprefix("The ").casefold())
    if known:
        return known
    site = name.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return site.split("/")[0] if re.fullmatch(_SITE, name, re.IGNORECASE) else name.rstrip("/")
