"""Read an article into a Reading. Pure: the same input always gives the same output."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from bot.match.actors import ActorIndex
from bot.match.provisional import introduced_as, newcomers, without_mere_names
from bot.models import (
    MUTUAL,
    NAMES_ONLY,
    ActorType,
    EventClass,
    FoundFact,
    Mention,
    Quote,
    Reading,
    Status,
)
from bot.read.attributed import attributed
from bot.read.event_coreference import with_sides
from bot.read.extraction import extract_stated
from bot.read.linking import (
    Sentence,
    Subject,
    facts_of,
    may_state_facts,
    opening_pronoun,
    pair_in,
    resolved,
    subject_of,
)
from bot.read.mentions import find_mentions, in_scope
from bot.read.new_entities import acting, find_introduced
from bot.text.language import READ, language
from bot.text.sentences import passages, sentences

READER_VERSION = "14"
"""Raise it whenever the same text would be read differently: this makes stored readings stale."""

SHORT_TEXT = 3
"""A text with at most so many sentences is a short item, not an article."""

MOST_EVIDENCE = 12
"""Spans kept for one fact from one article: a text may repeat itself without end."""

_REPORTED_ONCE = MUTUAL - {EventClass.COOPERATE}
"""Classes for which one article reports one act between two sides in different words; *export* and
*share intelligence* are two acts of cooperation."""

_PRONOUNS = frozenset(
    "he she it they him her them his hers its theirs this that these those who which some others "
    "i we you me us one himself herself itself themselves each other".split()
) | {"each other", "one another"}
"""Words for a side of an act that may mean another actor in another sentence."""


class Page(NamedTuple):
    """The parts of an article that a reader needs, and whether to look for facts."""

    title: str
    text: str
    published: datetime | None
    facts: bool = True


def read_all(pages: Sequence[Page], index: ActorIndex, gazetteer_version: str) -> list[Reading]:
    """Read revisions, each by itself; see ``read``."""
    return [
        read(page.title, page.text, page.published, index, gazetteer_version, facts=page.facts)
        for page in pages
    ]


def read(
    title: str,
    text: str,
    published: datetime | None,
    index: ActorIndex,
    gazetteer_version: str,
    *,
    facts: bool = True,
) -> Reading:
    """Read one revision: passages, mentions, facts and its original source.

    Without ``facts`` these are left for later, and the reader version says so, unless the text is
    in a language for which only names are read (``text.language``).

    Facts are about actors of the index, and about people and groups that the article introduces, by
    placeholder ids (``match.provisional``).
    """
    day = published.date() if published else None
    mentions = sorted(
        find_mentions(title, text, index, day), key=lambda m: (m.field, m.start, -m.end)
    )
    original = attributed(text)
    line = original.line if original else None
    spans = [span for span in sentences(text) if line is None or not _inside(span, line)]
    spoken = language(text)
    readable = spoken is None or spoken in READ
    introduced = find_introduced(title, text, mentions, index) if readable else ()
    found: tuple[FoundFact, ...] = ()
    if readable and facts:
        whole = in_scope({"title": title, "text": text}, mentions, index, day)
        named = acting(title, text, whole, introduced)
        known = index.with_others(newcomers(introduced)) if introduced else index
        stated = _facts(title, text, spans, named, day)
        found = tuple(with_sides(one, known, day) for one in merge(stated, known))
    introduced, found = without_mere_names(introduced, found)
    return Reading(
        reader_version=READER_VERSION + (NAMES_ONLY if readable and not facts else ""),
        gazetteer_version=gazetteer_version,
        original_source=original.name if original else None,
        language=spoken,
        passages=tuple(passages(text, spans)),
        mentions=tuple(mentions),
        facts=found,
        introduced=introduced,
    )


def merge(facts: Iterable[FoundFact], index: ActorIndex) -> list[FoundFact]:
    """Merge repeated reports in an article into one fact with all its evidence.

    If the lead names two countries, the body their ministers, and the conclusion both again, that
    is one meeting, named by the most specific actors.
    """
    kept: list[FoundFact] = []
    for fact in facts:
        for at, other in enumerate(kept):
            if _same(fact, other, index):
                kept[at] = _joined(other, fact, index)
                break
        else:
            kept.append(fact)
    return kept


class _Located:
    """The mentions of one field, for fast lookup by sentence."""

    def __init__(self, mentions: Sequence[Mention], field: str) -> None:
        self._mentions = [mention for mention in mentions if mention.field == field]
        self._starts = [mention.start for mention in self._mentions]

    def inside(self, start: int, end: int) -> list[Mention]:
        """Return the mentions in a span, in order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [mention for mention in self._mentions[first:last] if mention.end <= end]


