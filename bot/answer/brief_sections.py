"""A brief in sections and rows: stories, disputes, plans, gaps, related actors, changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from itertools import pairwise, product
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.answer.formatting import count, day, days
from bot.answer.importance import Story, needs_context
from bot.answer.library import Library
from bot.answer.lines import (
    TOOK_PLACE,
    day_of,
    merge_same_event,
    newest_first,
    place_of,
    with_sentence_before,
)
from bot.answer.question import Question
from bot.errors import BadQuery
from bot.models import (
    Brief,
    Changes,
    EventClass,
    Fact,
    Line,
    Mention,
    Period,
    Precision,
    Related,
    SentReply,
    Status,
)

DENIAL_DAYS = 30
"""The most days between a denial and the earlier reports it refers to."""

REVERSED_DAYS = 2
"""An event later than this after a denial is no contradiction."""


def disputed(lines: Sequence[Line], sources: Mapping[str, Collection[str]]) -> list[Line]:
    """Return pairs of lines that contradict each other, the denial second.

    A pair is a fact reported and denied of the same actors within a month, with different
    ``sources`` (by article). No line is in two pairs.
    """
    found: list[Line] = []
    used: set[Place] = set()
    denied = [line for line in lines if line.status is Status.DENIED]
    reported = [line for line in lines if line.status in TOOK_PLACE]
    for denial, line in product(denied, reported):
        own, others = (sources.get(one.snippet.article, ()) for one in (line, denial))
        places = {place_of(line), place_of(denial)}
        if _denies(denial, line) and set(own).isdisjoint(others) and used.isdisjoint(places):
            used |= places
            found += [line, denial]
    return found


def _denies(denial: Line, line: Line) -> bool:
    return (
        line.event_class == denial.event_class
        and bool(line.about)
        and set(line.about) == set(denial.about)
        and place_of(line) != place_of(denial)
        and _days_before(line, denial) in range(-REVERSED_DAYS, DENIAL_DAYS + 1)
    )


def _days_before(line: Line, denial: Line) -> int | None:
    reported, denied = day_of(line), day_of(denial)
    return (denied - reported).days if reported and denied else None


# --- coming up ------------------------------------------------------------------------

PLAN_DAYS = 120
"""How long after its report a plan without a day stays current."""


def coming_up(lines: Sequence[Line], today: date) -> list[Line]:
    """Return the plans for today or later, the nearest first.

    Leaves out a plan if a line reports that it took place.
    """
    reported = [line for line in lines if line.status in TOOK_PLACE and line.fact]
    ahead = [
        line
        for line in lines
        if line.status is Status.PLANNED
        and line.event_date is not None
        and last_day(line.event_date, line.date_precision) >= today
        and not any(_fulfils(one, line) for one in reported)
    ]
    return sorted(ahead, key=lambda line: line.event_date or today)


def _fulfils(line: Line, plan: Line) -> bool:
    """Return whether a line reports that a plan took place: the same act, after it was planned."""
    if (line.event_class, set(line.about)) != (plan.event_class, set(plan.about)):
        return False
    reported, planned = day_of(line), plan.snippet.day
    return bool(reported and planned and reported >= planned)


def last_day(day: date, precision: Precision | None) -> date:
    """Return the last day of a date that may be a whole month or year."""
    if precision == "year":
        return date(day.year, 12, 31)
    if precision in {"month", "period"}:
        first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return first - timedelta(days=1)
    return day


# --- gaps in coverage -----------------------------------------------------------------

OLD_DAYS = 14
"""A brief mentions it if the newest article is older than this."""

LONG_DAYS = 14
"""A brief also mentions a gap of so many days without any article."""


def coverage_gaps(
    period: Period | None, published: Sequence[date], newest: date | None, today: date
) -> tuple[str, ...]:
    """Describe gaps in coverage; ``published`` are the days of a period with articles."""
    found = []
    if period is None:
        if newest is not None and (today - newest).days > OLD_DAYS:
            age = count((today - newest).days, "day")
            found.append(f"The newest article is {age} old ({day(newest)}).")
    elif longest := _longest(period, published, today):
        found.append(f"No article from {days(longest)} is stored.")
    return tuple(found)


def _longest(period: Period, published: Sequence[date], today: date) -> Period | None:
    """Return the longest part of a period, up to today, without any article."""
    if not published:
        return None
    known = sorted(set(published))
    start = period.start or known[0]
    end = min(period.end or today, today)
    edges = [start - timedelta(days=1), *known, end + timedelta(days=1)]
    stretches = [(after - before, before) for before, after in pairwise(edges)]
    length, before = max(stretches)
    if length.days - 1 < LONG_DAYS:
        return None
    one = timedelta(days=1)
    return Period(start=before + one, end=before + length - one)


# --- related actors -------------------------------------------------------------------

MOST_RELATED = 4

_LOOKED_AT = 6
"""How many candidates are counted."""

_FEWEST = 2
"""The least times named together: once may be chance."""


def related(
    library: Library,
    groups: Sequence[frozenset[str]],
    mentions: Mapping[str, Sequence[Mention]],
    lines: Sequence[Line],
    period: Period | None,
) -> tuple[Related, ...]:
    """Return the actors named most often together with all of ``groups``; first those they met.

    ``mentions`` are of the newest articles, by id, and ``lines`` have each meeting once.
    Candidates come from these articles. The counts cover all passages that the asker may see and
    that name an actor of every group and the candidate.
    """
    subjects = frozenset().union(*groups)
    met = _met(lines, subjects)
    near = Counter(
        # Sorted, so that ties always give the same candidates.
        actor
        for found in mentions.values()
        for actor in sorted({one.actor for one in found} - subjects)
    )
    for actor, times in met.items():
        near[actor] += 2 * times
    likely = [actor for actor, _ in near.most_common(_LOOKED_AT)]
    named = library.passages.named_together(groups, likely, library.scope, period)
    found: list[tuple[int, Related]] = []
    taken: set[str] = set()
    for actor in likely:
        known = library.actors.get(actor)
        group = library.expand(actor)
        if known is None or group & (taken | subjects):
            continue
        together = named.get(actor, 0)
        if together < _FEWEST and not met[actor]:
            continue
        taken |= group
        why = _why(together, met[actor], len(groups))
        one = Related(actor=actor, name=known.name, type=known.type, why=why)
        found.append((together + 3 * met[actor], one))
    found.sort(key=lambda one: (-one[0], one[1].actor))
    return tuple(one for _, one in found[:MOST_RELATED])


def meetings(lines: Iterable[Line]) -> list[Line]:
    """Return the lines about meetings and calls."""
    return [one for one in lines if one.event_class is EventClass.CONSULT]


def _met(lines: Iterable[Line], subjects: frozenset[str]) -> Counter[str]:
    return Counter(
        actor
        for line in lines
        if line.event_class is EventClass.CONSULT and line.status in TOOK_PLACE
        if set(line.about) & subjects
        for actor in set(line.about) - subjects
    )


def _why(together: int, met: int, subjects: int) -> str:
    both = "both" if subjects == 1 else "all of them"
    verb = "names" if together == 1 else "name"
    parts = [f"{count(met, 'meeting or call', 'meetings or calls')} stored"] if met else []
    if together:
        parts.append(f"{count(together, 'passage')} {verb} {both}")
    return ", ".join(parts)


# --- all sections ---------------------------------------------------------------------

STORY_LINES = 5
"""Stories shown before a click on More, one line each."""

SHORT_LINES = 3
"""How many of these are summarised, if their sentences can stand alone."""

NEW_DAYS = 14
"""The most days since news that may be summarised."""

_FEWEST_WORDS = 5
"""A line of fewer words is a heading, not a sentence."""

PLANNED_LINES = 3

MORE_LINES = 12

MOST_WORDS = 45
"""The most words of a lead that is extended to the sentence before it."""

Place = tuple[str, str, int]
"""A sentence: article, field, and start."""

_SHOWN_UNDATED = TOOK_PLACE | {None}


@dataclass(frozen=True)
class Material:
    """The material of a brief: lines, the stems of each quote, the sources of each article.

    ``context`` maps leads that need context, by place, to the lead with the sentence before it.
    """

    lines: Sequence[Line]
    terms: Mapping[str, frozenset[str]]
    sources: Mapping[str, Collection[str]]
    today: date
    context: Mapping[Place, Line] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library, lines: Sequence[Line], stories: Sequence[Story] = ()) -> Material:
        """Look up the stems and sources of lines, and the context of the leads of stories."""
        articles = {line.snippet.article for line in lines}
        return cls(
            lines=lines,
            terms={
                line.snippet.quote: frozenset(library.passages.terms(line.snippet.quote))
                for line in lines
            },
            sources=library.store.source_counts(library.workspace, articles),
            today=library.today,
            context=in_context(library, stories),
        )

    def merged(self, lines: Iterable[Line]) -> list[Line]:
        """Merge lines about the same event: see ``merge_same_event``."""
        return merge_same_event(list(lines), self.sources, self.terms)


def in_context(library: Library, ranked: Sequence[Story]) -> dict[Place, Line]:
    """Return leads that need context, by place, with the sentence before them."""
    fragments = [line for one in ranked if needs_context((line := one.lead).snippet)]
    stored = library.articles({line.snippet.article for line in fragments})
    found = {}
    for line in fragments:
        known = stored.get(line.snippet.article)
        if known is not None and known.revision.n == line.snippet.revision:
            whole = with_sentence_before(known, line, MOST_WORDS)
            if whole is not None:
                found[place_of(line)] = whole
    return found


def sections(
    material: Material,
    stories: Sequence[Story],
    *,
    undated: bool = True,
    since: date = date.min,
) -> dict[str, Any]:
    """Return the fields of a ``Brief`` that are lists of lines; no sentence appears twice.

    ``stories`` are its stories, the most important first; ``undated`` says whether lines without a
    date may be shown; ``since`` is the first day of the disputes shown.
    """
    dated = material.merged(newest_first(one for one in material.lines if day_of(one)))
    timeless = material.merged(_central(one for one in material.lines if not day_of(one)))
    timeless = timeless if undated else []
    plans = coming_up(dated, material.today)
    still = [line for line in timeless if line.status in _SHOWN_UNDATED]
    # Of several disputes take the newest, with both sides.
    recent = newest_first(_recent(material.lines, since))
    disputes = tuple(disputed(recent, material.sources)[:2])
    shown = {place_of(line) for line in disputes}
    planned = _take(plans, PLANNED_LINES, shown)
    leads = [story.lead for story in stories]
    alone = [line for line in leads if place_of(line) in material.context or _stands_alone(line)]
    standing = _in_context(_take(alone or leads, STORY_LINES, shown), material.context, shown)
    short = standing[: SHORT_LINES if alone else 1]
    happened = standing[len(short) :]
    if undated:  # without a period: older lines keep their dates, the newest first
        fresh = material.today - timedelta(days=NEW_DAYS)
        short = _leading(short, fresh)
        happened = _old_by_date([line for line in standing if line not in short], fresh)
    others = [one.line for story in stories for one in story.reports[1:]]
    return {
        "disputed": disputes,
        "planned": planned,
        "in_short": short,
        "happened": happened,
        "undated": _take(still, 1, shown),
        "more": _take([*leads, *others, *plans, *timeless, *dated], MORE_LINES, shown),
    }


def _in_context(
    lines: Sequence[Line],
    context: Mapping[Place, Line],
    shown: set[Place],
) -> tuple[Line, ...]:
    """Show lines with the sentence before them, unless the brief already shows that one."""
    found = []
    for line in lines:
        whole = context.get(place_of(line), line)
        found.append(line if whole is not line and place_of(whole) in shown else whole)
        shown.add(place_of(whole))
    return tuple(found)


def _leading(lines: Sequence[Line], since: date) -> tuple[Line, ...]:
    """Leave out lines older than a day; undated lines count as new."""
    return tuple(line for line in lines if (line.snippet.day or date.max) >= since)


def _old_by_date(lines: Sequence[Line], since: date) -> tuple[Line, ...]:
    """Move lines older than a day to the end, the newest of them first."""
    old = [line for line in lines if (line.snippet.day or date.max) < since]
    return (*(line for line in lines if line not in old), *newest_first(old))


def _stands_alone(line: Line) -> bool:
    return not needs_context(line.snippet) and len(line.snippet.quote.split()) >= _FEWEST_WORDS


def _recent(lines: Sequence[Line], since: date) -> list[Line]:
    """Leave out lines published before a day, and undated ones."""
    return [line for line in lines if line.snippet.day and line.snippet.day >= since]


def _take(lines: Sequence[Line], most: int, shown: set[Place]) -> tuple[Line, ...]:
    """Take up to ``most`` lines whose sentence is not in the brief yet."""
    taken: list[Line] = []
    for line in lines:
        if len(taken) < most and place_of(line) not in shown:
            taken.append(line)
            shown.add(place_of(line))
    return tuple(taken)


def _central(lines: Iterable[Line]) -> list[Line]:
    """Sort undated lines: facts first, meetings, moves, then by position."""
    return sorted(
        lines,
        key=lambda line: (
            line.fact is None,
            line.event_class != "CONSULT",
            line.event_class != "MOVE",
            place_of(line),
        ),
    )


# --- rows ---------------------------------------------------------------------------


IN_SHORT = "In short"

_SHOWN_FIRST = {IN_SHORT: 3, "What happened": 4, "Disputed": 2, "Coming up": 1, "Undated": 1}
"""How many lines of each heading are shown first, in this order."""


class BriefRow(NamedTuple):
    """A line under its heading; ``mark`` is the kind of a change: + ~ ×."""

    heading: str
    line: Line
    mark: str = ""


def in_short_heading(brief: Brief) -> str:
    """Return the heading of the first lines, with the model that chose them, if any."""
    heading = "Mentioned" if brief.mentioned else IN_SHORT
    return f"{heading}, chosen by {brief.chosen_by}" if brief.chosen_by else heading


def brief_rows(brief: Brief) -> list[BriefRow]:
    """Return all lines of a brief, in the order shown."""
    rows: list[BriefRow] = []
    for heading, lines in (
        (IN_SHORT, brief.in_short),
        ("What happened", brief.happened),
        ("Disputed", brief.disputed),
        ("Coming up", brief.planned),
        ("Undated", brief.undated),
    ):
        rows += [BriefRow(heading, line) for line in lines]
    rows += [BriefRow(_later(line), line) for line in brief.more]
    marks = _marks(brief.changed)
    return [row._replace(mark=marks.get(place_of(row.line), "")) for row in rows]


def _marks(changes: Changes | None) -> dict[tuple[str, str, int], str]:
    if changes is None:
        return {}
    kinds = (("+", changes.new), ("~", changes.corrected), ("×", changes.denied))
    return {place_of(line): mark for mark, lines in kinds for line in lines}


def _later(line: Line) -> str:
    return "More" if line.snippet.published or line.event_date else "Undated"


def rows_shown_first(rows: Sequence[BriefRow]) -> list[BriefRow]:
    """Return the rows shown before a click on More, in order."""
    return [
        row
        for heading, room in _SHOWN_FIRST.items()
        for row in [one for one in rows if one.heading == heading][:room]
    ]


def citation_numbers(rows: Iterable[BriefRow]) -> dict[str, int]:
    """Number the articles that rows cite, from 1, in the order shown."""
    articles = dict.fromkeys(row.line.snippet.article for row in rows)
    return {article: n for n, article in enumerate(articles, start=1)}


def distinct_rows(rows: Sequence[BriefRow]) -> list[BriefRow]:
    """Leave out rows that repeat an earlier one: the same quote and act, or a summary line."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for row in rows:
        line, place = row.line, place_of(row.line)
        act = (*place, line.status, line.actor, line.act, line.target)
        if place in seen or act in seen:
            continue
        seen.add(place if row.heading == IN_SHORT else act)
        kept.append(row)
    return kept


