"""Strict facts: who did what to whom, read off the shape of single sentences.

Nothing crosses a sentence here; ``pronouns`` tells whom a *he* stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.models import EventClass, FoundFact, Mention, Precision, Quote, Status
from bot.read.acts import WORD, Act, acts_in
from bot.read.dates import event_date
from bot.read.pairs import Pair
from bot.read.patterns import BY_TRIGGER
from bot.read.quotes import breaks_off
from bot.read.shape import shape
from bot.read.sports import IN_A_GAME

_TRIGGERS = frozenset(BY_TRIGGER)
_TRIGGERS_ALONE = frozenset(
    word for word, patterns in BY_TRIGGER.items() if any(one.alone for one in patterns)
)
_MAX_ACTORS = 4
_DATE_BESIDE = 45
_OTHER = re.compile(
    r"\b(?:after|before|since|when|while|who|which|following|because|although)\b", re.IGNORECASE
)
_STATES = frozenset(
    "supports backs opposes provides supplies recognizes sells buys imports exports works "
    "negotiate negotiates".split()
)
_LOOKING_INTO = frozenset("investigates probes".split())
_STATES |= _LOOKING_INTO
_REACH, _OPENING = 90, 60
_NEXT = re.compile(
    r",(?! \d{4}\b)|[;:–—“”\"]| - |\b(?:as|that|but|where|until|till|from|to \w+ \w+|and \w+ed|"
    r"said|says|announced|according|would|will|accus\w+|call\w+|say\w+|"
    r"(?!(?:morn|even|dur|follow|includ|meet)ing)[a-z]{3,}ing)\b"
)
_LABEL = re.compile(r"(?:►|\W)*[A-Z][a-z]{2,8}\.? \d{1,2}:")
"""A chronicle's entry has the day of its own that its days are counted from."""
_VERB = re.compile(r"\b(?:said|says|that|reported|\w+ed|told|is|was|were|are|has|had)\b")
_ALSO = re.compile(r"\b(?:and|then|but)\b")
_ON_DAY = re.compile(
    r",? (?:(?:late |early )?on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!'s|’s)"
)
_SOON = re.compile(
    r"\b(?:tomorrow|next (?:week|weekend|month|year|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)|"
    r"later (?:this|in the) (?:week|month|year)|in the coming (?:days|weeks|months))\b"
)
_SAID_IN = re.compile(r"\b(?:statement|speech|interview|address|post|letter|remarks|briefing)\b")
"""The day after these is that on which somebody told of a plan."""
_CAPTION = re.compile(r"(?:Photos?|In photos|Video|Watch|Hide caption|Gallery)\b", re.IGNORECASE)
"""A caption runs the title of a series and what the picture shows into one sentence."""

_MANY = (
    r"(?:voters|Americans|Britons|respondents|adults|Republicans|Democrats|people|citizens|"
    r"residents|those (?:polled|surveyed))"
)
_POLLED = re.compile(
    r"(?:%|\bpercent|\bper cent|\bthirds?|\bhalf|\bquarters?|\bmajority|\bmost) of "
    rf"(?:[\w.-]+ ){{0,4}}?{_MANY}\b|\b(?:people|those|voters|adults) (?:surveyed|polled)\b"
    r"|\b(?:polls?|surveys?)\b[^.;]{0,60}\b(?:found|finds?|showed|shows?|suggest\w*|indicate\w*)\b"
    r"|\b(?:found|finds?|showed|shows?|according to)\b[^.;]{0,30}\b(?:polls?|surveys?)\b"
)
"""What people answer when they are asked is nobody's act."""

_TALE = re.compile(
    r"\b[Ii]n (?:the|this|his|her|their|a|an)(?: [\w’'“”\"-]+){0,3} (?:film|movie|novel|sitcom|"
    r"episode|video game|comic|musical|miniseries|thriller|play)\b"
    r"|\b(?:starring|co-starring|who plays|plays the role|fictional|screenplay|plot of)\b"
)
"""What is told in a work of fiction, or of the making of one."""

