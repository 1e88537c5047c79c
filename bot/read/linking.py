"""Turn what the trained reader finds in a sentence into facts about actors.

The reader (``bot/read/extraction.py``) returns roles as spans of the sentence. Here each span is
linked to the actor that its mentions name, and the act gets a name and a date.

*He* that opens a sentence means the subject of the previous one. *The two countries*, *both sides*
and *the two leaders* are searched from the nearest sentence back, within the paragraph; unless
exactly two actors fit, they stay unresolved.

*Syrian forces* act for Syria; *an Egyptian bus driver* and *anti-Assad rebels* do not: a logistic
model over the vector of the words, with the mention replaced by a letter, trained by
``seeds/build_agency.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.models import AliasKind, EventClass, Field_, FoundFact, Mention, Precision, Quote, Status
from bot.read.extraction import Extracted
from bot.read.proper_names import overlap
from bot.read.runs import BODIES_OF_PERSONS, PRIVATE, TIME, TITLES
from bot.text.days import MONTHS, WEEKDAYS, month_number
from bot.text.english import bare_form, is_common, is_ing, is_past, is_verb_form
from bot.text.names import HONORIFICS
from bot.text.networks import encode

_OPENS = re.compile(
    r"(?:But |And |Then |Later |Still, |Instead, |Meanwhile, )?"
    r"(?P<word>He|he|She|she|It|it|They|they)(?= [a-z])"
)
# ", she said" at the end of a statement is mostly another person, named before.
_INSIDE = re.compile(
    r"(?:,(?! (?:he|she) (?:said|says|told|added|wrote|noted|tweeted|explained))|"
    r"\b(?:and|but|that|when|while|after|because|before|as|until|if|said|says|whether))"
    r" (?P<word>he|she)(?= [a-z])"
)
_AFTER_SUBJECT = re.compile(r"(?:,[^,;]{1,110},| \([^()]{1,60}\))? (?P<word>[a-z]+)(?![\w’'-])")
_SAY = r"(?:said|says|told|added|wrote|warned|noted|explained|tweeted)"
_SPOKE_BEFORE = re.compile(r",[”\"’'] (?:" + _SAY + r" )?\Z")
_SPOKE_AFTER = re.compile(rf"(?: {_SAY}\b|[^“\"]{{0,60}}\.\Z)")
_NAME = re.compile(r"(?<![\w’'-])[A-Z][a-z]+(?:[A-Z][a-z]+)?(?![\w-])")
_OF_SOMEBODY = PRIVATE | TITLES | BODIES_OF_PERSONS
_OWNS = re.compile(rf"[’']s\b| (?:{'|'.join(sorted(_OF_SOMEBODY))})\b")
"""*Trump's adviser said he*, *Trump lawyer Ada Ruritan said he*: the adviser, the lawyer."""
_ADJUNCT = re.compile(
    r"(?:(?:After|Before|While|Since|Without|By|In|On|Upon|Besides|When|Despite|Instead of) )?"
    r"(?P<doing>[A-Za-z-]+ing) (?=[^,]*,)"
)
"""*After meeting with Hentzau, he left*: the subject of an opening participle is *he*."""
_NEAREST_WORDS = 40
_SPEAKS = re.compile(r"\b(?:he|she) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a sentence, and the span of the sentence that names it.

    ``word`` is the pronoun used for it since: after *he*, *she* is somebody else.
    """

    actors: tuple[str, ...]
    span: tuple[int, int]
    word: str | None = None


def subject_of(text: str, span: tuple[int, int], mentions: Sequence[Mention]) -> Subject | None:
    """Return the subject of a sentence, which a pronoun in the next may mean."""
    if not mentions:
        return None
    first = mentions[0]
    for other in mentions[1:]:  # "US President" and the name after it are one
        first = other if 0 <= other.start - first.end <= 1 else first
    after = _AFTER_SUBJECT.match(text, first.end, span[1])
    acts = after is not None and (is_verb_form(after["word"]) or after["word"].endswith("ly"))
    if acts and first.kind is not AliasKind.DEMONYM and not _named_before(text, span, first):
        return Subject((first.actor,), span)
    # “Roy is old,” Sneade said. He ...: Roy.
    speaker = mentions[-1]
    spoke = _SPOKE_BEFORE.search(text, span[0], speaker.start)
    if spoke and _SPOKE_AFTER.match(text, speaker.end, span[1]):
        return None if _unknown(text, *span, mentions) else Subject((speaker.actor,), span)
    return None


def _named_before(text: str, span: tuple[int, int], first: Mention) -> bool:
    """Return whether a sentence has an unknown name, or a quote, before its first mention."""
    if any(mark in text[span[0] : first.start] for mark in '“"'):
        return True
    return _unknown(text, span[0], first.start, [])


def opening_pronoun(text: str, span: tuple[int, int]) -> str | None:
    """Return the pronoun that begins a sentence."""
    match = _OPENS.match(text, *span)
    return match["word"].lower() if match else None


def _pronoun(text: str, span: tuple[int, int], subject: Subject) -> tuple[int, int] | None:
    """Return the span of a sentence's opening pronoun if it can mean ``subject``."""
    match = _OPENS.match(text, *span)
    if match is None or not _suits(match["word"].lower(), subject):
        return None
    return match.span("word")


def resolved(
    text: str, span: tuple[int, int], mentions: Sequence[Mention], subject: Subject | None
) -> tuple[list[Mention], bool]:
    """Return a sentence's mentions plus those of its pronouns, and whether ``subject`` is one.

    The added mentions are for reading acts only; they name no actor by an alias.
    """
    at = _pronoun(text, span, subject) if subject is not None else None
    if at is not None and subject is not None:
        return [_mention(text, at, subject.actors[0]), *mentions], True
    people = [m for m in mentions if m.actor.startswith("person:")]
    if not people or _SPEAKS.search(text, *span) is None:
        return list(mentions), False
    for match in _INSIDE.finditer(text, *span):
        before = [m for m in people if m.end <= match.start("word")]
        named = {m.actor for m in before}
        # "Trump's adviser said he": the adviser.
        owns = any(_OWNS.match(text, m.end) for m in before)
        # "He believed Trump should go": somebody else.
        again = any(
            0 <= m.start - match.end() < _NEAREST_WORDS and m.actor in named for m in people
        )
        # "Jackson told Cornyn she": Jackson.
        others = _unknown(text, span[0], match.start("word"), mentions)
        if _opens_with_adjunct(text, span, match.start()):
            continue
        if len(named) == 1 and not owns and not again and not others:
            added = _mention(text, match.span("word"), named.pop())
            return sorted([*mentions, added], key=lambda m: m.start), False
    return list(mentions), False


def _opens_with_adjunct(text: str, span: tuple[int, int], comma: int) -> bool:
    """Return whether the text before a comma is an adjunct of the subject: *Leaving Doha*."""
    found = _ADJUNCT.match(text, *span)
    return (
        found is not None
        and is_ing(found["doing"].lower())
        and text.find(",", found.end()) == comma
    )


def _unknown(text: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Return whether a stretch contains a name that is not a mention."""
    overlaps = overlap([(m.start, m.end) for m in mentions])
    return any(
        not overlaps(*name.span())
        and not is_common(key := name[0].lower())
        and key not in TIME
        and key not in HONORIFICS
        for name in _NAME.finditer(text, start, end)
    )


def _suits(word: str, subject: Subject) -> bool:
    if len(subject.actors) != 1 or subject.word not in (None, word):
        return False
    kinds = {"they": ("group:",), "it": ("state:", "org:", "group:")}
    return subject.actors[0].startswith(kinds.get(word, ("person:", "office:")))


def _mention(text: str, at: tuple[int, int], actor: str) -> Mention:
    return Mention(
        field="text", start=at[0], end=at[1], actor=actor, alias=text[at[0] : at[1]],
        kind=AliasKind.NAME,
    )  # fmt: skip


_PAIR = re.compile(
    r"\b(?:(?:[Tt]he|[Tt]hese) two|[Bb]oth) "
    r"(?:(?P<states>countries|nations|states|governments|neighbou?rs)|(?P<sides>sides|parties)|"
    r"(?P<people>leaders|presidents|ministers|foreign ministers|prime ministers|men|politicians|"
    r"diplomats|officials))\b(?![’'-])"
)
_TWO = 2
_FITS = {
    "states": ("state:",),
    "sides": ("state:", "group:"),
    "people": ("person:", "office:"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors that a phrase stands for; ``span`` is the sentence that first names them."""

    mention: Mention
    actors: tuple[str, str]
    span: tuple[int, int]


def pair_in(
    text: str,
    span: tuple[int, int],
    mentions: Sequence[Mention],
    before: Sequence[tuple[tuple[int, int], Sequence[Mention]]],
) -> Pair | None:
    """Return the first pair of a sentence that its paragraph resolves.

    ``mentions`` are the sentence's own, ``before`` the sentences of the paragraph up to it, each
    with its mentions, in order.
    """
    match = _PAIR.search(text, *span)
    if match is None or any(m.start < match.end() and match.start() < m.end for m in mentions):
        return None
    kinds = _FITS[str(match.lastgroup)]
    own = (span, [m for m in mentions if m.end <= match.start()])
    # "Qatar urged both countries to sign": Qatar is a third.
    for sentences in ([own, *reversed(before)], [*reversed(before)]):
        for where, named in _nearest(sentences, kinds):
            if len(named) == _TWO:
                return _pair(match, named, where)
    return None


def _nearest(
    sentences: Sequence[tuple[tuple[int, int], Sequence[Mention]]], kinds: tuple[str, ...]
) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
    """Yield the nearest two or more actors, and where they are named; three are not a pair."""
    found: list[str] = []
    for where, some in sentences:
        found += [m.actor for m in some if m.actor.startswith(kinds)]
        if len(set(found)) > 1:
            yield where, tuple(dict.fromkeys(found))
            return


def _pair(match: re.Match[str], named: tuple[str, ...], span: tuple[int, int]) -> Pair:
    mention = Mention(
        field="text", start=match.start(), end=match.end(), actor=named[0], alias=match[0],
        kind=AliasKind.NAME,
    )  # fmt: skip
    return Pair(mention, (named[0], named[1]), span)


Span = tuple[int, int]

MAX_SENTENCE_CHARACTERS = 1200
"""The length of the longest sentence that is read."""

MAX_SOURCE_CHARACTERS = 120
"""Maximum length of a span over several sources; if it is longer, only the first source is kept."""

MAX_ACTORS_A_SIDE = 4

CLASS_ACTS = {
    EventClass.AGREE: "agree",
    EventClass.CONSULT: "hold talks",
    EventClass.SUPPORT: "support",
    EventClass.COOPERATE: "cooperate",
    EventClass.AID: "help",
    EventClass.CONCEDE: "yield",
    EventClass.RETREAT: "withdraw",
    EventClass.REQUEST: "demand",
    EventClass.ACCUSE: "accuse",
    EventClass.REJECT: "reject",
    EventClass.THREATEN: "threaten",
    EventClass.PROTEST: "protest",
    EventClass.SANCTION: "sanction",
    EventClass.MOBILIZE: "mobilize",
    EventClass.COERCE: "detain",
    EventClass.ASSAULT: "attack",
    EventClass.MOVE: "move",
}
"""The name of an act whose trigger is not a verb."""

_AUXILIARIES = frozenset("be is are was were been being have has had do does did will".split())
_LINKS = frozenset("on with to for from against at of in into over".split())
_BEFORE_NOUNS = frozenset("the a an its his her their this that these of in for on after".split())
_DETERMINERS = frozenset("the a an its his her their".split())
_MISLEADING = frozenset("talk deal strike call war fire clash rally".split())
"""Verbs that differ in meaning from the noun with the same spelling."""

_MAX_ACT_WORDS = 3
_MAX_WORDS_TO_TARGET = 2
"""Words between a verb and its target: *on the*."""

ACTS_FOR_THRESHOLD = 0.5
"""Minimum probability that a span stands for an actor."""


class Sentence(NamedTuple):
    """One sentence of a field, with its mentions; offsets are those of the field."""

    field: Field_
    text: str
    span: Span
    mentions: Sequence[Mention]
    pair: Pair | None = None

    @property
    def quote(self) -> str:
        """The words of the sentence."""
        return self.text[slice(*self.span)]

    @property
    def evidence(self) -> Quote:
        """The sentence as evidence."""
        return Quote(field=self.field, start=self.span[0], end=self.span[1], quote=self.quote)


def may_state_facts(sentence: Sentence) -> bool:
    """Return cheaply whether a sentence can state a fact that somebody may ask for.

    Sentences that name no actor are found by their words alone. Questions state no fact, and longer
    "sentences" are lists and tables.
    """
    start, end = sentence.span
    asks = sentence.quote.rstrip("\"”’') ").endswith("?")
    return bool(sentence.mentions) and end - start <= MAX_SENTENCE_CHARACTERS and not asks


class _Side(NamedTuple):
    """Source or target of an act: an actor, words of the sentence, or words for an actor's people
    or things. Empty if nobody is named."""

    actor: str = ""
    words: str | None = None


def facts_of(
    sentence: Sentence, found: Sequence[Extracted], published: date | None
) -> list[FoundFact]:
    """Return the facts of a sentence with the acts that were read in it."""
    facts: list[FoundFact] = []
    seen: set[tuple[object, ...]] = set()  # two triggers may mark one act
    for one in sorted(found, key=lambda one: -one.probability):
        for fact in _facts(sentence, one, published):
            keys = tuple(_keys(fact, mutual=one.mutual))
            if seen.isdisjoint(keys):
                facts.append(fact)
            seen.update(keys)
    return facts


def _keys(fact: FoundFact, *, mutual: bool) -> Iterator[tuple[object, ...]]:
    """Yield keys that no two facts of a sentence share: for mutual acts, in both directions."""
    source, target = fact.source_actor or fact.source_words, fact.target_actor
    yield fact.event_class, fact.status, source, target, fact.target_words
    if mutual and target is not None:
        yield fact.event_class, fact.status, source, target, None
        yield fact.event_class, fact.status, target, source, None


def _facts(sentence: Sentence, found: Extracted, published: date | None) -> Iterator[FoundFact]:
    start = sentence.span[0]
    roles = {
        role: [
            (start + first, start + last)
            for first, last in spans
            if sentence.quote[first:last].lower() not in _DETERMINERS  # means nothing by itself
        ]
        for role, spans in found.roles.items()
    }
    trigger = (start + found.trigger[0], start + found.trigger[1])
    claimants = _actors(sentence, roles.get("claimant", []))
    claimant = claimants[0] if len(claimants) == 1 else None
    claimed = roles.get("claimant", []) if claimant is None else []
    when, precision = _when(sentence, roles.get("when", []), found.status, published)
    sources, targets = _sources(sentence, roles.get("source", [])), _targets(sentence, roles)
    together = found.mutual and len(sources) > 1 and not any(one.actor for one in targets)
    # An object's preposition, *agree on*, does not belong to a source.
    act = _act(sentence, found.event_class, trigger, {} if together else roles)
    for source, target in dict.fromkeys(_pairs(sources, targets, together=together)):
        yield FoundFact(
            source_actor=source.actor,
            source_words=source.words,
            event_class=found.event_class,
            act=act,
            target_actor=target.actor or None,
            target_words=target.words,
            status=found.status,
            claimant=claimant,
            claimant_words=sentence.text[claimed[0][0] : claimed[-1][1]] if claimed else None,
            event_date=when,
            date_precision=precision,
            place=_place(sentence, roles.get("place", [])),
            probability=round(found.probability, 3),
            evidence=(sentence.evidence,),
        )


def _pairs(
    sources: Sequence[_Side], targets: Sequence[_Side], *, together: bool
) -> Iterator[tuple[_Side, _Side]]:
    """Pair sources with targets; if the sources act together, every two of them."""
    if together:
        yield from combinations(sources[:MAX_ACTORS_A_SIDE], 2)
        return
    for one, target in product(sources[:MAX_ACTORS_A_SIDE], targets[:MAX_ACTORS_A_SIDE]):
        if not one.actor or target.actor != one.actor:
            yield one, target
        elif target.words:  # a state that acts against its own people
            yield one, _Side(words=target.words)


def _sources(sentence: Sentence, spans: Sequence[Span]) -> list[_Side]:
    """Return the sources: actors, or else words of the sentence; one empty side if none."""
    found = _actors(sentence, spans)
    if found:
        return [_Side(one) for one in found]
    if not spans:
        return [_Side()]
    together = (spans[0][0], spans[-1][1])
    fits = together[1] - together[0] <= MAX_SOURCE_CHARACTERS
    return [_Side(words=sentence.text[slice(*(together if fits else spans[0]))])]


def _actors(sentence: Sentence, spans: Sequence[Span]) -> list[str]:
    """Return the actors that some spans stand for."""
    found: dict[str, None] = {}
    for span in spans:
        pair = sentence.pair
        if pair is not None and _overlap(span, (pair.mention.start, pair.mention.end)):
            found |= dict.fromkeys(pair.actors)
        elif (linked := _linked(sentence, span)) is not None and linked[1]:
            found[linked[0].actor] = None
    return list(found)


def _targets(sentence: Sentence, roles: dict[str, list[Span]]) -> list[_Side]:
    """Return the targets of an act, or else its object; one empty side if it has neither."""
    found: list[_Side] = []
    for span in roles.get("target", []):
        words = sentence.text[slice(*span)]
        pair = sentence.pair
        if pair is not None and _overlap(span, (pair.mention.start, pair.mention.end)):
            found += map(_Side, pair.actors)
        elif (linked := _linked(sentence, span)) is None:
            found.append(_Side(words=words))
        elif linked[1]:
            found.append(_Side(linked[0].actor))
        else:
            owner = linked[0].actor if _owns(sentence.text, linked[0]) else ""
            found.append(_Side(owner, words))
    if not found and roles.get("object"):
        found.append(_Side(words=sentence.text[slice(*roles["object"][0])]))
    return found or [_Side()]


def _owns(text: str, mention: Mention) -> bool:
    """Return whether a mention is a possessor: *Iranian ships*, *Iran's ships*."""
    beside = text[max(0, mention.start - 1) : mention.start] + text[mention.end : mention.end + 1]
    own = text.startswith(("'s", "’s"), mention.end) or mention.kind is AliasKind.DEMONYM
    return own and "-" not in beside


def _linked(sentence: Sentence, span: Span) -> tuple[Mention, bool] | None:
    """Return the mention inside a span, and whether the whole span stands for its actor."""
    inside = [one for one in sentence.mentions if _overlap(span, (one.start, one.end))]
    if not inside:
        return None
    scored = [(acts_for(sentence.text, span, one), one.end) for one in inside]
    best = max(range(len(inside)), key=scored.__getitem__)
    return inside[best], scored[best][0] >= ACTS_FOR_THRESHOLD


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _place(sentence: Sentence, spans: Sequence[Span]) -> str | None:
    for span in spans:
        for one in sentence.mentions:
            if _overlap(span, (one.start, one.end)) and one.actor.startswith(("state:", "place:")):
                return one.actor
    return None


def _when(
    sentence: Sentence, spans: Sequence[Span], status: Status, published: date | None
) -> tuple[date | None, Precision | None]:
    """Return the day given by the act's own time expressions, and its precision."""
    ahead = status is Status.PLANNED
    text = sentence.text
    words = " | ".join(text[slice(*_with_preposition(text, span))] for span in spans)
    if not words:
        return None, None
    words = f"In {words[3:]}" if words.startswith("in ") else words
    day, precision = event_date(words, published, ahead=ahead)
    if day is None or published is None:
        return day, precision
    if ahead:
        lasts = {"year": (12, 31), "month": (day.month, 31)}  # for comparison only
        month, last = lasts.get(precision or "", (day.month, day.day))
        over = (day.year, month, last) < (published.year, published.month, published.day)
        return (None, None) if over else (day, precision)
    return (None, None) if day > published else (day, precision)


def _with_preposition(text: str, span: Span) -> Span:
    """Return a span with the preceding word: *on* Monday, *in* 2019, *since* Monday."""
    before = text[: span[0]].rstrip()
    first = before.rfind(" ") + 1
    return (first, span[1]) if before[first:].isalpha() else span


def _act(
    sentence: Sentence, event_class: EventClass, trigger: Span, roles: dict[str, list[Span]]
) -> str:
    """Name an act by the bare verb of its trigger and its particle: *pull out*."""
    words = sentence.text[slice(*trigger)].lower().split()
    while len(words) > 1 and words[0] in _AUXILIARIES:
        del words[0]
    verb = _bare(words[0]) if words else None
    if verb is None or len(words) > _MAX_ACT_WORDS or not all(word.isalpha() for word in words):
        return CLASS_ACTS[event_class]
    if _is_noun(sentence, words[0], trigger[0]):
        return CLASS_ACTS[event_class] if verb in _MISLEADING or words[1:] else verb
    return " ".join(filter(None, [verb, *words[1:], _link(sentence.text, trigger, roles)]))


def _bare(word: str) -> str | None:
    """Return the base form of a verb; the tables lack participles in *-n*."""
    bases = (word, word.removesuffix("n"), word.removesuffix("en"))
    verb = next((found for one in bases if (found := bare_form(one))), None)
    return None if verb in _AUXILIARIES else verb


def _is_noun(sentence: Sentence, word: str, start: int) -> bool:
    """Return whether a word that may be a verb is a noun, by the words before it."""
    if is_past(word):
        return False
    first = sentence.span[0]
    before = sentence.text[first:start].split()
    if not before:
        return True
    demonym = any(
        one.kind is AliasKind.DEMONYM and one.end == start - 1 for one in sentence.mentions
    )
    last = before[-1].lower()
    leads = last in _BEFORE_NOUNS or is_past(last)  # *held* talks
    return demonym or leads or last.endswith(("'s", "’s", "'", "’"))


def _link(text: str, trigger: Span, roles: dict[str, list[Span]]) -> str:
    """Return the preposition between a verb and its target or object, if any."""
    spans = roles.get("target") or roles.get("object") or []
    between = text[trigger[1] : spans[0][0]].split() if spans else []
    if 0 < len(between) <= _MAX_WORDS_TO_TARGET and between[0] in _LINKS:
        return between[0]
    return ""


_MONTH = "|".join(map(str.capitalize, MONTHS)) + r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\."
_DAY = "|".join(map(str.capitalize, WEEKDAYS))

_FULL = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_MONTH}),? (?P<y1>\d{{4}})|"
    rf"(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}}))\b"
)
_MONTH_ALONE = re.compile(rf"\b[Ii]n (?:early |late |mid-)?(?P<m>{_MONTH})(?!\w|,? \d)")
_MONTH_YEAR = re.compile(rf"\b[Ii]n (?:early |mid-|late )?(?P<m>{_MONTH}),? (?P<y>\d{{4}})\b")
_DAY_MONTH = re.compile(
    rf"\b[Oo]n (?:(?P<d1>\d{{1,2}}) (?P<m1>{_MONTH})|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}}))\b(?! ?\d)"
)
# A year later in the sentence is mostly background: "the first time since 2021".
_YEAR = re.compile(r"\AIn (?P<y>(?:19|20)\d{2})\b")
_WEEKDAY = re.compile(rf"\b(?:{_DAY})\b")
# The end of a period, or a future or recurring day, is not the day of an act.
_NOT_THEN = re.compile(
    rf"\b(?:until|till|since|from|by|before|after|through|between|coming|next|following|every|each|most|of|for)"
    rf" (?:early |late |mid-)?(?:{_MONTH}|{_DAY}|\d{{4}})\b"
    rf"(?: \d{{1,2}}\b)?(?:,? \d{{4}})?"
)
# The timestamp of a live page runs into its first sentence: "8:39 am ET March 12, 2026".
_STAMP = re.compile(r"\b\d{1,2}:\d{2} ?[ap]\.?m\.? [A-Z]{2,4},? \w+\.? \d{1,2}, \d{4}\b")
_NEAR = re.compile(r"\b(?:yesterday|today|tonight|tomorrow)\b", re.IGNORECASE)
_NEAR_DAYS = {"yesterday": -1, "tomorrow": 1}


