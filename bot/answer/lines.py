"""Lines of a reply: facts and sentences, each with the evidence it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.act_wording import Place, act_in_words, act_on_target, triggers_in, who_did_what
from bot.answer.library import Library
from bot.match.actors import ActorIndex
from bot.models import Actor, Evidence, Fact, Line, Mention, Snippet, Status
from bot.search.index import Hit
from bot.store.articles import Cited, Stored
from bot.text.language import is_other
from bot.text.sentences import sentences

TOOK_PLACE = frozenset({Status.HAPPENED, Status.ONGOING})
"""Statuses of facts that took place."""

_LONG = 400
"""Longer quotes are shown only if there is no shorter one."""

SAME_EVENT_WORDS = 1 / 3
"""The share of the shorter quote's words that two quotes of one event have in common."""

SAME_SENTENCE_WORDS = 0.65
"""The same share if one of the quotes, or both, has no fact."""


def snippet_of(stored: Stored, evidence: Evidence, score: float = 0.0) -> Snippet:
    """Quote a piece of evidence with the details of its article."""
    return _snippet(stored.cited, evidence, score)


def with_sentence_before(stored: Stored, line: Line, most: int) -> Line | None:
    """Extend a quote to the sentence before it; None if both have more than ``most`` words.

    Then *The leader … was listed as a passenger* follows the sentence on the crash.
    """
    snippet, text = line.snippet, stored.field(line.snippet.field)
    before = [start for start, end in sentences(text[: snippet.start]) if end <= snippet.start]
    if not before:
        return None
    start = before[-1]
    quote = text[start : snippet.end]
    if len(quote.split()) > most or "\n\n" in quote:
        return None
    moved = tuple(
        (first + snippet.start - start, last + snippet.start - start)
        for first, last in snippet.key_spans
    )
    extended = {"start": start, "quote": quote, "key_spans": moved, "answer": None}
    return line.model_copy(update={"snippet": snippet.model_copy(update=extended)})


def _snippet(
    cited: Cited, evidence: Evidence, score: float = 0.0, key_spans: Sequence[Place] = ()
) -> Snippet:
    return Snippet(
        field=evidence.field,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        article=cited.article,
        external_id=cited.external_id,
        revision=evidence.revision,
        title=cited.title,
        publisher=cited.publisher,
        original_source=cited.original_source,
        url=cited.url,
        published=cited.published,
        published_precision=cited.published_precision,
        thinned=cited.thinned,
        language=cited.language if is_other(cited.language) else None,
        score=round(score, 4),
        key_spans=tuple(key_spans),
    )


Preference = Callable[[str], float]
"""Scores how well a quote suits a question."""


def fact_lines(
    library: Library, facts: Sequence[Fact], prefer: Preference = lambda _: 0.0
) -> list[Line]:
    """Return one line for each fact, in the order given; of several quotes the preferred one.

    Leaves out facts of articles that were deleted or revised since.
    """
    articles = {fact.evidence[0].article for fact in facts if fact.evidence}
    found = library.store.cited(library.workspace, articles)
    lines = []
    for fact in facts:
        cited = found.get(fact.evidence[0].article) if fact.evidence else None
        if cited is not None and cited.revision == fact.evidence[0].revision:
            lines.append(_fact_line(library, fact, cited, prefer))
    return lines


def _fact_line(library: Library, fact: Fact, cited: Cited, prefer: Preference) -> Line:
    evidence = _best_evidence(library, fact, prefer)
    names = library.actors
    source, act, target = who_did_what(fact, names)
    places = places_in(evidence.quote, fact, names)
    spans = [*places.act, *places.source, *places.target]
    return Line(
        snippet=_snippet(cited, evidence, key_spans=spans),
        actor=source,
        act=act,
        target=target,
        event_class=fact.event_class,
        status=fact.status,
        claimant=names.name(fact.claimant) if fact.claimant else None,
        claimant_words=" ".join((fact.claimant_words or "").split()) or None,
        event_date=fact.event_date,
        date_precision=fact.date_precision,
        fact=fact.id,
        happening=fact.happening,
        about=fact.sides,
    )