_LONGEST = 1200
"""Longer "sentences" are lists and tables, not statements."""


def facts_in(
    field: str,
    text: str,
    sentence: tuple[int, int],
    mentions: Sequence[Mention],
    published: date | None,
    pair: Pair | None = None,
) -> list[FoundFact]:
    """Read the facts of one sentence; ``mentions`` are those inside it, in order.

    ``pair``: whom *the two countries* mean in it, its mention among the others.
    """
    start, end = sentence
    if end - start > _LONGEST or text[end - 1] == "?" or _CAPTION.match(text, start, end):
        return []
    if not _may_tell(text[start:end], len(mentions)) or breaks_off(text, start, end):
        return []
    acts = acts_in(shape(text, start, end, mentions, pair))
    if not acts or any(one.search(text, start, end) for one in (IN_A_GAME, _POLLED, _TALE)):
        return []
    quote = Quote(
        field="title" if field == "title" else "text", start=start, end=end, quote=text[start:end]
    )
    found: dict[tuple[object, ...], FoundFact] = {}
    for told in acts:
        act = _in_the_present(told, text, end) if field == "text" else _in_a_headline(told)
        when, precision = _when(act, text, sentence, published)
        words = text[slice(*act.words)] if act.words else None
        for source, target in _pairs(act):
            key = (act.pattern.event_class, *_ordered(act, source, target), words)
            if key not in found:
                found[key] = FoundFact(
                    source_actor=source,
                    target_actor=target,
                    event_date=when,
                    date_precision=precision,
                    evidence=(quote,),
                    **_same_for_all(act, text),
                )
    return [fact for fact in found.values() if not _told_with_whom(fact, found.values())]


def _same_for_all(act: Act, text: str) -> dict[str, Any]:
    """What a fact has of its act, whoever of several does it to whom."""
    claimant = _claimant(act)
    return {
        "event_class": act.pattern.event_class,
        "act": act.act,
        "target_words": text[slice(*act.words)] if act.words else None,
        "status": _believed(act),
        "claimant": claimant,
        "claimant_words": text[slice(*act.says)] if act.says and claimant is None else None,
        "place": act.where.actors[0] if act.where else None,
    }


def _believed(act: Act) -> Status:
    """What is only feared, or said by nobody who can be shown for it, is only possible."""
    told = act.status in (Status.HAPPENED, Status.ONGOING)
    return Status.POSSIBLE if told and act.unsure else act.status


def _in_the_present(act: Act, text: str, end: int) -> Act:
    """Return an act told in the present tense as what is to come, or goes on, where it is that.

    Headlines tell in the present what has happened.
    """
    if _to_come(act, text, end):
        return replace(act, status=Status.PLANNED)
    if act.status is Status.HAPPENED and act.verb in _STATES:
        return replace(act, status=Status.ONGOING)
    return act


def _in_a_headline(act: Act) -> Act:
    """Return an act told in a title: what is looked into there is looked into still."""
    if act.status is Status.HAPPENED and act.verb in _LOOKING_INTO:
        return replace(act, status=Status.ONGOING)
    return act


def _to_come(act: Act, text: str, end: int) -> bool:
    """Tell whether a journey or meeting told in the present, of a weekday, is still to come."""
    if act.pattern.event_class not in (EventClass.MOVE, EventClass.CONSULT):
        return False
    last = max(phrase.end for phrase in (act.source, act.target, act.where) if phrase)
    near = min(end, last + _DATE_BESIDE)
    day = _ON_DAY.search(text, act.source.end, near) or _SOON.search(text, act.source.end, near)
    present = act.verb.endswith("s") and act.status is Status.HAPPENED
    going = act.verb.endswith("ing") and act.status is Status.ONGOING
    return day is not None and (present or going)


def _told_with_whom(fact: FoundFact, others: Iterable[FoundFact]) -> bool:
    """Tell whether a fact without a target only repeats one that has one."""
    return (fact.target_actor or fact.target_words) is None and any(
        (other.target_actor or other.target_words) is not None
        and other.event_class is fact.event_class
        and fact.source_actor in (other.source_actor, other.target_actor)
        for other in others
    )


