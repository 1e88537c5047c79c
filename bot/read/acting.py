"""Those whom an article introduces, as they act in its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.match.provisional import acting_for, stand_in
from bot.models import (
    ActorType,
    AliasKind,
    Field_,
    Introduced,
    Mention,
    Span,
)
from bot.read import words
from bot.read.roles import GENERIC, ROLES
from bot.read.runs import Token, words_before
from bot.read.short import GOVERNMENT, overlap

_MOST_TITLES = 6
_NEAR = re.compile(
    r"\b(?:members?|employees?|workers|alumni|critics?|opponents?|supporters?|followers?|fans?|"
    r"friends?|relatives?) of (?:the )?(?:(?-i:[A-Z])[\w.]+ (?:state |city |county )?)?\Z",
    re.IGNORECASE,
)
"""Before a name: somebody of a body, or near a person, but not it or him."""

_REACH = 48

_AFTER = re.compile(r"(?P<who>,? who\b)|(?:'s|’s|'|’)? (?P<word>[a-z-]+)")
_PEOPLE = ROLES | frozenset("member members employee employees worker workers".split())
_PEOPLE -= {"head", "chief", "spokesman", "spokeswoman", "spokesperson", "official", "leader"}

_CUTS = ("'s", "’s", "'", "’")

_Owners = Mapping[tuple[Field_, int], Mention]
"""States, bodies and offices by where their mention ends: whose what follows is."""


def acting(
    title: str, text: str, mentions: Sequence[Mention], introduced: Sequence[Introduced]
) -> list[Mention]:
    """Return the mentions that facts are read by: the known ones, and those of the introduced.

    A role before a name is part of its mention. Who stands right after a title of a state or
    body (*Iranian envoy NAME*) speaks for it and is not named apart, and a ministry is its
    state; *Kenyan* is no mention in *Kenyan Revenue Authority*. By field and start.
    """
    if not introduced:
        return list(mentions)
    fields: dict[Field_, str] = {"title": title, "text": text}
    owners: dict[tuple[Field_, int], Mention] = {
        (one.field, one.end): one for one in mentions if not one.actor.startswith("person:")
    }
    found = [
        mention
        for number, new in enumerate(introduced)
        for mention in _mentions(fields, number, new, mentions, owners)
    ]
    taken = {
        field: overlap([(one.start, one.end) for one in found if one.field == field])
        for field in fields
    }
    return sorted(
        [*(one for one in mentions if not taken[one.field](one.start, one.end)), *found],
        key=lambda one: (one.field, one.start, -one.end),
    )


def _mentions(
    fields: Mapping[Field_, str],
    number: int,
    new: Introduced,
    mentions: Sequence[Mention],
    owners: _Owners,
) -> Iterator[Mention]:
    actor = stand_in(number, new)
    state = new.state if new.type is not ActorType.PERSON and _of_state(new, mentions) else None
    for span in new.spans:
        words_ = fields[span.field]
        if GOVERNMENT.match(words_, span.end) and not _governs(new):
            continue
        role = f"{new.role} " if new.role else ""
        start = span.start
        if role and words_.startswith(role, start - len(role)):
            start -= len(role)
        if state is None and _speaks_for(words_, span, owners):
            continue
        start = _with_owner(words_, start, span.field, owners)
        if _NEAR.search(words_, max(0, start - _REACH), start):
            continue
        if new.type is not ActorType.PERSON and _somebody_of(words_, span.end):
            continue
        yield Mention(
            field=span.field,
            start=start,
            end=span.end,
            actor=state or actor,
            alias=new.name,
            kind=AliasKind.NAME,
        )


def _governs(new: Introduced) -> bool:
    """Whether a government is called after somebody introduced: not after a governor's wife."""
    return bool(words.HEADS_GOVERNMENT.intersection((new.role or "").lower().split()))


def _somebody_of(text: str, end: int) -> bool:
    """Whether what follows a body tells that one of its people acts: *the head of the Ruritan
    Board, who left*, *a Ruritan Board member*."""
    after = _AFTER.match(text, end)
    return after is not None and (after["who"] is not None or after["word"] in _PEOPLE)


def _of_state(new: Introduced, mentions: Sequence[Mention]) -> bool:
    """Whether a body has no name of its own beside its state's: *Ukraine's Ministry of Defence*,
    *the Peru Army*. What they do their state does."""
    if acting_for(new) is None:
        return False
    first = new.spans[0]
    states = {
        word
        for one in mentions
        if one.field == first.field and first.start <= one.start and one.end <= first.end
        for word in new.name[one.start - first.start : one.end - first.start].lower().split()
    }
    return all(word in GENERIC or word in states for word in new.name.lower().split())


def _with_owner(text: str, at: int, field: Field_, owners: _Owners) -> int:
    """Return where *Ukraine's Ministry of Defence* begins, or *White House lawyer NAME*, whose
    own words begin ``at``."""
    before = next(words_before(text, at, 1), None)
    owner = _owner_at(before, field, owners) if before else None
    return owner.start if owner is not None else at


def _speaks_for(text: str, span: Span, owners: _Owners) -> bool:
    """Whether before a name stands a title that is held today, and before that whose it is."""
    titled = heads = False
    for word in words_before(text, span.start, _MOST_TITLES):
        owner = _owner_at(word, span.field, owners)
        if owner is not None:
            before = next(words_before(text, owner.start, 1), None)
            former = before is not None and before.low in words.FORMER
            if owner.actor.startswith("org:") and heads:
                return False  # whoever heads a body is not the body
            return not former and (titled or owner.actor.startswith("office:"))
        if word.low not in words.TITLES or word.low in words.FORMER:
            return False
        titled = titled or word.low in words.ACTING
        heads = heads or word.low in words.HEADS
    return False


def _owner_at(word: Token, field: Field_, owners: _Owners) -> Mention | None:
    """Return the mention that ends with a word, with or without an *'s*."""
    ends = (
        len(word.text),
        *(len(word.text) - len(cut) for cut in _CUTS if word.text.endswith(cut)),
    )
    found = (owners.get((field, word.start + end)) for end in ends)
    return next((owner for owner in found if owner is not None), None)
