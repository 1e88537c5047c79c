"""Who else reports a thing: the sources that tell it for themselves, copies, denials.

Every line is a sentence of an article; the counts beside them are counts over the store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from bot.answer.asked.question import Question
from bot.answer.claims.found import Told, candidates, recent
from bot.answer.library import Library
from bot.answer.lines import day_of, fact_lines, snippet_of
from bot.answer.replies.telling import once, under
from bot.answer.stories import beginning
from bot.answer.words import capital, count, day, source
from bot.gather.names import own_names
from bot.models import Answer, Draft, Evidence, Fact, Line, Nothing, Status
from bot.store.keys import article_of
from bot.store.records import Stored

INDEPENDENT, COPIES, DENIED = "Independent", "Near-copies", "Denied"
NOBODY_DENIES = "No stored report that was found denies it."
NOTHING_NAMED = "Reporting what? Give a link or a claim: anyone else reporting that Iran met Qatar?"
NOT_READ = "I have read no article at that link: give it to me in a direct message, and I read it."
READ_HINT = "On the command line, `dragoman ingest` reads files, pages and feeds."
"""For those who run Dragoman, where nothing was read."""

SET_ASIDE = (
    "What I read at that link is not shown: it was removed, or its source is distrusted or removed."
)
NOTHING_SAYS_SO = "No stored report says so, and none denies it."
NOBODY_SAYS_SO = "No stored report says so."
REPORTING = (INDEPENDENT, COPIES)
"""The lists of those that state a claim."""

MOST_EACH = 10
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut(?:e|es|ed|ing)"
    r"|(?:is|are|was|were) (?:false|untrue|baseless|fabricated))\b",
    re.IGNORECASE,
)
MOST_RELATED = 3
_RELATED = 0.5
"""The cosine with a claim from which on a sentence is offered as related."""
_FACTS = 300


def hinting(library: Library, note: str) -> tuple[str, ...]:
    """A note that nothing was read, with how to read more for those who run Dragoman."""
    return (note, READ_HINT) if library.asker.operator else (note,)


def seen_link(library: Library, link: str) -> Answer | Nothing:
    """Who reports what the article behind a link does: its story, its copies, who denies it."""
    names = own_names(Draft(text=link, url=link))
    keys = library.store.names.articles(library.workspace, names)
    ours = [one for one in library.articles(keys).values() if _may_see(library, one)]
    if not ours:
        kept = library.store.articles(library.workspace, keys).values()
        aside = any(one.article.tombstoned_at and _may_see(library, one) for one in kept)
        notes = (SET_ASIDE,) if aside else hinting(library, NOT_READ)
        return Nothing(query=link, notes=notes)
    asked = ours[0].article.id
    every = _alike(library, asked)
    lines = [line for one in every.values() if (line := opening(one)) is not None]
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
    """Who says what is claimed, and who denies it; else what is stored beside it, as that."""
    found = recent(library, question, candidates(library, question))
    saying = [one.line for one in found if one.states]
    denied = [one.line for one in found if one.denies]
    if saying:
        saying += _copied(library, saying)
        reply = _answer(library, question.text, saying, denied)
    elif denied:
        reply = Answer(
            query=question.text,
            as_of=library.as_of,
            answered=True,
            lines=tuple(under(DENIED, denied[:MOST_EACH])),
            lacking=NOBODY_SAYS_SO,
            notes=(NOBODY_SAYS_SO,),
        )
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


def _related(library: Library, found: Sequence[Told]) -> list[Line]:
    """What is about the same and does not state it, one sentence of each article."""
    first: dict[str, Line] = {}
    for one in found:
        if one.compared.features["clause"] >= _RELATED:
            first.setdefault(one.line.snippet.article, one.line)
    return once(library, list(first.values())[:MOST_RELATED])


def _copied(library: Library, lines: Sequence[Line]) -> list[Line]:
    """The same sentence as their near-copies have it, or how those begin."""
    store, workspace = library.store, library.workspace
    quotes = {one.snippet.article: one.snippet.quote for one in lines}
    roots = store.stories.originals(workspace, quotes)
    every = {*quotes, *roots.values()}
    keys = (every | set(store.stories.copies(workspace, every))) - quotes.keys()
    originals = store.stories.originals(workspace, keys)
    said = {roots.get(article, article): quote for article, quote in quotes.items()}
    found = []
    for key, one in library.articles(keys).items():
        quote = said.get(originals.get(key, key), "")
        start = one.revision.text.find(quote)
        line = opening(one) if start < 0 else _quoted(one, start, start + len(quote))
        if line is not None and _may_see(library, one):
            found.append(line)
    return found


def _may_see(library: Library, one: Stored) -> bool:
    article = one.article
    known = article.published or article.first_seen
    return article.audience in library.audiences and known <= library.as_of


def _alike(library: Library, asked: str) -> dict[str, Stored]:
    """The articles of the same story, and all near-copies of them, that the asker may see."""
    store, workspace = library.store, library.workspace
    keys = {asked}
    if (story := store.stories.of(workspace, [asked]).get(asked)) is not None:
        told = store.stories.one(workspace, library.audiences, library.as_of, story)
        keys |= {one.article for one in told.members} if told else set()
    keys |= set(store.stories.originals(workspace, keys).values())
    keys |= set(store.stories.copies(workspace, keys))
    found = library.articles(keys)
    return {key: one for key, one in found.items() if _may_see(library, one)}


def opening(one: Stored) -> Line | None:
    """The first sentence of an article that is not too long to show, else the first."""
    text = one.revision.text
    start, end = beginning(text)
    if start == end:
        return None
    return _quoted(one, start, end)


def _quoted(one: Stored, start: int, end: int) -> Line:
    evidence = Evidence(
        start=start,
        end=end,
        quote=one.revision.text[start:end],
        article=one.article.id,
        revision=one.revision.n,
    )
    return Line(snippet=snippet_of(one, evidence), sources=max(1, len(one.sources)))


def _denials(library: Library, asked: str, near: Collection[str]) -> list[Line]:
    """Facts that deny what the article tells, or tell what it denies, in any article."""
    actors = {
        one.actor
        for found in library.store.mentions(library.workspace, [asked]).values()
        for one in found
    }
    if not actors:
        return []
    facts = library.store.facts(
        library.workspace,
        library.audiences,
        actors=actors,
        as_of=library.as_of,
        limit=_FACTS,
    )
    ours = [fact for fact in facts if article_of(fact.id) == asked]
    against = [
        fact
        for fact in facts
        if article_of(fact.id) != asked and any(_opposed(library, fact, one) for one in ours)
    ]
    near_first = sorted(against, key=lambda fact: article_of(fact.id) not in near)
    return fact_lines(library, near_first)[:MOST_EACH]


def _opposed(library: Library, one: Fact, other: Fact) -> bool:
    """Whether one denies what the other tells: the same act of the same two."""
    if (one.status is Status.DENIED) == (other.status is Status.DENIED):
        return False
    mine, theirs = _actors(one), _actors(other)
    return (
        one.event_class is other.event_class
        and len(mine) == len(theirs)
        and all(any(_same(library, actor, their) for their in theirs) for actor in mine)
    )


def _actors(fact: Fact) -> list[str]:
    return [actor for actor in (fact.source_actor, fact.target_actor) if actor]


def _same(library: Library, one: str, other: str) -> bool:
    """Whether one actor is the other, or acts for it."""
    return one in library.expand(other) or other in library.expand(one)


def _answer(library: Library, query: str, told: Sequence[Line], denied: Sequence[Line]) -> Answer:
    articles = {one.snippet.article for one in (*told, *denied)}
    sources = library.store.source_counts(library.workspace, articles)
    originals = library.store.stories.originals(library.workspace, articles)
    by_date = sorted(told, key=lambda one: (_when(one), one.snippet.article))
    independent: dict[tuple[str, ...], Line] = {}
    copies: dict[str, Line] = {}
    for one in by_date:
        article = one.snippet.article
        if article in originals:
            copies.setdefault(article, one)
        else:
            independent.setdefault(sources.get(article, (article,)), one)
    keys = {key for one in told for key in sources.get(one.snippet.article, ())}
    return Answer(
        query=query,
        as_of=library.as_of,
        answered=True,
        lines=(
            *under(INDEPENDENT, list(independent.values())[:MOST_EACH]),
            *under(COPIES, list(copies.values())[:MOST_EACH]),
            *under(DENIED, denied[:MOST_EACH]),
        ),
        notes=tuple(_notes(keys, by_date, copies, denied)),
    )


def _notes(
    keys: Collection[str],
    told: Sequence[Line],
    copies: Collection[str],
    denied: Sequence[Line],
) -> Iterable[str]:
    """Counts over what was found, in words."""
    counts = [count(len(keys), "independent source")]
    if copies:
        counts.append(count(len(copies), "near-copy", "near-copies"))
    first = next((one for one in told if one.snippet.published is not None), None)
    if first is not None and first.snippet.published is not None:
        on = day(first.snippet.published.date(), first.snippet.published_precision)
        counts.append(f"first on {on}, {source(first.snippet)}")
    yield f"{capital('; '.join(counts))}."
    if not denied:
        yield NOBODY_DENIES


def _when(line: Line) -> tuple[bool, date]:
    """By date, what has none last."""
    published = line.snippet.published
    shown = published.date() if published else day_of(line)
    return shown is None, shown or date.max