def _when(
    act: Act, text: str, sentence: tuple[int, int], published: date | None
) -> tuple[date | None, Precision | None]:
    """Return the date of an act; of a call, the sentence's may be the saying's.

    An act without a verb of its own, and a plan, is dated only by what stands right after it.
    """
    start, end = sentence
    if act.status not in (Status.HAPPENED, Status.DENIED, Status.PLANNED):
        return None, None
    if _LABEL.match(text, start):
        return None, None
    start, end = _clause(act, text, start, end)
    first = min(phrase.start for phrase in (act.source, act.target) if phrase)
    last = max(phrase.end for phrase in (act.source, act.target, act.where) if phrase)
    last = max(last, act.words[1]) if act.words else last
    after = _up_to_next(text, last, end)
    if act.status is Status.PLANNED:
        return _planned_for(text[last : min(after, last + _DATE_BESIDE)], published)
    if act.pattern.nominal:
        day = event_date(text[last : min(after, last + _DATE_BESIDE)], published)
    elif act.about or act.pattern.event_class is EventClass.REQUEST:
        day = event_date(_beside_verb(act, text), published)
    else:
        before = text[start:first]
        opening = before if len(before) < _OPENING and not _VERB.search(before) else ""
        within = text[first:last] if act.target or act.words else ""
        if _ALSO.search(text, act.source.end, last):
            within = ""
        within = within or _beside_verb(act, text)
        day = event_date(f"{opening} | {within} {text[last:after]}", published)
    if day[0] is not None and published is not None and day[0] > published:
        return None, None
    return day


def _planned_for(words: str, published: date | None) -> tuple[date | None, Precision | None]:
    """Return the day that a plan is for, by the words after it, if that is still to come."""
    if published is None or _SAID_IN.search(words):
        return None, None
    day, precision = event_date(words, published, ahead=True)
    if day is None or (day.year, day.month) < (published.year, published.month):
        return None, None
    return (None, None) if precision == "day" and day < published else (day, precision)


def _beside_verb(act: Act, text: str) -> str:
    """What stands right after whoever asks: any later day may be that of what is asked for."""
    day = _ON_DAY.match(text, act.source.end)
    return day[0] if day else ""


def _up_to_next(text: str, at: int, end: int) -> int:
    """Return where the clause of an act ends: what follows has a date of its own."""
    following = _NEXT.search(text, at, end)
    return min(end, following.start() if following else end, at + _REACH)


def _clause(act: Act, text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a sentence to the clause of an act: "after it had attacked, Iran met" has two."""
    first = min(phrase.start for phrase in (act.source, act.target) if phrase)
    last = max(phrase.end for phrase in (act.source, act.target) if phrase)
    last = max(last, act.words[1]) if act.words else last
    for match in _OTHER.finditer(text, start, first):
        start = match.end()
    comma = text.rfind(", ", start, first)
    if start > 0 and comma >= 0 and _OTHER.search(text, max(0, start - 12), comma):
        start = comma + 1
    following = _OTHER.search(text, last, end)
    return start, following.start() if following else end


def _may_tell(sentence: str, mentions: int) -> bool:
    """Tell cheaply whether a sentence can hold a fact at all: most cannot.

    It takes an actor and a word that some pattern turns on; of one actor alone, only some
    patterns tell.
    """
    if not mentions:
        return False
    triggers = _TRIGGERS if mentions > 1 else _TRIGGERS_ALONE
    return not triggers.isdisjoint(WORD.findall(sentence.lower()))


def _ordered(act: Act, source: str, target: str | None) -> tuple[str | None, ...]:
    """Both-sided acts are one whichever side is named first."""
    if act.pattern.both and target is not None:
        return tuple(sorted((source, target)))
    return (source, target)


def _pairs(act: Act) -> Iterator[tuple[str, str | None]]:
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


def _claimant(act: Act) -> str | None:
    if act.claimant is None:
        return None
    return act.claimant.actors[0] if len(act.claimant.actors) == 1 else None
