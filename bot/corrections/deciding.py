"""Decide which shown lines need a correction, from what the store holds now. Pure.

A line is *gone* if its article or its sentence is; *denied* if somebody denies what it reported;
*done* if it reported a plan that has since been carried out. A line stands if the same is still
reported, in other words or by another independent source. Nothing is ever called false. A change
of spelling, case, spaces or punctuation alone is no change of the words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Literal, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.answer.brief_sections import PLAN_DAYS, last_day
from bot.models import EVERYWHERE, EventClass, Evidence, Status, Turn
from bot.read.event_coreference import COMMON, LATE, agree, family, one_side, share_words
from bot.read.event_coreference import EventReport as Act
from bot.store.articles import Stored
from bot.store.corrections import CorrectionData, ReportedFact, ShownLine, ShownMessage
from bot.text.english import stems
from bot.text.names import normalise
from bot.text.sentences import sentences

ALIKE = 70
"""How similar (0..100) a sentence must be to be the replacement of another."""

_SHORTEST = 6
"""Letters of a word in which one changed letter may be a corrected spelling."""

_READ = 200_000
"""Characters of a text that are searched."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_SIZES = frozenset("hundred thousand million billion trillion".split())
_RETRACTED = re.compile(
    r"\b(?:this|the|our|that)\s(?:\w+\s)?(?:article|story|report|piece|post)\s"
    r"(?:has\sbeen|have\sbeen|was|is)\s(?:\w+\s)?"
    r"(?:retracted|withdrawn|removed|deleted|taken\sdown|unpublished)\b"
    r"|\bwe\s(?:have\s|are\s)?(?:retract(?:ed|ing)?|withdr[ae]w(?:n|ing)?)\s(?:this|the|our|that)\b",
    re.IGNORECASE,
)
_RETRACTED_TITLE = re.compile(r"^\W*(?:retract(?:ed|ion)|withdrawn)\b", re.IGNORECASE)


class Before(NamedTuple):
    """The title and text of the revision that was shown."""

    title: str
    text: str


def still_quotes(stored: Stored, quote: str) -> bool:
    """Whether an article still has these words in a row, in any spelling."""
    revision = stored.revision
    if quote in revision.text or quote in revision.title:
        return True
    wanted = _words(quote)
    if not wanted:
        return True
    for text in (revision.title, revision.text[:_READ]):
        if f" {wanted} " in f" {_words(text)} ":
            return True
    return any(_is_respelt(wanted, _words(one.quote)) for one in _passages(stored))


def find_replacement(quote: str, stored: Stored, before: Before) -> Evidence | None:
    """The most similar sentence that was not there before."""
    wanted, known = _words(quote), f" {_words(before.title)} | {_words(before.text[:_READ])} "
    best, score = None, float(ALIKE)
    for one in _passages(stored):
        words = _words(one.quote)
        if not words or f" {words} " in known:
            continue
        similarity = fuzz.token_sort_ratio(wanted, words)
        if similarity >= score:
            best, score = one, similarity + 0.001  # of equals the first
    return best


def opening(stored: Stored) -> Evidence | None:
    """Return how an article begins: the first sentence of its text, else its title."""
    passages = list(islice(_passages(stored), 2))
    return next((one for one in passages if one.field == "text"), next(iter(passages), None))


def find_retraction(stored: Stored, before: Before) -> Evidence | None:
    """The new sentence in which a publisher retracts its article."""
    for one in _passages(stored):
        pattern = _RETRACTED_TITLE if one.field == "title" else _RETRACTED
        old = before.title if one.field == "title" else before.text
        if (pattern.search(one.quote) or _RETRACTED.search(one.quote)) and one.quote not in old:
            return one
    return None


def _passages(stored: Stored) -> Iterator[Evidence]:
    """The title, and every sentence of the text."""
    revision = stored.revision
    if revision.title.strip():
        yield stored.evidence(0, len(revision.title), "title")
    for start, end in sentences(revision.text[:_READ]):
        yield stored.evidence(start, end)


