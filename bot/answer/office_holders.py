"""Who holds an office: the question, the reference list, newer sentences, and the answer.

Every word of such a question (*who runs peru now*, *is she still pm*) must be part of its frame, a
title, a state or body, a person who holds or held the office, or a verb for taking or leaving an
office.

The list covers an office up to its last day. A later article contradicts the list if it says that
another person took the office, or that its holder left it. Plans, denials, offices of other states,
deputies and former holders do not contradict it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.answer.answers import LINES, list_answer, one_line_per_event
from bot.answer.formatting import day, without_answer_mark
from bot.answer.library import Library
from bot.answer.lines import snippet_of, spans_in
from bot.answer.question import Question, is_function_word, means_something
from bot.match.actors import ActorIndex
from bot.models import Actor, ActorType, Answer, Field_, Line, Period, Status, Tenure
from bot.read.posts import Post, owners, post_of
from bot.read.proper_names import title_of
from bot.read.succession import OfficeReport, act_of, office_reports
from bot.store.articles import Stored
from bot.text.english import means, verb_of
from bot.text.names import FILLERS, normalise

# --- the question -------------------------------------------------------------------


class OfficeQuestion(NamedTuple):
    """The possible offices, the most likely first, and the person in the question, if any."""

    offices: tuple[str, ...]
    person: str | None = None


_WORD = re.compile(r"[\w-]+(?:['’]\w+)?")
_KINDS = frozenset({"who", "what", "still", "did", "when", "statement", "new"})
_LIGHT = frozenset(
    "name named current currently serving sitting acting interim actual exactly president's".split()
)
_TYPED = {
    "pres": "president", "prez": "president", "veep": "vice president", "vp": "vice president",
    "primeminister": "prime minister", "fm": "foreign minister", "govt": "government",
}  # fmt: skip
_RULES = frozenset("run lead rule govern head control".split())
_HEADS = frozenset("leader boss head chief ruler charge power top".split())
_OF_STATE, _OF_GOVERNMENT = "head of state", "head of government"
_BY_ROLE = {
    _OF_STATE: (
        "supreme leader", "king", "queen", "emperor", "emir", "sultan", "pope", "grand duke",
        "prince", "president", "governor-general",
    ),
    _OF_GOVERNMENT: ("prime minister", "chancellor", "taoiseach", "president"),
}  # fmt: skip
"""Titles of heads of state, in this order: in a monarchy it is the monarch."""
_NOT_LEADING = frozenset(
    "spokesman spokesperson spokeswoman press representative diplomat policy".split()
)
_RECENT = 730
"""For so many days an office that is vacant on the list still counts as existing."""


def read_office_question(
    question: Question, actors: ActorIndex, today: date
) -> OfficeQuestion | None:
    """Return the office whose holder a question asks for; None if it asks anything else."""
    if question.kind not in _KINDS or question.tense == "coming" or any(question.filters):
        return None
    if question.kind == "statement" and question.general:
        return None  # the name of an office alone gets a brief
    return _OfficeReader(question, actors, today).read()


class _OfficeReader:
    """Parses a question about an office: its words beyond names, and their possible meanings."""

    def __init__(self, question: Question, actors: ActorIndex, today: date) -> None:
        self.question, self.actors, self.today = question, actors, today
        sure = [one for one in question.named if one.verdict == "sure"]
        owner: Actor | None = None
        taken = [(one.start, one.end) for one in sure if one.matches[0].how != "typo"]
        for found in _WORD.finditer(question.text):
            if not any(start <= found.start() < end for start, end in taken):
                owner = owner or self._without_apostrophe(found[0])
        taken += [
            (one.start, one.end)
            for one in sure
            if one.matches[0].how == "typo" and not self._without_apostrophe(one.text)
        ]
        self.named = [
            known
            for one in sure
            if (one.start, one.end) in taken and (known := actors.get(one.matches[0].actor))
        ]
        self.owner = owner or next((one for one in self.named if _may_own(one)), None)
        text = question.text
        if question.period is not None and question.period.label:
            text = text.replace(question.period.label, " " * len(question.period.label))
        self.words = [
            word
            for found in _WORD.finditer(text)
            if not any(start <= found.start() < end for start, end in taken)
            for word in _typed(found[0])
            if not (owner and self._without_apostrophe(found[0]))
        ]
        verbs = (verb_of(*pair) for pair in pairwise([*self.words, ""]))
        self.verbs = [verb for verb in verbs if verb]

    def _without_apostrophe(self, typed: str) -> Actor | None:
        """Return the state of *frances*, if a word is a state's name with a final *s*."""
        if not typed.lower().endswith("s") or is_function_word(typed):
            return None
        found = self.actors.named(typed.rstrip("'’sS"))
        return next((one for one in found if one.type is ActorType.STATE), None)

    def read(self) -> OfficeQuestion | None:
        """Return the office asked about; None if a word of the question asks something else."""
        offices = [one.id for one in self.named if one.type is ActorType.OFFICE]
        role = self._role()
        left = [word for word in self.words if not self._is_consumed(word, role)]
        person = next((one.id for one in self.named if one.type is ActorType.PERSON), None)
        if left and person is None and len(left) <= 2:
            person = self._person(" ".join(left), role, offices)
            left = [] if person else left
        if left or not self._asks_who(offices or role):
            return None
        if not offices:
            offices = self._offices(role, person)
        others = [
            one for one in self.named if one.id not in (person, *offices) and one != self.owner
        ]
        if not offices or others:
            return None
        return OfficeQuestion(tuple(offices), person)

    # --- words ------------------------------------------------------------------------

    def _is_consumed(self, word: str, role: str) -> bool:
        if word in role.split() or word in _LIGHT | _HEADS | _RULES:
            return True
        verb = verb_of(word)
        if verb in _RULES or any(verb == one.partition("_")[0] for one in self._changes()):
            return True
        return not means_something(word, self.question.kind) or is_function_word(word)

    def _changes(self) -> list[str]:
        """Return the verbs for taking or leaving an office."""
        return [verb for verb in self.verbs if act_of(verb)]

    def _role(self) -> str:
        """Return the title that the question has beyond its names, or a substitute for one."""
        text = " ".join(self.words)
        for role in _BY_ROLE:
            if role in text:
                return role
        titles = {title for office in self._owned() for title in self._titles(office)}
        titles |= {"president", "prime minister", "pm", "premier"}
        found = [one for one in titles if re.search(rf"\b{re.escape(one)}\b", text)]
        return max(found, key=len, default="")

    def _asks_who(self, role: object) -> bool:
        """Return whether it asks for a holder, not for the doer of an act to one, or for a time."""
        changes = self._changes()
        acts = {act_of(verb) for verb in changes}
        succeeded = all(map(_is_succession, changes)) and bool(changes)
        ruled = any(word in _HEADS for word in self.words) or not _RULES.isdisjoint(self.verbs)
        if not (role or ruled or succeeded) or {"before", "after"} & set(self.words):
            return False
        if self.question.kind in ("when", "who") and acts:
            passive = {"was", "were", "is", "been", "got"} & set(self.words)
            return acts == {"takes"} and (bool(passive) or all(map(_is_own_act, changes)))
        return True

    # --- offices ----------------------------------------------------------------------

    def _owned(self) -> tuple[str, ...]:
        return self.actors.offices_of(self.owner.id) if self.owner else ()

    def _titles(self, office: str) -> frozenset[str]:
        post = post_of(self.actors, office)
        return post.titles if post else frozenset()

    def _offices(self, role: str, person: str | None) -> list[str]:
        if self.owner is not None:
            return list(self._of_owner(self.owner, role))
        if person is None:
            return []
        held = sorted(self.actors.held(person), key=self._until(person), reverse=True)
        fitting = [one for one in held if not role or self._fits(one, role)]
        return fitting[:1]

    def _fits(self, office: str, role: str) -> bool:
        titles = {title_of(title) for title in self._titles(office)}
        return bool(titles & {title_of(role), *_BY_ROLE.get(role, ())}) or role in titles

    def _until(self, person: str) -> Callable[[str], tuple[date, date]]:
        """Return the sort key of a person's offices: when each was last left and taken."""

        def last(office: str) -> tuple[date, date]:
            rows = [row for row in self.actors.tenures(office) if row.person == person]
            return max((row.until or date.max, row.since or date.min) for row in rows)

        return last

    def _of_owner(self, owner: Actor, role: str) -> Iterator[str]:
        """Return the offices of a state or body that a title, or a word for its leader, means."""
        owned = self._owned()
        if role and role not in _BY_ROLE:
            yield from (one for one in owned if self._fits(one, role))
        elif owner.type is ActorType.STATE:
            roles = (role,) if role else (_OF_STATE, _OF_GOVERNMENT)
            found = [self._head(owned, _BY_ROLE[one]) for one in roles]
            yield from dict.fromkeys(one for one in found if one)
        else:
            yield from self._leading(owned)

    def _head(self, owned: Sequence[str], titles: Sequence[str]) -> str | None:
        """Return the first of some titles with an office that is held, or was until lately."""
        by_title = {title_of(title): office for office in owned for title in self._titles(office)}
        offices = [by_title[title] for title in titles if title in by_title]
        return next(filter(self._is_alive, offices), next(iter(offices), None))

    def _is_alive(self, office: str) -> bool:
        rows = self.actors.tenures(office)
        return any(_days_since(row, self.today) < _RECENT for row in rows)

    def _leading(self, owned: Sequence[str]) -> Iterator[str]:
        for office in owned:
            titles = self._titles(office)
            if not any(word in _NOT_LEADING for title in titles for word in title.split()):
                yield office

    def _person(self, words: str, role: str, offices: Sequence[str]) -> str | None:
        """Return the person that the remaining words name; of several, the last office holder."""
        held: list[tuple[tuple[date, date], str]] = []
        for match in self.actors.match(words):
            if match.type is not ActorType.PERSON or match.how not in ("exact", "reordered"):
                continue
            fitting = [
                one
                for one in self.actors.held(match.actor)
                if one in offices
                or (not offices and (not role or self._fits(one, role)) and self._is_owned(one))
            ]
            last = self._until(match.actor)
            held += [(last(one), match.actor) for one in fitting]
        return max(held)[1] if held else None

    def _is_owned(self, office: str) -> bool:
        return self.owner is None or office in self._owned()


