"""Who else reports a claim or an article: independent sources, copies, and denials.

Every line is a sentence of an article; the counts are over the whole store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from bot.answer.answers import list_answer, one_line_per_event, with_heading, with_notes
from bot.answer.claim_comparison import (
    Comparison,
    Name,
    Parsed,
    compare,
    learn_words,
    main_act,
    parse,
    pieces,
    role,
    trained,
)
from bot.answer.formatting import capital, count, day, source
from bot.answer.library import Library
from bot.answer.lines import day_of, fact_lines, snippet_of
from bot.answer.question import Question, blanked
from bot.answer.stories import opening_span
from bot.gather.links import own_names
from bot.match.query import QueryActor
from bot.models import (
    Answer,
    Draft,
    EventClass,
    Fact,
    Field_,
    Line,
    Mention,
    Nothing,
    Period,
    Status,
)
from bot.search.index import Hit
from bot.store.articles import Stored
from bot.store.ids import article_of
from bot.text.networks import encode
from bot.text.periods import find_period
from bot.text.sentences import sentences

RECENT = timedelta(days=45)
"""The days of articles that a claim without a time refers to, if any of them states it."""

_EARLIER, _LATER = timedelta(days=2), timedelta(days=7)
"""The most time between a claim's period and the articles about it, before and after."""

_TEXT_HITS, _NAMED_HITS, _UNDATED_HITS = 40, 20, 20
"""How many passages are read: with the words, with the actors too, and of any time."""

_ENCODED, _COMPARED = 30, 10
"""How many sentences are encoded, and how many are compared clause by clause."""

_OLDER = 0.05
"""The extra probability that an older sentence needs to state a claim."""

_LATEST = timedelta(days=3)


class ComparedSentence(NamedTuple):
    """A sentence compared with a claim; ``likely`` is the probability that it states the claim."""

    line: Line
    published: date | None
    compared: Comparison
    likely: float

    @property
    def states(self) -> bool:
        """Whether it states the claim."""
        return trained().states(self.compared)

    @property
    def denies(self) -> bool:
        """Whether it denies the claim."""
        return self.compared.conflicts == {"negated"} and trained().likely(self.compared)


class _Sentence(NamedTuple):
    stored: Stored
    field: Field_
    start: int
    end: int
    parsed: Parsed
    context: frozenset[str]


def compared_sentences(library: Library, question: Question) -> list[ComparedSentence]:
    """Return the sentences nearest to a claim, most probable first; from its period, if any."""
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
    done, result = 0, []
    for one, part in zip(likeliest, parts, strict=True):
        compared = compare(claim, one.parsed, one.context, vector, vectors[done : done + len(part)])
        done += len(part)
        result.append(_compared_sentence(one, compared))
    return sorted(result, key=lambda one: -one.likely)


def recent(
    library: Library, question: Question, compared: Sequence[ComparedSentence]
) -> list[ComparedSentence]:
    """For a claim without a time, keep recent sentences, else older ones that clearly state it."""
    if question.period is not None:
        return list(compared)
    since = library.today - RECENT
    new = [one for one in compared if one.published is None or one.published >= since]
    if any(one.states for one in new):
        return new
    model = trained()
    sure = [one for one in compared if one.states and one.likely >= model.surer + _OLDER]
    newest = max((one.published for one in sure if one.published), default=None)
    kept = [one for one in sure if newest and one.published and newest - one.published <= RECENT]
    return [*new, *(one for one in kept if one not in new)]


def _claim(library: Library, question: Question) -> Parsed:
    """Return the claim without its time words, which are compared with days of articles."""
    text = question.text
    if (period := find_period(text, library.today)) is not None:
        text = blanked(text, period.start, period.end)
    claim = parse(text, [_name(library, one) for one in question.named])
    places = {(one.start, one.end) for one in question.named if _is_place(one, question, claim)}
    names = (
        one._replace(ids=frozenset()) if (one.start, one.end) in places else one
        for one in claim.names
    )
    return parse(text, list(names)) if places else claim


_DONE_TO_PLACES = frozenset(
    {
        EventClass.ASSAULT,
        EventClass.COERCE,
        EventClass.MOBILIZE,
        EventClass.MOVE,
        EventClass.RETREAT,
    }
)


