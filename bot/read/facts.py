"""Strict facts: who did what to whom, read off the shape of single sentences.

Nothing crosses a sentence but one thing: a planned visit that names no destination goes
to the one named for the same visitor just before, in the same paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.models import EventClass, FoundFact, Mention, Quote, Status
from bot.read.claims import (
    SAY,
    Claim,
    claims,
    conditional,
    nominal_status,
    status_of,
    unattributed_quote,
)
from bot.read.dates import event_date
from bot.read.lexicon import PAST, VERBS
from bot.read.patterns import BY_TRIGGER, Pattern
from bot.read.shape import Phrase, Shape, shape

_WORD = re.compile(r"[a-z][a-z'-]*")
_PLACES = ("state:", "place:")
_SAYS_SO = re.compile(r"\b(?:said|says?) (?:it|they)\b|\bden(?:ied|ies|ying)\b")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: [a-z]+ly)?$")
_HE_SAID = re.compile(rf"(?:He|She) (?:also |later |then )?{SAY} ")
_FIRST = re.compile(r" (?:on [a-z]+ , )?<n(\d+)> ")
_TRIGGERS = frozenset(BY_TRIGGER)
_MAX_ACTORS = 4
_LONGEST = 1200
"""Longer "sentences" are lists and tables, not statements."""


@dataclass(frozen=True, slots=True)
class _Act:
    """A fact before its sentence is attached; ``at`` is where it stands in the shape."""

    pattern: Pattern
    act: str
    source: Phrase
    target: Phrase | None
    where: Phrase | None
    status: Status
    claimant: Phrase | None
    at: int


def facts_in(
    field: str,
    text: str,
    sentence: tuple[int, int],
    mentions: Sequence[Mention],
    published: date | None,
    speaker: str | None = None,
) -> list[FoundFact]:
    """Read the facts of one sentence; ``mentions`` are those inside it, in order.

    ``speaker`` is whom *he* or *she* means where the sentence begins with "He said".
    """
    start, end = sentence
    if end - start > _LONGEST or text[end - 1] == "?":
        return []
    if not _may_tell(text[start:end], len(mentions)):
        return []
    shaped = shape(text, start, end, mentions)
    acts = _undisputed(_acts(shaped))
    if not acts:
        return []
    when, precision = event_date(text[start:end], published)
    quote = Quote(
        field="title" if field == "title" else "text", start=start, end=end, quote=text[start:end]
    )
    found: dict[tuple[object, ...], FoundFact] = {}
    for act in acts:
        dated = _is_dated(act)
        for source, target in _pairs(act):
            key = (act.pattern.event_class, *_ordered(act, source, target))
            if key in found:
                continue
            found[key] = FoundFact(
                source_actor=source,
                event_class=act.pattern.event_class,
                act=act.act,
                target_actor=target,
                status=act.status,
                claimant=_claimant(act) or speaker,
                event_date=when if dated else None,
                date_precision=precision if dated else None,
                place=act.where.actors[0] if act.where else None,
                evidence=(quote,),
            )
    return list(found.values())


def _is_dated(act: _Act) -> bool:
    """Tell whether the sentence's date is the act's: of a plan or a call it may be the saying's."""
    return (
        act.status in (Status.HAPPENED, Status.ONGOING, Status.DENIED)
        and act.pattern.event_class is not EventClass.REQUEST
    )


def _may_tell(sentence: str, mentions: int) -> bool:
    """Tell cheaply whether a sentence can hold a fact at all: most cannot.

    It takes a word that some pattern turns on, and two actors; a planned visit takes one.
    """
    if mentions < 2:
        return mentions == 1 and "visit" in sentence
    return not _TRIGGERS.isdisjoint(_WORD.findall(sentence.lower()))


def says_he(text: str, sentence: tuple[int, int]) -> bool:
    """Tell whether a sentence begins with "He said" or the like."""
    return _HE_SAID.match(text, *sentence) is not None


def subject_person(text: str, sentence: tuple[int, int], mentions: Sequence[Mention]) -> str | None:
    """Return the person who is the subject of a sentence, where it begins with one."""
    shaped = shape(text, *sentence, mentions)
    match = _FIRST.match(shaped.line)
    actors = shaped.phrases[int(match[1])].actors if match else ()
    return actors[0] if len(actors) == 1 and actors[0].startswith("person:") else None


def _ordered(act: _Act, source: str, target: str | None) -> tuple[str | None, ...]:
    """Both-sided acts are one whichever side is named first."""
    if act.pattern.both and target is not None:
        return tuple(sorted((source, target)))
    return (source, target)


def _pairs(act: _Act) -> Iterator[tuple[str, str | None]]:
    sources = act.source.actors[:_MAX_ACTORS]
    if act.target is None:
        if act.pattern.both:
            for i, one in enumerate(sources):
                for other in sources[i + 1 :]:
                    yield one, other
        else:
            for one in sources:
                yield one, None
        return
    for one in sources:
        for other in act.target.actors[:_MAX_ACTORS]:
            if one != other:
                yield one, other


def _claimant(act: _Act) -> str | None:
    if act.claimant is None:
        return None
    return act.claimant.actors[0] if len(act.claimant.actors) == 1 else None