def _is_succession(verb: str) -> bool:
    """Return whether the object of a verb is the previous holder: *succeeded her*, *took over*."""
    return verb == "take_over" or means(verb, "succeed", "replace")


def _is_own_act(verb: str) -> bool:
    """Return whether the new holder is the subject of a verb, not the object of an appointment."""
    return verb == "become" or _is_succession(verb) or means(verb, "take_over", "take_office")


def _typed(word: str) -> list[str]:
    """Normalise a word: lower case, without *'s*, short titles in full."""
    low = re.sub(r"['’]s$", "", word.lower())
    return _TYPED.get(low, low).split()


def _may_own(actor: Actor) -> bool:
    return actor.type in (ActorType.STATE, ActorType.ORGANISATION, ActorType.GROUP)


def _days_since(row: Tenure, today: date) -> int:
    """Return how many days ago a person left an office; 0 for a current or future holder."""
    if row.since is not None and row.since > today:
        return _RECENT
    return max(0, (today - row.until).days) if row.until else 0


# --- the list and newer sentences ---------------------------------------------------


CHANGE_WORDS = "elected appointed sworn inaugurated named resigns ousted dies killed successor"
"""Search words for a change of holder, beside the title."""

_PASSAGES = 80
_LOOK_BACK = timedelta(days=730)
_BEFORE_LISTED = timedelta(days=30)
"""How long before the last day of the list an article may still report a change."""
_IN_OFFICE_AFTER = timedelta(days=100)
"""How soon a president-elect takes office."""
_SETTLED_AFTER = {
    "takes": timedelta(days=7),
    "holds": timedelta(days=7),
    "leaves": timedelta(days=30),
}
"""Articles that name the old holder so long after a reported change refute it."""
_LEAD = 300
_FULL = 2
"""The words of a full name."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_INITIALS = 3
"""The most letters of a first name that may be initials: *KP Oli*."""
_LONG, _LONG_ALIKE = 10, 74
_ALIKE, _NEAR = 82, 60
"""The least ``ratio`` (rapidfuzz) of two spellings of one surname, and of one first name."""


class HolderReport(NamedTuple):
    """A sentence about the holder of an office."""

    line: Line
    statement: OfficeReport
    on: date


@dataclass(frozen=True, slots=True)
class OfficeStatus:
    """The holder of an office on a day by the list, and sentences about the holder, newest first.

    ``tenure`` is the row for the day, else the last one before, which is then ``vacant``.
    ``against`` are the sentences newer than the list that contradict it; ``elected`` says that
    somebody was elected president, who may not be in office yet.
    """

    office: Actor
    tenure: Tenure | None
    vacant: bool
    known: date | None
    found: tuple[HolderReport, ...] = ()
    against: tuple[HolderReport, ...] = ()
    elected: HolderReport | None = None


def office_status(
    library: Library, office: str, period: Period | None = None
) -> OfficeStatus | None:
    """Look an office up in the list and in visible articles; None if it is no office."""
    known, post = library.actors.get(office), post_of(library.actors, office)
    if known is None or post is None:
        return None
    on = min(period.end, library.today) if period and period.end else library.today
    tenure = library.actors.tenure(office, on)
    vacant = tenure is None
    tenure = tenure or _last_before(library.actors.tenures(office), on)
    last_day = _known_to(library, known, tenure, vacant=vacant)
    found = tuple(_sentences(library, post, tenure, last_day, period))
    plain = OfficeStatus(known, tenure, vacant, last_day, found)
    if period is not None or last_day is None or last_day >= on:
        return plain
    against = tuple(_against(library, plain))
    named = any(one.statement.kind != "leaves" for one in against)
    return replace(plain, against=against, elected=None if named else _elected(library, plain))


def _last_before(rows: Sequence[Tenure], on: date) -> Tenure | None:
    ended = [row for row in rows if row.until and row.until < on]
    return max(ended, key=lambda row: row.until or date.min, default=None)


def _known_to(
    library: Library, office: Actor, tenure: Tenure | None, *, vacant: bool
) -> date | None:
    """Return the last day that the list covers."""
    if tenure is None or vacant:
        return tenure.until if tenure else office.as_of
    person = library.actors.get(tenure.person)
    days = (office.as_of, person.as_of if person else None, tenure.since)
    return max((one for one in days if one), default=None)


# --- sentences ------------------------------------------------------------------------


def _sentences(
    library: Library,
    post: Post,
    tenure: Tenure | None,
    last_day: date | None,
    period: Period | None,
) -> Iterator[HolderReport]:
    """Return reports on an office, newest first, each sentence once."""
    people = {row.person for row in library.actors.tenures(post.office)[-3:]}
    group = {post.owner, post.office, *people, *([tenure.person] if tenure else [])}
    titles = " ".join(sorted(post.titles))
    hits = library.found(titles, [group], period, limit=_PASSAGES, newest_first=True)
    changes = period or Period(start=_looked_back_to(library, tenure, last_day))
    hits += library.found(f"{titles} {CHANGE_WORDS}", [group], changes, limit=_PASSAGES)
    found: dict[tuple[str, Field_, int], HolderReport] = {}
    for hit, one in library.current(hits):
        spans: list[tuple[Field_, int, int]] = [("title", 0, len(one.revision.title))]
        spans += [("text", *span) for span in spans_in(one.revision.text, hit)]
        for field, start, end in spans:
            place = (hit.article, field, start)
            if place not in found and (new := _holder_report(library, post, one, place, end)):
                found[place] = new
    yield from sorted(found.values(), key=lambda one: (one.on, one.statement.kind), reverse=True)


def _looked_back_to(library: Library, tenure: Tenure | None, last_day: date | None) -> date:
    """Return the first day of articles that may report a change: before the list's last day, or the
    first day of the tenure if the list covers today."""
    if last_day and last_day < library.today:
        return last_day - _BEFORE_LISTED
    since = tenure.since if tenure and tenure.since else date.min
    return max(since, library.today - _LOOK_BACK) - _BEFORE_LISTED


def _holder_report(
    library: Library, post: Post, stored: Stored, place: tuple[str, Field_, int], end: int
) -> HolderReport | None:
    """Return the statement of a sentence about the office; of several, a change first."""
    published = stored.article.published
    _, field, start = place
    quote = stored.field(field)[start:end]
    statements = office_reports(quote, post, library.actors) if published else []
    if not statements or published is None:
        return None
    lead = f"{stored.revision.title}. {stored.revision.text[:_LEAD]}"
    about = [one for one in statements if one.certain or _is_listed(library, post, one.name)]
    about = about or (statements if _is_about(library, post, quote, lead) else [])
    statements = [one for one in about if _concerns(library, post, one)]
    if not statements:
        return None
    one = min(statements, key=lambda one: one.kind == "holds")
    snippet = snippet_of(stored, stored.evidence(start, end, field))
    if one.name and one.status is Status.HAPPENED:
        snippet = snippet.model_copy(update={"answer": (one.start, one.end)})
    status = None if one.status is Status.HAPPENED else one.status
    return HolderReport(Line(snippet=snippet, status=status), one, published.date())


def _is_listed(library: Library, post: Post, name: str) -> bool:
    """Return whether a full name is that of a holder in the list."""
    return len(_words(name)) >= _FULL and _is_holder(library, post.office, name)


def _is_holder(library: Library, office: str, name: str) -> bool:
    """Return whether a name may be that of any past or present holder in the list."""
    people = {row.person for row in library.actors.tenures(office)}
    return any((known := library.actors.get(one)) and is_name_of(name, known) for one in people)


def _concerns(library: Library, post: Post, one: OfficeReport) -> bool:
    """Return whether a report is about this office, not about another one beside its title."""
    if one.kind != "leaves" or not one.name:
        return True
    return _is_holder(library, post.office, one.name) or (one.certain and one.verb != "")


def _is_about(library: Library, post: Post, sentence: str, lead: str) -> bool:
    """Return whether a bare title means this office: the sentence names no other state, and names
    this one, or only this one begins the article. Regions may have presidents, too."""
    kind = _kind(post.owner)
    inside = owners(sentence, library.actors)
    named = {one for one in inside if _kind(one) == kind}
    if named or any(_kind(one) == "place" for one in inside):
        return named == {post.owner}
    return {one for one in owners(lead, library.actors) if _kind(one) == kind} == {post.owner}


def _kind(actor: str) -> str:
    return actor.partition(":")[0]


# --- what contradicts the list --------------------------------------------------------


def _against(library: Library, one: OfficeStatus) -> Iterator[HolderReport]:
    """Return the newest report of a new holder, and the newest of the holder leaving."""
    holder = library.actors.get(one.tenure.person) if one.tenure else None
    named = _newest(library, one, holder, {"takes", "holds"})
    left = None if one.vacant else _newest(library, one, holder, {"leaves"})
    reports = [report for report in (named, left) if report is not None]
    yield from sorted(reports, key=lambda report: report.statement.kind != "takes")


def _newest(
    library: Library, one: OfficeStatus, holder: Actor | None, kinds: set[str]
) -> HolderReport | None:
    found = [
        report
        for report in one.found
        if report.statement.kind in kinds
        and report.statement.status is Status.HAPPENED
        and _is_newer(one, report)
        and _contradicts(library, one, report, holder)
    ]
    if not found:
        return None
    # Of reports about the same person, one with a verb says more than a title.
    newest = set(_words(found[0].statement.name))
    changes = (report for report in found if report.statement.kind != "holds")
    return next((one for one in changes if newest & set(_words(one.statement.name))), found[0])


def _contradicts(
    library: Library, one: OfficeStatus, report: HolderReport, holder: Actor | None
) -> bool:
    """Return whether a report contradicts the list and no newer one refutes it."""
    name = report.statement.name
    names_holder = holder is not None and bool(name) and is_name_of(name, holder)
    if report.statement.kind == "leaves":
        if holder is None or (name and not names_holder) or _left_before(library, one, report):
            return False
    elif not name or names_holder or _is_dated_earlier(library, one, report):
        return False
    if _is_election(one, report) and library.today - report.on <= _IN_OFFICE_AFTER:
        return False
    later = report.on + _SETTLED_AFTER[report.statement.kind]
    return (
        holder is None
        or one.vacant
        or not any(
            newer.on > later
            and newer.statement.kind != "leaves"
            and newer.statement.status is Status.HAPPENED
            and is_name_of(newer.statement.name, holder)
            for newer in one.found
        )
    )


def _is_election(one: OfficeStatus, report: HolderReport) -> bool:
    """Return whether a report is of an election to an office that begins later."""
    return report.statement.verb in ("elect", "reelect") and "president" in one.office.name.lower()


def _elected(library: Library, one: OfficeStatus) -> HolderReport | None:
    """Return the newest report that another person was elected since the list's last day."""
    holder = library.actors.get(one.tenure.person) if one.tenure else None
    for report in one.found:
        statement = report.statement
        happened = statement.kind == "takes" and statement.status is Status.HAPPENED
        if happened and _is_newer(one, report) and _is_election(one, report):
            reelected = holder is not None and is_name_of(statement.name, holder)
            return None if reelected else report
    return None