def since_words(changes: Changes, tz: str) -> str:
    """Say since when it changed, and how: ``+ 3 new · ~ 1 corrected``, as the lines are marked."""
    zone: tzinfo = ZoneInfo(tz)
    when = f"since you last asked, {day(changes.since.astimezone(zone).date())}"
    counted = (
        ("+", len(changes.new), "new"),
        ("~", len(changes.corrected), "corrected"),
        ("×", len(changes.denied), "denied"),
        ("–", changes.withdrawn, "withdrawn"),
    )
    parts = " · ".join(f"{mark} {number} {word}" for mark, number, word in counted if number)
    return f"Changed {when}: {parts}" if parts else f"Nothing changed {when}"


def small_print(brief: Brief) -> list[str]:
    """Return the notes below a brief: members of groupings, gaps in coverage, other notes."""
    found = []
    if brief.members:
        names = [one.name for one in brief.subjects]
        found.append(f"{' and '.join(names)} stands for {', '.join(brief.members)}.")
    return [*found, *brief.gaps, *brief.notes]


def related_words(brief: Brief) -> str:
    """Name related actors, each with the reason; empty if there are none."""
    if not brief.related:
        return ""
    return "Related: " + "; ".join(f"{one.name} ({one.why})" for one in brief.related)


# --- changes --------------------------------------------------------------------------