_TOMORROW = 6
"""The weekday of so many days ago is also tomorrow's. As often as not, it means tomorrow: the
article was updated after its date."""


def event_date(
    sentence: str, published: date | None, *, ahead: bool = False
) -> tuple[date | None, Precision | None]:
    """Return the day and its precision; (None, None) if the sentence gives none.

    A weekday is the latest one up to the day of publication, except tomorrow's; a month or a day
    without a year is the latest, too. If the act is ``ahead``, all these are the next ones. Two
    different dates give none: it is unknown which of them dates the act.
    """
    found: dict[date, Precision] = {}
    rest = _NOT_THEN.sub(" ", _STAMP.sub(" ", sentence))
    for regex, precision in ((_FULL, "day"), (_MONTH_YEAR, "month")):
        for match in regex.finditer(rest):
            day = _explicit(match)
            if day is not None:
                found[day] = "day" if precision == "day" else "month"
        rest = regex.sub(" ", rest)
    if published is not None:
        found.update(_coming(rest, published) if ahead else _latest(rest, published))
    if not found:
        for match in _YEAR.finditer(rest):
            found[date(int(match["y"]), 1, 1)] = "year"
    if len(found) != 1:
        return None, None
    return next(iter(found.items()))


def _explicit(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    month = groups.get("m1") or groups.get("m2") or groups["m"]
    day = groups.get("d1") or groups.get("d2") or "1"
    year = groups.get("y1") or groups.get("y2") or groups["y"]
    try:
        return date(int(str(year)), month_number(str(month)), int(day))
    except ValueError:
        return None


def _latest(sentence: str, published: date) -> dict[date, Precision]:
    """Return the days that words without a year mean for a past act."""
    found: dict[date, Precision] = {}
    for when in _days_and_months(sentence):
        # "On December 28" in a January article is last year's.
        latest = published + (timedelta(days=31) if when.precision == "day" else timedelta(0))
        if day := when.first(range(published.year, published.year - 5, -1), latest=latest):
            found[day] = when.precision
    for match in _WEEKDAY.finditer(sentence):
        back = (published.weekday() - WEEKDAYS[match.group().lower()]) % 7
        if back < _TOMORROW or sentence.endswith("ast ", 0, match.start()):
            found[published - timedelta(days=back)] = "day"
    for match in _NEAR.finditer(sentence):
        away = _NEAR_DAYS.get(match.group().lower(), 0)
        if away < 1:
            found[published + timedelta(days=away)] = "day"
    return found


def _coming(sentence: str, published: date) -> dict[date, Precision]:
    """Return the days that words without a year mean for a future act."""
    found: dict[date, Precision] = {}
    for when in _days_and_months(sentence):
        earliest = published if when.precision == "day" else published.replace(day=1)
        if day := when.first(range(published.year, published.year + 5), earliest=earliest):
            found[day] = when.precision
    for match in _WEEKDAY.finditer(sentence):
        away = (WEEKDAYS[match.group().lower()] - published.weekday()) % 7
        found[published + timedelta(days=away)] = "day"
    for match in _NEAR.finditer(sentence):
        away = _NEAR_DAYS.get(match.group().lower(), 0)
        if away > -1:
            found[published + timedelta(days=away)] = "day"
    return found


class _Yearless(NamedTuple):
    """A day or month without a year."""

    month: int
    day: int
    precision: Precision

    def first(
        self, years: range, *, earliest: date = date.min, latest: date = date.max
    ) -> date | None:
        """Return the first match, in the order of the years, that lies within bounds."""
        for year in years:
            try:
                found = date(year, self.month, self.day)
            except ValueError:  # February 29
                continue
            if earliest <= found <= latest:
                return found
        return None


def _days_and_months(sentence: str) -> Iterator[_Yearless]:
    for match in _DAY_MONTH.finditer(sentence):
        yield _Yearless(
            month_number(match["m1"] or match["m2"]), int(match["d1"] or match["d2"]), "day"
        )
    for match in _MONTH_ALONE.finditer(sentence):
        yield _Yearless(month_number(match["m"]), 1, "month")


Floats = NDArray[np.float32]

_BARE_WORDS = frozenset(("", "the", "both", "of", "’s", "'s"))
_RELATION = re.compile(r"(?<![\w-])(?:of|to|for|and|or)(?![\w-])|['’]s|-\Z")
_SEPARATORS = re.compile(
    r"(?<![\w-])(?:with|against|by|from|on|in|at|about|over|under|near|around|behind|beside|"
    r"between|like|than|towards?|into|after|before)"
    r"(?: the)?(?: (?!Chief\b|Large\b)[A-Z][\w.’-]*)* \Z"
)
"""Words after which a person is not the head of the phrase: *the crowd around*, *protesters against
President*; *Commander in Chief* is a title."""
_KINDS = (AliasKind.DEMONYM, AliasKind.OFFICE, AliasKind.CAPITAL, AliasKind.METONYM)


def acts_for(text: str, span: tuple[int, int], mention: Mention) -> float:
    """Return the probability that a span stands for the actor of a mention in it."""
    before = text[span[0] : mention.start] if mention.start > span[0] else ""
    after = text[mention.end : span[1]] if span[1] > mention.end else ""
    if before.strip().lower() in _BARE_WORDS and after.strip(" .,;:").lower() in _BARE_WORDS:
        return 1.0
    is_person = mention.actor.startswith("person:")
    if is_person and not after.strip(" .,;:"):
        if _SEPARATORS.search(before):
            return 0.0
        if not _RELATION.search(before):
            return 1.0  # titles before a name belong to it
    kind = None if is_person else mention.kind
    return _probability(before, after, kind, mention.actor.partition(":")[0])


def features(parts: Sequence[tuple[str, str, AliasKind | None, str]]) -> Floats:
    """Return a row for each mention, given the words before and after it, its alias kind and its
    actor type."""
    vectors = encode([f"{before}X{after}" for before, after, _, _ in parts])
    types = ("person", "state", "org", "group")
    marks = [
        [
            *(float(kind is one) for one in _KINDS),
            *(float(actor == one) for one in types),
            float(not after.strip()),
            float(not before.strip()),
            1.0,
        ]
        for before, after, kind, actor in parts
    ]
    return np.hstack([vectors * 4, np.array(marks, dtype=np.float32)])


@lru_cache(maxsize=20_000)
def _probability(before: str, after: str, kind: AliasKind | None, actor: str) -> float:
    odds = features([(before, after, kind, actor)]) @ _weights()
    return float(1 / (1 + np.exp(-odds[0])))


@cache
def _weights() -> Floats:
    folder = resources.files("seeds").joinpath("weights")
    with resources.as_file(folder.joinpath("agency.npz")) as file:
        weights: Floats = np.load(file)["weights"].astype(np.float32)
    return weights