def _acts(shaped: Shape) -> list[_Act]:
    said = claims(shaped.line)
    found = []
    for pattern in dict.fromkeys(
        pattern
        for word in _WORD.findall(shaped.line)
        if word in BY_TRIGGER
        for pattern in BY_TRIGGER[word]
    ):
        for match in pattern.regex.finditer(shaped.line):
            act = _act(shaped, pattern, match, said)
            if act is not None:
                found.append(act)
    return found


def _act(shaped: Shape, pattern: Pattern, match: re.Match[str], said: list[Claim]) -> _Act | None:
    line, at, groups = shaped.line, match.start(), match.groupdict()
    before = line[:at]
    roles = _roles(shaped, pattern, match)
    if roles is None or conditional(before) or _is_not_its_subject(pattern, groups, before):
        return None
    source, target, where = roles
    status = _status(pattern, groups, before, line[match.end() :])
    claim = next((c for c in said if c.start <= at < c.end), None)
    if status is None or (claim is None and unattributed_quote(line, at)):
        return None
    claimant = shaped.phrases[claim.phrase] if claim else None
    if claim and claim.denies:
        status = Status.DENIED
    if _SAYS_SO.search(groups.get("g") or ""):
        claimant = source
    elif claimant is source:
        claimant = None
    return _Act(pattern, _word_for(pattern, groups), source, target, where, status, claimant, at)


def _roles(
    shaped: Shape, pattern: Pattern, match: re.Match[str]
) -> tuple[Phrase, Phrase | None, Phrase | None] | None:
    """Return who does it, to whom, and where; None where the class cannot mean that."""
    groups, phrases = match.groupdict(), shaped.phrases
    source = phrases[int(groups["s"])]
    target = phrases[int(groups["o"])] if groups.get("o") else None
    where = phrases[int(groups["w"])] if groups.get("w") else None
    if target is not None and len(target.actors) > 1 and _verb_follows(shaped.line, match.end()):
        # "Israel bombed Gaza and Lebanon condemned it": only the first is surely bombed.
        target = replace(target, actors=target.actors[:1])
    if pattern.event_class is EventClass.MOVE and where is not None:
        # Leaving counts only where what is left is a place: "left Qatar", not "left Hamas".
        if not all(actor.startswith(_PLACES) for actor in where.actors):
            return None
        if target is None:
            target, where = where, None
    return (source, target, where) if _fits(pattern, source, target) else None


def _is_not_its_subject(pattern: Pattern, groups: dict[str, str | None], before: str) -> bool:
    """Tell whether the phrase before the verb does not do what the verb says.

    "Sinwar was killed in Rafah" and "Iran urged Israel to attack": the one suffers it, the
    other is asked for it. Only a headline begins "Iran to host talks".
    """
    gap, verb = (groups.get("g") or "").strip(), groups.get("v") or ""
    if gap.startswith("to") and before.strip():
        return True
    return (
        not pattern.name.startswith("be ")
        and not verb.endswith(("ing", "s"))
        and _PASSIVE.search(gap) is not None
        and verb in PAST
    )


def _word_for(pattern: Pattern, groups: dict[str, str | None]) -> str:
    if (groups.get("v") or "").startswith("invit"):
        return "invite"
    if pattern.act == "leave" and groups.get("o"):
        return "move"
    return pattern.act


def _verb_follows(line: str, at: int) -> bool:
    word = _WORD.match(line, at + 1)
    return word is not None and word.group() in VERBS


def _status(
    pattern: Pattern, groups: dict[str, str | None], before: str, after: str
) -> Status | None:
    if pattern.nominal and pattern.status is None:
        return nominal_status(before, after)
    if pattern.status is not None and "g" not in groups:
        return pattern.status
    read = status_of(groups.get("g") or "", groups.get("v") or "")
    return read if pattern.status is None or read is None else pattern.status


def _fits(pattern: Pattern, source: Phrase, target: Phrase | None) -> bool:
    """Refuse what the class cannot mean: a meeting of one, a place that acts."""
    if any(actor.startswith("place:") for actor in source.actors):
        return False
    if target is None:
        # Three who agree to something may each agree with a fourth: only two are a pair.
        return len(source.actors) == 2 if pattern.both else pattern.name in _ALONE
    if set(source.actors) & set(target.actors):
        return False
    if pattern.event_class is EventClass.MOVE and pattern.name != "host":
        return all(actor.startswith(_PLACES) for actor in target.actors)
    if pattern.event_class in (EventClass.ASSAULT, EventClass.MOVE):
        return True
    if pattern.name in ("visit", "visit to", "visit by", "plans for a visit"):
        return True
    return not any(actor.startswith("place:") for actor in target.actors)


_ALONE = frozenset({"plans for a visit", "visit by", "leave"})


def _undisputed(acts: list[_Act]) -> list[_Act]:
    """Drop an act whose subject another verb already took as its object.

    "Israel bombed Gaza and Lebanon condemned it" reads as one list of two objects; whoever
    is in it cannot be trusted to be the subject of the second verb.
    """
    objects = {id(act.target): act.at for act in acts if act.target is not None}
    return [
        act
        for act in acts
        if len(act.source.actors) < 2
        or id(act.source) not in objects
        or objects[id(act.source)] >= act.at
    ]
