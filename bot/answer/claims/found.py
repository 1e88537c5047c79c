"""Sentences that may state a claim, and which of them do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from bot.answer.asked.question import Question
from bot.answer.claims.compared import Compared, compare, learn_words, pieces, trained
from bot.answer.claims.parsed import Name, Parsed, parse
from bot.answer.library import Library
from bot.answer.lines import snippet_of
from bot.match.query import QueryActor
from bot.models import Evidence, Line, Mention, Period
from bot.search.index import Hit
from bot.store.records import Stored
from bot.text.encoder import encode
from bot.text.periods import find_period
from bot.text.sentences import sentences

Field = Literal["title", "text"]

NOW = timedelta(days=45)
"""A claim that names no time is of what was published so long before, where any of that states
it."""

_EARLIER, _LATER = timedelta(days=2), timedelta(days=7)
"""How long before and after the time a claim names an article on it may have been published."""

_TEXT_HITS, _NAMED_HITS, _UNDATED_HITS = 40, 20, 20
"""Passages that are looked at: with the words, with those named too, and of whatever time."""

_ENCODED, _COMPARED = 30, 10
"""Sentences that are encoded, and those that are compared clause by clause."""

_OLDER = 0.05
"""How much surer a sentence must be that states a claim of longer ago."""

_LATEST = timedelta(days=3)


class Told(NamedTuple):
    """A sentence and how it compares with a claim; ``likely`` says how likely it states it."""

    line: Line
    published: date | None
    compared: Compared
    likely: float

    @property
    def states(self) -> bool:
        """Whether it states the claim."""
        return trained().states(self.compared)

    @property
    def denies(self) -> bool:
        """Whether it says that what is claimed is not so."""
        return self.compared.conflicts == {"negated"} and trained().likely(self.compared)


class _Sentence(NamedTuple):
    stored: Stored
    field: Field
    start: int
    end: int
    parsed: Parsed
    context: frozenset[str]


def candidates(library: Library, question: Question) -> list[Told]:
    """The sentences that come nearest to a claim, likeliest first; of its time, if it names one."""
    claim = _claim(library, question)
    found = _sentences(library, question)
    if not found or not claim.words:
        return []
    vector = encode([claim.text])[0]
    rated = sorted(found, key=lambda one: -_shared(claim, one))[:_ENCODED]
    cosines = encode([one.parsed.text for one in rated]) @ vector
    order = sorted(
        range(len(rated)), key=lambda at: -(cosines[at] + 0.15 * _shared(claim, rated[at]))
    )
    likeliest = [rated[at] for at in order[:_COMPARED]]
    learn_words([claim, *(one.parsed for one in likeliest)])
    parts = [pieces(one.parsed.text) for one in likeliest]
    vectors = encode([piece for part in parts for piece in part])
    done, told = 0, []
    for one, part in zip(likeliest, parts, strict=True):
        compared = compare(claim, one.parsed, one.context, vector, vectors[done : done + len(part)])
        done += len(part)
        told.append(_told(one, compared))
    return sorted(told, key=lambda one: -one.likely)


def recent(library: Library, question: Question, told: Sequence[Told]) -> list[Told]:
    """Of a claim that names no time what is of now; where nothing is, what surely states it."""
    if question.period is not None:
        return list(told)
    since = library.today - NOW
    new = [one for one in told if one.published is None or one.published >= since]
    if any(one.states for one in new):
        return new
    model = trained()
    sure = [one for one in told if one.states and one.likely >= model.surer + _OLDER]
    newest = max((one.published for one in sure if one.published), default=None)
    kept = [one for one in sure if newest and one.published and newest - one.published <= NOW]
    return [*new, *(one for one in kept if one not in new)]


def _claim(library: Library, question: Question) -> Parsed:
    """The claim without the words for its time, which the days of articles answer."""
    text = question.text
    if (period := find_period(text, library.today)) is not None:
        text = text[: period.start] + " " * (period.end - period.start) + text[period.end :]
    return parse(text, [_name(library, one) for one in question.named])


def _name(library: Library, one: QueryActor) -> Name:
    meant = one.matches[: 1 if one.verdict == "sure" else 4]
    ids = frozenset().union(*(library.expand(match.actor) for match in meant))
    return Name(one.start, one.end, ids)


def _sentences(library: Library, question: Question) -> list[_Sentence]:
    hits = _hits(library, question)
    stored = library.articles({hit.article for hit in hits})
    mentions = library.store.mentions(library.workspace, stored)
    found: dict[tuple[str, Field, int], _Sentence] = {}
    for hit in hits:
        one = stored.get(hit.article)
        if one is None or hit.revision != one.revision.n or not _in_time(question.period, one):
            continue
        there = mentions.get(hit.article, ())
        text = one.revision.text[hit.start : hit.end]
        places: list[tuple[Field, int, int]] = [
            ("text", hit.start + start, hit.start + end) for start, end in sentences(text)
        ]
        if one.revision.title:
            places.append(("title", 0, len(one.revision.title)))
        for field, start, end in places:
            place = (hit.article, field, start)
            if place not in found:
                found[place] = _sentence(one, field, start, end, there)
    return list(found.values())


def _sentence(
    one: Stored, field: Field, start: int, end: int, mentions: Sequence[Mention]
) -> _Sentence:
    own = [mention for mention in mentions if mention.field == field]
    names = [
        Name(mention.start - start, mention.end - start, frozenset({mention.actor}))
        for mention in own
        if start <= mention.start and mention.end <= end
    ]
    context = frozenset(mention.actor for mention in own)
    text = _field(one, field)[start:end]
    return _Sentence(one, field, start, end, parse(text, names), context)


def _field(one: Stored, field: Field) -> str:
    return one.revision.title if field == "title" else one.revision.text


def _hits(library: Library, question: Question) -> list[Hit]:
    groups = [library.expand(one.actor) for one in question.subjects]
    near = _near(library, question.period)
    text = question.text
    hits = library.found(text, groups, None, limit=_TEXT_HITS, require_actor=False, near=near)
    if groups:
        hits += library.found(text, groups, None, limit=_NAMED_HITS, near=near)
    return hits + library.found(text, [], None, limit=_UNDATED_HITS, require_actor=False)


def _near(library: Library, period: Period | None) -> tuple[datetime, datetime]:
    """The time that a claim is of: that it names, else the last days."""
    if period is None or period.start is None:
        return library.as_of - _LATEST, library.as_of
    end = period.end or library.today
    return _instant(period.start, time.min), _instant(end, time.max)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, UTC)


def _in_time(period: Period | None, one: Stored) -> bool:
    published = one.article.published
    if period is None:
        return True
    if published is None:
        return False
    day = published.date()
    after = period.start is None or day >= period.start - _EARLIER
    return after and (period.end is None or day <= period.end + _LATER)


def _shared(claim: Parsed, one: _Sentence) -> float:
    """How much of a claim's words, by rarity, and how many of its actors a sentence has."""
    words = {word.key: word.weight for word in claim.words if word.key}
    keys = {word.key for word in one.parsed.words}
    ids = frozenset().union(*(name.ids for name in one.parsed.names)) if one.parsed.names else set()
    shared = sum(weight for key, weight in words.items() if key in keys)
    return shared + sum(bool(name.ids & ids) for name in claim.names)


def _told(one: _Sentence, compared: Compared) -> Told:
    text, article = _field(one.stored, one.field), one.stored.article
    evidence = Evidence(
        field=one.field,
        start=one.start,
        end=one.end,
        quote=text[one.start : one.end],
        article=article.id,
        revision=one.stored.revision.n,
    )
    line = Line(snippet=snippet_of(one.stored, evidence), sources=max(1, len(one.stored.sources)))
    published = article.published.date() if article.published else None
    return Told(line, published, compared, trained().probability(compared))