class Places(NamedTuple):
    """Return the spans of a quote for the act of a fact, its source and its target.

    Other references (*he*, *its president*) are left out.
    """

    act: list[Place]
    source: list[Place]
    target: list[Place]


def places_in(quote: str, fact: Fact, actors: ActorIndex) -> Places:
    """Find the words of a fact in a quote; of several, those nearest to the act."""
    if fact.source_words:
        source = _verbatim(quote, fact.source_words)
    else:
        source = named_in(quote, actors.get(fact.source_actor))
    if fact.target_words:
        target = _verbatim(quote, fact.target_words)
    else:
        target = named_in(quote, actors.get(fact.target_actor or ""))
    triggers = triggers_in(quote, fact.act, fact.event_class, [*source[:1], *target[:1]])
    if not triggers:
        return Places([], source[:1], target[:1])
    first, last = triggers[0]

    def nearest(found: list[Place]) -> list[Place]:
        return sorted(found, key=lambda place: max(place[0] - last, first - place[1]))[:1]

    return Places(triggers, nearest(source), nearest(target))


def _verbatim(quote: str, words: str) -> list[Place]:
    at = quote.find(words)
    return [(at, at + len(words))] if at >= 0 else []


def proofs_of(fact: Fact, actors: ActorIndex) -> Sequence[Evidence]:
    """Return the pieces of a fact's evidence with the words of its act, else the first."""
    with_act = [one for one in fact.evidence if places_in(one.quote, fact, actors).act]
    return with_act or fact.evidence[:1]


def named_in(quote: str, actor: Actor | None) -> list[Place]:
    """Return the spans of a quote with the full name of an actor, else a part of it."""
    if actor is None:
        return []
    names = sorted({actor.name, *(alias.text for alias in actor.aliases)}, key=len, reverse=True)
    parts = [part for part in reversed(actor.name.split()) if part[:1].isupper()]
    for name in (*names, *parts):
        if name in quote and (found := _whole_words(quote, name)):
            return found
    return []


def _whole_words(quote: str, name: str) -> list[Place]:
    pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
    return [found.span() for found in re.finditer(pattern, quote)]


def _best_evidence(library: Library, fact: Fact, prefer: Preference) -> Evidence:
    """Choose the piece of evidence to quote: in the text, short, with the words of the act."""
    if len(fact.evidence) == 1:
        return fact.evidence[0]
    act = set(
        library.passages.terms(f"{fact.act} {act_in_words(act_on_target(fact), Status.HAPPENED)}")
    )

    def fitness(one: Evidence) -> tuple[bool, bool, float, bool]:
        has_act = bool(act.intersection(library.passages.terms(one.quote)))
        return one.field == "text", len(one.quote) < _LONG, prefer(one.quote), has_act

    return max(fact.evidence, key=fitness)


def sentence_lines(
    library: Library,
    hits: Iterable[Hit],
    mentions: Mapping[str, Sequence[Mention]],
    named: Sequence[Collection[str]],
) -> list[Line]:
    """Return one line for each passage: the sentence that names most of the actors asked about.

    If any sentence names an actor of every group, sentences that name fewer are left out, even if
    their passage names the others.
    ``mentions`` are those of the articles, by id.
    """
    lines: list[tuple[int, Line]] = []
    for hit, article in library.current(hits):
        places = [
            (mention.start, mention.end, mention.actor)
            for mention in mentions.get(hit.article, ())
            if mention.field == "text" and hit.start <= mention.start < hit.end
        ]
        sentence = _sentence_naming_most(article.revision.text, hit, places, named)
        if sentence is not None:
            count, span = sentence
            line = Line(
                snippet=snippet_of(article, article.evidence(*span), hit.score),
                prominence=_prominence(span, places, named),
            )
            lines.append((count, line))
    most = max((count for count, _ in lines), default=0)
    return [line for count, line in lines if count == most]


def _prominence(
    span: tuple[int, int],
    places: Sequence[tuple[int, int, str]],
    named: Sequence[Collection[str]],
) -> float:
    """Return how prominent actors are in a sentence: the earlier it names them, the more.

    Of several groups the one named last counts.
    """
    first, last = span
    starts = [
        min(
            (start for start, _, actor in places if first <= start < last and actor in group),
            default=last,
        )
        for group in named
    ]
    return round(1 - 0.6 * (max(starts, default=last) - first) / (last - first), 4)


