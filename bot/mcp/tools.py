"""The tools: functions from the desk and checked arguments to rows. None changes anything.

A caller sees what everybody in the workspace may see, and nothing from private places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from bot.answer.brief_sections import (
    IN_SHORT,
    brief_rows,
    distinct_rows,
    in_short_heading,
    rows_shown_first,
    small_print,
)
from bot.answer.claims import NOT_READ, opening_line
from bot.answer.export import MOST_EXPORTED, actor_ids, facts_about, matching, source_totals
from bot.answer.formatting import (
    abroad_head,
    answer_phrase,
    coverage,
    outside_period,
    small_notes,
)
from bot.answer.library import Library
from bot.answer.lines import fact_lines, place_of
from bot.answer.reading_report import newest_line
from bot.answer.stories import story_by_id
from bot.desk import Desk
from bot.errors import BadQuery
from bot.match.lookup import verdict
from bot.match.provisional import key_of
from bot.match.query import in_phrase
from bot.mcp.rows import (
    SOME_ROWS,
    STALE,
    ActorPage,
    ActorRow,
    Arguments,
    ArticlePage,
    BriefArguments,
    ChangesArguments,
    ClaimArguments,
    FactArguments,
    FactsPage,
    NameArguments,
    Page,
    Part,
    QuestionArguments,
    ReplyPage,
    Resolved,
    SourceArguments,
    SourceRow,
    SourcesPage,
    StoryPage,
    introduced,
    iso,
    make_cursor,
    matched,
    page,
    read_cursor,
    rows_of,
)
from bot.models import (
    EVERYWHERE,
    LOCAL,
    Actor,
    Answer,
    Asker,
    Brief,
    DidYouMean,
    Fact,
    Line,
    Nothing,
    Period,
    Reply,
)
from bot.store.sources import Source
from bot.text.names import normalise
from bot.text.periods import parse_day

_FIRST_LOOK = 1_000
"""How many facts are looked at first; all of them if these do not fill a page."""

_MOST_CANDIDATES = 10

NOT_STORED = "No stored article has that link."
"""Replaces ``NOT_READ``: an assistant cannot send an article."""

_REPORTED_LATE = timedelta(days=90)
"""How long before the articles that report it an event may be and still count as a change."""


@dataclass(frozen=True)
class Access:
    """The desk, limited to what everybody in a workspace may see."""

    desk: Desk
    workspace: str = LOCAL
    tz: str = "UTC"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def asker(self, as_of: str | None = None) -> Asker:
        """Create the asker. Its place is everywhere, so it sees no private articles.

        Raises BadQuery for a day that cannot be parsed or is in the future.
        """
        now, zone = self.now(), ZoneInfo(self.tz)
        asker = Asker(workspace=self.workspace, person="mcp", place=EVERYWHERE, tz=self.tz, now=now)
        if as_of is None:
            return asker
        today = now.astimezone(zone).date()
        day = parse_day(as_of, today, edge="end")
        if day > today:
            raise BadQuery(f"as_of {day} is in the future: give a day up to today.", about=as_of)
        return asker.model_copy(update={"as_of": datetime.combine(day, time.max, zone)})

    def library(self) -> Library:
        """Return what the assistant may see now."""
        return self.desk.library(self.asker())

    def visible_actor(self, library: Library, actor: str) -> Actor | None:
        """Return the actor with an id, unless only articles that are not visible introduce it."""
        known = library.actors.get(actor)
        if known is None or self.desk.actors(self.workspace).get(actor) is not None:
            return known
        return next((one for one in _introduced(library, known.name) if one.id == actor), None)

    def actor_ids(self, library: Library, text: str) -> frozenset[str]:
        """Return all ids of the actor that a text names; raise BadQuery if that is unsure."""
        if library.actors.get(text) is not None and self.visible_actor(library, text) is None:
            raise BadQuery(f"There is no actor {text}: give a name instead.", about=text)
        return actor_ids(library, text)


def _introduced(library: Library, name: str) -> list[Actor]:
    return library.store.introductions.named(library.workspace, library.audiences, [key_of(name)])


def more(part: Part[Any]) -> dict[str, Any]:
    """Return the fields of a page that say whether it is the last one."""
    return {"truncated": part.next_cursor is not None, "next_cursor": part.next_cursor}


# --- actors ---------------------------------------------------------------------------


def resolve_actor(access: Access, asked: NameArguments) -> Resolved:
    """Return the actor that a name means, with the nearest names if it is unknown."""
    library = access.library()
    index = access.desk.actors(access.workspace)
    found = in_phrase(index, asked.name, library.today, _MOST_CANDIDATES)
    judged: str = verdict(found)
    rows: list[ActorRow] = [matched(one) for one in found]
    if judged != "sure" and (new := _introduced(library, asked.name)):
        judged = "sure" if len(new) == 1 else "unsure"
        rows = [*map(introduced, new), *rows]
    rows = rows or [matched(one) for one in index.nearest(asked.name)]
    part = page(rows, lambda row: row.actor, asked.limit, asked.cursor, asked.call("resolve"))
    return Resolved(query=asked.name, verdict=judged, candidates=tuple(part.items), **more(part))


# --- replies --------------------------------------------------------------------------


def brief(access: Access, asked: BriefArguments) -> ReplyPage:
    """Brief on the actors or the event that a query names."""
    asker = access.asker(asked.as_of)
    reply = access.desk.brief(asker, asked.query)
    return _reply_page(access.desk.library(asker), reply, asked, "brief")


def ask(access: Access, asked: QuestionArguments) -> ReplyPage:
    """Answer a question."""
    asker = access.asker(asked.as_of)
    reply = access.desk.ask(asker, asked.question)
    return _reply_page(access.desk.library(asker), reply, asked, "ask")


def check_claim(access: Access, asked: ClaimArguments) -> ReplyPage:
    """Say who reports a claim and who denies it."""
    asker = access.asker()
    reply = access.desk.seen(asker, asked.claim)
    return _reply_page(access.desk.library(asker), reply, asked, "check_claim")


def _reply_page(library: Library, reply: Reply, asked: Arguments, tool: str) -> ReplyPage:
    lines: dict[str, Line] = {}
    for line in _lines(reply):
        lines.setdefault(_key_of(line), line)
    part = page(list(lines.values()), _key_of, asked.limit, asked.cursor, asked.call(tool))
    return ReplyPage(
        kind=reply.kind,
        query=reply.query,
        answered=_is_answered(reply),
        answer=answer_phrase(reply) if isinstance(reply, Answer) else "",
        reference=reply.reference if isinstance(reply, Answer | Brief) else (),
        candidates=_candidates(reply),
        notes=tuple(_notes(reply)),
        rows=rows_of(library, _counted(library, part.items)),
        **more(part),
    )


def _is_answered(reply: Reply) -> bool:
    """Return whether a reply has what was asked for: quotes, or reference data."""
    match reply:
        case Brief():
            return bool(_lines(reply))
        case Answer():
            return reply.answered and not reply.lacking and bool(reply.lines or reply.reference)
        case Nothing() | DidYouMean():
            return False


def _counted(library: Library, lines: Sequence[Line]) -> list[Line]:
    """Set on lines with a fact the number of independent sources of its event."""
    names = {line.happening or line.fact for line in lines if line.fact}
    found = library.store.events.sources(
        library.workspace, library.audiences, [name for name in names if name], library.as_of
    )
    return [
        line.model_copy(update={"sources": max(len(found.get(line.happening or line.fact, ())), 1)})
        if line.fact
        else line
        for line in lines
    ]


def _lines(reply: Reply) -> Sequence[Line]:
    """Return the lines of a reply in the order shown, those of a brief with their headings."""
    match reply:
        case Brief():
            rows = distinct_rows(brief_rows(reply))
            standing = rows_shown_first(rows)
            ordered = [*standing, *(row for row in rows if row not in standing)]
            titles = {IN_SHORT: in_short_heading(reply)}
            return [
                *(
                    row.line.model_copy(update={"heading": titles.get(row.heading, row.heading)})
                    for row in ordered
                ),
                *_abroad(reply),
            ]
        case Answer():
            return [*reply.lines, *_abroad(reply)]
        case Nothing():
            return [*reply.near, *_abroad(reply)]
        case DidYouMean():
            return ()


def _abroad(reply: Answer | Brief | Nothing) -> list[Line]:
    heading = abroad_head(reply).rstrip(":")
    return [line.model_copy(update={"heading": heading}) for line in reply.abroad]


def _key_of(line: Line) -> str:
    return " ".join([*map(str, place_of(line)), line.fact or "", line.heading])


def _candidates(reply: Reply) -> tuple[ActorRow, ...]:
    match reply:
        case DidYouMean():
            return tuple(map(matched, reply.candidates))
        case Answer() | Nothing():
            return tuple(map(matched, reply.nearest))
        case Brief():
            return ()


def _notes(reply: Reply) -> Sequence[str]:
    match reply:
        case Brief():
            topic = bool(reply.topic)
            seen = coverage(reply.articles, reply.sources, days=reply.days, found=topic)
            return [f"{seen}.", *small_print(reply)]
        case Answer():
            return [*filter(None, [reply.verdict, reply.lacking]), *small_notes(reply)]
        case Nothing():
            near = [reply.lacking] if reply.near else []
            notes = [NOT_STORED if note == NOT_READ else note for note in small_notes(reply)]
            return [*filter(None, [*near, outside_period(reply)]), *notes]
        case DidYouMean():
            return ["Several actors fit: ask again with one of the candidates' names."]


# --- facts ----------------------------------------------------------------------------


def facts(access: Access, asked: FactArguments) -> FactsPage:
    """List stored facts, the newest first."""
    if asked.with_actor and not asked.actor:
        raise BadQuery("with_actor names a second actor: name the first one in actor.", about="")
    library = access.library()
    period = _period(asked.since, asked.until, library.today)
    groups = [access.actor_ids(library, one) for one in (asked.actor, asked.with_actor) if one]
    statuses = {asked.status} if asked.status else set()
    classes = {asked.event_class} if asked.event_class else set()
    look = partial(facts_about, library, groups[:1], classes=classes)
    newest = look(period=period, most=_FIRST_LOOK)
    found = matching(newest, groups[1:], statuses)
    if asked.cursor is not None or len(found) <= asked.limit:
        newest = look(period=period, most=MOST_EXPORTED)
        found = matching(newest, groups[1:], statuses)
    left = len(matching(look(undated=True), groups[1:], statuses)) if period else 0
    found_page = _facts_page(library, found, asked, "facts")
    notes = (_cut_off("an earlier until"),) if len(newest) >= MOST_EXPORTED else ()
    return found_page.model_copy(update={"undated_left_out": left, "notes": notes})


def what_changed(access: Access, asked: ChangesArguments) -> FactsPage:
    """List the facts of articles published since a day.

    Events long before that day are background of their articles, and left out.
    """
    library = access.library()
    day = parse_day(asked.since, library.today)
    since = datetime.combine(day, time.min, ZoneInfo(access.tz))
    groups = [access.actor_ids(library, asked.actor)] if asked.actor else []
    dated = facts_about(library, groups, period=Period(start=day - _REPORTED_LATE))
    undated = facts_about(library, groups, undated=True)
    fresh = _published_since(library, [*dated, *undated], since)
    found_page = _facts_page(library, fresh, asked, "what_changed")
    is_cut = max(len(dated), len(undated)) >= MOST_EXPORTED
    notes = (_cut_off("an actor"),) if is_cut else ()
    return found_page.model_copy(update={"notes": notes})


def _published_since(library: Library, found: Sequence[Fact], since: datetime) -> list[Fact]:
    """Return facts whose article was published (without a date: first seen) since then."""
    articles = {fact.evidence[0].article for fact in found if fact.evidence}
    cited = library.store.cited(library.workspace, articles)
    undated = [key for key, one in cited.items() if one.published is None]
    seen = {key: one.article.first_seen for key, one in library.articles(undated).items()}
    at = {key: one.published or seen.get(key) for key, one in cited.items()}
    fresh = {key for key, instant in at.items() if instant is not None and instant >= since}
    return [fact for fact in found if fact.evidence and fact.evidence[0].article in fresh]


def counted_lines(library: Library, found: Sequence[Fact]) -> list[Line]:
    """Make a line for each fact, with the number of its independent sources."""
    totals = source_totals(library, found)
    return [
        line.model_copy(update={"sources": totals[line.fact]}) if line.fact else line
        for line in fact_lines(library, found)
    ]


def _cut_off(advice: str) -> str:
    """Say that older facts are missing, and which argument gets them."""
    return f"Only the newest {MOST_EXPORTED:,} facts were looked at: for others, give {advice}."


def _facts_page(library: Library, found: Sequence[Fact], asked: Arguments, tool: str) -> FactsPage:
    part = page(found, lambda fact: fact.id, asked.limit, asked.cursor, asked.call(tool))
    return FactsPage(rows=rows_of(library, counted_lines(library, part.items)), **more(part))


def _period(since: str | None, until: str | None, today: date) -> Period | None:
    if since is None and until is None:
        return None
    start = parse_day(since, today) if since is not None else None
    end = parse_day(until, today, edge="end") if until is not None else None
    if start and end and end < start:
        raise BadQuery(f"until {end} is before since {start}: swap them.", about="until")
    return Period(start=start, end=end)


# --- sources --------------------------------------------------------------------------


def sources(access: Access, asked: SourceArguments) -> SourcesPage:
    """List sources, each with the beginning of its newest article."""
    library = access.library()
    wanted = normalise(asked.query or "")
    found = [
        one
        for one in library.store.sources.all(library.workspace, library.audiences)
        if wanted in normalise(one.name)
    ]
    part = page(found, lambda one: one.key, asked.limit, asked.cursor, asked.call("sources"))
    return SourcesPage(sources=tuple(_source_row(library, one) for one in part.items), **more(part))


def _source_row(library: Library, one: Source) -> SourceRow:
    line = newest_line(library, one)
    return SourceRow(
        name=one.name,
        level=one.level,
        articles=one.articles,
        own=one.own,
        cited=one.cited,
        newest=iso(one.newest),
        opening=rows_of(library, [line.model_copy(update={"heading": ""})])[0] if line else None,
    )


# --- the list of tools ----------------------------------------------------------------


class Tool(NamedTuple):
    """A tool: its arguments, its result, and its description for assistants."""

    title: str
    description: str
    takes: type[Arguments]
    returns: type[Page]
    run: Callable[[Access, Any], Page]


TOOLS: Mapping[str, Tool] = {
    "resolve_actor": Tool(
        "Find an actor",
        "Say which state, organisation, office or person a name means, with the id that facts"
        " and actor resources go by. Misspelt names and offices (the Emir of Qatar) work, too.",
        NameArguments,
        Resolved,
        resolve_actor,
    ),
    "brief": Tool(
        "Brief on an actor, a pair or an event",
        "Summarise what stored articles report on one or two actors or an event: the most"
        " important quotes first, then what happened, what is disputed and what is planned.",
        BriefArguments,
        ReplyPage,
        brief,
    ),
    "ask": Tool(
        "Answer a question",
        "Answer a question in English from stored articles, by verbatim quotes. The kind nothing"
        " means that no article answers it; its rows are only the nearest ones.",
        QuestionArguments,
        ReplyPage,
        ask,
    ),
    "facts": Tool(
        "List facts",
        "List who did what to whom, the newest first, each with the quote that says so. A fact may"
        " be planned, denied or only claimed: see status and claimant.",
        FactArguments,
        FactsPage,
        facts,
    ),
    "check_claim": Tool(
        "Check a claim",
        "Say which independent sources report a claim, or what a linked article says, who was"
        " first, and who denies it.",
        ClaimArguments,
        ReplyPage,
        check_claim,
    ),
    "what_changed": Tool(
        "What changed",
        "List the facts in articles published since a day, about an actor or everybody.",
        ChangesArguments,
        FactsPage,
        what_changed,
    ),
    "sources": Tool(
        "List sources",
        "List the publishers that are read: how many articles, how many of these their own, how"
        " far they are trusted, and how the newest article begins.",
        SourceArguments,
        SourcesPage,
        sources,
    ),
}


# --- resources ---------------------------------------------------------------------------


SCHEME = "dragoman"

TEXT_CHARACTERS = 20_000
"""The most characters of an article's text on one page."""