def _is_place(one: QueryActor, question: Question, claim: Parsed) -> bool:
    """Return whether a capital is a city, not its state: *captured Kyiv*, but *warned Kyiv*."""
    act = main_act(claim)
    if one.matches[0].how != "capital" or act is None:
        return False
    at = next((n for n, word in enumerate(claim.words) if word.start >= one.start), act)
    return bool(question.classes & _DONE_TO_PLACES) and role(claim, act, at) == -1


def _name(library: Library, one: QueryActor) -> Name:
    meant = one.matches[: 1 if one.verdict == "sure" else 4]
    ids = frozenset().union(*(library.expand(match.actor) for match in meant))
    return Name(one.start, one.end, ids)


def _sentences(library: Library, question: Question) -> list[_Sentence]:
    hits = _hits(library, question)
    mentions = library.store.mentions(library.workspace, {hit.article for hit in hits})
    found: dict[tuple[str, Field_, int], _Sentence] = {}
    for hit, one in library.current(hits):
        if not _in_time(question.period, one):
            continue
        own_mentions = mentions.get(hit.article, ())
        text = one.revision.text[hit.start : hit.end]
        places: list[tuple[Field_, int, int]] = [
            ("text", hit.start + start, hit.start + end) for start, end in sentences(text)
        ]
        if one.revision.title:
            places.append(("title", 0, len(one.revision.title)))
        for field, start, end in places:
            place = (hit.article, field, start)
            if place not in found:
                found[place] = _sentence(one, field, start, end, own_mentions)
    return list(found.values())


def _sentence(
    one: Stored, field: Field_, start: int, end: int, mentions: Sequence[Mention]
) -> _Sentence:
    own = [mention for mention in mentions if mention.field == field]
    names = [
        Name(mention.start - start, mention.end - start, frozenset({mention.actor}))
        for mention in own
        if start <= mention.start and mention.end <= end
    ]
    context = frozenset(mention.actor for mention in own)
    text = one.field(field)[start:end]
    return _Sentence(one, field, start, end, parse(text, names), context)


def _hits(library: Library, question: Question) -> list[Hit]:
    groups = library.groups(question.subjects)
    near = _near(library, question.period)
    text = question.text
    hits = library.found(text, groups, None, limit=_TEXT_HITS, require_actor=False, near=near)
    if groups:
        hits += library.found(text, groups, None, limit=_NAMED_HITS, near=near)
    return hits + library.found(text, [], None, limit=_UNDATED_HITS, require_actor=False)


def _near(library: Library, period: Period | None) -> tuple[datetime, datetime]:
    """Return the period a claim refers to: the one it names, else the last days."""
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
    """Count the claim's words, weighted by rarity, and its actors that a sentence has."""
    words = {word.key: word.weight for word in claim.words if word.key}
    keys = {word.key for word in one.parsed.words}
    ids = frozenset().union(*(name.ids for name in one.parsed.names)) if one.parsed.names else set()
    shared = sum(weight for key, weight in words.items() if key in keys)
    return shared + sum(bool(name.ids & ids) for name in claim.names)


def _compared_sentence(one: _Sentence, compared: Comparison) -> ComparedSentence:
    line = _quoted(one.stored, one.start, one.end, one.field)
    return ComparedSentence(line, line.snippet.day, compared, trained().probability(compared))


# --- replies --------------------------------------------------------------------------

INDEPENDENT, COPIES, DENIED = "Independent", "Near-copies", "Denied"
NOBODY_DENIES = "No stored report was found that denies it."
NOTHING_NAMED = "Reporting what? Add a link or a claim: anyone else reporting that Iran met Qatar?"
NOT_READ = (
    "I have read no article at that link: send it to me in a direct message, and I will read it."
)
READ_HINT = "On the command line, `dragoman ingest` reads files, pages and feeds."
"""A hint for operators if nothing was read."""

