"""An article becomes a Reading. Pure: the same input always gives the same output."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from bot.match.actors import ActorIndex
from bot.match.provisional import introduced_as, newcomers, telling
from bot.models import (
    NAMES_ONLY,
    ActorType,
    EventClass,
    FoundFact,
    Introduced,
    Mention,
    Quote,
    Reading,
    Status,
)
from bot.read.attributed import attributed
from bot.read.coreference import Subject, opening_pronoun, pair_in, resolved, subject_of
from bot.read.event_coreference import with_sides
from bot.read.extraction import Extracted, extract_stated
from bot.read.linking import Sentence, facts_of, may_state_facts
from bot.read.mentions import find_mentions, in_scope
from bot.read.new_entities import acting, find_introduced
from bot.text.language import READ, language
from bot.text.sentences import passages, sentences

READER_VERSION = "11"
"""Raise it whenever the same text would be read differently: stored readings are then stale."""

MOST_EVIDENCE = 12
"""Spans that one fact keeps of one article: a text may tell the same thing without end."""

_BOTH_SIDED = frozenset({EventClass.CONSULT, EventClass.AGREE})


class Page(NamedTuple):
    """What a reader needs of an article, and whether it is to look for facts."""

    title: str
    text: str
    published: datetime | None
    facts: bool = True


def read(
    title: str,
    text: str,
    published: datetime | None,
    index: ActorIndex,
    gazetteer_version: str,
    *,
    facts: bool = True,
) -> Reading:
    """Read one revision; see ``read_all``."""
    return read_all([Page(title, text, published, facts)], index, gazetteer_version)[0]


def read_all(pages: Sequence[Page], index: ActorIndex, gazetteer_version: str) -> list[Reading]:
    """Read revisions: passages, mentions, facts and the original source that each names.

    Where a page asks for no facts they are left for later, and the version says so, unless the
    text is in a language that facts are not read in.

    Facts are about actors of the index, and about whom the article introduces, by the ids
    that stand in for them (``match.provisional``). In a language that facts are not read in
    (``text.language``), only names are found. Sentences of all pages are read together.
    """
    drafts = [_draft(page, index) for page in pages]
    sentences_ = [one.sentence.quote for draft in drafts for one in draft.items]
    acts = iter(extract_stated(sentences_))
    return [_finished(one, acts, index, gazetteer_version) for one in drafts]


class _Draft(NamedTuple):
    """A page read but for its facts, and the sentences that may state some."""

    page: Page
    language: str | None
    original_source: str | None
    spans: list[tuple[int, int]]
    mentions: Sequence[Mention]
    introduced: tuple[Introduced, ...] = ()
    items: Sequence[_Item] = ()

    @property
    def readable(self) -> bool:
        """Whether facts are read in its language."""
        return self.language is None or self.language in READ

    @property
    def day(self) -> date | None:
        """The day that it was published."""
        return self.page.published.date() if self.page.published else None


def _draft(page: Page, index: ActorIndex) -> _Draft:
    title, text = page.title, page.text
    day = page.published.date() if page.published else None
    mentions = sorted(
        find_mentions(title, text, index, day), key=lambda m: (m.field, m.start, -m.end)
    )
    original = attributed(text)
    line = original.line if original else None
    spans = [span for span in sentences(text) if line is None or not _inside(span, line)]
    draft = _Draft(page, language(text), original.name if original else None, spans, mentions)
    if not draft.readable:
        return draft
    introduced = find_introduced(title, text, mentions, index)
    if not page.facts:
        return draft._replace(introduced=introduced)
    whole = in_scope({"title": title, "text": text}, mentions, index, day)
    items = _items(title, text, spans, acting(title, text, whole, introduced))
    may = [one for one in items if may_state_facts(one.sentence)]
    return draft._replace(introduced=introduced, items=may)


def _finished(
    draft: _Draft, acts: Iterator[list[Extracted]], index: ActorIndex, gazetteer_version: str
) -> Reading:
    """Put the facts of a page together; ``acts`` gives those of each of its sentences in turn."""
    new = draft.introduced
    known = index.beside(newcomers(new)) if new else index
    found = _facts(draft, acts)
    facts = tuple(with_sides(one, known, draft.day) for one in merge(found, known))
    introduced, facts = telling(new, facts)
    kind = NAMES_ONLY if draft.readable and not draft.page.facts else ""
    return Reading(
        reader_version=READER_VERSION + kind,
        gazetteer_version=gazetteer_version,
        original_source=draft.original_source,
        language=draft.language,
        passages=tuple(passages(draft.page.text, draft.spans)),
        mentions=tuple(draft.mentions),
        facts=facts,
        introduced=introduced,
    )


def merge(facts: Iterable[FoundFact], index: ActorIndex) -> list[FoundFact]:
    """Fold what an article tells several times into one fact with all its evidence.

    A lead speaks of two countries, the body of their ministers, the conclusion of both
    again: that is one meeting, and the most specific actors name it.
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
    """The mentions of one field, to be had by sentence without looking through them all."""

    def __init__(self, mentions: Sequence[Mention], field: str) -> None:
        self._mentions = [mention for mention in mentions if mention.field == field]
        self._starts = [mention.start for mention in self._mentions]

    def inside(self, start: int, end: int) -> list[Mention]:
        """Return those that lie in a span, in order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [mention for mention in self._mentions[first:last] if mention.end <= end]


class _Item(NamedTuple):
    """A sentence to be read, whom its opening pronoun stands for, and its paragraph's number."""

    sentence: Sentence
    subject: Subject | None = None
    paragraph: int | None = None
    """None in a title."""