def actor(access: Access, key: str, cursor: str | None) -> ActorPage:
    """Return an actor with the newest facts in which it has a role."""
    library = access.library()
    known = access.visible_actor(library, key)
    if known is None:
        raise BadQuery(f"There is no actor {key}: resolve_actor finds ids.", about=key)
    found = facts_about(library, [library.expand(known.id)])
    part = page(found, lambda fact: fact.id, SOME_ROWS, cursor, f"actor {key}")
    return ActorPage(
        actor=known.id,
        name=known.name,
        type=known.type,
        description=known.description,
        acts_for=known.acts_for,
        aliases=tuple(dict.fromkeys(alias.text for alias in known.aliases)),
        rows=rows_of(library, counted_lines(library, part.items)),
        **more(part),
    )


def story(access: Access, key: str, cursor: str | None) -> StoryPage:
    """Return a story, with the beginning of each of its articles."""
    library = access.library()
    found = story_by_id(library, key)
    if found is None:
        raise BadQuery(f"There is no story {key}: rows name the stories there are.", about=key)
    row, members = found
    ids = [member.article for member, _ in members]
    part = page(ids, str, SOME_ROWS, cursor, f"story {key}")
    stored = library.articles(part.items)
    lines = [opening_line(stored[one]) for one in part.items if one in stored]
    return StoryPage(
        story=row.id,
        headline=row.headline,
        first=row.first,
        last=row.last,
        articles=row.articles,
        sources=row.sources,
        rows=rows_of(library, [line for line in lines if line is not None]),
        **more(part),
    )