def _is_newer(one: OfficeStatus, report: HolderReport) -> bool:
    """Return whether a report is newer than the list; for an election, whether the winner takes
    office after the list's last day."""
    if one.known is None:
        return False
    since = one.tenure.since if one.tenure and one.tenure.since else date.min
    early = one.known - _IN_OFFICE_AFTER if _is_election(one, report) else one.known
    return report.on > max(early, since)


def _left_before(library: Library, one: OfficeStatus, report: HolderReport) -> bool:
    """Return whether a person is called a former holder because of an earlier tenure."""
    if report.statement.verb or one.tenure is None:
        return False
    rows = library.actors.tenures(one.office.id)
    return any(row.person == one.tenure.person and row.until for row in rows)


def _is_dated_earlier(library: Library, one: OfficeStatus, report: HolderReport) -> bool:
    """Return whether a name beside a title may be of another time: only the article names the
    state, the sentence has an earlier year, or the list has the person as an earlier holder."""
    if report.statement.kind != "holds":
        return False
    years = [int(year) for year in _YEAR.findall(report.line.snippet.quote)]
    if not report.statement.certain or any(year < report.on.year for year in years):
        return True
    return _is_holder(library, one.office.id, report.statement.name)


def is_name_of(name: str, person: Actor) -> bool:
    """Return whether a printed name may be a person's: *K. Starmer*, *Turchin* for *Turchyn*."""
    mine = _words(name)
    return bool(mine) and any(
        _same(mine, _words(known))
        for known in (person.name, *(alias.text for alias in person.aliases))
    )


