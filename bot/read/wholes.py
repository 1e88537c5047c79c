"""What a name in an article stands for when facts are read: the whole, or only a part of it.

*The Ruritan administration* is the state that Ruritan heads, not he; *the House GOP* is not the
party; and *a White House spokeswoman* is not the one who holds that office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.match.actors import ActorIndex
from bot.models import AliasKind, Field_, Mention

_GOVERNMENT = re.compile(r"(?:’s|'s)? (?:administration|government|White House)\b(?!-)")
_IN_A_HOUSE = re.compile(r"(?<![\w’'-])(?:House|Senate) \Z")
_ONE_OF_SOME = re.compile(r"(?<![\w’'-])(?:[Aa]n?|[Aa]nother|[Oo]ne) \Z")
_SPEAKS = re.compile(r" spokes\w+\Z")
_REACH = 12


def wholes(
    fields: Mapping[Field_, str], mentions: Sequence[Mention], index: ActorIndex, on: date | None
) -> list[Mention]:
    """Return the mentions that facts are read by, each of whom it stands for on the day."""
    found: list[Mention] = []
    last: tuple[Field_, int] | None = None
    for one in mentions:
        if last is not None and last[0] == one.field and one.start < last[1]:
            continue  # "White House" in "the Ruritan White House"
        for whole in _whole(fields[one.field], one, index, on):
            found.append(whole)
            last = (whole.field, whole.end)
    return found


def _whole(text: str, one: Mention, index: ActorIndex, on: date | None) -> Iterator[Mention]:
    before = text[max(0, one.start - _REACH) : one.start]
    if one.alias == "GOP" and _IN_A_HOUSE.search(before):
        return
    if one.actor.startswith("person:") and (after := _GOVERNMENT.match(text, one.end)):
        iso3 = index.iso3(one.actor, on)
        yield _as(text, one, f"state:{iso3.lower()}", after.end()) if iso3 else one
        return
    speaks = _SPEAKS.search(text, one.start, one.end) if one.actor.startswith("office:") else None
    state = index.iso3(one.actor, on) if speaks and _ONE_OF_SOME.search(before) else None
    yield _as(text, one, f"state:{state.lower()}", speaks.start()) if speaks and state else one


def _as(text: str, one: Mention, actor: str, end: int) -> Mention:
    return one.model_copy(
        update={
            "actor": actor,
            "end": end,
            "alias": text[one.start : end],
            "kind": AliasKind.METONYM,
        }
    )
