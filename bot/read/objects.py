"""Whom an act is done to where no actor is known there: the words that the clause has for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import EventClass
from bot.read.cuts import demanded, extended, fits_class, is_cut, is_doing_it, is_somewhere
from bot.read.leads import HARMING, INSTRUMENTS, LEADS, Lead
from bot.read.nouns import COUNTS, end_of, ends_here, is_adverb
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Item, Phrase, is_name, word_at
from bot.read.shape import Shape
from bot.read.stretches import index, kept

_POINTING = frozenset(
    """
    him them it us me you himself herself themselves itself those these this that one each both
    everyone anyone everybody anybody someone somebody others her his such
""".split()
)
_ALSO_BEFORE = frozenset("her his both each those these this such that one".split())
"""Which of these may also stand before a noun."""

TARGETS = ("o", "od", "op", "ow", "ox")
"""The groups of a pattern that hold whom an act is done to."""

_TO_DO = frozenset("threaten vow refuse decline".split())
"""Acts of which one says first what is, or is not, to be done."""

_THINGS = frozenset(
    """
    weather heat heatwave drought rain storm storms snow fog wind winds flooding climate pandemic
    virus coronavirus covid covid-19 inflation glitch error errors malfunction failure lack delay
    delays shortage shortages luck circumstances economy recession
    racket door doors brakes table phone ball
""".split()
)
"""Who blames or slams these accuses nobody."""

_WHERE_LAST = frozenset(("kill in", "police arrest in"))
"""Patterns that end with a place: whom it is done to stands before."""

_ADVERBS = frozenset("out up off back also again even both at".split())


@dataclass(frozen=True, slots=True)
class Object:
    """Whom an act is done to, as offsets into the text, or an actor whom a pronoun means.

    ``unread``: the clause points at somebody, and these words do not tell whom.
    """

    span: tuple[int, int] | None = None
    meant: Phrase | None = None
    unread: bool = False


_STRAIGHT = Lead(direct=True)
_BEFORE_PLACE = re.compile(r" (?:on|of|against|targeting|at|into|towards?|hits?|struck)(?= )")
"""What leads to whom before the place: "strikes on schools across Ukraine"."""

NOBODY = Object()
_UNREAD = Object(unread=True)


def object_of(shaped: Shape, pattern: Pattern, match: Found, source: Phrase) -> Object:
    """Read whom an act without a known target is done to."""
    lead = LEADS.get(pattern.act)
    if lead is None or pattern.both:
        return NOBODY
    found = kept(shaped)
    if pattern.nominal and pattern.name.endswith("by some"):
        return _subject(found, index(match.line, match.start))
    known = [mark for name in TARGETS if (mark := match.groups.get(name))]
    first = index(match.line, match.verb_end if pattern.name in _WHERE_LAST else match.end)
    if match.groups.get("w") and (
        before := _BEFORE_PLACE.search(match.line, match.start, match.end)
    ):
        first, lead = index(match.line, before.end()), _STRAIGHT
    if known:
        phrase = shaped.phrases[int(known[0])]
        if set(phrase.actors) & set(source.actors):
            return NOBODY
        at = next(n for n, one in enumerate(found) if one is phrase)
        at = beginning(found, at, index(match.line, match.verb_end))
        told = _object(found, at, pattern)
        return _accused(found, at, told) if match.verb.startswith("accus") else told
    return _led(found, first, lead, pattern, match, source)


def _led(
    found: Sequence[Item | Phrase],
    at: int,
    lead: Lead,
    pattern: Pattern,
    match: Found,
    source: Phrase,
) -> Object:
    while (word := word_at(found, at)) and (word in _ADVERBS - lead.by or is_adverb(found[at])):
        if word_at(found, at + 1) == "least":
            break
        at += 1
    if pattern.nominal and word == "to" and pattern.act in _TO_DO:
        at += 2  # "refusal to back"
    if pattern.act == "demand" and word == "that":
        end = demanded(found, at + 1)
        return Object((found[at + 1].start, found[end - 1].end)) if end > at + 1 else NOBODY
    if word in lead.by and not (word == "to" and _may_be_verb(found, at + 1)):
        at += 1
    elif not _is_straight(found, at, lead, pattern):
        return _by(found, at, lead, pattern)
    elif at >= len(found) or word == "to":
        return NOBODY
    told = _object(found, at, pattern)
    if told.unread and pattern.act == "call for":
        return NOBODY  # what is called for need not be read
    if told.unread and word_at(found, at) in ("him", "her"):
        return _meant(found, at, source)
    if told.span is None or _is_its_own(found, at, pattern):
        return told if told.span is None else NOBODY
    return _further(found, at, told, pattern, match)


def _is_straight(found: Sequence[Item | Phrase], at: int, lead: Lead, pattern: Pattern) -> bool:
    """Tell whether what stands right after an act is whom it is done to."""
    if pattern.act in _TO_DO and not pattern.name.endswith("it"):
        return word_at(found, at - 1) in HARMING or pattern.name == "threaten"
    return lead.direct


def _by(found: Sequence[Item | Phrase], at: int, lead: Lead, pattern: Pattern) -> Object:
    """Read whom a preposition leads to after a thing: "seeking help from the banks"."""
    end = end_of(found, at)
    if pattern.event_class is EventClass.AID:
        end = _after_things(found, at)
    word = word_at(found, end)
    if end == at or word not in lead.by or (word == "to" and _may_be_verb(found, end + 1)):
        return NOBODY
    return _object(found, end + 1, pattern)


def _after_things(found: Sequence[Item | Phrase], at: int) -> int:
    """Pass over all that is given: "food, blankets and other help to villagers"."""
    end = at
    while end < len(found) and (
        word_at(found, end) in (",", "and", "or") or not ends_here(found, end)
    ):
        end += 1
    return end


def _may_be_verb(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether what follows a *to* may be what is to be done: a bare word, no plural."""
    item = found[at] if at < len(found) else None
    if not isinstance(item, Item) or item.capital:
        return False
    return item.word not in COUNTS and not item.word.endswith("s")


