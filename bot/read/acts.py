"""Acts in a shape: which pattern holds, who does it to whom, where, and what is made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.models import EventClass, Status
from bot.read.claims import (
    Claim,
    awaited,
    claims,
    conditional,
    nominal_status,
    status_of,
    unattributed_quote,
    undone,
)
from bot.read.lexicon import NP, VERBS
from bot.read.patterns import BY_TRIGGER, Pattern
from bot.read.patterns.pattern import Found, Line
from bot.read.phrases import Phrase
from bot.read.shape import Shape
from bot.read.subjects import is_not_its_subject

WORD = re.compile(r"[a-z][a-z'-]*")
_PLACES = ("state:", "place:")
_SOURCES = ("s", "sd", "sp")
_TARGETS = ("o", "od", "op", "ow", "ox")
_SAYS_SO = re.compile(r"\b(?:said|says?) (?:it|they)\b|\bden(?:ied|ies|ying)\b")
_THREATENED = re.compile(r"\bthreaten(?:s|ed|ing)?\b")
_PAST = re.compile(r"(?:ed|met|held|took|left|went|struck)$")
_INTENDS = re.compile(r"(?:^| )(?:would|will)(?: [a-z]+ly| also| not)?$")
_WHERE = re.compile(
    r"[^.,;:<”]{0,50}?(?:<[nda]\d+>[^.,;:<”]{0,30}?)?"
    r" (?:in|at|near|outside|inside|across|around|off)(?: the| a| an)?"
    rf"{NP}{{0,3}}? <p(?P<w>\d+)>(?= (?:[^a-z<]|in|on|at|after|before|during|for|to|with|and|as|"
    r"by|when|where|over|while|that|since|from) )"
)
_OTHER_CLAUSE = re.compile(
    r" (?:who|which|that|whose|where|while|after|before|when|because|although|though|if|unless|"
    r"said|says|but|as|since|until|war|than|interest|trust|confidence|involved|role) "
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
    before = line[:at]
    roles = _roles(shaped, pattern, match)
    if roles is None or conditional(before) or is_not_its_subject(pattern, match, before, roles[0]):
        return None
    source, target, where = roles
    status = _status(pattern, groups, before, line[match.end :])
    if pattern.nominal and pattern.event_class in _UNDOABLE and undone(line[at : match.end]):
        return None
    claim = next((c for c in said if c.start <= at < c.end), None)
    if status is Status.HAPPENED and not _PAST.search(groups.get("v") or "") and awaited(before):
        status = Status.PLANNED
    if status is None or (claim is None and unattributed_quote(line, at)):
        return None
    claimant = shaped.phrases[claim.phrase] if claim else None
    if claim and claim.denies:
        status = Status.DENIED
    if _SAYS_SO.search(groups.get("g") or ""):
        claimant = source
    elif claimant is source:
        claimant = None
    if (
        status is Status.POSSIBLE
        and claimant is not None
        and _INTENDS.search(groups.get("g") or "")
    ):
        # What somebody says he would do himself is a plan.
        status = Status.PLANNED if claimant.actors == source.actors else status
    if accuser := groups.get("c"):
        claimant = shaped.phrases[int(accuser)]
    return Act(pattern, _word_for(pattern, groups), source, target, where, status, claimant, at)


def _roles(
    shaped: Shape, pattern: Pattern, match: Found
) -> tuple[Phrase, Phrase | None, Phrase | None] | None:
    """Return who does it, to whom, and where; None where the class cannot mean that."""
    groups, phrases = match.groups, shaped.phrases
    who, whom = (
        next((groups[name] for name in names if groups.get(name)), None)
        for names in (_SOURCES, _TARGETS)
    )
    source = phrases[int(who or 0)]
    target = phrases[int(whom)] if whom else None
    somewhere = groups.get("w")
    where = phrases[int(somewhere)] if somewhere else None
    if target is not None and len(target.actors) > 1 and _verb_follows(shaped.line, match.end):
        # "Israel bombed Gaza and Lebanon condemned it": only the first is surely bombed.
        target = replace(target, actors=target.actors[:1])
    if pattern.event_class is EventClass.MOVE:
        if where is not None and not all(actor.startswith(_PLACES) for actor in where.actors):
            # Leaving counts only where what is left is a place: "left Qatar", not "left Hamas".
            return None
        if target is None:
            target, where = where, None
    elif where is None and pattern.event_class in _SOMEWHERE:
        where = _place(shaped, match.end, source, target)
    if target is not None and pattern.act == "attack" and pattern.bodies and _is_person(target):
        return None  # words, whether or not their target is told
    if target is not None and _is_place(target) and pattern.event_class in _FOR_PLACES:
        # Aid to Gaza is for nobody in particular, and goes there.
        acts = _fits(replace(pattern, alone=True, both=False), source, None)
        return (source, None, target) if acts else None
    if target is not None and pattern.alone and not _fits(pattern, source, target):
        # "Threatened to ban voting in East Jerusalem": a place suffers no threat.
        target = None
    return (source, target, where) if _fits(pattern, source, target) else None


def _is_person(phrase: Phrase) -> bool:
    return any(actor.startswith("person:") for actor in phrase.actors)


def _is_place(phrase: Phrase) -> bool:
    return all(actor.startswith("place:") for actor in phrase.actors)


def _place(shaped: Shape, at: int, source: Phrase, target: Phrase | None) -> Phrase | None:
    """Return where the act took place, if the rest of its clause tells."""
    found = _WHERE.match(shaped.line, at)
    if found is None or _OTHER_CLAUSE.search(found.group()):
        return None
    where = shaped.phrases[int(found["w"])]
    if len(where.actors) != 1 or not where.actors[0].startswith(_PLACES):
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
        return pattern.status if told is Status.HAPPENED and pattern.status else told
    if pattern.status is not None and "g" not in groups:
        return pattern.status
    gap = groups.get("g") or ""
    if pattern.event_class is not EventClass.THREATEN and _THREATENED.search(gap):
        return None
    read = status_of(gap, groups.get("v") or "")
    return read if pattern.status is None or read is None else pattern.status


def _fits(pattern: Pattern, source: Phrase, target: Phrase | None) -> bool:
    """Refuse what the class cannot mean: a meeting of one, a place that acts."""
    if any(actor.startswith(("place:", "treaty:")) for actor in source.actors):
        return False
    if source.letter == "a" and pattern.event_class not in _BY_FORCE:
        return False  # soldiers and "most Germans" say and sign nothing for their state
    people = _is_person(source)
    person_hit = target is not None and _is_person(target)
    if pattern.persons and not (people or person_hit):
        return False
    # "Lawmakers attack Putin" and "Trump attacks the bill" are words.
    if pattern.bodies and (people or (person_hit and pattern.act == "attack")):
        return False
    if target is None:
        # Three who agree to something may each agree with a fourth: only two are a pair.
        return len(source.actors) == 2 if pattern.both else pattern.alone
    if set(source.actors) & set(target.actors):
        return False
    if pattern.event_class is EventClass.MOVE and pattern.name != "host":
        return all(actor.startswith(_PLACES) for actor in target.actors)
    if pattern.event_class in _ON_PLACES:
        return True
    if pattern.name in ("visit", "visit to", "visit by", "plans for a visit"):
        return True
    return not any(actor.startswith("place:") for actor in target.actors)


_BY_FORCE = frozenset(
    {
        EventClass.ASSAULT,
        EventClass.COERCE,
        EventClass.MOBILIZE,
        EventClass.MOVE,
        EventClass.PROTEST,
        EventClass.RETREAT,
    }
)
"""What is done by a state's or a body's people, who do not speak for it."""

_FOR_PLACES = frozenset({EventClass.AID, EventClass.SUPPORT, EventClass.COOPERATE})
_UNDOABLE = frozenset(
    {
        EventClass.CONSULT,
        EventClass.AGREE,
        EventClass.COOPERATE,
        EventClass.AID,
        EventClass.SANCTION,
        EventClass.ASSAULT,
    }
)

_SOMEWHERE = frozenset(
    {
        EventClass.AGREE,
        EventClass.CONSULT,
        EventClass.ASSAULT,
        EventClass.COERCE,
        EventClass.MOBILIZE,
        EventClass.PROTEST,
    }
)
"""Acts that take place somewhere: a place beside blame is mostly what the blame is about."""

_ON_PLACES = frozenset(
    {
        EventClass.ASSAULT,
        EventClass.MOVE,
        EventClass.MOBILIZE,
        EventClass.COERCE,
        EventClass.SANCTION,
    }
)


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
        and (act.target is not None or (act.pattern.event_class, id(act.source)) not in whole)
    ]
