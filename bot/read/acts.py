"""Acts in a shape: which pattern holds, who does it to whom, where, and what is made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.models import EventClass, Status
from bot.read.claimants import as_was_said, attributed, beside_a_place, speaks_for_all, who_says
from bot.read.claims import Claim, claims, unattributed_quote
from bot.read.fits import UNDOABLE
from bot.read.hedges import hedged, told_as_known
from bot.read.idle import is_no_act
from bot.read.labels import label_of
from bot.read.parties import roles_of
from bot.read.patterns import BY_TRIGGER, Pattern
from bot.read.patterns.pattern import Found, Line
from bot.read.phrases import Phrase
from bot.read.sayings import hearsay
from bot.read.shape import Shape
from bot.read.statuses import (
    ahead,
    as_a_habit,
    awaited,
    cancelled,
    conditional,
    depends,
    first_of_its_kind,
    nominal_status,
    only_announced,
    only_later,
    status_of,
    to_meet,
    undone,
)
from bot.read.subjects import IRREGULAR, is_not_its_subject
from bot.read.towards import towards

WORD = re.compile(r"[a-z][a-z'-]*")
_THREATENED = re.compile(r"\bthreaten(?:s|ed|ing)?\b")
_PAST = re.compile(r"(?:ed|met|held|took|left|went|struck)$")
_ON_THE_WAY = frozenset("heading returning traveling travelling flying going".split())
_GOES_ON = frozenset("continue continues continuing".split())
_TO_BE = re.compile(r" (?:planned|upcoming|scheduled|forthcoming|proposed|future|expected) ")
_KNOWN_OF = frozenset(("attack as a noun", "make war as a noun"))
"""Whoever says what "Russia's invasion of Ukraine" did takes the invasion as known."""


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
    """Where the text tells whom it is done to, or what it is about, if no actor is known there."""
    about: bool = False
    """The words tell what it is about: a day among them is not that of the act."""
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
    line, at = shaped.line, match.start
    before = line[:at]
    roles = roles_of(shaped, pattern, match)
    if roles is None or conditional(before) or is_not_its_subject(pattern, match, before, roles[0]):
        return None
    source, _, where = roles
    status = _in_time(pattern, match, before)
    known = pattern.name in _KNOWN_OF or told_as_known(before, match.verb, line[match.end :])
    claim = None if known else next((c for c in said if c.start <= at < c.end), None)
    if status is None or (claim is None and unattributed_quote(line, at)):
        return None
    heard = hearsay(shaped, match.verb_start) if claim is None and not known else None
    if (heard is not None and heard.nobody) or is_no_act(pattern, roles, match, status):
        return None
    claimant, status = attributed(shaped, pattern, match, claim, source, status)
    status = as_was_said(status, pattern, match, told=claim is not None or heard is not None)
    done = towards(shaped, pattern, match, roles)
    if done is None:
        return None
    return Act(
        pattern, label_of(pattern, match, done.act), source, done.target, where, status,
        claimant if claimant and speaks_for_all(claimant, source) else None, at, match.verb,
        done.words, done.about,
        says=heard.span if heard else who_says(shaped, claim, source, claimant),
        unsure=(heard is not None and not heard.sure)
        or beside_a_place(shaped, claim)
        or (not known and hedged(line, at, match.end)),
    )  # fmt: skip


def _in_time(pattern: Pattern, match: Found, before: str) -> Status | None:
    """Return whether the act took place or is ahead; None where the sentence does not tell it."""
    after = match.line[match.end :]
    at = match.start
    undoable = pattern.nominal and pattern.event_class in UNDOABLE
    if undoable and undone(match.line[match.start : match.end]):
        return None
    status = _status(pattern, match.groups, before, after)
    gap = match.groups.get("g") or ""
    status = as_a_habit(status, pattern.event_class, gap, match.verb, after)
    if status is Status.HAPPENED and pattern.nominal and _TO_BE.search(match.line, at, match.end):
        return Status.PLANNED
    if status is Status.HAPPENED and match.verb in _GOES_ON:
        return Status.ONGOING
    if status is not None and pattern.event_class is EventClass.AID:
        status = only_announced(status, match.verb, before)
    if status is Status.HAPPENED and _is_ahead(match.verb, before):
        status = Status.PLANNED
    if status is Status.DENIED and only_later(after):
        return None
    if status is Status.ONGOING and match.verb in _ON_THE_WAY:
        return Status.PLANNED  # whoever is heading somewhere has not arrived
    if status is Status.HAPPENED and pattern.act == "visit" and pattern.nominal:
        return Status.PLANNED if to_meet(before, after) else status
    if status is Status.PLANNED and pattern.event_class is not EventClass.THREATEN:
        if cancelled(after):
            return None
        status = Status.POSSIBLE if depends(after) else status
    return status


def _is_ahead(verb: str, before: str) -> bool:
    """Tell whether a verb that is told plainly is of what is still to come."""
    if first_of_its_kind(before) or (not _PAST.search(verb) and awaited(before)):
        return True
    present = verb.endswith("s") or not (verb.endswith(("ed", "ing")) or verb in IRREGULAR)
    return bool(verb) and present and ahead(before)


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
    if act.words is None or act.target is not None:
        return act.target is not None or act.pattern.both
    if any(one.pattern.both and one.target is None and _is_same(one, act) for one in acts):
        return False  # what two agree to is told of both
    start, end = act.words
    return not any(one.target and one.target.start < end > start < one.target.end for one in acts)


def _is_same(one: Act, other: Act) -> bool:
    same = one.pattern.event_class is other.pattern.event_class
    return same and one.source is other.source


def _undisputed(acts: list[Act]) -> list[Act]:
    """Drop an act whose subject another verb already took as its object.

    "Israel bombed Gaza and Lebanon condemned it" reads as one list of two objects; whoever
    is in it cannot be trusted to be the subject of the second verb.
    """
    objects = {id(act.target): act.at for act in acts if act.target is not None}
    whole = {
        (act.pattern.event_class, id(act.source))
        for act in acts
        if act.target is not None or act.pattern.both
    }
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