def _is_its_own(found: Sequence[Item | Phrase], at: int, pattern: Pattern) -> bool:
    """Tell whether what one threatens to do is done to what is one's own: "to close its border"."""
    return pattern.event_class is EventClass.THREATEN and word_at(found, at) in (
        "its",
        "his",
        "their",
    )


def _further(
    found: Sequence[Item | Phrase], at: int, told: Object, pattern: Pattern, match: Found
) -> Object:
    """Look beyond what is blamed on somebody, and what somebody is threatened with."""
    end = end_of(found, at)
    after = word_at(found, end)
    if match.verb.startswith("accus") and told.span is not None:
        return _accused(found, at, told)
    if match.verb.startswith("blam") and (on := _blamed_on(found, at, told)):
        return _object(found, on + 1, pattern)
    if pattern.event_class is EventClass.THREATEN and word_at(found, end - 1) in INSTRUMENTS:
        return _object(found, end + 1, pattern) if after in ("on", "against") else NOBODY
    if pattern.event_class is EventClass.ACCUSE and word_at(found, end - 1) in _THINGS:
        return _UNREAD
    return told


def _blamed_on(found: Sequence[Item | Phrase], at: int, told: Object) -> int:
    """Return where the *on* is before whom something is blamed on; 0 where there is none."""
    last = told.span[1] if told.span else 0
    end = next((n for n in range(at, len(found)) if found[n].start >= last), len(found))
    return end if word_at(found, end) == "on" else 0


def _accused(found: Sequence[Item | Phrase], at: int, told: Object) -> Object:
    """Leave out of what somebody is accused: "accused clerks of theft"."""
    of = next((n for n in range(at, end_of(found, at)) if word_at(found, n) == "of"), None)
    if of is None or told.span is None:
        return told
    return Object((told.span[0], found[of - 1].end)) if of > at else _UNREAD


def _object(found: Sequence[Item | Phrase], at: int, pattern: Pattern) -> Object:
    if at >= len(found):
        return NOBODY
    word = word_at(found, at)
    if word in _POINTING and (word not in _ALSO_BEFORE or end_of(found, at) < at + 2):
        return _UNREAD
    least = word == "at" and word_at(found, at + 1) == "least"
    at += least
    end = end_of(found, at, place=pattern.event_class is EventClass.ASSAULT)
    if end == at and pattern.event_class is EventClass.MOVE:
        return _house(found, at)
    if end == at:
        return NOBODY if ends_here(found, at) else _UNREAD
    if end == at + 1 and word.endswith("ed") and not is_name(found[at]):
        return _UNREAD  # "those whom it attacked favored peace"
    end = extended(found, at, end)
    if is_cut(found, at, end) or is_doing_it(found, end, pattern):
        return _UNREAD
    if pattern.event_class is EventClass.MOVE and not is_somewhere(found, at, end):
        return _UNREAD  # "returned to the backbenches"
    if not fits_class(found, at, end, pattern):
        return NOBODY
    return Object((found[at - least].start, found[end - 1].end))


def _house(found: Sequence[Item | Phrase], at: int) -> Object:
    """Read a house with the name of whoever sits there: "returned to the White House"."""
    last = at + (word_at(found, at) == "the")
    house = found[last] if last < len(found) else None
    return Object((found[at].start, house.end)) if isinstance(house, Phrase) else _UNREAD


def beginning(found: Sequence[Item | Phrase], at: int, least: int) -> int:
    """Return where the noun phrase begins that has an actor at ``at``."""
    while at > least and not ends_here(found, at - 1):
        at -= 1
    return at


def _subject(found: Sequence[Item | Phrase], end: int) -> Object:
    """Read what is attacked "by" somebody: it stands before the verb."""
    at = beginning(found, end, 0)
    while at < end and word_at(found, at) in ("also", "then", "when", "while"):
        at += 1
    if at == end or end_of(found, at) != end:
        return _UNREAD
    return Object((found[at].start, found[end - 1].end))


def _meant(found: Sequence[Item | Phrase], before: int, source: Phrase) -> Object:
    """Return the one person named before the act who may be him or her."""
    people = [
        one
        for one in found[:before]
        if isinstance(one, Phrase)
        and one.letter != "x"
        and one.actors[0].startswith("person:")
        and not set(one.actors) <= set(source.actors)
    ]
    named = {actor for one in people for actor in one.actors}
    return Object(meant=people[0]) if len(named) == 1 else _UNREAD