class _Item(NamedTuple):
    """A sentence to read, the subject of its opening pronoun, and its paragraph's number."""

    sentence: Sentence
    subject: Subject | None = None
    paragraph: int | None = None
    """None in a title."""


def _items(
    title: str, text: str, spans: Sequence[tuple[int, int]], mentions: Sequence[Mention]
) -> list[_Item]:
    """Split a title and a text into sentences to read."""
    located = _Located(mentions, "title")
    items = [
        _Item(Sentence("title", title, span, located.inside(*span))) for span in sentences(title)
    ]
    return [*items, *_text_items(text, spans, _Located(mentions, "text"))]


def _facts(
    title: str,
    text: str,
    spans: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    day: date | None,
) -> list[FoundFact]:
    """Read the sentences of a title and a text, and link the acts in them."""
    every = _items(title, text, spans, mentions)
    items = [one for one in every if may_state_facts(one.sentence)]
    quotes = [one.sentence.quote for one in items]
    stated = extract_stated(quotes, article=len(spans) > SHORT_TEXT)
    acts = zip(items, stated, strict=True)
    found: list[FoundFact] = []
    for paragraph, some in groupby(acts, lambda one: one[0].paragraph):
        here: list[FoundFact] = []
        for item, own in some:
            for fact in facts_of(item.sentence, own, day):
                named = _with_others(text, fact, item)
                here.append(named if paragraph is None else _destined(named, here))
        found += here
    return found


def _text_items(text: str, spans: Sequence[tuple[int, int]], located: _Located) -> Iterator[_Item]:
    subject: Subject | None = None
    before: tuple[int, int] | None = None
    for number, paragraph in enumerate(_paragraphs(text, spans)):
        earlier: list[tuple[tuple[int, int], Sequence[Mention]]] = []
        for span in paragraph:
            word = opening_pronoun(text, span)
            if word is None:
                subject = None
            elif subject is None and before is not None:
                subject = subject_of(text, before, located.inside(*before))
            if subject is not None and subject.word is None:
                subject = replace(subject, word=word)
            mentions, stands_for = resolved(text, span, located.inside(*span), subject)
            pair = pair_in(text, span, mentions, earlier)
            if pair is not None:
                mentions = sorted([*mentions, pair.mention], key=lambda one: one.start)
            sentence = Sentence("text", text, span, mentions, pair)
            yield _Item(sentence, subject if stands_for else None, number)
            before = span
            earlier.append((span, mentions))


def _with_others(text: str, fact: FoundFact, item: _Item) -> FoundFact:
    """Add the sentences that name the referents of a pronoun, or of *the two countries*."""
    if item.subject is not None:
        fact = _naming(text, fact, item.subject.actors[:1], item.subject.span)
    pair = item.sentence.pair
    if pair is not None and pair.span != item.sentence.span:
        fact = _naming(text, fact, pair.actors, pair.span)
    return fact


def _naming(
    text: str, fact: FoundFact, actors: tuple[str, ...], span: tuple[int, int]
) -> FoundFact:
    """Add the sentence that names these actors to a fact about one of them."""
    if not {fact.source_actor, fact.target_actor, fact.claimant}.intersection(actors):
        return fact
    start, end = span
    naming = Quote(field="text", start=start, end=end, quote=text[start:end])
    return fact.model_copy(update={"evidence": _union(fact.evidence, (naming,))})


