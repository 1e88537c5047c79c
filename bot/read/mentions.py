"""Find where an article names actors, and whether a name stands for its whole actor.

*The Ruritan administration* is the state that Ruritan heads, not he; *the House GOP* is not the
party; and *a White House spokeswoman* is not the holder of that office.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.match.actors import ActorIndex
from bot.match.trie import Hit, Named, Trie
from bot.models import AliasKind, Field_, Mention
from bot.read.metonymy import houses, placed
from bot.read.offices import held, state_titles
from bot.read.proper_names import american_georgia, part_of_other_name
from bot.read.short_names import (
    mention_of,
    surnames,
    titles,
    without_namesakes,
    without_relatives,
)

_GEORGIA = "state:geo"


@dataclass(frozen=True, slots=True)
class _Found:
    field: Field_
    hit: Hit


def find_mentions(
    title: str, text: str, index: ActorIndex, published: date | None = None
) -> list[Mention]:
    """Find where ``title`` and ``text`` name actors of ``index``.

    Spans are code points into the title or the text. Sorted by field (title first) and start;
    without overlap. ``published`` decides between namesakes, by who held an office then.
    """
    fields: tuple[tuple[Field_, str], ...] = (("title", title), ("text", text))
    trie = index.trie
    found = [
        _Found(field, hit) for field, words in fields if words for hit in _own_names(words, trie)
    ]
    if not found:
        return []
    if any(_GEORGIA in one.hit.actors for one in found) and american_georgia(f"{title}\n{text}"):
        found = [one for one in found if one.hit.actors != (_GEORGIA,)]
    named = _named_in_full(found)
    mentions = [
        mention_of(one.field, one.hit.start, one.hit.end, chosen)
        for one in found
        if (chosen := _choose(one.hit, named, index, published)) is not None
    ]
    taken: dict[Field_, list[tuple[int, int]]] = {"title": [], "text": []}
    for one in found:
        taken[one.field].append((one.hit.start, one.hit.end))
    mentions = without_relatives(fields, mentions, index)
    mentions += surnames(fields, mentions, taken, index)
    mentions = without_relatives(fields, mentions, index)
    mentions = without_namesakes(fields, mentions)
    mentions += houses(fields, mentions, index)
    return [
        mention
        for field, words in fields
        for mention in _in_place(field, words, mentions, index, published)
    ]


def _in_place(
    field: Field_,
    text: str,
    mentions: Sequence[Mention],
    index: ActorIndex,
    published: date | None,
) -> list[Mention]:
    """Return one field's mentions in order, with the offices that depend on context."""
    here = sorted((m for m in mentions if m.field == field), key=lambda m: m.start)
    here = state_titles(text, placed(text, here), index)
    here = [held(text, m, index, published) for m in here]
    if field == "text":
        here += titles(text, here, index, published)
        here.sort(key=lambda m: m.start)
    return here


def _own_names(text: str, trie: Trie) -> Iterator[Hit]:
    """Yield the hits that stand for their actor; for *former Qatari Prime Minister* and *vice
    president of Iran*, the state."""
    for hit in trie.scan(text):
        if not part_of_other_name(text, hit, trie.begins):
            yield hit
        elif hit.named[0].kind is AliasKind.OFFICE:
            # Its first word, then the others: the state is at one end or the other.
            middle = hit.start + len(text[hit.start : hit.end].split()[0])
            for start, end in ((hit.start, middle), (middle, hit.end)):
                for inner in trie.scan(text[start:end]):
                    yield replace(inner, start=inner.start + start, end=inner.end + start)


def _named_in_full(found: Iterable[_Found]) -> set[str]:
    """Return the actors that the article names by an unambiguous alias."""
    return {
        one.hit.named[0].actor
        for one in found
        if len(one.hit.actors) == 1 and one.hit.named[0].kind is not AliasKind.SURNAME
    }


def _choose(hit: Hit, named: set[str], index: ActorIndex, published: date | None) -> Named | None:
    """Return the actor of a hit: the only one, or the only one that the article supports."""
    actors = hit.actors
    if len(actors) == 1:
        return hit.named[0]
    likely = [actor for actor in actors if actor in named]
    if not likely:
        likely = [a for a in actors if a.startswith("person:") and index.offices(a, published)]
    if len(likely) != 1:
        return None
    return next(one for one in hit.named if one.actor == likely[0])


_GOVERNMENT = re.compile(r"(?:’s|'s)? (?:administration|government|White House)\b(?!-)")
_IN_A_HOUSE = re.compile(r"(?<![\w’'-])(?:House|Senate) \Z")
_ONE_OF_SOME = re.compile(r"(?<![\w’'-])(?:[Aa]n?|[Aa]nother|[Oo]ne) \Z")
_SPEAKS = re.compile(r" spokes\w+\Z")
_REACH = 12


def in_scope(
    fields: Mapping[Field_, str], mentions: Sequence[Mention], index: ActorIndex, on: date | None
) -> list[Mention]:
    """Return the mentions used to read facts, each with the actor that it stands for on the day."""
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
