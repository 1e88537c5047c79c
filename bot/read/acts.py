"""Acts in a shape: which pattern holds, who does it to whom, where, and what is made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.models import EventClass, Status
from bot.read.claimants import attributed, who_says
from bot.read.claims import (
    Claim,
    ahead,
    awaited,
    cancelled,
    claims,
    conditional,
    depends,
    nominal_status,
    only_later,
    status_of,
    unattributed_quote,
    undone,
)
from bot.read.fits import (
    FOR_PLACES,
    ON_PEOPLE,
    PLACES,
    SOMEWHERE,
    UNDOABLE,
    fits,
    is_person,
    is_place,
)
from bot.read.lexicon import NP, VERBS
from bot.read.objects import NOBODY, TARGETS, object_of
from bot.read.patterns import BY_TRIGGER, Pattern
from bot.read.patterns.pattern import Found, Line
from bot.read.phrases import Phrase
from bot.read.sayings import hearsay
from bot.read.shape import Shape
from bot.read.subjects import is_not_its_subject

WORD = re.compile(r"[a-z][a-z'-]*")
_SOURCES = ("s", "sd", "sp")
_THREATENED = re.compile(r"\bthreaten(?:s|ed|ing)?\b")
_PAST = re.compile(r"(?:ed|met|held|took|left|went|struck)$")
_WHERE = re.compile(
    r"[^.,;:<”]{0,50}?(?:<[nda]\d+>[^.,;:<”]{0,30}?)?"
    r" (?:in|at|near|outside|inside|across|around|off)(?: the| a| an)?"
    rf"{NP}{{0,3}}? <p(?P<w>\d+)>(?= (?:[^a-z<]|in|on|at|after|before|during|for|to|with|and|as|"
    r"by|when|where|over|while|that|since|from) )"
)
_FIGURATIVE = re.compile(
    r"[^.,;<]{0,30} with[^.,;<]{0,40} (?:tariffs?|sanctions?|duties|fines?|lawsuits?|injunctions?|"
    r"charges|measures|penalt(?:y|ies)|bans?|bill|subpoenas?|questions|criticism|curbs|restrictions|levies|tax|taxes|fees?|"
    r"ads?) "
)
"""To be hit with tariffs is no blow."""
_STRUCK_DOWN = re.compile(r"str[iu]\w+ (?:down|out|up|back|off) ")
_OTHER_CLAUSE = re.compile(
    r" (?:to|on(?! the sidelines)|about|over|against|who|which|that|whose|where|while|after|before|"
    r"when|because|although|though|if|unless|said|says|but|as|since|until|war|than|interest|trust|"
    r"confidence|involved|role|(?:would|will|could|can|may|might|is|are|was|were|has|have|had)"
    r"(?! (?:be |been |being |also )*(?:held|taking|take|taken|hosted) )) "
)


@dataclass(frozen=True, slots=True)
class Act:
    """A fact before its sentence is attached; ``at`` is where it stands in the shape."""

    pattern: Pattern
    act: str
    source: Phrase
    target: Phrase | None
    where: Phrase | None
    status: Status
    claimant: Phrase | None
    at: int
    verb: str = ""
    words: tuple[int, int] | None = None
    """Where the text tells whom it is done to, if no actor is known there."""
    says: tuple[int, int] | None = None
    """Where the text tells who says so, if that is no one actor."""
    unsure: bool = False
    """Somebody says so whom the sentence does not tell, or leaves open whether it is so."""


def acts_in(shaped: Shape) -> list[Act]:
    """Return the acts that a shape tells, as strictly as the patterns can."""
    line = Line(shaped.line)
    matches = [
        (pattern, match)
        for pattern in dict.fromkeys(
            pattern
            for word in WORD.findall(shaped.line)
            if word in BY_TRIGGER
            for pattern in BY_TRIGGER[word]
        )
        for match in pattern.matches(line)
    ]
    if not matches:
        return []
    said = claims(shaped.line)
    found = [_act(shaped, pattern, match, said) for pattern, match in matches]
    return _undisputed([act for act in found if act is not None])


def _act(shaped: Shape, pattern: Pattern, match: Found, said: list[Claim]) -> Act | None:
    line, at, groups = shaped.line, match.start, match.groups
    before, verb = line[:at], match.verb
    roles = _roles(shaped, pattern, match)
    if roles is None or conditional(before) or is_not_its_subject(pattern, match, before, roles[0]):
        return None
    source, target, where = roles
    status = _in_time(pattern, match, before)
    claim = next((c for c in said if c.start <= at < c.end), None)
    if status is None or (claim is None and unattributed_quote(line, at)):
        return None
    heard = hearsay(shaped, match.verb_start) if claim is None else None
    claimant, status = attributed(shaped, match, claim, source, status)
    whom = object_of(shaped, pattern, match, source) if target is None else NOBODY
    if whom.unread:
        return None
    target, word = target or whom.meant, _word_for(pattern, groups)
    return Act(
        pattern, word, source, target, where, status, claimant, at, verb, whom.span,
        says=heard.span if heard else who_says(shaped, claim, source, claimant),
        unsure=heard is not None and not heard.sure,
    )  # fmt: skip


def _in_time(pattern: Pattern, match: Found, before: str) -> Status | None:
    """Return whether the act took place or is ahead; None where the sentence does not tell it."""
    after = match.line[match.end :]
    undoable = pattern.nominal and pattern.event_class in UNDOABLE
    if undoable and undone(match.line[match.start : match.end]):
        return None
    status = _status(pattern, match.groups, before, after)
    if status is Status.HAPPENED and _is_ahead(match.verb, before):
        status = Status.PLANNED
    if status is Status.DENIED and only_later(after):
        return None
    if status is Status.PLANNED and pattern.event_class is not EventClass.THREATEN:
        if cancelled(after):
            return None
        status = Status.POSSIBLE if depends(after) else status
    return status


def _is_ahead(verb: str, before: str) -> bool:
    """Tell whether a verb that is told plainly is of what is still to come."""
    if not _PAST.search(verb) and awaited(before):
        return True
    return verb.endswith("s") and ahead(before)


def _roles(
    shaped: Shape, pattern: Pattern, match: Found
) -> tuple[Phrase, Phrase | None, Phrase | None] | None:
    """Return who does it, to whom, and where; None where the class cannot mean that."""
    groups, phrases = match.groups, shaped.phrases
    who, whom = (
        next((groups[name] for name in names if groups.get(name)), None)
        for names in (_SOURCES, TARGETS)
    )
    source = phrases[int(who or 0)]
    target = phrases[int(whom)] if whom else None
    somewhere = groups.get("w")
    where = phrases[int(somewhere)] if somewhere else None
    if pattern.event_class is EventClass.ASSAULT and _is_figure(match):
        return None
    if target is not None and len(target.actors) > 1 and _verb_follows(shaped.line, match.end):
        # "Israel bombed Gaza and Lebanon condemned it": only the first is surely bombed.
        target = replace(target, actors=target.actors[:1])
    if pattern.event_class is EventClass.MOVE:
        if where is not None and not all(actor.startswith(PLACES) for actor in where.actors):
            # Leaving counts only where what is left is a place: "left Qatar", not "left Hamas".
            return None
        if target is None:
            target, where = where, None
    elif where is None and pattern.event_class in SOMEWHERE:
        where = _place(shaped, match.end, source, target)
    if target is not None and target.letter == "v" and pattern.event_class not in ON_PEOPLE:
        if not pattern.alone:
            return None
        target = None
    if target is not None and pattern.act == "attack" and pattern.bodies and is_person(target):
        return None  # words, whether or not their target is told
    if target is not None and is_place(target) and pattern.event_class in FOR_PLACES:
        # Aid to Gaza is for nobody in particular, and goes there.
        acts = fits(replace(pattern, alone=True, both=False), source, None)
        somewhere_else = target if pattern.event_class is EventClass.AID else None
        return (source, None, somewhere_else) if acts else None
    if target is not None and pattern.alone and not fits(pattern, source, target):
        # "Threatened to ban voting in East Jerusalem": a place suffers no threat.
        target = None
    return (source, target, where) if fits(pattern, source, target) else None


def _is_figure(match: Found) -> bool:
    """Tell whether a blow is one in words or by law: "hit with tariffs", "struck down"."""
    return bool(_FIGURATIVE.match(match.line, match.end) or _STRUCK_DOWN.match(match.verb_ahead))


def _place(shaped: Shape, at: int, source: Phrase, target: Phrase | None) -> Phrase | None:
    """Return where the act took place, if the rest of its clause tells."""
    found = _WHERE.match(shaped.line, at)
    if found is None or _OTHER_CLAUSE.search(found.group()):
        return None
    where = shaped.phrases[int(found["w"])]
    if len(where.actors) != 1 or not where.actors[0].startswith(PLACES):
        return None
    taken = {*source.actors, *(target.actors if target else ())}
    return None if taken & set(where.actors) else where


def _word_for(pattern: Pattern, groups: dict[str, str | None]) -> str:
    if (groups.get("v") or "").startswith("invit"):
        return "invite"
    if pattern.act == "leave" and groups.get("o"):
        return "move"
    return pattern.act


def _verb_follows(line: str, at: int) -> bool:
    word = WORD.match(line, at + 1)
    return word is not None and word.group() in VERBS


def _status(
    pattern: Pattern, groups: dict[str, str | None], before: str, after: str
) -> Status | None:
    if pattern.nominal:
        told = nominal_status(before, after, past=pattern.event_class is EventClass.ASSAULT)
        # What goes on is not ahead, whatever else will be.
        settled = (Status.HAPPENED, Status.PLANNED) if pattern.status else ()
        return pattern.status if told in settled else told
    if pattern.status is not None and "g" not in groups:
        return pattern.status
    gap = groups.get("g") or ""
    if pattern.event_class is not EventClass.THREATEN and _THREATENED.search(gap):
        return None
    read = status_of(gap, groups.get("v") or "")
    return read if pattern.status is None or read is None else pattern.status


def _is_of_another(act: Act, acts: list[Act]) -> bool:
    """Tell whether an act is done to another whom only words tell, or who is known himself."""
    if act.words is None:
        return act.target is not None
    start, end = act.words
    return not any(one.target and one.target.start < end > start < one.target.end for one in acts)


def _undisputed(acts: list[Act]) -> list[Act]:
    """Drop an act whose subject another verb already took as its object.

    "Israel bombed Gaza and Lebanon condemned it" reads as one list of two objects; whoever
    is in it cannot be trusted to be the subject of the second verb.
    """
    objects = {id(act.target): act.at for act in acts if act.target is not None}
    whole = {(act.pattern.event_class, id(act.source)) for act in acts if act.target is not None}
    return [
        act
        for act in acts
        if (
            len(act.source.actors) < 2
            or id(act.source) not in objects
            or objects[id(act.source)] >= act.at
        )
        # The same act told with its target says more.
        and ((act.pattern.event_class, id(act.source)) not in whole or _is_of_another(act, acts))
    ]