def _same(mine: Sequence[str], known: Sequence[str]) -> bool:
    if not known:
        return False
    if set(mine) <= set(known) or (len(known) > 1 and set(known) <= set(mine)):
        return True
    if len(mine) == 1:
        return any(_spelt_alike(mine[0], word) for word in known)
    if len(known) == 1:
        return _spelt_alike(mine[-1], known[0])
    if len(mine[0]) <= _INITIALS and "".join(word[0] for word in known).startswith(mine[0]):
        return mine[-1] == known[-1]
    initial = 1 in (len(mine[0]), len(known[0])) and mine[0][0] == known[0][0]
    first = initial or fuzz.ratio(mine[0], known[0]) >= _NEAR
    return first and any(_spelt_alike(mine[-1], word) for word in known[1:])


def _spelt_alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= (_LONG_ALIKE if len(one) >= _LONG else _ALIKE)


def _words(name: str) -> list[str]:
    return [word for word in normalise(name).split() if word not in FILLERS]


# --- words ----------------------------------------------------------------------------


def listed_holder(library: Library, one: OfficeStatus) -> str:
    """Return the list's statement about an office, with the last day it covers."""
    of = f"reference list{f', as of {day(one.known)}' if one.known else ''}"
    if one.tenure is None:
        return f"{one.office.name}: nobody ({of})"
    name = library.actors.name(one.tenure.person)
    if one.vacant and one.tenure.until:
        until = f"until {day(one.tenure.until)}, nobody since"
        return f"{one.office.name}: {name} {until} (reference list)"
    since = f" since {day(one.tenure.since)}" if one.tenure.since else ""
    return f"{one.office.name}: {name}{since} ({of})"


