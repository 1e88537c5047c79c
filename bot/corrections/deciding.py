"""What became of lines that were told: pure, from what the store says of them now.

A line is *gone* where its article, or its sentence, is; *denied* where somebody denies what it
told; *done* where it told a plan that is reported as done. What is still told, in other words or
by another independent source, stands. Nothing is ever said to be false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from bot.answer.brief_sections import PLAN_DAYS, last_day
from bot.corrections.standing import Before, instead, stands, taken_back
from bot.models import EVERYWHERE, EventClass, Evidence, Status, Turn
from bot.read.event_coreference import COMMON, LATE, Told, agree, family, one_side, share_words
from bot.store.articles import Stored
from bot.store.corrections import CorrectionData, ReportedFact, ShownLine, ShownMessage

What = Literal["gone", "denied", "done"]
"""What is said once of a line in a place; nothing more is said of one that is gone."""

OVERLAP = timedelta(hours=6)
"""An article is dated when its intake begins, and stored when that ends: so much earlier it may
be dated than a message that did not know of it."""

_ONE_OF_MANY = frozenset({EventClass.CONSULT, EventClass.AGREE, EventClass.MOVE})
"""Acts of which the next between two is the one that was planned, if no day is told: two
suspensions may be of different things."""

_DAY = timedelta(days=1)
_PASSED_ON = timedelta(days=PLAN_DAYS)
_DIRECT = ("D",)
"""How the ids of direct messages begin, which only one person sees."""


class Where(NamedTuple):
    """Where something is said: in a thread of a place, or (no thread) to a person directly."""

    place: str
    thread: str
    audiences: frozenset[str]


class Decided(NamedTuple):
    """What is said of a line, where, and what it rests on; ``says`` is all that it settles."""

    line: ShownLine
    where: Where
    turn: Turn
    rests: ReportedFact | Evidence | None
    says: tuple[What, ...]


def where(message: ShownMessage) -> Where:
    """The thread that a message is in or begins; of what cannot be found again, its reader.

    What only one place may see is not told to anybody elsewhere.
    """
    if message.ts is not None:
        return Where(message.place, message.thread or message.ts, message.audiences)
    own = {message.place} if message.place.startswith(_DIRECT) else set()
    return Where(message.person, "", frozenset({EVERYWHERE, *own}) & message.audiences)


def decide(heard: CorrectionData) -> list[Decided]:
    """What is to be said, message by message, the newest first; each once in a place."""
    done: list[Decided] = []
    said: set[tuple[str, ...]] = set(heard.corrected)
    order = {key: (-one.at.timestamp(), key) for key, one in heard.messages.items()}
    for line in sorted(heard.lines, key=lambda one: (order[one.message], one.id)):
        message = heard.messages[line.message]
        found = _decided(line, message, heard)
        if found is None:
            continue
        key = (message.team, found.where.place, found.where.thread, line.id)
        if any((*key, what) in said for what in ("gone", *found.says)):
            continue
        said.update((*key, what) for what in found.says)
        done.append(found)
    return done


def _decided(line: ShownLine, message: ShownMessage, heard: CorrectionData) -> Decided | None:
    there = where(message)
    stored = heard.stored.get(line.shown.article)
    if stored is None or stored.article.audience not in there.audiences or not there.place:
        return None
    others = [one for one in heard.others if one.audience in there.audiences]
    gone = _gone(line, stored, heard, others)
    also: tuple[What, ...] = ("gone",) if gone else ()
    new = [one for one in others if _is_news(one, line, message, heard)]
    if denial := next(_bearing(line, new, Status.DENIED), None):
        return Decided(line, there, "denied", denial, ("denied", *also))
    if report := next(_bearing(line, new, Status.HAPPENED), None):
        return Decided(line, there, "done", report, ("done", *also))
    return Decided(line, there, *gone, ("gone",)) if gone else None


# --- gone ---------------------------------------------------------------------------------


def _gone(
    line: ShownLine, stored: Stored, heard: CorrectionData, others: list[ReportedFact]
) -> tuple[Turn, Evidence | None] | None:
    """Why a line's words are gone, and what stands there now; None where they are not, or
    something else tells the same."""
    shown = line.shown
    if stored.article.tombstoned_at is not None:
        withheld = shown.article in heard.withheld
        found: tuple[Turn, Evidence | None] = ("distrusted" if withheld else "removed", None)
    else:
        before = Before(*heard.before.get((shown.article, shown.revision), ("", "")))
        back = taken_back(stored, before) if stored.revision.n > shown.revision else None
        if back is not None:
            found = ("retracted", back)
        elif stored.revision.n == shown.revision or stands(shown.quote, stored):
            return None
        else:
            found = ("edited", instead(shown.quote, stored, before))
    mine = line.reported
    if mine is None or not any(_tells_the_same(mine, one, found[0]) for one in others):
        return found
    return None


def _tells_the_same(mine: ReportedFact, other: ReportedFact, turn: Turn) -> bool:
    """Whether a live fact still tells what one told that is gone."""
    if other.fact.id == mine.fact.id or not other.live:
        return False
    if _article(other) == _article(mine):
        # What its publisher took back, it does not tell.
        return turn == "edited" and _reworded(mine.act, other.act, mine, other)
    independent = bool(other.sources - mine.sources)
    return independent and other.act.kind == mine.act.kind and agree(mine.act, other.act)


def _reworded(one: Told, other: Told, mine: ReportedFact, new: ReportedFact) -> bool:
    """Whether an article tells the same act in other words, with no other figures."""
    same = (one.event_class, one.source, one.target, family(one), mine.fact.claimant)
    if same != (other.event_class, other.source, other.target, family(other), new.fact.claimant):
        return False
    if one.status is not other.status or not _same_words(mine, new):
        return False
    days = one.day is None or other.day is None or one.day == other.day
    figures = not (one.numbers and other.numbers) or bool(one.numbers & other.numbers)
    return days and figures and (one.place or other.place) in (other.place or one.place,)


def _same_words(mine: ReportedFact, new: ReportedFact) -> bool:
    return _folded(mine.fact.source_words) == _folded(new.fact.source_words) and (
        _folded(mine.fact.target_words) == _folded(new.fact.target_words)
    )


def _folded(words: str | None) -> str:
    return " ".join((words or "").casefold().split())


# --- denied, done -------------------------------------------------------------------------


def _is_news(
    one: ReportedFact, line: ShownLine, message: ShownMessage, heard: CorrectionData
) -> bool:
    """Whether a fact came after a message that did not tell it."""
    if one.fact.id in heard.ids.get(message.id, ()) or not one.live:
        return False
    same = _article(one) == line.shown.article
    if same and one.fact.evidence[0].revision <= line.shown.revision:
        return False
    margin = OVERLAP if _article(one) in heard.changed else timedelta(0)
    return one.seen > message.as_of - margin


def _bearing(line: ShownLine, new: list[ReportedFact], status: Status) -> Iterator[ReportedFact]:
    """Which of these deny what a line told, or report as done what it told as planned: what
    stands nearest to it first."""
    mine = line.reported
    if mine is None or mine.fact.status in (Status.DENIED, Status.CALLED_FOR):
        return
    if status is Status.HAPPENED and mine.fact.status is not Status.PLANNED:
        return
    fits = _denies if status is Status.DENIED else _fulfils
    found = [one for one in new if one.fact.status is status and fits(mine.act, one.act)]
    yield from sorted(
        found, key=lambda one: (_article(one) != _article(mine), one.seen, one.fact.id)
    )


def _denies(told: Told, other: Told) -> bool:
    """Whether what one denies is what the other told: the same two, act and time."""
    same = replace(other, status=told.status)
    if same.kind != told.kind or not all(map(one_side, told.sides, same.sides)):
        return False
    if told.status is not Status.PLANNED and agree(told, same):
        return True
    # A denial has few words in common with what it denies: so both must be named, and known.
    if not all((told.source, told.target, other.source, other.target)) or _elsewhere(told, other):
        return False
    if told.status is not Status.PLANNED and family(told) != family(other):
        return False
    if told.day and other.day:
        return _days_meet(told, other)
    return _within(other.when, _planned(told) if told.status is Status.PLANNED else _around(told))


def _fulfils(plan: Told, report: Told) -> bool:
    """Whether a report tells that a plan came about: the same act, after it was planned."""
    same = replace(report, status=plan.status)
    if same.kind != plan.kind or not all(map(one_side, plan.sides, same.sides)):
        return False
    if _elsewhere(plan, report) or not _within(report.when, _planned(plan)):
        return False
    told_day = bool(plan.day and report.day and not plan.is_coarse and not report.is_coarse)
    if told_day and not _days_meet(plan, report):
        return False
    if not (told_day or plan.event_class in _ONE_OF_MANY or share_words(plan, report, COMMON)):
        return False
    if plan.act == report.act:
        return bool(plan.target) or agree(plan, same)
    # A meeting is a visit that was planned only where it is told for the same day, or place.
    there = plan.place is not None and plan.place == report.place
    return family(plan) == family(report) and bool(plan.target) and (told_day or there)


def _elsewhere(one: Told, other: Told) -> bool:
    return bool(one.place and other.place and one.place != other.place)


def _days_meet(one: Told, other: Told) -> bool:
    """Whether two days may be one, as far as each is known."""
    if one.day is None or other.day is None:
        return False
    first, last = max(one.day, other.day), min(map(_last, (one, other)))
    return first - last <= _DAY


def _last(told: Told) -> date:
    return last_day(told.day, told.precision) if told.day else date.min


def _around(told: Told) -> tuple[date, date] | None:
    return (told.when - _DAY, _later(told.when, LATE)) if told.when else None


def _planned(told: Told) -> tuple[date, date] | None:
    """When what is planned may be reported, or called off: since it was told."""
    if told.published is None:
        return None
    if told.day is not None:
        return told.published, _later(_last(told), LATE)
    return told.published, _later(told.published, _PASSED_ON)


def _later(day: date, span: timedelta) -> date:
    return day + span if date.max - day > span else date.max


def _within(day: date | None, span: tuple[date, date] | None) -> bool:
    return day is not None and span is not None and span[0] <= day <= span[1]


def _article(one: ReportedFact) -> str:
    return one.fact.evidence[0].article