def article(access: Access, key: str, cursor: str | None) -> ArticlePage:
    """Return an article's text, one stretch at a time."""
    library = access.library()
    stored = library.articles([key]).get(key)
    if stored is None or stored.article.audience not in library.audiences:
        raise BadQuery(f"There is no article {key}: rows name the articles there are.", about=key)
    cited, text, call = stored.cited, stored.revision.text, f"article {key} {stored.revision.n}"
    start = _position(cursor, call, len(text)) if cursor is not None else 0
    end = min(start + TEXT_CHARACTERS, len(text))
    part = Part([text], make_cursor(str(end), call) if end < len(text) else None)
    return ArticlePage(
        article=cited.article,
        revision=cited.revision,
        title=cited.title,
        text=text[start:end],
        start=start,
        end=end,
        thinned=cited.thinned,
        publisher=cited.publisher,
        original_source=cited.original_source,
        published=iso(cited.published),
        link=cited.url,
        sources=max(1, len(stored.sources)),
        story=library.store.stories.of(library.workspace, [key]).get(key),
        **more(part),
    )


def _position(cursor: str, call: str, length: int) -> int:
    """Return the offset that a cursor points to; raise BadQuery if it is not in the text."""
    last = read_cursor(cursor, call)
    if not (last.isascii() and last.isdigit() and int(last) < length):
        raise BadQuery(STALE, about="cursor")
    return int(last)


class Resource(NamedTuple):
    """A kind of resource: its description for assistants, and how to read it."""

    title: str
    description: str
    read: Callable[[Access, str, str | None], Page]


RESOURCES: Mapping[str, Resource] = {
    "actor": Resource("Actor", "An actor by its id, with the newest facts about it.", actor),
    "story": Resource("Story", "A story by its id: how each of its articles begins.", story),
    "article": Resource("Article", "The text of an article by its id.", article),
}


def read(access: Access, address: str) -> Page:
    """Read the resource at an address; raise BadQuery if there is none."""
    try:
        parts = urlsplit(address)
        key, query = unquote(parts.path.removeprefix("/"), errors="strict"), parse_qs(parts.query)
    except ValueError as error:
        raise _no_resource(address) from error
    found = RESOURCES.get(parts.netloc) if parts.scheme == SCHEME else None
    if found is None or not key or "\x00" in key or len(address) > 2_000:
        raise _no_resource(address)
    return found.read(access, key, query.get("cursor", [None])[0])


def _no_resource(address: str) -> BadQuery:
    kinds = ", ".join(f"{SCHEME}://{kind}/ID" for kind in RESOURCES)
    return BadQuery(f"There is no resource {address[:80]}: they are {kinds}.", about=address[:80])