HIDDEN = (
    "I cannot show what I read at that link: it was removed, or its source is distrusted or"
    " removed."
)
NOTHING_SAYS_SO = "No stored report says so, and none denies it."
NOBODY_SAYS_SO = "No stored report says so."
MOST_EACH = 10
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut(?:e|es|ed|ing)"
    r"|(?:is|are|was|were) (?:false|untrue|baseless|fabricated))\b",
    re.IGNORECASE,
)
MOST_RELATED = 3
_RELATED = 0.5
"""Sentences with at least this cosine to a claim are offered as related."""
_FACTS = 300


def with_read_hint(library: Library, note: str) -> tuple[str, ...]:
    """Return a note that nothing was read; for operators, with a hint how to read more."""
    return (note, READ_HINT) if library.asker.operator else (note,)


def seen_link(library: Library, link: str) -> Answer | Nothing:
    """Return other reports of the article behind a link: its story, its copies, denials."""
    names = own_names(Draft(text=link, url=link))
    keys = library.store.names.articles(library.workspace, names)
    ours = [one for one in library.articles(keys).values() if _is_visible(library, one)]
    if not ours:
        kept = library.store.articles(library.workspace, keys).values()
        hidden = any(one.article.tombstoned_at and _is_visible(library, one) for one in kept)
        notes = (HIDDEN,) if hidden else with_read_hint(library, NOT_READ)
        return Nothing(query=link, notes=notes)
    asked = ours[0].article.id
    every = _same_story(library, asked)
    lines = [line for one in every.values() if (line := opening_line(one)) is not None]
    denied = _denials(library, asked, every)
    known = {one.snippet.article for one in denied}
    denied += [
        one
        for one in lines
        if one.snippet.article not in {asked, *known} and _DENYING.search(one.snippet.quote)
    ]
    known |= {one.snippet.article for one in denied}
    return _answer(
        library, link, [one for one in lines if one.snippet.article not in known], denied
    )


def seen_claim(library: Library, question: Question) -> Answer | Nothing:
    """Return who states a claim and who denies it; else related sentences, labelled as such."""
    found = recent(library, question, compared_sentences(library, question))
    saying = [one.line for one in found if one.states]
    denied = [one.line for one in found if one.denies]
    if saying:
        saying += _copied(library, saying)
        reply = _answer(library, question.text, saying, denied)
    elif denied:
        lines = with_heading(DENIED, denied[:MOST_EACH])
        return with_notes(list_answer(library, question, lines), NOBODY_SAYS_SO)
    else:
        return Nothing(
            query=question.text,
            subjects=question.subjects,
            period=question.period,
            asked="seen",
            notes=(NOTHING_SAYS_SO,),
            lacking=NOTHING_SAYS_SO,
            near=tuple(_related(library, found)),
        )
    return reply.model_copy(update={"subjects": question.subjects, "period": question.period})


def _related(library: Library, found: Sequence[ComparedSentence]) -> list[Line]:
    """Return related sentences that do not state the claim, one per article."""
    first: dict[str, Line] = {}
    for one in found:
        if one.compared.features["clause"] >= _RELATED:
            first.setdefault(one.line.snippet.article, one.line)
    return one_line_per_event(library, list(first.values())[:MOST_RELATED])


def _copied(library: Library, lines: Sequence[Line]) -> list[Line]:
    """Return the same sentence in near-copies of the articles, or their beginnings."""
    store, workspace = library.store, library.workspace
    quotes = {one.snippet.article: one.snippet.quote for one in lines}
    roots = store.stories.originals(workspace, quotes)
    every = {*quotes, *roots.values()}
    keys = (every | set(store.stories.copies(workspace, every))) - quotes.keys()
    originals = store.stories.originals(workspace, keys)
    quote_of = {roots.get(article, article): quote for article, quote in quotes.items()}
    found = []
    for key, one in library.articles(keys).items():
        quote = quote_of.get(originals.get(key, key), "")
        start = one.revision.text.find(quote)
        line = opening_line(one) if start < 0 else _quoted(one, start, start + len(quote))
        if line is not None and _is_visible(library, one):
            found.append(line)
    return found


def _is_visible(library: Library, one: Stored) -> bool:
    article = one.article
    known = article.published or article.first_seen
    return article.audience in library.audiences and known <= library.as_of