def holder_in_brief(library: Library, one: OfficeStatus) -> str:
    """Return the same, and whether a newer article contradicts it."""
    listed = listed_holder(library, one)
    return f"{listed}; a newer article says otherwise" if one.against else listed


def past_holders(library: Library, office: str, days: Iterable[Tenure]) -> Iterator[str]:
    """Return one line for each holder of an office in the list."""
    known = library.actors.get(office)
    for row in days:
        dates = [
            *([f"from {day(row.since)}"] if row.since else []),
            *([f"to {day(row.until)}"] if row.until else []),
        ]
        name = library.actors.name(row.person)
        title = known.name if known else office
        yield " ".join([f"{title}: {name}", *dates, "(reference list)"])


def contradicted_holder(library: Library, one: OfficeStatus) -> str:
    """Say that a newer article contradicts the list, or reports an election since; empty if none
    does."""
    if not (one.against or one.elected) or one.known is None:
        return ""
    election = not one.against or _is_election(one, one.against[0])
    says = "an election is reported here:" if election else "a newer article says:"
    office, known = one.office.name, day(one.known)
    if one.tenure is None:
        return f"The reference list names no {office}; {says}"
    name = library.actors.name(one.tenure.person)
    if one.vacant:
        return f"The reference list names nobody as {office} since {name} ({known}); {says}"
    return f"The reference list names {name} as {office} (as of {known}); {says}"