def _destined(fact: FoundFact, before: Sequence[FoundFact]) -> FoundFact:
    """Give a planned visit without a destination the place its visitor was invited to."""
    if (
        fact.event_class is not EventClass.CONSULT
        or fact.status is not Status.PLANNED
        or fact.target_actor is not None
        or not fact.source_actor
    ):
        return fact
    for other in reversed(before):
        if (
            other.event_class is EventClass.REQUEST
            and other.target_actor == fact.source_actor
            and other.place
        ):
            return fact.model_copy(
                update={
                    "target_actor": other.place,
                    "evidence": _union(fact.evidence, other.evidence),
                }
            )
    return fact


def _paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = []
    for span in spans:
        if found and "\n" not in text[found[-1][-1][1] : span[0]]:
            found[-1].append(span)
        else:
            found.append([span])
    return found


def _inside(span: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1]


def _same(one: FoundFact, other: FoundFact, index: ActorIndex) -> bool:
    if (one.event_class, one.status) != (other.event_class, other.status):
        return False
    if one.event_date and other.event_date and one.event_date != other.event_date:
        return False
    if one.place and other.place and one.place != other.place:
        return False
    if (not one.source_actor or one.target_actor is None) and not _same_words(one, other):
        return False
    if one.event_class not in _REPORTED_ONCE and one.act != other.act:
        return False
    sides = (one.source_actor, one.target_actor)
    others = (other.source_actor, other.target_actor)
    if one.event_class is not EventClass.CONSULT:
        other_way = one.event_class in _REPORTED_ONCE and sides == others[::-1]
        return sides == others or other_way
    return _sides(sides, others, index) or _sides(sides, others[::-1], index)


def _same_words(one: FoundFact, other: FoundFact) -> bool:
    """Return whether one act has the same sides, as far as words show; pronouns do not."""
    sides = [
        [(words or "").lower() for words in (fact.source_words, fact.target_words)]
        for fact in (one, other)
    ]
    return sides[0] == sides[1] and one.act == other.act and _PRONOUNS.isdisjoint(sides[0])


def _sides(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None], index: ActorIndex
) -> bool:
    return all(_one_side(left, right, index) for left, right in zip(one, other, strict=True))


def _one_side(one: str | None, other: str | None, index: ActorIndex) -> bool:
    """Return whether one actor stands for the other: a state, its office, the office's holder."""
    if not one or not other or one == other:
        return one == other
    return _acts_for(index, one, other) or _acts_for(index, other, one)


def _acts_for(index: ActorIndex, whole: str, part: str) -> bool:
    """Return whether ``part`` acts for ``whole``; the index cannot say so of introduced actors."""
    known = index.get(part) if introduced_as(part) is not None else None
    acting_for = known.acts_for if known is not None else part
    return acting_for in index.expand(whole)


def _joined(kept: FoundFact, new: FoundFact, index: ActorIndex) -> FoundFact:
    best, rest = (kept, new) if _detail(kept, index) >= _detail(new, index) else (new, kept)
    both = (best.probability, rest.probability)
    return best.model_copy(
        update={
            "evidence": _union(best.evidence, rest.evidence),
            # A statement of the article itself needs no claimant.
            **_claimed(best, rest),
            "event_date": best.event_date or rest.event_date,
            "date_precision": best.date_precision or rest.date_precision,
            "place": best.place or rest.place,
            "probability": max((one for one in both if one is not None), default=None),
        }
    )


def _claimed(best: FoundFact, rest: FoundFact) -> dict[str, str | None]:
    claims = all(one.claimant or one.claimant_words for one in (best, rest))
    return {
        "claimant": best.claimant if claims else None,
        "claimant_words": best.claimant_words if claims else None,
    }


def _detail(fact: FoundFact, index: ActorIndex) -> int:
    ranks = {ActorType.PERSON: 2, ActorType.OFFICE: 1}
    actors = map(index.get, filter(None, (fact.source_actor, fact.target_actor)))
    return sum(ranks.get(known.type, 0) for known in actors if known is not None)


def _union(one: Sequence[Quote], other: Sequence[Quote]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys((*one, *other)))[:MOST_EVIDENCE]