def _sentence_naming_most(
    text: str,
    hit: Hit,
    places: Sequence[tuple[int, int, str]],
    named: Sequence[Collection[str]],
) -> tuple[int, tuple[int, int]] | None:
    """Return the first sentence that names actors of most groups, and of how many."""
    best: tuple[int, tuple[int, int]] | None = None
    for first, last in spans_in(text, hit):
        actors = {actor for start, _, actor in places if first <= start < last}
        score = sum(bool(actors & set(group)) for group in named)
        if score and (best is None or score > best[0]):
            best = (score, (first, last))
    return best


def spans_in(text: str, hit: Hit) -> list[tuple[int, int]]:
    """Return the sentences of a passage, as offsets into the whole text."""
    return [
        (hit.start + start, hit.start + end) for start, end in sentences(text[hit.start : hit.end])
    ]


def day_of(line: Line) -> date | None:
    """Return the day a line counts for: the event's, else the publication's."""
    return line.event_date or line.snippet.day


def place_of(line: Line) -> tuple[str, str, int]:
    """Return what identifies a quote: article, field and start."""
    return (line.snippet.article, line.snippet.field, line.snippet.start)


def newest_first(lines: Iterable[Line]) -> list[Line]:
    """Sort by day, newest first, undated last; on one day facts before plain sentences."""
    return sorted(
        lines,
        key=lambda line: (
            -(day_of(line) or date.min).toordinal(),
            line.fact is None,
            place_of(line),
        ),
    )


def merge_same_event(
    lines: Sequence[Line],
    sources: Mapping[str, Collection[str]],
    terms: Mapping[str, frozenset[str]],
) -> list[Line]:
    """Merge lines about the same event; the first one stays and counts all their sources.

    The store decides which events are the same. Otherwise class, status and actors must be the
    same, the days at most one apart, and the quotes have at least a third of the shorter one's
    words in common (``terms`` by quote); for a sentence without a fact, most of the words.
    """
    kept: list[Line] = []
    keys: list[set[str]] = []
    known: dict[object, list[int]] = {}
    for line in lines:
        own = set(sources.get(line.snippet.article, ()))
        near = sorted({at for mark in _merge_keys(line, 1) for at in known.get(mark, ())})
        same = next((at for at in near if _same_event(line, kept[at], terms)), None)
        if same is not None:
            keys[same] |= own
            continue
        for mark in _merge_keys(line, 0):
            known.setdefault(mark, []).append(len(kept))
        kept.append(line)
        keys.append(own)
    return [
        line.model_copy(update={"sources": max(1, len(own))})
        for line, own in zip(kept, keys, strict=True)
    ]


def _merge_keys(line: Line, around: int) -> Iterator[object]:
    """Yield keys; two lines about the same event share at least one."""
    yield place_of(line)
    if line.happening:
        yield line.happening
    if (day := day_of(line)) is not None:
        yield from range(day.toordinal() - around, day.toordinal() + around + 1)


def _same_event(line: Line, other: Line, terms: Mapping[str, frozenset[str]]) -> bool:
    if place_of(line) == place_of(other):
        return True
    if line.happening and other.happening:
        return line.happening == other.happening
    facts = line.fact is not None and other.fact is not None
    if facts and not _same_act(line, other):
        return False
    first, second = day_of(line), day_of(other)
    if first is None or second is None or abs((first - second).days) > 1:
        return False
    one, two = terms[line.snippet.quote], terms[other.snippet.quote]
    alike = SAME_EVENT_WORDS if facts else SAME_SENTENCE_WORDS
    return len(one & two) >= alike * min(len(one), len(two)) > 0


def _same_act(line: Line, other: Line) -> bool:
    if (line.event_class, line.status) != (other.event_class, other.status):
        return False
    return _parties(line) == _parties(other)


def _parties(line: Line) -> set[str]:  # wordings differ from source to source
    return {line.actor, "" if line.target.startswith("“") else line.target}