# --- the answer -----------------------------------------------------------------------

MOST_NAMING_HOLDER = 1
"""The most sentences shown that only name the holder."""

DAYS_BEFORE = timedelta(days=60)
"""How long before the holder took office reports of it are shown."""

NO_CHANGE = "No stored sentence reports a change."


def answer_who_holds(library: Library, question: Question, asked: OfficeQuestion) -> Answer | None:
    """Answer by the list and by articles; None if neither knows the office."""
    known = [office_status(library, office, question.period) for office in asked.offices]
    found = [one for one in known if one and (one.tenure or one.found)]
    if not found:
        return None
    against = [_line(one, each) for each in found for one in _first(each)]
    others = [_line(one, each) for each in found for one in _others(library, each)]
    lines = one_line_per_event(library, [*against, *others])[:LINES]
    notes = () if lines else (NO_CHANGE,)
    reference = _reference(library, question, asked, found)
    return list_answer(library, question, lines, notes, reference=reference)


def _line(report: HolderReport, status: OfficeStatus) -> Line:
    """Return a report's line; a name in it is no answer if its bearer leaves or has left."""
    left = report.statement.kind == "leaves" or (status.vacant and report not in status.against)
    return without_answer_mark(report.line) if left else report.line


def _first(one: OfficeStatus) -> list[HolderReport]:
    """Return the reports shown first, below the statement of the list."""
    return [*one.against, *([one.elected] if one.elected else [])]