def _items(
    title: str, text: str, spans: Sequence[tuple[int, int]], mentions: Sequence[Mention]
) -> list[_Item]:
    """Cut a title and a text into sentences to be read."""
    located = _Located(mentions, "title")
    items = [
        _Item(Sentence("title", title, span, located.inside(*span))) for span in sentences(title)
    ]
    return [*items, *_text_items(text, spans, _Located(mentions, "text"))]


def _facts(draft: _Draft, acts: Iterator[list[Extracted]]) -> list[FoundFact]:
    """Link what was read in the sentences of a page."""
    found: list[FoundFact] = []
    for paragraph, items in groupby(draft.items, lambda one: one.paragraph):
        here: list[FoundFact] = []
        for item in items:
            for fact in facts_of(item.sentence, next(acts), draft.day):
                named = _with_others(draft.page.text, fact, item)
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
    """Add the sentences that name whom a pronoun, or *the two countries*, means."""
    if item.subject is not None:
        fact = _naming(text, fact, item.subject.actors[:1], item.subject.span)
    pair = item.sentence.pair
    if pair is not None and pair.span != item.sentence.span:
        fact = _naming(text, fact, pair.actors, pair.span)
    return fact


def _naming(
    text: str, fact: FoundFact, actors: tuple[str, ...], span: tuple[int, int]
) -> FoundFact:
    """Add the sentence that names these, to a fact about one of them."""
    if not {fact.source_actor, fact.target_actor, fact.claimant}.intersection(actors):
        return fact
    start, end = span
    naming = Quote(field="text", start=start, end=end, quote=text[start:end])
    return fact.model_copy(update={"evidence": _union(fact.evidence, (naming,))})


def _destined(fact: FoundFact, before: Sequence[FoundFact]) -> FoundFact:
    """Give a planned visit without a destination the one its visitor was invited to."""
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
    if (not one.source_actor or one.target_actor is None) and not _same_words(one, other):
        return False
    if one.event_class not in _BOTH_SIDED and one.act != other.act:
        return False
    straight = (one.source_actor, one.target_actor)
    theirs = (other.source_actor, other.target_actor)
    if one.event_class is not EventClass.CONSULT:
        other_way = one.event_class in _BOTH_SIDED and straight == theirs[::-1]
        return straight == theirs or other_way
    return _sides(straight, theirs, index) or _sides(straight, theirs[::-1], index)


def _same_words(one: FoundFact, other: FoundFact) -> bool:
    """Tell whether one act is done to the same, as far as words tell."""
    mine, theirs = (
        [(words or "").lower() for words in (fact.source_words, fact.target_words)]
        for fact in (one, other)
    )
    return mine == theirs and one.act == other.act


def _sides(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None], index: ActorIndex
) -> bool:
    return all(_one_side(mine, theirs, index) for mine, theirs in zip(one, other, strict=True))


def _one_side(mine: str | None, theirs: str | None, index: ActorIndex) -> bool:
    """Tell whether one actor stands for the other: a state, its office, whoever holds it."""
    if not mine or not theirs or mine == theirs:
        return mine == theirs
    return _counts(index, mine, theirs) or _counts(index, theirs, mine)


def _counts(index: ActorIndex, whole: str, part: str) -> bool:
    """Tell whether ``part`` acts for ``whole``, which an index cannot tell of newcomers."""
    known = index.get(part) if introduced_as(part) is not None else None
    acting_for = known.acts_for if known is not None else part
    return acting_for in index.expand(whole)


def _joined(kept: FoundFact, new: FoundFact, index: ActorIndex) -> FoundFact:
    best, rest = (kept, new) if _detail(kept, index) >= _detail(new, index) else (new, kept)
    both = (best.probability, rest.probability)
    return best.model_copy(
        update={
            "evidence": _union(best.evidence, rest.evidence),
            # What the article tells as its own is nobody's claim.
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