def with_changes(
    library: Library,
    question: Question,
    brief: Brief,
    earlier: Sequence[SentReply],
    understood: Callable[[str], Question],
) -> Brief:
    """Add what changed since the first of ``earlier`` replies about the same subjects."""
    same = {one.actor for one in brief.subjects}
    for one in earlier:
        if one.as_of >= library.as_of:
            continue
        try:
            then = question if one.query == brief.query else understood(one.query)
        except BadQuery:  # it was a call for help, or took a correction back
            continue
        if {match.actor for match in then.subjects} == same and then.terms == question.terms:
            return brief.model_copy(update={"changed": changes(library, brief, one)})
    return brief


def changes(library: Library, brief: Brief, earlier: SentReply) -> Changes:
    """Compare a brief with the one its reader saw at ``earlier.as_of``.

    A line is new if its article has a date and was not stored then, and denied if it also is a
    denial; it is corrected if its article now says something else about the same two actors. Facts
    shown then that their article no longer supports are counted as withdrawn.
    """
    lines = [row.line for row in brief_rows(brief)]
    since = earlier.as_of
    stored = library.articles({line.snippet.article for line in lines})
    fresh = {
        key
        for key, one in stored.items()
        if one.article.published is not None and since < one.article.first_seen <= library.as_of
    }
    gone = library.store.history.retired(library.workspace, earlier.fact_ids)
    corrected = [line for line in lines if any(_corrects(line, fact) for fact in gone)]
    places = {place_of(line) for line in corrected}
    arrived = [
        line for line in lines if line.snippet.article in fresh and place_of(line) not in places
    ]
    answered = [fact for fact in gone if any(_corrects(line, fact) for line in corrected)]
    return Changes(
        since=since,
        new=tuple(line for line in arrived if line.status is not Status.DENIED),
        corrected=tuple(corrected),
        denied=tuple(line for line in arrived if line.status is Status.DENIED),
        withdrawn=len(gone) - len(answered),
    )


def _corrects(line: Line, fact: Fact) -> bool:
    if line.fact is None or not any(line.snippet.article == one.article for one in fact.evidence):
        return False
    return set(line.about) == set(fact.sides)