def _same_story(library: Library, asked: str) -> dict[str, Stored]:
    """Return visible articles of the same story, and all visible near-copies of them."""
    store, workspace = library.store, library.workspace
    keys = {asked}
    if (story := store.stories.of(workspace, [asked]).get(asked)) is not None:
        known = store.stories.one(workspace, library.audiences, library.as_of, story)
        keys |= {one.article for one in known.members} if known else set()
    keys |= set(store.stories.originals(workspace, keys).values())
    keys |= set(store.stories.copies(workspace, keys))
    found = library.articles(keys)
    return {key: one for key, one in found.items() if _is_visible(library, one)}


def opening_line(one: Stored) -> Line | None:
    """Return the first sentence of an article that is short enough to show, else the first."""
    start, end = opening_span(one.revision.text)
    return _quoted(one, start, end) if start < end else None


def _quoted(one: Stored, start: int, end: int, field: Field_ = "text") -> Line:
    snippet = snippet_of(one, one.evidence(start, end, field))
    return Line(snippet=snippet, sources=max(1, len(one.sources)))


def _denials(library: Library, asked: str, near: Collection[str]) -> list[Line]:
    """Return facts of any article that contradict facts of this one."""
    actors = {
        one.actor
        for found in library.store.mentions(library.workspace, [asked]).values()
        for one in found
    }
    if not actors:
        return []
    facts = library.facts(None, actors=actors, limit=_FACTS)
    ours = [fact for fact in facts if article_of(fact.id) == asked]
    against = [
        fact
        for fact in facts
        if article_of(fact.id) != asked and any(_opposed(library, fact, one) for one in ours)
    ]
    near_first = sorted(against, key=lambda fact: article_of(fact.id) not in near)
    return fact_lines(library, near_first)[:MOST_EACH]


def _opposed(library: Library, one: Fact, other: Fact) -> bool:
    """Return whether one fact denies the other: the same act between the same actors."""
    if (one.status is Status.DENIED) == (other.status is Status.DENIED):
        return False
    return (
        one.event_class is other.event_class
        and len(one.sides) == len(other.sides)
        and all(any(_same(library, side, its) for its in other.sides) for side in one.sides)
    )


def _same(library: Library, one: str, other: str) -> bool:
    """Return whether one actor is the other, or acts for it."""
    return one in library.expand(other) or other in library.expand(one)


def _answer(library: Library, query: str, saying: Sequence[Line], denied: Sequence[Line]) -> Answer:
    articles = {one.snippet.article for one in (*saying, *denied)}
    sources = library.store.source_counts(library.workspace, articles)
    originals = library.store.stories.originals(library.workspace, articles)
    by_date = sorted(saying, key=lambda one: (_when(one), one.snippet.article))
    independent: dict[tuple[str, ...], Line] = {}
    copies: dict[str, Line] = {}
    for one in by_date:
        article = one.snippet.article
        if article in originals:
            copies.setdefault(article, one)
        else:
            independent.setdefault(sources.get(article, (article,)), one)
    keys = {key for one in saying for key in sources.get(one.snippet.article, ())}
    return Answer(
        query=query,
        as_of=library.as_of,
        answered=True,
        lines=(
            *with_heading(INDEPENDENT, list(independent.values())[:MOST_EACH]),
            *with_heading(COPIES, list(copies.values())[:MOST_EACH]),
            *with_heading(DENIED, denied[:MOST_EACH]),
        ),
        verdict=_verdict(keys, by_date, copies, denied),
        notes=() if denied else (NOBODY_DENIES,),
    )


def _verdict(
    keys: Collection[str],
    saying: Sequence[Line],
    copies: Collection[str],
    denied: Sequence[Line],
) -> str:
    """Count what was found, in words."""
    counts = [count(len(keys), "independent source")]
    if copies:
        counts.append(count(len(copies), "near-copy", "near-copies"))
    first = next((one.snippet for one in saying if one.snippet.day), None)
    if first and first.day:
        counts.append(f"first on {day(first.day, first.published_precision)}, {source(first)}")
    if denied:
        counts.append(f"denied in {count(len({one.snippet.article for one in denied}), 'article')}")
    return f"{capital('; '.join(counts))}."


def _when(line: Line) -> tuple[bool, date]:
    """Sort key: by date, undated last."""
    shown = line.snippet.day or day_of(line)
    return shown is None, shown or date.max