def _words(text: str) -> str:
    return normalise(_THOUSANDS.sub("", text))


def _is_respelt(one: str, other: str) -> bool:
    """Whether two sentences differ only in the corrected spelling of one word."""
    if len(one.split()) != len(other.split()):
        return False
    changed = [(a, b) for a, b in zip(one.split(), other.split(), strict=True) if a != b]
    return len(changed) == 1 and _is_same_word(*changed[0])


def _is_same_word(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORTEST or not (one.isalpha() and other.isalpha()):
        return False
    if one[0] != other[0] or {one, other} & _SIZES:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


Outcome = Literal["gone", "denied", "done"]
"""What is posted once about a line in a place; nothing more is posted about one that is gone."""

OVERLAP = timedelta(hours=6)
"""An article is dated when its intake begins, and may be stored so much later."""

_ONE_OF_MANY = frozenset({EventClass.CONSULT, EventClass.AGREE, EventClass.MOVE})
"""Acts of which the next one between two actors is the planned one, if no day is known; two
suspensions, say, may be of different things."""

_DAY = timedelta(days=1)
_UNDATED_PLAN = timedelta(days=PLAN_DAYS)
_DIRECT = "D"
"""First letter of the ids of direct messages, which only one person sees."""


class Destination(NamedTuple):
    """Where a correction is posted: in a thread of a place, or, without a thread, to a person."""

    place: str
    thread: str
    audiences: frozenset[str]


Posted = tuple[str, str, str, str, str]
"""An outcome that was posted: the team, place and thread, the line, and the outcome."""


class Decision(NamedTuple):
    """A correction of a line, where to post it, its basis, and all the outcomes that it settles."""

    line: ShownLine
    destination: Destination
    turn: Turn
    basis: ReportedFact | Evidence | None
    outcomes: tuple[Outcome, ...]

    def posted(self, team: str) -> set[Posted]:
        """What has been posted once this decision is."""
        to = self.destination
        return {(team, to.place, to.thread, self.line.id, one) for one in self.outcomes}


def destination_of(message: ShownMessage) -> Destination:
    """The thread that a message is in or begins; its reader if the message cannot be found again.

    What only one place may see is not posted elsewhere.
    """
    if message.ts is not None:
        return Destination(message.place, message.thread or message.ts, message.audiences)
    own = {message.place} if message.place.startswith(_DIRECT) else set()
    return Destination(message.person, "", frozenset({EVERYWHERE, *own}) & message.audiences)


def newest_first(data: CorrectionData) -> list[ShownLine]:
    """The lines to decide, those of the newest message first."""
    order = {key: (-one.at.timestamp(), key) for key, one in data.messages.items()}
    return sorted(data.lines, key=lambda one: (order[one.message], one.id))


def decide(line: ShownLine, data: CorrectionData, posted: Collection[Posted]) -> Decision | None:
    """Decide a line; None if it stands, or its outcome, or that it is gone, was posted there."""
    message = data.messages[line.message]
    found = _decide_line(line, message, data)
    if found is None:
        return None
    settled = found._replace(outcomes=("gone", *found.outcomes)).posted(message.team)
    return None if any(one in posted for one in settled) else found


def _decide_line(line: ShownLine, message: ShownMessage, data: CorrectionData) -> Decision | None:
    to = destination_of(message)
    stored = data.stored.get(line.shown.article)
    if stored is None or stored.article.audience not in to.audiences or not to.place:
        return None
    visible = [one for one in data.others if one.audience in to.audiences]
    gone = _find_loss(line, stored, data, visible)
    also: tuple[Outcome, ...] = ("gone",) if gone else ()
    new = [one for one in visible if _is_new(one, line, message, data)]
    if denial := next(_updates(line, new, Status.DENIED), None):
        return Decision(line, to, "denied", denial, ("denied", *also))
    if report := next(_updates(line, new, Status.HAPPENED), None):
        return Decision(line, to, "done", report, ("done", *also))
    return Decision(line, to, *gone, ("gone",)) if gone else None


# --- gone ---------------------------------------------------------------------------------


def _find_loss(
    line: ShownLine, stored: Stored, data: CorrectionData, visible: list[ReportedFact]
) -> tuple[Turn, Evidence | None] | None:
    """Why the words of a line are gone, and what replaced them; None if they are not, or if
    another fact still reports the same."""
    shown = line.shown
    if stored.article.tombstoned_at is not None:
        withheld = shown.article in data.withheld
        found: tuple[Turn, Evidence | None] = ("distrusted" if withheld else "removed", None)
    elif stored.revision.n == shown.revision:
        return None
    else:
        before = Before(*data.before.get((shown.article, shown.revision), ("", "")))
        newer = stored.revision.n > shown.revision
        retraction = find_retraction(stored, before) if newer else None
        if retraction is not None:
            found = ("retracted", retraction)
        elif still_quotes(stored, shown.quote):
            return None
        else:
            found = ("edited", find_replacement(shown.quote, stored, before))
    fact = line.reported
    if fact is None or not any(_still_reports(one, fact, found[0]) for one in visible):
        return found
    return None


def _still_reports(other: ReportedFact, fact: ReportedFact, turn: Turn) -> bool:
    """Whether a live fact still reports what a fact did that is gone."""
    if other.fact.id == fact.fact.id or not other.live:
        return False
    if _article(other) == _article(fact):
        # An article that was retracted no longer reports anything.
        return turn == "edited" and _is_reworded(fact, other)
    independent = bool(other.sources - fact.sources)
    return independent and other.act.kind == fact.act.kind and agree(fact.act, other.act)


def _is_reworded(old: ReportedFact, new: ReportedFact) -> bool:
    """Whether an article reports the same act in other words, with no other figures."""
    one, other = old.act, new.act
    if _identity(old) != _identity(new):
        return False
    days = one.day is None or other.day is None or one.day == other.day
    figures = not (one.numbers and other.numbers) or bool(one.numbers & other.numbers)
    return days and figures and not _elsewhere(one, other)


def _identity(one: ReportedFact) -> tuple[str | None, ...]:
    """What does not depend on the wording: the act, its parties, claimant and status."""
    act, fact = one.act, one.fact
    parties = (act.source, act.target, _folded(fact.source_words), _folded(fact.target_words))
    return (*parties, act.event_class, family(act), fact.claimant, act.status)


def _folded(words: str | None) -> str:
    return " ".join((words or "").casefold().split())


# --- denied, done -------------------------------------------------------------------------


def _is_new(
    one: ReportedFact, line: ShownLine, message: ShownMessage, data: CorrectionData
) -> bool:
    """Whether a fact appeared after a message that did not show it."""
    if one.fact.id in data.ids.get(message.id, ()) or not one.live:
        return False
    same = _article(one) == line.shown.article
    if same and one.fact.evidence[0].revision <= line.shown.revision:
        return False
    margin = OVERLAP if _article(one) in data.changed else timedelta(0)
    return one.seen > message.as_of - margin


def _updates(line: ShownLine, new: list[ReportedFact], status: Status) -> Iterator[ReportedFact]:
    """The facts that deny what a line reported, or report its plan as done; the closest first."""
    fact = line.reported
    if fact is None or fact.fact.status in (Status.DENIED, Status.CALLED_FOR):
        return
    if status is Status.HAPPENED and fact.fact.status is not Status.PLANNED:
        return
    fits = _denies if status is Status.DENIED else _fulfils
    found = [
        one
        for one in new
        if one.fact.status is status and _same_parties(fact, one) and fits(fact.act, one.act)
    ]
    yield from sorted(
        found, key=lambda one: (_article(one) != _article(fact), one.seen, one.fact.id)
    )


def _same_parties(earlier: ReportedFact, later: ReportedFact) -> bool:
    """Whether two facts are of the same kind and about the same parties.

    At least one party must be a known actor: an act alone identifies no event. Parties that are
    only words (*gunmen*) must have a word in common, in any form; one that is not named, or only
    by a pronoun, may be anybody.
    """
    one, other = earlier.act, replace(later.act, status=earlier.act.status)
    if not (one.source or one.target) or one.kind != other.kind:
        return False
    mine, theirs = _party_words(earlier), _party_words(later)
    if mine and theirs and not mine & theirs:
        return False
    return all(map(one_side, one.sides, other.sides))


def _party_words(one: ReportedFact) -> set[str]:
    """The stems of the words for the parties that are no known actors."""
    fact = one.fact
    source = "" if fact.source_actor else fact.source_words or ""
    target = "" if fact.target_actor else fact.target_words or ""
    return set(stems(f"{source} {target}"))


def _denies(earlier: Act, denial: Act) -> bool:
    """Whether one fact denies what the other, of the same parties, reported at about that time."""
    planned = earlier.status is Status.PLANNED
    if not planned and agree(earlier, replace(denial, status=earlier.status)):
        return True
    # A denial has few words in common with what it denies, so both parties must be known.
    if not (_is_between(earlier) and _is_between(denial)) or _elsewhere(earlier, denial):
        return False
    if not planned and family(earlier) != family(denial):
        return False
    if earlier.day and denial.day:
        return _days_meet(earlier, denial)
    return _within(denial.when, _span_of_plan(earlier) if planned else _span_around(earlier))


def _fulfils(plan: Act, report: Act) -> bool:
    """Whether a report, of the same parties, says that a plan was carried out."""
    if _elsewhere(plan, report) or not _within(report.when, _span_of_plan(plan)):
        return False
    same_day = bool(plan.day and report.day and not plan.is_coarse and not report.is_coarse)
    if same_day and not _days_meet(plan, report):
        return False
    if not (same_day or plan.event_class in _ONE_OF_MANY or share_words(plan, report, COMMON)):
        return False
    if plan.act == report.act:
        return _is_between(plan) or agree(plan, replace(report, status=plan.status))
    # A meeting is the visit that was planned only if it is on the same day or in the same place.
    same_place = plan.place is not None and plan.place == report.place
    return family(plan) == family(report) and _is_between(plan) and (same_day or same_place)


def _is_between(act: Act) -> bool:
    return bool(act.source and act.target)


def _elsewhere(one: Act, other: Act) -> bool:
    return bool(one.place and other.place and one.place != other.place)


def _days_meet(one: Act, other: Act) -> bool:
    """Whether two days may be one, as far as each is known."""
    if one.day is None or other.day is None:
        return False
    first, last = max(one.day, other.day), min(map(_last, (one, other)))
    return first - last <= _DAY


def _last(act: Act) -> date:
    return last_day(act.day, act.precision) if act.day else date.min


def _span_around(act: Act) -> tuple[date, date] | None:
    return (act.when - _DAY, _later(act.when, LATE)) if act.when else None


def _span_of_plan(plan: Act) -> tuple[date, date] | None:
    """When a plan may be reported as done, or called off: any time after its own report."""
    if plan.published is None:
        return None
    if plan.day is not None:
        return plan.published, _later(_last(plan), LATE)
    return plan.published, _later(plan.published, _UNDATED_PLAN)


def _later(day: date, span: timedelta) -> date:
    return day + span if date.max - day > span else date.max


def _within(day: date | None, span: tuple[date, date] | None) -> bool:
    return day is not None and span is not None and span[0] <= day <= span[1]


def _article(one: ReportedFact) -> str:
    return one.fact.evidence[0].article