def _others(library: Library, one: OfficeStatus) -> Iterator[HolderReport]:
    """Return other reports since the holder took office, or left it: changes and plans of the last
    ``_LOOK_BACK`` first, then the newest that names the holder."""
    rest = [report for report in one.found if report not in _first(one)]
    tenure = one.tenure
    since = (tenure.until if one.vacant else tenure.since) if tenure else None
    first = max(since - DAYS_BEFORE if since else date.min, library.today - _LOOK_BACK)
    yield from (report for report in rest if report.statement.verb and report.on >= first)
    holder = library.actors.get(one.tenure.person) if one.tenure else None
    titled = (report for report in rest if report.statement.kind == "holds")
    named = (one for one in titled if holder and is_name_of(one.statement.name, holder))
    yield from islice(named, MOST_NAMING_HOLDER)


def _reference(
    library: Library, question: Question, asked: OfficeQuestion, found: Sequence[OfficeStatus]
) -> Iterator[str]:
    if question.period is not None:
        for one in found:
            rows = _in_period(library.actors.tenures(one.office.id), question)
            yield from (
                past_holders(library, one.office.id, rows)
                if rows
                else (listed_holder(library, one),)
            )
        return
    for one in found:
        if asked.person and one.tenure and one.tenure.person != asked.person:
            every = library.actors.tenures(one.office.id)
            held = [row for row in every if row.person == asked.person]
            yield from past_holders(library, one.office.id, held)
        yield contradicted_holder(library, one) or listed_holder(library, one)


def _in_period(rows: Sequence[Tenure], question: Question) -> list[Tenure]:
    """Return the tenures of any day of the period."""
    period = question.period
    start = (period.start if period else None) or date.min
    end = (period.end if period else None) or date.max
    return [
        row for row in rows if (row.since or date.min) <= end and (row.until or date.max) >= start
    ]
