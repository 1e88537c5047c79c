"""Turn what the trained reader finds in a sentence into facts about actors.

The reader (``bot/read/extraction.py``) returns roles as spans of the sentence. Here each span is
linked to the actor that its mentions name, and the act gets a name and a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, product
from typing import NamedTuple

from bot.models import AliasKind, EventClass, Field_, FoundFact, Mention, Precision, Quote, Status
from bot.read.agency import acts_for
from bot.read.coreference import Pair
from bot.read.dates import event_date
from bot.read.extraction import Extracted
from bot.text.english import bare_form, is_past

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
